"""The order of evaluation: a topological sort of profiles by their dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xhht.criteria.dependencies import (
    cycle_text,
    dependencies_of,
    find_cycle,
    members_of,
    topological_order,
)
from xhht.criteria.document import MembersEntry
from xhht.criteria.profile import Profile
from xhht.errors import CampaignError
from xhht.text import Text

__all__ = ["evaluation_order", "is_requested_member", "members_of"]


def evaluation_order(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    """Return profiles in topological order: each follows those it depends on.

    Independent profiles are ordered by id and version, so the result does not depend on the order
    of the input.

    Raises:
        CampaignError: profiles depend on one another in a circle, which the message shows.
    """
    below = dependencies_of(profiles)
    circle = find_cycle(below)
    if circle:
        raise CampaignError(_CIRCLE.format(circle=cycle_text(circle)))
    return topological_order(below)


def is_requested_member(entry: MembersEntry, kind: Mapping[str, str]) -> bool:
    """Return whether an input counts members of a kind."""
    return all(kind.get(key) in values for key, values in (entry.applies_to or {}).items())


_CIRCLE = Text(
    vi="Các bộ tiêu chí phụ thuộc lẫn nhau thành vòng: {circle}. Hãy bỏ một đầu vào 'members' "
    "trên vòng này, hoặc giới hạn bằng 'applies_to'.",
    en="Profiles depend on one another in a circle: {circle}. Remove a 'members' input from the "
    "circle, or limit it with 'applies_to'.",
)
