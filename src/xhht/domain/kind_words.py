"""The words that officials write for the kinds of subjects that profiles are for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from xhht.domain.area_words import AREA_KINDS
from xhht.domain.titles import AreaLevel, ManagedBy, UnitKind
from xhht.text import match_key, suggestion

__all__ = ["KIND_WORDS", "kind_value", "likely_value", "words_of_kinds"]


def _words_of_level(level: str, label: str) -> tuple[str, ...]:
    kinds = (kind.word for kind in AREA_KINDS if AreaLevel(level) in kind.levels)
    words = dict.fromkeys((label, *kinds))
    return (level, *words, *(f"cấp {word}" for word in words))


KIND_WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "managed_by": {one.value: _words_of_level(one.value, one.label.vi) for one in ManagedBy},
    "level": {one.value: _words_of_level(one.value, one.label.vi) for one in AreaLevel},
    "kind": {
        UnitKind.AGENCY.value: (
            "agency",
            "cơ quan",
            "tổ chức",
            "cơ quan, tổ chức",
            "CQ",
            "đơn vị lực lượng vũ trang",
        ),
        UnitKind.SCHOOL.value: (
            "school",
            "trường học",
            "trường",
            "nhà trường",
            "cơ sở giáo dục",
            "CSGD",
            "trung tâm học tập cộng đồng",
            "TTHTCĐ",
        ),
        UnitKind.ENTERPRISE.value: ("enterprise", "doanh nghiệp", "DN", "công ty"),
        UnitKind.COOPERATIVE.value: (
            "cooperative",
            "hợp tác xã",
            "HTX",
            "liên hiệp hợp tác xã",
            "liên hiệp HTX",
            "LHHTX",
        ),
    },
}
"""By key of `applies_to` and value, the words for the value; the value itself is the first."""


def kind_value(key: str, text: str) -> str:
    """Return a value of `applies_to` as profiles write it; its Vietnamese words are values too.

    >>> kind_value("managed_by", "Huyện"), kind_value("kind", "trường học"), kind_value("x", "y")
    ('district', 'school', 'y')
    """
    wanted = match_key(text)
    values = [
        value for value, words in KIND_WORDS.get(key, {}).items() if wanted in map(match_key, words)
    ]
    return values[0] if len(values) == 1 else text


def likely_value(key: str, text: str, values: Collection[str]) -> str | None:
    """Return which of some values of `applies_to` a misspelt word probably means, or None.

    >>> likely_value("managed_by", "huyen", ["district", "province"])
    'district'
    """
    words = {word: value for value in values for word in words_of_kinds(key, [value])}
    likely = suggestion(text, words)
    return None if likely is None else words[likely]


def words_of_kinds(key: str, values: Iterable[str]) -> frozenset[str]:
    """Return all words for some values of a key of `applies_to`, in lower case.

    >>> sorted(words_of_kinds("kind", ["enterprise"]))
    ['công ty', 'dn', 'doanh nghiệp', 'enterprise']
    >>> words_of_kinds("region", ["hill"])
    frozenset({'hill'})
    """
    words = KIND_WORDS.get(key, {})
    return frozenset(word.lower() for value in values for word in words.get(value, (value,)))
