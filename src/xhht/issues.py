"""Issues: all that can be wrong with an input, as one record with a stable code and a location.

`Issue` is the record. Its subclasses add the location by kind of input: `FileIssue` in a YAML file,
`RowIssue` in a table; other packages add their own. All codes are in one registry: `code_info`
returns the meaning of a code, once the package that reports it is imported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypedDict

from attrs import field, frozen

from xhht.errors import NumberFormatError
from xhht.numbers import MAX_DIGITS, Convention, parse_number
from xhht.text import LabelledEnum, Lang, Text

__all__ = [
    "FACT_CODES",
    "REJECTION_CODES",
    "CodeInfo",
    "FileIssue",
    "FileIssueDict",
    "FileKind",
    "FilePlaceDict",
    "Issue",
    "Mark",
    "RowIssue",
    "RowIssueCode",
    "Severity",
    "at_row",
    "code_info",
    "generic_text",
    "page_of",
    "parse_count",
    "register_codes",
]


class Severity(StrEnum):
    """The severity of an issue: an input with an error is not used; a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen(kw_only=True)
class Issue:
    """One thing that is wrong.

    Attributes:
        code: stable and machine-readable.
        severity: error, warning or note.
        text: what is wrong, in both languages.
        hint: the remedy, or None if the text contains it.
        field: the input, column or key concerned, or None.
    """

    code: str
    severity: Severity = Severity.ERROR
    text: Text
    hint: Text | None = None
    field: str | None = None


@frozen(order=True)
class Mark:
    """A place in a file; line and column count from 1, in code points.

    `file` is set for profiles made of several files. `length` is the number of characters in the
    line, None if only the start is known.
    """

    line: int
    column: int
    file: str | None = field(default=None, eq=False, order=False)
    length: int | None = field(default=None, eq=False, order=False)


class FilePlaceDict(TypedDict):
    """A place in a file in JSON."""

    file: str
    line: int
    column: int
    pointer: str


class FileIssueDict(FilePlaceDict):
    """An issue of a YAML file in JSON."""

    code: str
    severity: str
    message: str
    hint: str | None
    page: str


