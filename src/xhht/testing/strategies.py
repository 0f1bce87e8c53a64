"""Hypothesis strategies for programs that embed the library: profiles, facts, areas, societies.

They need Hypothesis: `pip install 'xhht[testing]'`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import assert_never

from hypothesis import assume
from hypothesis import strategies as st

from xhht.campaign.records import Record, Society, Subject, key_of
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.loading import loads_profile
from xhht.criteria.profile import Profile
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.titles import ManagedBy, Title, UnitKind
from xhht.rules.inputs import Input, InputType, bound_propagation_order
from xhht.testing import _random_profiles as random_profiles

__all__ = ["area_trees", "facts", "profiles", "societies"]

_MAX_PARTS = 3


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Return profiles that load; every feature of the format may occur."""
    data = draw(random_profiles.profiles(wide=True))
    try:
        return loads_profile(random_profiles.text_of(data))
    except ProfileError:
        # Drawn thresholds may make a level unreachable, which is an error in a profile.
        assume(False)
        raise


@st.composite
def facts(draw: st.DrawFn, profile: Profile, *, complete: bool = False) -> dict[str, object]:
    """Return valid facts for a profile: within bounds, in steps, none above its limiting input.

    Args:
        draw: provided by Hypothesis.
        profile: the profile.
        complete: whether every input has a value; otherwise some are missing.

    >>> import xhht
    >>> from hypothesis import given
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020")
    >>> @given(facts(profile, complete=True))
    ... def all_is_known(complete):
    ...     assert xhht.evaluate(profile, complete).verdict is not xhht.Verdict.UNDETERMINED
    >>> all_is_known()
    """
    inputs = profile.rules.inputs
    order = bound_propagation_order(inputs) or ()
    upper_bounds = [declared.maximum for declared in inputs]
    lower_bounds = [declared.minimum for declared in inputs]
    # Bound propagation first, so that every drawn value leaves room for the others.
    for smaller, larger in reversed(order):
        upper_bounds[smaller] = min(upper_bounds[smaller], upper_bounds[larger])
    for smaller, larger in order:
        lower_bounds[larger] = max(lower_bounds[larger], lower_bounds[smaller])
    drawn: dict[str, object] = {}
    bound_by: dict[int, list[int]] = {}
    for smaller, larger in order:
        bound_by.setdefault(smaller, []).append(larger)
    # Each input comes after those that bound it.
    graph = {index: bound_by.get(index, ()) for index in range(len(inputs))}
    for index in TopologicalSorter(graph).static_order():
        declared = inputs[index]
        # A missing input still passes on the bounds of those that limit it.
        upper = min([upper_bounds[index], *map(upper_bounds.__getitem__, bound_by.get(index, ()))])
        upper_bounds[index] = upper
        if declared.declared_input.name in drawn or (not complete and draw(st.booleans())):
            continue
        if declared.part_of is not None:
            percent = draw(st.integers(0, 100))
            drawn[declared.declared_input.name] = Fraction(percent, 100)
        elif declared.kind is InputType.CHOICE:
            drawn[declared.name] = draw(st.sampled_from(declared.choices))
        else:
            upper_bounds[index] = draw(st.integers(lower_bounds[index], upper))
            drawn[declared.name] = _value(declared, upper_bounds[index])
    return drawn


def _value(declared: Input, units: int) -> object:
    match declared.kind:
        case InputType.BOOL:
            return bool(units)
        case InputType.DATE:
            return date.fromordinal(units)
        case InputType.COUNT:
            return units
        case InputType.DECIMAL | InputType.SHARE | InputType.ASSESSED | InputType.CHOICE:
            return declared.number(units)
        case _:
            assert_never(declared.kind)


@st.composite
def area_trees(draw: st.DrawFn) -> AreaTree:
    """Return a province with a few communes, each with a few villages."""
    areas = [Area(code="01", name="Tỉnh", level=AreaLevel.PROVINCE)]
    for commune in range(draw(st.integers(1, _MAX_PARTS))):
        code = f"{commune + 1:05}"
        areas.append(Area(code=code, name="Xã", level=AreaLevel.COMMUNE, parent="01"))
        areas += (
            Area(code=f"{code}-{n}", name="Thôn", level=AreaLevel.VILLAGE, parent=code)
            for n in range(1, draw(st.integers(1, _MAX_PARTS)) + 1)
        )
    return AreaTree(areas)


@st.composite
def societies(
    draw: st.DrawFn,
    areas: AreaTree,
    evaluated_by: Iterable[Profile] = (),
    *,
    max_citizens: int = 10,
) -> Society:
    """Return a society in some areas: every citizen has a household, every household a village.

    Args:
        draw: provided by Hypothesis.
        areas: a tree with communes and villages.
        evaluated_by: profiles for whose inputs the records have facts, except inputs derived from
            members; without profiles, the records have no facts.
        max_citizens: the maximum number of citizens; there are fewer of the other subjects.
    """
    villages, communes = (
        [str(area.code) for area in areas if area.level is level]
        for level in (AreaLevel.VILLAGE, AreaLevel.COMMUNE)
    )
    by_title: dict[Title, Profile] = {profile.title: profile for profile in evaluated_by}
    clans = [Clan(f"d{n}", draw(st.sampled_from(communes))) for n in range(draw(st.integers(0, 2)))]
    households = [
        Household(
            id=f"h{n}",
            village=draw(st.sampled_from(villages)),
            clan=draw(st.sampled_from([None, *(clan.id for clan in clans)])),
        )
        for n in range(draw(st.integers(1, max(1, max_citizens // 2))))
    ]
    units = [
        Unit(
            id=f"u{n}",
            name="Đơn vị",
            kind=draw(st.sampled_from(UnitKind)),
            managed_by=draw(st.sampled_from(ManagedBy)),
            commune=draw(st.sampled_from(communes)),
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    citizens = [
        Citizen(
            id=f"c{n}",
            household=draw(st.sampled_from(households)).id,
            unit=draw(st.sampled_from([None, *(unit.id for unit in units)])),
        )
        for n in range(draw(st.integers(0, max_citizens)))
    ]
    communities = [
        *(Community(code, AreaLevel.VILLAGE) for code in villages),
        *(Community(code, AreaLevel.COMMUNE) for code in communes),
    ]
    subjects: list[Subject] = [*clans, *households, *units, *citizens, *communities]
    records = [
        Record(
            subject=subject,
            facts=_own_facts(draw, by_title.get(key_of(subject)[0])),
            registered=draw(st.sampled_from([None, True, False])),
        )
        for subject in subjects
    ]
    return Society(records=records)


def _own_facts(draw: st.DrawFn, profile: Profile | None) -> dict[str, object]:
    """Return the facts of a record, except those derived from members."""
    if profile is None:
        return {}
    derived = {n for n, entry in profile.document.inputs.items() if entry.members is not None}
    return {n: value for n, value in draw(facts(profile)).items() if n not in derived}
