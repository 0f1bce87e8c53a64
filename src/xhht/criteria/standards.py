"""The standards on which a profile rests, directly or through another, for the same subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import field, frozen

from xhht.criteria.dependencies import (
    can_evaluate,
    declared_inputs,
    dependency_diagnostics,
    evaluation_order,
    standards_of,
)
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.document import ResultEntry
from xhht.criteria.profile import Profile
from xhht.errors import ProfileNotFoundError
from xhht.rules.inputs import Input
from xhht.text import Text

__all__ = ["StandardChain", "chain_of"]


@frozen(eq=False)
class StandardChain:
    """A profile with the standards that are evaluated for it from the same facts.

    Attributes:
        profile: the profile.
        profiles: all profiles that take part, each after those it rests on; `profile` is the last.
        sources: for each of them, by input, the profile whose result it takes.
        unsettled: for each of them, the inputs whose standard depends, directly or through
            another, on a threshold that no source shows.
        inputs: the inputs of all of them, by name, in the order of the profiles.
    """

    profile: Profile
    profiles: tuple[Profile, ...]
    sources: Mapping[Profile, Mapping[str, Profile]]
    unsettled: Mapping[Profile, frozenset[str]]
    inputs: Mapping[str, Input] = field(init=False)

    @inputs.default
    def _inputs(self) -> Mapping[str, Input]:
        inputs: dict[str, Input] = {}
        for profile in self.profiles:
            for name, declared in declared_inputs(profile).items():
                inputs.setdefault(name, declared)
        return inputs

    @property
    def standards(self) -> tuple[Profile, ...]:
        """The profiles that take part, without the last."""
        return self.profiles[:-1]


def chain_of(
    profile: Profile, standards: Iterable[Profile] = (), as_of: date | None = None
) -> StandardChain:
    """Return a profile with those of the given standards on which it rests.

    Args:
        profile: the profile.
        standards: profiles to choose from, by title and kind of subject, such as a registry. An
            input without one takes its value from the facts.
        as_of: the day of evaluation; of several that fit, the one in force on it is chosen.

    Raises:
        ProfileNotFoundError: several profiles fit an input.
        ProfileError: the profiles rest on one another in a circle, options are not the levels of a
            standard, or inputs of one name differ; `diagnostics` holds all errors.
    """
    listed = tuple(dict.fromkeys(standards))
    sources: dict[Profile, dict[str, Profile]] = {}
    pending = [profile]
    while pending:
        upper = pending.pop()
        if upper in sources:
            continue
        chosen = {
            name: _chosen(upper, name, entry, listed, as_of)
            for name, entry in standards_of(upper).items()
        }
        sources[upper] = {name: one for name, one in chosen.items() if one is not None}
        pending += sources[upper].values()
    faults = dependency_diagnostics(sources)
    if faults:
        raise ProfileError(faults)
    order = (*(one for one in evaluation_order(sources) if one is not profile), profile)
    return StandardChain(profile, order, sources, _unsettled(order, sources, as_of))


def _unsettled(
    order: Iterable[Profile], sources: Mapping[Profile, Mapping[str, Profile]], as_of: date | None
) -> dict[Profile, frozenset[str]]:
    """Return the inputs of each profile that a threshold which no source shows may decide."""
    unsettled: dict[Profile, frozenset[str]] = {}
    for profile in order:
        unsettled[profile] = frozenset(
            name
            for name, source in sources[profile].items()
            if unsettled[source] or source.has_unknown_threshold(as_of)
        )
    return unsettled


def _chosen(
    profile: Profile,
    name: str,
    entry: ResultEntry,
    standards: Iterable[Profile],
    as_of: date | None,
) -> Profile | None:
    fitting = [one for one in standards if can_evaluate(one.document, entry, profile.document)]
    if len(fitting) > 1:
        fitting = [one for one in fitting if as_of is None or one.in_force(as_of)]
    if len(fitting) > 1:
        references = ", ".join(one.reference for one in fitting)
        text = _SEVERAL.format(profile=profile.reference, input=name, references=references)
        raise ProfileNotFoundError(text)
    return fitting[0] if fitting else None


_SEVERAL = Text(
    vi="Bộ tiêu chí {profile}, đầu vào '{input}': có nhiều bộ tiêu chí của chuẩn này: "
    "{references}. Hãy chỉ đưa vào một.",
    en="Profile {profile}, input '{input}': several profiles of the standard fit: {references}. "
    "Pass only one.",
)
