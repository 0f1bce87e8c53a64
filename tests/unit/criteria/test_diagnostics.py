"""Every diagnostic: a bad profile that shows it, where it stands, and what it says."""

from __future__ import annotations

import json
import re
import string

import pytest
from bad_profiles import BAD, BadProfile, Found, all_bad

from xhht.criteria._yaml import MAX_BYTES
from xhht.criteria.codes import CODES
from xhht.criteria.diagnostics import CodeInfo, Diagnostic, ProfileError, Severity
from xhht.criteria.loading import check_profile, loads_profile
from xhht.text import Lang, Text

EXAMPLES = all_bad()
MADE_HERE = {"XH102"}  # too large to be kept as a file


def found_in(data: bytes) -> tuple[Found, ...]:
    return tuple(
        Found(d.code, d.mark.line, d.mark.column, d.pointer) for d in check_profile(data, "x.yaml")
    )


def test_every_code_has_an_example_and_every_example_a_code() -> None:
    assert {example.code for example in EXAMPLES} | MADE_HERE == set(CODES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_just_what_is_expected_is_found_and_where(example: BadProfile) -> None:
    assert example.expected
    assert found_in(example.data) == example.expected
    assert example.code in {found.code for found in example.expected}


@pytest.mark.parametrize(
    "example", [e for e in EXAMPLES if e.good is not None], ids=lambda example: example.code
)
def test_the_mend_leaves_nothing_to_find(example: BadProfile) -> None:
    assert found_in(example.mended()) == ()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_a_file_with_an_error_does_not_load_and_one_with_warnings_does(
    example: BadProfile,
) -> None:
    errors = [f for f in example.expected if CODES[f.code].severity is Severity.ERROR]
    if not errors:
        assert loads_profile(example.data).id == "test.unit"
        return
    with pytest.raises(ProfileError) as raised:
        loads_profile(example.data, "x.yaml")
    assert [found.code for found in raised.value.diagnostics] == [found.code for found in errors]


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert found_in(b"a" * (MAX_BYTES + 1)) == (Found("XH102", 1, 1, ""),)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_what_is_printed_is_filled_in_and_said_in_both_languages(example: BadProfile) -> None:
    for diagnostic in check_profile(example.data, "x.yaml"):
        for text in (diagnostic.text, diagnostic.hint):
            assert text is not None
            assert text.vi != text.en
            for lang in Lang:
                assert not re.search(r"\{[a-z_]*\}", text.in_(lang))
                assert text.in_(lang)


@pytest.mark.parametrize(("code", "info"), CODES.items(), ids=CODES.keys())
def test_both_languages_ask_for_the_same_values(code: str, info: CodeInfo) -> None:
    assert re.fullmatch(r"XH[1-6]\d\d", code)
    assert info.hint is not None
    for text in (info.text, info.hint):
        assert fields_of(text.vi) == fields_of(text.en)


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_a_vietnamese_message_names_types_in_vietnamese() -> None:
    (found,) = check_profile((BAD / "XH204.yaml").read_bytes(), "x.yaml")
    assert found.text.vi == "Sai kiểu: cần tỉ lệ, lại gặp số."
    assert found.text.en == "Wrong type: a share is expected, a number was found."


def test_a_diagnostic_prints_as_one_line_with_its_hint_below() -> None:
    (found,) = check_profile((BAD / "XH202.yaml").read_bytes(), "x.yaml")
    assert found.render("en") == (
        "x.yaml:19:50: error XH202: There is no name 'learnes'.\n    → Did you mean 'learners'?"
    )
    assert json.loads(json.dumps(found.to_dict("vi"))) == {
        "code": "XH202",
        "severity": "error",
        "message": "Không có tên 'learnes'.",
        "file": "x.yaml",
        "line": 19,
        "column": 50,
        "pointer": "/criteria/0/indicators/1/met_when",
        "hint": "Có phải ý bạn là 'learners'?",
    }


def test_an_error_keeps_its_diagnostics_when_it_travels() -> None:
    import pickle

    with pytest.raises(ProfileError) as raised:
        loads_profile("format: 1\n")
    copied = pickle.loads(pickle.dumps(raised.value))
    assert copied.diagnostics == raised.value.diagnostics
    assert copied.message("vi") == raised.value.message("vi")


def test_a_diagnostic_without_a_hint_has_none_in_json() -> None:
    bare = Diagnostic(
        code="XH101",
        severity=Severity.ERROR,
        text=Text(vi="Hỏng.", en="Broken."),
        file="x.yaml",
        mark=check_profile(b"", "x.yaml")[0].mark,
        pointer="",
    )
    assert bare.to_dict("en")["hint"] is None
    assert bare.render("vi") == "x.yaml:1:1: error XH101: Hỏng."
