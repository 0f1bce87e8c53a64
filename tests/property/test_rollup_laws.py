"""Tallies add up to the same whole under any partition and order, subtracting undoes adding, a
parent is the sum of its children, and every rate range holds all true rates, and no others, that
the reports leave possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import AreaCode
from xhht.domain.titles import Title
from xhht.rollup.counts import DENOMINATORS, Count, Counts
from xhht.rollup.rates import Coverage, Denominator, rate, rates
from xhht.rollup.tally import Points, Tally, TallySum
from xhht.rollup.tree import rollup


def true_counts(largest: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Total, registered, assessed, recognised, undetermined of one part, in order."""

    def split(marks: list[int]) -> tuple[int, ...]:
        total, registered, assessed, judged, recognised = sorted(marks, reverse=True)
        return total, registered, assessed, recognised, judged - recognised

    return st.lists(st.integers(0, largest), min_size=5, max_size=5).map(split)


def blanked(counts: tuple[int, ...], shown: frozenset[Count]) -> Counts:
    pairs = zip(Count, counts, strict=True)
    return Counts.of({count: number for count, number in pairs if count in shown})


shown = st.frozensets(st.sampled_from(list(Count)))
reports = st.builds(blanked, true_counts(1000), shown)
histograms = st.dictionaries(
    st.builds(Points, st.sampled_from(["p", "q"]), st.integers(0, 5), st.integers(5, 9)),
    st.integers(0, 3),
    max_size=3,
)
tallies = st.builds(
    Tally.of,
    reports,
    levels=st.dictionaries(st.sampled_from(["good", "fair"]), st.integers(0, 5)),
    points=histograms,
)


@given(st.lists(tallies, max_size=8), st.data())
def test_any_partition_and_order_gives_the_same_whole(
    parts: list[Tally], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(parts))
    cuts = data.draw(st.lists(st.integers(0, len(parts)), max_size=3).map(sorted))
    edges = [0, *cuts, len(parts)]
    groups = [Tally.sum(shuffled[a:b]) for a, b in pairwise(edges)]
    assert Tally.sum(groups) == Tally.sum(parts)


@given(tallies, tallies, tallies)
def test_tallies_are_a_commutative_group(a: Tally, b: Tally, c: Tally) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + Tally() == a
    assert a + (-a) == Tally()
    assert a - b == a + (-b)


@given(tallies, tallies)
def test_subtracting_undoes_adding(a: Tally, b: Tally) -> None:
    assert (a + b) - b == a
    assert (a - b) + b == a


@given(st.lists(tallies, max_size=6))
def test_known_sums_are_the_sums_of_what_is_known(parts: list[Tally]) -> None:
    total = Tally.sum(parts)
    for count in Count:
        known = [n for n in (part.known(count) for part in parts) if n is not None]
        assert total.known(count) == (sum(known) if known else None)


@given(tallies, st.integers(-3, 3))
def test_adding_times_over_is_repeated_addition(part: Tally, times: int) -> None:
    scaled, repeated = TallySum(), TallySum()
    scaled.add(part, times)
    for _ in range(abs(times)):
        repeated.add(part, 1 if times > 0 else -1)
    assert scaled.tally() == repeated.tally()


@given(st.lists(st.builds(Tally.of, reports), max_size=6))
def test_possible_reports_have_no_faults(parts: list[Tally]) -> None:
    assert Tally.sum(parts).faults() == ()


@given(st.lists(reports, max_size=6))
def test_a_rate_lies_between_0_and_1(parts: list[Counts]) -> None:
    for share in rates(Tally.sum(map(Tally.of, parts))).values():
        if share.lower is None or share.upper is None:
            assert share.lower is share.upper is None
        else:
            assert 0 <= share.lower <= share.upper <= 1


@given(
    st.lists(st.tuples(true_counts(50), shown.filter(bool), st.integers(0, 50)), max_size=5),
    st.sampled_from(Denominator),
)
def test_the_true_rate_lies_in_its_range(
    parts: list[tuple[tuple[int, ...], frozenset[Count], int]], denominator: Denominator
) -> None:
    numerator = denominator_sum = 0
    for counts, seen, turned in parts:
        hides_undetermined = Count.RECOGNISED in seen and Count.UNDETERMINED not in seen
        resolved = 0 if hides_undetermined else min(turned, counts[4])
        numerator += counts[3] + resolved
        denominator_sum += counts[DENOMINATORS.index(denominator.base_count)]
    share = rate(Tally.sum(Tally.of(blanked(c, s)) for c, s, _ in parts), denominator)
    if share.lower is not None and share.upper is not None and denominator_sum:
        assert share.lower <= Fraction(numerator, denominator_sum) <= share.upper


def highest(report: Counts) -> int:
    """A ceiling for blanks that is high enough for every end of a bounded range."""
    return max([report.recognised_or_undetermined, *report.given.values()])


def completions(report: Counts, ceiling: int) -> Iterator[tuple[int, ...]]:
    """Every way to fill in the blanks of one report, within the order of counts."""
    choices = [
        range(ceiling + 1) if number is None else (number,) for number in map(report.get, Count)
    ]
    for counts in product(*choices):
        total, registered, assessed, recognised, undetermined = counts
        if total >= registered >= assessed >= recognised + undetermined:
            yield counts


