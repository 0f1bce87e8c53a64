"""Opens workbooks of every format.

openpyxl reads `.xlsx`: it also reports number formats, fonts and formulas, which are needed to
recognise percentages, legacy-encoded texts and values that are not stored. calamine reads the
formats that openpyxl does not: `.xls`, `.xlsb`, `.ods` and Strict Open XML.
"""

from __future__ import annotations

from pathlib import Path

from xhht.tables.book import Book
from xhht.tables.file_kinds import WorkbookKind, workbook_kind

__all__ = ["open_book"]


def open_book(path: Path) -> Book:
    """Open a workbook.

    Raises:
        TableError: it is no workbook that can be read: damaged, too large when unpacked,
            protected by a password, or another kind of file.
        OSError: the file cannot be read.
        ModuleNotFoundError: the library for its format is not installed.
    """
    kind = workbook_kind(path)
    if kind is WorkbookKind.XLSX:
        from xhht.tables.openpyxl_book import OpenpyxlBook

        return OpenpyxlBook(path)
    from xhht.tables.calamine_book import CalamineBook

    return CalamineBook(path)
