"""The results of a campaign as text: profiles, rows, areas, targets and differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from attrs import frozen

from xhht import labels
from xhht.campaign.campaign import Run
from xhht.campaign.records import Difference, DifferenceDict
from xhht.criteria.document import Provenance
from xhht.criteria.profile import Profile
from xhht.criteria.targets import Programme
from xhht.dates import day_text
from xhht.domain.areas import AreaLevel
from xhht.evaluation.explanation import closing_text
from xhht.numbers import NOT_REPORTED, number_text
from xhht.render import Column, DisplayTable, sanitize_line
from xhht.reporting.rollups import rollup_table
from xhht.reporting.targets import attained_report
from xhht.rollup.counts import Count
from xhht.rollup.tally import LevelsDict
from xhht.rollup.targets import TargetResults, TargetResultsDict, results_of_programmes
from xhht.rollup.tree import AreaRollup, AreaRollupDict
from xhht.tables.subjects import TableSummary, TableSummaryDict
from xhht.text import Lang, Text

__all__ = ["CampaignDict", "CampaignResults", "campaign_report"]

_MAX_SHOWN = 20


class UsedProfileDict(TypedDict):
    """A profile that a campaign used, in JSON."""

    id: str
    version: str
    hash: str
    provenance: str
    illustrative: bool


class DecidedDict(LevelsDict):
    """The recognised subjects of an area by the authorities' decisions, in JSON."""

    recognised: int | None


class CampaignAreaDict(AreaRollupDict):
    """An area of a campaign in JSON, with computed and decided counts."""

    decided: DecidedDict | None


class CampaignDict(TypedDict):
    """The results of a campaign in JSON."""

    as_of: str
    final: bool
    year: int
    profiles: list[UsedProfileDict]
    records: list[TableSummaryDict]
    areas: list[CampaignAreaDict]
    targets: TargetResultsDict
    differences: list[DifferenceDict]


@frozen(kw_only=True)
class CampaignResults:
    """The results of a campaign to be shown.

    Attributes:
        run: the campaign.
        read: the tables read, with their numbers of rows.
        areas: the areas of each level with each title.
        decided: the same by the authorities' decisions; empty if there are none.
        targets: the attainment of the targets of programmes.
        differences: decisions that differ from the criteria.
    """

    run: Run
    read: Sequence[TableSummary]
    areas: Mapping[AreaLevel, Sequence[AreaRollup]]
    decided: Mapping[AreaLevel, Sequence[AreaRollup]]
    targets: Sequence[tuple[Programme, TargetResults]]
    differences: Sequence[Difference]

    @classmethod
    def of_run(
        cls,
        run: Run,
        levels: Sequence[AreaLevel],
        *,
        read: Sequence[TableSummary] = (),
        programmes: Sequence[Programme] = (),
        communities: AreaLevel | None = None,
        has_decisions: bool = False,
        decided: bool = False,
    ) -> CampaignResults:
        """Return the results of a run, aggregated to some levels.

        Args:
            run: the evaluated society.
            levels: the levels to aggregate to.
            read: the statistics of the tables of subjects.
            programmes: the programmes whose targets are evaluated.
            communities: the area level of the communities in counts and targets.
            has_decisions: whether there are decisions to aggregate too.
            decided: whether targets are evaluated by decisions instead of verdicts.
        """
        return cls(
            run=run,
            read=read,
            areas=_rollup_rows(run, levels),
            decided=_rollup_rows(run, levels, decided=True) if has_decisions else {},
            targets=[
                (programme, _attainment(run, programme, levels, communities, decided=decided))
                for programme in programmes
            ],
            differences=list(run.differences),
        )

    def to_dict(self, lang: Lang | str = Lang.VI) -> CampaignDict:
        """Return the results as `xhht campaign --format json` prints them."""
        run = self.run
        return {
            "as_of": run.as_of.isoformat(),
            "final": run.final,
            "year": run.year,
            "profiles": [_profile_dict(profile) for profile in run.profiles],
            "records": [table.to_dict() for table in self.read],
            "areas": [
                _area_dict(row, self.decided[by][index] if by in self.decided else None, lang)
                for by, rows in self.areas.items()
                for index, row in enumerate(rows)
            ],
            "targets": results_of_programmes(self.targets, lang),
            "differences": [difference.to_dict() for difference in self.differences],
        }


def _rollup_rows(
    run: Run, levels: Sequence[AreaLevel], *, decided: bool = False
) -> dict[AreaLevel, list[AreaRollup]]:
    """Return the areas of each level with each title."""
    return {
        by: [
            row
            for title, level in run.groups()
            for row in run.rollup(title, by=by, level=level, decided=decided).rows
        ]
        for by in levels
    }


def _attainment(
    run: Run,
    programme: Programme,
    levels: Sequence[AreaLevel],
    communities: AreaLevel | None,
    *,
    decided: bool,
) -> TargetResults:
    """Return the attainment of the targets of a programme at some levels."""
    results = [
        run.attainment(programme.targets, by=by, level=communities, decided=decided)
        for by in levels
    ]
    rows = tuple(row for result in results for row in result.rows)
    computed = {row.target.id for row in rows}
    not_computed = {entry.target.id: entry for result in results for entry in result.not_computed}
    return TargetResults(
        rows=rows,
        not_computed=tuple(entry for name, entry in not_computed.items() if name not in computed),
    )


