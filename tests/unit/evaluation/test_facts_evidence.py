from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

import xhht
from inline_profiles import profile_of, span
from xhht import Between, Evidence, FactsError, OneOf, Status, Waiver
from xhht.evaluation.fact_io import fact_from_json, fact_to_json
from xhht.evaluation.facts import MemberShare, Verification

PROFILE = profile_of(
    {
        "free": "type: bool",
        "backed": "type: count, evidence: {required: true}",
        "aging": "type: bool, evidence: {valid_months: 12}",
    },
    """
    - {id: "1.1", points: 4, met_when: free}
    - {id: "1.2", points: 4, met_when: backed >= 3}
    - {id: "1.3", points: 2, met_when: aging}
    """,
)
DAY = date(2024, 12, 31)
DAYS: Any = ("2024-01-01", "2024-02-01")


def reason(name: str, value: object) -> str | None:
    """Return the reason of the gap that the one fact leaves, or None when it is known."""
    result = xhht.evaluate(PROFILE, {name: value}, as_of=DAY)
    reasons = [gap.reason.value for gap in result.gaps() if gap.input == name]
    return reasons[0] if reasons else None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("free", True, None),
        ("free", Evidence(value=True), None),
        ("free", Evidence(value=True, verification="rejected"), "invalid"),
        ("free", Evidence(value=None, verification="verified"), "missing"),
        ("backed", 5, "unverified"),
        ("backed", Evidence(value=5), "unverified"),
        ("backed", Evidence(value=None), "missing"),
        ("backed", Evidence(value=5, verification="verified"), None),
        ("backed", Evidence(value=5, verification="rejected"), "invalid"),
        ("aging", True, None),
        ("aging", Evidence(value=True, dated=date(2024, 1, 1)), None),
        ("aging", Evidence(value=True, dated=date(2023, 12, 30)), "out_of_date"),
        ("aging", Evidence(value=True, dated=date(2023, 12, 31)), None),
        ("aging", Evidence(value=True), "unverified"),
        ("aging", Evidence(value=True, dated=date(2025, 1, 1)), "unverified"),
    ],
)
def test_what_evidence_is_worth(name: str, value: Any, expected: str | None) -> None:
    assert reason(name, value) == expected


def test_a_value_out_of_bounds_is_an_error_even_when_its_evidence_was_rejected() -> None:
    with pytest.raises(FactsError) as error:
        xhht.evaluate(PROFILE, {"backed": Evidence(value=-1, verification="rejected")}, as_of=DAY)
    assert error.value.code == "out_of_bounds"


@pytest.mark.parametrize("name", ["free", "aging"])
@pytest.mark.parametrize("dated", ["2020-01-01", datetime(2020, 1, 1), 5])
def test_the_day_of_evidence_must_be_a_day(name: str, dated: Any) -> None:
    with pytest.raises(FactsError) as error:
        xhht.evaluate(PROFILE, {name: Evidence(value=True, dated=dated)}, as_of=DAY)
    assert (error.value.code, error.value.field) == ("not_a_date", name)


def test_rejected_evidence_leaves_the_criterion_unknown_and_not_unmet() -> None:
    result = xhht.evaluate(
        PROFILE, {"free": Evidence(value=False, verification="rejected")}, as_of=DAY
    )
    assert result.criterion("1.1").status is Status.UNKNOWN
    assert result.points_certain == 0
    assert result.points_possible == 10


def test_a_waiver_gives_all_points_and_says_why() -> None:
    waiver = Waiver(reason="Thiên tai", authority="UBND xã An")
    result = xhht.evaluate(PROFILE, {"backed": waiver}, as_of=DAY)
    criterion = result.criterion("1.2")
    assert criterion.status is Status.WAIVED
    assert criterion.points_certain == criterion.points_possible == 4
    assert [gap for gap in result.gaps() if gap.criterion == "1.2"] == []
    assert "Được miễn: Thiên tai (theo UBND xã An)" in result.explain("vi").text()
    assert "Waived: Thiên tai (by UBND xã An)" in result.explain("en").text()


