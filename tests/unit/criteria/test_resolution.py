"""Resolving over dates that no source shows: by day, for the bundled profiles and for others."""

from __future__ import annotations

from datetime import date

import pytest

from xhht import Profile, Registry, bundled_profiles, loads_profile
from xhht.errors import ProfileNotFoundError
from xhht.text import Lang

PROVINCE = {"managed_by": "province"}
AGENCY = {"managed_by": "district", "kind": "agency"}
COMMUNE = {"level": "commune"}


def refusal(registry: Registry, title: str, day: str, **options: object) -> dict[str, str]:
    with pytest.raises(ProfileNotFoundError) as caught:
        registry.resolve(title, as_of=date.fromisoformat(day), **options)  # type: ignore[arg-type]
    return {lang.value: caught.value.message(lang) for lang in Lang}


@pytest.mark.parametrize(
    ("title", "day", "subject", "expected"),
    [
        # Circular 22/2020, in force from 21/9/2020 until 26/1/2024.
        ("learning_unit", "2020-09-21", PROVINCE, "vn.unit.tt22-2020"),
        ("learning_unit", "2023-12-10", PROVINCE, "vn.unit.tt22-2020"),
        ("learning_unit", "2022-12-31", {}, "vn.unit.tt22-2020"),
        ("learning_unit", "2022-12-31", AGENCY, "vn.unit.tt22-2020"),
        ("learning_unit", "2023-12-31", AGENCY, "vn.unit.tt22-2020"),
        ("learning_unit", "2024-01-25", PROVINCE, "vn.unit.tt22-2020"),
        ("learning_unit", "2024-01-26", PROVINCE, "vn.unit.tt24-2023-province"),
        ("learning_unit", "2024-12-31", AGENCY, "vn.unit.tt24-2023-district"),
        ("learning_unit", "2024-12-31", PROVINCE, "vn.unit.tt24-2023-province"),
        ("learning_unit", "2025-12-31", PROVINCE, "vn.unit.tt24-2023-province"),
        # Circular 44/2014, in force from 25/1/2015 until 25/2023 is on 12/2/2024.
        ("learning_community", "2015-01-25", COMMUNE, "vn.community.tt44-2014"),
        ("learning_community", "2023-12-31", COMMUNE, "vn.community.tt44-2014"),
        ("learning_community", "2018-12-31", COMMUNE, "vn.community.tt44-2014"),
        ("learning_community", "2024-02-11", COMMUNE, "vn.community.tt44-2014"),
        *(
            ("learning_community", day, {"level": level}, f"vn.community.tt25-2023-{level}")
            for day in ("2024-02-12", "2024-12-31")
            for level in ("commune", "district", "province")
        ),
        *(
            (
                "learning_community",
                "2025-12-31",
                {"level": level},
                f"vn.community.tt25-2023-{level}",
            )
            for level in ("commune", "province")
        ),
        # Decision 244 from its issue on 28/7/2022, and 324 from its own on 25/10/2023.
        ("learning_citizen", "2022-07-28", {}, "vn.citizen.qd244-2022"),
        ("learning_citizen", "2023-10-24", {}, "vn.citizen.qd244-2022"),
        ("learning_citizen", "2023-10-25", {"group": "worker"}, "vn.citizen.qd324-2023"),
        ("learning_citizen", "2030-01-01", {}, "vn.citizen.qd324-2023"),
        # Of Decision 448 the version of 1/12/2015, counted from its issue.
        ("learning_household", "2015-12-01", {}, "vn.household.qd448-2015-12"),
        ("learning_household", "2016-01-01", {}, "vn.household.qd448-2015-12"),
        ("learning_household", "2020-12-31", {}, "vn.household.qd448-2015-12"),
    ],
)
def test_a_day_that_hangs_on_no_unseen_date_has_its_profile(
    title: str, day: str, subject: dict[str, str], expected: str
) -> None:
    profile = bundled_profiles().resolve(title, as_of=date.fromisoformat(day), applies_to=subject)
    assert profile.id == expected


def test_the_learning_citizen_of_a_province_at_the_end_of_2024() -> None:
    profile = bundled_profiles().resolve("learning_citizen", as_of=date(2024, 12, 31), area="60")
    assert profile.reference == "vn.citizen.qd324-2023@1.1.0"


