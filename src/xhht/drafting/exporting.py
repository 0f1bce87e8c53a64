"""Writes a profile as a scoring form, and reads such a form back without loss.

The form's first sheet is for people. What it cannot say goes along on a second one, so that nothing
is lost; names, points and conditions that were changed on the first sheet are taken from there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from attrs import evolve, frozen

from xhht.criteria.document import CriterionEntry, Expression, IndicatorEntry, ProfileDocument
from xhht.criteria.loading import loads_profile
from xhht.criteria.profile import Profile
from xhht.criteria.writing import dump_document, dump_profile, plain_value
from xhht.drafting.form import Form, FormFault, FormLine
from xhht.drafting.reading import CARRIED_SHEET
from xhht.exact import decimal_text, json_number
from xhht.text import Lang, Text, normalize_text

__all__ = ["Restored", "export_form", "restored"]

_SCORINGS = ("met_when", "bands", "proportional", "per_item", "assessed")
_LOOK = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}


def export_form(profile: Profile, path: Path, lang: Lang | str = Lang.VI) -> None:
    """Write a profile as a scoring form into an XLSX file.

    Raises:
        OSError: the file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    lang = Lang(lang)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    look, bold = book.add_format(_LOOK), book.add_format({**_LOOK, "bold": True})
    sheet = book.add_worksheet(_SHEET.in_(lang))
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 12)
    sheet.set_column(3, 3, 60)
    sheet.write_string(0, 1, profile.name.in_(lang), bold)
    for column, heading in enumerate(_HEADINGS):
        sheet.write_string(2, column, heading.in_(lang), bold)
    sheet.freeze_panes(3, 0)
    row, total = 3, Fraction(0)
    for line in _lines(profile, lang):
        form = look if line.is_leaf else bold
        sheet.write_string(row, 0, line.id, form)
        sheet.write_string(row, 1, line.name, form)
        if line.points is not None:
            sheet.write_number(row, 2, json_number(line.points), form)
            total += line.points
        sheet.write_string(row, 3, line.condition, form)
        row += 1
    sheet.write_string(row, 1, _TOTAL.in_(lang), bold)
    sheet.write_number(row, 2, json_number(total), bold)
    _carry(book, profile, lang)
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from None


def _carry(book: object, profile: Profile, lang: Lang) -> None:
    sheet = book.add_worksheet(CARRIED_SHEET)  # type: ignore[attr-defined]
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, f"# xhht {profile.reference} {profile.hash} {lang.value}")
    for row, line in enumerate(dump_profile(profile).split("\n"), 1):
        sheet.write_string(row, 0, line)


@frozen(kw_only=True)
class _Line:
    """A line as the form shows it."""

    id: str
    name: str
    points: Fraction | None
    condition: str
    is_leaf: bool


def _lines(profile: Profile, lang: Lang) -> Iterator[_Line]:
    for entry in profile.entries.values():
        is_leaf = isinstance(entry, IndicatorEntry)
        yield _Line(
            id=entry.id,
            name=entry.name.in_(lang) if entry.name else _UNNAMED.in_(lang),
            points=entry.points if isinstance(entry, IndicatorEntry) else None,
            condition=_condition(entry) if isinstance(entry, IndicatorEntry) else "",
            is_leaf=is_leaf,
        )


def _condition(entry: IndicatorEntry) -> str:
    """Return how an indicator is scored, in the words of the condition language."""
    if entry.met_when is not None:
        return normalize_text(entry.met_when)
    key = next(key for key in _SCORINGS if getattr(entry, key) is not None)
    if entry.bands is not None:
        bands = (f"{decimal_text(band.points)}: {band.when}" for band in entry.bands)
        return normalize_text("; ".join(bands))
    shown = plain_value(getattr(entry, key))
    told = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)
    return normalize_text(f"{key}: {told}")


@frozen(kw_only=True)
class Restored:
    """What came back from an exported form.

    Attributes:
        text: the profile's file.
        changed: ids of criteria whose name, points or condition the first sheet changed.
        faults: changes on the first sheet that only a hand can bring into the profile.
    """

    text: str
    changed: tuple[str, ...]
    faults: tuple[FormFault, ...]


