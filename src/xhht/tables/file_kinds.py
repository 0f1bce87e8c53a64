"""Names files that are no tables that can be read, and says what to do."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from xhht.text import Text

__all__ = ["foreign_container", "foreign_kind"]

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LARGEST = 1 << 26
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|meta|table)\b", re.I)


def foreign_kind(head: bytes) -> Text | None:
    """Return what a file is that begins with `head`, and the remedy; None if it may be CSV.

    >>> foreign_kind(b"%PDF-1.7").get("en")
    'This is a PDF, not a table; get the workbook it was made from, or type the table into one.'
    >>> foreign_kind(b"id,members") is None
    True
    """
    if head.startswith(b"PK\x03\x04"):
        return _ZIP
    if head.startswith(_OLE):
        return _OLD
    if head.startswith(b"%PDF-"):
        return _PDF
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")):
        return _IMAGE
    if head.startswith(b"{\\rtf"):
        return _WORD
    return _HTML if _MARKUP.match(head) else None


def foreign_container(path: Path) -> Text | None:
    """Return what a workbook or archive is, and the remedy; None if it may be read as `.xlsx`.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        data = stream.read(4)
        if data == _OLE:
            return _PASSWORD if _ENCRYPTED in data + stream.read(_LARGEST) else _OLD
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                with archive.open("xl/workbook.xml") as workbook:
                    is_strict = b"purl.oclc.org/ooxml" in workbook.read(1 << 16)
                return _STRICT if is_strict else None
    except (BadZipFile, NotImplementedError, RuntimeError):
        return None
    if "xl/workbook.bin" in names:
        return _XLSB
    if "content.xml" in names:
        return _ODS
    if "word/document.xml" in names:
        return _WORD
    return None if "[Content_Types].xml" in names else _ZIP


_ZIP = Text(
    vi="Đây là bảng tính Excel hoặc tệp nén, không phải CSV; vui lòng lưu dưới dạng CSV UTF-8.",
    en="This is an Excel workbook or an archive, not CSV; save it as CSV UTF-8.",
)
_OLD = Text(
    vi="Đây là bảng tính Excel định dạng cũ (.xls); hãy mở bằng Excel và lưu dưới dạng .xlsx.",
    en="This Excel workbook is of the old format (.xls); open it in Excel and save it as .xlsx.",
)
_PASSWORD = Text(
    vi="Bảng tính có mật khẩu; hãy mở bằng Excel, bỏ mật khẩu và lưu dưới dạng .xlsx.",
    en="The workbook is protected by a password; open it in Excel, remove the password and save "
    "it as .xlsx.",
)
_STRICT = Text(
    vi="Bảng tính được lưu ở dạng Strict Open XML; hãy lưu dưới dạng .xlsx thông thường.",
    en="The workbook was saved as Strict Open XML; save it as plain .xlsx.",
)
_XLSB = Text(
    vi="Đây là bảng tính nhị phân (.xlsb); hãy mở bằng Excel và lưu dưới dạng .xlsx.",
    en="This is a binary workbook (.xlsb); open it in Excel and save it as .xlsx.",
)
_ODS = Text(
    vi="Đây là tệp OpenDocument (.ods); hãy lưu dưới dạng .xlsx.",
    en="This is an OpenDocument file (.ods); save it as .xlsx.",
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
