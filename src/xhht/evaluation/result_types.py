"""The structure of results as JSON data, which the methods `to_dict` return."""

from __future__ import annotations

from typing import NotRequired, TypeAlias, TypedDict

from xhht.criteria.profile import ProfileIdentity

__all__ = [
    "CouldSettleDict",
    "CriterionDict",
    "EvaluationDict",
    "ExplanationDict",
    "FactChangeDict",
    "FactValue",
    "FractionDict",
    "GapDict",
    "MemberShareDict",
    "PathDict",
    "PathStepDict",
    "SettlingDict",
]


class CriterionDict(TypedDict):
    """The result of one criterion."""

    id: str
    status: str
    points_certain: int | float
    points_possible: int | float
    max_points: int | float
    status_by_level: NotRequired[dict[str, str]]


class GapDict(TypedDict):
    """One fact that is missing, or one condition that is not met."""

    input: str | None
    criterion: str | None
    reason: str
    message: str
    levels: NotRequired[list[str]]


class FractionDict(TypedDict):
    """An exact fraction: numerator and denominator."""

    fraction: list[int]


class EvaluationDict(TypedDict):
    """The result for one subject."""

    profile: ProfileIdentity
    as_of: str | None
    final: bool
    closed: list[str]
    verdict: str
    level: str | None
    levels_possible: list[str | None]
    points_certain: int | float
    points_possible: int | float
    max_points: int | float
    available_points: int | float
    available_certain: int | float
    percent_certain: FractionDict | None
    percent_possible: FractionDict | None
    exact: bool
    criteria: list[CriterionDict]
    gaps: list[GapDict]
    remarks: NotRequired[list[str]]


class ExplanationDict(TypedDict):
    """The explanation of a result or of one criterion."""

    id: str | None
    heading: str
    details: list[str]
    columns: list[str]
    rows: list[list[str]]
    children: list[ExplanationDict]


class MemberShareDict(TypedDict):
    """How many members meet a requirement, and how many do not."""

    held: object
    others: object


FactValue: TypeAlias = bool | int | float | str | MemberShareDict | None
"""The value of a fact; None is unknown."""


class FactChangeDict(TypedDict):
    """A fact to change, or to show if it is unknown."""

    input: str
    before: FactValue
    after: FactValue


class PathStepDict(TypedDict):
    """The changes for one indicator, or for the condition of a level."""

    criterion: str | None
    points_before: int | float | None
    points_after: int | float | None
    changes: list[FactChangeDict]
    clause: str | None
    line: int | None
    message: str


class PathDict(TypedDict):
    """The cheapest path to a level, or the reason why there is none."""

    level: str
    state: str
    cost: int | float | None
    steps: list[PathStepDict]
    message: str


class CouldSettleDict(TypedDict):
    """Facts that could determine a verdict, with example values for each verdict."""

    inputs: list[str]
    examples: dict[str, dict[str, FactValue]]


class SettlingDict(TypedDict):
    """Which facts would determine a verdict."""

    enough: list[list[str]] | None
    could: list[CouldSettleDict] | None
    message: str
