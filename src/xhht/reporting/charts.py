"""Charts for notebooks, by Altair (the extra `charts`): each takes results and gives a chart.

What people read in them is in the language asked for; a rate that is a range is drawn as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xhht.criteria.profile import Profile
from xhht.domain.areas import Area
from xhht.exact import decimal_label
from xhht.reporting.report import Group, Report
from xhht.reporting.rollups import group_label, rate_text
from xhht.reporting.tables import number_text
from xhht.reporting.targets import attained_cells
from xhht.rollup.attained import AreaAttainment
from xhht.rollup.counts import Count
from xhht.rollup.rates import Denominator
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang, Text

if TYPE_CHECKING:
    import altair as alt

__all__ = ["area_chart", "attainment_chart", "points_chart", "years_chart"]

_SURE, _OPEN, _MARK = "#0b5c66", "#8fc3c6", "#a33a12"
_THRESHOLD = re.compile(r"points >= ([0-9]+(?:\.[0-9]+)?)")


def attainment_chart(rows: Iterable[AreaAttainment], lang: Lang | str = Lang.VI) -> alt.LayerChart:
    """Return a bar for each target and area: the share reached, and a tick at the target.

    Targets that are numbers and not shares are left out.

    Args:
        rows: how targets stand, as `Attained.rows` has them.
        lang: the language.
    """
    import altair as alt

    shown = [row for row in rows if row.target.share is not None]
    names_areas = len({row.area.code for row in shown}) > 1
    values = [
        {
            "target": _target_label(row, lang, names_area=names_areas),
            "low": _number(row.attainment.low),
            "high": _number(row.attainment.high),
            "mark": _number(row.target.share),
            "reached": attained_cells(row, lang)[2],
            "state": row.attainment.state.label.in_(lang),
        }
        for row in shown
    ]
    order = list(dict.fromkeys(value["target"] for value in values))
    tips = [
        alt.Tooltip(f"{name}:N", title=text.in_(lang))
        for name, text in (("target", _TARGET), ("reached", _REACHED), ("state", _STATE))
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("target:N", title=None, sort=order, axis=alt.Axis(labelLimit=480)), tooltip=tips
    )
    bars = base.mark_bar(color=_SURE).encode(x=_share_axis("low", _RATE, lang))
    ranges = base.mark_bar(color=_OPEN).encode(x="low:Q", x2="high:Q")
    ticks = base.mark_tick(color=_MARK, thickness=3, size=18).encode(x="mark:Q")
    title = _ATTAINMENT.in_(lang)
    return alt.layer(bars, ranges, ticks).properties(title=title, width=360)


def points_chart(
    tally: Tally, profile: Profile, lang: Lang | str = Lang.VI, *, step: int = 5
) -> alt.LayerChart:
    """Return how many subjects have how many points, and where the levels of a profile begin.

    Points that are certain are drawn; subjects that may have more stand apart in a lighter tone.

    Args:
        tally: the subjects; those judged by other profiles are left out.
        profile: the profile.
        lang: the language.
        step: how many points one bar spans, 1 or more.
    """
    import altair as alt

    found: dict[tuple[int, bool], int] = {}
    for points, number in tally.points.items():
        if points.profile == profile.hash:
            key = int(points.certain // step) * step, points.certain != points.possible
            found[key] = found.get(key, 0) + number
    open_, sure = _UNDETERMINED.in_(lang), _DETERMINED.in_(lang)
    values = [
        {
            "from": start,
            "to": start + step,
            "subjects": number,
            "kind": open_ if is_open else sure,
            "said": number_text(number, lang),
        }
        for (start, is_open), number in sorted(found.items())
    ]
    bars = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title=_POINTS.in_(lang)),
            x2="to:Q",
            y=alt.Y("subjects:Q", title=_SUBJECTS.in_(lang)),
            color=alt.Color(
                "kind:N", title=None, scale=alt.Scale(domain=[sure, open_], range=[_SURE, _OPEN])
            ),
            tooltip=[alt.Tooltip("said:N", title=_SUBJECTS.in_(lang))],
        )
    )
    marks = list(_thresholds(profile, lang))
    base = alt.Chart(alt.Data(values=marks)).encode(x="at:Q")
    rules = base.mark_rule(color=_MARK, strokeWidth=2)
    names = base.mark_text(align="left", dx=4, dy=-6, color=_MARK).encode(
        text="level:N", y=alt.value(0)
    )
    title = f"{_DISTRIBUTION.in_(lang)}: {profile.name.in_(lang)}"
    return alt.layer(bars, rules, names).properties(title=title, width=520, height=240)


def years_chart(
    years: Mapping[int, Iterable[AreaRollup]],
    lang: Lang | str = Lang.VI,
    *,
    of: Denominator = Denominator.OF_TOTAL,
) -> alt.LayerChart:
    """Return how rates changed from year to year: a line for each title of each area.

    A range is drawn as a bar from its least to its most; years without a rate are left out.

    Args:
        years: rows of roll-ups, by year.
        lang: the language.
        of: the denominator.
    """
    import altair as alt

    values = [
        {
            "year": str(year),
            "series": f"{row.area.name}: {group_label(row.title, row.communities).in_(lang)}",
            "low": float(rate.low),
            "high": float(rate.high),
            "said": rate_text(rate, lang),
        }
        for year, rows in sorted(years.items())
        for row in rows
        if (rate := row.rates[of]).low is not None and rate.high is not None
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("year:O", title=_YEAR.in_(lang), axis=alt.Axis(labelAngle=0)),
        color=alt.Color("series:N", title=None, legend=alt.Legend(labelLimit=320)),
        tooltip=[
            alt.Tooltip("series:N", title=_AREA.in_(lang)),
            alt.Tooltip("said:N", title=_RATE.in_(lang)),
        ],
    )
    y = alt.Y("low:Q", title=_OF[of].in_(lang), axis=alt.Axis(format=".0%"))
    lines = base.mark_line(point=True).encode(y=y)
    ranges = base.mark_rule(strokeWidth=4, opacity=0.4).encode(y=y, y2="high:Q")
    return alt.layer(lines, ranges).properties(title=_YEARS.in_(lang), width=420)


def area_chart(report: Report, group: Group, lang: Lang | str = Lang.VI) -> alt.Chart:
    """Return the areas of a report as an icicle: each above those within it.

    Each is as wide as its total, and its colour is the least that its rate can be.
    Areas without a total are left out.

    Args:
        report: the report.
        group: the title, one of `report.groups`.
        lang: the language.
    """
    import altair as alt

    values = [
        {
            "area": area.name,
            "left": left,
            "right": right,
            "top": depth,
            "bottom": depth + 1,
            "rate": _number(report.of_area(area.code, group).rates[Denominator.OF_TOTAL].low),
            "said": rate_text(report.of_area(area.code, group).rates[Denominator.OF_TOTAL], lang),
            "total": number_text(_total(report, area, group), lang),
        }
        for area, left, right, depth in _spans(report, group)
    ]
    tips = [
        alt.Tooltip(f"{name}:N", title=text.in_(lang))
        for name, text in (("area", _AREA), ("said", _RATE), ("total", _TOTAL))
    ]
    title = f"{group_label(*group).in_(lang)}: {report.top.name}"
    return (
        alt.Chart(alt.Data(values=values), title=title, width=640, height=260)
        .mark_rect(stroke="white", strokeWidth=0.3)
        .encode(
            x=alt.X("left:Q", axis=None),
            x2="right:Q",
            y=alt.Y("top:Q", axis=None, scale=alt.Scale(reverse=True)),
            y2="bottom:Q",
            color=alt.Color(
                "rate:Q",
                title=_RATE.in_(lang),
                scale=alt.Scale(scheme="teals"),
                legend=alt.Legend(format=".0%"),
            ),
            tooltip=tips,
        )
    )


def _spans(report: Report, group: Group) -> Iterator[tuple[Area, int, int, int]]:
    """Yield each area that has a total, from where to where it reaches, and how deep it lies."""
    waiting = [(report.top, 0, 0)]
    while waiting:
        area, left, depth = waiting.pop()
        total = _total(report, area, group)
        if not total:
            continue
        yield area, left, left + total, depth
        for part in report.tree.children(area.code):
            waiting.append((part, left, depth + 1))
            left += _total(report, part, group) or 0


def _total(report: Report, area: Area, group: Group) -> int | None:
    return report.of_area(area.code, group).counts[Count.TOTAL]


def _thresholds(profile: Profile, lang: Lang | str) -> Iterator[dict[str, Any]]:
    """Yield the levels that begin at some points and ask for nothing else."""
    for level in profile.document.levels:
        if found := _THRESHOLD.fullmatch(str(level.when)):
            at = Fraction(found[1])
            name = f"{level.name.in_(lang)}: {decimal_label(at).in_(lang)}"
            yield {"at": float(at), "level": name}


def _target_label(row: AreaAttainment, lang: Lang | str, *, names_area: bool) -> str:
    text = row.target.text.in_(lang)
    return f"{row.area.name}: {text}" if names_area else text


def _share_axis(field: str, title: Text, lang: Lang | str) -> alt.X:
    import altair as alt

    return alt.X(
        f"{field}:Q",
        title=title.in_(lang),
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(domain=[0, 1]),
    )


def _number(share: Fraction | None) -> float | None:
    return None if share is None else float(share)


_OF = {
    Denominator.OF_TOTAL: Text(vi="Công nhận trên tổng số", en="Recognised of the total"),
    Denominator.OF_REGISTERED: Text(vi="Công nhận trên số đăng ký", en="Recognised of registered"),
    Denominator.OF_ASSESSED: Text(vi="Công nhận trên số đánh giá", en="Recognised of assessed"),
}
_ATTAINMENT = Text(vi="Kết quả so với chỉ tiêu", en="Results against targets")
_DISTRIBUTION = Text(vi="Phân bố điểm", en="How points are distributed")
_YEARS = Text(vi="So sánh qua các năm", en="Year on year")
_TARGET, _REACHED = Text(vi="Chỉ tiêu", en="Target"), Text(vi="Đã đạt", en="Reached")
_STATE, _RATE = Text(vi="Kết quả", en="Result"), Text(vi="Tỉ lệ", en="Rate")
_POINTS, _SUBJECTS = Text(vi="Điểm", en="Points"), Text(vi="Số đối tượng", en="Subjects")
_DETERMINED = Text(vi="đã xác định", en="determined")
_UNDETERMINED = Text(vi="có thể thêm điểm", en="may have more points")
_YEAR, _AREA = Text(vi="Năm", en="Year"), Text(vi="Khu vực", en="Area")
_TOTAL = Text(vi="Tổng số", en="Total")
