"""From criteria to a province's table: Bình Thuận 2023, computed and set beside what was published.

Run it with `python examples/binh_thuan/demo.py`; the README beside it says what is real and what is
invented. The exit code is 1 when a computed figure differs from the published one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from textwrap import fill
from time import perf_counter

import click
import sentences as say
from circulars import Covered, in_2023, year_later
from generate import Province, Target, make_province, published
from new_map import NewMap, put_on_map
from people import make_society
from report import (
    WIDTH,
    Comparison,
    covered_table,
    criteria_text,
    decimal,
    district_table,
    implied_table,
    lacking_lines,
    map_table,
    moved_table,
    part_text,
    province_table,
    reconciliation,
    unplaced_lines,
)
from results import attained, counted, districts_with_citizens, report_of

from xhht import Profile, Severity, bundled_profiles, check_profile, load_profile
from xhht.campaign import Campaign, Record, Run
from xhht.criteria.files import bundled_directory, profile_files
from xhht.domain import AreaLevel, AreaTree, Title
from xhht.numbers import count_label
from xhht.reporting.report_html import write_page
from xhht.reporting.targets import attained_report
from xhht.rollup import AreaRollup, Tally, rollup
from xhht.tables import Figure, read_areas, reconcile_rows
from xhht.tables.csv import open_csv
from xhht.text import Lang, Text

HERE = Path(__file__).resolve().parent
PLACE, YEAR, TARGET_YEAR = "Bình Thuận", 2023, 2025
DISTRICTS_WITH_CITIZENS = 10
"""In how many of the 10 districts people registered and were assessed, by the published result."""


@click.command()
@click.option(
    "--lang",
    type=click.Choice([lang.value for lang in Lang]),
    default=Lang.VI.value,
    show_default=True,
    callback=lambda _context, _option, value: Lang(value),
)
@click.option(
    "--households",
    type=click.IntRange(min=5_000),
    help="Make only so many households, at the published rate.",
)
@click.option("--seed", type=int, default=YEAR, show_default=True)
@click.option(
    "--report",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the province's report to a file .html too.",
)
def main(lang: Lang, households: int | None, seed: int, page: Path | None) -> None:
    """Make a synthetic Bình Thuận, evaluate it bottom-up and compare it with what was published."""
    _say(say.HEADING, lang)
    _say(say.CHECKING, lang)
    illustrative = profile_files([HERE / "profiles"])
    sound = check_profiles([*profile_files([bundled_directory()]), *illustrative], lang)
    profiles = [*bundled_profiles(), *map(load_profile, illustrative)]

    figures = read_figures()
    chosen = published(figures, PLACE, str(YEAR))
    implied = {title: Target.implied_by(figure) for title, figure in chosen.items()}
    targets = dict(implied)
    if households is not None:
        targets[Title.LEARNING_HOUSEHOLD] = targets[Title.LEARNING_HOUSEHOLD].scaled_to(households)
    real = read_real_areas()
    province = make_province(real.at_level(AreaLevel.COMMUNE), targets, seed=seed)

    run = evaluated(province, real, profiles, lang)
    reports = counted(run)
    agrees = show_province(run, reports, chosen, targets, lang)
    covered = in_2023(real, seed=seed)
    show_covered(covered, say.COVERED, say.COVERED_NOTE, lang)
    disadvantaged = {one.area.code for one in province.communes if one.disadvantaged}
    later = year_later(run, disadvantaged, seed=seed)
    show_covered(later, say.LATER, say.LATER_NOTE.format(communes=len(later.results)), lang)
    show_example(later, lang)
    villages = (village.area for village in province.villages)
    conserved = show_new_map(put_on_map(reports, villages, run.as_of), lang)
    show_targets(run, lang)
    if page is not None:
        write_page(report_of(run, TARGET_YEAR), page, lang)
    _say(say.RECONCILING, lang)
    click.echo(reconciliation(figures, lang))
    _say(say.IMPLIED, lang)
    click.echo(implied_table(chosen, implied, lang))
    refused = any(one.rejected for one in (run, covered.run, later.run))
    right = agrees and conserved and not refused
    _say(say.ALL_AGREE if right else say.SOME_DIFFER, lang)
    sys.exit(0 if right and sound else 1)


def check_profiles(files: Sequence[Path], lang: Lang) -> bool:
    """Print what checking profile files finds; return whether no error is among it."""
    sound = True
    for file in files:
        diagnostics = check_profile(file.read_bytes(), file.name)
        verdict = say.FAULTS.format(number=len(diagnostics)) if diagnostics else say.SOUND
        click.echo(f"- {file.name}: {verdict.get(lang)}")
        for diagnostic in diagnostics:
            click.echo(f"  {diagnostic.render(lang)}")
        sound = sound and all(one.severity is not Severity.ERROR for one in diagnostics)
    return sound


def evaluated(province: Province, real: AreaTree, profiles: Sequence[Profile], lang: Lang) -> Run:
    """Return the province evaluated bottom-up, saying of what, by what and how long it took."""
    started = perf_counter()
    society = make_society(province)
    records = list(society.records)
    _say(say.EVALUATING.format(records=count_label(len(records))), lang)
    for title, number in _numbers(records).items():
        click.echo(say.RECORDS.format(title=title.label, number=count_label(number)).get(lang))
    reports = sum(1 for _ in society.reports)
    _say(say.REPORTS.format(communes=count_label(reports)), lang, apart=False)
    drawn = perf_counter()
    tree = AreaTree([*real, *(village.area for village in province.villages)])
    run = Campaign(YEAR, profiles, tree, illustrative=True).run(society)
    took = perf_counter() - drawn
    done = say.EVALUATED.format(
        seconds=decimal(Fraction(took), 1),
        each=decimal(Fraction(took * 1e6) / len(records), 1),
        drawing=decimal(Fraction(drawn - started), 1),
    )
    _say(done, lang, apart=False)
    show_profiles(run, lang)
    return run


def _numbers(records: Iterable[Record]) -> dict[Title, int]:
    counts = Counter(record.key[0] for record in records)
    return {title: counts[title] for title in Title if counts[title]}


def show_profiles(run: Run, lang: Lang) -> None:
    """Print by which profiles subjects were judged, which are real, and how many were refused."""
    for profile in run.profiles:
        line = say.PROFILE.format(
            profile=profile.reference,
            hash=profile.hash[:12],
            criteria=criteria_text(profile, lang),
        )
        click.echo(line.get(lang))
    if run.rejected:
        _say(say.REJECTED.format(number=count_label(len(run.rejected))), lang, apart=False)


def show_province(
    run: Run,
    reports: Mapping[tuple[str, Title], Tally],
    chosen: Mapping[Title, Figure],
    targets: Mapping[Title, Target],
    lang: Lang,
) -> bool:
    """Print the province and its districts; return whether they agree with `chosen`."""
    province = rollup(reports, run.areas, by=AreaLevel.PROVINCE, subjects=True)
    districts = rollup(reports, run.areas, by=AreaLevel.DISTRICT, subjects=True)
    compared = compare(province.rows, run.profiles, chosen, targets)
    _say(say.PROVINCE, lang)
    click.echo(province_table(compared, lang))
    if any(one.is_scaled for one in compared):
        _say(say.SCALED, lang, apart=False)
    rows = districts_with_citizens(districts.rows)
    same = set(rows.values()) == {DISTRICTS_WITH_CITIZENS}
    _say(say.CITIZENS.format(**rows, published=DISTRICTS_WITH_CITIZENS), lang)
    _say(say.INVENTED, lang)
    _say(say.DISTRICTS, lang)
    click.echo(district_table([*districts.rows, *province.rows], run.areas, lang))
    return same and all(one.agrees for one in compared)


def compare(
    rows: Iterable[AreaRollup],
    profiles: Iterable[Profile],
    chosen: Mapping[Title, Figure],
    targets: Mapping[Title, Target],
) -> list[Comparison]:
    """Return the province's results beside the published ones, one for each title."""
    by_title = {profile.title: profile for profile in profiles}
    return [
        Comparison(
            row=row,
            profile=by_title[row.title],
            figure=chosen.get(row.title),
            target=targets.get(row.title),
        )
        for row in rows
    ]


