"""The encoding of a CSV file: UTF-8, UTF-16, or an older Vietnamese one, told by evidence.

Old encodings have no mark. A file is decoded only if its words then are Vietnamese syllables, and
in no other encoding are; otherwise it is refused.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import IO

from attrs import frozen

from xhht.errors import TableError
from xhht.text import Text

__all__ = [
    "LEGACY_TEXT",
    "NOT_UTF8",
    "LegacyTexts",
    "TextEncoding",
    "decode_legacy",
    "find_encoding",
    "find_text_encoding",
]

_BLOCK = 1 << 16
_LEGACY_BYTES = 1 << 26
_FEWEST_WORDS = 5
_CERTAIN, _UNLIKELY = 0.9, 0.6

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
_RHYME = (
    r"(?:uyê|iê|yê|ươ|uô|ưa|ia|ya|ua|uâ|uê|uy|uơ|oa|oă|oe|oo|ưu|[aăâeêioôơuưy])"
    r"(?:ng|nh|ch|[cmnptiouy])?"
)
_SYLLABLE = re.compile(_ONSET + _RHYME)
_WORD = re.compile(r"[^\s\x21-\x40\x5b-\x60\x7b-\x7e\u2013-\u2026]+")
"""Letters, and signs that are none: in a wrong encoding they stand within words."""


class TextEncoding(Enum):
    """How the bytes of a file stand for text."""

    UTF8 = "UTF-8"
    UTF16_LE = "UTF-16 LE"
    UTF16_BE = "UTF-16 BE"
    WINDOWS_1258 = "Windows-1258"
    TCVN3 = "TCVN3 (ABC)"
    VNI = "VNI"

    @property
    def note(self) -> Text | None:
        """The note on a file that is read in this encoding; None for UTF-8."""
        return None if self is TextEncoding.UTF8 else _DECODED.format(encoding=self.value)


@frozen
class _Score:
    """How much of a text is Vietnamese.

    Attributes:
        words: the number of different words with letters beyond ASCII.
        share: the share of them that are Vietnamese syllables.
    """

    words: int
    share: float


def find_encoding(stream: IO[bytes]) -> TextEncoding:
    """Return the encoding of a file, and go back to where the stream was.

    Args:
        stream: the bytes, which can be read twice.

    Raises:
        TableError: neither Unicode nor certainly an older Vietnamese encoding of at most 64 MiB.

    >>> import io
    >>> find_encoding(io.BytesIO("id,Tổng số".encode("utf-16"))).value
    'UTF-16 LE'
    """
    start = stream.tell()
    try:
        return _find(stream, start)
    finally:
        stream.seek(start)


def _find(stream: IO[bytes], start: int) -> TextEncoding:
    block = stream.read(_BLOCK)
    utf16 = _utf16(block)
    if utf16 is not None:
        return utf16
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block:
            decoder.decode(block)
            block = stream.read(_BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        stream.seek(start)
        data = stream.read(_LEGACY_BYTES + 1)
        if len(data) > _LEGACY_BYTES:
            raise TableError(NOT_UTF8) from None
        return _legacy(data)
    return TextEncoding.UTF8


def _utf16(block: bytes) -> TextEncoding | None:
    """Return the kind of UTF-16; without a mark, if every other byte of the first is zero."""
    if block.startswith(codecs.BOM_UTF16_LE):
        return TextEncoding.UTF16_LE
    if block.startswith(codecs.BOM_UTF16_BE):
        return TextEncoding.UTF16_BE
    head = block[:400]
    pairs = len(head) // 2
    if pairs < 4:
        return None
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd >= pairs * 0.6 and not even:
        return TextEncoding.UTF16_LE
    if even >= pairs * 0.6 and not odd:
        return TextEncoding.UTF16_BE
    return None


def _legacy(data: bytes) -> TextEncoding:
    best = _most_likely({one: _score(text) for one, text in _decoded(data)})
    if best is None:
        raise TableError(NOT_UTF8)
    return best


def _most_likely(scores: Mapping[TextEncoding, _Score]) -> TextEncoding | None:
    """Return the encoding in which a text is certainly Vietnamese; None if there is no such."""
    best = max(scores, key=lambda one: scores[one].share, default=None)
    if best is None:
        return None
    others = [score.share for one, score in scores.items() if one is not best]
    certain = scores[best].words >= _FEWEST_WORDS and scores[best].share >= _CERTAIN
    return best if certain and all(share < _UNLIKELY for share in others) else None


def _decoded(data: bytes) -> list[tuple[TextEncoding, str]]:
    decoded = []
    for one in (TextEncoding.WINDOWS_1258, TextEncoding.TCVN3, TextEncoding.VNI):
        try:
            decoded.append((one, decode_legacy(data, one)))
        except UnicodeDecodeError:
            continue
    return decoded


def _score(text: str) -> _Score:
    words = {word.lower() for word in _WORD.findall(text) if not word.isascii()}
    good = sum(map(_is_syllable, words))
    return _Score(len(words), good / len(words) if words else 0.0)


def _is_syllable(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word)
    if sum(map(parts.count, _TONES)) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(one for one in parts if one not in _TONES))
    return _SYLLABLE.fullmatch(plain) is not None


def decode_legacy(data: bytes, encoding: TextEncoding) -> str:
    """Return text in an encoding that is not UTF-8, with composed letters.

    Raises:
        UnicodeDecodeError: a byte without a meaning in the encoding.

    >>> decode_legacy(bytes([0x54, 0xE6, 0x6E, 0x67]), TextEncoding.TCVN3)
    'Tổng'
    """
    return unicodedata.normalize("NFC", _DECODERS[encoding](data))


def find_text_encoding(texts: Iterable[str]) -> TextEncoding | None:
    """Return the encoding of legacy fonts in which the texts of a sheet are; None for Unicode.

    For workbooks that do not tell their fonts.

    Raises:
        TableError: the texts are not Vietnamese, in Unicode or certainly in another encoding.

    >>> find_text_encoding(["Tæng sè hé", "Céng ®ång", "§¬n vÞ", "Dßng hä"]).value
    'TCVN3 (ABC)'
    """
    text = " ".join(dict.fromkeys(text for text in texts if not text.isascii()))
    score = _score(unicodedata.normalize("NFC", text))
    if score.words < _FEWEST_WORDS or score.share >= _UNLIKELY:
        return None
    best = _most_likely({one: _score(_LETTERS[one](text)) for one in _LETTERS})
    if best is None:
        raise TableError(_NOT_UNICODE)
    return best


class LegacyTexts:
    """Converts the texts of cells in legacy fonts to Unicode.

    A cell may be Unicode already, in spite of its font. If a text is Vietnamese either way, the
    other texts decide.

    Args:
        encoding: the encoding of the fonts.
        is_certain: whether other evidence says that texts are in this encoding.

    >>> texts = LegacyTexts(TextEncoding.TCVN3)
    >>> [texts.unicode(text) for text in ("Th«n", "Tæng sè", "Tổng số", "id")]
    ['Thôn', 'Tổng số', 'Tổng số', 'id']
    """

    def __init__(self, encoding: TextEncoding, *, is_certain: bool = False) -> None:
        self.encoding = encoding
        self._seen = {True} if is_certain else set[bool]()

    @property
    def is_converted(self) -> bool:
        """Whether a text was converted so far."""
        return True in self._seen

    def unicode(self, text: str) -> str | None:
        """Return what a text shows; None if that is not certain."""
        if text.isascii():
            return text
        try:
            text.encode("cp1252")
        except UnicodeEncodeError:
            self._seen.add(False)
            return text
        converted = unicodedata.normalize("NFC", _LETTERS[self.encoding](text))
        if converted == text:
            return text
        own, other = _score(text).share, _score(converted).share
        if own == other:
            if len(self._seen) != 1 or not own:
                return None
            return converted if self.is_converted else text
        self._seen.add(other > own)
        return converted if other > own else text


def _tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _vni(text: str) -> str:
    return _VNI_PAIR.sub(lambda pair: _vni_pair(pair[0]), text).translate(_VNI_LETTERS)


def _vni_pair(pair: str) -> str:
    base = _VNI_BASES.get(pair[0], pair[0])
    return base + _VNI_MARKS[pair[1].lower()]


_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
_VNI_MARKS = {
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_BASES = {"ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư"}
_VNI_LETTERS = str.maketrans("ôÔöÖñÑíÍìÌæÆóÓòÒîÎ", "ơƠưƯđĐíÍìÌỉỈĩĨịỊỵỴ")
_VNI_PAIR = re.compile(
    r"[aA][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]"
    r"|[eEoO][ùøûõïâáàåãäÙØÛÕÏÂÁÀÅÃÄ]|[uUyYôÔöÖ][ùøûõïÙØÛÕÏ]"
)
_DECODERS: dict[TextEncoding, Callable[[bytes], str]] = {
    TextEncoding.UTF16_LE: lambda data: data.decode("utf-16-le").removeprefix("\ufeff"),
    TextEncoding.UTF16_BE: lambda data: data.decode("utf-16-be").removeprefix("\ufeff"),
    TextEncoding.WINDOWS_1258: lambda data: data.decode("cp1258"),
    TextEncoding.TCVN3: lambda data: _tcvn3(data.decode("latin-1")),
    TextEncoding.VNI: lambda data: _vni(data.decode("cp1252")),
}
_LETTERS: dict[TextEncoding, Callable[[str], str]] = {
    TextEncoding.TCVN3: _tcvn3,
    TextEncoding.VNI: _vni,
}
"""Encodings of fonts: the letters of a text stand for others."""

NOT_UTF8 = Text(
    vi="Tệp không phải UTF-8; vui lòng lưu lại dưới dạng CSV UTF-8.",
    en="The file is not UTF-8; save it as CSV UTF-8.",
)
_DECODED = Text(
    vi="Tệp không phải UTF-8 mà ở bảng mã {encoding}; chữ đã được chuyển sang Unicode.",
    en="The file is not UTF-8 but {encoding}; its text was converted to Unicode.",
)
LEGACY_TEXT = Text(
    vi="Bảng tính có chữ dùng phông cũ ({encoding}); chữ đã được chuyển sang Unicode.",
    en="The workbook has texts in legacy fonts ({encoding}); they were converted to Unicode.",
)
_NOT_UNICODE = Text(
    vi="Chữ trong bảng tính không phải Unicode và không rõ theo bảng mã nào; hãy chuyển sang "
    "Unicode (phông Times New Roman) rồi chạy lại.",
    en="The texts of the workbook are not Unicode, and their encoding is not clear; convert them "
    "to Unicode (Times New Roman) and run again.",
)
