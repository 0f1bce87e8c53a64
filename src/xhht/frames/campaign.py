"""Evaluation of a society on columns, bottom-up: members are evaluated, grouped by their holder,
and joined to the subjects that depend on them.

The result equals that of `xhht.campaign` for the same society as records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve, field, frozen

from xhht.campaign.campaign import Campaign
from xhht.campaign.places import SubjectPlaces
from xhht.campaign.records import AreaReport, TitleGroup
from xhht.campaign.tallies import accepted_reports, roll_up_group, sorted_groups
from xhht.campaign.totals import DeclaredTotals
from xhht.criteria.dependencies import declared_inputs, evaluation_order
from xhht.criteria.profile import Profile
from xhht.criteria.standards import StandardChain
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.errors import FrameError
from xhht.evaluation.condition import condition_for
from xhht.frames._compile import IntervalExpr, compile_columns
from xhht.frames._days import days_of
from xhht.frames._engine import PreparedFrame, with_layers
from xhht.frames._expr import InvalidRows, any_of
from xhht.frames._members import EvaluatedRows, MemberColumns, member_columns
from xhht.frames._outputs import (
    closing_columns,
    closing_keys,
    level_keys,
    result_columns,
    result_keys,
)
from xhht.frames._prepare import PREFIX, RowsWithBounds
from xhht.frames._society import (
    AREA,
    HOLDERS,
    ID,
    REGISTERED,
    SubjectFrame,
    assign_profiles,
    open_tables,
    without_reported,
)
from xhht.frames._standards import read_chain, with_standards
from xhht.frames.tallies import tallies
from xhht.rollup.counts import Count, Counts
from xhht.rollup.tally import Tally, TallySum
from xhht.rollup.tree import Rollup
from xhht.rules.plan import Plan
from xhht.text import Text

__all__ = ["FrameRun", "campaign"]

_RESULT = ("verdict", "level", "points_certain", "points_possible")
_SHOWN_AS = {"level": "awarded"}
"""Communities have a column `level` of their own, so the level they are awarded is renamed."""
_NOTHING = nw.lit(None, nw.String)


@frozen(kw_only=True, eq=False)
class FrameRun:
    """A society evaluated on columns.

    Attributes:
        profiles: those in use, each after those it depends on.
        refused_reports: the reports that cannot be used, with the code of the reason.
        notes: what was read differently than written: ids whose leading zeros were restored.
    """

    profiles: tuple[Profile, ...]
    refused_reports: tuple[tuple[AreaReport, str], ...]
    _places: SubjectPlaces = field(repr=False)
    _totals: DeclaredTotals = field(repr=False)
    _tallies: Mapping[TitleGroup, Mapping[str, Tally]] = field(repr=False)
    _complete_areas: Mapping[TitleGroup, frozenset[str]] = field(repr=False)
    _rows: Mapping[Title, Sequence[nw.LazyFrame[Any]]] = field(repr=False)
    _rejected: Mapping[Title, Sequence[nw.LazyFrame[Any]]] = field(repr=False)
    notes: tuple[Text, ...] = ()

    def groups(self) -> tuple[TitleGroup, ...]:
        """Return the titles that are counted, communities by their level."""
        return sorted_groups(self._tallies)

    def rollup(
        self, title: Title | str, *, by: AreaLevel | str, level: AreaLevel | str | None = None
    ) -> Rollup:
        """Return the totals of a title in the areas of one level.

        Args:
            title: the title.
            by: the level of areas to add up to.
            level: for communities, the level of those counted, such as villages.
        """
        group = Title(title), AreaLevel(level) if level else None
        return roll_up_group(
            self._tallies.get(group, {}),
            group,
            AreaLevel(by),
            complete=self._complete_areas.get(group, ()),
            places=self._places,
            totals=self._totals,
        )

    def rows(self, title: Title | str) -> Any:
        """Return the evaluated rows of a title with the added result columns
        `verdict`, `awarded` (the level), `points_certain`, `points_possible`; at the close also
        `closed`, the facts that were closed, joined by `|`.

        Raises:
            KeyError: there is no table of the title, or no profile evaluates its rows.
        """
        return nw.concat(list(self._rows[Title(title)])).to_native()

    def rejected(self, title: Title | str) -> Any:
        """Return the rows of a title without a result, with `column`, `reason` and `counted`.

        `counted` is true if the subject still counts, with an unknown result.
        """
        return nw.concat(list(self._rejected[Title(title)])).to_native()


def campaign(
    setup: Campaign,
    tables: Mapping[Title, Any],
    *,
    reports: Iterable[AreaReport] = (),
    totals: Mapping[tuple[str, Title], int] | None = None,
    check_ids: bool = True,
) -> FrameRun:
    """Return a society evaluated bottom-up on columns.

    Args:
        setup: the year, its profiles and areas.
        tables: a frame for each title, all of one engine. Citizens have columns `id` and
            `household`, perhaps `unit`; households `id` and `village`, perhaps `clan`; clans `id`
            and `commune`; units `id`, `commune`, `managed_by` and `kind`; communities `area` and
            `level`. Ids may be integers; codes of areas are text. All may have `registered`, the
            keys of `applies_to` of a profile, and `members__TITLE`, the number of members. The
            other columns are inputs.
        reports: the counts of areas that send no rows.
        totals: the declared number of subjects of an area; subjects without a row count with an
            unknown result.
        check_ids: whether to check for duplicate ids; all rows with one are refused. It may be
            omitted if a database guarantees unique ids.

    Raises:
        FrameError: a table lacks a column, or a column cannot be read; or the campaign has a
            register, which columns cannot read.
        CampaignError: profiles depend on one another in a circle.
    """
    if setup.register is not None:
        raise FrameError(_NO_REGISTER)
    return _Campaign(setup, tables, reports, totals or {}, check_ids).run()


class _Campaign:
    def __init__(
        self,
        setup: Campaign,
        tables: Mapping[Title, Any],
        reports: Iterable[AreaReport],
        totals: Mapping[tuple[str, Title], int],
        check_ids: bool,
    ) -> None:
        self._setup = setup
        self._places = SubjectPlaces(setup.areas)
        self._totals = DeclaredTotals(totals, self._places)
        checked = list(accepted_reports(reports, self._places))
        self._reports = [report for report, refusal in checked if refusal is None]
        self._refused = tuple((report, refusal.code) for report, refusal in checked if refusal)
        self._tables = {
            title: assign_profiles(self._without_reported(table), setup, self._places)
            for title, table in open_tables(tables, self._places, check_ids=check_ids).items()
        }
        served = {
            (profile, title)
            for title, table in self._tables.items()
            for chain in table.chains
            for profile in chain.profiles
        }
        self._stages = evaluation_order(profile for profile, _ in served)
        in_order = sorted(served, key=lambda one: (self._stages.index(one[0]), one[1]))
        self._members = member_columns(in_order, self._places, self._totals)
        self._sums: dict[TitleGroup, dict[str, TallySum]] = {}
        self._complete_areas: dict[TitleGroup, set[str]] = {}
        self._rows: dict[Title, list[nw.LazyFrame[Any]]] = {}
        self._rejected: dict[Title, list[nw.LazyFrame[Any]]] = {}

    def run(self) -> FrameRun:
        for report in self._reports:
            group = report.title, report.level
            self._add(group, report.area, Tally.of(report.counts))
            self._complete_areas.setdefault(group, set()).add(report.area)
            for members in self._members_with(report.title):
                members.add_report(report)
        for table in self._tables.values():
            self._reject(table.title, table.refused(), counted=False)
            self._count_without_profile(table)
        for profile in self._stages:
            for table in self._tables.values():
                for chain in table.chains:
                    if chain.profile is profile:
                        self._evaluate(table, chain)
        self._add_missing()
        return FrameRun(
            profiles=self._stages,
            refused_reports=self._refused,
            places=self._places,
            totals=self._totals,
            tallies={
                group: {code: total.tally() for code, total in by_area.items()}
                for group, by_area in self._sums.items()
            },
            complete_areas={
                group: frozenset(codes) for group, codes in self._complete_areas.items()
            },
            rows=self._rows,
            rejected=self._rejected,
            notes=tuple(note for table in self._tables.values() for note in table.notes),
        )

    def _without_reported(self, table: SubjectFrame) -> SubjectFrame:
        reported = [(r.area, r.level) for r in self._reports if r.title is table.title]
        return without_reported(table, reported, self._places)

    def _members_with(self, title: Title) -> Iterator[MemberColumns]:
        return (members for members in self._members if members.query.title is title)

    # Evaluation

    def _evaluate(self, table: SubjectFrame, chain: StandardChain) -> None:
        """Evaluate the rows of one profile with the standards it rests on, and add their
        contributions to their holders.
        """
        profile, as_of, final = chain.profile, self._setup.as_of, self._setup.final
        plan = profile.plan_of(final, chain.unsettled[profile])
        frame, issues = table.evaluated_by(chain), list[tuple[str, InvalidRows]]()
        derived: dict[Profile, dict[str, IntervalExpr]] = {}
        for members in self._members:
            query = members.query
            if query.profile in chain.profiles and query.holders is table.title:
                frame = members.joined(frame, ID)
                derived.setdefault(query.profile, {}).update(members.ends(table.own))
                issues += members.issues(table.own)
        kept = (ID, AREA, REGISTERED, *self._holders(table))
        opened = PreparedFrame(None, frame, (*table.own, *kept), table.own, None)
        read = read_chain(chain, opened, as_of=as_of, derived=derived)
        staged = evolve(read.rows, issues=(*read.rows.issues, *issues))
        # Conditions on members are computed for invalid rows too, and may read results.
        results = with_standards(chain, read, staged.frame, as_of, final=final)
        staged = evolve(staged, frame=results.frame, ends=results.ends)
        staged, where = self._conditions(chain, staged)
        days = days_of(plan, as_of)
        keys = self._keys(profile, plan)
        compiled = compile_columns(plan, staged.ends, days, keys, PREFIX)
        good = with_layers(staged.valid(), compiled.layers)
        columns = dict(result_columns(plan, compiled))
        shown = {_SHOWN_AS.get(name, name): expression for name, expression in columns.items()}
        evaluated = EvaluatedRows(plan, compiled, nw.col(REGISTERED), where)
        self._contribute(table, good, evaluated)
        self._count(table, good.with_columns(**_hidden(columns)), profile)
        if final:
            shown |= dict(closing_columns(plan, compiled))
        self._rows.setdefault(table.title, []).append(good.select(*table.own, **shown))
        self._count_invalid(table, staged, where)

    def _count_invalid(
        self, table: SubjectFrame, staged: RowsWithBounds, where: Mapping[str, IntervalExpr]
    ) -> None:
        """Count invalid rows as subjects with an unknown result."""
        if not staged.issues:
            return
        rejected = staged.rejected("column", "reason")
        self._reject(table.title, rejected.select(*table.own, "column", "reason"), counted=True)
        self._count_unknown(table, rejected, where)

    def _count_without_profile(self, table: SubjectFrame) -> None:
        """Count rows without a profile as subjects with an unknown result."""
        rows = table.evaluated_by(None)
        self._count_unknown(table, rows, {})
        refused = rows.select(*table.own, column=_NOTHING, reason=nw.lit("no_profile"))
        self._reject(table.title, refused, counted=True)

    def _count_unknown(
        self, table: SubjectFrame, rows: nw.LazyFrame[Any], where: Mapping[str, IntervalExpr]
    ) -> None:
        self._contribute(table, rows, EvaluatedRows(None, None, nw.col(REGISTERED), where))
        self._count(table, rows.with_columns(**_hidden({"verdict": _NOTHING})), None)

    def _reject(self, title: Title, rows: nw.LazyFrame[Any], *, counted: bool) -> None:
        rejected = rows.with_columns(counted=nw.lit(counted))
        self._rejected.setdefault(title, []).append(rejected)

    def _keys(self, profile: Profile, plan: Plan) -> list[tuple[int, bool]]:
        queries = [members.query for members in self._members_with(profile.title)]
        times = sum(len(query.entries) for query in queries)
        closing = closing_keys(plan) if self._setup.final else []
        return [*result_keys(plan), *level_keys(plan) * times, *closing]

    def _conditions(
        self, chain: StandardChain, staged: RowsWithBounds
    ) -> tuple[RowsWithBounds, dict[str, IntervalExpr]]:
        """Return rows with the truths of the conditions on members.

        If a fact that a condition reads is invalid, or one of a standard whose result it reads,
        the condition is open.
        """
        profile = chain.profile
        queries = [members.query for members in self._members_with(profile.title)]
        conditions = [entry.where for query in queries for entry in query.entries.values()]
        inputs = [declared.name for declared in profile.plan.inputs]
        ends = dict(zip(inputs, staged.ends, strict=True))
        truths: dict[str, IntervalExpr] = {}
        for number, text in enumerate(dict.fromkeys(conditions)):
            if text is None:
                continue
            plan = condition_for(profile, text).plan
            days, index = days_of(plan, self._setup.as_of), plan.levels[0].when
            keys = [(index, False), (index, True)]
            read = [ends[declared.name] for declared in plan.inputs]
            compiled = compile_columns(plan, read, days, keys, f"{PREFIX}w{number}_")
            names = {declared.declared_input.name for declared in plan.inputs}
            if not names.isdisjoint(chain.sources[profile]):
                names |= {name for one in chain.standards for name in declared_inputs(one)}
            doubt = any_of([issue.rows for name, issue in staged.issues if name in names])
            certain, possible = map(compiled.truth, keys)
            lower, upper = f"{PREFIX}certain{number}", f"{PREFIX}possible{number}"
            ends_of = [(certain & ~doubt).alias(lower), (possible | doubt).alias(upper)]
            frame = with_layers(staged.frame, [*compiled.layers, ends_of])
            staged = evolve(staged, frame=frame, own=(*staged.own, lower, upper))
            truths[text] = IntervalExpr(nw.col(lower), nw.col(upper))
        return staged, truths

    # Contributions and counts

    def _holders(self, table: SubjectFrame) -> list[str]:
        names = table.frame.collect_schema().names()
        return [column for column in HOLDERS.values() if column in names and column != AREA]

    def _contribute(
        self, table: SubjectFrame, rows: nw.LazyFrame[Any], evaluated: EvaluatedRows
    ) -> None:
        for members in self._members_with(table.title):
            holder = HOLDERS[members.query.holders]
            if holder in (*self._holders(table), AREA):
                members.add_rows(rows, holder, evaluated, table.kinds)

    def _count(self, table: SubjectFrame, rows: nw.LazyFrame[Any], profile: Profile | None) -> None:
        plain = {name: nw.col(f"{PREFIX}{name}") for name in (_RESULT if profile else ("verdict",))}
        counted = rows.select(
            area=nw.col(AREA), registered=nw.col(REGISTERED), **plain, **_level_of(table)
        )
        for level in self._levels_of(table, counted):
            of_level = counted
            if level is not None:
                of_level = counted.filter(nw.col("of_level") == level.value)
            tallied = tallies(of_level.to_native(), title=table.title, profile=profile)
            for (code, _), tally in tallied.tallies.items():
                self._add((table.title, level), code, tally)

    def _levels_of(self, table: SubjectFrame, rows: nw.LazyFrame[Any]) -> list[AreaLevel | None]:
        if table.title is not Title.LEARNING_COMMUNITY:
            return [None]
        levels = rows.select("of_level").unique().collect()["of_level"].to_list()
        return [AreaLevel(level) for level in levels]

    def _add(self, group: TitleGroup, code: str, tally: Tally) -> None:
        self._sums.setdefault(group, {}).setdefault(code, TallySum()).add(tally)
        self._totals.add_known(group[0], code, tally.bounds(Count.TOTAL).lower)

    def _add_missing(self) -> None:
        """Count the subjects that areas declare beyond those with a row or in a report."""
        for title in self._totals.titles:
            sums = self._sums.setdefault((title, None), {})
            for code, missing in list(self._totals.excess(title)):
                sums.setdefault(code, TallySum()).add(Tally.of(Counts(total=max(missing, 0))))
                self._complete_areas.setdefault((title, None), set()).add(code)


def _hidden(columns: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
    return {f"{PREFIX}{name}": expression for name, expression in columns.items()}


def _level_of(table: SubjectFrame) -> dict[str, nw.Expr]:
    is_area = table.title is Title.LEARNING_COMMUNITY
    return {"of_level": nw.col("level")} if is_area else {}


_NO_REGISTER = Text(
    vi="Sổ danh hiệu (register) không tra được trên cột; hãy thêm cột cho các đầu vào 'held' và "
    "'since' của bộ tiêu chí, hoặc đánh giá theo hồ sơ bằng Campaign.run.",
    en="A register cannot be read on columns; add columns for the inputs 'held' and 'since' of the "
    "profile, or evaluate records with Campaign.run.",
)
