from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from attrs import fields
from document_samples import DAY, FACTS, PROFILE, sample

import xhht
from xhht._json import canonical_json
from xhht.documents import dumps_result, loads_result, make_document, result_schema
from xhht.documents.document import Outcome
from xhht.documents.serialization import to_json
from xhht.errors import ProofError

SCHEMA = Path(__file__).parents[3] / "schemas" / "result.schema.json"


def test_a_document_says_what_the_result_says() -> None:
    document, result = sample(), xhht.evaluate(PROFILE, FACTS, as_of=DAY)
    assert (document.outcome.verdict, document.outcome.level) == (result.verdict, result.level)
    assert document.outcome.criteria == result.criteria
    assert document.outcome.points_certain == result.points_certain == Fraction(11)
    assert (document.profile.id, document.profile.hash) == (PROFILE.id, PROFILE.hash)
    assert (document.subject, document.as_of) == ("h1", DAY)


def test_a_document_is_written_and_read_to_the_byte() -> None:
    text = dumps_result(sample())
    assert dumps_result(loads_result(text)) == text
    assert dumps_result(loads_result(json.dumps(json.loads(text), indent=4))) == text


def test_facts_may_stay_where_they_are() -> None:
    with_facts, without = sample(), sample(keep_facts=False)
    assert without.facts is None
    assert '"facts":' not in dumps_result(without)
    assert without.facts_hash == with_facts.facts_hash
    assert without.outcome == with_facts.outcome


def test_hashes_are_those_of_the_canonical_text() -> None:
    plain = json.loads(dumps_result(sample()))

    def sha(value: Any) -> str:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    assert plain["facts_hash"] == sha(plain["facts"])
    assert plain["hash"] == sha({key: plain[key] for key in plain if key != "hash"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"backed": 0.5}, {"backed": Decimal("0.50")}),
        ({"backed": 0.1}, {"backed": Fraction(1, 10)}),
        ({"members": 3}, {"members": Decimal(3)}),
        ({"since": date(2024, 1, 1)}, {"since": "2024-01-01"}),
        ({"kind": "a"}, {"kind": " a "}),
        ({"flag": True}, {"flag": True, "members": None}),
        ({"kind": xhht.OneOf(["b", "a"])}, {"kind": xhht.OneOf(["a", "b"])}),
    ],
)
def test_equal_facts_have_one_hash(one: dict[str, object], other: dict[str, object]) -> None:
    assert sample(one).facts_hash == sample(other).facts_hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"flag": True}, {"flag": False}),
        ({"members": 3}, {"members": xhht.Between(3, 4)}),
        ({"backed": 0.5}, {"backed": xhht.Evidence(value=0.5)}),
        ({"homes": 0.5}, {"homes": Fraction(1, 3)}),
    ],
)
def test_other_facts_have_another_hash(one: dict[str, object], other: dict[str, object]) -> None:
    assert sample(one).facts_hash != sample(other).facts_hash


def test_the_committed_schema_is_current() -> None:
    written = json.dumps(result_schema(), ensure_ascii=False, indent=2) + "\n"
    assert SCHEMA.read_text(encoding="utf-8") == written, "run: xhht schema result"


def test_the_schema_takes_documents_and_nothing_else() -> None:
    checker = jsonschema.Draft202012Validator(result_schema())
    plain = json.loads(dumps_result(sample()))
    checker.validate(plain)
    checker.validate(json.loads(dumps_result(sample({}, keep_facts=False))))
    broken = [
        {key: value for key, value in plain.items() if key != "as_of"},
        {**plain, "more": 1},
        {**plain, "facts": None},
        {**plain, "facts": {"x": None}},
        {**plain, "facts": {"x": {"between": [1]}}},
        {**plain, "facts": {"x": {"value": 1}}},
        {**plain, "format": 2},
        {**plain, "hash": "x"},
        {**plain, "outcome": {**plain["outcome"], "verdict": "yes"}},
    ]
    assert not any(checker.is_valid(variant) for variant in broken)


BROKEN = {
    "no text": ("", "not_json"),
    "no json": ("{", "not_json"),
    "a list": ("[]", "not_a_result"),
    "another object": ('{"id": "x", "verdict": "recognised"}', "not_a_result"),
    "a newer format": ('{"kind": "xhht.result", "format": 2}', "newer_format"),
    "nothing else": ('{"kind": "xhht.result", "format": 1}', "malformed"),
    "a number too large": (
        '{"kind": "xhht.result", "format": 1, "facts": {"x": 1e999999999}}',
        "malformed",
    ),
}


@pytest.mark.parametrize(("text", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_document_is_told(text: str, code: str) -> None:
    with pytest.raises(ProofError) as error:
        loads_result(text)
    assert error.value.code == code
    assert error.value.message("vi") != error.value.message("en")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 0),
        ("format", True),
        ("facts", None),
        ("signature", None),
        ("subject", 1.5),
        ("as_of", "31/12/2024"),
        ("facts_hash", "0" * 63),
        ("facts", {"x": [[[[[[1]]]]]]}),
        ("facts", {"x": "\ud800"}),
    ],
)
def test_a_malformed_field_is_told(key: str, value: Any) -> None:
    plain = {**json.loads(dumps_result(sample())), key: value}
    with pytest.raises(ProofError) as error:
        loads_result(json.dumps(plain))
    assert error.value.code == "malformed"


def test_no_key_can_be_dropped_but_facts_and_signature() -> None:
    plain = json.loads(dumps_result(sample()))
    for holder, key in [(plain, key) for key in plain] + [
        (plain[part], key) for part in ("profile", "outcome") for key in plain[part]
    ]:
        value = holder.pop(key)
        if key == "facts":
            assert loads_result(json.dumps(plain)).facts is None
        else:
            with pytest.raises(ProofError):
                loads_result(json.dumps(plain))
        holder[key] = value


def test_a_key_that_stands_twice_is_told() -> None:
    text = dumps_result(sample()).replace('{"as_of"', '{"as_of":null,"as_of"')
    with pytest.raises(ProofError) as error:
        loads_result(text)
    assert error.value.code == "malformed"


def test_no_fact_and_no_subject_is_in_a_repr() -> None:
    document = make_document(PROFILE, {"members": 98765}, as_of=DAY, subject="Nguyễn Văn An")
    assert "98765" not in repr(document)
    assert "Nguyễn" not in repr(document)
    assert to_json(document)["subject"] == "Nguyễn Văn An"


def test_a_document_states_what_the_result_gives_as_json() -> None:
    facts = {"has_learning_policy": True}
    unit = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    result = xhht.evaluate(unit, facts).to_dict()
    document = to_json(make_document(unit, facts))
    assert result["profile"] == document["profile"] == unit.identity()
    for name in (attribute.name for attribute in fields(Outcome) if attribute.name != "gaps"):
        assert canonical_json(result[name]) == canonical_json(document["outcome"][name])  # type: ignore[literal-required]
    stated = [{**gap} for gap in document["outcome"]["gaps"]]
    assert [{k: v for k, v in gap.items() if k != "message"} for gap in result["gaps"]] == stated
    assert set(result) == {"profile", "as_of", "final", *(a.name for a in fields(Outcome))}
