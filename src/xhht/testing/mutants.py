"""Changes a profile by one step at a time, and tells which changes no test notices.

A threshold, points, a sign or a policy is changed, and the cases are run again. A change that they
do not notice shows a case that is missing: mostly the one just at the threshold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from xhht.criteria._yaml import Mapping, Node, Scalar, child
from xhht.criteria._yaml import Sequence as ListNode
from xhht.criteria.diagnostics import Mark, ProfileError
from xhht.criteria.loading import load_tree, profile_of
from xhht.criteria.profile import Profile
from xhht.dates import iso_day
from xhht.exact import Rounding, decimal_text
from xhht.rules import expressions as ex
from xhht.rules.model import Combination, NaPolicy, Requirement
from xhht.rules.spacing import spacing
from xhht.testing.apart import apart_of
from xhht.testing.cases import Case, run_case

if TYPE_CHECKING:
    from xhht.proving.apart import Apart, Subject

__all__ = [
    "CONDITIONS",
    "Mutant",
    "Mutation",
    "beside",
    "mutants_of",
    "own_values",
    "step_at",
    "try_mutants",
    "variant",
]

CONDITIONS: Final = frozenset({"met_when", "applies_when", "when", "share", "count", "where"})
_POINTS: Final = frozenset({"points", "floor", "cap", "each"})
_WHOLE: Final = frozenset({"months", "valid_months", "weight"})
_WORDS: Final[dict[str, list[str]]] = {
    "mode": [*Rounding],
    "na_policy": [*NaPolicy],
    "requirement": [*Requirement],
    "combine": [*Combination],
}
_TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_]\w*)|(?P<sign>[<>=!]=|[<>])"""
    r"""|(?P<number>\d+(?:\.\d+)?%?)""",
    re.ASCII,
)
_SIGNS: Final[dict[str, list[str]]] = {
    ">=": [">"],
    ">": [">="],
    "<=": ["<"],
    "<": ["<="],
    "==": ["!="],
    "!=": ["=="],
}
_JOINS: Final[dict[str, list[str]]] = {"and": ["or"], "or": ["and"]}


@frozen
class Mutant:
    """A profile with one value changed.

    Attributes:
        pointer: the value.
        mark: where it stands.
        old: what is written there.
        new: what is written instead.
        subject: somebody whom the two judge differently, where that was looked for and is known.
    """

    pointer: str
    mark: Mark
    old: str
    new: str
    subject: Subject | None = None


@frozen(kw_only=True)
class Mutation:
    """What became of the mutants of a profile.

    Attributes:
        noticed: how many made a case fail, or make no profile at all.
        same: how many come to the same for every subject whose facts are all known.
        survivors: those that no case notices.
        silent: those that no case can notice, as the level they are about waits for a mark that no
            source shows.
    """

    noticed: int
    same: int
    survivors: tuple[Mutant, ...]
    silent: tuple[Mutant, ...]


def try_mutants(profile: Profile, cases: Sequence[Case], bases: Iterable[Path] = ()) -> Mutation:
    """Return which changes of a profile's file its cases notice."""
    tree = load_tree(profile.file, bases=bases)
    counted = {"noticed": 0, "same": 0}
    survivors: list[Mutant] = []
    silent: list[Mutant] = []
    apart = apart_of(profile)
    for mutant in mutants_of(tree, profile):
        changed = variant(profile, tree, mutant.pointer, mutant.new)
        if changed is None or any(not run_case(changed, case).passed for case in cases):
            counted["noticed"] += 1
        elif _is_silent(mutant, profile):
            silent.append(mutant)
        else:
            survivor = _survivor(mutant, profile, changed, apart)
            counted["same"] += survivor is None
            survivors += [survivor] if survivor else []
    return Mutation(**counted, survivors=tuple(survivors), silent=tuple(silent))


def _survivor(
    mutant: Mutant, profile: Profile, changed: Profile, apart: Apart | None
) -> Mutant | None:
    """Return a mutant with a subject who shows the change, or None where nobody can."""
    if changed.plan == profile.plan:
        return None
    if apart is None:
        return mutant
    found = apart.subject(profile.plan, changed.plan)
    return None if found.is_nobody else evolve(mutant, subject=found.subject)


def variant(
    profile: Profile, tree: Node, pointer: str, text: str, *, sensible: bool = True
) -> Profile | None:
    """Return a profile with another text at a pointer of its tree, None where it has faults.

    It may be one that makes no sense (`XH4xx`) if it need not be `sensible`.
    """
    try:
        return profile_of(_with(tree, pointer, text), profile.file, sensible=sensible)
    except ProfileError:
        return None


