"""The labels with which a profile writes its conditions as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xhht.criteria.document import CriterionEntry, IndicatorEntry, ProfileDocument
from xhht.rules.inputs import Input
from xhht.rules.ranges import Vocabulary
from xhht.text import Text

__all__ = ["ProfileVocabulary"]


class ProfileVocabulary(Vocabulary):
    """The labels of a profile.

    Args:
        document: the content of its file.
        inputs: its inputs, as the plan reads them.
        entries: its criteria by id.
    """

    def __init__(
        self,
        document: ProfileDocument,
        inputs: Iterable[Input],
        entries: Mapping[str, CriterionEntry | IndicatorEntry],
    ) -> None:
        self._document, self._entries = document, entries
        self._inputs = {declared.name: declared for declared in inputs}
        self._levels = {entry.id: entry.name for entry in document.levels}

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
        entry = self._entries[node]
        if entry.name:
            return _NAMED.format(id=node, name=entry.name)
        return (_INDICATOR if isinstance(entry, IndicatorEntry) else _CRITERION).format(id=node)

    def level(self, level: str) -> Text:
        """Return the name of a level."""
        return self._levels[level]

    def value(self, name: str) -> Text:
        """Return the label of a dated value."""
        return (self._document.values or {})[name].label

    def definition(self, name: str) -> Text:
        """Return the label of a definition."""
        return (self._document.definitions or {})[name].label


_NAMED = Text(vi="{id} {name}", en="{id} {name}")
_CRITERION = Text(vi="tiêu chí {id}", en="criterion {id}")
_INDICATOR = Text(vi="chỉ số {id}", en="indicator {id}")
