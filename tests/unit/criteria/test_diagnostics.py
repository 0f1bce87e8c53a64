"""Every diagnostic: a bad profile that shows it, where it stands, and what it says."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable
from typing import Any

import pytest
from bad_profiles import BAD, BadProfile, Found, all_bad, all_several
from diagnostics_page import MADE_HERE

from xhht.criteria.codes import CODES
from xhht.criteria.diagnostics import Diagnostic, ProfileError
from xhht.criteria.loading import check_profile, loads_profile
from xhht.criteria.mappings import loads_mapping
from xhht.criteria.targets import loads_targets
from xhht.criteria.yaml_nodes import MAX_BYTES
from xhht.issues import CodeInfo, Severity
from xhht.text import Lang, Text

EXAMPLES = all_bad()
WITH_SEVERAL = all_several()


def places(diagnostics: tuple[Diagnostic, ...]) -> tuple[Found, ...]:
    return tuple(Found(d.code, d.mark.line, d.mark.column, d.pointer) for d in diagnostics)


def test_every_code_has_an_example_and_every_example_a_code() -> None:
    assert {example.code for example in EXAMPLES} | set(MADE_HERE) == set(CODES)
    for code, make in MADE_HERE.items():
        assert [diagnostic.code for diagnostic in make()] == [code]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_just_what_is_expected_is_found_and_where(example: BadProfile) -> None:
    assert example.expected
    assert places(example.check()) == example.expected
    assert example.code in {fault.code for fault in example.expected}


@pytest.mark.parametrize("example", WITH_SEVERAL, ids=lambda example: example.code)
def test_all_of_several_faults_are_found_and_where(example: BadProfile) -> None:
    assert len(example.expected) > 1
    assert places(example.check()) == example.expected


def test_the_corpus_is_large_and_many_files_have_several_faults() -> None:
    several = [e for e in (*EXAMPLES, *WITH_SEVERAL) if len(e.expected) > 1]
    assert len(EXAMPLES) + len(WITH_SEVERAL) >= 120
    assert len(several) >= 40


@pytest.mark.parametrize(
    "example", [e for e in EXAMPLES if e.good is not None], ids=lambda example: example.code
)
def test_the_mend_leaves_nothing_to_find(example: BadProfile) -> None:
    assert example.check(example.mended()) == ()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_a_file_with_an_error_does_not_load_and_one_with_warnings_does(
    example: BadProfile,
) -> None:
    errors = [f for f in example.expected if CODES[f.code].severity is Severity.ERROR]
    if not errors:
        assert loads(example).id.startswith("test.")
        return
    with pytest.raises(ProfileError) as raised:
        loads(example)
    assert [diagnostic.code for diagnostic in raised.value.diagnostics] == [
        diagnostic.code for diagnostic in errors
    ]


def loads(example: BadProfile) -> Any:
    loads: dict[str, Callable[..., Any]] = {"XH7": loads_targets, "XH8": loads_mapping}
    load = loads.get(example.code[:3], loads_profile)
    return load(example.data, "x.yaml")


def test_a_file_that_is_too_large_is_not_read() -> None:
    diagnostics = check_profile(b"a" * (MAX_BYTES + 1), "x.yaml")
    assert places(diagnostics) == (Found("XH102", 1, 1, ""),)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_what_is_printed_is_filled_in_and_said_in_both_languages(example: BadProfile) -> None:
    for diagnostic in example.check():
        for text in (diagnostic.text, diagnostic.hint):
            assert text is not None
            assert text.vi != text.en
            for lang in Lang:
                assert not re.search(r"\{[a-z_]*\}", text.get(lang))
                assert text.get(lang)


@pytest.mark.parametrize(("code", "info"), CODES.items(), ids=CODES.keys())
def test_both_languages_ask_for_the_same_values(code: str, info: CodeInfo) -> None:
    assert re.fullmatch(r"XH[1-8]\d\d", code)
    assert info.hint is not None
    for text in (info.text, info.hint):
        assert fields_of(text.vi) == fields_of(text.en)


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_a_vietnamese_message_names_types_in_vietnamese() -> None:
    (diagnostic,) = check_profile((BAD / "XH204.yaml").read_bytes(), "x.yaml")
    assert diagnostic.text.vi == "Sai kiểu: cần tỉ lệ, nhưng gặp số."
    assert diagnostic.text.en == "Wrong type: expected a share, found a number."


def test_a_diagnostic_prints_as_one_line_with_its_hint_below() -> None:
    (diagnostic,) = check_profile((BAD / "XH202.yaml").read_bytes(), "x.yaml")
    assert diagnostic.render("en") == (
        "x.yaml:19:50: error XH202: The name 'learnes' is not declared.\n"
        "    → Did you mean 'learners'?"
    )
    assert json.loads(json.dumps(diagnostic.to_dict("vi"))) == {
        "code": "XH202",
        "severity": "error",
        "message": "Tên 'learnes' chưa được khai báo.",
        "file": "x.yaml",
        "line": 19,
        "column": 50,
        "pointer": "/criteria/0/indicators/1/met_when",
        "hint": "Có phải ý bạn là 'learners'?",
        "page": "reference/diagnostics/XH202.md",
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


SMALL = """\
format: 1
id: test.unit
version: 1.0.0
status: draft
title: learning_unit
name: {vi: Đơn vị, en: Unit}
provenance: illustrative
inputs:
  plan: {type: bool, label: {vi: Kế hoạch, en: Plan}}
  kind: {type: choice, choices: {primary: {vi: A, en: A}, other: {vi: B, en: B}},
    label: {vi: C, en: C}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: 'plan or kind == "other"'}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 10}
