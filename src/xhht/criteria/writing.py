"""Writes profiles back as YAML, and says by a hash what a profile contains."""

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

from xhht.criteria._yaml import plain_tag
from xhht.criteria.document import ProfileDocument, key_of
from xhht.criteria.profile import Profile
from xhht.exact import decimal_text

__all__ = ["content_hash", "dump_document", "dump_profile", "plain_value"]


def dump_profile(profile: Profile) -> str:
    """Return a profile as YAML that loads to the same hash; comments are not kept.

    An overlay is written joined with what it extends.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020")
    >>> xhht.loads_profile(xhht.dump_profile(profile)).hash == profile.hash
    True
    """
    return dump_document(profile.document)


def dump_document(document: ProfileDocument) -> str:
    """Return what a profile says as YAML, whether or not it checks clean."""
    plain = plain_value(document)
    return yaml.dump(
        plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, indent=2
    )


class _Dumper(yaml.SafeDumper):
    """Writes numbers and dates plainly, and quotes whatever another reader would change."""

    def ignore_aliases(self, data: object) -> bool:
        """Write every value out: the format has no aliases."""
        return True


class _Bare(str):
    """Text that stands in the file without quotes."""

    __slots__ = ()


def _represent_bare(dumper: yaml.SafeDumper, data: _Bare) -> yaml.ScalarNode:
    return dumper.represent_scalar(plain_tag(data), str(data))


_Dumper.add_representer(_Bare, _represent_bare)


def plain_value(value: Any) -> Any:
    """Return a document value as what YAML writes; keys at their defaults are left out."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool):
        return value
    if isinstance(value, Fraction):
        return _Bare(decimal_text(value))
    if isinstance(value, (int, date)):
        return _Bare(str(value))
    if isinstance(value, tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {key: plain_value(item) for key, item in value.items()}
    kind: type = type(value)
    if has(kind):
        found = ((key, getattr(value, name), usual) for key, name, usual in _keys(kind))
        told = ((key, each) for key, each, usual in found if each is not usual and each != usual)
        return {key: plain_value(each) for key, each in told}
    return value


@cache
def _keys(kind: type) -> tuple[tuple[str, str, object], ...]:
    """Return the keys that a class writes, with the name and the default of each."""
    return tuple(
        (key_of(attribute), attribute.name, attribute.default)
        for attribute in fields(kind)
        if attribute.metadata.get("written", True)
    )


def content_hash(document: ProfileDocument) -> str:
    """Return the SHA-256 of what a profile says, however its file is laid out."""
    content = json.dumps(
        plain_value(document), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(content.encode()).hexdigest()
