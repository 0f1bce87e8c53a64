"""A change that is called looser lowers nobody, one that is called tighter raises nobody.

Profiles that mean and say the same have no differences, however their files are laid out; and a
difference is there and back, with the opposite effect.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from varied_profiles import loaded, varied

from xhht import Profile, compare_profiles, dump_profile, evaluate, loads_profile
from xhht.criteria.changes import Effect, ProfileChangeKind
from xhht.testing._random_profiles import Data, complete_facts, profiles

FEW = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
AS_OF = date(2025, 1, 1)


@given(profiles(wide=True), st.randoms())
@FEW
def test_layout_is_no_difference(data: Data, chance: Any) -> None:
    profile = loaded(data)
    shuffled = json.dumps(_shuffled(data, chance), ensure_ascii=False, indent=1)
    for text in (dump_profile(profile), shuffled):
        assert not compare_profiles(profile, loads_profile(text)).changes


def _shuffled(value: Any, chance: Any) -> Any:
    if isinstance(value, list):
        return [_shuffled(item, chance) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    chance.shuffle(keys)
    return {key: _shuffled(value[key], chance) for key in keys}


@given(st.data(), profiles())
@settings(FEW, max_examples=40)
def test_an_effect_holds_for_everybody(data: st.DataObject, before: Data) -> None:
    after = data.draw(varied(before))
    old, new = loaded(before), loaded(after)
    effects = {change.effect for change in compare_profiles(old, new).changes} - {Effect.NEITHER}
    assume(Effect.UNKNOWN not in effects and len(effects) <= 1)
    for _ in range(6):
        facts = data.draw(complete_facts(before))
        first, second = _rank(old, facts), _rank(new, facts)
        if Effect.LOOSER not in effects:
            assert second[0] <= first[0], effects
            assert second[1] <= first[1], effects
        if Effect.TIGHTER not in effects:
            assert second[0] >= first[0], effects
            assert second[1] >= first[1], effects


def _rank(profile: Profile, facts: Mapping[str, Any]) -> tuple[int, int]:
    """Return the least and the best outcome that is open, from below."""
    levels = [None, *(level.id for level in reversed(profile.plan.levels))]
    possible = [levels.index(level) for level in _evaluated(profile, facts).levels_possible]
    return min(possible), max(possible)


def _evaluated(profile: Profile, facts: Mapping[str, Any]) -> Any:
    typed = {n: date.fromisoformat(v) if n == "since" else v for n, v in facts.items()}
    return evaluate(profile, typed, as_of=AS_OF)


@given(st.data(), profiles())
@FEW
def test_a_change_back_has_the_opposite_effect(data: st.DataObject, before: Data) -> None:
    old, new = loaded(before), loaded(data.draw(varied(before)))
    there, back = (compare_profiles(*pair).changes for pair in ((old, new), (new, old)))
    kinds = {ProfileChangeKind.CHANGED, ProfileChangeKind.RENAMED}
    assume(all(change.kind in kinds for change in there))

    def told(change: Any, *, reverse: bool) -> Any:
        pair = (change.old, change.new)
        effect = change.effect.reversed if reverse else change.effect
        return change.part, change.id, change.key, pair[::-1] if reverse else pair, effect

    ours = sorted(map(str, (told(change, reverse=False) for change in there)))
    assert ours == sorted(map(str, (told(change, reverse=True) for change in back)))
