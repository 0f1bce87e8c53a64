"""Why an area's rate is what it is: numerator, denominator, coverage, and who pulls it down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from xhht.evaluation.explanation import Explanation
from xhht.exact import percent_text
from xhht.rollup.counts import Count, count_text
from xhht.rollup.rates import Denominator, Rate, rate
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang, Text

__all__ = ["explain_area"]


def explain_area(
    row: AreaRollup,
    parts: Iterable[AreaRollup] = (),
    *,
    of: Denominator = Denominator.OF_TOTAL,
    lang: Lang | str = Lang.VI,
) -> Explanation:
    """Return why an area's rate is what it is, to be printed as text, Markdown or HTML.

    Args:
        row: the area with one title.
        parts: the areas that it is made of; those of other titles and areas are left out.
        of: the denominator that is meant.
        lang: the language.

    The table lists the parts by their pull: by how much the rate, as far as it is certain, would
    be higher or lower without the part. The part that pulls down most stands first.
    """
    lang = Lang(lang)
    whole = rate(row.tally, of)
    inside = [
        part for part in parts if part.title is row.title and part.area.parent == row.area.code
    ]
    heading = _HEADING.in_(lang, area=row.area.name, title=row.title.label, rate=_shown(whole))
    return Explanation(
        id=row.area.code,
        lang=lang,
        heading=heading,
        details=tuple(text.in_(lang) for text in _details(row, whole, of)),
        columns=tuple(text.in_(lang) for text in _COLUMNS) if inside else (),
        rows=tuple(_rows(row, inside, whole, of, lang)),
    )


def _details(row: AreaRollup, whole: Rate, of: Denominator) -> Iterator[Text]:
    yield _NUMERATOR.format(number=_count(whole.numerator))
    yield _DENOMINATOR.format(count=of.whole.label, number=_count(whole.denominator))
    undetermined = row.tally.known(Count.UNDETERMINED)
    if undetermined:
        yield _OPEN.format(number=count_text(undetermined))
    coverage = row.coverage
    yield _COVERAGE.format(
        reported=count_text(coverage.reported), expected=count_text(coverage.expected)
    )
    silent = row.tally.unreported(Count.RECOGNISED).parts
    if silent:
        yield _SILENT.format(number=count_text(silent))
    if whole.numerator is not None and whole.denominator and whole.low not in (None, 1):
        now, then = whole.numerator, whole.numerator + 1
        before, after = (_percent(Fraction(each, whole.denominator)) for each in (now, then))
        yield _ONE_MORE.format(before=before, after=after)


def _rows(
    row: AreaRollup,
    parts: Sequence[AreaRollup],
    whole: Rate,
    of: Denominator,
    lang: Lang,
) -> list[tuple[str, ...]]:
    pulls = [(_pull(row, part, whole, of), part) for part in parts]
    pulls.sort(key=lambda each: (each[0] is None, each[0] or 0, each[1].area.code))
    rows: list[tuple[str, ...]] = []
    for pull, part in pulls:
        own = rate(part.tally, of)
        rows.append(
            (
                part.area.name,
                _count(own.numerator).in_(lang),
                _count(own.denominator).in_(lang),
                _shown(own).in_(lang),
                _signed(pull).in_(lang),
            )
        )
    return rows


def _pull(row: AreaRollup, part: AreaRollup, whole: Rate, of: Denominator) -> Fraction | None:
    """Return the certain rate less what it would be without a part; None where there is none."""
    without = rate(row.tally - part.tally, of)
    if whole.low is None or without.low is None:
        return None
    return whole.low - without.low


def _count(number: int | None) -> Text:
    return _NONE if number is None else count_text(number)


def _shown(found: Rate) -> Text:
    if found.low is None or found.high is None:
        return _NONE
    low, high = _percent(found.low), _percent(found.high)
    return low if low == high else Text(vi=f"{low.vi}–{high.vi}", en=f"{low.en}–{high.en}")


def _percent(share: Fraction) -> Text:
    text = percent_text(share.numerator, share.denominator)
    return Text(vi=f"{text.replace('.', ',')}%", en=f"{text}%")


def _signed(pull: Fraction | None) -> Text:
    if pull is None:
        return _NONE
    size = _percent(abs(pull))
    sign = "−" if pull < 0 else "+"
    return Text(vi=f"{sign}{size.vi}", en=f"{sign}{size.en}")


_NONE = Text(vi="–", en="–")
_COLUMNS = (
    Text(vi="Khu vực", en="Area"),
    Text(vi="Được công nhận", en="Recognised"),
    Text(vi="Mẫu số", en="Out of"),
    Text(vi="Tỉ lệ", en="Rate"),
    Text(vi="Kéo lên/xuống", en="Pull"),
)
_HEADING = Text(vi="{area}, {title}: {rate}", en="{area}, {title}: {rate}")
_NUMERATOR = Text(
    vi="Tử số: {number} được công nhận chắc chắn", en="Numerator: {number} recognised for certain"
)
_DENOMINATOR = Text(vi="Mẫu số: {count} {number}", en="Denominator: {count} {number}")
_OPEN = Text(
    vi="Còn {number} chưa xác định; vì vậy tỉ lệ có thể là một khoảng",
    en="{number} are undetermined, so the rate may be a range",
)
_COVERAGE = Text(
    vi="Độ phủ: {reported} trên {expected} khu vực nhỏ nhất đã báo cáo",
    en="Coverage: {reported} of {expected} smallest areas have reported",
)
_SILENT = Text(
    vi="{number} báo cáo để trống số được công nhận",
    en="{number} reports leave the number recognised blank",
)
_ONE_MORE = Text(
    vi="Thêm một đối tượng được công nhận: {before} thành {after}",
    en="One more recognised: {before} becomes {after}",
)
