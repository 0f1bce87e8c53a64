"""Test files of profiles: `NAME.test.yaml` beside `NAME.yaml`.

Each case has a name, facts written as in a table, and expected results: verdict, level, points,
statuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TypedDict

from attrs import asdict, field, frozen

from xhht.criteria.decoding import read_document
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.document import NODE_ID, TableCell
from xhht.criteria.files import TEST_SUFFIX
from xhht.criteria.profile import Profile
from xhht.criteria.recovery import CheckContext
from xhht.criteria.yaml_nodes import child
from xhht.errors import FactsError
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.fact_io import fact_from_text
from xhht.evaluation.result import Evaluation
from xhht.evaluation.state import Status, Verdict
from xhht.issues import Severity
from xhht.numbers import decimal_text
from xhht.rules.inputs import NO_LEVEL
from xhht.text import Lang, Text

__all__ = ["Case", "CaseOutcome", "Mismatch", "load_cases", "run_case", "test_file_of"]


@frozen(kw_only=True)
class Expected:
    """The expected results of a case; omitted keys are not compared.

    `status_by_level` has statuses of criteria for single levels; where all levels find the same of
    a criterion, that is its status.
    """

    verdict: Verdict | None = None
    level: str | None = None
    levels_possible: tuple[str, ...] | None = None
    points: Fraction | None = None
    points_certain: Fraction | None = None
    points_possible: Fraction | None = None
    closed: tuple[str, ...] | None = None
    statuses: dict[str, Status] | None = field(default=None, metadata={"keys": NODE_ID})
    status_by_level: dict[str, dict[str, Status]] | None = field(
        default=None, metadata={"keys": NODE_ID}
    )


@frozen(kw_only=True)
class CaseEntry:
    """One case as written in the file.

    Attributes:
        name: its name.
        facts: by input, as text; empty if unknown.
        as_of: the day of evaluation.
        final: whether the assessment is closed.
        expected: the expected results.
        error: the code of the error expected instead, or None.
    """

    name: str
    facts: dict[str, TableCell] = field(metadata={"may_be_empty": True})
    as_of: date | None = None
    final: bool = False
    expected: Expected = Expected()
    error: str | None = None


@frozen(kw_only=True)
class CaseFile:
    """The content of a test file."""

    cases: tuple[CaseEntry, ...]


@frozen(kw_only=True)
class Case(CaseEntry):
    """One case, with its test file and the line in it."""

    file: str
    line: int


@frozen
class Mismatch:
    """A difference between expected and actual results of a case.

    Attributes:
        key: the compared value, such as `points_certain`, `statuses.1.2` or
            `status_by_level.2.1.level_1`.
        expected: the expected value; None if any result is accepted.
        actual: the actual value; None if there is none.
        text: the message.
    """

    key: str
    expected: str | None
    actual: str | None
    text: Text


class CaseOutcomeDict(TypedDict):
    """The outcome of a case in JSON."""

    file: str
    case: str | None
    line: int | None
    passed: bool
    differences: list[str]


@frozen
class CaseOutcome:
    """The outcome of a case; `differences` is empty if it passed."""

    case: Case
    differences: tuple[Mismatch, ...]

    @property
    def passed(self) -> bool:
        """Whether all results are as expected."""
        return not self.differences

    def to_dict(self, lang: Lang | str = Lang.VI, *, file: str) -> CaseOutcomeDict:
        """Return the outcome as JSON data; `file` is that of the profile."""
        return {
            "file": file,
            "case": self.case.name,
            "line": self.case.line,
            "passed": self.passed,
            "differences": [difference.text.get(lang) for difference in self.differences],
        }


def not_run(file: str, errors: list[str]) -> CaseOutcomeDict:
    """Return the item of JSON for the cases of a profile that could not be run."""
    return {"file": file, "case": None, "line": None, "passed": False, "differences": errors}


def test_file_of(profile: Path) -> Path:
    """Return the path of the test file of a profile's file."""
    return profile.with_name(profile.name.removesuffix(".yaml") + TEST_SUFFIX)


def load_cases(path: Path, profile: Profile) -> tuple[Case, ...]:
    """Return the cases of a profile's test file.

    Raises:
        ProfileError: the file is invalid, or uses names that the profile does not define;
            `diagnostics` lists all errors.
        OSError: the file cannot be read.
    """
    case_file, report = read_document(CaseFile, path.read_bytes(), str(path))
    if case_file is not None:
        _check_names(case_file, profile, report)
    errors = [d for d in report.sink.diagnostics if d.severity is Severity.ERROR]
    if case_file is None or errors:
        raise ProfileError(errors)
    lines = (report.mark(f"/cases/{index}").line for index in range(len(case_file.cases)))
    return tuple(
        Case(**asdict(entry, recurse=False), file=str(path), line=line)
        for entry, line in zip(case_file.cases, lines, strict=True)
    )


