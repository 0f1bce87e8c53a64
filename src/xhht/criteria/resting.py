"""Which profile rests on which: inputs that come from members judged by another profile."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from xhht.criteria.diagnostics import Diagnostic, Sink
from xhht.criteria.document import MembersEntry, ProfileDocument
from xhht.criteria.profile import Profile

__all__ = [
    "Resting",
    "bottom_up",
    "circle_faults",
    "circle_in",
    "circle_text",
    "judges",
    "members_of",
    "profiles_below",
]

Resting: TypeAlias = dict[Profile, dict[str, tuple[Profile, ...]]]
"""For each profile, by input, the profiles that it rests on."""


def members_of(profile: Profile) -> dict[str, MembersEntry]:
    """Return the inputs of a profile that come from members, by name."""
    entries = profile.document.inputs.items()
    return {name: entry.members for name, entry in entries if entry.members is not None}


def judges(document: ProfileDocument, entry: MembersEntry) -> bool:
    """Return whether members of an input may be judged by the profile of a document."""
    limits = document.applies_to or {}
    return entry.title is document.title and all(
        not set(values).isdisjoint(limits.get(key, values))
        for key, values in (entry.applies_to or {}).items()
    )


def profiles_below(profiles: Iterable[Profile]) -> Resting:
    """Return for each profile, by input, those among them that it rests on.

    Only those count that may be in force on one day. All stand in the order of id and version.
    """
    listed = sorted(set(profiles), key=_place)
    return {
        profile: {
            name: tuple(p for p in listed if judges(p.document, entry) and profile.meets(p))
            for name, entry in members_of(profile).items()
        }
        for profile in listed
    }


def bottom_up(below: Resting) -> tuple[Profile, ...]:
    """Return profiles without a circle in an order in which each follows those it rests on."""
    return tuple(_sorter(below).static_order())


def circle_in(below: Resting) -> tuple[Profile, ...]:
    """Return profiles of which each rests on the next, the last being the first; or none."""
    try:
        _sorter(below).prepare()
    except CycleError as fault:
        return tuple(reversed(fault.args[1]))
    return ()


def _sorter(below: Resting) -> TopologicalSorter[Profile]:
    return TopologicalSorter(
        {
            profile: sorted({each for others in inputs.values() for each in others}, key=_place)
            for profile, inputs in below.items()
        }
    )


def _place(profile: Profile) -> tuple[str, str]:
    return profile.id, profile.version


def circle_text(circle: Iterable[Profile]) -> str:
    """Return a circle as messages print it."""
    return " → ".join(profile.reference for profile in circle)


def circle_faults(profiles: Iterable[Profile]) -> tuple[Diagnostic, ...]:
    """Return a finding for each circle in which profiles rest on one another.

    It stands at an input on the circle; once that is taken away, the next circle is looked for.
    """
    below = profiles_below(profiles)
    found: list[Diagnostic] = []
    while circle := circle_in(below):
        upper, lower = circle[:2]
        name = next(name for name, others in below[upper].items() if lower in others)
        del below[upper][name]
        sink, pointer = Sink(upper.file), f"/inputs/{name}/members"
        sink.add("XH239", upper.marks[pointer], pointer, circle=circle_text(circle))
        found += sink.found
    return tuple(found)
