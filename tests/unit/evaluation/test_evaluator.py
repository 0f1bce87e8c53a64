from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from textwrap import indent
from typing import Any

import pytest

import xhht
from inline_profiles import points, profile_of, profile_of_criteria, span
from xhht import Between, FactsError, OneOf, Profile, Status, Verdict
from xhht.evaluation.facts import MemberShare

F = Fraction
COUNTS = {"n": "type: count", "d": "type: count"}
ALWAYS = "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 0}"


def outcome(profile: Profile, facts: Mapping[str, object], as_of: date | None = None) -> Any:
    return xhht.evaluate(profile, facts, as_of=as_of).verdict.value


# Scoring


def test_met_when_gives_all_or_nothing() -> None:
    profile = profile_of({"a": "type: bool"}, '- {id: "1.1", points: 10, met_when: a}')
    assert points(profile, {"a": True}) == 10
    assert points(profile, {"a": False}) == 0
    assert span(profile, {}) == (0, 10)


def test_bands_give_the_first_that_holds() -> None:
    profile = profile_of(
        COUNTS,
        """
        - id: "1.1"
          points: 10
          bands:
            - {when: "share(n, d) >= 90%", points: 10}
            - {when: "share(n, d) >= 50%", points: 6}
            - {when: n >= 1, points: 1}
        """,
    )
    assert [points(profile, {"n": n, "d": 10}) for n in (9, 8, 5, 4, 0)] == [10, 6, 6, 1, 0]
    assert span(profile, {"n": Between(5, 9), "d": 10}) == (6, 10)
    assert span(profile, {"n": Between(0, 4), "d": 10}) == (0, 1)


@pytest.mark.parametrize(
    ("mode", "expected"),
    # 7 of 4, 5, 6 eighths: 3.5, 4.375, 5.25; and of 20 eighths, held at 1: 7.
    [
        ("half_up", [4, 4, 5, 7]),
        ("half_even", [4, 4, 5, 7]),
        ("up", [4, 5, 6, 7]),
        ("down", [3, 4, 5, 7]),
    ],
)
def test_proportional_rounds_as_declared(mode: str, expected: list[int]) -> None:
    profile = profile_of(
        COUNTS,
        f"""
        - id: "1.1"
          points: 7
          proportional: {{share: "share(n, d)", rounding: {{step: 1, mode: {mode}}}}}
        """,
    )
    assert [points(profile, {"n": n, "d": 8}) for n in (4, 5, 6, 20)] == expected


def test_half_even_differs_from_half_up_on_an_even_half() -> None:
    def half(mode: str) -> Fraction | int:
        profile = profile_of(
            COUNTS,
            '- {id: "1.1", points: 5, '
            f'proportional: {{share: "share(n, d)", rounding: {{step: 1, mode: {mode}}}}}}}',
        )
        return points(profile, {"n": 1, "d": 2})

    assert half("half_up") == 3
    assert half("half_even") == 2


def test_proportional_keeps_to_its_own_step() -> None:
    profile = profile_of(
        COUNTS,
        """
        - id: "1.1"
          points: 10
          proportional: {share: "share(n, d)", rounding: {step: 0.25, mode: down}}
        """,
    )
    assert points(profile, {"n": 1, "d": 3}) == F("3.25")
    assert points(profile, {"n": 3, "d": 3}) == 10


def test_per_item_stops_at_the_points_of_the_indicator() -> None:
    profile = profile_of(COUNTS, '- {id: "1.1", points: 5, per_item: {count: n + d, each: 1.5}}')
    assert [points(profile, {"n": n, "d": 0}) for n in (0, 1, 3, 4, 100)] == [
        0,
        F("1.5"),
        F("4.5"),
        5,
        5,
    ]
    assert span(profile, {"n": 1}) == (F("1.5"), 5)


def test_assessed_gives_the_points_awarded() -> None:
    profile = profile_of(
        {"a": "type: assessed, max: 10, step: 0.5"}, '- {id: "1.1", points: 10, assessed: a}'
    )
    assert points(profile, {"a": 7.5}) == F("7.5")
    assert span(profile, {}) == (0, 10)


def test_a_deduction_takes_points_and_is_met_when_it_takes_none() -> None:
    profile = profile_of(
        {"a": "type: bool", "n": "type: count", "bad": "type: bool"},
        """
        - {id: "1.1", points: 10, met_when: a}
        - {id: "1.2", points: -4, met_when: bad}
        - {id: "1.3", points: -3, per_item: {count: n, each: -1}}
        """,
    )
    result = xhht.evaluate(profile, {"a": True, "bad": True, "n": 9})
    assert result.points_certain == 10 - 4 - 3
    assert result.criterion("1.2").status is Status.UNMET
    clean = xhht.evaluate(profile, {"a": True, "bad": False, "n": 0})
    assert clean.points_certain == clean.max_points == 10
    assert [criterion.status for criterion in clean.criteria] == [Status.MET] * 4
    assert span(profile, {"a": True}) == (3, 10)


def test_eight_times_a_tenth_reaches_eight_tenths() -> None:
    leaves = "\n".join(f'- {{id: "1.{i}", points: 0.1, met_when: a}}' for i in range(8))
    level = "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 0.8}"
    profile = profile_of({"a": "type: bool"}, leaves, level)
    result = xhht.evaluate(profile, {"a": True})
    assert (result.verdict, result.points_certain) == (Verdict.RECOGNISED, F("0.8"))
    assert result.to_dict()["points_certain"] == 0.8


# Combination

TWO = """
- {id: "1.1", points: 10, assessed: a}
- {id: "1.2", points: 6, assessed: b}
"""
TWO_INPUTS = {"a": "type: assessed, max: 10", "b": "type: assessed, max: 6"}


@pytest.mark.parametrize(
    ("branch", "a", "b", "expected"),
    [
        ("combine: sum", 7, 4, 11),
        ("combine: sum\ncap: 8", 7, 4, 8),
        ("combine: sum\ncap: 8", 3, 4, 7),
        ("combine: best_of", 3, 4, 4),
        ("combine: worst_of", 3, 4, 3),
        ("combine: all_or_nothing", 10, 6, 16),
        ("combine: all_or_nothing", 10, 5, 0),
        ("combine: weighted_mean\nrounding: {step: 1, mode: half_up}", 7, 4, 6),
        ("combine: weighted_mean\nrounding: {step: 0.5, mode: down}", 7, 4, F("5.5")),
    ],
)
def test_a_branch_combines_its_children(
    branch: str, a: int, b: int, expected: Fraction | int
) -> None:
    assert points(profile_of(TWO_INPUTS, TWO, branch=branch), {"a": a, "b": b}) == expected


