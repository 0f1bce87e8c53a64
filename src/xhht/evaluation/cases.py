"""Test files of profiles: `NAME.test.yaml` beside `NAME.yaml`.

Each case has a name, facts written as in a table, and what is expected of them: verdict, level,
points, statuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

from attrs import field, frozen

from xhht.criteria.diagnostics import ProfileError, Severity
from xhht.criteria.document import NODE_ID, Cell
from xhht.criteria.files import TEST_SUFFIX
from xhht.criteria.profile import Profile
from xhht.criteria.reading import read_document
from xhht.errors import FactsError
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.facts import unknown_key
from xhht.evaluation.result import Evaluation, Status, Verdict
from xhht.evaluation.textual import fact_from_text
from xhht.exact import decimal_text
from xhht.text import Text

__all__ = ["Case", "CaseOutcome", "load_cases", "run_case", "test_file_of"]


@frozen(kw_only=True)
class Expected:
    """What a case expects; a key that is left out is not looked at."""

    verdict: Verdict | None = None
    level: str | None = None
    levels_possible: tuple[str, ...] | None = None
    points: Fraction | None = None
    points_certain: Fraction | None = None
    points_possible: Fraction | None = None
    statuses: dict[str, Status] | None = field(default=None, metadata={"keys": NODE_ID})


@frozen(kw_only=True)
class Case:
    """One case.

    Attributes:
        name: what it shows.
        facts: by input, as text; empty where not known.
        as_of: the day it is judged for.
        expected: what must come out.
        error: the code of the error that the facts must give instead, or None.
    """

    name: str
    facts: dict[str, Cell] = field(metadata={"may_be_empty": True})
    as_of: date | None = None
    expected: Expected = Expected()
    error: str | None = None


@frozen(kw_only=True)
class CaseFile:
    """A whole test file."""

    cases: tuple[Case, ...]


@frozen
class CaseOutcome:
    """How a case went: `differences` is empty when it passed."""

    case: Case
    differences: tuple[Text, ...]


def test_file_of(profile: Path) -> Path:
    """Return where the test file of a profile's file stands."""
    return profile.with_name(profile.name.removesuffix(".yaml") + TEST_SUFFIX)


def load_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a test file; raises ProfileError with every fault, or OSError."""
    read, report = read_document(CaseFile, path.read_bytes(), str(path))
    errors = [found for found in report.sink.found if found.severity is Severity.ERROR]
    if read is None or errors:
        raise ProfileError(errors)
    return read.cases


def run_case(profile: Profile, case: Case) -> CaseOutcome:
    """Return how a case goes under a profile."""
    try:
        result = evaluate(profile, _facts(profile, case), as_of=case.as_of)
    except FactsError as error:
        if error.code == case.error:
            return CaseOutcome(case, ())
        return CaseOutcome(case, (error.text,))
    if case.error is not None:
        return CaseOutcome(case, (_difference("error", case.error, "-"),))
    return CaseOutcome(case, tuple(_differences(result, case.expected)))


def _facts(profile: Profile, case: Case) -> dict[str, object]:
    inputs = {declared.asked.name: declared.asked for declared in profile.plan.inputs}
    if not case.facts.keys() <= inputs.keys():
        raise unknown_key(case.facts, inputs)
    return {name: fact_from_text(inputs[name], text) for name, text in case.facts.items()}


def _differences(result: Evaluation, expected: Expected) -> Iterator[Text]:
    found: dict[str, object] = {
        "verdict": result.verdict.value,
        "level": result.level or "none",
        "levels_possible": tuple(level or "none" for level in result.levels_possible),
        "points_certain": decimal_text(result.points_certain),
        "points_possible": decimal_text(result.points_possible),
    }
    wanted: dict[str, object | None] = {
        "verdict": expected.verdict.value if expected.verdict else None,
        "level": expected.level,
        "levels_possible": expected.levels_possible,
        "points_certain": _written(expected.points_certain, expected.points),
        "points_possible": _written(expected.points_possible, expected.points),
    }
    for key, value in wanted.items():
        if value is not None and value != found[key]:
            yield _difference(key, value, found[key])
    statuses = {criterion.id: criterion.status for criterion in result.criteria}
    for node_id, status in (expected.statuses or {}).items():
        if statuses.get(node_id) is not status:
            got = statuses[node_id].value if node_id in statuses else "-"
            yield _difference(f"statuses.{node_id}", status.value, got)


def _written(own: Fraction | None, both: Fraction | None) -> str | None:
    number = own if own is not None else both
    return None if number is None else decimal_text(number)


def _difference(key: str, wanted: object, found: object) -> Text:
    return Text(
        vi=f"{key}: cần {wanted}, lại được {found}", en=f"{key}: expected {wanted}, got {found}"
    )
