"""Each clause of the circulars that states a criterion is carried by one of the bundled profile."""

from __future__ import annotations

import re

import pytest
from clauses_page import PAGE, Place, carrier, clauses_page, places, stated

from xhht.criteria.registry import bundled_profiles

STATED = stated()
ADVICE = "run: python tests/unit/criteria/clauses_page.py"
WRITTEN = re.compile(r"(Điểm \w khoản \d+|Khoản \d+) Điều \d+|Điều \d+")


@pytest.mark.parametrize(("text", "named"), [
    ("Điểm a khoản 1 Điều 5", {Place("5", "1", "a")}),
    ("Khoản 2 Điều 6; Khoản 2 Điều 7", {Place("6", "2"), Place("7", "2")}),
    ("Điểm đ khoản 3 Điều 6 và Điều 7", {Place("6", "3", "đ"), Place("7", "3", "đ")}),
    ("Điểm a khoản 2 Điều 6, điểm a khoản 2 Điều 7", {Place("6", "2", "a"), Place("7", "2", "a")}),
    ("Điều 3", {Place("3")}),
    ("", set()),
])  # fmt: skip
def test_a_clause_names_places(text: str, named: set[Place]) -> None:
    assert places(text) == named


@pytest.mark.parametrize("profile_id", STATED)
def test_each_place_is_carried_by_one_criterion_or_indicator(profile_id: str) -> None:
    profile = bundled_profiles().get(profile_id)
    missing = [line for line, named in STATED[profile_id] if carrier(profile, named) is None]
    assert missing == [], "no criterion or indicator has these places as its clause"


@pytest.mark.parametrize("profile_id", STATED)
def test_no_criterion_or_indicator_is_at_a_place_that_states_none(profile_id: str) -> None:
    profile = bundled_profiles().get(profile_id)
    known = frozenset().union(*(named for _, named in STATED[profile_id]))
    others = [
        entry.id
        for entry in profile.entries.values()
        if not places(entry.clause or "") or places(entry.clause or "") - known
    ]
    assert others == []


def test_clauses_of_one_document_are_written_alike() -> None:
    for profile_id in ("vn.unit.tt22-2020", "vn.community.tt44-2014"):
        for entry in bundled_profiles().get(profile_id).entries.values():
            assert entry.clause
            assert WRITTEN.fullmatch(entry.clause)


def test_the_reading_of_circular_22_carries_the_same_clauses() -> None:
    base, reading = (
        bundled_profiles().get(f"vn.unit.tt22-2020{suffix}") for suffix in ("", ".all-or-nothing")
    )
    assert {node: entry.clause for node, entry in base.entries.items()} == {
        node: entry.clause for node, entry in reading.entries.items()
    }


def test_the_page_is_the_one_that_the_profiles_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == clauses_page(), ADVICE
