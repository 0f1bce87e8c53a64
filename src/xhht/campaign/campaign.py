"""A yearly assessment of a society, on the administrative map of its day.

`Campaign` is the setup; `Run` holds the results of all subjects, updated incrementally.
The first evaluation and every later change use the same algorithm: changed subjects are evaluated
again, in topological order of profiles, and each difference is propagated to the dependent
subjects. So late records, corrections and withdrawals give the same result as a fresh start.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Protocol, TypeVar

from attrs import evolve

from xhht.campaign.cohorts import Cohorts
from xhht.campaign.lost_zeros import restored_ids
from xhht.campaign.measures import Measures
from xhht.campaign.members import MemberOutcome, MemberSums
from xhht.campaign.places import HAS_MEMBERS, SubjectPlaces
from xhht.campaign.records import (
    AreaReport,
    Cohort,
    Difference,
    Record,
    Refusal,
    Rejected,
    Society,
    SubjectCase,
    SubjectKey,
    SubjectOutcomes,
    TitleGroup,
)
from xhht.campaign.tallies import NOT_EVALUATED, Tallies, accepted_reports
from xhht.campaign.totals import DeclaredTotals
from xhht.campaign.vintage import Vintage, VintageKey, publish
from xhht.criteria.dependencies import evaluation_order, members_of
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.criteria.standards import StandardChain
from xhht.criteria.targets import Measure, Target
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.register import TitleRegister
from xhht.domain.titles import Title
from xhht.errors import CampaignError, FactsError
from xhht.evaluation.evaluator import Evaluator
from xhht.evaluation.prerequisites import facts_with_register
from xhht.evaluation.result import Evaluation
from xhht.evaluation.standards import facts_of_profile
from xhht.numbers import count_label
from xhht.rollup.joint import AreaMeasurement
from xhht.rollup.tally import Points, Tally
from xhht.rollup.targets import TargetResults
from xhht.rollup.tree import Rollup
from xhht.rules.inputs import Input
from xhht.text import Text, join

__all__ = ["Campaign", "ProgressCallback", "Run"]

_T = TypeVar("_T")


class ProgressCallback(Protocol):
    """Wraps an iteration over subjects, so that a caller can show progress."""

    def __call__(self, subjects: Iterable[_T], /) -> Iterable[_T]:
        """Return an iterator over the same."""


class Campaign:
    """The setup for evaluating societies of one year.

    Args:
        year: the year of assessment.
        profiles: the profiles to choose from, by title, kind of subject and area.
        areas: the areas; those that exist on the day are used.
        as_of: the day of evaluation; if omitted, 31 December of the year.
        illustrative: whether invented profiles may be chosen; the result is marked as such.
        final: whether the assessment is closed; see `xhht.evaluate`.
        register: the recorded decisions, which answer what prerequisites ask; see
            `facts_with_register`. A fact that differs from them refuses the record.

    Raises:
        DomainError: the areas do not form a tree on that day.
    """

    def __init__(
        self,
        year: int,
        profiles: Registry | Iterable[Profile],
        areas: AreaTree,
        *,
        as_of: date | None = None,
        illustrative: bool = False,
        final: bool = False,
        register: TitleRegister | None = None,
    ) -> None:
        self.final, self.register = final, register
        self.year = year
        self.as_of = as_of or date(year, 12, 31)
        self.profiles = profiles if isinstance(profiles, Registry) else Registry(tuple(profiles))
        self.areas = areas.on(self.as_of)
        self.illustrative = illustrative

    def run(self, society: Society, *, progress: ProgressCallback = iter) -> Run:
        """Return a society evaluated bottom-up: each title after those it depends on.

        Args:
            society: the records and counts.
            progress: wraps the iteration over the subjects of each profile, to show progress.

        Raises:
            CampaignError: profiles depend on one another in a circle, an input counts members
                that such subjects do not have, or a declared total is invalid.
            ProfileError: the condition of an input on its members is invalid.
        """
        return Run(self, society, progress)


class Run:
    """A society being evaluated; `Campaign.run` makes it, `put` and `withdraw` correct it."""

    def __init__(self, setup: Campaign, society: Society, progress: ProgressCallback) -> None:
        self.year, self.as_of, self.areas = setup.year, setup.as_of, setup.areas
        self.final, self._register = setup.final, setup.register
        self._progress = progress
        self._places = SubjectPlaces(setup.areas)
        self._totals = DeclaredTotals(society.totals, self._places)
        self._tallies = Tallies(self._places, self._totals)
        self._cohorts = Cohorts(
            setup.profiles,
            self._places,
            as_of=setup.as_of,
            illustrative=setup.illustrative,
            is_reported=self._tallies.is_reported,
        )
        self._stages: tuple[Profile, ...] = ()
        self._sums = MemberSums(self._places, self._totals, setup.as_of)
        self._refused: dict[SubjectKey, Rejected] = {}
        self._repeated: dict[SubjectKey, list[Rejected]] = {}
        self._notes: list[Text] = []
        self._unmatched: set[tuple[Title, str, Title]] = set()
        self._bad_reports: list[Rejected] = []
        self._reports: list[AreaReport] = []
        self._evaluators: dict[StandardChain, Evaluator] = {}
        self._interned: dict[tuple[object, ...], tuple[SubjectOutcomes, MemberOutcome]] = {}
        self._load(society)

    # Results

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The profiles in use, each after those it depends on."""
        return self._stages

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """The rejected records and reports, ordered by title and id."""
        repeated = chain.from_iterable(self._repeated.values())
        rejected = chain(
            self._refused.values(), repeated, self._bad_reports, self._totals_below_count()
        )
        return tuple(sorted(rejected, key=lambda r: (r.title, r.id, r.code)))

    @property
    def differences(self) -> Iterator[Difference]:
        """The subjects for which the authority's decision differs from the computed result."""
        for key, case in self._places.cases.items():
            decision = case.record.decision
            levels = case.counted_as[1][1].levels if case.counted_as else ()
            if decision is None or not levels:
                continue
            decided = decision.level
            agrees = decided in levels if decided is not None else set(levels) != {None}
            if not agrees:
                yield Difference(title=key[0], id=key[1], computed=levels, decided=decided)

    def evaluation(self, title: Title, subject: str) -> Evaluation:
        """Return the full result of one subject; raises CampaignError if there is none."""
        case = self._places.cases.get((Title(title), subject))
        chain = _chain_of(case)
        if case is None or chain is None:
            raise CampaignError(_NO_RESULT)
        return self._evaluator(chain)(self._facts(case.record, chain), as_of=self.as_of)

    def rollup(
        self,
        title: Title,
        *,
        by: AreaLevel,
        level: AreaLevel | None = None,
        decided: bool = False,
    ) -> Rollup:
        """Return the totals of a title in the areas of one level.

        Args:
            title: the title.
            by: the level of areas to add up to.
            level: for communities, the level of those counted, such as villages.
            decided: whether to count the authorities' decisions instead of the computed verdicts.
        """
        return self._tallies.rollup((Title(title), level), by, decided=decided)

    def measure(
        self,
        measure: Measure | Target,
        *,
        by: AreaLevel,
        level: AreaLevel | None = None,
        inputs: Iterable[Input] = (),
        decided: bool = False,
    ) -> tuple[AreaMeasurement, ...]:
        """Return the values of a target's measure, or of your own one, in the areas of one level.

        A range covers every outcome of open results; the coverage is reported with it. For areas
        that send counts, a condition on subjects is open.

        Args:
            measure: a rate, a share under a condition, or a number of areas; or a target that has
                one. A condition uses the inputs of the profile that it names, or else of the
                profiles of the subjects.
            by: the level of the areas.
            level: for communities, the level of those counted; required if there are several.
            inputs: inputs of a condition beside those of a profile (`Record.answers`).
            decided: whether to count the authorities' decisions instead of the computed verdicts.

        Raises:
            CampaignError: it cannot be measured; the message gives the reason.
            ProfileError: the condition is invalid.
        """
        measures = self._measures(by, level, decided)
        if isinstance(measure, Target):
            return tuple(measures.measured(measure).values())
        return tuple(measures.of(measure, inputs).values())

    def attainment(
        self,
        targets: Iterable[Target],
        *,
        by: AreaLevel,
        level: AreaLevel | None = None,
        decided: bool = False,
    ) -> TargetResults:
        """Return the attainment of targets in the areas of one level, and which are not computable.

        Args:
            targets: the targets, such as those of a programme.
            by, level, decided: as for `measure`.
        """
        return self._measures(by, level, decided).attained(targets)

    def _measures(self, by: AreaLevel, level: AreaLevel | None, decided: bool) -> Measures:
        return Measures(
            places=self._places,
            tallies=self._tallies,
            facts_of=self._facts_of,
            as_of=self.as_of,
            by=by,
            level=level,
            decided=decided,
        )

    def groups(self) -> tuple[TitleGroup, ...]:
        """Return the titles that are counted, communities by their level."""
        return self._tallies.groups()

    def publish(self, *, on: date, after: Vintage | None = None, reason: str = "") -> Vintage:
        """Return the current counts as an immutable vintage; see `Vintage`.

        Args:
            on: the day of publication.
            after: the previous vintage; revisions of it are listed.
            reason: why it is published again; required with `after`.

        Raises:
            CampaignError: `after` is of another year or a later day, or the reason is missing.
        """
        return publish(
            dict(self._published_rows()),
            year=self.year,
            as_of=self.as_of,
            profiles=self.profiles,
            on=on,
            after=after,
            reason=reason,
        )

    def _published_rows(self) -> Iterator[tuple[VintageKey, Tally]]:
        levels = [level for level in AreaLevel if self.areas.at_level(level)]
        for title, community in self.groups():
            for by in levels:
                for row in self.rollup(title, by=by, level=community).rows:
                    yield (row.area.code, title, community), row.tally

    # Changes

    def put(self, records: Iterable[Record]) -> None:
        """Add late records and replace earlier ones; all results are updated."""
        touched: dict[SubjectKey, None] = {}
        for record in records:
            touched.update(dict.fromkeys(self._remove_from_counts(record.key)))
            self._places.put(record)
            touched[record.key] = None
        touched.update(dict.fromkeys(self._restore_ids(touched)))
        self._evaluate(touched)

    def withdraw(self, keys: Iterable[tuple[Title, str]]) -> None:
        """Remove records; raises CampaignError, without changes, if one does not exist."""
        listed = [(Title(title), subject) for title, subject in keys]
        if any(key not in self._places.cases for key in listed):
            raise CampaignError(_NOT_THERE)
        touched: dict[SubjectKey, None] = {}
        for key in listed:
            touched.update(dict.fromkeys(self._remove_from_counts(key)))
            self._places.withdraw(key)
        self._evaluate(touched)

    @property
    def notes(self) -> tuple[Text, ...]:
        """What was read differently than written: ids whose leading zeros were restored."""
        return tuple(self._notes)

    def _remove_from_counts(self, key: SubjectKey) -> list[SubjectKey]:
        """Remove a subject and those that move with it from all counts; return the latter."""
        self._repeated.pop(key, None)
        before = self._places.cases.get(key)
        moved = self._places.dependents(key)
        for case in moved if before is None else (before, *moved):
            self._refused.pop(case.record.key, None)
            self._sums.remove(case)
            self._tallies.remove(case)
            case.cohort = None
        return [case.record.key for case in moved]

    # Evaluation

    def _load(self, society: Society) -> None:
        for report, refusal in accepted_reports(society.reports, self._places):
            if refusal is None:
                self._tallies.add_report(report)
                self._reports.append(report)
            else:
                self._bad_reports.append(Rejected.of((report.title, report.area), refusal))
        for record in society.records:
            self._add(record)
        self._restore_ids(self._places.cases)
        self._evaluate(self._places.cases)

    def _add(self, record: Record) -> None:
        """Add a record; of several of one subject none is used, and each names another."""
        key = record.key
        earlier = self._places.cases.get(key)
        if earlier is None and key not in self._repeated:
            self._places.put(record)
            return
        refused = self._repeated.setdefault(key, [])
        if earlier is not None:
            self._places.withdraw(key)
            refused.append(_duplicate(earlier.record, record))
            refused.append(_duplicate(record, earlier.record))
        else:
            refused.append(Rejected.of(key, _same_as(refused[0].row, None), record.row))

    def _restore_ids(self, touched: Iterable[SubjectKey]) -> list[SubjectKey]:
        """Join subjects to holders whose ids certainly differ by leading zeros only.

        Return the subjects that moved; a note says how many. Where every reference exists, this
        costs a look at the touched subjects only.
        """
        cases, moved_keys = self._places.cases, list[SubjectKey]()
        for key in touched:
            for member, column, holder in _HELD_BY:
                if member is key[0] and key in cases:
                    name = getattr(cases[key].record.subject, column)
                    if name is not None and (holder, name) not in cases:
                        self._unmatched.add((member, column, holder))
        for member, column, holder in _HELD_BY:
            if (member, column, holder) not in self._unmatched:
                continue
            own = [case.record for key, case in cases.items() if key[0] is member]
            written = {getattr(record.subject, column) for record in own} - {None}
            ids = {name for title, name in (*cases, *self._repeated) if title is holder}
            restored = restored_ids(written, ids)
            moved = [record for record in own if getattr(record.subject, column) in restored]
            if not moved:
                continue
            for record in moved:
                name = restored[getattr(record.subject, column)]
                subject = evolve(record.subject, **{column: name})  # type: ignore[arg-type]
                moved_keys.extend(self._remove_from_counts(record.key))
                self._places.put(evolve(record, subject=subject))
                moved_keys.append(record.key)
            first = min((record.row for record in moved if record.row is not None), default=0)
            note = _RESTORED.format(
                number=count_label(len(moved)),
                column=column,
                members=member.label,
                holders=holder.label,
                row=first,
            )
            self._notes.append(note)
        return moved_keys

    def _evaluate(self, touched: Iterable[SubjectKey]) -> None:
        """Evaluate the remaining subjects and, bottom-up, all that depend on them."""
        known = self._places.cases
        cases: Collection[SubjectCase] = [known[key] for key in touched if key in known]
        self._assign_cohorts(cases)
        if self._register_profiles(self._cohorts.profiles):
            # Members evaluated before this profile was registered contribute to it as well.
            cases = known.values()
            self._assign_cohorts(cases)
        waiting: dict[Profile, dict[SubjectCase, None]] = {profile: {} for profile in self._stages}
        for case in cases:
            cohort = case.cohort
            if cohort is not None and cohort.profile is not None:
                waiting[cohort.profile][case] = None
            elif cohort is not None:
                self._count(case, cohort, NOT_EVALUATED, _OPEN, {})
        areas: dict[SubjectKey, None] = {}
        for profile, queue in waiting.items():
            codes = self._totals.pop_changed()
            areas.update(((Title.LEARNING_COMMUNITY, code), None) for code in codes)
            # A standard comes before the profiles that rest on it, which evaluate it.
            for key in (*self._sums.pop_changed(profile), *areas):
                chain = _chain_of(known.get(key))
                if chain is not None and profile in chain.profiles:
                    waiting[chain.profile][known[key]] = None
            self._evaluate_profile(queue)

    def _register_profiles(self, profiles: Collection[tuple[Profile, Title]]) -> bool:
        """Register new profiles; return whether earlier members must contribute to one of them.

        Args:
            profiles: the profiles, each with the title of the subjects that it evaluates.
        """
        new = set(profiles).difference(self._sums.profiles)
        if not new:
            return False
        stages = evaluation_order({profile for profile, _ in new}.union(self._stages))
        for profile, holders in new:
            for name, entry in members_of(profile).items():
                if entry.title not in HAS_MEMBERS[holders]:
                    text = _NO_MEMBERS.format(profile=profile.id, input=name, title=holders.label)
                    raise CampaignError(text)
        was_empty, self._stages = not self._stages, stages
        for profile in stages:
            for holders in sorted(title for one, title in new if one is profile):
                self._sums.add_profile(profile, holders)
        if not any(map(self._sums.has_member_inputs, new)):
            return False
        for report in self._reports:
            self._sums.add_report(report, new)
        return not was_empty

    def _assign_cohorts(self, cases: Iterable[SubjectCase]) -> None:
        """Assign cohorts to subjects that count; reject those that cannot be evaluated."""
        for case in cases:
            cohort = self._cohorts.of(case.record)
            refusal = _UNKNOWN_AREA if cohort is None else cohort.refusal
            if refusal is not None:
                self._refuse(case, refusal)
            if refusal is None or refusal.counted:
                case.cohort = cohort

    def _evaluate_profile(self, cases: Iterable[SubjectCase]) -> None:
        """Evaluate subjects of one profile and propagate the differences."""
        as_of, refused = self.as_of, self._refused
        for case in self._progress(cases):
            cohort, record = case.cohort, case.record
            # Only subjects that count are evaluated.
            assert cohort is not None
            assert cohort.chain is not None
            chain = cohort.chain
            facts: Mapping[str, object] = {}
            try:
                facts = self._facts(record, chain)
                result = self._evaluator(chain)(facts, as_of=as_of)
            except FactsError as error:
                self._refuse(case, Refusal(error.code, error.field, error.text, counted=True))
                own = chain.profile.document.inputs
                known = {name: value for name, value in facts.items() if name in own}
                self._count(case, cohort, NOT_EVALUATED, _OPEN, known)
            else:
                if refused:
                    refused.pop(record.key, None)
                if chain.standards:
                    facts = facts_of_profile(result, facts)
                self._count(case, cohort, *self._outcomes(chain.profile, result), facts)

    def _evaluator(self, chain: StandardChain) -> Evaluator:
        evaluator = self._evaluators.get(chain)
        if evaluator is None:
            evaluator = Evaluator(chain.profile, chain.standards, final=self.final)
            self._evaluators[chain] = evaluator
        return evaluator

    def _count(
        self,
        case: SubjectCase,
        cohort: Cohort,
        outcomes: SubjectOutcomes,
        outcome: MemberOutcome,
        facts: Mapping[str, object],
    ) -> None:
        """Update the counts and the contributions of a subject."""
        self._tallies.replace(case, cohort, outcomes)
        self._sums.replace(case, cohort, outcome, facts)

    def _refuse(self, case: SubjectCase, refusal: Refusal) -> None:
        key = case.record.key
        self._refused[key] = Rejected.of(key, refusal, case.record.row)

    def _facts(self, record: Record, chain: StandardChain) -> Mapping[str, object]:
        """Return the facts of a subject for a chain, with those derived from its members."""
        written, known = record.untyped, record.facts
        if written is not None:
            known = written.read(chain.profile)
            for profile in chain.standards:
                known = {**known, **written.read(profile)}
        for profile in chain.profiles:
            known = self._sums.facts(record, known, profile)
        if self._register is None:
            return known
        subject = record.key[1]
        return facts_with_register(chain.profile, known, self._register, subject, self.as_of)

    def _facts_of(self, record: Record, profile: Profile) -> Mapping[str, object]:
        """Return the facts of a subject for its profile, with the results of standards."""
        chain = _chain_of(self._places.cases.get(record.key))
        assert chain is not None
        assert chain.profile is profile
        facts = self._facts(record, chain)
        if not chain.standards:
            return facts
        return facts_of_profile(self._evaluator(chain)(facts, as_of=self.as_of), facts)

    def _outcomes(
        self, profile: Profile, result: Evaluation
    ) -> tuple[SubjectOutcomes, MemberOutcome]:
        """Return the outcomes of a result; equal results share objects."""
        levels, index = result.levels_possible, result.plan.points
        lower, upper = result.lows[index], result.highs[index]
        key = (profile.hash, levels, lower, upper)
        interned = self._interned.get(key)
        if interned is None:
            ladder = tuple(level.id for level in profile.document.levels)
            points = Points(profile.hash, profile.points(lower), profile.points(upper))
            interned = self._interned[key] = (
                SubjectOutcomes(levels, points),
                MemberOutcome(levels, ladder),
            )
        return interned

    def _totals_below_count(self) -> Iterator[Rejected]:
        """Yield the declared totals that are below the number of records."""
        for title in self._totals.titles:
            for code, missing in self._totals.excess(title):
                if missing < 0:
                    yield Rejected.of((title, code), _TOTAL_TOO_LOW)


