"""Questions about what was gathered, and the decisions that answer them, kept in a file.

The file has one entry for each question. An entry without an answer is an open question; with the
same file, the same questions are answered in the same way next year.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

import yaml
from attrs import field, frozen

from xhht.domain.titles import Title
from xhht.errors import TableError
from xhht.rollup.counts import Count
from xhht.text import LabelledEnum, Lang, Text, normalize_text

__all__ = ["SKIP", "Decisions", "Question", "QuestionKind", "dump_decisions", "loads_decisions"]

SKIP = "skip"
"""The answer that leaves out what a question is about."""

_FORMAT = 1
_KEYS = ("file", "sheet", "question", "about")


class QuestionKind(LabelledEnum):
    """What a question is about."""

    AREA = "area", "khu vực", "the area"
    HEADING = "heading", "tiêu đề cột", "a heading"
    TABLE = "table", "bảng", "the table"
    NUMBER = "number", "số liệu", "a number"
    BLANK = "blank", "ô trống", "blank cells"
    TOTAL = "total", "dòng cộng", "a totals row"
    ROW = "row", "dòng", "a row"
    ORDER = "order", "quan hệ giữa các số", "the order of counts"
    DUPLICATE = "duplicate", "báo cáo trùng", "a duplicate report"
    FILE = "file", "tệp", "the file"


@frozen(kw_only=True)
class Question:
    """Something that is doubtful, and whatever depends on it is not counted without an answer.

    Attributes:
        file: the name of the file below the folder.
        sheet: the name of the sheet, "" of a file without sheets.
        kind: what it is about.
        about: what identifies it in the sheet, such as a heading or a row.
        text: the question.
        candidates: the likely answers.
        answer: the decision, or None.
        area: the code of the area of the file, if known.
    """

    file: str
    sheet: str
    kind: QuestionKind
    about: str
    text: Text
    candidates: tuple[str, ...] = ()
    answer: str | None = None
    area: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What identifies the question in the file of decisions."""
        return self.file, self.sheet, self.kind.value, self.about

    @property
    def is_open(self) -> bool:
        """Whether there is no decision."""
        return self.answer is None

    def to_dict(self, lang: Lang | str = Lang.VI) -> dict[str, Any]:
        """Return the question as JSON data."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "question": self.kind.value,
            "about": self.about,
            "message": self.text.get(lang),
            "candidates": list(self.candidates),
            "answer": self.answer,
            "area": self.area,
        }

    def accepts(self, answer: str, areas: Container[str]) -> bool:
        """Return whether an answer says what to do.

        Args:
            answer: the answer of a file of decisions.
            areas: the codes of the areas that there are.

        >>> question = Question(
        ...     file="a.csv",
        ...     sheet="",
        ...     kind=QuestionKind.TOTAL,
        ...     about="C7",
        ...     text=Text(vi="?", en="?"),
        ...     candidates=("parts", "skip"),
        ... )
        >>> [question.accepts(answer, ()) for answer in ("parts", "part")]
        [True, False]
        """
        if answer == SKIP or answer in self.candidates:
            return True
        match self.kind:
            case QuestionKind.AREA:
                return answer in areas
            case QuestionKind.NUMBER:
                return answer.isascii() and answer.isdigit()
            case QuestionKind.HEADING:
                count, _, title = answer.partition(" ")
                return count in set(Count) and (not title or title in set(Title))
        return False


@frozen
class Decisions:
    """The answers of a file of decisions, by what identifies their questions."""

    answers: Mapping[tuple[str, str, str, str], str] = field(factory=dict)

    def answer(self, question: Question) -> str | None:
        """Return the answer to a question, or None."""
        return self.answers.get(question.key)


def loads_decisions(text: str | bytes) -> Decisions:
    """Return the decisions in a YAML text.

    Raises:
        TableError: it is no file of decisions, or an entry has unknown keys or no question.

    >>> decisions = loads_decisions('''
    ... format: 1
    ... decisions:
    ...   - {file: a.csv, sheet: "", question: area, about: "", answer: "22924"}
    ... ''')
    >>> list(decisions.answers.values())
    ['22924']
    """
    try:
        content = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts only
    except (yaml.YAMLError, UnicodeDecodeError):
        raise TableError(_NOT_YAML) from None
    if not isinstance(content, dict) or content.get("format") != str(_FORMAT):
        raise TableError(_NOT_YAML)
    entries = content.get("decisions") or []
    if not isinstance(entries, list):
        raise TableError(_NOT_YAML)
    answers: dict[tuple[str, str, str, str], str] = {}
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in _KEYS):
            raise TableError(_BAD_ENTRY.format(number=number))
        answer = entry.get("answer")
        if answer is not None and not isinstance(answer, str):
            raise TableError(_BAD_ENTRY.format(number=number))
        key = entry["file"], entry["sheet"], entry["question"], entry["about"]
        if key in answers and answer:
            raise TableError(_TWICE.format(number=number))
        if answer and normalize_text(answer):
            answers[key] = normalize_text(answer)
    return Decisions(answers)


def dump_decisions(questions: Iterable[Question], lang: Lang | str = Lang.VI) -> str:
    """Return the file of decisions with these questions, those with an answer included."""
    entries = [
        {
            "file": question.file,
            "sheet": question.sheet,
            "question": question.kind.value,
            "about": question.about,
            "message": question.text.get(lang),
            "candidates": list(question.candidates),
            "answer": question.answer or "",
        }
        for question in questions
    ]
    data = {"format": _FORMAT, "decisions": entries}
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)


_NOT_YAML = Text(
    vi="Tệp quyết định không đọc được; tệp phải có format: 1 và danh sách decisions.",
    en="The file of decisions cannot be read; it needs format: 1 and a list of decisions.",
)
_BAD_ENTRY = Text(
    vi="Quyết định thứ {number} thiếu file, sheet, question hoặc about, hoặc answer không phải là "
    "một giá trị.",
    en="Decision {number} lacks file, sheet, question or about, or its answer is not one value.",
)
_TWICE = Text(
    vi="Quyết định thứ {number} trả lời một câu hỏi đã được trả lời ở trên; hãy giữ một mục.",
    en="Decision {number} answers a question that is answered above; keep one of them.",
)
