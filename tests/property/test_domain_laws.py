"""The domain takes text in any Unicode form for the same text, and shows no person's data.

A tree of areas is one and the same whatever the order of its areas, every way up ends at a root,
and what a dict is written from is what it is read back as.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xhht.domain import (
    Area,
    AreaLevel,
    AreaTree,
    Citizen,
    Clan,
    Community,
    Household,
    LegalBasis,
    ManagedBy,
    Recognition,
    Registration,
    Title,
    Unit,
    UnitKind,
    from_dict,
    make_converter,
    to_dict,
)
from xhht.errors import DomainError
from xhht.text import normalize_text

VIETNAMESE = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
)
ids = st.text("0123456789abcdefXYZ.-_", min_size=1, max_size=20)
names = st.text(VIETNAMESE + VIETNAMESE.upper() + " '", min_size=1, max_size=40).filter(str.strip)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
numbers = st.text("0123456789", min_size=12, max_size=12)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


citizens = st.builds(
    Citizen,
    id=ids,
    household=ids,
    unit=maybe(ids),
    name=maybe(names),
    birth_date=maybe(days),
    national_id=maybe(numbers),
)
bases = st.builds(
    LegalBasis,
    document=st.sampled_from(["448/QĐ-KHVN", "1373/QĐ-TTg", "01-KH/BCĐTW", "12/QĐ-UBND"]),
    issuer=maybe(names),
    issued=days,
    article=maybe(st.sampled_from(["1", "12", "5a"])),
    clause=maybe(st.sampled_from(["1", "2"])),
    point=maybe(st.sampled_from(["a", "đ"])),
)
single_areas = st.builds(
    Area,
    code=ids,
    name=names,
    level=st.sampled_from(AreaLevel),
    parent=maybe(ids),
    valid_from=days,
    legal_basis=maybe(bases),
)
recognitions = st.builds(
    Recognition,
    title=st.sampled_from(Title),
    subject=ids,
    decided_on=days,
    document=st.sampled_from(["12/QĐ-UBND", "3/2024/QĐ-UBND"]),
    authority=names,
    level=maybe(ids),
    valid_months=maybe(st.integers(1, 1200)),
)
things = st.one_of(
    citizens,
    bases,
    single_areas,
    recognitions,
    st.builds(Household, id=ids, village=ids, clan=maybe(ids), head=maybe(ids)),
    st.builds(Clan, id=ids, commune=ids),
    st.builds(
        Unit,
        id=ids,
        name=names,
        kind=st.sampled_from(UnitKind),
        managed_by=st.sampled_from(ManagedBy),
        commune=ids,
    ),
    st.builds(Community, area=ids, level=st.sampled_from(list(AreaLevel)[1:])),
    st.builds(
        Registration, title=st.sampled_from(Title), subject=ids, year=st.integers(1000, 9999)
    ),
)


@st.composite
def area_lists(draw: st.DrawFn) -> list[Area]:
    """Return areas of one time that make a tree, levels skipped at will, in any order."""
    levels = sorted(
        draw(st.lists(st.sampled_from(AreaLevel), min_size=1, max_size=25)),
        key=lambda level: level.rank,
    )
    areas: list[Area] = []
    for number, level in enumerate(levels):
        above: list[str | None] = [area.code for area in areas if area.level.is_above(level)]
        parent = draw(st.sampled_from([*above, None]))
        areas.append(Area(code=f"{number:02}", name="Khu vực", level=level, parent=parent))
    return draw(st.permutations(areas))


@st.composite
def dated_lists(draw: st.DrawFn) -> list[Area]:
    """Return areas of which each code goes through several times, under parents that stay."""
    areas = [Area(code="68", name="Tỉnh", level=AreaLevel.PROVINCE)]
    for number in range(draw(st.integers(0, 6))):
        bounds = sorted(draw(st.sets(days, min_size=2, max_size=5)))
        areas.extend(
            Area(
                code=f"{number:05}",
                name=f"Xã {start}",
                level=AreaLevel.COMMUNE,
                parent="68",
                valid_from=start,
                valid_to=end,
            )
            for start, end in pairwise(bounds)
        )
    return draw(st.permutations(areas))


@given(names, ids)
def test_composed_and_decomposed_text_make_equal_objects(name: str, code: str) -> None:
    made = [
        (
            Citizen(id=code, household=code, name=text),
            Area(code=code, name=text, level=AreaLevel.COMMUNE),
            LegalBasis(document="22/2020/TT-BGDĐT", issuer=text),
        )
        for text in (
            unicodedata.normalize("NFC", name),
            unicodedata.normalize("NFD", name),
            f"  {name}\u00a0",
        )
    ]
    assert made[0] == made[1] == made[2]
    assert hash(made[0]) == hash(made[1])
    citizen = made[1][0]
    assert citizen.name is not None
    assert unicodedata.is_normalized("NFC", citizen.name)


@given(things, st.sampled_from(["NFC", "NFD"]))
def test_a_dict_is_read_back_as_what_it_was_written_from(thing: Any, form: Any) -> None:
    converter = make_converter()
    plain = to_dict(thing, converter)
    written = unicodedata.normalize(form, json.dumps(plain, ensure_ascii=False))
    again = from_dict(type(thing), json.loads(written), converter)
    assert again == thing
    assert to_dict(again, converter) == plain


@given(bases)
def test_a_citation_is_read_back_as_its_document_and_place(basis: LegalBasis) -> None:
    assert LegalBasis.parse(basis.citation.vi, issuer=basis.issuer) == basis


SECRETS = st.text(min_size=1, max_size=30).map(lambda text: f"bí-mật-{text}-kín")


@given(names, days, numbers)
def test_repr_never_shows_a_person(name: str, born: date, number: str) -> None:
    citizen = Citizen(
        id="c", household="h", name=name, birth_date=born, national_id=number, unit="u"
    )
    assert repr(citizen) == str(citizen) == "Citizen(id='c', household='h', unit='u')"


@given(
    st.sampled_from(["id", "household", "unit", "name", "birth_date", "national_id", "other"]),
    st.sampled_from([str, int, bytes, list, dict, float]),
    SECRETS,
    st.integers(10**20, 10**30),
)
def test_errors_never_show_a_value(field: str, kind: type, secret: str, number: int) -> None:
    value: Any = {
        str: secret * 40,
        int: number,
        bytes: secret.encode("utf-8", "replace"),
        list: [secret],
        dict: {secret: secret},
        float: float(number),
    }[kind]
    data = {"id": "c", "household": "h", field: value}
    with pytest.raises(DomainError) as caught:
        from_dict(Citizen, data)
    errors = [caught.value]
    if field != "other":
        with pytest.raises(DomainError) as direct:
            Citizen(**data)
        errors.append(direct.value)
    for error in errors:
        shown = repr(error) + error.message("vi") + error.message("en")
        assert error.message("en").startswith(f"{field}: ")
        assert "bí-mật" not in shown
        assert str(number) not in shown
        assert repr(value) not in shown
        assert error.__context__ is None


@given(names)
def test_a_title_that_does_not_exist_is_not_repeated(name: str) -> None:
    secret = f"{name} 060080001234"
    with pytest.raises(DomainError) as caught:
        Title.parse(secret)
    assert normalize_text(secret) not in caught.value.message("vi") + str(caught.value)


@given(area_lists(), st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_matter(areas: list[Area], random: Any) -> None:
    shuffled = random.sample(areas, len(areas))
    tree, other = AreaTree(areas), AreaTree(iter(shuffled))
    assert tree == other
    assert list(tree) == list(other) == sorted(areas, key=lambda area: area.code)
    assert tree.roots == other.roots
    for area in areas:
        assert tree.descendants(area.code) == other.descendants(area.code)


@given(area_lists())
def test_every_way_up_ends_at_a_root(areas: list[Area]) -> None:
    tree = AreaTree(areas)
    for area in tree:
        way = (area, *tree.ancestors(area.code))
        assert way[-1] in tree.roots
        for below, above in pairwise(way):
            assert below.parent == above.code
            assert below in tree.children(above.code)
            assert above.level.is_above(below.level)
            assert area in tree.descendants(above.code)
            assert tree.up(area.code, above.level) == above


@given(area_lists())
def test_the_leaves_of_children_are_the_leaves_of_their_parent(areas: list[Area]) -> None:
    tree = AreaTree(areas)
    for area in tree:
        children = tree.children(area.code)
        below = tuple(leaf for child in children for leaf in tree.leaves(child.code))
        assert tree.leaves(area.code) == (below or (area,))
    all_leaves = [leaf for root in tree.roots for leaf in tree.leaves(root.code)]
    assert len(all_leaves) == len(set(all_leaves))
    assert set(all_leaves) == {area for area in tree if not tree.children(area.code)}


@given(area_lists())
def test_levels_part_the_tree(areas: list[Area]) -> None:
    tree = AreaTree(areas)
    assert sum(len(tree.at_level(level)) for level in AreaLevel) == len(tree)
    for area in tree:
        assert (area in tree.roots) == (not tree.ancestors(area.code))
        assert tree[area.code] is area


@given(dated_lists(), days)
def test_the_tree_of_a_day_is_its_own_tree_of_that_day(areas: list[Area], day: date) -> None:
    tree = AreaTree(areas).on(day)
    assert tree.on(day) == tree
    assert set(tree) == {area for area in areas if area.exists_on(day)}
    assert len({area.code for area in tree}) == len(tree)


@given(area_lists(), st.data())
def test_each_broken_parent_is_found_and_nothing_else(areas: list[Area], data: Any) -> None:
    broken = data.draw(st.sets(st.integers(0, len(areas) - 1)))
    given_areas = [
        Area(code=area.code, name=area.name, level=area.level, parent="nowhere")
        if index in broken
        else area
        for index, area in enumerate(areas)
    ]
    faults = AreaTree.check(given_areas)
    assert [(fault.index, fault.code) for fault in faults] == [
        (index, "unknown_parent") for index in sorted(broken)
    ]


@given(st.lists(st.integers(0, 11), min_size=1, max_size=12))
def test_an_area_is_in_a_cycle_just_when_going_up_comes_back(parents: list[int]) -> None:
    count = len(parents)
    areas = [
        Area(code=str(index), name="A", level=AreaLevel.VILLAGE, parent=str(parent % count))
        for index, parent in enumerate(parents)
    ]
    in_cycles = {fault.index for fault in AreaTree.check(areas) if fault.code == "cycle"}
    expected = set()
    for start in range(count):
        here = start
        for _ in range(count):
            here = parents[here] % count
            if here == start:
                expected.add(start)
    assert in_cycles == expected


@given(st.integers(1, 9999))
def test_zeros_put_back_find_the_area_that_lost_them(number: int) -> None:
    code = f"{number:05}"
    tree = AreaTree([Area(code=code, name="Xã", level=AreaLevel.COMMUNE)])
    assert tree.find_repadded(str(number)) == tree[code]


@given(recognitions, days)
def test_a_title_is_held_from_the_decision_until_its_end(
    recognition: Recognition, day: date
) -> None:
    until = recognition.valid_until
    assert recognition.holds_on(recognition.decided_on)
    assert recognition.holds_on(day) == (recognition.decided_on <= day < (until or date.max))