def _chain_of(case: SubjectCase | None) -> StandardChain | None:
    return case.cohort.chain if case is not None and case.cohort is not None else None


_OPEN = MemberOutcome((), ())
_NO_RESULT = Text(
    vi="Không có kết quả của đối tượng này; xem 'rejected' để biết lý do.",
    en="There is no result for this subject; see 'rejected' for the reason.",
)
_NOT_THERE = Text(
    vi="Không thể rút hồ sơ không tồn tại; không có gì thay đổi.",
    en="Cannot withdraw a record that does not exist; nothing was changed.",
)


def _duplicate(record: Record, other: Record) -> Rejected:
    """Return the rejection of a record of which there is another."""
    differing = next(
        (
            column
            for member, column, _ in _HELD_BY
            if member is record.key[0]
            and getattr(record.subject, column) != getattr(other.subject, column)
        ),
        None,
    )
    return Rejected.of(record.key, _same_as(other.row, differing), record.row)


def _same_as(row: int | None, column: str | None) -> Refusal:
    text = _DUPLICATE if row is None else _DUPLICATE_ROW.format(row=row)
    if column is not None:
        text = join([text, _IN_TWO.format(column=column)])
    return Refusal("duplicate", column, text)


_HELD_BY = (
    (Title.LEARNING_CITIZEN, "household", Title.LEARNING_HOUSEHOLD),
    (Title.LEARNING_CITIZEN, "unit", Title.LEARNING_UNIT),
    (Title.LEARNING_HOUSEHOLD, "clan", Title.LEARNING_CLAN),
)
"""The subjects that refer to another by its id, the column, and which subject it is."""

