"""The codes of proving, with what each says; `{name}` fields are filled in when it is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from xhht.proving.findings import Kind, Topic
from xhht.text import Text

__all__ = ["CODES", "Code"]


@frozen
class Code:
    """What a code stands for."""

    kind: Kind
    topic: Topic
    text: Text
    hint: Text | None = None


def _code(kind: Kind, topic: Topic, vi: str, en: str, *hint: str) -> Code:
    return Code(kind, topic, Text(vi=vi, en=en), Text(vi=hint[0], en=hint[1]) if hint else None)


_LEVELS = {
    "XP101": _code(
        Kind.FAULT,
        Topic.LEVELS,
        "Không ai đạt được mức '{level}'. {why}",
        "Nobody can reach the level '{level}'. {why}",
        "Xem lại điều kiện của mức và những gì chặn nó.",
        "Look at the level's condition and at what blocks it.",
    ),
    "XP102": _code(
        Kind.NOTE,
        Topic.LEVELS,
        "Mức '{level}' đạt được.",
        "The level '{level}' can be reached.",
    ),
    "XP103": _code(
        Kind.FAULT,
        Topic.LEVELS,
        "Mức '{level}' không bao giờ được trao: ai đủ điều kiện cũng đạt mức cao hơn {better}.",
        "The level '{level}' is never awarded: whoever meets it has the better level {better}.",
        "Nâng ngưỡng của mức cao hơn, hoặc bỏ mức này.",
        "Raise the mark of the better level, or drop this one.",
    ),
    "XP104": _code(
        Kind.FAULT,
        Topic.LEVELS,
        "Hai mức '{level}' và {better} luôn cùng đạt hoặc cùng không đạt.",
        "The levels '{level}' and {better} always hold together or not at all.",
        "Cho hai mức điều kiện khác nhau, hoặc bỏ một mức.",
        "Give the two different conditions, or drop one.",
    ),
    "XP105": _code(
        Kind.OPEN,
        Topic.LEVELS,
        "Không hồ sơ đầy đủ nào chắc chắn đạt mức '{level}', vì có điều văn bản không nêu hoặc tỉ "
        "lệ 0/0.",
        "No complete facts settle that the level '{level}' is reached, because of what no source "
        "shows or of a share of nothing.",
        "Khi tìm được văn bản nêu điều này, hãy ghi vào tệp thay cho 'unknown'.",
        "Once a source shows it, write it into the file in place of unknown.",
    ),
}

_INDICATORS = {
    "XP201": _code(
        Kind.FAULT,
        Topic.INDICATORS,
        "'{node}' không bao giờ làm thay đổi điểm: ai cũng có 0 điểm ở đây.",
        "'{node}' never gives or takes points: everybody has 0 here.",
        "Xem lại điều kiện, và 'min', 'max', 'at_most' của các đầu vào.",
        "Look at its condition, and at min, max and at_most of the inputs.",
    ),
    "XP202": _code(
        Kind.WARNING,
        Topic.INDICATORS,
        "Không ai có trọn {points} điểm của '{node}'; nhiều nhất là {most}.",
        "Nobody can have all {points} points of '{node}'; the most are {most}.",
        "Sửa điểm tối đa, hoặc cách tính điểm.",
        "Correct the most points, or how they are earned.",
    ),
    "XP203": _code(
        Kind.WARNING,
        Topic.INDICATORS,
        "'{node}' không áp dụng cho ai cả.",
        "'{node}' applies to nobody.",
        "Xem lại 'applies_when'.",
        "Look at applies_when.",
    ),
    "XP204": _code(
        Kind.WARNING,
        Topic.INDICATORS,
        "'{node}' không bao giờ quyết định mức: đạt trọn hay không đạt gì cũng như nhau với mọi "
        "đối tượng.",
        "'{node}' never decides a level: with all of its points or none, every subject has the "
        "same.",
        "Nếu chỉ để tham khảo, hãy ghi 'requirement: advisory'; nếu không, xem lại điểm và ngưỡng.",
        "If it is for reference only, write requirement: advisory; else look at points and marks.",
    ),
    "XP205": _code(
        Kind.OPEN,
        Topic.INDICATORS,
        "Không chắc các chỉ số này có bao giờ quyết định mức, vì có điều văn bản không nêu hoặc "
        "tỉ lệ 0/0: {nodes}.",
        "Whether these indicators ever decide a level is open, because of what no source shows or "
        "of a share of nothing: {nodes}.",
    ),
    "XP206": _code(
        Kind.NOTE,
        Topic.INDICATORS,
        "'{node}' có lúc quyết định mức.",
        "'{node}' decides a level for some subject.",
    ),
}

_BANDS = {
    "XP301": _code(
        Kind.FAULT,
        Topic.BANDS,
        "Bậc thứ {at} của '{node}' không bao giờ được dùng: trước nó luôn có bậc khác đúng, hoặc "
        "điều kiện không thể đúng.",
        "Band {at} of '{node}' is never used: another one before it always holds, or its condition "
        "cannot.",
        "Đặt bậc khó đạt hơn lên trước, hoặc sửa điều kiện.",
        "Put the band that is harder to reach first, or correct its condition.",
    ),
    "XP302": _code(
        Kind.NOTE,
        Topic.BANDS,
        "Có đối tượng không thuộc bậc nào của '{node}', nên được 0 điểm.",
        "Some subject is in no band of '{node}', and so has 0 points.",
    ),
    "XP303": _code(
        Kind.WARNING,
        Topic.BANDS,
        "Ở '{node}' có đối tượng thuộc cả bậc {at} và bậc {later} nhiều điểm hơn, mà chỉ được điểm "
        "của bậc {at}.",
        "In '{node}' some subject is in band {at} and in band {later}, which has more points, and "
        "gets those of band {at} alone.",
        "Bậc đúng đầu tiên được tính: hãy đặt bậc nhiều điểm hơn lên trước.",
        "The first band that holds counts: put the one with more points first.",
    ),
    "XP304": _code(
        Kind.NOTE,
        Topic.BANDS,
        "Ở '{node}' bậc {at} và bậc {later} có lúc cùng đúng; bậc {at} nhiều điểm hơn được tính.",
        "In '{node}' bands {at} and {later} may hold at once; band {at}, which has more points, "
        "counts.",
    ),
    "XP305": _code(
        Kind.OPEN,
        Topic.BANDS,
        "Không chắc bậc thứ {at} của '{node}' có bao giờ được dùng, vì có điều văn bản không nêu "
        "hoặc tỉ lệ 0/0.",
        "Whether band {at} of '{node}' is ever used is open, because of what no source shows or of "
        "a share of nothing.",
    ),
}

_FLOORS = {
    "XP401": _code(
        Kind.FAULT,
        Topic.FLOORS,
        "Không ai vượt qua được {barrier} của '{node}'.",
        "Nobody can pass {barrier} of '{node}'.",
        "Hạ mức đòi hỏi, hoặc sửa cách tính điểm.",
        "Ask for less, or correct how points are earned.",
    ),
    "XP402": _code(
        Kind.NOTE,
        Topic.FLOORS,
        "Chỉ riêng {barrier} của '{node}' đã có lúc làm mất hoặc hạ mức.",
        "{barrier} of '{node}' alone costs some subject its level.",
    ),
    "XP403": _code(
        Kind.WARNING,
        Topic.FLOORS,
        "{barrier} của '{node}' không bao giờ làm thay đổi mức của ai.",
        "{barrier} of '{node}' never changes anybody's level.",
        "Nếu văn bản có nêu thì giữ nguyên; nếu không, có thể bỏ.",
        "If the document has it, keep it; else it can go.",
    ),
    "XP404": _code(
        Kind.OPEN,
        Topic.FLOORS,
        "Không chắc {barrier} của '{node}' có bao giờ làm thay đổi mức, vì có điều văn bản không "
        "nêu hoặc tỉ lệ 0/0.",
        "Whether {barrier} of '{node}' ever changes a level is open, because of what no source "
        "shows or of a share of nothing.",
    ),
}

_THRESHOLDS = {
    "XP501": _code(
        Kind.NOTE,
        Topic.THRESHOLDS,
        "Ngưỡng {mark} ({what}) của '{owner}' có thể đạt vừa đúng.",
        "The mark {mark} ({what}) of '{owner}' can be hit exactly.",
    ),
    "XP502": _code(
        Kind.NOTE,
        Topic.THRESHOLDS,
        "Không ai đạt vừa đúng ngưỡng {mark} ({what}) của '{owner}'; gần nhất là {nearest}.",
        "Nobody hits the mark {mark} ({what}) of '{owner}' exactly; the nearest are {nearest}.",
    ),
}

_SHARES = {
    "XP601": _code(
        Kind.WARNING,
        Topic.SHARES,
        "'{owner}' có thể gặp tỉ lệ 0/0: biết hết dữ kiện mà kết quả vẫn ngỏ.",
        "'{owner}' may meet a share of nothing (0/0): all facts are known and it stays open.",
        "Đặt 'min: 1' cho mẫu số, hoặc 'applies_when: mẫu_số > 0'.",
        "Give the denominator min: 1, or use applies_when: denominator > 0.",
    ),
    "XP602": _code(
        Kind.WARNING,
        Topic.SHARES,
        "Tỉ lệ ở '{owner}' có thể vượt 100%: tử số lớn hơn mẫu số.",
        "A share in '{owner}' can pass 100%: its part is greater than its whole.",
        "Nếu tử số là một phần của mẫu số, hãy khai 'at_most'.",
        "If one is a part of the other, declare at_most.",
    ),
}

_EVIDENCE = {
    "XP701": _code(
        Kind.NOTE,
        Topic.EVIDENCE,
        "'{input}' tăng (hoặc từ không thành có) chỉ làm tăng điểm.",
        "More of '{input}' (or yes in place of no) only ever adds points.",
    ),
    "XP702": _code(
        Kind.NOTE,
        Topic.EVIDENCE,
        "'{input}' tăng chỉ làm giảm điểm, như đã khai: đó là điểm trừ hoặc mẫu số của tỉ lệ.",
        "More of '{input}' only ever takes points, as declared: it is a deduction or the whole of "
        "a share.",
    ),
    "XP703": _code(
        Kind.WARNING,
        Topic.EVIDENCE,
        "'{input}' tăng (hoặc từ không thành có) có thể làm giảm điểm, và không bao giờ làm tăng.",
        "More of '{input}' (or yes in place of no) can take points, and never adds any.",
        "Nếu đúng ý văn bản thì giữ nguyên; nếu không, xem lại dấu so sánh.",
        "If the document means it, keep it; else look at the comparison.",
    ),
    "XP704": _code(
        Kind.WARNING,
        Topic.EVIDENCE,
        "'{input}' tăng (hoặc từ không thành có) có lúc làm tăng, có lúc làm giảm điểm.",
        "More of '{input}' (or yes in place of no) adds points for one subject and takes points "
        "from another.",
        "Nếu đúng ý văn bản thì giữ nguyên; nếu không, xem lại các bậc và dấu so sánh.",
        "If the document means it, keep it; else look at bands and comparisons.",
    ),
    "XP705": _code(
        Kind.NOTE,
        Topic.EVIDENCE,
        "'{input}' không bao giờ chắc chắn làm thay đổi điểm.",
        "'{input}' never changes the points for certain.",
    ),
}

CODES: Final[Mapping[str, Code]] = {
    **_LEVELS,
    **_INDICATORS,
    **_BANDS,
    **_FLOORS,
    **_THRESHOLDS,
    **_SHARES,
    **_EVIDENCE,
}
"""All codes but `XP901`, which any question may end in."""

UNDECIDED: Final = Text(
    vi="Chưa kết luận được ({topic}, '{subject}'): phép tính quá nặng cho lời giải chính xác.",
    en="Not decided ({topic}, '{subject}'): an exact answer takes too much work.",
)
"""What `XP901` says."""

UNDECIDED_HINT: Final = Text(
    vi="Thường do nhân hai đầu vào với nhau; hãy đặt 'max' cho các số, hoặc viết điều kiện đơn "
    "giản hơn.",
    en="Mostly two inputs are multiplied; give the numbers a max, or write the condition plainer.",
)
"""What to do about it."""
