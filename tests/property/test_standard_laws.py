"""A profile that rests on another one: what flows from one result into the other.

A random profile is given the levels `city` and `plain`; the inputs `area` and `yes3` of a second
one take its result. `zone` and `yes9` stand in the first for the inputs that these names replace.
"""

from __future__ import annotations

import json
import re

import pyarrow as pa
from attrs import frozen
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle import Oracle, UndefinedError
from test_evaluation_laws import AS_OF, laws, load

import xhht
from engines import Engine, phases, rows_of
from xhht import Evaluation, Evidence, FactsError, OneOf, Profile
from xhht.criteria.checking import check_contents
from xhht.evaluation.facts import Verification
from xhht.frames import evaluate as evaluate_frame
from xhht.testing._random_profiles import LABEL, Data, complete_facts, profiles, text_of

TITLE = "x.test.below"
RESULT = {"area": "choice", "yes3": "bool"}


@frozen
class Chain:
    """Two profiles, and the inputs of both as a random profile declares them."""

    upper: Profile
    below: Profile
    inputs: Data


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    first, second = draw(profiles()), draw(profiles())
    text = _renamed(first, {"area": "zone", "yes3": "yes9"})
    below = json.loads(text.replace('"a"', '"city"').replace('"b"', '"plain"'))
    below["inputs"]["yes9"].pop("result", None)
    below |= {"id": "test.below", "title": TITLE}
    upper = json.loads(_renamed(second, {"hill": "none"}))
    upper.pop("choice_lists", None)
    shared = {
        name: entry for name, entry in below["inputs"].items() if name not in ("zone", "yes9")
    }
    own: Data = {
        "area": {
            "type": "choice",
            "label": LABEL,
            "choices": {"city": LABEL, "plain": LABEL, "none": LABEL},
            "result": {"title": TITLE},
        },
        "yes3": {"type": "bool", "label": LABEL, "result": {"title": TITLE}},
    }
    upper["inputs"] = {**shared, **own}
    return Chain(load(upper), load(below), {**below["inputs"], **own})


def _renamed(data: Data, names: dict[str, str]) -> str:
    pattern = re.compile(rf"\b({'|'.join(names)})\b")
    return pattern.sub(lambda match: names[match[1]], text_of(data))


@st.composite
def facts_of_chains(draw: st.DrawFn, chain: Chain, most: int = 3) -> Data:
    """Facts for both profiles with a few missing; seldom a fact in place of a result."""
    facts = draw(complete_facts({"inputs": chain.inputs}))
    given_ones = draw(st.lists(st.sampled_from(sorted(RESULT)), max_size=1))
    missing = draw(st.lists(st.sampled_from(sorted(facts)), unique=True, max_size=most))
    dropped = {*missing, *RESULT} - set(given_ones)
    facts["area"] = "none" if facts["area"] == "hill" else facts["area"]
    return {name: value for name, value in facts.items() if name not in dropped}


def own(profile: Profile, facts: Data) -> Data:
    return {name: facts[name] for name in profile.document.inputs if name in facts}


def outcome(result: Evaluation) -> Data:
    """Return a result without the texts of its gaps, which name standards."""
    gaps = [(gap.input, gap.criterion, gap.reason) for gap in result.gaps()]
    # A result also repeats the remarks on its standards, which a plain value does not have.
    remarks = [text.vi for text in (*result.unused, *result.contradictions)]
    return {**result.to_dict(), "gaps": gaps, "remarks": remarks}


def values(below: Evaluation) -> Data:
    """Return what the result of the standard says of the inputs that take it."""
    levels = [level or "none" for level in below.levels_possible]
    reached = {level != "none" for level in levels}
    return {"area": OneOf(levels), "yes3": reached.pop() if len(reached) == 1 else None}


@laws
@given(st.data(), chains())
def test_a_result_is_the_set_of_its_levels(data: st.DataObject, chain: Chain) -> None:
    facts = data.draw(facts_of_chains(chain))
    below = xhht.evaluate(chain.below, own(chain.below, facts), as_of=AS_OF)
    plain = xhht.evaluate(chain.upper, {**values(below), **own(chain.upper, facts)}, as_of=AS_OF)
    as_fact = dict.fromkeys(RESULT, below)
    given_one = xhht.evaluate(chain.upper, {**as_fact, **own(chain.upper, facts)}, as_of=AS_OF)
    chained = xhht.evaluate(chain.upper, facts, as_of=AS_OF, standards=[chain.below])
    assert outcome(given_one) == outcome(plain)
    assert outcome(chained) == outcome(plain)