def _check_names(case_file: CaseFile, profile: Profile, report: CheckContext) -> None:
    """Report names that the profile does not define, and duplicate names of cases."""
    inputs = {declared.declared_input.name for declared in profile.plan.inputs}
    levels = [NO_LEVEL, *(level.id for level in profile.plan.levels)]
    first_lines: dict[str, int] = {}
    for index, entry in enumerate(case_file.cases):
        case_pointer = f"/cases/{index}"
        line = first_lines.setdefault(entry.name, report.mark(case_pointer).line)
        if line != report.mark(case_pointer).line:
            report.report_error("XH220", f"{case_pointer}/name", id=entry.name, line=line)
        # A case may test that an unknown key is an error.
        for name in () if entry.error == "unknown_key" else sorted(entry.facts.keys() - inputs):
            similar = report.suggest(name, inputs)
            pointer = child(f"{case_pointer}/facts", name)
            report.report_error("XH202", pointer, found=name, hint=similar)
        expected = entry.expected
        for node_id in expected.statuses or {}:
            if node_id not in profile.pointers:
                similar = report.suggest(node_id, profile.pointers)
                pointer = child(f"{case_pointer}/expected/statuses", node_id)
                report.report_error("XH208", pointer, found=node_id, hint=similar)
        for node_id, by_level in (expected.status_by_level or {}).items():
            pointer = child(f"{case_pointer}/expected/status_by_level", node_id)
            if node_id not in profile.pointers:
                similar = report.suggest(node_id, profile.pointers)
                report.report_error("XH208", pointer, found=node_id, hint=similar)
            for level in sorted(by_level.keys() - set(levels[1:])):
                known = ", ".join(levels[1:])
                report.report_error("XH120", child(pointer, level), found=level, known=known)
        expected_levels = [("level", expected.level)] if expected.level else []
        expected_levels += [
            (f"levels_possible/{position}", level)
            for position, level in enumerate(expected.levels_possible or ())
        ]
        for key, level in expected_levels:
            if level not in levels:
                pointer = f"{case_pointer}/expected/{key}"
                report.report_error("XH120", pointer, found=level, known=", ".join(levels))


def run_case(profile: Profile, case: Case) -> CaseOutcome:
    """Return the outcome of a case under a profile."""
    try:
        result = evaluate_case(profile, case)
    except FactsError as error:
        text = _ERROR.format(code=error.code, text=error.text)
        mismatch = Mismatch("error", case.error, error.code, text)
        return CaseOutcome(case, () if error.code == case.error else (mismatch,))
    if case.error is not None:
        return CaseOutcome(case, (_difference("error", case.error, None),))
    return CaseOutcome(case, tuple(_differences(result, case.expected)))


def evaluate_case(profile: Profile, case: Case) -> Evaluation:
    """Return the evaluation of a case; raises FactsError if the facts are invalid."""
    inputs = {
        declared.declared_input.name: declared.declared_input for declared in profile.plan.inputs
    }
    facts = {
        name: fact_from_text(inputs[name], text) if name in inputs else text
        for name, text in case.facts.items()
    }
    return evaluate(profile, facts, as_of=case.as_of, final=case.final)


def _differences(result: Evaluation, expected: Expected) -> Iterator[Mismatch]:
    actual = results_of(result)
    expected_values: dict[str, str | None] = {
        "verdict": expected.verdict.value if expected.verdict else None,
        "level": expected.level,
        "levels_possible": None
        if expected.levels_possible is None
        else _listed(expected.levels_possible),
        "closed": None if expected.closed is None else _listed(expected.closed),
        "points_certain": _number_text(expected.points_certain, expected.points),
        "points_possible": _number_text(expected.points_possible, expected.points),
    }
    for node_id, status in (expected.statuses or {}).items():
        expected_values[f"statuses.{node_id}"] = status.value
    for node_id, by_level in (expected.status_by_level or {}).items():
        for level, status in by_level.items():
            expected_values[f"status_by_level.{node_id}.{level}"] = status.value
    for key, value in expected_values.items():
        if value is not None and value != actual[key]:
            yield _difference(key, value, actual[key])


def results_of(result: Evaluation) -> dict[str, str]:
    """Return everything of a result that a case can expect, by key."""
    levels = tuple(level or NO_LEVEL for level in result.levels_possible)
    return {
        "verdict": result.verdict.value,
        "level": result.level or NO_LEVEL,
        "levels_possible": _listed(levels),
        "closed": _listed(result.closed),
        "points_certain": decimal_text(result.points_certain),
        "points_possible": decimal_text(result.points_possible),
        **{f"statuses.{entry.id}": entry.status.value for entry in result.criteria},
        **{
            f"status_by_level.{entry.id}.{level.id}": status.value
            for entry in result.criteria
            for level in result.plan.levels
            for status in [entry.status_by_level.get(level.id, entry.status)]
        },
    }


def _listed(levels: tuple[str, ...]) -> str:
    return f"[{', '.join(levels)}]"


def _number_text(specific: Fraction | None, common: Fraction | None) -> str | None:
    number = specific if specific is not None else common
    return None if number is None else decimal_text(number)


def _difference(key: str, expected: str, actual: str | None) -> Mismatch:
    values = {"expected": expected, "actual": "-" if actual is None else actual}
    return Mismatch(key, expected, actual, _DIFFERENCE.format(key=key, **values))


_DIFFERENCE = Text(
    vi="{key}: mong đợi {expected}, kết quả là {actual}",
    en="{key}: expected {expected}, got {actual}",
)
_ERROR = Text(vi="error: {code} ({text})", en="error: {code} ({text})")
