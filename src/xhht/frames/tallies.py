"""Aggregates the evaluated rows of a frame: one tally for each area and title.

The engine groups the rows; only one row for each area and result leaves it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import evolve, field, frozen

from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.errors import FrameError
from xhht.evaluation.state import Verdict
from xhht.frames._engine import check_free_names, mark_duplicates, prepare_frame
from xhht.frames._expr import InvalidRows, any_of, text_or_null, truth_or_null
from xhht.frames._prepare import PREFIX, rejected_rows
from xhht.rollup.display import rollup_html
from xhht.rollup.tally import Points, Tally, TallySum
from xhht.rollup.tree import AreaRollup
from xhht.rollup.tree import rollup as rollup_tallies
from xhht.text import Text

__all__ = ["RolledUp", "Tallied", "TallyKey", "rolled_up", "rollup", "tallies"]

TallyKey: TypeAlias = tuple[str, Title]
"""An area's code and a title."""
_Result: TypeAlias = tuple[bool | None, str | None, str | None]
_Range: TypeAlias = tuple[int, int]
_AREA, _TITLE = f"{PREFIX}area", f"{PREFIX}title"
_RESULT = ("registered", "verdict", "level")
_POINTS = ("points_certain", "points_possible")
_TEXTS = (nw.String, nw.Unknown, nw.Categorical, nw.Enum)


@frozen(kw_only=True, eq=False)
class Tallied:
    """The totals of the rows of a frame; every row is counted or rejected.

    Attributes:
        tallies: by area and title, as `xhht.rollup.rollup` takes them with `subjects=True`.
        rejected: the rows that cannot be counted, with the added columns `column` and `reason`, as
            a frame of the same kind as the input.
    """

    tallies: Mapping[TallyKey, Tally]
    rejected: Any = field(repr=False)

    def updated(self, *, removed: Tallied | None = None, added: Tallied | None = None) -> Tallied:
        """Return these tallies after some rows were removed and others added.

        Tallies can be added and subtracted, so the cost depends only on the changed rows. The
        rejected rows are those of `added`.

        Args:
            removed: the changed rows before the change.
            added: the changed rows after the change.

        Raises:
            RollupError: more is removed than was counted.
        """
        sums = {key: TallySum.of(tally) for key, tally in self.tallies.items()}
        for change, times in ((removed, -1), (added, 1)):
            for key, tally in (change.tallies if change else {}).items():
                sums.setdefault(key, TallySum()).add(tally, times)
        changed = {key: total.tally().validate() for key, total in sums.items()}
        return evolve(
            self,
            tallies={key: tally for key, tally in changed.items() if tally},
            rejected=added.rejected if added else self.rejected,
        )


def tallies(
    frame: Any,
    *,
    title: Title | str,
    area: str = "area",
    areas: AreaTree | None = None,
    profile: Profile | None = None,
    prefix: str = "",
    id: str | None = None,
) -> Tallied:
    """Return the tallies of the evaluated rows of a frame.

    Args:
        frame: the result of `evaluate` with the area code of each subject; `verdict` is required,
            `level`, `points_certain`, `points_possible` and `registered` are optional. A null
            verdict means a subject without a known result.
        title: the title that the rows were evaluated for.
        area: the column of the area's code, as text.
        areas: the valid areas; if omitted, every code is accepted.
        profile: the profile they were evaluated by; with it the points are counted as well.
        prefix: the prefix of the names of the result columns.
        id: the column of subject ids; all rows with a duplicate id are rejected.

    Raises:
        FrameError: not a frame, or a column is missing or has a wrong type.

    >>> import polars as pl
    >>> from xhht.rollup import Count
    >>> rows = pl.DataFrame({"area": ["00004", "00004"], "verdict": ["recognised", "undetermined"]})
    >>> tally = tallies(rows, title="learning_unit").tallies["00004", Title.LEARNING_UNIT]
    >>> tally.known(Count.TOTAL), tally.known(Count.RECOGNISED), tally.known(Count.UNDETERMINED)
    (2, 1, 1)
    """
    named = {name: f"{prefix}{name}" for name in (*_RESULT[1:], *_POINTS)}
    opened = prepare_frame(
        frame, (area, "registered", *named.values(), *((id,) if id else ())), PREFIX
    )
    check_free_names(opened, ("column", "reason"))
    schema = opened.schema
    columns = _columns(schema, named, area, with_points=profile is not None)
    issues = list(_invalid_rows(schema, columns, area, areas))
    rows = opened.frame
    if id is not None:
        if id not in schema:
            raise FrameError(_MISSING.format(name=id))
        repeated = f"{PREFIX}repeated"
        rows = mark_duplicates(rows, id, repeated)
        issues.append((id, InvalidRows("duplicate_id", nw.col(repeated))))
    bad = any_of([issue.rows for _, issue in issues])
    counted = (
        rows.filter(~bad)
        .select(nw.col(area).alias(_AREA), **columns)
        .group_by(_AREA, *columns)
        .agg(nw.len().alias(f"{PREFIX}number"))
        .collect()
    )
    tallied = _added(counted.iter_rows(), tuple(columns), profile)
    key = Title(title)
    rejected = rejected_rows(rows, opened.own, issues, "column", "reason")
    return Tallied(
        tallies={(code, key): tally for code, tally in tallied},
        rejected=opened.restore_kind(rejected),
    )


