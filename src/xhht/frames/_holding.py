"""Queries of profiles on members, and the contributions of members to each holder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add
from typing import Any

import narwhals.stable.v2 as nw

from xhht.campaign.members import report_contribution
from xhht.campaign.order import is_requested_member, members_of
from xhht.campaign.places import SubjectPlaces
from xhht.campaign.society import AreaReport
from xhht.campaign.totals import DeclaredTotals
from xhht.criteria.document import MembersEntry
from xhht.criteria.profile import Profile
from xhht.domain.titles import Title
from xhht.frames._columns import InvalidRows
from xhht.frames._compile import IntervalExpr
from xhht.frames._members import (
    WIDTH,
    EvaluatedRows,
    contribution_of,
    derived_bounds,
    merge_sums,
    sum_by_holder,
)
from xhht.frames._staged import PREFIX

__all__ = ["MemberQuery", "member_queries"]

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
