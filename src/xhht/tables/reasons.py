"""Texts for the reasons for which rows of a table are rejected."""

from __future__ import annotations

from xhht.tables.excluded import DOUBTFUL_TOTAL
from xhht.text import Text

__all__ = ["reason_text"]


def reason_text(code: str) -> Text:
    """Return the text of a reason for rejection, with the remedy.

    >>> reason_text("at_most").get("en")
    'above its upper bound in the same row; check both numbers'
    """
    return _REASONS.get(code) or Text(vi=code, en=code)


_REASONS = {
    "wrong_type": Text(
        vi="giá trị sai kiểu dữ liệu; số viết theo --numbers, có/không viết là có, không, x, đạt, "
        "không đạt, 1 hoặc 0",
        en="wrong type; numbers follow --numbers, and yes or no is có, không, x, đạt, không đạt, 1 "
        "or 0",
    ),
    "out_of_bounds": Text(
        vi="giá trị ngoài khoảng cho phép; hãy kiểm tra lại",
        en="value outside the allowed range; check it",
    ),
    "other_kind": Text(
        vi="đối tượng thuộc loại mà bộ tiêu chí không dành cho; hãy dùng bộ tiêu chí của loại đó",
        en="a subject of a kind that the profile is not for; use the profile for that kind",
    ),
    "waived_in_columns": Text(
        vi="miễn minh chứng không tính được theo cột; hãy đánh giá từng đối tượng từ CSV (không có "
        "--output) hoặc JSON",
        en="a waiver cannot be evaluated over columns; evaluate single subjects from CSV (without "
        "--output) or JSON",
    ),
    "off_step": Text(
        vi="nhiều chữ số thập phân hơn mức cho phép; hãy kiểm tra lại",
        en="more decimal places than allowed; check the value",
    ),
    "not_a_number": Text(
        vi="không phải là số; hãy để trống nếu chưa biết",
        en="not a number; leave the cell blank if it is unknown",
    ),
    "not_a_date": Text(
        vi="ngày không hợp lệ; hãy viết như 31/12/2024 hoặc 2024-12-31",
        en="invalid date; write it like 31/12/2024 or 2024-12-31",
    ),
    "unknown_choice": Text(
        vi="không phải một trong các lựa chọn của đầu vào; hãy kiểm tra cách viết",
        en="not one of the choices of the input; check the spelling",
    ),
    "bad_evidence": Text(
        vi="minh chứng phải là verified, pending hoặc rejected",
        en="evidence must be verified, pending or rejected",
    ),
    "at_most": Text(
        vi="lớn hơn số bao gồm nó trong cùng dòng; hãy kiểm tra cả hai số",
        en="above its upper bound in the same row; check both numbers",
    ),
    "doubtful_total": DOUBTFUL_TOTAL,
    "open_quote": Text(
        vi="dấu nháy không đóng, nên cả các dòng bên dưới không đọc được; hãy sửa dấu nháy",
        en="a quote that is not closed, so that the rows below it cannot be read either; correct "
        "the quote",
    ),
    "duplicate_id": Text(
        vi="mã bị trùng ở nhiều dòng; mỗi đối tượng chỉ được có một dòng",
        en="duplicate id; each subject must have exactly one row",
    ),
    "broken_row": Text(
        vi="dòng sai định dạng: thừa ô, dấu nháy không đóng hoặc ký tự NUL",
        en="malformed row: too many cells, an unclosed quote or a NUL character",
    ),
    "merged_cell": Text(
        vi="ô gộp: một số cho nhiều dòng hoặc cột; hãy bỏ gộp ô và điền từng ô",
        en="merged cell: one number for several rows or columns; unmerge it and fill in each cell",
    ),
    "no_cached_value": Text(
        vi="công thức chưa có kết quả; hãy mở bằng Excel, tính lại và lưu",
        en="formula without a stored result; open the file in Excel, recalculate and save it",
    ),
    "error_value": Text(
        vi="ô báo lỗi như #N/A hay #DIV/0!; hãy sửa, hoặc để trống nếu chưa biết",
        en="error value such as #N/A or #DIV/0!; fix it, or leave the cell blank if it is unknown",
    ),
    "ambiguous_percent": Text(
        vi="không rõ là tỉ lệ hay phần trăm; hãy dùng định dạng % hoặc ghi dấu % cho cả cột",
        en="unclear whether a fraction or a percentage; use a percent format or % signs in the "
        "whole column",
    ),
    "swapped_days": Text(
        vi="Excel có thể đã đổi ngày và tháng: cột có cả ô kiểu ngày (ngày không quá 12) và văn "
        "bản ngày (ngày trên 12); hãy sửa cả cột thành văn bản ngày/tháng/năm",
        en="Excel may have swapped day and month: the column holds date cells (days up to 12) and "
        "texts of dates (days above 12); make the column texts of day/month/year",
    ),
    "day_in_code": Text(
        vi="Excel đã đổi mã thành ngày; hãy đặt cột mã là văn bản và nhập lại mã",
        en="Excel has turned the code into a date; format the column as text and enter it again",
    ),
    "long_code": Text(
        vi="mã dài hơn 15 chữ số nên Excel đã làm tròn; hãy đặt cột mã là văn bản và nhập lại mã",
        en="the code has more than 15 digits, which Excel has rounded; format the column as text "
        "and enter it again",
    ),
    "percent_format": Text(
        vi="ô có định dạng phần trăm, nhưng đầu vào không phải tỉ lệ; hãy kiểm tra lại",
        en="percent format, but the input is not a share; check it",
    ),
}
