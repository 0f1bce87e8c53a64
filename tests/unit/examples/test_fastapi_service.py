"""The example of a web service: its answers, its description, and what it keeps to itself."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

import xhht
from xhht.documents import loads_result, result_schema, verify

sys.path.insert(0, str(Path(__file__).parents[3] / "examples" / "fastapi_service"))

from service import app

UNIT = "vn.unit.tt22-2020.all-or-nothing"
FACTS = {"has_learning_policy": True, "members": 10, "members_disciplined": 10}
REQUEST = {"facts": FACTS, "as_of": "2024-12-31", "subject": "đv-1"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(app) as connected:
        yield connected


def test_a_subject_is_evaluated_and_its_result_can_be_checked(client: TestClient) -> None:
    answer = client.post(f"/evaluate/{UNIT}", json=REQUEST)
    assert answer.status_code == 200
    document = loads_result(answer.content)
    assert document.subject == "đv-1"
    assert verify(document) == ()
    jsonschema.validate(answer.json(), result_schema())
    checked = client.post("/verify", content=answer.content).json()
    assert checked == {"verified": True, "findings": []}


def test_an_altered_result_is_told_in_both_languages(client: TestClient) -> None:
    altered = client.post(f"/evaluate/{UNIT}", json=REQUEST).json()
    altered["outcome"]["verdict"] = "recognised"
    checked = client.post("/verify", json=altered).json()
    assert checked["verified"] is False
    [finding] = checked["findings"]
    assert finding["code"] == "result_altered"
    assert set(finding["message"]) == {"vi", "en"}


SECRET = "Nguyễn Thị Bí Mật"
REFUSED: dict[str, tuple[Any, str, str | None]] = {
    "a wrong type": ({**REQUEST, "facts": {"members": SECRET}}, "wrong_type", "members"),
    "an unknown input": ({**REQUEST, "facts": {SECRET: 1}}, "unknown_key", None),
    "out of bounds": ({**REQUEST, "facts": {"members": -5}}, "out_of_bounds", "members"),
    "above its bound": (
        {**REQUEST, "facts": {"members": 1, "members_disciplined": 2}},
        "at_most",
        "members_disciplined",
    ),
    "bad evidence": (
        {**REQUEST, "facts": {"members": {"source": SECRET}}},
        "bad_evidence",
        "members",
    ),
    "no day": ({"facts": {}, "subject": SECRET}, "not_a_date", "as_of"),
    "another day": ({**REQUEST, "as_of": SECRET}, "not_a_date", "as_of"),
    "no facts": ({"as_of": "2024-12-31"}, "bad_request", "facts"),
    "another key": ({**REQUEST, "name": SECRET}, "bad_request", "facts"),
    "a subject that is no text": ({**REQUEST, "subject": [SECRET]}, "bad_request", "subject"),
    "a list": ([SECRET], "bad_request", None),
}


@pytest.mark.parametrize(("body", "code", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_faulty_input_is_refused_without_repeating_it(
    client: TestClient, caplog: pytest.LogCaptureFixture, body: Any, code: str, field: str | None
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.post(f"/evaluate/{UNIT}", json=body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == (code, field)
    assert error["message"]["vi"] != error["message"]["en"]
    assert SECRET not in json.dumps(error, ensure_ascii=False)
    assert SECRET not in caplog.text


@pytest.mark.parametrize("path", [f"/evaluate/{UNIT}", "/verify"])
@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 50_000])
def test_what_is_no_json_is_refused(client: TestClient, path: str, body: bytes) -> None:
    answer = client.post(path, content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_json")


def test_nothing_of_a_subject_is_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="learning_titles"):
        client.post(f"/evaluate/{UNIT}", json={**REQUEST, "subject": SECRET})
    assert caplog.messages == [f"{UNIT}@1.0.0: undetermined"]


def test_profiles_are_listed(client: TestClient) -> None:
    listed = client.get("/profiles").json()
    assert UNIT in [profile["id"] for profile in listed]
    assert len(listed) == len(xhht.installed_profiles())


def test_the_description_holds_the_form_of_every_profile(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    schemas = described["components"]["schemas"]
    for profile in xhht.installed_profiles():
        body = described["paths"][f"/evaluate/{profile.id}"]["post"]["requestBody"]
        reference = body["content"]["application/json"]["schema"]["$ref"]
        schema = schemas[reference.removeprefix("#/components/schemas/")]
        assert set(schema["properties"]["facts"]["properties"]) == set(profile.document.inputs)
    checker = jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{UNIT}", **described})
    assert checker.is_valid(REQUEST)
    assert not checker.is_valid({**REQUEST, "facts": {"members": "ten"}})
    result = client.post(f"/evaluate/{UNIT}", json=REQUEST).json()
    jsonschema.validate(result, {"$ref": "#/components/schemas/Result", **described})
