"""Finding profiles: by id and version, and by title, day and subject."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from xhht.criteria.files import profile_files
from xhht.criteria.loading import loads_profile
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry, bundled_profiles
from xhht.domain.titles import Title
from xhht.errors import ProfileNotFoundError

DAY = date(2023, 12, 31)


def profile(profile_id: str, version: str = "1.0.0", **keys: str) -> Profile:
    fields = {
        "status": "active",
        "title": "learning_unit",
        "provenance": "complete",
        "effective_from": "2020-09-21",
        **keys,
    }
    own = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return loads_profile(
        f"format: 1\nid: {profile_id}\nversion: {version}\n{own}"
        "name: {vi: Đơn vị, en: Unit}\n"
        "legal_basis: {document: Văn bản}\n"
        "inputs: {plan: {type: bool, label: {vi: Kế hoạch, en: Plan}}}\n"
        "criteria:\n"
        '  - {id: "1", indicators: [{id: "1.1", points: 10, met_when: plan}]}\n'
        "levels:\n  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 10}\n"
    )


def test_an_id_alone_means_the_newest_version_by_number() -> None:
    registry = Registry((profile("a", "1.9.0"), profile("a", "1.10.0"), profile("b", "2.0.0")))
    assert registry.get("a").version == "1.10.0"
    assert registry.get("a@1.9.0").version == "1.9.0"
    assert len(registry) == 3


@pytest.mark.parametrize("reference", ["c", "a@2.0.0", "", "@1.0.0"])
def test_what_is_not_there_is_named(reference: str) -> None:
    with pytest.raises(ProfileNotFoundError) as raised:
        Registry((profile("a"),)).get(reference)
    assert f"'{reference}'" in raised.value.message("vi")
    assert f"'{reference}'" in raised.value.message("en")


def test_the_one_profile_of_a_title_on_a_day_is_resolved() -> None:
    unit, citizen = profile("a"), profile("b", title="learning_citizen")
    registry = Registry((unit, citizen))
    assert registry.resolve("learning_unit", as_of=DAY) is unit
    assert registry.resolve(Title.LEARNING_CITIZEN, as_of=DAY, area="60") is citizen


def test_two_candidates_are_both_named() -> None:
    registry = Registry((profile("a"), profile("b", "2.1.0")))
    with pytest.raises(ProfileNotFoundError) as raised:
        registry.resolve("learning_unit", as_of=DAY)
    for lang in ("vi", "en"):
        assert "a@1.0.0, b@2.1.0" in raised.value.message(lang)


def test_none_is_said_with_title_and_day() -> None:
    with pytest.raises(ProfileNotFoundError) as raised:
        Registry(()).resolve("learning_unit", as_of=DAY)
    for lang, day in (("vi", "31/12/2023"), ("en", "2023-12-31")):
        assert "learning_unit" in raised.value.message(lang)
        assert day in raised.value.message(lang)


@pytest.mark.parametrize(
    ("day", "answers"),
    [
        (date(2020, 9, 20), False),
        (date(2020, 9, 21), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
)
def test_a_profile_holds_from_its_first_day_until_before_its_last(day: date, answers: bool) -> None:
    registry = Registry((profile("a", effective_to="2025-07-01"),))
    if answers:
        assert registry.resolve("learning_unit", as_of=day).id == "a"
    else:
        with pytest.raises(ProfileNotFoundError):
            registry.resolve("learning_unit", as_of=day)


def test_a_retired_profile_answers_for_its_time_and_a_draft_never() -> None:
    ended = {"effective_to": "2025-07-01", "ended_by": "{document: Văn bản}"}
    registry = Registry((profile("a", status="retired", **ended), profile("b", status="draft")))
    assert registry.resolve("learning_unit", as_of=DAY).id == "a"


def test_an_illustrative_profile_answers_only_when_asked_for() -> None:
    registry = Registry((profile("a", provenance="illustrative"),))
    with pytest.raises(ProfileNotFoundError):
        registry.resolve("learning_unit", as_of=DAY)
    assert registry.resolve("learning_unit", as_of=DAY, illustrative=True).id == "a"


def test_what_a_profile_applies_to_tells_two_apart() -> None:
    registry = Registry(
        (
            profile("a", applies_to="{managed_by: [district, province]}"),
            profile("b", applies_to="{managed_by: [commune]}"),
        )
    )
    subject = {"managed_by": "commune"}
    assert registry.resolve("learning_unit", as_of=DAY, applies_to=subject).id == "b"
    with pytest.raises(ProfileNotFoundError):
        registry.resolve("learning_unit", as_of=DAY)


def test_files_are_those_below_a_folder_but_for_tests(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.yaml", "z.test.yaml", "b/a.yaml", "notes.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    files = [file.relative_to(tmp_path).as_posix() for file in profile_files([tmp_path])]
    assert files == ["b/a.yaml", "z.yaml"]
    assert profile_files([tmp_path / "z.test.yaml"]) == [tmp_path / "z.test.yaml"]


def test_no_bundled_profile_is_illustrative() -> None:
    assert {p.provenance.value for p in bundled_profiles()} <= {"complete", "partial"}


@pytest.mark.parametrize(
    ("title", "options", "message"),
    [
        ("zz", {}, "learning_household, learning_clan"),
        ("learning_unitt", {}, "learning_unit"),
        (None, {}, "learning_household, learning_clan"),
        ("learning_unit", {"as_of": None}, "date(2024, 12, 31)"),
        ("learning_unit", {"as_of": "2023-12-31"}, "date(2024, 12, 31)"),
        ("learning_unit", {"as_of": datetime(2023, 12, 31)}, "date(2024, 12, 31)"),
        ("learning_unit", {"area": 60}, '"60"'),
        ("learning_unit", {"area": 0}, '"60"'),
        ("learning_unit", {"area": [60]}, '"60"'),
    ],
)
def test_a_question_of_the_wrong_kind_is_told_what_to_write(
    title: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ProfileNotFoundError) as caught:
        Registry((profile("x.unit"),)).resolve(title, **{"as_of": DAY, **options})
    assert message in caught.value.text.vi
    assert message in caught.value.text.en


def test_a_title_may_be_asked_for_by_its_vietnamese_name() -> None:
    answer = Registry((profile("x.unit"),)).resolve("Đơn vị học tập", as_of=DAY)
    assert answer.id == "x.unit"


def test_the_kind_of_a_subject_may_be_given_in_vietnamese() -> None:
    registry = Registry((profile("a", applies_to="{managed_by: [district], kind: [school]}"),))
    subject = {"managed_by": "Huyện", "kind": "Trường học"}
    assert registry.resolve("learning_unit", as_of=DAY, applies_to=subject).id == "a"


def test_a_kind_that_no_profile_is_for_is_named_and_the_likely_ones_come_first() -> None:
    registry = Registry(
        (
            profile("a.draft", status="draft"),
            profile("b.other", applies_to="{managed_by: [province]}"),
            profile("c.other", applies_to="{managed_by: [district]}"),
        )
    )
    with pytest.raises(ProfileNotFoundError) as caught:
        registry.resolve("learning_unit", as_of=DAY, applies_to={"managed_by": "commune"})
    message = caught.value.text.en
    assert "managed_by: commune; possible values: district, province." in message
    assert message.index("b.other") < message.index("c.other") < message.index("a.draft")


@pytest.mark.parametrize(
    ("value", "likely"),
    [("huyen", "district"), ("distrct", "district"), ("cấp tinh", "province"), ("sở", None)],
)
def test_a_misspelt_kind_is_guessed_among_those_that_profiles_are_for(
    value: str, likely: str | None
) -> None:
    with pytest.raises(ProfileNotFoundError) as error:
        bundled_profiles().resolve(
            "learning_unit", as_of=date(2024, 12, 31), applies_to={"managed_by": value}
        )
    message = error.value.message("vi")
    assert ("Có phải ý bạn là" in message) is (likely is not None)
    assert f"managed_by: {likely}?" in message or likely is None


@pytest.mark.parametrize(("year", "is_said"), [(2024, True), (2023, False), (2026, False)])
def test_the_note_of_a_profile_in_force_says_what_counts_as_what(year: int, is_said: bool) -> None:
    with pytest.raises(ProfileNotFoundError) as error:
        bundled_profiles().resolve(
            "learning_unit", as_of=date(year, 12, 31), applies_to={"managed_by": "xã"}
        )
    for lang, words in (
        ("vi", "Ủy ban nhân dân cấp xã: ghi managed_by là district."),
        ("en", "People's Committee itself: record it with managed_by district."),
    ):
        assert (words in error.value.message(lang)) is is_said
