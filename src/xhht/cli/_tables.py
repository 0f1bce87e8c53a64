"""Options, inputs and JSON output shared by the commands on areas and counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

import click

from xhht.cli._common import STDIN, fail, open_table, print_text, with_progress
from xhht.domain.areas import Area, AreaLevel
from xhht.domain.titles import Title
from xhht.issues import RowFault
from xhht.reporting.rollups import faults_report
from xhht.rollup.counts import Count
from xhht.rollup.rates import Rate
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup, Coverage
from xhht.tables.areas import AREAS, AreaTable, read_areas
from xhht.text import Lang, Text

P = ParamSpec("P")
R = TypeVar("R")


def day_option(
    flag: str, name: str, *, text: str, required: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Add an option that takes a date, as `name: date | None`."""
    return click.option(
        flag,
        name,
        metavar="DATE",
        required=required,
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_parse_day,
        help=text,
    )


def _parse_day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> Any:
    return None if value is None else value.date()


def level_option(
    flag: str, name: str, *, text: str, required: bool = False, default: AreaLevel | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Add an option that takes an area level, as `name: AreaLevel | None`."""
    return click.option(
        flag,
        name,
        required=required,
        default=default.value if default else None,
        show_default=default is not None,
        type=click.Choice([level.value for level in AreaLevel]),
        callback=lambda _context, _parameter, value: AreaLevel(value) if value else None,
        help=text,
    )


def require_single_stdin(lang: Lang, *paths: str | None) -> None:
    """Fail if several inputs are standard input."""
    if paths.count(STDIN) > 1:
        fail(_SINGLE_STDIN, lang)


def load_areas(path: str, lang: Lang, *, on: date | None = None) -> AreaTable:
    """Return the areas of a table on the day `on`; required if the table covers several."""
    with open_table(path, AREAS, lang) as table:
        return read_areas(table.columns, with_progress(table, lang)).of_one_day(on)


def print_with_issues(text: str, issues: Sequence[RowFault], lang: Lang) -> None:
    """Print a report, followed by the row issues if any."""
    print_text(f"{text}\n\n{faults_report(issues, lang)}" if issues else text)


def area_json(area: Area) -> dict[str, Any]:
    """Return an area for JSON."""
    return {"area": area.code, "name": area.name, "level": area.level.value}


def tally_json(area: Area, title: Title, tally: Tally) -> dict[str, Any]:
    """Return an area's counts of one title for JSON."""
    counts = tally.counts()
    return {
        **area_json(area),
        "title": title.value,
        **{count.value: counts.get(count) for count in Count},
    }


def coverage_json(coverage: Coverage) -> dict[str, int]:
    """Return how many leaf areas are covered, for JSON."""
    return {"reported": coverage.reported, "expected": coverage.expected}


def rollup_json(row: AreaRollup) -> dict[str, Any]:
    """Return the aggregate of an area for one title, for JSON."""
    return {
        **tally_json(row.area, row.title, row.tally),
        "coverage": coverage_json(row.coverage),
        "rates": {denominator.value: _rate_json(rate) for denominator, rate in row.rates.items()},
        "recognised_by_level": dict(sorted(row.tally.levels.items())),
    }


def _rate_json(rate: Rate) -> dict[str, Any]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "percent": rate.percent,
        "percent_min": rate.percent_min,
        "percent_max": rate.percent_max,
    }


def issue_json(issue: RowFault, lang: Lang) -> dict[str, Any]:
    """Return a row issue for JSON."""
    return {
        "row": issue.row,
        "code": str(issue.code),
        "field": issue.field,
        "message": issue.text.get(lang),
        "file": issue.file.value,
    }


_SINGLE_STDIN = Text(
    vi="Chỉ một tệp được đọc từ đầu vào chuẩn (-).",
    en="Only one file can be read from standard input (-).",
)
