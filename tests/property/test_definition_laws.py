"""Laws of definitions and lists of options: they are names, and mean what is written out."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from varied_profiles import loaded

from xhht.criteria.compare import compare_profiles
from xhht.testing._random_profiles import Data, profiles


def written_out(data: Data) -> Data:
    """Return a profile without names: each is replaced by what it stands for."""
    definitions = {
        name: entry.get("when", entry.get("number"))
        for name, entry in data.get("definitions", {}).items()
    }
    names = re.compile(rf"\b(?:{'|'.join(definitions) or '(?!)'})\b")

    def text(value: str) -> str:
        while names.search(value):
            value = names.sub(lambda match: f"({definitions[match.group()]})", value)
        return value

    def part(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: part(item) for key, item in value.items()}
        if isinstance(value, list):
            return [part(item) for item in value]
        return text(value) if isinstance(value, str) else value

    lists = data.get("choice_lists", {})
    inputs = {
        name: {**entry, "choices": lists[entry["choices"]]}
        if isinstance(entry.get("choices"), str)
        else entry
        for name, entry in data["inputs"].items()
    }
    rest = {key: data[key] for key in data if key not in ("definitions", "choice_lists")}
    return {**part(rest), "inputs": inputs}


@given(data=profiles())
def test_names_mean_what_is_written_out(data: Data) -> None:
    named, plain = loaded(data), loaded(written_out(data))
    assert named.plan.operators == plain.plan.operators
    assert named.rules.criteria == plain.rules.criteria
    assert named.rules.levels == plain.rules.levels


@given(data=profiles())
def test_writing_names_out_changes_no_clause(data: Data) -> None:
    named, plain = loaded(data), loaded(written_out(data))
    changes = compare_profiles(named, plain).changes
    assert {change.part.value for change in changes} <= {"definition", "choice_list"}
    assert {change.effect.value for change in changes} <= {"neither"}
