"""Generates test cases just below, at and just above every threshold of a profile.

The subjects are found by proof: if none is found, none exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict

import yaml
from attrs import frozen

from xhht._files import replace_file
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.document import expression_keys
from xhht.criteria.loading import load_profile, load_tree
from xhht.criteria.profile import Profile
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.fact_io import facts_from_json
from xhht.evaluation.result import Evaluation
from xhht.issues import Mark
from xhht.numbers import json_number
from xhht.rules.inputs import NO_LEVEL
from xhht.testing.cases import Case, load_cases, test_file_of
from xhht.testing.mutation import is_on_points, neighbours, own_values, step_at, variant
from xhht.text import Lang, Text

if TYPE_CHECKING:
    from xhht.proving.distinguish import CompleteSubject, DistinguishingSearch, Witness

__all__ = ["Boundary", "Side", "UpdatedFile", "add_cases", "boundaries_of", "with_cases"]

_MARK: Final = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<sign>[<>=!]=|[<>])[ ]*(?P<mark>\d+(?:\.\d+)?%?)(?![\w.])"""
    r"""|(?P<alone>[<>]=?)(?![ ]*(?:unknown|["'(]))"""
    r"""|(?P<number>(?<![\w.])\d+(?:\.\d+)?%?(?![\w.]))""",
    re.ASCII,
)