def test_a_waiver_leaves_open_whether_the_indicator_applies() -> None:
    profile = profile_of(
        {"a": "type: bool", "b": "type: bool"},
        '- {id: "1.1", points: 10, met_when: a, applies_when: b, na_policy: zero}',
    )
    waiver = Waiver(reason="r", authority="a")
    result = xhht.evaluate(profile, {"a": waiver})
    assert span(profile, {"a": waiver}) == (0, 10)
    assert result.criterion("1.1").status is Status.UNKNOWN
    assert [(gap.input, gap.criterion) for gap in result.gaps()] == [("b", "1.1")]
    applying = xhht.evaluate(profile, {"a": waiver, "b": True})
    assert applying.criterion("1.1").status is Status.WAIVED
    assert applying.gaps() == ()


def test_a_waived_deduction_takes_nothing() -> None:
    profile = profile_of(
        {"a": "type: bool", "bad": "type: bool"},
        '- {id: "1.1", points: 5, met_when: a}\n- {id: "1.2", points: -5, met_when: bad}',
    )
    waiver = Waiver(reason="r", authority="a")
    result = xhht.evaluate(profile, {"a": True, "bad": waiver})
    assert result.points_certain == result.points_possible == 5


@pytest.mark.parametrize(
    ("reason", "authority"), [("", "a"), ("r", " "), ("\u200b", "a"), (None, "x"), ("r", 5)]
)
def test_a_waiver_names_reason_and_authority(reason: Any, authority: Any) -> None:
    with pytest.raises(FactsError) as error:
        Waiver(reason=reason, authority=authority)
    assert error.value.code == "bad_waiver"


def test_json_objects_are_evidence_or_a_waiver() -> None:
    assert fact_from_json(
        "free",
        {
            "value": True,
            "source": "số 5",
            "dated": "2024-05-31",
            "verification": "verified",
            "verified_by": "UBND",
        },
    ) == Evidence(
        value=True,
        source="số 5",
        dated=date(2024, 5, 31),
        verification=Verification.VERIFIED,
        verified_by="UBND",
    )
    assert fact_from_json("free", {"value": 3}) == Evidence(value=3)
    assert fact_from_json("free", {"waived": {"reason": "r", "authority": "a"}}) == Waiver(
        reason="r", authority="a"
    )
    assert fact_from_json("free", None) is None


@pytest.mark.parametrize(
    ("written", "fact"),
    [
        ({"between": [3, 5]}, Between(3, 5)),
        ({"between": ["2024-01-01", "2024-02-01"]}, Between(*DAYS)),
        ({"one_of": ["a", "b"]}, OneOf(["b", "a"])),
        ({"held": 3, "others": {"between": [0, 2]}}, MemberShare(3, Between(0, 2))),
        ({"fraction": [1, 3]}, Fraction(1, 3)),
        (
            {"value": {"fraction": [1, 3]}, "verification": "pending"},
            Evidence(value=Fraction(1, 3)),
        ),
    ],
)
def test_json_objects_may_say_what_is_known_in_part(written: Any, fact: object) -> None:
    assert fact_from_json("free", written) == fact
    assert fact_to_json(fact) == written


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"source": "x"},
        {"value": {}},
        {"value": []},
        {"between": [1]},
        {"between": [1, 2], "value": 1},
        {"between": [1, [2]]},
        {"one_of": "ab"},
        {"one_of": [1]},
        {"held": 1},
        {"fraction": [1, 0]},
        {"fraction": [1, "3"]},
        {"value": 1, "other": 2},
        {"value": 1, "source": 2},
        {"value": 1, "dated": "31/05/2024"},
        {"value": 1, "dated": "20240531"},
        {"value": 1, "dated": 5},
        {"value": 1, "verification": "yes"},
        {"value": 1, "verification": []},
        {"waived": None},
        {"waived": True},
        {"waived": {}},
        {"waived": {"reason": "r"}},
        {"waived": {"reason": 1, "authority": "a"}},
        {"waived": {"reason": "", "authority": "a"}},
        {"waived": {"reason": "r", "authority": "a", "more": "x"}},
        {"waived": {"reason": "r", "authority": "a"}, "value": 1},
    ],
)
def test_objects_that_are_neither_are_refused(value: dict[str, object]) -> None:
    with pytest.raises(FactsError) as error:
        fact_from_json("free", value)
    assert (error.value.code, error.value.field) == ("bad_evidence", "free")
