"""Every diagnostic code with its messages; a code once given keeps its meaning for ever.

`XH1xx` YAML and structure, `XH2xx` names and types, `XH3xx` points and levels, `XH4xx` meaning,
`XH5xx` provenance and dates, `XH6xx` overlays, `XH7xx` targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xhht.criteria.diagnostics import CodeInfo, Severity
from xhht.criteria.document import (
    AREA_CODE,
    IDENTIFIER,
    MONTH_DAY,
    NODE_ID,
    OVERRIDE_PATH,
    PROFILE_ID,
    REFERENCE,
    URL,
    VERSION,
)
from xhht.criteria.target_document import DENOMINATOR
from xhht.text import Text

__all__ = ["CODES", "DID_YOU_MEAN", "KINDS", "PUT_IN_QUOTES", "form_of"]

PUT_IN_QUOTES: Final = Text(
    vi='Đặt lựa chọn trong dấu nháy: "{word}".', en='Put the option in quotes: "{word}".'
)
DID_YOU_MEAN: Final = Text(vi="Có phải ý bạn là '{word}'?", en="Did you mean '{word}'?")

KINDS: Final[Mapping[str, Text]] = {
    "assessed": Text(vi="điểm chấm", en="awarded points"),
    "bool": Text(vi="có/không", en="a yes or no"),
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
"""What `expected` and `found` are called where they tell of kinds of value."""


_FORMS: Final[Mapping[str, Text]] = {
    IDENTIFIER: Text(
        vi="chữ thường không dấu, chữ số và _, bắt đầu bằng chữ, nhiều nhất 64 ký tự: "
        "ví dụ has_plan",
        en="small letters without accents, digits and _, beginning with a letter, at most 64 "
        "characters: such as has_plan",
    ),
    PROFILE_ID: Text(
        vi="các phần gồm chữ thường không dấu, chữ số, - và _, nối bằng dấu chấm: ví dụ "
        "vn.unit.tt22-2020",
        en="parts of small letters without accents, digits, - and _, joined by dots: such as "
        "vn.unit.tt22-2020",
    ),
    VERSION: Text(
        vi='ba số nối bằng dấu chấm: ví dụ "1.0.0"',
        en='three numbers joined by dots: such as "1.0.0"',
    ),
    NODE_ID: Text(
        vi='các phần gồm chữ không dấu, chữ số, - và _, nối bằng dấu chấm: ví dụ "1.2" hoặc "2a"',
        en='parts of letters without accents, digits, - and _, joined by dots: such as "1.2" '
        'or "2a"',
    ),
    REFERENCE: Text(
        vi="mã bộ tiêu chí, dấu @ và phiên bản: ví dụ vn.unit.tt22-2020@1.0.0",
        en="the id of a profile, @ and its version: such as vn.unit.tt22-2020@1.0.0",
    ),
    AREA_CODE: Text(
        vi='mã khu vực gồm chữ không dấu, chữ số, dấu chấm, - và _: ví dụ "60"',
        en='the code of an area, of letters without accents, digits, dots, - and _: such as "60"',
    ),
    OVERRIDE_PATH: Text(
        vi="các khóa và mã nối bằng dấu /: ví dụ criteria/2.4/met_when",
        en="keys and ids joined by /: such as criteria/2.4/met_when",
    ),
    DENOMINATOR: Text(
        vi="of_total (trên tổng số), of_registered (trên số đăng ký) hoặc of_assessed (trên số "
        "được đánh giá)",
        en="of_total, of_registered or of_assessed",
    ),
    MONTH_DAY: Text(
        vi='tháng và ngày, mỗi phần hai chữ số: ví dụ "03-31"',
        en='month and day, two digits each: such as "03-31"',
    ),
    URL: Text(
        vi="địa chỉ bắt đầu bằng https:// hoặc http://, không có dấu cách: ví dụ "
        "https://vanban.chinhphu.vn",
        en="an address that begins with https:// or http://, without spaces: such as "
        "https://vanban.chinhphu.vn",
    ),
}


def form_of(pattern: str) -> Text:
    """Return what text of a pattern looks like, in words and by example."""
    return _FORMS[pattern]


def _error(vi: str, en: str, hint_vi: str = "", hint_en: str = "") -> CodeInfo:
    return _info(Severity.ERROR, vi, en, hint_vi, hint_en)


def _warning(vi: str, en: str, hint_vi: str = "", hint_en: str = "") -> CodeInfo:
    return _info(Severity.WARNING, vi, en, hint_vi, hint_en)


def _info(severity: Severity, vi: str, en: str, hint_vi: str, hint_en: str) -> CodeInfo:
    hint = Text(vi=hint_vi, en=hint_en) if hint_en else None
    return CodeInfo(severity, Text(vi=vi, en=en), hint)


_STRUCTURE = {
    "XH101": _error(
        "Không đọc được YAML: {problem}.",
        "Not valid YAML: {problem}.",
        "Kiểm tra thụt lề, dấu hai chấm và dấu nháy ở dòng này và dòng trên.",
        "Check indentation, colons and quotes on this line and the one above.",
    ),
    "XH102": _error(
        "Tệp lớn hơn {limit} byte.",
        "The file is larger than {limit} bytes.",
        "Một bộ tiêu chí chỉ dài vài trăm dòng; hãy kiểm tra đúng tệp chưa.",
        "A profile has a few hundred lines; check that this is the right file.",
    ),
    "XH103": _error(
        "Tệp không phải UTF-8.",
        "The file is not UTF-8.",
        "Lưu lại tệp với mã UTF-8.",
        "Save the file as UTF-8.",
    ),
    "XH104": _error(
        "Khóa '{key}' bị lặp; lần đầu ở dòng {line}.",
        "The key '{key}' stands twice; first on line {line}.",
        "Giữ lại một khóa.",
        "Keep one of them.",
    ),
    "XH105": _error(
        "Không dùng neo và bí danh YAML ({found}).",
        "Anchors and aliases of YAML are not used ({found}).",
        "Viết thẳng giá trị ở từng chỗ.",
        "Write the value out at each place.",
    ),
    "XH106": _error(
        "Không dùng thẻ YAML ({found}).",
        "Tags of YAML are not used ({found}).",
        "Bỏ thẻ đi.",
        "Remove the tag.",
    ),
    "XH107": _error(
        "Văn bản '{found}' không có dấu nháy nên chương trình khác sẽ đọc thành giá trị khác.",
        "The text '{found}' has no quotes, so other programs read it as something else.",
        'Đặt trong dấu nháy: "{found}".',
        'Put it in quotes: "{found}".',
    ),
    "XH108": _error(
        "'{found}' không phải số viết theo dạng thập phân thường.",
        "'{found}' is not a number in plain decimals.",
        "Viết như 10 hoặc 0.5: không số mũ, không gạch dưới, không số 0 thừa, không dấu phẩy.",
        "Write 10 or 0.5: no exponent, no underscores, no needless zeros, no comma.",
    ),
    "XH109": _error(
        "Không có khóa '{key}' ở đây.",
        "There is no key '{key}' here.",
        "Các khóa có thể dùng: {known}.",
        "The keys that may stand here: {known}.",
    ),
    "XH110": _error(
        "Thiếu khóa '{key}'.", "The key '{key}' is missing.", "Thêm '{key}: …'.", "Add '{key}: …'."
    ),
    "XH111": _error(
        "Ở đây cần kiểu khác: {expected}.",
        "Another kind of value is expected here: {expected}.",
        "Các khóa và giá trị viết 'khóa: giá trị'; danh sách là các dòng bắt đầu bằng '-'; "
        "văn bản là một giá trị.",
        "Keys and values are written 'key: value'; a list is lines that begin with '-'; text is "
        "one value.",
    ),
    "XH112": _error(
        "Tệp lồng nhau quá {limit} tầng.",
        "The file is nested deeper than {limit} levels.",
        "Tách bớt các tầng.",
        "Use fewer levels.",
    ),
    "XH113": _error(
        "Tệp trống.", "The file is empty.", "Bắt đầu bằng 'format: 1'.", "Begin with 'format: 1'."
    ),
    "XH114": _error(
        "Một tệp chỉ chứa một bộ tiêu chí.",
        "One file holds one profile.",
        "Chuyển phần sau '---' sang tệp khác.",
        "Move what follows '---' to another file.",
    ),
    "XH115": _error(
        "Giá trị '{found}' không đúng dạng.",
        "'{found}' does not have the form that is needed here.",
        "Dạng cần có: {form}.",
        "The form: {form}.",
    ),
    "XH116": _error(
        "'{found}' không phải ngày.",
        "'{found}' is not a date.",
        "Viết như 2020-09-21.",
        "Write it like 2020-09-21.",
    ),
    "XH117": _error(
        "Giá trị '{found}' không phải 'true' (đúng) hay 'false' (sai).",
        "'{found}' is neither true nor false.",
        "Viết 'true' hoặc 'false', không có dấu nháy.",
        "Write true or false, without quotes.",
    ),
    "XH118": _warning(
        "Văn bản không ở dạng Unicode NFC hoặc có ký tự ẩn, khoảng trắng thừa.",
        "The text is not in Unicode NFC, or has hidden characters or needless spaces.",
        "Lưu lại văn bản ở dạng NFC (dựng sẵn).",
        "Save the text in NFC (precomposed).",
    ),
    "XH119": _error(
        "Nhãn cần có cả tiếng Việt và tiếng Anh.",
        "A label needs both Vietnamese and English.",
        "Viết {{vi: …, en: …}}.",
        "Write {{vi: …, en: …}}.",
    ),
    "XH120": _error(
        "Giá trị '{found}' không có trong danh sách.",
        "'{found}' is not one of the values.",
        "Các giá trị: {known}.",
        "The values: {known}.",
    ),
    "XH121": _error(
        "Ở đây phải có ít nhất một mục.",
        "At least one entry must stand here.",
        "Thêm một mục hoặc bỏ khóa này.",
        "Add an entry or leave the key out.",
    ),
    "XH122": _error(
        "Ở đây phải có đúng một trong các khóa: {keys}.",
        "Just one of these keys must stand here: {keys}.",
        "Giữ lại một khóa, hoặc thêm khóa còn thiếu.",
        "Keep one of them, or add the one that is missing.",
    ),
    "XH123": _error(
        "Chỉ số chưa có cách tính điểm.",
        "The indicator does not say how it scores.",
        "Thêm một trong: {keys}.",
        "Add one of: {keys}.",
    ),
    "XH124": _error(
        "Phiên bản này chỉ đọc định dạng 1 ('format: 1'), không đọc định dạng {found}.",
        "This version reads format 1, not format {found}.",
        "Cập nhật xhht, hoặc viết lại tệp theo định dạng 1; phần còn lại của tệp chưa được xét.",
        "Update xhht, or write the file in format 1; the rest of the file was not looked at.",
    ),
    "XH125": _error(
        "Chỉ số đứng ngay dưới 'criteria'; chỉ số phải nằm trong 'indicators' của một tiêu chí.",
        "An indicator stands directly under 'criteria'; it belongs under 'indicators' of a "
        "criterion.",
        'Viết {{id: "1", indicators: [{{id: "1.1", …}}]}}.',
        'Write {{id: "1", indicators: [{{id: "1.1", …}}]}}.',
    ),
}

_NAMES = {
    "XH201": _error(
        "Không hiểu điều kiện.",
        "The condition cannot be understood.",
        'Ví dụ đúng: "share(a, b) >= 70% and has_plan".',
        'A good example: "share(a, b) >= 70% and has_plan".',
    ),
    "XH202": _error(
        "Không có tên '{found}'.",
        "There is no name '{found}'.",
        "Khai báo '{found}' trong 'inputs' hoặc 'values', hoặc sửa lại tên.",
        "Declare '{found}' under inputs or values, or correct the name.",
    ),
    "XH203": _error(
        "Ngôn ngữ điều kiện không có '{found}'.",
        "The condition language does not have '{found}'.",
        "Chỉ dùng so sánh, 'and', 'or', 'not', + - *, 'if … else', 'share', 'min', 'max', 'sum'.",
        "Use comparisons, and, or, not, + - *, if … else, share, min, max, sum.",
    ),
    "XH204": _error(
        "Sai kiểu: cần {expected}, lại gặp {found}.",
        "Wrong type: {expected} is expected, {found} was found.",
        "So sánh số với số, tỉ lệ với phần trăm (80%) hoặc số từ 0 đến 1, ngày với ngày.",
        "Compare numbers with numbers, shares with percentages (80%) or numbers from 0 to 1, "
        "dates with dates.",
    ),
    "XH205": _error(
        "{found} không phải lựa chọn của '{input}'.",
        "{found} is not an option of '{input}'.",
        "Các lựa chọn, viết trong dấu nháy: {choices}.",
        "Its options, in quotes: {choices}.",
    ),
    "XH206": _error(
        "Không có hàm '{found}'.",
        "There is no function '{found}'.",
        "Các hàm có thể dùng: {known}.",
        "The functions: {known}.",
    ),
    "XH207": _error(
        "'{found}' được gọi với số tham số hoặc kiểu tham số sai.",
        "'{found}' is called with the wrong arguments.",
        'Ví dụ: share(a, b), min(a, b), points_of("2"), met("1.1").',
        'Examples: share(a, b), min(a, b), points_of("2"), met("1.1").',
    ),
    "XH208": _error(
        "Không có tiêu chí '{found}'.",
        "There is no criterion '{found}'.",
        "Dùng mã ('id') của một tiêu chí hoặc chỉ số trong tệp.",
        "Use the id of a criterion or indicator of this file.",
    ),
    "XH209": _error(
        "Tỉ lệ chỉ dùng để so sánh, không dùng để tính tiếp.",
        "A share can be compared, not calculated with.",
        "Viết share(a, b) >= 70%.",
        "Write share(a, b) >= 70%.",
    ),
    "XH210": _error(
        "'{found}' không phải số viết theo dạng thập phân thường.",
        "'{found}' is not a number in plain decimals.",
        "Viết như 10, 0.5 hoặc 62.5%.",
        "Write 10, 0.5 or 62.5%.",
    ),
    "XH211": _error(
        "Điều kiện quá dài hoặc quá nhiều tầng (giới hạn {limit}).",
        "The condition is too long or too deep (the limit is {limit}).",
        "Tách thành nhiều chỉ số.",
        "Split it into several indicators.",
    ),
    "XH212": _error(
        "'{found}' chỉ dùng được trong điều kiện của các mức ('levels').",
        "'{found}' may be asked for only in the condition of a level.",
        "Chuyển điều kiện này sang 'levels'.",
        "Move the condition to levels.",
    ),
    "XH214": _error(
        "'{found}' không phải ngày.",
        "'{found}' is not a date.",
        'Viết như "2020-09-21".',
        'Write it like "2020-09-21".',
    ),
    "XH215": _error(
        "'percent' chỉ so sánh với một tỉ lệ cố định.",
        "percent can be compared only with a fixed percentage.",
        "Viết 'percent >= 80%'.",
        "Write percent >= 80%.",
    ),
    "XH216": _error(
        "'unknown' (chưa rõ) không dùng để tính toán.",
        "unknown cannot be calculated with.",
        "Viết 'points >= unknown', hoặc chỉ 'unknown'.",
        "Write points >= unknown, or unknown alone.",
    ),
    "XH220": _error(
        "Mã '{id}' bị lặp; lần đầu ở dòng {line}.",
        "The id '{id}' stands twice; first on line {line}.",
        "Mỗi tiêu chí và chỉ số có một mã riêng.",
        "Give every criterion and indicator an id of its own.",
    ),
    "XH221": _error(
        "'{name}' là từ của ngôn ngữ điều kiện, không đặt tên cho đầu vào hay giá trị được.",
        "'{name}' is a word of the condition language and cannot name an input or a value.",
        "Chọn tên khác.",
        "Choose another name.",
    ),
    "XH222": _error(
        "Mức '{id}' bị lặp.",
        "The level '{id}' stands twice.",
        "Mỗi mức có một mã riêng.",
        "Give every level an id of its own.",
    ),
    "XH223": _error(
        "Các giới hạn 'at_most' nối nhau thành vòng tròn.",
        "at_most goes round in a circle.",
        "Bỏ một trong các 'at_most'.",
        "Remove one of them.",
    ),
    "XH224": _error(
        "'{found}' không cùng kiểu và đơn vị nên không làm giới hạn được.",
        "'{found}' has another type or step and cannot be the bound.",
        "'at_most' nối hai đầu vào cùng kiểu và cùng số chữ số thập phân.",
        "at_most ties two inputs of one type with the same decimals.",
    ),
    "XH225": _error(
        "Đầu vào chấm điểm '{name}' chưa có điểm tối đa.",
        "The assessed input '{name}' has no maximum.",
        "Thêm 'max: …'.",
        "Add 'max: …'.",
    ),
    "XH226": _error(
        "Đầu vào thập phân '{name}' chưa có số chữ số thập phân.",
        "The decimal input '{name}' does not say how many decimals it has.",
        "Thêm 'places: …'.",
        "Add 'places: …'.",
    ),
    "XH227": _error(
        "Đầu vào lựa chọn '{name}' chưa có danh sách.",
        "The choice input '{name}' has no options.",
        "Thêm 'choices: {{a: {{vi: …, en: …}}}}'.",
        "Add 'choices: {{a: {{vi: …, en: …}}}}'.",
    ),
    "XH228": _error(
        "Khóa '{key}' không dùng cho kiểu '{type}'.",
        "The key '{key}' does not go with the type {type}.",
        "Bỏ khóa này hoặc đổi kiểu.",
        "Leave it out or change the type.",
    ),
    "XH229": _error(
        "'proportional' (tính điểm theo tỉ lệ) cần một tỉ lệ.",
        "proportional needs a share.",
        "Viết 'share(a, b)', tên một đầu vào kiểu 'share' (tỉ lệ) hoặc một giá trị là phần trăm.",
        "Write share(a, b), or the name of an input of type share or of a value in percent.",
    ),
    "XH230": _error(
        "'per_item' (tính điểm theo từng mục) đếm các đầu vào kiểu 'count' (số đếm).",
        "per_item counts inputs of type count.",
        "Viết tên một đầu vào kiểu 'count' hoặc tổng của chúng; số hoặc giá trị viết kèm phải là "
        "số nguyên, biết rõ vào mọi ngày.",
        "Write the name of a count, or a sum of counts; a number or value beside them is whole, "
        "and known on every day.",
    ),
    "XH231": _error(
        "'{found}' không phải một mức thấp hơn.",
        "'{found}' is not a lower level.",
        "'level' trong 'requires' là mã của một mức đứng sau trong 'levels'.",
        "requires.level is the id of a level further down in levels.",
    ),
    "XH232": _error(
        "'{found}' không phải đầu vào kiểu 'date' (ngày).",
        "'{found}' is not an input of type date.",
        "'since' trong 'requires' là đầu vào cho biết ngày công nhận mức thấp hơn.",
        "requires.since names the input with the day when the lower level was recognised.",
    ),
    "XH233": _warning(
        "Đầu vào '{name}' không được dùng ở đâu.",
        "The input '{name}' is not used anywhere.",
        "Dùng nó trong một điều kiện hoặc bỏ đi.",
        "Use it in a condition or remove it.",
    ),
    "XH234": _error(
        "'take: {take}' cho đầu vào kiểu '{type}', không phải kiểu đã ghi.",
        "take: {take} gives an input of type {type}, not of the type that is written.",
        "Ghi 'type: {type}' hoặc đổi 'take'.",
        "Write type: {type}, or change take.",
    ),
    "XH235": _error(
        "Đầu vào lấy từ thành viên không dùng khóa '{key}'.",
        "An input that comes from members has no use for the key '{key}'.",
        "Bỏ khóa này: giá trị do kết quả của các thành viên quyết định.",
        "Leave it out: the value follows from what the members come to.",
    ),
    "XH236": _error(
        "'level' trong 'members' chỉ dùng khi 'held' là 'recognised' (được công nhận).",
        "members.level goes with held: recognised only.",
        "Bỏ 'level' hoặc bỏ 'held'.",
        "Leave out level or held.",
    ),
    "XH237": _error(
        "'held' là bước đứng trước 'over', nên ai trong 'over' cũng đạt.",
        "held is a step before over, so everyone in over has come as far.",
        "Thứ tự các bước: total, registered, assessed, recognised "
        "(tổng số, đăng ký, được đánh giá, được công nhận).",
        "The steps are, in order: total, registered, assessed, recognised.",
    ),
    "XH238": _error(
        "Không giá trị nào hợp với 'at_most': '{name}' ít nhất là {low}, mà '{larger}' nhiều nhất "
        "là {high}.",
        "No values fit 'at_most': '{name}' is at least {low}, and '{larger}' at most {high}.",
        "Sửa 'min' của '{name}' hoặc 'max' của '{larger}'.",
        "Correct min of '{name}', or max of '{larger}'.",
    ),
    "XH239": _error(
        "Các bộ tiêu chí dựa vào nhau thành vòng qua 'members': {circle}.",
        "Profiles rest on one another in a circle through members: {circle}.",
        "Bỏ một đầu vào 'members' trên vòng này, hoặc dùng 'applies_to' để giới hạn thành viên.",
        "Take an input with members off the circle, or limit its members by applies_to.",
    ),
    "XH240": _error(
        "Tên '{name}' vừa là đầu vào vừa là giá trị.",
        "'{name}' names both an input and a value.",
        "Đổi tên giá trị trong 'values' và ở các điều kiện dùng nó.",
        "Rename the value under values, and in the conditions that use it.",
    ),
    "XH241": _error(
        "Các ngày của '{name}' phải tăng dần: {day} không sau {before}.",
        "The days of '{name}' must ascend: {day} does not lie after {before}.",
        "Xếp các mục theo ngày, mỗi ngày một mục.",
        "Put the entries in the order of their days, one for each day.",
    ),
    "XH242": _error(
        "Các mục của một giá trị phải cùng kiểu: mục đầu là {expected}, mục này là {found}.",
        "The entries of one value are of one kind: the first is {expected}, this one {found}.",
        "Viết tất cả là số, tất cả là phần trăm (70%) hoặc tất cả là ngày; 'unknown' đi với mọi "
        "kiểu.",
        "Write numbers only, percentages only (70%) or days only; unknown goes with any of them.",
    ),
    "XH243": _warning(
        "Giá trị '{name}' không được dùng ở đâu.",
        "The value '{name}' is not used anywhere.",
        "Dùng nó trong một điều kiện hoặc bỏ đi.",
        "Use it in a condition or remove it.",
    ),
    "XH244": _error(
        "'{found}' không phải số, phần trăm, ngày hay 'unknown' (chưa rõ).",
        "'{found}' is no number, percentage, day or unknown.",
        "Viết như 80, 0.5, 70%, \"2025-01-01\", hoặc 'unknown' khi không nguồn nào cho biết.",
        'Write it like 80, 0.5, 70%, "2025-01-01", or unknown where no source shows it.',
    ),
}

_POINTS = {
    "XH301": _error(
        "{found} điểm không nằm trên lưới {grid}.",
        "{found} points do not lie on the grid {grid}.",
        "Dùng bội số của {grid} hoặc đổi 'grid'.",
        "Use a multiple of {grid}, or change grid.",
    ),
    "XH302": _error(
        "Số có quá nhiều chữ số.",
        "The number has too many digits.",
        "Dùng tối đa 12 chữ số; điểm, kể cả khi cộng lại, tối đa 15 chữ số tính theo bước của "
        "'grid' hoặc của số thập phân nhỏ nhất.",
        "Use at most 12 digits; points, added up too, have at most 15, counted in steps of grid or "
        "of the finest decimal.",
    ),
    "XH303": _error(
        "'{what}' ({meaning}) cần khai báo cách làm tròn.",
        "'{what}' ({meaning}) needs a declared rounding.",
        "Thêm '{key}: {{step: 1, mode: half_up}}'.",
        "Add '{key}: {{step: 1, mode: half_up}}'.",
    ),
    "XH305": _error(
        "Bậc {found} điểm vượt điểm của chỉ số ({points}).",
        "A band of {found} points lies outside the indicator's points ({points}).",
        "Sửa điểm của bậc hoặc của chỉ số.",
        "Correct the band's points or the indicator's.",
    ),
    "XH306": _error(
        "Điểm tối đa của đầu vào ({found}) khác điểm của chỉ số ({points}).",
        "The input's maximum ({found}) differs from the indicator's points ({points}).",
        "Cho hai số bằng nhau.",
        "Make the two equal.",
    ),
    "XH307": _error(
        "Bộ tiêu chí có 'na_policy: drop' (bỏ điểm của mục không áp dụng) thì mức không dùng "
        "ngưỡng điểm tuyệt đối.",
        "A profile with na_policy: drop sets no level on absolute points.",
        "Viết 'percent >= 80%' thay cho 'points >= 80'.",
        "Write percent >= 80% instead of points >= 80.",
    ),
    "XH308": _error(
        "Điểm sàn {found} cao hơn điểm tối đa {points}.",
        "The floor {found} is above the most points, {points}.",
        "Hạ điểm sàn.",
        "Lower the floor.",
    ),
    "XH310": _error(
        "Không có tiêu chí cùng nhánh luôn áp dụng để nhận điểm, hoặc nhánh không phải tổng.",
        "No sibling that always applies can take the points, or the branch is not a sum.",
        "'redistribute' (chia điểm cho mục khác) cần ít nhất một mục cùng nhánh có điểm và "
        "không có 'applies_when'.",
        "redistribute needs a sibling with points and without applies_when.",
    ),
    "XH311": _error(
        "Chỉ số tính điểm bằng '{key}' cần có điểm.",
        "An indicator scored by {key} needs points.",
        "Thêm 'points: …'.",
        "Add 'points: …'.",
    ),
    "XH312": _error(
        "{points} điểm không chia hết cho bước {step}.",
        "{points} points are not a multiple of the step {step}.",
        "Chọn bước làm tròn nhỏ hơn trong 'na_rounding'.",
        "Choose a smaller step in na_rounding.",
    ),
    "XH313": _error(
        "Quá {limit} mục chia lại điểm ('redistribute') trong một nhánh.",
        "More than {limit} criteria of one branch are redistributed.",
        "Chia nhánh ra.",
        "Split the branch.",
    ),
    "XH314": _error(
        "Khóa '{key}' không có tác dụng ở đây.",
        "The key '{key}' has no effect here.",
        "'weight' và 'rounding' đi với 'weighted_mean' (trung bình có trọng số); 'na_rounding' đi "
        "với 'redistribute' (chia lại điểm).",
        "weight and rounding go with weighted_mean; na_rounding goes with redistribute.",
    ),
    "XH315": _error(
        "Giới hạn dưới ('min') lớn hơn giới hạn trên ('max').",
        "min is above max.",
        "Đổi một trong hai giới hạn.",
        "Correct one of the bounds.",
    ),
    "XH316": _error(
        "Có '{given}' mà thiếu '{missing}'.",
        "{given} stands without {missing}.",
        "Thêm '{missing}'; 'na_policy' là 'full' (đủ điểm), 'zero' (0 điểm), 'drop' (bỏ điểm) hoặc "
        "'redistribute' (chia lại điểm).",
        "Add {missing}; na_policy is full, zero, drop or redistribute.",
    ),
    "XH317": _error(
        "Số này nằm ngoài khoảng cho phép.",
        "The number is outside what is allowed.",
        "'step', 'grid' và 'weight' phải dương; 'places' từ 0 đến 9; số tháng từ 0 đến 1200.",
        "step, grid and weight are above 0; places from 0 to 9; months from 0 to 1200.",
    ),
    "XH318": _error(
        "Giới hạn không phải bội số của {step}.",
        "The bound is not a multiple of {step}.",
        "Sửa giới hạn hoặc 'places' (số chữ số thập phân).",
        "Correct the bound, or places.",
    ),
    "XH319": _error(
        "Giới hạn của tỉ lệ nằm từ 0 đến 1.",
        "The bounds of a share lie between 0 and 1.",
        "Viết 0.7 cho 70%.",
        "Write 0.7 for 70%.",
    ),
    "XH320": _error(
        "Số đếm không âm.",
        "A count is not negative.",
        "Dùng kiểu 'decimal' (số thập phân) nếu cần số âm.",
        "Use the type decimal where negative numbers are needed.",
    ),
    "XH321": _error(
        "Điểm khai báo {found} khác điểm các mục cộng lại {sum}.",
        "The declared points {found} differ from what the entries make, {sum}.",
        "Sửa một trong hai.",
        "Correct one of them.",
    ),
    "XH322": _error(
        "Mục chỉ để tham khảo ('advisory') không có điểm sàn.",
        "An advisory criterion has no floor.",
        "Bỏ 'floor' hoặc đổi 'requirement'.",
        "Remove floor or change requirement.",
    ),
    "XH323": _error(
        "'each' (điểm mỗi mục) phải khác 0 và cùng dấu với 'points'.",
        "each must not be 0 and must have the sign of points.",
        "Sửa 'each'.",
        "Correct each.",
    ),
    "XH324": _error(
        "Mọi mục ở đây đều chỉ để tham khảo ('advisory'), nên không có gì để tính điểm.",
        "Everything here is advisory, so nothing is left that counts.",
        "Để ít nhất một mục được tính; nếu cả tiêu chí chỉ để tham khảo, ghi 'requirement: "
        "advisory' ở chính tiêu chí đó và bỏ ở các mục bên dưới.",
        "Let at least one entry count; if a whole criterion is advisory, write 'requirement: "
        "advisory' at the criterion and not at the entries below it.",
    ),
    "XH325": _error(
        "Mục này không nhận được điểm chia lại ('redistribute'): 'worst_of' có mục 'drop' bên "
        "trong nên có thể đạt nhiều hơn điểm tối đa của chính nó.",
        "This criterion cannot take a sibling's points: with a dropped child, a worst_of may earn "
        "more than its own points.",
        "Đổi 'na_policy' của mục bên dưới, hoặc tách 'worst_of' và 'redistribute' ra hai nhánh.",
        "Change the child's na_policy, or put worst_of and redistribute into two branches.",
    ),
}

_MEANING = {
    "XH401": _error(
        "Không ai đạt được mức '{level}'.",
        "Nobody can reach the level '{level}'.",
        "Điểm tối đa là {maximum}; xem lại ngưỡng, điểm sàn và điều kiện bắt buộc.",
        "The most points are {maximum}; look at the mark, the floors and the musts.",
    ),
    "XH402": _warning(
        "Điều kiện có một so sánh không bao giờ đúng, vì đầu vào không thể tới giá trị đó.",
        "The condition has a comparison that never holds, because the inputs cannot get there.",
        "Xem lại số trong so sánh, 'min', 'max' và 'at_most' của các đầu vào; phần của một tổng "
        "thể không vượt 100%.",
        "Look at the number, and at min, max and at_most of the inputs; a part of a whole is never "
        "above 100%.",
    ),
    "XH403": _error(
        "Không có điểm nào để đạt, nên 'percent' luôn là 0 trên 0, không xác định.",
        "No points can be had, so 'percent' is always 0 of 0, which is undefined.",
        "Cho các chỉ số 'points', hoặc viết điều kiện của mức không dùng 'percent'.",
        "Give the indicators 'points', or write the level's condition without 'percent'.",
    ),
    "XH405": _warning(
        "Mẫu số của tỉ lệ có thể bằng 0: khi đó kết quả không xác định.",
        "The denominator of a share may be 0: the result is then undefined.",
        "Đặt 'min: 1' cho mẫu số, hoặc 'applies_when: mẫu_số > 0'.",
        "Give the denominator min: 1, or use applies_when: denominator > 0.",
    ),
    "XH406": _warning(
        "Mọi điểm đều có thể bị bỏ ('drop'): khi đó 'percent' là 0 trên 0, không xác định.",
        "All points may be dropped: 'percent' is then 0 of 0, which is undefined.",
        "Để ít nhất một chỉ số có điểm luôn được tính vào điểm có thể đạt.",
        "Let at least one indicator with points always count in the points available.",
    ),
}

_DATES = {
    "XH501": _error(
        "Ngày hết hiệu lực ('effective_to') phải sau ngày có hiệu lực ('effective_from').",
        "effective_to must come after effective_from.",
        "'effective_to' là ngày đầu tiên không còn hiệu lực.",
        "effective_to is the first day on which it no longer holds.",
    ),
    "XH502": _error(
        "Bộ tiêu chí chưa nêu căn cứ pháp lý.",
        "The profile names no legal basis.",
        "Thêm 'legal_basis', hoặc ghi 'provenance: illustrative' nếu chỉ là minh họa.",
        "Add legal_basis, or write provenance: illustrative.",
    ),
    "XH503": _error(
        "Bộ tiêu chí đã bãi bỏ cần 'effective_to' và 'ended_by'.",
        "A retired profile needs effective_to and ended_by.",
        "Nêu ngày và văn bản làm nó hết hiệu lực.",
        "Name the day and the document that ended it.",
    ),
    "XH504": _error(
        "Phiên bản đã ban hành {found} bị sửa tại: {changed}.",
        "The released version {found} was changed at: {changed}.",
        "Giữ nguyên phiên bản đã ban hành; đưa thay đổi vào một tệp khác với 'version' mới. Chỉ "
        "được ghi thêm 'status: retired', 'effective_to', 'ended_by' và 'dates_source'.",
        "Leave a released version as it was, and put the change into another file with a new "
        "version. Only 'status: retired', effective_to, ended_by and dates_source may be added.",
    ),
    "XH505": _error(
        "Phiên bản đã ban hành {found} không còn.",
        "The released version {found} is gone.",
        "Khôi phục tệp; phiên bản mới đứng trong một tệp khác. Phiên bản hết hiệu lực thì ghi "
        "'status: retired'.",
        "Bring the file back; a new version stands in another file. A version that has ended is "
        "marked 'status: retired'.",
    ),
}

_OVERLAYS = {
    "XH602": _error(
        "Không tìm thấy bộ tiêu chí gốc '{found}'.",
        "The profile '{found}' that this one extends was not found.",
        "Ghi 'MÃ@PHIÊN_BẢN' của một bộ tiêu chí đi kèm thư viện hoặc nằm cùng thư mục.",
        "Write ID@VERSION of a profile that comes with the library or lies in the same directory.",
    ),
    "XH603": _error(
        "Các bộ tiêu chí mở rộng lẫn nhau thành vòng: {circle}.",
        "Profiles extend one another in a circle: {circle}.",
        "Cho một tệp trên vòng này đứng riêng, không có 'extends'.",
        "Let one file of the circle stand alone, without extends.",
    ),
    "XH604": _error(
        "Bộ tiêu chí gốc không có '{found}'.",
        "The profile that is extended has no '{found}'.",
        "Nêu chỗ thay bằng mã, như 'criteria/2.4/met_when', 'levels/good/when', 'inputs/members'.",
        "Name the place by id, such as criteria/2.4/met_when, levels/good/when, inputs/members.",
    ),
    "XH605": _error(
        "'{found}' đã được thay ở dòng {line}, hoặc nằm trong chỗ đã thay.",
        "'{found}' is overridden in line {line} already, or lies in what is.",
        "Giữ lại một mục.",
        "Keep one of them.",
    ),
    "XH606": _error(
        "Một bộ tiêu chí chỉ mở rộng được một bộ khác.",
        "A profile extends one other only.",
        "Nếu hai bộ cùng thay một bộ gốc, hãy mở rộng một bộ và ghi lại các thay đổi của bộ kia.",
        "Where two profiles override one base, extend one of them and write out what the other "
        "overrides.",
    ),
    "XH607": _error(
        "Không thay được '{found}' bằng 'overrides'.",
        "overrides cannot change '{found}'.",
        "Ghi khóa này ở đầu tệp; mã, loại danh hiệu và định dạng thì không đổi được.",
        "Write the key at the top of the file; the format and the title cannot be changed.",
    ),
    "XH608": _warning(
        "'{found}' được thay bằng đúng giá trị cũ.",
        "'{found}' is overridden by the value that it has.",
        "Bỏ mục này.",
        "Leave the entry out.",
    ),
}

_TARGETS = {
    "XH701": _error(
        "Ở đây cần đúng một khóa trong: {keys}.",
        "Just one of these keys must stand here: {keys}.",
        "Giữ lại một khóa.",
        "Keep one of them.",
    ),
    "XH702": _error(
        "'{found}' không phải năm hay ngày.",
        "'{found}' is neither a year nor a date.",
        "Viết 2025 (nghĩa là đến hết năm) hoặc 2025-06-30.",
        "Write 2025, which means the end of that year, or 2025-06-30.",
    ),
    "XH703": _error(
        "'{found}' không phải tỉ lệ lớn hơn 0% và không quá 100%.",
        "'{found}' is not a percentage above 0% and at most 100%.",
        "Viết như 70% hoặc 62.5%.",
        "Write it like 70% or 62.5%.",
    ),
    "XH704": _error(
        "Số cần đạt phải từ 1 trở lên.",
        "The number to reach must be 1 or more.",
        "Sửa số này.",
        "Correct the number.",
    ),
    "XH705": _error(
        "Mã chỉ tiêu '{id}' bị lặp.",
        "The target id '{id}' stands twice.",
        "Đặt cho mỗi chỉ tiêu một mã riêng.",
        "Give every target an id of its own.",
    ),
    "XH706": _warning(
        "Không biết bộ tiêu chí '{found}', nên điều kiện chưa được kiểm tra.",
        "The profile '{found}' is not known, so the condition was not checked.",
        "Kiểm tra lại mã bộ tiêu chí.",
        "Check the id of the profile.",
    ),
    "XH707": _error(
        "Bộ tiêu chí này dành cho danh hiệu khác: {found}.",
        "The profile is for another title: {found}.",
        "Sửa title hoặc profile.",
        "Correct title or profile.",
    ),
    "XH708": _error(
        "Thời hạn không muộn hơn ngày ban hành văn bản.",
        "The deadline does not lie after the day on which the document was issued.",
        "Sửa deadline hoặc legal_basis.issued.",
        "Correct deadline or legal_basis.issued.",
    ),
    "XH709": _error(
        "Chỉ tiêu chưa nêu nguồn.",
        "The target names no source.",
        "Thêm source ở chỉ tiêu hoặc trong legal_basis.",
        "Add source to the target or to legal_basis.",
    ),
    "XH710": _error(
        "Bộ tiêu chí {profile} đã có đầu vào hoặc giá trị tên '{name}'.",
        "The profile {profile} has an input or a value '{name}' already.",
        "Đổi tên đầu vào, hoặc bỏ nó đi và dùng đầu vào của bộ tiêu chí.",
        "Rename the input, or remove it and use the profile's.",
    ),
}

CODES: Final[Mapping[str, CodeInfo]] = {
    **_STRUCTURE,
    **_NAMES,
    **_POINTS,
    **_MEANING,
    **_DATES,
    **_OVERLAYS,
    **_TARGETS,
}
"""All codes, in order."""
