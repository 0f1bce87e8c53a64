from __future__ import annotations

from datetime import date

import pytest

import xhht
from inline_profiles import PASS_AT_HALF, profile_of
from xhht import Profile

LEAVES = """
- {id: "1.1", name: {vi: Một, en: One}, points: 6, floor: 2, assessed: a}
- {id: "1.2", points: 2, met_when: b}
- {id: "1.3", points: 2, met_when: n >= 3}
"""
INPUTS = {"a": "type: assessed, max: 6", "b": "type: bool", "n": "type: count"}


def gaps(profile: Profile, facts: dict[str, object]) -> list[tuple[str | None, str | None, str]]:
    result = xhht.evaluate(profile, facts, as_of=date(2024, 12, 31))
    return [(gap.input, gap.criterion, gap.reason.value) for gap in result.gaps()]


def test_every_unknown_is_named_with_its_criterion() -> None:
    assert gaps(profile_of(INPUTS, LEAVES), {}) == [
        ("a", "1.1", "missing"),
        ("b", "1.2", "missing"),
        ("n", "1.3", "missing"),
    ]


def test_a_fact_that_changes_nothing_any_more_is_not_asked_for() -> None:
    leaves = '- {id: "1.1", points: 10, met_when: b or n >= 3}'
    profile = profile_of({"b": "type: bool", "n": "type: count"}, leaves)
    assert gaps(profile, {"b": True}) == []
    assert gaps(profile, {"b": False}) == [("n", "1.1", "missing")]


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"c": False}, ["a"]),
        ({"c": True}, ["a", "b"]),
        ({}, ["a", "b", "c"]),
        ({"b": True}, ["a"]),
        ({"a": False}, []),
    ],
)
def test_a_part_that_other_facts_have_decided_is_not_asked_for(
    facts: dict[str, object], missing: list[str]
) -> None:
    inputs = dict.fromkeys("abc", "type: bool")
    profile = profile_of(inputs, '- {id: "1.1", points: 10, met_when: a and (b or not c)}')
    assert [name for name, node, _ in gaps(profile, facts) if node == "1.1" and name] == missing


def test_what_is_not_met_has_a_reason_of_its_own() -> None:
    assert gaps(profile_of(INPUTS, LEAVES), {"a": 2, "b": False, "n": 2}) == [
        (None, "1.1", "below_threshold"),
        (None, "1.2", "not_met"),
        (None, "1.3", "below_threshold"),
        (None, None, "below_threshold"),
    ]


def test_an_indicator_without_a_name_is_called_by_its_kind_and_id() -> None:
    result = xhht.evaluate(profile_of(INPUTS, LEAVES), {"a": 2, "b": False, "n": 2})
    texts = {gap.criterion: gap.text for gap in result.gaps()}
    assert texts["1.1"].vi.startswith("Chưa đạt điểm tối đa: 1.1 Một.")
    assert texts["1.2"].vi.startswith("Chưa đạt: chỉ số 1.2.")


def test_a_floor_is_named_before_the_threshold() -> None:
    reasons = gaps(profile_of(INPUTS, LEAVES), {"a": 1, "b": True, "n": 3})
    assert reasons == [(None, "1.1", "below_floor")]


def test_a_floor_is_not_blamed_while_it_is_open_whether_the_criterion_applies() -> None:
    leaves = """
    - {id: "1.1", points: 6, floor: 2, assessed: a, applies_when: b, na_policy: full}
    """
    profile = profile_of({"a": INPUTS["a"], "b": "type: bool"}, leaves)
    assert gaps(profile, {"a": 1}) == [("b", "1.1", "missing")]
    assert gaps(profile, {"a": 1, "b": True}) == [
        (None, "1.1", "below_floor"),
        (None, None, "below_threshold"),
    ]


def test_at_the_best_level_only_what_is_unknown_is_left() -> None:
    profile = profile_of(INPUTS, LEAVES)
    assert gaps(profile, {"a": 6, "b": False, "n": 0}) == []
    assert gaps(profile, {"a": 6, "b": False}) == [("n", "1.3", "missing")]


