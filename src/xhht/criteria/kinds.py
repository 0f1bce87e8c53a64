"""The kind of subject that a profile is for, as the rows of tables say it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xhht.criteria.profile import Profile
from xhht.domain.kind_words import words_of_kinds
from xhht.errors import FactsError
from xhht.text import Text, normalize_text

__all__ = ["OTHER_KIND", "check_kind", "kind_columns"]

OTHER_KIND = "other_kind"
"""The code of a subject of another kind than those of the profile."""


def kind_columns(profile: Profile, inputs: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Return the columns that say of which kind a subject is, with the words that are allowed.

    Args:
        profile: the profile, whose `applies_to` names the kinds.
        inputs: the inputs that columns answer; a column of one of them holds a fact.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt24-2023-district")
    >>> "cấp huyện" in kind_columns(profile, ())["managed_by"]
    True
    """
    limits = profile.document.applies_to or {}
    return {key: words_of_kinds(key, values) for key, values in limits.items() if key not in inputs}


def check_kind(
    profile: Profile, allowed: Mapping[str, frozenset[str]], row: Mapping[str, object]
) -> None:
    """Check that a row does not say that its subject is of another kind; blank says nothing.

    Args:
        profile: the profile.
        allowed: what `kind_columns` returns.
        row: the cells of the row by column.

    Raises:
        FactsError: `other_kind`, with the column.
    """
    for key, words in allowed.items():
        cell = row.get(key)
        if cell is None or cell == "":
            continue
        if normalize_text(str(cell)).lower() not in words:
            values = ", ".join((profile.document.applies_to or {})[key])
            text = _OTHER_KIND.format(key=key, profile=profile.reference, values=values)
            raise FactsError(text, code=OTHER_KIND, field=key)


_OTHER_KIND = Text(
    vi="Cột '{key}' ghi đối tượng thuộc loại khác: {profile} chỉ dành cho {key}: {values}. Hãy "
    "dùng bộ tiêu chí của loại đối tượng đó (xhht profiles resolve), hoặc sửa ô này; ghi chú của "
    "bộ tiêu chí cho biết đối tượng nào được tính vào loại nào.",
    en="Column '{key}' says that the subject is of another kind: {profile} is only for {key}: "
    "{values}. Use the profile for that kind of subject (xhht profiles resolve), or correct the "
    "cell; the note of a profile tells which subjects count as which kind.",
)
