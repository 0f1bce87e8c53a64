"""Nothing that is left out of a protected table can be worked out from what is published.

The auditor here shares nothing with the code that protects. It writes down every total as an
equation over the counts left out, and finds by exact elimination whether one of them follows, and
by the simplex method over fractions the least and the largest that each can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import AreaCode
from xhht.rollup.disclosure import DisclosurePolicy, ProtectedTable, Reason, ZeroPolicy, protect

Key = tuple[str, str]
Table = dict[str, dict[str, int]]
Row = list[Fraction]

TOTALS = {"total": ["assessed", "not_assessed"], "assessed": ["recognised", "not_recognised"]}
LEAVES = ("recognised", "not_recognised", "not_assessed")


def area(code: str, level: AreaLevel, parent: str | None) -> Area:
    above = None if parent is None else AreaCode(parent)
    return Area(code=AreaCode(code), name="Nơi", level=level, parent=above)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, AreaTree, dict[str, list[str]]]:
    """A province of up to three districts of up to three communes, with totals both ways."""
    alone = draw(st.booleans())
    columns = ("n",) if alone else LEAVES
    counts = st.integers(0, 9) | st.sampled_from([0, 1, 2, 30])
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    areas = [area("p", AreaLevel.PROVINCE, None)]
    leaves: list[tuple[str, str]] = []
    for at, communes in enumerate(shape):
        areas.append(area(f"d{at}", AreaLevel.DISTRICT, "p"))
        for number in range(communes):
            areas.append(area(f"d{at}c{number}", AreaLevel.COMMUNE, f"d{at}"))
            leaves.append((f"d{at}c{number}", f"d{at}"))
        if not communes:
            leaves.append((f"d{at}", f"d{at}"))
    table: Table = {area.code: dict.fromkeys(columns, 0) for area in areas}
    for code, district in leaves or [("p", "")]:
        for column in columns:
            count = draw(counts)
            for within in {code, district, "p"} - {""}:
                table[within][column] += count
    if alone:
        return table, AreaTree(areas), {}
    for row in table.values():
        row["assessed"] = row["recognised"] + row["not_recognised"]
        row["total"] = row["assessed"] + row["not_assessed"]
    return table, AreaTree(areas), TOTALS


policies = st.builds(
    DisclosurePolicy,
    threshold=st.integers(2, 6),
    zeros=st.sampled_from(ZeroPolicy),
    width=st.integers(1, 4),
)


# The auditor


def equations(
    table: Table, tree: AreaTree, totals: Mapping[str, list[str]], hidden: list[Key], least: int
) -> list[Row]:
    """Return the totals as rows of factors and a constant, over what hidden counts have above
    `least`.
    """
    sums: list[tuple[Key, list[Key]]] = []
    for code, counts in table.items():
        children = [child.code for child in tree.children(code)]
        if children:
            sums += [((code, c), [(child, c) for child in children]) for c in counts]
        sums += [
            ((code, sum_column), [(code, part) for part in of]) for sum_column, of in totals.items()
        ]
    at = {key: index for index, key in enumerate(hidden)}
    rows = []
    for sum_cell, parts in sums:
        row = [Fraction(0)] * (len(hidden) + 1)
        for key, factor in [(sum_cell, -1), *((part, 1) for part in parts)]:
            if key in at:
                row[at[key]] += factor
                row[-1] -= factor * least
            else:
                row[-1] -= factor * table[key[0]][key[1]]
        if any(row[:-1]):
            rows.append(row)
        else:
            assert not row[-1]
    return rows


def reduced(rows: list[Row]) -> list[Row]:
    """Return the rows in reduced echelon form, those without factors left out."""
    rows, done = [list(row) for row in rows], 0
    for column in range(len(rows[0]) - 1 if rows else 0):
        pivot = next((r for r in range(done, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [x / rows[done][column] for x in rows[done]]
        for r, row in enumerate(rows):
            if r != done and row[column]:
                rows[r] = [x - row[column] * y for x, y in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]


def follows(rows: list[Row], at: int) -> bool:
    """Return whether the equations alone fix one unknown."""
    return any(
        row[at] and not any(x for i, x in enumerate(row[:-1]) if i != at) for row in reduced(rows)
    )


Simplex = tuple[list[Row], list[int], int]


def feasible(rows: list[Row], size: int) -> Simplex:
    """Return a tableau at one way to fulfil the equations, its basis, and the unknowns."""
    rows = [[-x for x in row] if row[-1] < 0 else list(row) for row in reduced(rows)]
    count = len(rows)
    tableau = [
        [*row[:-1], *(Fraction(i == r) for i in range(count)), row[-1]]
        for r, row in enumerate(rows)
    ]
    basis = list(range(size, size + count))
    first = [Fraction(0)] * size + [Fraction(-1)] * count
    assert run(tableau, basis, first, size + count) == 0, "the published table contradicts itself"
    for r in range(count):  # what was helped in leaves the basis
        if basis[r] >= size:
            turn(tableau, basis, r, next(c for c in range(size) if tableau[r][c]))
    return [[*row[:size], row[-1]] for row in tableau], basis, size


def largest(start: Simplex, goal: Row) -> Fraction | None:
    """Return the largest value of `goal` over unknowns of 0 or more; None where it has no end."""
    tableau, basis, size = start
    return run([list(row) for row in tableau], list(basis), goal, size)


def run(tableau: list[Row], basis: list[int], goal: Row, allowed: int) -> Fraction | None:
    """Raise `goal` by Bland's rule until it rises no more."""
    while True:
        worth = [goal[b] for b in basis]
        entering = next(
            (
                c
                for c in range(allowed)
                if goal[c] > sum(w * row[c] for w, row in zip(worth, tableau, strict=True))
            ),
            None,
        )
        if entering is None:
            return sum((w * row[-1] for w, row in zip(worth, tableau, strict=True)), Fraction(0))
        ratios = [
            (row[-1] / row[entering], basis[r], r)
            for r, row in enumerate(tableau)
            if row[entering] > 0
        ]
        if not ratios:
            return None
        turn(tableau, basis, min(ratios)[2], entering)


