"""What a run comes to: counts by area, districts that take part, and how targets stand."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from xhht import Programme, Target, bundled_programmes
from xhht.campaign import Run
from xhht.criteria.target_document import AreasEntry, ShareBase
from xhht.domain import AreaLevel, Title
from xhht.reporting.report import Report
from xhht.rollup import AreaRollup, Tally, measure_areas
from xhht.rollup.targets import TargetResults

__all__ = ["attained", "counted", "districts_with_citizens", "report_of", "targets_until"]

NATIONAL = ("vn.programme.qd387-2022", "vn.programme.qd677-2022", "vn.programme.qd1373-2021")


def counted(run: Run) -> dict[tuple[str, Title], Tally]:
    """Return what was counted, by village where that is known and else by commune."""
    tallies: dict[tuple[str, Title], Tally] = {}
    for title, community in run.groups():
        villages = run.rollup(title, by=AreaLevel.VILLAGE, level=community)
        communes = run.rollup(title, by=AreaLevel.COMMUNE, level=community)
        above = {code for code, _ in villages.not_shown}
        rows = [*villages.rows, *(row for row in communes.rows if row.area.code in above)]
        tallies.update({(row.area.code, title): row.tally for row in rows if row.tally})
    return tallies


def districts_with_citizens(rows: Iterable[AreaRollup]) -> dict[ShareBase, int]:
    """Return in how many districts somebody registered as a learning citizen, and was assessed."""
    districts = list(rows)
    return {
        count: measure_areas(
            AreasEntry(level=AreaLevel.DISTRICT, title=Title.LEARNING_CITIZEN, count=count),
            districts,
        ).numerator.lower
        for count in (ShareBase.REGISTERED, ShareBase.ASSESSED)
    }


def targets_until(year: int) -> list[tuple[Programme, tuple[Target, ...]]]:
    """Return the targets of Decisions 387, 677 and 1373 that are due at the end of a year."""
    programmes = {programme.id: programme for programme in bundled_programmes()}
    return [
        (programme, tuple(t for t in programme.targets if t.deadline.year == year))
        for programme in map(programmes.__getitem__, NATIONAL)
    ]


def attained(run: Run, year: int) -> list[tuple[Programme, TargetResults]]:
    """Return how the targets of a year stand in the province."""
    return [
        (programme, run.attainment(targets, by=AreaLevel.PROVINCE, level=AreaLevel.VILLAGE))
        for programme, targets in targets_until(year)
    ]


def report_of(run: Run, year: int) -> Report:
    """Return the report of the province, held against the targets of a year."""
    programmes = [evolve(programme, targets=due) for programme, due in targets_until(year)]
    return Report.of_run(run, programmes=programmes, communities=AreaLevel.VILLAGE)
