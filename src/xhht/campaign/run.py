"""A campaign under way: what every subject comes to, kept right by differences.

The first evaluation and every later change go the same way: what changed is judged again, stage by
stage from below, and each difference is carried to those that rest on it. So late records,
corrections and withdrawals end where a fresh start with the same records would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import field, frozen

from xhht.campaign._sums import MemberSums
from xhht.campaign._tallies import NOT_JUDGED, Standing, Tallies, accepted_reports
from xhht.campaign.members import Outcome
from xhht.campaign.order import evaluation_order, members_of
from xhht.campaign.places import HAS_MEMBERS, Places
from xhht.campaign.society import AreaReport, Key, Record, Society, kind_of
from xhht.campaign.vintage import Vintage, publish
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.errors import CampaignError, FactsError, ProfileNotFoundError
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
        self._registry, self._illustrative = profiles, illustrative
        self._places = Places(areas)
        self._chosen: dict[tuple[object, ...], Profile | ProfileNotFoundError] = {}
        self._stages: tuple[Profile, ...] = ()
        self._profile_of: dict[Key, Profile] = {}
        self._sums = MemberSums(self._places)
        self._tallies = Tallies(self._places, society.totals)
        self._rejected: dict[tuple[str, Key], Rejected] = {}
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
        return tuple(sorted(self._rejected.values(), key=lambda r: (r.title, r.id, r.code)))

    @property
    def differences(self) -> Iterator[Difference]:
        """Where the authorities decided otherwise than the criteria come to."""
        for key, record in self._places.records.items():
            decision, standing = record.decision, self._tallies.standing(key)
            if decision is None or standing is None or not standing.levels:
                continue
            decided = decision.level
            agrees = (
                decided in standing.levels
                if decided is not None
                else any(level is not None for level in standing.levels)
            )
            if not agrees:
                yield Difference(title=key[0], id=key[1], computed=standing.levels, decided=decided)

    def evaluation(self, title: Title, subject: str) -> Evaluation:
        """Return the whole result of one subject; raises CampaignError when there is none."""
        key = (Title(title), subject)
        if key not in self._profile_of:
            raise CampaignError(_NO_RESULT)
        return evaluator_for(self._profile_of[key])(self._facts(key), as_of=self.as_of)

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
        reports = self._tallies.tallies((Title(title), level), decided=decided)
        return rollup(reports, self.areas, by=by, titles=[Title(title)], subjects=True)

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
            before = self._places.records.get(record.key)
            touched.update(dict.fromkeys(self._around(record.key)))
            if before is not None:
                self._take_out(before.key)
            self._rejected.pop(("duplicate", record.key), None)
            self._places.put(record)
            touched[record.key] = None
        self._judge(touched)

    def withdraw(self, keys: Iterable[tuple[Title, str]]) -> None:
        """Take records out; raises CampaignError for one that is not there, and changes nothing."""
        listed = [(Title(title), subject) for title, subject in keys]
        if any(key not in self._places.records for key in listed):
            raise CampaignError(_NOT_THERE)
        touched: dict[Key, None] = {}
        for key in listed:
            touched.update(dict.fromkeys(self._around(key)))
            self._take_out(key)
            self._rejected.pop(("duplicate", key), None)
            self._places.withdraw(key)
            touched.pop(key, None)
        self._judge([key for key in touched if key in self._places.records])

    def _around(self, key: Key) -> Iterator[Key]:
        """Yield those who move with a subject, taken out of where they are."""
        for one in tuple(self._places.moved_with(key)):
            self._take_out(one)
            yield one

    def _take_out(self, key: Key) -> None:
        self._rejected.pop(("record", key), None)
        self._profile_of.pop(key, None)
        self._sums.remove(key)
        self._tallies.remove(key)

    # Evaluation

    def _load(self, society: Society) -> None:
        for report, fault in accepted_reports(society.reports, self._places):
            if fault is None:
                self._tallies.add_report(report)
                self._reports.append(report)
            else:
                at = (report.title, report.area)
                self._rejected["report", at] = Rejected(
                    title=at[0], id=at[1], code=fault[0], field="area", text=fault[1], counted=False
                )
        touched: dict[Key, None] = {}
        for record in society.records:
            if record.key in touched:
                title, subject = record.key
                self._rejected["duplicate", record.key] = Rejected(
                    title=title,
                    id=subject,
                    code="duplicate",
                    field=None,
                    text=_DUPLICATE,
                    counted=False,
                )
            else:
                self._places.put(record)
                touched[record.key] = None
        self._judge(touched)

    def _judge(self, touched: Iterable[Key]) -> None:
        """Judge subjects and whoever rests on them, from below."""
        chosen = {key: self._choose(key) for key in touched}
        if self._know({profile for profile in chosen.values() if profile is not None}):
            # Members that were judged before a new profile asks for them give to it as well.
            chosen = {key: self._choose(key) for key in self._places.records}
        waiting: dict[Profile, dict[Key, None]] = {}
        for key, profile in chosen.items():
            if profile is not None:
                self._profile_of[key] = profile
                waiting.setdefault(profile, {})[key] = None
            elif self._tallies.standing(key) is not None:
                record = self._places.records[key]
                self._sums.replace(key, record, _OPEN, record.facts, None)
        for profile in self._stages:
            queue = waiting.pop(profile, {})
            changed = self._sums.take_changed(profile)
            queue.update((key, None) for key in changed if self._profile_of.get(key) is profile)
            for key in queue:
                self._settle(key, profile)

    def _know(self, profiles: set[Profile]) -> bool:
        """Take in profiles; return whether earlier members must give to one of them."""
        new = profiles.difference(self._stages)
        if not new:
            return False
        stages = evaluation_order(profiles.union(self._stages))
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

    def _choose(self, key: Key) -> Profile | None:
        """Return the profile of a subject; None, and a rejection, where there is none."""
        record = self._places.records[key]
        area = self._places.area_of(record)
        if area is None:
            self._refuse(key, "unknown_area", "area", _NOWHERE, counted=False)
            return None
        if self._tallies.is_reported(key, record, area):
            self._refuse(key, "reported_area", "area", _REPORTED, counted=False)
            return None
        kind = kind_of(record)
        asked = (key[0], area, *sorted(kind.items()))
        found = self._chosen.get(asked)
        if found is None:
            try:
                found = self._registry.resolve(
                    key[0],
                    as_of=self.as_of,
                    area=self._places.path(area),
                    applies_to=kind,
                    illustrative=self._illustrative,
                )
            except ProfileNotFoundError as fault:
                found = fault
            self._chosen[asked] = found
        if isinstance(found, Profile):
            return found
        self._refuse(key, "no_profile", None, found.text, counted=True)
        self._tallies.replace(key, record, NOT_JUDGED)
        return None

    def _settle(self, key: Key, profile: Profile) -> None:
        """Judge one subject and carry the difference on."""
        record = self._places.records[key]
        facts: Mapping[str, object] = record.facts
        standing, outcome = NOT_JUDGED, _OPEN
        try:
            facts = self._facts(key)
            result = evaluator_for(profile)(facts, as_of=self.as_of)
        except FactsError as fault:
            self._refuse(key, fault.code, fault.field, fault.text, counted=True)
        else:
            self._rejected.pop(("record", key), None)
            standing, outcome = self._standing(profile, result)
        self._tallies.replace(key, record, standing)
        self._sums.replace(key, record, outcome, facts, (profile, self.as_of))

    def _facts(self, key: Key) -> Mapping[str, object]:
        """Return the facts of a subject with those that come from its members."""
        return self._sums.facts(key, self._places.records[key], self._profile_of[key])

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

    def _refuse(self, key: Key, code: str, where: str | None, text: Text, *, counted: bool) -> None:
        self._rejected["record", key] = Rejected(
            title=key[0], id=key[1], code=code, field=where, text=text, counted=counted
        )


_OPEN = Outcome((), ())
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
_NOWHERE = Text(
    vi="Không biết đối tượng ở đâu: hộ, thôn hoặc xã được nêu không có trong dữ liệu.",
    en="It is not known where the subject is: "
    "its household, village or commune is not in the data.",
)
_REPORTED = Text(
    vi="Khu vực này, hoặc khu vực chứa nó, đã gửi số tổng hợp cho danh hiệu này; "
    "hãy bỏ số tổng hợp hoặc bỏ hồ sơ.",
    en="The area, or one that holds it, sends counts for this title; "
    "take out the counts or the record.",
)
_NO_MEMBERS = Text(
    vi="Bộ tiêu chí {profile}, đầu vào '{input}': "
    "đối tượng của {title} không có thành viên như vậy.",
    en="Profile {profile}, input '{input}': a subject of {title} has no such members.",
)