class Side(StrEnum):
    """The position of a subject relative to a threshold."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"


@frozen(kw_only=True)
class Boundary:
    """One side of a threshold.

    Attributes:
        pointer: the value that contains the threshold.
        place: its position in the file.
        of: the criterion, level, value or definition that it belongs to.
        text: the condition, or the key with its number.
        mark: the threshold in it.
        side: the position of the subject.
        subject: a subject at this position, or None if there is none.
        is_known: False if it is undecided whether there is one.
    """

    pointer: str
    place: Mark
    of: str
    text: str
    mark: str
    side: Side
    subject: CompleteSubject | None
    is_known: bool = True

    @property
    def name(self) -> str:
        """The name of its test case."""
        return f"{self.of}, {_POSITIONS[self.side]} {self.mark}: {self.text}"

    @property
    def absence_message(self) -> Text:
        """The message if there is no subject."""
        return (_NO_SUBJECT if self.is_known else _UNDECIDED).format(name=self.name)


def boundaries_of(profile: Profile, bases: Iterable[Path] = ()) -> Iterator[Boundary]:
    """Yield the sides of every threshold in a profile's own file.

    Needs the solver of the extra `prove`.
    """
    tree = load_tree(profile.file, bases=bases)
    from xhht.proving.distinguish import DistinguishingSearch

    search = DistinguishingSearch(profile)
    seen: set[tuple[str, str, str, Side]] = set()
    for pointer, key, scalar in own_values(tree, profile):
        step = step_at(pointer, profile)
        on_points = is_on_points(pointer, profile)
        for mark, side, pair in _pairs(pointer, key, scalar.text, step, on_points):
            owner = _owner(pointer, profile)
            if (owner, scalar.text, mark, side) in seen:
                continue
            seen.add((owner, scalar.text, mark, side))
            versions = [variant(profile, tree, pointer, text, sensible=False) for text in pair]
            result = _search_subject(search, versions)
            yield Boundary(
                pointer=pointer,
                place=scalar.mark,
                of=owner,
                text=scalar.text if key in expression_keys() else f"{key} {scalar.text}",
                mark=mark,
                side=side,
                subject=result.subject if result else None,
                is_known=result is None or result.is_known,
            )


def _search_subject(
    search: DistinguishingSearch, versions: Sequence[Profile | None]
) -> Witness | None:
    """Return a subject that two versions evaluate differently; None if a version is invalid."""
    one, other = versions
    if one is None or other is None:
        return None
    return search.subject_between(one.plan, other.plan)


_Pair = tuple[str, str]


def _pairs(
    pointer: str, key: str, text: str, step: Fraction, on_points: bool
) -> Iterator[tuple[str, Side, _Pair]]:
    """Yield each threshold with a side, and two texts that differ only for subjects there."""
    if key in expression_keys():
        yield from _of_condition(text, step if on_points else None)
    elif key == "floor":
        yield from _of_number(text, step)
    elif key == "months":
        yield from _of_number(text, Fraction(1))
    elif key == "value" and pointer.startswith("/values/"):
        yield from _of_number(text, None)


def _of_condition(text: str, step: Fraction | None) -> Iterator[tuple[str, Side, _Pair]]:
    for match in _MARK.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        mark = match["mark"] or match["number"]
        if match["alone"]:
            pair = (f"{before}>={after}", f"{before}>{after}")
            yield match["alone"], Side.AT, pair
        elif match["mark"]:
            for side, pair in _around(match["mark"], _step_of(mark, step)):
                yield mark, side, (f"{before}{pair[0]}{after}", f"{before}{pair[1]}{after}")
        elif match["number"]:
            for _, side, pair in _of_number(mark, _step_of(mark, step)):
                yield mark, side, (f"{before}{pair[0]}{after}", f"{before}{pair[1]}{after}")


def _step_of(mark: str, step: Fraction | None) -> Fraction | None:
    return None if mark.endswith("%") else step


def _around(mark: str, step: Fraction | None) -> Iterator[tuple[Side, _Pair]]:
    below, above = neighbours(mark, step)
    yield Side.BELOW, (f">= {below}", f">= {mark}")
    yield Side.AT, (f">= {mark}", f"> {mark}")
    yield Side.ABOVE, (f"> {mark}", f"> {above}")


def _of_number(text: str, step: Fraction | None) -> Iterator[tuple[str, Side, _Pair]]:
    numbers = [*neighbours(text, step)]
    if numbers:
        yield text, Side.BELOW, (numbers[0], text)
        yield text, Side.AT, (text, numbers[1])


def _owner(pointer: str, profile: Profile) -> str:
    """Return the id of the criterion or level, or the name of the value, of a pointer."""
    parts = pointer.split("/")
    if parts[1] == "levels":
        return profile.rules.levels[int(parts[2])].id
    holders = (node for node, at in profile.pointers.items() if pointer.startswith(f"{at}/"))
    return max(holders, key=lambda node: len(profile.pointers[node]), default=parts[2])


# Writing


def with_cases(
    text: str, profile: Profile, boundaries: Iterable[Boundary], existing: Iterable[Case] = ()
) -> tuple[str, list[str]]:
    """Return a test file with cases appended, and their names.

    Existing cases and all other text stay unchanged. The expected values are the current results
    of the profile: review them before you keep them.

    Args:
        text: the current file; empty if there is none.
        profile: the profile.
        boundaries: the sides of its thresholds.
        existing: the cases in the file.
    """
    names = {case.name for case in existing}
    indent = _indent_of(text)
    lines: list[str] = []
    added: list[str] = []
    for boundary in boundaries:
        subject = boundary.subject
        if subject is None or boundary.name in names or not _has_plain_values(subject):
            continue
        names.add(boundary.name)
        added.append(boundary.name)
        lines.append(f"{indent}- name: {_inline_yaml(boundary.name)}")
        if subject.as_of is not None:
            lines.append(f"{indent}  as_of: {subject.as_of.isoformat()}")
        lines.append(f"{indent}  facts: {_inline_yaml(dict(subject.facts))}")
        lines.append(f"{indent}  expected: {_inline_yaml(_expected(profile, boundary))}")
    if not lines:
        return text, []
    head = text if not text or text.endswith("\n") else f"{text}\n"
    return (head or "cases:\n") + "".join(f"{line}\n" for line in lines), added


class UpdatedFileDict(TypedDict):
    """An updated test file in JSON."""

    file: str
    added: list[str]
    absent: list[str]
    faults: list[str]


@frozen
class UpdatedFile:
    """Cases added to one test file, and the sides of thresholds that no subject can reach."""

    file: str
    added: list[str]
    unreachable: list[Text]
    errors: list[Text]

    def to_dict(self, lang: Lang | str = Lang.VI) -> UpdatedFileDict:
        """Return the update as `xhht test --boundaries --format json` prints it."""
        return {
            "file": self.file,
            "added": self.added,
            "absent": [text.get(lang) for text in self.unreachable],
            "faults": [text.get(lang) for text in self.errors],
        }


def add_cases(file: Path, bases: Sequence[Path]) -> UpdatedFile:
    """Add cases at all thresholds of a profile to its test file; the profile may have bases."""
    tests = test_file_of(file)
    try:
        profile = load_profile(file, bases=bases)
        text = tests.read_text(encoding="utf-8") if tests.exists() else ""
        existing_cases = load_cases(tests, profile) if text else ()
    except ProfileError as error:
        return UpdatedFile(str(tests), [], [], [error.text])
    sides = list(boundaries_of(profile, bases))
    extended, added = with_cases(text, profile, sides, existing_cases)
    if added:
        replace_file(tests, extended.encode())
    unreachable = [side.absence_message for side in sides if side.subject is None]
    return UpdatedFile(str(tests), added, unreachable, [])


def _indent_of(text: str) -> str:
    """Return the indentation of the `-` of cases."""
    match = re.search(r"^cases:[^\n]*\n(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)- ", text, re.MULTILINE)
    return match[1] if match else "  "


def _has_plain_values(subject: CompleteSubject) -> bool:
    """Return whether all facts are plain values; a test file cannot contain evidence."""
    return not any(isinstance(value, dict) for value in subject.facts.values())


def _expected(profile: Profile, boundary: Boundary) -> dict[str, Any]:
    assert boundary.subject is not None
    facts = facts_from_json(boundary.subject.facts)
    result = evaluate(profile, facts, as_of=boundary.subject.as_of)
    expected = {"verdict": result.verdict.value, **_levels(result), **_points(result)}
    if boundary.of in profile.pointers:
        criterion = result.criterion(boundary.of)
        expected["statuses"] = {boundary.of: criterion.status.value}
        if criterion.status_by_level:
            by_level = {level: status.value for level, status in criterion.status_by_level.items()}
            expected["status_by_level"] = {boundary.of: by_level}
    return expected


def _levels(result: Evaluation) -> dict[str, Any]:
    possible = [level or NO_LEVEL for level in result.levels_possible]
    return {"level": possible[0]} if len(possible) == 1 else {"levels_possible": possible}


def _points(result: Evaluation) -> dict[str, Any]:
    if not result.profile.plan.has_points():
        return {}
    lower, upper = (json_number(n) for n in (result.points_certain, result.points_possible))
    if lower == upper:
        return {"points": lower}
    return {"points_certain": lower, "points_possible": upper}


def _inline_yaml(value: object) -> str:
    """Return a value as YAML on one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return text.removesuffix("...\n").strip()


_POSITIONS: Final = {Side.BELOW: "just below", Side.AT: "just at", Side.ABOVE: "just above"}
_NO_SUBJECT = Text(
    vi="không có đối tượng nào ở vị trí này: {name}", en="no subject exists at this point: {name}"
)
_UNDECIDED = Text(
    vi="chưa xác định được có đối tượng ở vị trí này hay không: {name}",
    en="not decided whether a subject exists at this point: {name}",
)
