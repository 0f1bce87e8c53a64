"""The promised names of `xhht` with their exact types: this file only has to type-check.

`make types` reads it. A type that changes here changes for every embedder: note it in the
changelog. Nothing in it runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, assert_type

import xhht
from xhht.domain.areas import AreaTree
from xhht.domain.concordance import NotKnown, Sources, Split, Whole
from xhht.rollup.carry import Carried
from xhht.rollup.disclosure import ProtectedTable
from xhht.rollup.shortlist import Shortlist
from xhht.rollup.tally import Tally


def profiles(path: Path, text: str) -> None:
    registry = xhht.bundled_profiles()
    assert_type(registry, xhht.Registry)
    assert_type(xhht.installed_profiles(), xhht.Registry)
    assert_type(registry.get("vn.unit.tt22-2020"), xhht.Profile)
    assert_type(registry.resolve("learning_unit", as_of=date(2024, 12, 31)), xhht.Profile)
    assert_type(iter(registry), Iterator[xhht.Profile])
    profile = xhht.load_profile(path)
    assert_type(profile, xhht.Profile)
    assert_type(xhht.loads_profile(text), xhht.Profile)
    assert_type(xhht.dump_profile(profile), str)
    assert_type(profile.id, str)
    assert_type(profile.hash, str)
    assert_type(profile.title, xhht.Title)
    assert_type(profile.provenance, xhht.Provenance)
    assert_type(profile.max_points, Fraction)
    assert_type(xhht.facts_schema(profile, "en"), dict[str, Any])
    assert_type(xhht.compare_profiles(profile, profile), xhht.ProfileChanges)
    assert_type(xhht.prove(profile), xhht.Proof)


def diagnostics(data: bytes) -> None:
    for diagnostic in xhht.check_profile(data, "a.yaml"):
        assert_type(diagnostic, xhht.Diagnostic)
        assert_type(diagnostic.code, str)
        assert_type(diagnostic.severity, xhht.Severity)
        assert_type(diagnostic.text.vi, str)
    assert_type(xhht.check_targets(data, "a.targets.yaml"), tuple[xhht.Diagnostic, ...])
    try:
        xhht.loads_profile("")
    except xhht.ProfileError as error:
        assert_type(error.diagnostics, tuple[xhht.Diagnostic, ...])


def facts(values: Mapping[str, object]) -> None:
    assert_type(xhht.facts_from_json(values), dict[str, object])
    assert_type(xhht.Between(3, 5), xhht.Between)
    assert_type(xhht.OneOf(frozenset({"a", "b"})), xhht.OneOf)
    assert_type(xhht.PerPoint(2), xhht.PerPoint)


def evaluation(profile: xhht.Profile) -> None:
    result = xhht.evaluate(profile, {"a": True}, as_of=date(2024, 12, 31))
    assert_type(result, xhht.Evaluation)
    assert_type(xhht.Evaluator(profile)({}), xhht.Evaluation)
    assert_type(xhht.SubjectCondition(profile, "a")({}), bool | None)
    assert_type(result.verdict, xhht.Verdict)
    assert_type(result.level, str | None)
    assert_type(result.levels_possible, tuple[str | None, ...])
    assert_type(result.points_certain, Fraction)
    assert_type(result.points_possible, Fraction)
    assert_type(result.exact, bool)
    assert_type(result.gaps(), tuple[xhht.Gap, ...])
    for criterion in result.criteria:
        assert_type(criterion, xhht.CriterionResult)
        assert_type(criterion.status, xhht.Status)
        assert_type(criterion.points_certain, Fraction)


def targets(path: Path) -> None:
    programme = xhht.load_targets(path)
    assert_type(programme, xhht.Programme)
    assert_type(xhht.bundled_programmes(), tuple[xhht.Programme, ...])
    assert_type(programme.targets, tuple[xhht.Target, ...])
    target = programme.target("household_2025")
    assert_type(target.share, Fraction | None)
    assert_type(target.count, int | None)
    attained = xhht.attainment(target, Fraction(1, 2), as_of=2025)
    assert_type(attained, xhht.Attainment)
    assert_type(attained.lower, Fraction | None)
    assert_type(xhht.JointTally.sum([xhht.JointTally()]), xhht.JointTally)


def titles(register: xhht.TitleRegister, rule: xhht.UpgradeRule) -> None:
    day = date(2025, 1, 1)
    for held_title in register.held(day):
        assert_type(held_title.recognition, xhht.Recognition)
        level: str | None = held_title.recognition.level
        assert level is None or register.held(day)
    for upgradable in register.upgradable(day, [rule]):
        assert_type(upgradable.recognition, xhht.Recognition)
        assert_type(upgradable.held_since, date)


def areas(country: xhht.Concordance, reports: Mapping[tuple[str, xhht.Title], Tally]) -> None:
    before, after = date(2025, 6, 30), date(2025, 7, 1)
    assert_type(xhht.national_concordance(), xhht.Concordance)
    assert_type(country.targets("22915", before, after), Whole | Split | NotKnown)
    assert_type(country.sources("22915", after, before), Sources)
    assert_type(xhht.carry(reports, country, from_day=before, to_day=after), Carried)


def publication(tree: AreaTree, rules: xhht.ShortlistRules) -> None:
    table = {"01": {"learning_household": 3}}
    assert_type(xhht.protect(table, tree), ProtectedTable)
    candidates: list[xhht.Candidate] = []
    assert_type(xhht.shortlist(candidates, tree, rules=rules), Shortlist)
