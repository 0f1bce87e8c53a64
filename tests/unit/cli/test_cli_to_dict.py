"""`--format json` prints what `to_dict` of the library returns, for every command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import polars as pl
import pytest
from attrs import evolve
from click.testing import CliRunner

import xhht
from xhht.campaign import Campaign, Society
from xhht.campaign.sent_counts import sent_counts
from xhht.cli import main
from xhht.criteria.loading import check_profile, load_profile
from xhht.criteria.targets import bundled_programmes
from xhht.documents import dumps_result, make_document, verify
from xhht.documents.verification import CheckedDocument
from xhht.domain import AreaLevel
from xhht.evaluation.result import Evaluation
from xhht.frames.compare import compare
from xhht.gathering import gather
from xhht.proving import prove
from xhht.reporting.campaigns import CampaignResults
from xhht.rollup import (
    RankKey,
    ShortlistRules,
    Tally,
    rollup,
    sensitivity,
    shortlist,
)
from xhht.rollup.carry import carry
from xhht.rollup.national import national_concordance
from xhht.rollup.tally import Points
from xhht.rollup.targets import CountTargetEvaluator
from xhht.rollup.transitions import SubjectOutcome, Transition
from xhht.tables.areas import AreaTable, read_areas
from xhht.tables.candidates import read_candidates
from xhht.tables.counts import read_reports
from xhht.tables.csv import read_csv_text
from xhht.tables.figures import reconcile_rows
from xhht.testing.running import RunOptions, run_files

UNIT = "vn.unit.tt22-2020.all-or-nothing"
PROGRAMME = "vn.programme.qd387-2022"
DAY = date(2024, 12, 31)
AREAS = """code,name,level,parent
01,Tỉnh Mẫu,province,
00001,Xã Một,commune,01
00004,Xã Hai,commune,01
"""
COUNTS = """area,title,total,recognised,undetermined
00001,learning_household,100,80,5
00004,learning_household,300,,
99999,learning_household,3,,
"""
CANDIDATES = """id,area,title,verdict,points_certain,years
u1,00001,learning_unit,recognised,95,2022-2023
u2,00004,learning_unit,undetermined,90,2023
"""
CLANS = "area,title,total,recognised\n00001,learning_clan,2,1\n"
FIGURES = "place,numerator,denominator,printed_pct,note\nA,26,27,96.3,~\nB,5,,50,\n"
FACTS = [{"has_learning_policy": True}, {"members": 4, "members_disciplined": 5}]
PROFILE = """format: 1
id: test.json
version: 1.0.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
criteria:
  - id: "1"
    indicators: [{id: "1.1", points: 10, met_when: flag}]
levels:
  - {id: pass, name: {vi: Đạt, en: Pass}, when: points >= 5}
