"""A finding as text and JSON: code, place, and subjects that can be evaluated again."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from proven_profiles import yes_no

from xhht import evaluate, prove
from xhht.proving.codes import CODES
from xhht.proving.findings import Example, Kind
from xhht.text import Lang


def test_an_example_is_its_facts_and_result() -> None:
    profile = yes_no(8, 4)
    facts = {"a1": True, "a2": False, "n": 0}
    example = Example.of(facts, date(2024, 12, 31), evaluate(profile, facts))
    assert example.to_dict() == {
        "facts": facts,
        "as_of": "2024-12-31",
        "levels_possible": [None],
        "points_certain": 8,
        "points_possible": 8,
    }
    line = example.render(profile, Lang.EN)
    assert '"a1": true' in line
    assert "--as-of 2024-12-31" in line


def test_an_open_example_shows_both_ends() -> None:
    profile = yes_no(8, 4)
    result = evaluate(profile, {"a1": True, "n": 0})
    example = Example.of({"a1": True, "n": 0}, None, result)
    assert example.points == (Fraction(8), Fraction(12))
    assert "8–12" in example.render(profile, Lang.VI)
    assert "Tốt" in example.render(profile, Lang.VI)


def test_findings_come_in_the_order_of_the_file() -> None:
    findings = prove(yes_no(8, 4, 1)).findings
    places = [(finding.mark.line, finding.mark.column) for finding in findings]
    assert places == sorted(places)


def test_every_finding_has_a_registered_code_of_its_kind() -> None:
    for finding in prove(yes_no(8, 4, 1)).findings:
        assert CODES[finding.code].kind is finding.kind


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_label_in_both_languages(kind: Kind) -> None:
    assert kind.label.vi
    assert kind.label.en