def show_covered(covered: Covered, heading: Text, note: Text, lang: Lang) -> None:
    """Print the classes of subjects that circulars cover."""
    _say(heading, lang)
    click.echo(covered_table(covered, lang))
    _say(note, lang)
    show_profiles(covered.run, lang)


def show_example(covered: Covered, lang: Lang) -> None:
    """Print what one subject lacks: the first that misses the most standards."""

    def missed(subject: str) -> int:
        standards = covered.results[subject].standards.values()
        return sum(one.level is None for one in standards)

    subject = max(covered.results, key=missed)
    result, area = covered.results[subject], covered.run.areas[subject]
    _say(say.EXAMPLE, lang, area=area.name, verdict=result.verdict.label.get(lang))
    click.echo(lacking_lines(result, lang))


def show_new_map(new_map: NewMap, lang: Lang) -> bool:
    """Print the results on the map of 1 July 2025; return whether none was lost."""
    _say(say.NEW_MAP, lang)
    click.echo(map_table(new_map, lang))
    kinds = new_map.kinds
    click.echo(
        say.KINDS.get(
            lang,
            units=kinds.total(),
            communes=kinds["Xã"],
            wards=kinds["Phường"],
            zones=kinds["Đặc"],
        )
    )
    click.echo(unplaced_lines(new_map.carried.unplaced, lang))
    tally, area = new_map.nha_me
    _say(say.NHA_ME, lang, area=area.name, number=part_text(tally, lang))
    _say(say.MOVED, lang)
    click.echo(moved_table(new_map.moved, lang))
    conserved = all(one.conserved for one in new_map.moved)
    _say(say.CONSERVED if conserved else say.NOT_CONSERVED, lang, apart=False)
    return conserved


def show_targets(run: Run, lang: Lang) -> None:
    """Print how the province stands against the national targets."""
    _say(say.TARGETS.format(year=TARGET_YEAR), lang)
    _say(say.TARGETS_NOTE, lang, apart=False)
    click.echo(attained_report(attained(run, TARGET_YEAR), lang))


def read_real_areas() -> AreaTree:
    """Return Việt Nam, Bình Thuận, its districts and its communes of 2023."""
    with open_csv(HERE / "areas.csv") as table:
        return read_areas(table.columns, table).tree


def read_figures() -> list[Figure]:
    """Return the published figures, reconciled."""
    with open_csv(HERE / "published-statistics.csv") as table:
        return list(reconcile_rows(table))


def _say(text: Text, lang: Lang, *, apart: bool = True, **values: object) -> None:
    click.echo(("\n" if apart else "") + fill(text.get(lang, **values), WIDTH))


if __name__ == "__main__":
    main()
