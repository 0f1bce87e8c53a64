"""Measures of targets on a society: rates, shares under a condition, numbers of areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import TypeAlias

from attrs import frozen

from xhht.campaign.places import SubjectPlaces
from xhht.campaign.records import Record, TallyEntry, TitleGroup, is_of_kind
from xhht.campaign.tallies import Tallies, counts_of
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.profile import Profile
from xhht.criteria.target_document import AreasEntry, ConditionEntry, CountedIn, RateEntry
from xhht.criteria.targets import External, Measure, Target
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.errors import CampaignError, FactsError
from xhht.evaluation.condition import SubjectCondition, condition_for
from xhht.rollup.attainment import area_tally
from xhht.rollup.counts import Bounds, Count, Counts
from xhht.rollup.joint import AreaMeasurement, JointState, JointTally, Truth, joint_rollup
from xhht.rollup.rates import Coverage, Denominator
from xhht.rollup.tally import Tally
from xhht.rollup.targets import (
    NotComputedReason,
    TargetResults,
    areas_measured,
    evaluate_targets,
    rate_measured,
)
from xhht.rollup.tree import AreaRollup
from xhht.rules.inputs import Input
from xhht.text import Text

__all__ = [
    "FactLookup",
    "MeasureCondition",
    "Measures",
    "OtherProfileError",
    "Share",
    "area_states_from_counts",
    "states_from_counts",
    "subject_state",
]

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
        own, errors = tuple(inputs), []
        for profile in profiles:
            if named is None or _uses_profile(profile, named):
                try:
                    self._ready[profile] = _ready(profile, text, own)
                except ProfileError as error:
                    errors.append(error)
        if profiles and not self._ready:
            raise errors[0] if errors else OtherProfileError(_OTHER_PROFILE.format(id=named))

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

Share: TypeAlias = RateEntry | ConditionEntry
"""A measure with a condition on each subject."""


def subject_state(share: Share, entry: TallyEntry, where: Truth, *, decided: bool) -> JointState:
    """Return the state of one subject.

    Args:
        share: the measure.
        entry: the subject's entry in the counts.
        where: whether the condition holds for it; None if open.
        decided: whether to use the authority's decision instead of the computed verdict.
    """
    in_denominator = _truth(counts_of(entry, decided=decided).settled(_denominator(share)))
    if isinstance(share, ConditionEntry):
        return in_denominator, where
    recognised = _recognised(entry, share.levels, decided=decided)
    return _and(in_denominator, where), recognised


def states_from_counts(share: Share, counts: Counts) -> JointTally | None:
    """Return the states of subjects for which only aggregate counts are known.

    Counts do not show which subjects are of a kind, meet a condition or reach a level. None if they
    do not bound the denominator of the share.
    """
    denominator, recognised = counts.settled(_denominator(share)), counts.settled(Count.RECOGNISED)
    if denominator.upper is None:
        return None
    if isinstance(share, ConditionEntry):
        certain = denominator.lower if share.applies_to is None else 0
        return JointTally({(True, None): certain, (None, None): denominator.upper - certain})
    max_recognised = (
        denominator.upper if recognised.upper is None else min(recognised.upper, denominator.upper)
    )
    min_recognised = recognised.lower if share.levels is None else 0
    return JointTally(
        {
            (None, True): min_recognised,
            (None, None): max_recognised - min_recognised,
            (None, False): denominator.upper - max_recognised,
        }
    )


def area_states_from_counts(measure: AreasEntry, counts: Counts, number: int) -> JointTally:
    """Classify areas for which only aggregate counts are known.

    Args:
        measure: the condition on each area.
        counts: the counts of the areas together.
        number: the number of areas.
    """
    counted = counts.settled(Count(measure.count.value))
    unreported = 0 if counts.total is None else max(number - counts.total, 0)
    upper = number if counted.upper is None else min(counted.upper + unreported, number)
    lower = 0 if measure.levels is not None else min(counted.lower, upper)
    if measure.at_least > 1:
        lower = upper = 0
    return JointTally(
        {(True, True): lower, (True, None): upper - lower, (True, False): number - upper}
    )


def _denominator(share: Share) -> Count:
    if isinstance(share, RateEntry):
        return Denominator(share.of).base_count
    return Count(share.among.value)


def _recognised(entry: TallyEntry, levels: tuple[str, ...] | None, *, decided: bool) -> Truth:
    """Return whether a subject is recognised, at one of the given levels if there are any."""
    recognised = _truth(counts_of(entry, decided=decided).settled(Count.RECOGNISED))
    if levels is None or recognised is False:
        return recognised
    _, outcomes, decision = entry
    if decided:
        return decision in levels if decision else None
    truths = {level in levels for level in outcomes.levels}
    return truths.pop() if len(truths) == 1 else None


def _truth(of_one: Bounds) -> Truth:
    """Return whether one subject counts, from the bounds of its count (0 or 1)."""
    return True if of_one.lower else (False if of_one.upper == 0 else None)


def _and(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return True if one and other else None


@frozen(kw_only=True)
class Measures:
    """Measures of a society in the areas of one level, computed on demand.

    Attributes:
        places, tallies: the current state of the society.
        facts_of: a function that returns the facts of a subject.
        as_of: the day of evaluation.
        by: the level of the areas.
        level: for communities, the level of those counted; None if there is only one level.
        decided: whether to count the authorities' decisions instead of the computed verdicts.
    """

    places: SubjectPlaces
    tallies: Tallies
    facts_of: FactLookup
    as_of: date
    by: AreaLevel
    level: AreaLevel | None
    decided: bool

    def attained(self, targets: Iterable[Target]) -> TargetResults:
        """Return the attainment of targets."""
        areas = self.places.areas.at_level(self.by)
        return evaluate_targets(targets, self, areas, as_of=self.as_of)

    def reason(self, target: Target) -> NotComputedReason | None:
        """Return why a target cannot be computed, or None if it can."""
        measure = target.measure
        if isinstance(measure, External):
            return NotComputedReason.EXTERNAL
        if isinstance(measure, AreasEntry) and not self.places.areas.at_level(measure.level):
            return NotComputedReason.NO_LEVEL
        group = self._group(measure)
        if isinstance(group, NotComputedReason):
            return group
        if not isinstance(measure, AreasEntry):
            try:
                self._condition(measure, group, target.inputs)
            except (ProfileError, OtherProfileError):
                return NotComputedReason.OTHER_PROFILE
        return None

    def measured(self, target: Target) -> dict[str, AreaMeasurement]:
        """Return the measured values of a target, by area code."""
        return self.of(target.measure, target.inputs)

    def of(self, measure: Measure, inputs: Iterable[Input] = ()) -> dict[str, AreaMeasurement]:
        """Return the value of a measure in every area, by code.

        Raises:
            CampaignError: it cannot be measured; the message gives the reason.
            ProfileError: the condition is invalid.
        """
        if isinstance(measure, External):
            raise _not_measured(NotComputedReason.EXTERNAL)
        group = self._group(measure)
        if isinstance(group, NotComputedReason):
            raise _not_measured(group)
        if isinstance(measure, AreasEntry):
            return self._areas(measure, group)
        if isinstance(measure, ConditionEntry) or measure.is_selective:
            return self._shares(measure, group, self._condition(measure, group, inputs))
        rows = self.tallies.rollup(group, self.by, decided=self.decided).rows
        return {row.area.code: rate_measured(measure, row) for row in rows}

    def _group(self, measure: Share | AreasEntry) -> TitleGroup | NotComputedReason:
        """Return the group of subjects of a measure, or why there is none."""
        title, level = measure.title, self.level
        known = [group for group in self.tallies.groups() if group[0] is title]
        if isinstance(measure, AreasEntry) and measure.counted is CountedIn.ITSELF:
            if title is not Title.LEARNING_COMMUNITY:
                return NotComputedReason.NEEDS_OWN_RESULT
            level = measure.level
        if title is Title.LEARNING_COMMUNITY and level is None and len(known) > 1:
            return NotComputedReason.WHICH_COMMUNITIES
        if title is Title.LEARNING_COMMUNITY and level is not None:
            known = [group for group in known if group[1] is level]
        return known[0] if known else NotComputedReason.NO_COUNTS

    # Shares of subjects

    def _condition(
        self, measure: Share, group: TitleGroup, inputs: Iterable[Input]
    ) -> MeasureCondition | None:
        text = measure.where if isinstance(measure, RateEntry) else measure.when
        if text is None:
            return None
        return MeasureCondition(
            text,
            measure.profile,
            inputs,
            profiles=self.tallies.profiles(group),
            facts_of=self.facts_of,
            as_of=self.as_of,
        )

    def _shares(
        self, measure: Share, group: TitleGroup, condition: MeasureCondition | None
    ) -> dict[str, AreaMeasurement]:
        reported = {
            code: states_from_counts(measure, counts)
            for code, counts in self.tallies.unrecorded_counts(group)
        }
        uncounted = [code for code, tally in reported.items() if tally is None]
        rows = self.tallies.rollup(group, self.by, decided=self.decided, without=uncounted).rows
        parts = self._states(measure, group, condition)
        for code, tally in reported.items():
            if tally is not None:
                parts[code] = parts.get(code, JointTally()) + tally
        added = joint_rollup(parts, self.places.areas, by=self.by)
        return {
            row.area.code: AreaMeasurement(
                area=row.area,
                measured=added[row.area.code].measured(),
                coverage=row.coverage,
                reported=bool(row.tally),
            )
            for row in rows
        }

    def _states(
        self, measure: Share, group: TitleGroup, condition: MeasureCondition | None
    ) -> dict[str, JointTally]:
        """Return the states of the subjects with records in each area."""
        cases: Counter[tuple[str, TallyEntry, Truth]] = Counter()
        for case in self.places.cases.values():
            if case.counted_as is not None and case.counted_as[0].group == group:
                cohort, entry = case.counted_as
                if not is_of_kind(cohort.kind, measure.applies_to):
                    continue
                holds = condition is None or condition.holds(case.record, cohort.profile)
                cases[cohort.area, entry, holds] += 1
        by_area: dict[str, Counter[JointState]] = {}
        for (code, entry, where), number in cases.items():
            state = subject_state(measure, entry, where, decided=self.decided)
            by_area.setdefault(code, Counter())[state] += number
        return {code: JointTally(states) for code, states in by_area.items()}

    # Numbers of areas

    def _areas(self, measure: AreasEntry, group: TitleGroup) -> dict[str, AreaMeasurement]:
        if measure.counted is CountedIn.ITSELF:
            areas = self._own(measure, group)
        else:
            rows = self.tallies.rollup(group, measure.level, decided=self.decided).rows
            areas = {row.area.code: area_tally(measure, row) for row in rows}
        return areas_measured(areas, self.places.areas, by=self.by)

    def _own(self, measure: AreasEntry, group: TitleGroup) -> dict[str, JointTally]:
        """Return for each area whether it meets the measure itself.

        For areas inside an area that sends counts, only the number that meet it is known.
        """
        tree, tallies = self.places.areas, self.tallies.tallies(group, decided=self.decided)
        sent = dict(self.tallies.unrecorded_counts(group))
        areas: dict[str, JointTally] = {}
        inside: Counter[str] = Counter()
        for area in tree.at_level(measure.level):
            above = (code for code in self.places.path(area.code)[1:] if code in sent)
            sender = next(above, None)
            if sender is None:
                tally, coverage = tallies.get(area.code, Tally()), Coverage(0, 1)
                row = AreaRollup(area=area, title=measure.title, tally=tally, coverage=coverage)
                areas[area.code] = area_tally(measure, row)
            elif tree.up(sender, self.by) is None:
                areas[area.code] = JointTally.of(True, None)
            else:
                inside[sender] += 1
        for code, number in inside.items():
            areas[code] = area_states_from_counts(measure, sent[code], number)
        return areas


def _not_measured(reason: NotComputedReason) -> CampaignError:
    return CampaignError(_NOT_MEASURED.format(reason=reason.text))


_NOT_MEASURED = Text(
    vi="Không đo được: {reason}.",
    en="Cannot be measured: {reason}.",
)
