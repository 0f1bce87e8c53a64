"""A society on columns comes to the same as the society in records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl
from campaign_world import AREAS, PROFILES, Totals, area_reports, records, totals
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xhht import frames
from xhht.campaign import AreaReport, Campaign, Record, Run, Society
from xhht.domain.people import Citizen, Clan, Household, Unit
from xhht.domain.titles import AreaLevel, Title
from xhht.frames import FrameRun

CAMPAIGNS = [
    Campaign(2023, PROFILES, AREAS, illustrative=True, final=final) for final in (False, True)
]
DECLARED = "members__learning_citizen"
JUDGED = {"registered": pl.Boolean, "own": pl.Boolean, DECLARED: pl.Int64}
SCHEMAS: dict[Title, Any] = {
    Title.LEARNING_CITIZEN: {
        "id": pl.String,
        "household": pl.String,
        "unit": pl.String,
        "registered": pl.Boolean,
        "score": pl.Int64,
        "age": pl.Int64,
    },
    Title.LEARNING_HOUSEHOLD: {"id": pl.String, "village": pl.String, "clan": pl.String, **JUDGED},
    Title.LEARNING_CLAN: {"id": pl.String, "commune": pl.String, **JUDGED},
    Title.LEARNING_UNIT: {
        "id": pl.String,
        "commune": pl.String,
        "managed_by": pl.String,
        "kind": pl.String,
        **JUDGED,
    },
    Title.LEARNING_COMMUNITY: {
        "area": pl.String,
        "level": pl.String,
        **JUDGED,
        "plan": pl.Boolean,
        "lower": pl.String,
        "reached": pl.Boolean,
    },
}


def tables(records: Iterable[Record]) -> dict[Title, pl.LazyFrame]:
    """Return records as one table for each title."""
    rows: dict[Title, list[dict[str, Any]]] = {title: [] for title in SCHEMAS}
    for record in records:
        members = (record.members or {}).get(Title.LEARNING_CITIZEN)
        row = {"registered": record.registered, DECLARED: members, **record.facts}
        rows[record.key[0]].append({**row, **_place(record)})
    return {
        title: pl.DataFrame(
            [{name: row.get(name) for name in SCHEMAS[title]} for row in listed],
            schema=SCHEMAS[title],
            orient="row",
        ).lazy()
        for title, listed in rows.items()
    }


def _place(record: Record) -> dict[str, Any]:
    subject = record.subject
    match subject:
        case Citizen():
            return {"id": subject.id, "household": subject.household, "unit": subject.unit}
        case Household():
            return {"id": subject.id, "village": subject.village, "clan": subject.clan}
        case Clan():
            return {"id": subject.id, "commune": subject.commune}
        case Unit():
            kinds = {"managed_by": subject.managed_by.value, "kind": subject.kind.value}
            return {"id": subject.id, "commune": subject.commune, **kinds}
        case _:
            return {"area": subject.area, "level": subject.level.value}


def tables_of(run: Run | FrameRun) -> dict[Any, Any]:
    """Return everything that a run adds up to."""
    return {
        (group, by): [
            (row.area.code, row.tally, row.coverage)
            for row in run.rollup(group[0], by=by, level=group[1]).rows
        ]
        for group in run.groups()
        for by in (AreaLevel.PROVINCE, AreaLevel.COMMUNE, AreaLevel.VILLAGE)
    }


def rejected_of(run: FrameRun) -> set[tuple[Any, ...]]:
    return {
        (title, row.get("id", row.get("area")), row["reason"], row["counted"])
        for title in SCHEMAS
        for row in run.rejected(title).collect().to_dicts()
    }


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(records(), max_size=14),
    st.lists(area_reports(), max_size=2),
    totals,
    st.sampled_from(CAMPAIGNS),
)
def test_columns_come_to_what_records_come_to(
    first: list[Record], sent: list[AreaReport], declared: Totals, setup: Campaign
) -> None:
    society = {record.key: record for record in first}
    run = setup.run(Society(records=society.values(), reports=sent, totals=declared))
    result = frames.campaign(setup, tables(society.values()), reports=sent, totals=declared)
    assert tables_of(result) == tables_of(run)
    in_records = {(r.title, r.id, r.code, r.counted) for r in run.rejected}
    assert rejected_of(result) == {row for row in in_records if (row[0], row[1]) in society}
