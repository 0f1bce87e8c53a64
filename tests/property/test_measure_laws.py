"""What is measured of a society with gaps holds however the gaps are filled; of one without gaps
it is the plain count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve
from campaign_world import (
    AREAS,
    PROFILES,
    SKILLED,
    Totals,
    area_reports,
    measures_of,
    records,
)
from hypothesis import given
from hypothesis import strategies as st

from xhht import evaluate
from xhht.campaign import AreaReport, Campaign, Record, Run, Society
from xhht.criteria.document import Expression
from xhht.criteria.target_document import ConditionEntry, RateEntry, ShareBase
from xhht.domain.areas import AreaLevel
from xhht.domain.people import Citizen, Household
from xhht.domain.titles import Title
from xhht.rollup.counts import Bounds
from xhht.rollup.joint import AreaMeasurement, Measurement

CAMPAIGN = Campaign(2023, PROFILES, AREAS, illustrative=True)
CITIZEN = next(profile for profile in PROFILES if profile.title is Title.LEARNING_CITIZEN)
HOUSEHOLDS = Title.LEARNING_HOUSEHOLD
LEVELS = (AreaLevel.PROVINCE, AreaLevel.COMMUNE, AreaLevel.VILLAGE)
GAPS = {
    "score": st.integers(0, 10),
    "age": st.integers(15, 20),
    "own": st.booleans(),
    "plan": st.booleans(),
    "lower": st.none(),
    "reached": st.none(),
    "skilled": st.booleans(),
}


def begun(records: Iterable[Record], sent: Iterable[AreaReport] = (), totals: Totals = {}) -> Run:  # noqa: B006
    return CAMPAIGN.run(Society(records=records, reports=sent, totals=totals))


def distinct(records: list[Record]) -> list[Record]:
    return list({record.key: record for record in records}.values())


def filled(record: Record, data: st.DataObject) -> Record:
    """Return a record with each gap filled; what is known or wrong stays as it is."""

    def fill(given: Any) -> dict[str, object]:
        return {k: data.draw(GAPS[k]) if v is None else v for k, v in given.items()}

    return evolve(record, facts=fill(record.facts), answers=fill(record.answers))


def assert_within(narrow: Measurement, wide: Measurement) -> None:
    assert_between(narrow.numerator, wide.numerator)
    assert_between(narrow.denominator, wide.denominator)
    if None not in (narrow.lower, narrow.upper, wide.lower, wide.upper):
        assert wide.lower <= narrow.lower  # type: ignore[operator]
        assert narrow.upper <= wide.upper  # type: ignore[operator]


def assert_between(narrow: Bounds, wide: Bounds) -> None:
    assert wide.lower <= narrow.lower
    assert wide.upper is None or (narrow.upper is not None and narrow.upper <= wide.upper)


def assert_all_within(after: Run, before: Run) -> None:
    for by in LEVELS:
        wide = measures_of(before, by)
        for measure, rows in measures_of(after, by).items():
            if measure in wide:
                for narrow, around in zip(rows, wide[measure], strict=True):
                    if is_told(around):
                        assert_within(narrow.measured, around.measured)


def is_told(row: AreaMeasurement) -> bool:
    return row.coverage is None or row.coverage.reported == row.coverage.expected


@given(st.lists(records(), max_size=12), st.lists(area_reports(), max_size=3), st.data())
def test_a_range_holds_however_facts_become_known(
    records: list[Record], sent: list[AreaReport], data: st.DataObject
) -> None:
    given_records = distinct(records)
    before = begun(given_records, sent)
    after = begun([filled(record, data) for record in given_records], sent)
    assert_all_within(after, before)


@given(st.lists(records(), max_size=10), st.integers(0, 4), st.data())
def test_a_range_holds_whoever_the_subjects_without_a_record_are(
    records: list[Record], more: int, data: st.DataObject
) -> None:
    known = distinct(records)
    here = [home for home in homes(known) if home.village in ("a1", "a2")]
    totals = {("00001", HOUSEHOLDS): more + len(here)}
    late = [
        Record(
            subject=Household(id=f"x{n}", village=data.draw(st.sampled_from(["a1", "a2"]))),
            facts={"own": data.draw(st.booleans())},
            registered=data.draw(st.booleans()),
            answers={"skilled": data.draw(st.booleans())},
        )
        for n in range(more)
    ]
    assert_all_within(begun([*known, *late], totals=totals), begun(known, totals=totals))


def homes(records: list[Record]) -> Iterator[Household]:
    for record in records:
        if isinstance(record.subject, Household) and record.subject.village in AREAS:
            yield record.subject


@given(st.lists(records(), max_size=14), st.data())
def test_a_society_without_gaps_is_counted_out(records: list[Record], data: st.DataObject) -> None:
    people = [filled(record, data) for record in distinct(records)]
    people = [evolve(record, registered=data.draw(st.booleans())) for record in people]
    people = [record for record in people if record.facts.get("score") != 11]
    run = begun(people)
    if (Title.LEARNING_CITIZEN, None) not in run.groups():
        return
    placed = {home.id for home in homes(people)}
    citizens = [
        record
        for record in people
        if isinstance(record.subject, Citizen) and record.subject.household in placed
    ]
    recognised = [record for record in citizens if record.registered and is_recognised(record)]
    wholes = {
        "total": citizens,
        "registered": [record for record in citizens if record.registered],
        "recognised": recognised,
    }
    for of, total_code in wholes.items():
        skilled = [record for record in total_code if record.answers["skilled"]]
        among = ConditionEntry(
            title=Title.LEARNING_CITIZEN, among=ShareBase(of), when=Expression("skilled")
        )
        assert only(run, among).measured == Measurement.of(len(skilled), len(total_code))
        if of != "recognised":
            rate = RateEntry(
                title=Title.LEARNING_CITIZEN, of=f"of_{of}", where=Expression("skilled")
            )
            both = sum(record in recognised for record in skilled)
            assert only(run, rate).measured == Measurement.of(both, len(skilled))


def is_recognised(record: Record) -> bool:
    return evaluate(CITIZEN, record.facts).verdict.value == "recognised"


def only(run: Run, measure: RateEntry | ConditionEntry) -> AreaMeasurement:
    (row,) = run.measure(measure, by=AreaLevel.PROVINCE, inputs=[SKILLED])
    return row