def test_a_weighted_mean_uses_the_weights() -> None:
    weighted = """
    - {id: "1.1", points: 10, weight: 3, assessed: a}
    - {id: "1.2", points: 6, weight: 0.5, assessed: b}
    """
    profile = profile_of(
        TWO_INPUTS,
        weighted,
        branch="combine: weighted_mean\nrounding: {step: 0.001, mode: half_up}",
    )
    # (3 * 7 + 0.5 * 4) / 3.5 = 46/7 = 6.5714...
    assert points(profile, {"a": 7, "b": 4}) == F("6.571")
    # (3 * 10 + 0.5 * 6) / 3.5 = 66/7 = 9.42857...
    assert profile.max_points == F("9.429")


def test_ranges_of_combinations_hold_every_completion() -> None:
    facts: Mapping[str, object] = {"a": 3}
    expected = {
        "sum": (3, 9),
        "best_of": (3, 6),
        "worst_of": (0, 3),
        "all_or_nothing": (0, 0),
    }
    for combine, ends in expected.items():
        assert span(profile_of(TWO_INPUTS, TWO, branch=f"combine: {combine}"), facts) == ends


# Obligation


def test_a_must_bars_every_level_while_unmet() -> None:
    profile = profile_of(
        {"a": "type: bool", "b": "type: bool"},
        """
        - {id: "1.1", points: 10, met_when: a}
        - {id: "1.2", points: 0, requirement: must, met_when: b}
        """,
    )
    assert outcome(profile, {"a": True, "b": True}) == "recognised"
    assert outcome(profile, {"a": True, "b": False}) == "not_recognised"
    assert outcome(profile, {"a": True}) == "undetermined"
    assert outcome(profile, {"a": False}) == "not_recognised"


def test_advisory_counts_nothing() -> None:
    profile = profile_of(
        {"a": "type: bool", "b": "type: bool"},
        """
        - {id: "1.1", points: 10, met_when: a}
        - {id: "1.2", points: 10, requirement: advisory, met_when: b}
        """,
    )
    result = xhht.evaluate(profile, {"a": True, "b": True})
    assert result.points_certain == result.max_points == result.available_points == 10
    assert result.criterion("1.2").points_certain == 10
    assert outcome(profile, {"a": True}) == "recognised"


def test_a_floor_on_a_leaf_bars_every_level() -> None:
    leaves = """
    - {id: "1.1", points: 10, floor: 5, assessed: a}
    - {id: "1.2", points: 6, assessed: b}
    """
    profile = profile_of(TWO_INPUTS, leaves)
    assert outcome(profile, {"a": 5, "b": 0}) == "recognised"
    assert outcome(profile, {"a": 4, "b": 6}) == "not_recognised"
    assert outcome(profile, {"b": 6}) == "undetermined"


def test_a_floor_on_a_branch_bars_every_level() -> None:
    criteria = """
    - id: "1"
      floor: 8
      indicators:
        - {id: "1.1", points: 10, assessed: a}
    - id: "2"
      indicators:
        - {id: "2.1", points: 6, assessed: b}
    """
    profile = profile_of_criteria(TWO_INPUTS, criteria)
    assert outcome(profile, {"a": 8, "b": 0}) == "recognised"
    assert outcome(profile, {"a": 7, "b": 6}) == "not_recognised"


# Applicability


def _with_policy(policy: str, level: str) -> Profile:
    return profile_of(
        {"a": "type: bool", "b": "type: bool", "has": "type: bool"},
        f"""
        - {{id: "1.1", points: 6, met_when: a}}
        - {{id: "1.2", points: 4, met_when: b, applies_when: has, na_policy: {policy}}}
        """,
        f"- {{id: pass, name: {{vi: Đạt, en: Pass}}, when: {level}}}",
    )


@pytest.mark.parametrize(
    ("policy", "level", "points_of_absent", "available"),
    [
        ("full", "points >= 10", 4, 10),
        ("zero", "points >= 6", 0, 10),
        ("drop", "percent >= 100%", 0, 6),
    ],
)
def test_na_policies(policy: str, level: str, points_of_absent: int, available: int) -> None:
    profile = _with_policy(policy, level)
    result = xhht.evaluate(profile, {"a": True, "has": False})
    assert result.points_certain == result.points_possible == 6 + points_of_absent
    assert result.available_points == available
    assert result.max_points == 10
    assert result.criterion("1.2").status is Status.NOT_APPLICABLE
    assert result.verdict is Verdict.RECOGNISED


def test_a_dropped_criterion_moves_points_and_what_is_available_together() -> None:
    profile = _with_policy("drop", "percent >= 61%")
    # With the criterion 6 of 10 are 60%; without it 6 of 6 are 100%.
    assert outcome(profile, {"a": True, "b": False, "has": True}) == "not_recognised"
    assert outcome(profile, {"a": True, "b": False, "has": False}) == "recognised"
    undecided = xhht.evaluate(profile, {"a": True, "b": False})
    assert undecided.verdict is Verdict.UNDETERMINED
    assert (undecided.available_certain, undecided.available_points) == (F(6), F(10))
    assert undecided.criterion("1.2").status is Status.UNKNOWN


def test_percent_is_compared_exactly() -> None:
    leaves = "\n".join(f'- {{id: "1.{i}", points: 1, met_when: a{i}}}' for i in range(3))
    inputs = {f"a{i}": "type: bool" for i in range(3)}
    facts: Mapping[str, object] = {"a0": True, "a1": True, "a2": False}
    for mark, expected in (("66.666666%", "recognised"), ("66.666667%", "not_recognised")):
        level = f"- {{id: pass, name: {{vi: Đạt, en: Pass}}, when: percent >= {mark}}}"
        assert outcome(profile_of(inputs, leaves, level), facts) == expected


REDISTRIBUTED = """
- {id: "1.10", points: 3, assessed: a}
- {id: "1.2", points: 3, assessed: b}
- {id: "1.3", points: 3, assessed: c}
- id: "1.4"
  points: 4
  met_when: d
  applies_when: has
  na_policy: redistribute
"""
REDISTRIBUTED_INPUTS = {
    **dict.fromkeys("abc", "type: assessed, max: 3"),
    "d": "type: bool",
    "has": "type: bool",
}