def _columns(
    schema: Mapping[str, nw.dtypes.DType], named: Mapping[str, str], area: str, *, with_points: bool
) -> dict[str, nw.Expr]:
    """Return the columns that rows are grouped by; raises FrameError for a missing one."""
    for name in (area, named["verdict"]):
        if name not in schema:
            raise FrameError(_MISSING.format(name=name))
    if schema[area] not in (nw.String, nw.Unknown):
        raise FrameError(_NOT_TEXT.format(name=area))
    for name in _RESULT[1:]:
        if named[name] in schema and schema[named[name]] not in _TEXTS:
            raise FrameError(_NOT_WORDS.format(name=named[name]))
    for name in _POINTS if with_points else ():
        if named[name] in schema and not schema[named[name]].is_integer():
            raise FrameError(_NOT_STEPS.format(name=named[name]))
    wanted = ["verdict", "level", *(_POINTS if with_points else ())]
    columns = {name: nw.col(named[name]) for name in wanted if named[name] in schema}
    for name in ("verdict", "level"):
        if name in columns:
            columns[name] = text_or_null(named[name], schema)
    registered = truth_or_null("registered", schema)
    if registered is None:
        raise FrameError(_NOT_TRUTH)
    return {**columns, "registered": registered}


def _invalid_rows(
    schema: Mapping[str, nw.dtypes.DType],
    columns: Mapping[str, nw.Expr],
    area: str,
    areas: AreaTree | None,
) -> Iterator[tuple[str, InvalidRows]]:
    yield area, InvalidRows("missing", nw.col(area).is_null())
    if areas is not None:
        codes = [str(tree_area.code) for tree_area in areas]
        yield area, InvalidRows("unknown_area", (~nw.col(area).is_in(codes)).fill_null(False))
    verdict = columns["verdict"]
    unknown = (~verdict.is_in([value.value for value in Verdict])).fill_null(False)
    yield "verdict", InvalidRows("unknown_verdict", unknown)
    if "level" in columns:
        recognised = (verdict == Verdict.RECOGNISED.value).fill_null(False)
        alone = ~columns["level"].is_null() & ~recognised
        yield "level", InvalidRows("level_without_recognition", alone)
    if "points_certain" in columns and "points_possible" in columns:
        crossed = columns["points_certain"] > columns["points_possible"]
        yield "points_certain", InvalidRows("points_range", crossed.fill_null(False))


