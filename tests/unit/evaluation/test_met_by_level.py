"""Marks by level: what one indicator asks for each level, and what the results say of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

import xhht
from xhht import Evaluation, Profile, Status, evaluate
from xhht.criteria.profile import profile_html
from xhht.evaluation.display import evaluation_html
from xhht.evaluation.explanation import Depth
from xhht.text import Lang

FILE = """\
format: 1
id: test.unit
version: 1.0.0
status: active
title: learning_unit
name: {vi: Đơn vị, en: Unit}
provenance: illustrative
inputs:
  members: {type: count, min: 1, label: {vi: Số thành viên, en: Members}}
  disciplined: {type: count, at_most: members, label: {vi: Số thành viên kỷ luật, en: Disciplined}}
  public: {type: bool, label: {vi: Là đơn vị công lập, en: Is public}}
  collective: {type: bool, label: {vi: Tập thể tiên tiến, en: Advanced collective}}
criteria:
  - id: "2"
    indicators:
      - id: "2.1"
        name: {vi: Kỷ luật, en: Discipline}
        REQUIREMENT
        met_by_level:
          level_2: share(disciplined, members) >= 95%
          level_1: share(disciplined, members) >= 90%
  - id: "3"
    indicators:
      - id: "3.3"
        name: {vi: Tập thể, en: Collective}
        met_by_level:
          level_2: {applies_when: public, met_when: collective}
          level_1: collective
levels:
  - {id: level_2, name: {vi: Mức 2, en: Level 2}, when: WHEN}
  - {id: level_1, name: {vi: Mức 1, en: Level 1}, when: WHEN}
