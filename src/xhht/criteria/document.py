"""The format of criteria-profile files as typed classes: format 1, key by key.

The classes define the format: each field is one key. The metadata of a field can give the `key` in
the file, the `pattern` of its text, and whether it is points. Profiles are written and formatted in
the order of the fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar, NewType, TypedDict, get_args, get_type_hints

from attrs import Attribute, field, fields, frozen, has

from xhht.domain.titles import Title
from xhht.numbers import Rounding
from xhht.rules.inputs import InputType
from xhht.rules.model import Binds, MissingAtClose, NaPolicy, Requirement
from xhht.rules.scoring import (
    AllAbsent,
    Combination,
    ConditionPart,
    NumberPart,
    Scoring,
    ScoringKind,
)
from xhht.text import LabelledEnum, Lang, Text

__all__ = [
    "BELOW_CRITERION",
    "DEFINED_AS",
    "FORMAT",
    "SCORINGS",
    "Anything",
    "AtCloseEntry",
    "ChangeDict",
    "ChangeEntry",
    "ChoiceListName",
    "CriterionEntry",
    "CycleEntry",
    "DatedEntry",
    "DefinitionEntry",
    "Expression",
    "IndicatorEntry",
    "InputEntry",
    "LegalEntry",
    "LevelEntry",
    "LevelMarkEntry",
    "MembersEntry",
    "OverlayDocument",
    "OverrideEntry",
    "ProfileDocument",
    "ProfileStatus",
    "Provenance",
    "RawValue",
    "ResultEntry",
    "Step",
    "TableCell",
    "Take",
    "Unregistered",
    "ValueEntry",
    "Year",
    "expression_keys",
    "expression_texts",
    "key_at",
    "key_of",
    "points_keys",
    "points_on_grid",
    "text_field",
    "version_key",
]

FORMAT = 1
"""The format that this version reads and writes."""

Expression = NewType("Expression", str)
"""A condition or number in the condition language."""

ChoiceListName = NewType("ChoiceListName", str)
"""The name of a list of options that several inputs share."""

Anything = NewType("Anything", object)
"""A value that is typed later, at its place in the base."""

RawValue = NewType("RawValue", str)
"""A value whose type depends on other keys, such as the limit of an input."""

TableCell = NewType("TableCell", str)
"""A value as in a table cell: text, empty if unknown."""

IDENTIFIER = r"[a-z][a-z0-9_]{0,63}"
PROFILE_ID = r"[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*){0,7}"
VERSION = r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}"
NODE_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,15}(\.[A-Za-z0-9][A-Za-z0-9_-]{0,15}){0,7}"
MONTH_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
REFERENCE = rf"{PROFILE_ID}@{VERSION}"
AREA_CODE = r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}"
OVERRIDE_PATH = r"[a-z_]{1,64}(/[A-Za-z0-9_.-]{1,64}){0,6}"
URL = r"https?://\S+"
PART = r"[1-9]?[0-9](\.[0-9]{1,4})?%"


_POINTS = {"on_grid": True, "points": True}
"""The metadata of a number of points."""


def text_field(pattern: str, **options: Any) -> Any:
    """Return a field whose text must match a pattern."""
    return field(metadata={"pattern": pattern}, **options)


def key_of(attribute: Attribute[Any]) -> str:
    """Return the key of a field in the file."""
    return str(attribute.metadata.get("key", attribute.name))


class ProfileStatus(StrEnum):
    """The life-cycle status of a profile."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Provenance(LabelledEnum):
    """How far the content is backed by sources: completely, partly, or not at all."""

    COMPLETE = "complete", "đầy đủ nguồn", "complete"
    PARTIAL = "partial", "có nguồn một phần", "partial"
    ILLUSTRATIVE = "illustrative", "minh họa", "illustrative"


class Period(StrEnum):
    """The year that an assessment covers."""

    CALENDAR_YEAR = "calendar_year"
    SCHOOL_YEAR = "school_year"


class ProfilePart(StrEnum):
    """A part of a profile that sources can cover."""

    DATES = "dates"
    CYCLE = "cycle"
    INPUTS = "inputs"
    VALUES = "values"
    DEFINITIONS = "definitions"
    CRITERIA = "criteria"
    LEVELS = "levels"


