"""Values that change by date: which holds on the day, and what is open before the first."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

import xhht
from inline_profiles import HEAD
from xhht.errors import FactsError

YAML = (
    HEAD
    + """\
inputs:
  members: {type: count, min: 1, label: {vi: Số thành viên, en: Members}}
  learners: {type: count, at_most: members, label: {vi: Số người học, en: Learners}}
  since: {type: date, label: {vi: Từ ngày, en: Since}}
values:
  quota:
    label: {vi: Tỉ lệ cần đạt, en: Share to reach}
    dated: [{value: 62.5%}, {from: 2025-01-01, value: 80%}]
  cutoff:
    label: {vi: Hạn, en: Deadline}
    dated: [{value: "2020-06-30"}, {from: 2025-01-01, value: "2021-06-30"}]
  mark:
    label: {vi: Điểm đạt, en: Pass mark}
    dated:
      - {from: 2024-01-01, value: 10}
      - {from: 2025-07-01, value: unknown}
      - {from: 2026-01-01, value: 12.5}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: "share(learners, members) >= quota"}
      - {id: "1.2", points: 2.5, met_when: since <= cutoff}
levels:
  - {id: pass, name: {vi: Đạt, en: Pass}, when: points >= mark}
"""
)
PROFILE = xhht.loads_profile(YAML, "dated.yaml")
FACTS = {"members": 10, "learners": 7, "since": date(2021, 6, 30)}


def judged(day: str, **facts: object) -> xhht.Evaluation:
    return xhht.evaluate(PROFILE, {**FACTS, **facts}, as_of=date.fromisoformat(day))


def changed(*changes: tuple[str, str]) -> xhht.Profile:
    text = YAML
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return xhht.loads_profile(text)


@pytest.mark.parametrize(
    ("day", "points", "verdict"),
    [
        ("2023-12-31", 10, "undetermined"),
        ("2024-01-01", 10, "recognised"),
        ("2024-12-31", 10, "recognised"),
        ("2025-01-01", Fraction(5, 2), "not_recognised"),
        ("2025-06-30", Fraction(5, 2), "not_recognised"),
        ("2025-07-01", Fraction(5, 2), "undetermined"),
        ("2026-01-01", Fraction(5, 2), "not_recognised"),
    ],
)
def test_what_holds_on_the_day_decides(day: str, points: Fraction, verdict: str) -> None:
    result = judged(day)
    assert result.points_certain == result.points_possible == points
    assert result.verdict.value == verdict


def test_a_day_is_needed_and_the_clock_never_read() -> None:
    with pytest.raises(FactsError) as caught:
        xhht.evaluate(PROFILE, FACTS)
    assert caught.value.code == "as_of_missing"


@pytest.mark.parametrize("day", ["2023-12-31", "2025-07-01"])
def test_an_unknown_value_is_a_gap_of_what_asks_for_it(day: str) -> None:
    reasons = [(g.criterion, g.reason.value) for g in judged(day).gaps() if g.input is None]
    assert (None, "unknown_mark") in reasons
    assert judged(day).exact


def test_a_value_that_is_known_on_the_day_is_no_gap() -> None:
    gaps = judged("2024-12-31", learners=None, since=date(2020, 1, 1)).gaps()
    assert [(gap.input, gap.reason.value) for gap in gaps] == [("learners", "missing")]


def test_an_unknown_value_in_a_criterion_is_its_gap_unless_waived() -> None:
    profile = changed(("[{value: 62.5%}, {", "[{"))
    result = xhht.evaluate(profile, FACTS, as_of=date(2024, 12, 31))
    assert result.points_certain == 0
    assert result.points_possible == 10
    assert next((g.criterion, g.reason.value) for g in result.gaps()) == ("1.1", "unknown_mark")
    waived = {**FACTS, "learners": xhht.Waiver(reason="Lý do", authority="UBND")}
    assert xhht.evaluate(profile, waived, as_of=date(2024, 12, 31)).gaps() == ()


HIDDEN = "[{from: 2030-01-01, value: 5}]"


@pytest.mark.parametrize(
    ("scoring", "low", "high"),
    [
        ("met_when: learners >= spare + 1", 0, 10),
        ('met_when: "share(learners, members + spare) >= 50%"', 0, 10),
        ("met_when: learners >= (spare if members >= 5 else 3)", 0, 10),
        ("met_when: learners >= (spare if members >= 50 else 3)", 10, 10),
        ("met_when: members >= 50 and learners >= spare", 0, 0),
        ('proportional: {share: "share(learners, spare)", rounding: {step: 4, mode: down}}', 0, 8),
        ("bands: [{when: learners >= spare, points: 10}, {when: true, points: 4}]", 4, 10),
    ],
)
def test_whatever_is_calculated_with_an_unknown_value_is_open(
    scoring: str, low: int, high: int
) -> None:
    spare = f"values:\n  spare: {{label: {{vi: A, en: A}}, dated: {HIDDEN}}}\n"
    grid = ("criteria:", "grid: 0.5\ncriteria:")
    profile = changed(
        ('met_when: "share(learners, members) >= quota"', scoring), ("values:\n", spare), grid
    )
    result = xhht.evaluate(profile, FACTS, as_of=date(2025, 1, 1))
    leaf = result.criterion("1.1")
    assert leaf.points_certain == low
    assert leaf.points_possible == high


@pytest.mark.parametrize(
    ("second", "high"),
    [("learners >= spare", 4), ("learners >= other", 10), ("members >= spare", 10)],
)
def test_only_the_same_comparison_with_an_unknown_value_has_the_same_truth(
    second: str, high: int
) -> None:
    unseen = "{label: {vi: A, en: A}, dated: [{from: 2030-01-01, value: 0}]}"
    scoring = f"bands: [{{when: learners >= spare, points: 4}}, {{when: {second}, points: 10}}]"
    profile = changed(
        ('met_when: "share(learners, members) >= quota"', scoring),
        ("values:\n", f"values:\n  spare: {unseen}\n  other: {unseen}\n"),
    )
    leaf = xhht.evaluate(profile, FACTS, as_of=date(2025, 1, 1)).criterion("1.1")
    assert leaf.points_certain == 0
    assert leaf.points_possible == high


@pytest.mark.parametrize(
    ("condition", "is_exact"),
    [
        ("learners >= mark", True),
        ("2 * learners - mark > members", True),
        ("learners >= (mark if members >= 5 else 3)", True),
        ("learners >= mark and members <= mark", False),
        ("learners * mark >= members", False),
        ("learners >= min(3, mark)", False),
        ("share(learners, members + mark) >= 50%", False),
    ],
)
def test_an_unknown_value_that_counts_twice_or_not_at_all_is_called_inexact(
    condition: str, is_exact: bool
) -> None:
    met_when = f'met_when: "{condition}"'
    profile = changed(
        ('met_when: "share(learners, members) >= quota"', met_when), (">= mark}", ">= 5}")
    )
    assert xhht.evaluate(profile, FACTS, as_of=date(2023, 1, 1)).exact is is_exact
    assert xhht.evaluate(profile, FACTS, as_of=date(2024, 1, 1)).exact


@pytest.mark.parametrize(("asks", "is_exact"), [("met", True), ("not met", False)])
def test_a_mark_that_pulls_both_ways_is_called_inexact(asks: str, is_exact: bool) -> None:
    profile = changed(
        ('met_when: "share(learners, members) >= quota"', "met_when: unknown"),
        ("when: points >= mark", f"when: 'points >= 10 and {asks}(\"1.1\")'"),
    )
    result = xhht.evaluate(profile, FACTS, as_of=date(2025, 1, 1))
    assert (result.verdict.value, result.exact) == ("undetermined", is_exact)


def test_percent_is_compared_with_what_holds_on_the_day() -> None:
    profile = changed(("when: points >= mark", "when: percent >= quota"))
    for day, verdict in (("2024-12-31", "recognised"), ("2025-01-01", "not_recognised")):
        result = xhht.evaluate(profile, FACTS, as_of=date.fromisoformat(day))
        assert result.verdict.value == verdict


def test_a_condition_of_one_subject_may_use_them() -> None:
    holds = xhht.SubjectCondition(PROFILE, "share(learners, members) >= quota")
    assert holds(FACTS, as_of=date(2024, 12, 31)) is True
    assert holds(FACTS, as_of=date(2025, 1, 1)) is False
    passes = xhht.SubjectCondition(PROFILE, "points >= mark")
    assert passes(FACTS, as_of=date(2023, 1, 1)) is None


@pytest.mark.parametrize(
    ("day", "lang", "line"),
    [
        ("2025-01-01", "vi", "        - Tỉ lệ cần đạt: 80% (từ 01/01/2025)"),
        ("2024-12-31", "vi", "        - Tỉ lệ cần đạt: 62,5%"),
        ("2024-12-31", "en", "        - Share to reach: 62.5%"),
        ("2025-01-01", "en", "        - Deadline: 2021-06-30 (from 2025-01-01)"),
        ("2026-01-01", "vi", "    - Điểm đạt: 12,5 (từ 01/01/2026)"),
        ("2023-12-31", "vi", "    - Điểm đạt: chưa thấy trong nguồn"),
        ("2025-07-01", "en", "    - Pass mark: not found in the sources"),
        (
            *("2026-01-01", "en"),
            "    ! Level 'Pass' requires: total points of at least 12.5 (12.5: “Pass mark” from "
            "2026-01-01; now 2.5); maximum possible points: 2.5.",
        ),
    ],
)
def test_the_explanation_shows_what_held(day: str, lang: str, line: str) -> None:
    assert line in judged(day).explain(lang).text().splitlines()
