"""Contributions of members to the inputs derived from them, as columns summed by holder.

The column form of `xhht.campaign.members`: for each member the lower and upper bound of what it
adds to the members that count and to the other members, and the number of members.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add
from typing import Any

import narwhals.stable.v2 as nw
from attrs import frozen

from xhht.campaign.members import report_contribution
from xhht.campaign.order import is_requested_member, members_of
from xhht.campaign.places import SubjectPlaces
from xhht.campaign.society import AreaReport
from xhht.campaign.totals import DeclaredTotals
from xhht.criteria.document import MembersEntry, Step, Take, Unregistered
from xhht.criteria.profile import Profile
from xhht.domain.titles import Title
from xhht.frames._compile import CompiledExpressions, IntervalExpr
from xhht.frames._expr import InvalidRows, any_of, int64_literal, when
from xhht.frames._prepare import PREFIX
from xhht.rules.inputs import COUNT_MAX
from xhht.rules.plan import Plan

_OF = f"{PREFIX}of"


class MemberQuery:
    """The inputs of one profile that query members with one title, and their contributions.

    Households, clans and units may be many: their contributions stay in the engine. Areas are few;
    a contribution in an area also counts in all areas that contain it.
    """

    def __init__(
        self,
        profile: Profile,
        title: Title,
        entries: Mapping[str, MembersEntry],
        number: int,
        places: SubjectPlaces,
        totals: DeclaredTotals,
    ) -> None:
        self.profile, self.title, self.entries = profile, title, entries
        self._places, self._totals = places, totals
        self._missing = f"{PREFIX}g{number}_missing"
        self._columns = [f"{PREFIX}g{number}_{at}" for at in range(len(entries) * WIDTH)]
        self._parts: list[nw.LazyFrame[Any]] = []
        self._areas: dict[str, tuple[int, ...]] = {}
        self._of_areas = profile.title is Title.LEARNING_COMMUNITY
        self._levels = (profile.document.applies_to or {}).get("level")

    def add_rows(
        self, rows: nw.LazyFrame[Any], holder: str, evaluated: EvaluatedRows, kinds: Sequence[str]
    ) -> None:
        """Add the contributions of rows to their holders."""
        given: list[nw.Expr] = []
        for entry in self.entries.values():
            given += contribution_of(entry, evaluated, _fits(entry, kinds))
        named = dict(zip(self._columns, given, strict=True))
        part = sum_by_holder(rows.select(nw.col(holder).alias(_OF), **named), _OF, self._columns)
        if self._of_areas:
            for code, *numbers in part.select(_OF, *self._columns).collect().iter_rows():
                self._add_to_containing_areas(
                    code, tuple(numbers), itself=self.title is not self.profile.title
                )
        elif rows.implementation.is_polars():
            self._parts.append(part.collect().lazy())
        else:
            self._parts.append(part)

    def add_report(self, report: AreaReport) -> None:
        """Add the counts of an area in place of its members."""
        if self._of_areas:
            kind = {"level": report.level.value} if report.level else {}
            numbers: tuple[int, ...] = ()
            for entry in self.entries.values():
                fitting = is_requested_member(entry, kind)
                numbers += report_contribution(entry, report.counts) if fitting else (0,) * WIDTH
            self._add_to_containing_areas(report.area, numbers, itself=True)

    def _add_to_containing_areas(
        self, code: str, numbers: tuple[int, ...], *, itself: bool
    ) -> None:
        path = self._places.path(code)
        for of in path if itself else path[1:]:
            if self._levels is None or self._places.level_of_area(of) in self._levels:
                before = self._areas.get(of)
                self._areas[of] = numbers if before is None else tuple(map(add, before, numbers))

    def joined(self, rows: nw.LazyFrame[Any], id: str) -> nw.LazyFrame[Any]:
        """Return holders with the contributions of their members, null where they have none."""
        if self._of_areas:
            return rows.join(self._area_sums(), left_on=id, right_on=_OF, how="left")
        if self._parts:
            sums = merge_sums(self._parts, _OF, self._columns)
            return rows.join(sums, left_on=id, right_on=_OF, how="left")
        return rows.with_columns(**{name: nw.lit(None, nw.Int64) for name in self._columns})

    def _area_sums(self) -> nw.LazyFrame[Any]:
        """Return the contributions to each area, and the number of members missing there."""
        nothing = (0,) * len(self._columns)
        rows = [
            (code, *self._areas.get(code, nothing), self._totals.missing(self.title, code))
            for code in map(str, (area.code for area in self._places.areas))
            if self._levels is None or self._places.level_of_area(code) in self._levels
        ]
        names = (_OF, *self._columns, self._missing)
        schema = {name: nw.Int64() if name != _OF else nw.String() for name in names}
        columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
        return nw.from_dict(columns, schema, backend="polars").lazy()

    def ends(self, own: Sequence[str]) -> dict[str, IntervalExpr]:
        """Return the bounds of the inputs derived from members, after `joined`."""
        ends: dict[str, IntervalExpr] = {}
        for at, (name, entry) in enumerate(self.entries.items()):
            ends |= derived_bounds(name, entry, self._given(at), self._more(at, own))
        return ends

    def faults(self, own: Sequence[str]) -> Iterator[tuple[str, InvalidRows]]:
        """Yield the holders that declare fewer members than there are rows."""
        for at, name in enumerate(self.entries):
            fewer = (self._declared(own) < self._given(at)[WIDTH - 1]).fill_null(False)
            if name in own:
                fewer = fewer & nw.col(name).is_null()
            yield name, InvalidRows("too_many_members", fewer)

    def _given(self, at: int) -> list[nw.Expr]:
        return [nw.col(name) for name in self._columns[at * WIDTH : (at + 1) * WIDTH]]

    def _more(self, at: int, own: Sequence[str]) -> nw.Expr:
        """Return the number of members without a row, null if undeclared."""
        known = self._given(at)[WIDTH - 1].fill_null(0)
        missing = nw.col(self._missing) if self._of_areas else nw.lit(None, nw.Int64)
        return nw.coalesce(self._declared(own) - known, missing)

    def _declared(self, own: Sequence[str]) -> nw.Expr:
        name = f"members__{self.title.value}"
        return nw.col(name).cast(nw.Int64) if name in own else nw.lit(None, nw.Int64)


def member_queries(
    profiles: Iterable[Profile], places: SubjectPlaces, totals: DeclaredTotals
) -> list[MemberQuery]:
    """Return the member queries of profiles, one for each profile and title of members."""
    queries: list[MemberQuery] = []
    for profile in profiles:
        by_title: dict[Title, dict[str, MembersEntry]] = {}
        for name, entry in members_of(profile).items():
            by_title.setdefault(entry.title, {})[name] = entry
        for title, entries in by_title.items():
            queries.append(MemberQuery(profile, title, entries, len(queries), places, totals))
    return queries


def _fits(entry: MembersEntry, kinds: Sequence[str]) -> nw.Expr:
    """Return whether rows are of a kind that an input counts."""
    truth = nw.lit(True)
    for key, values in (entry.applies_to or {}).items():
        one = nw.col(key).is_in(list(values)).fill_null(False) if key in kinds else nw.lit(False)
        truth = truth & one
    return truth


WIDTH = 5


"""The number of columns of a contribution to one input."""


@frozen(eq=False)
class EvaluatedRows:
    """What is known about the rows of one profile.

    Attributes:
        plan: the plan they were evaluated by; None if they were not evaluated.
        compiled: its expressions, or None likewise.
        registered: whether each is registered; null if unknown.
        where: the bounds of the truth of each condition on members.
    """

    plan: Plan | None
    compiled: CompiledExpressions | None
    registered: nw.Expr
    where: Mapping[str, IntervalExpr]


def contribution_of(entry: MembersEntry, evaluated: EvaluatedRows, fits: nw.Expr) -> list[nw.Expr]:
    """Return the contribution of each row to an input; see
    `xhht.campaign.members.contribution_of`.
    """
    inside = IntervalExpr(nw.lit(True), nw.lit(True))
    if entry.where is not None:
        inside = evaluated.where.get(entry.where, IntervalExpr(nw.lit(False), nw.lit(True)))
    base, part = _reaches(entry, entry.over, evaluated), _reaches(entry, entry.held, evaluated)
    certain = fits & base.lower & inside.lower
    possible = fits & base.upper & inside.upper
    truths = (
        certain & part.lower,
        possible & part.upper,
        certain & ~part.upper,
        possible & ~part.lower,
        fits,
    )
    return [when(truth, int64_literal(1), int64_literal(0)) for truth in truths]


def _reaches(entry: MembersEntry, step: Step, evaluated: EvaluatedRows) -> IntervalExpr:
    """Return whether rows certainly reach a step, and whether they possibly do."""
    true, false = nw.lit(True), nw.lit(False)
    if step is Step.TOTAL:
        return IntervalExpr(true, true)
    registered = evaluated.registered
    if step is Step.REGISTERED:
        return IntervalExpr(registered.fill_null(False), registered.fill_null(True))
    if evaluated.plan is None or evaluated.compiled is None:
        ends = IntervalExpr(false, true)
    elif step is Step.ASSESSED:
        ends = IntervalExpr(true, true)
    else:
        ends = _awarded(entry.level, evaluated.plan, evaluated.compiled)
    if entry.unregistered is Unregistered.AS_JUDGED:
        return ends
    not_excluded = registered.fill_null(True)
    return IntervalExpr(not_excluded & ends.lower, not_excluded & ends.upper)


def _awarded(level: str | None, plan: Plan, compiled: CompiledExpressions) -> IntervalExpr:
    ladder = [level.id for level in plan.levels]
    enough = plan.levels if level is None else plan.levels[: ladder.index(level) + 1]
    certain, possible = (
        any_of([compiled.truth((level.award, upper)) for level in enough])
        for upper in (False, True)
    )
    return IntervalExpr(certain, possible)


def sum_by_holder(
    frame: nw.LazyFrame[Any], holder: str, columns: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Return the total contribution of the rows of each holder; rows without one are ignored."""
    members = frame.filter(~nw.col(holder).is_null())
    return members.group_by(holder).agg(*(nw.col(name).sum() for name in columns))


