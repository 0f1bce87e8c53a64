"""Titles and levels: names in both languages, lookup by name, and the order of levels."""

from __future__ import annotations

import pickle
import unicodedata
from typing import Any

import pytest

from xhht.domain import AreaLevel, ManagedBy, Title, UnitKind
from xhht.errors import DomainError


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (Title.LEARNING_HOUSEHOLD, "Gia đình học tập"),
        (Title.LEARNING_CLAN, "Dòng họ học tập"),
        (Title.LEARNING_COMMUNITY, "Cộng đồng học tập"),
        (Title.LEARNING_UNIT, "Đơn vị học tập"),
        (Title.LEARNING_CITIZEN, "Công dân học tập"),
    ],
)
def test_a_title_is_found_by_any_writing_of_its_name(title: Title, name: str) -> None:
    assert title.label.vi == name
    for writing in (name, name.upper(), f"  {name} ", unicodedata.normalize("NFD", name), title):
        assert Title.parse(writing) is title


def test_a_misspelt_title_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(DomainError) as caught:
        Title.parse("Gia đinh học tập")
    assert "Gia đình học tập" in caught.value.message("vi")
    assert "learning_household" in caught.value.message("en")


@pytest.mark.parametrize("strange", ["zzzzzz", "", 5, None])
def test_what_is_no_title_at_all_is_answered_with_the_list(strange: Any) -> None:
    with pytest.raises(DomainError, match="learning_citizen") as caught:
        Title.parse(strange)
    assert "zzzzzz" not in str(caught.value)


def test_levels_are_ordered_from_the_nation_down() -> None:
    assert [level.rank for level in AreaLevel] == [0, 1, 2, 3, 4]
    assert AreaLevel.PROVINCE.is_above(AreaLevel.COMMUNE)
    assert not AreaLevel.COMMUNE.is_above(AreaLevel.COMMUNE)
    assert not AreaLevel.VILLAGE.is_above(AreaLevel.DISTRICT)


@pytest.mark.parametrize("kind", [Title, AreaLevel, ManagedBy, UnitKind])
def test_every_member_has_a_label_in_both_languages(kind: Any) -> None:
    labels = [member.label for member in kind]
    assert all(label.vi and label.en for label in labels)
    assert len({label.vi for label in labels}) == len(labels)


def test_a_manager_is_named_like_its_level() -> None:
    assert ManagedBy.DISTRICT.label == AreaLevel.DISTRICT.label


def test_a_title_of_another_field_is_its_own() -> None:
    own = Title("x.openssf.badge")
    assert own is Title("x.openssf.badge")
    assert own.is_own
    assert own not in list(Title)
    assert own.label.vi == own.value == "x.openssf.badge"
    assert pickle.loads(pickle.dumps(own)) is own
    assert not Title.LEARNING_UNIT.is_own


@pytest.mark.parametrize("text", ["x", "x.", "x.Badge", "y.badge", "learning_units", "x.a b"])
def test_anything_else_is_no_title(text: str) -> None:
    with pytest.raises(ValueError, match="not a valid Title"):
        Title(text)
