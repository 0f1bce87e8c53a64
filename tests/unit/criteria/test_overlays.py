"""An overlay is its base with some values of its own, each of which knows where it came from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import asdict

from xhht import Profile, ProfileError, bundled_profiles, dump_profile, evaluate, loads_profile
from xhht.criteria.loading import check_profile, load_profile
from xhht.criteria.registry import Registry
from xhht.errors import ProfileNotFoundError

BASE = "vn.unit.tt22-2020.all-or-nothing@1.0.0"
HEAD = """\
format: 1
id: test.{name}
version: 1.0.0
status: active
extends: {base}
area: "{area}"
provenance: illustrative
legal_basis: {{document: 1/KH-UBND}}
"""
WHY = """\
    reason: {vi: Lý do, en: Reason}
    legal_basis: {document: 1/KH-UBND}
"""


def overlay(
    *overrides: tuple[str, str], name: str = "hanoi", base: str = BASE, area: str = "01"
) -> str:
    head = HEAD.format(name=name, base=base, area=area)
    entries = (f"  - at: {at}\n    value: {value}\n{WHY}" for at, value in overrides)
    return head + ("overrides:\n" + "".join(entries) if overrides else "")


def national() -> Profile:
    return bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")


def in_force() -> Profile:
    return bundled_profiles().get("vn.unit.tt22-2020")


def test_one_that_overrides_nothing_changes_nothing() -> None:
    joined, base = loads_profile(overlay()), national()
    assert asdict(joined.plan, recurse=False) == asdict(base.plan, recurse=False)
    assert joined.document.levels == base.document.levels
    assert (joined.document.area, joined.document.extends) == ("01", BASE)
    assert joined.name == base.name


def test_values_are_replaced_added_and_taken_away() -> None:
    profile = loads_profile(
        overlay(
            ("criteria/2.4/met_when", '"share(members_advanced_labour, members) >= 70%"'),
            ("criteria/1.1/points", "12"),
            ("criteria/1/points", "32"),
            ("levels/good/when", "points >= 87"),
            ("levels/average", "null"),
            ("inputs/volunteers", "{type: bool, label: {vi: A, en: A}}"),
            ("criteria/3.3/met_when", "volunteers"),
            ("inputs/shares_knowledge", "null"),
            ("cycle/submit_by", '"02-28"'),
        )
    )
    assert profile.max_points == 102
    assert [level.id for level in profile.document.levels] == ["good", "fair"]
    assert profile.level("good").when == "points >= 87"
    assert "volunteers" in profile.document.inputs
    assert "shares_knowledge" not in profile.document.inputs
    assert profile.document.cycle is not None
    assert profile.document.cycle.submit_by == "02-28"


def test_every_value_knows_its_file_and_line() -> None:
    text = overlay(("criteria/2.4/met_when", '"share(members_advanced_labour, members) >= 70%"'))
    profile = loads_profile(text, "hanoi.yaml")
    own = profile.marks[f"{profile.pointers['2.4']}/met_when"]
    assert (own.file, own.line) == ("hanoi.yaml", 11)
    assert profile.place("2.4") == own
    other = profile.place("2.3")
    assert other.file is not None
    assert other.file.endswith("unit-tt22-2020-all-or-nothing.yaml")
    assert other.line == national().line("2.3")
    shown = str(evaluate(profile, {}).explain(lang="en"))
    assert "hanoi.yaml, line 11" in shown
    assert f"unit-tt22-2020-all-or-nothing.yaml, line {other.line}" in shown


def test_a_fault_in_what_is_put_in_place_is_told_in_the_overlay() -> None:
    text = overlay(("criteria/2.4/met_when", '"share(member, members) >= 70%"'))
    diagnostics = check_profile(text.encode(), "hanoi.yaml")
    assert ("XH202", "hanoi.yaml", 11) in {(f.code, f.file, f.mark.line) for f in diagnostics}


def test_all_faults_of_the_overrides_are_told_at_once() -> None:
    text = overlay(
        ("criteria/2.9/met_when", "plan"),
        ("levels/god/when", "points >= 1"),
        ("status", "draft"),
        ("criteria/2.4/points", "6"),
        ("criteria/2.4", "null"),
    )
    places = [(f.code, f.mark.line) for f in check_profile(text.encode(), "x.yaml")]
    assert places == [("XH604", 10), ("XH604", 14), ("XH607", 18), ("XH605", 26)]


def test_a_circle_of_files_is_printed(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "c"), ("c", "a")):
        text = overlay(name=one, base=f"test.{other}@1.0.0")
        (tmp_path / f"{one}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(tmp_path / "a.yaml")
    (fault,) = caught.value.diagnostics
    assert fault.code == "XH603"
    for name in ("test.a@1.0.0", "test.b@1.0.0", "test.c@1.0.0"):
        assert name in fault.text.en


def test_overlays_of_overlays_and_the_nearest_wins(tmp_path: Path) -> None:
    city = overlay(("criteria/2.4/points", "6"), ("criteria/2/points", "31"), name="city")
    sevens = ("criteria/2.4/points", "7"), ("criteria/2/points", "32")
    ward = overlay(*sevens, name="ward", base="test.city@1.0.0", area="00004")
    (tmp_path / "city.yaml").write_text(city, encoding="utf-8")
    (tmp_path / "ward.yaml").write_text(ward, encoding="utf-8")
    registry = Registry((in_force(), *Registry.from_paths([tmp_path])))

    def found(*area: str) -> str:
        day = date(2021, 6, 1)
        return registry.resolve("learning_unit", as_of=day, area=area, illustrative=True).id

    assert found("00004", "01") == "test.ward"
    assert found("00001", "01") == "test.city"
    assert found("60") == found() == "vn.unit.tt22-2020"
    assert registry.get("test.ward").max_points == 102
    assert registry.get("test.city").max_points == 101


def test_two_for_one_area_and_day_are_an_error_that_names_both() -> None:
    both = Registry((loads_profile(overlay(name="one")), loads_profile(overlay(name="two"))))
    with pytest.raises(ProfileNotFoundError) as caught:
        both.resolve("learning_unit", as_of=date(2021, 6, 1), area="01", illustrative=True)
    assert "test.one@1.0.0" in caught.value.text.vi
    assert "test.two@1.0.0" in caught.value.text.vi


def test_it_is_written_joined_and_reads_back_to_the_same_hash() -> None:
    profile = loads_profile(overlay(("criteria/2.4/points", "6"), ("criteria/2/points", "31")))
    again = loads_profile(dump_profile(profile))
    assert again.hash == profile.hash
    assert asdict(again.plan, recurse=False) == asdict(profile.plan, recurse=False)
    assert again.document.area == "01"


def test_hanoi_asks_for_less_in_one_indicator_and_nothing_else() -> None:
    hanoi, base = bundled_profiles().get("vn.unit.tt22-2020.hanoi"), in_force()
    changed = [
        name for name, entry in hanoi.document.inputs.items() if base.document.inputs[name] != entry
    ]
    assert changed == ["advanced_labour"]
    assert "70%" in hanoi.document.inputs["advanced_labour"].label.vi
    assert hanoi.document.criteria == base.document.criteria
    assert hanoi.document.levels == base.document.levels
    day = date(2022, 12, 31)
    at = {"as_of": day, "applies_to": {"managed_by": "district", "kind": "agency"}}
    assert bundled_profiles().resolve("learning_unit", area="01", **at) == hanoi  # type: ignore[arg-type]
    assert bundled_profiles().resolve("learning_unit", area="60", **at) == base  # type: ignore[arg-type]
