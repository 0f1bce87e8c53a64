"""A small profile of which everything can be proven by hand."""

from __future__ import annotations

from inline_profiles import profile_of
from xhht import Profile

LEVELS = """
- {id: good, name: {vi: Tốt, en: Good}, when: points >= 12}
- {id: fair, name: {vi: Khá, en: Fair}, when: points >= 10}
"""


def yes_no(*points: int, levels: str = LEVELS, more: str = "") -> Profile:
    """Return a profile with a yes-or-no indicator for each number of points."""
    leaves = "\n".join(
        f'- {{id: "1.{at}", points: {number}, met_when: a{at}}}'
        for at, number in enumerate(points, 1)
    )
    inputs = {f"a{at}": "type: bool" for at in range(1, len(points) + 1)}
    return profile_of({**inputs, "n": "type: count, max: 9"}, f"{leaves}\n{more}", levels)
