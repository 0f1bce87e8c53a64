"""What subjects come to, counted by title and area, and the counts that areas send themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from attrs import frozen

from xhht.campaign.places import Places
from xhht.campaign.society import AreaReport, Key, Record
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.evaluation.result import Verdict
from xhht.rollup.counts import Count, Counts
from xhht.rollup.tally import Points, Tally, TallySum
from xhht.text import Text

__all__ = ["NOT_JUDGED", "Group", "Standing", "Tallies", "accepted_reports"]

Group: TypeAlias = tuple[Title, AreaLevel | None]
"""Subjects that are counted together: a title, and for communities their level."""


@frozen
class Standing:
    """What one subject comes to: the outcomes still open, best first, and its points."""

    levels: tuple[str | None, ...]
    points: Points | None


NOT_JUDGED = Standing((), None)
"""A subject of whom no more is known than that it is there."""

_Entry: TypeAlias = tuple[bool | None, Standing, str | None]


class Tallies:
    """Counts of subjects that follow every change of a subject."""

    def __init__(self, places: Places, totals: Mapping[tuple[str, Title], int]) -> None:
        self._places = places
        self._totals = totals
        self._cells: dict[Group, dict[str, Counter[_Entry]]] = {}
        self._at: dict[Key, tuple[Group, str, _Entry]] = {}
        self._reports: dict[Group, dict[str, Counts]] = {}
        for (code, title), number in totals.items():
            if code not in places.areas or title is Title.LEARNING_COMMUNITY or number < 0:
                raise CampaignError(_BAD_TOTAL)

    def standing(self, key: Key) -> Standing | None:
        """Return what a subject comes to, None where it is not counted."""
        found = self._at.get(key)
        return found[2][1] if found else None

    def replace(self, key: Key, record: Record, standing: Standing) -> None:
        """Count a subject as what it comes to now."""
        area = self._places.area_of(record)
        assert area is not None  # a subject that is nowhere is refused before
        decided = None
        if record.decision is not None and record.decision.title is key[0]:
            decided = record.decision.level or ""
        group = key[0], self._places.level_of(record)
        found = (group, area, (record.registered, standing, decided))
        if self._at.get(key) == found:
            return
        self.remove(key)
        self._at[key] = found
        self._cells.setdefault(group, {}).setdefault(area, Counter())[found[2]] += 1

    def remove(self, key: Key) -> None:
        """Count a subject no more, if it was counted."""
        found = self._at.pop(key, None)
        if found is not None:
            group, area, entry = found
            cell = self._cells[group][area]
            cell[entry] -= 1
            if not cell[entry]:
                del cell[entry]

    def add_report(self, report: AreaReport) -> None:
        """Count what an area sends."""
        self._reports.setdefault((report.title, report.level), {})[report.area] = report.counts

    def is_reported(self, key: Key, record: Record, area: str) -> bool:
        """Return whether the area of a subject is covered by counts that were sent."""
        reported = self._reports.get((key[0], self._places.level_of(record)))
        return reported is not None and any(code in reported for code in self._places.path(area))

    def groups(self) -> tuple[Group, ...]:
        """Return what is counted apart, in the order of titles and levels."""
        found = {
            *self._reports,
            *(group for group, cells in self._cells.items() if any(cells.values())),
        }
        found |= {(title, None) for _, title in self._totals}
        titles, levels = list(Title), [None, *AreaLevel]
        return tuple(sorted(found, key=lambda g: (titles.index(g[0]), levels.index(g[1]))))

    def tallies(self, group: Group, *, decided: bool = False) -> dict[tuple[str, Title], Tally]:
        """Return what each area counts of a group: its own subjects, or the counts it sends."""
        title = group[0]
        found: dict[tuple[str, Title], TallySum] = {}
        for code, cell in self._cells.get(group, {}).items():
            whole = found.setdefault((code, title), TallySum())
            for entry, number in cell.items():
                whole.add(_tally(entry, decided=decided), number)
        for code, counts in self._reports.get(group, {}).items():
            found.setdefault((code, title), TallySum()).add(Tally.of(counts))
        for code, missing in self._without_record(group):
            found.setdefault((code, title), TallySum()).add(Tally.of(Counts(total=missing)))
        return {key: whole.tally() for key, whole in found.items()}

    def _without_record(self, group: Group) -> Iterator[tuple[str, int]]:
        """Yield how many subjects areas say they have beyond those with a record or in a report."""
        known = {code: cell.total() for code, cell in self._cells.get(group, {}).items()}
        for code, counts in self._reports.get(group, {}).items():
            known[code] = known.get(code, 0) + counts.bounds(Count.TOTAL).low
        for (code, title), total in self._totals.items():
            if (title, None) == group:
                inside = sum(n for area, n in known.items() if code in self._places.path(area))
                if total > inside:
                    yield code, total - inside


def _tally(entry: _Entry, *, decided: bool) -> Tally:
    registered, standing, decision = entry
    told = None if registered is None else int(registered)
    if decided:
        held = int(decision is not None)
        counts = Counts(
            total=1, registered=told if not held else 1, recognised=held, undetermined=0
        )
        return Tally.of(counts, levels={decision: 1} if decision else None)
    levels = standing.levels
    return Tally.of_subject(
        _verdict(levels),
        level=levels[0] if len(levels) == 1 else None,
        points=standing.points,
        registered=registered,
    )


def _verdict(levels: tuple[str | None, ...]) -> Verdict | None:
    """Return what the outcomes still open come to, None where there are none."""
    if not levels:
        return None
    if None not in levels:
        return Verdict.RECOGNISED
    return Verdict.NOT_RECOGNISED if levels == (None,) else Verdict.UNDETERMINED


def accepted_reports(
    reports: Iterable[AreaReport], places: Places
) -> Iterator[tuple[AreaReport, tuple[str, Text] | None]]:
    """Yield each report with why it cannot be used, None where it can.

    Where an area and an area in it both send counts, those of the inner one are used.
    """
    listed = list(reports)
    inner: Counter[tuple[Group, str]] = Counter()
    seen: set[tuple[Group, str]] = set()
    for report in listed:
        if report.area in places.areas:
            for code in places.path(report.area)[1:]:
                inner[(report.title, report.level), code] += 1
    for report in listed:
        place = ((report.title, report.level), report.area)
        fault = _report_fault(report, places, inner[place], place in seen)
        seen.add(place)
        yield report, fault


def _report_fault(
    report: AreaReport,
    places: Places,
    inner: int,
    repeated: bool,
) -> tuple[str, Text] | None:
    if report.area not in places.areas:
        return "unknown_area", _NO_AREA
    if (report.title is Title.LEARNING_COMMUNITY) != (report.level is not None):
        return "level", _LEVEL
    fault = next(iter(report.counts.faults()), None)
    if fault is not None:
        return fault.code, fault.text
    if repeated:
        return "duplicate", _TWICE
    return ("reported_below", _BELOW) if inner else None


_BAD_TOTAL = Text(
    vi="Tổng số phải từ 0 trở lên, của khu vực có trong cây, và không phải của cộng đồng "
    "(các cấp cộng đồng phải báo cáo riêng).",
    en="A total is 0 or more, of an area of the tree, and not of communities "
    "(their levels report apart).",
)
_NO_AREA = Text(
    vi="Khu vực này không có trong cây khu vực; hãy kiểm tra mã.",
    en="The area is not in the tree of areas; check the code.",
)
_LEVEL = Text(
    vi="Báo cáo về cộng đồng phải nêu cấp của cộng đồng, và chỉ báo cáo đó mới nêu.",
    en="A report of communities must name their level, and no other report may.",
)
_TWICE = Text(
    vi="Khu vực gửi hai báo cáo cho một danh hiệu; báo cáo đứng trước được dùng.",
    en="The area sends two reports for one title; the first one is used.",
)
_BELOW = Text(
    vi="Khu vực bên trong cũng gửi số tổng hợp; số của khu vực bên trong được dùng.",
    en="An area within it sends counts too; those of the inner area are used.",
)
