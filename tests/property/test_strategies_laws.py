"""What `xhht.testing.strategies` draws can be used as it is, and spacing holds on random plans."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xhht import Profile, bundled_profiles, evaluate
from xhht.campaign import Campaign
from xhht.domain import AreaLevel, Citizen, Title
from xhht.rollup import Count
from xhht.rules.analysis import spacing
from xhht.testing.strategies import area_trees, facts, profiles, societies

AS_OF = date(2025, 1, 1)
slow = settings(suppress_health_check=list(HealthCheck))


@slow
@given(st.data(), st.sampled_from(list(bundled_profiles())))
def test_facts_of_bundled_profiles_are_taken(data: st.DataObject, profile: Profile) -> None:
    evaluated = evaluate(profile, data.draw(facts(profile)), as_of=AS_OF)
    assert evaluated.points_certain <= evaluated.points_possible


@settings(slow, max_examples=30)
@given(st.data(), profiles())
def test_facts_of_random_profiles_are_taken_and_totals_keep_their_distance(
    data: st.DataObject, profile: Profile
) -> None:
    apart = spacing(profile.plan)
    totals = []
    for _ in range(3):
        evaluated = evaluate(profile, data.draw(facts(profile, complete=True)), as_of=AS_OF)
        totals += [evaluated.lows[evaluated.plan.points], evaluated.highs[evaluated.plan.points]]
    known = [low for low, high in zip(totals[::2], totals[1::2], strict=True) if low == high]
    assert all(
        (number - known[0]) % apart == 0 if apart else number == known[0] for number in known
    )


@settings(slow, max_examples=20)
@given(st.data())
def test_societies_are_evaluated_and_every_subject_counts(data: st.DataObject) -> None:
    areas = data.draw(area_trees())
    judged_by = [bundled_profiles().get("vn.citizen.qd324-2023")]
    society = data.draw(societies(areas, judged_by))
    run = Campaign(2024, judged_by, areas).run(society)
    citizens = [record for record in society.records if isinstance(record.subject, Citizen)]
    rows = run.rollup(Title.LEARNING_CITIZEN, by=AreaLevel.PROVINCE).rows
    assert sum(row.tally.known(Count.TOTAL) or 0 for row in rows) == len(citizens)
    # Of all others nobody has a profile, and that is the only fault.
    assert {row.code for row in run.rejected} == {"no_profile"}
    assert Title.LEARNING_CITIZEN not in {row.title for row in run.rejected}
