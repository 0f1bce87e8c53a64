"""What is proven of a profile is what looking at every single subject shows.

The profiles are so small that all their subjects can be evaluated: two yes-or-no inputs, two counts
of which one bounds the other, and a panel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from attrs import evolve, frozen
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from xhht import Evaluation, Profile, ProfileError, evaluate, loads_profile
from xhht.proving import Finding, prove
from xhht.rules.expressions import TruthConstant
from xhht.rules.lowering import lower
from xhht.rules.model import Branch, Leaf, Requirement, TreeNode
from xhht.rules.scoring import Bands, MetWhen
from xhht.testing._random_profiles import Data, text_of

LABEL = {"vi": "nhãn", "en": "label"}
DOMAINS: dict[str, list[Any]] = {
    "a": [False, True],
    "b": [False, True],
    "n": [0, 1, 2, 3],
    "m": [0, 1, 2, 3],
    "p": [0, 2, 4],
}
INPUTS: Data = {
    "a": {"type": "bool", "label": LABEL},
    "b": {"type": "bool", "label": LABEL},
    "n": {"type": "count", "max": 3, "label": LABEL},
    "m": {"type": "count", "max": 3, "at_most": "n", "label": LABEL},
    "p": {"type": "assessed", "max": 4, "step": 2, "label": LABEL},
}
SUBJECTS = [
    dict(zip(DOMAINS, values, strict=True))
    for values in product(*DOMAINS.values())
    if values[3] <= values[2]
]
_numbers = st.integers(0, 4)
conditions = st.one_of(
    st.sampled_from(["a", "b", "not a", "a and b", "a or not b", "true", "n > m", "m + n >= 4"]),
    st.builds("n >= {}".format, _numbers),
    st.builds("m < {}".format, _numbers),
    st.builds("a and n >= {}".format, _numbers),
    st.builds("share(m, n) >= {}0%".format, st.sampled_from([0, 3, 5, 10])),
    st.just("share(n, m) >= 50%"),
    st.just("b and unknown"),
)


@st.composite
def leaves(draw: st.DrawFn, node_id: str) -> Data:
    points = draw(st.sampled_from([1, 2, 4]))
    rounding = {"step": 1, "mode": draw(st.sampled_from(["half_up", "half_even", "up", "down"]))}
    bands = [
        {"when": draw(conditions), "points": draw(st.sampled_from([points, 1]))} for _ in range(2)
    ]
    scoring = draw(
        st.sampled_from(
            [
                {"points": points, "met_when": draw(conditions)},
                {"points": points, "met_when": draw(conditions)},
                {"points": -1, "met_when": draw(conditions)},
                {"points": points, "bands": bands},
                {"points": 4, "assessed": "p"},
                {"points": points, "per_item": {"count": "n", "each": 1}},
                {"points": 4, "proportional": {"share": "share(m, n)", "rounding": rounding}},
            ]
        )
    )
    leaf = {"id": node_id, **scoring}
    if draw(st.integers(0, 3)) == 0:
        leaf |= {"applies_when": draw(conditions)}
        leaf |= {"na_policy": draw(st.sampled_from(["full", "zero"]))}
    leaf["requirement"] = draw(st.sampled_from(["scored"] * 4 + ["must", "advisory"]))
    if leaf["points"] > 1 and leaf["requirement"] != "advisory" and draw(st.booleans()):
        leaf["floor"] = draw(st.sampled_from([1, leaf["points"]]))
    return leaf


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    branches = []
    for name in ("1", "2")[: draw(st.integers(1, 2))]:
        indicators = [draw(leaves(f"{name}.{at}")) for at in range(1, draw(st.integers(1, 2)) + 1)]
        assume(any(leaf["requirement"] != "advisory" for leaf in indicators))
        combine = draw(st.sampled_from(["sum", "sum", "best_of", "all_or_nothing"]))
        branch: Data = {"id": name, "combine": combine, "indicators": indicators}
        branch |= {"cap": 3} if draw(st.integers(0, 3)) == 0 else {}
        branches.append(branch)
    marks = sorted(draw(st.lists(st.integers(0, 8), min_size=2, max_size=2)), reverse=True)
    extra = draw(st.sampled_from(["", "", " and a", ' and met("1")']))
    levels = [
        {"id": name, "name": LABEL, "when": f"points >= {mark}{more}"}
        for name, mark, more in zip("xy", marks, ("", extra), strict=True)
    ]
    data = {
        "format": 1,
        "id": "test.small",
        "version": "1.0.0",
        "status": "active",
        "title": "learning_unit",
        "name": LABEL,
        "provenance": "illustrative",
        "grid": 1,
        "inputs": INPUTS,
        "criteria": branches,
        "levels": levels,
    }
    try:
        return loads_profile(text_of(data))
    except ProfileError:
        assume(False)
        raise


# Looking at everybody


@frozen(eq=False)
class Everybody:
    """The results of all subjects under a profile."""

    profile: Profile
    results: list[Evaluation]

    @classmethod
    def under(cls, profile: Profile) -> Everybody:
        return cls(profile, [evaluate(profile, facts) for facts in SUBJECTS])

    def changed(self, node_id: str, change: Callable[[Any], TreeNode]) -> Everybody:
        """Return everybody under the profile with one criterion changed."""
        rules = self.profile.rules
        criteria = tuple(_changed(node, node_id, change) for node in rules.criteria)
        other = evolve(rules, criteria=criteria)
        return Everybody.under(evolve(self.profile, rules=other, plan=lower(other)))

    def spans(self, place: int) -> list[tuple[int, int]]:
        return [(result.lows[place], result.highs[place]) for result in self.results]

    def outcomes(self) -> list[str | None]:
        """Return what is certain of each, `?` where nothing is."""
        possible = (result.levels_possible for result in self.results)
        return [one[0] if len(one) == 1 else "?" for one in possible]


def _changed(node: TreeNode, node_id: str, change: Callable[[Any], TreeNode]) -> TreeNode:
    if node.id == node_id:
        return change(node)
    if isinstance(node, Branch):
        return evolve(node, children=tuple(_changed(c, node_id, change) for c in node.children))
    return node


Said = tuple[str, str]
"""A code, and what it is about."""


def of_levels(everybody: Everybody) -> Iterator[Said]:
    levels = everybody.profile.plan.levels
    awards = [everybody.spans(level.award) for level in levels]
    possible = [result.levels_possible for result in everybody.results]
    for at, level in enumerate(levels):
        if (level.id,) in possible:
            yield "XP102", level.id
        elif any(level.id in one for one in possible):
            yield "XP105", level.id
        elif not any(high for _, high in awards[at]):
            yield "XP101", level.id
        else:
            one = awards[at]
            equal = any(_always(one, other) and _always(other, one) for other in awards[:at])
            yield ("XP104" if equal else "XP103"), level.id


def _always(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> bool:
    return all(low for (_, high), (low, _) in zip(one, other, strict=True) if high)


def of_indicators(everybody: Everybody) -> Iterator[Said]:
    plans = {node.id: node for node in everybody.profile.plan.nodes}
    for node in everybody.profile.rules.nodes():
        plan = plans[node.id]
        judged = [
            one
            for one, (_, applies) in zip(
                everybody.spans(plan.own_points), everybody.spans(plan.applies), strict=True
            )
            if applies
        ]
        if not judged:
            yield "XP203", node.id
            continue
        if not isinstance(node, Leaf):
            continue
        if node.points:
            full = everybody.profile.plan.grid.units(node.points)
            if all(one == (0, 0) for one in judged):
                yield "XP201", node.id
            elif not any(high >= full if full > 0 else low <= full for low, high in judged):
                yield "XP202", node.id
        if node.requirement is not Requirement.ADVISORY:
            yield from _of_matter(everybody, node)


def _of_matter(everybody: Everybody, leaf: Leaf) -> Iterator[Said]:
    own = everybody.outcomes()
    others = [
        everybody.changed(leaf.id, _scored_by(MetWhen(TruthConstant(met)))) for met in (False, True)
    ]
    outcomes = [other.outcomes() for other in others]
    if any(_differ(own, other) for other in outcomes):
        yield "XP206", leaf.id
    elif not any("?" in one for one in (own, *outcomes)):
        yield "XP204", leaf.id
    else:
        yield "XP205", leaf.id


def _scored_by(scoring: MetWhen) -> Callable[[Any], TreeNode]:
    return lambda node: evolve(node, scoring=scoring)


def _differ(one: list[str | None], other: list[str | None]) -> bool:
    return any(a != b and "?" not in (a, b) for a, b in zip(one, other, strict=True))


def of_bands(everybody: Everybody) -> Iterator[Said]:
    for node in everybody.profile.rules.nodes():
        if not (isinstance(node, Leaf) and isinstance(node.scoring, Bands)):
            continue
        bands = node.scoring.bands
        applies = next(
            everybody.spans(p.applies) for p in everybody.profile.plan.nodes if p.id == node.id
        )
        if not any(high for _, high in applies):
            continue
        truths = [_truths(everybody, node, at) for at in range(len(bands))]
        everyone = range(len(SUBJECTS))

        def none_before(who: int, at: int, truths: Any = truths) -> bool:
            return not any(truths[j][who][1] for j in range(at))

        for at in range(len(bands)):
            if any(
                applies[who][0] and truths[at][who][0] and none_before(who, at) for who in everyone
            ):
                continue
            open_ = any(
                applies[who][1]
                and truths[at][who][1]
                and not any(truths[j][who][0] for j in range(at))
                for who in everyone
            )
            yield ("XP305" if open_ else "XP301"), node.id
        if any(applies[who][0] and none_before(who, len(bands)) for who in everyone):
            yield "XP302", node.id
        for at, later in combinations(range(len(bands)), 2):
            if bands[at].points != bands[later].points and any(
                applies[who][0]
                and none_before(who, at)
                and truths[at][who][0]
                and truths[later][who][0]
                for who in everyone
            ):
                less = bands[at].points < bands[later].points
                yield ("XP303" if less else "XP304"), node.id


def _truths(everybody: Everybody, leaf: Leaf, at: int) -> list[tuple[int, int]]:
    assert isinstance(leaf.scoring, Bands)
    when = leaf.scoring.bands[at].when
    other = everybody.changed(leaf.id, _scored_by(MetWhen(when)))
    judged = next(p.own_points for p in other.profile.plan.nodes if p.id == leaf.id)
    full = other.profile.plan.grid.units(leaf.points)
    return [(int(low >= full), int(high >= full)) for low, high in other.spans(judged)]


def of_barriers(everybody: Everybody) -> Iterator[Said]:
    plans = {node.id: node for node in everybody.profile.plan.nodes}
    for node in everybody.profile.rules.nodes():
        plan = plans[node.id]
        if node.requirement is Requirement.MUST:
            scored = evolve(node, requirement=Requirement.SCORED)
            yield from _of_barrier(everybody, node, scored, plan.met)
        if node.floor is not None:
            yield from _of_barrier(everybody, node, evolve(node, floor=None), plan.floor)
        if isinstance(node, Branch) and node.cap is not None:
            yield from _of_barrier(everybody, node, evolve(node, cap=None), None)


def _of_barrier(
    everybody: Everybody, node: TreeNode, without: TreeNode, place: int | None
) -> Iterator[Said]:
    plan = next(plan for plan in everybody.profile.plan.nodes if plan.id == node.id)
    applies = [high for _, high in everybody.spans(plan.applies)]
    if place is not None and any(applies):
        passed = zip(applies, everybody.spans(place), strict=True)
        if not any(here and high for here, (_, high) in passed):
            yield "XP401", node.id
            return
    own, other = (
        one.outcomes() for one in (everybody, everybody.changed(node.id, lambda _: without))
    )
    if _differ(own, other):
        yield "XP402", node.id
    else:
        yield ("XP404" if "?" in (*own, *other) else "XP403"), node.id


def of_marks(everybody: Everybody) -> Iterator[Said]:
    """Yield whether each mark is hit, with the nearest numbers where it is not."""
    profile = everybody.profile
    totals = [(one.points_certain, one.points_possible) for one in everybody.results]
    for entry in profile.document.levels:
        mark = Fraction(str(entry.when).split()[2])
        yield _of_mark(mark, totals, entry.id)
    plans = {node.id: node for node in profile.plan.nodes}
    for node in profile.rules.nodes():
        if node.floor is not None:
            plan = plans[node.id]
            spans = zip(
                everybody.spans(plan.own_points), everybody.spans(plan.applies), strict=True
            )
            sure = [low for (low, high), (applies, _) in spans if applies and low == high]
            numbers = [(profile.points(total), profile.points(total)) for total in sure]
            yield _of_mark(node.floor, numbers, node.id)


def _of_mark(mark: Fraction, numbers: list[tuple[Fraction, Fraction]], owner: str) -> Said:
    if (mark, mark) in numbers:
        return "XP501", owner
    below = max((low for low, high in numbers if high < mark), default=None)
    above = min((high for low, high in numbers if low > mark), default=None)
    nearest = " – ".join(str(mark) for mark in (below, above) if mark is not None)
    return "XP502", f"{owner} {nearest or 'none'}"


def of_evidence(everybody: Everybody) -> Iterator[Said]:
    totals = {
        tuple(facts.values()): (one.points_certain, one.points_possible)
        for facts, one in zip(SUBJECTS, everybody.results, strict=True)
    }
    for at, (name, values) in enumerate(DOMAINS.items()):
        raised = lowered = False
        for facts in totals:
            for less, more in combinations(values, 2):
                pair = [(*facts[:at], value, *facts[at + 1 :]) for value in (less, more)]
                if all(name in totals for name in pair):
                    (_, before), (after, _) = totals[pair[0]], totals[pair[1]]
                    raised |= before < after
                    lowered |= totals[pair[0]][0] > totals[pair[1]][1]
        if raised and lowered:
            yield "XP704", name
        elif raised:
            yield "XP701", name
        else:
            yield ("XP702/3" if lowered else "XP705"), name


def of_nothing(everybody: Everybody) -> Iterator[Said]:
    """Yield who meets a share of nothing that leaves the result open."""
    plan = everybody.profile.plan
    nodes = {node.id: node for node in plan.nodes}
    owners = dict.fromkeys(share.node for share in plan.shares)
    for owner in owners:
        assert owner is not None
        node = nodes[owner]
        for one in everybody.results:
            nothing = any(
                one.lows[share.denominator] <= 0 for share in plan.shares if share.node == owner
            )
            is_open = any(
                one.lows[place] != one.highs[place]
                for place in (node.own_points, node.met, node.applies)
            )
            if nothing and one.highs[node.applies] and is_open:
                yield "XP601", owner
                break


def said(findings: Iterable[Finding]) -> Counter[Said]:
    """Return what a proof says in the words used here."""
    statements: list[Said] = []
    for finding in findings:
        if finding.code == "XP205":
            statements += (("XP205", name) for name in finding.text.en.split("'")[1::2])
        elif finding.code == "XP502":
            statements.append(
                (finding.code, f"{finding.subject} {finding.text.en.rpartition(' are ')[2][:-1]}")
            )
        elif finding.code in ("XP702", "XP703"):
            statements.append(("XP702/3", finding.subject))
        else:
            statements.append((finding.code, finding.subject))
    return Counter(statements)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(profiles())
def test_what_is_proven_is_what_looking_at_everybody_shows(profile: Profile) -> None:
    proof = prove(profile)
    assert proof.is_decided
    everybody = Everybody.under(profile)
    looked = [of_levels, of_indicators, of_bands, of_barriers, of_marks, of_evidence, of_nothing]
    expected = Counter(statement for look in looked for statement in look(everybody))
    proven = said(finding for finding in proof.findings if finding.code != "XP602")
    assert proven == expected
    for finding in proof.findings:
        for example in finding.examples:
            assert example.points == _points(profile, example.facts)


def _points(profile: Profile, facts: Any) -> tuple[Fraction, Fraction]:
    result = evaluate(profile, dict(facts))
    return result.points_certain, result.points_possible
