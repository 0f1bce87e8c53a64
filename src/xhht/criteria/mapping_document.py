"""The format of a mapping file as typed classes: which heading of a table means what.

As for profiles, the classes define the format.
"""

from __future__ import annotations

from attrs import frozen

from xhht.criteria import document as doc
from xhht.domain.titles import Title
from xhht.text import LabelledEnum

__all__ = [
    "Confidence",
    "HeadingEntry",
    "HeadingMeaning",
    "MappingDocument",
    "TitleWordsEntry",
    "WordsEntry",
]


class HeadingMeaning(LabelledEnum):
    """What a column contains."""

    TOTAL = "total", "tổng số", "total"
    REGISTERED = "registered", "số đăng ký", "registered"
    ASSESSED = "assessed", "số được đánh giá", "assessed"
    RECOGNISED = "recognised", "số được công nhận", "recognised"
    UNDETERMINED = "undetermined", "số chưa xác định", "undetermined"
    RATE = "rate", "tỷ lệ", "rate"
    PLACE = "place", "tên khu vực", "name of an area"
    CODE = "code", "mã khu vực", "code of an area"
    TITLE = "title", "danh hiệu", "title"
    SUBJECT = "subject", "tên đối tượng", "name of a subject"
    ORDINAL = "ordinal", "số thứ tự", "ordinal number"
    NOTE = "note", "ghi chú", "note"
    UNUSED = "unused", "không dùng", "unused"


class Confidence(LabelledEnum):
    """How sure a meaning is; a doubtful one is never applied."""

    CERTAIN = "certain", "chắc chắn", "certain"
    LIKELY = "likely", "có thể đúng", "likely"
    DOUBTFUL = "doubtful", "chưa chắc chắn", "doubtful"


@frozen(kw_only=True)
class TitleWordsEntry:
    """The words for a title: its `names`, and `subjects`, those whom it is for."""

    title: Title
    names: tuple[str, ...] | None = None
    subjects: tuple[str, ...] | None = None


@frozen(kw_only=True)
class WordsEntry:
    """The words of headings with one meaning; words with `is_alone` only as a complete heading."""

    means: HeadingMeaning
    is_alone: bool | None = None
    words: tuple[str, ...]


@frozen(kw_only=True)
class HeadingEntry:
    """The meaning of one heading, or of all that a pattern matches.

    A heading in several rows is written with ` / ` between its parts.
    """

    heading: str | None = None
    pattern: str | None = None
    file: str | None = None
    sheet: str | None = None
    means: HeadingMeaning
    title: Title | None = None
    title_level: str | None = None
    confidence: Confidence | None = None


@frozen(kw_only=True)
class MappingDocument:
    """A whole file."""

    format: int
    id: str = doc.text_field(doc.PROFILE_ID)
    titles: tuple[TitleWordsEntry, ...] | None = None
    words: tuple[WordsEntry, ...] | None = None
    fillers: tuple[str, ...] | None = None
    headings: tuple[HeadingEntry, ...] | None = None
