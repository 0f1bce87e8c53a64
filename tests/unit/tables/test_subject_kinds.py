"""A row that says it is of a kind that the profile is not for is refused, by rows and columns."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

import xhht
from xhht import frames
from xhht.frames.files import scan_table
from xhht.tables.facts import FactTable, read_json_subjects

DAY = date(2024, 12, 31)
PROFILES = xhht.bundled_profiles()
DISTRICT = PROFILES.get("vn.unit.tt24-2023-district")
COMMUNE = PROFILES.get("vn.community.tt25-2023-commune")


def by_rows(profile: xhht.Profile, column: str, cells: list[str]) -> list[tuple[str, str | None]]:
    name = next(iter(profile.document.inputs))
    lines = [f"id,{column},{name}", *(f'{n},"{cell}",' for n, cell in enumerate(cells))]
    table = FactTable("\n".join(lines).encode(), profile)
    assert not table.warnings
    return [
        (cell, subject.error.code if subject.error else None)
        for cell, subject in zip(cells, table.subjects(), strict=True)
    ]


def by_columns(
    profile: xhht.Profile, column: str, cells: list[str], *, lazy: bool = False
) -> list[tuple[str, str | None]]:
    name = next(iter(profile.document.inputs))
    blank = [None] * len(cells)
    frame = pl.DataFrame({column: cells, name: blank}, schema_overrides={name: pl.String})
    given = duckdb.sql("select * from frame") if lazy else frame
    rejected = frames.evaluate(profile, given, as_of=DAY, prefix="r_").rejected
    rows = rejected.fetchall() if lazy else rejected.rows()
    refused = {row[0]: (row[-2], row[-1]) for row in rows}
    assert all(where == column for where, _ in refused.values())
    return [(cell, refused[cell][1] if cell in refused else None) for cell in cells]


@pytest.mark.parametrize(
    ("profile", "column", "right", "wrong"),
    [
        (
            DISTRICT,
            "managed_by",
            ["district", "Huyện", "cấp  huyện", "THỊ XÃ", ""],
            ["province", "tỉnh", "commune", "sở"],
        ),
        (COMMUNE, "level", ["commune", "Phường", "cấp xã"], ["district", "thôn", "level_1"]),
    ],
)
def test_a_subject_of_another_kind_is_refused_by_name(
    profile: xhht.Profile, column: str, right: list[str], wrong: list[str]
) -> None:
    expected = [*((cell, None) for cell in right), *((cell, "other_kind") for cell in wrong)]
    cells = [*right, *wrong]
    assert by_rows(profile, column, cells) == expected
    assert by_columns(profile, column, cells) == expected
    assert by_columns(profile, column, cells, lazy=True) == expected


def test_json_names_the_column_and_the_kinds_of_the_profile() -> None:
    data = json.dumps([{"managed_by": "district"}, {"managed_by": "province"}]).encode()
    right, wrong = read_json_subjects(data, DISTRICT)
    assert right.error is None
    assert not right.facts
    assert wrong.error is not None
    assert (wrong.error.code, wrong.error.field) == ("other_kind", "managed_by")
    assert "managed_by: district" in wrong.error.text.vi


def test_an_input_of_the_same_name_holds_a_fact() -> None:
    profile = xhht.loads_profile(WITH_INPUT)
    [subject] = FactTable(b"id,level\nA,3\n", profile).subjects()
    assert subject.error is None
    assert subject.facts == {"level": 3}


def test_the_kind_is_said_before_the_facts_and_after_a_repeated_id(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("id,managed_by,members\nA,province,x\nB,district,x\nC,tỉnh,\nC,huyện,\n")
    subjects = FactTable(path, DISTRICT).subjects()
    codes = [subject.error.code for subject in subjects if subject.error]
    assert codes == ["other_kind", "wrong_type", "duplicate_id", "duplicate_id"]
    rejected = frames.evaluate(
        DISTRICT, scan_table(path, DISTRICT).frame, as_of=DAY, id="id"
    ).rejected
    assert rejected.collect()["reason"].to_list() == codes


WITH_INPUT = """
format: 1
id: test.kinds
version: 1.0.0
status: active
title: learning_unit
applies_to: {level: [commune]}
name: {vi: Thử, en: Test}
provenance: illustrative
inputs:
  level: {type: count, max: 9, label: {vi: Mức, en: Level}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, met_when: level >= 2}]}
levels:
  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 5}
"""
