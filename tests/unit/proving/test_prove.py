"""What is proven of all subjects of a profile, with subjects that show it."""

from __future__ import annotations

from datetime import date

import pytest
from proven_profiles import yes_no

from inline_profiles import profile_of
from xhht import Proof, evaluate, prove
from xhht.proving.findings import Kind, Topic


def codes(proof: Proof, subject: str) -> set[str]:
    return {finding.code for finding in proof.findings if finding.subject == subject}


def test_a_level_that_a_subject_reaches_has_that_subject_as_example() -> None:
    profile = yes_no(8, 4)
    proof = prove(profile, only=["levels"])
    finding = next(f for f in proof.findings if f.subject == "good")
    assert finding.code == "XP102"
    assert finding.kind is Kind.NOTE
    (example,) = finding.examples
    assert example.facts["a1"] is True
    assert example.facts["a2"] is True
    assert example.levels_possible == ("good",)


def test_a_level_that_no_subject_reaches_alone_is_reported() -> None:
    proof = prove(yes_no(12), only=["levels"])  # 12 points or none: never fair
    assert codes(proof, "fair") & {"XP103", "XP104"}
    assert "XP102" in codes(proof, "good")


def test_an_indicator_that_changes_no_level_is_named() -> None:
    proof = prove(yes_no(12, 1), only=["indicators"])
    assert "XP204" in codes(proof, "1.2")
    assert "XP206" in codes(proof, "1.1")


def test_a_mark_that_no_total_reaches_names_the_nearest() -> None:
    proof = prove(yes_no(8, 4, 1), only=["thresholds"])
    reached = next(f for f in proof.findings if f.subject == "good")
    missed = next(f for f in proof.findings if f.subject == "fair")
    assert reached.code == "XP501"
    assert missed.code == "XP502"
    assert "9 – 12" in missed.text.en


def test_every_example_is_what_evaluate_says() -> None:
    profile = yes_no(8, 4, 3)
    proof = prove(profile)
    assert proof.is_decided
    examples = [example for finding in proof.findings for example in finding.examples]
    assert examples
    for example in examples:
        result = evaluate(profile, dict(example.facts), as_of=example.as_of)
        assert (result.points_certain, result.points_possible) == example.points
        assert result.levels_possible == example.levels_possible


def test_only_the_topics_asked_for_are_checked() -> None:
    proof = prove(yes_no(8, 4), only=[Topic.LEVELS, "bands"])
    assert {finding.topic for finding in proof.findings} <= {Topic.LEVELS, Topic.BANDS}
    with pytest.raises(ValueError, match="no_topic"):
        prove(yes_no(8, 4), only=["no_topic"])


def test_an_impossible_band_is_a_fault() -> None:
    bands = "bands: [{when: n >= 3, points: 10}, {when: n >= 5, points: 4}]"
    profile = profile_of({"n": "type: count, max: 9"}, f'- {{id: "1.1", points: 10, {bands}}}')
    (finding,) = [f for f in prove(profile, only=["bands"]).findings if f.kind is not Kind.NOTE]
    assert finding.pointer.endswith("/bands/1")


def test_a_day_is_that_of_the_evaluation() -> None:
    profile = profile_of({"day": "type: date"}, '- {id: "1.1", points: 10, met_when: day <= as_of}')
    proof = prove(profile, as_of=date(2024, 12, 31), only=["levels"])
    days = {example.as_of for finding in proof.findings for example in finding.examples}
    assert days == {date(2024, 12, 31)}