@frozen(kw_only=True)
class FileIssue(Issue):
    """An issue of a YAML file.

    Attributes:
        file: the file name as given.
        mark: line and column, from 1.
        pointer: JSON pointer of the value.
    """

    file: str
    mark: Mark
    pointer: str

    @property
    def page(self) -> str:
        """The documentation page of the code, under `docs/`."""
        return page_of(self.code)

    @property
    def severity_label(self) -> Text:
        """The severity as printed."""
        return Text(vi=self.severity.value, en=self.severity.value)

    def headline(self, lang: Lang | str = Lang.VI) -> str:
        """Return place, severity, code and message as one line."""
        place = f"{self.file}:{self.mark.line}:{self.mark.column}"
        return f"{place}: {self.severity_label.get(lang)} {self.code}: {self.text.get(lang)}"

    def hint_lines(self, lang: Lang | str = Lang.VI) -> list[str]:
        """Return the line with the hint, if there is one."""
        return [f"    → {self.hint.get(lang)}"] if self.hint else []

    def to_dict(self, lang: Lang | str = Lang.VI) -> FileIssueDict:
        """Return the issue as `xhht check --format json` prints it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.text.get(lang),
            "file": self.file,
            "line": self.mark.line,
            "column": self.mark.column,
            "pointer": self.pointer,
            "hint": self.hint.get(lang) if self.hint else None,
            "page": self.page,
        }


@frozen(kw_only=True)
class CodeInfo:
    """The meaning of a code.

    Attributes:
        severity: the severity of its issues.
        text: its message; `{name}` fields are filled in when it is reported.
        hint: the remedy, or None.
    """

    severity: Severity = Severity.ERROR
    text: Text
    hint: Text | None = None


_REGISTRY: dict[str, CodeInfo] = {}


def register_codes(codes: Mapping[str, CodeInfo]) -> None:
    """Add codes to the registry; each code is registered only once."""
    repeated = _REGISTRY.keys() & codes.keys()
    assert not repeated, f"codes registered twice: {sorted(repeated)}"
    _REGISTRY.update(codes)


def code_info(code: str) -> CodeInfo:
    """Return the meaning of a code; KeyError if no imported package reports it.

    >>> code_info("unknown_area").text.en
    'The code or the name is not in the table of areas.'
    """
    return _REGISTRY[code]


_PAGES = {"XH": "reference/diagnostics/{code}.md", "XP": "reference/proof-findings.md#{anchor}"}


def page_of(code: str) -> str:
    """Return the page of the documentation that explains a code.

    >>> page_of("XH104"), page_of("XP101")
    ('reference/diagnostics/XH104.md', 'reference/proof-findings.md#xp101')
    """
    return _PAGES.get(code[:2], "reference/row-codes.md").format(code=code, anchor=code.lower())


def generic_text(text: Text) -> Text:
    """Return a message with an ellipsis for each value that is filled in when it is reported.

    >>> generic_text(Text(vi="Khóa '{key}' lạ.", en="Unknown key '{key}'.")).en
    "Unknown key '…'."
    """
    values: defaultdict[str, str] = defaultdict(lambda: "…")
    return Text(vi=text.vi.format_map(values), en=text.en.format_map(values))


class FileKind(LabelledEnum):
    """The kind of file that a row belongs to."""

    COUNTS = "counts", "Bảng số liệu", "Counts"
    AREAS = "areas", "Bảng khu vực", "Areas"
    CHANGES = "changes", "Bảng biến động", "Changes"
    WEIGHTS = "weights", "Bảng trọng số", "Weights"
    CANDIDATES = "candidates", "Danh sách đề nghị", "Candidates"
    CITIZENS = "citizens", "Bảng công dân", "Citizens"
    HOUSEHOLDS = "households", "Bảng gia đình", "Households"
    CLANS = "clans", "Bảng dòng họ", "Clans"
    UNITS = "units", "Bảng đơn vị", "Units"
    COMMUNITIES = "communities", "Bảng cộng đồng", "Communities"
    DECISIONS = "decisions", "Bảng quyết định", "Decisions"


class RowIssueCode(StrEnum):
    """The stable codes of row issues, each with its meaning."""

    text: Text

    def __new__(cls, value: str, vi: str, en: str) -> RowIssueCode:
        """Return a member that has a text."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = Text(vi=vi, en=en)
        return member

    DOUBTFUL_TOTAL = (
        "doubtful_total",
        "Dòng không có mã, không rõ là một đối tượng hay dòng tổng.",
        "A row without an id that may be a subject or a total.",
    )
    OPEN_QUOTE = (
        "open_quote",
        "Dấu nháy không đóng, nên nhiều dòng không đọc được.",
        "A quote that is not closed, so that several lines cannot be read.",
    )
    BROKEN_ROW = (
        "broken_row",
        "Dòng có nhiều ô hơn số cột của tiêu đề.",
        "The row has more cells than the header has columns.",
    )
    MISSING = ("missing", "Ô bắt buộc bị bỏ trống.", "A required cell is blank.")
    NOT_A_COUNT = (
        "not_a_count",
        "Không phải số nguyên theo cách viết số đã chọn.",
        "Not a whole number in the requested number format.",
    )
    NEGATIVE = ("negative", "Số lượng âm.", "A count below 0.")
    ABOVE_WHOLE = (
        "above_whole",
        "Số lượng lớn hơn số chứa nó.",
        "A count larger than the count it is part of.",
    )
    UNKNOWN_AREA = (
        "unknown_area",
        "Mã hoặc tên không có trong bảng khu vực.",
        "The code or the name is not in the table of areas.",
    )
    AREA_NOT_CLEAR = (
        "area_not_clear",
        "Tên khu vực chưa cho biết chắc chắn là khu vực nào.",
        "The name does not say for certain which area is meant.",
    )
    CODE_AND_NAME = (
        "code_and_name",
        "Mã khu vực và tên ghi bên cạnh không cùng một khu vực.",
        "The code of the area and the name beside it do not belong to one area.",
    )
    FAULTY_AREA = (
        "faulty_area",
        "Lỗi trong bảng khu vực khiến dòng không thuộc các khu vực được yêu cầu.",
        "An error in the table of areas excludes the row from the requested areas.",
    )
    UNKNOWN_TITLE = ("unknown_title", "Không có danh hiệu này.", "No such title.")
    NOT_OF_TITLE = (
        "not_of_title",
        "Dòng nêu một thuộc tính mà đối tượng của danh hiệu này không có, hoặc trái với danh hiệu.",
        "A property that subjects of this title do not have, or that contradicts the title.",
    )
    UNKNOWN_VERDICT = (
        "unknown_verdict",
        "Kết luận không phải một trong ba giá trị cho phép.",
        "A verdict other than the three allowed.",
    )
    NOT_YEARS = (
        "not_years",
        "Các năm không được viết như 2021-2023 hoặc 2021 2023.",
        "Years that are not written like 2021-2023 or 2021 2023.",
    )
    OTHER_TITLE = (
        "other_title",
        "Danh hiệu khác với danh hiệu của bộ tiêu chí dùng để xếp mức.",
        "A title other than that of the profile used to rank levels.",
    )
    LEVEL_WITHOUT_RECOGNITION = (
        "level_without_recognition",
        "Có mức nhưng kết luận không phải là `recognised`.",
        "A level with a verdict that is not `recognised`.",
    )
    POINTS_RANGE = (
        "points_range",
        "Điểm không phải là số, thiếu một trong hai số, hoặc điểm chắc chắn lớn hơn điểm có thể.",
        "Points that are not a number, one without the other, or certain above possible.",
    )
    DUPLICATE_KEY = (
        "duplicate_key",
        "Dòng trùng cho cùng khu vực và danh hiệu, hoặc cùng đối tượng; tất cả bị loại.",
        "Duplicate rows for one area and title, or for one subject; all are excluded.",
    )
    PARENT_DIFFERS = (
        "parent_differs",
        "Số của khu vực khác tổng các khu vực bên dưới.",
        "The count of an area differs from the sum of the areas below it.",
    )
    INVALID_AREA = (
        "invalid_area",
        "Khu vực có mã hoặc tên không hợp lệ.",
        "An area with an invalid code or name.",
    )
    DUPLICATE_CODE = (
        "duplicate_code",
        "Nhiều khu vực có cùng mã trong cùng thời gian.",
        "Several areas have the same code at the same time.",
    )
    UNKNOWN_PARENT = (
        "unknown_parent",
        "Khu vực cấp trên không có trong bảng, hoặc không tồn tại cùng thời gian.",
        "The parent of an area is not in the table, or not at the same time.",
    )
    UNKNOWN_LEVEL = (
        "unknown_level",
        "Cấp khu vực không tồn tại.",
        "An area with a level that does not exist.",
    )
    WRONG_LEVEL = (
        "wrong_level",
        "Cấp của khu vực không thấp hơn cấp của khu vực cấp trên.",
        "The level of an area is not below the level of its parent.",
    )
    CYCLE = ("cycle", "Khu vực cấp trên tạo thành vòng lặp.", "The parents of areas form a cycle.")
    NOT_A_DAY = (
        "not_a_day",
        "Ngày không được viết như 2025-07-01, hoặc không có trong lịch.",
        "A day that is not written like 2025-07-01, or is not in the calendar.",
    )
    INVALID_SOURCE = (
        "invalid_source",
        "Nguồn không nêu văn bản, hoặc văn bản thiếu ngày ban hành.",
        "A source that cites no document, or a document without its date of issue.",
    )
    UNKNOWN_KIND = (
        "unknown_kind",
        "Loại biến động không tồn tại.",
        "A kind of change that does not exist.",
    )
    INVALID_CHANGE = (
        "invalid_change",
        "Biến động có mã không hợp lệ.",
        "A change with invalid codes.",
    )
    UNKNOWN_FROM = (
        "unknown_from",
        "Biến động của khu vực không tồn tại vào ngày trước đó.",
        "A change of an area that does not exist on the day before.",
    )
    UNKNOWN_TO = (
        "unknown_to",
        "Biến động sang khu vực không tồn tại vào ngày đó.",
        "A change to an area that does not exist on the day.",
    )
    DUPLICATE_CHANGE = (
        "duplicate_change",
        "Hai biến động giữa cùng hai khu vực trong một ngày.",
        "Two changes between the same areas on one day.",
    )
    WHOLE_BESIDE_OTHER = (
        "whole_beside_other",
        "Toàn bộ dân chuyển đến một khu vực, nhưng có phần dân ở nơi khác.",
        "All people of an area move to one area, but some of them are elsewhere.",
    )
    PART_ALONE = (
        "part_alone",
        "Một phần dân chuyển đi, và thiếu thông tin về phần còn lại.",
        "Only some people of an area move, and the remaining people are missing.",
    )
    CHANGE_CYCLE = (
        "change_cycle",
        "Các biến động trong một ngày tạo thành vòng lặp.",
        "A cycle of changes between areas on one day.",
    )
    ENDS_WITHOUT_CHANGE = (
        "ends_without_change",
        "Khu vực hết hiệu lực nhưng không có biến động cho biết dân về đâu.",
        "An area ends, and no change records where its people are.",
    )
    INVALID_SUBJECT = (
        "invalid_subject",
        "Đối tượng hoặc quyết định có trường không hợp lệ.",
        "A subject or decision with invalid fields.",
    )
    UNKNOWN_OPTION = (
        "unknown_option",
        "Ô không phải một trong các lựa chọn của cột.",
        "A cell that is not one of the options of its column.",
    )
    UNKNOWN_SUBJECT = (
        "unknown_subject",
        "Quyết định về đối tượng không có trong bảng nào.",
        "A decision about a subject that is in no table.",
    )