@frozen(kw_only=True)
class LegalEntry:
    """The legal document that a profile is based on."""

    document: str
    issuer: str | None = None
    issued: date | None = None
    source: str | None = text_field(URL, default=None)
    note: Text | None = None


@frozen(kw_only=True)
class NoSubjectsEntry:
    """From which day the profile has no subjects, though its document still holds.

    The reason is shown wherever a profile for a later day is looked for.
    """

    date: date
    reason: Text
    source: str | None = text_field(URL, default=None)


@frozen(kw_only=True)
class CycleEntry:
    """The schedule of an assessment."""

    period: Period
    submit_by: str | None = text_field(MONTH_DAY, default=None)
    complete_by: str | None = text_field(MONTH_DAY, default=None)
    note: Text | None = None
    source: str | None = text_field(URL, default=None)


@frozen(kw_only=True)
class EvidenceEntry:
    """The evidence required for a value."""

    required: bool = False
    valid_months: int | None = None


class Take(StrEnum):
    """What an input takes from the members of a subject."""

    COUNT = "count"
    SHARE = "share"
    ALL = "all"
    ANY = "any"


class Step(StrEnum):
    """The progress of a member towards its title; each step includes all later ones."""

    TOTAL = "total"
    REGISTERED = "registered"
    ASSESSED = "assessed"
    RECOGNISED = "recognised"


class Unregistered(StrEnum):
    """How a member counts that is known not to be registered for its title."""

    NOT_HELD = "not_held"
    AS_JUDGED = "as_judged"


@frozen(kw_only=True)
class MembersEntry:
    """The source of an input that depends on a lower title.

    It counts, among the members with `title` that reached step `over` and meet `where`, those that
    reached step `held`, at `level` or above.
    """

    title: Title
    take: Take
    held: Step = Step.RECOGNISED
    level: str | None = text_field(IDENTIFIER, default=None)
    over: Step = Step.TOTAL
    where: Expression | None = None
    applies_to: dict[str, tuple[str, ...]] | None = None
    unregistered: Unregistered = Unregistered.NOT_HELD


@frozen(kw_only=True)
class ResultEntry:
    """The source of an input that rests on another standard.

    The input takes the result of the profile for `title` that evaluates the same subject.
    """

    title: Title
    applies_to: dict[str, tuple[str, ...]] | None = None


class Year(LabelledEnum):
    """The year that the value of an input is about."""

    ASSESSED = "assessed", "năm đánh giá", "year of assessment"
    PREVIOUS = "previous", "năm trước", "previous year"


@frozen(kw_only=True)
class InputEntry:
    """One input.

    The file writes the label without its year; `label` names the year as well.
    """

    type: InputType
    min: RawValue | None = None
    max: RawValue | None = None
    places: int | None = None
    step: Fraction | None = None
    at_most: str | None = text_field(IDENTIFIER, default=None)
    choices: dict[str, Text] | ChoiceListName | None = field(
        default=None, metadata={"pattern": IDENTIFIER}
    )
    written_label: Text = field(metadata={"key": "label"})
    unit: Text | None = None
    year: Year = Year.ASSESSED
    previous_of: str | None = text_field(IDENTIFIER, default=None)
    evidence: EvidenceEntry | None = None
    members: MembersEntry | None = None
    result: ResultEntry | None = None
    provenance: Provenance | None = None
    note: Text | None = None
    source: str | None = text_field(URL, default=None)

    @property
    def label(self) -> Text:
        """The label as officials read it: of a figure of the year before, it says so."""
        if self.year is Year.PREVIOUS:
            return _OF_YEAR.format(label=self.written_label, year=self.year.label)
        return self.written_label


_OF_YEAR = Text(vi="{label} ({year})", en="{label} ({year})")


@frozen(kw_only=True)
class DatedEntry:
    """A value from a day on."""

    start: date | None = field(default=None, metadata={"key": "from"})
    value: RawValue
    provenance: Provenance | None = None
    note: Text | None = None
    source: str | None = text_field(URL, default=None)


@frozen(kw_only=True)
class ValueEntry:
    """A constant that changes by date."""

    label: Text
    dated: tuple[DatedEntry, ...]
    note: Text | None = None


DEFINED_AS = ("when", "number")
"""The keys for what a definition stands for; exactly one is set."""


