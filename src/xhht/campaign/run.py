"""A campaign under way: what every subject comes to, kept right by differences.

The first evaluation and every later change go the same way: what changed is judged again, stage by
stage from below, and each difference is carried to those that rest on it. So late records,
corrections and withdrawals end where a fresh start with the same records would.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from attrs import evolve, field, frozen

from xhht.campaign._sums import MemberSums
from xhht.campaign._tallies import NOT_JUDGED, Standing, Tallies, accepted_reports
from xhht.campaign.case import Case
from xhht.campaign.cohorts import Cohort, Cohorts, Group, Refusal
from xhht.campaign.members import Outcome
from xhht.campaign.order import evaluation_order, members_of
from xhht.campaign.places import HAS_MEMBERS, Places
from xhht.campaign.society import AreaReport, Key, Record, Society
from xhht.campaign.vintage import Vintage, publish
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.errors import CampaignError, FactsError
from xhht.evaluation.evaluator import evaluator_for
from xhht.evaluation.result import Evaluation
from xhht.rollup.tally import Points
from xhht.rollup.tree import Rollup, rollup
from xhht.text import Text

__all__ = ["Difference", "Rejected", "Run"]


@frozen(kw_only=True)
class Rejected:
    """A record or report that could not be used, and why.

    Attributes:
        title, id: the subject; for a report, the title and the code of the area.
        code: stable, such as `unknown_area`; for facts, that of the FactsError.
        field: the input or field that is meant, or None.
        text: what is wrong and what to do.
        counted: whether the subject still counts as one of whom nothing is known.
    """

    title: Title
    id: str = field(repr=False)
    code: str
    field: str | None
    text: Text
    counted: bool


@frozen(kw_only=True)
class Difference:
    """A subject whom the authority decided upon otherwise than the criteria come to.

    Attributes:
        title, id: the subject.
        computed: the outcomes open by the criteria, best first; None stands for no level.
        decided: the level decided, or None where the decision names none.
    """

    title: Title
    id: str = field(repr=False)
    computed: tuple[str | None, ...]
    decided: str | None


class Run:
    """A society being evaluated; `Campaign.run` makes it, `put` and `withdraw` correct it."""

    def __init__(
        self,
        society: Society,
        *,
        profiles: Registry,
        areas: AreaTree,
        year: int,
        as_of: date,
        illustrative: bool,
    ) -> None:
        self.year, self.as_of, self.areas = year, as_of, areas
        self._places = Places(areas)
        self._tallies = Tallies(self._places, society.totals)
        self._cohorts = Cohorts(
            profiles,
            self._places,
            as_of=as_of,
            illustrative=illustrative,
            is_reported=self._tallies.is_reported,
        )
        self._stages: tuple[Profile, ...] = ()
        self._sums = MemberSums(self._places, as_of)
        self._refused: dict[Key, Rejected] = {}
        self._repeated: dict[Key, Rejected] = {}
        self._bad_reports: list[Rejected] = []
        self._reports: list[AreaReport] = []
        self._standings: dict[tuple[object, ...], tuple[Standing, Outcome]] = {}
        self._load(society)

    # What came of it

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The profiles in use, each after those that it rests on."""
        return self._stages

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """What could not be used, in order of title and id."""
        found = (*self._refused.values(), *self._repeated.values(), *self._bad_reports)
        return tuple(sorted((*found, *self._short()), key=lambda r: (r.title, r.id, r.code)))

    @property
    def differences(self) -> Iterator[Difference]:
        """Where the authorities decided otherwise than the criteria come to."""
        for key, case in self._places.cases.items():
            decision = case.record.decision
            levels = case.counted[1][1].levels if case.counted else ()
            if decision is None or not levels:
                continue
            decided = decision.level
            agrees = (
                decided in levels
                if decided is not None
                else any(level is not None for level in levels)
            )
            if not agrees:
                yield Difference(title=key[0], id=key[1], computed=levels, decided=decided)

    def evaluation(self, title: Title, subject: str) -> Evaluation:
        """Return the whole result of one subject; raises CampaignError when there is none."""
        case = self._places.cases.get((Title(title), subject))
        profile = _profile_of(case)
        if case is None or profile is None:
            raise CampaignError(_NO_RESULT)
        return evaluator_for(profile)(self._facts(case.record, profile), as_of=self.as_of)

    def rollup(
        self,
        title: Title,
        *,
        by: AreaLevel,
        level: AreaLevel | None = None,
        decided: bool = False,
    ) -> Rollup:
        """Return what a title adds up to in the areas of one level.

        Args:
            title: the title.
            by: the level of areas to add up to.
            level: for communities, the level of those counted, such as villages.
            decided: whether to count the authorities' decisions and not the computed verdicts.
        """
        title = Title(title)
        group = title, level
        tallies = self._tallies.tallies(group, decided=decided)
        found = rollup(
            {(code, title): tally for code, tally in tallies.items()},
            self._tree_of(group, by, tallies),
            by=by,
            titles=[title],
            subjects=True,
            whole=[(code, title) for code, _ in self._tallies.wholes(group)],
        )
        return evolve(found, rows=tuple(evolve(row, communities=level) for row in found.rows))

    def _tree_of(self, group: Group, by: AreaLevel, listed: Iterable[str]) -> AreaTree:
        """Return the areas down to where subjects of a group are, so that these count as leaves."""
        title, level = group
        at = [level or _LISTED_AT.get(title, AreaLevel.VILLAGE), by]
        at += map(self._places.level_of_area, listed)
        return self._places.tree_down_to(max(at, key=lambda each: each.rank))

    def groups(self) -> tuple[tuple[Title, AreaLevel | None], ...]:
        """Return the titles that are counted, communities by their level."""
        return self._tallies.groups()

    def publish(self, *, on: date, after: Vintage | None = None, reason: str = "") -> Vintage:
        """Return the present counts as an unchangeable vintage; see `Vintage`.

        Args:
            on: the day of publication.
            after: the vintage that this one follows; what it revises is listed.
            reason: why it is published again; needed with `after`.

        Raises:
            CampaignError: `after` is of another year or a later day, or the reason is missing.
        """
        return publish(self, on=on, after=after, reason=reason)

    # Changes

    def put(self, records: Iterable[Record]) -> None:
        """Add late records and correct earlier ones; the result follows."""
        touched: dict[Key, None] = {}
        for record in records:
            touched.update(dict.fromkeys(self._take_out(record.key)))
            self._places.put(record)
            touched[record.key] = None
        self._judge(touched)

    def withdraw(self, keys: Iterable[tuple[Title, str]]) -> None:
        """Take records out; raises CampaignError for one that is not there, and changes nothing."""
        listed = [(Title(title), subject) for title, subject in keys]
        if any(key not in self._places.cases for key in listed):
            raise CampaignError(_NOT_THERE)
        touched: dict[Key, None] = {}
        for key in listed:
            touched.update(dict.fromkeys(self._take_out(key)))
            self._places.withdraw(key)
        self._judge(touched)

    def _take_out(self, key: Key) -> list[Key]:
        """Take a subject and those who move with it out of all counts; return the latter."""
        self._repeated.pop(key, None)
        before = self._places.cases.get(key)
        moved = self._places.moved_with(key)
        for case in moved if before is None else (before, *moved):
            self._refused.pop(case.record.key, None)
            self._sums.remove(case)
            self._tallies.remove(case)
            case.cohort = None
        return [case.record.key for case in moved]

    # Evaluation

    def _load(self, society: Society) -> None:
        for report, fault in accepted_reports(society.reports, self._places):
            if fault is None:
                self._tallies.add_report(report)
                self._reports.append(report)
            else:
                code, text = fault
                at = (report.title, report.area)
                self._bad_reports.append(_rejected(at, code, "area", text, counted=False))
        for record in society.records:
            key = record.key
            if key in self._places.cases:
                self._repeated[key] = _rejected(key, "duplicate", None, _DUPLICATE, counted=False)
            else:
                self._places.put(record)
        self._judge(self._places.cases)

    def _judge(self, touched: Iterable[Key]) -> None:
        """Judge subjects, as far as they are still there, and whoever rests on them, from below."""
        known = self._places.cases
        cases: Collection[Case] = [known[key] for key in touched if key in known]
        self._choose(cases)
        if self._know(self._cohorts.profiles):
            # Members that were judged before a new profile asks for them give to it as well.
            cases = known.values()
            self._choose(cases)
        waiting: dict[Profile, dict[Case, None]] = {profile: {} for profile in self._stages}
        for case in cases:
            cohort = case.cohort
            if cohort is not None and cohort.profile is not None:
                waiting[cohort.profile][case] = None
            elif cohort is not None:
                self._count(case, cohort, NOT_JUDGED, _OPEN, {})
        for profile, queue in waiting.items():
            changed = (known.get(key) for key in self._sums.take_changed(profile))
            queue.update((case, None) for case in changed if case and _profile_of(case) is profile)
            self._settle(queue, profile)

    def _know(self, profiles: Collection[Profile]) -> bool:
        """Take in profiles; return whether earlier members must give to one of them."""
        new = set(profiles).difference(self._stages)
        if not new:
            return False
        stages = evaluation_order(new.union(self._stages))
        for profile in new:
            for name, entry in members_of(profile).items():
                if entry.title not in HAS_MEMBERS[profile.title]:
                    text = _NO_MEMBERS.format(
                        profile=profile.id, input=name, title=profile.title.label
                    )
                    raise CampaignError(text)
        was_empty, self._stages = not self._stages, stages
        asks = False
        for profile in stages:
            if profile in new:
                self._sums.add_profile(profile)
                asks = asks or self._sums.asks(profile)
        if asks:
            for report in self._reports:
                self._sums.add_report(report, new)
        return asks and not was_empty

    def _choose(self, cases: Iterable[Case]) -> None:
        """Find the cohorts of subjects that count; refuse those that cannot be judged."""
        for case in cases:
            cohort = self._cohorts.of(case.record)
            refusal = _NOWHERE if cohort is None else cohort.refusal
            if refusal is not None:
                self._refuse(case, refusal.code, refusal.field, refusal.text, refusal.counted)
            if refusal is None or refusal.counted:
                case.cohort = cohort

    def _settle(self, cases: Iterable[Case], profile: Profile) -> None:
        """Judge subjects by their profile and carry the differences on."""
        evaluate, as_of, refused = evaluator_for(profile), self.as_of, self._refused
        for case in cases:
            cohort, record = case.cohort, case.record
            assert cohort is not None  # only those who count are judged
            facts: Mapping[str, object] = {}
            try:
                facts = self._facts(record, profile)
                result = evaluate(facts, as_of=as_of)
            except FactsError as fault:
                self._refuse(case, fault.code, fault.field, fault.text, counted=True)
                self._count(case, cohort, NOT_JUDGED, _OPEN, facts)
            else:
                if refused:
                    refused.pop(record.key, None)
                self._count(case, cohort, *self._standing(profile, result), facts)

    def _count(
        self,
        case: Case,
        cohort: Cohort,
        standing: Standing,
        outcome: Outcome,
        facts: Mapping[str, object],
    ) -> None:
        """Count a subject as what it comes to, and let it give that to those that rest on it."""
        self._tallies.replace(case, cohort, standing)
        self._sums.replace(case, cohort, outcome, facts)

    def _refuse(self, case: Case, code: str, where: str | None, text: Text, counted: bool) -> None:
        key = case.record.key
        self._refused[key] = _rejected(key, code, where, text, counted=counted)

    def _facts(self, record: Record, profile: Profile) -> Mapping[str, object]:
        """Return the facts of a subject with those that come from its members."""
        return self._sums.facts(record, record.facts, profile)

    def _standing(self, profile: Profile, result: Evaluation) -> tuple[Standing, Outcome]:
        """Return what a result comes to, the same objects for the same results."""
        levels, at = result.levels_possible, result.plan.points
        low, high = result.lows[at], result.highs[at]
        asked = (profile.hash, levels, low, high)
        found = self._standings.get(asked)
        if found is None:
            ladder = tuple(level.id for level in profile.document.levels)
            points = Points(profile.hash, profile.points(low), profile.points(high))
            found = self._standings[asked] = (Standing(levels, points), Outcome(levels, ladder))
        return found

    def _short(self) -> Iterator[Rejected]:
        """Yield the totals that are below the number of records."""
        for at in self._tallies.short():
            code, title = at
            yield _rejected((title, code), "total_below", "total", _SHORT, counted=True)


