"""Every kind of scoring and of combination is one class, and the file format has a key for it."""

from __future__ import annotations

from typing import get_args

from attrs import fields

import xhht
from xhht.criteria.document import SCORINGS, IndicatorEntry, expression_texts, points_on_grid
from xhht.rules.model import Leaf
from xhht.rules.scoring import Combination, PointsPart, Scoring, ScoringKind


def test_every_kind_is_the_kind_of_one_class_and_a_key_of_an_indicator() -> None:
    assert [rule.kind for rule in get_args(Scoring)] == list(ScoringKind)
    keys = [attribute.name for attribute in fields(IndicatorEntry)]
    assert [key for key in keys if key in SCORINGS] == list(SCORINGS)


def test_every_kind_and_combination_has_a_name_in_both_languages() -> None:
    labels = [kind.label for kind in ScoringKind]
    labels += [combination.rule.label for combination in Combination]
    assert len({label.vi for label in labels}) == len({label.en for label in labels}) == 11


def test_parts_name_the_places_of_the_file() -> None:
    leaves = 0
    for listed in xhht.bundled_profiles():
        profile = xhht.bundled_profiles().get(f"{listed.id}@{listed.version}")
        for node in profile.rules.nodes():
            entry = profile.entries[node.id]
            if isinstance(node, Leaf) and isinstance(entry, IndicatorEntry):
                leaves += 1
                assert len(expression_texts(entry, node.scoring)) == len(node.scoring.expressions())
                points = {p.value for p in node.scoring.parts() if isinstance(p, PointsPart)}
                assert points <= {*points_on_grid(entry)}
    assert leaves > 20
