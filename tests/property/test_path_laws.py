"""What settles a verdict, and the cheapest way up, equal a search through every way there is.

The searches of the library look at boxes and states; the ones here try all values of all facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from math import prod
from random import Random
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from xhht import (
    Evaluation,
    FactsError,
    Profile,
    Severity,
    Verdict,
    check_profile,
    evaluate,
    loads_profile,
)
from xhht.evaluation.path import PathState, PerPoint
from xhht.testing._random_profiles import completions, domain_of, profiles, text_of

AS_OF = date(2025, 1, 1)
AMPLE = 1_000_000

laws = settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)


def load(data: dict[str, Any]) -> Profile:
    text = text_of(data)
    diagnostics = check_profile(text.encode(), "x")
    assume(not any(f.severity is Severity.ERROR for f in diagnostics))
    return loads_profile(text)


def judge(profile: Profile, facts: dict[str, Any]) -> Evaluation:
    return evaluate(profile, facts, as_of=AS_OF)


def subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1):
        yield from combinations(names, size)


def minimal(sets: Iterable[tuple[str, ...]]) -> set[frozenset[str]]:
    """Return the sets that hold no smaller one; smaller ones come first."""
    smallest: list[frozenset[str]] = []
    for names in map(frozenset, sets):
        if not any(smaller <= names for smaller in smallest):
            smallest.append(names)
    return set(smallest)


def verdicts_by(
    names: tuple[str, ...], judged: list[tuple[dict[str, Any], Verdict]]
) -> dict[tuple[Any, ...], set[Verdict]]:
    """Return the verdicts that are still possible, by the values of some facts."""
    verdicts: dict[tuple[Any, ...], set[Verdict]] = {}
    for filled, verdict in judged:
        verdicts.setdefault(tuple(filled[name] for name in names), set()).add(verdict)
    return verdicts


def is_settled(verdicts: set[Verdict]) -> bool:
    return len(verdicts) == 1 and Verdict.UNDETERMINED not in verdicts


def some_facts(data: dict[str, Any], random: Random, gaps: int) -> dict[str, Any]:
    """Return facts of which up to so many are missing; drawn fast, as most are of no use."""
    facts = {name: random.choice(domain_of(entry)) for name, entry in data["inputs"].items()}
    facts["learners"] = min(facts["learners"], facts["people"])
    facts["readers"] = min(facts["readers"], facts["learners"])
    for name in random.sample(sorted(facts), random.randint(0, gaps)):
        del facts[name]
    return facts


def open_facts(profile: Profile, data: dict[str, Any], random: Random) -> dict[str, Any]:
    """Return facts by which the verdict is undetermined, with few enough completions to try."""
    for _ in range(40):
        facts = some_facts(data, random, gaps=4)
        missing = [name for name in data["inputs"] if name not in facts]
        ways = prod(len(domain_of(data["inputs"][name])) for name in missing)
        if ways <= 250 and judge(profile, facts).verdict is Verdict.UNDETERMINED:
            return facts
    assume(False)
    raise AssertionError


@laws
@given(profiles(), st.integers(0, 2**32).map(Random))
def test_the_smallest_sets_that_settle_a_verdict_are_those_of_brute_force(
    profile_data: dict[str, Any], random: Random
) -> None:
    profile = load(profile_data)
    facts = open_facts(profile, profile_data, random)
    missing = [name for name in profile_data["inputs"] if name not in facts]
    result = judge(profile, facts)
    filled = completions(profile_data, facts, missing)
    judged = [(completion, judge(profile, completion).verdict) for completion in filled]
    settling = result.settling_sets(most=AMPLE)
    assert settling.enough is not None
    assert settling.could is not None

    enough = (s for s in subsets(missing) if all(map(is_settled, verdicts_by(s, judged).values())))
    assert {frozenset(names) for names in settling.enough} == minimal(enough)
    assert [len(names) for names in settling.enough] == sorted(map(len, settling.enough))

    could = (s for s in subsets(missing) if any(map(is_settled, verdicts_by(s, judged).values())))
    assert {frozenset(one.inputs) for one in settling.could} == minimal(could)
    for one in settling.could:
        by_values = verdicts_by(one.inputs, judged)
        settled = {next(iter(v)) for v in by_values.values() if is_settled(v)}
        assert set(one.examples) == settled
        for verdict, values in one.examples.items():
            known_facts = {**facts, **values}
            same = [v for completion, v in judged if is_like(profile, completion, known_facts)]
            assert set(same) == {verdict}


def is_like(profile: Profile, filled: dict[str, Any], known_facts: dict[str, Any]) -> bool:
    """Return whether complete facts agree with those that are told, which are single values."""
    complete, part = judge(profile, filled), judge(profile, known_facts)
    return all(
        high == part.input_highs[at]
        for at, high in enumerate(complete.input_highs)
        if complete.plan.inputs[at].name in known_facts
    )


def reaches(result: Evaluation, level: str) -> bool:
    wanted = [entry.id for entry in result.plan.levels]
    wanted = wanted[: wanted.index(level) + 1]
    return set(result.levels_possible) <= set(wanted)


def own_points(result: Evaluation) -> dict[str, int]:
    """Return the certain points of each indicator by itself, in steps of the grid."""
    return {node.id: result.lows[node.own_points] for node in result.plan.nodes if node.is_leaf}


def price_of(
    profile: Profile, before: Evaluation, after: Evaluation, changed: set[str], costs: Any
) -> tuple[Fraction, int]:
    """Return what changed facts and raised indicators cost, and the points that are gained."""
    paid = {
        before.plan.inputs[index].name
        for node in before.plan.nodes
        if node.is_leaf and node.id in costs
        for index in node.inputs
    }
    total = sum((Fraction(costs.get(n, 0 if n in paid else 1)) for n in changed), Fraction(0))
    first, last = own_points(before), own_points(after)
    for node_id in first:
        gained, price = last[node_id] - first[node_id], costs.get(node_id, 0)
        if gained > 0:
            by_point = isinstance(price, PerPoint)
            total += price.cost * profile.points(gained) if by_point else Fraction(price)
    return total, sum(max(0, last[n] - first[n]) for n in first)


def some_costs(before: Evaluation, free: list[str], random: Random) -> dict[str, Any]:
    leaves = [node.id for node in before.plan.nodes if node.is_leaf]
    return {
        name: random.choice([0, 2, "0.5", PerPoint(random.choice(["1", "0.5"]))])
        if name in leaves
        else random.choice([0, 1, 3, "2.5"])
        for name in random.sample([*leaves, *free], random.randint(0, 3))
    }


def brute_force(
    data: dict[str, Any],
    before: Evaluation,
    facts: dict[str, Any],
    free: list[str],
    level: str,
    costs: dict[str, Any],
) -> list[tuple[Fraction, int]]:
    """Return cost and gain of every way to set some facts, or leave them, that reaches a level."""
    prices: list[tuple[Fraction, int]] = []
    for values in product(*([None, *domain_of(data["inputs"][name])] for name in free)):
        new_facts = {n: v for n, v in zip(free, values, strict=True) if v is not None}
        new_facts = {n: v for n, v in new_facts.items() if n not in facts or facts[n] != v}
        try:
            after = judge(before.profile, {**facts, **new_facts})
        except FactsError:
            continue
        if reaches(after, level):
            prices.append(price_of(before.profile, before, after, {*new_facts}, costs))
    return prices


@laws
@given(profiles(), st.integers(0, 2**32).map(Random))
def test_the_cheapest_way_up_is_that_of_brute_force(
    profile_data: dict[str, Any], random: Random
) -> None:
    profile = load(profile_data)
    for _ in range(8):
        facts = some_facts(profile_data, random, gaps=3)
        before, level = judge(profile, facts), random.choice("ab")
        free = random.sample(sorted(profile_data["inputs"]), random.randint(2, 5))
        costs = some_costs(before, free, random)
        ways = prod(len(domain_of(profile_data["inputs"][name])) + 1 for name in free)
        if ways > 500 or reaches(before, level):
            continue
        prices = brute_force(profile_data, before, facts, free, level, costs)
        if prices:
            break
    else:
        assume(ways <= 500 and not reaches(before, level))
    fixed = set(profile_data["inputs"]) - set(free)
    path = before.path_to(level, costs, fixed=fixed, most=AMPLE)
    if not prices:
        assert path.state is PathState.UNREACHABLE
        return
    assert path.state is PathState.FOUND
    assert path.facts is not None
    after = judge(profile, dict(path.facts))
    assert reaches(after, level)
    changed = {change.input for change in path.changes}
    assert changed <= set(free)
    price = price_of(profile, before, after, changed, costs)
    assert (path.cost, price) == (price[0], min(prices))
