"""The rules for contributions of members: both interpreters agree, with the worlds still possible.

All combinations are tried, so nothing is drawn at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import TypeAlias

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from xhht.campaign.contributions import (
    DERIVED,
    UNKNOWN_MEMBER,
    MemberFact,
    rule_of,
)
from xhht.campaign.members import (
    MemberOutcome,
    contribution_of,
    fact_of_contribution,
    member_ends,
)
from xhht.criteria.document import Expression, MembersEntry, Step, Take, Unregistered
from xhht.domain.titles import Title
from xhht.evaluation.facts import Between, MemberShare
from xhht.frames import _members as columns
from xhht.frames._compile import IntervalExpr

TRUTHS = (True, False, None)
LADDER = ("gold", "silver")
OUTCOMES: tuple[tuple[str | None, ...], ...] = (
    (),
    ("gold",),
    ("silver",),
    (None,),
    ("gold", "silver"),
    ("silver", None),
    ("gold", "silver", None),
)
Member: TypeAlias = tuple[bool | None, tuple[str | None, ...], bool | None]
"""Whether it is registered, its possible levels, and whether it meets the condition."""

MEMBERS: list[Member] = list(product(TRUTHS, OUTCOMES, TRUTHS))
STEPS = list(Step)
ENTRIES = [
    MembersEntry(
        title=Title.LEARNING_CITIZEN,
        take=Take.SHARE,
        over=over,
        held=to,
        level=level,
        where=Expression("age >= 18") if where else None,
        unregistered=unregistered,
    )
    for over, to, level, where, unregistered in product(
        STEPS, STEPS, (None, *LADDER), (False, True), Unregistered
    )
    if STEPS.index(over) < STEPS.index(to) and (level is None or to is Step.RECOGNISED)
]


def by_row(entry: MembersEntry, member: Member) -> tuple[int, ...]:
    registered, levels, where = member
    outcome = MemberOutcome(levels, LADDER)
    ends = partial(
        member_ends, level=entry.level, outcome=outcome, registered=registered, where=where
    )
    return contribution_of(rule_of(entry), ends)


@pytest.mark.parametrize("entry", ENTRIES, ids=repr)
def test_a_contribution_bounds_every_possible_world(entry: MembersEntry) -> None:
    for member in MEMBERS:
        worlds = [adds(entry, member, *world) for world in possible_worlds(entry, member)]
        counted, others = zip(*worlds, strict=True)
        ends = (min(counted), max(counted), min(others), max(others), 1)
        assert by_row(entry, member) == ends, member


def possible_worlds(entry: MembersEntry, member: Member) -> Iterator[tuple[bool, bool, bool, bool]]:
    """Yield what may be true: registered, evaluated, awarded the level, meeting the condition."""
    registered, levels, where = member
    enough = LADDER if entry.level is None else LADDER[: LADDER.index(entry.level) + 1]
    results = {(True, level in enough) for level in levels}
    if not levels:
        results = {(True, True), (True, False), (False, False)}
    for is_registered, (evaluated, awarded), meets in product(
        (True, False) if registered is None else (registered,),
        results,
        (True, False) if where is None else (where,),
    ):
        yield is_registered, evaluated, awarded, meets


def adds(
    entry: MembersEntry,
    member: Member,
    is_registered: bool,
    evaluated: bool,
    awarded: bool,
    meets: bool,
) -> tuple[int, int]:
    """Return what a member adds in one world to the counted members and to the others."""
    is_excluded = member[0] is False and entry.unregistered is Unregistered.NOT_HELD
    reached = {
        Step.TOTAL: True,
        Step.REGISTERED: is_registered,
        Step.ASSESSED: evaluated and not is_excluded,
        Step.RECOGNISED: awarded and not is_excluded,
    }
    is_in_base = reached[entry.over] and (entry.where is None or meets)
    return int(is_in_base and reached[entry.held]), int(is_in_base and not reached[entry.held])


@pytest.mark.parametrize("entry", ENTRIES, ids=repr)
def test_columns_add_what_rows_add(entry: MembersEntry) -> None:
    facts: dict[str, list[bool]] = {}
    for fact, at in product(MemberFact, (0, 1)):
        facts[f"{fact.name}{at}"] = [
            member_ends(
                fact,
                level=entry.level,
                outcome=MemberOutcome(levels, LADDER),
                registered=registered,
                where=where,
            )[at]
            for registered, levels, where in MEMBERS
        ]
    given = columns.contribution_of(
        rule_of(entry),
        lambda fact: IntervalExpr(nw.col(f"{fact.name}0"), nw.col(f"{fact.name}1")),
        nw.lit(True),
    )
    named = {str(at): expression for at, expression in enumerate(given)}
    frame = nw.from_native(pl.DataFrame(facts)).select(**named)
    assert list(frame.iter_rows()) == [by_row(entry, member) for member in MEMBERS]


@pytest.mark.parametrize("take", Take)
def test_columns_derive_what_rows_derive(take: Take) -> None:
    sums = [
        (counted, counted + open_counted, others, others + open_others, known)
        for counted, open_counted, others, open_others, known in product(range(3), repeat=5)
    ]
    entry = MembersEntry(title=Title.LEARNING_CITIZEN, take=take)
    for more in (0, 2):
        ends = columns.derived_bounds(
            "part", entry, [nw.col(str(at)) for at in range(5)], nw.lit(more, nw.Int64)
        )
        named = {
            f"{name} {at}": end
            for name, interval in ends.items()
            for at, end in enumerate((interval.lower, interval.upper))
        }
        frame = nw.from_native(
            pl.DataFrame(sums, schema=[str(at) for at in range(5)], orient="row")
        ).select(**named)
        assert set(ends) == {f"part{fact.suffix}" for fact in DERIVED[take]}
        rows = list(frame.iter_rows())
        for row, total in zip(rows, sums, strict=True):
            given = [
                one + more * unknown for one, unknown in zip(total, UNKNOWN_MEMBER, strict=True)
            ]
            assert row == bounds_of(fact_of_contribution(take, given))


def bounds_of(fact: object) -> tuple[object, ...]:
    match fact:
        case MemberShare():
            return *bounds_of(fact.held), *bounds_of(fact.others)
        case Between():
            return fact.lower, fact.upper
        case None:
            return False, True
        case _:
            return fact, fact