_DUPLICATE = Text(
    vi="Đối tượng có nhiều hồ sơ; không hồ sơ nào được dùng. Hãy chỉ giữ lại một.",
    en="The subject has several records; none of them is used. Keep only one.",
)
_DUPLICATE_ROW = Text(
    vi="Đối tượng còn có ở dòng {row}; không dòng nào được dùng. Hãy chỉ giữ lại một.",
    en="The subject is also in row {row}; none of these rows is used. Keep only one.",
)
_IN_TWO = Text(
    vi="Hai dòng ghi {column} khác nhau.",
    en="The two rows give a different {column}.",
)
_RESTORED = Text(
    vi="{members}: {number} dòng có {column} chỉ khác mã của bảng {holders} ở các số 0 ở đầu, nên "
    "được coi là cùng một mã (dòng đầu tiên: {row}); hãy lưu cột mã của cả hai bảng dưới dạng văn "
    "bản.",
    en="{members}: rows whose {column} differs from the ids in the table {holders} only by leading "
    "zeros: {number} (first row: {row}). They are treated as the same id. Save the id columns of "
    "both tables as text.",
)
_UNKNOWN_AREA = Refusal(
    "unknown_area",
    "area",
    Text(
        vi="Không xác định được địa bàn của đối tượng: hộ, thôn hoặc xã được nêu không có trong "
        "dữ liệu, hoặc ở các dòng không được dùng.",
        en="The area of the subject is unknown: its household, village or commune is not in the "
        "data, or is in rows that are not used.",
    ),
)
_TOTAL_TOO_LOW = Refusal(
    "total_below",
    "total",
    Text(
        vi="Tổng số đã khai nhỏ hơn số đối tượng có hồ sơ hoặc có trong số tổng hợp; số đối tượng "
        "được dùng. Hãy kiểm tra lại tổng số.",
        en="The declared total is less than the number of subjects with records or counts; that "
        "number is used. Check the total.",
    ),
    counted=True,
)
_NO_MEMBERS = Text(
    vi="Bộ tiêu chí {profile}, đầu vào '{input}': đối tượng của {title} không có thành viên như "
    "vậy.",
    en="Profile {profile}, input '{input}': subjects of {title} have no such members.",
)