ROUNDED_DOWN = "rounding: {step: 1, mode: down}"


def test_redistribute_gives_the_points_of_what_is_absent_to_what_applies() -> None:
    profile = profile_of(REDISTRIBUTED_INPUTS, REDISTRIBUTED, branch=ROUNDED_DOWN)
    result = xhht.evaluate(profile, {"a": 3, "b": 3, "c": 3, "has": False})
    assert result.points_certain == result.available_points == 13
    assert {criterion.id: criterion.max_points for criterion in result.criteria} == {
        "1": 13,
        "1.10": 3,
        "1.2": 3,
        "1.3": 3,
        "1.4": 4,
    }
    assert result.criterion("1.4").points_certain == 0
    part = xhht.evaluate(profile, {"a": 0, "b": 2, "c": 0, "has": False})
    # 2 of the 9 points that apply, of 13: 26/9, cut to 2.
    assert part.points_certain == 2
    assert part.available_points == 13


def test_redistribute_leaves_points_alone_where_the_criterion_applies() -> None:
    profile = profile_of(REDISTRIBUTED_INPUTS, REDISTRIBUTED, branch=ROUNDED_DOWN)
    result = xhht.evaluate(profile, {"a": 3, "b": 1, "c": 0, "d": True, "has": True})
    assert result.points_certain == 8


GROUP_OF_TEN = "\n".join(
    f'- {{id: "1.{at}", points: 10, met_when: a{at}, applies_when: b{at}, na_policy: redistribute}}'
    for at in range(10)
)
GROUP_INPUTS = {f"{letter}{at}": "type: bool" for letter in "ab" for at in range(10)}


@pytest.mark.parametrize(("policy", "points"), [("full", (100, 100)), ("zero", (0, 100))])
def test_every_item_of_a_group_may_be_absent(policy: str, points: tuple[int, int]) -> None:
    keys = f"all_absent: {policy}\nrounding: {{step: 1, mode: half_up}}"
    profile = profile_of(GROUP_INPUTS, GROUP_OF_TEN, ALWAYS, branch=keys)
    absent = {f"b{at}": False for at in range(10)}
    result = xhht.evaluate(profile, absent)
    certain, available = points
    assert result.points_certain == certain
    assert result.available_points == available
    assert result.criterion("1").status is Status.NOT_APPLICABLE
    facts = {**absent, "b0": True, "b1": True, "b2": True, "a0": True, "a1": False, "a2": True}
    assert span(profile, facts) == (67, 67)


def test_the_range_of_a_group_is_narrow_however_many_may_be_absent() -> None:
    keys = "all_absent: zero\nrounding: {step: 1, mode: half_up}"
    profile = profile_of(GROUP_INPUTS, GROUP_OF_TEN, ALWAYS, branch=keys)
    facts = dict.fromkeys(GROUP_INPUTS, True) | {"a0": False, "a1": False}
    assert span(profile, facts) == (80, 80)
    # Nine of ten apply for certain; the tenth is met: 7 of 9 or 8 of 10.
    assert span(profile, {n: v for n, v in facts.items() if n != "b9"}) == (78, 80)
    # It is not met: 8 of 9 or 8 of 10.
    assert span(profile, {n: v for n, v in facts.items() if n != "b0"}) == (80, 89)
    open_facts = {n: v for n, v in facts.items() if not n.startswith("b")}
    assert span(profile, open_facts) == (0, 100)


def test_a_deduction_stays_outside_what_is_shared() -> None:
    leaves = REDISTRIBUTED + '- {id: "1.5", points: -2, met_when: d}\n'
    profile = profile_of(REDISTRIBUTED_INPUTS, leaves, branch=ROUNDED_DOWN)
    result = xhht.evaluate(profile, {"a": 3, "b": 3, "c": 3, "d": True, "has": False})
    assert result.points_certain == 11
    assert result.available_points == 13


MEAN_OF_MEANS = """
- id: "1"
  combine: weighted_mean
  rounding: {step: 0.1, mode: half_up}
  all_absent: drop
  criteria:
    - id: "1.1"
      combine: weighted_mean
      rounding: {step: 0.1, mode: half_up}
      all_absent: drop
      indicators:
        - {id: "1.1.1", points: 10, assessed: a, applies_when: x, na_policy: drop}
        - {id: "1.1.2", points: 10, assessed: b, weight: 3, applies_when: y, na_policy: drop}
    - id: "1.2"
      weight: 2
      combine: weighted_mean
      rounding: {step: 0.1, mode: half_up}
      all_absent: drop
      indicators:
        - {id: "1.2.1", points: 10, assessed: c, applies_when: z, na_policy: drop}
"""
MEAN_INPUTS = {
    **dict.fromkeys("abc", "type: assessed, max: 10"),
    **dict.fromkeys("xyz", "type: bool"),
}


@pytest.mark.parametrize(
    ("present", "points"),
    [
        ("xyz", F(44, 10)),  # (4 * 1 + 8 * 3) / 4 = 7, (7 * 1 + 3.1 * 2) / 3 with c = 3
        ("xz", F(33, 10)),
        ("yz", F(47, 10)),
        ("xy", F(7)),
        ("x", F(4)),
        ("z", F(3)),
    ],
)
def test_a_mean_is_over_what_applies_at_every_depth(present: str, points: Fraction) -> None:
    level = "- {id: pass, name: {vi: Đạt, en: Pass}, when: percent >= 0%}"
    profile = profile_of_criteria(MEAN_INPUTS, MEAN_OF_MEANS, level)
    facts: dict[str, object] = {"a": 4, "b": 8, "c": 3}
    result = xhht.evaluate(profile, facts | {name: name in present for name in "xyz"})
    assert result.points_certain == points if present != "xyz" else F(43, 10)
    assert result.available_points == 10
    nothing = xhht.evaluate(profile, facts | dict.fromkeys("xyz", False))
    assert nothing.points_certain == 0
    assert nothing.available_points == 0


PERCENT_OF_ONE = "- {id: pass, name: {vi: Đạt, en: Pass}, when: 'percent_of(\"1\") >= 60%'}"


