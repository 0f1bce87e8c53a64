"""The column of a table that holds codes, read against a tree: which area each row names."""

from __future__ import annotations

from collections.abc import Collection

from xhht.domain.areas import AreaTree
from xhht.rollup.cells import CellError, blank_cell
from xhht.rollup.counts import count_text
from xhht.rollup.faults import FaultCode
from xhht.tabular import Row
from xhht.text import Text

__all__ = ["FAULTY_AREA", "AreaCells", "repadded_text"]


class AreaCells:
    """Finds the areas of a tree that rows name, also where zeros in front were lost."""

    def __init__(self, tree: AreaTree, left_out: Collection[str]) -> None:
        self._tree = tree
        self._left_out = left_out
        self._found: dict[str, str | None] = {}
        self._repadded: list[int] = []

    def code(self, row: Row, column: str = "area") -> str:
        """Return the code in a column as the tree has it; raises CellError."""
        cell = row.cells[column]
        if not cell:
            raise CellError(FaultCode.MISSING, column, blank_cell(column))
        if cell in self._tree:
            return cell
        if cell not in self._found:
            area = self._tree.find_repadded(cell)
            self._found[cell] = area.code if area else None
        code = self._found[cell]
        if code is not None:
            self._repadded.append(row.number)
            return code
        if cell in self._left_out:
            raise CellError(FaultCode.FAULTY_AREA, column, FAULTY_AREA)
        raise CellError(FaultCode.UNKNOWN_AREA, column, _UNKNOWN_AREA)

    def warnings(self) -> tuple[Text, ...]:
        """Return what was read otherwise than written."""
        if not self._repadded:
            return ()
        return (repadded_text(len(self._repadded), self._repadded[0]),)


def repadded_text(rows: int, first: int) -> Text:
    """Return what to say of codes that got their zeros back."""
    return _REPADDED.format(number=count_text(rows), row=first)


_UNKNOWN_AREA = Text(
    vi="Mã khu vực không có trong bảng khu vực, hoặc không có vào ngày được nêu; hãy kiểm tra mã "
    "và các số 0 ở đầu.",
    en="The code is not in the table of areas, or not on the day asked for; check it, and its "
    "leading zeros.",
)
FAULTY_AREA = Text(
    vi="Chưa được cộng vì có lỗi trong bảng khu vực; hãy sửa bảng đó trước.",
    en="Not added because of a fault in the table of areas; mend that table first.",
)
_REPADDED = Text(
    vi="{number} dòng có mã khu vực chỉ khác bảng khu vực ở các số 0 ở đầu, nên được coi là cùng "
    "một mã (dòng đầu tiên: {row}); hãy lưu cột mã của cả hai bảng dưới dạng văn bản.",
    en="{number} rows have an area code that differs from the table of areas only by leading "
    "zeros; it was taken for the same code (first row: {row}). Save the columns of codes of both "
    "tables as text.",
)