def _profile_dict(profile: Profile) -> UsedProfileDict:
    return {
        **profile.identity(),
        "illustrative": profile.provenance is Provenance.ILLUSTRATIVE,
    }


def _area_dict(row: AreaRollup, decided: AreaRollup | None, lang: Lang | str) -> CampaignAreaDict:
    return {
        **row.to_dict(lang),
        "communities": row.communities.value if row.communities else None,
        "decided": _decided_dict(decided) if decided else None,
    }


def _decided_dict(row: AreaRollup) -> DecidedDict:
    return {"recognised": row.tally.known(Count.RECOGNISED), **row.tally.levels_dict()}


def campaign_report(campaign: CampaignResults, lang: Lang | str = Lang.VI) -> str:
    """Return the results of a campaign as text; only the first differences are shown."""
    run = campaign.run
    blocks = [
        _HEAD.get(lang, year=run.year, day=day_text(run.as_of).get(lang)),
        *_profiles(run.profiles, lang, final=run.final),
        *([_read(campaign.read, lang)] if campaign.read else []),
        *(rollup_table(rows, lang) for rows in campaign.areas.values()),
    ]
    if campaign.decided:
        tables = (rollup_table(rows, lang) for rows in campaign.decided.values())
        blocks.append("\n".join([_DECIDED.get(lang), *tables]))
        blocks.append(_differences(campaign.differences, lang))
    if campaign.targets:
        blocks.append(attained_report(campaign.targets, lang))
    return "\n\n".join(blocks)


def _profiles(profiles: Sequence[Profile], lang: Lang | str, *, final: bool) -> Iterable[str]:
    rows = [
        [
            profile.id,
            profile.version,
            profile.hash[:12],
            profile.provenance.label.get(lang),
            profile.name.get(lang),
        ]
        for profile in profiles
    ]
    yield DisplayTable(_PROFILES, rows).text(lang) if rows else _NO_PROFILE.get(lang)
    if any(profile.provenance is Provenance.ILLUSTRATIVE for profile in profiles):
        yield _ILLUSTRATIVE.get(lang)
    if final:
        yield from (f"{profile.id}: {closing_text(profile).get(lang)}" for profile in profiles)


def _read(tables: Iterable[TableSummary], lang: Lang | str) -> str:
    rows = [
        [
            table.file.label.get(lang),
            *(
                number_text(number, lang)
                for number in (table.rows, table.evaluated, table.unknown, table.refused)
            ),
        ]
        for table in tables
    ]
    return DisplayTable(_READ, rows).text(lang)


def _differences(differences: Sequence[Difference], lang: Lang | str) -> str:
    head = _DIFFERENCES.get(lang, number=number_text(len(differences), lang))
    if not differences:
        return head
    rows = [
        [
            difference.title.label.get(lang),
            sanitize_line(difference.id),
            " / ".join(level or _NOT_RECOGNISED.get(lang) for level in difference.computed),
            sanitize_line(difference.decided) if difference.decided else NOT_REPORTED,
        ]
        for difference in differences[:_MAX_SHOWN]
    ]
    lines = [head, DisplayTable(_COMPARED, rows).text(lang)]
    if len(differences) > _MAX_SHOWN:
        lines.append(_MORE.get(lang, number=number_text(len(differences) - _MAX_SHOWN, lang)))
    return "\n".join(lines)


_HEAD = Text(vi="Năm {year}, đánh giá tính đến {day}.", en="Year {year}, evaluated as of {day}.")
_NO_PROFILE = Text(
    vi="Không có đối tượng nào được đánh giá theo bộ tiêu chí.", en="No subject was evaluated."
)
_ILLUSTRATIVE = Text(
    vi="LƯU Ý: có bộ tiêu chí minh họa (illustrative), do tự đặt ra; kết quả không có giá trị "
    "pháp lý.",
    en="NOTE: some profiles are illustrative (invented); the results have no legal force.",
)
_DECIDED = Text(
    vi="Theo quyết định của cơ quan có thẩm quyền:", en="By the authorities' decisions:"
)
_DIFFERENCES = Text(
    vi="Quyết định khác với kết quả theo tiêu chí: {number}.",
    en="Decisions that differ from the criteria: {number}.",
)
_MORE = Text(
    vi="… và {number} đối tượng khác; dùng --format json để liệt kê tất cả.",
    en="… and {number} more; use --format json to list all.",
)
_NOT_RECOGNISED = Text(vi="chưa đạt", en="not recognised")
_PROFILES = (
    Column(labels.PROFILE),
    Column(labels.VERSION),
    Column(labels.HASH),
    Column(labels.PROVENANCE),
    Column(labels.NAME),
)
_READ = (
    Column(Text(vi="Bảng", en="Table")),
    Column(labels.ROWS, numeric=True),
    Column(Text(vi="Được đánh giá", en="Evaluated"), numeric=True),
    Column(Text(vi="Chưa có dữ kiện", en="No facts"), numeric=True),
    Column(labels.REJECTED, numeric=True),
)
_COMPARED = (
    Column(labels.TITLE),
    Column(labels.ID),
    Column(Text(vi="Theo tiêu chí", en="By the criteria")),
    Column(Text(vi="Quyết định", en="Decided")),
)
