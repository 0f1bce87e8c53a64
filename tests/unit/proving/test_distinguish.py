"""Subjects on which two versions of a profile differ, or the proof that there is none."""

from __future__ import annotations

from proven_profiles import yes_no

from xhht import evaluate
from xhht.proving.distinguish import DistinguishingSearch


def test_a_subject_tells_two_versions_apart() -> None:
    old, new = yes_no(8, 4), yes_no(9, 4)
    witness = DistinguishingSearch(old).distinguishing_subject(old.plan, new.plan)
    assert witness.subject is not None
    facts = dict(witness.subject.facts)
    assert evaluate(old, facts).points_certain != evaluate(new, facts).points_certain


def test_versions_that_differ_for_nobody_are_proven_equal() -> None:
    profile = yes_no(8, 4)
    witness = DistinguishingSearch(profile).distinguishing_subject(profile.plan, yes_no(8, 4).plan)
    assert witness.is_proven_empty


def test_versions_with_other_inputs_are_not_compared() -> None:
    profile = yes_no(8, 4)
    witness = DistinguishingSearch(profile).distinguishing_subject(
        profile.plan, yes_no(8, 4, 2).plan
    )
    assert not witness.is_known
    assert not witness.is_proven_empty


def test_a_subject_of_each_level_or_of_none() -> None:
    profile = yes_no(8, 4, 2)
    search = DistinguishingSearch(profile)
    for index, level in [(0, "good"), (1, "fair"), (None, None)]:
        witness = search.subject_awarded(index)
        assert witness.subject is not None
        result = evaluate(profile, dict(witness.subject.facts))
        assert result.levels_possible == (level,)


def test_a_level_that_nobody_gets_has_no_subject() -> None:
    assert DistinguishingSearch(yes_no(12)).subject_awarded(1).is_proven_empty