def test_the_percent_of_a_criterion_is_of_what_is_available() -> None:
    profile = profile_of(dict.fromkeys("abx", "type: bool"), DROPPED, PERCENT_OF_ONE)
    facts = {"a": True, "b": False}
    assert outcome(profile, facts | {"x": True}) == "not_recognised"
    assert outcome(profile, facts | {"x": False}) == "recognised"
    result = xhht.evaluate(profile, facts)
    assert (result.percent_certain, result.percent_possible) == (F(1, 2), F(1))
    assert result.to_dict()["percent_certain"] == {"fraction": [1, 2]}


def test_the_percent_is_shown_beside_the_points_where_a_level_asks_for_it() -> None:
    level = "- {id: pass, name: {vi: Đạt, en: Pass}, when: 'percent >= 60%'}"
    profile = profile_of(dict.fromkeys("abx", "type: bool"), DROPPED, level)
    result = xhht.evaluate(profile, {"a": True, "b": False})
    assert result.explain("en").heading.endswith(" points (50–100%)")
    assert "(50–100%)" in result._repr_html_()
    other = profile_of(dict.fromkeys("abx", "type: bool"), DROPPED, PERCENT_OF_ONE)
    assert "%)" not in xhht.evaluate(other, {"a": True}).explain("en").heading


def test_deductions_never_take_a_criterion_below_its_bound() -> None:
    leaves = """
    - {id: "1.1", points: 5, met_when: a}
    - {id: "1.2", points: -8, met_when: b}
    """
    inputs = dict.fromkeys("ab", "type: bool")
    for lowest, fewest in (("-2", F(-2)), ("0", F(0))):
        profile = profile_of(inputs, leaves, branch=f"not_below: {lowest}")
        assert span(profile, {"a": True, "b": True}) == (fewest, fewest)
        assert span(profile, {"a": True}) == (fewest, F(5))


def test_what_lies_under_a_branch_that_does_not_apply_is_not_applicable() -> None:
    criteria = """
    - id: "1"
      applies_when: has
      na_policy: zero
      indicators:
        - {id: "1.1", points: 10, floor: 5, assessed: a}
    - id: "2"
      indicators:
        - {id: "2.1", points: 6, assessed: b}
    """
    profile = profile_of_criteria({**TWO_INPUTS, "has": "type: bool"}, criteria)
    result = xhht.evaluate(profile, {"a": 1, "b": 6, "has": False})
    assert [criterion.status.value for criterion in result.criteria] == ["not_applicable"] * 2 + [
        "met"
    ] * 2
    assert result.verdict is Verdict.RECOGNISED


# Levels, conditions


def test_a_level_must_follow_a_lower_one_held_long_enough() -> None:
    levels = """
    - id: two
      name: {vi: Mức 2, en: Level 2}
      when: points >= 5
      requires: {level: one, months: 12, since: held}
    - {id: one, name: {vi: Mức 1, en: Level 1}, when: points >= 5}
    """
    profile = profile_of(
        {"a": "type: bool", "held": "type: date"}, '- {id: "1.1", points: 10, met_when: a}', levels
    )

    def level(recognition: object, day: date) -> tuple[str | None, ...]:
        return xhht.evaluate(profile, {"a": True, "held": recognition}, as_of=day).levels_possible

    assert level("2023-05-31", date(2024, 5, 31)) == ("two",)
    assert level("2023-06-01", date(2024, 5, 31)) == ("one",)
    assert level(date(2023, 2, 28), date(2024, 2, 29)) == ("two",)
    assert level(date(2024, 2, 29), date(2025, 2, 27)) == ("one",)
    assert level(date(2024, 2, 29), date(2025, 2, 28)) == ("two",)
    assert level(None, date(2024, 5, 31)) == ("two", "one")
    with pytest.raises(FactsError) as error:
        xhht.evaluate(profile, {"a": True})
    assert error.value.code == "as_of_missing"


@pytest.mark.parametrize(
    ("binds", "holds", "since", "possible"),
    [
        ("everyone", False, None, ("one",)),
        ("everyone", True, "2023-05-31", ("two",)),
        ("everyone", True, "2023-06-01", ("one",)),
        ("everyone", None, "2023-05-31", ("two", "one")),
        ("everyone", None, "2023-06-01", ("one",)),
        ("holders", False, None, ("two",)),
        ("holders", False, "2023-06-01", ("two",)),
        ("holders", True, "2023-05-31", ("two",)),
        ("holders", True, "2023-06-01", ("one",)),
        ("holders", None, "2023-05-31", ("two",)),
        ("holders", None, None, ("two", "one")),
    ],
)
def test_whether_a_level_is_held_is_a_fact_of_its_own(
    binds: str, holds: bool | None, since: str | None, possible: tuple[str, ...]
) -> None:
    levels = f"""
    - id: two
      name: {{vi: Mức 2, en: Level 2}}
      when: points >= 5
      requires: {{level: one, months: 12, since: day, held: has, binds: {binds}}}
    - {{id: one, name: {{vi: Mức 1, en: Level 1}}, when: points >= 5}}
    """
    profile = profile_of(
        {"a": "type: bool", "day": "type: date", "has": "type: bool"},
        '- {id: "1.1", points: 10, met_when: a}',
        levels,
    )
    facts = {"a": True, "has": holds, "day": since}
    result = xhht.evaluate(profile, facts, as_of=date(2024, 5, 31))
    assert result.levels_possible == possible


def test_a_date_is_compared_with_a_day_and_with_as_of() -> None:
    profile = profile_of(
        {"since": "type: date"},
        """
        - {id: "1.1", points: 5, met_when: "since < '2020-01-01'"}
        - {id: "1.2", points: 5, met_when: as_of - since >= 365}
        """,
    )
    day = date(2020, 12, 31)  # 2020 has 366 days
    assert span(profile, {"since": date(2019, 12, 31)}, day) == (10, 10)
    assert span(profile, {"since": "2020-01-01"}, day) == (5, 5)
    assert span(profile, {"since": "2020-01-02"}, day) == (0, 0)
    assert span(profile, {"since": Between(date(2019, 1, 1), date(2020, 1, 1))}, day) == (5, 10)


