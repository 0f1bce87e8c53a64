from __future__ import annotations

import json
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from attrs import evolve
from document_samples import FACTS, INDICATORS, INPUTS, changed, codes, found, sample

import xhht
from inline_profiles import profile_of
from xhht._json import sha256_of
from xhht.criteria.registry import Registry
from xhht.documents import FindingCode, dumps_result, make_document, result_schema, verify
from xhht.documents.serialization import content_hash
from xhht.documents.verification import _TEXTS
from xhht.evaluation.facts import MemberShare


def test_a_document_as_it_was_made_is_verified() -> None:
    assert codes(sample()) == []
    assert codes(sample(keep_facts=False), facts=FACTS) == []
    assert codes(sample(), facts=FACTS) == []


PARTLY_KNOWN: dict[str, object] = {
    "flag": None,
    "members": xhht.Between(2, 5),
    "since": xhht.Evidence(value=None, dated=date(2024, 1, 1)),
    "kind": xhht.OneOf(["a", "b"]),
    "backed": xhht.Waiver(reason="thiên tai", authority="UBND xã"),
    "homes": xhht.Evidence(value=MemberShare(3, xhht.Between(0, 2))),
}


@pytest.mark.parametrize("name", [*PARTLY_KNOWN, None])
def test_every_kind_of_fact_comes_back_as_it_was(name: str | None) -> None:
    facts = PARTLY_KNOWN if name is None else {**FACTS, name: PARTLY_KNOWN[name]}
    assert codes(sample(facts)) == []
    jsonschema.validate(json.loads(dumps_result(sample(facts))), result_schema())
    assert codes(sample({**facts, "homes": Fraction(1, 3)})) == []


ALTERED: list[tuple[tuple[str | int, ...], Any, str, str]] = [
    (("outcome", "verdict"), "not_recognised", "result_altered", "outcome.verdict"),
    (("outcome", "level"), None, "result_altered", "outcome.level"),
    (("outcome", "levels_possible"), [], "result_altered", "outcome.levels_possible"),
    (("outcome", "points_certain"), 10.5, "result_altered", "outcome.points_certain"),
    (
        ("outcome", "percent_certain"),
        {"fraction": [1, 2]},
        "result_altered",
        "outcome.percent_certain.fraction",
    ),
    (("outcome", "exact"), False, "result_altered", "outcome.exact"),
    (("outcome", "criteria"), [], "result_altered", "outcome.criteria"),
    (
        ("outcome", "criteria", 1, "status"),
        "unmet",
        "result_altered",
        "outcome.criteria[1.1].status",
    ),
    (("profile", "provenance"), "complete", "result_altered", "profile.provenance"),
    (("profile", "hash"), "0" * 64, "profile_altered", "profile.hash"),
    (("profile", "id"), "test.other", "profile_unknown", "profile"),
    (("profile", "version"), "9.0.0", "profile_unknown", "profile"),
    (("facts", "members"), 13, "facts_altered", "facts"),
    (("facts_hash",), "0" * 64, "facts_altered", "facts"),
    (("as_of",), None, "as_of_missing", "as_of"),
    (("as_of",), "2024-12-30", "document_altered", "hash"),
    (("subject",), "h2", "document_altered", "hash"),
    (("hash",), "0" * 64, "document_altered", "hash"),
]


@pytest.mark.parametrize(("path", "value", "code", "field"), ALTERED)
def test_what_was_altered_is_named(
    path: tuple[str | int, ...], value: Any, code: str, field: str
) -> None:
    faults = [finding for finding in found(changed(sample(), *path, to=value)) if finding.is_fault]
    assert (code, field) in [(fault.code.value, fault.field) for fault in faults]
    assert {fault.code.value for fault in faults} <= {code, "document_altered"}


def test_stated_and_computed_stand_beside_each_other() -> None:
    [fault] = found(changed(sample(), "outcome", "points_certain", to=10.5))
    assert (fault.stated, fault.computed) == ("10.5", "11")
    assert "10.5" in fault.text.vi
    assert "11" in fault.text.en


