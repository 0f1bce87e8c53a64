"""The page of the targets format names every key and every word that a file may hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_format_page import words_of

from xhht.criteria.document import ProfileDocument
from xhht.criteria.target_document import TargetsDocument

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "targets-format.md"
WORDS = words_of(TargetsDocument, set()) - words_of(ProfileDocument, set())


@pytest.mark.parametrize("word", sorted(WORDS))
def test_the_page_tells_of_each_word(word: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    code = " ".join(page.split("`")[1::2])
    assert word in re.findall(r"\w+", code)
