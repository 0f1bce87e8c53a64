"""Which profile rests on which, and the order of evaluation that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from xhht.criteria.document import MembersEntry
from xhht.criteria.profile import Profile
from xhht.errors import CampaignError
from xhht.text import Text

__all__ = ["evaluation_order", "fits", "members_of"]


def members_of(profile: Profile) -> dict[str, MembersEntry]:
    """Return the inputs of a profile that come from members, by name."""
    entries = profile.document.inputs.items()
    return {name: entry.members for name, entry in entries if entry.members is not None}


def evaluation_order(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    """Return profiles in an order in which each follows those that it rests on.

    Profiles that do not rest on one another stand by id and version, so the order is the same
    however they are given.

    Raises:
        CampaignError: profiles rest on one another in a circle, which is printed.
    """
    listed = sorted(set(profiles), key=lambda profile: (profile.id, profile.version))
    below = {profile: [p for p in listed if rests_on(profile, p)] for profile in listed}
    try:
        return tuple(TopologicalSorter(below).static_order())
    except CycleError as fault:
        circle = reversed(fault.args[1])
        names = " → ".join(f"{profile.id}@{profile.version}" for profile in circle)
        raise CampaignError(_CIRCLE.format(circle=names)) from None


def rests_on(profile: Profile, other: Profile) -> bool:
    """Return whether some input of a profile comes from members judged by another."""
    return any(is_member_profile(entry, other) for entry in members_of(profile).values())


def is_member_profile(entry: MembersEntry, profile: Profile) -> bool:
    """Return whether members of an input may be judged by a profile."""
    limits = profile.document.applies_to or {}
    return entry.title is profile.title and all(
        not set(values).isdisjoint(limits.get(key, values))
        for key, values in (entry.applies_to or {}).items()
    )


def fits(entry: MembersEntry, kind: Mapping[str, str]) -> bool:
    """Return whether a subject of a kind is a member that an input asks for."""
    return all(kind.get(key) in values for key, values in (entry.applies_to or {}).items())


_CIRCLE = Text(
    vi="Các bộ tiêu chí dựa vào nhau thành vòng: {circle}. "
    "Hãy bỏ một đầu vào 'members' trên vòng này, hoặc giới hạn bằng 'applies_to'.",
    en="Profiles rest on one another in a circle: {circle}. "
    "Take a 'members' input off the circle, or limit it by 'applies_to'.",
)
