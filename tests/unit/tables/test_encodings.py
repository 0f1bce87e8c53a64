import io
import unicodedata
from pathlib import Path

import pytest

from xhht.errors import TableError
from xhht.tables.csv import open_csv
from xhht.tables.encodings import TextEncoding, find_encoding

TABLE = "Danh hiệu;Tổng số;Đăng ký;Đạt\nGia đình học tập;5;4;3\nDòng họ;8;8;7\nCộng đồng;1;1;1\n"
TCVN3 = "Danh hiÖu;Tæng sè;§¨ng ký;§¹t\nGia ®×nh häc tËp;5;4;3\nDßng hä;8;8;7\nCéng ®ång;1;1;1\n"
VNI = (
    "Danh hieäu;Toång soá;Ñaêng kyù;Ñaït\nGia ñình hoïc taäp;5;4;3\n"
    "Doøng hoï;8;8;7\nCoäng ñoàng;1;1;1\n"
)


def windows_1258(text: str) -> bytes:
    """Encode text as Windows writes it: tone marks apart, other marks with their letter."""
    data = b""
    for letter in text:
        try:
            data += letter.encode("cp1258")
        except UnicodeEncodeError:
            *base, tone = list(unicodedata.normalize("NFD", letter))
            if tone == "\u0302" or (len(base) == 2 and base[1] == "\u0323"):
                base, tone = [base[0], tone], base[1]
            data += unicodedata.normalize("NFC", "".join(base)).encode("cp1258")
            data += tone.encode("cp1258")
    return data


FILES = [
    (TABLE.encode(), TextEncoding.UTF8),
    (TABLE.encode("utf-8-sig"), TextEncoding.UTF8),
    (TABLE.encode("utf-16"), TextEncoding.UTF16_LE),
    (TABLE.encode("utf-16-le"), TextEncoding.UTF16_LE),
    (b"\xfe\xff" + TABLE.encode("utf-16-be"), TextEncoding.UTF16_BE),
    (TABLE.encode("utf-16-be"), TextEncoding.UTF16_BE),
    (windows_1258(TABLE), TextEncoding.WINDOWS_1258),
    (TCVN3.encode("latin-1"), TextEncoding.TCVN3),
    (VNI.encode("cp1252"), TextEncoding.VNI),
]


@pytest.mark.parametrize(("data", "encoding"), FILES)
def test_each_encoding_gives_the_same_table_and_is_noted(
    data: bytes, encoding: TextEncoding
) -> None:
    with open_csv(io.BytesIO(data)) as table:
        rows = [list(row.cells.values()) for row in table]
        assert ";".join(table.columns) == TABLE.splitlines()[0]
        assert [";".join(row) for row in rows] == TABLE.splitlines()[1:]
        noted = [note.get("en") for note in table.warnings]
    assert any(encoding.value in note for note in noted) == (encoding is not TextEncoding.UTF8)


@pytest.mark.parametrize(
    "data",
    [
        "id,name\nA,Café\nB,Müller\nC,Señor\nD,Façade\nE,Zürich\nF,naïve\n".encode("cp1252"),
        "id,name\nA,Đạt\n".encode()[:-4] + b"\xff\n",
        windows_1258("id,name\nA,Tổng\n"),
        bytes(range(128, 256)) * 20,
    ],
    ids=["western", "broken", "too few words", "binary"],
)
def test_text_without_enough_evidence_is_refused(data: bytes) -> None:
    with pytest.raises(TableError, match="UTF-8"):
        find_encoding(io.BytesIO(data))


def test_the_frame_of_a_decoded_file_has_the_same_rows(tmp_path: Path) -> None:
    pytest.importorskip("polars")
    from xhht.frames._csv import scan_csv
    from xhht.numbers import Convention
    from xhht.tables.workbook import TableRequest

    wanted = TableRequest(inputs={}, codes=frozenset(), numbers=Convention.PLAIN)
    sheets = []
    for place, (data, _) in enumerate(FILES):
        path = tmp_path / f"{place}.csv"
        path.write_bytes(data)
        sheet = scan_csv(path, wanted)
        sheets.append((sheet.columns, sheet.rows, sheet.frame.collect().rows()))
    assert len(sheets[0][2]) == 3
    assert all(sheet == sheets[0] for sheet in sheets)