def merge_sums(
    parts: Iterable[nw.LazyFrame[Any]], holder: str, columns: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Return the sums over several frames of sums."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else sum_by_holder(nw.concat(listed), holder, columns)


def derived_bounds(
    name: str, entry: MembersEntry, given: Sequence[nw.Expr], more: nw.Expr
) -> dict[str, IntervalExpr]:
    """Return the bounds of the inputs derived from members, null where no members are known.

    Args:
        name: the input.
        entry: its definition.
        given: the total contribution of its members, null if none has a record.
        more: the number of members without a row; null if undeclared: there are none then.
    """
    is_known = (given[4].fill_null(0) > 0) | ~more.is_null()
    more = more.fill_null(0)
    holding, others = given[0].fill_null(0), given[2].fill_null(0)
    max_holding, max_others = given[1].fill_null(0) + more, given[3].fill_null(0) + more
    match entry.take:
        case Take.COUNT:
            return {name: _known(is_known, holding, _capped(max_holding))}
        case Take.SHARE:
            return {
                f"{name}.held": _known(is_known, holding, _capped(max_holding)),
                f"{name}.others": _known(is_known, others, _capped(max_others)),
            }
        case Take.ANY:
            return {name: _known(is_known, holding > 0, max_holding > 0)}
        case Take.ALL:
            return {name: _known(is_known, max_others == 0, others == 0)}


def _known(is_known: nw.Expr, lower: nw.Expr, upper: nw.Expr) -> IntervalExpr:
    return IntervalExpr(*(nw.when(is_known).then(end) for end in (lower, upper)))


def _capped(count: nw.Expr) -> nw.Expr:
    return nw.min_horizontal(count, int64_literal(COUNT_MAX))