def _is_silent(mutant: Mutant, profile: Profile) -> bool:
    """Return whether a change is about a level that waits for a mark that no source shows."""
    parts = mutant.pointer.split("/")
    if parts[1] != "levels":
        return False
    return ex.asks_unknown(profile.rules.levels[int(parts[2])].when)


# Where changes can be


def mutants_of(tree: Node, profile: Profile) -> Iterator[Mutant]:
    """Yield the changes of a profile, in the order of the file.

    Points and what is compared with them move by a step of the grid, the marks of levels by the
    distance at which totals of points can lie; other numbers by one of their last digit. Of an
    overlay only what stands in its own file is changed.
    """
    for pointer, key, scalar in own_values(tree, profile):
        step = step_at(pointer, profile)
        for new in dict.fromkeys(_changes(pointer, key, scalar.text, step)):
            yield Mutant(pointer, scalar.mark, scalar.text, new)


def own_values(tree: Node, profile: Profile) -> Iterator[tuple[str, str, Scalar]]:
    """Yield the values that stand in a profile's own file, each with its pointer and last key."""
    for pointer, key, scalar in _scalars(tree, "", ""):
        if (scalar.mark.file or profile.file) == profile.file:
            yield pointer, key, scalar


def step_at(pointer: str, profile: Profile) -> Fraction:
    """Return by how much points move at a place: at levels from one total to the next."""
    step = profile.plan.grid.step
    return step * (spacing(profile.plan) or 1) if pointer.startswith("/levels/") else step


def _scalars(node: Node, pointer: str, key: str) -> Iterator[tuple[str, str, Scalar]]:
    if isinstance(node, Scalar):
        yield pointer, key, node
    elif isinstance(node, ListNode):
        for at, item in enumerate(node.items):
            yield from _scalars(item, f"{pointer}/{at}", key)
    elif isinstance(node, Mapping):
        for name, value in node.items:
            yield from _scalars(value, child(pointer, name.text), name.text)


def _changes(pointer: str, key: str, text: str, step: Fraction) -> Iterator[str]:
    """Yield what may stand in place of a value."""
    if key in CONDITIONS:
        on_points = pointer.startswith("/levels/")
        yield from _of_condition(text, step if on_points else None)
    elif key in _POINTS:
        yield from beside(text, step)
    elif key in _WHOLE:
        yield from beside(text, Fraction(1))
    elif key in _WORDS:
        yield from (str(word) for word in _WORDS[key] if word != text)
    elif key == "value" and pointer.startswith("/values/"):
        yield from _of_value(text)


def _of_condition(text: str, step: Fraction | None) -> Iterator[str]:
    for found in _TOKEN.finditer(text):
        token = found.group()
        match found.lastgroup:
            case "number":
                others = [*beside(token, None if token.endswith("%") else step)]
            case "sign":
                others = _SIGNS[token]
            case _:
                others = _JOINS.get(token, [])
        for other in others:
            yield text[: found.start()] + other + text[found.end() :]


def _of_value(text: str) -> Iterator[str]:
    day = iso_day(text)
    if day is not None:
        for moved in (-1, 1):
            yield str(date.fromisoformat(text) + timedelta(days=moved))
    elif text != "unknown":
        yield from beside(text, None)


def beside(text: str, step: Fraction | None) -> Iterator[str]:
    """Yield the numbers one step below and above; without a step, one of the last digit."""
    number = text.removesuffix("%")
    end = text[len(number) :]
    try:
        value = Fraction(number)
    except ValueError:
        return
    by = step or Fraction(1, 10 ** len(number.partition(".")[2]))
    for other in (value - by, value + by):
        yield decimal_text(other) + end


def _with(node: Node, pointer: str, text: str) -> Node:
    """Return a tree with another text at a pointer."""
    if not pointer:
        assert isinstance(node, Scalar)
        return evolve(node, text=text)
    name, _, rest = pointer[1:].partition("/")
    below = f"/{rest}" if rest else ""
    if isinstance(node, ListNode):
        at = int(name)
        changed = _with(node.items[at], below, text)
        return evolve(node, items=(*node.items[:at], changed, *node.items[at + 1 :]))
    assert isinstance(node, Mapping)
    return evolve(
        node,
        items=tuple(
            (key, _with(value, below, text) if child("", key.text)[1:] == name else value)
            for key, value in node.items
        ),
    )