"""


def only(old: str, new: str) -> Diagnostic:
    assert SMALL.count(old) == 1
    (diagnostic,) = check_profile(SMALL.replace(old, new).encode(), "x.yaml")
    return diagnostic


def hint_of(diagnostic: Diagnostic) -> str:
    assert diagnostic.hint is not None
    return diagnostic.hint.vi


@pytest.mark.parametrize("condition", ["kind == primary", "kind in (primary, 'other')"])
def test_an_option_without_quotes_is_told_to_have_them(condition: str) -> None:
    diagnostic = only('kind == "other"\'', condition.replace("'", "''") + "'")
    assert diagnostic.code == "XH205"
    assert diagnostic.text.vi == "primary không phải lựa chọn của 'kind'."
    assert hint_of(diagnostic) == 'Đặt lựa chọn trong dấu nháy: "primary".'


def test_a_version_of_two_numbers_is_told_its_form_at_once() -> None:
    diagnostic = only("version: 1.0.0", "version: 1.0")
    assert (diagnostic.code, hint_of(diagnostic)) == (
        "XH115",
        'Định dạng cần có: ba số nối bằng dấu chấm: ví dụ "1.0.0".',
    )


def test_a_file_of_another_format_has_one_fault() -> None:
    text = SMALL.replace("format: 1", "format: 2").replace("inputs:", "facts:")
    (diagnostic,) = check_profile(text.encode(), "x.yaml")
    assert (diagnostic.code, diagnostic.pointer) == ("XH124", "/format")


def test_an_indicator_beside_the_criteria_is_one_fault() -> None:
    stray = '  - {id: "2", points: 5, met_when: plan, clause: a}\nlevels:\n'
    diagnostic = only("levels:\n", stray)
    assert (diagnostic.code, diagnostic.pointer) == ("XH125", "/criteria/1")


@pytest.mark.parametrize(
    ("condition", "shown"),
    [("(plan, 80%)", "(plan, 80%)"), ("plan.old", "plan.old"), ("[plan]", "[plan]")],
)
def test_what_the_language_lacks_is_shown_as_it_is_written(condition: str, shown: str) -> None:
    diagnostic = only("'plan or kind == \"other\"'", f"'{condition} or kind == \"other\"'")
    assert diagnostic.text.vi == f"Không dùng được '{shown}' trong điều kiện."


def test_a_long_value_is_cut_in_its_message() -> None:
    diagnostic = only("points: 10, met", f"points: {'9' * 5_000}, met")
    assert diagnostic.code == "XH108"
    assert len(diagnostic.text.vi) < 150


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: [1, 2", 2, "thiếu dấu phẩy hoặc dấu ngoặc đóng ']'"),
        ("a: 1\n\tb: 2", 2, "có ký tự không được phép ở đây"),
        ("a: b: c", 1, "dấu hai chấm không được phép ở đây"),
        ('a: 1\nb: "x', 2, "hết tệp khi dấu nháy chưa đóng"),
        ("a: 1\nb: \x07", 2, "tệp có ký tự điều khiển"),
        ("a: !<x", 1, "sai cú pháp ở chỗ này"),
    ],
)
def test_what_yaml_finds_is_said_in_vietnamese_and_where(
    text: str, line: int, problem: str
) -> None:
    (diagnostic,) = check_profile(text.encode(), "x.yaml")
    assert (diagnostic.code, diagnostic.mark.line) == ("XH101", line)
    assert diagnostic.text.vi.startswith(f"YAML không hợp lệ: {problem}")
