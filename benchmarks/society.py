"""A whole society bottom-up through the ordinary API: how long it takes, and how much memory.

Citizens make households, households make clans and villages, citizens make units; all are records
of a campaign. Communes share nobody, so each process runs the campaign of some of them, and their
tallies add up to the province. The society is invented and seeded. Citizens are judged by Decision
324/QĐ-KHVN as far as sources show it; the criteria of all others are the illustrative ones of
`examples/`. Run `make bench-society`, or this file with `--households` and `--citizens`.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import click
from attrs import frozen

import xhht
from xhht.campaign import Campaign, Record, Run, Society
from xhht.criteria.files import profile_files
from xhht.domain import Area, AreaLevel, AreaTree, Title
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.titles import ManagedBy, UnitKind
from xhht.reporting.rollups import rollup_table
from xhht.rollup import Tally, rollup

PROFILES = Path(__file__).resolve().parents[1] / "examples" / "binh_thuan" / "profiles"
CITIZEN = "vn.citizen.qd324-2023"
YEAR = 2023
PROVINCE = "60"
PER_VILLAGE = 470
VILLAGES_PER_COMMUNE = 6
UNITS_PER_COMMUNE = 6
CLAN_MEMBERS = 40
INDICATORS = tuple(f"indicator_{number}" for number in range(1, 11))

T = TypeVar("T")
Facts = dict[str, object]


@frozen(kw_only=True)
class Size:
    """How large a society is, and how many of its records are corrected."""

    households: int
    citizens: int
    corrections: int
    seed: int

    @property
    def villages(self) -> int:
        """How many villages its households fill."""
        return -(-self.households // PER_VILLAGE)

    @property
    def communes(self) -> int:
        """How many communes its villages fill."""
        return -(-self.villages // VILLAGES_PER_COMMUNE)


@frozen
class Took:
    """Seconds of a step: by the clock, and of the processor, which others cannot slow down."""

    wall: float
    cpu: float

    def each(self, number: int) -> str:
        """Return how long one of `number` took."""
        return f"{self.cpu / number * 1e6:,.0f} µs each"


@frozen(kw_only=True)
class Part:
    """What one process comes to, and what that took."""

    tallies: Mapping[Title, Tally]
    records: int
    rejected: int
    building: Took
    evaluating: Took
    correcting: Took
    peak: float


def evaluate_part(size: Size, part: int, parts: int) -> Part:
    """Build, evaluate and correct every commune whose number leaves `part` over by `parts`."""
    communes = range(part, size.communes, parts)
    known, building = timed(lambda: list(records(size, communes)))
    profiles = [xhht.bundled_profiles().get(CITIZEN)]
    profiles += map(xhht.load_profile, profile_files([PROFILES]))
    campaign = Campaign(YEAR, profiles, areas(size, communes), illustrative=True)
    run, evaluating = timed(lambda: campaign.run(Society(records=known)))
    corrections = len(range(part, size.corrections, parts))
    _, correcting = timed(lambda: correct(run, known, corrections, size.seed))
    return Part(
        tallies=dict(province_tallies(run)),
        records=len(known),
        rejected=len(run.rejected),
        building=building,
        evaluating=evaluating,
        correcting=correcting,
        peak=peak_megabytes(),
    )


def areas(size: Size, communes: range) -> AreaTree:
    """Return a province with some communes and their villages."""
    all_areas = [Area(code=PROVINCE, name="Tỉnh (giả định)", level=AreaLevel.PROVINCE)]
    for commune in communes:
        code, name = commune_code(commune), f"Xã {commune + 1} (giả định)"
        all_areas.append(Area(code=code, name=name, level=AreaLevel.COMMUNE, parent=PROVINCE))
        for village in villages_of(size, commune):
            name = f"Thôn {village + 1} (giả định)"
            all_areas.append(
                Area(code=f"v{village}", name=name, level=AreaLevel.VILLAGE, parent=code)
            )
    return AreaTree(all_areas)


def commune_code(commune: int) -> str:
    """Return the code of a commune."""
    return f"{commune:05d}"


def villages_of(size: Size, commune: int) -> range:
    """Return the villages of a commune, by number."""
    first = commune * VILLAGES_PER_COMMUNE
    return range(first, min(first + VILLAGES_PER_COMMUNE, size.villages))


def records(size: Size, communes: range) -> Iterator[Record]:
    """Yield everybody in some communes who may earn a title, each with facts of its own."""
    for commune in communes:
        rng = random.Random(f"{size.seed}:{commune}")
        code = commune_code(commune)
        yield from units(rng, code)
        for village in villages_of(size, commune):
            facts: Facts = {
                "has_meeting_house": rng.random() < 0.8,
                "learning_sessions": village % 8,
            }
            yield Record(subject=Community(f"v{village}", AreaLevel.VILLAGE), facts=facts)
            facts = {"has_learning_fund": rng.random() < 0.7, "meets_yearly": rng.random() < 0.7}
            yield Record(subject=Clan(f"d{village}", code), facts=facts)
            first = village * PER_VILLAGE
            for number in range(first, min(first + PER_VILLAGE, size.households)):
                clan = f"d{village}" if number < first + CLAN_MEMBERS else None
                home = Household(id=f"h{number}", village=f"v{village}", clan=clan)
                yield from household(rng, home, code, adults_of(size, number))


def adults_of(size: Size, number: int) -> int:
    """Return how many adults a household has, so that all of them make the citizens wanted."""
    people, homes = size.citizens, size.households
    return (number + 1) * people // homes - number * people // homes


def units(rng: random.Random, commune: str) -> Iterator[Record]:
    """Yield the units that a commune runs."""
    for number in range(UNITS_PER_COMMUNE):
        unit = Unit(
            id=f"u{commune}-{number}",
            name=f"Đơn vị {number + 1} (giả định)",
            kind=UnitKind.AGENCY,
            managed_by=ManagedBy.COMMUNE,
            commune=commune,
        )
        facts = {
            "has_learning_plan": rng.random() < 0.9,
            "helps_learning_centre": rng.random() < 0.9,
        }
        yield Record(subject=unit, facts=facts)


def household(rng: random.Random, home: Household, commune: str, adults: int) -> Iterator[Record]:
    """Yield a household and its citizens, some of whom work in a unit of the commune."""
    yield Record(subject=home, facts=household_facts(rng, adults), registered=True)
    for number in range(adults):
        works = rng.random() < 0.1
        unit = f"u{commune}-{rng.randrange(UNITS_PER_COMMUNE)}" if works else None
        citizen = Citizen(id=f"{home.id}-{number}", household=home.id, unit=unit)
        yield Record(subject=citizen, facts=citizen_facts(rng), registered=True)


def household_facts(rng: random.Random, adults: int) -> Facts:
    """Return what a household tells of itself; its learning citizens come from its members."""
    children = rng.randint(0, 3)
    in_school = children - (children > 0 and rng.random() < 0.05)
    return {
        "children_of_school_age": children,
        "children_in_school": in_school,
        "children_passing": in_school,
        "adults": max(1, adults),
        "adults_learning": adults if rng.random() < 0.9 else 0,
        "has_study_corner": rng.random() < 0.9,
        "activities_joined": rng.randint(2, 6),
        "village_assessment": rng.randint(2, 5),
        "disadvantaged_area": False,
    }


def citizen_facts(rng: random.Random) -> Facts:
    """Return points for each of the ten indicators; two in three people reach the mark."""
    low = 8 if rng.random() < 0.65 else 4
    points = rng.choices(range(low, 11), k=len(INDICATORS))
    return {"disadvantaged_area": False, **dict(zip(INDICATORS, points, strict=True))}


def correct(run: Run, known: list[Record], number: int, seed: int) -> None:
    """Give people drawn by chance new points, one after another."""
    rng = random.Random(seed)
    people = [record for record in known if isinstance(record.subject, Citizen)]
    for record in rng.sample(people, min(number, len(people))):
        run.put([Record(subject=record.subject, facts=citizen_facts(rng), registered=True)])


def province_tallies(run: Run) -> Iterator[tuple[Title, Tally]]:
    """Yield what each title comes to in the province."""
    for title, level in run.groups():
        (row,) = run.rollup(title, by=AreaLevel.PROVINCE, level=level).rows
        yield title, row.tally


def timed(work: Callable[[], T]) -> tuple[T, Took]:
    """Return what `work` gives and how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, Took(time.perf_counter() - wall, time.process_time() - cpu)


