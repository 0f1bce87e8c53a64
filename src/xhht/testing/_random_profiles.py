"""Random profiles of format 1 and random facts for them, small enough for brute force."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, assert_never

from hypothesis import strategies as st

from xhht.numbers import Rounding
from xhht.rules.model import Factor, FactorCase
from xhht.rules.scoring import Combination, RoundingRule, ScoringKind

Data = dict[str, Any]

LABEL = {"vi": "nhãn", "en": "label"}
LARGE = [0, 1, 2, 3, 7, 333_333_333, 500_000_000, 999_999_999, 10**9]
LEVELS = ("a", "b")
"""The levels of every profile, best first."""
ROUNDINGS = ["half_up", "half_even", "up", "down"]


def text_of(data: Data) -> str:
    """Return a profile file; JSON is YAML."""
    return json.dumps(data, ensure_ascii=False)


@st.composite
def inputs(draw: st.DrawFn) -> Data:
    """All kinds of inputs; two counts are bounded by others."""
    count = {"type": "count", "label": LABEL}
    minimum = draw(st.integers(0, 1))
    result = draw(st.sampled_from([{}, {}, {}, {"result": {"title": "x.test.below"}}]))
    return {
        **{f"yes{i}": {"type": "bool", "label": LABEL} for i in range(3)},
        "yes3": {"type": "bool", "label": LABEL, **result},
        "people": {**count, "min": minimum, "max": draw(st.integers(minimum, 4))},
        "learners": {**count, "max": 4, "at_most": "people"},
        "readers": {**count, "max": 4, "at_most": "learners"},
        "books": {**count, "max": 3, **_of_the_year_before(draw)},
        "area": {
            "type": "choice",
            "label": LABEL,
            "choices": {"city": LABEL, "plain": LABEL, "hill": LABEL},
        },
        "part": {"type": "share", "label": LABEL, "places": 1},
        "weight": {"type": "decimal", "label": LABEL, "places": 1, "min": -0.2, "max": 0.3},
        "panel": {"type": "assessed", "label": LABEL, "max": 4, "step": 2},
        "since": {"type": "date", "label": LABEL, "min": "2023-12-30", "max": "2024-01-02"},
    }


def _of_the_year_before(draw: st.DrawFn) -> Data:
    """The year of an input: assessed, or the one before that of `people`."""
    of_people: Data = {"previous_of": "people"} if draw(st.booleans()) else {}
    return draw(st.sampled_from([{}, {"year": "previous", **of_people}]))


NUMBERS: dict[str, list[str]] = {
    "least": ["0", "1", "2", "4"],
    "mark": ["0", "2", "5", "12"],
    "quota": ["0%", "30%", "50%", "100%"],
    "day": ["2023-12-31", "2024-01-01"],
}
"""The dated values and their possible numbers."""


@st.composite
def values(draw: st.DrawFn) -> Data:
    """Dated values of all kinds, known always or from some day on, or partly unknown."""
    return {name: {"label": LABEL, "dated": _dated(draw, known)} for name, known in NUMBERS.items()}


def _dated(draw: st.DrawFn, known: list[str]) -> list[Data]:
    days = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=3).map(sorted))
    starts = [None, *days] if not days or draw(st.booleans()) else days
    numbers = [draw(st.sampled_from([*known, "unknown"])) for _ in starts]
    if {*numbers} == {"unknown"}:
        numbers[-1] = known[0]
    return [
        {"value": number} if start is None else {"from": start, "value": number}
        for start, number in zip(starts, numbers, strict=True)
    ]


DAYS = ["2024-06-01", "2025-01-01", "2025-01-02"]
"""The days on which values change: before, on and after the day of evaluation."""


@st.composite
def wide_inputs(draw: st.DrawFn) -> Data:
    """Inputs with large domains: large counts, shares of members, bounds, evidence."""
    count = {"type": "count", "label": LABEL}
    money = {"type": "decimal", "label": LABEL, "places": 2, "max": 10**8}
    declared: Data = {
        **draw(inputs()),
        "crowd": count,
        "active": {**count, "at_most": "crowd"},
        "income": {**money, "min": -(10**8)},
        "spent": {**money, "at_most": "income"},
        "held": {**count, "members": {"title": "learning_citizen", "take": "count"}},
        "every": {
            "type": "bool",
            "label": LABEL,
            "members": {"title": "learning_citizen", "take": "all"},
        },
        "homes": {
            "type": "share",
            "label": LABEL,
            "members": {"title": "learning_household", "take": "share"},
        },
    }
    for entry in declared.values():
        if not {"members", "result"} & set(entry) and draw(st.integers(0, 3)) == 0:
            entry["evidence"] = draw(st.sampled_from(_EVIDENCE))
    return declared


_EVIDENCE = [
    {"required": True},
    {"valid_months": 12},
    {"required": True, "valid_months": 6},
]


class Supply:
    """Supplies inputs; with `once`, each input only once."""

    def __init__(self, draw: st.DrawFn, data: Data, once: bool) -> None:
        self._draw, self._once = draw, once
        self.wide = "crowd" in data
        self._left: dict[str, list[str]] = {}
        for name, entry in data.items():
            self._left.setdefault(entry["type"], []).append(name)
        if once:  # a bound links its two inputs, which is a second use
            self._left["count"] = ["books", "people"]

    def has(self, kind: str) -> bool:
        """Return whether an input of a kind is left."""
        return bool(self._left.get(kind))

    def take(self, kind: str) -> str:
        """Return an input of a kind."""
        name = self._draw(st.sampled_from(self._left[kind]))
        if self._once:
            self._left[kind].remove(name)
        return name


_SHAPES = [
    *["({0} and {1})", "({0} or {1})"] * 3,
    "not ({0} and not {1})",
    "not (not {0} or {1})",
    "({0} if {1} else not {0})",
]
"""How two conditions make one; the last uses one of them twice."""


def _condition(draw: st.DrawFn, supply: Supply, depth: int = 1) -> str:
    makers: list[tuple[str, Callable[[], str]]] = [
        ("bool", lambda: supply.take("bool")),
        ("bool", lambda: f"not {supply.take('bool')}"),
        ("count", lambda: f"not {supply.take('count')} {_sign(draw)} {draw(st.integers(0, 4))}"),
        ("count", lambda: f"share({supply.take('count')}, 2) {_sign(draw)} 50%"),
        ("count", lambda: f"{supply.take('count')} {_sign(draw)} {draw(st.integers(0, 4))}"),
        ("choice", lambda: f'{supply.take("choice")} == "hill"'),
        ("choice", lambda: f'{supply.take("choice")} in ("city", "hill")'),
        ("share", lambda: f"{supply.take('share')} {_sign(draw)} {draw(st.integers(0, 10))}0%"),
        ("decimal", lambda: f"{supply.take('decimal')} {_sign(draw)} 0.1"),
        ("date", lambda: f'{supply.take("date")} {_sign(draw)} "2024-01-01"'),
        ("count", lambda: f"{supply.take('count')} {_sign(draw)} least"),
        ("share", lambda: f"{supply.take('share')} {_sign(draw)} quota"),
        ("date", lambda: f"{supply.take('date')} {_sign(draw)} day"),
    ]
    if not supply._once:
        makers += [
            ("count", lambda: f"share(learners, people) {_sign(draw)} {draw(st.integers(0, 4))}5%"),
            ("count", lambda: "share(readers, learners + books) >= 50%"),
            ("count", lambda: "min(readers, books) + 2 * people >= max(3, learners)"),
            ("count", lambda: "people * books >= 3"),
            ("count", lambda: "people > books"),
            ("date", lambda: "as_of - since >= 1"),
            ("bool", lambda: "people >= (1 if yes0 else 2)"),
            ("bool", lambda: "people >= (1 if yes0 and not books > 1 else 2 if yes1 else books)"),
            ("count", lambda: f"1 <= people {draw(st.sampled_from(['<', '<=']))} 3"),
            ("count", lambda: "20% < share(learners, people) <= 75%"),
            ("count", lambda: f"share(books, {_nothing(draw)}) {_sign(draw)} 50%"),
            ("bool", lambda: "people >= (least if yes0 else 2)"),
            ("count", lambda: "share(learners, people) >= quota"),
            ("count", lambda: "share(books, least) >= 50%"),
            ("count", lambda: "learners + least >= max(3, least * books)"),
            ("count", lambda: "learners >= quota * people"),
            ("date", lambda: "as_of - day >= 366"),
        ]
    if supply.wide:
        makers += [
            ("count", lambda: f"share(active, crowd) {_sign(draw)} {draw(st.integers(0, 4))}5%"),
            ("count", lambda: f"crowd - 3 * active {_sign(draw)} {draw(st.sampled_from(LARGE))}"),
            ("count", lambda: "active * people >= crowd + held"),
            ("decimal", lambda: f"spent * 4 {_sign(draw)} income * 3 + 0.25"),
            ("share", lambda: f"homes {_sign(draw)} {draw(st.integers(0, 4))}5%"),
            ("bool", lambda: "every"),
        ]
    usable = [make for kind, make in makers if supply.has(kind)]
    if not usable:
        return "true"
    first = draw(st.sampled_from(usable))()
    if depth and draw(st.booleans()) and any(supply.has(kind) for kind in ("bool", "count")):
        second = _condition(draw, supply, depth - 1)
        shapes = _SHAPES[:-1] if supply._once else _SHAPES
        return draw(st.sampled_from(shapes)).format(first, second)
    return str(first)


def _nothing(draw: st.DrawFn) -> str:
    """Return a denominator that is never above 0."""
    return draw(st.sampled_from(["0", "-1", "0 * people", "people - people", "learners - people"]))


def _sign(draw: st.DrawFn) -> str:
    return draw(st.sampled_from([">=", ">", "<", "<=", "==", "!="]))


def _points(draw: st.DrawFn) -> float:
    return draw(st.sampled_from([2, 4, 5, 6, 10]))


def _rounding(draw: st.DrawFn) -> Data:
    return {"step": draw(st.sampled_from([1, 0.5])), "mode": draw(st.sampled_from(ROUNDINGS))}


def _scoring(draw: st.DrawFn, supply: Supply) -> Data:
    kinds = [kind for kind in ScoringKind for _ in range(_can_score(kind, supply))]
    return _scoring_of(draw(st.sampled_from(kinds)), draw, supply)


def _can_score(kind: ScoringKind, supply: Supply) -> int:
    """Return how often a kind is to be among those drawn: 0 if its input is used up."""
    match kind:
        case ScoringKind.MET_WHEN:
            return 3
        case ScoringKind.MET_BY_LEVEL:
            return int(not supply._once)  # its conditions are read for every level
        case ScoringKind.BANDS:
            return 1
        case ScoringKind.PROPORTIONAL:
            return int(supply.has("share"))
        case ScoringKind.PER_ITEM:
            return int(supply.has("count"))
        case ScoringKind.ASSESSED:
            return int(supply.has("assessed"))
        case _:
            assert_never(kind)


def _scoring_of(kind: ScoringKind, draw: st.DrawFn, supply: Supply) -> Data:
    points = _points(draw)
    match kind:
        case ScoringKind.MET_WHEN:
            earned = draw(st.sampled_from([points, points, -2]))  # also deductions
            return {"points": earned, "met_when": _condition(draw, supply)}
        case ScoringKind.MET_BY_LEVEL:
            return {"met_by_level": {level: _mark(draw, supply) for level in LEVELS}}
        case ScoringKind.BANDS:
            bands = [
                {"when": _condition(draw, supply), "points": draw(st.sampled_from([points, 1, 2]))}
                for _ in range(draw(st.integers(1, 2)))
            ]
            return {"points": points, "bands": bands}
        case ScoringKind.PROPORTIONAL:
            share = supply.take("share")
            if not supply._once and draw(st.booleans()):
                pairs = ["learners, people", *(["active, crowd"] if supply.wide else [])]
                shares = [*(f"share({pair})" for pair in pairs), "quota", "share(books, least)"]
                share = draw(st.sampled_from(shares))
            return {"points": points, "proportional": {"share": share, "rounding": _rounding(draw)}}
        case ScoringKind.PER_ITEM:
            item = {"count": supply.take("count"), "each": draw(st.sampled_from([0.5, 1, 3]))}
            return {"points": points, "per_item": item}
        case ScoringKind.ASSESSED:
            return {"points": 4, "assessed": supply.take("assessed")}
        case _:
            assert_never(kind)


def _mark(draw: st.DrawFn, supply: Supply) -> Data | str:
    """Return what a level asks, in each of its shapes."""
    match draw(st.integers(0, 3)):
        case 0:
            return {"applies_when": "false"}
        case 1:
            applies = _condition(draw, supply, 0)
            return {"applies_when": applies, "met_when": _condition(draw, supply, 0)}
        case _:
            return _condition(draw, supply)


@st.composite
def profiles(draw: st.DrawFn, *, once: bool = False, wide: bool = False) -> Data:
    """A profile that loads: every scoring, combination, requirement and policy may occur.

    With `wide`, also inputs too large for brute force, and nested branches.
    """
    declared = draw(wide_inputs() if wide else inputs())
    supply = Supply(draw, declared, once)
    drops = draw(st.booleans())
    branches = [
        _branch(draw, supply, str(i + 1), drops, once) for i in range(draw(st.integers(1, 3)))
    ]
    levels = _levels(draw, supply, branches, drops, once)
    at_close = {"missing": "unmet", "clause": "Khoản 3 Điều 9"}
    closes = draw(st.booleans())
    if closes:
        _leave_out(draw, branches)
    data: Data = {
        "format": 1,
        "id": "test.random",
        "version": "1.0.0",
        "status": "active",
        "title": "learning_unit",
        "name": LABEL,
        "provenance": "illustrative",
        "grid": 0.5,
        "inputs": declared,
        "values": draw(values()),
        "criteria": _nested(draw, supply, branches, drops) if wide else branches,
        "levels": levels,
        **({"at_close": at_close} if closes else {}),
    }
    if draw(st.booleans()):
        data["choice_lists"] = {"regions": declared["area"]["choices"]}
        declared["area"]["choices"] = "regions"
    definitions: Data = {}
    for holder, key in _expressions_in([*data["criteria"], *levels]):
        if draw(st.integers(0, 3)) == 3:
            holder[key] = _defined(draw, definitions, key, holder[key])
    return {**data, "definitions": definitions} if definitions else data


def _expressions_in(part: Any) -> Iterator[tuple[Data, str]]:
    """Yield the place of each condition, and of each share and count that may be a definition."""
    for value in part if isinstance(part, list) else part.values():
        if isinstance(value, (dict, list)):
            yield from _expressions_in(value)
    if isinstance(part, dict):
        keys = ("applies_when", "met_when", "when", "share", "count")
        # "false" says in the file itself that a level does not ask for an indicator.
        yield from ((part, key) for key in keys if part.get(key, "false") != "false")


def _defined(draw: st.DrawFn, definitions: Data, key: str, text: str) -> str:
    """Return a text that means the same by the names of new definitions."""
    name = f"defined{len(definitions)}"
    if key in ("share", "count"):
        definitions[name] = {"label": LABEL, "number": text}
        return name
    match draw(st.integers(0, 3)):
        case 0:
            definitions[name] = {"label": LABEL, "when": text}
            return f"true and {name}"
        case 1:  # a definition may stand before one that it uses
            definitions[f"{name}_alike"] = {"label": LABEL, "when": name}
            definitions[name] = {"label": LABEL, "when": text}
            return f"{name}_alike"
        case 2:
            definitions[name] = {"label": LABEL, "when": text}
            definitions[f"{name}_not"] = {"label": LABEL, "when": f"not {name}"}
            return f"not {name}_not"
        case _:
            definitions[name] = {"label": LABEL, "when": text}
            return name


def _nested(draw: st.DrawFn, supply: Supply, branches: list[Data], drops: bool) -> list[Data]:
    """Return branches, some nested in a further branch with the requirements of a leaf."""
    inner_count = draw(st.integers(0, len(branches)))
    if not inner_count:
        return branches
    inner = branches[:inner_count]
    outer: Data = {"id": "4", "criteria": inner}
    _combine(draw, outer, inner)
    for branch in inner:
        _add_requirements(draw, supply, branch, drops)
    _share(draw, supply, outer, inner, drops, False)
    return [outer, *branches[inner_count:]]


def _combine(draw: st.DrawFn, branch: Data, children: list[Data]) -> None:
    """Add a combination to a branch, with the keys that it requires of the children."""
    combine = draw(st.sampled_from([*[Combination.SUM] * 2, *Combination]))
    branch["combine"] = combine.value
    if combine.rule.is_weighted:
        branch["rounding"] = _rounding(draw)
        for child in children:
            child["weight"] = draw(st.sampled_from([1, 2, 0.5]))


def _leave_out(draw: st.DrawFn, branches: list[Data]) -> None:
    """Let some means leave out what is missing at the close."""
    for branch in branches:
        if branch["combine"] == "weighted_mean" and draw(st.booleans()):
            branch["least_known"] = draw(st.sampled_from(["20%", "50%", "66.5%"]))


def _branch(draw: st.DrawFn, supply: Supply, node_id: str, drops: bool, once: bool) -> Data:
    leaves = [
        _leaf(draw, supply, f"{node_id}.{at + 1}", drops, once)
        for at in range(draw(st.integers(1, 3)))
    ]
    branch: Data = {"id": node_id, "indicators": leaves}
    _combine(draw, branch, leaves)
    if all(leaf.get("requirement") == "advisory" for leaf in leaves):
        del leaves[0]["requirement"]
    _share(draw, supply, branch, leaves, drops, once)
    if draw(st.integers(0, 3)) == 0:
        branch["cap"] = 7
    counted = [leaf for leaf in leaves if leaf.get("requirement") != "advisory"]
    varies = _has_deduction(branch) and any(leaf.get("points", 0) > 1 for leaf in counted)
    if varies and branch["combine"] == "sum" and draw(st.booleans()):
        branch["not_below"] = draw(st.sampled_from([-1, 0, 0.5]))
    if not once and not supply.wide:
        _add_requirements(draw, supply, branch, drops)
        if _has_points(branch) or _has_deduction(branch):
            _add_factor(draw, supply, branch)
    return branch


def _add_factor(draw: st.DrawFn, supply: Supply, node: Data) -> None:
    """Multiply the points of an entry by a number that depends on facts."""
    if draw(st.integers(0, 4)):
        return
    value = st.sampled_from([1, 1.2, 0.8, 1.5, 2])
    whens = [_condition(draw, supply, 0) for _ in range(draw(st.integers(0, 2)))]
    cases = [{"when": when, "value": draw(value)} for when in whens]
    node["factor"] = [*cases, {"value": draw(value)}]
    if "rounding" not in node and any(case["value"] % 1 for case in node["factor"]):
        node["rounding"] = {"step": 0.5, "mode": draw(st.sampled_from(ROUNDINGS))}


def _share(
    draw: st.DrawFn, supply: Supply, branch: Data, children: list[Data], drops: bool, once: bool
) -> None:
    """Let some children of a branch give their points to the others while they do not apply."""
    counted = [child for child in children if child.get("requirement") != "advisory"]
    if branch["combine"] == "weighted_mean":
        needs = all(map(_may_be_left_out, counted))
    else:
        partners = [child for child in counted if "na_policy" not in child and _has_points(child)]
        can_share = branch["combine"] == "sum" and not once and all(map(_may_share, partners))
        givers = [child for child in partners if can_share and draw(st.booleans())]
        for child in givers:
            child["applies_when"] = _condition(draw, supply, 0)
            child["na_policy"] = "redistribute"
        if givers:
            branch["rounding"] = {"step": 0.5, "mode": draw(st.sampled_from(ROUNDINGS))}
        needs = bool(givers) and len(givers) == len(partners)
    if needs:
        policies = ["full", "zero", "drop"] if drops else ["full", "zero"]
        branch["all_absent"] = draw(st.sampled_from(policies))


def _may_share(child: Data) -> bool:
    """Return whether the points of an entry are between 0 and its maximum."""
    may_grow = child.get("combine") in ("worst_of", "weighted_mean")
    return not _has_deduction(child) and not (may_grow and "drop" in json.dumps(child))


def _has_points(entry: Data) -> bool:
    return _maximum(entry) > 0


def _maximum(entry: Data) -> Fraction:
    """Return the maximum points of an entry."""
    own, rule = _own_maximum(entry), _declared_rounding(entry)
    if "factor" not in entry:
        return own
    cases = tuple(FactorCase(None, Fraction(str(case["value"]))) for case in entry["factor"])
    return Factor(cases, rule).ends(own)[1]


def _declared_rounding(entry: Data) -> RoundingRule | None:
    rounding = entry.get("rounding")
    return rounding and RoundingRule(Fraction(str(rounding["step"])), Rounding(rounding["mode"]))


def _own_maximum(entry: Data) -> Fraction:
    """Return the maximum points of an entry before its factor."""
    below = [*entry.get("criteria", []), *entry.get("indicators", [])]
    counted = [child for child in below if child.get("requirement") != "advisory"]
    if not counted:
        return Fraction(str(max(entry.get("points", 0), 0)))
    rule = _declared_rounding(entry)
    parts = [(Fraction(str(child.get("weight", 1))), _maximum(child)) for child in counted]
    maximum = Combination(entry.get("combine", "sum")).rule.maximum(parts, rule)
    return min(maximum, Fraction(str(entry["cap"]))) if "cap" in entry else maximum


def _has_deduction(entry: Data) -> bool:
    below = [*entry.get("criteria", []), *entry.get("indicators", [])]
    below = [child for child in below if child.get("requirement") != "advisory"]
    return entry.get("points", 0) < 0 or any(map(_has_deduction, below))


def _may_be_left_out(child: Data) -> bool:
    if child.get("na_policy") in ("drop", "redistribute"):
        return True
    below = [*child.get("criteria", []), *child.get("indicators", [])]
    counted = [entry for entry in below if entry.get("requirement") != "advisory"]
    if not counted or child.get("all_absent") in ("full", "zero"):
        return False
    return all(map(_may_be_left_out, counted))


def _leaf(draw: st.DrawFn, supply: Supply, node_id: str, drops: bool, once: bool) -> Data:
    leaf = {"id": node_id, **_scoring(draw, supply)}
    _add_applies_when(draw, supply, leaf, drops)
    if leaf.get("points"):
        _add_factor(draw, supply, leaf)
    if once:
        return leaf
    leaf["requirement"] = draw(st.sampled_from(["scored"] * 4 + ["must", "advisory"]))
    if leaf["requirement"] != "advisory" and leaf.get("points", 0) > 0 and draw(st.booleans()):
        leaf["floor"] = draw(st.sampled_from([1, 2]))
    return leaf


def _add_applies_when(draw: st.DrawFn, supply: Supply, node: Data, drops: bool) -> None:
    if draw(st.integers(0, 3)) == 0:
        policies = ["full", "zero", "drop"] if drops else ["full", "zero"]
        node["applies_when"] = _condition(draw, supply, 0)
        node["na_policy"] = draw(st.sampled_from(policies))


def _add_requirements(draw: st.DrawFn, supply: Supply, branch: Data, drops: bool) -> None:
    """Add to a nested branch the optional keys that a leaf may have."""
    _add_applies_when(draw, supply, branch, drops)
    if draw(st.integers(0, 3)) == 0:
        branch["requirement"] = "must"
    if draw(st.integers(0, 3)) == 0:
        branch["floor"] = 1


def _levels(
    draw: st.DrawFn, supply: Supply, branches: list[Data], drops: bool, once: bool
) -> list[Data]:
    upper, lower = sorted((draw(st.integers(1, 20)), draw(st.integers(0, 12))), reverse=True)
    if drops:
        conditions = [f"percent >= {5 * upper}%", f"percent >= {5 * lower}%"]
        last = [conditions[1], "percent >= quota", *([] if once else [f"percent < {5 * upper}%"])]
        conditions[1] = draw(st.sampled_from(last))
    else:
        conditions = [f"points >= {upper}", f"points >= {lower}"]
        last = [conditions[1], "points >= mark", *([] if once else [f"points < {upper}"])]
        conditions[1] = draw(st.sampled_from(last))
    if not once:
        first = branches[0]["indicators"][0]["id"]
        extra = [
            "true",
            f'met("{first}")',
            f'met("{branches[0]["id"]}")',
            f'points_of("{branches[0]["id"]}") >= 2',
            f'percent_of("{branches[-1]["id"]}") >= {5 * lower}%',
            "lowest_indicator >= 1",
            "yes2",
            'area != "hill"',
            f'not (met("{first}") and not yes2)',
            f'(yes2 if met("{first}") else not yes3)',
        ]
        if not drops:
            extra += [f"points >= ({upper} if yes3 else mark)", "points >= unknown"]
        conditions[0] = f"{conditions[0]} and {draw(st.sampled_from(extra))}"
    levels: list[Data] = [
        {"id": name, "name": LABEL, "when": condition}
        for name, condition in zip(LEVELS, conditions, strict=True)
    ]
    if not once and draw(st.booleans()):
        levels[0]["requires"] = {"level": "b", "months": 12, "since": "since"}
        if draw(st.booleans()):
            binds = draw(st.sampled_from(["everyone", "holders"]))
            levels[0]["requires"] |= {"held": "yes3", "binds": binds}
    return levels


def domain_of(entry: Data) -> list[Any]:
    """All values of an input, without None."""
    match entry["type"]:
        case "bool":
            return [False, True]
        case "count":
            return list(range(entry.get("min", 0), entry["max"] + 1)) if "max" in entry else LARGE
        case "choice":
            return ["city", "plain", "hill"]
        case "share":
            return [n / 10 for n in range(11)]
        case "decimal" if entry["max"] < 1:
            return [n / 10 for n in range(-2, 4)]
        case "decimal":
            return [0, 0.07, 1234.5, 99_999_999.99, 10**8, *([-0.25, -(10**8)] * ("min" in entry))]
        case "assessed":
            return [0, 2, 4]
        case _:
            return ["2023-12-30", "2023-12-31", "2024-01-01", "2024-01-02"]


BOUNDS = (("readers", "learners"), ("learners", "people"), ("readers", "people"))


def is_possible(facts: Data) -> bool:
    """Whether no count exceeds the count that bounds it."""
    return all(
        facts.get(small) is None or facts.get(large) is None or facts[small] <= facts[large]
        for small, large in BOUNDS
    )


@st.composite
def complete_facts(draw: st.DrawFn, data: Data) -> Data:
    """A value for every input, within all bounds."""
    facts = {
        name: draw(st.sampled_from(domain_of(entry))) for name, entry in data["inputs"].items()
    }
    facts["learners"] = min(facts["learners"], facts["people"])
    facts["readers"] = min(facts["readers"], facts["learners"])
    return facts


@st.composite
def facts_with_gaps(draw: st.DrawFn, data: Data, most: int = 4) -> tuple[Data, list[str]]:
    """Facts with a few missing, and the names of these."""
    facts = draw(complete_facts(data))
    missing = draw(st.lists(st.sampled_from(sorted(facts)), unique=True, max_size=most))
    return {k: v for k, v in facts.items() if k not in missing}, missing


def completions(data: Data, facts: Data, missing: list[str]) -> list[Data]:
    """All completions of the missing facts."""
    filled = [facts]
    for name in missing:
        values = domain_of(data["inputs"][name])
        filled = [{**completion, name: value} for completion in filled for value in values]
    return [completion for completion in filled if is_possible(completion)]
