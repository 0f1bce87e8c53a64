"""A criteria profile: the content of its file, its rules, and the places of its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TypedDict

from attrs import field, fields, frozen

from xhht import labels
from xhht.criteria import document as doc
from xhht.criteria.wording import ProfileVocabulary
from xhht.dates import day_text
from xhht.domain.titles import Title
from xhht.issues import Mark
from xhht.numbers import decimal_label, json_number
from xhht.render import Column, DisplayTable
from xhht.rules import expressions as ex
from xhht.rules.lowering import lower
from xhht.rules.model import Rules, expressions_of
from xhht.rules.plan import Plan
from xhht.rules.ranges import Situation
from xhht.rules.sentences import Wording
from xhht.text import Lang, Text

__all__ = [
    "Profile",
    "ProfileDict",
    "ProfileIdentity",
    "ProfileSummary",
    "criterion_name",
    "profile_html",
]


_CHILDREN = ("criteria", "indicators")


class ProfileIdentity(TypedDict):
    """The identity of a profile in results and documents."""

    id: str
    version: str
    hash: str
    provenance: str


@lru_cache(maxsize=64)
def _unsettled_plan(profile: Profile, unsettled: frozenset[str]) -> Plan:
    return lower(profile.rules, final=True, unsettled=unsettled)


class ProfileSummary(ProfileIdentity):
    """A profile in a list, in JSON."""

    status: str
    title: str
    name: str
    effective_from: str | None
    effective_to: str | None
    legal_basis: str | None
    max_points: int | float


class ProfileInputDict(TypedDict):
    """An input in JSON."""

    name: str
    type: str
    label: str


class ProfileCriterionDict(TypedDict):
    """A criterion in JSON."""

    id: str
    name: str | None
    clause: str | None
    line: int


class ProfileLevelDict(TypedDict):
    """A level in JSON."""

    id: str
    name: str
    when: str


class ProfileDict(ProfileSummary):
    """A profile in JSON, with its inputs, criteria and levels."""

    changes: list[doc.ChangeDict]
    inputs: list[ProfileInputDict]
    criteria: list[ProfileCriterionDict]
    levels: list[ProfileLevelDict]


@frozen(eq=False, kw_only=True)
class Profile:
    """A checked profile: the content of its file, its rules, and their plan.

    Immutable and safe to share among threads. Two profiles are equal if their hashes are equal.

    Attributes:
        document: the content of the file, key by key.
        rules: the rules of the profile.
        plan: the rules lowered to operators.
        hash: SHA-256 of the content, independent of the layout of the file.
        file: the name of the file that it was loaded from.
        marks: the place of each value in the file, by JSON pointer.
        pointers: the JSON pointer of each criterion, by id.
        entries: the file entry of each criterion, by id, in the order of the profile.
    """

    document: doc.ProfileDocument
    rules: Rules = field(repr=False)
    plan: Plan = field(repr=False)
    hash: str
    file: str
    marks: Mapping[str, Mark] = field(repr=False)
    pointers: Mapping[str, str] = field(repr=False)
    entries: Mapping[str, doc.CriterionEntry | doc.IndicatorEntry] = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def _repr_html_(self) -> str:
        return profile_html(self)

    @cached_property
    def closing_plan(self) -> Plan:
        """The plan of a final evaluation; without `at_close` it is `plan`."""
        return self.plan if self.rules.at_close is None else lower(self.rules, final=True)

    def plan_of(self, final: bool, unsettled: frozenset[str] = frozenset()) -> Plan:
        """Return the plan of an evaluation.

        Args:
            final: whether the assessment is closed.
            unsettled: the inputs that take the result of a standard with a threshold that no
                source shows; what reads one is not closed.
        """
        if not final:
            return self.plan
        if not unsettled or self.rules.at_close is None:
            return self.closing_plan
        return _unsettled_plan(self, unsettled)

    def has_unknown_threshold(self, as_of: date | None) -> bool:
        """Return whether some result depends on a threshold that no source shows on a day."""
        trees: list[object] = [rule.when for rule in self.rules.levels]
        trees += [tree for node in self.rules.nodes() for tree in expressions_of(node)]
        parts = [part for tree in trees for part in ex.walk(tree)]
        return any(
            isinstance(part, ex.Unknown)
            or (isinstance(part, ex.Dated) and part.on(as_of).value is None)
            for part in parts
        )

    @property
    def id(self) -> str:
        """The profile's identifier, such as `vn.unit.tt22-2020`."""
        return self.document.id

    @property
    def version(self) -> str:
        """The version, three numbers."""
        return self.document.version

    @property
    def reference(self) -> str:
        """The id and the version, `ID@VERSION`."""
        return f"{self.id}@{self.version}"

    @property
    def title(self) -> Title:
        """The title that the criteria are for."""
        return self.document.title

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return self.document.name

    @property
    def provenance(self) -> doc.Provenance:
        """How far the profile is backed by sources."""
        return self.document.provenance

    @property
    def max_points(self) -> Fraction:
        """The maximum points of the profile."""
        return self.points(self.plan.maximum)

    def wording(self, situation: Situation | None = None) -> Wording:
        """Return what writes the conditions and numbers of the profile as sentences.

        Args:
            situation: the values of a subject, or None to write the rules alone.

        >>> import xhht
        >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
        >>> profile.wording().sentence(profile.rules.levels[0].when).vi.partition(" (")[0]
        'Tổng điểm đạt từ 70 hoặc 80 điểm trở lên'
        """
        return Wording(self.vocabulary, situation)

    @property
    def vocabulary(self) -> ProfileVocabulary:
        """The labels of inputs, options, criteria, dated values and definitions."""
        return ProfileVocabulary(self.document, self.rules.inputs, self.entries)

    def identity(self) -> ProfileIdentity:
        """Return what identifies the profile in results and documents, as JSON data."""
        return {
            "id": self.id,
            "version": self.version,
            "hash": self.hash,
            "provenance": self.provenance.value,
        }

    def points(self, units: int) -> Fraction:
        """Return the points for a number of grid steps."""
        return self.plan.grid.number(units)

    def level(self, level_id: str) -> doc.LevelEntry:
        """Return a level by id; raises KeyError."""
        for entry in self.document.levels:
            if entry.id == level_id:
                return entry
        raise KeyError(level_id)

    def line(self, node_id: str) -> int:
        """Return the line of a criterion in the file."""
        return self.place(node_id).line

    def place(self, node_id: str) -> Mark:
        """Return file, line and column of a criterion.

        For a criterion that an overlay changes in part, this is the first changed value.
        """
        pointer = self.pointers[node_id]
        own = self.marks[pointer]
        keys = (attribute.name for attribute in fields(type(self.entries[node_id])))
        below = (self.marks.get(f"{pointer}/{key}") for key in keys if key not in _CHILDREN)
        return next((mark for mark in below if mark and mark.file != own.file), own)

    @property
    def begins(self) -> date | None:
        """The first day on which the profile applies, or None if unknown.

        Without `effective_from`, it applies from the day its document was issued.
        """
        basis = self.document.legal_basis
        return self.document.effective_from or (basis.issued if basis else None)

    def in_force(self, day: date) -> bool:
        """Return whether the profile is in force on a day, according to its known dates."""
        start, end = self.begins, self.document.effective_to
        return (start is None or start <= day) and (end is None or day < end)

    def has_subjects(self, day: date) -> bool:
        """Return whether subjects of the profile exist on a day, as far as the profile says."""
        entry = self.document.no_subjects_from
        return entry is None or day < entry.date

    def reason_out_of_force(self, day: date) -> Text | None:
        """Return why the profile judges no subject on a day, or None if it may judge some.

        It is not yet in force, no longer in force, or without subjects (`no_subjects_from`),
        according to its known dates.
        """
        begins, ends = self.begins, self.document.effective_to
        last = self.document.no_subjects_from
        if begins is not None and day < begins:
            return _BEGINS.format(day=day_text(begins))
        if ends is not None and day >= ends:
            return _ENDED.format(day=day_text(ends))
        if last is not None and day >= last.date:
            return _NO_SUBJECTS.format(day=day_text(last.date), reason=last.reason)
        return None

    def remark_on(self, day: date) -> Text | None:
        """Return a sentence that the profile judges no subject on a day, or None.

        >>> import xhht
        >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020")
        >>> profile.remark_on(date(2019, 12, 31)).en
        'Profile vn.unit.tt22-2020 does not apply on 2019-12-31: in force from 2020-09-21. The \
result is not one under rules in force.'
        """
        reason = self.reason_out_of_force(day)
        if reason is None:
            return None
        return _OUT_OF_FORCE.format(id=self.id, day=day_text(day), reason=reason)

    def meets(self, other: Profile) -> bool:
        """Return whether both can be in force on the same day, according to the known dates."""
        spans = (
            (self.begins, other.document.effective_to),
            (other.begins, self.document.effective_to),
        )
        return all(start is None or end is None or start < end for start, end in spans)

    def summary(self, lang: Lang | str = Lang.VI) -> ProfileSummary:
        """Return the profile as `xhht profiles list --format json` prints it."""
        document = self.document
        start, end = document.effective_from, document.effective_to
        return {
            **self.identity(),
            "status": document.status.value,
            "title": self.title.value,
            "name": self.name.get(lang),
            "effective_from": start.isoformat() if start else None,
            "effective_to": end.isoformat() if end else None,
            "legal_basis": document.legal_basis.document if document.legal_basis else None,
            "max_points": json_number(self.max_points),
        }

    def to_dict(self, lang: Lang | str = Lang.VI) -> ProfileDict:
        """Return the profile as `xhht profiles show --format json` prints it."""
        document = self.document
        return {
            **self.summary(lang),
            "changes": [entry.to_dict(lang) for entry in document.changes or ()],
            "inputs": [
                {"name": name, "type": entry.type.value, "label": entry.label.get(lang)}
                for name, entry in document.inputs.items()
            ],
            "criteria": [
                {
                    "id": node_id,
                    "name": entry.name.get(lang) if entry.name else None,
                    "clause": entry.clause,
                    "line": self.line(node_id),
                }
                for node_id, entry in self.entries.items()
            ],
            "levels": [
                {"id": level.id, "name": level.name.get(lang), "when": level.when}
                for level in document.levels
            ],
        }


