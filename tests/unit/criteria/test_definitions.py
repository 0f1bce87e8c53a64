"""Definitions, lists of options and changes: what they mean, what is refused, what is compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import xhht
from xhht.criteria.loading import check_profile
from xhht.criteria.releases import changed_places
from xhht.rules import expressions as ex
from xhht.rules.model import Leaf
from xhht.rules.parser import MAX_IN_A_FILE, MAX_WRITTEN_OUT
from xhht.rules.scoring import MetWhen

TEXT = """\
format: 1
id: test.defined
version: 1.0.0
status: active
title: learning_unit
name: {vi: Mẫu, en: Sample}
provenance: illustrative
choice_lists:
  regions: {hill: {vi: Núi, en: Hill}, plain: {vi: Bằng, en: Plain}}
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
  size: {type: count, max: 9, label: {vi: Cỡ, en: Size}}
  home: {type: choice, choices: regions, label: {vi: Nhà, en: Home}}
  work: {type: choice, choices: regions, label: {vi: Việc, en: Work}}
definitions:
  other: {label: {vi: Khác, en: Other}, when: large}
  large: {label: {vi: Lớn, en: Large}, when: size >= limit}
  limit: {label: {vi: Mốc, en: Limit}, number: 3 if home == "hill" else 5}
  enough: {label: {vi: Đủ, en: Enough}, when: points >= 5 and large}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: large or work == "hill"}
      - {id: "1.2", points: 5, met_when: flag and other}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: enough}
"""


def codes(text: str) -> list[str]:
    return [item.code for item in check_profile(text.encode(), "x.yaml")]


def test_a_part_remembers_the_name_that_it_is_written_by() -> None:
    profile = xhht.loads_profile(TEXT)
    assert codes(TEXT) == []
    (level,) = profile.rules.levels
    assert level.when.definition == "enough"
    assert isinstance(level.when, ex.All)
    assert [part.definition for part in level.when.of] == [None, "large"]
    assert level.when.of[1] == profile.rules.definitions[0].tree
    assert set(ex.names_in(level.when)) == {"enough", "large", "limit"}
    leaf = list(profile.rules.nodes())[2]
    assert isinstance(leaf, Leaf)
    assert isinstance(leaf.scoring, MetWhen)
    assert profile.rules.names_in(leaf.scoring.when) == {
        "other",
        "large",
        "limit",
    }
    facts = {"flag": True, "size": 4, "work": "plain"}
    assert xhht.evaluate(profile, {**facts, "home": "hill"}).points_certain == 15
    assert xhht.evaluate(profile, {**facts, "home": "plain"}).points_certain == 0


def test_what_only_levels_know_is_for_levels() -> None:
    assert codes(TEXT.replace("flag and other", "flag and other and enough")) == ["XH212"]
    nested = TEXT.replace("when: large}", "when: enough}")
    assert codes(nested) == ["XH212"]


def test_a_definition_has_the_type_of_what_it_stands_for() -> None:
    assert codes(TEXT.replace("flag and other", "flag and other and limit")) == ["XH204"]
    assert codes(TEXT.replace("size >= limit", "size >= other")) == ["XH385"]
    assert codes(TEXT.replace("flag and other", "flag and size >= other")) == ["XH204"]


def test_an_unknown_name_suggests_a_definition() -> None:
    (fault,) = check_profile(TEXT.replace("flag and other", "flag and othr").encode(), "x.yaml")[:1]
    assert fault.code == "XH202"
    assert fault.hint is not None
    assert "other" in fault.hint.en


def test_nothing_is_said_of_what_follows_from_a_faulty_definition() -> None:
    assert codes(TEXT.replace("size >= limit", "siz >= limit")) == ["XH202"]
    assert codes(TEXT.replace("size >= limit", "size >=")) == ["XH201"]
    assert codes(TEXT.replace("when: size >= limit", "whn: size >= limit")) == ["XH109"]


def test_a_definition_that_never_holds_is_told_of_once() -> None:
    assert codes(TEXT.replace("size >= limit", "size >= limit or size > 9")) == ["XH402"]


def test_names_are_written_out_only_so_far() -> None:
    doubled = "".join(
        f"  d{n}: {{label: {{vi: a, en: a}}, when: d{n - 1} or d{n - 1}}}\n" for n in range(1, 14)
    )
    text = TEXT.replace(
        "criteria:\n", f"  d0: {{label: {{vi: a, en: a}}, when: flag}}\n{doubled}criteria:\n"
    )
    faults = check_profile(text.encode(), "x.yaml")
    assert faults[0].code == "XH211"
    assert str(MAX_WRITTEN_OUT) in faults[0].text.en or "30" in faults[0].text.en


@pytest.mark.parametrize(
    ("old", "new", "part", "key", "effect"),
    [
        ("size >= limit", "size > limit", "definition", "when", "tighter"),
        ("else 5", "else 4", "definition", "number", "looser"),
        ("en: Limit", "en: Mark", "definition", "label", "neither"),
        ("en: Hill", "en: Hills", "choice_list", "hill", "neither"),
    ],
)
def test_a_change_is_reported_where_it_is_written(
    old: str, new: str, part: str, key: str, effect: str
) -> None:
    changed = xhht.loads_profile(TEXT.replace(old, new))
    (change,) = xhht.compare_profiles(xhht.loads_profile(TEXT), changed).changes
    assert (change.part.value, change.key, change.effect.value) == (part, key, effect)


def test_writing_a_name_out_changes_nothing_but_the_definition() -> None:
    written = TEXT.replace("when: large}", "when: size >= limit}")
    assert not xhht.compare_profiles(xhht.loads_profile(TEXT), xhht.loads_profile(written))


OVERLAY = """\
format: 1
id: test.overlay
version: 1.0.0
status: active
extends: test.defined@1.0.0
area: "01"
provenance: illustrative
legal_basis: {document: 1/KH}
overrides:
  - at: definitions/limit/number
    value: 2
    reason: {vi: Tỉnh ít hơn, en: The province asks less}
    legal_basis: {document: 1/KH}
  - at: choice_lists/regions/plain/en
    value: Lowland
    reason: {vi: Tên, en: A name}
    legal_basis: {document: 1/KH}
