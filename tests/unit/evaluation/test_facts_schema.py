"""`facts_schema` and `xhht schema facts`: what a form needs to know, in both languages."""

from __future__ import annotations

import json

from click.testing import CliRunner
from jsonschema import Draft202012Validator

from xhht import bundled_profiles, facts_schema, loads_profile
from xhht.cli.schema import facts

PROFILE = """\
format: 1
id: test.schema
version: 1.2.0
status: active
title: learning_unit
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  adults: {type: count, max: 20, unit: {vi: người, en: people}, label: {vi: Người lớn, en: Adults}}
  learners:
    type: count
    at_most: adults
    evidence: {required: true, valid_months: 12}
    label: {vi: Người học, en: Learners}
  rate: {type: decimal, places: 2, max: 5, label: {vi: Mức, en: Rate}}
  panel: {type: assessed, max: 10, step: 2, label: {vi: Điểm, en: Points}}
  area: {type: choice, choices: {hill: {vi: Núi, en: Hill}}, label: {vi: Vùng, en: Area}}
  since: {type: date, min: 2020-01-01, label: {vi: Từ, en: Since}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, assessed: panel}]}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 5}
"""


def test_a_form_finds_all_that_it_needs() -> None:
    schema = facts_schema(loads_profile(PROFILE), "en")
    assert schema["$id"] == "urn:xhht:facts:test.schema@1.2.0"
    properties = schema["properties"]
    assert properties["adults"]["title"] == "Adults"
    assert properties["adults"]["x-unit"] == {"vi": "người", "en": "people"}
    assert properties["adults"]["anyOf"][0] == {
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 20,
    }
    assert properties["learners"]["x-at-most"] == "adults"
    assert properties["learners"]["x-evidence"] == {"required": True, "valid_months": 12}
    assert properties["learners"]["description"] == (
        "At most: Adults. Counts only when verified. "
        "Evidence older than 12 months no longer counts."
    )
    assert properties["rate"]["x-step"] == "0.01"
    assert properties["panel"]["anyOf"][0]["multipleOf"] == 2
    hill = properties["area"]["anyOf"][0]["anyOf"][0]
    assert hill == {"const": "hill", "title": "Hill", "x-label": {"vi": "Núi", "en": "Hill"}}
    assert (properties["since"]["x-min"], properties["since"]["x-max"]) == (
        "2020-01-01",
        "2199-12-31",
    )


def test_schemas_of_bundled_profiles_are_schemas() -> None:
    for profile in bundled_profiles():
        Draft202012Validator.check_schema(facts_schema(profile))


def test_the_command_prints_it() -> None:
    outcome = CliRunner().invoke(facts, ["vn.unit.tt22-2020", "--lang", "en"])
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout) == facts_schema(
        bundled_profiles().get("vn.unit.tt22-2020"), "en"
    )
    missing = CliRunner().invoke(facts, ["vn.unit.tt22-202"])
    assert missing.exit_code == 2
    assert "vn.unit.tt22-2020" in missing.stderr
