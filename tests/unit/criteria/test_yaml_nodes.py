"""A fault inside a text is told where it stands in the file, however the text is written."""

from __future__ import annotations

import unicodedata

import pytest

from xhht.criteria.loading import check_profile

PROFILE = """\
format: 1
id: test.unit
version: 1.0.0
status: draft
title: learning_unit
name: {vi: Đơn vị học tập, en: Learning unit}
provenance: illustrative
inputs:
  plan: {type: bool, label: {vi: Có kế hoạch, en: Has a plan}}
  area: {type: choice, choices: {hill: {vi: Núi, en: Hills}}, label: {vi: Vùng, en: Area}}
criteria:
  - id: "1"
    indicators:
      - id: "1.1"
        points: 10
        met_when: CONDITION
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 10}
"""


@pytest.mark.parametrize(
    "condition",
    [
        '"plan\\n and\\tplam"',
        "plan and plam",
        "  plan   and plam",
        '"plan and plam"',
        "'plan and plam'",
        '"area == \\"hill\\" and plam"',
        '"area == \\x22hill\\u0022 and plam"',
        "'area == ''hill'' and plam'",
        "plan\n          and plam",
        '"plan\n          and plam"',
        '"plan \\\n          and plam"',
        "'area == ''hill''\n\n          and plam'",
        ">\n          plan and\n          plam",
        ">-\n          plan\n\n          and plam",
        "|  # a comment\n          plan\n          and plam\n",
        "|2\n          plan and plam\n",
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_fault_of_a_condition_stands_at_its_word(condition: str, ends: str) -> None:
    text = PROFILE.replace("CONDITION", condition).replace("\n", ends)
    faults = [
        diagnostic
        for diagnostic in check_profile(text.encode(), "x.yaml")
        if diagnostic.code == "XH202"
    ]
    (fault,) = faults
    line = text.split(ends)[fault.mark.line - 1]
    assert line[fault.mark.column - 1 :].startswith("plam")


@pytest.mark.parametrize("decomposed", [False, True])
def test_letters_before_a_word_count_as_they_are_written(decomposed: bool) -> None:
    condition = "'area == \"núi rừng\" and plam'"
    condition = unicodedata.normalize("NFD", condition) if decomposed else condition
    text = PROFILE.replace("CONDITION", condition)
    (fault,) = [
        diagnostic
        for diagnostic in check_profile(text.encode(), "x.yaml")
        if diagnostic.code == "XH202"
    ]
    line = text.split("\n")[fault.mark.line - 1]
    assert line[fault.mark.column - 1 :].startswith("plam")
