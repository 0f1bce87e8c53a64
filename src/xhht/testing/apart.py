"""Access to the solver, if it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from xhht.criteria.profile import Profile

if TYPE_CHECKING:
    from xhht.proving.distinguish import DistinguishingSearch

__all__ = ["distinguishing_search_of"]


def distinguishing_search_of(profile: Profile) -> DistinguishingSearch | None:
    """Return a search for subjects by proof; None without the solver (the extra `prove`)."""
    if find_spec("z3") is None:
        return None
    from xhht.proving.distinguish import DistinguishingSearch

    return DistinguishingSearch(profile)
