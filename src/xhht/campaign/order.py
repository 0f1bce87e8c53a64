"""The order of evaluation that follows from which profile rests on which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xhht.criteria.document import MembersEntry
from xhht.criteria.profile import Profile
from xhht.criteria.resting import (
    bottom_up,
    circle_in,
    circle_text,
    members_of,
    profiles_below,
)
from xhht.errors import CampaignError
from xhht.text import Text

__all__ = ["evaluation_order", "fits", "members_of"]


def evaluation_order(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    """Return profiles in an order in which each follows those that it rests on.

    Profiles that do not rest on one another stand by id and version, so the order is the same
    however they are given.

    Raises:
        CampaignError: profiles rest on one another in a circle, which is printed.
    """
    below = profiles_below(profiles)
    circle = circle_in(below)
    if circle:
        raise CampaignError(_CIRCLE.format(circle=circle_text(circle)))
    return bottom_up(below)


def fits(entry: MembersEntry, kind: Mapping[str, str]) -> bool:
    """Return whether a subject of a kind is a member that an input asks for."""
    return all(kind.get(key) in values for key, values in (entry.applies_to or {}).items())


_CIRCLE = Text(
    vi="Các bộ tiêu chí phụ thuộc lẫn nhau thành vòng: {circle}. Hãy bỏ một đầu vào 'members' "
    "trên vòng này, hoặc giới hạn bằng 'applies_to'.",
    en="Profiles depend on one another in a circle: {circle}. Remove a 'members' input from the "
    "circle, or limit it with 'applies_to'.",
)
