"""Schemas of classes follow their fields, types and docstrings."""

from __future__ import annotations

from enum import Enum
from typing import Any

from attrs import Attribute, Factory, fields, frozen, resolve_types

from xhht._json_schema import ClassSchemas, Members, anchored, closed_object, summary_of


class Colour(Enum):
    """A colour."""

    RED = "red"
    BLUE = "blue"


@frozen
class Leaf:
    """A leaf of the
    tree.

    It has details that a schema leaves out.
    """

    name: str
    colour: Colour = Colour.RED


@frozen
class Tree:
    """A tree."""

    leaves: tuple[Leaf, ...]
    below: tuple[Tree, ...] = Factory(tuple)


class Schemas(ClassSchemas):
    """The fields by their names; those without a default are required."""

    def members_of(self, kind: type) -> Members:
        resolved = resolve_types(kind, globals())
        return {field.name: (field, field.type) for field in fields(resolved)}

    def is_required(self, attribute: Attribute[Any]) -> bool:
        return attribute.default is not None and "NOTHING" in repr(attribute.default)


def test_a_class_becomes_one_definition_even_where_it_contains_itself() -> None:
    schemas = Schemas("#/$defs", {str: {"type": "string"}})
    assert schemas.of(Tree) == {"$ref": "#/$defs/Tree"}
    assert sorted(schemas.definitions) == ["Colour", "Leaf", "Tree"]
    assert schemas.definitions["Tree"]["properties"] == {
        "leaves": {"type": "array", "items": {"$ref": "#/$defs/Leaf"}},
        "below": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
    }


def test_an_object_is_closed_and_requires_what_has_no_default() -> None:
    schemas = Schemas("#/$defs", {str: {"type": "string"}})
    schemas.of(Leaf)
    assert schemas.definitions["Leaf"] == {
        "description": "A leaf of the tree.",
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "colour": {"$ref": "#/$defs/Colour"}},
    }
    assert schemas.definitions["Colour"] == {"enum": ["red", "blue"]}


def test_all_keys_of_a_closed_object_are_required_by_default() -> None:
    assert closed_object({"a": {}, "b": {}})["required"] == ["a", "b"]
    assert closed_object({"a": {}, "b": {}}, ["b"])["required"] == ["b"]


def test_a_pattern_matches_the_whole_text() -> None:
    assert anchored("a|b") == "^(a|b)$"
    assert summary_of(Tree) == "A tree."
