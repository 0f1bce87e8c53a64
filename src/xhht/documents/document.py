"""The result document: the result of a subject under a profile, for a day.

The classes define the format: the reader and the JSON Schema are derived from their fields. A
field's metadata contains `pattern`, the pattern of its text, and `omitted`, whether its key is
omitted if there is no value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, NewType, TypeAlias

from attrs import field, fields, frozen

from xhht.criteria.document import PROFILE_ID, VERSION, Provenance
from xhht.criteria.profile import Profile
from xhht.domain.validators import Rule
from xhht.evaluation.facts import GapReason
from xhht.evaluation.result import Evaluation
from xhht.evaluation.standards import is_unsettled
from xhht.evaluation.state import CriterionResult, EvaluationState, Verdict
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
    "SubjectRef",
]

KIND: Final = "xhht.result"
"""The `kind` of every result document."""

FORMAT: Final = 1
"""The format version that this version of the library reads and writes."""

SubjectRef: TypeAlias = str | int | None
"""The subject of the result: its id, the number of its row, or None if not given."""

FactsJson = NewType("FactsJson", Mapping[str, Any])
"""Facts by input, in JSON form: see `fact_to_json`."""

ALGORITHM: Final = "ed25519"
"""The signature algorithm of documents."""

_SHA256 = "[0-9a-f]{64}"


def _text(pattern: str, **options: Any) -> Any:
    def find(value: object) -> Text | None:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return None
        return _PATTERN_MISMATCH.format(pattern=pattern)

    return field(metadata={"pattern": pattern}, validator=Rule(find), **options)


@frozen(kw_only=True)
class ProfileStated:
    """The profile under which a subject was evaluated.

    Attributes:
        id: its id.
        version: its version.
        hash: SHA-256 of its content.
        provenance: how far it is supported by sources.
    """

    id: str = _text(PROFILE_ID)
    version: str = _text(VERSION)
    hash: str = _text(_SHA256)
    provenance: Provenance = field(converter=Provenance)

    @classmethod
    def of(cls, profile: Profile) -> ProfileStated:
        """Return the profile as a document states it."""
        return cls(**profile.identity())

    @property
    def reference(self) -> str:
        """The id and the version, `ID@VERSION`."""
        return f"{self.id}@{self.version}"


@frozen(kw_only=True)
class GapStated:
    """An item that is missing or not met; its text comes from the library.

    Attributes:
        input: the unknown input, or None.
        criterion: the criterion concerned, or None if it is a level's own condition.
        reason: the reason.
        levels: the levels for which it is missing or not met, omitted if levels do not differ.
    """

    input: str | None
    criterion: str | None
    reason: GapReason
    levels: tuple[str, ...] = field(default=(), metadata={"omitted": True})


@frozen(kw_only=True)
class Signature:
    """An office's signature of the rest of the document.

    Attributes:
        algorithm: always `ed25519`.
        key: the SHA-256 of the public key, which identifies it.
        value: the signature, 64 bytes in Base64.
    """

    algorithm: str = _text(ALGORITHM)
    key: str = _text(_SHA256)
    value: str = _text("[A-Za-z0-9+/]{86}==")


@frozen(kw_only=True)
class StandardStated:
    """A standard whose result an input took.

    Attributes:
        input: the input of the profile that took it.
        profile: the profile of the standard.
        closed: the facts that were closed in the standard or in those it rests on, by name.
        unsettled: whether it has a threshold that no source shows, so that what reads the input is
            not closed.
    """

    input: str
    profile: ProfileStated
    closed: tuple[str, ...]
    unsettled: bool

    @classmethod
    def all_of(cls, result: Evaluation) -> tuple[StandardStated, ...]:
        """Return the standards of a result, in the order of its inputs."""
        return tuple(
            cls(
                input=name,
                profile=ProfileStated.of(standard.profile),
                closed=tuple(sorted(_closed_in(standard))),
                unsettled=is_unsettled(standard, result.as_of),
            )
            for name, standard in result.standards.items()
        )


def _closed_in(result: EvaluationState) -> set[str]:
    return {*result.closed}.union(*map(_closed_in, result.standards.values()))


@frozen(kw_only=True)
class ShareStated:
    """An exact share, which no decimal may express.

    Attributes:
        fraction: numerator and denominator, in lowest terms.
    """

    fraction: tuple[int, int]

    @classmethod
    def of(cls, share: Fraction | None) -> ShareStated | None:
        """Return a share as a document states it."""
        return None if share is None else cls(fraction=share.as_integer_ratio())


@frozen(kw_only=True)
class Outcome:
    """The outcome of facts under a profile: everything that can be recomputed.

    It has the keys and values of `Evaluation.to_dict`, with exact numbers and without messages.

    Attributes:
        closed: the facts that were closed, by input.
        verdict: whether the criteria of some level are met.
        level: the level, if only one is possible; else None.
        levels_possible: the levels still possible, best first; None means no level.
        points_certain: the points that are certain.
        points_possible: the points that are still possible.
        max_points: the maximum points of the profile.
        available_points: the maximum points that may be available.
        available_certain: the points that are certainly available.
        percent_certain: the least share of the available points, None if none are available.
        percent_possible: the greatest share of the available points, None if none are available.
        exact: whether verdict and range are as narrow as possible.
        criteria: every criterion and indicator in the order of the profile, branches first.
        gaps: what is missing or not met.
    """

    closed: tuple[str, ...]
    verdict: Verdict
    level: str | None
    levels_possible: tuple[str | None, ...]
    points_certain: Fraction
    points_possible: Fraction
    max_points: Fraction
    available_points: Fraction
    available_certain: Fraction
    percent_certain: ShareStated | None
    percent_possible: ShareStated | None
    exact: bool
    criteria: tuple[CriterionResult, ...]
    gaps: tuple[GapStated, ...]

    @classmethod
    def of(cls, result: Evaluation) -> Outcome:
        """Return the outcome of a result, as a document states it."""
        gaps = (
            GapStated(input=g.input, criterion=g.criterion, reason=g.reason, levels=g.levels)
            for g in result.gaps()
        )
        names = (attribute.name for attribute in fields(cls) if attribute.name != "gaps")
        values: dict[str, Any] = {name: getattr(result, name) for name in names}
        values |= {
            name: ShareStated.of(values[name]) for name in ("percent_certain", "percent_possible")
        }
        return cls(**values, gaps=tuple(dict.fromkeys(gaps)))


@frozen(kw_only=True)
class ResultDocument:
    """A result with everything required to recompute it.

    Attributes:
        kind: always `xhht.result`.
        format: the format version.
        library: the version of the library that computed it.
        subject: the subject of the result; not shown in `repr`.
        profile: the profile of the evaluation.
        as_of: the day of the evaluation, or None if none was given.
        final: whether the assessment is closed.
        facts: the facts, omitted if they are stored elsewhere; not shown in `repr`.
        facts_hash: the SHA-256 of the facts, which identifies them wherever they are stored.
        standards: the standards whose results are facts, omitted if there are none.
        outcome: the outcome of the facts.
        hash: the SHA-256 of the rest of the document without the signature.
        signature: an office's signature, omitted if there is none.
    """

    kind: str = _text("xhht[.]result")
    format: int
    library: str
    subject: SubjectRef = field(repr=False)
    profile: ProfileStated
    as_of: date | None
    final: bool
    facts: FactsJson | None = field(default=None, repr=False, metadata={"omitted": True})
    facts_hash: str = _text(_SHA256)
    standards: tuple[StandardStated, ...] = field(default=(), metadata={"omitted": True})
    outcome: Outcome
    hash: str = _text(_SHA256)
    signature: Signature | None = field(default=None, metadata={"omitted": True})


_PATTERN_MISMATCH = Text(vi="phải khớp với mẫu {pattern}.", en="must match the pattern {pattern}.")
