"""The tree of rules: its names, its order, and the natural order of ids."""

from __future__ import annotations

from inline_profiles import profile_of_criteria
from xhht.rules.model import natural_key

CRITERIA = """
- id: "1"
  criteria:
    - {id: "1.1", indicators: [{id: "1.1.1", points: 5, met_when: a}]}
    - {id: "1.2", indicators: [{id: "1.2.1", points: 5, met_when: b}]}
- {id: "2", indicators: [{id: "2.1", points: 5, met_when: a}]}
"""


def test_nodes_come_in_the_order_of_the_profile_branches_first() -> None:
    rules = profile_of_criteria({"a": "type: bool", "b": "type: bool"}, CRITERIA).rules
    assert [node.id for node in rules.nodes()] == [
        "1", "1.1", "1.1.1", "1.2", "1.2.1", "2", "2.1"
    ]  # fmt: skip
    assert rules.names() == {"a", "b"}


def test_ids_are_ordered_by_their_numbers() -> None:
    assert sorted(["1.10", "1.9", "1", "2", "10"], key=natural_key) == [
        "1", "1.9", "1.10", "2", "10"
    ]  # fmt: skip