@pytest.mark.parametrize(
    ("title", "day", "subject"),
    [
        ("learning_unit", "2020-09-20", PROVINCE),
        # Circular 22/2020 is for agencies alone.
        ("learning_unit", "2022-12-31", {"managed_by": "province", "kind": "school"}),
        ("learning_unit", "2022-12-31", {"managed_by": "district", "kind": "enterprise"}),
        ("learning_community", "2015-01-24", COMMUNE),
        ("learning_community", "2024-02-11", {"level": "province"}),
        ("learning_citizen", "2022-07-27", {}),
        ("learning_household", "2015-11-30", {}),
        ("learning_household", "2021-01-01", {}),
    ],
)
def test_before_the_first_and_after_the_last_nothing_answers(
    title: str, day: str, subject: dict[str, str]
) -> None:
    said = refusal(bundled_profiles(), title, day, applies_to=subject)
    assert said["en"].startswith("No profile is in force for")
    assert "Đã bỏ qua: vn." in said["vi"]


def test_those_passed_over_are_named_with_why() -> None:
    households = refusal(bundled_profiles(), "learning_household", "2021-01-01")
    assert (
        "vn.household.qd448-2015-12@1.1.0 (no longer in force from 2021-01-01)" in households["en"]
    )
    units = refusal(
        bundled_profiles(), "learning_unit", "2020-09-20", applies_to={"managed_by": "commune"}
    )
    limits = "managed_by: district, province; kind: agency"
    assert f"vn.unit.tt22-2020@2.0.0 (only for {limits})" in units["en"]
    early = refusal(bundled_profiles(), "learning_unit", "2020-09-20", applies_to=PROVINCE)
    assert "vn.unit.tt22-2020@2.0.0 (có hiệu lực từ 21/09/2020)" in early["vi"]
    clans = refusal(bundled_profiles(), "learning_clan", "2024-01-01")
    assert clans["en"].endswith("See: xhht profiles list.")


@pytest.mark.parametrize(
    ("title", "subject"),
    [("learning_unit", AGENCY), ("learning_community", {"level": "district"})],
)
def test_at_the_end_of_2025_there_are_no_districts(title: str, subject: dict[str, str]) -> None:
    said = refusal(bundled_profiles(), title, "2025-12-31", applies_to=subject)
    assert "(without subjects from 2025-07-01: there are no districts" in said["en"]
    assert "không còn cấp huyện" in said["vi"]


def test_readings_and_versions_that_the_state_did_not_ask_for_are_drafts() -> None:
    units = refusal(bundled_profiles(), "learning_unit", "2020-09-20", applies_to=PROVINCE)
    assert "vn.unit.tt22-2020.all-or-nothing@1.0.0 (draft" in units["en"]
    households = refusal(bundled_profiles(), "learning_household", "2021-01-01")
    assert "vn.household.qd448-2015-11@1.1.0 (draft" in households["en"]


def test_what_the_subject_is_tells_more() -> None:
    said = refusal(bundled_profiles(), "learning_community", "2024-12-31")
    assert said["en"].count("vn.community.") == 3
    assert "Specify the kind of subject with applies_to: level." in said["en"]
    assert "applies_to: level" in said["vi"]
    commune = bundled_profiles().resolve(
        "learning_community", as_of=date(2024, 12, 31), applies_to=COMMUNE
    )
    assert commune.id == "vn.community.tt25-2023-commune"


def test_the_overlay_of_an_area_ends_with_its_base() -> None:
    options = {"area": "01", "applies_to": AGENCY}
    for day, expected in (("2023-12-10", "vn.unit.tt22-2020.hanoi"), ("2024-12-31", "")):
        at = date.fromisoformat(day)
        found_id = bundled_profiles().resolve("learning_unit", as_of=at, **options).id  # type: ignore[arg-type]
        assert found_id == (expected or "vn.unit.tt24-2023-district")


def test_an_area_s_own_profile_is_open_where_a_national_one_may_have_replaced_it() -> None:
    own = profile("own", "2021-01-01", area='"01"')
    new = profile("new", "2023-12-11")
    assert on("2023-12-10", OLD, own, new, area="01") == "own"
    said = on("2023-12-11", OLD, own, new, area="01")
    for name in ("own", "old", "new"):
        assert f"{name}@1.0.0 (" in said
    assert "specify area" not in said


# Others, made up here


def profile(profile_id: str, issued: str | None = None, **keys: str) -> Profile:
    fields = {"status": "active", "provenance": "complete", **keys}
    own = "".join(f"{key}: {value}\n" for key, value in fields.items())
    basis = f"{{document: Văn bản{f', issued: {issued}' if issued else ''}}}"
    return loads_profile(
        f"format: 1\nid: {profile_id}\nversion: 1.0.0\ntitle: learning_unit\n{own}"
        f"name: {{vi: Đơn vị, en: Unit}}\nlegal_basis: {basis}\n"
        "inputs: {plan: {type: bool, label: {vi: Kế hoạch, en: Plan}}}\n"
        'criteria: [{id: "1", indicators: [{id: "1.1", points: 10, met_when: plan}]}]\n'
        "levels: [{id: good, name: {vi: Tốt, en: Good}, when: points >= 10}]\n"
    )


