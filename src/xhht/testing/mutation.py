"""Mutation testing of profiles: makes small changes and reports those that no case detects.

A threshold, points, an operator or a policy is changed, and the cases are run again. An undetected
change indicates a missing case, usually the one exactly at the threshold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict

from attrs import evolve, frozen

from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.document import expression_keys, key_at, points_keys
from xhht.criteria.loading import load_tree, profile_of
from xhht.criteria.profile import Profile
from xhht.criteria.yaml_nodes import Mapping, Node, Scalar, child
from xhht.criteria.yaml_nodes import Sequence as ListNode
from xhht.dates import iso_day
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.fact_io import facts_from_json
from xhht.issues import Mark
from xhht.numbers import Rounding, decimal_text
from xhht.rules import expressions as ex
from xhht.rules.analysis import spacing
from xhht.rules.model import Binds, NaPolicy, Requirement, expressions_of
from xhht.rules.scoring import AllAbsent, Combination
from xhht.testing.cases import Case, results_of, run_case

if TYPE_CHECKING:
    from xhht.proving.distinguish import CompleteSubject, DistinguishingSearch

__all__ = [
    "Mutant",
    "MutationReport",
    "distinguishing_search_of",
    "is_on_points",
    "mutants_of",
    "neighbours",
    "own_values",
    "step_at",
    "try_mutants",
    "variant",
]

_INTEGER_KEYS: Final = frozenset({"months", "valid_months", "weight"})
_ENUM_VALUES: Final[dict[str, list[str]]] = {
    "all_absent": [*AllAbsent],
    "mode": [*Rounding],
    "na_policy": [*NaPolicy],
    "requirement": [*Requirement],
    "combine": [*Combination],
    "binds": [*Binds],
}
_TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_]\w*)|(?P<sign>[<>=!]=|[<>])"""
    r"""|(?P<number>\d+(?:\.\d+)?%?)""",
    re.ASCII,
)
_OPERATORS: Final = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "==": "!=", "!=": "=="}
_CONNECTIVES: Final = {"and": "or", "or": "and"}


class MutantDict(TypedDict):
    """A changed value in JSON, with facts and the day for which the two results differ."""

    pointer: str
    line: int
    column: int
    old: str
    new: str
    facts: dict[str, Any] | None
    as_of: str | None


@frozen
class Mutant:
    """A profile with one value changed.

    Attributes:
        pointer: the value.
        mark: its position.
        old: its text.
        new: the changed text.
        subject: a subject for which a case can tell the two apart, if one was searched and found;
            confirmed by evaluation.
    """

    pointer: str
    mark: Mark
    old: str
    new: str
    subject: CompleteSubject | None = None

    def to_dict(self) -> MutantDict:
        """Return the changed value as JSON data."""
        return {
            "pointer": self.pointer,
            "line": self.mark.line,
            "column": self.mark.column,
            "old": self.old,
            "new": self.new,
            "facts": dict(self.subject.facts) if self.subject else None,
            "as_of": self.subject.as_of.isoformat()
            if self.subject and self.subject.as_of
            else None,
        }


@frozen(kw_only=True)
class MutationReport:
    """The result of mutation testing.

    Attributes:
        noticed: the number of mutants that make a case fail or are no valid profile.
        same: the number that no case with complete facts can tell from the profile.
        survivors: the mutants that no case detects.
        silent: the mutants that no case can detect, as the threshold of their level is unknown.
    """

    noticed: int
    same: int
    survivors: tuple[Mutant, ...]
    silent: tuple[Mutant, ...]


def try_mutants(
    profile: Profile, cases: Sequence[Case], bases: Iterable[Path] = ()
) -> MutationReport:
    """Return which changes of a profile's file its cases detect."""
    tree = load_tree(profile.file, bases=bases)
    counts = {"noticed": 0, "same": 0}
    survivors: list[Mutant] = []
    silent: list[Mutant] = []
    search = distinguishing_search_of(profile)
    for mutant in mutants_of(tree, profile):
        changed = variant(profile, tree, mutant.pointer, mutant.new)
        if changed is None or any(not run_case(changed, case).passed for case in cases):
            counts["noticed"] += 1
        elif _is_silent(mutant, profile):
            silent.append(mutant)
        else:
            survivor = _survivor(mutant, profile, changed, search)
            counts["same"] += survivor is None
            survivors += [survivor] if survivor else []
    return MutationReport(**counts, survivors=tuple(survivors), silent=tuple(silent))


def _survivor(
    mutant: Mutant, profile: Profile, changed: Profile, search: DistinguishingSearch | None
) -> Mutant | None:
    """Return a mutant with a subject that detects it, or None if no subject can."""
    if changed.plan == profile.plan:
        return None
    if search is None:
        return mutant
    witness = search.distinguishing_subject(profile.plan, changed.plan)
    if witness.is_proven_empty:
        return None
    is_shown = witness.subject is not None and _tells_apart(witness.subject, profile, changed)
    return evolve(mutant, subject=witness.subject if is_shown else None)


def _tells_apart(subject: CompleteSubject, *versions: Profile) -> bool:
    """Return whether a case with these facts has different results under the two versions."""
    facts = facts_from_json(subject.facts)
    one, other = (results_of(evaluate(version, facts, as_of=subject.as_of)) for version in versions)
    return one != other


def distinguishing_search_of(profile: Profile) -> DistinguishingSearch | None:
    """Return a search for subjects by proof; None without the solver (the extra `prove`)."""
    if find_spec("z3") is None:
        return None
    from xhht.proving.distinguish import DistinguishingSearch

    return DistinguishingSearch(profile)


