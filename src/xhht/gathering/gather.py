"""Gathers the counts of many files: one area a file, or a row, with all questions named."""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from xhht.criteria.mapping_document import HeadingMeaning
from xhht.criteria.mappings import HeadingMapping, bundled_mapping
from xhht.domain.area_names import AreaMatch, AreaNames, AreaQuestion, AreaReading, QuestionReason
from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.titles import AreaLevel, Title
from xhht.errors import TableError
from xhht.gathering.decisions import SKIP, Decisions, Question, QuestionKind, dump_decisions
from xhht.gathering.headings import COUNTS
from xhht.gathering.layouts import SheetReading, Value, read_sheet
from xhht.gathering.sheets import CellSheet, open_sheets
from xhht.rollup.counts import Count, Counts
from xhht.text import Lang, Text, normalize_text

__all__ = ["FileReading", "Gathered", "GatheredCounts", "gather"]

_NO_LETTERS = re.compile(r"[\W\d_]+")
_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_OPEN_FILE = ("~$", ".~lock.")
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})
_FEW, _CHUNK = 16, 8
_COLUMNS = ("area", "name", "title", "title_level", *(count.value for count in COUNTS))


@frozen(kw_only=True)
class GatheredCounts:
    """The counts of one area and title, with the file and sheets they come from."""

    area: str
    title: Title
    title_level: str | None
    counts: Counts
    file: str
    sheet: str