def possible_pairs(report: Counts, container: Count) -> set[tuple[int, int]]:
    """Every pair of final recognised and denominator that one report leaves possible."""
    ceiling = highest(report)
    final = report.recognised is not None and report.undetermined is None
    return {
        (counts[3] + turned, counts[DENOMINATORS.index(container)])
        for counts in completions(report, ceiling)
        for turned in ([0] if final else range(counts[4] + 1))
    }


small_reports = st.builds(blanked, true_counts(4), shown.filter(bool))


@given(st.lists(small_reports, min_size=1, max_size=2), st.sampled_from(Denominator))
def test_the_ends_of_a_range_are_reached(parts: list[Counts], denominator: Denominator) -> None:
    share = rate(Tally.sum(map(Tally.of, parts)), denominator)
    if share.lower is None:
        return
    pairs = {(0, 0)}
    for part in parts:
        more = possible_pairs(part, denominator.base_count)
        pairs = {(a + c, b + d) for a, b in pairs for c, d in more}
    possible = [Fraction(numerator, container) for numerator, container in pairs if container]
    assert (share.lower, share.upper) == (min(possible), max(possible))


@given(st.lists(reports, max_size=6), st.sampled_from(Denominator))
def test_the_fraction_shown_lies_in_its_range(
    parts: list[Counts], denominator: Denominator
) -> None:
    tally = Tally.sum(map(Tally.of, parts))
    share = rate(tally, denominator)
    if share.lower is None or share.upper is None or not share.denominator:
        assert share.lower is share.upper is None
        assert not share.denominator or tally.known(denominator.base_count) == share.denominator
    elif share.numerator is not None:
        assert share.lower <= Fraction(share.numerator, share.denominator) <= share.upper


@given(small_reports, st.sampled_from(list(Count)))
def test_bounds_of_a_blank_count_are_reached(report: Counts, count: Count) -> None:
    bounds = report.bounds(count)
    at = list(Count).index(count)
    values = {counts[at] for counts in completions(report, highest(report))}
    assert bounds.lower == min(values)
    if bounds.upper is not None:
        assert bounds.upper == max(values)


ranges = st.tuples(st.integers(0, 20), st.integers(0, 5)).map(lambda p: (p[0], p[0] + p[1]))


@given(st.lists(st.tuples(ranges, st.integers(0, 5)), min_size=1), st.fractions(0, 1))
def test_the_true_quantile_lies_between_certain_and_possible(
    subjects: list[tuple[tuple[int, int], int]], q: Fraction
) -> None:
    tally = Tally.sum(Tally.of_subject(None, points=Points("p", *span)) for span, _ in subjects)
    truth = sorted(min(low + extra, high) for (low, high), extra in subjects)
    at = max(-(-q.numerator * len(truth) // q.denominator), 1) - 1
    quantile = tally.quantile(q)
    assert quantile.certain is not None
    assert quantile.possible is not None
    assert quantile.certain <= truth[at] <= quantile.possible


def small_tree(parents: list[int]) -> AreaTree:
    """One province, four districts, and a commune in a district for each of `parents`."""
    top = Area(code=AreaCode("p"), name="Tỉnh", level=AreaLevel.PROVINCE)
    districts = [
        Area(code=AreaCode(f"d{n}"), name="Huyện", level=AreaLevel.DISTRICT, parent=top.code)
        for n in range(4)
    ]
    communes = [
        Area(
            code=AreaCode(f"c{n}"),
            name="Xã",
            level=AreaLevel.COMMUNE,
            parent=districts[parent].code,
        )
        for n, parent in enumerate(parents)
    ]
    return AreaTree([top, *districts, *communes])


@given(st.lists(st.tuples(st.integers(0, 3), tallies), max_size=8))
def test_a_parent_is_the_sum_of_its_children(communes: list[tuple[int, Tally]]) -> None:
    tree = small_tree([parent for parent, _ in communes])
    title = Title.LEARNING_HOUSEHOLD
    given_reports = {(f"c{n}", title): tally for n, (_, tally) in enumerate(communes)}
    rows = {
        level: rollup(given_reports, tree, by=level, titles=[title]).rows
        for level in (AreaLevel.PROVINCE, AreaLevel.DISTRICT)
    }
    for row in rows[AreaLevel.DISTRICT]:
        mine = [tally for parent, tally in communes if row.area.code == f"d{parent}"]
        assert row.tally == Tally.sum(mine)
        assert row.coverage.reported == sum(tally != Tally() for tally in mine)
        assert row.coverage.expected == max(len(mine), 1)
    [top] = rows[AreaLevel.PROVINCE]
    assert top.tally == Tally.sum(row.tally for row in rows[AreaLevel.DISTRICT])
    assert top.coverage == Coverage(
        sum(row.coverage.reported for row in rows[AreaLevel.DISTRICT]),
        sum(row.coverage.expected for row in rows[AreaLevel.DISTRICT]),
    )


@given(st.lists(st.tuples(st.sampled_from(["p", "d0", "d1", "c0"]), tallies), max_size=8))
def test_listed_subjects_are_all_added_wherever_they_are_listed(
    listed: list[tuple[str, Tally]],
) -> None:
    tree, title = small_tree([0, 1]), Title.LEARNING_UNIT
    sums: dict[tuple[str, Title], Tally] = {}
    for code, tally in listed:
        sums[code, title] = sums.get((code, title), Tally()) + tally
    result = rollup(sums, tree, by=AreaLevel.PROVINCE, titles=[title], subjects=True)
    assert result.conflicts == ()
    assert result.rows[0].tally == Tally.sum(tally for _, tally in listed)