"""


def test_an_overlay_overrides_a_definition_and_a_list_once(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(TEXT, encoding="utf-8")
    file = tmp_path / "overlay.yaml"
    file.write_text(OVERLAY, encoding="utf-8")
    overlay = xhht.load_profile(file)
    changed = changed_places(xhht.loads_profile(TEXT), overlay)
    assert [place for place in changed if "/" in place] == [
        "choice_lists/regions/plain",
        "definitions/limit/number",
    ]
    options = overlay.document.options(overlay.document.inputs["work"])
    assert options["plain"].en == "Lowland"
    facts = {"flag": True, "size": 2, "work": "plain", "home": "plain"}
    assert xhht.evaluate(overlay, facts).points_certain == 15


def test_reasons_are_those_of_the_versions_between() -> None:
    entry = "{version: %s, date: 2025-01-10, reason: {vi: Vì %s, en: For %s}}"
    entries = ", ".join(entry % (v, v, v) for v in ("1.0.0", "1.2.0", "1.10.0"))
    text = TEXT.replace("version: 1.0.0", "version: 1.10.0").replace(
        "choice_lists:", f"changes: [{entries}]\nchoice_lists:"
    )
    changes = xhht.compare_profiles(xhht.loads_profile(TEXT), xhht.loads_profile(text))
    assert [item.version for item in changes.reasons] == ["1.2.0", "1.10.0"]
    assert changes.reasons[0].day == date(2025, 1, 10)
    assert changes.to_dict("en")["reasons"][0]["reason"] == "For 1.2.0"


def test_places_are_named_by_ids() -> None:
    old = xhht.loads_profile(TEXT)
    moved = '{id: "1.2", points: 5, met_when: flag and other}'
    text = TEXT.replace(f"      - {moved}\n", "")
    added = text.replace("levels:", f'  - {{id: "2", indicators: [{moved}]}}\nlevels:')
    assert changed_places(old, xhht.loads_profile(added)) == ["criteria/2", "criteria/1.2"]
    assert changed_places(old, xhht.loads_profile(TEXT.replace("en: Size", "en: The size"))) == [
        "inputs/size/label"
    ]


def chain(number: int, last: str) -> bytes:
    names = "".join(f"  d{n}: {{label: {{vi: a, en: a}}, when: d{n + 1}}}\n" for n in range(number))
    ending = f"  d{number}: {{label: {{vi: a, en: a}}, when: {last}}}\n"
    return TEXT.replace("criteria:\n", f"{names}{ending}criteria:\n").encode()


@pytest.mark.parametrize(
    ("last", "code", "words"),
    [("flag", "XH211", "30"), ("d0", "XH385", "d0 → d1 → d2")],
    ids=["chain", "circle"],
)
def test_a_long_chain_or_circle_of_names_is_one_error(last: str, code: str, words: str) -> None:
    (fault,) = check_profile(chain(3000, last), "x.yaml")
    assert fault.code == code
    assert words in fault.text.en
    assert len(fault.text.en) < 300


def test_a_chain_of_names_within_the_limit_of_depth_is_read() -> None:
    faults = check_profile(chain(28, "flag"), "x.yaml")
    assert [fault.code for fault in faults] == ["XH388"]


def test_the_conditions_of_a_file_are_refused_once_as_a_whole() -> None:
    long = " or ".join(["flag"] * 120)
    uses = " and ".join(["long"] * 9)
    more = "".join(f"  d{n}: {{label: {{vi: a, en: a}}, when: {uses}}}\n" for n in range(2000))
    text = TEXT.replace(
        "criteria:\n", f"  long: {{label: {{vi: a, en: a}}, when: {long}}}\n{more}criteria:\n"
    )
    (fault,) = check_profile(text.encode(), "x.yaml")
    assert (fault.code, str(MAX_IN_A_FILE) in fault.text.en) == ("XH395", True)