def turn(tableau: list[Row], basis: list[int], pivot: int, column: int) -> None:
    tableau[pivot] = [x / tableau[pivot][column] for x in tableau[pivot]]
    for r, row in enumerate(tableau):
        if r != pivot and row[column]:
            tableau[r] = [x - row[column] * y for x, y in zip(row, tableau[pivot], strict=True)]
    basis[pivot] = column


def audit(
    table: Table, tree: AreaTree, totals: Mapping[str, list[str]], protected: ProtectedTable
) -> None:
    policy, hidden = protected.policy, list(protected.suppressed())
    least = 1 if policy.zeros is ZeroPolicy.SHOW else 0
    rows = equations(table, tree, totals, hidden, least)
    start = feasible(rows, len(hidden))
    for at, (code, column) in enumerate(hidden):
        assert not follows(rows, at), (code, column)
        goal = [Fraction(i == at) for i in range(len(hidden))]
        high = largest(start, goal)
        low = largest(start, [-x for x in goal])
        assert low is not None
        if high is not None:
            truth = table[code][column] - least
            assert -low <= truth <= high
            assert high + low >= policy.width, (code, column, -low, high)


def test_the_auditor_recovers_a_single_count_left_out() -> None:
    table = {"p": {"n": 10}, "d0": {"n": 3}, "d1": {"n": 7}}
    tree = AreaTree(
        [
            area("p", AreaLevel.PROVINCE, None),
            *(area(d, AreaLevel.DISTRICT, "p") for d in ("d0", "d1")),
        ]
    )
    rows = equations(table, tree, {}, [("d0", "n")], 1)
    assert follows(rows, 0)
    both = equations(table, tree, {}, [("d0", "n"), ("d1", "n")], 1)
    assert not follows(both, 0)
    assert largest(feasible(both, 2), [Fraction(1), Fraction(0)]) == 8


@given(tables(), policies)
def test_nothing_left_out_can_be_recovered(
    made: tuple[Table, AreaTree, dict[str, list[str]]], policy: DisclosurePolicy
) -> None:
    table, tree, totals = made
    audit(table, tree, totals, protect(table, tree, totals=totals, policy=policy))


@given(tables(), policies)
def test_small_counts_are_out_and_what_stays_is_true(
    made: tuple[Table, AreaTree, dict[str, list[str]]], policy: DisclosurePolicy
) -> None:
    table, tree, totals = made
    protected = protect(table, tree, totals=totals, policy=policy)
    for code, counts in table.items():
        for column, count in counts.items():
            cell = protected.cells[code][column]
            assert (cell.reason is Reason.SMALL) == policy.is_small(count)
            assert cell.value == (count if cell.reason is None else None)
            if not count and policy.zeros is ZeroPolicy.SHOW:
                assert cell.value == 0
    if not any(policy.is_small(n) for counts in table.values() for n in counts.values()):
        assert not protected.suppressed()


@given(tables(), policies, st.randoms())
def test_the_order_of_rows_does_not_count(
    made: tuple[Table, AreaTree, dict[str, list[str]]], policy: DisclosurePolicy, order: Random
) -> None:
    table, tree, totals = made
    codes = list(table)
    order.shuffle(codes)
    shuffled = {code: table[code] for code in codes}
    once = protect(table, tree, totals=totals, policy=policy)
    again = protect(shuffled, tree, totals=totals, policy=policy)
    assert once.suppressed() == again.suppressed()
