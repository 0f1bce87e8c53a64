"""Evaluates the condition of a measure on subjects, with the inputs of their profiles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import TypeAlias

from attrs import frozen

from xhht.campaign.society import Record
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.profile import Profile
from xhht.errors import CampaignError, FactsError
from xhht.evaluation.condition import SubjectCondition, condition_for
from xhht.rollup.measured import Truth
from xhht.rules.inputs import Input
from xhht.text import Text

__all__ = ["FactLookup", "MeasureCondition", "OtherProfileError"]

FactLookup: TypeAlias = Callable[[Record, Profile], Mapping[str, object]]
"""Returns the facts of a subject; it may raise FactsError."""


class OtherProfileError(CampaignError):
    """No subject uses the profile that a condition refers to."""


@frozen
class _Ready:
    """A condition for the subjects of one profile.

    Attributes:
        condition: the condition.
        own: its own inputs, which are not in the profile.
        needs_facts: whether it reads other inputs.
    """

    condition: SubjectCondition
    own: tuple[str, ...]
    needs_facts: bool


class MeasureCondition:
    """A condition on subjects of several profiles.

    Args:
        text: the condition.
        named: the id of the profile it refers to; it then applies only to subjects of this profile
            or of an overlay of it. None: each subject's own profile is used.
        inputs: its inputs beside those of a profile; an input of the subject's profile with the
            same name takes precedence.
        profiles: the profiles of the subjects.
        facts_of: a function that returns the facts of a subject.
        as_of: the day of evaluation.

    Raises:
        ProfileError: no profile has the names used; `diagnostics` lists the missing ones.
        OtherProfileError: no subject uses the named profile.
    """

    def __init__(
        self,
        text: str,
        named: str | None,
        inputs: Iterable[Input],
        *,
        profiles: Collection[Profile],
        facts_of: FactLookup,
        as_of: date,
    ) -> None:
        self._facts_of, self._as_of = facts_of, as_of
        self._ready: dict[Profile, _Ready] = {}
        own, faults = tuple(inputs), []
        for profile in profiles:
            if named is None or _uses_profile(profile, named):
                try:
                    self._ready[profile] = _ready(profile, text, own)
                except ProfileError as fault:
                    faults.append(fault)
        if profiles and not self._ready:
            raise faults[0] if faults else OtherProfileError(_OTHER_PROFILE.format(id=named))

    def holds(self, record: Record, profile: Profile | None) -> Truth:
        """Return whether it holds for a subject; None if that is open or not applicable."""
        ready = self._ready.get(profile) if profile is not None else None
        if profile is None or ready is None:
            return None
        answers = record.answers
        try:
            facts = self._facts_of(record, profile) if ready.needs_facts else {}
            if ready.own and answers:
                answered = {name: answers[name] for name in ready.own if name in answers}
                facts = {**facts, **answered}
            return ready.condition(facts, as_of=self._as_of)
        except FactsError:
            return None


def _uses_profile(profile: Profile, named: str) -> bool:
    base = (profile.document.extends or "").partition("@")[0]
    return named in (profile.id, base)


def _ready(profile: Profile, text: str, inputs: tuple[Input, ...]) -> _Ready:
    taken = {declared.declared_input.name for declared in profile.rules.inputs}
    own = [declared for declared in inputs if declared.name not in taken]
    condition = condition_for(profile, text, own)
    names = tuple(declared.name for declared in own)
    return _Ready(condition, names, needs_facts=not set(condition.input_names) <= set(names))


_OTHER_PROFILE = Text(
    vi="Không có đối tượng nào được đánh giá theo bộ tiêu chí {id} mà điều kiện sử dụng.",
    en="No subject is evaluated under the profile {id} that the condition refers to.",
)
