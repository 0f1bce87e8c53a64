"""Charts for notebooks with Altair (the extra `charts`): each function returns a chart of results.

Labels are in the requested language; an uncertain rate is drawn as a range.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xhht import labels
from xhht.criteria.profile import Profile
from xhht.domain.areas import Area
from xhht.numbers import decimal_label, number_text
from xhht.reporting.report import FigureGroup, Report
from xhht.reporting.targets import attained_cells
from xhht.rollup.counts import Count
from xhht.rollup.display import group_label
from xhht.rollup.rates import Denominator
from xhht.rollup.tally import Tally
from xhht.rollup.targets import AreaAttainment
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang, Text

if TYPE_CHECKING:
    import altair as alt

__all__ = ["area_chart", "attainment_chart", "points_chart", "years_chart"]

_CERTAIN_COLOUR, _POSSIBLE_COLOUR, _THRESHOLD_COLOUR = "#0b5c66", "#8fc3c6", "#a33a12"
_THRESHOLD = re.compile(r"points >= ([0-9]+(?:\.[0-9]+)?)")


def attainment_chart(rows: Iterable[AreaAttainment], lang: Lang | str = Lang.VI) -> alt.LayerChart:
    """Return a bar for each target and area: the share reached, and a tick at the target.

    Targets that are numbers and not shares are omitted.

    Args:
        rows: the attainment of targets, such as `Attained.rows`.
        lang: the language.
    """
    import altair as alt

    shown = [row for row in rows if row.target.share is not None]
    names_areas = len({row.area.code for row in shown}) > 1
    values = [
        {
            "target": _target_label(row, lang, names_area=names_areas),
            "low": _number(row.attainment.lower),
            "high": _number(row.attainment.upper),
            "mark": _number(row.target.share),
            "reached": attained_cells(row, lang)[2],
            "state": row.attainment.state.label.get(lang),
        }
        for row in shown
    ]
    order = list(dict.fromkeys(value["target"] for value in values))
    tips = [
        alt.Tooltip(f"{name}:N", title=text.get(lang))
        for name, text in (
            ("target", labels.TARGET),
            ("reached", labels.REACHED),
            ("state", labels.RESULT),
        )
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("target:N", title=None, sort=order, axis=alt.Axis(labelLimit=480)), tooltip=tips
    )
    bars = base.mark_bar(color=_CERTAIN_COLOUR).encode(x=_share_axis("low", labels.RATE, lang))
    ranges = base.mark_bar(color=_POSSIBLE_COLOUR).encode(x="low:Q", x2="high:Q")
    ticks = base.mark_tick(color=_THRESHOLD_COLOUR, thickness=3, size=18).encode(x="mark:Q")
    title = _ATTAINMENT.get(lang)
    return alt.layer(bars, ranges, ticks).properties(title=title, width=360)


def points_chart(
    tally: Tally, profile: Profile, lang: Lang | str = Lang.VI, *, step: int = 5
) -> alt.LayerChart:
    """Return a histogram of the points of subjects, with the thresholds of the levels.

    Certain points are drawn; subjects that may have more points have a lighter tone.

    Args:
        tally: the subjects; those evaluated under other profiles are omitted.
        profile: the profile.
        lang: the language.
        step: the width of a bar in points, at least 1.
    """
    import altair as alt

    counts: dict[tuple[int, bool], int] = {}
    for points, number in tally.points.items():
        if points.profile == profile.hash:
            key = int(points.certain // step) * step, points.certain != points.possible
            counts[key] = counts.get(key, 0) + number
    undetermined, determined = _UNDETERMINED.get(lang), _DETERMINED.get(lang)
    values = [
        {
            "from": start,
            "to": start + step,
            "subjects": number,
            "kind": undetermined if is_open else determined,
            "label": number_text(number, lang),
        }
        for (start, is_open), number in sorted(counts.items())
    ]
    bars = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title=labels.POINTS.get(lang)),
            x2="to:Q",
            y=alt.Y("subjects:Q", title=_SUBJECTS.get(lang)),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(
                    domain=[determined, undetermined], range=[_CERTAIN_COLOUR, _POSSIBLE_COLOUR]
                ),
            ),
            tooltip=[alt.Tooltip("label:N", title=_SUBJECTS.get(lang))],
        )
    )
    marks = list(_thresholds(profile, lang))
    base = alt.Chart(alt.Data(values=marks)).encode(x="at:Q")
    rules = base.mark_rule(color=_THRESHOLD_COLOUR, strokeWidth=2)
    names = base.mark_text(align="left", dx=4, dy=-6, color=_THRESHOLD_COLOUR).encode(
        text="level:N", y=alt.value(0)
    )
    title = f"{_DISTRIBUTION.get(lang)}: {profile.name.get(lang)}"
    return alt.layer(bars, rules, names).properties(title=title, width=520, height=240)


def years_chart(
    years: Mapping[int, Iterable[AreaRollup]],
    lang: Lang | str = Lang.VI,
    *,
    of: Denominator = Denominator.OF_TOTAL,
) -> alt.LayerChart:
    """Return the rates by year: a line for each title of each area.

    A range is drawn as a bar from its lower to its upper end; years without a rate are omitted.

    Args:
        years: rows of roll-ups, by year.
        lang: the language.
        of: the denominator.
    """
    import altair as alt

    values = [
        {
            "year": str(year),
            "series": f"{row.area.name}: {group_label(row.title, row.communities).get(lang)}",
            "low": float(rate.lower),
            "high": float(rate.upper),
            "label": rate.text.get(lang),
        }
        for year, rows in sorted(years.items())
        for row in rows
        if (rate := row.rates[of]).lower is not None and rate.upper is not None
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("year:O", title=labels.YEAR.get(lang), axis=alt.Axis(labelAngle=0)),
        color=alt.Color("series:N", title=None, legend=alt.Legend(labelLimit=320)),
        tooltip=[
            alt.Tooltip("series:N", title=labels.AREA.get(lang)),
            alt.Tooltip("label:N", title=labels.RATE.get(lang)),
        ],
    )
    y = alt.Y("low:Q", title=_OF[of].get(lang), axis=alt.Axis(format=".0%"))
    lines = base.mark_line(point=True).encode(y=y)
    ranges = base.mark_rule(strokeWidth=4, opacity=0.4).encode(y=y, y2="high:Q")
    return alt.layer(lines, ranges).properties(title=_YEARS.get(lang), width=420)


def area_chart(report: Report, group: FigureGroup, lang: Lang | str = Lang.VI) -> alt.Chart:
    """Return the areas of a report as an icicle chart: each area above its subareas.

    The width is the total, and the colour is the lower end of the rate. Areas without a total are
    omitted.

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
            "rate": _number(report.of_area(area.code, group).rates[Denominator.OF_TOTAL].lower),
            "label": report.of_area(area.code, group).rates[Denominator.OF_TOTAL].text.get(lang),
            "total": number_text(_total(report, area, group), lang),
        }
        for area, left, right, depth in _spans(report, group)
    ]
    tips = [
        alt.Tooltip(f"{name}:N", title=text.get(lang))
        for name, text in (("area", labels.AREA), ("label", labels.RATE), ("total", labels.TOTAL))
    ]
    title = f"{group_label(*group).get(lang)}: {report.top.name}"
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
                title=labels.RATE.get(lang),
                scale=alt.Scale(scheme="teals"),
                legend=alt.Legend(format=".0%"),
            ),
            tooltip=tips,
        )
    )


