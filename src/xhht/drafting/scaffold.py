"""Generates a starting profile, with comments that explain each part."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap

from attrs import frozen

from xhht.criteria.document import IDENTIFIER, PROFILE_ID, SCORINGS
from xhht.domain.titles import Title
from xhht.errors import TableError
from xhht.numbers import decimal_text
from xhht.text import Lang, Text, canonical_key

__all__ = ["Outline", "level_id", "require_profile_id", "scaffold"]


@frozen(kw_only=True)
class Outline:
    """The outline of a new profile.

    Attributes:
        id: its id.
        title: the title that its criteria belong to.
        name: its name.
        criteria: the name and the points of each criterion; at least one.
        levels: the id, name and threshold of each level, in any order; at least one.
        document: its legal document, or None for an invented profile.
    """

    id: str
    title: Title
    name: Text
    criteria: Sequence[tuple[Text, Fraction]]
    levels: Sequence[tuple[str, Text, Fraction]]
    document: str | None = None


def scaffold(outline: Outline, lang: Lang | str = Lang.VI) -> str:
    """Return a commented profile file that passes the check as a draft.

    Each criterion has one yes/no indicator as a placeholder.

    Raises:
        TableError: an invalid id, points that are not above 0, or an unreachable threshold.
    """
    _check(outline)
    lang = Lang(lang)
    basis = (
        f"legal_basis: {{document: {_text(outline.document)}}}\nprovenance: partial"
        if outline.document
        else "provenance: illustrative"
    )
    lines = [
        _comment(_HEAD, lang),
        "format: 1",
        f"id: {outline.id}",
        "version: 0.1.0",
        f"status: draft  # {_STATUS.get(lang)}",
        f"title: {outline.title.value}",
        f"name: {_bilingual(outline.name)}",
        f"{basis}  # {_PROVENANCE.get(lang)}",
        "",
        _comment(_INPUTS, lang),
        "inputs:",
        *(
            f"  criterion_{position}_met: {{type: bool, label: {_bilingual(name)}}}"
            for position, (name, _) in enumerate(outline.criteria, 1)
        ),
        "",
        _comment(_CRITERIA.format(kinds=_KINDS), lang),
        "criteria:",
    ]
    for position, (name, points) in enumerate(outline.criteria, 1):
        number = decimal_text(points)
        lines += [
            f'  - id: "{position}"',
            f"    name: {_bilingual(name)}",
            f"    points: {number}",
            "    indicators:",
            f'      - {{id: "{position}.1", points: {number}, met_when: criterion_{position}_met}}',
        ]
    lines += ["", _comment(_LEVELS, lang), "levels:"]
    for level, name, threshold in sorted(outline.levels, key=lambda entry: -entry[2]):
        when = f"points >= {decimal_text(threshold)}"
        lines.append(f"  - {{id: {level}, name: {_bilingual(name)}, when: {when}}}")
    lines += ["", _comment(_AT_CLOSE, lang), "# at_close: {missing: unmet, clause: …}"]
    return "\n".join(lines) + "\n"


def _check(outline: Outline) -> None:
    require_profile_id(outline.id)
    if not outline.criteria or any(points <= 0 for _, points in outline.criteria):
        raise TableError(_BAD_POINTS)
    ids = [level for level, _, _ in outline.levels]
    if not ids or len(set(ids)) < len(ids) or not all(re.fullmatch(IDENTIFIER, i) for i in ids):
        raise TableError(_BAD_LEVELS)
    thresholds = [threshold for _, _, threshold in outline.levels]
    total = sum((points for _, points in outline.criteria), Fraction(0))
    if len(set(thresholds)) < len(thresholds) or not all(0 < t <= total for t in thresholds):
        raise TableError(_BAD_THRESHOLDS.format(total=decimal_text(total)))


def require_profile_id(id: str) -> None:
    """Raise TableError if a text is not an id of a profile."""
    if not re.fullmatch(PROFILE_ID, id):
        raise TableError(_BAD_ID)


def level_id(name: str) -> str:
    """Return an id for a level by its name.

    >>> level_id("Tốt"), level_id("2nd")
    ('tot', 'level_2nd')
    """
    key = re.sub("[^a-z0-9_]", "", canonical_key(name))[:50] or "level"
    return key if re.fullmatch(IDENTIFIER, key) else f"level_{key}"


def _comment(text: Text, lang: Lang) -> str:
    lines = (line for part in text.get(lang).split("|") for line in wrap(part, _COMMENT_WIDTH))
    return "\n".join(f"# {line}" for line in lines)


def _bilingual(text: Text) -> str:
    return f"{{vi: {_text(text.vi)}, en: {_text(text.en)}}}"


def _text(text: str | None) -> str:
    return json.dumps(text, ensure_ascii=False)


_COMMENT_WIDTH = 95
_HEAD = Text(
    vi="Bộ tiêu chí. Kiểm tra: xhht check TỆP. Mọi khóa: docs/reference/profile-format.md.",
    en="A criteria profile. Check it: xhht check FILE. All keys: docs/reference/profile-format.md.",
)
_STATUS = Text(
    vi="draft cho đến khi ban hành, sau đó active",
    en="draft until it is issued, then active",
)
_PROVENANCE = Text(
    vi="complete khi mọi nội dung đều có nguồn",
    en="complete once every part has a source",
)
_INPUTS = Text(
    vi="Các đầu vào; kiểu: bool, count, decimal, share, choice, date, assessed.|"
    "Thay các đầu vào dưới đây bằng đầu vào theo văn bản.",
    en="The inputs; types: bool, count, decimal, share, choice, date, assessed.|"
    "Replace these placeholders by the inputs of the legal document.",
)
_KINDS = Text(
    vi=f"{', '.join(SCORINGS[:-1])} hoặc {SCORINGS[-1]}",
    en=f"{', '.join(SCORINGS[:-1])} or {SCORINGS[-1]}",
)
_CRITERIA = Text(
    vi="Mỗi tiêu chí có các chỉ số; mỗi chỉ số có một cách tính: {kinds}. "
    "Thêm floor, requirement, applies_when nếu văn bản quy định.",
    en="Each criterion has indicators; each indicator has one scoring: {kinds}. "
    "Add floor, requirement, applies_when if the document requires them.",
)
_LEVELS = Text(
    vi="Mức cao nhất trước; mức đầu tiên có điều kiện đúng được công nhận.",
    en="Best level first; the first level whose condition is true is awarded.",
)
_AT_CLOSE = Text(
    vi="Nếu văn bản quy định thiếu minh chứng khi kết thúc đánh giá là không đạt, hãy bỏ dấu # và "
    "ghi điều khoản; nếu không, dữ kiện còn thiếu vẫn để ngỏ.",
    en="If the document counts missing evidence as not met at the close, remove the # and name its "
    "clause; if not, missing facts stay open.",
)
_BAD_ID = Text(
    vi="Mã bộ tiêu chí không hợp lệ; chỉ dùng chữ thường, chữ số, '-', '_', nối bằng dấu chấm, như "
    "tinh.don_vi.2026.",
    en="Invalid profile id; use lowercase letters, digits, '-' and '_', in parts separated by "
    "dots, such as city.unit.2026.",
)
_BAD_POINTS = Text(
    vi="Cần ít nhất một tiêu chí, mỗi tiêu chí có điểm lớn hơn 0: --criterion 'Tên=40'.",
    en="Give at least one criterion, each with points above 0: --criterion 'Name=40'.",
)
_BAD_LEVELS = Text(
    vi="Cần ít nhất một mức, tên các mức không được trùng nhau: --level 'Tốt=85'.",
    en="Give at least one level, each with a different name: --level 'Good=85'.",
)
_BAD_THRESHOLDS = Text(
    vi="Ngưỡng của mỗi mức phải khác nhau, lớn hơn 0 và không quá tổng điểm ({total}).",
    en="The thresholds of levels must differ, be above 0 and not exceed all points ({total}).",
)
