"""A cell may say that its input is waived; what cannot use such a cell says so by name."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

import xhht
from inline_profiles import HEAD
from xhht import Waiver, evaluate, frames
from xhht.campaign.untyped import FactColumns
from xhht.numbers import Convention
from xhht.tables.facts import FactTable, SubjectFacts

PROFILE = xhht.loads_profile(f"""{HEAD}
inputs:
  plan: {{type: bool, label: {{vi: Kế hoạch, en: Plan}}}}
  adults: {{type: count, max: 1000, label: {{vi: Người lớn, en: Adults}}}}
  rate: {{type: share, label: {{vi: Tỉ lệ, en: Rate}}}}
  members: {{type: share, label: {{vi: Thành viên, en: Members}}, members: {{title: learning_citizen, take: share}}}}
  size: {{type: choice, label: {{vi: Cỡ, en: Size}}, choices: {{small: {{vi: Nhỏ, en: Small}}, big: {{vi: Lớn, en: Big}}}}}}
  since: {{type: date, label: {{vi: Từ ngày, en: Since}}}}
  hill: {{type: bool, label: {{vi: Miền núi, en: Hill}}}}
criteria:
  - id: "1"
    indicators:
      - {{id: "1.1", points: 10, met_when: plan}}
      - {{id: "1.2", points: 10, met_when: adults >= 2}}
      - {{id: "1.3", points: 10, met_when: rate >= 50%}}
      - {{id: "1.4", points: 10, met_when: members >= 50%}}
      - {{id: "1.5", points: 10, met_when: size == "big"}}
      - {{id: "1.6", points: 10, met_when: 'since >= "2024-01-01"'}}
levels:
  - {{id: ok, name: {{vi: Đạt, en: OK}}, when: "points >= (5 if hill else 10)"}}
""")  # noqa: E501 - one input on a line
INPUTS = ["plan", "adults", "rate", "members", "size", "since"]
CELLS = ["miễn: bão số 3; UBND tỉnh", "Miễn xét : bão; số 3; UBND tỉnh", "WAIVED: storm; province"]


def subject(name: str, cell: str) -> SubjectFacts:
    [read] = FactTable(f'id,{name}\nA,"{cell}"\n'.encode(), PROFILE).subjects()
    return read


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_waives_its_input(name: str, cell: str) -> None:
    facts = subject(name, cell).facts
    waiver = facts[name]
    assert isinstance(waiver, Waiver)
    assert waiver.authority in ("UBND tỉnh", "province")
    number = f"1.{INPUTS.index(name) + 1}"
    assert evaluate(PROFILE, facts).criterion(number).status == "waived"
    untyped = FactColumns([name], Convention.PLAIN).facts([cell], PROFILE)
    assert untyped == facts


@pytest.mark.parametrize("cell", ["miễn:", "miễn: bão", "miễn: bão;", "waived: ; province"])
def test_a_waiver_needs_its_reason_and_the_authority(cell: str) -> None:
    error = subject("adults", cell).error
    assert error is not None
    assert (error.code, error.field) == ("bad_waiver", "adults")


def test_only_what_indicators_are_scored_by_can_be_waived() -> None:
    with pytest.raises(xhht.FactsError) as error:
        evaluate(PROFILE, subject("hill", CELLS[0]).facts)
    assert (error.value.code, error.value.field) == ("bad_waiver", "hill")


def test_an_invalid_cell_is_named_beside_a_waiver() -> None:
    [read] = FactTable(b"plan,adults\nwaived: a; b,x\n", PROFILE).subjects()
    assert read.error is not None
    assert (read.error.code, read.error.field) == ("wrong_type", "adults")


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("is_lazy", [False, True])
def test_columns_refuse_a_waiver_by_name(name: str, is_lazy: bool) -> None:
    cells = ["", *CELLS, "miễn", None]
    frame = pl.DataFrame({name: cells, "note": ["miễn: a; b"] * len(cells)})
    given = duckdb.sql("select * from frame") if is_lazy else frame
    rejected = frames.evaluate(PROFILE, given).rejected
    rows = rejected.fetchall() if is_lazy else rejected.rows()
    reasons = {row[0]: row[-2:] for row in rows}
    assert {cell: reasons.pop(cell) for cell in CELLS} == dict.fromkeys(
        CELLS, (name, "waived_in_columns")
    )
    assert {reason for _, reason in reasons.values()} <= {
        "wrong_type", "unknown_choice", "not_a_date",
    }  # fmt: skip
    assert list(reasons) == ["miễn"]


def test_the_waiver_of_a_share_of_members_is_said_once() -> None:
    text = evaluate(PROFILE, subject("members", CELLS[2]).facts).explain("en").text()
    assert text.count("storm") == 1
