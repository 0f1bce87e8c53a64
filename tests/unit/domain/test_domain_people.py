"""People and organisations: what their fields accept, and that persons do not show."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from xhht.domain import (
    AreaLevel,
    Citizen,
    Clan,
    Community,
    Household,
    ManagedBy,
    Unit,
    UnitKind,
)
from xhht.errors import DomainError


def citizen(**given: Any) -> Citizen:
    return Citizen(**{"id": "c1", "household": "h1", **given})


def test_a_citizen_needs_an_id_and_a_household_only() -> None:
    plain = citizen()
    assert (plain.unit, plain.name, plain.birth_date, plain.national_id) == (None,) * 4


def test_a_person_does_not_show_in_repr() -> None:
    known = citizen(
        name="Nguyễn Văn A", birth_date=date(1980, 2, 29), national_id="060080001234", unit="u1"
    )
    assert repr(known) == "Citizen(id='c1', household='h1', unit='u1')"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("id", 4, "leading zeros"),
        ("id", 4.0, "leading zeros"),
        ("id", True, "must be text"),
        ("id", None, "must be text"),
        ("id", "", "blank"),
        ("id", " \u200b ", "blank"),
        ("id", "a\x00b", "control"),
        ("id", "a\u202eb", "control"),
        ("id", "a\ud800b", "control"),
        ("id", "x" * 101, "longer than 100"),
        ("household", 7, "leading zeros"),
        ("unit", "", "blank"),
        ("name", "", "blank"),
        ("name", ["Nguyễn"], "must be text"),
        ("name", "x" * 301, "longer than 300"),
        ("birth_date", datetime(1980, 2, 28), "without a time"),
        ("birth_date", "1980-02-28", "without a time"),
        ("birth_date", 1980, "without a time"),
        ("national_id", 60080001234, "leading zeros"),
        ("national_id", "60080001234", "12 digits"),
        ("national_id", "06008000123A", "12 digits"),
        ("national_id", "٠٦٠٠٨٠٠٠١٢٣٤", "12 digits"),
        ("national_id", "060080001234\n9", "12 digits"),
    ],
)
def test_a_faulty_field_is_named_with_what_was_expected(
    field: str, value: object, expected: str
) -> None:
    with pytest.raises(DomainError, match=expected) as caught:
        citizen(**{field: value})
    assert str(caught.value).startswith(f"{field}: ")
    assert caught.value.message("vi").startswith(f"{field}: ")
    if isinstance(value, (str, int)) and len(str(value)) > 5:
        assert str(value) not in str(caught.value)


@pytest.mark.parametrize("number", ["060080001234", "261234567", " 060080001234 "])
def test_both_lengths_of_national_id_are_taken(number: str) -> None:
    assert citizen(national_id=number).national_id == number.strip()


@pytest.mark.parametrize("length", [1, 100])
def test_ids_of_every_length_in_bounds_are_taken(length: int) -> None:
    assert len(citizen(id="x" * length).id) == length


def test_ids_keep_zeros_and_letter_case() -> None:
    assert citizen(id="0060a").id == "0060a" != citizen(id="0060A").id


def test_a_household_is_of_a_village_and_perhaps_of_a_clan() -> None:
    assert Household(id="h1", village="22969-01").clan is None
    household = Household(id="h1", village="22969-01", clan="d1", head="c1")
    assert (household.clan, household.head) == ("d1", "c1")
    with pytest.raises(DomainError, match="village"):
        Household(id="h1", village="")


def test_a_clan_is_of_a_commune() -> None:
    assert Clan("d1", "22969") == Clan(id="d1 ", commune="22969")
    with pytest.raises(DomainError, match=r"commune.*zeros"):
        Clan("d1", 22969)  # type: ignore[arg-type]


def test_a_unit_says_its_kind_and_manager() -> None:
    given: dict[str, Any] = {
        "id": "000.00.01.H10",
        "name": "Trường Tiểu học Liên Hương",
        "kind": UnitKind.SCHOOL,
        "managed_by": ManagedBy.COMMUNE,
        "commune": "22969",
    }
    assert Unit(**given).kind is UnitKind.SCHOOL
    with pytest.raises(DomainError, match=r"kind: must be a member of UnitKind: agency, school"):
        Unit(**{**given, "kind": "school"})
    with pytest.raises(DomainError, match="managed_by"):
        Unit(**{**given, "managed_by": UnitKind.SCHOOL})


@pytest.mark.parametrize("level", [level for level in AreaLevel if level is not AreaLevel.NATION])
def test_every_level_below_the_nation_is_a_community(level: AreaLevel) -> None:
    assert Community("60", level).level is level


@pytest.mark.parametrize("level", [AreaLevel.NATION, "commune", None])
def test_the_nation_is_no_community(level: Any) -> None:
    with pytest.raises(DomainError, match="level: "):
        Community("VN", level)


def test_nothing_can_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        citizen().id = "c2"  # type: ignore[misc,assignment]
