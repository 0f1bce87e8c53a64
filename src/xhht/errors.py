"""The exceptions of the library: one small tree under `XhhtError`.

A message states what is wrong, where, what is expected and what to do. It never contains personal
data: it names the row and the field, not the value.
"""

from __future__ import annotations

from functools import partial
from typing import TypedDict

from xhht.text import Lang, Text

__all__ = [
    "CampaignError",
    "DomainError",
    "FactsError",
    "FactsErrorDict",
    "FrameError",
    "NumberFormatError",
    "ProfileNotFoundError",
    "ProofError",
    "RollupError",
    "TableError",
    "XhhtError",
]


class XhhtError(Exception):
    """Base of all errors that this library raises. `str()` gives the English message."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text

    def message(self, lang: Lang | str = Lang.VI) -> str:
        """Return the message in Vietnamese or English."""
        return self.text.get(lang)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.text,)


class NumberFormatError(XhhtError, ValueError):
    """A text is not a number in the requested convention."""


class TableError(XhhtError, ValueError):
    """A table cannot be read: invalid encoding, delimiter or header."""


class DomainError(XhhtError, ValueError):
    """A citizen, household, area or other subject violates a rule of its class."""


class FactsErrorDict(TypedDict):
    """Invalid facts in JSON."""

    code: str
    field: str | None
    message: str


class FactsError(XhhtError, ValueError):
    """A fact about a subject is malformed, out of bounds or contradicts another one.

    `code` is stable and machine-readable; `field` names the input, or is None for all facts.
    """

    def __init__(self, text: Text, *, code: str, field: str | None) -> None:
        super().__init__(text)
        self.code = code
        self.field = field

    def to_dict(self, lang: Lang | str = Lang.VI) -> FactsErrorDict:
        """Return the error as `--format json` prints it in place of a result."""
        return {"code": self.code, "field": self.field, "message": self.message(lang)}

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), code=self.code, field=self.field), (self.text,)


class ProfileNotFoundError(XhhtError, LookupError):
    """No profile, or more than one, matches the request."""


class RollupError(XhhtError, ValueError):
    """Counts or areas cannot be added up as requested."""


class CampaignError(XhhtError, ValueError):
    """A society cannot be evaluated: cyclic profile dependencies, invalid members."""


class FrameError(XhhtError, ValueError):
    """A frame cannot be evaluated: its columns, engine or numbers are unsupported."""


class ProofError(XhhtError, ValueError):
    """A result document cannot be read, or cannot be signed.

    `code` is stable and machine-readable.
    """

    def __init__(self, text: Text, *, code: str) -> None:
        super().__init__(text)
        self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), code=self.code), (self.text,)
