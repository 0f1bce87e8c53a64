"""Inputs that rest on another standard: its result as a fact, and chains of standards."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import xhht
from standard_profiles import (
    COMMUNE,
    LITERACY,
    PRIMARY,
    SECONDARY,
    STANDARDS,
    changed,
    commune,
    literacy,
    primary,
    secondary,
)
from xhht import FactsError, OneOf, loads_profile
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.standards import chain_of
from xhht.documents import dumps_result, loads_result, make_document, verify
from xhht.errors import ProfileNotFoundError


def outcome(result: xhht.Evaluation) -> dict[str, object]:
    """Return a result without the texts of its gaps, which name the standards."""
    gaps = [(gap.input, gap.criterion, gap.reason) for gap in result.gaps()]
    return {**result.to_dict(), "gaps": gaps}


def test_a_result_gives_the_levels_that_are_still_possible() -> None:
    for facts, levels in [
        ({"pupils": 95}, "level_2"),
        ({"pupils": 85}, "level_1"),
        ({"pupils": 10}, "none"),
        ({"pupils": xhht.Between(85, 95)}, OneOf(["level_2", "level_1"])),
        ({}, OneOf(["level_2", "level_1", "none"])),
    ]:
        result = xhht.evaluate(primary, facts)
        given = xhht.evaluate(secondary, {"primary": result, "graduates": 90})
        plain = xhht.evaluate(secondary, {"primary": levels, "graduates": 90})
        assert (given.input_lows, given.input_highs) == (plain.input_lows, plain.input_highs)
        assert outcome(given) == outcome(plain)
        assert given.standards == {"primary": result}
        assert plain.standards == {}


def test_a_truth_is_whether_some_level_is_reached() -> None:
    for facts, truth in [({"literate": 95}, True), ({"literate": 5}, False), ({}, None)]:
        result = xhht.evaluate(secondary, {"literacy": xhht.evaluate(literacy, facts)})
        assert outcome(result) == outcome(xhht.evaluate(secondary, {"literacy": truth}))


def test_a_result_of_another_title_kind_or_day_is_refused() -> None:
    other = changed(PRIMARY, "level: [commune]", "level: [province]")
    day = date(2024, 12, 31)
    for value, as_of, code in [
        (xhht.evaluate(literacy, {}), None, "wrong_standard"),
        (xhht.evaluate(other, {}), None, "wrong_standard"),
        (xhht.evaluate(primary, {}, as_of=day), date(2025, 12, 31), "wrong_day"),
        (xhht.evaluate(primary, {}, as_of=day), None, "wrong_day"),
        (xhht.evaluate(changed(PRIMARY, "id: level_2", "id: level_3"), {}), None, "unknown_choice"),
    ]:
        with pytest.raises(FactsError) as caught:
            xhht.evaluate(secondary, {"primary": value}, as_of=as_of)
        assert (caught.value.code, caught.value.field) == (code, "primary")
        assert caught.value.text.vi != caught.value.text.en
    with pytest.raises(FactsError) as caught:
        xhht.evaluate(secondary, {"graduates": xhht.evaluate(primary, {})})
    assert caught.value.code == "wrong_type"


def test_a_chain_is_evaluated_from_the_same_facts() -> None:
    facts = {"plan": True, "graduates": 80, "pupils": 80, "literate": 90}
    result = xhht.evaluate(commune, facts, standards=STANDARDS)
    assert result.level == "level_1"
    below = result.standards["secondary"]
    assert below.profile is secondary
    assert {name: one.level for name, one in below.standards.items()} == {
        "primary": "level_1",
        "literacy": "level_1",
    }
    evaluator = xhht.Evaluator(commune, xhht.Registry(tuple(STANDARDS)))
    assert evaluator(facts).to_dict() == result.to_dict()
    assert evaluator({**facts, "pupils": 79}).level is None
    assert evaluator({**facts, "pupils": None}).levels_possible == ("level_1", None)


def test_a_fact_replaces_the_result_of_a_standard() -> None:
    facts = {"plan": True, "graduates": 80, "pupils": 10, "literate": 90}
    assert xhht.evaluate(commune, facts, standards=STANDARDS).level is None
    given = {**facts, "primary": "level_1"}
    assert xhht.evaluate(commune, given, standards=STANDARDS).level == "level_1"


def test_facts_of_no_profile_of_the_chain_are_unknown() -> None:
    with pytest.raises(FactsError, match="pupil"):
        xhht.evaluate(commune, {"pupil": 3}, standards=STANDARDS)
    with pytest.raises(FactsError):
        xhht.evaluate(commune, {"pupils": 3}, standards=[secondary])


def test_the_chain_has_each_profile_after_those_it_rests_on() -> None:
    chain = chain_of(commune, [secondary, primary, literacy, commune])
    assert chain.profiles == (literacy, primary, secondary, commune)
    assert list(chain.inputs) == [
        *("literate", "pupils"),
        *("primary", "literacy", "graduates"),
        *("plan", "secondary"),
    ]
    assert chain_of(primary, STANDARDS).standards == ()


def test_of_several_standards_the_one_in_force_is_chosen() -> None:
    old = changed(PRIMARY, "title:", "effective_to: 2024-01-01\ntitle:")
    new = changed(
        PRIMARY.replace("version: 1.0.0", "version: 2.0.0"),
        "title:",
        "effective_from: 2024-01-01\ntitle:",
    )
    with pytest.raises(ProfileNotFoundError, match=r"test.primary@1.0.0, test.primary@2.0.0"):
        chain_of(secondary, [old, new])
    assert chain_of(secondary, [old, new], date(2023, 12, 31)).standards == (old,)
    assert chain_of(secondary, [old, new], date(2024, 1, 1)).standards == (new,)


def test_profiles_that_do_not_fit_together_are_refused() -> None:
    circle = changed(
        LITERACY,
        "criteria:",
        "  graduated: {type: bool, label: {vi: A, en: A}, result: {title: x.vn.secondary}}\n"
        "criteria:",
    )
    other_domain = changed(
        LITERACY, "criteria:", "  pupils: {type: count, max: 50, label: {vi: A, en: A}}\ncriteria:"
    )
    other_levels = changed(PRIMARY, "id: level_2", "id: level_3")
    for standards, codes in [
        ([circle, primary, secondary], {"XH239"}),
        ([literacy, other_levels, secondary], {"XH368", "XH369"}),
        (
            [
                literacy,
                primary,
                changed(
                    SECONDARY,
                    "graduates: {type: count, max: 100",
                    "graduates: {type: count, max: 100, at_most: pupils, label: {vi: A, en: A}}\n"
                    "  pupils: {type: count, max: 99",
                ),
            ],
            {"XH372"},
        ),
    ]:
        with pytest.raises(ProfileError) as caught:
            xhht.evaluate(commune, {}, standards=standards)
        assert {item.code for item in caught.value.diagnostics} == codes
    chain_of(commune, [other_domain])
    with pytest.raises(ProfileError) as caught:
        chain_of(commune, [other_domain, primary, secondary])
    assert [item.code for item in caught.value.diagnostics] == ["XH372"]


@pytest.mark.parametrize("key", ["year: previous", "unit: {vi: em, en: pupils}"])
def test_one_fact_is_of_one_year_and_one_unit(key: str) -> None:
    own = f"  pupils: {{type: count, max: 100, {key}, label: {{vi: A, en: A}}}}\ncriteria:"
    upper = changed(SECONDARY, "criteria:", own)
    with pytest.raises(ProfileError) as caught:
        xhht.evaluate(upper, {"pupils": 4}, standards=STANDARDS)
    assert [item.code for item in caught.value.diagnostics] == ["XH372"]


def test_a_profile_may_rest_on_its_own_title_for_other_kinds_only() -> None:
    entry = (
        "  part: {type: bool, label: {vi: A, en: A}, result: {title: x.vn.primary%s}}\ncriteria:"
    )
    with pytest.raises(ProfileError) as caught:
        changed(PRIMARY, "criteria:", entry % "")
    assert [item.code for item in caught.value.diagnostics][:1] == ["XH239"]
    changed(PRIMARY, "criteria:", entry % ", applies_to: {level: [province]}")


def test_gaps_and_explanations_name_the_result_of_the_standard() -> None:
    facts = {"plan": True, "graduates": 80, "literate": 90}
    result = xhht.evaluate(commune, facts, standards=STANDARDS)
    (gap,) = (gap for gap in result.gaps() if gap.input)
    assert gap.input == "secondary"
    assert gap.text.en == (
        "Undetermined: Lower secondary education; result under "
        "test.secondary@1.0.0: Level 1 / none. Undetermined: Primary education; result "
        "under test.primary@1.0.0: Level 2 / Level 1 / none. Missing: Children at school."
    )
    line = "- Phổ cập trung học cơ sở: có [kết quả theo test.secondary@1.0.0: Mức độ 1]"
    complete = xhht.evaluate(commune, {**facts, "pupils": 90}, standards=STANDARDS)
    assert line in complete.explain("vi").text()


def test_a_document_carries_the_result_as_a_value_or_a_set() -> None:
    facts = {"graduates": 80, "pupils": xhht.Between(80, 95)}
    document = make_document(secondary, facts, standards=STANDARDS)
    assert dict(document.facts or {}) == {
        "graduates": 80,
        "primary": {"one_of": ["level_1", "level_2"]},
    }
    plain = {"graduates": 80, "primary": OneOf(["level_1", "level_2"])}
    direct = make_document(secondary, plain)
    assert (document.facts, document.outcome) == (direct.facts, direct.outcome)
    assert [(one.input, one.profile.id) for one in document.standards][:1] == [
        ("primary", "test.primary")
    ]
    assert direct.standards == ()
    given = {"graduates": 80, "primary": xhht.evaluate(primary, {"pupils": 95})}
    single = make_document(secondary, given)
    assert dict(single.facts or {}) == {"graduates": 80, "primary": "level_2"}
    for one, evaluated in ((document, plain), (single, given)):
        profiles = xhht.Registry((secondary,))
        assert verify(one, profiles=profiles) == ()
        assert verify(one, profiles=profiles, facts=evaluated) == ()
    (different,) = verify(single, profiles=xhht.Registry((secondary,)), facts=plain)
    assert different.field == "facts.primary"


def test_a_path_changes_such_an_input_as_any_fact() -> None:
    facts = {"plan": True, "graduates": 80, "pupils": 10, "literate": 90}
    path = xhht.evaluate(commune, facts, standards=STANDARDS).path_to("level_1")
    assert [(change.input, change.after) for change in path.changes] == [("secondary", True)]
    assert xhht.evaluate(commune, path.facts).level == "level_1"


def test_a_figure_of_the_year_before_is_a_circumstance() -> None:
    text = PRIMARY.replace(
        "  pupils:",
        "  before: {type: count, max: 100, year: previous, label: {vi: Số trẻ, en: Children}}\n"
        "  pupils:",
    ).replace("pupils >= 90", "pupils > before")
    profile = xhht.loads_profile(text)
    result = xhht.evaluate(profile, {"pupils": 85, "before": 88})
    (change,) = result.path_to("level_2").changes
    assert (change.input, change.after) == ("pupils", 89)
    (gap,) = xhht.evaluate(profile, {"pupils": 85}).gaps()[:1]
    assert (gap.text.vi, gap.text.en) == (
        "Thiếu dữ kiện: Số trẻ (năm trước).",
        "Missing: Children (previous year).",
    )


AT_CLOSE = "at_close: {missing: unmet, clause: Khoản 3 Điều 9}\n"


def test_a_threshold_of_a_standard_that_no_source_shows_is_never_closed() -> None:
    below = changed(PRIMARY + AT_CLOSE, "pupils >= 80", "pupils >= unknown")
    upper = xhht.loads_profile(SECONDARY + AT_CLOSE)
    top = xhht.loads_profile(COMMUNE + AT_CLOSE)
    facts = {"plan": True, "graduates": 80, "pupils": 5, "literate": 90}
    chain = [literacy, below, upper]
    for profile in (upper, top):
        own = {name: facts[name] for name in chain_of(profile, chain).inputs if name in facts}
        final = xhht.evaluate(profile, own, standards=chain, final=True)
        assert (final.closed, final.levels_possible) == ((), ("level_1", None))
        inputs = profile.document.inputs
        given = {name: value for name, value in own.items() if name in inputs}
        as_facts = xhht.evaluate(profile, {**given, **final.standards}, final=True)
        assert as_facts.to_dict() == final.to_dict()
    missing = xhht.evaluate(top, {**facts, "plan": None}, standards=chain, final=True)
    assert (missing.closed, missing.level) == (("plan",), None)
    known = xhht.loads_profile(PRIMARY)
    closed = xhht.evaluate(upper, {"graduates": 80}, standards=[known, literacy], final=True)
    assert closed.closed == ("primary", "literacy")


def test_before_closing_the_standards_are_open_too() -> None:
    below = xhht.loads_profile(PRIMARY + AT_CLOSE)
    upper = xhht.loads_profile(SECONDARY + AT_CLOSE)
    facts = {"graduates": 80, "literate": 90}
    opened, final = (
        xhht.evaluate(upper, facts, standards=[below, literacy], final=final)
        for final in (False, True)
    )
    assert final.standards["primary"].closed == ("pupils",)
    before = final.before_closing()
    assert before.to_dict() == opened.to_dict()
    below_before, below_opened = before.standards["primary"], opened.standards["primary"]
    assert isinstance(below_before, xhht.Evaluation)
    assert isinstance(below_opened, xhht.Evaluation)
    assert below_before.to_dict() == below_opened.to_dict()
    assert final.settling_sets() == opened.settling_sets()
    text = final.explain("en", "tree").text()
    assert "In the standard test.primary@1.0.0, under khoản 3 Điều 9" in text
    assert "Children at school" in text


@pytest.mark.parametrize("standards", [["x"], "x", 3, [primary, None]])
def test_what_is_no_loaded_profile_is_refused_as_a_standard(standards: object) -> None:
    with pytest.raises(ProfileNotFoundError, match="takes loaded profiles"):
        xhht.evaluate(secondary, {}, standards=standards)  # type: ignore[arg-type]


def test_one_standard_may_be_given_by_itself() -> None:
    facts = {"pupils": 95, "graduates": 90}
    one = xhht.evaluate(secondary, facts, standards=primary)
    assert one.to_dict() == xhht.evaluate(secondary, facts, standards=[primary]).to_dict()
    assert xhht.Evaluator(secondary, primary)(facts).to_dict() == one.to_dict()


def test_standards_none_of_which_is_used_are_named_unless_they_are_a_registry() -> None:
    with pytest.raises(ProfileNotFoundError, match=commune.reference):
        xhht.evaluate(primary, {"pupils": 3}, standards=[commune])
    registry = xhht.Registry((commune,))
    assert xhht.evaluate(primary, {"pupils": 95}, standards=registry).level == "level_2"


def test_a_standard_that_is_not_used_is_a_remark_beside_those_that_are() -> None:
    used = xhht.evaluate(secondary, {}, standards=[primary])
    assert used.remarks == ()
    given = xhht.evaluate(secondary, {}, standards=[primary, commune])
    data = given.to_dict()
    assert len(data.pop("remarks")) == 1
    assert data == used.to_dict()
    [remark] = given.remarks
    names = f"{secondary.reference} rests on {commune.reference}"
    assert remark.en == f"No input of {names}; this standard is not used."
    assert xhht.Evaluator(secondary, [commune, primary])({}).remarks == (remark,)
    assert remark.vi in given.explain("vi").text()
    everything = xhht.Registry((commune, *STANDARDS))
    assert xhht.evaluate(secondary, {}, standards=everything).remarks == ()


def test_a_waiver_goes_to_the_profile_that_scores_its_input() -> None:
    pupils = (
        "  pupils: {type: count, max: 100, label: {vi: Số trẻ đi học, en: Children at school}}\n"
    )
    text = SECONDARY.replace("inputs:\n", f"inputs:\n{pupils}").replace(
        "met_when: graduates >= 80}",
        "applies_when: pupils > 0, na_policy: full, met_when: graduates >= 80}",
    )
    upper, waiver = loads_profile(text), xhht.Waiver(reason="r", authority="x")
    facts = {"literacy": True, "graduates": 90, "pupils": waiver}
    assert xhht.evaluate(upper, facts, standards=primary).level == "level_1"
    with pytest.raises(FactsError, match="cannot be waived"):
        xhht.evaluate(upper, facts | {"primary": "level_1"})


@pytest.mark.parametrize("threshold", ["80", "unknown"])
def test_a_final_document_says_what_was_closed_in_the_standards(threshold: str) -> None:
    below = changed(PRIMARY + AT_CLOSE, "pupils >= 80", f"pupils >= {threshold}")
    upper = xhht.loads_profile(SECONDARY + AT_CLOSE)
    facts = {"graduates": 80, "literate": 90, "pupils": xhht.Between(5, 95)}
    chain = [below, literacy]
    document = make_document(upper, facts, standards=chain, final=True)
    stated = {one.input: one for one in document.standards}
    assert stated["primary"].closed == ("pupils",)
    assert stated["primary"].unsettled == (threshold == "unknown")
    profiles = xhht.Registry((upper,))
    read = loads_result(dumps_result(document))
    assert read == document
    assert verify(read, profiles=profiles) == ()
    assert verify(read, profiles=profiles, facts=facts, standards=chain) == ()
    other = evolve(stated["primary"], closed=())
    altered = evolve(document, standards=(other, *document.standards[1:]))
    findings = verify(altered, profiles=profiles, facts=facts, standards=chain)
    assert [item.is_fault for item in findings]