def test_a_level_asks_for_the_inputs_of_its_condition() -> None:
    level = "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= (4 if hard else 6)}"
    profile = profile_of({**INPUTS, "hard": "type: bool"}, LEAVES, level)
    facts: dict[str, object] = {"a": 5, "b": False, "n": 0}
    assert gaps(profile, facts)[0] == ("hard", None, "missing")
    assert gaps(profile, {**facts, "a": 6}) == []
    assert gaps(profile, {**facts, "a": 3}) == [
        (None, "1.1", "below_threshold"),
        (None, "1.2", "not_met"),
        (None, "1.3", "below_threshold"),
        (None, None, "below_threshold"),
    ]


def test_every_message_names_what_it_is_about_in_both_languages() -> None:
    profile = profile_of(INPUTS, LEAVES)
    result = xhht.evaluate(profile, {"a": 1})
    texts = {gap.input or gap.criterion: gap.text for gap in result.gaps()}
    assert texts["b"].vi == "Thiếu dữ kiện: nhãn b."
    assert texts["b"].en == "Missing: label b."
    assert texts["1.1"].vi == "Dưới điểm sàn 2: 1.1 Một; do đó không được xét mức nào."
    assert texts["1.1"].en == "Below the floor of 2: 1.1 One; no level can be reached."


def test_a_level_out_of_reach_tells_its_condition_and_what_must_come_before() -> None:
    profile = profile_of(
        {"b": "type: bool"}, '- {id: "1.1", points: 10, met_when: b}', PASS_AT_HALF
    )
    [_, level] = xhht.evaluate(profile, {"b": False}).gaps()
    assert (
        level.text.en
        == "Level 'Pass' requires: total points of at least 5 (now 0); maximum possible points: 0."
    )
    two = """
    - id: two
      name: {vi: Mức 2, en: Level 2}
      when: points >= 5
      requires: {level: one, months: 12, since: held}
    - {id: one, name: {vi: Mức 1, en: Level 1}, when: points >= 5}
    """
    profile = profile_of(
        {"b": "type: bool", "held": "type: date"}, '- {id: "1.1", points: 10, met_when: b}', two
    )
    facts = {"b": True, "held": "2024-06-01"}
    [level] = xhht.evaluate(profile, facts, as_of=date(2024, 12, 31)).gaps()
    assert "level 1 held for at least 12 months" in level.text.en
    assert "đã đạt mức 1 ít nhất 12 tháng" in level.text.vi