@frozen(kw_only=True)
class FileReading:
    """What was read from one file.

    Attributes:
        file: its name below the folder.
        area: the code of its area, None if it is not known or each row names its own.
        sheets: what was read from each sheet.
        counts: the counts that are certain.
        questions: what is doubtful, with decisions.
        notes: what was found on the way.
        faults: what should be mended.
    """

    file: str
    area: str | None = None
    sheets: tuple[SheetReading, ...] = field(default=(), repr=False)
    counts: tuple[GatheredCounts, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Text, ...] = ()
    faults: tuple[Text, ...] = ()

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions without a decision."""
        return tuple(question for question in self.questions if question.is_open)

    @property
    def areas(self) -> frozenset[str]:
        """The areas that it has counts of, or is known to be of."""
        own = {item.area for item in self.counts}
        return frozenset(own if self.area is None else {*own, self.area})

    def to_dict(self, lang: Lang | str = Lang.VI) -> dict[str, Any]:
        """Return the reading as JSON data."""
        return {
            "file": self.file,
            "area": self.area,
            "sheets": [
                {
                    "sheet": sheet.sheet,
                    "layout": sheet.layout.value,
                    "rows": sheet.rows,
                    "used": sheet.used,
                    "set_aside": [
                        {"row": aside.row, "reason": aside.kind.value}
                        for aside in sorted(sheet.aside, key=lambda aside: aside.row)
                    ],
                    "totals_checked": sheet.totals_checked,
                    "columns": [
                        {
                            "column": column.letter,
                            "heading": column.heading,
                            "means": column.means.value if column.means else None,
                            "title": column.title.value if column.title else None,
                            "confidence": column.confidence.value,
                            "is_used": column.is_used,
                        }
                        for column in sheet.columns
                    ],
                }
                for sheet in self.sheets
            ],
            "notes": [note.get(lang) for note in self.notes],
            "faults": [fault.get(lang) for fault in self.faults],
            "questions": [question.to_dict(lang) for question in self.questions],
        }


@frozen(kw_only=True)
class Gathered:
    """The counts of all files, and what is doubtful.

    Attributes:
        counts: one entry for each area and title, in order of area and title.
        files: what was read from each file, in order of name.
        questions: all questions of the files, and those between files.
        missing: the codes of the areas of the level of the files that no file is for.
        tree: the areas.
    """

    counts: tuple[GatheredCounts, ...]
    files: tuple[FileReading, ...] = field(repr=False)
    questions: tuple[Question, ...]
    missing: tuple[str, ...]
    tree: AreaTree = field(repr=False)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions without a decision."""
        return tuple(question for question in self.questions if question.is_open)

    @property
    def is_complete(self) -> bool:
        """Whether no question is open."""
        return not self.open_questions

    def to_csv(self) -> str:
        """Return the table of counts as CSV, which `xhht rollup` reads."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        has_levels = any(item.title_level for item in self.counts)
        columns = [name for name in _COLUMNS if has_levels or name != "title_level"]
        writer.writerow(columns)
        for item in self.counts:
            cells: dict[str, object] = {
                "area": item.area,
                "name": self.tree[item.area].name,
                "title": item.title.value,
                "title_level": item.title_level or "",
            }
            for count in Count:
                number = getattr(item.counts, count.value)
                cells[count.value] = "" if number is None else number
            writer.writerow([cells[name] for name in columns])
        return text.getvalue()

    def decisions_text(self, lang: Lang | str = Lang.VI) -> str:
        """Return the file of decisions: all questions, with their answers if there are any."""
        return dump_decisions(self.questions, lang)

    def to_mend(self, lang: Lang | str = Lang.VI) -> dict[str, list[str]]:
        """Return what each area has to mend, by its code; "" for files of no known area."""
        listed: dict[str, list[str]] = {}
        for reading in self.files:
            lines = [*reading.faults, *(question.text for question in reading.open_questions)]
            for area in sorted(reading.areas) or [""]:
                for line in lines:
                    listed.setdefault(area, []).append(f"{reading.file}: {line.get(lang)}")
        for question in self.questions:
            if question.kind is QuestionKind.DUPLICATE and question.is_open:
                listed.setdefault(question.area or "", []).append(question.text.get(lang))
        for code in self.missing:
            listed.setdefault(code, []).append(_MISSING.get(lang))
        return dict(sorted(listed.items()))

    def mending_text(self, lang: Lang | str = Lang.VI) -> str:
        """Return the lists of what to mend as a text, one part for each area."""
        parts = []
        for code, lines in self.to_mend(lang).items():
            name = f"{code} {self.tree[code].name}" if code else _NO_AREA.get(lang)
            parts.append("\n".join([name, *(f"  - {line}" for line in lines)]))
        return "".join(f"{part}\n" for part in parts)

    def to_dict(self, lang: Lang | str = Lang.VI) -> dict[str, Any]:
        """Return everything as JSON data."""
        return {
            "counts": [
                {
                    "area": item.area,
                    "title": item.title.value,
                    "title_level": item.title_level,
                    **{count.value: getattr(item.counts, count.value) for count in Count},
                    "file": item.file,
                    "sheet": item.sheet,
                }
                for item in self.counts
            ],
            "files": [reading.to_dict(lang) for reading in self.files],
            "questions": [question.to_dict(lang) for question in self.questions],
            "missing": list(self.missing),
        }


def gather(
    folder: str | Path,
    areas: AreaTree,
    *,
    mapping: HeadingMapping | None = None,
    decisions: Decisions | None = None,
    changes: Concordance | None = None,
    processes: int | None = 1,
    progress: Callable[[int, int], object] | None = None,
) -> Gathered:
    """Gather the counts of the files in a folder and the folders in it.

    Nothing doubtful is counted without a decision. The result does not depend on the number of
    processes or on the order in which the system lists files.

    Args:
        folder: the folder. Files of the system and lock files of open workbooks are only named.
        areas: the areas of one day.
        mapping: headings beside those of the library, which come after it.
        decisions: the answers to questions of an earlier run.
        changes: the changes of areas, with which old names are found.
        processes: how many processes read; None for one per processor.
        progress: is called with the number of files just read, and of all.

    Raises:
        TableError: the folder has no table.
    """
    root = Path(folder)
    files = [
        path
        for path in sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix())
        if path.is_file()
    ]
    if all(map(_is_no_table, files)):
        raise TableError(_NO_FILES)
    words = bundled_mapping() if mapping is None else mapping.beside(bundled_mapping())
    job = _Job(root, areas, words, decisions or Decisions(), changes)
    readings = []
    for reading in _readings(files, job, processes):
        readings.append(reading)
        if progress is not None:
            progress(1, len(files))
    counts, between = _joined(readings, job)
    named = {code for reading in readings for code in reading.areas}
    levels = {areas[code].level for code in named if code in areas}
    missing = [
        area.code
        for level in sorted(levels)
        if level is not AreaLevel.VILLAGE
        for area in areas.at_level(level)
        if area.code not in named
    ]
    questions = [question for reading in readings for question in reading.questions]
    return Gathered(
        counts=tuple(counts),
        files=tuple(readings),
        questions=(*questions, *between),
        missing=tuple(missing),
        tree=areas,
    )


def _is_no_table(path: Path) -> bool:
    return path.name.startswith((*_OPEN_FILE, ".")) or path.name.lower() in _SYSTEM_FILES


@frozen
class _Job:
    root: Path
    tree: AreaTree
    mapping: HeadingMapping
    decisions: Decisions
    changes: Concordance | None

    def answered(self, question: Question) -> Question:
        """Return a question with its decision; one that says nothing leaves it open."""
        answer = self.decisions.answer(question)
        if answer is None or question.accepts(answer, self.tree):
            return evolve(question, answer=answer)
        return evolve(question, text=_INVALID_ANSWER.format(question=question.text))


_state: list[tuple[_Job, AreaNames]] = []


def _start(job: _Job) -> None:
    _state[:] = [(job, AreaNames(job.tree, job.changes))]


def _read_in_process(path: Path) -> FileReading:
    job, names = _state[0]
    return _read_file(path, job, names)


def _readings(files: Sequence[Path], job: _Job, processes: int | None) -> Iterator[FileReading]:
    workers = processes or len(os.sched_getaffinity(0))
    if workers == 1 or len(files) < _FEW:
        names = AreaNames(job.tree, job.changes)
        yield from map(partial(_read_file, job=job, names=names), files)
        return
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(job,)) as pool:
        yield from pool.map(_read_in_process, files, chunksize=_CHUNK)


def _read_file(path: Path, job: _Job, names: AreaNames) -> FileReading:
    file = path.relative_to(job.root).as_posix()
    questions: list[Question] = []

    def ask(sheet: str, kind: QuestionKind, about: str, text: Text, likely: Sequence[str]) -> Any:
        question = Question(
            file=file, sheet=sheet, kind=kind, about=about, text=text, candidates=tuple(likely)
        )
        question = job.answered(question)
        questions.append(question)
        return question.answer

    names.restart()
    if _is_no_table(path):
        note = _OPEN_ELSEWHERE if path.name.startswith(_OPEN_FILE) else _SYSTEM_FILE
        return FileReading(file=file, notes=(note,))
    reason = _EMPTY
    sheets: list[CellSheet] = []
    try:
        sheets = open_sheets(path)
    except TableError as error:
        reason = error.text
    except OSError:
        reason = _UNREADABLE
    readings = [
        read_sheet(sheet, path.name, job.mapping, names, partial(ask, sheet.title))
        for sheet in sheets
        if sheet.rows or sheet.faults
    ]
    if not readings:
        is_skipped = ask("", QuestionKind.FILE, "", reason, [SKIP]) == SKIP
        match = next(_named_by_file(path, names), None)
        named = match.area.code if isinstance(match, AreaMatch) and not is_skipped else None
        return FileReading(
            file=file,
            area=named,
            questions=tuple(evolve(question, area=named) for question in questions),
            notes=(reason,) if is_skipped else (),
        )
    values = [(reading, value) for reading in readings for value in reading.values]
    notes: list[Text] = [note for reading in readings for note in reading.notes]
    needs_area = any(value.area is None for _, value in values)
    rows_areas = {value.area for _, value in values if value.area is not None}
    area = _area_of(path, readings, names, job, notes, partial(ask, ""), rows_areas, needs_area)
    if area == SKIP:
        area, values = None, []
    counts = list(_counts(file, area, values, partial(ask, ""), notes))
    if not counts and not questions:
        ask("", QuestionKind.FILE, "", _NO_COUNTS, [SKIP])
    known = area if area in job.tree else None
    return FileReading(
        file=file,
        area=known,
        sheets=tuple(readings),
        counts=tuple(counts),
        questions=tuple(evolve(question, area=known) for question in questions),
        notes=tuple(dict.fromkeys(notes)),
        faults=tuple(fault for reading in readings for fault in reading.faults),
    )


def _named_by_file(path: Path, names: AreaNames) -> Iterator[AreaMatch | AreaQuestion]:
    """Yield what the name of a file says of its area: a name, or a code of five digits."""
    stem = normalize_text(path.stem)
    answer: AreaMatch | AreaQuestion | None = names.mentioned(stem)
    if answer is None:
        # The name of an area alone says which it is, even without the word for its kind.
        named = names.find(_NO_LETTERS.sub(" ", stem).strip())
        answer = named if isinstance(named, AreaMatch) else None
    if answer is not None:
        yield answer
    for code in _CODE.findall(stem):
        if code in names.tree:
            yield AreaMatch(text=stem, area=names.tree[code], reading=AreaReading.SAME)


def _area_of(
    path: Path,
    readings: Sequence[SheetReading],
    names: AreaNames,
    job: _Job,
    notes: list[Text],
    ask: Callable[..., Any],
    rows_areas: set[str],
    needs_area: bool,
) -> str | None:
    """Return the area of a file by its headings and its name, or ask."""
    evidence: dict[str, list[AreaMatch]] = {}
    doubts: list[AreaQuestion] = []
    texts = [text for reading in readings for text in (reading.sheet, *reading.above)]
    answers = map(names.mentioned, dict.fromkeys(filter(None, texts)))
    for answer in itertools.chain(_named_by_file(path, names), answers):
        if isinstance(answer, AreaMatch):
            evidence.setdefault(answer.area.code, []).append(answer)
        elif answer is not None:
            doubts.append(answer)
    ranks = {code: job.tree[code].level.rank for code in evidence if code in job.tree}
    lowest = max(ranks.values(), default=0)
    certain = sorted(code for code, rank in ranks.items() if rank == lowest and rank > 1)
    likely = [area.code for doubt in doubts for area in doubt.candidates]
    if rows_areas and not needs_area:
        below = {code for top in certain for code in (top, *_below(job.tree, top))}
        if not certain or rows_areas <= below:
            return None
        ask(QuestionKind.AREA, "", _ROWS_DIFFER, [*sorted(rows_areas), *certain])
        return certain[0] if len(certain) == 1 else None
    conflicting = [
        doubt
        for doubt in doubts
        if doubt.reason is not QuestionReason.NONE
        and not set(certain) & {area.code for area in doubt.candidates}
        and doubt.candidates
    ]
    if len(certain) == 1 and not conflicting:
        code = certain[0]
        match = evidence[code][0]
        notes.append(_AREA.format(code=code, name=job.tree[code].name, number=len(evidence[code])))
        if not match.is_as_written and not any(m.is_as_written for m in evidence[code]):
            notes.append(match.said)
        notes.extend(_ALSO.format(question=doubt.message) for doubt in doubts)
        return code
    if not needs_area and not certain:
        return None
    candidates = list(dict.fromkeys([*certain, *likely]))
    named = ", ".join(f"{code} {job.tree[code].name}" for code in candidates if code in job.tree)
    question = _AREA_UNKNOWN if not candidates else _AREA_DIFFERS.format(areas=named)
    answer = ask(QuestionKind.AREA, "", question, [*candidates, SKIP])
    return answer if answer in job.tree or answer == SKIP else None


def _below(tree: AreaTree, code: str) -> Iterator[str]:
    return (area.code for area in tree.descendants(code))


def _counts(
    file: str,
    area: str | None,
    values: Sequence[tuple[SheetReading, Value]],
    ask: Callable[..., Any],
    notes: list[Text],
) -> Iterator[GatheredCounts]:
    slots: dict[tuple[str, Title, str | None], dict[HeadingMeaning, dict[str, int]]] = {}
    doubled: list[tuple[str, Title, HeadingMeaning]] = []
    for reading, value in values:
        code = value.area or area
        if code is None:
            continue
        slot = slots.setdefault((code, value.title, value.title_level), {})
        by_sheet = slot.setdefault(value.count, {})
        if by_sheet.setdefault(reading.sheet, value.number) != value.number:
            doubled.append((code, value.title, value.count))
    for (code, title, level), by_count in sorted(
        slots.items(), key=lambda i: (*i[0][:2], i[0][2] or "")
    ):
        names = {"title": title.label, "area": code}
        if any((code, title, count) in doubled for count in by_count):
            ask(QuestionKind.DUPLICATE, f"{code} {title}", _TWO_ROWS.format(**names), [])
            continue
        sheets = sorted({sheet for by_sheet in by_count.values() for sheet in by_sheet})
        differing = [c for c, by_sheet in by_count.items() if len(set(by_sheet.values())) > 1]
        chosen: str | None = None
        if differing:
            chosen = ask(
                QuestionKind.DUPLICATE, f"{code} {title}", _TWO_SHEETS.format(**names), sheets
            )
            if chosen not in sheets:
                continue
        elif len(sheets) > 1:
            notes.append(_SAME_SHEETS.format(**names))
        given = {
            Count(count.value): by_sheet.get(chosen, -1)
            if chosen is not None
            else next(iter(by_sheet.values()))
            for count, by_sheet in by_count.items()
        }
        counts = Counts.of({count: number for count, number in given.items() if number >= 0})
        if any(True for _ in counts.faults()):
            ask(QuestionKind.ORDER, f"{code} {title}", _ORDER.format(**names), [])
            continue
        yield GatheredCounts(
            area=code,
            title=title,
            title_level=level,
            counts=counts,
            file=file,
            sheet=chosen if chosen is not None else ", ".join(sheets),
        )


def _joined(
    readings: Sequence[FileReading], job: _Job
) -> tuple[list[GatheredCounts], list[Question]]:
    """Return the counts of all files; of two that differ for one area, those decided on."""
    slots: dict[tuple[str, Title, str], list[GatheredCounts]] = {}
    for reading in readings:
        for item in reading.counts:
            slots.setdefault((item.area, item.title, item.title_level or ""), []).append(item)
    counts, questions = [], []
    for (code, title, _), items in sorted(slots.items()):
        if len(items) > 1:
            files = sorted({item.file for item in items})
            question = Question(
                file=files[0],
                sheet="",
                kind=QuestionKind.DUPLICATE,
                about=f"{code} {title}: {', '.join(files)}",
                text=_TWO_FILES.format(
                    area=f"{code} {job.tree[code].name}", title=title.label, files=", ".join(files)
                ),
                candidates=tuple(files),
                area=code,
            )
            question = job.answered(question)
            questions.append(question)
            items = [item for item in items if item.file == question.answer]
        counts += items[:1]
    return counts, questions


_NO_FILES = Text(vi="Thư mục không có tệp nào.", en="The folder has no file.")
_EMPTY = Text(
    vi="Tệp không có dòng nào; hãy xin lại tệp.", en="The file has no rows; ask for it again."
)
_INVALID_ANSWER = Text(
    vi="{question} (Câu trả lời trong tệp quyết định không hợp lệ; hãy chọn một gợi ý.)",
    en="{question} (The answer in the file of decisions is invalid; choose a candidate.)",
)
_NO_COUNTS = Text(
    vi="Không tìm thấy số liệu nào trong tệp; hãy ghi tiêu đề các cột vào tệp ánh xạ, hoặc trả lời "
    "skip nếu tệp không có số liệu.",
    en="No counts were found in the file; put the headings of its columns into a mapping file, or "
    "answer skip if it has no counts.",
)
_OPEN_ELSEWHERE = Text(
    vi="Tệp khóa tạm của bảng tính đang mở ở nơi khác; không đọc.",
    en="The lock file of a workbook that is open elsewhere; not read.",
)
_SYSTEM_FILE = Text(
    vi="Tệp ẩn hoặc tệp của hệ điều hành; không đọc.",
    en="A hidden file or a file of the operating system; not read.",
)
_UNREADABLE = Text(
    vi="Không đọc được tệp; hãy kiểm tra quyền đọc.",
    en="The file cannot be read; check its permissions.",
)
_AREA = Text(
    vi="Tệp thuộc {code} {name} (nêu ở {number} chỗ).",
    en="The file is of {code} {name} (named in places: {number}).",
)
_ALSO = Text(
    vi="Tên tệp hoặc một dòng trên bảng nêu khu vực chưa rõ, nhưng không trái với khu vực đã dùng: "
    "{question}",
    en="The name of the file or a line above the table names an area that is not clear, but does "
    "not contradict the one used: {question}",
)
_AREA_UNKNOWN = Text(
    vi="Không rõ tệp thuộc khu vực nào; tên tệp và các dòng trên bảng không nêu khu vực. Hãy ghi "
    "mã khu vực.",
    en="The area of the file is not known: neither its name nor the lines above the table name "
    "one. Give the code of the area.",
)
_AREA_DIFFERS = Text(
    vi="Không rõ tệp thuộc khu vực nào trong số: {areas}.",
    en="It is not clear of which of these areas the file is: {areas}.",
)
_ROWS_DIFFER = Text(
    vi="Khu vực ở các dòng khác với khu vực ghi ở tên tệp hoặc trên bảng.",
    en="The areas of the rows differ from the area in the name of the file or above the table.",
)
_TWO_ROWS = Text(
    vi="{area}, {title}: có nhiều dòng với số khác nhau; chưa dòng nào được tính.",
    en="{area}, {title}: several rows with different numbers; none is counted.",
)
_TWO_SHEETS = Text(
    vi="{area}, {title}: các trang có số khác nhau; dùng trang nào?",
    en="{area}, {title}: the sheets have different numbers; which sheet is to be used?",
)
_SAME_SHEETS = Text(
    vi="{area}, {title}: có ở nhiều trang; mỗi số được tính một lần.",
    en="{area}, {title}: on several sheets; each number is counted once.",
)
_ORDER = Text(
    vi="{area}, {title}: số được công nhận, được đánh giá, đăng ký và tổng số trái thứ tự (số sau "
    "phải không nhỏ hơn số trước); chưa được tính.",
    en="{area}, {title}: recognised, assessed, registered and total are not in order (each must "
    "be at least the one before); they are not counted.",
)
_TWO_FILES = Text(
    vi="{area}, {title}: có trong nhiều tệp ({files}); dùng tệp nào?",
    en="{area}, {title}: in several files ({files}); which one is to be used?",
)
_MISSING = Text(vi="Chưa có tệp nào của khu vực này.", en="There is no file of this area.")
_NO_AREA = Text(vi="Chưa rõ khu vực", en="Area not known")