def _spans(report: Report, group: FigureGroup) -> Iterator[tuple[Area, int, int, int]]:
    """Yield each area that has a total, with its left and right ends and its depth."""
    stack = [(report.top, 0, 0)]
    while stack:
        area, left, depth = stack.pop()
        total = _total(report, area, group)
        if not total:
            continue
        yield area, left, left + total, depth
        for part in report.tree.children(area.code):
            stack.append((part, left, depth + 1))
            left += _total(report, part, group) or 0


def _total(report: Report, area: Area, group: FigureGroup) -> int | None:
    return report.of_area(area.code, group).counts[Count.TOTAL]


def _thresholds(profile: Profile, lang: Lang | str) -> Iterator[dict[str, Any]]:
    """Yield the levels whose only condition is a threshold of points."""
    for level in profile.document.levels:
        if match := _THRESHOLD.fullmatch(str(level.when)):
            points = Fraction(match[1])
            name = f"{level.name.get(lang)}: {decimal_label(points).get(lang)}"
            yield {"at": float(points), "level": name}


def _target_label(row: AreaAttainment, lang: Lang | str, *, names_area: bool) -> str:
    text = row.target.text.get(lang)
    return f"{row.area.name}: {text}" if names_area else text


def _share_axis(field: str, title: Text, lang: Lang | str) -> alt.X:
    import altair as alt

    return alt.X(
        f"{field}:Q",
        title=title.get(lang),
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
_DISTRIBUTION = Text(vi="Phân bố điểm", en="Distribution of points")
_YEARS = Text(vi="So sánh qua các năm", en="Year on year")
_SUBJECTS = Text(vi="Số đối tượng", en="Subjects")
_DETERMINED = Text(vi="đã xác định", en="determined")
_UNDETERMINED = Text(vi="có thể thêm điểm", en="may have more points")
