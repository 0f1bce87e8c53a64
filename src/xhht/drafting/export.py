"""Exports a profile as a scoring form, and restores it from such a form without loss.

The first sheet is for people. A second sheet embeds the complete profile, so nothing is lost;
changed names, points and conditions are taken from the first sheet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from attrs import evolve, frozen

from xhht import labels
from xhht._files import replace_file
from xhht.criteria.document import (
    CriterionEntry,
    Expression,
    IndicatorEntry,
    ProfileDocument,
    expression_texts,
)
from xhht.criteria.loading import loads_profile
from xhht.criteria.profile import Profile
from xhht.criteria.writing import dump_document, dump_profile, plain_value
from xhht.drafting.form import Form, FormIssue, FormLine
from xhht.drafting.read_form import EMBEDDED_SHEET
from xhht.evaluation.explanation import closing_text
from xhht.numbers import json_number
from xhht.rules.model import Leaf
from xhht.rules.scoring import Scoring
from xhht.rules.sentences import capitalized
from xhht.text import Lang, Text, normalize_text

__all__ = ["RestoredProfile", "export_form", "restore_profile"]

_FORMAT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}


def export_form(profile: Profile, path: Path, lang: Lang | str = Lang.VI) -> None:
    """Write a profile as a scoring form into an XLSX file.

    Raises:
        TableError: the file cannot be written.
    """
    import xlsxwriter

    lang, stream = Lang(lang), BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    body, bold = book.add_format(_FORMAT), book.add_format({**_FORMAT, "bold": True})
    sheet = book.add_worksheet(_SHEET.get(lang))
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 12)
    sheet.set_column(3, 3, 60)
    sheet.set_column(4, 4, 60)
    sheet.write_string(0, 1, profile.name.get(lang), bold)
    if profile.document.at_close is not None:
        # Above the headings, where a form has no lines; it is read back from the second sheet.
        sheet.write_string(1, 1, closing_text(profile).get(lang), body)
    for column, heading in enumerate(_HEADINGS):
        sheet.write_string(2, column, heading.get(lang), bold)
    sheet.freeze_panes(3, 0)
    row, total, has_points = 3, Fraction(0), profile.plan.has_points()
    for line in _lines(profile, lang):
        cell_format = bold if line.points is None else body
        sheet.write_string(row, 0, line.id, cell_format)
        sheet.write_string(row, 1, line.name, cell_format)
        if line.points is not None and has_points:
            sheet.write_number(row, 2, json_number(line.points), cell_format)
            total += line.points
        sheet.write_string(row, 3, line.condition, cell_format)
        sheet.write_string(row, 4, line.words, cell_format)
        row += 1
    if has_points:
        sheet.write_string(row, 1, _TOTAL.get(lang), bold)
        sheet.write_number(row, 2, json_number(total), bold)
    else:
        sheet.set_column(2, 2, None, None, {"hidden": True})
    _embed(book, profile, lang)
    book.close()
    replace_file(path, stream.getvalue())


def _embed(book: object, profile: Profile, lang: Lang) -> None:
    sheet = book.add_worksheet(EMBEDDED_SHEET)  # type: ignore[attr-defined]
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, f"# xhht {profile.reference} {profile.hash} {lang.value}")
    for row, line in enumerate(dump_profile(profile).split("\n"), 1):
        sheet.write_string(row, 0, line)


@frozen
class _Line:
    """A line of the exported form; a criterion has neither points nor a condition.

    The condition is both in words, for people, and as the file writes it, to be read back.
    """

    id: str
    name: str
    points: Fraction | None = None
    condition: str = ""
    words: str = ""


def _lines(profile: Profile, lang: Lang) -> Iterator[_Line]:
    scorings = {node.id: node.scoring for node in profile.rules.nodes() if isinstance(node, Leaf)}
    wording = profile.wording()
    for entry in profile.entries.values():
        name = (entry.name or _UNNAMED).get(lang)
        if isinstance(entry, IndicatorEntry):
            scoring = scorings[entry.id]
            words = capitalized(scoring.describe(wording, entry.points)).get(lang)
            yield _Line(entry.id, name, entry.points, _condition(entry, scoring), words)
        else:
            yield _Line(entry.id, name)


def _condition(entry: IndicatorEntry, scoring: Scoring) -> str:
    """Return the scoring of an indicator in the syntax of the profile file."""
    text = scoring.form_text(expression_texts(entry, scoring))
    if text is None:
        value = plain_value(getattr(entry, scoring.kind))
        written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        text = f"{scoring.kind}: {written}"
    return normalize_text(text)


@frozen(kw_only=True)
class RestoredProfile:
    """The profile restored from an exported form.

    Attributes:
        text: the profile file.
        changed: ids of criteria whose name, points or condition differ on the first sheet.
        faults: changes on the first sheet that must be made in the profile by hand.
    """

    text: str
    changed: tuple[str, ...]
    faults: tuple[FormIssue, ...]


def restore_profile(form: Form) -> RestoredProfile | None:
    """Return the profile embedded in an exported form, with the changes made on the form.

    None if no profile is embedded, or it no longer loads.
    """
    if form.embedded_profile is None or form.lang not in list(Lang):
        return None
    try:
        profile = loads_profile(form.embedded_profile)
    except ValueError:
        return None
    lang = Lang(form.lang)
    exported = {line.id: line for line in _lines(profile, lang)}
    lines = {line.number: line for line in form.lines}
    issues = [
        FormIssue.of("form_new_line", line.place)
        for line in form.lines
        if line.number not in exported
    ]
    places = {line.number: line.place for line in form.lines}
    removed = [node_id for node_id in exported if node_id not in lines]
    if removed:
        place = next(iter(places.values()), EMBEDDED_SHEET)
        issues.append(FormIssue.of("form_missing_lines", place, ids=", ".join(removed)))
    changes = {
        node_id: line
        for node_id, line in lines.items()
        if node_id in exported and _differs(line, exported[node_id])
    }
    document = profile.document
    for node_id, line in changes.items():
        document = _with_changed_line(document, node_id, line, exported[node_id], lang, issues)
    return RestoredProfile(
        text=dump_document(document), changed=tuple(changes), faults=(*form.faults, *issues)
    )


def _differs(line: FormLine, exported: _Line) -> bool:
    is_same_text = (line.name, line.condition) == (exported.name, exported.condition)
    return not is_same_text or not _is_same(line.points, exported.points)


def _is_same(one: Fraction | None, other: Fraction | None) -> bool:
    """Return whether points are equal at the precision of a workbook cell; none are 0."""
    return json_number(one or Fraction(0)) == json_number(other or Fraction(0))


def _with_changed_line(
    document: ProfileDocument,
    node_id: str,
    line: FormLine,
    exported: _Line,
    lang: Lang,
    issues: list[FormIssue],
) -> ProfileDocument:
    def leaf(entry: IndicatorEntry) -> IndicatorEntry:
        if entry.id != node_id:
            return entry
        renamed = evolve(entry, name=_name(entry.name, line, exported, lang))
        return _rescored(renamed, line, exported, issues)

    def branch(entry: CriterionEntry) -> CriterionEntry:
        is_changed = entry.id == node_id
        changed = evolve(
            entry,
            name=_name(entry.name, line, exported, lang) if is_changed else entry.name,
            criteria=entry.criteria and tuple(map(branch, entry.criteria)),
            indicators=entry.indicators and tuple(map(leaf, entry.indicators)),
        )
        if entry.points is None:
            return changed
        return evolve(changed, points=entry.points + _sum(changed) - _sum(entry))

    return evolve(document, criteria=tuple(map(branch, document.criteria)))


def _sum(entry: CriterionEntry) -> Fraction:
    """Return the points of all indicators below a criterion."""
    leaves = (leaf.points for leaf in entry.indicators or ())
    return sum(leaves, Fraction(0)) + sum(map(_sum, entry.criteria or ()), Fraction(0))


def _name(name: Text | None, line: FormLine, exported: _Line, lang: Lang) -> Text | None:
    if line.name == exported.name:
        return name
    before = name or Text(vi=line.name, en=line.name)
    return evolve(before, **{lang.value: line.name})


def _rescored(
    entry: IndicatorEntry, line: FormLine, exported: _Line, issues: list[FormIssue]
) -> IndicatorEntry:
    if line.points is not None and not _is_same(line.points, exported.points):
        if entry.met_when is None:
            issues.append(FormIssue.of("form_points_changed", line.points_place))
        else:
            entry = evolve(entry, points=line.points)
    if line.condition != exported.condition:
        if entry.met_when is None or not line.condition:
            issues.append(FormIssue.of("form_scoring_changed", line.place))
        else:
            entry = evolve(entry, met_when=Expression(line.condition))
    return entry


_SHEET = Text(vi="Biểu điểm", en="Scoring form")
_HEADINGS = (
    labels.ID,
    Text(vi="Tiêu chí / chỉ số", en="Criterion / indicator"),
    labels.MAXIMUM_POINTS,
    Text(vi="Điều kiện", en="Condition"),
    Text(vi="Diễn giải (chỉ để đọc)", en="In words (for reading only)"),
)
_TOTAL = Text(vi="Tổng cộng", en="Total")
_UNNAMED = Text(vi="(không tên)", en="(no name)")
