"""A profile answers on a day just when every way to fill in unseen dates gives that profile alone.

A day that no source shows may be filled in so: a document without `effective_from` holds from its
issue, and one without either from any day; one without `effective_to` holds for ever, or until
another profile that may have replaced it begins. What is invented has nothing to fill in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from xhht import Profile, Registry, loads_profile
from xhht.errors import ProfileNotFoundError

START = date(2020, 1, 1)
DAYS = range(5)
NEVER = 99
AREAS = (None, None, "01", "00004")
KINDS = (None, ("a",), ("b",), ("a", "b"))


@frozen(kw_only=True)
class Sketch:
    """The dates, area and kind of a profile, days counted from 0."""

    issued: int | None
    begins: int | None
    ends: int | None
    area: str | None
    kinds: tuple[str, ...] | None
    invented: bool

    @property
    def first(self) -> int | None:
        return self.issued if self.begins is None else self.begins

    def profile(self, at: int) -> Profile:
        keys = {
            "effective_from": _day(self.begins),
            "effective_to": _day(self.ends),
            "area": f'"{self.area}"' if self.area else None,
            "applies_to": f"{{kind: [{', '.join(self.kinds)}]}}" if self.kinds else None,
        }
        own = "".join(f"{key}: {value}\n" for key, value in keys.items() if value)
        issued = f", issued: {_day(self.issued)}" if self.issued is not None else ""
        return loads_profile(
            f"format: 1\nid: p{at}\nversion: 1.0.0\nstatus: active\ntitle: learning_unit\n{own}"
            f"provenance: {'illustrative' if self.invented else 'complete'}\n"
            f"legal_basis: {{document: Văn bản{issued}}}\nname: {{vi: Đơn vị, en: Unit}}\n"
            "inputs: {plan: {type: bool, label: {vi: Kế hoạch, en: Plan}}}\n"
            'criteria: [{id: "1", indicators: [{id: "1.1", points: 1, met_when: plan}]}]\n'
            "levels: [{id: good, name: {vi: Tốt, en: Good}, when: points >= 1}]\n"
        )


def _day(number: int | None) -> str | None:
    return None if number is None else (START + timedelta(number)).isoformat()


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    day = st.sampled_from(DAYS)
    begins, ends = draw(st.none() | day), draw(st.none() | day)
    if begins is not None and ends is not None:
        begins, ends = min(begins, ends), max(begins, ends) + 1
    return Sketch(
        issued=draw(st.one_of(day, day, day, st.none())),
        begins=begins,
        ends=ends,
        area=draw(st.sampled_from(AREAS)),
        kinds=draw(st.sampled_from(KINDS)),
        invented=draw(st.sampled_from([False, False, False, True])),
    )


def _spans(sketch: Sketch, among: list[Sketch], path: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield every span of days in which a profile may hold."""
    ends = {NEVER if sketch.ends is None else sketch.ends}
    if sketch.invented:
        yield 0 if sketch.first is None else sketch.first, max(ends)
        return
    if sketch.first is None:
        yield NEVER, NEVER
    around = [*path[path.index(sketch.area) :], None] if sketch.area else [None]
    for other in among:
        kinds = {*(sketch.kinds or "ab")} & {*(other.kinds or "ab")}
        may_replace = other.area in around and kinds and not other.invented
        if sketch.ends is None and may_replace and None not in (sketch.first, other.first):
            ends |= {other.first} if other.first > sketch.first else set()  # type: ignore[operator,arg-type]
    yield from ((sketch.first or 0, end) for end in ends)


def answers(listed: list[Sketch], day: int, path: tuple[str, ...]) -> set[int | None]:
    """Return the answers of all ways to fill in; None where none or several hold."""
    places = [at for at, sketch in enumerate(listed) if sketch.area in (*path, None)]
    among = [listed[at] for at in places]
    indices: set[int | None] = set()
    for spans in product(*(_spans(listed[at], among, path) for at in places)):
        hold = [at for at, (first, end) in zip(places, spans, strict=True) if first <= day < end]
        nearest = [[at for at in hold if listed[at].area == code] for code in (*path, None)]
        best = next((indices_of_area for indices_of_area in nearest if indices_of_area), [])
        indices.add(best[0] if len(best) == 1 else None)
    return indices


@given(
    st.lists(sketches(), min_size=1, max_size=3),
    st.sampled_from(DAYS),
    st.sampled_from([(), ("01",), ("00004", "01")]),
    st.sampled_from(["a", "b", None]),
)
def test_one_answers_where_all_ways_to_fill_in_agree(
    listed: list[Sketch], day: int, path: tuple[str, ...], kind: str | None
) -> None:
    registry = Registry(tuple(sketch.profile(at) for at, sketch in enumerate(listed)))
    options: dict[str, Any] = {"applies_to": {"kind": kind} if kind else {}, "illustrative": True}
    eligible = [sketch for sketch in listed if kind is None or kind in (sketch.kinds or kind)]
    expected = {
        None if at is None else listed.index(eligible[at]) for at in answers(eligible, day, path)
    }
    try:
        profile = registry.resolve(
            "learning_unit", as_of=START + timedelta(day), area=path, **options
        )
    except ProfileNotFoundError:
        assert len(expected) > 1 or expected == {None}
    else:
        assert {listed.index(listed[int(profile.id[1:])])} == expected
