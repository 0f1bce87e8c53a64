"""The pages of diagnostics say what the checker says; each code has one, and no other is there."""

from __future__ import annotations

import pytest
from diagnostics_page import PAGE, PAGES, code_pages, index_page

from xhht.criteria.codes import CODES
from xhht.issues import page_of

ADVICE = "run: python tests/unit/criteria/diagnostics_page.py"


def test_the_index_is_the_one_that_codes_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == index_page(), ADVICE


def test_each_page_is_the_one_that_code_and_example_make() -> None:
    assert {file.stem for file in PAGES.iterdir()} == set(CODES), ADVICE
    for code, text in code_pages().items():
        assert (PAGES / f"{code}.md").read_text(encoding="utf-8") == text, ADVICE


@pytest.mark.parametrize("code", CODES)
def test_the_index_names_the_page_that_findings_name(code: str) -> None:
    assert (PAGE.parents[1] / page_of(code)).is_file()
    assert f"[{code}](diagnostics/{code}.md)" in index_page()
