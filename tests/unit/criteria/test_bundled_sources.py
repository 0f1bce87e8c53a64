"""Whatever a bundled profile asserts names its source, or stands below one that carries it.

A criterion's source carries what stands below it. The source of `legal_basis` carries the parts
that `source_covers` lists, and no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from attrs import evolve

from xhht.criteria.document import (
    CriterionEntry,
    CycleEntry,
    DatedEntry,
    IndicatorEntry,
    LevelEntry,
    ProfileDocument,
    ProfilePart,
    Provenance,
    RawValue,
    ValueEntry,
)
from xhht.criteria.profile import Profile
from xhht.criteria.registry import bundled_profiles
from xhht.text import Text

BUNDLED = [*bundled_profiles()]


MARK = ValueEntry(
    label=Text(vi="Điểm đạt", en="Pass mark"),
    dated=(
        DatedEntry(value=RawValue("80"), source="https://example.org/one"),
        DatedEntry(start=date(2025, 1, 1), value=RawValue("70")),
    ),
)


def unsourced(document: ProfileDocument) -> list[str]:
    """Return what a profile asserts without a source, as a path of keys."""
    basis = document.legal_basis
    if basis is None or basis.source is None:
        return ["legal_basis"]
    places = [] if document.ended_by is None or document.ended_by.source else ["ended_by"]
    return places + [path for part in ProfilePart for path in _bare(document, part)]


def _bare(document: ProfileDocument, part: ProfilePart) -> Iterator[str]:
    if part in document.source_covers:
        return
    match part:
        case ProfilePart.DATES:
            dates = (document.effective_from, document.effective_to)
            yield from ["dates"] if any(dates) and document.dates_source is None else []
        case ProfilePart.CYCLE:
            yield from ["cycle"] if document.cycle and document.cycle.source is None else []
        case ProfilePart.INPUTS:
            yield from (f"inputs/{n}" for n, entry in document.inputs.items() if not entry.source)
        case ProfilePart.VALUES:
            for name, value in (document.values or {}).items():
                bare = (at for at, entry in enumerate(value.dated) if not entry.source)
                yield from (f"values/{name}/dated/{at}" for at in bare)
        case ProfilePart.CRITERIA:
            yield from (
                path for criterion in document.criteria for path in _bare_criteria(criterion)
            )
        case ProfilePart.LEVELS:
            yield from (f"levels/{level.id}" for level in document.levels if not level.source)


def _bare_criteria(entry: CriterionEntry | IndicatorEntry) -> Iterator[str]:
    if entry.source:
        return
    yield f"criteria/{entry.id}"
    if isinstance(entry, IndicatorEntry):
        for number, band in enumerate(entry.bands or ()):
            yield from [] if band.source else [f"criteria/{entry.id}/bands/{number}"]
        return
    for branch in entry.criteria or ():
        yield from _bare_criteria(branch)
    for leaf in entry.indicators or ():
        yield from _bare_criteria(leaf)


@pytest.mark.parametrize("profile", BUNDLED, ids=lambda profile: profile.id)
def test_every_field_that_a_bundled_profile_asserts_has_a_source(profile: Profile) -> None:
    assert unsourced(profile.document) == []


def test_a_field_without_a_source_is_found() -> None:
    document = bundled_profiles().get("vn.unit.tt22-2020").document
    assert document.legal_basis
    assert document.cycle
    bare = evolve(
        document,
        dates_source=None,
        source_covers=(),
        cycle=CycleEntry(period=document.cycle.period),
        levels=tuple(evolve(level, source=None) for level in document.levels),
    )
    places = unsourced(evolve(bare, values={"mark": MARK}))
    assert "values/mark/dated/1" in places
    assert "values/mark/dated/0" not in places
    covered = evolve(bare, values={"mark": MARK}, source_covers=(ProfilePart.VALUES,))
    assert "values/mark/dated/1" not in unsourced(covered)
    assert places[:2] == ["dates", "cycle"]
    assert {"inputs/resources", "criteria/1", "criteria/1.1", "levels/good"} <= {*places}
    no_address = evolve(document, legal_basis=evolve(document.legal_basis, source=None))
    assert unsourced(no_address) == ["legal_basis"]


def test_a_criterion_s_source_carries_what_stands_below_it() -> None:
    document = bundled_profiles().get("vn.unit.tt22-2020").document
    first = evolve(document.criteria[0], source="https://example.org/one")
    places = unsourced(evolve(document, source_covers=(), criteria=(first, *document.criteria[1:])))
    assert not {"criteria/1", "criteria/1.1"} & {*places}
    assert {"criteria/2", "criteria/2.1"} <= {*places}


@pytest.mark.parametrize("profile", BUNDLED, ids=lambda profile: profile.id)
def test_a_mark_that_is_not_known_is_marked_partial_and_says_why(profile: Profile) -> None:
    entries: list[LevelEntry | DatedEntry] = [
        level for level in profile.document.levels if "unknown" in level.when
    ]
    for value in (profile.document.values or {}).values():
        entries += (entry for entry in value.dated if entry.value == "unknown")
    for entry in entries:
        assert entry.provenance is Provenance.PARTIAL
        assert entry.note is not None


@pytest.mark.parametrize("profile", BUNDLED, ids=lambda profile: profile.id)
def test_a_missing_date_is_told_of_in_the_note(profile: Profile) -> None:
    dates = (profile.document.effective_from, profile.document.effective_to)
    assert None not in dates or "not seen" in (profile.document.note or profile.name).en
