"""The codes of issues in scoring forms, with their messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xhht.issues import CodeInfo, register_codes
from xhht.text import Text

__all__ = ["FORM_CODES"]


def _error(vi: str, en: str) -> CodeInfo:
    return CodeInfo(text=Text(vi=vi, en=en))


FORM_CODES: Final[Mapping[str, CodeInfo]] = {
    "form_missing_lines": _error(
        "biểu thiếu các dòng {ids}; nếu muốn bỏ, hãy xóa trong tệp YAML",
        "lines missing in the form: {ids}; to remove them, delete them in the YAML file",
    ),
    "form_new_line": _error(
        "dòng này không có trong bộ tiêu chí kèm theo; hãy thêm vào tệp YAML",
        "this line is not in the embedded profile; add it to the YAML file",
    ),
    "form_no_name": _error(
        "dòng này có điểm nhưng thiếu tên tiêu chí hoặc chỉ số; vui lòng ghi tên",
        "this row has points but no name of a criterion or indicator; enter the name",
    ),
    "form_no_points": _error(
        "chỉ số thiếu điểm tối đa; vui lòng ghi điểm rồi nhập lại",
        "the indicator has no maximum points; enter them and import again",
    ),
    "form_not_a_number": _error(
        "ô điểm không phải là một số; vui lòng ghi một số, như 10 hoặc 7,5",
        "the points are not a single number; enter one, such as 10 or 7.5",
    ),
    "form_points_changed": _error(
        "điểm đã đổi, nhưng cách chấm của chỉ số này phụ thuộc vào điểm; hãy sửa trong tệp YAML",
        "the points were changed, but the scoring of this indicator depends on them; change it "
        "in the YAML file",
    ),
    "form_points_not_positive": _error(
        "điểm tối đa phải lớn hơn 0; điểm trừ phải viết trong tệp YAML vì biểu không nêu điều "
        "kiện trừ",
        "the maximum points must be above 0; write deductions in the YAML file, as a form does "
        "not give their conditions",
    ),
    "form_scoring_changed": _error(
        "cách chấm đã đổi; biểu chỉ đổi được điều kiện 'met_when'; hãy sửa trong tệp YAML",
        "the scoring was changed, but a form can change only 'met_when'; change it in the YAML "
        "file",
    ),
    "form_wrong_total": _error(
        "ở đây ghi {stated}, nhưng tổng điểm các chỉ số là {sum}; vui lòng kiểm tra các dòng",
        "the form states {stated}, but the indicators add up to {sum}; check the rows",
    ),
}
"""All codes, in order."""

register_codes(FORM_CODES)