# Notebook display


def profile_html(profile: Profile, lang: Lang | str = Lang.VI) -> str:
    """Return a profile as HTML without scripts: criteria with points, levels and sources."""
    has_points = profile.plan.has_points()
    rows = [
        (
            criterion_name(profile, node.id, lang),
            *([decimal_label(profile.points(node.maximum)).get(lang)] if has_points else ()),
            profile.entries[node.id].clause or "–",
        )
        for node in profile.plan.nodes
    ]
    caption = f"{profile.name.get(lang)} ({profile.reference})"
    columns = [column for column in _COLUMNS if has_points or column is not _MAXIMUM]
    return DisplayTable(columns, rows).html(lang, caption=caption, notes=_notes(profile, lang))


def criterion_name(profile: Profile, node_id: str, lang: Lang | str) -> str:
    """Return the id and the name of a criterion, indented by its depth."""
    depth = max(profile.pointers[node_id].count("/") // 2 - 1, 0)
    name = profile.entries[node_id].name
    return "  " * depth + (f"{node_id} {name.get(lang)}" if name else node_id)


def _notes(profile: Profile, lang: Lang | str) -> Iterator[str]:
    wording, rules = profile.wording(), profile.rules.levels
    levels = "; ".join(
        f"{profile.level(rule.id).name.get(lang)}: {wording.clause(rule.when).get(lang)}"
        for rule in rules
    )
    yield f"{_LEVELS.get(lang)}: {levels}"
    basis = profile.document.legal_basis
    document = basis.document if basis else "–"
    yield f"{_BASIS.get(lang)}: {document} ({profile.provenance.label.get(lang)})"
    if profile.begins is not None:
        yield f"{_FROM.get(lang)}: {day_text(profile.begins).get(lang)}"


_MAXIMUM = Column(labels.MAXIMUM_POINTS, numeric=True)
_COLUMNS = (
    Column(labels.CRITERION),
    _MAXIMUM,
    Column(labels.CLAUSE),
)
_LEVELS = Text(vi="Mức độ", en="Levels")
_BASIS = Text(vi="Căn cứ", en="Legal basis")
_FROM = Text(vi="Hiệu lực từ", en="In force from")
_BEGINS = Text(vi="có hiệu lực từ {day}", en="in force from {day}")
_ENDED = Text(vi="hết hiệu lực từ {day}", en="no longer in force from {day}")
_NO_SUBJECTS = Text(
    vi="không còn đối tượng từ {day}: {reason}", en="without subjects from {day}: {reason}"
)
_OUT_OF_FORCE = Text(
    vi="Bộ tiêu chí {id} không áp dụng được vào ngày {day}: {reason}. Kết quả không phải là kết "
    "quả theo quy định đang có hiệu lực.",
    en="Profile {id} does not apply on {day}: {reason}. The result is not one under rules in "
    "force.",
)
