"""Tells what kind of file a table is in; of a file that is no table, says what to do."""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from xhht.errors import TableError
from xhht.text import Text

__all__ = ["WorkbookKind", "foreign_kind", "workbook_kind"]

_OLE = b"\xd0\xcf\x11\xe0"
_XLS_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook\0", "Book\0"))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_LARGEST = 1 << 26
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|style|table|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_ARCHIVED_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*mime-version:", re.IGNORECASE)
_OLD_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*>\s*(?:<\?mso-application\s|<(?:\w+:)?workbook\b)",
    re.IGNORECASE,
)
_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")


class WorkbookKind(Enum):
    """The format of a workbook."""

    XLSX = auto()
    XLSX_STRICT = auto()
    XLSB = auto()
    XLS = auto()
    ODS = auto()


def foreign_kind(head: bytes) -> Text | None:
    """Return what a file is that begins with `head`, and the remedy; None if it may be CSV.

    >>> foreign_kind(b"%PDF-1.7").get("en")
    'This is a PDF, not a table; get the workbook it was made from, or type the table into one.'
    >>> foreign_kind(b"id,members") is None
    True
    """
    if head.startswith((b"PK\x03\x04", *_OTHER_ARCHIVES)):
        return _ZIP
    if head.startswith(_OLE):
        return _NO_WORKBOOK
    if head.startswith(b"%PDF-"):
        return _PDF
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")):
        return _IMAGE
    if head.startswith(b"{\\rtf"):
        return _WORD
    if _OLD_XML.match(head):
        return _XML
    return _HTML if _MARKUP.match(head) or _ARCHIVED_PAGE.match(head) else None


def workbook_kind(path: Path) -> WorkbookKind:
    """Return the format of a workbook, by its content.

    Raises:
        TableError: it is protected by a password, or is another document or an archive.
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        data = stream.read(4)
        if data == _OLE:
            return _old_kind(data + stream.read(_LARGEST))
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                with archive.open("xl/workbook.xml") as workbook:
                    is_strict = b"purl.oclc.org/ooxml" in workbook.read(1 << 16)
                return WorkbookKind.XLSX_STRICT if is_strict else WorkbookKind.XLSX
            if "mimetype" in names and "content.xml" in names:
                with archive.open("mimetype") as mimetype:
                    return _open_document_kind(mimetype.read(100))
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return WorkbookKind.XLSX  # its reader says that it is damaged
    if "xl/workbook.bin" in names:
        return WorkbookKind.XLSB
    if "content.xml" in names:
        return WorkbookKind.ODS
    if "word/document.xml" in names:
        raise TableError(_WORD)
    if "ppt/presentation.xml" in names:
        raise TableError(_NO_WORKBOOK)
    if "[Content_Types].xml" in names:
        return WorkbookKind.XLSX
    raise TableError(_ZIP)


def _old_kind(data: bytes) -> WorkbookKind:
    if _ENCRYPTED in data:
        raise TableError(_PASSWORD)
    if any(name in data for name in _XLS_STREAMS):
        return WorkbookKind.XLS
    raise TableError(_WORD if _WORD_STREAM in data else _NO_WORKBOOK)


def _open_document_kind(mimetype: bytes) -> WorkbookKind:
    if b"spreadsheet" in mimetype:
        return WorkbookKind.ODS
    raise TableError(_WORD if b"text" in mimetype else _NO_WORKBOOK)


_ZIP = Text(
    vi="Đây là tệp nén, hoặc bảng tính ở nơi chỉ đọc CSV; hãy giải nén, hoặc lưu dưới dạng CSV "
    "UTF-8.",
    en="This is an archive, or a workbook where only CSV is read; unpack it, or save it as CSV "
    "UTF-8.",
)
_NO_WORKBOOK = Text(
    vi="Đây là tài liệu của bộ phần mềm văn phòng, không phải bảng tính; hãy lưu bảng dưới dạng "
    ".xlsx.",
    en="This is a document of an office suite, not a workbook; save the table as .xlsx.",
)
_XML = Text(
    vi="Đây là bảng tính XML của Excel 2003; hãy mở bằng Excel và lưu dưới dạng .xlsx.",
    en="This is an XML workbook of Excel 2003; open it in Excel and save it as .xlsx.",
)
_PASSWORD = Text(
    vi="Bảng tính có mật khẩu; hãy mở bằng Excel, bỏ mật khẩu và lưu dưới dạng .xlsx.",
    en="The workbook is protected by a password; open it in Excel, remove the password and save "
    "it as .xlsx.",
)
_WORD = Text(
    vi="Đây là văn bản Word, không phải bảng tính; hãy chép bảng sang Excel và lưu dạng .xlsx.",
    en="This is a text document, not a table; copy the table to Excel and save it as .xlsx.",
)
_PDF = Text(
    vi="Đây là tệp PDF, không phải bảng; hãy xin bảng tính gốc hoặc gõ lại bảng vào Excel.",
    en="This is a PDF, not a table; get the workbook it was made from, or type the table into one.",
)
_IMAGE = Text(
    vi="Đây là tệp ảnh, không phải bảng; hãy xin bảng tính gốc hoặc gõ lại bảng vào Excel.",
    en="This is an image, not a table; get the workbook it shows, or type the table into one.",
)
_HTML = Text(
    vi="Đây là trang web (HTML), dù tên có thể là .xls; hãy mở bằng Excel và lưu dạng .xlsx.",
    en="This is a web page (HTML), whatever its name; open it in Excel and save it as .xlsx.",
)
