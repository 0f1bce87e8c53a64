"""The words that officials write for kinds and managers of units."""

from __future__ import annotations

from collections.abc import Mapping

from xhht.domain.area_words import LEVEL_WORDS
from xhht.domain.kind_words import KIND_WORDS
from xhht.domain.titles import ManagedBy, UnitKind
from xhht.text import Text, match_key

__all__ = ["MANAGER_WORDS", "UNIT_KIND_WORDS", "UNKNOWN_MANAGER", "UNKNOWN_UNIT_KIND"]

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