def _profile_of(case: Case | None) -> Profile | None:
    return case.cohort.profile if case is not None and case.cohort is not None else None


def _rejected(key: Key, code: str, where: str | None, text: Text, *, counted: bool) -> Rejected:
    return Rejected(title=key[0], id=key[1], code=code, field=where, text=text, counted=counted)


_OPEN = Outcome((), ())
_LISTED_AT = {Title.LEARNING_CLAN: AreaLevel.COMMUNE, Title.LEARNING_UNIT: AreaLevel.COMMUNE}
_NO_RESULT = Text(
    vi="Không có kết quả của đối tượng này; xem 'rejected' để biết lý do.",
    en="There is no result for this subject; 'rejected' tells why.",
)
_NOT_THERE = Text(
    vi="Không rút được hồ sơ chưa từng có; không thay đổi gì.",
    en="A record that is not there cannot be withdrawn; nothing was changed.",
)
_DUPLICATE = Text(
    vi="Đối tượng có hai hồ sơ; hồ sơ đứng trước được dùng. Hãy giữ lại một.",
    en="The subject has two records; the first one is used. Keep one.",
)
_NOWHERE = Refusal(
    "unknown_area",
    "area",
    Text(
        vi="Không biết đối tượng ở đâu: hộ, thôn hoặc xã được nêu không có trong dữ liệu.",
        en="It is not known where the subject is: "
        "its household, village or commune is not in the data.",
    ),
    counted=False,
)
_SHORT = Text(
    vi="Tổng số đã khai nhỏ hơn số đối tượng có hồ sơ hoặc có trong số tổng hợp; số đối tượng "
    "được dùng. Hãy kiểm tra tổng số.",
    en="The declared total is below the number of subjects with records or counts; these are used. "
    "Check the total.",
)
_NO_MEMBERS = Text(
    vi="Bộ tiêu chí {profile}, đầu vào '{input}': "
    "đối tượng của {title} không có thành viên như vậy.",
    en="Profile {profile}, input '{input}': a subject of {title} has no such members.",
)
