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

from xhht.criteria._report import Report
from xhht.criteria._yaml import child
from xhht.criteria.diagnostics import ProfileError, Severity
from xhht.criteria.document import NODE_ID, Cell
from xhht.criteria.files import TEST_SUFFIX
from xhht.criteria.profile import Profile
from xhht.criteria.reading import read_document
from xhht.errors import FactsError
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.result import Evaluation, Status, Verdict
from xhht.evaluation.textual import fact_from_text
from xhht.exact import decimal_text
from xhht.text import Text

__all__ = ["Case", "CaseOutcome", "Difference", "load_cases", "run_case", "test_file_of"]

NO_LEVEL = "none"
"""What stands for no level in a case."""


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
class CaseEntry:
    """One case as the file writes it."""

    name: str
    facts: dict[str, Cell] = field(metadata={"may_be_empty": True})
    as_of: date | None = None
    expected: Expected = Expected()
    error: str | None = None


@frozen(kw_only=True)
class CaseFile:
    """A whole test file."""

    cases: tuple[CaseEntry, ...]


@frozen(kw_only=True)
class Case:
    """One case.

    Attributes:
        name: what it shows.
        facts: by input, as text; empty where not known.
        as_of: the day it is judged for.
        expected: what must come out.
        error: the code of the error that the facts must give instead, or None.
        file: the test file.
        line: the line of the file where it stands.
    """

    name: str
    facts: dict[str, Cell]
    as_of: date | None
    expected: Expected
    error: str | None
    file: str
    line: int


@frozen
class Difference:
    """What a case expects and does not get.

    Attributes:
        key: what is compared, such as `points_certain` or `statuses.1.2`.
        wanted: what the case expects; None where any result would do.
        found: what came out; None where nothing did.
        text: how to tell of it.
    """

    key: str
    wanted: str | None
    found: str | None
    text: Text


@frozen
class CaseOutcome:
    """How a case went: `differences` is empty when it passed."""

    case: Case
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether all came out as expected."""
        return not self.differences


def test_file_of(profile: Path) -> Path:
    """Return where the test file of a profile's file stands."""
    return profile.with_name(profile.name.removesuffix(".yaml") + TEST_SUFFIX)


def load_cases(path: Path, profile: Profile) -> tuple[Case, ...]:
    """Return the cases of a profile's test file.

    Raises:
        ProfileError: the file has faults, or names what the profile does not have; `diagnostics`
            holds all of them.
        OSError: the file cannot be read.
    """
    read, report = read_document(CaseFile, path.read_bytes(), str(path))
    if read is not None:
        _check_names(read, profile, report)
    errors = [found for found in report.sink.found if found.severity is Severity.ERROR]
    if read is None or errors:
        raise ProfileError(errors)
    return tuple(
        Case(
            name=entry.name,
            facts=entry.facts,
            as_of=entry.as_of,
            expected=entry.expected,
            error=entry.error,
            file=str(path),
            line=report.mark(f"/cases/{at}").line,
        )
        for at, entry in enumerate(read.cases)
    )


def _check_names(read: CaseFile, profile: Profile, report: Report) -> None:
    """Note every name of cases that the profile does not have, and every case of a name twice."""
    inputs = {declared.asked.name for declared in profile.plan.inputs}
    levels = [NO_LEVEL, *(level.id for level in profile.plan.levels)]
    first: dict[str, int] = {}
    for at, entry in enumerate(read.cases):
        here = f"/cases/{at}"
        line = first.setdefault(entry.name, report.mark(here).line)
        if line != report.mark(here).line:
            report.fault("XH220", f"{here}/name", id=entry.name, line=line)
        # A case may show that a key which is no input is an error.
        for name in () if entry.error == "unknown_key" else sorted(entry.facts.keys() - inputs):
            likely = report.suggest(name, inputs)
            report.fault("XH202", child(f"{here}/facts", name), found=name, hint=likely)
        expected = entry.expected
        for node_id in expected.statuses or {}:
            if node_id not in profile.pointers:
                likely = report.suggest(node_id, profile.pointers)
                pointer = child(f"{here}/expected/statuses", node_id)
                report.fault("XH208", pointer, found=node_id, hint=likely)
        listed = [("level", expected.level)] if expected.level else []
        listed += [
            (f"levels_possible/{n}", e) for n, e in enumerate(expected.levels_possible or ())
        ]
        for key, level in listed:
            if level not in levels:
                report.fault(
                    "XH120", f"{here}/expected/{key}", found=level, known=", ".join(levels)
                )


def run_case(profile: Profile, case: Case) -> CaseOutcome:
    """Return how a case goes under a profile."""
    try:
        result = judge(profile, case)
    except FactsError as error:
        if error.code == case.error:
            return CaseOutcome(case, ())
        return CaseOutcome(case, (_fault(case.error, error),))
    if case.error is not None:
        return CaseOutcome(case, (_difference("error", case.error, None),))
    return CaseOutcome(case, tuple(_differences(result, case.expected)))


def judge(profile: Profile, case: Case) -> Evaluation:
    """Return what the facts of a case come to; raises FactsError where they cannot be."""
    inputs = {declared.asked.name: declared.asked for declared in profile.plan.inputs}
    facts = {
        name: fact_from_text(inputs[name], text) if name in inputs else text
        for name, text in case.facts.items()
    }
    return evaluate(profile, facts, as_of=case.as_of)


def _differences(result: Evaluation, expected: Expected) -> Iterator[Difference]:
    found = {
        "verdict": result.verdict.value,
        "level": result.level or NO_LEVEL,
        "levels_possible": _listed(tuple(level or NO_LEVEL for level in result.levels_possible)),
        "points_certain": decimal_text(result.points_certain),
        "points_possible": decimal_text(result.points_possible),
    }
    wanted = {
        "verdict": expected.verdict.value if expected.verdict else None,
        "level": expected.level,
        "levels_possible": _listed(expected.levels_possible),
        "points_certain": _written(expected.points_certain, expected.points),
        "points_possible": _written(expected.points_possible, expected.points),
    }
    for key, value in wanted.items():
        if value is not None and value != found[key]:
            yield _difference(key, value, found[key])
    statuses = {criterion.id: criterion.status for criterion in result.criteria}
    for node_id, status in (expected.statuses or {}).items():
        if statuses[node_id] is not status:
            yield _difference(f"statuses.{node_id}", status.value, statuses[node_id].value)


def _listed(levels: tuple[str, ...] | None) -> str | None:
    return None if levels is None else f"[{', '.join(levels)}]"


def _written(own: Fraction | None, both: Fraction | None) -> str | None:
    number = own if own is not None else both
    return None if number is None else decimal_text(number)


def _difference(key: str, wanted: str, found: str | None) -> Difference:
    shown = {"wanted": wanted, "found": "-" if found is None else found}
    return Difference(key, wanted, found, _DIFFERENCE.format(key=key, **shown))


def _fault(wanted: str | None, error: FactsError) -> Difference:
    found = _FAULT.format(code=error.code, text=error.text)
    return Difference("error", wanted, error.code, found)


_DIFFERENCE = Text(
    vi="{key}: cần {wanted}, lại được {found}", en="{key}: expected {wanted}, got {found}"
)
_FAULT = Text(vi="error: {code} ({text})", en="error: {code} ({text})")
