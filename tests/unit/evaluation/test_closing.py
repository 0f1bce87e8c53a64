"""Closing an assessment: what missing facts count as, and what the result says of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import xhht
from inline_profiles import HEAD
from xhht import Evidence, Verdict, Waiver
from xhht.documents import make_document, verify

OFFICE = f"""{HEAD}inputs:
  plan: {{type: bool, label: {{vi: Kế hoạch, en: Plan}}}}
  school: {{type: bool, label: {{vi: Trường, en: School}}}}
  library: {{type: bool, label: {{vi: Thư viện, en: Library}}}}
  members: {{type: count, max: 100, label: {{vi: Thành viên, en: Members}}}}
  trained: {{type: count, at_most: members, label: {{vi: Tập huấn, en: Trained}}}}
  far: {{type: bool, label: {{vi: Vùng xa, en: Remote}}}}
criteria:
  - id: "1"
    indicators:
      - {{id: "1.1", points: 40, met_when: plan}}
      - {{id: "1.2", points: 40, met_when: "share(trained, members) >= 90%"}}
      - {{id: "1.3", points: 20, met_when: library, applies_when: school, na_policy: full}}
levels:
  - {{id: good, name: {{vi: Tốt, en: Good}}, when: "points >= (80 if far else 100)"}}
  - {{id: fair, name: {{vi: Khá, en: Fair}}, when: points >= 40}}
"""
AT_CLOSE = "at_close: {missing: unmet, clause: Khoản 3 Điều 9, note: {vi: Ghi, en: Noted}}\n"
PROFILE = xhht.loads_profile(OFFICE + AT_CLOSE)
KNOWN = {"plan": True, "school": False, "members": 40, "trained": 36, "far": False}


def closed(**facts: object) -> xhht.Evaluation:
    return xhht.evaluate(PROFILE, {**KNOWN, **facts}, final=True)


def test_what_missing_facts_leave_open_is_not_met() -> None:
    result = closed(trained=None)
    assert (result.final, result.closed) == (True, ("trained",))
    assert (result.verdict, result.level) == (Verdict.RECOGNISED, "fair")
    assert result.points_certain == result.points_possible == 60
    assert result.criterion("1.2").status.value == "unmet"
    before = result.before_closing()
    assert (before.final, before.closed, before.level) == (False, (), None)
    assert before.to_dict() == xhht.evaluate(PROFILE, {**KNOWN, "trained": None}).to_dict()
    assert before.before_closing() is before


def test_a_range_counts_by_its_fewest_points() -> None:
    assert closed(trained=xhht.Between(36, 40)).closed == ()
    assert closed(trained=xhht.Between(35, 40)).closed == ("trained",)


def test_what_is_not_known_not_to_apply_applies() -> None:
    result = closed(school=None)
    assert result.criterion("1.3").status.value == "unmet"
    assert (result.closed, result.level) == (("school", "library"), "fair")
    [library, school] = [gap for gap in result.gaps() if gap.reason.value == "closed"]
    assert school.text.vi == (
        "Không có minh chứng là không áp dụng khi kết thúc đánh giá nên coi là áp dụng theo "
        "khoản 3 Điều 9: Trường."
    )
    assert library.text.en == (
        "No evidence at the close of the assessment, so it counts as not met under "
        "khoản 3 Điều 9: Library."
    )
    assert (school.criterion, library.criterion) == ("1.3", "1.3")


def test_what_a_level_asks_for_itself_stays_open() -> None:
    assert closed(far=None).level == "good"
    result = closed(far=None, trained=0)
    assert (result.closed, result.level) == ((), "fair")
    result = closed(far=None, school=True, library=None)
    assert (result.verdict, result.closed) == (Verdict.RECOGNISED, ("library",))
    assert result.levels_possible == ("good", "fair")
    first, _ = [gap for gap in result.gaps() if gap.reason.value != "closed"][:2]
    assert (first.input, first.criterion, first.reason.value) == (
        "far",
        None,
        "missing",
    )


@pytest.mark.parametrize("missing", ["holds", "since"])
def test_the_prerequisite_of_a_level_stays_open(missing: str) -> None:
    text = OFFICE.replace(
        "  far:",
        """  holds: {type: bool, label: {vi: Đang giữ, en: Holds}}
  since: {type: date, label: {vi: Từ ngày, en: Since}}
  far:""",
    ).replace(
        '100)"}',
        '100)", requires: {level: fair, months: 12, since: since, held: holds, binds: holders}}',
    )
    profile = xhht.loads_profile(text + AT_CLOSE)
    facts = {**KNOWN, "holds": True, "since": date(2024, 6, 1), "school": True}
    facts = {**facts, "library": True, missing: None}
    result = xhht.evaluate(profile, facts, as_of=date(2024, 12, 31), final=True)
    assert (result.closed, result.levels_possible) == ((), ("good", "fair"))
    assert [gap.input for gap in result.gaps()] == [missing]
    facts |= {"holds": False}
    result = xhht.evaluate(profile, facts, as_of=date(2024, 12, 31), final=True)
    assert result.level == "good"


def test_evidence_that_does_not_count_is_closed_and_a_waiver_is_not() -> None:
    pending = Evidence(value=True, verification="rejected")
    assert closed(plan=pending).closed == ("plan",)
    waived = closed(plan=Waiver(reason="bão", authority="UBND xã"))
    assert (waived.closed, waived.level) == ((), "good")
    both = closed(plan=Waiver(reason="bão", authority="UBND xã"), trained=None)
    assert (both.closed, both.level) == (("trained",), "fair")
    assert both.before_closing().points_possible == 100


def test_with_all_facts_known_nothing_is_closed() -> None:
    result = closed()
    assert (result.closed, result.level) == ((), "good")
    assert "no missing fact had to be decided under khoản 3 Điều 9" in result.explain("en").text()


def test_a_profile_without_the_rule_closes_nothing_and_says_so() -> None:
    profile = xhht.loads_profile(OFFICE)
    facts = {**KNOWN, "trained": None}
    result = xhht.evaluate(profile, facts, final=True)
    assert (result.final, result.closed) == (True, ())
    assert result.level is None
    assert {**result.to_dict(), "final": False} == xhht.evaluate(profile, facts).to_dict()
    assert "bộ tiêu chí không nêu cách xử lý dữ kiện còn thiếu" in result.explain("vi").text()


@pytest.mark.parametrize("depth", ["sentence", "table", "full"])
@pytest.mark.parametrize(("lang", "words"), [("vi", "coi là không đạt"), ("en", "as not met")])
def test_every_explanation_names_what_was_closed_and_the_clause(
    depth: str, lang: str, words: str
) -> None:
    explanation = closed(trained=None).explain(lang, depth)
    for text in (explanation.text(), explanation.markdown(), explanation.html()):
        assert "khoản 3 Điều 9" in text
        assert words in text
    if depth == "full":
        assert "0–40 → " in explanation.text()
        assert "Ghi" in explanation.text() or "Noted" in explanation.text()


def test_a_threshold_that_no_source_shows_is_never_closed() -> None:
    text = OFFICE.replace("met_when: plan", 'met_when: "members >= unknown"') + AT_CLOSE
    profile = xhht.loads_profile(text)
    facts = {"school": False, "members": 40, "far": False}
    result = xhht.evaluate(profile, facts, final=True)
    assert result.criterion("1.1").status.value == "unknown"
    assert result.criterion("1.2").status.value == "unmet"
    assert result.points_certain == 20
    assert result.points_possible == 60
    assert result.levels_possible == ("fair", None)
    assert result.closed == ("trained",)
    assert "unknown_mark" in {gap.reason.value for gap in result.gaps()}
    level = OFFICE.replace("points >= 40", "points >= unknown") + AT_CLOSE
    result = xhht.evaluate(xhht.loads_profile(level), {"plan": True}, final=True)
    assert result.levels_possible == ("fair", None)


def test_a_share_of_nothing_is_no_missing_fact() -> None:
    result = closed(members=0, trained=0)
    assert result.closed == ()
    assert result.points_possible == 100
    result = closed(members=None, trained=None)
    assert result.closed == ("members", "trained")
    assert result.points_possible == 60


def test_a_path_and_the_settling_facts_are_those_before_closing() -> None:
    result = closed(trained=None)
    path = result.path_to("good")
    assert [change.input for change in path.changes] == ["trained"]
    assert path.facts is not None
    assert xhht.evaluate(PROFILE, path.facts, final=True).level == "good"
    assert result.settling_sets().text == result.before_closing().settling_sets().text


def test_an_overlay_may_set_the_rule(tmp_path: Path) -> None:
    base = OFFICE.replace("id: test.inline", "id: test.base")
    overlay = """format: 1
