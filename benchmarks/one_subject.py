"""One subject: `xhht.evaluate` beside ZEN and OpenFisca on the same rule and rows, in one run.

The rule is the ten all-or-nothing indicators of Circular 22/2020/TT-BGDĐT. The work is not equal,
and the table says so: xhht returns verdict, level, range and the status of each indicator; the
other two return the bare points. Run `make bench`.

OpenFisca-Core is under the AGPL: it is measured here and is no dependency of xhht.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
import zen
from openfisca_core.entities import build_entity
from openfisca_core.periods import YEAR
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

import xhht

Facts = dict[str, bool | int]

PROFILE = "vn.unit.tt22-2020.all-or-nothing"
ROWS = 2_000
SIMULATIONS = 200
BATCH = 100_000
ROUNDS = 9
IMPORTS = 15
FIRST_VERDICT = f"xhht.evaluate(xhht.bundled_profiles().get({PROFILE!r}), {{}}).verdict"
PERIOD = "2024"

YES_NO = {
    "has_learning_policy": 10,
    "has_incentive_rules": 10,
    "invests_resources": 10,
    "advanced_collective": 10,
    "shares_knowledge": 5,
}
BY_ALL_MEMBERS = {
    "members_with_approved_plan": 10,
    "members_disciplined": 5,
    "members_completed_programmes": 10,
    "members_advanced_labour": 5,
    "members_learning_citizens": 25,
}


def random_facts(rng: random.Random) -> Facts:
    """Return a unit about which everything is known."""
    members = rng.randint(5, 300)
    facts: Facts = {name: rng.random() < 0.8 for name in YES_NO}
    facts["members"] = members
    for name in BY_ALL_MEMBERS:
        facts[name] = members if rng.random() < 0.7 else rng.randint(0, members)
    return facts


def zen_points() -> Callable[[Facts], int]:
    """Return ZEN's compiled expression for the points."""
    terms = [f"({name} ? {points} : 0)" for name, points in YES_NO.items()]
    terms += [f"({name} >= members ? {points} : 0)" for name, points in BY_ALL_MEMBERS.items()]
    evaluate: Callable[[Facts], int] = zen.compile_expression(" + ".join(terms)).evaluate
    return evaluate


