"""Targets files: what they hold, what comes with the library, and where they are found."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from attrs import fields, has
from bad_profiles import BAD

from xhht.criteria.codes import pattern_description
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.document import OverlayDocument, ProfileDocument, Provenance
from xhht.criteria.files import bundled_directory, profile_files, target_files
from xhht.criteria.target_document import (
    AreaScope,
    AreasEntry,
    CountedIn,
    RateEntry,
    TargetsDocument,
)
from xhht.criteria.targets import (
    External,
    Programme,
    bundled_programmes,
    check_targets,
    load_targets,
    loads_targets,
)
from xhht.domain.titles import AreaLevel, Title
from xhht.errors import ProfileNotFoundError

SOUND = """\
format: 1
id: test.targets
version: 1.0.0
status: active
name: {vi: Chương trình, en: Programme}
legal_basis: {document: Văn bản}
provenance: illustrative
targets:
  - id: a
    text: {vi: "Một nửa", en: "Half"}
    measure: {rate: {title: learning_unit, of: of_total}}
    deadline: 2025
    share: 62.5%
    scope: {level: nation}
"""


def bundled(programme_id: str) -> Programme:
    return next(programme for programme in bundled_programmes() if programme.id == programme_id)


def test_a_year_is_its_last_day_and_a_share_is_exact() -> None:
    target = loads_targets(SOUND).target("a")
    assert (target.deadline, target.share) == (date(2025, 12, 31), Fraction(5, 8))
    day = loads_targets(SOUND.replace("2025", "2025-06-30")).target("a")
    assert day.deadline == date(2025, 6, 30)


@pytest.mark.parametrize("share", ["0%", "100.1%", "70", "0.7", "7e1%", "-5%", "07%", "70 %"])
def test_a_share_is_above_0_and_at_most_100_percent(share: str) -> None:
    diagnostics = check_targets(SOUND.replace("62.5%", share).encode(), "x.yaml")
    assert [diagnostic.code for diagnostic in diagnostics] == ["XH703"]


@pytest.mark.parametrize("deadline", ["25", "2025-6-30", "2025-02-30", "31/12/2025", "20255"])
def test_a_deadline_is_a_year_or_a_day(deadline: str) -> None:
    diagnostics = check_targets(SOUND.replace("2025", deadline).encode(), "x.yaml")
    assert [diagnostic.code for diagnostic in diagnostics] == ["XH702"]


def test_all_faults_are_found_at_once_and_each_in_its_place() -> None:
    text = SOUND.replace("2025", "soon").replace("62.5%", "0%").replace("nation", "nations")
    text = text.replace("of_total", "of_all").replace("learning_unit", "learning_unti")
    diagnostics = check_targets(text.encode(), "x.yaml")
    assert [
        (diagnostic.code, diagnostic.pointer.rpartition("/")[2]) for diagnostic in diagnostics
    ] == [
        ("XH120", "title"),
        ("XH115", "of"),
        ("XH702", "deadline"),
        ("XH703", "share"),
        ("XH120", "level"),
    ]
    with pytest.raises(ProfileError) as raised:
        loads_targets(text)
    assert len(raised.value.diagnostics) == 5


def test_a_measure_that_says_external_false_says_nothing() -> None:
    text = SOUND.replace("{rate: {title: learning_unit, of: of_total}}", "{external: false}")
    assert [diagnostic.code for diagnostic in check_targets(text.encode(), "x.yaml")] == ["XH701"]


@pytest.mark.parametrize("data", [b"", b"\xff", b"- 1", b"a: [", b"format: 1", b"targets: {}"])
def test_what_is_no_targets_file_is_a_finding(data: bytes) -> None:
    assert check_targets(data, "x.yaml")


def test_a_condition_may_ask_for_inputs_of_the_profile_it_names() -> None:
    text = (BAD / "XH706.yaml").read_text(encoding="utf-8")
    text = text.replace("vn.citizen.qd324", "vn.citizen.qd324-2023")
    right = text.replace("when: trained", "when: trained and indicator_5 >= 5")
    assert check_targets(right.encode(), "x.yaml") == ()
    wrong = text.replace("when: trained", "when: trained and indicator_55 >= 5")
    (diagnostic,) = check_targets(wrong.encode(), "x.yaml")
    assert diagnostic.code == "XH202"
    assert diagnostic.hint is not None
    assert "indicator_5" in diagnostic.hint.vi


def test_targets_are_no_profiles_and_profiles_no_targets(tmp_path: Path) -> None:
    for name in ("a.yaml", "a.test.yaml", "b.targets.yaml"):
        (tmp_path / name).write_text(SOUND, encoding="utf-8")
    assert [file.name for file in profile_files([tmp_path])] == ["a.yaml"]
    assert [file.name for file in target_files([tmp_path])] == ["b.targets.yaml"]
    assert load_targets(tmp_path / "b.targets.yaml").id == "test.targets"


def test_every_bundled_programme_says_that_no_clause_was_seen() -> None:
    for file in target_files([bundled_directory()]):
        text = " ".join(file.read_text(encoding="utf-8").split())
        assert "The clause of each target was not seen in the source." in text
        assert "Điều, khoản của từng chỉ tiêu chưa thấy trong nguồn." in text


def test_every_bundled_file_is_sound_and_names_a_source_for_each_figure() -> None:
    files = target_files([bundled_directory()])
    assert files
    for file in files:
        assert check_targets(file.read_bytes(), str(file)) == ()
        programme = load_targets(file)
        for target in programme.targets:
            assert target.source
            assert target.provenance is not Provenance.ILLUSTRATIVE
            assert target.text.vi != target.text.en


def test_ids_of_bundled_programmes_are_unique() -> None:
    ids = [programme.id for programme in bundled_programmes()]
    assert ids == sorted(set(ids))


def test_a_target_that_is_not_there_is_named_with_a_likely_one() -> None:
    with pytest.raises(ProfileNotFoundError) as raised:
        bundled("vn.programme.qd387-2022").target("household_2052")
    assert "household_2025" in raised.value.message("vi")


# The figures, as the sources have them


def test_decision_281_asks_less_of_disadvantaged_areas() -> None:
    programme = bundled("vn.programme.qd281-2014")
    general = {t.id: t.share for t in programme.targets if t.scope.places is AreaScope.ALL}
    assert general == {
        "household_2020": Fraction(70, 100),
        "clan_2020": Fraction(50, 100),
        "community_2020": Fraction(60, 100),
        "unit_2020": Fraction(50, 100),
        "trained_2020": Fraction(1),
    }
    others = {t.id: t.share for t in programme.targets if t.scope.places is AreaScope.DISADVANTAGED}
    assert others == {
        "household_2020_disadvantaged": Fraction(60, 100),
        "clan_2020_disadvantaged": Fraction(40, 100),
        "community_2020_disadvantaged": Fraction(50, 100),
    }


def test_the_marks_of_2025_are_seen_and_those_of_2030_in_part() -> None:
    programme = bundled("vn.programme.qd387-2022")
    by_id = {target.id: target for target in programme.targets}
    assert by_id["household_2025"].share == Fraction(70, 100)
    assert by_id["household_2025"].provenance is Provenance.COMPLETE
    assert by_id["household_2030"].share == Fraction(80, 100)
    assert by_id["household_2030"].provenance is Provenance.PARTIAL
    assert not {"centre_officers_2030", "centre_management_2030"} & by_id.keys()


def test_the_marks_of_decision_677_rise_from_2025_to_2030() -> None:
    by_id = {target.id: target.share for target in bundled("vn.programme.qd677-2022").targets}
    marks = {
        name: (by_id[f"{name}_2025"], by_id[f"{name}_2030"])
        for name in ("adult_citizen", "staff_citizen", "digital_skills", "digital_mastery")
    }
    assert marks == {
        "adult_citizen": (Fraction(40, 100), Fraction(60, 100)),
        "staff_citizen": (Fraction(60, 100), Fraction(80, 100)),
        "digital_skills": (Fraction(70, 100), Fraction(90, 100)),
        "digital_mastery": (Fraction(60, 100), Fraction(80, 100)),
    }


def test_units_of_decision_387_are_those_of_communes() -> None:
    of_communes = RateEntry(
        title=Title.LEARNING_UNIT, of="of_total", applies_to={"managed_by": ("commune",)}
    )
    for programme, target in (
        ("vn.programme.qd387-2022", "unit_2025"),
        ("vn.programme.qd387-2022", "unit_2030"),
        ("vn.programme.hanoi-plan291", "unit_2030"),
    ):
        assert bundled(programme).target(target).measure == of_communes
    everywhere = bundled("vn.programme.qd281-2014").target("unit_2020").measure
    assert everywhere == RateEntry(title=Title.LEARNING_UNIT, of="of_total")


def test_what_no_source_shows_is_absent() -> None:
    society = {target.id for target in bundled("vn.programme.qd1373-2021").targets}
    assert "district_2030" in society
    assert not {"district_2025", "centres_online_2030", "lower_secondary_level2_2030"} & society


def test_each_kind_of_measure_is_there() -> None:
    society = bundled("vn.programme.qd1373-2021")
    assert society.target("citizen_2025").measure == RateEntry(
        title=Title.LEARNING_CITIZEN, of="of_total"
    )
    assert society.target("higher_education_2025").measure == External()
    district = society.target("district_2030").measure
    assert isinstance(district, AreasEntry)
    assert (district.level, district.counted) == (AreaLevel.DISTRICT, CountedIn.ITSELF)


def test_a_province_may_ask_more_than_the_decision() -> None:
    province = bundled("vn.programme.phutho-qd677")
    assert [target.share for target in province.targets] == [
        Fraction(1),
        Fraction(60, 100),
        Fraction(85, 100),
        Fraction(80, 100),
    ]


@pytest.mark.parametrize("kind", [TargetsDocument, ProfileDocument, OverlayDocument])
def test_every_form_of_text_is_told_in_words(kind: type) -> None:
    for pattern in _patterns(kind):
        assert pattern_description(pattern).vi != pattern


def _patterns(kind: Any) -> set[str]:
    if not has(kind):
        return set().union(*map(_patterns, get_args(kind)))
    own = {field.metadata["pattern"] for field in fields(kind) if "pattern" in field.metadata}
    hints = get_type_hints(kind).values()
    below = (hint for hint in hints if kind.__name__ not in str(hint))
    return own.union(*map(_patterns, below))


def test_a_wrong_denominator_is_told_what_there_is() -> None:
    (diagnostic,) = check_targets(SOUND.replace("of_total", "of_all").encode(), "x.yaml")
    assert diagnostic.code == "XH115"
    assert diagnostic.hint is not None
    assert "of_registered" in diagnostic.hint.vi
    assert "(total" not in diagnostic.hint.vi
