"""What a campaign comes to, as text: profiles, rows, areas, targets and differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from xhht.campaign.findings import Difference
from xhht.campaign.run import Run
from xhht.campaign.subject_table import ReadTable
from xhht.criteria.document import Provenance
from xhht.criteria.profile import Profile
from xhht.criteria.targets import Programme
from xhht.dates import day_text
from xhht.domain.areas import AreaLevel
from xhht.reporting.rollups import FILES, rollup_table
from xhht.reporting.tables import BLANK, Column, number_text, plain, render_table
from xhht.reporting.targets import attained_report
from xhht.rollup.attained import Attained
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang, Text

__all__ = ["CampaignFound", "campaign_report"]

_MOST_SHOWN = 20


@frozen(kw_only=True)
class CampaignFound:
    """What a campaign comes to, as far as it is shown.

    Attributes:
        run: the campaign.
        read: what became of the rows that were read.
        areas: the areas of each level with each title.
        decided: the same by the authorities' decisions; empty where there are none.
        targets: how the targets of programmes stand.
        differences: where decisions differ from the criteria.
    """

    run: Run
    read: Sequence[ReadTable]
    areas: Mapping[AreaLevel, Sequence[AreaRollup]]
    decided: Mapping[AreaLevel, Sequence[AreaRollup]]
    targets: Sequence[tuple[Programme, Attained]]
    differences: Sequence[Difference]


def campaign_report(found: CampaignFound, lang: Lang | str = Lang.VI) -> str:
    """Return what a campaign comes to as text; of differences the first are shown."""
    run = found.run
    blocks = [
        _HEAD.in_(lang, year=run.year, day=day_text(run.as_of).in_(lang)),
        *_profiles(run.profiles, lang),
        *([_read(found.read, lang)] if found.read else []),
        *(rollup_table(rows, lang) for rows in found.areas.values()),
    ]
    if found.decided:
        tables = (rollup_table(rows, lang) for rows in found.decided.values())
        blocks.append("\n".join([_DECIDED.in_(lang), *tables]))
        blocks.append(_differences(found.differences, lang))
    if found.targets:
        blocks.append(attained_report(found.targets, lang))
    return "\n\n".join(blocks)


def _profiles(profiles: Sequence[Profile], lang: Lang | str) -> Iterable[str]:
    rows = [
        [
            each.id,
            each.version,
            each.hash[:12],
            each.provenance.label.in_(lang),
            each.name.in_(lang),
        ]
        for each in profiles
    ]
    yield render_table(_PROFILES, rows, lang) if rows else _NO_PROFILE.in_(lang)
    if any(each.provenance is Provenance.ILLUSTRATIVE for each in profiles):
        yield _ILLUSTRATIVE.in_(lang)


def _read(read: Iterable[ReadTable], lang: Lang | str) -> str:
    rows = [
        [
            FILES[each.file].in_(lang),
            *(
                number_text(number, lang)
                for number in (each.rows, each.judged, each.unknown, each.refused)
            ),
        ]
        for each in read
    ]
    return render_table(_READ, rows, lang)


def _differences(differences: Sequence[Difference], lang: Lang | str) -> str:
    head = _DIFFERENCES.in_(lang, number=number_text(len(differences), lang))
    if not differences:
        return head
    rows = [
        [
            each.title.label.in_(lang),
            plain(each.id),
            " / ".join(level or _NOT_RECOGNISED.in_(lang) for level in each.computed),
            plain(each.decided) if each.decided else BLANK,
        ]
        for each in differences[:_MOST_SHOWN]
    ]
    lines = [head, render_table(_COMPARED, rows, lang)]
    if len(differences) > _MOST_SHOWN:
        lines.append(_MORE.in_(lang, number=number_text(len(differences) - _MOST_SHOWN, lang)))
    return "\n".join(lines)


_HEAD = Text(vi="Năm {year}, đánh giá tính đến {day}.", en="Year {year}, judged as of {day}.")
_NO_PROFILE = Text(
    vi="Không đối tượng nào được đánh giá theo bộ tiêu chí.", en="Nobody was judged by a profile."
)
_ILLUSTRATIVE = Text(
    vi="LƯU Ý: có bộ tiêu chí minh họa (illustrative), do tự đặt ra; kết quả không có giá trị "
    "pháp lý.",
    en="NOTE: some profiles are illustrative, that is invented; the results have no legal force.",
)
_DECIDED = Text(
    vi="Theo quyết định của cơ quan có thẩm quyền:", en="By the authorities' decisions:"
)
_DIFFERENCES = Text(
    vi="Quyết định khác với kết quả theo tiêu chí: {number}.",
    en="Decisions that differ from the criteria: {number}.",
)
_MORE = Text(
    vi="… và {number} đối tượng khác; --format json liệt kê tất cả.",
    en="… and {number} more; --format json lists all.",
)
_NOT_RECOGNISED = Text(vi="chưa đạt", en="not recognised")
_PROFILES = (
    Column(Text(vi="Bộ tiêu chí", en="Profile")),
    Column(Text(vi="Phiên bản", en="Version")),
    Column(Text(vi="Mã băm", en="Hash")),
    Column(Text(vi="Nguồn", en="Provenance")),
    Column(Text(vi="Tên", en="Name")),
)
_READ = (
    Column(Text(vi="Bảng", en="Table")),
    Column(Text(vi="Số dòng", en="Rows"), numeric=True),
    Column(Text(vi="Được đánh giá", en="Judged"), numeric=True),
    Column(Text(vi="Chưa biết gì", en="Nothing known"), numeric=True),
    Column(Text(vi="Bị loại", en="Refused"), numeric=True),
)
_COMPARED = (
    Column(Text(vi="Danh hiệu", en="Title")),
    Column(Text(vi="Mã", en="Id")),
    Column(Text(vi="Theo tiêu chí", en="By the criteria")),
    Column(Text(vi="Quyết định", en="Decided")),
)
