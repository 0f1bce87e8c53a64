"""What is left out of a published table, and why."""

from __future__ import annotations

import pytest

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import AreaCode
from xhht.errors import RollupError
from xhht.rollup.disclosure import DisclosurePolicy, Reason, ZeroPolicy, protect

TREE = AreaTree(
    [
        Area(code=AreaCode("p"), name="Tỉnh", level=AreaLevel.PROVINCE),
        *(
            Area(code=AreaCode(c), name="Xã", level=AreaLevel.COMMUNE, parent=AreaCode("p"))
            for c in "abc"
        ),
    ]
)
TOTALS = {"assessed": ["recognised", "not_recognised"]}


def of(*counts: int) -> dict[str, dict[str, int]]:
    return {
        "p": {"n": sum(counts)},
        **{code: {"n": n} for code, n in zip("abc", counts, strict=False)},
    }


def both(**counts: tuple[int, int]) -> dict[str, dict[str, int]]:
    counts["p"] = (sum(r for r, _ in counts.values()), sum(n for _, n in counts.values()))
    return {
        code: {"recognised": yes, "not_recognised": no, "assessed": yes + no}
        for code, (yes, no) in counts.items()
    }


def test_a_small_count_takes_a_second_one_with_it() -> None:
    protected = protect(of(2, 40, 18), TREE)
    assert protected.suppressed() == {
        ("a", "n"): Reason.SMALL,
        ("c", "n"): Reason.COMPLEMENTARY,
    }
    assert protected.cells["a"]["n"].value is None
    assert protected.cells["p"]["n"].value == 60


def test_two_ones_under_a_published_two_take_more_with_them() -> None:
    # Readers know both to be 1 or more, so 2 would tell both.
    assert set(protect(of(1, 1, 30), TREE).suppressed()) == {("a", "n"), ("b", "n"), ("c", "n")}


def test_where_nothing_else_will_do_the_total_goes() -> None:
    protected = protect(of(3, 0, 0), TREE)
    assert set(protected.suppressed()) == {("a", "n"), ("p", "n")}
    assert protected.cells["b"]["n"].value == 0


def test_columns_that_add_up_are_guarded_too() -> None:
    protected = protect(both(a=(2, 30), b=(20, 40), c=(90, 90)), TREE, totals=TOTALS)
    assert set(protected.suppressed()) == {
        (area, column) for area in "ab" for column in TOTALS["assessed"]
    }


def test_a_zero_is_shown_or_left_out_as_the_policy_says() -> None:
    assert protect(of(0, 40, 18), TREE).suppressed() == {}
    hidden = protect(of(0, 40, 18), TREE, policy=DisclosurePolicy(zeros=ZeroPolicy.SUPPRESS))
    assert hidden.suppressed() == {("a", "n"): Reason.SMALL, ("c", "n"): Reason.COMPLEMENTARY}


def test_a_width_asks_for_a_larger_partner() -> None:
    wide = protect(of(2, 40, 8), TREE, policy=DisclosurePolicy(width=10))
    assert set(wide.suppressed()) == {("a", "n"), ("b", "n")}


def test_the_threshold_itself_is_published() -> None:
    assert protect(of(5, 40, 18), TREE).suppressed() == {}
    assert protect(of(5, 40, 18), TREE, policy=DisclosurePolicy(threshold=6)).suppressed()


def test_levels_that_are_not_in_the_table_do_not_matter() -> None:
    tree = AreaTree(
        [
            Area(code=AreaCode("p"), name="Tỉnh", level=AreaLevel.PROVINCE),
            Area(code=AreaCode("d"), name="Huyện", level=AreaLevel.DISTRICT, parent=AreaCode("p")),
            *(
                Area(code=AreaCode(c), name="Xã", level=AreaLevel.COMMUNE, parent=AreaCode("d"))
                for c in "abc"
            ),
        ]
    )
    assert set(protect(of(2, 40, 18), tree).suppressed()) == {("a", "n"), ("c", "n")}


def test_rows_carry_one_mark_for_both_reasons() -> None:
    assert list(protect(of(2, 40, 18), TREE).rows("x")) == [
        ("p", "60"),
        ("a", "x"),
        ("b", "40"),
        ("c", "x"),
    ]
    assert {reason.label.vi for reason in Reason} != {reason.label.en for reason in Reason}


def test_an_empty_table_stays_empty() -> None:
    assert list(protect({}, TREE).rows()) == []


@pytest.mark.parametrize(
    "table",
    [
        {"p": {"n": 61}, "a": {"n": 20}, "b": {"n": 40}},
        {"a": {"n": -1}},
        {"a": {"n": 1}, "b": {}},
        {"a": {"n": True}},
        {"a": {"n": 1}, "b": {"m": 1}},
    ],
)
def test_a_table_that_does_not_add_up_is_refused(table: dict[str, dict[str, int]]) -> None:
    with pytest.raises(RollupError):
        protect(table, TREE)


@pytest.mark.parametrize(
    "totals",
    [
        {"no": ["n"]},
        {"n": ["no"]},
        {"n": ["n"]},
        {"n": ["m"], "m": ["n"]},
        {"n": ["m"], "k": ["m"]},
        {"n": ["m"]},
    ],
)
def test_columns_that_make_no_sum_are_refused(totals: dict[str, list[str]]) -> None:
    with pytest.raises(RollupError):
        protect({"a": {"n": 3, "m": 2, "k": 2}}, TREE, totals=totals)


@pytest.mark.parametrize(("threshold", "width"), [(1, 1), (0, 1), (5, 0)])
def test_a_policy_that_guards_nothing_is_refused(threshold: int, width: int) -> None:
    with pytest.raises(RollupError):
        DisclosurePolicy(threshold=threshold, width=width)
