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
from xhht.criteria.registry import Registry
from xhht.errors import ProfileNotFoundError
from xhht.rules.inputs import Input
from xhht.text import Text

__all__ = ["StandardChain", "chain_of", "check_used", "given_standards", "unused_standards"]


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


def given_standards(standards: Iterable[Profile] | Profile) -> tuple[Profile, ...]:
    """Return the profiles of an argument `standards`, without duplicates.

    Raises:
        ProfileNotFoundError: it holds something that is not a loaded profile.
    """
    if isinstance(standards, Profile):
        return (standards,)
    listed = (
        tuple(dict.fromkeys(standards))
        if isinstance(standards, Iterable) and not isinstance(standards, str)
        else (standards,)
    )
    for one in listed:
        if not isinstance(one, Profile):
            raise ProfileNotFoundError(_NO_PROFILE.format(kind=type(one).__name__))
    return listed


def check_used(chain: StandardChain, standards: Iterable[Profile] | Profile) -> None:
    """Check that a profile rests on some of the standards given for it; a registry may have none.

    Raises:
        ProfileNotFoundError: it rests on none of them.
    """
    if chain.standards or isinstance(standards, Registry):
        return
    references = ", ".join(one.reference for one in given_standards(standards))
    if references:
        text = _UNUSED.format(profile=chain.profile.reference, references=references)
        raise ProfileNotFoundError(text)


def unused_standards(
    chain: StandardChain, standards: Iterable[Profile] | Profile
) -> tuple[Text, ...]:
    """Return a remark on each given profile that takes no part; a registry may have any."""
    if isinstance(standards, Registry):
        return ()
    return tuple(
        _NOT_USED.format(profile=chain.profile.reference, standard=one.reference)
        for one in given_standards(standards)
        if one not in chain.profiles
    )


def chain_of(
    profile: Profile, standards: Iterable[Profile] | Profile = (), as_of: date | None = None
) -> StandardChain:
    """Return a profile with those of the given standards on which it rests.

    Args:
        profile: the profile.
        standards: a profile, or profiles to choose from by title and kind of subject, such as a
            registry. An input without one takes its value from the facts.
        as_of: the day of evaluation; of several that fit, the one in force on it is chosen.

    Raises:
        ProfileNotFoundError: several profiles fit an input, or something is not a loaded profile.
        ProfileError: the profiles rest on one another in a circle, options are not the levels of a
            standard, or inputs of one name differ; `diagnostics` holds all errors.
    """
    listed = given_standards(standards)
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


_NO_PROFILE = Text(
    vi="'standards' nhận các bộ tiêu chí đã đọc (load_profile, Registry), không nhận {kind}.",
    en="'standards' takes loaded profiles (load_profile, Registry), not {kind}.",
)
_UNUSED = Text(
    vi="Không đầu vào nào của {profile} dựa vào {references}; hãy bỏ 'standards' hoặc đưa vào đúng "
    "bộ tiêu chí của chuẩn, của cùng loại đối tượng.",
    en="No input of {profile} rests on {references}; leave out 'standards', or pass the profile of "
    "the standard for the same kind of subject.",
)
_NOT_USED = Text(
    vi="Không đầu vào nào của {profile} dựa vào {standard}; chuẩn này không được dùng.",
    en="No input of {profile} rests on {standard}; this standard is not used.",
)
_SEVERAL = Text(
    vi="Bộ tiêu chí {profile}, đầu vào '{input}': có nhiều bộ tiêu chí của chuẩn này: "
    "{references}. Hãy chỉ đưa vào một.",
    en="Profile {profile}, input '{input}': several profiles of the standard fit: {references}. "
    "Pass only one.",
)