@frozen(kw_only=True)
class DefinitionEntry:
    """A condition or number that has a name."""

    label: Text
    when: Expression | None = None
    number: Expression | None = None
    clause: str | None = None
    provenance: Provenance | None = None
    note: Text | None = None
    source: str | None = text_field(URL, default=None)


@frozen(kw_only=True)
class RoundingEntry:
    """A declared rounding."""

    step: Fraction = field(metadata={"on_grid": True})
    mode: Rounding


@frozen(kw_only=True)
class BandEntry:
    """Points earned by a condition."""

    when: Expression
    points: Fraction = field(metadata=_POINTS)
    provenance: Provenance | None = None
    note: Text | None = None
    source: str | None = text_field(URL, default=None)


@frozen(kw_only=True)
class FactorEntry:
    """A factor of points and when it counts; the last entry has no condition."""

    when: Expression | None = None
    value: Fraction
    provenance: Provenance | None = None
    note: Text | None = None
    source: str | None = text_field(URL, default=None)


@frozen(kw_only=True)
class ProportionalEntry:
    """Points times a share."""

    share: Expression
    rounding: RoundingEntry


@frozen(kw_only=True)
class PerItemEntry:
    """Points for every item."""

    count: Expression
    each: Fraction = field(metadata=_POINTS)


@frozen(kw_only=True)
class LevelMarkEntry:
    """What one level asks of an indicator; a condition alone is its `met_when`."""

    SHORT: ClassVar = "met_when"

    applies_when: Expression | None = None
    met_when: Expression | None = None
    provenance: Provenance | None = None
    note: Text | None = None
    source: str | None = text_field(URL, default=None)


SCORINGS = tuple(kind.value for kind in ScoringKind)
"""The scoring keys of an indicator; exactly one is set."""


@frozen(kw_only=True)
class IndicatorEntry:
    """A leaf of the criteria tree, with exactly one scoring key."""

    id: str = text_field(NODE_ID)
    name: Text | None = None
    clause: str | None = None
    points: Fraction = field(default=Fraction(0), metadata=_POINTS)
    requirement: Requirement = Requirement.SCORED
    floor: Fraction | None = field(default=None, metadata=_POINTS)
    applies_when: Expression | None = None
    na_policy: NaPolicy | None = None
    weight: Fraction | None = None
    factor: tuple[FactorEntry, ...] | None = None
    rounding: RoundingEntry | None = None
    met_when: Expression | None = None
    met_by_level: dict[str, LevelMarkEntry] | None = None
    bands: tuple[BandEntry, ...] | None = None
    proportional: ProportionalEntry | None = None
    per_item: PerItemEntry | None = None
    assessed: str | None = field(
        default=None, metadata={"pattern": IDENTIFIER, "is_expression": True}
    )
    provenance: Provenance | None = None
    note: Text | None = None
    source: str | None = text_field(URL, default=None)


@frozen
class Misplaced:
    """How to recognise an entry of another kind in the wrong place.

    Attributes:
        code: the diagnostic.
        intended: the intended kind.
        some_of: keys of which it has at least one.
        none_of: keys of which it has none.
    """

    code: str
    intended: type
    some_of: frozenset[str]
    none_of: frozenset[str]

    def is_in(self, keys: set[str]) -> bool:
        """Return whether an entry with these keys is in the wrong place."""
        return bool(keys & self.some_of) and not keys & self.none_of


BELOW_CRITERION = ("criteria", "indicators")
"""The keys for the children of a criterion; exactly one is set."""


@frozen(kw_only=True)
class CriterionEntry:
    """A branch of the criteria tree, with criteria or indicators as children."""

    MISPLACED: ClassVar = Misplaced(
        code="XH125",
        intended=IndicatorEntry,
        some_of=frozenset(SCORINGS),
        none_of=frozenset(BELOW_CRITERION),
    )

    id: str = text_field(NODE_ID)
    name: Text | None = None
    clause: str | None = None
    points: Fraction | None = field(default=None, metadata=_POINTS)
    requirement: Requirement = Requirement.SCORED
    floor: Fraction | None = field(default=None, metadata=_POINTS)
    applies_when: Expression | None = None
    na_policy: NaPolicy | None = None
    weight: Fraction | None = None
    factor: tuple[FactorEntry, ...] | None = None
    combine: Combination = Combination.SUM
    rounding: RoundingEntry | None = None
    all_absent: AllAbsent | None = None
    cap: Fraction | None = field(default=None, metadata=_POINTS)
    not_below: Fraction | None = field(default=None, metadata=_POINTS)
    least_known: str | None = text_field(PART, default=None)
    provenance: Provenance | None = None
    note: Text | None = None
    source: str | None = text_field(URL, default=None)
    criteria: tuple[CriterionEntry, ...] | None = None
    indicators: tuple[IndicatorEntry, ...] | None = None


