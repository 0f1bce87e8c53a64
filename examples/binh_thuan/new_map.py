"""The results of 2023 on the map of 1 July 2025, where the province is 45 units of Lâm Đồng.

Villages are followed by their code, also over the one split; what is listed at a commune goes where
all of its people went. Which of the villages of Xã Phong Phú is thôn Nha Mé is part of the plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from attrs import evolve, frozen
from generate import NHA_ME

from xhht import Concordance, carry
from xhht.domain import Area, AreaCode, AreaLevel, AreaTree, Title
from xhht.rollup import AreaRollup, Tally, rollup
from xhht.rollup.carry import Carried
from xhht.tables import read_areas, read_changes
from xhht.tables.csv import open_csv

__all__ = ["TODAY", "Moved", "NewMap", "put_on_map", "read_official"]

TODAY = date(2025, 7, 1)
HERE = Path(__file__).resolve().parent
_PHAN_RI_CUA, _TUY_PHONG = AreaCode("22972"), AreaCode("22978")


@frozen(kw_only=True)
class Moved:
    """What became of the counts of one title.

    Attributes:
        title: the title.
        reported: what came in.
        placed: what stands on the new map.
        unplaced: what no unit of it can be told to hold.
    """

    title: Title
    reported: Tally
    placed: Tally
    unplaced: Tally

    @property
    def conserved(self) -> bool:
        """Whether nothing was lost, and nothing counted twice."""
        return self.placed + self.unplaced == self.reported


@frozen(kw_only=True)
class NewMap:
    """The results on the new map.

    Attributes:
        rows: the 45 units, each with every title.
        carried: how the results came onto the map, with those unplaced.
        moved: the sums before and after, by title.
        nha_me: what moved with thôn Nha Mé, and the area it moved to.
    """

    rows: tuple[AreaRollup, ...]
    carried: Carried
    moved: tuple[Moved, ...]
    nha_me: tuple[Tally, Area]

    @property
    def kinds(self) -> Counter[str]:
        """How many units there are of each kind, by the first word of their names."""
        return Counter(area.name.split(" ")[0] for area in {row.area for row in self.rows})


def put_on_map(
    reports: Mapping[tuple[str, Title], Tally], villages: Iterable[Area], day: date
) -> NewMap:
    """Return reports of a day on the map of 1 July 2025.

    Args:
        reports: subjects by code and title, each as near to a village as is known.
        villages: the villages, in their communes of 2023.
        day: the day of the reports.
    """
    official = read_official()
    through_time = _through_time(villages, official)
    concordance = Concordance(official.changes, AreaTree([*official.tree, *through_time]))
    carried = carry(
        reports,
        concordance,
        from_day=day,
        to_day=TODAY,
        level=AreaLevel.COMMUNE,
        subjects=True,
    )
    tree = concordance.tree.on(TODAY)
    added = rollup(carried.tallies, tree, by=AreaLevel.COMMUNE, titles=tuple(Title), subjects=True)
    moved_to = tree.up(NHA_ME, AreaLevel.COMMUNE)
    assert moved_to is not None
    return NewMap(
        rows=added.rows,
        carried=carried,
        moved=tuple(_moved(title, reports, carried) for title in Title),
        nha_me=(reports[NHA_ME, Title.LEARNING_HOUSEHOLD], moved_to),
    )


def read_official() -> Concordance:
    """Return the official areas since 2023, and what became of them."""
    with open_csv(HERE / "areas-over-time.csv") as table:
        areas = read_areas(table.columns, table)
    with open_csv(HERE / "changes.csv") as table:
        changes = read_changes(table.columns, table)
    return changes.concordance(areas)


def _through_time(villages: Iterable[Area], official: Concordance) -> Iterator[Area]:
    """Yield each village once for every time between two changes of the map."""
    first = min(area.valid_from for area in official.tree)
    starts = [first, *sorted({change.effective for change in official.changes})]
    for village in villages:
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            areas = official.targets(village.parent or "", first, start).areas
            parent = areas[0].code if len(areas) == 1 else _part_of_phong_phu(village)
            yield evolve(village, parent=parent, valid_from=start, valid_to=end)


def _part_of_phong_phu(village: Area) -> AreaCode:
    return _PHAN_RI_CUA if village.code == NHA_ME else _TUY_PHONG


def _moved(title: Title, reports: Mapping[tuple[str, Title], Tally], carried: Carried) -> Moved:
    return Moved(
        title=title,
        reported=_whole(title, reports.items()),
        placed=_whole(title, carried.tallies.items()),
        unplaced=Tally.sum(one.tally for one in carried.unplaced if one.title is title),
    )


def _whole(title: Title, reports: Iterable[tuple[tuple[str, object], Tally]]) -> Tally:
    return Tally.sum(tally for (_, one), tally in reports if one is title)