def test_choices_are_compared_and_looked_up_in_lists() -> None:
    kinds = "type: choice, choices: {a: {vi: A, en: A}, b: {vi: B, en: B}, c: {vi: C, en: C}}"
    profile = profile_of(
        {"kind": kinds},
        """
        - {id: "1.1", points: 1, met_when: "kind == 'a'"}
        - {id: "1.2", points: 2, met_when: "kind in ('a', 'b')"}
        - {id: "1.3", points: 4, met_when: "kind not in ('a', 'b')"}
        """,
    )
    assert [points(profile, {"kind": kind}) for kind in "abc"] == [3, 2, 4]
    assert points(profile, {"kind": OneOf({"b"})}) == 2
    result = xhht.evaluate(profile, {"kind": OneOf({"a", "b"})})
    assert result.criterion("1.2").status is Status.MET
    assert result.criterion("1.3").status is Status.UNMET
    assert result.criterion("1.1").status is Status.UNKNOWN


def test_a_share_input_is_compared_with_a_percentage() -> None:
    profile = profile_of(
        {"s": "type: share, places: 3"}, '- {id: "1.1", points: 10, met_when: s >= 70.5%}'
    )
    assert points(profile, {"s": 0.705}) == 10
    assert points(profile, {"s": F("0.704")}) == 0


def test_an_unknown_mark_leaves_points_certain_and_no_verdict() -> None:
    level = "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= unknown}"
    profile = profile_of({"a": "type: bool"}, '- {id: "1.1", points: 10, met_when: a}', level)
    result = xhht.evaluate(profile, {"a": True})
    assert (result.points_certain, result.points_possible) == (F(10), F(10))
    assert result.verdict is Verdict.UNDETERMINED
    assert result.levels_possible == ("pass", None)
    assert result.level is None


def test_a_share_of_nothing_spans_the_whole_and_is_not_exact() -> None:
    profile = profile_of(COUNTS, '- {id: "1.1", points: 10, met_when: "share(n, d) >= 50%"}')
    result = xhht.evaluate(profile, {"n": 0, "d": 0})
    assert (result.points_certain, result.points_possible) == (F(0), F(10))
    assert result.verdict is Verdict.UNDETERMINED
    assert not result.exact
    assert [(gap.reason.value, gap.criterion) for gap in result.gaps()] == [
        ("undefined_share", "1.1")
    ]


def test_a_guarded_share_of_nothing_does_not_apply() -> None:
    guarded = """
    - id: "1.1"
      points: 10
      met_when: share(n, d) >= 50%
      applies_when: d > 0
      na_policy: full
    """
    result = xhht.evaluate(profile_of(COUNTS, guarded), {"n": 0, "d": 0})
    assert result.criterion("1.1").status is Status.NOT_APPLICABLE
    assert result.points_certain == 10
    assert result.gaps() == ()
    assert result.exact


def test_levels_are_tried_from_the_best() -> None:
    levels = """
    - {id: good, name: {vi: Tốt, en: Good}, when: points >= 8 and met("1.1")}
    - {id: fair, name: {vi: Khá, en: Fair}, when: points_of("1.2") >= 3}
    - {id: average, name: {vi: TB, en: Average}, when: lowest_indicator >= 1}
    """
    profile = profile_of(TWO_INPUTS, TWO, levels)
    cases = [(10, 0, "good"), (9, 3, "fair"), (9, 2, "average"), (9, 0, None)]
    for a, b, level in cases:
        assert xhht.evaluate(profile, {"a": a, "b": b}).level == level
    assert xhht.evaluate(profile, {"a": 10}).levels_possible == ("good",)
    assert xhht.evaluate(profile, {"a": 9}).levels_possible == ("fair", "average", None)


# Results as a whole


CITIZEN = "vn.citizen.qd324-2023"


def test_75_points_with_the_area_unknown_ask_for_the_area() -> None:
    citizen = xhht.bundled_profiles().get(CITIZEN)
    facts = {f"indicator_{i}": 8 if i <= 5 else 7 for i in range(1, 11)}
    result = xhht.evaluate(citizen, facts)
    assert result.points_certain == result.points_possible == 75
    assert result.verdict is Verdict.UNDETERMINED
    missing = [(gap.input, gap.reason.value) for gap in result.gaps() if gap.input]
    assert missing == [("disadvantaged_area", "missing")]
    assert result.exact


def test_nothing_known_is_undetermined_under_every_bundled_profile() -> None:
    for profile in xhht.bundled_profiles():
        result = xhht.evaluate(profile, {}, as_of=date(2024, 12, 31))
        assert result.verdict is Verdict.UNDETERMINED
        assert (result.level, result.points_certain) == (None, F(0))
        assert result.points_possible == result.max_points


def test_criteria_come_in_the_order_of_the_profile_branches_first() -> None:
    result = xhht.evaluate(xhht.bundled_profiles().get("vn.unit.tt22-2020"), {})
    ids = [criterion.id for criterion in result.criteria]
    assert ids[:4] == ["1", "1.1", "1.2", "1.3"]
    assert ids[4] == "2"
    assert len(ids) == 13


def test_statuses_of_a_branch() -> None:
    profile = profile_of(TWO_INPUTS, TWO)
    cases: list[tuple[dict[str, object], Status]] = [
        ({"a": 10, "b": 6}, Status.MET),
        ({"a": 0, "b": 0}, Status.UNMET),
        ({"a": 3, "b": 0}, Status.PARTIAL),
        ({"a": 3}, Status.UNKNOWN),
        ({}, Status.UNKNOWN),
    ]
    for facts, status in cases:
        assert xhht.evaluate(profile, facts).criterion("1").status is status
    with pytest.raises(KeyError):
        xhht.evaluate(profile, {}).criterion("9")


HANDED_OR_NOT = """
- {id: "1.1", points: 5, met_when: b0}
- id: "1.2"
  points: 5
  met_when: b1
  applies_when: b1
  na_policy: redistribute
"""
DROPPED = """
- {id: "1.1", points: 5, met_when: a}
- {id: "1.2", points: 5, met_when: b, applies_when: x, na_policy: drop}
"""
AT_HALF = "- {id: pass, name: {vi: Đạt, en: Pass}, when: percent >= 50%}"


