"""Diagnostics: what is wrong with a profile, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import field, frozen

from xhht.errors import XhhtError
from xhht.text import Lang, Text

__all__ = ["CodeInfo", "Diagnostic", "Mark", "ProfileError", "Severity", "Sink", "page_of"]


class Severity(StrEnum):
    """How bad a finding is: a profile with an error does not load."""

    ERROR = "error"
    WARNING = "warning"


@frozen(order=True)
class Mark:
    """A place in a file; line and column count from 1, in code points.

    A profile made of several files tells by `file` in which of them; `length` is how much of the
    line is meant, None where only the beginning is known.
    """

    line: int
    column: int
    file: str | None = field(default=None, eq=False, order=False)
    length: int | None = field(default=None, eq=False, order=False)


@frozen
class CodeInfo:
    """What a diagnostic code stands for; `{name}` fields are filled in when it is found."""

    severity: Severity
    text: Text
    hint: Text | None = None


def page_of(code: str) -> str:
    """Return the page of the documentation that explains a code.

    >>> page_of("XH104")
    'reference/diagnostics/XH104.md'
    """
    return f"reference/diagnostics/{code}.md"


@frozen(kw_only=True)
class Diagnostic:
    """One finding.

    Attributes:
        code: stable, such as `XH104`.
        severity: error or warning.
        text: what is wrong, in both languages.
        file: the file's name as it was given.
        mark: line and column, from 1.
        pointer: JSON pointer of the value.
        hint: what to do, or None.
    """

    code: str
    severity: Severity
    text: Text
    file: str
    mark: Mark
    pointer: str
    hint: Text | None = None

    @property
    def page(self) -> str:
        """Where the documentation explains the code, under `docs/`."""
        return page_of(self.code)

    def to_dict(self, lang: Lang | str = Lang.VI) -> dict[str, object]:
        """Return the finding as `xhht check --format json` prints it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.text.in_(lang),
            "file": self.file,
            "line": self.mark.line,
            "column": self.mark.column,
            "pointer": self.pointer,
            "hint": self.hint.in_(lang) if self.hint else None,
            "page": self.page,
        }

    def render(self, lang: Lang | str = Lang.VI) -> str:
        """Return the finding as one line, with its hint on the next."""
        place = f"{self.file}:{self.mark.line}:{self.mark.column}"
        line = f"{place}: {self.severity.value} {self.code}: {self.text.in_(lang)}"
        return f"{line}\n    → {self.hint.in_(lang)}" if self.hint else line


_MOST_SHOWN = 100
_MORE = Text(vi="… và {count} lỗi khác.", en="… further errors: {count}.")


def _lines(shown: Iterable[Diagnostic], rest: Iterable[Text], lang: Lang) -> Iterator[str]:
    yield from (found.render(lang) for found in shown)
    yield from (text.in_(lang) for text in rest)


class ProfileError(XhhtError, ValueError):
    """A profile does not load; `diagnostics` holds every fault, its text shows the first."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        shown = self.diagnostics[:_MOST_SHOWN]
        more = len(self.diagnostics) - len(shown)
        rest = [_MORE.format(count=more)] if more else []
        super().__init__(
            Text(**{lang.value: "\n".join(_lines(shown, rest, lang)) for lang in Lang})
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.diagnostics,)


_LISTS = {"known", "choices", "keys", "circle", "changed"}
_LONGEST = 60


def _cut(key: str, value: object) -> object:
    """Return what a message shows of a value that a file may make as long as it likes."""
    if not isinstance(value, str) or key in _LISTS or len(value) <= _LONGEST:
        return value
    return f"{value[: _LONGEST - 1]}…"


class Sink:
    """Gathers the findings of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Diagnostic] = []

    def add(self, code: str, mark: Mark, pointer: str = "", **values: object) -> None:
        """Note a finding.

        Args:
            code: the diagnostic.
            mark: where it stands.
            pointer: the value that it names.
            values: what fills its message. `hint` is a likely word, `quoted` one that only lacks
                its quotes; either takes the place of the hint.
        """
        from xhht.criteria.codes import CODES, DID_YOU_MEAN, KINDS, PUT_IN_QUOTES

        info = CODES[code]
        word, quoted = values.pop("hint", None), values.pop("quoted", None)
        values = {key: _cut(key, value) for key, value in values.items()}
        if "expected" in values:
            values = {key: KINDS.get(str(value), value) for key, value in values.items()}
        hint = info.hint.format(**values) if info.hint else None
        if word:
            hint = DID_YOU_MEAN.format(word=word)
        if quoted:
            hint = PUT_IN_QUOTES.format(word=quoted)
        self._found.append(
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

    def take(self, diagnostic: Diagnostic) -> None:
        """Note a finding of another file that this one rests on."""
        self._found.append(diagnostic)

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """The findings in the order of the file, each once."""
        return tuple(sorted(dict.fromkeys(self._found), key=self._order))

    def _order(self, found: Diagnostic) -> tuple[bool, str, int, int, str]:
        mark = found.mark
        return found.file != self.file, found.file, mark.line, mark.column, found.code

    @property
    def has_errors(self) -> bool:
        """Whether an error is among the findings."""
        return any(found.severity is Severity.ERROR for found in self._found)