def restored(form: Form) -> Restored | None:
    """Return the profile that an exported form brings along, with what was changed on the form.

    None where it brings none along, or one that no longer loads.
    """
    if form.carried is None or form.lang not in list(Lang):
        return None
    try:
        profile = loads_profile(form.carried)
    except ValueError:
        return None
    lang = Lang(form.lang)
    shown = {line.id: line for line in _lines(profile, lang)}
    found = {line.number: line for line in form.lines}
    faults = [FormFault(line.place, _NEW) for line in form.lines if line.number not in shown]
    places = {line.number: line.place for line in form.lines}
    gone = [each for each in shown if each not in found]
    if gone:
        place = next(iter(places.values()), CARRIED_SHEET)
        faults.append(FormFault(place, _GONE.format(ids=", ".join(gone))))
    changes = {
        each: line for each, line in found.items() if each in shown and _differs(line, shown[each])
    }
    document = profile.document
    for each, line in changes.items():
        document = _with(document, each, line, shown[each], lang, faults)
    return Restored(
        text=dump_document(document), changed=tuple(changes), faults=(*form.faults, *faults)
    )


def _differs(line: FormLine, shown: _Line) -> bool:
    told = (line.name, line.condition) == (shown.name, shown.condition)
    return not told or not _is_same(line.points, shown.points)


def _is_same(one: Fraction | None, other: Fraction | None) -> bool:
    """Return whether points are the same, as far as the cell of a workbook can tell."""
    return (one and json_number(one)) == (other and json_number(other))


def _with(
    document: ProfileDocument,
    node_id: str,
    line: FormLine,
    shown: _Line,
    lang: Lang,
    faults: list[FormFault],
) -> ProfileDocument:
    def leaf(entry: IndicatorEntry) -> IndicatorEntry:
        if entry.id != node_id:
            return entry
        renamed = evolve(entry, name=_name(entry.name, line, shown, lang))
        return _rescored(renamed, line, shown, faults)

    def branch(entry: CriterionEntry) -> CriterionEntry:
        is_meant = entry.id == node_id
        changed = evolve(
            entry,
            name=_name(entry.name, line, shown, lang) if is_meant else entry.name,
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


def _name(name: Text | None, line: FormLine, shown: _Line, lang: Lang) -> Text | None:
    if line.name == shown.name:
        return name
    before = name or Text(vi=line.name, en=line.name)
    return evolve(before, **{lang.value: line.name})


def _rescored(
    entry: IndicatorEntry, line: FormLine, shown: _Line, faults: list[FormFault]
) -> IndicatorEntry:
    if line.points is not None and not _is_same(line.points, shown.points):
        if entry.met_when is None:
            faults.append(FormFault(line.points_place, _POINTS))
        else:
            entry = evolve(entry, points=line.points)
    if line.condition != shown.condition:
        if entry.met_when is None or not line.condition:
            faults.append(FormFault(line.place, _CONDITION))
        else:
            entry = evolve(entry, met_when=Expression(line.condition))
    return entry


_SHEET = Text(vi="Biểu điểm", en="Scoring form")
_HEADINGS = (
    Text(vi="Mã", en="Id"),
    Text(vi="Tiêu chí / chỉ số", en="Criterion / indicator"),
    Text(vi="Điểm tối đa", en="Maximum points"),
    Text(vi="Điều kiện", en="Condition"),
)
_TOTAL = Text(vi="Tổng cộng", en="Total")
_UNNAMED = Text(vi="(không tên)", en="(no name)")
_NEW = Text(
    vi="dòng này không có trong bộ tiêu chí kèm theo; hãy thêm vào tệp YAML",
    en="the profile that comes along has no such line; add it to the YAML file",
)
_GONE = Text(
    vi="biểu không còn các dòng {ids}; nếu muốn bỏ, hãy xóa trong tệp YAML",
    en="the form no longer has the lines {ids}; to remove them, delete them in the YAML file",
)
_POINTS = Text(
    vi="điểm đã đổi, nhưng cách chấm của chỉ số này gắn với điểm; hãy sửa trong tệp YAML",
    en="the points were changed, and the way this indicator is scored hangs on them; change it in "
    "the YAML file",
)
_CONDITION = Text(
    vi="cách chấm đã đổi; biểu chỉ đổi được điều kiện 'met_when'; hãy sửa trong tệp YAML",
    en="the scoring was changed; a form can only change a 'met_when'; change it in the YAML file",
)
