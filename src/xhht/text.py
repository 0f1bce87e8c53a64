"""Text for people: Unicode normalisation, and messages in two languages.

All text from outside is normalised by `normalize_text`; every message is a `Text`, in Vietnamese
and in English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Any, Self

from attrs import field, frozen

__all__ = [
    "LabelledEnum",
    "Lang",
    "Suggestions",
    "Text",
    "canonical_key",
    "join",
    "match_key",
    "normalize_text",
    "plural",
    "suggestion",
]

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'"})
_SPACES = re.compile(r"\s+")
_UNTIDY = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad’ʼ‘]|[^\S ]|\s\s|\A\s|\s\Z")
_MOST_COMPARED = 500  # avoids minutes for a file with thousands of misspelt names
_MOST_COMPARED_IN_A_FILE = 8_000
_LEAST_LIKENESS = 0.6


class Lang(StrEnum):
    """A language of messages."""

    VI = "vi"
    EN = "en"


def normalize_text(text: str) -> str:
    """Return `text` in NFC, without invisible characters and with runs of spaces collapsed.

    Curly apostrophes become straight ones, as in `Đạ M'ri`.

    >>> normalize_text("  Xã\\u00a0 Hoà  Thắng ")
    'Xã Hoà Thắng'
    """
    if text.isascii() and text.isalnum():
        return text  # fast path for most cells of a table
    if not _UNTIDY.search(text) and unicodedata.is_normalized("NFC", text):
        return text
    composed = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return _SPACES.sub(" ", composed.translate(_APOSTROPHES)).strip()


_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def match_key(name: str) -> str:
    """Return a key that is equal for all spellings of one Vietnamese name.

    It ignores letter case and the position of the tone mark (`Hoà` and `Hòa`), but not the tone
    itself or the marks of the vowel (`Hòa` is not `Hoa`).

    >>> match_key("Xã HOÀ Thắng") == match_key("xã Hòa Thắng")
    True
    >>> match_key("Tân Hà") == match_key("Tân Ha")
    False
    """
    return " ".join(map(_syllable_key, normalize_text(name).casefold().split(" ")))


def _syllable_key(syllable: str) -> str:
    letters = unicodedata.normalize("NFD", syllable)
    tones = "".join(char for char in letters if char in _TONES)
    base = "".join(char for char in letters if char not in _TONES)
    return unicodedata.normalize("NFC", base) + tones


def canonical_key(word: str) -> str:
    """Return a word in lower case without diacritics, its parts joined by `_`.

    >>> canonical_key("Điểm số"), canonical_key("Has-Plan")
    ('diem_so', 'has_plan')
    """
    letters = unicodedata.normalize("NFD", normalize_text(word).casefold().replace("đ", "d"))
    base = "".join(char for char in letters if not unicodedata.combining(char))
    return base.replace(" ", "_").replace("-", "_")


def suggestion(word: str, known: Any) -> str | None:
    """Return the most similar word of `known`, or None if none is similar.

    Case and diacritics are ignored.

    >>> suggestion("efective_from", ["effective_from", "effective_to"])
    'effective_from'
    >>> suggestion("MEMBERS", ["members", "total"])
    'members'
    """
    if len(known) > _MOST_COMPARED:
        return None
    from difflib import SequenceMatcher  # costs 2 ms, and only errors need it

    spellings = {canonical_key(name): name for name in sorted(known, reverse=True)}
    matcher = SequenceMatcher(b=canonical_key(word))
    likely, nearest = None, _LEAST_LIKENESS
    for spelling in sorted(spellings):
        matcher.set_seq1(spelling)
        # The first two are cheap upper bounds of the third.
        likeness = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
        if all(measure() >= nearest for measure in likeness):
            likely, nearest = spellings[spelling], matcher.ratio()
    return likely


class Suggestions:
    """Suggestions for the misspelt words of one file, up to a fixed number of comparisons.

    >>> suggest = Suggestions()
    >>> suggest("memebrs", ["members", "total"]), suggest.is_spent
    ('members', False)
    """

    def __init__(self) -> None:
        self._cache: dict[tuple[str, frozenset[str]], str | None] = {}
        self._remaining = _MOST_COMPARED_IN_A_FILE

    @property
    def is_spent(self) -> bool:
        """Whether the number of comparisons is used up."""
        return self._remaining <= 0

    def __call__(self, word: str, known: Collection[str]) -> str | None:
        """Return the result of `suggestion`, or None if `is_spent`."""
        if self.is_spent:
            return None
        key = word, frozenset(known)
        if key not in self._cache:
            self._remaining -= len(known)
            self._cache[key] = suggestion(word, known)
        return self._cache[key]


@frozen
class Text:
    """A text in Vietnamese and in English.

    >>> Text(vi="Tốt", en="Good").get("vi")
    'Tốt'
    """

    vi: str = field(converter=normalize_text)
    en: str = field(converter=normalize_text)

    def get(self, lang: Lang | str, **values: object) -> str:
        """Return the text in `lang`, with `{name}` fields filled in as `format` does.

        Raises:
            ValueError: `lang` is not a language of messages.
        """
        lang = Lang(lang)
        form = self.vi if lang is Lang.VI else self.en
        return _fill(form, lang, values) if values else form

    in_ = get
    """An alias of `get`, kept until 1.0."""

    def format(self, **values: object) -> Text:
        """Return both texts with `{name}` fields filled in; a `Text` value in its own language."""
        return Text(vi=_fill(self.vi, Lang.VI, values), en=_fill(self.en, Lang.EN, values))


def _fill(template: str, lang: Lang, values: dict[str, object]) -> str:
    localized = {k: v.get(lang) if isinstance(v, Text) else v for k, v in values.items()}
    return template.format(**localized)


class LabelledEnum(StrEnum):
    """An enumeration whose members have a display name: `NAME = "value", "Vietnamese", "English"`.

    Attributes:
        label: the display name.

    >>> class Status(LabelledEnum):
    ...     MET = "met", "đạt", "met"
    >>> Status("met").label.vi
    'đạt'
    """

    label: Text

    def __new__(cls, value: str, vi: str = "", en: str = "") -> Self:
        """Return a member; the defaults let type checkers accept a look-up by value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Text(vi=vi, en=en)
        return member


def join(texts: Iterable[Text], separator: str = " ") -> Text:
    """Return texts joined by `separator`, in both languages.

    >>> join([Text(vi="Tốt", en="Good"), Text(vi="Khá", en="Fair")], "; ").en
    'Good; Fair'
    """
    parts = list(texts)
    return Text(
        vi=separator.join(text.vi for text in parts), en=separator.join(text.en for text in parts)
    )


def plural(count: int, one: str, many: str) -> str:
    """Return the English word for a count; Vietnamese has one form.

    >>> plural(1, "change", "changes"), plural(2, "change", "changes")
    ('change', 'changes')
    """
    return one if count == 1 else many
