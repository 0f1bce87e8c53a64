"""Contributions of members to the inputs derived from them, as columns summed by holder.

The column form of `xhht.campaign.members`: both read the rules of `xhht.campaign.contributions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import add
from typing import Any, assert_never

import narwhals.stable.v2 as nw
from attrs import frozen

from xhht.campaign.contributions import (
    DERIVED,
    KNOWN,
    UNKNOWN_MEMBER,
    WIDTH,
    ContributionRule,
    MemberFact,
    MemberQuery,
    MemberTruth,
    NumberRule,
    derived_ends,
    member_queries,
    rule_of,
)
from xhht.campaign.places import SubjectPlaces
from xhht.campaign.records import AreaReport
from xhht.campaign.totals import DeclaredTotals
from xhht.criteria.document import MembersEntry
from xhht.criteria.profile import Profile
from xhht.domain.titles import Title
from xhht.frames._compile import CompiledExpressions, IntervalExpr
from xhht.frames._engine import from_memory, reused
from xhht.frames._expr import InvalidRows, all_of, any_of, int64_literal, when
from xhht.frames._prepare import PREFIX
from xhht.rules.inputs import COUNT_MAX
from xhht.rules.plan import Plan

_OF = f"{PREFIX}of"


class MemberColumns:
    """The contributions to the inputs of one query, as columns.

    Households, clans and units may be many: their contributions stay in the engine. Areas are few;
    a contribution in an area also counts in all areas that contain it.
    """

    def __init__(
        self, query: MemberQuery, number: int, places: SubjectPlaces, totals: DeclaredTotals
    ) -> None:
        self.query = query
        self._places, self._totals = places, totals
        self._missing = f"{PREFIX}g{number}_missing"
        self._columns = [
            f"{PREFIX}g{number}_{index}" for index in range(len(query.entries) * WIDTH)
        ]
        self._parts: list[nw.LazyFrame[Any]] = []
        self._areas: dict[str, tuple[int, ...]] = {}

    def add_rows(
        self, rows: nw.LazyFrame[Any], holder: str, evaluated: EvaluatedRows, kinds: Sequence[str]
    ) -> None:
        """Add the contributions of rows to their holders."""
        given: list[nw.Expr] = []
        for entry in self.query.entries.values():
            ends = evaluated.ends_for(entry)
            given += contribution_of(rule_of(entry), ends, _fits(entry, kinds))
        named = dict(zip(self._columns, given, strict=True))
        part = sum_by_holder(rows.select(nw.col(holder).alias(_OF), **named), _OF, self._columns)
        if self.query.is_of_areas:
            for code, *numbers in part.select(_OF, *self._columns).collect().iter_rows():
                self._add_to_areas(self.query.holding_areas(code, self._places), tuple(numbers))
        else:
            self._parts.append(reused(part))

    def add_report(self, report: AreaReport) -> None:
        """Add the counts of an area in place of its members."""
        if self.query.is_of_areas:
            areas = self.query.holding_areas(report.area, self._places, reported=True)
            self._add_to_areas(areas, self.query.report_row(report))

    def _add_to_areas(self, areas: Iterable[str], numbers: tuple[int, ...]) -> None:
        for of in areas:
            before = self._areas.get(of)
            self._areas[of] = numbers if before is None else tuple(map(add, before, numbers))

    def joined(self, rows: nw.LazyFrame[Any], id: str) -> nw.LazyFrame[Any]:
        """Return holders with the contributions of their members, null where they have none."""
        if self.query.is_of_areas:
            return rows.join(self._area_sums(), left_on=id, right_on=_OF, how="left")
        if self._parts:
            sums = merge_sums(self._parts, _OF, self._columns)
            return rows.join(sums, left_on=id, right_on=_OF, how="left")
        return rows.with_columns(**{name: nw.lit(None, nw.Int64) for name in self._columns})

    def _area_sums(self) -> nw.LazyFrame[Any]:
        """Return the contributions to each area, and the number of members missing there."""
        nothing, levels = (0,) * len(self._columns), self.query.levels
        rows = [
            (code, *self._areas.get(code, nothing), self._totals.missing(self.query.title, code))
            for code in map(str, (area.code for area in self._places.areas))
            if levels is None or self._places.level_of_area(code) in levels
        ]
        names = (_OF, *self._columns, self._missing)
        schema = {name: nw.Int64() if name != _OF else nw.String() for name in names}
        return from_memory(rows, schema)

    def ends(self, own: Sequence[str]) -> dict[str, IntervalExpr]:
        """Return the bounds of the inputs derived from members, after `joined`."""
        ends: dict[str, IntervalExpr] = {}
        for index, (name, entry) in enumerate(self.query.entries.items()):
            ends |= derived_bounds(name, entry, self._given(index), self._more(index, own))
        return ends

    def issues(self, own: Sequence[str]) -> Iterator[tuple[str, InvalidRows]]:
        """Yield the holders that declare fewer members than there are rows."""
        for index, name in enumerate(self.query.entries):
            fewer = (self._declared(own) < self._given(index)[KNOWN]).fill_null(False)
            if name in own:
                fewer = fewer & nw.col(name).is_null()
            yield name, InvalidRows("too_many_members", fewer)

    def _given(self, index: int) -> list[nw.Expr]:
        return [nw.col(name) for name in self._columns[index * WIDTH : (index + 1) * WIDTH]]

    def _more(self, index: int, own: Sequence[str]) -> nw.Expr:
        """Return the number of members without a row, null if undeclared."""
        known = self._given(index)[KNOWN].fill_null(0)
        missing = nw.col(self._missing) if self.query.is_of_areas else nw.lit(None, nw.Int64)
        return nw.coalesce(self._declared(own) - known, missing)

    def _declared(self, own: Sequence[str]) -> nw.Expr:
        name = f"members__{self.query.title.value}"
        return nw.col(name).cast(nw.Int64) if name in own else nw.lit(None, nw.Int64)


def member_columns(
    profiles: Iterable[tuple[Profile, Title]], places: SubjectPlaces, totals: DeclaredTotals
) -> list[MemberColumns]:
    """Return the columns for the member queries of profiles and the subjects they evaluate."""
    queries = (query for profile, title in profiles for query in member_queries(profile, title))
    return [MemberColumns(query, index, places, totals) for index, query in enumerate(queries)]


def _fits(entry: MembersEntry, kinds: Sequence[str]) -> nw.Expr:
    """Return whether rows are of a kind that an input counts."""
    truth = nw.lit(True)
    for key, values in (entry.applies_to or {}).items():
        one = nw.col(key).is_in(list(values)).fill_null(False) if key in kinds else nw.lit(False)
        truth = truth & one
    return truth


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

    def ends_for(self, entry: MembersEntry) -> Callable[[MemberFact], IntervalExpr]:
        """Return a function for whether a fact about rows is certain, and whether possible."""

        def ends(fact: MemberFact) -> IntervalExpr:
            match fact:
                case MemberFact.REGISTERED:
                    registered = self.registered
                    return IntervalExpr(registered.fill_null(False), registered.fill_null(True))
                case MemberFact.EVALUATED:
                    return IntervalExpr(nw.lit(self.plan is not None), nw.lit(True))
                case MemberFact.AWARDED:
                    return self._awarded(entry.level)
                case MemberFact.CONDITION:
                    return self.where.get(entry.where or "", _open())
                case _:
                    assert_never(fact)

        return ends

    def _awarded(self, level: str | None) -> IntervalExpr:
        if self.plan is None or self.compiled is None:
            return _open()
        levels = self.plan.levels
        ladder = [one.id for one in levels]
        enough = levels if level is None else levels[: ladder.index(level) + 1]
        certain, possible = (
            any_of([self.compiled.truth((one.award, upper)) for one in enough])
            for upper in (False, True)
        )
        return IntervalExpr(certain, possible)


def _open() -> IntervalExpr:
    return IntervalExpr(nw.lit(False), nw.lit(True))


def contribution_of(
    rule: ContributionRule, ends: Callable[[MemberFact], IntervalExpr], fits: nw.Expr
) -> list[nw.Expr]:
    """Return the contribution of each row by a rule.

    Args:
        rule: the rule.
        ends: whether a fact about rows is certain, and whether it is possible.
        fits: whether rows are of a kind that the input counts.
    """

    def holds(truths: tuple[MemberTruth, ...]) -> nw.Expr:
        intervals = [(ends(fact), possible) for fact, possible in truths]
        return all_of([one.upper if possible else one.lower for one, possible in intervals])

    def adds(number: NumberRule) -> nw.Expr:
        truth = fits & holds(number.when)
        return truth if number.unless is None else truth & ~holds(number.unless)

    return [when(adds(number), int64_literal(1), int64_literal(0)) for number in rule]


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
    is_known = (given[KNOWN].fill_null(0) > 0) | ~more.is_null()
    more = more.fill_null(0)
    total = [
        number.fill_null(0) + more if unknown else number.fill_null(0)
        for number, unknown in zip(given, UNKNOWN_MEMBER, strict=True)
    ]
    bounds: dict[str, IntervalExpr] = {}
    for fact in DERIVED[entry.take]:
        lower, upper = derived_ends(fact, total)
        if fact.compare is None:
            upper = nw.min_horizontal(upper, int64_literal(COUNT_MAX))
        low, high = (nw.when(is_known).then(end) for end in (lower, upper))
        bounds[f"{name}{fact.suffix}"] = IntervalExpr(low, high)
    return bounds
