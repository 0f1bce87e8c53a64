"""Dependencies between profiles: inputs taken from members evaluated by another profile.

Profiles are evaluated in topological order; a cycle of dependencies is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.document import MembersEntry, ProfileDocument
from xhht.criteria.profile import Profile
from xhht.errors import CampaignError
from xhht.text import Text

__all__ = [
    "DependencyGraph",
    "can_evaluate",
    "cycle_diagnostics",
    "dependencies_of",
    "evaluation_order",
    "members_of",
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


def evaluation_order(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    """Return profiles in topological order: each follows those it depends on.

    Independent profiles are ordered by id and version, so the result does not depend on the order
    of the input.

    Raises:
        CampaignError: profiles depend on one another in a circle, which the message shows.
    """
    order, cycle = _topological_sort(dependencies_of(profiles))
    if cycle:
        raise CampaignError(_CIRCLE.format(circle=_cycle_text(cycle)))
    return order


def _topological_sort(graph: DependencyGraph) -> tuple[tuple[Profile, ...], tuple[Profile, ...]]:
    """Return the profiles with dependencies first, or a cycle if there is one.

    In a cycle each profile depends on the next, and the first and last are equal.
    """
    edges = {
        profile: sorted({p for others in inputs.values() for p in others}, key=_sort_key)
        for profile, inputs in graph.items()
    }
    try:
        return tuple(TopologicalSorter(edges).static_order()), ()
    except CycleError as error:
        return (), tuple(reversed(error.args[1]))


def _sort_key(profile: Profile) -> tuple[str, str]:
    return profile.id, profile.version


def _cycle_text(cycle: Iterable[Profile]) -> str:
    return " → ".join(profile.reference for profile in cycle)


def cycle_diagnostics(profiles: Iterable[Profile]) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each cycle of dependent profiles.

    It is at one input of the cycle; the next search ignores that input.
    """
    graph = dependencies_of(profiles)
    diagnostics: list[Diagnostic] = []
    while cycle := _topological_sort(graph)[1]:
        upper, lower = cycle[:2]
        name = next(name for name, others in graph[upper].items() if lower in others)
        del graph[upper][name]
        sink, pointer = DiagnosticCollector(upper.file), f"/inputs/{name}/members"
        sink.add("XH239", upper.marks[pointer], pointer, circle=_cycle_text(cycle))
        diagnostics += sink.diagnostics
    return tuple(diagnostics)


_CIRCLE = Text(
    vi="Các bộ tiêu chí phụ thuộc lẫn nhau thành vòng: {circle}. Hãy bỏ một đầu vào 'members' "
    "trên vòng này, hoặc giới hạn bằng 'applies_to'.",
    en="Profiles depend on one another in a circle: {circle}. Remove a 'members' input from the "
    "circle, or limit it with 'applies_to'.",
)
