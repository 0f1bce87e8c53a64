"""Writes the beginning of a profile, with comments that say what each part is for."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from xhht.criteria.document import IDENTIFIER, PROFILE_ID
from xhht.domain.titles import Title
from xhht.errors import TableError
from xhht.exact import decimal_text
from xhht.text import Lang, Text, bare_key

__all__ = ["Outline", "level_id", "scaffold"]


@frozen(kw_only=True)
class Outline:
    """What is known of a profile that is to be written.

    Attributes:
        id: its id.
        title: the title whose criteria it holds.
        name: what it is called.
        criteria: the name and the points of each criterion; at least one.
        levels: the id, the name and the mark of each level, in any order; at least one.
        document: the document that it rests on, or None for an invented one.
    """

    id: str
    title: Title
    name: Text
    criteria: Sequence[tuple[Text, Fraction]]
    levels: Sequence[tuple[str, Text, Fraction]]
    document: str | None = None


def scaffold(outline: Outline, lang: Lang | str = Lang.VI) -> str:
    """Return a commented profile file that checks clean as a draft.

    Each criterion has one indicator, met or not, to be replaced by the document's own.

    Raises:
        TableError: an id that cannot be one, points that are not above 0, or a mark out of reach.
    """
    _check(outline)
    lang = Lang(lang)
    basis = (
        f"legal_basis: {{document: {_text(outline.document)}}}\nprovenance: partial"
        if outline.document
        else "provenance: illustrative"
    )
    parts = [
        _comment(_HEAD, lang),
        "format: 1",
        f"id: {outline.id}",
        "version: 0.1.0",
        f"status: draft  # {_STATUS.in_(lang)}",
        f"title: {outline.title.value}",
        f"name: {_both(outline.name)}",
        f"{basis}  # {_PROVENANCE.in_(lang)}",
        "",
        _comment(_INPUTS, lang),
        "inputs:",
        *(
            f"  criterion_{at}_met: {{type: bool, label: {_both(name)}}}"
            for at, (name, _) in enumerate(outline.criteria, 1)
        ),
        "",
        _comment(_CRITERIA, lang),
        "criteria:",
    ]
    for at, (name, points) in enumerate(outline.criteria, 1):
        number = decimal_text(points)
        parts += [
            f'  - id: "{at}"',
            f"    name: {_both(name)}",
            f"    points: {number}",
            "    indicators:",
            f'      - {{id: "{at}.1", points: {number}, met_when: criterion_{at}_met}}',
        ]
    parts += ["", _comment(_LEVELS, lang), "levels:"]
    for level, name, mark in sorted(outline.levels, key=lambda each: -each[2]):
        when = f"points >= {decimal_text(mark)}"
        parts.append(f"  - {{id: {level}, name: {_both(name)}, when: {when}}}")
    return "\n".join(parts) + "\n"


def _check(outline: Outline) -> None:
    if not re.fullmatch(PROFILE_ID, outline.id):
        raise TableError(_BAD_ID)
    if not outline.criteria or any(points <= 0 for _, points in outline.criteria):
        raise TableError(_BAD_POINTS)
    ids = [level for level, _, _ in outline.levels]
    if not ids or len(set(ids)) < len(ids) or not all(re.fullmatch(IDENTIFIER, i) for i in ids):
        raise TableError(_BAD_LEVELS)
    marks = [mark for _, _, mark in outline.levels]
    total = sum((points for _, points in outline.criteria), Fraction(0))
    if len(set(marks)) < len(marks) or not all(0 < mark <= total for mark in marks):
        raise TableError(_BAD_MARKS.format(total=decimal_text(total)))


def level_id(name: str) -> str:
    """Return an id for a level by its name.

    >>> level_id("Tốt"), level_id("2nd")
    ('tot', 'level_2nd')
    """
    bare = re.sub("[^a-z0-9_]", "", bare_key(name))[:50] or "level"
    return bare if re.fullmatch(IDENTIFIER, bare) else f"level_{bare}"


def _comment(text: Text, lang: Lang) -> str:
    return "\n".join(f"# {line.strip()}" for line in text.in_(lang).split("|"))


def _both(text: Text) -> str:
    return f"{{vi: {_text(text.vi)}, en: {_text(text.en)}}}"


def _text(text: str | None) -> str:
    return json.dumps(text, ensure_ascii=False)


_HEAD = Text(
    vi="Bộ tiêu chí. Kiểm tra: xhht check TỆP. Mọi khóa: docs/reference/profile-format.md.",
    en="A criteria profile. Check it: xhht check FILE. All keys: docs/reference/profile-format.md.",
)
_STATUS = Text(
    vi="draft cho đến khi ban hành, rồi active",
    en="draft until it is issued, then active",
)
_PROVENANCE = Text(
    vi="complete khi mọi điều đều có nguồn",
    en="complete once all of it has a source",
)
_INPUTS = Text(
    vi="Các dữ kiện cần hỏi: bool, count, decimal, share, choice, date, assessed.|"
    "Thay các dữ kiện dưới đây bằng dữ kiện của văn bản.",
    en="The facts that are asked for: bool, count, decimal, share, choice, date, assessed.|"
    "Put the document's own in place of these.",
)
_CRITERIA = Text(
    vi="Mỗi tiêu chí có các chỉ số; mỗi chỉ số có một cách tính: met_when, bands, proportional,|"
    "per_item hoặc assessed. Thêm floor, requirement, applies_when nếu văn bản có.",
    en="Each criterion has indicators, each with one way to score: met_when, bands, proportional,|"
    "per_item or assessed. Add floor, requirement, applies_when where the document has them.",
)
_LEVELS = Text(
    vi="Mức cao nhất trước; mức đầu tiên có điều kiện đúng được công nhận.",
    en="Best first; the first whose condition holds is awarded.",
)
_BAD_ID = Text(
    vi="Mã bộ tiêu chí gồm chữ thường, chữ số, '-', '_', nối bằng dấu chấm, như tinh.don_vi.2026.",
    en="The id of a profile is small letters, digits, '-', '_', in parts joined by dots, such as "
    "city.unit.2026.",
)
_BAD_POINTS = Text(
    vi="Cần ít nhất một tiêu chí, mỗi tiêu chí có điểm lớn hơn 0: --criterion 'Tên=40'.",
    en="At least one criterion is needed, each with points above 0: --criterion 'Name=40'.",
)
_BAD_LEVELS = Text(
    vi="Cần ít nhất một mức, mỗi mức có tên riêng: --level 'Tốt=85'.",
    en="At least one level is needed, each with a name of its own: --level 'Good=85'.",
)
_BAD_MARKS = Text(
    vi="Ngưỡng của mỗi mức phải khác nhau, lớn hơn 0 và không quá tổng điểm ({total}).",
    en="The marks of levels differ, are above 0 and no more than all points ({total}).",
)
