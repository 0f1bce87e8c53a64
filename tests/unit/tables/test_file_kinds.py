from pathlib import Path
from zipfile import ZipFile

import pytest

from xhht.errors import TableError
from xhht.tables.files import open_table
from xhht.tables.weights import WEIGHTS

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(path: Path, name: str, content: str = "") -> None:
    with ZipFile(path, "w") as file:
        file.writestr(name, content)


def message(path: Path) -> str:
    with pytest.raises(TableError) as refused, open_table(path, WEIGHTS):
        pass
    return refused.value.text.get("en")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "HTML"),
        (b'\xef\xbb\xbf\r\n<!DOCTYPE html PUBLIC "x">', "HTML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "HTML"),
        (b'<?xml version="1.0"?>\n<html xmlns="x">', "HTML"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>', "Excel 2003"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (OLE + bytes(600), "office suite"),
        (OLE + bytes(600) + "WordDocument".encode("utf-16-le"), "text document"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_a_file_that_is_no_table_is_called_what_it_is(
    tmp_path: Path, data: bytes, name: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    assert name in message(path)


@pytest.mark.parametrize(
    ("member", "content", "name"),
    [
        ("word/document.xml", "", "text document"),
        ("ppt/presentation.xml", "", "office suite"),
        ("photo.jpg", "", "archive"),
        ("xl/workbook.bin", "", "damaged"),
        ("content.xml", "", "damaged"),
        ("xl/workbook.xml", "<workbook xmlns='http://purl.oclc.org/ooxml/x'/>", "damaged"),
        ("xl/workbook.xml", "<workbook/>", "damaged"),
    ],
)
def test_a_container_is_called_what_it_is(
    tmp_path: Path, member: str, content: str, name: str
) -> None:
    path = tmp_path / "table.xlsx"
    archive(path, member, content)
    assert name in message(path)


def test_a_text_of_open_document_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "table.ods"
    with ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", "")
    assert "text document" in message(path)
