"""All diagnostic codes with their messages; the meaning of a published code never changes.

`XH1xx` YAML and structure, `XH2xx` names and types, `XH3xx` points and levels
(from `XH385` definitions, lists of options and entries of changes), `XH4xx` meaning,
`XH5xx` provenance and dates, `XH6xx` overlays, `XH7xx` targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xhht.criteria import document as doc
from xhht.criteria.target_document import DENOMINATOR
from xhht.issues import CodeInfo, Severity, register_codes
from xhht.text import Text

__all__ = ["CODES", "DID_YOU_MEAN", "PUT_IN_QUOTES", "VALUE_KINDS", "pattern_description"]

PUT_IN_QUOTES: Final = Text(
    vi='Đặt lựa chọn trong dấu nháy: "{word}".', en='Put the option in quotes: "{word}".'
)
DID_YOU_MEAN: Final = Text(vi="Có phải ý bạn là '{word}'?", en="Did you mean '{word}'?")

VALUE_KINDS: Final[Mapping[str, Text]] = {
    "assessed": Text(vi="điểm chấm", en="awarded points"),
    "bool": Text(vi="giá trị có/không", en="yes or no"),
    "choice": Text(vi="lựa chọn", en="a choice"),
    "condition": Text(vi="điều kiện", en="a condition"),
    "count": Text(vi="số đếm", en="a count"),
    "date": Text(vi="ngày", en="a date"),
    "decimal": Text(vi="số thập phân", en="a decimal"),
    "fraction": Text(vi="tỉ lệ", en="a share"),
    "list": Text(vi="danh sách", en="a list"),
    "mapping": Text(vi="các khóa và giá trị", en="keys and values"),
    "number": Text(vi="số", en="a number"),
    "share": Text(vi="tỉ lệ", en="a share"),
    "text": Text(vi="văn bản", en="text"),
}
"""Names for kinds of value in the `expected` and `found` fields of messages."""


_FORMS: Final[Mapping[str, Text]] = {
    doc.IDENTIFIER: Text(
        vi="chữ thường không dấu, chữ số và _, bắt đầu bằng chữ, nhiều nhất 64 ký tự: "
        "ví dụ has_plan",
        en="lowercase letters without accents, digits and _, starting with a letter, at most 64 "
        "characters, for example has_plan",
    ),
    doc.PROFILE_ID: Text(
        vi="các phần gồm chữ thường không dấu, chữ số, - và _, nối bằng dấu chấm: ví dụ "
        "vn.unit.tt22-2020",
        en="parts of lowercase letters without accents, digits, - and _, joined by dots, for "
        "example vn.unit.tt22-2020",
    ),
    doc.VERSION: Text(
        vi='ba số nối bằng dấu chấm: ví dụ "1.0.0"',
        en='three numbers joined by dots, for example "1.0.0"',
    ),
    doc.NODE_ID: Text(
        vi="nhiều nhất 8 phần nối bằng dấu chấm, mỗi phần nhiều nhất 16 chữ không dấu, chữ số, - "
        'và _: ví dụ "1.2" hoặc "2a"',
        en="at most 8 parts joined by dots, each of at most 16 letters without accents, digits, - "
        'and _, for example "1.2" or "2a"',
    ),
    doc.REFERENCE: Text(
        vi="mã bộ tiêu chí, dấu @ và phiên bản: ví dụ vn.unit.tt22-2020@2.0.0",
        en="a profile id, @ and its version, for example vn.unit.tt22-2020@2.0.0",
    ),
    doc.AREA_CODE: Text(
        vi='mã khu vực gồm chữ không dấu, chữ số, dấu chấm, - và _: ví dụ "60"',
        en='an area code of letters without accents, digits, dots, - and _, for example "60"',
    ),
    doc.OVERRIDE_PATH: Text(
        vi="các khóa và mã nối bằng dấu /: ví dụ criteria/2.4/met_when",
        en="keys and ids joined by /, for example criteria/2.4/met_when",
    ),
    doc.PART: Text(
        vi="tỷ lệ phần trăm dưới 100%, viết với dấu chấm thập phân: ví dụ 75% hoặc 66.67%",
        en="a percentage below 100%, with a decimal point, for example 75% or 66.67%",
    ),
    DENOMINATOR: Text(
        vi="of_total (trên tổng số), of_registered (trên số đăng ký) hoặc of_assessed (trên số "
        "được đánh giá)",
        en="of_total, of_registered or of_assessed",
    ),
    doc.MONTH_DAY: Text(
        vi='tháng và ngày, mỗi phần hai chữ số: ví dụ "03-31"',
        en='month and day, two digits each, for example "03-31"',
    ),
    doc.URL: Text(
        vi="địa chỉ bắt đầu bằng https:// hoặc http://, không có dấu cách: ví dụ "
        "https://vanban.chinhphu.vn",
        en="an address that starts with https:// or http://, without spaces, for example "
        "https://vanban.chinhphu.vn",
    ),
}


def pattern_description(pattern: str) -> Text:
    """Return a description of a text pattern, with an example."""
    return _FORMS[pattern]


def _error(vi: str, en: str, hint_vi: str = "", hint_en: str = "") -> CodeInfo:
    return _info(Severity.ERROR, vi, en, hint_vi, hint_en)


def _warning(vi: str, en: str, hint_vi: str = "", hint_en: str = "") -> CodeInfo:
    return _info(Severity.WARNING, vi, en, hint_vi, hint_en)


def _info(severity: Severity, vi: str, en: str, hint_vi: str, hint_en: str) -> CodeInfo:
    hint = Text(vi=hint_vi, en=hint_en) if hint_en else None
    return CodeInfo(severity=severity, text=Text(vi=vi, en=en), hint=hint)


_STRUCTURE = {
    "XH101": _error(
        "YAML không hợp lệ: {problem}.",
        "Invalid YAML: {problem}.",
        "Kiểm tra thụt lề, dấu hai chấm và dấu nháy ở dòng này và dòng trên.",
        "Check the indentation, colons and quotes on this line and the line above.",
    ),
    "XH102": _error(
        "Tệp lớn hơn {limit} byte.",
        "The file is larger than {limit} bytes.",
        "Một bộ tiêu chí thường chỉ dài vài trăm dòng; vui lòng kiểm tra đúng tệp chưa.",
        "A profile is usually a few hundred lines long; check that this is the right file.",
    ),
    "XH103": _error(
        "Tệp không được mã hóa UTF-8.",
        "The file is not encoded in UTF-8.",
        "Lưu lại tệp với mã UTF-8.",
        "Save the file as UTF-8.",
    ),
    "XH104": _error(
        "Khóa '{key}' bị trùng; lần đầu ở dòng {line}.",
        "Duplicate key '{key}'; first defined on line {line}.",
        "Giữ lại một khóa.",
        "Keep only one of them.",
    ),
    "XH105": _error(
        "Không được dùng neo và bí danh YAML ({found}).",
        "YAML anchors and aliases are not allowed ({found}).",
        "Viết đầy đủ giá trị ở từng chỗ.",
        "Write the value in full at each place.",
    ),
    "XH106": _error(
        "Không được dùng thẻ YAML ({found}).",
        "YAML tags are not allowed ({found}).",
        "Bỏ thẻ này.",
        "Remove the tag.",
    ),
    "XH107": _error(
        "Văn bản '{found}' không có dấu nháy nên chương trình khác sẽ đọc thành giá trị khác.",
        "Other programs read the unquoted text '{found}' as a different value.",
        'Đặt trong dấu nháy: "{found}".',
        'Put it in quotes: "{found}".',
    ),
    "XH108": _error(
        "'{found}' không phải số viết ở dạng thập phân thông thường.",
        "'{found}' is not a plain decimal number.",
        "Viết như 10 hoặc 0.5: không số mũ, không gạch dưới, không số 0 thừa, không dấu phẩy.",
        "Write 10 or 0.5, without an exponent, underscores, extra zeros or commas.",
    ),
    "XH109": _error(
        "Khóa '{key}' không hợp lệ ở đây.",
        "Unknown key '{key}'.",
        "Các khóa được phép: {known}.",
        "Allowed keys: {known}.",
    ),
    "XH110": _error(
        "Thiếu khóa '{key}'.", "Missing key '{key}'.", "Thêm '{key}: …'.", "Add '{key}: …'."
    ),
    "XH111": _error(
        "Sai loại giá trị; ở đây cần {expected}.",
        "Wrong kind of value; expected {expected}.",
        "Khóa và giá trị viết 'khóa: giá trị'; mỗi mục của danh sách bắt đầu bằng '-'; văn bản "
        "là một giá trị đơn.",
        "Keys and values are written 'key: value'; each entry of a list starts with '-'; text is "
        "a single value.",
    ),
    "XH112": _error(
        "Tệp lồng nhau quá {limit} tầng.",
        "The file is nested deeper than {limit} levels.",
        "Tách bớt các tầng.",
        "Use fewer levels.",
    ),
    "XH113": _error(
        "Tệp trống.", "The file is empty.", "Bắt đầu bằng 'format: 1'.", "Start with 'format: 1'."
    ),
    "XH114": _error(
        "Mỗi tệp chỉ được chứa một bộ tiêu chí.",
        "A file must contain only one profile.",
        "Chuyển phần sau '---' sang tệp khác.",
        "Move everything after '---' to another file.",
    ),
    "XH115": _error(
        "Giá trị '{found}' không đúng định dạng.",
        "'{found}' has an invalid format.",
        "Định dạng cần có: {form}.",
        "Expected format: {form}.",
    ),
    "XH116": _error(
        "'{found}' không phải ngày hợp lệ.",
        "'{found}' is not a valid date.",
        "Viết theo dạng năm-tháng-ngày, ví dụ 2020-09-21.",
        "Write dates as YYYY-MM-DD, for example 2020-09-21.",
    ),
    "XH117": _error(
        "Giá trị '{found}' không phải 'true' (đúng) hay 'false' (sai).",
        "'{found}' is neither true nor false.",
        "Viết 'true' hoặc 'false', không có dấu nháy.",
        "Write 'true' or 'false', without quotes.",
    ),
    "XH118": _warning(
        "Văn bản không ở dạng Unicode NFC hoặc có ký tự ẩn, khoảng trắng thừa.",
        "The text is not in Unicode NFC, or contains hidden characters or extra spaces.",
        "Lưu lại văn bản ở dạng NFC (dựng sẵn).",
        "Save the text in NFC (precomposed) form.",
    ),
    "XH119": _error(
        "Nhãn cần có cả tiếng Việt và tiếng Anh.",
        "A label needs both Vietnamese and English text.",
        "Viết {{vi: …, en: …}}.",
        "Write {{vi: …, en: …}}.",
    ),
    "XH120": _error(
        "Giá trị '{found}' không hợp lệ.",
        "'{found}' is not an allowed value.",
        "Các giá trị được phép: {known}.",
        "Allowed values: {known}.",
    ),
    "XH121": _error(
        "Ở đây phải có ít nhất một mục.",
        "At least one entry is required here.",
        "Thêm một mục hoặc bỏ khóa này.",
        "Add an entry or remove the key.",
    ),
    "XH122": _error(
        "Ở đây phải có đúng một trong các khóa: {keys}.",
        "Exactly one of these keys is required here: {keys}.",
        "Giữ lại một khóa, hoặc thêm khóa còn thiếu.",
        "Keep only one of them, or add the missing one.",
    ),
    "XH123": _error(
        "Chỉ số chưa có cách tính điểm.",
        "The indicator has no scoring rule.",
        "Thêm một trong các khóa: {keys}.",
        "Add one of these keys: {keys}.",
    ),
    "XH124": _error(
        "Không hỗ trợ định dạng {found}; phiên bản này chỉ đọc định dạng 1 ('format: 1').",
        "Format {found} is not supported; this version reads only format 1.",
        "Cập nhật xhht, hoặc viết lại tệp theo định dạng 1; phần còn lại của tệp chưa được kiểm "
        "tra.",
        "Update xhht, or rewrite the file in format 1; the rest of the file was not checked.",
    ),
    "XH125": _error(
        "Chỉ số nằm ngay dưới 'criteria'; chỉ số phải nằm trong 'indicators' của một tiêu chí.",
        "An indicator is placed directly under 'criteria'; it must be in the 'indicators' of a "
        "criterion.",
        'Viết {{id: "1", indicators: [{{id: "1.1", …}}]}}.',
        'Write {{id: "1", indicators: [{{id: "1.1", …}}]}}.',
    ),
}

_NAMES = {
    "XH201": _error(
        "Điều kiện sai cú pháp.",
        "The condition has invalid syntax.",
        'Ví dụ đúng: "share(a, b) >= 70% and has_plan".',
        'A valid example: "share(a, b) >= 70% and has_plan".',
    ),
    "XH202": _error(
        "Tên '{found}' chưa được khai báo.",
        "The name '{found}' is not declared.",
        "Khai báo '{found}' trong 'inputs' hoặc 'values', hoặc sửa lại tên.",
        "Declare '{found}' in 'inputs' or 'values', or correct the name.",
    ),
    "XH203": _error(
        "Không dùng được '{found}' trong điều kiện.",
        "'{found}' is not supported in conditions.",
        "Chỉ dùng so sánh, 'and', 'or', 'not', + - *, 'if … else', 'share', 'min', 'max', 'sum'.",
        "Use only comparisons, 'and', 'or', 'not', + - *, 'if … else', 'share', 'min', 'max', "
        "'sum'.",
    ),
    "XH204": _error(
        "Sai kiểu: cần {expected}, nhưng gặp {found}.",
        "Wrong type: expected {expected}, found {found}.",
        "So sánh số với số, tỉ lệ với phần trăm (80%) hoặc số từ 0 đến 1, ngày với ngày.",
        "Compare numbers with numbers, shares with percentages (80%) or numbers from 0 to 1, "
        "dates with dates.",
    ),
    "XH205": _error(
        "{found} không phải lựa chọn của '{input}'.",
        "{found} is not an option of '{input}'.",
        "Các lựa chọn được phép, viết trong dấu nháy: {choices}.",
        "Allowed options, in quotes: {choices}.",
    ),
    "XH206": _error(
        "Không có hàm '{found}'.",
        "Unknown function '{found}'.",
        "Các hàm được phép: {known}.",
        "Allowed functions: {known}.",
    ),
    "XH207": _error(
        "'{found}' được gọi với số tham số hoặc kiểu tham số sai.",
        "'{found}' is called with the wrong number or type of arguments.",
        'Ví dụ: share(a, b), min(a, b), points_of("2"), percent_of("2"), met("1.1").',
        'Examples: share(a, b), min(a, b), points_of("2"), percent_of("2"), met("1.1").',
    ),
    "XH208": _error(
        "Không có tiêu chí '{found}'.",
        "Unknown criterion '{found}'.",
        "Dùng mã ('id') của một tiêu chí hoặc chỉ số trong tệp.",
        "Use the id of a criterion or indicator in this file.",
    ),
    "XH209": _error(
        "Tỉ lệ chỉ dùng để so sánh, không dùng để tính tiếp.",
        "A share can only be compared; it cannot be used in calculations.",
        "Viết share(a, b) >= 70%.",
        "Write share(a, b) >= 70%.",
    ),
    "XH210": _error(
        "'{found}' không phải số viết ở dạng thập phân thông thường.",
        "'{found}' is not a plain decimal number.",
        "Viết như 10, 0.5 hoặc 62.5%.",
        "Write 10, 0.5 or 62.5%.",
    ),
    "XH211": _error(
        "Điều kiện quá dài hoặc lồng quá nhiều tầng (giới hạn: {limit}).",
        "The condition is too long or too deeply nested (limit: {limit}).",
        "Tách thành nhiều chỉ số.",
        "Split it into several indicators.",
    ),
    "XH212": _error(
        "'{found}' chỉ dùng được trong điều kiện của các mức ('levels').",
        "'{found}' can only be used in the condition of a level.",
        "Chuyển điều kiện này sang 'levels'.",
        "Move the condition to 'levels'.",
    ),
    "XH214": _error(
        "'{found}' không phải ngày hợp lệ.",
        "'{found}' is not a valid date.",
        'Viết theo dạng năm-tháng-ngày, ví dụ "2020-09-21".',
        'Write dates as YYYY-MM-DD, for example "2020-09-21".',
    ),
    "XH215": _error(
        "Chỉ so sánh được 'percent' với một tỉ lệ phần trăm cố định.",
        "'percent' can only be compared with a fixed percentage.",
        "Viết 'percent >= 80%'.",
        "Write 'percent >= 80%'.",
    ),
    "XH216": _error(
        "'unknown' (chưa rõ) không dùng để tính toán.",
        "'unknown' cannot be used in calculations.",
        "Viết 'points >= unknown', hoặc chỉ 'unknown'.",
        "Write 'points >= unknown', or only 'unknown'.",
    ),
    "XH220": _error(
        "Mã '{id}' bị trùng; lần đầu ở dòng {line}.",
        "Duplicate id '{id}'; first defined on line {line}.",
        "Đặt cho mỗi tiêu chí và chỉ số một mã riêng.",
        "Give each criterion and indicator a unique id.",
    ),
    "XH221": _error(
        "'{name}' là từ dành riêng của ngôn ngữ điều kiện, không dùng làm tên đầu vào, giá "
        "trị hay định nghĩa được.",
        "'{name}' is a reserved word of the condition language and cannot name an input, a value "
        "or a definition.",
        "Chọn tên khác.",
        "Choose another name.",
    ),
    "XH222": _error(
        "Mức '{id}' bị trùng.",
        "Duplicate level '{id}'.",
        "Đặt cho mỗi mức một mã riêng.",
        "Give each level a unique id.",
    ),
    "XH223": _error(
        "Các giới hạn 'at_most' tạo thành vòng lặp.",
        "The 'at_most' limits form a cycle.",
        "Bỏ một trong các 'at_most'.",
        "Remove one of these 'at_most' keys.",
    ),
    "XH224": _error(
        "'{found}' không cùng kiểu và bước nên không làm giới hạn được.",
        "'{found}' has a different type or step and cannot be the limit.",
        "'at_most' phải trỏ đến đầu vào cùng kiểu và cùng số chữ số thập phân.",
        "'at_most' must name an input of the same type with the same number of decimal places.",
    ),
    "XH225": _error(
        "Đầu vào chấm điểm '{name}' chưa có điểm tối đa.",
        "The assessed input '{name}' has no maximum.",
        "Thêm 'max: …'.",
        "Add 'max: …'.",
    ),
    "XH226": _error(
        "Đầu vào thập phân '{name}' chưa khai báo số chữ số thập phân.",
        "The decimal input '{name}' does not declare its number of decimal places.",
        "Thêm 'places: …'.",
        "Add 'places: …'.",
    ),
    "XH227": _error(
        "Đầu vào lựa chọn '{name}' chưa có danh sách lựa chọn.",
        "The choice input '{name}' has no options.",
        "Thêm 'choices: {{a: {{vi: …, en: …}}}}'.",
        "Add 'choices: {{a: {{vi: …, en: …}}}}'.",
    ),
    "XH228": _error(
        "Khóa '{key}' không dùng cho kiểu '{type}'.",
        "The key '{key}' is not allowed for type '{type}'.",
        "Bỏ khóa này hoặc đổi kiểu.",
        "Remove the key or change the type.",
    ),
    "XH229": _error(
        "'proportional' (tính điểm theo tỉ lệ) cần một tỉ lệ.",
        "'proportional' requires a share.",
        "Viết 'share(a, b)', tên một đầu vào kiểu 'share' (tỉ lệ) hoặc một giá trị là phần trăm.",
        "Write 'share(a, b)', the name of an input of type 'share' or of a value in percent.",
    ),
    "XH230": _error(
        "'per_item' (tính điểm theo từng mục) chỉ đếm các đầu vào kiểu 'count' (số đếm).",
        "'per_item' counts only inputs of type 'count'.",
        "Viết tên một đầu vào kiểu 'count' hoặc tổng của chúng; số hoặc giá trị viết kèm phải là "
        "số nguyên, xác định vào mọi ngày.",
        "Write the name of an input of type 'count', or a sum of such inputs; a number or value "
        "used with them must be whole and known on every day.",
    ),
    "XH231": _error(
        "'{found}' không phải một mức thấp hơn.",
        "'{found}' is not a lower level.",
        "'level' trong 'requires' phải là mã của một mức đứng sau trong 'levels'.",
        "'level' in 'requires' must be the id of a later entry in 'levels'.",
    ),
    "XH232": _error(
        "'{found}' không phải đầu vào kiểu 'date' (ngày).",
        "'{found}' is not an input of type 'date'.",
        "'since' trong 'requires' phải là đầu vào cho biết ngày công nhận mức thấp hơn.",
        "'since' in 'requires' must name the input with the day on which the lower level was "
        "recognised.",
    ),
    "XH233": _warning(
        "Đầu vào '{name}' không được sử dụng.",
        "The input '{name}' is not used.",
        "Dùng nó trong một điều kiện hoặc bỏ đi.",
        "Use it in a condition or remove it.",
    ),
    "XH234": _error(
        "'take: {take}' cần đầu vào kiểu '{type}', khác kiểu đã ghi.",
        "'take: {take}' requires an input of type '{type}'.",
        "Ghi 'type: {type}' hoặc đổi 'take'.",
        "Write 'type: {type}', or change 'take'.",
    ),
    "XH235": _error(
        "Không dùng khóa '{key}' cho đầu vào lấy từ thành viên.",
        "The key '{key}' is not allowed for an input taken from members.",
        "Bỏ khóa này: giá trị do kết quả của các thành viên quyết định.",
        "Remove the key; the results of the members determine the value.",
    ),
    "XH236": _error(
        "'level' trong 'members' chỉ dùng khi 'held' là 'recognised' (được công nhận).",
        "'level' in 'members' is allowed only if 'held' is 'recognised'.",
        "Bỏ 'level' hoặc bỏ 'held'.",
        "Remove 'level' or 'held'.",
    ),
    "XH237": _error(
        "'held' là bước đứng trước 'over', nên mọi thành viên thuộc 'over' đều đã đạt bước này.",
        "'held' is an earlier step than 'over', so every member counted by 'over' has reached it.",
        "Thứ tự các bước: total, registered, assessed, recognised "
        "(tổng số, đăng ký, được đánh giá, được công nhận).",
        "The steps are, in order: total, registered, assessed, recognised.",
    ),
    "XH238": _error(
        "Không giá trị nào thỏa mãn 'at_most': '{name}' ít nhất là {low}, nhưng '{larger}' nhiều "
        "nhất là {high}.",
        "No values satisfy 'at_most': '{name}' is at least {low}, but '{larger}' is at most "
        "{high}.",
        "Sửa 'min' của '{name}' hoặc 'max' của '{larger}'.",
        "Correct 'min' of '{name}', or 'max' of '{larger}'.",
    ),
    "XH239": _error(
        "Các bộ tiêu chí phụ thuộc lẫn nhau thành vòng qua '{key}': {circle}.",
        "Profiles depend on one another in a cycle through '{key}': {circle}.",
        "Bỏ một đầu vào có '{key}' trên vòng này, hoặc dùng 'applies_to' để giới hạn.",
        "Remove one input with '{key}' from the cycle, or restrict it with 'applies_to'.",
    ),
    "XH240": _error(
        "Tên '{name}' vừa là đầu vào vừa là giá trị.",
        "'{name}' is both an input and a value.",
        "Đổi tên giá trị trong 'values' và ở các điều kiện dùng nó.",
        "Rename the value in 'values' and in the conditions that use it.",
    ),
    "XH241": _error(
        "Các ngày của '{name}' phải tăng dần: {day} không sau {before}.",
        "The days of '{name}' must be in ascending order: {day} is not after {before}.",
        "Xếp các mục theo ngày, mỗi ngày một mục.",
        "Sort the entries by day, with one entry for each day.",
    ),
    "XH242": _error(
        "Các mục của một giá trị phải cùng kiểu: mục đầu là {expected}, mục này là {found}.",
        "All entries of a value must be of the same kind: the first is {expected}, this one is "
        "{found}.",
        "Viết tất cả là số, tất cả là phần trăm (70%) hoặc tất cả là ngày; 'unknown' đi với mọi "
        "kiểu.",
        "Write only numbers, only percentages (70%) or only dates; 'unknown' is allowed with any "
        "of them.",
    ),
    "XH243": _warning(
        "Giá trị '{name}' không được sử dụng.",
        "The value '{name}' is not used.",
        "Dùng nó trong một điều kiện hoặc bỏ đi.",
        "Use it in a condition or remove it.",
    ),
    "XH244": _error(
        "'{found}' không phải số, phần trăm, ngày hay 'unknown' (chưa rõ).",
        "'{found}' is not a number, percentage, date or 'unknown'.",
        "Viết như 80, 0.5, 70%, \"2025-01-01\", hoặc 'unknown' khi không nguồn nào cho biết.",
        "Write 80, 0.5, 70%, \"2025-01-01\", or 'unknown' if no source gives the value.",
    ),
}

_POINTS = {
    "XH301": _error(
        "{found} điểm không phải là bội số của bước điểm {grid}.",
        "{found} points are not a multiple of the grid step {grid}.",
        "Dùng bội số của {grid} hoặc đổi 'grid'.",
        "Use a multiple of {grid}, or change 'grid'.",
    ),
    "XH302": _error(
        "Số có quá nhiều chữ số.",
        "The number has too many digits.",
        "Dùng tối đa 12 chữ số; điểm, kể cả khi cộng lại, tối đa 15 chữ số tính theo bước của "
        "'grid' hoặc của số thập phân nhỏ nhất.",
        "Use at most 12 digits; points, including their sums, have at most 15 digits, counted in "
        "steps of 'grid' or of the finest decimal.",
    ),
    "XH303": _error(
        "'{what}' ({meaning}) cần khai báo cách làm tròn.",
        "'{what}' ({meaning}) requires a declared rounding.",
        "Thêm '{key}: {{step: 1, mode: half_up}}'.",
        "Add '{key}: {{step: 1, mode: half_up}}'.",
    ),
    "XH305": _error(
        "Bậc {found} điểm nằm ngoài khoảng điểm của chỉ số ({points}).",
        "A band of {found} points is outside the range of the indicator's points ({points}).",
        "Sửa điểm của bậc hoặc của chỉ số.",
        "Correct the points of the band or of the indicator.",
    ),
    "XH306": _error(
        "Điểm tối đa của đầu vào ({found}) khác điểm của chỉ số ({points}).",
        "The maximum of the input ({found}) differs from the points of the indicator ({points}).",
        "Cho hai số bằng nhau.",
        "Make the two numbers equal.",
    ),
    "XH307": _error(
        "Bộ tiêu chí có 'na_policy: drop' (bỏ điểm của mục không áp dụng) thì mức không dùng "
        "ngưỡng điểm tuyệt đối.",
        "A profile with 'na_policy: drop' cannot use an absolute number of points as the "
        "threshold of a level.",
        "Viết 'percent >= 80%' thay cho 'points >= 80'.",
        "Write 'percent >= 80%' instead of 'points >= 80'.",
    ),
    "XH308": _error(
        "Điểm sàn ({found}) cao hơn điểm tối đa ({points}).",
        "The floor ({found}) is above the maximum points ({points}).",
        "Hạ điểm sàn.",
        "Lower the floor.",
    ),
    "XH311": _error(
        "Chỉ số tính điểm bằng '{key}' phải có điểm.",
        "An indicator scored by '{key}' must have points.",
        "Thêm 'points: …'.",
        "Add 'points: …'.",
    ),
    "XH312": _error(
        "{points} điểm không chia hết cho bước làm tròn {step}.",
        "{points} points are not a multiple of the rounding step {step}.",
        "Chọn bước nhỏ hơn trong 'rounding' của tiêu chí.",
        "Choose a smaller step in 'rounding' of the criterion.",
    ),
    "XH314": _error(
        "Khóa '{key}' không có tác dụng ở đây.",
        "The key '{key}' has no effect here.",
        "'weight' chỉ dùng với 'weighted_mean' (trung bình có trọng số); 'rounding' với "
        "'weighted_mean', 'factor' hoặc khi một mục ngay bên dưới là 'redistribute' (chia lại "
        "điểm); "
        "'all_absent' chỉ khi mọi mục chia điểm với nhau đều có thể không áp dụng; 'not_below' chỉ "
        "khi điểm có thể thấp hơn.",
        "'weight' is used only with 'weighted_mean'; 'rounding' with 'weighted_mean', 'factor', or "
        "if an entry directly below is 'redistribute'; 'all_absent' only if all entries that share "
        "points may not apply; 'not_below' only if the points could be lower.",
    ),
    "XH315": _error(
        "Giới hạn dưới ('min') lớn hơn giới hạn trên ('max').",
        "The lower limit ('min') is above the upper limit ('max').",
        "Sửa một trong hai giới hạn.",
        "Correct one of the limits.",
    ),
    "XH316": _error(
        "Có '{given}' nhưng thiếu '{missing}'.",
        "'{given}' is given, but '{missing}' is missing.",
        "Thêm '{missing}'; 'na_policy' là 'full' (đủ điểm), 'zero' (0 điểm), 'drop' (bỏ điểm) hoặc "
        "'redistribute' (chia lại điểm).",
        "Add '{missing}'; 'na_policy' is 'full', 'zero', 'drop' or 'redistribute'.",
    ),
    "XH317": _error(
        "Số này nằm ngoài khoảng cho phép.",
        "The number is outside the allowed range.",
        "'step', 'grid' và 'weight' phải dương; hệ số trên 0, đến 1000; 'places' từ 0 đến 9; số "
        "tháng từ 0 đến 1200.",
        "'step', 'grid' and 'weight' must be above 0; factors above 0, at most 1000; 'places' from "
        "0 to 9; months from 0 to 1200.",
    ),
    "XH318": _error(
        "Giới hạn không phải bội số của {step}.",
        "The limit is not a multiple of {step}.",
        "Sửa giới hạn hoặc 'places' (số chữ số thập phân).",
        "Correct the limit or 'places' (the number of decimal places).",
    ),
    "XH319": _error(
        "Giới hạn của tỉ lệ phải từ 0 đến 1.",
        "The limits of a share must be from 0 to 1.",
        "Viết 0.7 cho 70%.",
        "Write 0.7 for 70%.",
    ),
    "XH320": _error(
        "Số đếm không được âm.",
        "A count must not be negative.",
        "Dùng kiểu 'decimal' (số thập phân) nếu cần số âm.",
        "Use type 'decimal' if negative numbers are needed.",
    ),
    "XH321": _error(
        "Điểm khai báo ({found}) khác điểm tính từ các mục ({sum}).",
        "The declared points ({found}) differ from the points computed from the entries ({sum}).",
        "Sửa một trong hai.",
        "Correct one of them.",
    ),
    "XH322": _error(
        "Mục chỉ để tham khảo ('advisory') không được có điểm sàn.",
        "An advisory criterion must not have a floor.",
        "Bỏ 'floor' hoặc đổi 'requirement'.",
        "Remove 'floor' or change 'requirement'.",
    ),
    "XH323": _error(
        "'each' (điểm mỗi mục) phải khác 0 và cùng dấu với 'points'.",
        "'each' must not be 0 and must have the same sign as 'points'.",
        "Sửa 'each'.",
        "Correct 'each'.",
    ),
    "XH324": _error(
        "Mọi mục ở đây đều chỉ để tham khảo ('advisory'), nên không có gì để tính điểm.",
        "All entries here are advisory, so there is nothing to score.",
        "Để ít nhất một mục được tính; nếu cả tiêu chí chỉ để tham khảo, ghi 'requirement: "
        "advisory' ở chính tiêu chí đó và bỏ ở các mục bên dưới.",
        "At least one entry must count; if the whole criterion is advisory, write 'requirement: "
        "advisory' on the criterion itself and remove it from the entries below.",
    ),
    "XH325": _error(
        "Mục này không nhận được điểm chia lại ('redistribute'): 'worst_of' có mục 'drop' bên "
        "trong nên có thể đạt nhiều hơn điểm tối đa của chính nó.",
        "This criterion cannot receive redistributed points: a 'worst_of' with a 'drop' entry "
        "below it may earn more than its own maximum.",
        "Đổi 'na_policy' của mục bên dưới, hoặc tách 'worst_of' và 'redistribute' ra hai nhánh.",
        "Change 'na_policy' of the entry below, or put 'worst_of' and 'redistribute' into "
        "separate branches.",
    ),
    "XH340": _error(
        "Chỉ số có điều kiện theo mức ('met_by_level') không có điểm, nhưng ghi {found} điểm.",
        "An indicator with 'met_by_level' has no points, but {found} are written.",
        "Bỏ 'points': chỉ số này chỉ đạt hoặc không đạt với từng mức. Nếu có điểm, dùng "
        "'met_when' hoặc 'bands'.",
        "Remove 'points': for each level, the indicator is either met or not. If it earns points, "
        "use 'met_when' or 'bands'.",
    ),
    "XH341": _error(
        "'met_by_level' thiếu các mức: {levels}.",
        "'met_by_level' lacks these levels: {levels}.",
        "Ghi điều kiện cho mọi mức trong 'levels'; mức nào không xét chỉ số này thì ghi "
        "'applies_when: false'.",
        "Give a condition for every entry of 'levels'; for a level that does not ask for the "
        "indicator, write 'applies_when: false'.",
    ),
    "XH342": _error(
        "'{found}' không phải mã của một mức.",
        "'{found}' is not the id of a level.",
        "Các khóa trong 'met_by_level' là mã của các mức trong 'levels'.",
        "The keys of 'met_by_level' are the ids of the entries of 'levels'.",
    ),
    "XH343": _error(
        "Mức '{level}' thiếu 'met_when'.",
        "Level '{level}' lacks 'met_when'.",
        "Ghi điều kiện đạt của mức này, hoặc 'applies_when: false' nếu mức này không xét chỉ số.",
        "Give the condition of this level, or 'applies_when: false' if the level does not ask for "
        "the indicator.",
    ),
    "XH355": _error(
        "'{found}' không phải đầu vào kiểu 'bool' (đúng/sai).",
        "'{found}' is not an input of type 'bool'.",
        "'held' trong 'requires' phải là đầu vào cho biết đối tượng đã được công nhận mức thấp "
        "hơn hay chưa.",
        "'held' in 'requires' must name the input that says whether the lower level has been "
        "recognised.",
    ),
    "XH356": _error(
        "'binds: holders' (chỉ ràng buộc đối tượng đã được công nhận) cần khóa 'held'.",
        "'binds: holders' requires the key 'held'.",
        "Thêm 'held: TÊN', với TÊN là đầu vào kiểu 'bool' cho biết đối tượng đã được công nhận "
        "mức thấp hơn hay chưa; hoặc bỏ 'binds'.",
        "Add 'held: NAME', where NAME is the 'bool' input that says whether the lower level has "
        "been recognised; or remove 'binds'.",
    ),
    "XH357": _error(
        "'{name}' đã được dùng để hỏi về mức '{other}', nên không thể đồng thời hỏi về mức "
        "'{level}'.",
        "'{name}' is already asked of the level '{other}', so it cannot be asked of '{level}' too.",
        "Khai báo đầu vào riêng cho từng mức được đòi hỏi trong 'requires'.",
        "Declare inputs of its own for each level that 'requires' names.",
    ),
    "XH364": _error(
        "'least_known' phải lớn hơn 0%.",
        "'least_known' must be greater than 0%.",
        "Ghi tỉ lệ trọng số tối thiểu phải có số liệu, ví dụ 'least_known: 75%'.",
        "Write the least share of the weights that must be known, such as 'least_known: 75%'.",
    ),
    "XH365": _error(
        "Chỉ đầu vào kiểu 'bool' hoặc 'choice' mới lấy được kết quả của một chuẩn khác ('result').",
        "Only an input of type 'bool' or 'choice' can take the result of another standard "
        "('result').",
        "Dùng 'type: choice' với các mức của chuẩn đó, hoặc 'type: bool' nếu chỉ cần đạt chuẩn.",
        "Use 'type: choice' with the levels of that standard, or 'type: bool' if any level is "
        "enough.",
    ),
    "XH366": _error(
        "Không dùng khóa '{key}' cho đầu vào lấy kết quả của một chuẩn khác ('result').",
        "The key '{key}' is not allowed for an input that takes the result of another standard "
        "('result').",
        "Bỏ khóa này: giá trị do bộ tiêu chí của chuẩn đó quyết định, cho cùng đối tượng và ngày.",
        "Remove the key; the profile of that standard determines the value, for the same subject "
        "and day.",
    ),
    "XH367": _error(
        "Các lựa chọn của đầu vào lấy kết quả của một chuẩn khác phải có 'none' (chưa đạt mức "
        "nào).",
        "The choices of an input that takes the result of another standard must have 'none' (no "
        "level).",
        "Thêm none: {{vi: Chưa đạt chuẩn, en: Not met}}.",
        "Add none: {{vi: Chưa đạt chuẩn, en: Not met}}.",
    ),
    "XH368": _error(
        "Lựa chọn '{found}' không phải là mức của {profile}, chuẩn mà đầu vào này dựa vào.",
        "The choice '{found}' is not a level of {profile}, the standard that this input rests on.",
        "Các mức của chuẩn đó: {known}.",
        "The levels of that standard: {known}.",
    ),
    "XH369": _error(
        "Các lựa chọn thiếu mức '{level}' của {profile}, chuẩn mà đầu vào này dựa vào.",
        "The choices lack the level '{level}' of {profile}, the standard that this input rests on.",
        "Thêm '{level}' vào 'choices'; các mức của chuẩn đó: {known}.",
        "Add '{level}' to 'choices'; the levels of that standard: {known}.",
    ),
    "XH370": _error(
        "'previous_of' chỉ dùng cho đầu vào của năm trước ('year: previous').",
        "'previous_of' is allowed only for an input of the year before ('year: previous').",
        "Thêm 'year: previous', hoặc bỏ 'previous_of'.",
        "Add 'year: previous', or remove 'previous_of'.",
    ),
    "XH371": _error(
        "Đầu vào của năm trước và '{other}' của năm đánh giá không cùng: {key}; không so sánh "
        "được hai số này.",
        "The input of the year before and '{other}' of the assessed year differ in: {key}; the "
        "two figures cannot be compared.",
        "Khai báo hai đầu vào cùng kiểu, đơn vị và số chữ số thập phân.",
        "Declare both inputs with the same type, unit and number of decimal places.",
    ),
    "XH372": _error(
        "Đầu vào '{name}' được khai báo khác với đầu vào cùng tên của {profile}, dùng chung dữ "
        "kiện của đối tượng.",
        "Input '{name}' is declared differently from the input of the same name of {profile}, "
        "which reads the same facts of the subject.",
        "Khai báo hai đầu vào cùng kiểu, đơn vị, năm và miền giá trị, hoặc đổi tên một đầu vào.",
        "Declare both inputs with the same type, unit, year and domain, or rename one of them.",
    ),
    "XH375": _error(
        "'redistribute' (chia lại điểm) chỉ dùng được ngay dưới một tiêu chí tính điểm bằng tổng.",
        "'redistribute' is possible only directly below a criterion that adds up its entries.",
        "Dùng 'na_policy: drop', hoặc đặt các mục chia điểm với nhau vào một tiêu chí có "
        "'combine: sum'.",
        "Use 'na_policy: drop', or put the entries that share points below one criterion with "
        "'combine: sum'.",
    ),
    "XH376": _error(
        "Mọi mục ở đây đều có thể không áp dụng, nhưng chưa nêu khi đó tiêu chí được bao nhiêu "
        "điểm.",
        "All entries here may not apply, but it is not stated what the criterion then gives.",
        "Thêm 'all_absent' vào tiêu chí: 'full' (đủ điểm), 'zero' (0 điểm) hoặc 'drop' (bỏ điểm).",
        "Add 'all_absent' to the criterion: 'full' (all points), 'zero' (0 points) or 'drop' (its "
        "points are not available).",
    ),
    "XH377": _error(
        "Mục này không có điểm nào để chia cho các mục khác ('redistribute').",
        "This entry has no points that others could take ('redistribute').",
        "Dùng 'na_policy: zero' cho điểm trừ và mục không có điểm; mục chỉ để tham khảo "
        "('advisory') không chia điểm.",
        "Use 'na_policy: zero' for a deduction or an entry without points; an advisory entry "
        "shares no points.",
    ),
    "XH378": _error(
        "Mục này chia điểm với các mục khác ('redistribute'), nhưng điểm của nó có thể âm.",
        "This entry shares points with others ('redistribute'), but its points may be below 0.",
        "Thêm 'not_below: 0' vào mục này, hoặc đặt các chỉ số trừ điểm ra ngoài, ngay dưới tiêu "
        "chí cha.",
        "Add 'not_below: 0' to this entry, or move the deductions out of it, directly below the "
        "criterion above it.",
    ),
    "XH379": _error(
        "'not_below' ({found}) không thấp hơn điểm tối đa ({points}): điểm không bao giờ khác.",
        "'not_below' ({found}) is not less than the maximum ({points}); the points never vary.",
        "Hạ 'not_below'.",
        "Lower 'not_below'.",
    ),
    "XH380": _error(
        "Điểm sàn ({found}) luôn đạt vì điểm không dưới {points} ('not_below').",
        "The floor ({found}) is always reached, because the points are at least {points} "
        "('not_below').",
        "Bỏ 'floor' hoặc nâng nó lên; 'floor' loại đối tượng khỏi mọi mức, 'not_below' chỉ chặn "
        "dưới số điểm.",
        "Remove 'floor' or raise it: 'floor' bars every level, 'not_below' only bounds the points.",
    ),
    "XH381": _error(
        "Điểm nhân với hệ số ('factor') không phải bội số của bước điểm {grid}.",
        "Points multiplied by a factor ('factor') are not multiples of the grid step {grid}.",
        "Thêm cách làm tròn, ví dụ 'rounding: {{step: 1, mode: half_up}}', bên cạnh 'factor'.",
        "Add a rounding such as 'rounding: {{step: 1, mode: half_up}}' beside 'factor'.",
    ),
    "XH382": _error(
        "Mọi mục của 'factor' phải có 'when', trừ mục cuối cùng không được có.",
        "Every entry of 'factor' must have 'when', except the last one, which must not.",
        "Ghi hệ số cho mọi trường hợp còn lại ở mục cuối, không có 'when': '- value: 1'.",
        "Write the factor of all other cases as the last entry, without 'when': '- value: 1'.",
    ),
    "XH383": _error(
        "Hệ số không có tác dụng: mục này không có điểm.",
        "The factor has no effect: this entry has no points.",
        "Bỏ 'factor', hoặc cho mục này 'points'.",
        "Remove 'factor', or give this entry 'points'.",
    ),
    "XH384": _error(
        "'least_known' chỉ dùng cùng 'combine: weighted_mean', trong hồ sơ có 'at_close'.",
        "'least_known' is only for 'combine: weighted_mean', in a profile with 'at_close'.",
        "Bỏ 'least_known', hoặc thêm 'at_close' với điều khoản và dùng 'weighted_mean'.",
        "Remove 'least_known', or add 'at_close' with its clause and use 'weighted_mean'.",
    ),
}

_DEFINITIONS = {
    "XH385": _error(
        "Các định nghĩa dùng lẫn nhau thành vòng: {circle}.",
        "These definitions use each other in a circle: {circle}.",
        "Viết lại một định nghĩa trong vòng bằng đầu vào và giá trị.",
        "Write one definition of the circle with inputs and values.",
    ),
    "XH386": _error(
        "Mỗi định nghĩa cần đúng một trong các khóa: {keys}.",
        "A definition needs exactly one of the keys {keys}.",
        "Ghi 'when' cho một điều kiện, hoặc 'number' cho một số hay tỉ lệ.",
        "Write 'when' for a condition, or 'number' for a number or a share.",
    ),
    "XH387": _error(
        "Tên '{name}' của định nghĩa đã là tên một đầu vào hay giá trị.",
        "'{name}' is both a definition and an input or a value.",
        "Đổi tên định nghĩa trong 'definitions' và ở các điều kiện dùng nó.",
        "Rename the definition in 'definitions' and in the conditions that use it.",
    ),
    "XH388": _warning(
        "Định nghĩa '{name}' không được sử dụng.",
        "The definition '{name}' is not used.",
        "Dùng nó trong một điều kiện hoặc bỏ đi.",
        "Use it in a condition or remove it.",
    ),
    "XH389": _error(
        "Không có danh sách lựa chọn '{found}'.",
        "There is no list of options '{found}'.",
        "Ghi một tên trong 'choice_lists', hoặc liệt kê các lựa chọn ngay tại đây.",
        "Write a name from 'choice_lists', or list the options here.",
    ),
    "XH390": _warning(
        "Danh sách lựa chọn '{name}' không được sử dụng.",
        "The list of options '{name}' is not used.",
        "Ghi 'choices: {name}' ở một đầu vào hoặc bỏ danh sách đi.",
        "Write 'choices: {name}' in an input or remove the list.",
    ),
    "XH391": _error(
        "Phiên bản {found} không nói đã sửa gì so với {before}: {changed}.",
        "Version {found} does not say what it changes since {before}: {changed}.",
        "Thêm vào 'changes' một mục có 'version' này và 'reason' (lý do, hai ngôn ngữ); 'at' ghi "
        "các chỗ sửa.",
        "Add an entry to 'changes' with this 'version' and a 'reason' in both languages; 'at' "
        "lists the changed places.",
    ),
    "XH392": _error(
        "Cả phiên bản cũ và phiên bản mới đều không có chỗ '{found}'.",
        "Neither the old nor the new version has the place '{found}'.",
        "Ghi theo mã: criteria/2.1/met_when, levels/good, inputs/members/max.",
        "Write places by id: criteria/2.1/met_when, levels/good, inputs/members/max.",
    ),
    "XH393": _error(
        "Phiên bản {found} còn sửa so với {before} ở những chỗ mà 'changes' không nêu: {changed}.",
        "Version {found} also changes since {before} what 'changes' does not name: {changed}.",
        "Thêm các chỗ này vào 'at', kèm lý do, hoặc bỏ 'at' nếu mục đó nói về cả phiên bản.",
        "Add these places to 'at' with their reason, or leave out 'at' if the entry is about the "
        "version as a whole.",
    ),
    "XH394": _error(
        "'changes' nói về phiên bản {found}, sau phiên bản {version} của tệp.",
        "'changes' names version {found}, which is later than the version {version} of the file.",
        "Ghi 'version' của tệp là phiên bản mới, hoặc sửa phiên bản ở mục này.",
        "Raise the 'version' of the file, or correct the version of this entry.",
    ),
    "XH395": _error(
        "Các điều kiện của tệp, khi thay tên định nghĩa bằng nội dung, dài hơn {limit} ký tự.",
        "The conditions of the file, with the names of definitions written out, have more than "
        "{limit} characters.",
        "Rút ngắn các định nghĩa được dùng nhiều lần, hoặc tách bộ tiêu chí thành nhiều tệp.",
        "Shorten the definitions that are used many times, or split the profile into several "
        "files.",
    ),
}

_MEANING = {
    "XH350": _warning(
        "Điểm của '{node}' có thể dưới 0; khi đó 'floor: 0' chặn mọi mức.",
        "The points of '{node}' can be below 0; 'floor: 0' then bars every level.",
        "'floor' không nâng điểm lên 0. Nếu điểm chỉ cần không âm, viết 'not_below: 0'.",
        "'floor' does not raise points to 0. If they are only not to fall below 0, write "
        "'not_below: 0'.",
    ),
    "XH351": _error(
        "'in' chỉ dùng cho đầu vào lựa chọn, với danh sách lựa chọn trong ngoặc.",
        "'in' takes a choice input and a list of its options in brackets.",
        "Viết: {example}",
        "Write: {example}",
    ),
    "XH352": _error(
        "Đầu vào hoặc điều kiện đúng/sai không so sánh bằng '==' hoặc '!='.",
        "A yes/no is not compared with '==' or '!='; it is a condition by itself.",
        "Viết: {example}",
        "Write: {example}",
    ),
    "XH353": _warning(
        "Mẫu số của tỉ lệ không bao giờ lớn hơn 0, nên tỉ lệ luôn không xác định.",
        "The denominator of a share is never above 0, so the share is always undefined.",
        "Kiểm tra mẫu số, 'min' và 'max' của các đầu vào trong đó.",
        "Check the denominator, and 'min' and 'max' of its inputs.",
    ),
    "XH354": _error(
        "Giá trị của '{key}' có dấu phẩy mà không đặt trong dấu nháy, nên '{found}' bị đọc thành "
        "một khóa.",
        "The value of '{key}' has a comma and is not in quotes, so '{found}' was read as a key.",
        "Đặt cả giá trị trong dấu nháy.",
        "Put the complete value in quotes.",
    ),
    "XH401": _error(
        "Không đối tượng nào đạt được mức '{level}'.",
        "No subject can reach level '{level}'.",
        "Điểm tối đa là {maximum}; vui lòng kiểm tra ngưỡng, điểm sàn và điều kiện bắt buộc.",
        "The maximum is {maximum} points; check the threshold, the floors and the mandatory "
        "criteria.",
    ),
    "XH402": _warning(
        "Điều kiện có một so sánh không bao giờ đúng, vì đầu vào không thể nhận giá trị đó.",
        "The condition has a comparison that is never true for the values that the inputs can "
        "take.",
        "Kiểm tra số trong so sánh, 'min', 'max' và 'at_most' của các đầu vào; phần của một tổng "
        "thể không vượt 100%.",
        "Check the number, and 'min', 'max' and 'at_most' of the inputs; a part of a total never "
        "exceeds 100%.",
    ),
    "XH403": _error(
        "Không có điểm nào để tính, nên 'percent' luôn là 0 trên 0, không xác định.",
        "No points are available, so 'percent' is always 0 of 0, which is undefined.",
        "Cho các chỉ số 'points', hoặc viết điều kiện của mức không dùng 'percent'.",
        "Give the indicators 'points', or write the condition of the level without 'percent'.",
    ),
    "XH405": _warning(
        "Mẫu số của tỉ lệ có thể bằng 0: khi đó kết quả không xác định.",
        "The denominator of a share can be 0; the result is then undefined.",
        "Đặt 'min: 1' cho mẫu số, hoặc 'applies_when: mẫu_số > 0'.",
        "Set 'min: 1' for the denominator, or use 'applies_when: denominator > 0'.",
    ),
    "XH406": _warning(
        "Mọi điểm đều có thể bị bỏ ('drop'): khi đó 'percent' hay 'percent_of' là 0 trên 0, không "
        "xác định.",
        "All points can be excluded ('drop'); 'percent' or 'percent_of' is then 0 of 0, which is "
        "undefined.",
        "Để ít nhất một chỉ số có điểm luôn được tính vào điểm có thể đạt, hoặc chọn 'full' hay "
        "'zero' thay cho 'drop'.",
        "Make at least one indicator with points always count towards the available points, or "
        "choose 'full' or 'zero' instead of 'drop'.",
    ),
}

_DATES = {
    "XH501": _error(
        "Ngày hết hiệu lực ('effective_to') phải sau ngày có hiệu lực ('effective_from').",
        "'effective_to' must be after 'effective_from'.",
        "'effective_to' là ngày đầu tiên không còn hiệu lực.",
        "'effective_to' is the first day on which the profile is no longer in force.",
    ),
    "XH502": _error(
        "Bộ tiêu chí chưa nêu căn cứ pháp lý.",
        "The profile has no legal basis.",
        "Thêm 'legal_basis', hoặc ghi 'provenance: illustrative' nếu chỉ là minh họa.",
        "Add 'legal_basis', or write 'provenance: illustrative' if it is only an illustration.",
    ),
    "XH503": _error(
        "Bộ tiêu chí đã bãi bỏ cần 'effective_to' và 'ended_by'.",
        "A retired profile requires 'effective_to' and 'ended_by'.",
        "Nêu ngày hết hiệu lực và văn bản làm bộ tiêu chí hết hiệu lực.",
        "Give the day and the document that ended it.",
    ),
    "XH504": _error(
        "Phiên bản đã ban hành {found} bị sửa tại: {changed}.",
        "Released version {found} was changed at: {changed}.",
        "Giữ nguyên phiên bản đã ban hành; đưa thay đổi vào một tệp khác với 'version' mới. Chỉ "
        "được ghi thêm 'status: retired', 'effective_to', 'ended_by' và 'dates_source'.",
        "Keep a released version unchanged; put the change into another file with a new "
        "'version'. Only 'status: retired', 'effective_to', 'ended_by' and 'dates_source' may be "
        "added.",
    ),
    "XH505": _error(
        "Phiên bản đã ban hành {found} không còn.",
        "Released version {found} is missing.",
        "Khôi phục tệp; phiên bản mới nằm trong một tệp khác. Phiên bản hết hiệu lực thì ghi "
        "'status: retired'.",
        "Restore the file; a new version belongs in another file. Mark a version that has ended "
        "with 'status: retired'.",
    ),
    "XH506": _error(
        "'no_subjects_from' phải ở giữa 'effective_from' và 'effective_to'.",
        "'no_subjects_from' must be between 'effective_from' and 'effective_to'.",
        "'no_subjects_from' là ngày đầu tiên không còn đối tượng nào khi văn bản vẫn còn hiệu lực.",
        "'no_subjects_from' is the first day without subjects while the document is still in "
        "force.",
    ),
}

_OVERLAYS = {
    "XH602": _error(
        "Không tìm thấy bộ tiêu chí gốc '{found}'.",
        "The base profile '{found}' was not found.",
        "Ghi 'MÃ@PHIÊN_BẢN' của một bộ tiêu chí đi kèm thư viện hoặc nằm cùng thư mục.",
        "Write ID@VERSION of a profile that is bundled with the library or is in the same "
        "directory.",
    ),
    "XH603": _error(
        "Các bộ tiêu chí mở rộng lẫn nhau thành vòng: {circle}.",
        "Profiles extend one another in a cycle: {circle}.",
        "Bỏ 'extends' ở một tệp trên vòng này.",
        "Remove 'extends' from one file of the cycle.",
    ),
    "XH604": _error(
        "Bộ tiêu chí gốc không có '{found}'.",
        "The base profile has no '{found}'.",
        "Nêu vị trí bằng mã, ví dụ 'criteria/2.4/met_when', 'levels/good/when', 'inputs/members'.",
        "Identify the place by id, for example 'criteria/2.4/met_when', 'levels/good/when', "
        "'inputs/members'.",
    ),
    "XH605": _error(
        "'{found}' đã được thay ở dòng {line}, hoặc nằm trong chỗ đã thay.",
        "'{found}' is already overridden on line {line}, or is part of a value that is.",
        "Giữ lại một mục.",
        "Keep only one of them.",
    ),
    "XH606": _error(
        "Một bộ tiêu chí chỉ mở rộng được một bộ khác.",
        "A profile can extend only one other profile.",
        "Nếu hai bộ cùng thay một bộ gốc, hãy mở rộng một bộ và ghi lại các thay đổi của bộ kia.",
        "If two profiles override one base, extend one of them and repeat the overrides of the "
        "other.",
    ),
    "XH607": _error(
        "Không thay được '{found}' bằng 'overrides'.",
        "'{found}' cannot be changed by 'overrides'.",
        "Ghi khóa này ở đầu tệp; mã, loại danh hiệu và định dạng thì không đổi được.",
        "Write the key at the top of the file; 'format' and 'title' cannot be changed.",
    ),
    "XH608": _warning(
        "'{found}' được thay bằng đúng giá trị cũ.",
        "'{found}' is overridden with the value it already has.",
        "Bỏ mục này.",
        "Remove the entry.",
    ),
}

_TARGETS = {
    "XH701": _error(
        "Ở đây cần đúng một khóa trong: {keys}.",
        "Exactly one of these keys is required here: {keys}.",
        "Giữ lại một khóa.",
        "Keep only one of them.",
    ),
    "XH702": _error(
        "'{found}' không phải năm hay ngày.",
        "'{found}' is neither a year nor a date.",
        "Viết 2025 (nghĩa là đến hết năm) hoặc 2025-06-30.",
        "Write 2025 (the end of that year) or 2025-06-30.",
    ),
    "XH703": _error(
        "'{found}' không phải tỉ lệ lớn hơn 0% và không quá 100%.",
        "'{found}' is not a percentage above 0% and at most 100%.",
        "Viết như 70% hoặc 62.5%.",
        "Write it like 70% or 62.5%.",
    ),
    "XH704": _error(
        "Số cần đạt phải từ 1 trở lên.",
        "The target number must be at least 1.",
        "Sửa số này.",
        "Correct the number.",
    ),
    "XH705": _error(
        "Mã chỉ tiêu '{id}' bị trùng.",
        "Duplicate target id '{id}'.",
        "Đặt cho mỗi chỉ tiêu một mã riêng.",
        "Give each target a unique id.",
    ),
    "XH706": _warning(
        "Không biết bộ tiêu chí '{found}', nên điều kiện chưa được kiểm tra.",
        "Unknown profile '{found}'; the condition was not checked.",
        "Kiểm tra lại mã bộ tiêu chí.",
        "Check the profile id.",
    ),
    "XH707": _error(
        "Bộ tiêu chí này dành cho danh hiệu khác: {found}.",
        "The profile is for a different title: {found}.",
        "Sửa 'title' hoặc 'profile'.",
        "Correct 'title' or 'profile'.",
    ),
    "XH708": _error(
        "Thời hạn không sau ngày ban hành văn bản.",
        "The deadline is not after the day on which the document was issued.",
        "Sửa 'deadline' hoặc 'issued' trong 'legal_basis'.",
        "Correct 'deadline', or 'issued' in 'legal_basis'.",
    ),
    "XH709": _error(
        "Chỉ tiêu chưa nêu nguồn.",
        "The target has no source.",
        "Thêm 'source' ở chỉ tiêu hoặc trong 'legal_basis'.",
        "Add 'source' to the target or to 'legal_basis'.",
    ),
    "XH710": _error(
        "Bộ tiêu chí {profile} đã có đầu vào hoặc giá trị tên '{name}'.",
        "Profile {profile} already has an input or a value named '{name}'.",
        "Đổi tên đầu vào, hoặc bỏ nó đi và dùng đầu vào của bộ tiêu chí.",
        "Rename the input, or remove it and use the profile's.",
    ),
}

_MAPPINGS: Final = {
    "XH801": _error(
        "'{found}' không phải là biểu thức chính quy hợp lệ.",
        "'{found}' is not a valid regular expression.",
        "Sửa mẫu; ký tự đặc biệt như ( ) phải viết là \\( \\).",
        "Correct the pattern; write special characters such as ( ) as \\( \\).",
    ),
    "XH802": _error(
        "Tiêu đề này đã được khai báo ở trên.",
        "This heading is already listed above.",
        "Giữ lại một mục, hoặc thêm 'file' hay 'sheet' để phân biệt.",
        "Keep one of the entries, or distinguish them by 'file' or 'sheet'.",
    ),
}

CODES: Final[Mapping[str, CodeInfo]] = {
    **_STRUCTURE,
    **_NAMES,
    **_POINTS,
    **_DEFINITIONS,
    **_MEANING,
    **_DATES,
    **_OVERLAYS,
    **_TARGETS,
    **_MAPPINGS,
}
"""All codes, in order."""

register_codes(CODES)