def peak_megabytes() -> float:
    """Return the most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


@click.command()
@click.option("--households", type=click.IntRange(min=1), default=300_000, show_default=True)
@click.option("--citizens", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option("--corrections", type=click.IntRange(min=1), default=1_000, show_default=True)
@click.option("--processes", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--seed", type=int, default=YEAR, show_default=True)
def main(households: int, citizens: int, corrections: int, processes: int, seed: int) -> None:
    """Build a society, evaluate it bottom-up, correct it, and print what that took."""
    size = Size(households=households, citizens=citizens, corrections=corrections, seed=seed)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(evaluate_part, size, at, processes) for at in range(processes)]
        parts = [part.result() for part in waiting]
    print_took(parts, corrections)
    print(f"\nPython {sys.version.split()[0]}, {processes} processes, seed {seed}.\n")
    print(province_table(parts))


def print_took(parts: list[Part], corrections: int) -> None:
    """Print what each step took: by the clock in the slowest process, of the processor in all."""
    subjects = sum(part.records for part in parts)
    print("| step | records | seconds | of the processors | |")
    print("|---|--:|--:|--:|---|")
    for step, number, of_parts in (
        ("build the records", subjects, [part.building for part in parts]),
        ("evaluate bottom-up", subjects, [part.evaluating for part in parts]),
        ("correct by the difference", corrections, [part.correcting for part in parts]),
    ):
        took = Took(max(one.wall for one in of_parts), sum(one.cpu for one in of_parts))
        pace = took.each(number)
        print(f"| {step} | {number:,} | {took.wall:.1f} | {took.cpu:.1f} | {pace} |")
    rate = subjects / max(part.evaluating.wall for part in parts)
    peak, rejected = sum(part.peak for part in parts), sum(part.rejected for part in parts)
    print(f"\n{rate:,.0f} subjects a second; {rejected} records rejected.")
    print(f"Peak memory {peak:,.0f} MB in all processes, the records included.")


def province_table(parts: list[Part]) -> str:
    """Return the titles of the province, the tallies of all processes added."""
    tree = AreaTree([Area(code=PROVINCE, name="Tỉnh (giả định)", level=AreaLevel.PROVINCE)])
    province = {
        (PROVINCE, title): Tally.sum(part.tallies.get(title, Tally()) for part in parts)
        for title in Title
    }
    return rollup_table(rollup(province, tree, by=AreaLevel.PROVINCE).rows, "en")


if __name__ == "__main__":
    main()
