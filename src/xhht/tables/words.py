"""The words that officials write for what a row counts: titles, levels, kinds and managers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xhht.domain.area_words import LEVEL_WORDS, levels_named
from xhht.domain.kind_words import KIND_WORDS
from xhht.domain.titles import AreaLevel, ManagedBy, Title, UnitKind
from xhht.rollup.counted import TitleKey, counted
from xhht.text import Text, match_key, normalize_text

__all__ = [
    "MANAGER_WORDS",
    "UNIT_KIND_WORDS",
    "UNKNOWN_COMMUNITY_LEVEL",
    "UNKNOWN_MANAGER",
    "UNKNOWN_UNIT_KIND",
    "community_level_named",
    "condition_named",
    "title_key_named",
    "title_level_named",
]

UNIT_KIND_WORDS: Mapping[str, UnitKind] = {
    match_key(word): UnitKind(kind) for kind, words in KIND_WORDS["kind"].items() for word in words
}
"""The kind of unit that each word means, by `match_key` of the word."""

MANAGER_WORDS: Mapping[str, ManagedBy] = {
    key: ManagedBy(levels[0].value)
    for word, levels in LEVEL_WORDS.items()
    if len(levels) == 1 and levels[0].value in set(ManagedBy)
    for key in (word, match_key(f"cấp {word}"))
}
"""The manager of a unit that each word means, by `match_key` of the word."""

_TITLE_LEVELS = {
    match_key(word): level
    for level, words in {
        "good": ("tốt", "loại tốt", "xếp loại tốt"),
        "fair": ("khá", "loại khá", "xếp loại khá"),
        "average": ("trung bình", "loại trung bình", "xếp loại trung bình"),
    }.items()
    for word in words
}
_CONDITIONS = {
    match_key(word): condition
    for condition, words in {
        "has_digital_skills": ("kỹ năng số", "có kỹ năng số", "kĩ năng số", "có kĩ năng số"),
        "masters_digital_skills": (
            "thành thạo kỹ năng số",
            "làm chủ kỹ năng số",
            "thành thạo kĩ năng số",
        ),
    }.items()
    for word in words
}
_NUMBERED = re.compile(r"(?:đạt )?m(?:ức|uc)(?: (?:độ|do))?[ :]*([1-9])")
_COMMUNITIES = {AreaLevel.VILLAGE, AreaLevel.COMMUNE, AreaLevel.DISTRICT, AreaLevel.PROVINCE}
_PARTS = re.compile(r"[,;()]")
_BESIDE = re.compile(r"\b(?:thuộc|quản lý|managed by the|managed by)\b", re.IGNORECASE)


def title_level_named(word: str) -> str:
    """Return the id of the level of a title that a word means, else the word itself.

    >>> title_level_named("Tốt"), title_level_named("Mức độ 2"), title_level_named("level_1")
    ('good', 'level_2', 'level_1')
    """
    text = normalize_text(word)
    numbered = _NUMBERED.fullmatch(text.casefold())
    if numbered:
        return f"level_{numbered[1]}"
    return _TITLE_LEVELS.get(match_key(text), text)


def condition_named(word: str) -> str:
    """Return the name of the condition that a word means, else the word itself.

    >>> condition_named("Có kỹ năng số"), condition_named("speaks_a_language")
    ('has_digital_skills', 'speaks_a_language')
    """
    text = normalize_text(word)
    return _CONDITIONS.get(match_key(text), text)


def community_level_named(word: str) -> AreaLevel | None:
    """Return the level of communities that a word means, None if it means none or several."""
    levels = [level for level in levels_named(word) if level in _COMMUNITIES]
    return levels[0] if len(levels) == 1 else None


def title_key_named(text: str) -> TitleKey | None:
    """Return what a title with more words counts, None if any word is not understood.

    >>> title_key_named("Cộng đồng học tập (thôn)").label.en
    'Learning community (village)'
    >>> title_key_named("Đơn vị học tập cấp xã").label.en
    'Learning unit (managed by the commune)'
    """
    words = normalize_text(text).replace("(", " (").split()
    for length in range(len(words), 0, -1):
        title = _TITLES.get(match_key(" ".join(words[:length])))
        if title is not None:
            return _with_words(title, " ".join(words[length:]))
    return None


def _with_words(title: Title, rest: str) -> TitleKey | None:
    stated: dict[str, AreaLevel | ManagedBy | UnitKind | None] = {}
    name: str
    value: AreaLevel | ManagedBy | UnitKind | None
    for part in filter(None, map(str.strip, _PARTS.split(rest))):
        bare = normalize_text(_BESIDE.sub(" ", part))
        word = match_key(bare)
        if title is Title.LEARNING_COMMUNITY and community_level_named(bare):
            name, value = "communities", community_level_named(bare)
        elif title is Title.LEARNING_UNIT and word in MANAGER_WORDS:
            name, value = "managed_by", MANAGER_WORDS[word]
        elif title is Title.LEARNING_UNIT and word in UNIT_KIND_WORDS:
            name, value = "kind", UNIT_KIND_WORDS[word]
        else:
            return None
        if stated.setdefault(name, value) != value:
            return None
    return counted(title, **stated)  # type: ignore[arg-type]


_TITLES = {
    match_key(name): title
    for title in Title
    for name in (title.value, title.label.vi, title.label.en)
}

UNKNOWN_COMMUNITY_LEVEL = Text(
    vi="Cấp của cộng đồng không hợp lệ; hãy dùng một trong: thôn (village), xã (commune), huyện "
    "(district), tỉnh (province).",
    en="Unknown level of communities; use one of: village (thôn), commune (xã), district (huyện), "
    "province (tỉnh).",
)
UNKNOWN_UNIT_KIND = Text(
    vi="Loại đơn vị không hợp lệ; hãy dùng một trong: cơ quan (agency), trường học (school), doanh "
    "nghiệp (enterprise), hợp tác xã (cooperative).",
    en="Unknown kind of unit; use one of: agency (cơ quan), school (trường học), enterprise (doanh "
    "nghiệp), cooperative (hợp tác xã).",
)
UNKNOWN_MANAGER = Text(
    vi="Cấp quản lý không hợp lệ; hãy dùng một trong: xã (commune), huyện (district), tỉnh "
    "(province).",
    en="Unknown manager; use one of: commune (xã), district (huyện), province (tỉnh).",
)