id: test.overlay
version: 1.0.0
status: active
extends: test.base@1.0.0
area: "01"
provenance: illustrative
legal_basis: {document: 1/KH}
at_close: {missing: unmet, clause: Điểm a Khoản 2 Điều 4}
"""
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    (tmp_path / "overlay.yaml").write_text(overlay, encoding="utf-8")
    profile = xhht.load_profile(tmp_path / "overlay.yaml")
    result = xhht.evaluate(profile, {**KNOWN, "trained": None}, final=True)
    assert result.level == "fair"
    assert "điểm a khoản 2 Điều 4" in result.explain("vi", "sentence").text()


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        (OFFICE, OFFICE + AT_CLOSE, "tighter"),
        (OFFICE + AT_CLOSE, OFFICE, "looser"),
        (OFFICE + AT_CLOSE, OFFICE + AT_CLOSE.replace("Điều 9", "Điều 14"), "neither"),
    ],
)
def test_a_changed_rule_is_compared(old: str, new: str, effect: str) -> None:
    (change,) = xhht.compare_profiles(xhht.loads_profile(old), xhht.loads_profile(new)).changes
    assert (change.key, change.effect.value) == ("at_close", effect)


def test_a_document_is_computed_anew_as_final() -> None:
    facts = {**KNOWN, "trained": None}
    document = make_document(PROFILE, facts, as_of=date(2024, 12, 31), final=True)
    assert (document.final, document.outcome.closed) == (True, ("trained",))
    registry = xhht.Registry((PROFILE,))
    assert not [item for item in verify(document, profiles=registry) if item.is_fault]
