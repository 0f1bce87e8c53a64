"""A misspelt word of a closed set is told the likely one, wherever the format has such a set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
from attrs import has
from sound_profile import SOUND

from xhht.criteria.decoding import document_of, fields_of
from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.document import OverlayDocument, ProfileDocument
from xhht.criteria.loading import check_profile
from xhht.criteria.recovery import CheckContext
from xhht.criteria.target_document import TargetsDocument
from xhht.criteria.yaml_nodes import read_yaml
from xhht.text import Text


def classes(kind: Any, seen: set[Any]) -> Iterator[type]:
    """Yield a class and those that its fields hold."""
    if kind in seen:
        return
    seen.add(kind)
    if has(kind) and kind is not Text:
        yield kind
        for _, hint in fields_of(kind).values():
            yield from classes(hint, seen)
    for below in get_args(kind):
        yield from classes(below, seen)


def all_classes() -> tuple[type, ...]:
    seen: set[Any] = set()
    wholes = (ProfileDocument, OverlayDocument, TargetsDocument)
    return tuple(name for outer in wholes for name in classes(outer, seen))


CLASSES = all_classes()
KEYS = [(kind, key) for kind in CLASSES for key in fields_of(kind)]
MEMBERS = [
    (kind, key, str(member.value))
    for kind in CLASSES
    for key, (_, hint) in fields_of(kind).items()
    for enum in (hint, *get_args(hint))
    if isinstance(enum, type) and issubclass(enum, Enum)
    for member in enum
]


def misspellings(word: str) -> Iterator[str]:
    """Yield the slips that people make: a letter doubled, lost or exchanged, other case."""
    middle = len(word) // 2
    yield word + word[-1]
    yield word.upper()
    if len(word) > 4:
        yield word[:middle] + word[middle + 1 :]
        yield word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


def found_in(kind: type, content: dict[str, Any]) -> tuple[Diagnostic, ...]:
    sink = DiagnosticCollector("x.yaml")
    node = read_yaml(json.dumps(content).encode(), sink)
    assert node is not None
    document_of(kind, node, CheckContext(sink))
    return sink.diagnostics


def hints(diagnostics: tuple[Diagnostic, ...], code: str) -> list[str]:
    return [
        diagnostic.hint.en
        for diagnostic in diagnostics
        if diagnostic.code == code and diagnostic.hint
    ]


def test_the_walk_meets_every_part_of_the_format() -> None:
    names = {kind.__name__ for kind in CLASSES}
    assert names >= {"InputEntry", "MembersEntry", "IndicatorEntry", "LevelEntry", "OverrideEntry"}
    assert names >= {"CycleEntry", "RateEntry", "ScopeEntry", "RoundingEntry", "EvidenceEntry"}
    assert {member for _, _, member in MEMBERS} >= {"illustrative", "half_up", "learning_clan"}


@pytest.mark.parametrize(
    ("kind", "key"), KEYS, ids=lambda parameter: getattr(parameter, "__name__", parameter)
)
def test_a_misspelt_key_is_told_the_likely_one(kind: type, key: str) -> None:
    for word in misspellings(key):
        if word in fields_of(kind):
            continue
        assert f"Did you mean '{key}'?" in hints(found_in(kind, {word: "x"}), "XH109"), word


@pytest.mark.parametrize(
    ("kind", "key", "member"),
    MEMBERS,
    ids=lambda parameter: getattr(parameter, "__name__", parameter),
)
def test_a_misspelt_option_is_told_the_likely_one(kind: type, key: str, member: str) -> None:
    hint = fields_of(kind)[key][1]
    for word in misspellings(member):
        if word == member:
            continue  # two equal letters exchanged
        value = [word] if get_args(hint) else word
        assert f"Did you mean '{member}'?" in hints(found_in(kind, {key: value}), "XH120"), word


NAMED_IN_THE_FILE = {
    "an input": ("plan and busy", "plam and busy", "XH202", "plan"),
    "a value": ("rate >= quota", "rate >= qouta", "XH202", "quota"),
    "an option": ('area == \\"hill\\"', 'area == \\"hil\\"', "XH205", "hill"),
    "a function": ("share(learners", "shre(learners", "XH206", "share"),
    "a criterion": ('met(\\"1.1\\")', 'met(\\"11\\")', "XH208", "1.1"),
    "a word for levels": ("percent >= 80%", "percnt >= 80%", "XH202", "percent"),
    "a function for levels": ("points_of(", "point_of(", "XH206", "points_of"),
    "a bound": ('"at_most": "members"', '"at_most": "member"', "XH202", "members"),
    "a panel's input": ('"assessed": "panel"', '"assessed": "pannel"', "XH202", "panel"),
    "a lower level": ('"level": "fair"', '"level": "fairr"', "XH231", "fair"),
    "a day": ('"since": "since"', '"since": "sincee"', "XH232", "since"),
}


@pytest.mark.parametrize(
    ("old", "new", "code", "likely"), NAMED_IN_THE_FILE.values(), ids=NAMED_IN_THE_FILE.keys()
)
def test_a_misspelt_name_of_the_file_is_told_the_likely_one(
    old: str, new: str, code: str, likely: str
) -> None:
    text = json.dumps(SOUND, ensure_ascii=False)
    assert old in text
    diagnostics = check_profile(text.replace(old, new, 1).encode(), "x.yaml")
    assert hints(diagnostics, code) == [f"Did you mean '{likely}'?"], [
        diagnostic.text.en for diagnostic in diagnostics
    ]


OVERLAY = """\
format: 1
id: test.city
version: 1.0.0
status: draft
extends: vn.unit.tt22-2020@2.0.0
area: "01"
provenance: partial
legal_basis: {document: 1/KH-UBND}
overrides:
  - at: levels/good/when
    value: points >= 80
    reason: {vi: Lý do, en: Reason}
    legal_basis: {document: 1/KH-UBND}
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "likely"),
    [
        (
            "extends: vn.unit.tt22-2020",
            "extends: vn.unit.tt22-202",
            "XH602",
            "vn.unit.tt22-2020@2.0.0",
        ),
        ("levels/good/when", "levels/god", "XH604", "levels/good"),
    ],
)
def test_a_misspelt_base_or_place_of_an_overlay_is_told_the_likely_one(
    old: str, new: str, code: str, likely: str
) -> None:
    assert not check_profile(OVERLAY.encode(), "x.yaml")
    diagnostics = check_profile(OVERLAY.replace(old, new).encode(), "x.yaml")
    assert hints(diagnostics, code) == [f"Did you mean '{likely}'?"]