def _added(
    groups: Iterable[tuple[Any, ...]], names: tuple[str, ...], profile: Profile | None
) -> Iterator[tuple[str, Tally]]:
    """Yield each area with the sum of its groups."""
    column_index = {name: place for place, name in enumerate(names, 1)}
    results: dict[str, Counter[_Result]] = {}
    ranges: dict[str, Counter[_Range]] = {}
    for group in groups:
        code, number = group[0], group[-1]
        registered, verdict, level = (
            group[column_index[n]] if n in column_index else None for n in _RESULT
        )
        results.setdefault(code, Counter())[registered, verdict, level] += number
        if profile is not None and verdict is not None and registered is not False:
            certain, possible = (
                group[column_index[n]] if n in column_index else None for n in _POINTS
            )
            if certain is not None and possible is not None:
                ranges.setdefault(code, Counter())[certain, possible] += number
    points: dict[_Range, Points] = {}
    for code, counted in results.items():
        total = TallySum()
        for (registered, verdict, level), number in counted.items():
            total.add(Tally.of_subject(verdict, level=level, registered=registered), number)
        tally = total.tally()
        if profile is not None and code in ranges:
            of_area = {}
            for steps, number in ranges[code].items():
                point_range = points.get(steps)
                if point_range is None:
                    certain, possible = map(profile.points, steps)
                    point_range = points[steps] = Points(profile.hash, certain, possible)
                of_area[point_range] = number
            tally = evolve(tally, points=of_area)
        yield code, tally


_MISSING = Text(
    vi="Bảng thiếu cột '{name}'; hãy thêm cột hoặc nêu đúng tên cột.",
    en="Column '{name}' is missing; add it or pass the correct name.",
)
_NOT_TEXT = Text(
    vi="Cột '{name}' phải là văn bản, vì mã khu vực có thể bắt đầu bằng số 0.",
    en="Column '{name}' must be text, because area codes may start with zeros.",
)
_NOT_WORDS = Text(
    vi="Cột '{name}' phải là văn bản, như kết quả của xhht.frames.evaluate.",
    en="Column '{name}' must be text, as returned by xhht.frames.evaluate.",
)
_NOT_STEPS = Text(
    vi="Cột '{name}' phải là số nguyên (số bước trên lưới điểm), như kết quả của "
    "xhht.frames.evaluate.",
    en="Column '{name}' must hold integers (steps of the points grid), as returned by "
    "xhht.frames.evaluate.",
)
_NOT_TRUTH = Text(
    vi="Cột 'registered' phải là đúng/sai (Boolean); để trống nếu chưa biết.",
    en="Column 'registered' must be Boolean; leave it null where unknown.",
)


@frozen(kw_only=True, eq=False)
class RolledUp:
    """The areas of one level, and the rows that are in none of them.

    Attributes:
        by: the level.
        rows: every area of the level, with tally, coverage and rates.
        tallied: the tallies of the areas that rows belong to, which can be updated by later
            changes, and the rows that could not be counted.
        not_shown: codes of areas with rows that are in no area of the level.
    """

    by: AreaLevel
    rows: tuple[AreaRollup, ...]
    tallied: Tallied = field(repr=False)
    not_shown: tuple[str, ...]

    def _repr_html_(self) -> str:
        return rollup_html(self.by, self.rows)

    @property
    def rejected(self) -> Any:
        """The rows that could not be counted, with `column` and `reason`."""
        return self.tallied.rejected


def rollup(
    frame: Any,
    areas: AreaTree,
    *,
    by: AreaLevel | str,
    title: Title | str,
    area: str = "area",
    profile: Profile | None = None,
    prefix: str = "",
    id: str | None = None,
) -> RolledUp:
    """Return the evaluated rows of a frame added up to the areas of one level.

    The result is the one that `xhht.rollup.rollup` gives for the same subjects.

    Args:
        frame: as for `tallies`.
        areas: the areas; rows of any other area are rejected.
        by: the level to add up to.
        title: the title that the rows were evaluated for.
        area: the column of the area's code.
        profile: the profile they were evaluated by; it makes medians of points available.
        prefix: the prefix of the names of the result columns.
        id: the column of subject ids; all rows with a duplicate id are rejected.

    Raises:
        FrameError: as for `tallies`.
        RollupError: no area has the level `by`.
    """
    tallied = tallies(
        frame, title=title, area=area, areas=areas, profile=profile, prefix=prefix, id=id
    )
    return rolled_up(tallied, areas, by=AreaLevel(by), title=Title(title))


def rolled_up(tallied: Tallied, areas: AreaTree, *, by: AreaLevel, title: Title) -> RolledUp:
    """Return tallies added up to the areas of one level; see `rollup`."""
    result = rollup_tallies(tallied.tallies, areas, by=by, titles=[title], subjects=True)
    return RolledUp(
        by=by,
        rows=result.rows,
        tallied=tallied,
        not_shown=tuple(code for code, _ in result.not_shown),
    )