def test_a_branch_is_met_however_points_are_handed_out() -> None:
    profile = profile_of(
        {"b0": "type: bool", "b1": "type: bool"}, HANDED_OR_NOT, branch=ROUNDED_DOWN
    )
    result = xhht.evaluate(profile, {"b0": True})
    assert (result.points_certain, result.available_points) == (F(10), F(10))
    assert result.criterion("1").status is Status.MET
    assert result.criterion("1").max_points == 10


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"a": True, "b": False}, Status.UNKNOWN),
        ({"a": True, "b": False, "x": True}, Status.PARTIAL),
        ({"a": True, "b": False, "x": False}, Status.MET),
        ({"a": False, "b": False}, Status.UNMET),
    ],
)
def test_a_status_stays_open_while_it_is_open_what_is_available(
    facts: dict[str, object], status: Status
) -> None:
    profile = profile_of(dict.fromkeys("abx", "type: bool"), DROPPED, AT_HALF)
    assert xhht.evaluate(profile, facts).criterion("1").status is status


def test_all_or_nothing_with_a_deduction_can_be_unmet() -> None:
    leaves = """
    - {id: "1.1", points: 10, met_when: a}
    - {id: "1.2", points: -5, met_when: b}
    """
    inputs = dict.fromkeys("ab", "type: bool")
    profile = profile_of(inputs, leaves, branch="combine: all_or_nothing")
    result = xhht.evaluate(profile, {"a": False, "b": True})
    assert (result.points_certain, result.criterion("1").status) == (F(0), Status.UNMET)
    assert xhht.evaluate(profile, {"a": True, "b": False}).criterion("1").status is Status.MET


def test_the_fewest_points_that_a_panel_may_award_are_unmet() -> None:
    profile = profile_of(
        {"p": "type: assessed, min: 2, max: 5"}, '- {id: "1.1", points: 5, assessed: p}'
    )
    statuses = [xhht.evaluate(profile, {"p": p}).criterion("1.1").status for p in (2, 3, 5)]
    assert statuses == [Status.UNMET, Status.PARTIAL, Status.MET]


def test_a_criterion_below_an_absent_branch_has_no_points_for_a_level() -> None:
    below = """
    - id: "1"
      applies_when: x
      na_policy: zero
      indicators:
        - {id: "1.1", points: 5, met_when: a}
    """
    level = '- {id: pass, name: {vi: Đạt, en: Pass}, when: points_of("1.1") >= 5}'
    profile = profile_of_criteria(dict.fromkeys("ax", "type: bool"), below, level)
    assert outcome(profile, {"x": False, "a": True}) == "not_recognised"
    assert outcome(profile, {"x": True, "a": True}) == "recognised"
    assert outcome(profile, {"a": True}) == "undetermined"


def test_a_share_of_members_is_exact_where_there_are_members_for_certain() -> None:
    members = {"x": "type: share, members: {title: learning_citizen, take: share}"}
    profile = profile_of(members, '- {id: "1.1", points: 10, met_when: x >= 50%}')
    some = xhht.evaluate(profile, {"x": MemberShare(xhht.Between(2, 3), xhht.Between(2, 4))})
    assert (some.verdict, some.exact) == (Verdict.UNDETERMINED, True)
    settled = xhht.evaluate(profile, {"x": MemberShare(xhht.Between(4, 5), xhht.Between(2, 4))})
    assert (settled.verdict, settled.exact) == (Verdict.RECOGNISED, True)
    perhaps_none = xhht.evaluate(
        profile, {"x": MemberShare(xhht.Between(0, 3), xhht.Between(0, 4))}
    )
    assert (perhaps_none.verdict, perhaps_none.exact) == (Verdict.UNDETERMINED, False)


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (0.815, "81.5%"),
        (xhht.Evidence(value=0.815), "81.5%"),
        (MemberShare(163, 37), "163/200 members"),
        (1, "100%"),
        (MemberShare(7, 0), "7/7 members"),
    ],
)
def test_counts_are_only_shown_where_counts_were_given(fact: object, line: str) -> None:
    members = {"x": "type: share, members: {title: learning_citizen, take: share}"}
    profile = profile_of(members, '- {id: "1.1", points: 10, met_when: x >= 50%}')
    text = xhht.evaluate(profile, {"x": fact}).explain("en", "full").text()
    assert f"(x) = {line}" in text
    assert ("/" in line) == ("163/200" in text or "7/7" in text)


@pytest.mark.parametrize(
    ("share", "code"),
    [
        (Fraction(1, 3), None),
        (0.123456789, None),
        (1 / 1024, "off_step"),
        (Fraction(1, 10**9 + 1), "off_step"),
        (1.5, "out_of_bounds"),
        (MemberShare(-1, 2), "out_of_bounds"),
    ],
)
def test_a_share_of_members_as_one_number(share: object, code: str | None) -> None:
    members = {"x": "type: share, members: {title: learning_citizen, take: share}"}
    profile = profile_of(members, '- {id: "1.1", points: 10, met_when: x >= 50%}')
    if code is None:
        assert outcome(profile, {"x": share}) == "not_recognised"
        return
    with pytest.raises(FactsError) as refused:
        xhht.evaluate(profile, {"x": share})
    assert (refused.value.code, refused.value.field) == (code, "x")


def test_cross_bounds_narrow_what_is_unknown() -> None:
    inputs = {"total": "type: count, min: 1", "part": "type: count, at_most: total"}
    profile = profile_of(inputs, '- {id: "1.1", points: 10, met_when: part >= 5}')
    assert outcome(profile, {"total": 4}) == "not_recognised"
    assert outcome(profile, {"part": 5}) == "recognised"
    assert outcome(profile, {"total": 5}) == "undetermined"


def test_an_unknown_used_twice_is_called_inexact() -> None:
    profile = profile_of(
        {"a": "type: bool"},
        '- {id: "1.1", points: 5, met_when: a}\n- {id: "1.2", points: 5, met_when: not a}',
    )
    open_result = xhht.evaluate(profile, {})
    assert not open_result.exact
    assert open_result.points_certain <= 5 <= open_result.points_possible
    assert xhht.evaluate(profile, {"a": True}).exact


@pytest.mark.parametrize("day", ["2024-12-31", 20241231, 0])
def test_as_of_must_be_a_day(day: Any) -> None:
    with pytest.raises(FactsError) as error:
        xhht.evaluate(xhht.bundled_profiles().get(CITIZEN), {}, as_of=day)
    assert (error.value.code, error.value.field) == ("not_a_date", "as_of")


def test_facts_may_be_an_attrs_object_and_nothing_else_but_a_mapping() -> None:
    from attrs import make_class

    profile = profile_of({"a": "type: bool"}, '- {id: "1.1", points: 10, met_when: a}')
    assert xhht.evaluate(profile, make_class("Facts", ["a"])(a=True)).points_certain == 10
    for facts in ([("a", True)], "a", None, 1):
        with pytest.raises(FactsError) as error:
            xhht.evaluate(profile, facts)
        assert error.value.code == "not_an_object"


