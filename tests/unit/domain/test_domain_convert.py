"""Dicts and objects: what is read, and how every fault is named by its path."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from xhht.domain import (
    Area,
    AreaLevel,
    AreaTree,
    Citizen,
    Clan,
    LegalBasis,
    ManagedBy,
    Registration,
    Title,
    Unit,
    UnitKind,
    from_dict,
    make_converter,
    to_dict,
)
from xhht.errors import DomainError


def refusal(kind: type, data: Any) -> str:
    with pytest.raises(DomainError) as caught:
        from_dict(kind, data)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert caught.value.message("vi") != ""
    return str(caught.value)


def test_an_object_becomes_plain_json() -> None:
    basis = LegalBasis(document="19/2025/QĐ-TTg", issued=date(2025, 6, 30), article="1")
    area = Area(
        code="22969",
        name="Xã Liên Hương",
        level=AreaLevel.COMMUNE,
        parent="68",
        valid_from=date(2025, 7, 1),
        legal_basis=basis,
    )
    plain = to_dict(area)
    assert plain["valid_from"] == "2025-07-01"
    assert plain["valid_to"] is None
    assert plain["legal_basis"]["issued"] == "2025-06-30"
    assert type(plain["level"]) is str
    assert from_dict(Area, json.loads(json.dumps(plain))) == area


def test_fields_may_be_left_out_when_they_have_a_default() -> None:
    assert from_dict(Citizen, {"id": "c1", "household": "h1"}) == Citizen(id="c1", household="h1")


def test_a_title_may_be_written_by_its_official_name() -> None:
    data = {"title": "Công dân học tập", "subject": "c1", "year": 2025}
    assert from_dict(Registration, data).title is Title.LEARNING_CITIZEN


def test_a_tree_is_read_from_its_areas() -> None:
    tree = AreaTree([Area(code="60", name="Bình Thuận", level=AreaLevel.PROVINCE)])
    assert from_dict(AreaTree, to_dict(tree)) == tree


def test_enumerations_are_read_by_identifier() -> None:
    unit = from_dict(
        Unit,
        {
            "id": "u1",
            "name": "Trường",
            "kind": "school",
            "managed_by": "province",
            "commune": "22969",
        },
    )
    assert (unit.kind, unit.managed_by) == (UnitKind.SCHOOL, ManagedBy.PROVINCE)


def test_all_faults_of_an_object_are_named() -> None:
    message = refusal(
        Citizen,
        {
            "id": 4,
            "name": "",
            "birth_date": "1980-02-30",
            "national_id": "12345678",
            "hosehold": "h1",
        },
    )
    for fault in (
        "id: must be text, not a number",
        "household: is missing",
        "name: must not be blank",
        "birth_date: is not a valid date",
        "national_id: must have 12 digits",
        "hosehold: unknown field; did you mean household?",
    ):
        assert fault in message
    for value in ("1980", "12345678", "h1"):
        assert value not in message


def test_faults_within_are_named_by_path() -> None:
    message = refusal(
        AreaTree,
        {
            "areas": [
                {"code": "1", "name": "A", "level": "ward"},
                {"code": "2", "name": "B", "level": "commune", "legal_basis": {"document": 5}},
                7,
            ]
        },
    )
    assert "areas[0].level: must be a member of AreaLevel" in message
    assert "areas[1].legal_basis.document: must be text, not a number" in message
    assert "areas[2]: must be an object" in message


@pytest.mark.parametrize(
    "written",
    [
        "19800228",
        "1980-W09-4",
        "28/02/1980",
        "1980-02-28T00:00",
        19800228,
        datetime(1980, 2, 28),
        True,
        ["1980-02-28"],
    ],
)
def test_dates_are_iso_days_only(written: Any) -> None:
    message = refusal(Citizen, {"id": "c1", "household": "h1", "birth_date": written})
    assert message.startswith("birth_date: must be a date")


@pytest.mark.parametrize("year", [True, "2025", 2025.0, None, [2025]])
def test_only_a_whole_number_is_a_year(year: Any) -> None:
    message = refusal(Registration, {"title": "learning_unit", "subject": "u1", "year": year})
    assert message.startswith("year: must be a whole number")


@pytest.mark.parametrize("data", [None, [], "c1", 5, [("id", "c1")]])
def test_what_is_no_mapping_is_refused(data: Any) -> None:
    assert refusal(Citizen, data).startswith("must be an object")


def test_a_key_that_is_no_name_is_not_repeated() -> None:
    message = refusal(Clan, {"id": "d1", "commune": "1", "Nguyễn Văn A": 1, 7: 2})
    assert message.count("?: unknown field") == 2
    assert "Nguyễn" not in message


def test_a_rule_between_fields_is_told() -> None:
    message = refusal(
        Area,
        {
            "code": "1",
            "name": "A",
            "level": "commune",
            "valid_from": "2025-07-01",
            "valid_to": "2025-07-01",
        },
    )
    assert message == "valid_to: must be after valid_from."


def test_a_value_of_an_unreadable_kind_is_told() -> None:
    assert refusal(AreaTree, {"areas": 5}).startswith("areas: has an unsupported type of value")


def test_a_long_list_of_faults_is_cut() -> None:
    message = refusal(AreaTree, {"areas": [{} for _ in range(20)]})
    assert message.endswith("And 40 more.")


def test_only_objects_of_the_domain_become_dicts() -> None:
    for strange in ("c1", {"id": "c1"}, Citizen, None):
        with pytest.raises(DomainError, match="to_dict takes"):
            to_dict(strange)


def test_each_converter_is_fresh_and_one_serves_many() -> None:
    one, other = make_converter(), make_converter()
    assert one is not other
    one.register_unstructure_hook(date, lambda day: day.strftime("%d/%m/%Y"))
    born = Citizen(id="c1", household="h1", birth_date=date(1980, 2, 28))
    assert to_dict(born, one)["birth_date"] == "28/02/1980"
    assert to_dict(born, other)["birth_date"] == "1980-02-28"
    assert to_dict(born)["birth_date"] == "1980-02-28"
    assert from_dict(Citizen, to_dict(born, other), other) == born
