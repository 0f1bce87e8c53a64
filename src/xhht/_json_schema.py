"""JSON Schemas of classes, generated from their fields, types and docstrings."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias, get_args, get_origin

from attrs import Attribute, has

Schema: TypeAlias = dict[str, Any]
Members: TypeAlias = "Mapping[str, tuple[Attribute[Any], Any]]"

NULL: Schema = {"type": "null"}


class ClassSchemas:
    """Generates the schemas of classes and enumerations; each becomes one definition.

    A subclass determines the fields of a class and which of them are required.

    Args:
        root: the JSON pointer of the definitions.
        scalars: the schemas of types that are not generated.

    Attributes:
        definitions: the generated schemas, by the name of the class.
    """

    def __init__(self, root: str, scalars: Mapping[Any, Schema]) -> None:
        self.definitions: dict[str, Schema] = {}
        self._root = root
        self._scalars = scalars

    def members_of(self, kind: type) -> Members:
        """Return the fields of a class and their types, by key."""
        raise NotImplementedError

    def is_required(self, attribute: Attribute[Any]) -> bool:
        """Return whether an object must have the key of a field."""
        raise NotImplementedError

    def of(self, hint: Any, metadata: Mapping[Any, Any] = MappingProxyType({})) -> Schema:
        """Return the schema of a type, with the pattern in the metadata of its field."""
        if hint in self._scalars:
            return dict(self._scalars[hint])
        if get_origin(hint) is tuple:
            return self.array(self.of(get_args(hint)[0]))
        name = hint.__name__
        if name not in self.definitions:
            self.definitions[name] = {}  # a class may contain itself
            self.definitions[name] |= self.object(hint) if has(hint) else self.enumeration(hint)
        return {"$ref": f"{self._root}/{name}"}

    def array(self, items: Schema) -> Schema:
        """Return the schema of a list."""
        return {"type": "array", "items": items}

    def object(self, kind: type) -> Schema:
        """Return the schema of an object with the fields of a class."""
        members = self.members_of(kind)
        return {
            "description": summary_of(kind),
            **closed_object(
                {key: self.property(*member) for key, member in members.items()},
                [key for key, (attribute, _) in members.items() if self.is_required(attribute)],
            ),
        }

    def property(self, attribute: Attribute[Any], hint: Any) -> Schema:
        """Return the schema of the value of a field."""
        return self.of(hint, attribute.metadata)

    def enumeration(self, kind: type[Enum]) -> Schema:
        """Return the schema of the members of an enumeration."""
        return {"enum": [member.value for member in kind]}


def closed_object(properties: Mapping[str, Schema], required: list[str] | None = None) -> Schema:
    """Return the schema of an object with these keys and no others; by default all required."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*properties] if required is None else required,
        "properties": dict(properties),
    }


def summary_of(kind: type) -> str:
    """Return the first paragraph of the docstring of a class, on one line."""
    return (kind.__doc__ or "").partition("\n\n")[0].replace("\n    ", " ")


def anchored(pattern: str) -> str:
    """Return a pattern that matches the whole text."""
    return f"^({pattern})$"
