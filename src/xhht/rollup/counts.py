"""The counts of one report, their order, and the bounds that given counts imply for blank ones.

The order is total >= registered >= assessed >= recognised + undetermined. Which bounds hold for a
blank count depends only on which counts are given, and every bound is linear, so what holds for
one report holds for the sums of all reports that give the same counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypedDict

from attrs import frozen

from xhht.issues import Issue, RowIssueCode
from xhht.numbers import count_range_in_words
from xhht.text import Text

__all__ = ["DENOMINATORS", "Bounds", "BoundsDict", "Count", "Counts"]


class Count(StrEnum):
    """A count of subjects in a report, from the widest to the narrowest."""

    TOTAL = "total"
    REGISTERED = "registered"
    ASSESSED = "assessed"
    RECOGNISED = "recognised"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> Text:
        """The display name of the count."""
        return _LABELS[self]


DENOMINATORS = (Count.TOTAL, Count.REGISTERED, Count.ASSESSED)
"""The counts that are denominators; each contains the ones after it."""

_COUNTS = tuple(Count)
_VERDICTS = (None, "recognised", "not_recognised", "undetermined")
_LABELS = {
    Count.TOTAL: Text(vi="tổng số", en="total"),
    Count.REGISTERED: Text(vi="số đăng ký", en="registered"),
    Count.ASSESSED: Text(vi="số được đánh giá", en="assessed"),
    Count.RECOGNISED: Text(vi="số được công nhận", en="recognised"),
    Count.UNDETERMINED: Text(vi="số chưa xác định", en="undetermined"),
}


class BoundsDict(TypedDict):
    """A range of a count in JSON; `max` is None if it is unbounded."""

    min: int
    max: int | None


@frozen
class Bounds:
    """The possible values of a count: from `lower` to `upper`, which is None if unbounded."""

    lower: int
    upper: int | None

    @property
    def text(self) -> Text:
        """The bounds in words.

        >>> Bounds(3, None).text.en, Bounds(3, 3).text.en, Bounds(3, 1200).text.vi
        ('3 or more', '3', 'từ 3 đến 1.200')
        """
        return count_range_in_words(self.lower, self.upper)

    def to_dict(self) -> BoundsDict:
        """Return the bounds as JSON data."""
        return {"min": self.lower, "max": self.upper}


@frozen(kw_only=True)
class Counts:
    """The counts of one report, or of several that give the same counts; None is not reported.

    A report that gives `recognised` and leaves `undetermined` blank is read as the authority's
    own final count: nothing in it is open.

    >>> Counts(total=100, recognised=40).bounds(Count.REGISTERED)
    Bounds(lower=40, upper=100)
    >>> [fault.field for fault in Counts(total=100, recognised=140).faults()]
    ['recognised']
    """

    total: int | None = None
    registered: int | None = None
    assessed: int | None = None
    recognised: int | None = None
    undetermined: int | None = None

    @classmethod
    def of(cls, given: Mapping[Count, int]) -> Counts:
        """Return the counts in `given`; those not in it are not reported."""
        return cls(**{count.value: number for count, number in given.items()})

    @classmethod
    def of_subject(cls, verdict: str | None, *, registered: bool | None = None) -> Counts:
        """Return the counts of one subject; verdict None: only its existence is known.

        A subject known not to be registered was not assessed, whatever its verdict.

        Raises:
            ValueError: no such verdict.
        """
        if verdict not in _VERDICTS:
            raise ValueError("a verdict is recognised, not_recognised or undetermined")
        if registered is False:
            return cls(total=1, registered=0, assessed=0, recognised=0, undetermined=0)
        registered_count = None if registered is None else 1
        if verdict is None:
            return cls(total=1, registered=registered_count)
        return cls(
            total=1,
            registered=registered_count,
            assessed=1,
            recognised=int(verdict == "recognised"),
            undetermined=int(verdict == "undetermined"),
        )

    def get(self, count: Count) -> int | None:
        """Return one count, None when it is not reported."""
        number: int | None = getattr(self, count)
        return number

    @property
    def given(self) -> dict[Count, int]:
        """The counts that are reported, widest first."""
        numbers = (
            self.total,
            self.registered,
            self.assessed,
            self.recognised,
            self.undetermined,
        )
        pairs = zip(_COUNTS, numbers, strict=True)
        return {count: number for count, number in pairs if number is not None}

    @property
    def recognised_or_undetermined(self) -> int:
        """Recognised plus undetermined; a count not reported adds 0."""
        return (self.recognised or 0) + (self.undetermined or 0)

    def bounds(self, count: Count) -> Bounds:
        """Return the possible values of `count`, given the others."""
        number = self.get(count)
        if number is not None:
            return Bounds(number, number)
        above = self.nearest_containing(count)
        if count in DENOMINATORS:
            below = self.nearest_contained(count)
            return Bounds(self.recognised_or_undetermined if below is None else below, above)
        return Bounds(0, None if above is None else above - self.recognised_or_undetermined)

    def settled(self, count: Count) -> Bounds:
        """Return the possible values of `count` once every undetermined subject is decided.

        >>> Counts(total=9, recognised=4, undetermined=2).settled(Count.RECOGNISED)
        Bounds(lower=4, upper=6)
        """
        if count is not Count.RECOGNISED:
            return self.bounds(count)
        if self.recognised is None:
            return Bounds(0, self.nearest_containing(count))
        return Bounds(self.recognised, self.recognised_or_undetermined)

    def nearest_containing(self, count: Count) -> int | None:
        """Return the nearest reported count that contains `count`, or None."""
        containing = (
            DENOMINATORS[: DENOMINATORS.index(count)] if count in DENOMINATORS else DENOMINATORS
        )
        return next((n for n in map(self.get, reversed(containing)) if n is not None), None)

    def nearest_contained(self, count: Count) -> int | None:
        """Return the nearest reported denominator that `count` contains, or None."""
        contained = DENOMINATORS[DENOMINATORS.index(count) + 1 :]
        return next((n for n in map(self.get, contained) if n is not None), None)

    def faults(self) -> tuple[Issue, ...]:
        """Return every invalid count: below 0, or above the count that contains it."""
        given = self.given
        below_zero = tuple(
            Issue(
                code=RowIssueCode.NEGATIVE,
                field=count.value,
                text=_NEGATIVE.format(part=count.label),
            )
            for count, number in given.items()
            if number < 0
        )
        return below_zero or tuple(self._above_whole(given))

    def _above_whole(self, given: Mapping[Count, int]) -> Iterator[Issue]:
        container: tuple[Count, int] | None = None
        consistent = True
        for count, number in given.items():
            if container is not None and number > container[1]:
                consistent = False
                text = _ABOVE.format(part=count.label, whole=container[0].label)
                yield Issue(code=RowIssueCode.ABOVE_WHOLE, field=count.value, text=text)
            if count in DENOMINATORS:
                container = count, number
        if consistent and container is not None and self.recognised_or_undetermined > container[1]:
            text = _TOGETHER.format(whole=container[0].label)
            yield Issue(code=RowIssueCode.ABOVE_WHOLE, field=Count.UNDETERMINED.value, text=text)


_NEGATIVE = Text(
    vi="Không thể có {part} là số âm; số lượng phải từ 0 trở lên.",
    en="The count {part} is negative; a count must be 0 or more.",
)
_ABOVE = Text(
    vi="Không thể có {part} lớn hơn {whole}; hãy kiểm tra lại hai số này.",
    en="The count {part} is larger than {whole}; check both numbers.",
)
_TOGETHER = Text(
    vi="Số được công nhận cộng số chưa xác định lớn hơn {whole}; hãy kiểm tra lại.",
    en="The sum of recognised and undetermined is larger than {whole}; check the numbers.",
)
