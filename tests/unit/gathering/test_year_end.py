"""The files of `examples/year_end`: every count is right, and every built-in fault is named."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from xhht.domain.areas import AreaTree
from xhht.gathering import Gathered, gather, loads_decisions
from xhht.tables.areas import read_areas
from xhht.tables.csv import open_csv

ROOT = Path(__file__).parents[3]
MEASURES = ("total", "registered", "assessed", "recognised")
QUESTIONS = {
    "recognised_above_total": "order",
    "not_a_number": "number",
    "nameless": "area",
    "total_differs": "total",
    "blank_village": "blank",
    "locked": "file",
    "web_page": "file",
    "pdf": "file",
}
"""The kind of question that each built-in fault becomes."""

Number = tuple[str, str, str, str]


class YearEnd(NamedTuple):
    folder: Path
    sent: list[Any]
    tree: AreaTree


@pytest.fixture(scope="module")
def year_end(tmp_path_factory: pytest.TempPathFactory) -> YearEnd:
    example = ROOT / "examples" / "year_end"
    sys.path.insert(0, str(example))
    try:
        module = runpy.run_path(str(example / "make_files.py"))
    finally:
        sys.path.remove(str(example))
    folder = tmp_path_factory.mktemp("year_end")
    sent = module["make_files"](folder)
    with open_csv(module["AREAS"]) as table:
        tree = read_areas(table.columns, table).on(module["DAY"]).tree
    return YearEnd(folder, sent, tree)


@pytest.fixture(scope="module")
def gathered(year_end: YearEnd) -> Gathered:
    return gather(year_end.folder, year_end.tree)


def numbers_of(gathered: Gathered) -> dict[Number, int]:
    return {
        (reading.file, str(item.area), item.title.value, measure): number
        for reading in gathered.files
        for item in reading.counts
        for measure in MEASURES
        if (number := getattr(item.counts, measure)) is not None
    }


def truth(sent: Any) -> dict[Number, int]:
    return {
        (sent.name, sent.area, title.value, measure): number
        for title, row in sent.counts.items()
        for measure, number in row.items()
    }


def test_there_are_thirty_files_in_twelve_layouts_with_ten_faults(year_end: YearEnd) -> None:
    assert len(year_end.sent) >= 30
    assert len({file.layout for file in year_end.sent if file.layout}) >= 12
    assert len({file.fault for file in year_end.sent if file.fault}) >= 10


def test_every_count_is_right(year_end: YearEnd, gathered: Gathered) -> None:
    got = numbers_of(gathered)
    for file in year_end.sent:
        expected = truth(file)
        read = {key: number for key, number in got.items() if key[0] == file.name}
        assert read.items() <= expected.items(), file.name
        doubtful = {title.value for title in file.doubtful}
        assert {key[2] for key in expected.keys() - read.keys()} <= doubtful, file.name


def test_every_fault_is_named(year_end: YearEnd, gathered: Gathered) -> None:
    readings = {reading.file: reading for reading in gathered.files}
    assert readings.keys() == {file.name for file in year_end.sent}
    for file in year_end.sent:
        reading = readings[file.name]
        kinds = {question.kind.value for question in reading.open_questions}
        match file.fault:
            case None:
                assert not kinds
                assert not reading.faults
            case "percent_differs":
                assert "“Tỷ lệ (%)” không khớp" in reading.faults[0].vi
            case "misspelt_name":
                assert any("chỉ có tên gần giống" in note.vi for note in reading.notes)
            case "second_file":
                [area] = reading.areas
                twice = [q for q in gathered.open_questions if q.kind.value == "duplicate"]
                assert {question.area for question in twice} == {area}
                assert len(twice) == len(file.counts)
            case fault:
                assert kinds == {QUESTIONS[fault]}, file.name


def test_what_to_mend_is_listed_for_each_commune(year_end: YearEnd, gathered: Gathered) -> None:
    lists = gathered.to_mend()
    for file in year_end.sent:
        if file.fault not in {None, "misspelt_name"}:
            assert lists[file.area or ""], file.name
    assert {code for code, lines in lists.items() if lines[0].startswith("Chưa có tệp")} == {
        *gathered.missing
    }


def test_decisions_complete_the_counts(year_end: YearEnd, gathered: Gathered) -> None:
    nameless = next(file for file in year_end.sent if file.fault == "nameless")
    answers = {"area": "23152", "total": "parts", "blank": "skip", "file": "skip"}
    lines = gathered.decisions_text().splitlines(keepends=True)
    kind, text = "", ""
    for line in lines:
        kind = line.split()[1] if line.startswith("  question:") else kind
        is_answered = line.startswith("  answer: ''") and kind in answers
        text += f'  answer: "{answers[kind]}"\n' if is_answered else line
    decided = gather(year_end.folder, year_end.tree, decisions=loads_decisions(text))
    assert {q.kind.value for q in decided.open_questions} == {"order", "number", "duplicate"}
    got = numbers_of(decided)
    assert len([key for key in got if key[:2] == (nameless.name, "23152")]) == 20
    differing = next(file for file in year_end.sent if file.fault == "total_differs")
    assert truth(differing).keys() <= got.keys()


def test_the_run_is_repeatable_to_the_byte(year_end: YearEnd, gathered: Gathered) -> None:
    again = gather(year_end.folder, year_end.tree, processes=2)
    assert again.to_csv() == gathered.to_csv()
    assert again.decisions_text() == gathered.decisions_text()
    assert again.mending_text() == gathered.mending_text()