"""
CASES = """cases:
  - {name: yes, facts: {flag: true}, expected: {level: pass}}
  - {name: no, facts: {flag: false}, expected: {level: pass}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "areas.csv": AREAS,
        "counts.csv": COUNTS,
        "national.csv": "area,title,total,recognised\n22978,learning_clan,9,3\n",
        "candidates.csv": CANDIDATES,
        "clans.csv": CLANS,
        "figures.csv": FIGURES,
        "facts.json": json.dumps(FACTS),
        "sample.yaml": PROFILE,
        "sample.test.yaml": CASES,
        "broken.yaml": PROFILE.replace("points: 10", "points: -1"),
        "newer.yaml": PROFILE.replace(">= 5", ">= 6"),
        "people.csv": "id,flag\na,1\nb,0\nc,1,2\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def area_table() -> AreaTable:
    table = read_csv_text(AREAS)
    return read_areas(table.columns, table)


def errors(*results: Any) -> list[Any]:
    return [fault.to_dict("en") for result in results for fault in result.faults]


def show_areas() -> Any:
    areas = [area.to_dict() for area in area_table().tree]
    by_code = {area["area"]: area for area in areas}
    listed = [by_code[code] for code in ("01", "00001", "00004")]
    return {"on": DAY.isoformat(), "areas": listed, "errors": []}


def carry_counts() -> Any:
    concordance = national_concordance()
    start, end = date(2025, 6, 30), date(2025, 7, 1)
    table = read_csv_text(Path("national.csv").read_text("utf-8"))
    reports = read_reports(table.columns, table, concordance.tree.on(start))
    carried = carry(reports.tallies, concordance, from_day=start, to_day=end)
    days = {"from": start.isoformat(), "to": end.isoformat(), "by": None}
    return {**days, **carried.to_dict("en"), "errors": errors(reports)}


def roll_up() -> Any:
    areas, table = area_table(), read_csv_text(COUNTS)
    reports = read_reports(table.columns, table, areas.tree)
    result = rollup(reports.tallies, areas.tree, by=AreaLevel.PROVINCE, titles=reports.titles)
    return {**result.to_dict("en"), "errors": errors(areas, reports)}


def attain_targets() -> Any:
    areas, table = area_table(), read_csv_text(COUNTS)
    reports = read_reports(table.columns, table, areas.tree)
    [programme] = [item for item in bundled_programmes() if item.id == PROGRAMME]
    evaluator = CountTargetEvaluator(reports, areas.tree, by=AreaLevel.PROVINCE)
    results = evaluator.evaluate(programme.targets, as_of=DAY)
    data = results.to_dict("en", programme=PROGRAMME)
    return {"as_of": DAY.isoformat(), **data, "errors": errors(areas, reports)}


def rank_candidates() -> Any:
    areas, table = area_table(), read_csv_text(CANDIDATES)
    candidates = read_candidates(table.columns, table, areas.tree)
    keys = (RankKey.POINTS, RankKey.YEARS)
    rules = ShortlistRules(year=2023, quota=1, per=AreaLevel.PROVINCE, keys=keys)
    result = shortlist(candidates.candidates, areas.tree, rules=rules)
    return {**result.to_dict("en"), "errors": errors(areas, candidates)}


def evaluations() -> Iterator[Evaluation]:
    profile = xhht.bundled_profiles().get(UNIT)
    yield xhht.evaluate(profile, FACTS[0], as_of=DAY)


def count_close() -> Any:
    profile = xhht.bundled_profiles().get(UNIT)
    tally = Tally.sum(
        Tally.of_subject(
            result.verdict.value,
            level=result.level,
            points=Points(profile.hash, result.points_certain, result.points_possible),
        )
        for result in evaluations()
    )
    data = sensitivity(tally, profile, 5).to_dict("en", marks=[60])
    return {**data, "errors": [invalid(2)]}


def invalid(number: int) -> dict[str, object]:
    profile = xhht.bundled_profiles().get(UNIT)
    with pytest.raises(xhht.FactsError) as caught:
        xhht.evaluate(profile, FACTS[1], as_of=DAY)
    return {"id": number, "message": caught.value.message("en")}


def run_campaign() -> Any:
    areas, table = area_table(), read_csv_text(CLANS)
    reports = read_reports(table.columns, table, areas.tree)
    run = Campaign(2024, xhht.installed_profiles(), areas.tree).run(
        Society(reports=sent_counts(reports, communities=None).reports)
    )
    levels = [AreaLevel.PROVINCE, AreaLevel.COMMUNE]
    return {**CampaignResults.of_run(run, levels).to_dict("en"), "errors": []}


def cheapest_paths() -> Any:
    [result] = evaluations()
    level = result.profile.document.levels[-1].id
    return [{"id": 1, **result.path_to(level).to_dict("en")}]


def transitions() -> Any:
    changes = two_profiles()
    rows = pl.DataFrame({"id": ["a", "b"], "flag": [True, False]})
    effect = compare(changes.old, changes.new, rows, as_of=DAY, id="id")
    rejected = SubjectOutcome(None)
    broken_row = Transition(old=rejected, new=rejected, number=1)
    effect = evolve(effect, cells=(*effect.cells, broken_row)).merged()
    population = {"as_of": DAY.isoformat(), **effect.to_dict("en")}
    return {**changes.to_dict("en"), "population": population}


def two_profiles() -> xhht.ProfileChanges:
    return xhht.compare_profiles(load_profile("sample.yaml"), load_profile("newer.yaml"))


def case_outcomes() -> Any:
    outcomes = run_files([Path("sample.yaml")], RunOptions())
    return [case for outcome in outcomes for case in outcome.case_dicts("en")]


def figures() -> Any:
    return [figure.to_dict("en") for figure in reconcile_rows(read_csv_text(FIGURES))]


def checked() -> Any:
    data = Path("broken.yaml").read_bytes()
    return [item.to_dict("en") for item in check_profile(data, "broken.yaml")]


def targets_listed() -> Any:
    return [programme.to_dict("en") for programme in bundled_programmes()]


def profiles_listed() -> Any:
    profiles = sorted(xhht.installed_profiles(), key=lambda profile: profile.id)
    return [profile.summary("en") for profile in profiles]


def evaluated() -> Any:
    [result] = evaluations()
    return [{"id": 1, **result.to_dict("en")}]


def gather_counts() -> Any:
    Path("sent").mkdir()
    sent = "Danh hiệu,Tổng số hộ,Số hộ đạt\nGia đình học tập,100,80\n"
    Path("sent/Xã Một.csv").write_text(sent, encoding="utf-8")
    return gather("sent", area_table().tree).to_dict("en")


def verified() -> Any:
    [result] = evaluations()
    document = make_document(result.profile, FACTS[0], as_of=DAY, subject="u1")
    Path("result.json").write_text(dumps_result(document), encoding="utf-8")
    return [CheckedDocument("u1", verify(document)).to_dict("en")]


AREA = ("--areas", "areas.csv")
RULES = ("--year", "2023", "--quota", "1", "--per", "province")
RANKED = (*RULES, "--rank", "points", "--rank", "years")
COMMANDS: dict[str, tuple[tuple[str, ...], Callable[[], Any]]] = {
    "areas show": (("areas.csv", "--on", DAY.isoformat()), show_areas),
    "areas carry": (
        ("national.csv", "--national", "--from", "2025-06-30", "--to", "2025-07-01"),
        carry_counts,
    ),
    "check": (("broken.yaml",), checked),
    "campaign": (
        ("--year", "2024", *AREA, "--counts", "clans.csv", "--by", "province", "--by", "commune"),
        run_campaign,
    ),
    "compare": (
        ("sample.yaml", "newer.yaml", "--population", "people.csv", "--as-of", DAY.isoformat()),
        transitions,
    ),
    "gather": (("sent", *AREA), gather_counts),
    "path": ((UNIT, "one.json", "--as-of", DAY.isoformat()), cheapest_paths),
    "evaluate": ((UNIT, "one.json", "--as-of", DAY.isoformat()), evaluated),
    "profiles list": ((), profiles_listed),
    "profiles resolve": (
        ("learning_citizen", "--on", DAY.isoformat()),
        lambda: xhht.bundled_profiles().resolve("learning_citizen", as_of=DAY).summary("en"),
    ),
    "profiles show": ((UNIT,), lambda: xhht.bundled_profiles().get(UNIT).to_dict("en")),
    "prove": (("sample.yaml",), lambda: [prove(load_profile("sample.yaml")).to_dict("en")]),
    "reconcile": (("figures.csv",), figures),
    "rollup": (("counts.csv", *AREA, "--by", "province"), roll_up),
    "sensitivity": (
        (UNIT, "facts.json", "--within", "5", "--mark", "60", "--as-of", DAY.isoformat()),
        count_close,
    ),
    "shortlist": (
        ("candidates.csv", *AREA, *RANKED),
        rank_candidates,
    ),
    "targets attain": (
        ("counts.csv", *AREA, "--year", "2024", "--programme", PROGRAMME),
        attain_targets,
    ),
    "targets list": ((), targets_listed),
    "test": (("sample.yaml",), case_outcomes),
    "verify": (("result.json",), verified),
}
"""The arguments of each command, and the same structure from the library."""

OTHERS = {
    "export": "the name of a file",
    "import": "the text of a profile",
    "new": "the text of a profile",
    "report": "the names of files",
    "schema facts": "a JSON schema",
}
"""Commands whose JSON is no result of the library."""


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterable[str]:
    """Yield the commands with `--format json`."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from commands(child, (*path, name))
    elif any("json" in getattr(option.type, "choices", ()) for option in command.params):
        yield " ".join(path)


def test_every_command_with_json_is_compared() -> None:
    assert {*commands(main)} == {*COMMANDS, *OTHERS}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_the_dictionary_of_the_library(name: str) -> None:
    Path("one.json").write_text(json.dumps(FACTS[:1]), encoding="utf-8")
    arguments, of_library = COMMANDS[name]
    expected = of_library()
    result = CliRunner().invoke(
        main, [*name.split(), *arguments, "--format", "json", "--lang", "en"]
    )
    assert result.exit_code in (0, 1), result.output
    assert json.loads(result.stdout) == json.loads(json.dumps(expected))
