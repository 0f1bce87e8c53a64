"""Reading profile files: hostile YAML, scalars that other readers change, hash and dump."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest

from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.loading import check_profile, load_profile, loads_profile
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry, bundled_profiles
from xhht.criteria.writing import dump_profile
from xhht.errors import ProfileNotFoundError

PROFILE = """\
format: 1
id: test.unit
version: 1.0.0
status: active
title: learning_unit
name: {vi: Đơn vị học tập, en: Learning unit}
effective_from: 2020-09-21
provenance: complete
legal_basis: {document: 22/2020/TT-BGDĐT, issued: 2020-08-06}
inputs:
  plan: {type: bool, label: {vi: Có kế hoạch, en: Has a plan}}
  panel: {type: assessed, max: 10, label: {vi: Điểm chấm, en: Awarded points}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: plan}
      - {id: "1.2", points: 10, assessed: panel}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 10}
"""


def changed(old: str, new: str) -> str:
    assert PROFILE.count(old) == 1
    return PROFILE.replace(old, new)


def findings(data: str | bytes) -> list[tuple[str, int]]:
    raw = data.encode() if isinstance(data, str) else data
    return [(diagnostic.code, diagnostic.mark.line) for diagnostic in check_profile(raw, "x.yaml")]


def codes(data: str | bytes) -> set[str]:
    return {code for code, _ in findings(data)}


def test_the_profile_itself_has_no_fault() -> None:
    assert findings(PROFILE) == []


# What a file may do to a reader

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_aliases_are_refused_and_never_followed() -> None:
    listed = findings(PROFILE + LAUGHS)
    assert [line for code, line in listed if code == "XH105"].count(21) == 10
    assert codes(PROFILE + LAUGHS) == {"XH105", "XH109"}


@pytest.mark.parametrize(
    "text",
    ["a: " + "[" * 50_000, "{a: " * 50_000, "".join(" " * i + "a:\n" for i in range(300))],
    ids=["lists", "mappings", "blocks"],
)
def test_deep_nesting_ends_the_reading(text: str) -> None:
    assert codes(text) == {"XH112"}


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system", "!!python/name:os.system", "!mine", "!!binary"]
)
def test_tags_build_nothing_and_are_refused(tag: str) -> None:
    assert findings(changed("1.0.0", f"{tag} 1.0.0")) == [("XH106", 3)]


def test_a_file_of_two_megabytes_is_refused_unread() -> None:
    assert findings("#" * 2_000_000) == [("XH102", 1)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PROFILE.encode() + b"\0", "XH101"),
        (PROFILE.encode("utf-16"), "XH103"),
        (PROFILE.encode("utf-16-le"), "XH103"),
        (PROFILE.encode("utf-8").replace("Đ".encode(), b"\xd0", 1), "XH103"),
        (changed('  - id: "1"', '\t- id: "1"').encode(), "XH101"),
        (b"", "XH113"),
        (b"# nothing\n\n", "XH113"),
        (b"null\n", "XH111"),
        (b"format\n", "XH111"),
        (b"- format: 1\n", "XH111"),
        ((PROFILE + "---\n" + PROFILE).encode(), "XH114"),
    ],
)
def test_a_file_that_is_no_profile_has_one_fault(data: bytes, code: str) -> None:
    assert [code for code, _ in findings(data)] == [code]


@pytest.mark.parametrize(
    "data",
    [
        PROFILE.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + PROFILE.encode(),
        b"---\n" + PROFILE.encode() + b"...\n",
        PROFILE.rstrip("\n").encode(),
    ],
    ids=["line ends of Windows", "byte order mark", "document marks", "no last line end"],
)
def test_how_an_editor_saves_a_file_changes_nothing(data: bytes) -> None:
    assert findings(data) == []
    assert loads_profile(data).hash == loads_profile(PROFILE).hash


def test_each_key_stands_once_and_the_first_place_is_named() -> None:
    (diagnostic,) = check_profile(changed("id: test.unit", "id: a\nid: b").encode(), "x.yaml")
    assert (diagnostic.code, diagnostic.mark.line) == ("XH104", 3)
    assert "2" in diagnostic.text.vi


def test_a_merge_key_is_an_unknown_key() -> None:
    assert findings(PROFILE + "<<: {status: draft}\n") == [("XH109", 20)]


def test_decomposed_text_is_warned_of_and_read_composed() -> None:
    text = unicodedata.normalize("NFD", PROFILE)
    assert codes(text) == {"XH118"}
    assert loads_profile(text).name.vi == "Đơn vị học tập"
    assert loads_profile(text).hash == loads_profile(PROFILE).hash


def test_thousands_of_misspelt_names_do_not_take_minutes() -> None:
    count = "{type: count, at_most: %s, label: {vi: A, en: A}}"
    many = "".join(f"  a{i}: {count % f'b{i}'}\n" for i in range(3_000))
    listed = findings(changed("criteria:\n", f"{many}criteria:\n"))
    assert [code for code, _ in listed] == ["XH202"] * 3_000


# Scalars that YAML readers change


@pytest.mark.parametrize(
    "number",
    [
        *("1e-1", "1e1", ".5", "5.", ".nan", ".inf", "1_000", "0o7", "0x1F", "010", "00004"),
        *("12:30", "+5", "yes", "١٠", "1.000,5", "9" * 31),
    ],
)
def test_a_number_is_written_in_plain_decimals(number: str) -> None:
    text = changed("points: 10, met_when", f'points: "{number}", met_when')
    assert findings(text) == [("XH108", 16)]
    assert codes(text.replace('"' + number + '"', number)) <= {"XH108", "XH109"}


@pytest.mark.parametrize(
    ("written", "number"),
    [("0.1", Fraction(1, 10)), ("10", Fraction(10)), ("0.70", Fraction(7, 10)), ('"5"', 5)],
)
def test_a_decimal_is_just_what_is_written(written: str, number: Fraction) -> None:
    profile = loads_profile(changed("points: 10, met_when", f"points: {written}, met_when"))
    entry = profile.entries["1.1"]
    assert entry.points == number


def test_eight_tenths_reach_what_they_add_up_to() -> None:
    leaves = "".join(f'      - {{id: "2.{i}", points: 0.1, met_when: plan}}\n' for i in range(8))
    text = changed('      - {id: "1.1", points: 10, met_when: plan}\n', leaves)
    text = text.replace('      - {id: "1.2", points: 10, assessed: panel}\n', "")
    text = text.replace("points >= 10", "points >= 0.8")
    assert codes(text) == {"XH233"}
    assert loads_profile(text).max_points == Fraction(4, 5)


@pytest.mark.parametrize(
    "text", ["00004", "1.10", "yes", "no", "on", "12:30", "2020-01-01", "0x1", "1_0", "08"]
)
def test_a_text_that_other_readers_change_needs_quotes(text: str) -> None:
    unquoted = findings(changed('id: "1"', f"id: {text}"))
    if text == "08":  # no number for any reader of YAML 1.1
        assert unquoted == []
    elif text == "12:30":  # quotes alone would not mend it
        assert unquoted == [("XH115", 14)]
    else:
        assert unquoted == [("XH107", 14)]
    quotable = text if ":" not in text and "_" not in text else "1"
    assert findings(changed('id: "1"', f'id: "{quotable}"')) == []


@pytest.mark.parametrize("empty", ["", " ~", " null"])
def test_a_key_without_a_value_is_as_if_left_out(empty: str) -> None:
    assert loads_profile(f"{PROFILE}grid:{empty}\n").hash == loads_profile(PROFILE).hash


# The hash


def test_the_hash_is_that_of_the_content() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", loads_profile(PROFILE).hash)
    assert len(loads_profile(PROFILE).hash) == len(hashlib.sha256().hexdigest())


BLOCKS = changed(
    "legal_basis: {document: 22/2020/TT-BGDĐT, issued: 2020-08-06}\n",
    "legal_basis: # the circular\n  issued: 2020-08-06\n  document: '22/2020/TT-BGDĐT'\n",
)
REORDERED = (
    PROFILE[PROFILE.index("criteria:") : PROFILE.index("levels:")]
    + PROFILE[: PROFILE.index("criteria:")]
    + PROFILE[PROFILE.index("levels:") :]
)
INPUTS = PROFILE[PROFILE.index("  plan:") : PROFILE.index("criteria:")]
INPUTS_TURNED = "".join(reversed(INPUTS.splitlines(keepends=True)))


@pytest.mark.parametrize(
    "text",
    [
        "# a comment\n" + PROFILE,
        BLOCKS,
        REORDERED,
        PROFILE.replace(INPUTS, INPUTS_TURNED),
        changed("points: 10, met_when", "points: 10.0, met_when"),
        changed("points: 10, met_when", "requirement: scored, points: 10, met_when"),
        changed("effective_from: 2020-09-21", 'effective_from: "2020-09-21"'),
    ],
    ids=["comment", "blocks", "order of keys", "order of inputs", "10.0", "default", "quotes"],
)
def test_the_hash_is_the_same_where_the_content_is(text: str) -> None:
    assert loads_profile(text).hash == loads_profile(PROFILE).hash
    assert loads_profile(text) == loads_profile(PROFILE)


@pytest.mark.parametrize(
    "text",
    [
        changed("points >= 10", "points >= 11"),
        changed("en: Good", "en: Very good"),
        changed("version: 1.0.0", "version: 1.0.1"),
        changed("effective_from: 2020-09-21\n", ""),
        changed('id: "1.2"', 'id: "1.3"'),
    ],
)
def test_the_hash_differs_where_the_content_does(text: str) -> None:
    assert loads_profile(text).hash != loads_profile(PROFILE).hash


@pytest.mark.parametrize(
    "text",
    [
        PROFILE,
        changed("vi: Tốt, en: Good", 'vi: "không", en: "no"'),
        changed("document: 22/2020/TT-BGDĐT", 'document: "00004"'),
        changed("vi: Tốt", "vi: '12:30, #1: \"a\" ''b'' {c}'"),
        changed("points: 10, met_when", "points: 0.125, met_when"),
    ],
)
def test_what_is_dumped_loads_to_the_same_hash(text: str) -> None:
    profile = loads_profile(text)
    dumped = dump_profile(profile)
    assert loads_profile(dumped).hash == profile.hash
    assert dump_profile(loads_profile(dumped)) == dumped
    assert findings(dumped) == findings(text)


@pytest.mark.parametrize("profile", [*bundled_profiles()], ids=lambda profile: profile.id)
def test_bundled_profiles_dump_and_load_to_the_same_hash(profile: Profile) -> None:
    assert loads_profile(dump_profile(profile)).hash == profile.hash


# Files


def test_a_file_is_named_in_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text("format: 2\n", encoding="utf-8")
    with pytest.raises(ProfileError) as raised:
        load_profile(file)
    assert {diagnostic.file for diagnostic in raised.value.diagnostics} == {str(file)}
    assert str(raised.value).startswith(f"{file}:1:")


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_profile(tmp_path / "none.yaml")


def test_every_value_knows_its_place() -> None:
    profile = loads_profile(PROFILE)
    assert profile.line("1.2") == 17
    assert profile.marks["/levels/0/when"].line == 19
    assert profile.level("good").name.en == "Good"
    with pytest.raises(KeyError):
        profile.level("best")


def test_a_registry_refuses_what_has_faults(tmp_path: Path) -> None:
    (tmp_path / "faulty.yaml").write_text("format: 1\n", encoding="utf-8")
    with pytest.raises(ProfileError):
        Registry.from_paths([tmp_path])


def test_an_error_of_a_registry_is_said_in_both_languages() -> None:
    with pytest.raises(ProfileNotFoundError) as raised:
        bundled_profiles().get("vn.unit.tt22-2021")
    assert raised.value.message("vi").endswith("Có phải ý bạn là 'vn.unit.tt22-2020'?")
    assert raised.value.message("en").endswith("Did you mean 'vn.unit.tt22-2020'?")


def test_a_condition_with_a_number_of_too_many_digits_is_refused() -> None:
    text = changed("met_when: plan", 'met_when: "plan and panel >= 123456789012345.123456789"')
    assert findings(text) == [("XH302", 16)]


def test_a_text_that_no_file_can_hold_is_refused() -> None:
    for text in ("a: \ud800", PROFILE.replace("Đơn", "\udfff")):
        with pytest.raises(ProfileError) as raised:
            loads_profile(text)
        assert [diagnostic.code for diagnostic in raised.value.diagnostics] == ["XH103"]


def test_an_id_of_thousands_of_digits_is_a_fault_of_form() -> None:
    giver = "applies_when: plan, na_policy: zero"
    text = changed('{id: "1.1", ', f'{{id: "{"1" * 5_000}", ')
    text = text.replace('{id: "1.2", ', f'{{id: "1.2", {giver}, ')
    assert findings(text) == [("XH115", 16)]


@pytest.mark.parametrize("condition", ["plan_5j", 'plan_5j and "x" != kind'])
def test_a_percent_sign_is_read_outside_names_and_quotes_only(condition: str) -> None:
    kind = "  kind: {type: choice, choices: {x: {vi: A, en: A}, y: {vi: B, en: B}}, "
    text = changed("  plan: {", f"{kind}label: {{vi: C, en: C}}}}\n  plan_5j: {{")
    text = text.replace("met_when: plan", f"met_when: '{condition}'").replace('"1.1"', '"1.1j"')
    text = text.replace("when: points >= 10", "when: 'met(\"1.1j\") and percent >= 10%'")
    assert codes(text) <= {"XH233"}


@pytest.mark.parametrize("number", ["5j", "5J", "1e3j"])
def test_an_imaginary_number_is_no_percentage(number: str) -> None:
    text = changed("met_when: plan", f'met_when: "plan and panel >= {number}"')
    (diagnostic,) = check_profile(text.encode(), "x.yaml")
    assert (diagnostic.code, diagnostic.mark.column) == ("XH203", 62)
    assert number in diagnostic.text.vi


def test_an_option_that_looks_like_a_percentage_is_shown_as_it_is_written() -> None:
    text = changed(
        "type: bool, label: {vi: Có kế hoạch",
        "type: choice, choices: {x: {vi: A, en: A}}, label: {vi: Có kế hoạch",
    ).replace("met_when: plan", "met_when: 'plan == \"50%\"'")
    (diagnostic,) = check_profile(text.encode(), "x.yaml")
    assert diagnostic.text.vi == "'50%' không phải lựa chọn của 'plan'."


@pytest.mark.parametrize(
    ("points", "place"),
    [
        (("999999999999", "0.00000000001"), "/criteria/0/indicators/0/points"),
        (("999999999999", "999999999999", "0.001"), "/criteria"),
    ],
)
def test_points_that_add_up_to_too_many_digits_are_refused(
    points: tuple[str, ...], place: str
) -> None:
    leaves = "".join(
        f'      - {{id: "1.{at}", points: {points}, met_when: plan}}\n'
        for at, points in enumerate(points)
    )
    panel = '      - {id: "1.2", points: 10, assessed: panel}\n'
    text = changed('      - {id: "1.1", points: 10, met_when: plan}\n', leaves).replace(panel, "")
    diagnostics = [
        diagnostic
        for diagnostic in check_profile(text.encode(), "x.yaml")
        if diagnostic.code != "XH233"
    ]
    assert [(diagnostic.code, diagnostic.pointer) for diagnostic in diagnostics] == [
        ("XH302", place)
    ]


def test_bounds_that_no_values_fit_are_refused_along_a_chain_once() -> None:
    count = "{type: count, label: {vi: A, en: A}"
    chain = f"  a: {count}, min: 5, at_most: b}}\n  b: {count}, at_most: c}}\n"
    text = changed("criteria:\n", f"{chain}  c: {count}, max: 3}}\ncriteria:\n")
    text = text.replace("met_when: plan", "met_when: plan and a > 6")
    assert codes(text) == {"XH238"}
    assert codes(text.replace("max: 3", "max: 5")) <= {"XH402"}
    day = "{type: date, label: {vi: A, en: A}"
    dates = f"  a: {day}, min: 2020-01-01, at_most: b}}\n  b: {day}, max: 2019-12-31}}\ncriteria:\n"
    (diagnostic,) = check_profile(
        changed("criteria:\n", dates)
        .replace("met_when: plan", "met_when: plan and a > b")
        .encode(),
        "x.yaml",
    )
    assert "'a' ít nhất là 2020-01-01, nhưng 'b' nhiều nhất là 2019-12-31" in diagnostic.text.vi


def test_misspelt_names_by_the_thousand_are_all_told_of() -> None:
    name = "very_long_input_name_number_"
    inputs = "".join(
        f"  {name}{at:03d}: {{type: bool, label: {{vi: A, en: A}}}}\n" for at in range(480)
    )
    leaves = "".join(
        f'      - {{id: "3.{at}", points: 1, met_when: "{_misspelt(at)}"}}\n' for at in range(400)
    )
    text = changed("criteria:\n", f"{inputs}criteria:\n").replace(
        "    indicators:\n", f"    indicators:\n{leaves}"
    )
    diagnostics = check_profile(text.encode(), "x.yaml")
    assert [diagnostic.code for diagnostic in diagnostics] == ["XH202"] * 8_000
    assert diagnostics[0].hint is not None
    assert f"'{name}" in diagnostics[0].hint.vi


def _misspelt(at: int) -> str:
    return " and ".join(f"vary_long_inptu_name_{at}_{part}" for part in range(20))


def test_the_text_of_an_error_shows_the_first_faults_and_how_many_more() -> None:
    keys = "".join(f"key_{at}: 1\n" for at in range(150))
    with pytest.raises(ProfileError) as raised:
        loads_profile(PROFILE + keys)
    assert len(raised.value.diagnostics) == 150
    assert raised.value.message("vi").endswith("… và 140 lỗi khác.")
    assert raised.value.message("en").count("XH109") == 10
