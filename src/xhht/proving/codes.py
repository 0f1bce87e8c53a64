"""The codes of proof findings with their messages; `{name}` fields are filled in later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import Factory, field, frozen

from xhht.issues import CodeInfo, Severity, register_codes
from xhht.proving.findings import Kind, Topic
from xhht.text import Text

__all__ = ["CODES", "ProofCode"]


@frozen(kw_only=True)
class ProofCode(CodeInfo):
    """The meaning of the code of a finding; a code without a topic may have any."""

    kind: Kind
    severity: Severity = field(default=Factory(lambda self: self.kind.severity, takes_self=True))
    topic: Topic | None


def _code(kind: Kind, topic: Topic | None, vi: str, en: str, *hint: str) -> ProofCode:
    return ProofCode(
        kind=kind,
        topic=topic,
        text=Text(vi=vi, en=en),
        hint=Text(vi=hint[0], en=hint[1]) if hint else None,
    )


CODES: Final[Mapping[str, ProofCode]] = {
    "XP101": _code(
        Kind.FAULT,
        Topic.LEVELS,
        "Không ai đạt được mức '{level}'. {why}",
        "Nobody can reach the level '{level}'. {why}",
        "Kiểm tra điều kiện của mức và các yêu cầu chặn mức này.",
        "Check the condition of the level and the requirements that block it.",
    ),
    "XP102": _code(
        Kind.NOTE,
        Topic.LEVELS,
        "Có đối tượng đạt được mức '{level}'.",
        "The level '{level}' can be reached.",
    ),
    "XP103": _code(
        Kind.FAULT,
        Topic.LEVELS,
        "Mức '{level}' không bao giờ được công nhận: đối tượng nào đủ điều kiện cũng đạt mức cao "
        "hơn {better}.",
        "The level '{level}' is never awarded: every subject that meets it also reaches the "
        "better level {better}.",
        "Nâng ngưỡng của mức cao hơn, hoặc bỏ mức này.",
        "Raise the threshold of the better level, or remove this level.",
    ),
    "XP104": _code(
        Kind.FAULT,
        Topic.LEVELS,
        "Hai mức '{level}' và {better} luôn cùng đạt hoặc cùng không đạt.",
        "The levels '{level}' and {better} are always reached together or not at all.",
        "Đặt điều kiện khác nhau cho hai mức, hoặc bỏ một mức.",
        "Give the two levels different conditions, or remove one.",
    ),
    "XP105": _code(
        Kind.OPEN,
        Topic.LEVELS,
        "Không bộ dữ kiện đầy đủ nào chắc chắn đạt mức '{level}', vì có giá trị chưa có nguồn "
        "hoặc tỉ lệ 0/0.",
        "No complete facts reach the level '{level}' with certainty, because of unknown values or "
        "a share of 0/0.",
        "Khi tìm được văn bản nêu giá trị này, hãy ghi vào tệp thay cho 'unknown'.",
        "When a source gives the value, replace 'unknown' in the file.",
    ),
    "XP201": _code(
        Kind.FAULT,
        Topic.INDICATORS,
        "'{node}' không bao giờ làm thay đổi điểm: mọi đối tượng đều được 0 điểm.",
        "'{node}' never affects the points: every subject gets 0 points.",
        "Kiểm tra điều kiện, và 'min', 'max', 'at_most' của các đầu vào.",
        "Check its condition, and min, max and at_most of the inputs.",
    ),
    "XP202": _code(
        Kind.WARNING,
        Topic.INDICATORS,
        "Không đối tượng nào đạt đủ {points} điểm của '{node}'; nhiều nhất là {most}.",
        "Nobody can get all {points} points of '{node}'; the maximum is {most}.",
        "Sửa điểm tối đa, hoặc cách tính điểm.",
        "Correct the maximum points, or the scoring.",
    ),
    "XP203": _code(
        Kind.WARNING,
        Topic.INDICATORS,
        "'{node}' không áp dụng cho đối tượng nào.",
        "'{node}' does not apply to any subject.",
        "Kiểm tra 'applies_when'.",
        "Check applies_when.",
    ),
    "XP204": _code(
        Kind.WARNING,
        Topic.INDICATORS,
        "'{node}' không bao giờ ảnh hưởng đến mức: đạt trọn điểm hay không có điểm thì mức của "
        "mọi đối tượng vẫn như nhau.",
        "'{node}' never affects the level: with all of its points or none, every subject has the "
        "same level.",
        "Nếu chỉ để tham khảo, hãy ghi 'requirement: advisory'; nếu không, kiểm tra điểm và "
        "ngưỡng.",
        "If it is for reference only, write requirement: advisory; otherwise check points and "
        "thresholds.",
    ),
    "XP205": _code(
        Kind.OPEN,
        Topic.INDICATORS,
        "Không chắc các chỉ số này có ảnh hưởng đến mức, vì có giá trị chưa có nguồn hoặc tỉ lệ "
        "0/0: {nodes}.",
        "It is uncertain whether these indicators ever affect the level, because of unknown "
        "values or a share of 0/0: {nodes}.",
    ),
    "XP206": _code(
        Kind.NOTE,
        Topic.INDICATORS,
        "'{node}' quyết định mức của một số đối tượng.",
        "'{node}' affects the level of some subjects.",
    ),
    "XP301": _code(
        Kind.FAULT,
        Topic.BANDS,
        "Bậc thứ {at} của '{node}' không bao giờ được dùng: luôn có bậc trước đó đúng, hoặc điều "
        "kiện của bậc không thể đúng.",
        "Band {at} of '{node}' is never used: an earlier band always applies, or its condition "
        "can never be true.",
        "Đặt bậc khó đạt hơn lên trước, hoặc sửa điều kiện.",
        "Put the band that is harder to reach first, or correct its condition.",
    ),
    "XP302": _code(
        Kind.NOTE,
        Topic.BANDS,
        "Có đối tượng không thuộc bậc nào của '{node}' nên được 0 điểm.",
        "Some subjects are in no band of '{node}' and get 0 points.",
    ),
    "XP303": _code(
        Kind.WARNING,
        Topic.BANDS,
        "Ở '{node}' có đối tượng thuộc cả bậc {at} và bậc {later} nhiều điểm hơn, nhưng chỉ được "
        "điểm của bậc {at}.",
        "In '{node}' some subjects are in band {at} and in band {later} with more points, but get "
        "only the points of band {at}.",
        "Bậc đúng đầu tiên được tính; hãy đặt bậc nhiều điểm hơn lên trước.",
        "The first band whose condition is true counts; put the one with more points first.",
    ),
    "XP304": _code(
        Kind.NOTE,
        Topic.BANDS,
        "Ở '{node}' bậc {at} và bậc {later} có thể cùng đúng; bậc {at} nhiều điểm hơn được tính.",
        "In '{node}' bands {at} and {later} can both be true; band {at}, with more points, counts.",
    ),
    "XP305": _code(
        Kind.OPEN,
        Topic.BANDS,
        "Không chắc bậc thứ {at} của '{node}' có được dùng, vì có giá trị chưa có nguồn hoặc tỉ "
        "lệ 0/0.",
        "It is uncertain whether band {at} of '{node}' is ever used, because of unknown values or "
        "a share of 0/0.",
    ),
    "XP401": _code(
        Kind.FAULT,
        Topic.FLOORS,
        "Không đối tượng nào đáp ứng được {barrier} của '{node}'.",
        "Nobody can meet {barrier} of '{node}'.",
        "Hạ yêu cầu, hoặc sửa cách tính điểm.",
        "Lower the requirement, or correct the scoring.",
    ),
    "XP402": _code(
        Kind.NOTE,
        Topic.FLOORS,
        "Có đối tượng mất hoặc bị hạ mức chỉ vì {barrier} của '{node}'.",
        "Some subjects lose a level only because of {barrier} of '{node}'.",
    ),
    "XP403": _code(
        Kind.WARNING,
        Topic.FLOORS,
        "Không đối tượng nào thay đổi mức vì {barrier} của '{node}'.",
        "No level is ever affected by {barrier} of '{node}'.",
        "Nếu văn bản có quy định thì giữ nguyên; nếu không, có thể bỏ.",
        "If the legal document requires it, keep it; otherwise it can be removed.",
    ),
    "XP404": _code(
        Kind.OPEN,
        Topic.FLOORS,
        "Không chắc {barrier} của '{node}' có ảnh hưởng đến mức, vì có giá trị chưa có nguồn hoặc "
        "tỉ lệ 0/0.",
        "It is uncertain whether {barrier} of '{node}' ever affects a level, because of unknown "
        "values or a share of 0/0.",
    ),
    "XP501": _code(
        Kind.NOTE,
        Topic.THRESHOLDS,
        "Ngưỡng {mark} ({what}) của '{owner}' có thể đạt vừa đúng.",
        "The threshold {mark} ({what}) of '{owner}' can be reached exactly.",
    ),
    "XP502": _code(
        Kind.NOTE,
        Topic.THRESHOLDS,
        "Không đối tượng nào đạt vừa đúng ngưỡng {mark} ({what}) của '{owner}'; gần nhất là "
        "{nearest}.",
        "Nobody reaches the threshold {mark} ({what}) of '{owner}' exactly; the nearest values "
        "are {nearest}.",
    ),
    "XP601": _code(
        Kind.WARNING,
        Topic.SHARES,
        "Tỉ lệ ở '{owner}' có thể là 0/0: khi đó kết quả chưa xác định dù đã biết hết dữ kiện.",
        "A share in '{owner}' can be 0/0: the result is then uncertain although all facts are "
        "known.",
        "Đặt 'min: 1' cho mẫu số, hoặc 'applies_when: mẫu_số > 0'.",
        "Set min: 1 for the denominator, or use applies_when: denominator > 0.",
    ),
    "XP602": _code(
        Kind.WARNING,
        Topic.SHARES,
        "Tỉ lệ ở '{owner}' có thể vượt 100%: tử số có thể lớn hơn mẫu số.",
        "A share in '{owner}' can exceed 100%: the numerator can be greater than the denominator.",
        "Nếu tử số là một phần của mẫu số, hãy khai 'at_most'.",
        "If the numerator is a part of the denominator, declare at_most.",
    ),
    "XP701": _code(
        Kind.NOTE,
        Topic.EVIDENCE,
        "'{input}' tăng (hoặc chuyển từ không sang có) chỉ làm tăng điểm.",
        "An increase of '{input}' (or yes instead of no) only adds points.",
    ),
    "XP702": _code(
        Kind.NOTE,
        Topic.EVIDENCE,
        "'{input}' tăng chỉ làm giảm điểm, đúng như đã khai: đó là điểm trừ hoặc mẫu số của tỉ lệ.",
        "An increase of '{input}' only removes points, as declared: it is a deduction or the "
        "denominator of a share.",
    ),
    "XP703": _code(
        Kind.WARNING,
        Topic.EVIDENCE,
        "'{input}' tăng (hoặc chuyển từ không sang có) có thể làm giảm điểm, và không bao giờ làm "
        "tăng điểm.",
        "An increase of '{input}' (or yes instead of no) can remove points, and never adds any.",
        "Nếu đúng với văn bản thì giữ nguyên; nếu không, kiểm tra dấu so sánh.",
        "If the legal document intends this, keep it; otherwise check the comparison.",
    ),
    "XP704": _code(
        Kind.WARNING,
        Topic.EVIDENCE,
        "'{input}' tăng (hoặc chuyển từ không sang có) có lúc làm tăng, có lúc làm giảm điểm.",
        "An increase of '{input}' (or yes instead of no) adds points for some subjects and "
        "removes points for others.",
        "Nếu đúng với văn bản thì giữ nguyên; nếu không, kiểm tra các bậc và dấu so sánh.",
        "If the legal document intends this, keep it; otherwise check bands and comparisons.",
    ),
    "XP705": _code(
        Kind.NOTE,
        Topic.EVIDENCE,
        "'{input}' không bao giờ chắc chắn làm thay đổi điểm.",
        "'{input}' never changes the points with certainty.",
    ),
    "XP901": _code(
        Kind.UNDECIDED,
        None,
        "Chưa kết luận được ({topic}, '{subject}'): khối lượng tính toán quá lớn.",
        "Not decided ({topic}, '{subject}'): an exact answer needs too much computation.",
        "Hãy chia tiêu chí hoặc điều kiện này thành các phần nhỏ hơn.",
        "Divide the criterion or condition into smaller parts.",
    ),
}
"""All codes, in order."""

register_codes(CODES)


UNDECIDED_PRODUCT: Final = Text(
    vi="Hai đầu vào được nhân với nhau; hãy đặt 'max' cho các số, hoặc viết điều kiện đơn giản "
    "hơn.",
    en="Two inputs are multiplied; set 'max' for the numbers, or simplify the condition.",
)
UNDECIDED_REDISTRIBUTION: Final = Text(
    vi="Điểm của tiêu chí không áp dụng được chia lại cho các tiêu chí khác, mỗi trường hợp một "
    "cách; hãy chia nhóm thành các nhóm nhỏ hơn.",
    en="The points of criteria that do not apply go to others, differently in each case; divide "
    "the group into smaller ones.",
)
"""What to do about `XP901`, by its cause."""