@frozen(kw_only=True)
class RequiresEntry:
    """A lower level that must have been held for a number of months."""

    level: str = text_field(IDENTIFIER)
    months: int
    since: str = text_field(IDENTIFIER)
    held: str | None = text_field(IDENTIFIER, default=None)
    binds: Binds = Binds.EVERYONE


@frozen(kw_only=True)
class LevelEntry:
    """A level of recognition."""

    id: str = text_field(IDENTIFIER)
    name: Text
    when: Expression
    requires: RequiresEntry | None = None
    validity_months: int | None = None
    provenance: Provenance | None = None
    note: Text | None = None
    source: str | None = text_field(URL, default=None)


class ChangeDict(TypedDict):
    """What a version changes, in JSON."""

    version: str
    date: str | None
    reason: str
    at: list[str]


@frozen(kw_only=True)
class AtCloseEntry:
    """What a fact means that is missing when the assessment is closed, and the clause for it."""

    missing: MissingAtClose
    clause: str
    note: Text | None = None
    source: str | None = text_field(URL, default=None)


@frozen(kw_only=True)
class ChangeEntry:
    """What a version changes, and why.

    `at` names the changed places by id, like overrides: `criteria/2.1/met_when`, `levels/good`.
    Without it, the entry is about the version as a whole.
    """

    version: str = text_field(VERSION)
    day: date | None = field(default=None, metadata={"key": "date"})
    reason: Text
    at: tuple[str, ...] | None = None

    def to_dict(self, lang: Lang | str = Lang.VI) -> ChangeDict:
        """Return the entry as JSON data."""
        return {
            "version": self.version,
            "date": self.day.isoformat() if self.day else None,
            "reason": self.reason.get(lang),
            "at": list(self.at or ()),
        }


@frozen(kw_only=True)
class OverrideEntry:
    """A value of the base that an overlay replaces.

    `at` identifies it by id: `criteria/2.4/met_when`, `levels/good/when`, `inputs/members/max`.
    """

    at: str = text_field(OVERRIDE_PATH)
    value: Anything
    reason: Text
    legal_basis: LegalEntry


@frozen(kw_only=True)
class OverlayDocument:
    """An overlay: a file that extends another."""

    format: int
    id: str = text_field(PROFILE_ID)
    version: str = text_field(VERSION)
    status: ProfileStatus
    extends: str = text_field(REFERENCE)
    area: str = text_field(AREA_CODE)
    name: Text | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    no_subjects_from: NoSubjectsEntry | None = None
    dates_source: str | None = text_field(URL, default=None)
    ended_by: LegalEntry | None = None
    legal_basis: LegalEntry
    source_covers: tuple[ProfilePart, ...] = ()
    provenance: Provenance
    note: Text | None = None
    at_close: AtCloseEntry | None = None
    changes: tuple[ChangeEntry, ...] | None = None
    overrides: tuple[OverrideEntry, ...] | None = None


