"""Nothing is lost and nothing made on the way to another map, and an estimate keeps every order
among counts.
"""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from xhht.domain import (
    Area,
    AreaChange,
    AreaCode,
    AreaLevel,
    AreaTree,
    ChangeKind,
    Concordance,
    Title,
)
from xhht.rollup import Counts, Tally, carry
from xhht.rollup.carry import apportion, apportion_tally
from xhht.rollup.tally import Points

DAYS = [date(2024, 12, 31), date(2025, 7, 1), date(2026, 7, 1)]


@st.composite
def counts(draw: st.DrawFn) -> tuple[Counts, int]:
    """Counts that can be, some blank, and how many of them may have a level."""
    total, registered, assessed, judged, recognised = sorted(
        draw(st.lists(st.integers(0, 60), min_size=5, max_size=5)), reverse=True
    )
    full = {
        "total": total,
        "registered": registered,
        "assessed": assessed,
        "recognised": recognised,
        "undetermined": judged - recognised,
    }
    shown = draw(st.sets(st.sampled_from(sorted(full)), min_size=1))
    return Counts(**{name: full[name] for name in shown}), recognised


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    parts = []
    for one, recognised in draw(st.lists(counts(), min_size=1, max_size=4)):
        good = draw(st.integers(0, recognised))
        fair = draw(st.integers(0, recognised - good))
        points = {Points("p", 50, 60): draw(st.integers(0, 5))}
        parts.append(Tally.of(one, levels={"good": good, "fair": fair}, points=points))
    return Tally.sum(parts)


weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=5).filter(any)


@given(st.integers(0, 10**6), weights)
def test_shares_are_whole_and_add_up(number: int, given_weights: list[int]) -> None:
    shares = apportion(number, given_weights)
    assert sum(shares) == number
    total = sum(given_weights)
    for share, weight in zip(shares, given_weights, strict=True):
        assert abs(share * total - number * weight) < total


@given(tallies(), weights)
@example(
    # A level that only a report without any bound leaves room for.
    Tally.sum(
        (
            Tally.of(Counts(assessed=0)),
            Tally.of(Counts(assessed=0)),
            Tally.of(Counts(undetermined=0), levels={"fair": 2}),
        )
    ),
    [1, 1],
)
def test_an_estimate_keeps_the_sum_and_can_be(tally: Tally, given_weights: list[int]) -> None:
    shares = apportion_tally(tally, given_weights)
    assert Tally.sum(shares) == tally
    assert not [fault for share in shares for fault in share.faults()]


@st.composite
def concordances(draw: st.DrawFn) -> Concordance:
    """Six communes, merged and split at random on two days, with a village in each."""
    areas: list[Area] = []
    changes: list[AreaChange] = []
    starts = [date(2000, 1, 1), *DAYS[1:]]
    ends = [*DAYS[1:], None]
    villages = {f"v{at}": AreaCode(f"c{at}") for at in range(6)}
    living = [AreaCode(f"c{at}") for at in range(6)]
    for start, end in zip(starts, ends, strict=True):
        areas.extend(
            Area(code=code, name=code, level=AreaLevel.COMMUNE, valid_from=start, valid_to=end)
            for code in living
        )
        areas.extend(
            Area(
                code=AreaCode(village),
                name=village,
                level=AreaLevel.VILLAGE,
                parent=parent,
                valid_from=start,
                valid_to=end,
            )
            for village, parent in villages.items()
        )
        if end is None:
            break
        # A later commune may take the code of an earlier one; only changes say who is who.
        nexts = draw(st.lists(st.sampled_from(living), min_size=1, max_size=5, unique=True))
        goes = {
            code: draw(st.lists(st.sampled_from(nexts), min_size=1, max_size=2, unique=True))
            for code in living
        }
        if any(goes[code] != [code] and len(goes[code]) == 1 for code in living):
            # Whole areas that trade codes in a circle are a fault; all go to the first instead.
            goes = {code: [nexts[0]] if len(to) == 1 else to for code, to in goes.items()}
            goes[nexts[0]] = [nexts[0]]
        for code, to in goes.items():
            kind = ChangeKind.MERGED_WHOLE if len(to) == 1 else ChangeKind.MERGED_PART
            changes.extend(
                AreaChange(from_code=code, to_code=successor, effective=end, kind=kind)
                for successor in to
            )
        villages = {v: draw(st.sampled_from(goes[parent])) for v, parent in villages.items()}
        living = nexts
    return Concordance(changes, AreaTree(areas))


@given(concordances(), st.sampled_from(DAYS), st.sampled_from(DAYS), st.data())
def test_nothing_is_lost_or_made(
    concordance: Concordance, from_day: date, to_day: date, data: st.DataObject
) -> None:
    codes: list[str] = [area.code for area in concordance.tree.on(from_day)]
    keys = st.tuples(st.sampled_from(codes), st.sampled_from(list(Title)[:2]))
    reports = data.draw(st.dictionaries(keys, tallies(), max_size=6))
    targets: list[str] = [area.code for area in concordance.tree.on(to_day)]
    pairs = list(product(codes, targets))
    given_weights = data.draw(
        st.sampled_from([{}, dict.fromkeys(pairs, 1), {pair: len(pair[1]) for pair in pairs}])
    )
    carried = carry(reports, concordance, from_day=from_day, to_day=to_day, weights=given_weights)
    out = [
        *carried.placed.values(),
        *carried.estimated.values(),
        *(one.tally for one in carried.unplaced),
    ]
    assert Tally.sum(out) == Tally.sum(reports.values())
    if from_day == to_day:
        kept = {key for key, tally in reports.items() if tally}
        assert carried.placed.keys() | {(o.area.code, o.title) for o in carried.unplaced} == kept
        assert not carried.estimated


@given(concordances(), st.data())
def test_targets_and_sources_agree(concordance: Concordance, data: st.DataObject) -> None:
    start, end = data.draw(st.sampled_from([(0, 1), (0, 2), (1, 2)]))
    for area in concordance.tree.on(DAYS[start]):
        for target in concordance.targets(area.code, DAYS[start], DAYS[end]).areas:
            back = concordance.sources(target.code, DAYS[end], DAYS[start])
            assert area in [part.area for part in back.parts]
    for area in concordance.tree.on(DAYS[end]):
        for part in concordance.sources(area.code, DAYS[end], DAYS[start]).parts:
            forth = concordance.targets(part.area.code, DAYS[start], DAYS[end])
            assert area in forth.areas
            assert part.whole == (len(forth.areas) == 1)
