"""What design.md, section 4, promises of every result, on random profiles and facts.

The range holds every completion of missing facts; a determined verdict is right; each unknown used
once makes it exact; and neither order, nor scale, nor the way a plan is run makes a difference.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle import Oracle, UndefinedError, oracles

from xhht import (
    Evaluation,
    Profile,
    Severity,
    Status,
    Verdict,
    check_profile,
    dump_profile,
    evaluate,
    loads_profile,
)
from xhht.dates import add_months, earliest_within, months_before
from xhht.evaluation.codegen import compile_plan
from xhht.rules.expressions import NumberKind
from xhht.rules.plan import Among, AsOfDay, Read, meaning, operands
from xhht.testing._random_profiles import (
    NUMBERS,
    complete_facts,
    completions,
    facts_with_gaps,
    profiles,
    text_of,
)

AS_OF = date(2025, 1, 1)
MANY = 400


def load(data: dict[str, Any]) -> Profile:
    """Return the profile, or drop the example where a level or a floor cannot be reached at all."""
    text = text_of(data)
    errors = {f.code for f in check_profile(text.encode(), "x") if f.severity is Severity.ERROR}
    assert errors <= {"XH308", "XH401", "XH403"}, errors
    assume(not errors)
    return loads_profile(text)


def judge(profile: Profile, facts: dict[str, Any], *, final: bool = False) -> Evaluation:
    return evaluate(profile, facts, as_of=AS_OF, final=final)


AT_CLOSE = {"missing": "unmet", "clause": "Khoản 3 Điều 9"}


def ends(result: Evaluation) -> tuple[Fraction, Fraction]:
    return result.points_certain, result.points_possible


laws = settings(
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)


@laws
@given(st.data(), profiles())
def test_complete_facts_give_what_the_plain_reading_gives(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    profile = load(profile_data)
    facts = data.draw(complete_facts(profile_data))
    result = judge(profile, facts)
    try:
        oracle = Oracle(profile.rules, facts, AS_OF)
    except UndefinedError:
        _holds_all(result, oracles(profile.rules, facts, AS_OF))
        return
    assert ends(result) == (oracle.total, oracle.total)
    assert result.available_points == result.available_certain == oracle.total_available
    assert result.level == oracle.level
    for criterion in result.criteria:
        assert criterion.points_certain == criterion.points_possible == oracle.counted(criterion.id)
        if criterion.status_by_level:
            assert criterion.status == oracle.status(criterion.id)
        for level, status in criterion.status_by_level.items():
            assert status == oracle.status_for(criterion.id, level)
        if not criterion.status_by_level:
            assert (criterion.status is Status.NOT_APPLICABLE) == (not oracle.reached[criterion.id])
            is_met = oracle.reached[criterion.id] and oracle.met[criterion.id]
            assert (criterion.status is Status.MET) == is_met
            assert criterion.status is not Status.UNKNOWN


def _holds_all(result: Evaluation, judged: list[Oracle]) -> None:
    """Check that a result allows all that undefined comparisons may come to."""
    low, high = ends(result)
    if result.exact:
        totals = [oracle.total for oracle in judged]
        assert (low, high) == (min(totals), max(totals))
    for oracle in judged:
        assert low <= oracle.total <= high
        assert result.available_certain <= oracle.total_available <= result.available_points
        assert oracle.level in result.levels_possible
        for criterion in result.criteria:
            points = oracle.counted(criterion.id)
            assert criterion.points_certain <= points <= criterion.points_possible


@laws
@given(st.data(), profiles())
def test_every_completion_lies_in_the_range(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    profile = load(profile_data)
    facts, missing = data.draw(facts_with_gaps(profile_data))
    open_result = judge(profile, facts)
    low, high = ends(open_result)
    for filled in completions(profile_data, facts, missing)[:MANY]:
        result = judge(profile, filled)
        assert low <= result.points_certain <= result.points_possible <= high
        assert set(result.levels_possible) <= set(open_result.levels_possible)
        if open_result.verdict is not Verdict.UNDETERMINED:
            assert result.verdict is open_result.verdict
        for before, after in zip(open_result.criteria, result.criteria, strict=True):
            assert before.points_certain <= after.points_certain
            assert after.points_possible <= before.points_possible
            if before.status is not Status.UNKNOWN:
                assert after.status is before.status
            for level, status in before.status_by_level.items():
                assert status in (Status.UNKNOWN, after.status_by_level[level])


def _is_exact(profile: Profile, profile_data: dict[str, Any], facts: Any, missing: Any) -> None:
    open_result = judge(profile, facts)
    results = [judge(profile, filled) for filled in completions(profile_data, facts, missing)]
    assume(all(result.points_certain == result.points_possible for result in results))
    assume(all(result.verdict is not Verdict.UNDETERMINED for result in results))
    assert open_result.points_certain == min(result.points_certain for result in results)
    assert open_result.points_possible == max(result.points_possible for result in results)
    verdicts = {result.verdict for result in results}
    assert (open_result.verdict is Verdict.UNDETERMINED) == (len(verdicts) > 1)


@laws
@given(st.data(), profiles(once=True))
def test_each_unknown_used_once_is_exact(data: st.DataObject, profile_data: dict[str, Any]) -> None:
    profile = load(profile_data)
    facts, missing = data.draw(facts_with_gaps(profile_data, most=3))
    _is_exact(profile, profile_data, facts, missing)


@laws
@given(st.data(), profiles())
def test_a_result_that_says_exact_is_exact(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    profile = load(profile_data)
    facts, missing = data.draw(facts_with_gaps(profile_data, most=3))
    assume(judge(profile, facts).exact)
    _is_exact(profile, profile_data, facts, missing)


def _closes_as_read(data: st.DataObject, profile_data: dict[str, Any], *, once: bool) -> None:
    profile = load(profile_data | {"at_close": AT_CLOSE})
    facts, missing = data.draw(facts_with_gaps(profile_data, most=3))
    filled = completions(profile_data, facts, missing)
    assume(len(filled) <= MANY)
    result = judge(profile, facts, final=True)
    try:
        oracle = Oracle(profile.rules, filled[0], AS_OF, completions=filled)
    except UndefinedError:
        return
    assert set(result.closed) <= set(missing)
    assert result.points_certain == result.points_possible
    outcomes = [
        next((level for level, awards in oracle.awarded.items() if awards[number]), None)
        for number in range(len(filled))
    ]
    if once or result.exact:
        assert result.points_certain == oracle.total
        assert set(outcomes) <= set(result.levels_possible)
        is_open = {level is None for level in outcomes} == {True, False}
        assert (result.verdict is Verdict.UNDETERMINED) == is_open
        assert result.available_points == result.available_certain == oracle.total_available
        for criterion in result.criteria:
            assert criterion.points_certain == oracle.counted(criterion.id)


@laws
@given(st.data(), profiles(once=True))
def test_a_final_result_counts_the_fewest_points_of_each_indicator(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    _closes_as_read(data, profile_data, once=True)


@laws
@given(st.data(), profiles())
def test_a_final_result_is_open_only_in_what_a_level_asks_for_itself(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    _closes_as_read(data, profile_data, once=False)


@laws
@given(st.data(), profiles())
def test_with_all_facts_known_closing_changes_nothing(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    profile = load(profile_data | {"at_close": AT_CLOSE})
    facts = data.draw(complete_facts(profile_data))
    before, after = judge(profile, facts), judge(profile, facts, final=True)
    assert after.closed == ()
    assert {**before.to_dict(), "final": True} == after.to_dict()


@laws
@given(st.data(), profiles())
def test_a_final_result_is_never_better_than_what_was_possible_before(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    """It may be worse: each indicator is closed on its own, even if no facts give all of them.

    A mean over what is known may be better, as it leaves out what could only lower it.
    """
    for branch in profile_data["criteria"]:
        branch.pop("least_known", None)
    profile = load(profile_data)
    facts, _ = data.draw(facts_with_gaps(profile_data, most=5))
    before, after = judge(profile, facts), judge(profile, facts, final=True)
    assert after.before_closing().to_dict() == before.to_dict()
    ranks = [level.id for level in profile.document.levels] + [None]
    assert ranks.index(before.levels_possible[0]) <= ranks.index(after.levels_possible[0])
    assert after.points_possible <= before.points_possible
    if profile.document.at_close is None:
        assert {**before.to_dict(), "final": True} == after.to_dict()


def _numbers(kind: NumberKind | None) -> list[Fraction]:
    """Return numbers below, between and above all that random profiles compare a value with."""
    if kind is NumberKind.DATE:
        return [Fraction(AS_OF.toordinal() - days) for days in range(-1, 400)]
    parts = 20 if kind is NumberKind.FRACTION else 2
    return [Fraction(number, parts) for number in (-999, *range(-30, 50), 999)]


@laws
@given(st.data(), profiles())
def test_a_value_that_no_source_shows_may_be_any_number(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    used = [n for n in NUMBERS if len(re.findall(rf"\b{n}\b", text_of(profile_data))) > 1]
    assume(used)
    name = data.draw(st.sampled_from(used))
    for other, known in NUMBERS.items():
        hidden = {"from": "2025-01-02"} if other == name else {}
        profile_data["values"][other]["dated"] = [{**hidden, "value": known[0]}]
    profile = load(profile_data)
    facts = data.draw(complete_facts(profile_data))
    open_result = judge(profile, facts)
    value = next(value for value in profile.rules.values if value.name == name)
    outcomes: list[Oracle] = []
    for number in _numbers(value.kind):
        with suppress(UndefinedError):
            outcomes.append(Oracle(profile.rules, facts, AS_OF, {name: number}))
    assume(outcomes)
    totals, levels = [one.total for one in outcomes], {one.level for one in outcomes}
    low, high = ends(open_result)
    assert low <= min(totals) <= max(totals) <= high
    assert levels <= set(open_result.levels_possible)
    if open_result.exact and len(outcomes) == len(_numbers(value.kind)):
        assert (low, high) == (min(totals), max(totals))
        both = None in levels and levels != {None}
        assert (open_result.verdict is Verdict.UNDETERMINED) == both


@laws
@given(st.data(), profiles())
def test_more_facts_never_widen_the_range(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    profile = load(profile_data)
    facts, missing = data.draw(facts_with_gaps(profile_data, most=5))
    assume(missing)
    completion = data.draw(st.sampled_from(completions(profile_data, facts, missing)))
    more_facts = {**facts, missing[0]: completion[missing[0]]}
    before, after = judge(profile, facts), judge(profile, more_facts)
    assert before.points_certain <= after.points_certain
    assert after.points_possible <= before.points_possible
    assert set(after.levels_possible) <= set(before.levels_possible)


@laws
@given(st.data(), profiles())
def test_the_order_of_criteria_and_inputs_is_irrelevant(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    profile = load(profile_data)
    facts, _ = data.draw(facts_with_gaps(profile_data, most=5))
    shuffled = json.loads(text_of(profile_data))
    shuffled["criteria"] = data.draw(st.permutations(shuffled["criteria"]))
    for branch in shuffled["criteria"]:
        branch["indicators"] = data.draw(st.permutations(branch["indicators"]))
    names = data.draw(st.permutations(sorted(shuffled["inputs"])))
    shuffled["inputs"] = {name: shuffled["inputs"][name] for name in names}
    one, other = judge(profile, facts), judge(load(shuffled), facts)
    assert ends(one) == ends(other)
    assert one.levels_possible == other.levels_possible
    assert one.exact == other.exact
    for criterion in one.criteria:
        assert criterion == other.criterion(criterion.id)


def _scaled(value: Any, by: int, key: str = "") -> Any:
    """Return a profile with all points, floors, caps, grid and rounding steps times `by`."""
    if isinstance(value, dict):
        return {k: _scaled(v, by, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_scaled(v, by, key) for v in value]
    return (
        value * by
        if key in {"points", "floor", "cap", "not_below", "grid", "step", "each"}
        else value
    )


def _scaled_marks(when: str, by: int) -> str:
    def mark(match: re.Match[str]) -> str:
        return match.group(1) + re.sub(r"\d+", lambda n: str(int(n.group()) * by), match.group(2))

    points = r'((?:points|points_of\("\d"\)|lowest_indicator) (?:>=|<) )(\d+|\([^)]*\))'
    return re.sub(points, lambda m: mark(m).replace("yes" + str(3 * by), "yes3"), when)


@laws
@given(st.data(), profiles(), st.integers(2, 3))
def test_scaling_all_points_leaves_verdicts(
    data: st.DataObject, profile_data: dict[str, Any], by: int
) -> None:
    profile = load(profile_data)
    facts, _ = data.draw(facts_with_gaps(profile_data, most=5))
    scaled = _scaled(json.loads(text_of(profile_data)), by)
    scaled["inputs"] = json.loads(text_of(profile_data))["inputs"]
    scaled["inputs"]["panel"].update(max=4 * by, step=2 * by)
    for entry in scaled["values"]["mark"]["dated"]:
        known = entry["value"] != "unknown"
        entry["value"] = str(by * int(entry["value"])) if known else "unknown"
    for entry in (*scaled["levels"], *scaled.get("definitions", {}).values()):
        if "when" in entry:
            entry["when"] = _scaled_marks(entry["when"], by)
    scaled_facts = {**facts, "panel": facts["panel"] * by} if "panel" in facts else facts
    one, other = judge(profile, facts), judge(load(scaled), scaled_facts)
    assert one.levels_possible == other.levels_possible
    assert tuple(by * end for end in ends(one)) == ends(other)
    for before, after in zip(one.criteria, other.criteria, strict=True):
        assert before.status is after.status


@given(
    st.dates(date(1950, 1, 1), date(2050, 1, 1)),
    st.integers(-40, 40),
    st.integers(0, 60),
)
def test_months_held_are_counted_alike_from_either_end(day: date, by: int, months: int) -> None:
    """What a level requires and what evidence is worth agree on every day."""
    since = add_months(day, -months) + timedelta(days=by)
    assert (since <= months_before(day, months)) == (add_months(since, months) <= day)
    assert (since >= earliest_within(months, day)) == (add_months(since, months) >= day)


@laws
@given(profiles())
def test_load_dump_load_keeps_the_hash(profile_data: dict[str, Any]) -> None:
    profile = load(profile_data)
    again = loads_profile(dump_profile(profile))
    assert again.hash == profile.hash
    assert dump_profile(again) == dump_profile(profile)


@laws
@given(st.data(), profiles())
def test_generated_code_means_what_the_operators_mean(
    data: st.DataObject, profile_data: dict[str, Any]
) -> None:
    profile = load(profile_data)
    facts, _ = data.draw(facts_with_gaps(profile_data, most=6))
    result = judge(profile, facts, final=data.draw(st.booleans()))
    plan = result.plan
    days = compile_plan(plan).months
    ranges: list[tuple[int, int]] = []
    for operator in plan.operators:
        match operator:
            case Read(index):
                ranges.append((result.input_lows[index], result.input_highs[index]))
            case Among(index, mask):
                options = result.input_highs[index]
                ranges.append((int(not options & ~mask), int(bool(options & mask))))
            case AsOfDay(months):
                assert months in days
                place = plan.operators.index(operator)
                ranges.append((result.lows[place], result.highs[place]))
            case _:
                ranges.append(meaning(operator, tuple(ranges[i] for i in operands(operator))))
    assert ranges == list(zip(result.lows, result.highs, strict=True))
    for (low, high), (least, most) in zip(ranges, plan.bounds, strict=True):
        assert least <= low <= high <= most
