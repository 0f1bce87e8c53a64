"""What circulars cover: agencies and communes of 2023, and the communes a year later.

The criteria are the bundled ones, resolved by day and kind of subject; the facts are invented. Each
is a campaign of its own, because the published counts of units are of those that communes run, and
those of communities are of villages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import partial
from random import Random

import facts
from attrs import frozen
from new_map import read_official

from xhht import Concordance, Evaluation, Profile, bundled_profiles, carry
from xhht.campaign import AreaReport, Campaign, Record, Run, Society
from xhht.domain import AreaCode, AreaLevel, AreaTree, Community, ManagedBy, Title, Unit, UnitKind
from xhht.rollup import Counts

__all__ = ["YEAR_LATER", "Covered", "in_2023", "year_later"]

YEAR_LATER = date(2024, 12, 31)
_AGENCIES = {AreaLevel.DISTRICT: 8, AreaLevel.PROVINCE: 20}
"""How many agencies are made for each district, and for the province."""


@frozen
class Covered:
    """Subjects that circulars cover.

    Attributes:
        run: their campaign.
        results: the result of each subject that was not refused, by its id.
    """

    run: Run
    results: Mapping[str, Evaluation]

    @classmethod
    def by(cls, campaign: Campaign, society: Society) -> Covered:
        """Return the results of a society; its records are read twice."""
        run = campaign.run(society)
        refused = {(one.title, one.id) for one in run.rejected}
        keys = [record.key for record in society.records if record.key not in refused]
        return cls(run, {subject: run.evaluation(title, subject) for title, subject in keys})

    def classes(self) -> dict[Profile, Counter[str | None]]:
        """Return how many subjects reached each level of each profile; None is no level.

        The standards on which a profile rests come before it.

        Raises:
            ValueError: a result is open.
        """
        counted: dict[Profile, Counter[str | None]] = {}
        for result in self.results.values():
            for one in (*result.standards.values(), result):
                (level,) = one.levels_possible
                counted.setdefault(one.profile, Counter())[level] += 1
        return counted


def in_2023(areas: AreaTree, *, seed: int) -> Covered:
    """Return the agencies and communes of 2023, by the circulars in force at its end.

    Args:
        areas: the areas of 2023.
        seed: from which the facts are drawn.
    """
    campaign = Campaign(2023, bundled_profiles(), areas)
    resolve = partial(campaign.profiles.resolve, as_of=campaign.as_of)
    of_agencies = resolve(
        Title.LEARNING_UNIT, applies_to={"managed_by": "district", "kind": "agency"}
    )
    of_communes = resolve(Title.LEARNING_COMMUNITY, applies_to={"level": "commune"})
    draw = Random(f"{seed}:{campaign.as_of}").random
    agencies = [
        Record(subject=agency, facts=facts.panel(draw, of_agencies), registered=True)
        for agency in _agencies(areas)
    ]
    communes = [
        Record(
            subject=Community(commune.code, AreaLevel.COMMUNE),
            facts=facts.panel(draw, of_communes),
            registered=True,
        )
        for commune in areas.at_level(AreaLevel.COMMUNE)
    ]
    return Covered.by(campaign, Society(records=[*agencies, *communes]))


def _agencies(areas: AreaTree) -> Iterator[Unit]:
    for level, number in _AGENCIES.items():
        for area in areas.at_level(level):
            within = areas.descendants(area.code)
            seat = next(one for one in within if one.level is AreaLevel.COMMUNE)
            for at in range(1, number + 1):
                yield Unit(
                    id=f"a{area.code}-{at}",
                    name=f"Cơ quan {at}, {area.name} (giả định)",
                    kind=UnitKind.AGENCY,
                    managed_by=ManagedBy(level.value),
                    commune=seat.code,
                )


def year_later(run: Run, disadvantaged: Collection[str], *, seed: int) -> Covered:
    """Return the communes at the end of 2024; their learning citizens are those of 2023.

    Args:
        run: the campaign of 2023, whose counts of citizens are carried to the areas of 2024.
        disadvantaged: the codes of the communes in a disadvantaged area.
        seed: from which the facts are drawn.
    """
    official = read_official()
    citizens = _citizens(run, official)
    draw = Random(f"{seed}:{YEAR_LATER}").random
    records = [
        Record(
            subject=Community(AreaCode(area), AreaLevel.COMMUNE),
            facts=facts.commune(draw, counts.total or 0, disadvantaged=area in disadvantaged),
            registered=True,
        )
        for area, counts in citizens.items()
    ]
    reports = [
        AreaReport(area=area, title=Title.LEARNING_CITIZEN, counts=counts)
        for area, counts in citizens.items()
    ]
    campaign = Campaign(YEAR_LATER.year, bundled_profiles(), official.tree)
    return Covered.by(campaign, Society(records=records, reports=reports))


def _citizens(run: Run, official: Concordance) -> dict[str, Counts]:
    """Return the counts of citizens in the communes a year later; none of these was divided."""
    rows = run.rollup(Title.LEARNING_CITIZEN, by=AreaLevel.COMMUNE).rows
    carried = carry(
        {(row.area.code, row.title): row.tally for row in rows},
        official,
        from_day=run.as_of,
        to_day=YEAR_LATER,
        level=AreaLevel.COMMUNE,
    )
    assert not carried.unplaced
    return {area: tally.counts() for (area, _), tally in carried.tallies.items()}
