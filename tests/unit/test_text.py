"""Texts in two languages, names that are the same, and likely words for misspelt ones."""

from __future__ import annotations

import unicodedata

import pytest

from xhht.text import (
    Lang,
    Suggestions,
    Text,
    canonical_key,
    join,
    match_key,
    normalize_text,
    plural,
    suggestion,
)


def test_a_text_is_taken_by_language_and_filled_in_both() -> None:
    text = Text(vi="Dòng {row}: lỗi", en="Row {row}: error")
    assert text.get("vi", row=3) == "Dòng 3: lỗi"
    assert text.format(row=3) == Text(vi="Dòng 3: lỗi", en="Row 3: error")
    with pytest.raises(ValueError, match="fr"):
        text.get("fr")


def test_a_text_in_a_text_is_filled_in_its_own_language() -> None:
    level = Text(vi="Tốt", en="Good")
    sentence = Text(vi="Mức {level}", en="Level {level}").format(level=level)
    assert (sentence.vi, sentence.en) == ("Mức Tốt", "Level Good")


@pytest.mark.parametrize(
    "raw", ["Xã Hoà", " Xã  Hoà ", "Xã\u00a0Hoà", "\ufeffXã\u200b Hoà", "Xã\tHoà"]
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_spellings_of_one_name_are_one_text(raw: str, form: str) -> None:
    assert normalize_text(unicodedata.normalize(form, raw)) == "Xã Hoà"  # type: ignore[arg-type]


def test_the_place_of_a_tone_mark_does_not_tell_names_apart_but_the_tone_does() -> None:
    assert match_key("HOÀ") == match_key("hòa")
    assert match_key("Hòa") != match_key("Hóa")
    assert match_key("Hà") != match_key("Ha")


def test_a_canonical_key_has_no_marks() -> None:
    assert canonical_key("Đơn vị-Học tập") == "don_vi_hoc_tap"


@pytest.mark.parametrize(
    ("word", "expected"),
    [("membres", "members"), ("TOTAL", "total"), ("thành_viên", "thanh_vien"), ("xyz", None)],
)
def test_the_likely_word(word: str, expected: str | None) -> None:
    assert suggestion(word, ["members", "total", "thanh_vien"]) == expected


def test_too_many_known_words_are_not_compared() -> None:
    assert suggestion("word1", [f"word{number}" for number in range(600)]) is None


def test_suggestions_end_after_so_many_comparisons() -> None:
    suggest, known = Suggestions(), [f"key{number}" for number in range(400)]
    words = [f"kez{number}" for number in range(30)]
    first = [suggest(word, known) for word in words]
    assert first[0] is not None
    assert suggest.is_spent
    assert first[-1] is None


def test_texts_are_joined_in_each_language() -> None:
    assert join([Text(vi="a", en="b"), Text(vi="c", en="d")]) == Text(vi="a c", en="b d")


def test_plural_follows_the_count() -> None:
    assert [plural(n, "change", "changes") for n in (0, 1, 2)] == ["changes", "change", "changes"]


def test_languages_are_two() -> None:
    assert [*Lang] == ["vi", "en"]
