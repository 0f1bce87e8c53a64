"""The words for kinds of areas, such as phường and khu phố, with their levels and abbreviations."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import frozen

from xhht.domain.titles import AreaLevel
from xhht.text import Text, match_key, normalize_text

__all__ = ["AREA_KINDS", "LEVEL_WORDS", "LEVEL_WORDS_HINT", "AreaKind", "levels_named"]


@frozen
class AreaKind:
    """A kind of area.

    Attributes:
        word: the Vietnamese word, such as `thị trấn`.
        levels: the levels that an area of this kind may have.
        short: its abbreviations, without dots and marks.
    """

    word: str
    levels: tuple[AreaLevel, ...]
    short: tuple[str, ...] = ()


_NATION = (AreaLevel.NATION,)
_PROVINCE, _DISTRICT = (AreaLevel.PROVINCE,), (AreaLevel.DISTRICT,)
_COMMUNE, _VILLAGE = (AreaLevel.COMMUNE,), (AreaLevel.VILLAGE,)

AREA_KINDS = (
    AreaKind("tỉnh", _PROVINCE, ("t",)),
    AreaKind("thành phố", _PROVINCE + _DISTRICT, ("tp", "tpho", "t/p")),
    AreaKind("quận", _DISTRICT, ("q",)),
    AreaKind("huyện", _DISTRICT, ("h",)),
    AreaKind("thị xã", _DISTRICT, ("tx", "t/x")),
    AreaKind("xã", _COMMUNE, ("x",)),
    AreaKind("phường", _COMMUNE, ("p", "ph")),
    AreaKind("thị trấn", _COMMUNE, ("tt", "t/t", "ttr")),
    AreaKind("đặc khu", _COMMUNE, ("dk",)),
    AreaKind("thôn", _VILLAGE, ("t", "th")),
    AreaKind("khu phố", _VILLAGE, ("kp", "k/p", "kpho")),
    AreaKind("tổ dân phố", _VILLAGE, ("tdp", "to dp")),
    AreaKind("khu dân cư", _VILLAGE, ("kdc",)),
    AreaKind("ấp", _VILLAGE),
    AreaKind("bản", _VILLAGE, ("b",)),
    AreaKind("buôn", _VILLAGE, ("b",)),
    AreaKind("bon", _VILLAGE),
    AreaKind("làng", _VILLAGE),
    AreaKind("xóm", _VILLAGE),
    AreaKind("khóm", _VILLAGE, ("k",)),
    AreaKind("khu", _VILLAGE, ("k",)),
    AreaKind("sóc", _VILLAGE),
    AreaKind("phum", _VILLAGE),
    AreaKind("plei", _VILLAGE),
    AreaKind("tổ", _VILLAGE),
)
"""All kinds, those of a higher level first."""

_MORE_WORDS: Mapping[str, tuple[AreaLevel, ...]] = {
    "toàn quốc": _NATION,
    "cả nước": _NATION,
    "quốc gia": _NATION,
    "trung ương": _NATION,
    "thành phố trực thuộc trung ương": _PROVINCE,
    "thành phố trung ương": _PROVINCE,
    "tp trực thuộc trung ương": _PROVINCE,
    "tp trực thuộc tw": _PROVINCE,
    "thành phố trực thuộc tw": _PROVINCE,
    "thành phố thuộc tỉnh": _DISTRICT,
    "thành phố trực thuộc tỉnh": _DISTRICT,
    "tp thuộc tỉnh": _DISTRICT,
    "tp trực thuộc tỉnh": _DISTRICT,
    "thành phố thuộc thành phố trực thuộc trung ương": _DISTRICT,
    "thành phố thuộc thành phố": _DISTRICT,
    "huyện đảo": _DISTRICT,
    "thôn bản": _VILLAGE,
    "thôn/bản": _VILLAGE,
    "thôn, bản": _VILLAGE,
    "thôn khu phố": _VILLAGE,
    "thôn/khu phố": _VILLAGE,
    "thôn, khu phố": _VILLAGE,
    "cụm dân cư": _VILLAGE,
}
_BESIDE = re.compile(r"^cấp\s+|\s*\(.*\)$|\.$")


def levels_named(word: str) -> tuple[AreaLevel, ...]:
    """Return the levels that a word may mean, none if it means no level.

    Letter case, the place of tone marks, `cấp` before the word and abbreviations are understood.

    >>> [level.value for level in levels_named("Thị trấn")]
    ['commune']
    >>> [level.value for level in levels_named("Cấp huyện")], levels_named("lớp")
    (['district'], ())
    """
    key = match_key(_BESIDE.sub("", normalize_text(word).casefold()))
    return LEVEL_WORDS.get(key, ())


LEVEL_WORDS: Mapping[str, tuple[AreaLevel, ...]] = {
    **{match_key(word): levels for word, levels in _MORE_WORDS.items()},
    **{match_key(kind.word): kind.levels for kind in AREA_KINDS},
    **{
        match_key(short): kind.levels
        for kind in AREA_KINDS
        for short in kind.short
        if len(kind.levels) == 1 and (len(short) > 2 or short in ("tx", "tt", "dk", "kp"))
    },
    **{level.value: (level,) for level in AreaLevel},
}
"""The levels that each word may mean, by `match_key` of the word; only `thành phố` has two."""

LEVEL_WORDS_HINT = Text(
    vi="tỉnh hoặc thành phố trực thuộc trung ương (province); quận, huyện, thị xã, thành phố thuộc "
    "tỉnh (district); xã, phường, thị trấn, đặc khu (commune); thôn, ấp, bản, khu phố, tổ dân phố "
    "(village); toàn quốc (nation)",
    en="province (tỉnh, thành phố trực thuộc trung ương), district (quận, huyện, thị xã, thành phố "
    "thuộc tỉnh), commune (xã, phường, thị trấn, đặc khu), village (thôn, ấp, bản, khu phố, tổ dân "
    "phố), nation (toàn quốc)",
)
"""The words for each level, for messages."""
