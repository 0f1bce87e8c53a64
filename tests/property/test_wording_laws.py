"""Officials read sentences: no explanation, gap, path, comparison or report shows code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import xhht
from xhht.criteria.changes import ProfileChanges
from xhht.criteria.profile import profile_html
from xhht.domain import Area, AreaLevel, AreaTree, Title
from xhht.evaluation.display import evaluation_html
from xhht.evaluation.explanation import Depth
from xhht.evaluation.wording import current_wording
from xhht.reporting.comparisons import changes_text, part_label
from xhht.reporting.report import Report
from xhht.reporting.report_html import report_page
from xhht.reporting.report_xlsx import write_report_workbook
from xhht.rollup import Counts, Tally
from xhht.rules.model import expressions_of
from xhht.testing.strategies import facts, profiles
from xhht.text import Lang, Text

ROOT = Path(__file__).parents[2]
DAY = date(2025, 1, 1)
FILES = sorted(
    path
    for folder in ("criteria_profiles", "examples")
    for path in (ROOT / folder).rglob("*.yaml")
    if not path.name.endswith((".test.yaml", ".targets.yaml", ".mapping.yaml"))
)
_CODE = re.compile(
    r"[<>=!]=|\b(?:share|met|points_of|min|max|sum)\(|\b[a-z]+(?:_[a-z0-9]+)+\b|\bnot in \("
)
_PLACES = re.compile(r"https?://\S+|\S+@\d\S*|\S+\.yaml\S*|/\S+|\bx(?:\.[a-z0-9_]+)+")
"""What is no sentence: addresses, references of profiles, places in files, own titles."""


def code_in(text: str) -> list[str]:
    return _CODE.findall(_PLACES.sub("", text))


def shown(result: xhht.Evaluation, lang: Lang) -> Iterator[str]:
    """Yield everything that an official reads of a result."""
    for depth in Depth:
        if depth is not Depth.FULL:
            explained = result.explain(lang, depth)
            yield explained.text()
            yield explained.markdown().replace("\\", "")
    yield from (gap.text.get(lang) for gap in result.gaps())
    yield result.settling_sets(50).text.get(lang)
    yield evaluation_html(result, lang)
    yield profile_html(result.profile, lang)
    path = result.path_to(result.profile.document.levels[0].id, most=50)
    yield from (text.get(lang) for text in path.lines())


def sentences(result: xhht.Evaluation) -> Iterator[Text]:
    """Yield every condition and number of a profile as a sentence, with values and without."""
    rules = result.profile.rules
    trees = [
        *(tree for node in rules.nodes() for tree in expressions_of(node)),
        *(level.when for level in rules.levels),
    ]
    for wording in (result.profile.wording(), current_wording(result)):
        yield from map(wording.sentence, trees)
        yield from (line for tree in trees for _, line in wording.lines(tree))


def check(result: xhht.Evaluation, *langs: Lang) -> None:
    for text in sentences(result):
        for lang in Lang:
            sentence = text.get(lang)
            assert len(sentence) > 1
            assert not code_in(sentence)
            assert not re.search(r"\{|\}|\s[,;)]|\(\s", sentence), sentence
    clauses = [entry.clause for entry in result.profile.entries.values() if entry.clause]
    for lang in langs:
        for page in shown(result, lang):
            for clause in sorted(clauses, key=len, reverse=True):
                page = page.replace(clause, "")
            assert code_in(page) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_that_officials_read_of_a_profile_is_code(path: Path) -> None:
    profile = xhht.load_profile(path)
    check(xhht.evaluate(profile, {}, as_of=DAY), *Lang)


@settings(max_examples=15)
@given(st.data())
def test_nothing_that_officials_read_of_any_profile_is_code(data: st.DataObject) -> None:
    profile = data.draw(profiles())
    try:
        result = xhht.evaluate(profile, data.draw(facts(profile)), as_of=DAY)
    except xhht.FactsError:  # the random facts exceed one another's bounds
        reject()
    check(result, data.draw(st.sampled_from(Lang)))


@settings(max_examples=15)
@given(st.data())
def test_a_comparison_is_no_code(data: st.DataObject) -> None:
    changes = xhht.compare_profiles(data.draw(profiles()), data.draw(profiles()))
    for lang in Lang:
        check_comparison(changes, lang)


@pytest.mark.parametrize("lang", Lang)
def test_a_comparison_of_bundled_profiles_is_no_code(lang: Lang) -> None:
    bundled = [xhht.load_profile(path) for path in FILES if path.parent.name == "vn"]
    for old, new in pairwise(bundled):
        check_comparison(xhht.compare_profiles(old, new), lang)


def check_comparison(changes: ProfileChanges, lang: Lang) -> None:
    lines = (line for line in changes_text(changes, lang).splitlines()[1:] if line[:1] in "~+-")
    for change, line in zip(changes.changes, filter(None, lines), strict=False):
        if change.key not in ("id", "clause", "dates_source", "source", "note"):
            line = line.replace(part_label(change.part, change.id, None, lang), "", 1)
            assert code_in(line) == [], line


@pytest.mark.parametrize("lang", Lang)
def test_a_report_is_no_code(tmp_path: Path, lang: Lang) -> None:
    areas = AreaTree(
        [
            Area(code="01", name="Tỉnh Một", level=AreaLevel.PROVINCE),
            Area(code="02", name="Xã Hai", level=AreaLevel.COMMUNE, parent="01"),
            Area(code="03", name="Xã Ba", level=AreaLevel.COMMUNE, parent="01"),
        ]
    )
    counts = Counts(total=90, registered=80, assessed=70, recognised=60, undetermined=5)
    report = Report.of_counts(
        {("02", title): Tally.of(counts) for title in Title}, areas, year=2024
    )
    page = re.sub(r"(?s)<(style|script).*?</\1>|<[^>]*>", " ", report_page(report, lang))
    assert code_in(page) == []
    write_report_workbook(report, tmp_path / "report.xlsx", lang)
    sheets = openpyxl.load_workbook(tmp_path / "report.xlsx")
    cells = (cell for sheet in sheets for row in sheet.values for cell in row)
    assert code_in("\n".join(cell for cell in cells if isinstance(cell, str))) == []