@laws
@given(st.data(), chains())
def test_complete_facts_of_a_chain_give_what_the_plain_reading_gives(
    data: st.DataObject, chain: Chain
) -> None:
    facts = data.draw(complete_facts({"inputs": chain.inputs}))
    facts = {name: value for name, value in facts.items() if name not in RESULT}
    try:
        below = Oracle(chain.below.rules, own(chain.below, facts), AS_OF)
        reached = {"area": below.level or "none", "yes3": below.level is not None}
        oracle = Oracle(chain.upper.rules, {**own(chain.upper, facts), **reached}, AS_OF)
    except UndefinedError:
        return
    result = xhht.evaluate(chain.upper, facts, as_of=AS_OF, standards=[chain.below])
    assert (result.level, result.points_certain) == (oracle.level, oracle.total)
    direct = xhht.evaluate(chain.upper, {**own(chain.upper, facts), **reached}, as_of=AS_OF)
    assert outcome(result) == outcome(direct)


@laws
@given(st.data(), chains())
def test_every_completion_of_a_chain_lies_in_its_range(data: st.DataObject, chain: Chain) -> None:
    complete = data.draw(complete_facts({"inputs": chain.inputs}))
    complete = {name: value for name, value in complete.items() if name not in RESULT}
    missing = data.draw(st.lists(st.sampled_from(sorted(complete)), unique=True, max_size=4))
    facts = {name: value for name, value in complete.items() if name not in missing}
    wide, narrow = (
        xhht.evaluate(chain.upper, one, as_of=AS_OF, standards=[chain.below])
        for one in (facts, complete)
    )
    assert set(narrow.levels_possible) <= set(wide.levels_possible)
    assert wide.points_certain <= narrow.points_certain
    assert narrow.points_possible <= wide.points_possible


@laws
@given(chains())
def test_profiles_that_fit_are_checked_without_a_finding(chain: Chain) -> None:
    texts = {
        f"{profile.id}.yaml": xhht.dump_profile(profile).encode()
        for profile in (chain.upper, chain.below)
    }
    codes = {item.code for item in check_contents(texts).errors}
    assert codes <= {"XH401", "XH403"}


TYPES = {
    **dict.fromkeys(("bool",), pa.bool_()),
    **dict.fromkeys(("choice", "date"), pa.string()),
    **dict.fromkeys(("count", "assessed"), pa.int64()),
    **dict.fromkeys(("share", "decimal"), pa.float64()),
}


def test_every_engine_gives_what_a_chain_gives(constructor: Engine) -> None:
    @settings(
        max_examples=constructor.examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=phases(constructor),
    )
    @given(st.data(), chains())
    def law(data: st.DataObject, chain: Chain) -> None:
        subjects = data.draw(st.lists(facts_of_chains(chain, 6), min_size=1, max_size=5))
        names = sorted(set().union(*subjects))
        assume(names)
        status = st.none() | st.sampled_from(list(Verification))
        statuses = {name: [data.draw(status) for _ in subjects] for name in RESULT}
        columns = {
            name: pa.array([facts.get(name) for facts in subjects], TYPES[entry["type"]])
            for name, entry in chain.inputs.items()
            if name in names
        }
        evidence = {
            f"{name}__verification": pa.array([one and one.value for one in column], pa.string())
            for name, column in statuses.items()
        }
        table = pa.table({"row": list(range(len(subjects))), **columns, **evidence})
        final = data.draw(st.booleans())
        evaluated = evaluate_frame(
            chain.upper,
            constructor(table),
            as_of=AS_OF,
            final=final,
            detail="levels",
            standards=[chain.below],
        )
        rows = {row["row"]: row for row in rows_of(evaluated.rows)}
        for number, plain in enumerate(subjects):
            backed = {
                name: Evidence(value=plain.get(name), verification=verification)
                for name, column in statuses.items()
                if (verification := column[number]) is not None
            }
            facts = {**plain, **backed}
            try:
                result = xhht.evaluate(
                    chain.upper, facts, as_of=AS_OF, standards=[chain.below], final=final
                )
            except FactsError:
                assert number not in rows
                continue
            step = chain.upper.plan.grid.step
            row = rows[number]
            assert row["levels_possible"].split("|") == [
                level or "none" for level in result.levels_possible
            ]
            for below in result.standards.values():
                assert row[f"levels_possible[{below.profile.id}]"].split("|") == [
                    level or "none" for level in below.levels_possible
                ]
            assert row["points_certain"] * step == result.points_certain
            assert row["points_possible"] * step == result.points_possible

    law()