def test_the_gap_asks_first_whether_the_lower_level_is_held() -> None:
    profile = profile_of(
        {"b": "type: bool", "day": "type: date", "has": "type: bool"},
        '- {id: "1.1", points: 10, met_when: b}',
        """
        - id: two
          name: {vi: Mức 2, en: Level 2}
          when: points >= 5
          requires: {level: one, months: 12, since: day, held: has, binds: holders}
        - {id: one, name: {vi: Mức 1, en: Level 1}, when: points >= 5}
        """,
    )

    def result(**facts: object) -> xhht.Evaluation:
        return xhht.evaluate(profile, {"b": True, **facts}, as_of=date(2024, 12, 31))

    (gap,) = result().gaps()
    assert gap.input == "has"
    assert gap.text.en == ("State whether the subject has been recognised at level 1: label has.")
    (gap,) = result(has=True).gaps()
    assert gap.input == "day"
    assert gap.text.vi == "Cần cho biết ngày được công nhận mức 1: nhãn day."
    first_time = result(has=False)
    assert (first_time.gaps(), first_time.level) == ((), "two")
    (gap,) = result(has=True, day="2024-06-01").gaps()
    assert "of a holder of level 1 that it was held for at least 12" in gap.text.en
    assert [gap.input for gap in result(b=None, has=False).gaps()] == ["b"]
    assert [gap.input for gap in result(b=None, has=True, day="2020-01-01").gaps()] == ["b"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_gaps_as_json_have_both_keys(lang: str) -> None:
    result = xhht.evaluate(profile_of(INPUTS, LEAVES), {"a": 1, "n": 3})
    listed = result.to_dict(lang)["gaps"]
    assert isinstance(listed, list)
    assert {tuple(gap) for gap in listed} == {("input", "criterion", "reason", "message")}
    assert [(gap["input"], gap["criterion"]) for gap in listed] == [("b", "1.2"), (None, "1.1")]
    assert all(gap["message"] for gap in listed)


UNKNOWN_MARK = "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= unknown}"


def test_a_mark_that_no_source_shows_is_a_gap_of_the_level() -> None:
    profile = profile_of(
        {"b": "type: bool"}, '- {id: "1.1", points: 10, met_when: b}', UNKNOWN_MARK
    )
    assert gaps(profile, {"b": True}) == [(None, None, "unknown_mark")]
    assert gaps(profile, {}) == [("b", "1.1", "missing"), (None, None, "unknown_mark")]
    [gap] = xhht.evaluate(profile, {"b": True}).gaps()
    assert "'Đạt'" in gap.text.vi
    assert "'Pass'" in gap.text.en
    assert gap.text.vi in str(xhht.evaluate(profile, {"b": True}).explain("vi"))


@pytest.mark.parametrize("key", ["met_when: unknown", "met_when: b, applies_when: unknown"])
def test_a_condition_that_no_source_shows_is_a_gap_of_the_criterion(key: str) -> None:
    policy = ", na_policy: zero" if "applies" in key else ""
    leaf = f'- {{id: "1.1", points: 10, {key}{policy}}}'
    profile = profile_of({"b": "type: bool"}, leaf + '\n- {id: "1.2", points: 1, met_when: b}')
    assert gaps(profile, {"b": True}) == [(None, "1.1", "unknown_mark")]


def test_a_mark_that_decides_nothing_is_no_gap() -> None:
    level = UNKNOWN_MARK.replace("points >=", "b and points >=")
    profile = profile_of({"b": "type: bool"}, '- {id: "1.1", points: 10, met_when: b}', level)
    assert gaps(profile, {"b": False}) == [
        (None, "1.1", "not_met"),
        (None, None, "below_threshold"),
    ]


ALL_MAY_DROP = """
- {id: "1.1", points: 10, met_when: b, applies_when: n >= 3, na_policy: drop}
- {id: "1.2", points: 10, met_when: b, applies_when: n >= 3, na_policy: drop}
"""
AT_HALF_PERCENT = "- {id: pass, name: {vi: Đạt, en: Pass}, when: percent >= 50%}"


def test_a_percentage_of_no_points_is_undefined_and_says_so() -> None:
    profile = profile_of({"b": "type: bool", "n": "type: count"}, ALL_MAY_DROP, AT_HALF_PERCENT)
    result = xhht.evaluate(profile, {"b": True, "n": 2})
    [gap] = result.gaps()
    assert (gap.reason.value, gap.input, gap.criterion) == ("undefined_share", None, None)
    assert (result.verdict.value, result.exact) == ("undetermined", False)
    shown = str(result.explain("vi"))
    assert "0 trên 0" in shown
    assert "rộng hơn thực tế" not in shown


def test_a_percentage_of_some_points_is_defined() -> None:
    profile = profile_of({"b": "type: bool", "n": "type: count"}, ALL_MAY_DROP, AT_HALF_PERCENT)
    result = xhht.evaluate(profile, {"b": True, "n": 3})
    assert (result.verdict.value, result.exact, result.gaps()) == ("recognised", True, ())


def test_a_share_of_nothing_is_not_called_a_range_that_is_too_wide() -> None:
    leaf = '- {id: "1.1", points: 10, met_when: "share(n, m) >= 50%"}'
    profile = profile_of({"n": "type: count", "m": "type: count"}, leaf)
    result = xhht.evaluate(profile, {"n": 0, "m": 0})
    assert not result.exact
    assert "rộng hơn thực tế" not in str(result.explain("vi"))
    assert "mẫu số bằng 0" in str(result.explain("vi"))
