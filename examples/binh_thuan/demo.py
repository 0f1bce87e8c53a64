"""From criteria to a province's table: Bình Thuận 2023, computed and set beside what was published.

Run it with `python examples/binh_thuan/demo.py`; the README beside it says what is real and what is
invented. The exit code is 1 when a computed figure differs from the published one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from textwrap import fill
from time import perf_counter_ns

import click
from generate import Province, Target, household_facts, make_province, published
from report import (
    WIDTH,
    Comparison,
    decimal,
    district_table,
    implied_table,
    province_table,
    reconciliation,
)

from xhht.criteria.diagnostics import Severity
from xhht.criteria.files import bundled_directory, profile_files
from xhht.criteria.loading import check_profile, load_profile
from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.result import Evaluation, Verdict
from xhht.exact import format_vi
from xhht.rollup.area_table import read_areas
from xhht.rollup.figures import Figure, reconcile_rows
from xhht.rollup.tally import Points, Tally, TallySum
from xhht.rollup.tree import Rollup, rollup
from xhht.tabular import open_csv
from xhht.text import Lang, Text

HERE = Path(__file__).resolve().parent
HOUSEHOLD_PROFILE = HERE / "profiles" / "household-illustrative.yaml"
PLACE, YEAR = "Bình Thuận", "2023"
TITLES = (
    Title.LEARNING_HOUSEHOLD,
    Title.LEARNING_CLAN,
    Title.LEARNING_COMMUNITY,
    Title.LEARNING_UNIT,
)


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
    type=click.IntRange(min=1_000),
    help="Make only so many households, at the published rate.",
)
@click.option("--seed", type=int, default=2023, show_default=True)
def main(lang: Lang, households: int | None, seed: int) -> None:
    """Make a synthetic Bình Thuận, evaluate it and compare it with the published figures."""
    _say(_HEADING, lang)
    _say(_CHECKING, lang)
    sound = check_profiles([*profile_files([bundled_directory()]), HOUSEHOLD_PROFILE], lang)

    figures = read_figures()
    chosen = published(figures, PLACE, YEAR)
    implied = {title: Target.implied_by(chosen[title]) for title in TITLES}
    targets = dict(implied)
    if households is not None:
        targets[Title.LEARNING_HOUSEHOLD] = targets[Title.LEARNING_HOUSEHOLD].scaled_to(households)
    agrees = show_province(chosen, targets, seed, lang)

    _say(_RECONCILING, lang)
    click.echo(reconciliation(figures, lang))
    _say(_IMPLIED, lang)
    click.echo(implied_table(chosen, implied, lang))
    _say(_ALL_AGREE if agrees else _SOME_DIFFER, lang)
    sys.exit(0 if agrees and sound else 1)


def check_profiles(files: Sequence[Path], lang: Lang) -> bool:
    """Print what checking profile files finds; return whether no error is among it."""
    sound = True
    for file in files:
        found = check_profile(file.read_bytes(), file.name)
        verdict = _FAULTS.format(number=len(found)) if found else _SOUND
        click.echo(f"- {file.name}: {verdict.in_(lang)}")
        for diagnostic in found:
            click.echo(f"  {diagnostic.render(lang)}")
        sound = sound and all(one.severity is not Severity.ERROR for one in found)
    return sound


def show_province(
    chosen: Mapping[Title, Figure], targets: Mapping[Title, Target], seed: int, lang: Lang
) -> bool:
    """Make, evaluate, add up and print the province; return whether it agrees with `chosen`."""
    real = read_real_areas()
    province = make_province(real.at_level(AreaLevel.COMMUNE), targets, seed=seed)
    tree = AreaTree([*real, *(village.area for village in province.villages)])
    profile = load_profile(HOUSEHOLD_PROFILE)
    reports = evaluated_reports(profile, province, lang)

    districts = rollup(reports, tree, by=AreaLevel.DISTRICT)
    whole = rollup(reports, tree, by=AreaLevel.PROVINCE)
    compared = compare(whole, chosen, targets)
    _say(_PROVINCE, lang)
    click.echo(province_table(compared, lang))
    if any(one.is_scaled for one in compared):
        _say(_SCALED, lang, apart=False)
    _say(_INVENTED, lang)
    _say(_DISTRICTS, lang)
    click.echo(district_table([*districts.rows, *whole.rows], tree, lang))
    return all(one.agrees for one in compared)


def evaluated_reports(
    profile: Profile, province: Province, lang: Lang
) -> dict[tuple[str, Title], Tally]:
    """Return every report of the province by area and title, saying how long evaluation took."""
    number = sum(village.households for village in province.villages)
    households = Text(vi=format_vi(number), en=f"{number:,}")
    _say(_EVALUATING.format(number=households, villages=len(province.villages)), lang)
    started = perf_counter_ns()
    tallies = dict(evaluate_households(profile, province))
    nanoseconds = perf_counter_ns() - started
    evaluated = _EVALUATED.format(
        seconds=decimal(Fraction(nanoseconds, 10**9), 1),
        each=decimal(Fraction(nanoseconds, 1_000 * number), 1),
        profile=f"{profile.id}@{profile.version}",
        hash=profile.hash[:12],
    )
    _say(evaluated, lang, apart=False)
    reports = {(code, Title.LEARNING_HOUSEHOLD): tally for code, tally in tallies.items()}
    ready = {key: Tally.of(counts) for key, counts in province.ready_counts.items()}
    return reports | ready


def evaluate_households(profile: Profile, province: Province) -> Iterator[tuple[str, Tally]]:
    """Yield each village's code with the tally of its households, every one of them evaluated."""
    for village in province.villages:
        outcomes = Counter(
            _outcome(evaluate(profile, facts)) for facts in household_facts(village, province.seed)
        )
        tally = TallySum()
        for (verdict, level, certain, possible), households in outcomes.items():
            points = Points(profile.hash, certain, possible)
            tally.add(Tally.of_subject(verdict, level=level, points=points), households)
        yield village.area.code, tally.tally()