def test_to_dict_has_the_promised_keys_and_exact_numbers() -> None:
    profile = profile_of(
        {"a": "type: assessed, max: 100, step: 0.001"},
        '- {id: "1.1", points: 100, assessed: a}',
        ALWAYS,
    )
    given = xhht.evaluate(profile, {"a": F("43.077")}, as_of=date(2024, 12, 31)).to_dict("en")
    assert given["points_certain"] == given["points_possible"] == 43.077
    assert type(given["max_points"]) is int
    assert given["profile"] == {
        "id": "test.inline",
        "version": "1.0.0",
        "hash": profile.hash,
        "provenance": "illustrative",
    }
    assert given["as_of"] == "2024-12-31"
    assert (given["verdict"], given["level"], given["levels_possible"]) == (
        "recognised",
        "pass",
        ["pass"],
    )
    assert given["criteria"] == [
        {
            "id": node,
            "status": "partial",
            "points_certain": 43.077,
            "points_possible": 43.077,
            "max_points": 100,
        }
        for node in ("1", "1.1")
    ]
    assert given["gaps"] == []


# Files that are long or deep


def test_bands_by_the_hundred_are_judged_case_by_case() -> None:
    bands = ", ".join(f"{{when: n == {at}, points: {at % 9 + 1}}}" for at in range(900))
    profile = profile_of(
        {"n": "type: count", "a": "type: bool"},
        f"""
        - {{id: "1.1", points: 10, bands: [{bands}]}}
        - {{id: "1.2", points: 1, met_when: a, applies_when: n > 5, na_policy: zero}}
        - {{id: "1.3", points: 1, met_when: a, applies_when: a, na_policy: zero}}
        """,
        ALWAYS,
        branch="combine: all_or_nothing",
    )
    assert span(profile, {"n": 8, "a": True}) == (0, 0)


def test_thousands_of_indicators_add_up() -> None:
    leaves = "\n".join(
        f'- {{id: "1.{at}", points: 2, per_item: {{count: n, each: {1 + at % 2}}}}}'
        for at in range(3_000)
    )
    profile = profile_of({"n": "type: count"}, leaves)
    assert span(profile, {"n": 1}) == (4_500, 4_500)
    assert span(profile, {"n": Between(0, 1)}) == (0, 4_500)


def test_points_handed_out_on_many_floors_make_no_endless_plan() -> None:
    nested = '- {id: z, indicators: [{id: "z1", points: 1, met_when: a}]}'
    for floor in range(17):
        givers = "\n".join(
            f"- {{id: m{floor}x{at}, applies_when: b{at}, na_policy: redistribute,"
            f" indicators: [{{id: q{floor}x{at}, points: 1, met_when: a{at}}}]}}"
            for at in range(6)
        )
        below = indent(f"{nested}\n{givers}", "  ")
        nested = f"- id: n{floor}\n  rounding: {{step: 1, mode: up}}\n  criteria:\n{below}"
    names = ["a", *(f"{letter}{at}" for letter in "ab" for at in range(6))]
    profile = profile_of_criteria(dict.fromkeys(names, "type: bool"), nested, ALWAYS)
    assert len(profile.plan.operators) < 50_000
    facts = dict.fromkeys(names, True)
    assert span(profile, facts) == (103, 103)
    assert span(profile, {**facts, **{f"b{at}": False for at in range(6)}}) == (103, 103)
    low, high = span(profile, {"a": True})
    assert low <= 1
    assert high == 103


def test_two_conditions_with_an_unknown_mark_need_not_be_the_same() -> None:
    twice = "met_when: unknown and b, applies_when: unknown and b, na_policy: drop"
    profile = profile_of(
        {"a": "type: bool", "b": "type: bool"},
        f'- {{id: "1.1", points: 10, {twice}}}\n- {{id: "1.2", points: 10, met_when: a}}',
        "- {id: pass, name: {vi: Đạt, en: Pass}, when: percent >= 60%}",
    )
    # 1.1 may apply and be unmet: then 10 of 20 points are 50%.
    assert outcome(profile, {"a": True, "b": True}) == "undetermined"
    assert outcome(profile, {"a": True, "b": False}) == "recognised"


def test_two_unknown_marks_need_not_be_the_same() -> None:
    profile = profile_of(
        {"a": "type: bool"},
        '- {id: "1.1", points: 10, met_when: unknown, applies_when: unknown, na_policy: full}\n'
        '- {id: "1.2", points: 5, met_when: a}',
    )
    assert span(profile, {"a": False}) == (0, 10)


@pytest.mark.parametrize("denominator", ["0", "-2", "0 * n", "n - n", "zero", "0 * d"])
@pytest.mark.parametrize(
    "scoring",
    [
        'met_when: "share(n, {}) >= 50%"',
        'met_when: "share(n, {}) < 50%"',
        'met_when: "not share(n, {}) == 50%"',
        'bands: [{{when: "20% <= share(n, {}) < 50%", points: 10}}]',
        'proportional: {{share: "share(n, {})", rounding: {{step: 1, mode: down}}}}',
    ],
)
def test_a_share_that_is_always_of_nothing_stays_open(denominator: str, scoring: str) -> None:
    text = f"""\
format: 1
id: test.nothing
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {{vi: Mẫu, en: Sample}}
inputs:
  n: {{type: count, max: 40, label: {{vi: n, en: n}}}}
  d: {{type: count, label: {{vi: d, en: d}}}}
values:
  zero: {{label: {{vi: v, en: v}}, dated: [{{value: 0}}, {{from: 2024-01-01, value: 0}}]}}
criteria:
  - {{id: "1", indicators: [{{id: "1.1", points: 10, {scoring.format(denominator)}}}]}}
levels:
  - {{id: pass, name: {{vi: Đạt, en: Pass}}, when: points >= 10}}
"""
    profile = xhht.loads_profile(text)
    for n in (0, 3):
        result = xhht.evaluate(profile, {"n": n, "d": 2}, as_of=date(2024, 6, 1))
        assert result.points_certain == 0
        assert result.points_possible == 10
        assert result.verdict is Verdict.UNDETERMINED
        assert not result.exact
        assert [gap.reason.value for gap in result.gaps()] == ["undefined_share"]


