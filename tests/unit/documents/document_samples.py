"""One small profile and one document under it, for the tests of `xhht.documents`."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import xhht
from inline_profiles import profile_of
from xhht.criteria.registry import Registry
from xhht.documents import (
    ResultDocument,
    VerificationFinding,
    dumps_result,
    loads_result,
    make_document,
    verify,
)

DAY = date(2024, 12, 31)
INPUTS = {
    "flag": "type: bool",
    "members": "type: count",
    "since": "type: date",
    "kind": "type: choice, choices: {a: {vi: A, en: A}, b: {vi: B, en: B}}",
    "backed": "type: decimal, places: 2, evidence: {valid_months: 12}",
    "homes": "type: share, members: {title: learning_household, take: share}",
}
INDICATORS = """
- {id: "1.1", points: 4, met_when: flag}
- {id: "1.2", points: 4, met_when: "members >= 3"}
- {id: "1.3", points: 1, met_when: "as_of - since >= 30"}
- {id: "1.4", points: 1, met_when: 'kind == "a"'}
- {id: "1.5", points: 1, met_when: "backed >= 0.25 and homes >= 30%"}
"""
PROFILE = profile_of(INPUTS, INDICATORS)
PROFILES = Registry((PROFILE,))
FACTS: dict[str, object] = {
    "flag": True,
    "members": 12,
    "since": date(2024, 1, 1),
    "kind": "a",
    "backed": xhht.Evidence(
        value=0.5, dated=date(2024, 6, 1), source="số 5", verification="verified"
    ),
    "homes": 0.5,
}


def sample(facts: object = FACTS, **options: Any) -> ResultDocument:
    """Return the document of one subject."""
    return make_document(PROFILE, facts, as_of=DAY, subject="h1", **options)


def changed(document: ResultDocument, *path: str | int, to: Any) -> ResultDocument:
    """Return what another reads after someone wrote `to` at a place of the file."""
    plain = json.loads(dumps_result(document))
    place = plain
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return loads_result(json.dumps(plain))


def found(document: ResultDocument, **options: Any) -> list[VerificationFinding]:
    """Return what verification finds."""
    return [*verify(document, profiles=PROFILES, **options)]


def codes(document: ResultDocument, **options: Any) -> list[str]:
    """Return the codes of what verification finds."""
    return [finding.code.value for finding in found(document, **options)]
