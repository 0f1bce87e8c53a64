"""The badge of another field: the format and all that works on it know nothing of learning."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import xhht
from xhht.rules.model import Requirement

FILE = Path(__file__).parents[3] / "examples" / "openssf" / "best-practices-passing.yaml"


@pytest.fixture(scope="module")
def badge() -> xhht.Profile:
    return xhht.load_profile(FILE)


def test_it_checks_clean(badge: xhht.Profile) -> None:
    assert not xhht.check_profile(FILE.read_bytes(), str(FILE))
    assert badge.title.value == "x.openssf.best_practices_badge"
    assert badge.title.is_own


def test_it_has_the_criteria_of_the_list(badge: xhht.Profile) -> None:
    leaves = [entry for entry in badge.entries.values() if entry.clause is not None]
    assert Counter(entry.requirement for entry in leaves) == {
        Requirement.MUST: 43,
        Requirement.SCORED: 10,
        Requirement.ADVISORY: 14,
    }
    assert [entry.clause for entry in leaves] == list(badge.document.inputs)


def test_it_evaluates(badge: xhht.Profile) -> None:
    facts = dict.fromkeys(badge.document.inputs, "met")
    passing = xhht.evaluate(badge, facts)
    assert (passing.verdict.value, passing.level) == ("recognised", "passing")
    barred = xhht.evaluate(badge, {**facts, "build": "unmet"})
    assert barred.verdict is xhht.Verdict.NOT_RECOGNISED
    skipped = xhht.evaluate(badge, {**facts, "build": "na"})
    assert skipped.level == "passing"


def test_its_own_title_is_resolved(badge: xhht.Profile) -> None:
    registry, day = xhht.Registry((badge,)), date(2026, 1, 1)
    own = "x.openssf.best_practices_badge"
    assert registry.resolve(own, as_of=day, illustrative=True) is badge
    with pytest.raises(xhht.XhhtError):
        registry.resolve("x.openssf.other", as_of=day, illustrative=True)
