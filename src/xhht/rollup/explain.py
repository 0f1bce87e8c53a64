"""Explanation of an area's rate: numerator, denominator, coverage, and the effect of each part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from xhht import labels
from xhht.evaluation.markup import Explanation
from xhht.numbers import count_label, percent_label, percent_text
from xhht.rollup.counts import Count
from xhht.rollup.display import RollupRow
from xhht.rollup.rates import Denominator, Rate, rate
from xhht.text import Lang, Text

__all__ = ["explain_area"]


def explain_area(
    row: RollupRow,
    parts: Iterable[RollupRow] = (),
    *,
    of: Denominator = Denominator.OF_TOTAL,
    lang: Lang | str = Lang.VI,
) -> Explanation:
    """Return an explanation of an area's rate, to be printed as text, Markdown or HTML.

    Args:
        row: the area with one title.
        parts: the areas that it consists of; those of other titles and areas are ignored.
        of: the denominator.
        lang: the language.

    The table lists the parts by their effect: the difference between the certain rate with and
    without the part. The part that lowers the rate most is first.
    """
    lang = Lang(lang)
    total_rate = rate(row.tally, of)
    members = [part for part in parts if part.key is row.key and part.area.parent == row.area.code]
    heading = _HEADING.get(lang, area=row.area.name, title=row.key.label, rate=total_rate.text)
    return Explanation(
        id=row.area.code,
        lang=lang,
        heading=heading,
        details=tuple(text.get(lang) for text in _details(row, total_rate, of)),
        columns=tuple(text.get(lang) for text in _COLUMNS) if members else (),
        rows=tuple(_rows(row, members, total_rate, of, lang)),
    )


def _details(row: RollupRow, total_rate: Rate, of: Denominator) -> Iterator[Text]:
    yield _NUMERATOR.format(number=count_label(total_rate.numerator))
    yield _DENOMINATOR.format(count=of.base_count.label, number=count_label(total_rate.denominator))
    undetermined = row.tally.known(Count.UNDETERMINED)
    if undetermined:
        yield _UNDETERMINED.format(number=count_label(undetermined))
    coverage = row.coverage
    yield _COVERAGE.format(
        reported=count_label(coverage.reported), expected=count_label(coverage.expected)
    )
    unreported = row.tally.unreported(Count.RECOGNISED).parts
    if unreported:
        yield _UNREPORTED.format(number=count_label(unreported))
    if (
        total_rate.numerator is not None
        and total_rate.denominator
        and total_rate.lower not in (None, 1)
    ):
        current, increased = total_rate.numerator, total_rate.numerator + 1
        before, after = (
            _percent(Fraction(number, total_rate.denominator)) for number in (current, increased)
        )
        yield _ONE_MORE.format(before=before, after=after)


def _rows(
    row: RollupRow,
    parts: Sequence[RollupRow],
    total_rate: Rate,
    of: Denominator,
    lang: Lang,
) -> list[tuple[str, ...]]:
    effects = [(_effect(row, part, total_rate, of), part) for part in parts]
    effects.sort(key=lambda entry: (entry[0] is None, entry[0] or 0, entry[1].area.code))
    rows: list[tuple[str, ...]] = []
    for effect, part in effects:
        part_rate = rate(part.tally, of)
        rows.append(
            (
                part.area.name,
                count_label(part_rate.numerator).get(lang),
                count_label(part_rate.denominator).get(lang),
                part_rate.text.get(lang),
                _signed(effect).get(lang),
            )
        )
    return rows


def _effect(row: RollupRow, part: RollupRow, total_rate: Rate, of: Denominator) -> Fraction | None:
    """Return the certain rate minus the rate without a part; None where there is none."""
    without = rate(row.tally - part.tally, of)
    if total_rate.lower is None or without.lower is None:
        return None
    return total_rate.lower - without.lower


def _percent(share: Fraction) -> Text:
    return percent_label(percent_text(share.numerator, share.denominator))


def _signed(effect: Fraction | None) -> Text:
    if effect is None:
        return percent_label(None)
    return (_FALL if effect < 0 else _RISE).format(size=_percent(abs(effect)))


_FALL = Text(vi="−{size}", en="−{size}")
_RISE = Text(vi="+{size}", en="+{size}")
_COLUMNS = (
    labels.AREA,
    labels.RECOGNISED,
    labels.DENOMINATOR,
    labels.RATE,
    Text(vi="Ảnh hưởng", en="Effect"),
)
_HEADING = Text(vi="{area}, {title}: {rate}", en="{area}, {title}: {rate}")
_NUMERATOR = Text(
    vi="Tử số: {number} chắc chắn được công nhận", en="Numerator: {number} recognised for certain"
)
_DENOMINATOR = Text(vi="Mẫu số: {count} {number}", en="Denominator: {count} {number}")
_UNDETERMINED = Text(
    vi="Còn {number} chưa xác định; vì vậy tỉ lệ có thể là một khoảng",
    en="Undetermined: {number}; the rate may therefore be a range",
)
_COVERAGE = Text(
    vi="Độ phủ: {reported} trên {expected} khu vực nhỏ nhất đã báo cáo",
    en="Coverage: {reported} of {expected} smallest areas have reported",
)
_UNREPORTED = Text(
    vi="{number} báo cáo để trống số được công nhận",
    en="Reports without the number recognised: {number}",
)
_ONE_MORE = Text(
    vi="Thêm một đối tượng được công nhận: {before} thành {after}",
    en="One more recognised: {before} becomes {after}",
)
