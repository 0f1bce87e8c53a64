"""A whole society bottom-up through the ordinary API: how long it takes, and how much memory.

Citizens make households, households make clans and villages, citizens make units; all are records
of one campaign. The society is invented and seeded. Citizens are judged by Decision 324/QĐ-KHVN as
far as sources show it; the criteria of all others are the illustrative ones of `examples/`. Run
`make bench-society`, or this file with `--households` and `--citizens`.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import click

import xhht
from xhht.campaign import Campaign, Record, Run, Society
from xhht.criteria.files import profile_files
from xhht.domain import Area, AreaLevel, AreaTree
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.titles import ManagedBy, UnitKind
from xhht.reporting.rollups import rollup_table

PROFILES = Path(__file__).resolve().parents[1] / "examples" / "binh_thuan" / "profiles"
CITIZEN = "vn.citizen.qd324-2023"
YEAR = 2023
PER_VILLAGE = 470
VILLAGES_PER_COMMUNE = 6
UNITS_PER_COMMUNE = 6
CLAN_MEMBERS = 40
INDICATORS = tuple(f"indicator_{number}" for number in range(1, 11))

T = TypeVar("T")
Facts = dict[str, object]


def areas(households: int) -> AreaTree:
    """Return a province with communes and villages enough for the households."""
    villages = -(-households // PER_VILLAGE)
    communes = -(-villages // VILLAGES_PER_COMMUNE)
    found = [Area(code="60", name="Tỉnh (giả định)", level=AreaLevel.PROVINCE)]
    for at in range(communes):
        name = f"Xã {at + 1} (giả định)"
        found.append(Area(code=commune_code(at), name=name, level=AreaLevel.COMMUNE, parent="60"))
    for at in range(villages):
        parent = commune_code(at // VILLAGES_PER_COMMUNE)
        name = f"Thôn {at + 1} (giả định)"
        found.append(Area(code=f"v{at}", name=name, level=AreaLevel.VILLAGE, parent=parent))
    return AreaTree(found)


def commune_code(at: int) -> str:
    """Return the code of the commune at a place in the list."""
    return f"{at:05d}"


def citizen_facts(rng: random.Random) -> Facts:
    """Return points for each of the ten indicators; two in three people reach the mark."""
    low = 8 if rng.random() < 0.65 else 4
    points = rng.choices(range(low, 11), k=len(INDICATORS))
    return {"disadvantaged_area": False, **dict(zip(INDICATORS, points, strict=True))}


def household_facts(rng: random.Random, adults: int) -> Facts:
    """Return what a household tells of itself; its learning citizens come from its members."""
    children = rng.randint(0, 3)
    in_school = children - (children > 0 and rng.random() < 0.05)
    return {
        "children_of_school_age": children,
        "children_in_school": in_school,
        "children_passing": in_school,
        "adults": adults,
        "adults_learning": adults if rng.random() < 0.9 else 0,
        "has_study_corner": rng.random() < 0.9,
        "activities_joined": rng.randint(2, 6),
        "village_assessment": rng.randint(2, 5),
        "disadvantaged_area": False,
    }


def records(tree: AreaTree, households: int, citizens: int, seed: int) -> Iterator[Record]:
    """Yield everybody who may earn a title, each with facts of its own."""
    rng = random.Random(seed)
    for area in tree.at_level(AreaLevel.COMMUNE):
        yield from units(rng, area.code)
    for at, area in enumerate(tree.at_level(AreaLevel.VILLAGE)):
        facts: Facts = {"has_meeting_house": rng.random() < 0.8, "learning_sessions": at % 8}
        yield Record(subject=Community(area.code, AreaLevel.VILLAGE), facts=facts)
        facts = {"has_learning_fund": rng.random() < 0.7, "meets_yearly": rng.random() < 0.7}
        yield Record(subject=Clan(f"d{area.code}", area.parent or ""), facts=facts)
    for at in range(households):
        adults = (at + 1) * citizens // households - at * citizens // households
        yield from household(rng, at, adults)


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


def household(rng: random.Random, at: int, adults: int) -> Iterator[Record]:
    """Yield a household and its citizens, some of whom work in a unit of the commune."""
    village, place = divmod(at, PER_VILLAGE)
    commune = commune_code(village // VILLAGES_PER_COMMUNE)
    clan = f"dv{village}" if place < CLAN_MEMBERS else None
    home = Household(id=f"h{at}", village=f"v{village}", clan=clan)
    yield Record(subject=home, facts=household_facts(rng, adults), registered=True)
    for number in range(adults):
        works = rng.random() < 0.1
        unit = f"u{commune}-{rng.randrange(UNITS_PER_COMMUNE)}" if works else None
        citizen = Citizen(id=f"c{at}-{number}", household=home.id, unit=unit)
        yield Record(subject=citizen, facts=citizen_facts(rng), registered=True)


def correct(run: Run, known: list[Record], number: int, seed: int) -> None:
    """Give people drawn by chance new points, one after another."""
    rng = random.Random(seed)
    people = [record for record in known if isinstance(record.subject, Citizen)]
    for record in rng.sample(people, min(number, len(people))):
        run.put([Record(subject=record.subject, facts=citizen_facts(rng), registered=True)])


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what `work` gives and the seconds it took."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def peak_megabytes() -> float:
    """Return the most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


@click.command()
@click.option("--households", type=click.IntRange(min=1), default=300_000, show_default=True)
@click.option("--citizens", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option("--corrections", type=click.IntRange(min=1), default=1_000, show_default=True)
@click.option("--seed", type=int, default=2023, show_default=True)
def main(households: int, citizens: int, corrections: int, seed: int) -> None:
    """Build a society, evaluate it bottom-up, correct it, and print what that took."""
    tree = areas(households)
    known, building = timed(lambda: list(records(tree, households, citizens, seed)))
    held = peak_megabytes()
    profiles = [xhht.bundled_profiles().get(CITIZEN)]
    profiles += map(xhht.load_profile, profile_files([PROFILES]))
    campaign = Campaign(YEAR, profiles, tree, illustrative=True)
    run, evaluating = timed(lambda: campaign.run(Society(records=known)))
    _, correcting = timed(lambda: correct(run, known, corrections, seed))
    rows, adding = timed(lambda: province_rows(run))

    print("| step | | seconds | |")
    print("|---|--:|--:|---|")
    subjects = f"{len(known):,} records"
    print(f"| build the records | {subjects} | {building:.1f} | {held:,.0f} MB held |")
    rate = f"{len(known) / evaluating:,.0f} subjects a second"
    print(f"| evaluate bottom-up | {subjects} | {evaluating:.1f} | {rate} |")
    each = f"{correcting / corrections * 1e6:,.0f} µs each"
    print(f"| correct by the difference | {corrections:,} records | {correcting:.2f} | {each} |")
    print(f"| add up to the province | {len(rows)} titles | {adding:.2f} | |")
    print(f"\nPeak memory {peak_megabytes():,.0f} MB; {len(run.rejected)} records rejected.")
    print(f"Python {sys.version.split()[0]}, seed {seed}, one process.\n")
    print(rollup_table(rows, "en"))


def province_rows(run: Run) -> list[xhht.rollup.AreaRollup]:
    """Return what each title comes to in the province."""
    return [
        row
        for title, level in run.groups()
        for row in run.rollup(title, by=AreaLevel.PROVINCE, level=level).rows
    ]


if __name__ == "__main__":
    main()