class RowIssueDict(TypedDict):
    """A row issue in JSON."""

    row: int
    code: str
    field: str | None
    message: str
    file: str


@frozen(kw_only=True)
class RowIssue(Issue):
    """An issue of a row of a table. No text contains the value of a cell.

    Attributes:
        row: counted from 1 for the first row under the header.
        file: the file that the row belongs to.
    """

    row: int
    file: FileKind = FileKind.COUNTS

    def to_dict(self, lang: Lang | str = Lang.VI) -> RowIssueDict:
        """Return the issue as commands on tables print it in `errors`."""
        return {
            "row": self.row,
            "code": str(self.code),
            "field": self.field,
            "message": self.text.get(lang),
            "file": self.file.value,
        }


def at_row(issue: Issue, row: int, file: FileKind) -> RowIssue:
    """Return an issue of a value as one of the row that the value was read from."""
    return RowIssue(
        code=issue.code,
        severity=issue.severity,
        text=issue.text,
        hint=issue.hint,
        field=issue.field,
        row=row,
        file=file,
    )


def _meanings(codes: Mapping[str, tuple[str, str]]) -> Mapping[str, CodeInfo]:
    return {code: CodeInfo(text=Text(vi=vi, en=en)) for code, (vi, en) in codes.items()}


FACT_CODES: Final = _meanings(
    {
        "ambiguous_percent": (
            "Không rõ là tỉ lệ hay phần trăm, vì cùng cột có số lớn hơn mức tối đa.",
            "A fraction or a percentage, as the column has a number above the maximum.",
        ),
        "as_of_missing": (
            "Thiếu ngày đánh giá mà bộ tiêu chí cần.",
            "The evaluation day, which the profile requires, is missing.",
        ),
        "at_most": (
            "Giá trị lớn hơn giá trị của đầu vào nêu ở `at_most`.",
            "A value above that of the input named in `at_most`.",
        ),
        "bad_cost": (
            "Chi phí của đường nâng mức không hợp lệ.",
            "Invalid costs for the search of a path.",
        ),
        "bad_evidence": ("Minh chứng không hợp lệ.", "Invalid evidence."),
        "bad_waiver": (
            "Miễn xét không hợp lệ, hoặc không có tác dụng.",
            "A waiver that is invalid or has no effect.",
        ),
        "broken_table": ("Không đọc được bảng dữ kiện.", "The table of facts cannot be read."),
        "duplicate_id": ("Hai đối tượng có cùng mã.", "Two subjects with one id."),
        "not_a_date": ("Không phải ngày hợp lệ.", "Not a valid date."),
        "not_a_number": ("Không phải số hữu hạn.", "Not a finite number."),
        "not_an_object": (
            "Dữ kiện không phải là một đối tượng có khóa và giá trị.",
            "The facts are not an object with keys and values.",
        ),
        "off_step": (
            "Số không theo bước của đầu vào.",
            "A number that is not a multiple of the step of the input.",
        ),
        "out_of_bounds": (
            "Giá trị ngoài giới hạn của đầu vào.",
            "A value outside the bounds of the input.",
        ),
        "too_many_members": (
            "Nhiều thành viên hơn mức cho phép.",
            "More members than an input can count.",
        ),
        "waived_in_columns": (
            "Miễn minh chứng không tính được theo cột; hãy đánh giá từng đối tượng từ CSV (không "
            "có --output) hoặc JSON.",
            "A waiver cannot be evaluated over columns; evaluate single subjects from CSV (without "
            "--output) or JSON.",
        ),
        "wrong_day": (
            "Kết quả của chuẩn khác tính đến một ngày khác.",
            "The result of another standard is of another day.",
        ),
        "wrong_standard": (
            "Kết quả không phải của chuẩn mà đầu vào dựa vào.",
            "The result is not of the standard that the input rests on.",
        ),
        "other_kind": (
            "Đối tượng thuộc loại mà bộ tiêu chí không dành cho.",
            "A subject of a kind that the profile is not for.",
        ),
        "register_differs": (
            "Dữ kiện không khớp với sổ danh hiệu.",
            "A fact differs from the register of titles.",
        ),
        "lost_zeros": (
            "Mã đối tượng khác mã trong sổ danh hiệu ở các số 0 đứng đầu.",
            "The code of the subject differs from that in the register by leading zeros.",
        ),
        "id_missing": (
            "Thiếu mã đối tượng để tra sổ danh hiệu.",
            "No id of the subject, to find it in the register of titles.",
        ),
        "unknown_choice": ("Không phải lựa chọn của đầu vào.", "Not an option of the input."),
        "unknown_key": ("Không có đầu vào nào mang tên này.", "No input has this name."),
        "wrong_type": ("Sai kiểu giá trị.", "A value of the wrong type."),
    }
)
"""The codes of a `FactsError`."""

