"""Writes the cases that lie just below, at and just above every threshold of a profile.

The subjects are found by proof, so that where none is found there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from attrs import frozen

from xhht.criteria.diagnostics import Mark
from xhht.criteria.loading import load_tree
from xhht.criteria.profile import Profile
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.result import Evaluation
from xhht.evaluation.textual import facts_from_json
from xhht.exact import json_number
from xhht.testing.cases import NO_LEVEL, Case
from xhht.testing.mutants import CONDITIONS, beside, own_values, step_at, variant
from xhht.text import Text

if TYPE_CHECKING:
    from xhht.proving.apart import Apart, Found, Subject

__all__ = ["Boundary", "Side", "boundaries_of", "with_cases"]

_MARK: Final = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<sign>[<>=!]=|[<>])[ ]*(?P<mark>\d+(?:\.\d+)?%?)(?![\w.])"""
    r"""|(?P<alone>[<>]=?)(?![ ]*(?:unknown|["'(]))"""
    r"""|(?P<number>(?<![\w.])\d+(?:\.\d+)?%?(?![\w.]))""",
    re.ASCII,
)


class Side(StrEnum):
    """Where a subject lies beside a threshold."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"


@frozen(kw_only=True)
class Boundary:
    """One side of a threshold.

    Attributes:
        pointer: the value that holds the threshold.
        place: where it stands.
        of: the criterion, level or value that it belongs to.
        text: the condition, or the key with its number.
        mark: the threshold in it.
        side: where the subject lies.
        subject: somebody just there, or None: nobody can be.
        is_known: whether it is known that nobody can be.
    """

    pointer: str
    place: Mark
    of: str
    text: str
    mark: str
    side: Side
    subject: Subject | None
    is_known: bool = True

    @property
    def name(self) -> str:
        """What a case for it is called."""
        return f"{self.of}, {_SAID[self.side]} {self.mark}: {self.text}"

    @property
    def absent(self) -> Text:
        """What to say where there is no subject."""
        return (_NOBODY if self.is_known else _NOT_KNOWN).format(name=self.name)


def boundaries_of(profile: Profile, bases: Iterable[Path] = ()) -> Iterator[Boundary]:
    """Yield both sides of every threshold that stands in a profile's own file.

    Needs the solver of the extra `prove`.
    """
    tree = load_tree(profile.file, bases=bases)
    from xhht.proving.apart import Apart

    apart = Apart(profile)
    seen: set[tuple[str, str, str, Side]] = set()
    for pointer, key, scalar in own_values(tree, profile):
        for mark, side, pair in _pairs(pointer, key, scalar.text, step_at(pointer, profile)):
            of = _owner(pointer, profile)
            if (of, scalar.text, mark, side) in seen:
                continue
            seen.add((of, scalar.text, mark, side))
            versions = [variant(profile, tree, pointer, text, sensible=False) for text in pair]
            found = _subject(apart, versions)
            yield Boundary(
                pointer=pointer,
                place=scalar.mark,
                of=of,
                text=scalar.text if key in CONDITIONS else f"{key} {scalar.text}",
                mark=mark,
                side=side,
                subject=found.subject if found else None,
                is_known=found is None or found.is_known,
            )


def _subject(apart: Apart, versions: Sequence[Profile | None]) -> Found | None:
    """Return somebody whom two versions judge differently; None where one cannot be."""
    one, other = versions
    return None if one is None or other is None else apart.subject(one.plan, other.plan)


_Pair = tuple[str, str]


def _pairs(pointer: str, key: str, text: str, step: Fraction) -> Iterator[tuple[str, Side, _Pair]]:
    """Yield each threshold with a side, and two texts that only whoever is there tells apart."""
    if key in CONDITIONS:
        yield from _of_condition(text, step if pointer.startswith("/levels/") else None)
    elif key == "floor":
        yield from _of_number(text, step)
    elif key == "months":
        yield from _of_number(text, Fraction(1))
    elif key == "value" and pointer.startswith("/values/"):
        yield from _of_number(text, None)


def _of_condition(text: str, step: Fraction | None) -> Iterator[tuple[str, Side, _Pair]]:
    for found in _MARK.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        mark = found["mark"] or found["number"]
        if found["alone"]:
            pair = (f"{before}>={after}", f"{before}>{after}")
            yield found["alone"], Side.AT, pair
        elif found["mark"]:
            for side, pair in _around(found["mark"], _step_of(mark, step)):
                yield mark, side, (f"{before}{pair[0]}{after}", f"{before}{pair[1]}{after}")
        elif found["number"]:
            for _, side, pair in _of_number(mark, _step_of(mark, step)):
                yield mark, side, (f"{before}{pair[0]}{after}", f"{before}{pair[1]}{after}")


def _step_of(mark: str, step: Fraction | None) -> Fraction | None:
    return None if mark.endswith("%") else step


def _around(mark: str, step: Fraction | None) -> Iterator[tuple[Side, _Pair]]:
    less, more = beside(mark, step)
    yield Side.BELOW, (f">= {less}", f">= {mark}")
    yield Side.AT, (f">= {mark}", f"> {mark}")
    yield Side.ABOVE, (f"> {mark}", f"> {more}")


def _of_number(text: str, step: Fraction | None) -> Iterator[tuple[str, Side, _Pair]]:
    numbers = [*beside(text, step)]
    if numbers:
        yield text, Side.BELOW, (numbers[0], text)
        yield text, Side.AT, (text, numbers[1])


def _owner(pointer: str, profile: Profile) -> str:
    """Return the id of the criterion or level, or the name of the value, that holds a pointer."""
    parts = pointer.split("/")
    if parts[1] == "levels":
        return profile.rules.levels[int(parts[2])].id
    holders = (node for node, at in profile.pointers.items() if pointer.startswith(f"{at}/"))
    return max(holders, key=lambda node: len(profile.pointers[node]), default=parts[2])


# Writing


def with_cases(
    text: str, profile: Profile, found: Iterable[Boundary], known: Iterable[Case] = ()
) -> tuple[str, list[str]]:
    """Return a test file with cases added at its end, and the names of these.

    Cases whose names are known stay as they are, and all else stays as it is written. What is
    expected is what the profile gives today: read it before you keep it.

    Args:
        text: the file as it is; empty where there is none yet.
        profile: the profile.
        found: the sides of its thresholds.
        known: the cases in the file.
    """
    names = {case.name for case in known}
    margin = _margin(text)
    lines: list[str] = []
    added: list[str] = []
    for each in found:
        if each.subject is None or each.name in names or not _can_be_written(each.subject):
            continue
        names.add(each.name)
        added.append(each.name)
        lines.append(f"{margin}- name: {_flow(each.name)}")
        if each.subject.as_of is not None:
            lines.append(f"{margin}  as_of: {each.subject.as_of.isoformat()}")
        lines.append(f"{margin}  facts: {_flow(dict(each.subject.facts))}")
        lines.append(f"{margin}  expected: {_flow(_expected(profile, each))}")
    if not lines:
        return text, []
    head = text if not text or text.endswith("\n") else f"{text}\n"
    return (head or "cases:\n") + "".join(f"{line}\n" for line in lines), added


def _margin(text: str) -> str:
    """Return what stands before the `-` of cases."""
    found = re.search(r"^cases:[^\n]*\n(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)- ", text, re.MULTILINE)
    return found[1] if found else "  "


def _can_be_written(subject: Subject) -> bool:
    """Return whether all facts are plain values; a test file has no place for evidence."""
    return not any(isinstance(value, dict) for value in subject.facts.values())


def _expected(profile: Profile, boundary: Boundary) -> dict[str, Any]:
    assert boundary.subject is not None
    facts = facts_from_json(boundary.subject.facts)
    result = evaluate(profile, facts, as_of=boundary.subject.as_of)
    expected: dict[str, Any] = {
        "verdict": result.verdict.value,
        **_levels(result),
        **_points(result),
    }
    if boundary.of in profile.pointers:
        expected["statuses"] = {boundary.of: result.criterion(boundary.of).status.value}
    return expected


def _levels(result: Evaluation) -> dict[str, Any]:
    possible = [level or NO_LEVEL for level in result.levels_possible]
    return {"level": possible[0]} if len(possible) == 1 else {"levels_possible": possible}


def _points(result: Evaluation) -> dict[str, Any]:
    low, high = (json_number(n) for n in (result.points_certain, result.points_possible))
    return {"points": low} if low == high else {"points_certain": low, "points_possible": high}


def _flow(value: object) -> str:
    """Return a value as YAML on one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return text.removesuffix("...\n").strip()


_SAID: Final = {Side.BELOW: "just below", Side.AT: "just at", Side.ABOVE: "just above"}
_NOBODY = Text(
    vi="không đối tượng nào ở đúng chỗ này: {name}", en="no subject can be just there: {name}"
)
_NOT_KNOWN = Text(
    vi="chưa xác định được có ai ở đúng chỗ này không: {name}",
    en="not decided whether a subject can be just there: {name}",
)
