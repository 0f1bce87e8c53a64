"""Dependencies between profiles: inputs taken from members evaluated by another profile."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.document import MembersEntry, ProfileDocument
from xhht.criteria.profile import Profile

__all__ = [
    "DependencyGraph",
    "can_evaluate",
    "cycle_diagnostics",
    "cycle_text",
    "dependencies_of",
    "find_cycle",
    "members_of",
    "topological_order",
]

DependencyGraph: TypeAlias = dict[Profile, dict[str, tuple[Profile, ...]]]
"""A dependency graph: for each profile, by input, the profiles that it depends on."""


def members_of(profile: Profile) -> dict[str, MembersEntry]:
    """Return the inputs of a profile that come from members, by name."""
    entries = profile.document.inputs.items()
    return {name: entry.members for name, entry in entries if entry.members is not None}


def can_evaluate(document: ProfileDocument, entry: MembersEntry) -> bool:
    """Return whether the members of an input can be evaluated by the profile of a document."""
    limits = document.applies_to or {}
    return entry.title is document.title and all(
        not set(values).isdisjoint(limits.get(key, values))
        for key, values in (entry.applies_to or {}).items()
    )


def dependencies_of(profiles: Iterable[Profile]) -> DependencyGraph:
    """Return the dependency graph of some profiles, sorted by id and version.

    A dependency counts only if both profiles can be in force on the same day.
    """
    listed = sorted(set(profiles), key=_sort_key)
    return {
        profile: {
            name: tuple(p for p in listed if can_evaluate(p.document, entry) and profile.meets(p))
            for name, entry in members_of(profile).items()
        }
        for profile in listed
    }


def topological_order(graph: DependencyGraph) -> tuple[Profile, ...]:
    """Return the profiles of an acyclic graph in topological order, dependencies first."""
    return tuple(_sorter(graph).static_order())


def find_cycle(graph: DependencyGraph) -> tuple[Profile, ...]:
    """Return a cycle of profiles that depend on the next, first and last equal; empty if none."""
    try:
        _sorter(graph).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def _sorter(below: DependencyGraph) -> TopologicalSorter[Profile]:
    return TopologicalSorter(
        {
            profile: sorted({p for others in inputs.values() for p in others}, key=_sort_key)
            for profile, inputs in below.items()
        }
    )


def _sort_key(profile: Profile) -> tuple[str, str]:
    return profile.id, profile.version


def cycle_text(cycle: Iterable[Profile]) -> str:
    """Return a cycle as printed in messages."""
    return " → ".join(profile.reference for profile in cycle)


def cycle_diagnostics(profiles: Iterable[Profile]) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each cycle of dependent profiles.

    It is at one input of the cycle; the next search ignores that input.
    """
    below = dependencies_of(profiles)
    diagnostics: list[Diagnostic] = []
    while cycle := find_cycle(below):
        upper, lower = cycle[:2]
        name = next(name for name, others in below[upper].items() if lower in others)
        del below[upper][name]
        sink, pointer = DiagnosticCollector(upper.file), f"/inputs/{name}/members"
        sink.add("XH239", upper.marks[pointer], pointer, circle=cycle_text(cycle))
        diagnostics += sink.diagnostics
    return tuple(diagnostics)
