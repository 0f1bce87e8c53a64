"""Every code is in one registry, and the pages of codes are made from it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from codes_pages import GROUPS, REFERENCE, pages

from xhht.criteria.codes import CODES as DIAGNOSTICS
from xhht.issues import CodeInfo, Severity, code_info, page_of, register_codes
from xhht.proving import Kind
from xhht.proving.codes import CODES as FINDINGS
from xhht.text import Text

SOURCE = Path(__file__).resolve().parents[2] / "src" / "xhht"
ROWS = [str(code) for codes in GROUPS.values() for code in codes]


@pytest.mark.parametrize("name", pages())
def test_each_page_is_the_one_that_the_registry_makes(name: str) -> None:
    page = (REFERENCE / name).read_text(encoding="utf-8")
    assert page == pages()[name], "run: python tests/unit/codes_pages.py"


@pytest.mark.parametrize("code", [*DIAGNOSTICS, *FINDINGS, *ROWS])
def test_every_code_is_registered_and_explained_on_its_page(code: str) -> None:
    assert code_info(code).text
    name, _, anchor = page_of(code).partition("#")
    page = (REFERENCE.parent / name).read_text(encoding="utf-8")
    assert f"### {code}\n" in page if anchor else code in page
    assert anchor in ("", code.lower())


def test_a_code_is_registered_once() -> None:
    with pytest.raises(AssertionError, match="XH101"):
        register_codes({"XH101": CodeInfo(text=Text(vi="Hỏng.", en="Broken."))})
    assert code_info("XH101") is DIAGNOSTICS["XH101"]


def test_an_unknown_code_has_no_meaning() -> None:
    with pytest.raises(KeyError):
        code_info("XH000")


def test_severities_of_findings_follow_from_their_kinds() -> None:
    severities = {kind: kind.severity for kind in Kind}
    assert severities == {
        Kind.FAULT: Severity.ERROR,
        Kind.WARNING: Severity.WARNING,
        Kind.OPEN: Severity.NOTE,
        Kind.UNDECIDED: Severity.NOTE,
        Kind.NOTE: Severity.NOTE,
    }
    assert all(meaning.severity is meaning.kind.severity for meaning in FINDINGS.values())


def written_codes(path: Path) -> set[str]:
    """Return the codes that a module gives to FactsError and to row issues as literals."""
    codes: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            values = [word.value for word in node.keywords if word.arg == "code"]
            if name in ("_error", "Refusal", "_refusal") and node.args:
                values.append(node.args[0])
            if name == "FactsError" or path.parent.name in ("campaign", "evaluation"):
                codes |= {str(v.value) for v in values if isinstance(v, ast.Constant)}
    return codes


def test_no_code_of_facts_and_records_is_missing() -> None:
    codes = set().union(*map(written_codes, sorted(SOURCE.rglob("*.py"))))
    assert len(codes) > 15
    assert codes <= set(ROWS)