class OpenFisca:
    """The same rule as one entity, an input variable a fact and a formula for the points."""

    def __init__(self) -> None:
        unit = build_entity("unit", "units", "A unit", is_person=True)
        self.system: Any = TaxBenefitSystem([unit])
        common = {"entity": unit, "definition_period": YEAR}

        def formula(subjects: Any, period: Any) -> Any:
            points: Any = 0
            for name, worth in YES_NO.items():
                points = points + worth * subjects(name, period)
            members = subjects("members", period)
            for name, worth in BY_ALL_MEMBERS.items():
                points = points + worth * (subjects(name, period) >= members)
            return points

        for name in (*YES_NO, "members", *BY_ALL_MEMBERS):
            kind = bool if name in YES_NO else int
            attributes = {**common, "value_type": kind, "label": name}
            self.system.add_variable(type(name, (Variable,), attributes))
        attributes = {**common, "value_type": int, "label": "Points", "formula": formula}
        self.system.add_variable(type("points", (Variable,), attributes))

    def one(self, facts: Facts) -> int:
        """Return the points of one unit from a simulation of its own."""
        unit = {name: {PERIOD: value} for name, value in facts.items()}
        simulation = SimulationBuilder().build_from_entities(self.system, {"units": {"unit": unit}})
        return int(simulation.calculate("points", PERIOD)[0])

    def batch(self, columns: dict[str, Any]) -> Any:
        """Return the points of many units from one simulation."""
        builder = SimulationBuilder()
        builder.create_entities(self.system)
        builder.declare_person_entity("unit", range(len(columns["members"])))
        simulation = builder.build(self.system)
        for name, values in columns.items():
            simulation.set_input(name, PERIOD, values)
        return simulation.calculate("points", PERIOD)


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(works: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Return the median seconds per subject of each work, all measured in turn in every round."""
    measured: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, (work, subjects) in works.items():
            measured[name].append(seconds(work) / subjects)
    return {name: statistics.median(times) for name, times in measured.items()}


def seconds_when_fresh(statement: str) -> float:
    """Return the median seconds that `statement` takes in fresh interpreters."""
    program = (
        f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        for _ in range(IMPORTS)
    ]
    return statistics.median(float(run.stdout) for run in runs)


def verdict_and_range(profile: xhht.Profile, facts: Facts) -> tuple[object, ...]:
    """Return what decides: verdict, level and the range of points."""
    result = xhht.evaluate(profile, facts)
    return result.verdict, result.level, result.points_certain, result.points_possible


def full_result(profile: xhht.Profile, facts: Facts) -> tuple[object, ...]:
    """Return everything a caller reads from an evaluation, short of explanation and gaps."""
    result = xhht.evaluate(profile, facts)
    return (
        result.verdict,
        result.level,
        result.points_certain,
        result.points_possible,
        result.levels_possible,
        result.criteria,
    )


def main() -> None:
    """Check that all three agree on every row, measure, and print the tables."""
    rng = random.Random(22_2020)
    rows = [random_facts(rng) for _ in range(ROWS)]
    some_unknown = [dict(list(facts.items())[3:]) for facts in rows]
    profile = xhht.bundled_profiles().get(PROFILE)
    score, openfisca = zen_points(), OpenFisca()
    columns = {name: np.resize([facts[name] for facts in rows], BATCH) for name in rows[0]}

    expected = [int(score(facts)) for facts in rows]
    if [xhht.evaluate(profile, facts).points_certain for facts in rows] != expected:
        sys.exit("xhht and ZEN differ on the same rows; nothing was measured.")
    if openfisca.batch(columns)[:ROWS].tolist() != expected:
        sys.exit("OpenFisca and ZEN differ on the same rows; nothing was measured.")

    works: dict[str, tuple[Callable[[], object], int]] = {
        "xhht": (lambda: [full_result(profile, facts) for facts in rows], ROWS),
        "xhht, verdict": (lambda: [verdict_and_range(profile, facts) for facts in rows], ROWS),
        "xhht, unknowns": (lambda: [full_result(profile, facts) for facts in some_unknown], ROWS),
        "ZEN": (lambda: [score(facts) for facts in rows], ROWS),
        "OpenFisca, one": (
            lambda: [openfisca.one(facts) for facts in rows[:SIMULATIONS]],
            SIMULATIONS,
        ),
        "OpenFisca, batch": (lambda: openfisca.batch(columns), BATCH),
    }
    print_tables(medians(works))


def print_tables(took: dict[str, float]) -> None:
    """Print what was measured, then the goals beside what was reached."""
    engines = {
        "xhht": (f"xhht {version('xhht')}", "verdict, level, range, statuses"),
        "xhht, unknowns": ("the same, 3 of 11 facts unknown", "verdict, level, range, statuses"),
        "xhht, verdict": ("the same, everything known", "verdict, level, range"),
        "ZEN": (f"ZEN {version('zen-engine')}, compiled expression", "points"),
        "OpenFisca, one": (f"OpenFisca {version('openfisca-core')}, a simulation each", "points"),
        "OpenFisca, batch": (f"the same, one simulation of {BATCH:,}", "points"),
    }
    print("| engine | gives | median µs a subject | ratio to ZEN |")
    print("|---|---|--:|--:|")
    for key, (engine, gives) in engines.items():
        print(f"| {engine} | {gives} | {took[key] * 1e6:.2f} | {took[key] / took['ZEN']:.2f} |")

    file = xhht.bundled_profiles().get(PROFILE).file
    loading = statistics.median(seconds(lambda: xhht.load_profile(file)) for _ in range(ROUNDS))
    importing = seconds_when_fresh("import xhht") * 1e3
    first = seconds_when_fresh(f"import xhht; {FIRST_VERDICT}") * 1e3
    ratio = took["xhht"] / took["ZEN"]
    print("\n| goal | at most | reached | |")
    print("|---|--:|--:|---|")
    for goal, most, reached, unit in (
        ("one subject, full result, against ZEN's bare points", 2, ratio, "×"),
        ("`import xhht` in a fresh interpreter", 60, importing, " ms"),
        ("loading one profile", 20, loading * 1e3, " ms"),
    ):
        verdict = "yes" if reached <= most else "not yet"
        print(f"| {goal} | {most}{unit} | {reached:.2f}{unit} | {verdict} |")
    print(
        f"\nFrom a fresh interpreter to a first verdict, all bundled profiles read: {first:.0f} ms."
    )
    print(f"Python {sys.version.split()[0]}, medians of {ROUNDS} rounds ({IMPORTS} imports).")


if __name__ == "__main__":
    main()