def test_two_comparisons_of_a_share_of_nothing_are_independent() -> None:
    """No defined share satisfies either, so that they agree wherever it is defined."""
    profile = profile_of(
        {"a": "type: count, min: 1, max: 4", "b": "type: count, max: 3"},
        """
        - id: "1.1"
          points: 10
          met_when: share(a, b) < 20%
          applies_when: share(a, b) <= 33%
          na_policy: full
        """,
    )
    assert span(profile, {"a": 1, "b": 0}) == (0, 10)
    assert span(profile, {"a": 1, "b": 1}) == (10, 10)


PART_ABSENT = """
- id: "0"
  combine: {combine}
  criteria:
    - id: "1"
      applies_when: a or b
      na_policy: drop
      indicators:
        - {{id: "1.1", points: 2, met_when: b, applies_when: a, na_policy: {policy}}}
    - {{id: "3", indicators: [{{id: "3.1", points: 7, met_when: b}}]}}
- {{id: "2", indicators: [{{id: "2.1", points: 5, met_when: b}}]}}
"""


@pytest.mark.parametrize(
    ("combine", "policy", "expected"),
    [
        # Its own condition holds, so its own policy does not act: its part counts as 0 of 2.
        ("sum", "zero", (12, 14)),
        ("worst_of", "zero", (5, 7)),
        ("worst_of", "full", (7, 7)),
        # All that is below it is dropped, and it with it.
        ("sum", "drop", (12, 12)),
        ("worst_of", "drop", (12, 12)),
        ("best_of", "drop", (12, 12)),
    ],
)
def test_a_part_that_is_absent_means_the_same_in_every_combination(
    combine: str, policy: str, expected: tuple[int, int]
) -> None:
    profile = profile_of_criteria(
        {"a": "type: bool", "b": "type: bool"},
        PART_ABSENT.format(combine=combine, policy=policy),
        "- {id: pass, name: {vi: Đạt, en: Pass}, when: percent >= 50%}",
    )
    result = xhht.evaluate(profile, {"a": False, "b": True})
    certain, available = expected
    assert result.points_certain == certain
    assert result.available_points == available
    assert result.criterion("1").status is Status.NOT_APPLICABLE


def test_the_best_of_leaves_out_what_is_dropped_even_if_all_else_is_below_0() -> None:
    profile = profile_of(
        {"a": "type: bool", "b": "type: bool"},
        """
        - {id: "1.1", points: 5, met_when: b, applies_when: a, na_policy: drop}
        - {id: "1.2", points: -2, met_when: b}
        """,
        "- {id: pass, name: {vi: Đạt, en: Pass}, when: percent >= 50%}",
        branch="  combine: best_of",
    )
    assert points(profile, {"a": False, "b": True}) == -2


def test_what_lies_under_a_branch_that_does_not_apply_has_no_points() -> None:
    profile = profile_of_criteria(
        {"a": "type: bool", "b": "type: count, max: 5"},
        """
        - id: "1"
          applies_when: a
          na_policy: full
          indicators: [{id: "1.1", points: 2, per_item: {count: b, each: 1}}]
        """,
        "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 1}",
    )
    result = xhht.evaluate(profile, {"a": False})
    assert [c.points_certain for c in result.criteria] == [F(2), F(0)]
    assert [c.points_possible for c in result.criteria] == [F(2), F(0)]
    open_result = xhht.evaluate(profile, {"b": 2})
    assert [c.points_certain for c in open_result.criteria] == [F(2), F(0)]
    assert [c.points_possible for c in open_result.criteria] == [F(2), F(2)]


def test_a_criterion_without_parts_that_apply_shows_the_points_of_their_policies() -> None:
    profile = profile_of(
        {"a": "type: bool", "b": "type: bool"},
        '- {id: "1.1", points: 8, met_when: b, applies_when: a, na_policy: full}',
        '- {id: pass, name: {vi: Đạt, en: Pass}, when: met("1.1") and points_of("1.1") >= 8}',
    )
    result = xhht.evaluate(profile, {"a": False})
    assert {c.status for c in result.criteria} == {Status.NOT_APPLICABLE}
    assert [c.points_certain for c in result.criteria] == [8, 8]
    assert result.level == "pass"


@pytest.mark.parametrize(
    ("count", "status"), [(0, Status.PARTIAL), (2, Status.PARTIAL), (4, Status.MET)]
)
def test_waived_points_are_not_the_fewest_that_a_criterion_can_have(
    count: int, status: Status
) -> None:
    profile = profile_of(
        {"a": "type: bool", "b": "type: count, max: 5"},
        """
        - {id: "1.1", points: 5, met_when: a}
        - {id: "1.2", points: 4, per_item: {count: b, each: 1}}
        """,
    )
    waiver = xhht.Waiver(reason="r", authority="x")
    result = xhht.evaluate(profile, {"a": waiver, "b": count})
    assert result.criterion("1").status is status
    assert result.criterion("1.1").status is Status.WAIVED
    assert xhht.evaluate(profile, {"a": False, "b": 0}).criterion("1").status is Status.UNMET


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"a": True, "b": True, "c": 3}, "pass"),
        ({"a": False, "b": True, "c": 0}, None),
        # No indicator is left: the highest maximum of any.
        ({"a": False, "b": False, "c": 3}, "pass"),
    ],
)
def test_the_lowest_indicator_is_one_that_can_have_points_and_applies(
    facts: Mapping[str, object], level: str | None
) -> None:
    profile = profile_of(
        {"a": "type: bool", "b": "type: bool", "c": "type: count, max: 3"},
        """
        - {id: "1.1", points: 10, met_when: a, applies_when: b, na_policy: zero}
        - {id: "1.2", points: -5, per_item: {count: c, each: -1}}
        - {id: "1.3", met_when: a}
        """,
        "- {id: pass, name: {vi: Đạt, en: Pass}, when: lowest_indicator >= 10}",
    )
    assert xhht.evaluate(profile, facts).level == level


def test_rounding_up_never_gives_more_than_the_points() -> None:
    profile = profile_of(
        COUNTS,
        """
        - id: "1.1"
          points: 5
          proportional: {share: "share(n, d)", rounding: {step: 2, mode: up}}
        """,
    )
    assert points(profile, {"n": 9, "d": 10}) == 5
    assert points(profile, {"n": 11, "d": 10}) == 5
