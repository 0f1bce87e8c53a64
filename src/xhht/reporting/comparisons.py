"""The differences between two profiles, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from xhht.criteria.changes import (
    ChangedPart,
    Effect,
    Place,
    ProfileChange,
    ProfileChangeKind,
    ProfileChanges,
)
from xhht.criteria.profile import Profile
from xhht.reporting.tables import number_text, sanitize_line
from xhht.text import Lang, Text

__all__ = ["changes_dict", "changes_text", "part_label"]

_MAX_LENGTH = 200


def changes_dict(changes: ProfileChanges, lang: Lang) -> dict[str, Any]:
    """Return the differences in JSON form."""
    return {
        "old": _profile_of(changes.old),
        "new": _profile_of(changes.new),
        "changes": [change.to_dict(lang) for change in changes.changes],
        "effects": {effect.value: _number(changes, effect) for effect in Effect},
    }


def _profile_of(profile: Profile) -> dict[str, Any]:
    begins = profile.document.effective_from
    return {
        "id": profile.id,
        "version": profile.version,
        "hash": profile.hash,
        "provenance": profile.provenance.value,
        "effective_from": begins.isoformat() if begins else None,
        "file": profile.file,
    }


def _number(changes: ProfileChanges, effect: Effect) -> int:
    return Counter(change.effect for change in changes.changes)[effect]


def changes_text(changes: ProfileChanges, lang: Lang) -> str:
    """Return the differences, one per line, each followed by its locations in the files."""
    head = f"{changes.old.reference} → {changes.new.reference}"
    if not changes.changes:
        return f"{head}\n{_SAME.get(lang)}"
    lines = [head]
    for change in changes.changes:
        lines += [_line(change, lang), f"    {_places(change)}"]
    numbers = {effect.value: number_text(_number(changes, effect), lang) for effect in Effect}
    total = number_text(len(changes.changes), lang)
    return "\n".join([*lines, "", _SUMMARY.get(lang, total=total, **numbers)])


def _line(change: ProfileChange, lang: Lang) -> str:
    part_text = part_label(change.part, change.id, change.name, lang)
    effect = f" [{_EFFECTS[change.effect].get(lang)}]" if change.effect in _EFFECTS else ""
    if change.kind in _WHOLE_PARTS:
        return f"{_WHOLE_PARTS[change.kind].get(lang, about=part_text)}{effect}"
    before, after = (_value(value, lang) for value in (change.old, change.new))
    if change.kind is ProfileChangeKind.MOVED:
        template = _RANKED if change.part is ChangedPart.LEVEL else _MOVED
        return f"{template.get(lang, about=part_text, old=before, new=after)}{effect}"
    return f"{_SIGN} {part_text}: {_key_label(change.key or '', lang)}: {before} → {after}{effect}"


def _key_label(key: str, lang: Lang) -> str:
    """Return a key of the file, in Vietnamese with its meaning."""
    meaning = _KEYS.get(key.rpartition(".")[2])
    return f"{meaning} ({key})" if meaning and lang is Lang.VI else key


def part_label(part: ChangedPart, part_id: str, name: Text | None, lang: Lang) -> str:
    """Return the label of a part of a profile: its kind, id and name."""
    called = f" ({sanitize_line(name.get(lang))})" if name else ""
    return f"{_PARTS[part].get(lang)} {sanitize_line(part_id)}".rstrip() + called


def _value(value: str | Text | None, lang: Lang) -> str:
    if value is None:
        return "–"
    shown = sanitize_line(value.get(lang) if isinstance(value, Text) else value)
    return shown if len(shown) <= _MAX_LENGTH else f"{shown[: _MAX_LENGTH - 1]}…"


def _places(change: ProfileChange) -> str:
    places: list[Place] = [place for place in (change.old_place, change.new_place) if place]
    return " → ".join(sanitize_line(str(place)) for place in places)


_PARTS = {
    ChangedPart.PROFILE: Text(vi="bộ tiêu chí", en="profile"),
    ChangedPart.INPUT: Text(vi="đầu vào", en="input"),
    ChangedPart.VALUE: Text(vi="giá trị theo ngày", en="dated value"),
    ChangedPart.CRITERION: Text(vi="tiêu chí", en="criterion"),
    ChangedPart.INDICATOR: Text(vi="chỉ số", en="indicator"),
    ChangedPart.LEVEL: Text(vi="mức", en="level"),
}

_KEYS = {
    "applies_when": "khi nào áp dụng",
    "applies_to": "đối tượng",
    "assessed": "chấm điểm",
    "at_most": "không quá",
    "cap": "trần điểm",
    "clause": "điều khoản",
    "combine": "cách gộp",
    "dated": "theo ngày",
    "effective_from": "có hiệu lực từ",
    "effective_to": "hết hiệu lực từ",
    "evidence": "minh chứng",
    "floor": "điểm sàn",
    "id": "mã",
    "label": "nhãn",
    "legal_basis": "căn cứ",
    "max": "lớn nhất",
    "met_when": "điều kiện đạt",
    "min": "nhỏ nhất",
    "na_policy": "khi không áp dụng",
    "name": "tên",
    "note": "ghi chú",
    "points": "điểm",
    "provenance": "mức có nguồn",
    "requirement": "yêu cầu",
    "requires": "mức phải có trước",
    "source": "nguồn",
    "status": "trạng thái",
    "weight": "trọng số",
    "when": "điều kiện",
}
"""The meanings of file keys in Vietnamese; English text shows the keys themselves."""

_SIGN = "~"
_WHOLE_PARTS = {
    ProfileChangeKind.ADDED: Text(vi="+ thêm {about}", en="+ added: {about}"),
    ProfileChangeKind.REMOVED: Text(vi="- bỏ {about}", en="- removed: {about}"),
}
_MOVED = Text(
    vi="~ {about}: chuyển từ dưới '{old}' sang dưới '{new}'",
    en="~ {about}: moved from under '{old}' to under '{new}'",
)
_RANKED = Text(
    vi="~ {about}: thứ tự {old} → {new}",
    en="~ {about}: place {old} → {new}",
)
_EFFECTS = {
    Effect.LOOSER: Text(vi="nới lỏng", en="looser"),
    Effect.TIGHTER: Text(vi="siết chặt", en="tighter"),
    Effect.UNKNOWN: Text(
        vi="chưa rõ nới lỏng hay siết chặt", en="unclear whether looser or tighter"
    ),
}
_SAME = Text(
    vi="Hai bộ tiêu chí có nội dung giống nhau.",
    en="The two profiles have the same content.",
)
_SUMMARY = Text(
    vi="{total} thay đổi: {looser} nới lỏng, {tighter} siết chặt, {neither} không ảnh hưởng kết "
    "quả, {unknown} chưa rõ.",
    en="Changes: {total} ({looser} looser, {tighter} tighter, {neither} neither, "
    "{unknown} unclear).",
)