REJECTION_CODES: Final = _meanings(
    {
        "duplicate": (
            "Hồ sơ của đối tượng bị trùng; không hồ sơ nào được dùng.",
            "Duplicate record of a subject; none of them is used.",
        ),
        "level": (
            "Báo cáo về cộng đồng thiếu cấp, hoặc báo cáo khác có nêu cấp.",
            "A report on communities without their level, or another report with one.",
        ),
        "reported_area": (
            "Khu vực của đối tượng đã gửi số tổng hợp.",
            "The area of the subject sends counts.",
        ),
        "reported_below": (
            "Khu vực bên trong cũng gửi số tổng hợp.",
            "An area inside that of a report also sends counts.",
        ),
        "no_profile": (
            "Không xác định được bộ tiêu chí cho đối tượng.",
            "The profile of the subject cannot be determined.",
        ),
        "total_below": (
            "Tổng đã khai nhỏ hơn số hồ sơ.",
            "A declared total below the number of records.",
        ),
    }
)
"""The codes of records that a campaign rejects, in addition to those of rows and facts."""

register_codes({code.value: CodeInfo(text=code.text) for code in RowIssueCode})
register_codes(FACT_CODES)
register_codes(REJECTION_CODES)


def parse_count(
    text: str, convention: Convention = Convention.PLAIN
) -> int | tuple[RowIssueCode, Text]:
    """Return the count in `text`, or the issue code and message if it is invalid.

    Nothing is guessed: `253.853` is a count in Vietnamese number format only. `12.0` is one, as
    programs write whole numbers so.

    >>> parse_count("253853"), parse_count("253.853", Convention.VI)
    (253853, 253853)
    >>> parse_count("253.853")[0].value, parse_count("-5")[0].value
    ('not_a_count', 'negative')
    """
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text)
    try:
        number = parse_number(text, convention)
    except NumberFormatError:
        return RowIssueCode.NOT_A_COUNT, _remedy(text, convention)
    if number < 0:
        return RowIssueCode.NEGATIVE, _NEGATIVE
    decimal_sign = "," if convention is Convention.VI else "."
    if decimal_sign in text.removesuffix(f"{decimal_sign}0") or number >= 10**MAX_DIGITS:
        return RowIssueCode.NOT_A_COUNT, _remedy(text, convention)
    return number.numerator


def _remedy(text: str, convention: Convention) -> Text:
    if convention is Convention.VI:
        return _NOT_A_COUNT_VI
    return _MAYBE_VI if _is_grouped(text) else _NOT_A_COUNT


def _is_grouped(text: str) -> bool:
    try:
        return "." in text and parse_number(text, Convention.VI).denominator == 1
    except NumberFormatError:
        return False


_NEGATIVE = Text(
    vi="Số âm; số lượng phải từ 0 trở lên.", en="Negative number; a count must be 0 or more."
)
_NOT_A_COUNT = Text(
    vi="Số lượng không hợp lệ; hãy viết số nguyên như 253853, tối đa 15 chữ số.",
    en="Invalid count; write a whole number such as 253853, with at most 15 digits.",
)
_NOT_A_COUNT_VI = Text(
    vi="Số lượng không hợp lệ theo cách viết Việt Nam; hãy viết số nguyên như 253.853.",
    en="Invalid count in Vietnamese number format; write a whole number such as 253.853.",
)
_MAYBE_VI = Text(
    vi="Số lượng không hợp lệ; nếu dấu chấm ngăn cách hàng nghìn, hãy dùng --numbers vi.",
    en="Invalid count; if the point separates thousands, use --numbers vi.",
)
