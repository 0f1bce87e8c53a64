"""Titles through time: current holders, lapses, and candidates for a higher level.

All results depend only on the recorded decisions and a given day; the clock is never read. In the
documentation this is "Titles through time".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from attrs import field, frozen

from xhht.dates import add_months
from xhht.domain.people import ID, LevelId, SubjectId
from xhht.domain.recognitions import Recognition
from xhht.domain.titles import Title
from xhht.domain.validators import clean, join_errors, one_of, require_day, whole_number
from xhht.errors import DomainError
from xhht.text import Text, match_key

__all__ = ["HeldTitle", "Lapse", "Standing", "TitleRegister", "Upgradable", "UpgradeRule"]


@frozen
class HeldTitle:
    """A title that is held on a day.

    Attributes:
        recognition: the decision that applies.
        superseded: other decisions in force on that day, the best first.
    """

    recognition: Recognition
    superseded: tuple[Recognition, ...] = ()


@frozen
class Lapse:
    """The end of a title, or of a level of it.

    Attributes:
        recognition: the decision that applied on the last day.
        first_day_without: the first day on which it is no longer valid.
        then: the decision of another level that applies from that day on, or None if the title is
            no longer held.
    """

    recognition: Recognition
    first_day_without: date
    then: Recognition | None = None

    @property
    def last_day(self) -> date:
        """The last day on which it is valid."""
        return self.first_day_without - _A_DAY

    @property
    def revoked(self) -> bool:
        """Whether it ends because the decision is revoked."""
        return self.first_day_without == self.recognition.revoked_on


@frozen(kw_only=True)
class UpgradeRule:
    """The rule that a level may follow a lower one held for some months.

    Attributes:
        title: the title.
        level: the id of the next level.
        held: the id of the lower level.
        months: calendar months for which the lower level must have been held.
    """

    title: Title = field(validator=one_of(Title))
    level: LevelId = field(converter=clean, validator=ID)
    held: LevelId = field(converter=clean, validator=ID)
    months: int = field(validator=whole_number(0, 1200))

    def __attrs_post_init__(self) -> None:
        if self.level == self.held:
            raise DomainError(_SAME_LEVEL)


@frozen
class Upgradable:
    """A holder who may be considered for a higher level.

    Attributes:
        recognition: the decision that applies on the day.
        rule: the rule that is fulfilled.
        held_since: the first day from which the lower level has been held without a gap.
    """

    recognition: Recognition
    rule: UpgradeRule
    held_since: date

    @property
    def first_day(self) -> date:
        """The first day on which the rule is fulfilled."""
        return add_months(self.held_since, self.rule.months)


@frozen(kw_only=True)
class Standing:
    """The status of titles on a day.

    Attributes:
        on: the day.
        held: the titles held.
        lapsing: the titles that end in the calendar year of the day.
        upgradable: the holders who may be considered for a higher level.
    """

    on: date
    held: tuple[HeldTitle, ...]
    lapsing: tuple[Lapse, ...]
    upgradable: tuple[Upgradable, ...]


class TitleRegister:
    """The recorded decisions, checked; their order is irrelevant.

    A title and a subject may have several decisions in force on one day. The one of the highest
    level applies if the title has a ladder, else the latest; of one level, the latest.

    Args:
        recognitions: the decisions, of any titles.
        ladders: level ids by title, best first, as in a profile. A ladder must contain all levels
            of its title that the decisions name.

    Raises:
        DomainError: gives the position of every invalid decision: a duplicate, one whose level is
            not on its title's ladder, and one of the same day as another of a different level if
            no ladder ranks them.

    >>> register = TitleRegister([
    ...     Recognition(
    ...         title=Title.LEARNING_UNIT,
    ...         subject="u1",
    ...         level="level_1",
    ...         decided_on=date(2024, 3, 15),
    ...         document="12/QĐ-UBND",
    ...         authority="UBND tỉnh",
    ...         valid_months=36,
    ...     )
    ... ])
    >>> standing = register.standing(date(2027, 1, 1))
    >>> [held.recognition.level for held in standing.held]
    ['level_1']
    >>> [lapse.first_day_without.isoformat() for lapse in standing.lapsing]
    ['2027-03-15']
    """

    def __init__(
        self,
        recognitions: Iterable[Recognition],
        *,
        ladders: Mapping[Title, Sequence[str]] | None = None,
    ) -> None:
        listed = tuple(recognitions)
        self._ranks = {title: _ranks(title, ladder) for title, ladder in (ladders or {}).items()}
        errors = [*self._errors(listed)]
        if errors:
            raise DomainError(join_errors(errors))
        holders: dict[tuple[Title, SubjectId], list[Recognition]] = {}
        for recognition in sorted(listed, key=self._order):
            holders.setdefault((recognition.title, recognition.subject), []).append(recognition)
        self._histories = tuple(holders.values())
        self._history_of = holders
        self._without_zeros = {
            (title, subject.lstrip("0")) for title, subject in holders if subject.isdecimal()
        }

    def standing(self, on: date, rules: Iterable[UpgradeRule] = ()) -> Standing:
        """Return the titles held on a day, those that lapse that year, and possible upgrades.

        Args:
            on: the day.
            rules: as for `upgradable`; without rules there are no upgrades.

        Raises:
            DomainError: as for `upgradable`.
        """
        return Standing(
            on=on,
            held=self.held(on),
            lapsing=self.lapsing(year=on.year),
            upgradable=self.upgradable(on, rules),
        )

    def held(self, on: date) -> tuple[HeldTitle, ...]:
        """Return the titles held on a day, in order of title and subject."""
        require_day(on)
        titles = (_held(history, on) for history in self._histories)
        return tuple(title for title in titles if title is not None)

    def held_since(
        self, title: Title, subject: str, levels: Collection[str], on: date
    ) -> date | None:
        """Return the first day from which a subject holds one of some levels without a gap.

        None if it holds none of them on the day.

        Args:
            title: the title.
            subject: the id or code of the holder.
            levels: the ids of the levels; a renewal or another of them continues the period.
            on: the day.

        Raises:
            DomainError: `on` is not a date.
        """
        require_day(on)
        return _held_since(self._history(title, subject), levels, on)

    def misses_zeros(self, title: Title, subject: str) -> bool:
        """Return whether only leading zeros tell a code without decisions from one that has some.

        Spreadsheets take codes for numbers and drop their zeros.

        Args:
            title: the title.
            subject: the id of the subject.
        """
        if self._history(title, subject) or not subject.isdecimal():
            return False
        return (title, subject.lstrip("0")) in self._without_zeros

    def holds_other(self, title: Title, subject: str, levels: Collection[str], on: date) -> bool:
        """Return whether a decision in force on a day names none of some levels.

        Args:
            title: the title.
            subject: the id of the subject.
            levels: the ids of the levels.
            on: the day.

        Raises:
            DomainError: `on` is not a date.
        """
        require_day(on)
        history = self._history(title, subject)
        return any(entry.holds_on(on) and entry.level not in levels for entry in history)

    def _history(self, title: Title, subject: str) -> Sequence[Recognition]:
        return self._history_of.get((title, SubjectId(clean(subject))), ())

    def lapsing(
        self,
        *,
        year: int | None = None,
        first_day: date | None = None,
        last_day: date | None = None,
    ) -> tuple[Lapse, ...]:
        """Return the titles that end within a period, in order of day, title and subject.

        A title renewed at its level or a higher one before it ends, or on the first day without it,
        does not lapse. One whose level falls back to that of another decision does.

        Args:
            year: a calendar year; or else
            first_day: the first day that may be the last on which a title is held, and
            last_day: the last such day. A title held until 31 December lapses in that year.

        Raises:
            DomainError: neither a year nor two days in order.
        """
        start, end = _period(year, first_day, last_day)
        lapses = [
            lapse
            for history in self._histories
            for lapse in self._lapses(history)
            if start <= lapse.last_day <= end
        ]
        return tuple(sorted(lapses, key=lambda lapse: lapse.first_day_without))

    def lapsed(self, on: date) -> tuple[Lapse, ...]:
        """Return the last lapse of each title that was held before a day but is not held on it.

        In order of title and subject.
        """
        require_day(on)
        lapses = []
        for history in self._histories:
            if _held(history, on) is None:
                ends = (lapse for lapse in self._lapses(history) if lapse.last_day < on)
                last_lapse = max(ends, key=lambda lapse: lapse.first_day_without, default=None)
                lapses += [last_lapse] if last_lapse else []
        return tuple(lapses)

    def upgradable(self, on: date, rules: Iterable[UpgradeRule]) -> tuple[Upgradable, ...]:
        """Return who has held a lower level for the months that a rule requires, in order of title.

        The lower level is held on the day and was held without a gap for these months; renewals
        continue the period. Holders of the next level, or of a higher one by the ladder, are
        excluded. Whether the criteria of the next level are met requires an evaluation.

        Args:
            on: the day.
            rules: from the `requires` of a profile's levels.

        Raises:
            DomainError: a rule whose levels are not on the title's ladder in that order.
        """
        require_day(on)
        listed_rules = tuple(rules)
        for position, rule in enumerate(listed_rules, 1):
            self._check_rule(rule, position)
        upgradable = []
        for history in self._histories:
            current = _held(history, on)
            for rule in listed_rules if current else ():
                since = _held_since(history, (rule.held,), on)
                if current and since and self._is_fulfilled(rule, current.recognition, since, on):
                    upgradable.append(Upgradable(current.recognition, rule, since))
        return tuple(upgradable)

    def _is_fulfilled(self, rule: UpgradeRule, now: Recognition, since: date, on: date) -> bool:
        if now.title is not rule.title or self._is_at_least(now.title, now.level, rule.level):
            return False
        return add_months(since, rule.months) <= on

    def _is_at_least(self, title: Title, level: str | None, other: str | None) -> bool:
        """Return whether a level equals the other one or is above it on the ladder."""
        ranks = self._ranks.get(title)
        if ranks is None or level is None or other is None:
            return level == other
        return ranks[level] <= ranks[other]

    def _lapses(self, history: Sequence[Recognition]) -> Iterator[Lapse]:
        for recognition in history:
            end = recognition.valid_until
            if end is None or end <= recognition.decided_on:
                continue
            before = _held(history, end - _A_DAY)
            after = _held(history, end)
            then = after.recognition if after else None
            continues = then is not None and self._is_at_least(
                recognition.title, then.level, recognition.level
            )
            if before is not None and before.recognition is recognition and not continues:
                yield Lapse(recognition, end, then)

    def _order(self, recognition: Recognition) -> tuple[int | str, ...]:
        """Return a sort key: for one title and subject, the decision that applies is first."""
        end = recognition.valid_until or date.max
        return (
            _TITLE_RANKS[recognition.title],
            recognition.subject,
            self._ranks.get(recognition.title, {}).get(recognition.level or "", 0),
            -recognition.decided_on.toordinal(),
            -end.toordinal(),
            recognition.document,
            recognition.authority,
        )

    def _errors(self, recognitions: Sequence[Recognition]) -> Iterator[Text]:
        decisions: dict[object, int] = {}
        days: dict[object, tuple[int, str | None]] = {}
        for position, recognition in enumerate(recognitions, 1):
            if not isinstance(recognition, Recognition):
                yield _NO_RECOGNITION.format(place=position)
                continue
            subject = (recognition.title, recognition.subject)
            decision_key = (
                recognition.document,
                recognition.decided_on.year,
                match_key(recognition.authority),
            )
            first = decisions.setdefault((subject, decision_key), position)
            if first != position:
                yield _TWICE.format(place=position, first=first)
                continue
            ranks = self._ranks.get(recognition.title)
            if ranks is not None and recognition.level not in ranks:
                yield _NOT_ON_LADDER.format(place=position, title=recognition.title.label)
            if recognition.revoked_on == recognition.decided_on:
                continue
            first, level = days.setdefault(
                (subject, recognition.decided_on), (position, recognition.level)
            )
            if ranks is None and level != recognition.level:
                yield _ONE_DAY.format(place=position, first=first, title=recognition.title.label)

    def _check_rule(self, rule: UpgradeRule, position: int) -> None:
        ranks = self._ranks.get(rule.title)
        if ranks is None:
            return
        if not ranks.get(rule.level, len(ranks)) < ranks.get(rule.held, -1):
            raise DomainError(_RULE_OFF_LADDER.format(place=position, title=rule.title.label))


def _ranks(title: Title, ladder: Sequence[str]) -> dict[str, int]:
    if not isinstance(title, Title) or isinstance(ladder, str):
        raise DomainError(_NO_LADDER)
    levels = [clean(level) for level in ladder]
    if not levels or len({*levels}) != len(levels) or any(ID.error_of(level) for level in levels):
        raise DomainError(_BAD_LADDER.format(title=title.label))
    return {level: rank for rank, level in enumerate(levels)}


def _held(recognitions: Sequence[Recognition], on: date) -> HeldTitle | None:
    in_force = [recognition for recognition in recognitions if recognition.holds_on(on)]
    return HeldTitle(in_force[0], tuple(in_force[1:])) if in_force else None


def _held_since(
    recognitions: Sequence[Recognition], levels: Collection[str], on: date
) -> date | None:
    """Return the first day from which levels are held up to `on` without a gap, or None."""
    of_level = [
        decision
        for decision in recognitions
        if decision.level in levels and decision.decided_on <= on
    ]
    if not any(decision.holds_on(on) for decision in of_level):
        return None
    since = covered_until = date.min
    for decision in sorted(of_level, key=lambda decision: decision.decided_on):
        if covered_until < decision.decided_on:
            since = decision.decided_on
        covered_until = max(covered_until, decision.valid_until or date.max)
    return since


def _period(year: int | None, first_day: date | None, last_day: date | None) -> tuple[date, date]:
    if (year is None) is (first_day is None and last_day is None):
        raise DomainError(_NO_PERIOD)
    if year is not None:
        _YEAR.check("year", year)
        return date(year, 1, 1), date(year, 12, 31)
    if first_day is None or last_day is None:
        raise DomainError(_NO_PERIOD)
    require_day(first_day)
    require_day(last_day)
    if last_day < first_day:
        raise DomainError(_ENDS_FIRST)
    return first_day, last_day


_A_DAY = timedelta(days=1)
_TITLE_RANKS = {title: rank for rank, title in enumerate(Title)}
_YEAR = whole_number(1, date.max.year)
_NO_RECOGNITION = Text(
    vi="Mục thứ {place} trong danh sách không phải là Recognition; hãy đọc bằng from_dict.",
    en="Item {place} of the list is not a Recognition; read it with from_dict.",
)
_TWICE = Text(
    vi="Quyết định thứ {place} trong danh sách bị trùng với quyết định thứ {first} (cùng danh "
    "hiệu, đối tượng, cơ quan, số và năm); hãy giữ lại một.",
    en="Decision {place} of the list is a duplicate of decision {first} (same title, subject, "
    "authority, number and year); keep one.",
)
_NOT_ON_LADDER = Text(
    vi="Quyết định thứ {place} trong danh sách có mức độ không nằm trong thứ bậc mức độ của danh "
    "hiệu {title}; hãy sửa mức độ hoặc bổ sung vào thứ bậc.",
    en="Decision {place} of the list has a level that is not on the ladder of the title {title}; "
    "correct the level or add it to the ladder.",
)
_ONE_DAY = Text(
    vi="Quyết định thứ {place} và thứ {first} trong danh sách được ban hành cùng ngày cho cùng "
    "đối tượng nhưng khác mức độ; hãy bỏ quyết định ghi nhầm hoặc cho biết thứ bậc mức độ của "
    "danh hiệu {title}.",
    en="Decisions {place} and {first} of the list have the same date and subject but different "
    "levels; remove the wrong one or give a ladder for the title {title}.",
)
_NO_LADDER = Text(
    vi="ladders: phải cho mỗi Title một danh sách mã mức độ.",
    en="ladders: each Title needs a list of level ids.",
)
_BAD_LADDER = Text(
    vi="ladders: thứ bậc của danh hiệu {title} phải gồm các mã mức độ khác nhau, mức cao nhất "
    "đứng đầu.",
    en="ladders: the ladder of the title {title} must contain different level ids, best first.",
)
_RULE_OFF_LADDER = Text(
    vi="Quy tắc thứ {place}: cả hai mức độ phải nằm trong thứ bậc của danh hiệu {title}, và mức "
    "đang giữ phải thấp hơn mức được xét.",
    en="Rule {place}: both levels must be on the ladder of the title {title}, and the held level "
    "must be below the next level.",
)
_SAME_LEVEL = Text(
    vi="held: mức độ đang giữ phải khác mức độ được xét (level).",
    en="held: must differ from the next level (level).",
)
_NO_PERIOD = Text(
    vi="Hãy cho biết một năm (year), hoặc cả ngày đầu và ngày cuối (first_day, last_day).",
    en="Give a year (year), or both a first and a last day (first_day, last_day).",
)
_ENDS_FIRST = Text(
    vi="last_day: ngày cuối không được trước ngày đầu (first_day).",
    en="last_day: the last day must not be before the first (first_day).",
)
