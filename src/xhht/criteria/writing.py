"""Writes profiles as YAML and computes the hash of their content."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

import yaml
from attrs import fields, has

from xhht.criteria.document import ProfileDocument, key_of
from xhht.criteria.profile import Profile
from xhht.criteria.yaml_nodes import plain_tag
from xhht.numbers import decimal_text
from xhht.text import Text

__all__ = ["content_hash", "dump_document", "dump_profile", "plain_value", "written_value"]


def dump_profile(profile: Profile) -> str:
    """Return a profile as YAML that loads to the same hash; comments are lost.

    An overlay is written merged with its base.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020")
    >>> xhht.loads_profile(xhht.dump_profile(profile)).hash == profile.hash
    True
    """
    return dump_document(profile.document)


def dump_document(document: ProfileDocument) -> str:
    """Return a document as YAML, whether or not it is valid."""
    data = plain_value(document)
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, indent=2)


def written_value(value: Any) -> str | Text | None:
    """Return a value as a file writes it; labels stay in both languages."""
    if value is None or isinstance(value, (str, Text)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Fraction):
        return decimal_text(value)
    plain = plain_value(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


class _Dumper(yaml.SafeDumper):
    """Writes numbers and dates unquoted, and quotes text that another reader would convert."""

    def ignore_aliases(self, data: object) -> bool:
        """Write every value in full: the format has no aliases."""
        return True


class _Unquoted(str):
    """Text that is written without quotes."""

    __slots__ = ()


def _represent_unquoted(dumper: yaml.SafeDumper, data: _Unquoted) -> yaml.ScalarNode:
    return dumper.represent_scalar(plain_tag(data), str(data))


_Dumper.add_representer(_Unquoted, _represent_unquoted)


def plain_value(value: Any) -> Any:
    """Return a document value as plain YAML data, without keys that have their default.

    A class with a short form is written in it wherever it says everything.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool):
        return value
    if isinstance(value, Fraction):
        return _Unquoted(decimal_text(value))
    if isinstance(value, (int, date)):
        return _Unquoted(str(value))
    if isinstance(value, tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {key: plain_value(item) for key, item in value.items()}
    kind: type = type(value)
    if has(kind):
        members = ((key, getattr(value, name), default) for key, name, default in _keys(kind))
        written = {
            key: plain_value(item)
            for key, item, default in members
            if item is not default and item != default
        }
        short = getattr(kind, "SHORT", None)
        return written[short] if short is not None and [*written] == [short] else written
    return value


@cache
def _keys(kind: type) -> tuple[tuple[str, str, object], ...]:
    """Return the written keys of a class, each with its field name and default."""
    return tuple(
        (key_of(attribute), attribute.name, attribute.default)
        for attribute in fields(kind)
        if attribute.metadata.get("written", True)
    )


def content_hash(document: ProfileDocument) -> str:
    """Return the SHA-256 of the content of a profile, independent of the layout of its file."""
    content = json.dumps(
        plain_value(document), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(content.encode()).hexdigest()