def variant(
    profile: Profile, tree: Node, pointer: str, text: str, *, sensible: bool = True
) -> Profile | None:
    """Return a profile with another text at a pointer of its tree, None if it has errors.

    Without `sensible`, semantic errors (`XH4xx`) are allowed.
    """
    try:
        return profile_of(_with_text(tree, pointer, text), profile.file, semantic_checks=sensible)
    except ProfileError:
        return None


def _is_silent(mutant: Mutant, profile: Profile) -> bool:
    """Return whether a change concerns only levels with an unknown threshold."""
    _, key, name, *_ = f"{mutant.pointer}/".split("/")
    rules = profile.rules
    if key == "levels":
        return ex.asks_unknown(rules.levels[int(name)].when)
    if key != "definitions":
        return False
    nodes = [node for node in rules.nodes() if name in rules.names_in(*expressions_of(node))]
    levels = [level for level in rules.levels if name in rules.names_in(level.when)]
    return not nodes and all(ex.asks_unknown(level.when) for level in levels)


# Possible changes


def mutants_of(tree: Node, profile: Profile) -> Iterator[Mutant]:
    """Yield the changes of a profile, in the order of the file.

    Points and numbers compared with them change by a step of the grid, thresholds of levels by
    the spacing of possible totals, other numbers by one in their last digit. For an overlay, only
    its own file is changed.
    """
    for pointer, key, scalar in own_values(tree, profile):
        step = step_at(pointer, profile)
        on_points = is_on_points(pointer, profile)
        for new in dict.fromkeys(_changes(pointer, key, scalar.text, step, on_points)):
            yield Mutant(pointer, scalar.mark, scalar.text, new)


def own_values(tree: Node, profile: Profile) -> Iterator[tuple[str, str, Scalar]]:
    """Yield the values in a profile's own file, each with its pointer and last key."""
    for pointer, key, scalar in _scalars(tree, "", ""):
        if (scalar.mark.file or profile.file) == profile.file:
            yield pointer, key, scalar


def step_at(pointer: str, profile: Profile) -> Fraction:
    """Return the step of points at a pointer; for levels, the spacing of possible totals."""
    step = profile.plan.grid.step
    return step * (spacing(profile.plan) or 1) if is_on_points(pointer, profile) else step


def is_on_points(pointer: str, profile: Profile) -> bool:
    """Return whether a value is in a level, or in a definition that reads points."""
    _, key, name, *_ = f"{pointer}///".split("/")
    return key == "levels" or any(
        key == "definitions" and definition.name == name and ex.reads_totals(definition.tree)
        for definition in profile.rules.definitions
    )


def _scalars(node: Node, pointer: str, key: str) -> Iterator[tuple[str, str, Scalar]]:
    if isinstance(node, Scalar):
        yield pointer, key_at(pointer) if key else key, node
    elif isinstance(node, ListNode):
        for index, item in enumerate(node.items):
            yield from _scalars(item, f"{pointer}/{index}", key)
    elif isinstance(node, Mapping):
        for name, value in node.items:
            yield from _scalars(value, child(pointer, name.text), name.text)


def _changes(pointer: str, key: str, text: str, step: Fraction, on_points: bool) -> Iterator[str]:
    """Yield the replacements of a value."""
    if key in expression_keys():
        yield from _condition_changes(text, step if on_points else None)
    elif key in points_keys():
        yield from neighbours(text, step)
    elif key in _INTEGER_KEYS:
        yield from neighbours(text, Fraction(1))
    elif key in _ENUM_VALUES:
        yield from (str(word) for word in _ENUM_VALUES[key] if word != text)
    elif key == "value" and pointer.startswith("/values/"):
        yield from _value_changes(text)
    elif key == "value" and "/factor/" in pointer:
        yield from neighbours(text, None)


def _condition_changes(text: str, step: Fraction | None) -> Iterator[str]:
    for token_match in _TOKEN.finditer(text):
        token = token_match.group()
        match token_match.lastgroup:
            case "number":
                others = [*neighbours(token, None if token.endswith("%") else step)]
            case "sign":
                others = [_OPERATORS[token]]
            case _:
                others = [_CONNECTIVES[token]] if token in _CONNECTIVES else []
        for other in others:
            yield text[: token_match.start()] + other + text[token_match.end() :]


def _value_changes(text: str) -> Iterator[str]:
    try:
        day = iso_day(text)
    except ValueError:  # a number, a percentage or `unknown`
        yield from neighbours(text, None)
        return
    if day > date.min:
        yield (day - timedelta(days=1)).isoformat()
    if day < date.max:
        yield (day + timedelta(days=1)).isoformat()


def neighbours(text: str, step: Fraction | None) -> Iterator[str]:
    """Yield the numbers one step below and above; the default step is one in the last digit."""
    number = text.removesuffix("%")
    suffix = text[len(number) :]
    try:
        value = Fraction(number)
    except ValueError:
        return
    increment = step or Fraction(1, 10 ** len(number.partition(".")[2]))
    for other in (value - increment, value + increment):
        yield decimal_text(other) + suffix


def _with_text(node: Node, pointer: str, text: str) -> Node:
    """Return a tree with another text at a pointer."""
    if not pointer:
        assert isinstance(node, Scalar)
        return evolve(node, text=text)
    name, _, remaining = pointer[1:].partition("/")
    subpointer = f"/{remaining}" if remaining else ""
    if isinstance(node, ListNode):
        index = int(name)
        changed = _with_text(node.items[index], subpointer, text)
        return evolve(node, items=(*node.items[:index], changed, *node.items[index + 1 :]))
    assert isinstance(node, Mapping)
    return evolve(
        node,
        items=tuple(
            (key, _with_text(value, subpointer, text) if child("", key.text)[1:] == name else value)
            for key, value in node.items
        ),
    )
