"""A scoring form as a workbook holds it: criteria and indicators with their most points.

What a form does not say is left out; nothing here guesses.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from xhht.text import Text

__all__ = ["Form", "FormFault", "FormLine"]


@frozen(kw_only=True)
class FormLine:
    """A line of a form that is a criterion or an indicator.

    Attributes:
        place: how to call the line's first cell: `Biểu 1!A5`.
        number: what numbers it, such as `I`, `2` or `1.1`; empty where nothing does.
        name: its text.
        points: the most points, or None.
        points_place: how to call the cell of the points.
        condition: when points are earned, in the form's words; empty where it does not say.
        depth: 0 for a line at the top, 1 for those below it, and so on.
    """

    place: str
    number: str
    name: str
    points: Fraction | None
    points_place: str
    condition: str = ""
    depth: int


@frozen
class FormFault:
    """What is wrong in a form, and in which cell: `Biểu 1!C7`."""

    place: str
    text: Text


@frozen(kw_only=True)
class Form:
    """A form, with its faults.

    Attributes:
        lines: in the order of the form.
        faults: what could not be read.
        sums: what the indicators do not add up to, though the form says so.
        carried: the profile in YAML that an exported form brings along, or None.
        lang: the language of an exported form's names, or None.
    """

    lines: tuple[FormLine, ...]
    faults: tuple[FormFault, ...] = ()
    sums: tuple[FormFault, ...] = ()
    carried: str | None = None
    lang: str | None = None
