"""What settles a verdict, and the cheapest way up, equal a search through every way there is.

The searches of the library look at boxes and states; the ones here try all values of all facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from profile_strategies import (
    completions,
    facts_with_gaps,
    profiles,
    text_of,
)

from xhht import Evaluation, Profile, Severity, Verdict, check_profile, evaluate, loads_profile

AS_OF = date(2025, 1, 1)
AMPLE = 1_000_000

laws = settings(
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)


def load(data: dict[str, Any]) -> Profile:
    text = text_of(data)
    found = check_profile(text.encode(), "x")
    assume(not any(f.severity is Severity.ERROR for f in found))
    return loads_profile(text)


def judge(profile: Profile, facts: dict[str, Any]) -> Evaluation:
    return evaluate(profile, facts, as_of=AS_OF)


def subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1):
        yield from combinations(names, size)


def minimal(sets: Iterable[tuple[str, ...]]) -> set[frozenset[str]]:
    """Return the sets that hold no smaller one; smaller ones come first."""
    found: list[frozenset[str]] = []
    for each in map(frozenset, sets):
        if not any(smaller <= each for smaller in found):
            found.append(each)
    return set(found)


def verdicts_by(
    names: tuple[str, ...], judged: list[tuple[dict[str, Any], Verdict]]
) -> dict[tuple[Any, ...], set[Verdict]]:
    """Return the verdicts that are still possible, by the values of some facts."""
    found: dict[tuple[Any, ...], set[Verdict]] = {}
    for filled, verdict in judged:
        found.setdefault(tuple(filled[name] for name in names), set()).add(verdict)
    return found


def is_settled(verdicts: set[Verdict]) -> bool:
    return len(verdicts) == 1 and Verdict.UNDETERMINED not in verdicts


@laws
@given(st.data(), profiles())
def test_the_smallest_sets_that_settle_a_verdict_are_those_of_brute_force(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    profile = load(profile_data)
    facts, missing = data.draw(facts_with_gaps(profile_data, most=4))
    missing = sorted(set(missing))
    result = judge(profile, facts)
    assume(result.verdict is Verdict.UNDETERMINED)
    filled = completions(profile_data, facts, missing)
    assume(len(filled) <= 600)
    judged = [(each, judge(profile, each).verdict) for each in filled]
    found = result.settling_sets(most=AMPLE)
    assert found.enough is not None
    assert found.could is not None

    enough = (s for s in subsets(missing) if all(map(is_settled, verdicts_by(s, judged).values())))
    assert {frozenset(names) for names in found.enough} == minimal(enough)
    assert [len(names) for names in found.enough] == sorted(map(len, found.enough))

    could = (s for s in subsets(missing) if any(map(is_settled, verdicts_by(s, judged).values())))
    assert {frozenset(one.inputs) for one in found.could} == minimal(could)
    for one in found.could:
        by_values = verdicts_by(one.inputs, judged)
        settled = {next(iter(v)) for v in by_values.values() if is_settled(v)}
        assert set(one.examples) == settled
        for verdict, values in one.examples.items():
            told = {**facts, **values}
            same = [v for each, v in judged if is_like(profile, each, told)]
            assert set(same) == {verdict}


def is_like(profile: Profile, filled: dict[str, Any], told: dict[str, Any]) -> bool:
    """Return whether complete facts agree with what is told, as the library reads them."""
    complete, part = judge(profile, filled), judge(profile, told)
    return all(
        low == part.input_lows[at] and high == part.input_highs[at]
        for at, (low, high) in enumerate(
            zip(complete.input_lows, complete.input_highs, strict=True)
        )
        if complete.plan.inputs[at].name in told
    )
