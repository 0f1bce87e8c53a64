"""Findings of a proof, with stable codes, locations in the file, and example subjects."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, TypedDict

from attrs import Factory, field, frozen

from xhht import labels
from xhht.criteria.profile import Profile
from xhht.evaluation.result import Evaluation
from xhht.issues import FileIssue, FilePlaceDict, Severity
from xhht.numbers import decimal_range_label, json_number
from xhht.text import Lang, Text

__all__ = ["Example", "Finding", "Kind", "Proof", "Topic"]


class Kind(StrEnum):
    """The severity of a finding.

    A `fault` is an error in the profile, a `warning` is probably one, a `note` states a fact.
    `open` depends on unknown values or on a share of 0/0; on `undecided` the solver gave up.
    """

    FAULT = "fault"
    WARNING = "warning"
    OPEN = "open"
    UNDECIDED = "undecided"
    NOTE = "note"

    @property
    def label(self) -> Text:
        """The label of the kind."""
        return _KINDS[self]

    @property
    def severity(self) -> Severity:
        """The severity of the kind: an undecided check is a note, as there is nothing to fix."""
        return _SEVERITIES.get(self, Severity.NOTE)


class Topic(StrEnum):
    """The subject matter of a check."""

    LEVELS = "levels"
    INDICATORS = "indicators"
    BANDS = "bands"
    FLOORS = "floors"
    THRESHOLDS = "thresholds"
    SHARES = "shares"
    EVIDENCE = "evidence"


class ExampleDict(TypedDict):
    """A subject that shows a finding in JSON."""

    facts: dict[str, Any]
    as_of: str | None
    levels_possible: list[str | None]
    points_certain: int | float
    points_possible: int | float


class FindingDict(FilePlaceDict):
    """A finding of a proof in JSON."""

    code: str
    kind: str
    topic: str
    subject: str
    message: str
    hint: str | None
    examples: list[ExampleDict]


class ProofDict(TypedDict):
    """A proof in JSON."""

    profile: str
    hash: str
    file: str
    findings: list[FindingDict]


@frozen(kw_only=True)
class Example:
    """A subject that demonstrates a finding: input of `xhht evaluate` and its result.

    Attributes:
        facts: its facts in JSON form.
        as_of: the day of evaluation, or None.
        levels_possible: the possible outcomes; None means no level.
        points: the certain and the possible points; equal unless something is uncertain.
    """

    facts: Mapping[str, Any]
    as_of: date | None
    levels_possible: tuple[str | None, ...]
    points: tuple[Fraction, Fraction]

    @classmethod
    def of(cls, facts: Mapping[str, Any], as_of: date | None, result: Evaluation) -> Example:
        """Return a subject with its result."""
        return cls(
            facts=facts,
            as_of=as_of,
            levels_possible=result.levels_possible,
            points=(result.points_certain, result.points_possible),
        )

    def to_dict(self) -> ExampleDict:
        """Return the subject as `xhht prove --format json` prints it."""
        return {
            "facts": {name: _json_value(value) for name, value in self.facts.items()},
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "levels_possible": list(self.levels_possible),
            "points_certain": json_number(self.points[0]),
            "points_possible": json_number(self.points[1]),
        }

    def render(self, profile: Profile, lang: Lang) -> str:
        """Return the subject as one line: facts, day, points, level."""
        names = [
            profile.level(level).name.get(lang) if level else labels.NO_LEVEL.get(lang)
            for level in self.levels_possible
        ]
        facts = json.dumps(self.to_dict()["facts"], ensure_ascii=False)
        return _EXAMPLE.get(
            lang,
            facts=facts,
            day=f" --as-of {self.as_of}" if self.as_of else "",
            points=_POINTS.format(points=decimal_range_label(*self.points))
            if profile.plan.has_points()
            else "",
            level=" / ".join(names),
        )


def _json_value(value: Any) -> Any:
    # Only numbers with more digits than a float holds are Decimal; real profiles have none.
    return float(value) if isinstance(value, Decimal) else value


@frozen(kw_only=True)
class Finding(FileIssue):
    """One finding about a profile.

    Attributes:
        code: stable, such as `XP101`.
        kind: what it says, more finely than `severity`.
        topic: the check it comes from.
        text: the message, in both languages.
        hint: the remedy, or None.
        subject: the level, criterion or input concerned.
        file, mark, pointer: the location of the subject.
        examples: subjects that demonstrate it; two if compared, the lower input first.
    """

    kind: Kind
    severity: Severity = field(default=Factory(lambda self: self.kind.severity, takes_self=True))
    topic: Topic
    subject: str
    examples: tuple[Example, ...] = ()

    @property
    def severity_label(self) -> Text:
        """The kind as printed."""
        return self.kind.label

    def to_dict(  # type: ignore[override] # a finding has other keys than a diagnostic
        self, lang: Lang | str = Lang.VI
    ) -> FindingDict:
        """Return the finding as `xhht prove --format json` prints it."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "topic": self.topic.value,
            "subject": self.subject,
            "message": self.text.get(lang),
            "hint": self.hint.get(lang) if self.hint else None,
            "file": self.file,
            "line": self.mark.line,
            "column": self.mark.column,
            "pointer": self.pointer,
            "examples": [example.to_dict() for example in self.examples],
        }

    def render(self, profile: Profile, lang: Lang | str = Lang.VI) -> str:
        """Return the finding as text: place, kind, code and message; then the hint and examples."""
        lang = Lang(lang)
        examples = [f"    {example.render(profile, lang)}" for example in self.examples]
        return "\n".join([self.headline(lang), *self.hint_lines(lang), *examples])


@frozen
class Proof:
    """All findings about one profile.

    Attributes:
        profile: the profile.
        findings: in file order.
    """

    profile: Profile = field(repr=False)
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings of kind `fault`."""
        return tuple(finding for finding in self.findings if finding.kind is Kind.FAULT)

    @property
    def is_decided(self) -> bool:
        """Whether every check was decided."""
        return all(finding.kind is not Kind.UNDECIDED for finding in self.findings)

    def counts(self) -> dict[Kind, int]:
        """Return the number of findings of each kind."""
        numbers = Counter(finding.kind for finding in self.findings)
        return {kind: numbers[kind] for kind in Kind}

    def to_dict(self, lang: Lang | str = Lang.VI) -> ProofDict:
        """Return the proof as `xhht prove --format json` prints it."""
        return {
            "profile": self.profile.reference,
            "hash": self.profile.hash,
            "file": self.profile.file,
            "findings": [finding.to_dict(lang) for finding in self.findings],
        }


_KINDS: Final[Mapping[Kind, Text]] = {
    Kind.FAULT: Text(vi="lỗi", en="error"),
    Kind.WARNING: Text(vi="cảnh báo", en="warning"),
    Kind.OPEN: Text(vi="còn ngỏ", en="open"),
    Kind.UNDECIDED: Text(vi="chưa kết luận", en="not decided"),
    Kind.NOTE: Text(vi="ghi nhận", en="note"),
}
_SEVERITIES: Final = {Kind.FAULT: Severity.ERROR, Kind.WARNING: Severity.WARNING}
_EXAMPLE = Text(
    vi="ví dụ: {facts}{day} → {points}mức: {level}",
    en="example: {facts}{day} → {points}level: {level}",
)
_POINTS = Text(vi="{points} điểm, ", en="{points} points, ")
