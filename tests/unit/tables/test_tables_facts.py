"""A CSV table of subjects is read row by row: a file twice, any other content from memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

import xhht
from xhht.tables.facts import FactTable

PROFILE = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
ROWS = b"id,members\nA,90\nB,5\nA,91\n,7\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    path.write_bytes(ROWS)
    return path


def test_a_file_gives_the_subjects_of_its_content(path: Path) -> None:
    of_file, of_content = FactTable(path, PROFILE), FactTable(ROWS, PROFILE)
    assert of_file.warnings == of_content.warnings
    for table in (of_file, of_content):
        subjects = [(s.id, s.error and s.error.code) for s in table.subjects()]
        assert subjects == [("A", "duplicate_id"), ("B", None), ("A", "duplicate_id"), (4, None)]


def test_a_file_is_not_held_in_memory(path: Path) -> None:
    path.write_bytes(b"members,note\n" + b"90,%s\n" % (b"x" * 5000) * 500)
    tracemalloc.start()
    try:
        assert sum(1 for _ in FactTable(path, PROFILE).subjects()) == 500
        assert tracemalloc.get_traced_memory()[1] < path.stat().st_size / 4
    finally:
        tracemalloc.stop()
