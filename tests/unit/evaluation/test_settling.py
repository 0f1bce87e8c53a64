from __future__ import annotations

import xhht
from inline_profiles import profile_of
from xhht import Verdict

TWO = profile_of(
    {"a": "type: bool", "b": "type: bool", "c": "type: count"},
    """\
    - {id: "1.1", points: 5, met_when: a}
    - {id: "1.2", points: 5, met_when: b}
    - {id: "1.3", points: 0, met_when: c > 3}
    """,
)


def test_enough_is_what_matters_and_could_is_what_does_it_alone() -> None:
    sets = xhht.evaluate(TWO, {}).settling_sets()
    assert sets.enough == (("a", "b"),)
    assert sets.could is not None
    assert [(one.inputs, dict(one.examples)) for one in sets.could] == [
        (("a",), {Verdict.RECOGNISED: {"a": True}}),
        (("b",), {Verdict.RECOGNISED: {"b": True}}),
    ]
    assert sets.text.en.startswith(
        "Sufficient to determine the verdict, whatever the values: label a; label b."
    )
    assert "nếu nhãn a: có thì kết quả là 'Đạt tiêu chí'" in sets.text.vi


def test_a_settled_verdict_needs_nothing() -> None:
    sets = xhht.evaluate(TWO, {"a": True}).settling_sets()
    assert sets.enough == ((),)
    assert sets.could == ()
    assert sets.text.en == "The verdict is already determined."


def test_what_evaluation_takes_too_cautiously_needs_nothing_either() -> None:
    both_ways = profile_of(
        {"a": "type: bool"},
        """\
        - {id: "1.1", points: 5, met_when: a}
        - {id: "1.2", points: 5, met_when: not a}
        """,
    )
    result = xhht.evaluate(both_ways, {})
    assert result.verdict is Verdict.UNDETERMINED
    assert result.settling_sets().enough == ((),)
    assert "The verdict is the same whatever" in result.settling_sets().text.en


def test_a_count_of_thousand_millions_is_cut_where_it_matters() -> None:
    large = profile_of(
        {"n": "type: count", "whole": "type: count, min: 1"},
        '- {id: "1.1", points: 10, met_when: "n >= 123456789 and whole >= 2"}',
    )
    sets = xhht.evaluate(large, {"whole": 3}).settling_sets()
    assert sets.could is not None
    [one] = sets.could
    assert dict(one.examples) == {
        Verdict.RECOGNISED: {"n": 123_456_789},
        Verdict.NOT_RECOGNISED: {"n": 0},
    }


def test_too_many_ways_are_told_and_not_guessed() -> None:
    shares = profile_of(
        {"whole": "type: count", "part": "type: count, at_most: whole"},
        '- {id: "1.1", points: 10, met_when: "share(part, whole) >= 37%"}',
    )
    sets = xhht.evaluate(shares, {}).settling_sets()
    assert (sets.enough, sets.could) == (None, None)
    assert "provide these first: label whole; label part." in sets.text.en
    assert "vui lòng bổ sung trước: nhãn whole; nhãn part." in sets.text.vi
    known = xhht.evaluate(shares, {"whole": 1000}).settling_sets()
    assert known.enough == (("part",),)


def test_where_no_source_shows_the_mark_nothing_is_enough() -> None:
    marked = profile_of(
        {"a": "type: bool"},
        '- {id: "1.1", points: 10, met_when: a}',
        "- {id: pass, name: {vi: Đạt, en: Pass}, when: points >= unknown}",
    )
    sets = xhht.evaluate(marked, {}).settling_sets()
    assert sets.enough == ()
    assert "No facts are certain to determine the verdict" in sets.text.en


def test_the_explanation_of_an_open_verdict_says_what_would_settle_it() -> None:
    shown = xhht.evaluate(TWO, {}).explain("en").text()
    assert (
        "    Sufficient to determine the verdict, whatever the values: label a; label b." in shown
    )
    assert "Enough" not in xhht.evaluate(TWO, {"a": True}).explain("en").text()
