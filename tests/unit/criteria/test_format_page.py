"""The page of the profile format names every key and every word that a file may hold."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from attrs import fields, has

from xhht.criteria.document import ProfileDocument, key_of
from xhht.rules.parser import RESERVED
from xhht.text import Text

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "profile-format.md"


def words_of(kind: object, seen: set[object]) -> set[str]:
    """Return the keys and the fixed values of a class, and of those in its fields."""
    if kind in seen or kind is Text:
        return set()
    seen.add(kind)
    words: set[str] = set()
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {str(member.value) for member in kind}
    if isinstance(kind, type) and has(kind):
        words |= {key_of(attribute) for attribute in fields(kind)}
        for hint in get_type_hints(kind).values():
            words |= words_of(hint, seen)
    for part in get_args(kind):
        words |= words_of(part, seen)
    return words


WORDS = words_of(ProfileDocument, set())
LANGUAGE = {"share", "min", "max", "sum", "points", "percent", "points_of", "met", "as_of"} | {
    *("lowest_indicator", "unknown", "true", "false", "and", "or", "not", "if", "else", "in")
}


def test_the_words_of_the_language_are_reserved() -> None:
    assert LANGUAGE <= RESERVED


@pytest.mark.parametrize("word", sorted(WORDS | LANGUAGE))
def test_the_page_tells_of_each_word(word: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    code = " ".join(page.split("`")[1::2])
    assert word in re.findall(r"\w+", code)
