"""A campaign kept up by differences equals one begun again, and its ranges are sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import evolve
from campaign_world import AREAS, PROFILES, Totals, area_reports, measures_of, records, totals
from hypothesis import given
from hypothesis import strategies as st

from xhht.campaign import AreaReport, Campaign, Record, Run, Society
from xhht.domain.titles import AreaLevel, Title
from xhht.rollup import Count, Tally

CAMPAIGN = Campaign(2023, PROFILES, AREAS, illustrative=True)

Told = tuple[Sequence[AreaReport], Totals]
"""What areas send in place of records, and how many subjects they say they have."""


def society_of(records: list[Record]) -> dict[tuple[Title, str], Record]:
    return {record.key: record for record in records}


def begun(society: dict[tuple[Title, str], Record], sent: Told = ((), {})) -> Run:
    reports, declared = sent
    return CAMPAIGN.run(Society(records=society.values(), reports=reports, totals=declared))


def snapshot(run: Run, society: dict[tuple[Title, str], Record]) -> dict[str, Any]:
    """Return everything that a run tells."""
    refused = {(r.title, r.id) for r in run.rejected}
    tables = {
        (group, by, decided): [
            (row.area.code, row.tally) for row in run.rollup(group[0], by=by, level=group[1]).rows
        ]
        for group in run.groups()
        for by in (AreaLevel.PROVINCE, AreaLevel.COMMUNE, AreaLevel.VILLAGE)
        for decided in (False, True)
    }
    measured = [measures_of(run, by) for by in (AreaLevel.PROVINCE, AreaLevel.VILLAGE)]
    results = {key: run.evaluation(*key).to_dict() for key in society if key not in refused}
    rejected = [(r.title, r.id, r.code, r.field) for r in run.rejected]
    return {"tables": tables, "measured": measured, "results": results, "rejected": rejected}


sent = st.tuples(st.lists(area_reports(), max_size=2), totals)
changes = st.lists(
    st.one_of(
        st.lists(records(), min_size=1, max_size=3),
        st.lists(st.integers(0, 30), min_size=1, max_size=3, unique=True),
    ),
    max_size=4,
)


@given(st.lists(records(), max_size=14), changes, sent)
def test_differences_give_the_same_as_starting_again(
    first: list[Record], later: list[list[Any]], sent: Told
) -> None:
    society = society_of(first)
    run = begun(society, sent)
    for change in later:
        if isinstance(change[0], Record):
            society.update(society_of(change))
            run.put(change)
        else:
            keys = [key for at, key in enumerate(society) if at in change]
            run.withdraw(keys)
            for key in keys:
                del society[key]
    assert snapshot(run, society) == snapshot(begun(society, sent), society)


@given(st.lists(records(), max_size=14), st.data())
def test_what_becomes_known_stays_in_the_range(first: list[Record], data: st.DataObject) -> None:
    society = society_of(first)
    before = begun(society)
    filled = {key: _filled(record, data) for key, record in society.items()}
    after = begun(filled)
    refused = {(r.title, r.id) for r in (*before.rejected, *after.rejected)}
    for key in society:
        if key not in refused:
            wide, narrow = before.evaluation(*key), after.evaluation(*key)
            assert wide.points_certain <= narrow.points_certain
            assert narrow.points_possible <= wide.points_possible
            assert set(narrow.levels_possible) <= set(wide.levels_possible)
    for group in before.groups():
        for by in (AreaLevel.PROVINCE, AreaLevel.VILLAGE):
            rows = [run.rollup(group[0], by=by, level=group[1]).rows for run in (before, after)]
            for wide_row, narrow_row in zip(*rows, strict=True):
                _assert_inside(narrow_row.tally, wide_row.tally)


def _filled(record: Record, data: st.DataObject) -> Record:
    """Return a record with all facts; what is not given of a standard is the standard's result."""
    values: dict[str, st.SearchStrategy[object]] = {
        "score": st.integers(0, 10),
        "age": st.integers(15, 20),
        "own": st.booleans(),
        "plan": st.booleans(),
    }
    facts = {
        name: data.draw(values[name]) if value is None and name in values else value
        for name, value in record.facts.items()
    }
    return evolve(record, facts=facts)


def _assert_inside(narrow: Tally, wide: Tally) -> None:
    for inner, outer in zip(_recognised(narrow), _recognised(wide), strict=True):
        assert outer[0] <= inner[0]
        assert inner[1] <= outer[1]
    assert narrow.known(Count.TOTAL) == wide.known(Count.TOTAL)


def _recognised(tally: Tally) -> list[tuple[int, int]]:
    """Return least and most recognised."""
    total = tally.known(Count.TOTAL) or 0
    low = high = 0
    for group in tally.groups():
        low += group.counts.recognised or 0
        judged = group.counts.recognised is not None
        high += group.counts.recognised_or_undetermined if judged else group.counts.total or 0
    return [(low, min(high, total))]


@given(st.lists(records(), max_size=14))
def test_the_order_of_records_makes_no_difference(first: list[Record]) -> None:
    society = society_of(first)
    turned = dict(reversed(society.items()))
    assert snapshot(begun(society), society) == snapshot(begun(turned), society)


@given(st.lists(records(), max_size=14))
def test_every_record_is_counted_or_named(first: list[Record]) -> None:
    society = society_of(first)
    run = begun(society)
    left_out = sum(not rejected.counted for rejected in run.rejected)
    counted = sum(
        row.tally.known(Count.TOTAL) or 0
        for title, level in run.groups()
        for row in run.rollup(title, by=AreaLevel.PROVINCE, level=level).rows
    )
    assert counted + left_out == len(society)
