"""Facts fit the schema of a profile just when `evaluate` takes them.

Left out is what no schema can say: the number of decimals, a day before the first or after the
last, and a value above the one that bounds it.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from varied_profiles import loaded

from xhht import FactsError, Profile, evaluate, facts_schema
from xhht.evaluation.fact_io import fact_from_json
from xhht.testing._random_profiles import Data, domain_of, profiles

AS_OF = date(2025, 1, 1)
STRANGE = [True, "yes", "2024-12-31", "31/12/2024", -1, 3, 0.5, 2, 10**10, "city", "hill", [], None]
CHECKER = Draft202012Validator.FORMAT_CHECKER


@st.composite
def told(draw: st.DrawFn, entry: Data) -> Any:
    """A value of an input, or a strange one; plain, with evidence, or waived."""
    values = [] if "members" in entry else domain_of(entry)
    value = draw(st.sampled_from([*values, *values, *STRANGE]))
    forms = [
        value,
        value,
        {"value": value, "verification": "verified", "dated": "2024-11-30"},
        {"value": value, "verification": draw(st.sampled_from(["pending", "sure"]))},
        {"value": value, "dated": draw(st.sampled_from([None, "2024-02-30", "x"]))},
        {"value": value, "by": "me"},
        {"dated": "2024-11-30"},
        {"waived": {"reason": draw(st.sampled_from(["war", " ", ""])), "authority": "board"}},
        {"waived": {"reason": "war"}},
    ]
    return draw(st.sampled_from(forms))


@given(st.data(), profiles(wide=True))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_fits_is_taken(data: st.DataObject, profile_data: Data) -> None:
    profile = loaded(profile_data)
    schema = facts_schema(profile)
    Draft202012Validator.check_schema(schema)
    for name, entry in profile_data["inputs"].items():
        facts = json.loads(json.dumps({name: data.draw(told(entry))}))
        fits = Draft202012Validator(schema, format_checker=CHECKER).is_valid(facts)
        code = _refusal(profile, facts)
        if code in ("off_step", "at_most") or (code == "out_of_bounds" and entry["type"] == "date"):
            continue
        assert fits == (code is None), (facts, code)


@given(profiles())
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_not_asked_for_does_not_fit(data: Data) -> None:
    schema = facts_schema(loaded(data))
    checker = Draft202012Validator(schema)
    assert checker.is_valid({})
    assume("unheard_of" not in data["inputs"])
    assert not checker.is_valid({"unheard_of": 1})


def _refusal(profile: Profile, facts: Data) -> str | None:
    """Return the code with which facts are refused, None where they are taken."""
    try:
        read = {
            name: fact_from_json(name, Decimal(str(value)) if type(value) is float else value)
            for name, value in facts.items()
        }
        evaluate(profile, read, as_of=AS_OF)
    except FactsError as fault:
        return fault.code
    return None
