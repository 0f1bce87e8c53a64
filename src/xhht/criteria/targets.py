"""Targets: what a programme is to reach, by which deadline, and how it is measured.

A file `NAME.targets.yaml` contains the targets of one programme. It is read like a profile: typed,
with all errors reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TypeAlias, TypedDict

from attrs import evolve, field, frozen

from xhht.criteria._check_changes import check_changes
from xhht.criteria._check_conditions import ConditionReader
from xhht.criteria._check_inputs import InputReader
from xhht.criteria.decoding import as_bytes, read_document
from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector, ProfileError
from xhht.criteria.document import ChangeDict, Expression, LegalEntry, Provenance, RawValue
from xhht.criteria.files import TARGETS_SUFFIX, bundled_directory, target_files
from xhht.criteria.profile import Profile
from xhht.criteria.recovery import CheckContext
from xhht.criteria.registry import bundled_profiles
from xhht.criteria.target_document import (
    AreasEntry,
    ConditionEntry,
    MeasureEntry,
    RateEntry,
    ScopeEntry,
    TargetEntry,
    TargetsDocument,
)
from xhht.dates import iso_day
from xhht.domain.areas import AreaLevel
from xhht.errors import ProfileNotFoundError
from xhht.issues import Mark, Severity
from xhht.numbers import decimal_text
from xhht.rules.inputs import Input
from xhht.rules.parser import Scope
from xhht.text import Lang, Text, suggestion

__all__ = [
    "External",
    "GoalDict",
    "Measure",
    "Programme",
    "ProgrammeDict",
    "Target",
    "TargetDict",
    "bundled_programmes",
    "check_targets",
    "examine_targets",
    "load_targets",
    "loads_targets",
    "national_targets",
]

FORMAT = 1
_YEAR = re.compile(r"[12][0-9]{3}")
_SHARE = re.compile(r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,6})?%")
_FULL_SHARE = Fraction(1)


@frozen
class External:
    """A figure given by the caller, not derived from titles, such as the share of universities."""


Measure: TypeAlias = RateEntry | ConditionEntry | AreasEntry | External
"""What a target measures, with the keys of the file."""


class GoalDict(TypedDict):
    """What to reach, and the deadline, in JSON."""

    percent: str | None
    count: int | None
    deadline: str


class ScopeDict(TypedDict):
    """The areas that a target applies to in JSON."""

    level: str
    area: str | None
    places: str


class TargetDict(GoalDict):
    """A target in JSON."""

    id: str
    text: str
    measure: str
    title: str | None
    scope: ScopeDict
    provenance: str
    source: str | None
    note: str | None


class ProgrammeDict(TypedDict):
    """A programme in JSON."""

    id: str
    version: str
    status: str
    name: str
    legal_basis: str
    source: str | None
    provenance: str
    changes: list[ChangeDict]
    targets: list[TargetDict]


@frozen(kw_only=True)
class Target:
    """One target.

    Attributes:
        id: unique in its programme.
        text: the wording of the target.
        measure: how it is measured.
        deadline: the last day.
        share: the share to reach, above 0 and at most 1; None if `count` is given.
        count: the number to reach, at least 1; None if `share` is given.
        scope: the areas it applies to.
        provenance: how far it is backed by sources.
        source: the URL of its source.
        note: a remark.
        inputs: inputs of its conditions that are not inputs of the profile.
    """

    id: str
    text: Text
    measure: Measure
    deadline: date
    share: Fraction | None = None
    count: int | None = None
    scope: ScopeEntry
    provenance: Provenance
    source: str | None = None
    note: Text | None = None
    inputs: tuple[Input, ...] = field(default=(), repr=False)

    def goal(self) -> GoalDict:
        """Return what to reach, and the deadline, as JSON data."""
        return {
            "percent": None if self.share is None else decimal_text(self.share * 100),
            "count": self.count,
            "deadline": self.deadline.isoformat(),
        }

    def to_dict(self, lang: Lang | str = Lang.VI) -> TargetDict:
        """Return the target as `xhht targets list --format json` prints it."""
        title = getattr(self.measure, "title", None)
        return {
            "id": self.id,
            "text": self.text.get(lang),
            "measure": _MEASURE_KINDS[type(self.measure)],
            "title": title.value if title else None,
            **self.goal(),
            "scope": {
                "level": self.scope.level.value,
                "area": self.scope.area,
                "places": self.scope.places.value,
            },
            "provenance": self.provenance.value,
            "source": self.source,
            "note": self.note.get(lang) if self.note else None,
        }


_MEASURE_KINDS: dict[type[Measure], str] = {
    RateEntry: "rate",
    ConditionEntry: "condition",
    AreasEntry: "areas",
    External: "external",
}


@frozen(kw_only=True)
class Programme:
    """The targets of one decision or plan.

    Attributes:
        id: such as `vn.programme.qd387-2022`.
        name: in both languages.
        legal_basis: the document that sets the targets.
        provenance: how far the whole file is backed by sources.
        targets: in the order of the file.
        document: the content of the file, key by key.
        file: the name of the file that it was loaded from.
        marks: the place of each value in the file, by JSON pointer.
    """

    id: str
    name: Text
    legal_basis: LegalEntry
    provenance: Provenance
    targets: tuple[Target, ...]
    document: TargetsDocument = field(repr=False)
    file: str
    marks: Mapping[str, Mark] = field(repr=False, eq=False)

    @property
    def version(self) -> str:
        """The version, three numbers."""
        return self.document.version

    @property
    def reference(self) -> str:
        """The id and the version, `ID@VERSION`."""
        return f"{self.id}@{self.version}"

    def target(self, target_id: str) -> Target:
        """Return a target by id.

        Raises:
            ProfileNotFoundError: unknown target; the message suggests a similar id.
        """
        for target in self.targets:
            if target.id == target_id:
                return target
        raise _not_found(target_id, [target.id for target in self.targets])

    def to_dict(self, lang: Lang | str = Lang.VI) -> ProgrammeDict:
        """Return the programme as `xhht targets list --format json` prints it."""
        return {
            "id": self.id,
            "version": self.version,
            "status": self.document.status.value,
            "name": self.name.get(lang),
            "legal_basis": self.legal_basis.document,
            "source": self.legal_basis.source,
            "provenance": self.provenance.value,
            "changes": [entry.to_dict(lang) for entry in self.document.changes or ()],
            "targets": [target.to_dict(lang) for target in self.targets],
        }


def load_targets(path: Path | str) -> Programme:
    """Return the programme in a file.

    Raises:
        ProfileError: the file has errors; `diagnostics` contains all of them.
        OSError: the file cannot be read.
    """
    path = Path(path)
    return loads_targets(path.read_bytes(), str(path))


def loads_targets(
    text: str | bytes, file: str = "<text>", *, profiles: Iterable[Profile] | None = None
) -> Programme:
    """Return the programme in a text; raises ProfileError like `load_targets`."""
    data = as_bytes(text)
    programme, sink = _read(data, file, profiles)
    if programme is None or sink.has_errors:
        raise ProfileError(item for item in sink.diagnostics if item.severity is Severity.ERROR)
    return programme


def check_targets(
    data: bytes, file: str, *, profiles: Iterable[Profile] | None = None
) -> tuple[Diagnostic, ...]:
    """Return all diagnostics of a targets file, in the order of the file.

    Args:
        data: the file.
        file: its name.
        profiles: the profiles that conditions can refer to; by default the bundled ones.
    """
    return examine_targets(data, file, profiles=profiles)[1].diagnostics


def examine_targets(
    data: bytes, file: str, *, profiles: Iterable[Profile] | None = None
) -> tuple[Programme | None, DiagnosticCollector]:
    """Return the programme of a file, None if nothing can be read, and what is wrong in it."""
    return _read(data, file, profiles)


@cache
def bundled_programmes() -> tuple[Programme, ...]:
    """Return the programmes bundled with the library, sorted by id.

    >>> [programme.id for programme in bundled_programmes()][:2]
    ['vn.programme.bariavungtau-qd387', 'vn.programme.hanoi-plan-2021']
    """
    programmes = map(load_targets, target_files([bundled_directory()]))
    return tuple(sorted(programmes, key=lambda programme: programme.id))


def national_targets(as_of: date) -> list[tuple[Programme, tuple[Target, ...]]]:
    """Return the bundled national targets whose deadline has not passed, by programme.

    >>> all(target.deadline >= date(2030, 1, 1)
    ...     for _, targets in national_targets(date(2030, 1, 1)) for target in targets)
    True
    """
    chosen = [
        (
            programme,
            tuple(
                target
                for target in programme.targets
                if target.scope.level is AreaLevel.NATION and target.deadline >= as_of
            ),
        )
        for programme in bundled_programmes()
    ]
    return [(programme, targets) for programme, targets in chosen if targets]


def is_targets_file(file: str) -> bool:
    """Return whether a file name is that of a targets file."""
    return file.endswith(TARGETS_SUFFIX)


def _read(
    data: bytes, file: str, profiles: Iterable[Profile] | None
) -> tuple[Programme | None, DiagnosticCollector]:
    document, report = read_document(TargetsDocument, data, file)
    if document is None:
        return None, report.sink
    known = bundled_profiles() if profiles is None else profiles
    targets = tuple(_Reader(document, report, known).targets())
    programme = Programme(
        id=document.id,
        name=document.name,
        legal_basis=document.legal_basis,
        provenance=document.provenance,
        targets=targets,
        file=file,
        document=document,
        marks=report.marks,
    )
    return programme, report.sink


class _Reader:
    """Builds the targets of one file and reports inconsistencies."""

    def __init__(
        self, document: TargetsDocument, report: CheckContext, profiles: Iterable[Profile]
    ) -> None:
        self._document = document
        self._report = report
        self._profiles = {profile.id: profile for profile in profiles}
        self._inputs = InputReader(report).read(document.inputs or {})

    def targets(self) -> Iterator[Target]:
        """Yield the targets; invalid ones contain placeholders."""
        check_changes(self._document, self._report)
        if self._document.format != FORMAT:
            self._report.report_error("XH124", "/format", found=self._document.format)
        seen: dict[str, int] = {}
        for index, entry in enumerate(self._document.targets):
            pointer = f"/targets/{index}"
            if entry.id in seen:
                self._report.report_error("XH705", f"{pointer}/id", id=entry.id)
            seen.setdefault(entry.id, index)
            yield self._target(entry, pointer)

    def _target(self, entry: TargetEntry, pointer: str) -> Target:
        document = self._document
        self._check_exactly_one(pointer, {"share": entry.share, "count": entry.count})
        source = entry.source or document.legal_basis.source
        provenance = entry.provenance or document.provenance
        if source is None and provenance is not Provenance.ILLUSTRATIVE:
            self._report.report_error("XH709", pointer, f"{pointer}/source", "/legal_basis")
        if entry.count is not None and entry.count < 1:
            self._report.report_error("XH704", f"{pointer}/count")
        return Target(
            id=entry.id,
            text=entry.text,
            measure=self._measure(entry.measure, f"{pointer}/measure"),
            deadline=self._deadline(entry.deadline, f"{pointer}/deadline"),
            share=None if entry.share is None else self._share(entry.share, f"{pointer}/share"),
            count=entry.count,
            scope=entry.scope,
            provenance=provenance,
            source=source,
            note=entry.note,
            inputs=self._inputs,
        )

    def _check_exactly_one(self, pointer: str, given: Mapping[str, object]) -> None:
        names = [name for name, value in given.items() if value is not None]
        if len(names) != 1:
            needs = [f"{pointer}/{name}" for name in given]
            self._report.report_error("XH701", pointer, *needs, keys=", ".join(given))

    def _deadline(self, text: RawValue, pointer: str) -> date:
        try:
            day = date(int(text), 12, 31) if _YEAR.fullmatch(text) else iso_day(text)
        except ValueError:
            self._report.report_error("XH702", pointer, found=text)
            return date.max
        issued = self._document.legal_basis.issued
        if issued is not None and day <= issued:
            self._report.report_error("XH708", pointer, "/legal_basis/issued")
        return day

    def _share(self, text: RawValue, pointer: str) -> Fraction:
        share = Fraction(text[:-1]) / 100 if _SHARE.fullmatch(text) else Fraction(0)
        if 0 < share <= 1:
            return share
        self._report.report_error("XH703", pointer, found=text)
        return _FULL_SHARE

    def _measure(self, entry: MeasureEntry, pointer: str) -> Measure:
        # `external: false` is equivalent to omitting the key.
        external = External() if entry.external else None
        given = {
            "rate": entry.rate,
            "condition": entry.condition,
            "areas": entry.areas,
            "external": external,
        }
        self._check_exactly_one(pointer, given)
        if entry.rate is not None:
            self._check_condition(entry.rate, entry.rate.where, f"{pointer}/rate", "where")
        if entry.condition is not None:
            place = f"{pointer}/condition"
            self._check_condition(entry.condition, entry.condition.when, place, "when")
        if entry.areas is not None and entry.areas.at_least < 1:
            self._report.report_error("XH704", f"{pointer}/areas/at_least")
        return entry.rate or entry.condition or entry.areas or External()

    def _check_condition(
        self, entry: RateEntry | ConditionEntry, text: Expression | None, pointer: str, key: str
    ) -> None:
        profile, place = None, f"{pointer}/profile"
        if entry.profile is not None:
            profile = self._profiles.get(entry.profile)
            if profile is None:
                likely = self._report.suggest(entry.profile, self._profiles)
                self._report.report_error("XH706", place, found=entry.profile, hint=likely)
                return
            if profile.title is not entry.title:
                self._report.report_error("XH707", place, f"{pointer}/title", found=profile.title)
        if text is not None:
            scope = self._scope(profile)
            ConditionReader(self._report, scope).condition(text, f"{pointer}/{key}")

    def _scope(self, profile: Profile | None) -> Scope:
        inputs = {declared.name: declared for declared in self._inputs}
        if profile is None:
            return Scope(inputs)
        for name in inputs:
            if name in profile.rules.names():
                self._report.report_error("XH710", f"/inputs/{name}", name=name, profile=profile.id)
        return condition_scope(profile, self._inputs)


def condition_scope(profile: Profile, inputs: Iterable[Input] = ()) -> Scope:
    """Return the names that a condition about a subject of `profile` can use."""
    declared = (*profile.rules.inputs, *inputs)
    return Scope(
        {item.name: item for item in declared},
        tuple(profile.entries),
        in_level=True,
        values={value.name: value for value in profile.rules.values},
        definitions={item.name: item for item in profile.rules.definitions},
    )


def _not_found(target_id: str, known: list[str]) -> ProfileNotFoundError:
    likely = suggestion(target_id, known)
    text = _NO_TARGET.format(found=target_id)
    if likely:
        text = evolve(text, vi=f"{text.vi} Có phải ý bạn là '{likely}'?")
        text = evolve(text, en=f"{text.en} Did you mean '{likely}'?")
    return ProfileNotFoundError(text)


_NO_TARGET = Text(
    vi="Chương trình không có chỉ tiêu '{found}'.", en="The programme has no target '{found}'."
)
