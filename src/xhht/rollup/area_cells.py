"""Resolution of the area codes in a table column against a tree of areas."""

from __future__ import annotations

from collections.abc import Collection

from xhht.domain.areas import AreaTree
from xhht.rollup.cells import CellError, blank_cell
from xhht.rollup.counts import count_text
from xhht.rollup.faults import FaultCode
from xhht.tabular import Row
from xhht.text import Text

__all__ = ["AREA_HAS_ERRORS", "AreaResolver", "leading_zeros_warning"]


class AreaResolver:
    """Finds the area that a row names, also where leading zeros were lost."""

    def __init__(self, tree: AreaTree, left_out: Collection[str]) -> None:
        self._tree = tree
        self._left_out = left_out
        self._codes: dict[str, str | None] = {}
        self._repadded: list[int] = []

    def code(self, row: Row, column: str = "area") -> str:
        """Return the code in a column as it is in the tree; raises CellError."""
        cell = row.cells[column]
        if not cell:
            raise CellError(FaultCode.MISSING, column, blank_cell(column))
        if cell in self._tree:
            return cell
        if cell not in self._codes:
            area = self._tree.find_repadded(cell)
            self._codes[cell] = area.code if area else None
        code = self._codes[cell]
        if code is not None:
            self._repadded.append(row.number)
            return code
        if cell in self._left_out:
            raise CellError(FaultCode.FAULTY_AREA, column, AREA_HAS_ERRORS)
        raise CellError(FaultCode.UNKNOWN_AREA, column, _UNKNOWN_AREA)

    def warnings(self) -> tuple[Text, ...]:
        """Return warnings about values that were not read as written."""
        if not self._repadded:
            return ()
        return (leading_zeros_warning(len(self._repadded), self._repadded[0]),)


def leading_zeros_warning(rows: int, first: int) -> Text:
    """Return the warning about codes whose leading zeros were restored."""
    return _REPADDED.format(number=count_text(rows), row=first)


_UNKNOWN_AREA = Text(
    vi="Mã khu vực không có trong bảng khu vực, hoặc không có hiệu lực vào ngày được chọn; hãy "
    "kiểm tra mã và các số 0 ở đầu.",
    en="The area code is not in the table of areas, or is not valid on the selected day; check the "
    "code and its leading zeros.",
)
AREA_HAS_ERRORS = Text(
    vi="Chưa được cộng vì khu vực có lỗi trong bảng khu vực; hãy sửa bảng đó trước.",
    en="Excluded because of an error in the table of areas; fix that table first.",
)
_REPADDED = Text(
    vi="{number} dòng có mã khu vực chỉ khác bảng khu vực ở các số 0 ở đầu, nên được coi là cùng "
    "một mã (dòng đầu tiên: {row}); hãy lưu cột mã của cả hai bảng dưới dạng văn bản.",
    en="Rows whose area code differs from the table of areas only by leading zeros: {number} "
    "(first row: {row}). They are treated as the same code. Save the code columns of both tables "
    "as text.",
)
