"""A shortlist as a text table: the candidates proposed in each area, the others, and why."""

from __future__ import annotations

from xhht import labels
from xhht.domain.areas import AreaTree
from xhht.numbers import NOT_REPORTED, number_text
from xhht.render import Column, DisplayTable
from xhht.rollup.shortlist import Placing, Shortlist
from xhht.text import Lang, Text

__all__ = ["shortlist_report"]


def shortlist_report(shortlist: Shortlist, tree: AreaTree, lang: Lang | str = Lang.VI) -> str:
    """Return the standing of each candidate with the reason; a shared rank ends in `=`."""
    rows = [_row(placing, tree, lang) for placing in shortlist.placings]
    table = DisplayTable(_COLUMNS, rows).text(lang)
    if not shortlist.outside:
        return table
    return f"{table}\n\n{_OUTSIDE.get(lang, number=number_text(shortlist.outside, lang))}"


def _row(placing: Placing, tree: AreaTree, lang: Lang | str) -> list[str]:
    candidate = placing.candidate
    rank = NOT_REPORTED if placing.rank is None else f"{placing.rank}{'=' if placing.tied else ''}"
    return [
        NOT_REPORTED if placing.group is None else tree[placing.group].name,
        candidate.title.label.get(lang),
        rank,
        candidate.id,
        placing.status.label.get(lang),
        placing.reason.get(lang),
    ]


_COLUMNS = (
    Column(labels.AREA),
    Column(labels.TITLE),
    Column(Text(vi="Hạng", en="Rank"), numeric=True),
    Column(labels.ID),
    Column(labels.STATUS),
    Column(labels.REASON),
)
_OUTSIDE = Text(
    vi="{number} đối tượng ở khu vực khác không được xét.",
    en="Candidates of other areas, not considered: {number}.",
)