"""


def profile(when: str = 'met("2") and met("3")', requirement: str = "scored") -> Profile:
    text = FILE.replace("WHEN", f"'{when}'").replace("REQUIREMENT", f"requirement: {requirement}")
    return xhht.loads_profile(text)


def facts(disciplined: int, *, public: bool = True, collective: bool = True) -> dict[str, Any]:
    return {
        "members": 100,
        "disciplined": disciplined,
        "public": public,
        "collective": collective,
    }


def statuses(result: Evaluation, node: str) -> tuple[Status, list[Status]]:
    criterion = result.criterion(node)
    return criterion.status, [*criterion.status_by_level.values()]


@pytest.mark.parametrize(("disciplined", "level"), [(95, "level_2"), (94, "level_1"), (89, None)])
def test_the_condition_of_a_level_asks_for_the_marks_of_that_level(
    disciplined: int, level: str | None
) -> None:
    assert evaluate(profile(), facts(disciplined)).level == level


@pytest.mark.parametrize(("disciplined", "level"), [(95, "level_2"), (94, "level_1"), (89, None)])
def test_a_must_bars_a_level_by_the_marks_of_that_level(
    disciplined: int, level: str | None
) -> None:
    assert evaluate(profile("true", "must"), facts(disciplined)).level == level


def test_what_a_level_does_not_ask_does_not_bar_it() -> None:
    of_public = evaluate(profile(), facts(95, public=True, collective=False))
    free = evaluate(profile(), facts(95, public=False, collective=False))
    assert (of_public.level, free.level) == (None, "level_2")
    assert statuses(free, "3.3") == (Status.UNMET, [Status.NOT_APPLICABLE, Status.UNMET])


def test_a_status_sums_up_the_levels_that_ask() -> None:
    met, unmet, partial = Status.MET, Status.UNMET, Status.PARTIAL
    assert statuses(evaluate(profile(), facts(95)), "2.1") == (met, [met, met])
    assert statuses(evaluate(profile(), facts(94)), "2.1") == (partial, [unmet, met])
    assert statuses(evaluate(profile(), facts(94)), "2") == (partial, [unmet, met])
    assert statuses(evaluate(profile(), facts(10)), "2") == (unmet, [unmet, unmet])


def test_a_status_is_unknown_while_it_depends_on_what_is_missing() -> None:
    unknown, not_asked = Status.UNKNOWN, Status.NOT_APPLICABLE
    assert statuses(evaluate(profile(), {}), "3.3") == (unknown, [unknown, unknown])
    private = evaluate(profile(), {"public": False})
    assert statuses(private, "3.3") == (unknown, [not_asked, unknown])


def test_criteria_whose_levels_agree_have_no_statuses_by_level() -> None:
    bundled = xhht.bundled_profiles().get("vn.unit.tt22-2020")
    result = evaluate(bundled, {})
    assert not any(criterion.status_by_level for criterion in result.criteria)
    assert all("status_by_level" not in data for data in result.to_dict()["criteria"])


def test_json_has_the_status_for_each_level() -> None:
    [_, indicator, *_] = evaluate(profile(), facts(94)).to_dict()["criteria"]
    assert indicator["status_by_level"] == {"level_2": "unmet", "level_1": "met"}


def test_a_gap_names_the_levels_that_it_concerns() -> None:
    gaps = {gap.criterion: gap for gap in evaluate(profile(), facts(94)).gaps() if gap.criterion}
    assert gaps["2.1"].levels == ("level_2",)
    assert gaps["2.1"].text.vi == (
        "Chưa đạt ngưỡng của mức 2: 2.1 Kỷ luật. Yêu cầu: Số thành viên kỷ luật đạt ít nhất "
        "95% Số thành viên (hiện 94/100 = 94%)."
    )
    assert gaps["2.1"].to_dict()["levels"] == ["level_2"]


def test_a_missing_fact_names_the_levels_that_need_it() -> None:
    gaps = {gap.input: gap for gap in evaluate(profile(), {"collective": True}).gaps()}
    assert gaps["disciplined"].levels == ("level_2", "level_1")
    assert gaps["public"].levels == ("level_2",)
    assert gaps["public"].text.en == ("Missing: Is public. Only level 2 needs it.")


def test_both_shapes_of_a_mark_are_one_profile() -> None:
    long = FILE.replace("level_1: collective", "level_1: {met_when: collective}")
    long = long.replace("WHEN", "'true'").replace("REQUIREMENT", "requirement: scored")
    assert xhht.loads_profile(long).hash == profile("true").hash
    assert "level_1: collective\n" in xhht.dump_profile(xhht.loads_profile(long))


def test_a_path_leads_to_the_marks_of_its_level() -> None:
    result = evaluate(profile(), facts(80))
    for level, needed in (("level_2", 95), ("level_1", 90)):
        path = result.path_to(level)
        assert path.facts is not None
        assert path.facts["disciplined"] == needed
        assert evaluate(profile(), path.facts).level == level
        assert path.steps[0].text.en == f"2.1 Discipline: Disciplined: 80 → {needed}."


def test_what_decides_whether_a_level_asks_is_a_circumstance() -> None:
    result = evaluate(profile(), facts(95, collective=False))
    changed = {change.input for step in result.path_to("level_2").steps for change in step.changes}
    assert changed == {"collective"}


def test_an_explanation_shows_what_each_level_asks_and_finds() -> None:
    text = evaluate(profile(), facts(94, public=False)).explain().text()
    assert "2.1 Kỷ luật: đạt một phần (Mức 2: chưa đạt; Mức 1: đạt)" in text
    assert "Mức 2: Số thành viên kỷ luật đạt ít nhất 95% Số thành viên" in text
    assert "3.3 Tập thể: đạt (Mức 2: không áp dụng; Mức 1: đạt)" in text
    assert "chỉ xét khi “Là đơn vị công lập” (hiện: không)" in text
    table = evaluate(profile(), facts(94)).explain(depth="table").text()
    assert "đạt một phần (Mức 2: chưa đạt; Mức 1: đạt)" in table


def test_the_condition_of_a_level_shows_the_status_for_this_level() -> None:
    text = evaluate(profile(), facts(94)).explain().text()
    assert "Mức 2 khi đạt tất cả “2” (hiện: chưa đạt)" in text.replace("tiêu chí ", "")


@pytest.mark.parametrize("given", [{}, facts(94), facts(10, collective=False)])
def test_a_profile_without_points_shows_no_points(given: dict[str, Any]) -> None:
    without = profile()
    result = evaluate(without, given)
    path = result.path_to("level_2", fixed=["disciplined"])
    shown = [
        *(result.explain(lang, depth).text() for lang in Lang for depth in Depth),
        *(gap.text.get(lang) for gap in result.gaps() for lang in Lang),
        *(line.get(lang) for line in path.lines() for lang in Lang),
        *(evaluation_html(result, lang) for lang in Lang),
        *(profile_html(without, lang) for lang in Lang),
        repr(result),
    ]
    assert not [text for text in shown if re.search(r"(?i)\bđiểm\b|\bpoints?\b", text)]


def test_a_range_is_called_cautious_only_while_something_is_open() -> None:
    twice = FILE.replace("level_1: collective", "level_1: collective or not collective")
    twice = twice.replace("WHEN", '\'met("2") and met("3")\'').replace("REQUIREMENT", "scored")
    twice = twice.replace("        scored\n", "")
    known = {"members": 100, "disciplined": 94, "public": True}
    refused = evaluate(xhht.loads_profile(twice), {**known, "disciplined": 10})
    assert "dùng nhiều lần" not in refused.explain().text()
    opened = evaluate(xhht.loads_profile(twice), known)
    assert "Kết quả có thể còn ngỏ quá mức cần thiết" in opened.explain().text()


def test_the_status_for_each_level_is_shown_where_levels_differ() -> None:
    heading = evaluate(profile(), facts(94)).explain("vi").children[0].heading
    assert heading == "2: đạt một phần (Mức 2: chưa đạt; Mức 1: đạt)"
    heading = evaluate(profile(), facts(95)).explain("vi").children[0].heading
    assert heading == "2: đạt"
    assert "đạt một phần (Mức 2: chưa đạt; Mức 1: đạt)" in evaluation_html(
        evaluate(profile(), facts(94))
    )


def test_the_condition_of_a_level_shows_what_that_level_finds() -> None:
    lines = evaluate(profile(), facts(94)).explain("vi").text().splitlines()
    [level_2] = [line for line in lines if line.strip().startswith("Mức 2 khi")]
    [level_1] = [line for line in lines if line.strip().startswith("Mức 1 khi")]
    assert "“tiêu chí 2” (hiện: chưa đạt)" in level_2
    assert "“tiêu chí 2” (hiện: đạt)" in level_1


def test_a_waiver_waives_only_the_marks_that_read_the_waived_fact() -> None:
    text = FILE.replace("WHEN", '\'met("2") and met("3")\'').replace("REQUIREMENT", "")
    able = "  able: {type: count, at_most: members, label: {vi: Có năng lực, en: Able}}\ncriteria:"
    text = text.replace("criteria:", able, 1)
    text = text.replace("level_2: share(disciplined", "level_2: share(able")
    waiver = xhht.Waiver(reason="bão", authority="UBND")
    result = evaluate(xhht.loads_profile(text), {**facts(10), "able": waiver})
    assert statuses(result, "2.1") == (Status.PARTIAL, [Status.WAIVED, Status.UNMET])
    assert result.level == "level_2"
    result = evaluate(xhht.loads_profile(text), facts(10) | {"disciplined": waiver, "able": 0})
    assert statuses(result, "2.1") == (Status.PARTIAL, [Status.UNMET, Status.WAIVED])
    assert result.level == "level_1"
    assert [gap.levels for gap in result.gaps() if gap.criterion == "2.1"] == [("level_2",)]
    both = {**facts(10), "disciplined": waiver, "able": waiver}
    result = evaluate(xhht.loads_profile(text), both, final=True)
    assert statuses(result, "2.1") == (Status.WAIVED, [Status.WAIVED, Status.WAIVED])
    assert statuses(result.before_closing(), "2.1") == statuses(result, "2.1")


def test_a_level_that_needs_months_says_so_where_there_is_no_path() -> None:
    text = FILE.replace("WHEN}\n  - {id: level_1", "WHEN, requires: RULE}\n  - {id: level_1", 1)
    text = text.replace("RULE", "{level: level_1, months: 12, since: since}")
    text = text.replace(
        "criteria:\n", "  since: {type: date, label: {vi: Từ, en: Since}}\ncriteria:\n", 1
    )
    text = text.replace("WHEN", "'met(\"2\")'").replace("REQUIREMENT", "requirement: scored")
    known = {**facts(96), "since": date(2024, 6, 30)}
    result = evaluate(xhht.loads_profile(text), known, as_of=date(2024, 12, 31))
    assert result.path_to("level_2", fixed=["since"]).text.vi == (
        "Không thể đạt mức 2. Sớm nhất từ ngày 30/06/2025 mới xét được mức 2: mức 1 "
        "được công nhận ngày 30/06/2024, phải giữ đủ 12 tháng."
    )
