"""Access to the solver, if it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from xhht.criteria.profile import Profile

if TYPE_CHECKING:
    from xhht.proving.apart import Apart

__all__ = ["apart_of"]


def apart_of(profile: Profile) -> Apart | None:
    """Return a search for subjects by proof; None without the solver (the extra `prove`)."""
    if find_spec("z3") is None:
        return None
    from xhht.proving.apart import Apart

    return Apart(profile)
