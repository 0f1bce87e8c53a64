"""Why rows of a table are rejected, in words."""

from __future__ import annotations

from xhht.text import Text

__all__ = ["reason_text"]


def reason_text(code: str) -> Text:
    """Return what a row is rejected for, in words, and what to do.

    >>> reason_text("at_most").in_("en")
    'above its upper bound in the same row; check both numbers'
    """
    return _REASONS.get(code) or Text(vi=code, en=code)


_REASONS = {
    "wrong_type": Text(
        vi="giá trị sai kiểu; hãy xem cách viết số (--numbers) và đầu vào cần gì",
        en="a value of another type; see how numbers are written (--numbers) and what is asked",
    ),
    "out_of_bounds": Text(
        vi="giá trị ngoài khoảng cho phép; hãy kiểm tra",
        en="a value out of bounds; check it",
    ),
    "off_step": Text(
        vi="nhiều chữ số thập phân hơn mức cho phép; hãy kiểm tra",
        en="more decimals than are asked for; check them",
    ),
    "not_a_number": Text(
        vi="không phải số; hãy để trống nếu chưa biết",
        en="not a number; leave it blank where it is not known",
    ),
    "not_a_date": Text(
        vi="không phải ngày có trong lịch; hãy viết như 2024-12-31",
        en="no day of the calendar; write it like 2024-12-31",
    ),
    "unknown_choice": Text(
        vi="không phải một trong các lựa chọn của đầu vào",
        en="none of the choices of the input",
    ),
    "bad_evidence": Text(
        vi="minh chứng phải là verified, pending hoặc rejected",
        en="evidence is verified, pending or rejected",
    ),
    "at_most": Text(
        vi="lớn hơn số bao gồm nó trong cùng dòng; hãy kiểm tra cả hai số",
        en="above its upper bound in the same row; check both numbers",
    ),
    "duplicate_id": Text(
        vi="mã có ở nhiều dòng; mỗi đối tượng chỉ có một dòng",
        en="the id stands in several rows; a subject has one row",
    ),
    "broken_row": Text(
        vi="dòng hỏng: thừa ô, dấu nháy không đóng hoặc ký tự NUL",
        en="a broken row: too many cells, an open quote or a NUL character",
    ),
    "merged_cell": Text(
        vi="ô gộp: một số cho nhiều dòng hoặc cột; hãy bỏ gộp ô và điền từng ô",
        en="a merged cell: one number for several rows or columns; unmerge it and fill each in",
    ),
    "no_cached_value": Text(
        vi="công thức chưa có kết quả; hãy mở bằng Excel, tính lại và lưu",
        en="a formula without a result; open it in Excel, compute and save it",
    ),
    "error_value": Text(
        vi="ô báo lỗi như #N/A hay #DIV/0!; hãy sửa, hoặc để trống nếu chưa biết",
        en="an error such as #N/A or #DIV/0!; mend it, or leave it blank where it is not known",
    ),
    "ambiguous_percent": Text(
        vi="không rõ là tỉ lệ hay phần trăm; hãy dùng định dạng % hoặc ghi dấu % cho cả cột",
        en="a share or a percentage; give the whole column a percent format or signs",
    ),
    "percent_format": Text(
        vi="ô có định dạng phần trăm, nhưng đầu vào không phải tỉ lệ; hãy kiểm tra",
        en="a percent format where no share is asked for; check it",
    ),
}
