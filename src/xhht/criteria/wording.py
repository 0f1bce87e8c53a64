"""Expressions of a profile as sentences, with the labels that the profile declares."""

from __future__ import annotations

from xhht.criteria.profile import Profile
from xhht.rules.inputs import Input
from xhht.rules.ranges import Situation, Vocabulary
from xhht.rules.sentences import Wording
from xhht.text import Text

__all__ = ["ProfileVocabulary", "wording_of"]


class ProfileVocabulary(Vocabulary):
    """The labels of a profile."""

    def __init__(self, profile: Profile) -> None:
        self._document, self._entries = profile.document, profile.entries
        self._inputs = {declared.name: declared for declared in profile.rules.inputs}

    def input(self, name: str) -> Input:
        """Return an input of the plan."""
        return self._inputs[name]

    def label(self, name: str) -> Text:
        """Return the label of an input as declared."""
        return self._document.inputs[name].label

    def unit(self, name: str) -> Text | None:
        """Return the unit of an input, or None."""
        return self._document.inputs[name].unit

    def option(self, name: str, option: str) -> Text:
        """Return the label of an option of a choice."""
        return self._document.options(self._document.inputs[name])[option]

    def criterion(self, node: str) -> Text:
        """Return the id and the name of a criterion."""
        name = self._entries[node].name
        return _NAMED.format(id=node, name=name) if name else _UNNAMED.format(id=node)

    def value(self, name: str) -> Text:
        """Return the label of a dated value."""
        return (self._document.values or {})[name].label

    def definition(self, name: str) -> Text:
        """Return the label of a definition."""
        return (self._document.definitions or {})[name].label


def wording_of(profile: Profile, situation: Situation | None = None) -> Wording:
    """Return what writes the conditions and numbers of a profile as sentences.

    Args:
        profile: the profile, whose labels are used.
        situation: the values of a subject, or None to write the rules alone.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    >>> wording_of(profile).sentence(profile.rules.levels[0].when).vi.partition(" (")[0]
    'Tổng điểm đạt từ 70 hoặc 80 điểm trở lên'
    """
    return Wording(ProfileVocabulary(profile), situation)


_NAMED = Text(vi="{id} {name}", en="{id} {name}")
_UNNAMED = Text(vi="tiêu chí {id}", en="criterion {id}")