def test_a_document_made_whole_again_after_tampering_is_caught_all_the_same() -> None:
    forged = changed(sample(), "outcome", "points_certain", to=10)
    assert codes(evolve(forged, hash=content_hash(forged))) == ["result_altered"]


def test_another_version_of_the_library_is_no_fault() -> None:
    document = changed(sample(), "library", to="0.0.9")
    document = evolve(document, hash=content_hash(document))
    [finding] = found(document)
    assert (finding.code, finding.is_fault) == (FindingCode.LIBRARY_DIFFERS, False)
    assert finding.to_dict("en")["severity"] == "information"


def test_people_read_the_digits_of_a_hash_in_which_two_differ() -> None:
    document = sample()
    [fault] = found(changed(document, "hash", to="0" * 64))
    assert fault.stated == "0" * 64
    assert f" {'0' * 12}," in fault.text.en
    last = "0" if document.hash[-1] != "0" else "1"
    [fault] = found(changed(document, "hash", to=document.hash[:-1] + last))
    assert document.hash in fault.text.en


def test_the_reference_explains_every_code() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "result-format.md"
    rows = re.findall(
        r"^\| `([a-z_]+)` \|", page.read_text("utf-8").partition("## Findings")[2], re.M
    )
    assert set(rows) == {code.value for code in FindingCode}
    assert set(rows[-3:]) == {code.value for code in FindingCode if not code.is_fault}


def test_facts_kept_elsewhere_must_be_given() -> None:
    assert codes(sample(keep_facts=False)) == ["facts_missing"]


def test_facts_given_are_compared_and_inputs_named_not_values() -> None:
    other = {**FACTS, "members": 987654}
    [fault] = found(sample(), facts=other)
    assert (fault.code.value, fault.field) == ("facts_altered", "facts.members")
    assert "987654" not in f"{fault}{fault.to_dict('vi')}{fault.to_dict('en')}"
    [fault] = found(sample(keep_facts=False), facts=other)
    assert (fault.code.value, fault.field) == ("facts_altered", "facts")


def test_facts_that_the_profile_does_not_take_are_told() -> None:
    [fault] = found(sample(), facts={"members": "many"})
    assert (fault.code.value, fault.field) == ("facts_unfit", "facts.members")


def test_an_altered_profile_is_told() -> None:
    other = profile_of(INPUTS, INDICATORS.replace("members >= 3", "members >= 4"))
    [fault] = verify(sample(), profiles=Registry((other,)))
    assert fault.code is FindingCode.PROFILE_ALTERED
    assert (fault.stated, fault.computed) == (sample().profile.hash, other.hash)


def test_without_the_profile_nothing_is_computed() -> None:
    assert [finding.code.value for finding in verify(sample())] == ["profile_unknown"]


def test_hash_and_signature_alone_can_be_checked() -> None:
    assert codes(sample(keep_facts=False), rerun=False) == ["not_rerun"]
    altered = changed(sample(), "outcome", "verdict", to="not_recognised")
    assert codes(altered, rerun=False) == ["document_altered", "not_rerun"]


def test_every_code_has_words_in_both_languages() -> None:
    from_reading = {"not_json", "not_a_result", "newer_format", "malformed"}
    assert {code.value for code in FindingCode} == {*from_reading, *(c.value for c in _TEXTS)}
    assert all(text.vi and text.en and text.vi != text.en for text in _TEXTS.values())
    assert len({text.vi for text in _TEXTS.values()}) == len(_TEXTS)


def test_a_profile_without_dates_needs_no_day() -> None:
    plain = profile_of({"flag": "type: bool"}, '- {id: "1.1", points: 5, met_when: flag}')
    document = make_document(plain, {"flag": True})
    assert document.as_of is None
    assert verify(document, profiles=Registry((plain,))) == ()


@pytest.mark.parametrize("value", [{"value": []}, {"between": [1]}, {"fraction": [1, 0]}, [3]])
def test_a_forged_fact_that_is_none_is_told(value: Any) -> None:
    forged = changed(sample(), "facts", "members", to=value)
    forged = evolve(forged, facts_hash=sha256_of(forged.facts))
    assert codes(evolve(forged, hash=content_hash(forged))) == ["facts_unfit"]