@frozen(kw_only=True)
class ProfileDocument:
    """A complete profile, or an overlay merged with its base."""

    format: int
    id: str = text_field(PROFILE_ID)
    version: str = text_field(VERSION)
    status: ProfileStatus
    extends: str | None = field(default=None, metadata={"pattern": REFERENCE, "written": False})
    area: str | None = text_field(AREA_CODE, default=None)
    title: Title
    applies_to: dict[str, tuple[str, ...]] | None = None
    name: Text
    effective_from: date | None = None
    effective_to: date | None = None
    no_subjects_from: NoSubjectsEntry | None = None
    dates_source: str | None = text_field(URL, default=None)
    ended_by: LegalEntry | None = None
    legal_basis: LegalEntry | None = None
    source_covers: tuple[ProfilePart, ...] = ()
    provenance: Provenance
    note: Text | None = None
    changes: tuple[ChangeEntry, ...] | None = None
    grid: Fraction | None = None
    cycle: CycleEntry | None = None
    choice_lists: dict[str, dict[str, Text]] | None = None
    inputs: dict[str, InputEntry]
    values: dict[str, ValueEntry] | None = None
    definitions: dict[str, DefinitionEntry] | None = None
    criteria: tuple[CriterionEntry, ...]
    levels: tuple[LevelEntry, ...]
    at_close: AtCloseEntry | None = None

    def options(self, entry: InputEntry) -> dict[str, Text]:
        """Return the options of an input with their labels, from its list if it names one."""
        if entry.choices is None or isinstance(entry.choices, dict):
            return entry.choices or {}
        return (self.choice_lists or {}).get(entry.choices, {})


# What the fields say


@cache
def expression_keys() -> frozenset[str]:
    """Return the keys of conditions and numbers in the condition language.

    >>> sorted(expression_keys() - set(SCORINGS))
    ['applies_when', 'count', 'number', 'share', 'when', 'where']
    """
    return frozenset(
        key_of(attribute)
        for attribute, types in _fields_below(ProfileDocument, set())
        if Expression in types or attribute.metadata.get("is_expression")
    )


def key_at(pointer: str) -> str:
    """Return the key of the value at a JSON pointer; a value in short form has the key it means.

    >>> key_at("/criteria/0/indicators/0/met_by_level/level_1"), key_at("/levels/0/when")
    ('met_when', 'when')
    """
    above, _, key = pointer.rpartition("/")
    return LevelMarkEntry.SHORT if above.endswith(f"/{ScoringKind.MET_BY_LEVEL}") else key


@cache
def points_keys() -> frozenset[str]:
    """Return the keys of declared points.

    >>> sorted(points_keys())
    ['cap', 'each', 'floor', 'not_below', 'points']
    """
    marked = _fields_below(ProfileDocument, set())
    return frozenset(key_of(item) for item, _ in marked if item.metadata.get("points"))


def _fields_below(kind: type, seen: set[type]) -> Iterator[tuple[Attribute[Any], tuple[Any, ...]]]:
    """Yield the fields of a class and of all entries in it, with the types that each names."""
    seen.add(kind)
    hints = get_type_hints(kind)
    for attribute in fields(kind):
        types = tuple(_types_in(hints[attribute.name]))
        yield attribute, types
        for below in types:
            if has(below) and below not in seen:
                yield from _fields_below(below, seen)


def _types_in(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint):
        yield from _types_in(part)


def version_key(version: str) -> tuple[int, ...]:
    """Return the sort key for versions: 1.2.0 before 1.10.0.

    >>> max("1.2.0", "1.10.0", key=version_key)
    '1.10.0'
    """
    return tuple(map(int, version.split(".")))


def points_on_grid(entry: Any) -> Iterator[Fraction]:
    """Yield the points and steps of points of an entry, without the criteria below it."""
    kind: type = type(entry)
    for name, is_number in _grid_fields(kind):
        value = getattr(entry, name)
        if is_number and value is not None:
            yield value
        elif value is not None:
            for item in value if isinstance(value, tuple) else (value,):
                yield from points_on_grid(item)


@cache
def _grid_fields(kind: type) -> tuple[tuple[str, bool], ...]:
    """Return the fields that are on the grid (True) or contain entries with such fields."""
    hints = get_type_hints(kind)
    return tuple(
        (item.name, "on_grid" in item.metadata)
        for item in fields(kind)
        if item.name not in BELOW_CRITERION
        and (
            "on_grid" in item.metadata
            or any(map(_grid_fields, filter(has, _types_in(hints[item.name]))))
        )
    )


def expression_texts(entry: IndicatorEntry, scoring: Scoring) -> tuple[str, ...]:
    """Return the expressions of an indicator's scoring as its entry writes them.

    They are in the order of the parts of the scoring.
    """
    texts = []
    for part in scoring.parts():
        if isinstance(part, (ConditionPart, NumberPart)):
            value: Any = entry
            for step in part.path:
                keyed = isinstance(value, (tuple, dict))
                value = value[step] if keyed else getattr(value, str(step))
            texts.append(str(value))
    return tuple(texts)
