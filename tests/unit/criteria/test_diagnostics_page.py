"""The page of diagnostics says what the checker says."""

from __future__ import annotations

from diagnostics_page import PAGE, page

from xhht.criteria.codes import CODES


def test_the_page_is_the_one_that_codes_and_examples_make() -> None:
    advice = "run: python tests/unit/criteria/diagnostics_page.py"
    assert PAGE.read_text(encoding="utf-8") == page(), advice


def test_the_page_has_a_section_for_each_code() -> None:
    headings = [line for line in page().splitlines() if line.startswith("### ")]
    assert headings == [f"### {code}" for code in CODES]