def _outcome(found: Evaluation) -> tuple[Verdict, str | None, Fraction, Fraction]:
    return found.verdict, found.level, found.points_certain, found.points_possible


def compare(
    whole: Rollup, chosen: Mapping[Title, Figure], targets: Mapping[Title, Target]
) -> list[Comparison]:
    """Return the province's results beside the published ones, one for each title."""
    computed = {row.title: row for row in whole.rows}
    return [Comparison(computed[title], chosen[title], targets[title]) for title in TITLES]


def read_real_areas() -> AreaTree:
    """Return Việt Nam, Bình Thuận, its districts and its communes of 2023."""
    with open_csv(HERE / "areas.csv") as table:
        return read_areas(table.columns, table).tree


def read_figures() -> list[Figure]:
    """Return the published figures, reconciled."""
    with open_csv(HERE / "published-statistics.csv") as table:
        return list(reconcile_rows(table))


def _say(text: Text, lang: Lang, *, apart: bool = True) -> None:
    click.echo(("\n" if apart else "") + fill(text.in_(lang), WIDTH))


_HEADING = Text(
    vi="TỪ TIÊU CHÍ ĐẾN BẢNG CỦA TỈNH: BÌNH THUẬN, NĂM 2023",
    en="FROM CRITERIA TO A PROVINCE'S TABLE: BÌNH THUẬN, 2023",
)
_CHECKING = Text(vi="1. Kiểm tra các bộ tiêu chí", en="1. Checking the criteria profiles")
_SOUND = Text(vi="không có lỗi", en="no fault")
_FAULTS = Text(vi="{number} điểm cần xem lại", en="{number} findings")
_EVALUATING = Text(
    vi="2. Đánh giá {number} hộ giả định ở {villages} thôn, khu phố giả định, từng hộ một",
    en="2. Evaluating {number} invented households of {villages} invented villages, one by one",
)
_EVALUATED = Text(
    vi="Xong sau {seconds} giây, {each} micro giây mỗi hộ, theo {profile} (mã băm {hash}…).",
    en="Done in {seconds} seconds, {each} microseconds each, by {profile} (hash {hash}…).",
)
_PROVINCE = Text(
    vi="3. Cả tỉnh: số tính được bên cạnh số đã công bố",
    en="3. The province: what was computed beside what was published",
)
_SCALED = Text(
    vi="Số hộ đã thu nhỏ theo yêu cầu, nên chỉ so sánh số lượng sau khi thu nhỏ.",
    en="Fewer households were made, as asked, so their count is compared at that scale.",
)
_INVENTED = Text(
    vi="Lưu ý: các hộ là giả định và tiêu chí hộ chỉ để minh họa, vì không nguồn nào cho thấy "
    "tiêu chí áp dụng năm 2023. Dòng họ, cộng đồng và đơn vị là số liệu tổng hợp "
    "do xã báo cáo (giả định).",
    en="Note: the households are invented and their criteria illustrative, since no source shows "
    "the criteria in force in 2023. Clans, communities and units are invented counts by commune.",
)
_DISTRICTS = Text(
    vi="4. Gia đình học tập theo huyện (số liệu giả định, cộng từ thôn lên xã, huyện, tỉnh)",
    en="4. Learning households by district (invented; added up from village to province)",
)
_RECONCILING = Text(
    vi="5. Đối chiếu các số liệu đã công bố (published-statistics.csv)",
    en="5. Reconciling the published figures (published-statistics.csv)",
)
_IMPLIED = Text(
    vi="Tổng số mà các tỉ lệ của Bình Thuận năm 2023 cho phép:",
    en="Totals that the rates of Bình Thuận in 2023 allow:",
)
_ALL_AGREE = Text(
    vi="Kết quả: mọi số tính được đều khớp với số đã công bố.",
    en="Result: every computed figure agrees with the published one.",
)
_SOME_DIFFER = Text(
    vi="Kết quả: CÓ số tính được KHÁC với số đã công bố.",
    en="Result: some computed figures DIFFER from the published ones.",
)


if __name__ == "__main__":
    main()
