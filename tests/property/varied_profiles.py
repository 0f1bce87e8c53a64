"""A random profile with one thing in it changed: a number, an obligation, a condition, a place."""

from __future__ import annotations

import copy
import re
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from xhht import Profile, ProfileError, loads_profile
from xhht.testing._random_profiles import Data, text_of

_NUMBER = re.compile(r"(?<![\w.\"-])\d+(?=%|\b)(?![\w.\"-])")


@st.composite
def varied(draw: st.DrawFn, data: Data) -> Data:
    """Return a profile with one change that may make it looser, tighter, neither or both."""
    changed = copy.deepcopy(data)
    holders = list(_mappings(changed["criteria"])) + changed["levels"]
    holders += changed.get("definitions", {}).values()
    ways = [way for way in _WAYS for holder in holders if way(holder) is not None]
    holder = draw(st.sampled_from(holders))
    usable = [options for way in ways if (options := way(holder))]
    if not usable:
        return changed
    holder.update(draw(st.sampled_from(draw(st.sampled_from(usable)))))
    return changed


def loaded(data: Data) -> Profile:
    """Return the profile, if the change left one that loads."""
    try:
        return loads_profile(text_of(data))
    except ProfileError:
        assume(False)
        raise


def _mappings(value: Any) -> list[Data]:
    if isinstance(value, list):
        return [mapping for item in value for mapping in _mappings(item)]
    if isinstance(value, dict):
        return [value, *(mapping for item in value.values() for mapping in _mappings(item))]
    return []


def _numbers(holder: Data) -> list[Data] | None:
    """Other numbers in a condition."""
    variants: list[Data] = []
    for key in ("when", "met_when", "applies_when", "number"):
        text = holder.get(key, "")
        for match in _NUMBER.finditer(text):
            for step in (-1, 1):
                number = max(0, int(match.group()) + step)
                variants.append({key: f"{text[: match.start()]}{number}{text[match.end() :]}"})
    return variants or None


def _more(holder: Data) -> list[Data] | None:
    """One condition more, or another one instead."""
    variants: list[Data] = []
    for key in ("when", "met_when"):
        if key in holder:
            variants += [{key: f"({holder[key]}) {word} yes3"} for word in ("and", "or")]
            variants += [{key: "true"}, {key: "yes2"}]
    return variants or None


def _obligation(holder: Data) -> list[Data] | None:
    if "id" not in holder or "when" in holder:
        return None
    return [{"requirement": requirement} for requirement in ("must", "scored", "advisory")]


def _amounts(holder: Data) -> list[Data] | None:
    keys = [key for key in ("points", "floor", "cap", "each") if key in holder]
    return [{key: holder[key] + step} for key in keys for step in (-1, 1)] or None


def _months(holder: Data) -> list[Data] | None:
    if "requires" not in holder:
        return None
    return [{"requires": {**holder["requires"], "months": n}} for n in (6, 18)]


_WAYS = (_numbers, _more, _obligation, _amounts, _months)
