"""The values of changes between profiles in words: conditions as sentences, labels of choices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Final

from xhht.criteria import document as doc
from xhht.criteria.changes import ChangedPart, ProfileChange, ProfileChanges
from xhht.criteria.profile import Profile
from xhht.dates import day_text, months_text
from xhht.numbers import decimal_label
from xhht.rules import scoring
from xhht.rules.model import Leaf, TreeNode
from xhht.text import LabelledEnum, Text, join

__all__ = ["changed_values"]


def changed_values(changes: ProfileChanges, change: ProfileChange) -> tuple[Text | None, ...]:
    """Return the old and the new value of a change in words.

    None stands for a value that has no other words than in the file.
    """
    old_id = _old_id(changes, change)
    return _words(changes.old, change, old_id), _words(changes.new, change, change.id)


def _old_id(changes: ProfileChanges, change: ProfileChange) -> str:
    """Return the id that a changed part has in the old profile."""
    for other in changes.changes:
        if (other.part, other.key, other.id) == (change.part, "id", change.id):
            return str(other.old)
    return change.id


def _words(profile: Profile, change: ProfileChange, part_id: str) -> Text | None:
    key = change.key or ""
    match change.part:
        case ChangedPart.LEVEL:
            if key == "when":
                rules = {rule.id: rule for rule in profile.rules.levels}
                return profile.wording().sentence(rules[part_id].when)
            return _value(profile, getattr(profile.level(part_id), key, None))
        case ChangedPart.CRITERION | ChangedPart.INDICATOR:
            nodes = {node.id: node for node in profile.rules.nodes()}
            return _of_criterion(profile, nodes[part_id], key)
        case ChangedPart.INPUT:
            return _of_input(profile, profile.document.inputs.get(part_id), key)
        case ChangedPart.DEFINITION if key in doc.DEFINED_AS:
            trees = {item.name: item.tree for item in profile.rules.definitions}
            return profile.wording().sentence(trees[part_id]) if part_id in trees else None
        case ChangedPart.PROFILE:
            return _value(profile, getattr(profile.document, key, None))
        case _:
            return None


def _of_criterion(profile: Profile, node: TreeNode, key: str) -> Text | None:
    wording = profile.wording()
    if key == "applies_when":
        return wording.sentence(node.applies.when) if node.applies else None
    if key == "factor":
        return node.factor.describe(wording) if node.factor else None
    if isinstance(node, Leaf):
        if key.partition("[")[0].partition(".")[0] not in doc.SCORINGS:
            return _value(profile, getattr(profile.entries[node.id], key, None))
        if key == node.scoring.kind or key in doc.SCORINGS:
            return node.scoring.describe(wording, node.points)
        values = [*_values_at(node.scoring, key)]
        if len(values) == 2:  # a band: its condition and its points
            when, points = values
            return _BAND.format(points=decimal_label(points), when=wording.clause(when))
        value = values[0] if values else None
        if value is None or isinstance(value, (Fraction, scoring.RoundingRule)):
            return _value(profile, value)
        return wording.sentence(value)
    entry = profile.entries[node.id]
    if key == "combine" and isinstance(entry, doc.CriterionEntry):
        return entry.combine.rule.label
    return _value(profile, getattr(entry, key, None))


def _values_at(rule: scoring.Scoring, key: str) -> Iterator[Any]:
    """Yield the values of a scoring rule at or below a key such as `bands[1]`."""
    for part in rule.parts():
        steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in part.path)
        written = "".join(steps).removeprefix(".")
        if written == key or written.startswith(f"{key}."):
            yield part.value


def _of_input(profile: Profile, entry: doc.InputEntry | None, key: str) -> Text | None:
    if entry is None:
        return None
    if key == "choices":
        return join(profile.document.options(entry).values(), "; ")
    if key == "at_most" and entry.at_most in profile.document.inputs:
        return profile.document.inputs[entry.at_most].label
    return _value(profile, getattr(entry, key, None))


def _value(profile: Profile, value: object) -> Text | None:
    match value:
        case bool() | None:
            return None
        case LabelledEnum():
            return value.label
        case Fraction() | int():
            return decimal_label(Fraction(value))
        case date():
            return day_text(value)
        case doc.LegalEntry():
            parts = [_plain(value.document), *([_plain(value.issuer)] if value.issuer else [])]
            return join((*parts, *([day_text(value.issued)] if value.issued else [])), ", ")
        case scoring.RoundingRule() | doc.RoundingEntry():
            return _ROUNDED.format(mode=value.mode.label, step=decimal_label(value.step))
        case doc.EvidenceEntry():
            return _evidence(value)
        case doc.RequiresEntry():
            level, label = profile.level(value.level).name, profile.document.inputs
            months = months_text(value.months)
            return _REQUIRES.format(level=level, months=months, since=label[value.since].label)
        case _:
            return None


def _plain(text: str) -> Text:
    return Text(vi=text, en=text)


def _evidence(entry: doc.EvidenceEntry) -> Text:
    parts = [_VERIFIED if entry.required else _UNVERIFIED]
    if entry.valid_months is not None:
        parts.append(_VALID.format(months=months_text(entry.valid_months)))
    return join(parts, "; ")


_ROUNDED: Final = Text(vi="{mode} đến {step} điểm", en="{mode} to {step} points")
_BAND: Final = Text(vi="{points} điểm nếu {when}", en="{points} points if {when}")
_VERIFIED: Final = Text(vi="phải được xác nhận", en="must be verified")
_UNVERIFIED: Final = Text(vi="không cần xác nhận", en="need not be verified")
_VALID: Final = Text(vi="có giá trị trong {months}", en="valid for {months}")
_REQUIRES: Final = Text(
    vi="đã giữ mức '{level}' ít nhất {months}, tính từ “{since}”",
    en="level '{level}' held for at least {months} since “{since}”",
)
