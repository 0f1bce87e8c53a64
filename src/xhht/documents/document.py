"""A result as a document: what was said of whom, by which profile, for which day.

The classes are the definition of the format: the reader and the JSON Schema walk their fields. A
field's metadata holds `pattern`, what its text looks like, and `omitted`, that its key is left out
where there is nothing to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, NewType, TypeAlias

from attrs import field, frozen

from xhht.criteria.document import PROFILE_ID, VERSION, Provenance
from xhht.domain._fields import Rule
from xhht.evaluation.facts import GapReason
from xhht.evaluation.result import CriterionResult, Evaluation, Verdict
from xhht.text import Text

__all__ = [
    "ALGORITHM",
    "FORMAT",
    "KIND",
    "FactsJson",
    "GapStated",
    "Outcome",
    "ProfileStated",
    "ResultDocument",
    "Signature",
    "Subject",
]

KIND: Final = "xhht.result"
"""What every result document says it is."""

FORMAT: Final = 1
"""The format that this version reads and writes."""

Subject: TypeAlias = str | int | None
"""Whose result it is: its id, the number of its row, or not told."""

FactsJson = NewType("FactsJson", Mapping[str, Any])
"""Facts by input, as JSON writes them: see `fact_to_json`."""

ALGORITHM: Final = "ed25519"
"""How documents are signed."""

_SHA256 = "[0-9a-f]{64}"


def _text(pattern: str, **options: Any) -> Any:
    def find(value: object) -> Text | None:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return None
        return _OTHER_FORM.format(pattern=pattern)

    return field(metadata={"pattern": pattern}, validator=Rule(find), **options)


@frozen(kw_only=True)
class ProfileStated:
    """The profile by which a subject was judged.

    Attributes:
        id: its id.
        version: its version.
        hash: SHA-256 of its content.
        provenance: how far sources carry it.
    """

    id: str = _text(PROFILE_ID)
    version: str = _text(VERSION)
    hash: str = _text(_SHA256)
    provenance: Provenance

    @property
    def reference(self) -> str:
        """The id and the version, `ID@VERSION`."""
        return f"{self.id}@{self.version}"


@frozen(kw_only=True)
class GapStated:
    """What is missing or not met; the words for it come from the library.

    Attributes:
        input: the input that is not known, or None.
        criterion: the criterion it matters to, or None where it is a level's own condition.
        reason: why.
    """

    input: str | None
    criterion: str | None
    reason: GapReason


@frozen(kw_only=True)
class Signature:
    """An office's signature under everything else that the document says.

    Attributes:
        algorithm: always `ed25519`.
        key: the SHA-256 of the public key, by which it is known.
        value: the signature, 64 bytes in Base64.
    """

    algorithm: str = _text(ALGORITHM)
    key: str = _text(_SHA256)
    value: str = _text("[A-Za-z0-9+/]{86}==")


@frozen(kw_only=True)
class Outcome:
    """What facts come to under a profile: all that can be computed anew.

    Attributes:
        verdict: whether the criteria of some level are met.
        level: the level, when one level alone is possible; else None.
        levels_possible: the outcomes still open, best first; None stands for no level.
        points_certain: the points that are certain.
        points_possible: the points that are still possible.
        max_points: the most points by the profile's own figures.
        available_points: the most points that may be available.
        available_certain: the points that are available for certain.
        exact: whether nothing narrower could be said of verdict and range.
        criteria: every criterion and indicator in the order of the profile, branches first.
        gaps: what is missing or not met.
    """

    verdict: Verdict
    level: str | None
    levels_possible: tuple[str | None, ...]
    points_certain: Fraction
    points_possible: Fraction
    max_points: Fraction
    available_points: Fraction
    available_certain: Fraction
    exact: bool
    criteria: tuple[CriterionResult, ...]
    gaps: tuple[GapStated, ...]

    @classmethod
    def of(cls, result: Evaluation) -> Outcome:
        """Return what a document states of a result."""
        gaps = (
            GapStated(input=g.input, criterion=g.criterion, reason=g.reason) for g in result.gaps()
        )
        return cls(
            verdict=result.verdict,
            level=result.level,
            levels_possible=result.levels_possible,
            points_certain=result.points_certain,
            points_possible=result.points_possible,
            max_points=result.max_points,
            available_points=result.available_points,
            available_certain=result.available_certain,
            exact=result.exact,
            criteria=result.criteria,
            gaps=tuple(dict.fromkeys(gaps)),
        )


@frozen(kw_only=True)
class ResultDocument:
    """A result with all that is needed to compute it anew.

    Attributes:
        kind: always `xhht.result`.
        format: the number of the format.
        library: the version of the library that computed it.
        subject: whose result it is; not shown in `repr`.
        profile: the profile it was judged by.
        as_of: the day it was judged for, or None where none was given.
        facts: the facts, left out where they are kept elsewhere; not shown in `repr`.
        facts_hash: the SHA-256 of the facts, by which they are known wherever they are kept.
        outcome: what the facts come to.
        hash: the SHA-256 of all the rest but the signature.
        signature: an office's signature, left out where there is none.
    """

    kind: str = _text("xhht[.]result")
    format: int
    library: str
    subject: Subject = field(repr=False)
    profile: ProfileStated
    as_of: date | None
    facts: FactsJson | None = field(default=None, repr=False, metadata={"omitted": True})
    facts_hash: str = _text(_SHA256)
    outcome: Outcome
    hash: str = _text(_SHA256)
    signature: Signature | None = field(default=None, metadata={"omitted": True})


_OTHER_FORM = Text(
    vi="phải khớp với mẫu {pattern}.",
    en="must match the pattern {pattern}.",
)
