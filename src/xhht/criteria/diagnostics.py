"""Diagnostics: the errors and warnings of a profile file, with place and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from xhht.criteria.codes import CODES, DID_YOU_MEAN, PUT_IN_QUOTES, VALUE_KINDS
from xhht.errors import XhhtError
from xhht.issues import FileIssue, Mark, Severity
from xhht.text import Lang, Text

__all__ = ["Diagnostic", "DiagnosticCollector", "ProfileError"]


@frozen(kw_only=True)
class Diagnostic(FileIssue):
    """One error or warning.

    Attributes:
        code: stable, such as `XH104`.
        severity: error or warning.
        text: what is wrong, in both languages.
        file: the file name as given.
        mark: line and column, from 1.
        pointer: JSON pointer of the value.
        hint: the remedy, or None.
    """

    def render(self, lang: Lang | str = Lang.VI) -> str:
        """Return the diagnostic as one line, with its hint on the next line."""
        return "\n".join([self.headline(lang), *self.hint_lines(lang)])


_MAX_SHOWN = 10
_MORE = Text(vi="… và {count} lỗi khác.", en="… further errors: {count}.")


def _lines(shown: Iterable[Diagnostic], notes: Iterable[Text], lang: Lang) -> Iterator[str]:
    yield from (diagnostic.render(lang) for diagnostic in shown)
    yield from (note.get(lang) for note in notes)


class ProfileError(XhhtError, ValueError):
    """A profile does not load; `diagnostics` holds all errors, the message the first 10."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        shown = self.diagnostics[:_MAX_SHOWN]
        more = len(self.diagnostics) - len(shown)
        notes = [_MORE.format(count=more)] if more else []
        super().__init__(
            Text(**{lang.value: "\n".join(_lines(shown, notes, lang)) for lang in Lang})
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.diagnostics,)


_UNLIMITED_FIELDS = {"known", "choices", "keys", "circle", "changed"}
_MAX_LENGTH = 60


def _shortened(key: str, value: object) -> object:
    """Return a value of a file shortened for a message."""
    if not isinstance(value, str) or key in _UNLIMITED_FIELDS or len(value) <= _MAX_LENGTH:
        return value
    return f"{value[: _MAX_LENGTH - 1]}…"


class DiagnosticCollector:
    """Collects the diagnostics of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._diagnostics: list[Diagnostic] = []

    def add(self, code: str, mark: Mark, pointer: str = "", **values: object) -> None:
        """Add a diagnostic.

        Args:
            code: the diagnostic.
            mark: its place in the file.
            pointer: JSON pointer of the value.
            values: fields of its message. `hint` is a suggested word, `quoted` a word that needs
                quotes; either replaces the hint.
        """
        info = CODES[code]
        word, quoted = values.pop("hint", None), values.pop("quoted", None)
        values = {key: _shortened(key, value) for key, value in values.items()}
        if "expected" in values:
            values = {key: VALUE_KINDS.get(str(value), value) for key, value in values.items()}
        hint = info.hint.format(**values) if info.hint else None
        if word:
            hint = DID_YOU_MEAN.format(word=word)
        if quoted:
            hint = PUT_IN_QUOTES.format(word=quoted)
        self._diagnostics.append(
            Diagnostic(
                code=code,
                severity=info.severity,
                text=info.text.format(**values),
                file=mark.file or self.file,
                mark=mark,
                pointer=pointer,
                hint=hint,
            )
        )

    def add_existing(self, diagnostic: Diagnostic) -> None:
        """Add a diagnostic of another file that this one depends on."""
        self._diagnostics.append(diagnostic)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The diagnostics in the order of the file, without duplicates."""
        return tuple(sorted(dict.fromkeys(self._diagnostics), key=self._order))

    def _order(self, diagnostic: Diagnostic) -> tuple[bool, str, int, int, str]:
        file, mark = diagnostic.file, diagnostic.mark
        return file != self.file, file, mark.line, mark.column, diagnostic.code

    @property
    def has_errors(self) -> bool:
        """Whether an error is among the diagnostics."""
        return any(item.severity is Severity.ERROR for item in self._diagnostics)
