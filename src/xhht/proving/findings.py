"""What proving finds: each with a stable code, its place in the file, and subjects that show it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from attrs import field, frozen

from xhht.criteria.diagnostics import Mark
from xhht.criteria.profile import Profile
from xhht.evaluation.result import Evaluation
from xhht.exact import decimal_text, format_vi, json_number
from xhht.text import Lang, Text

__all__ = ["Example", "Finding", "Kind", "Proof", "Topic"]


class Kind(StrEnum):
    """How a finding is meant.

    A `fault` cannot be meant, a `warning` rarely is, a `note` tells what holds. `open` hangs on
    what no source shows or on a share of nothing; `undecided` is what the solver gave up.
    """

    FAULT = "fault"
    WARNING = "warning"
    OPEN = "open"
    UNDECIDED = "undecided"
    NOTE = "note"

    @property
    def label(self) -> Text:
        """What the kind is called."""
        return _KINDS[self]


class Topic(StrEnum):
    """What questions are about."""

    LEVELS = "levels"
    INDICATORS = "indicators"
    BANDS = "bands"
    FLOORS = "floors"
    THRESHOLDS = "thresholds"
    SHARES = "shares"
    EVIDENCE = "evidence"


@frozen(kw_only=True)
class Example:
    """A subject that shows a finding, as `xhht evaluate` takes it and what it says of it.

    Attributes:
        facts: its facts as JSON writes them.
        as_of: the day it is judged for, or None.
        levels_possible: the outcomes; None stands for no level.
        points: its fewest and most points; the same unless something is open.
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

    def to_dict(self) -> dict[str, object]:
        """Return the subject as `xhht prove --format json` prints it."""
        return {
            "facts": {name: _plain(value) for name, value in self.facts.items()},
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "levels_possible": list(self.levels_possible),
            "points_certain": json_number(self.points[0]),
            "points_possible": json_number(self.points[1]),
        }

    def render(self, profile: Profile, lang: Lang) -> str:
        """Return the subject as one line: facts, day, points, level."""
        write = format_vi if lang is Lang.VI else decimal_text
        names = [
            profile.level(level).name.in_(lang) if level else _NO_LEVEL.in_(lang)
            for level in self.levels_possible
        ]
        facts = json.dumps(self.to_dict()["facts"], ensure_ascii=False)
        return _EXAMPLE.in_(
            lang,
            facts=facts,
            day=f" --as-of {self.as_of}" if self.as_of else "",
            points="–".join(dict.fromkeys(map(write, self.points))),
            level=" / ".join(names),
        )


def _plain(value: Any) -> Any:
    # Such a number has more digits than a float; no input of a sane profile has.
    return float(value) if isinstance(value, Decimal) else value


@frozen(kw_only=True)
class Finding:
    """One answer about a profile.

    Attributes:
        code: stable, such as `XP101`.
        kind: how it is meant.
        topic: what it is about.
        text: what holds, in both languages.
        hint: what to do, or None.
        subject: the level, criterion or input that it is about.
        file, mark, pointer: where that stands.
        examples: subjects that show it; two where they are compared, the first with less.
    """

    code: str
    kind: Kind
    topic: Topic
    text: Text
    hint: Text | None
    subject: str
    file: str
    mark: Mark
    pointer: str
    examples: tuple[Example, ...] = ()

    def to_dict(self, lang: Lang | str = Lang.VI) -> dict[str, object]:
        """Return the finding as `xhht prove --format json` prints it."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "topic": self.topic.value,
            "subject": self.subject,
            "message": self.text.in_(lang),
            "hint": self.hint.in_(lang) if self.hint else None,
            "file": self.file,
            "line": self.mark.line,
            "column": self.mark.column,
            "pointer": self.pointer,
            "examples": [example.to_dict() for example in self.examples],
        }

    def render(self, profile: Profile, lang: Lang | str = Lang.VI) -> str:
        """Return the finding as text: place, kind, code and message; then the hint and examples."""
        lang = Lang(lang)
        place = f"{self.file}:{self.mark.line}:{self.mark.column}"
        lines = [f"{place}: {self.kind.label.in_(lang)} {self.code}: {self.text.in_(lang)}"]
        lines += [f"    → {self.hint.in_(lang)}"] if self.hint else []
        lines += [f"    {example.render(profile, lang)}" for example in self.examples]
        return "\n".join(lines)


@frozen
class Proof:
    """All that was found about one profile.

    Attributes:
        profile: the profile.
        findings: in the order of the file.
    """

    profile: Profile = field(repr=False)
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that cannot be meant."""
        return tuple(found for found in self.findings if found.kind is Kind.FAULT)

    @property
    def is_decided(self) -> bool:
        """Whether every question was answered."""
        return all(found.kind is not Kind.UNDECIDED for found in self.findings)

    def counts(self) -> dict[Kind, int]:
        """Return how many findings there are of each kind."""
        found = Counter(each.kind for each in self.findings)
        return {kind: found[kind] for kind in Kind}

    def to_dict(self, lang: Lang | str = Lang.VI) -> dict[str, object]:
        """Return the proof as `xhht prove --format json` prints it."""
        return {
            "profile": self.profile.reference,
            "hash": self.profile.hash,
            "file": self.profile.file,
            "findings": [found.to_dict(lang) for found in self.findings],
        }


_KINDS: Final[Mapping[Kind, Text]] = {
    Kind.FAULT: Text(vi="lỗi", en="fault"),
    Kind.WARNING: Text(vi="cảnh báo", en="warning"),
    Kind.OPEN: Text(vi="còn ngỏ", en="open"),
    Kind.UNDECIDED: Text(vi="chưa kết luận", en="not decided"),
    Kind.NOTE: Text(vi="ghi nhận", en="note"),
}
_EXAMPLE = Text(
    vi="ví dụ: {facts}{day} → {points} điểm, mức: {level}",
    en="example: {facts}{day} → {points} points, level: {level}",
)
_NO_LEVEL = Text(vi="không mức nào", en="none")
