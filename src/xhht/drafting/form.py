"""A scoring form in a workbook: criteria and indicators with their maximum points.

Missing information is omitted, never guessed.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from xhht.drafting.codes import FORM_CODES
from xhht.issues import Issue

__all__ = ["Form", "FormIssue", "FormLine"]


@frozen(kw_only=True)
class FormLine:
    """A line of a form that is a criterion or an indicator.

    Attributes:
        place: the first cell of the line: `Biểu 1!A5`.
        number: its number, such as `I`, `2` or `1.1`; may be empty.
        name: its text.
        points: the maximum points, or None.
        points_place: the cell of the points.
        condition: the condition for the points as written in the form; may be empty.
        depth: 0 for a top-level line, 1 for its children, and so on.
    """

    place: str
    number: str
    name: str
    points: Fraction | None
    points_place: str
    condition: str = ""
    depth: int


@frozen(kw_only=True)
class FormIssue(Issue):
    """An issue of a form, with its cell: `Biểu 1!C7`."""

    place: str

    @classmethod
    def of(cls, code: str, place: str, **values: object) -> FormIssue:
        """Return the issue of a code; `values` are the fields of its message."""
        return cls(code=code, place=place, text=FORM_CODES[code].text.format(**values))


@frozen(kw_only=True)
class Form:
    """A form, with the issues found in it.

    Attributes:
        lines: in the order of the form.
        faults: the cells that could not be read.
        sums: the stated totals that differ from the sum of the indicators.
        embedded_profile: the profile in YAML embedded in an exported form, or None.
        lang: the language of an exported form's names, or None.
    """

    lines: tuple[FormLine, ...]
    faults: tuple[FormIssue, ...] = ()
    sums: tuple[FormIssue, ...] = ()
    embedded_profile: str | None = None
    lang: str | None = None