def on(day: str, *profiles: Profile, **options: object) -> str:
    """Return the id that answers, or what is said where none does."""
    registry = Registry(profiles)
    try:
        profile = registry.resolve("learning_unit", as_of=date.fromisoformat(day), **options)  # type: ignore[arg-type]
    except ProfileNotFoundError as fault:
        return fault.message("en")
    return profile.id


OLD = profile("old", "2015-01-01")
ENDED = {"status": "retired", "effective_to": "2022-01-01", "ended_by": "{document: Văn bản}"}


def test_a_successor_that_has_ended_leaves_open_whether_the_old_one_holds_again() -> None:
    new = profile("new", "2020-01-01", **ENDED)
    assert on("2019-12-31", OLD, new) == "old"
    assert "it may have been replaced by new@1.0.0" in on("2023-01-01", OLD, new)


def test_a_known_end_closes_what_an_unseen_start_leaves_open() -> None:
    first, second = profile("first", "2015-01-01", **ENDED), profile("second", "2021-06-01")
    assert on("2021-05-31", first, second) == "first"
    said = on("2021-06-01", first, second)
    assert "first@1.0.0 (in force from 2015-01-01)" not in said
    assert "first@1.0.0 (effective_from is unknown; counted from its issue" in said
    assert "may have been replaced" not in said
    assert on("2022-01-01", first, second) == "second"


def test_before_a_seen_start_an_issued_successor_replaces_nothing() -> None:
    new = profile("new", "2020-01-01", effective_from="2020-07-01")
    assert on("2020-06-30", OLD, new) == "old"
    assert "old@1.0.0 (" in on("2020-07-01", OLD, new)


def test_nothing_is_sure_of_a_profile_without_any_day() -> None:
    bare = profile("bare")
    assert "bare@1.0.0 (effective_from and the date of issue are unknown)" in on("2024-01-01", bare)
    assert on("2024-01-01", profile("told", effective_from="2020-01-01")) == "told"


def test_what_is_for_other_subjects_or_a_draft_replaces_nothing() -> None:
    kind = {"applies_to": "{managed_by: [commune]}"}
    mine = profile("mine", "2015-01-01", **kind)
    other = profile("other", "2020-01-01", applies_to="{managed_by: [province]}")
    assert on("2024-01-01", mine, other, applies_to={"managed_by": "commune"}) == "mine"
    past = profile("past", "2020-01-01", applies_to="{managed_by: [province]}", **ENDED)
    assert on("2024-01-01", mine, past) == "mine"
    draft = profile("draft", "2020-01-01", status="draft")
    assert on("2024-01-01", mine, draft) == "mine"


def test_what_is_invented_has_no_unseen_dates_and_replaces_no_law() -> None:
    invented = profile("invented", provenance="illustrative")
    assert on(
        "2024-01-01", invented, profile("past", "2020-01-01", **ENDED), illustrative=True
    ) == ("invented")
    later = profile("later", "2020-01-01", provenance="illustrative", effective_to="2021-01-01")
    assert on("2024-01-01", OLD, later, illustrative=True) == "old"


def test_an_area_is_replaced_by_its_own_and_by_those_around_it_alone() -> None:
    city = profile("city", "2018-01-01", area='"01"')
    ward = profile("ward", "2020-01-01", area='"00004"')
    assert on("2024-01-01", OLD, city, area="01") == "city"
    assert on("2024-01-01", OLD, city, ward, area=("00004", "01")) == "ward"
    assert on("2024-01-01", OLD, city, ward, area="01") == "city"
    assert on("2024-01-01", OLD, city) == "old"
    nation = profile("nation", "2022-01-01")
    said = on("2024-01-01", OLD, city, nation, area="01")
    assert all(f"{name}@1.0.0 (" in said for name in ("old", "city", "nation"))
    newer = profile("newer", "2023-01-01", area='"01"', effective_to="2030-01-01")
    assert on("2024-01-01", OLD, nation, newer, area="01") == "newer"
    assert "If the area has its own profile (01), specify area." in on(
        "2024-01-01", OLD, nation, newer
    )


def test_several_with_all_days_shown_are_just_named() -> None:
    days = {"effective_from": "2020-01-01", "effective_to": "2030-01-01"}
    said = on("2024-01-01", profile("a", **days), profile("b", **days))
    assert said == (
        "Several profiles are in force for 'learning_unit' on 2024-01-01: a@1.0.0, b@1.0.0. "
        "To choose a profile, write ID@VERSION."
    )
