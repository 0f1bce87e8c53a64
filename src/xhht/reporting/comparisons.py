"""The differences between two profiles, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from xhht import labels
from xhht.criteria.changes import (
    ChangedPart,
    Effect,
    Place,
    ProfileChange,
    ProfileChangeKind,
    ProfileChanges,
)
from xhht.criteria.document import ChangeEntry
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.evaluation.state import Verdict
from xhht.numbers import number_text
from xhht.render import Column, DisplayTable, sanitize_line
from xhht.reporting.change_values import changed_values
from xhht.rollup.transitions import CHANGES, Direction, SubjectOutcome, Transitions
from xhht.rules.scoring import ScoringKind
from xhht.text import Lang, Text

__all__ = ["changes_text", "part_label", "reason_line", "transitions_text"]

_MAX_LENGTH = 200


def changes_text(changes: ProfileChanges, lang: Lang) -> str:
    """Return the differences, one per line, each followed by its locations in the files."""
    lines = [f"{changes.old.reference} → {changes.new.reference}"]
    lines += [reason_line(entry, lang) for entry in changes.reasons]
    if not changes.changes:
        return "\n".join([*lines, _SAME.get(lang)])
    for change in changes.changes:
        lines += [_line(changes, change, lang), f"    {_places(change)}"]
    numbers = {
        effect.value: number_text(number, lang) for effect, number in changes.effects().items()
    }
    total = number_text(len(changes.changes), lang)
    return "\n".join([*lines, "", _SUMMARY.get(lang, total=total, **numbers)])


def reason_line(entry: ChangeEntry, lang: Lang) -> str:
    """Return what a version changed, and why, on one line."""
    day = f" ({day_text(entry.day).get(lang)})" if entry.day else ""
    places = f" [{', '.join(map(sanitize_line, entry.at))}]" if entry.at else ""
    return f"{entry.version}{day}: {sanitize_line(entry.reason.get(lang))}{places}"


def _line(changes: ProfileChanges, change: ProfileChange, lang: Lang) -> str:
    part_text = part_label(change.part, change.id, change.name, lang)
    effect = f" [{_EFFECTS[change.effect].get(lang)}]" if change.effect in _EFFECTS else ""
    if change.kind in _WHOLE_PARTS:
        return f"{_WHOLE_PARTS[change.kind].get(lang, about=part_text)}{effect}"
    before, after = (
        _value(value, lang) if words is None else sanitize_line(words.get(lang))
        for value, words in zip(
            (change.old, change.new), changed_values(changes, change), strict=True
        )
    )
    if change.kind is ProfileChangeKind.MOVED:
        template = _RANKED if change.part is ChangedPart.LEVEL else _MOVED
        return f"{template.get(lang, about=part_text, old=before, new=after)}{effect}"
    return f"{_SIGN} {part_text}: {_key_label(changes, change, lang)}: {before} → {after}{effect}"


def _key_label(changes: ProfileChanges, change: ProfileChange, lang: Lang) -> str:
    """Return the meaning of a key: `bands[2].when` is the condition of the second band."""
    key = change.key or ""
    levels = {
        level.id: level.name
        for item in (changes.old, changes.new)
        for level in item.document.levels
    }
    steps = []
    for step in key.split("."):
        name, _, position = step.rstrip("]").partition("[")
        if position:
            steps.append(_BAND.get(lang, number=position))
        elif key.startswith(ScoringKind.MET_BY_LEVEL) and name in levels:
            steps.append(sanitize_line(levels[name].get(lang)))
        else:
            steps.append(_meaning(name, lang))
    kinds = {kind.value for kind in ScoringKind}
    inner = steps[1:] if len(steps) > 1 and key.partition(".")[0] in kinds else steps
    return ": ".join(inner)


def _meaning(name: str, lang: Lang) -> str:
    meaning = _KEYS.get(name)
    return meaning.get(lang) if meaning else name.replace("_", " ")


def part_label(part: ChangedPart, part_id: str, name: Text | None, lang: Lang) -> str:
    """Return the label of a part of a profile: its kind, id and name."""
    called = f" ({sanitize_line(name.get(lang))})" if name else ""
    return f"{_PARTS[part].get(lang)} {sanitize_line(part_id)}".rstrip() + called


def _value(value: str | Text | None, lang: Lang) -> str:
    if value is None:
        return "–"
    shown = sanitize_line(value.get(lang) if isinstance(value, Text) else value)
    return shown if len(shown) <= _MAX_LENGTH else f"{shown[: _MAX_LENGTH - 1]}…"


def _places(change: ProfileChange) -> str:
    places: list[Place] = [place for place in (change.old_place, change.new_place) if place]
    return " → ".join(sanitize_line(str(place)) for place in places)


_PARTS = {
    ChangedPart.PROFILE: Text(vi="bộ tiêu chí", en="profile"),
    ChangedPart.INPUT: Text(vi="đầu vào", en="input"),
    ChangedPart.VALUE: Text(vi="giá trị theo ngày", en="dated value"),
    ChangedPart.CRITERION: Text(vi="tiêu chí", en="criterion"),
    ChangedPart.INDICATOR: Text(vi="chỉ số", en="indicator"),
    ChangedPart.LEVEL: Text(vi="mức", en="level"),
    ChangedPart.DEFINITION: Text(vi="định nghĩa", en="definition"),
    ChangedPart.CHOICE_LIST: Text(vi="danh sách lựa chọn", en="list of options"),
}


_KEYS = {
    **{kind.value: kind.label for kind in ScoringKind},
    "applies_to": Text(vi="đối tượng", en="subjects"),
    "applies_when": Text(vi="khi nào áp dụng", en="applies when"),
    "area": Text(vi="khu vực", en="area"),
    "at_most": Text(vi="không quá", en="at most"),
    "cap": Text(vi="trần điểm", en="cap"),
    "choices": Text(vi="lựa chọn", en="options"),
    "clause": Text(vi="điều khoản", en="clause"),
    "combine": Text(vi="cách gộp", en="combination"),
    "count": Text(vi="số lượng", en="count"),
    "cycle": Text(vi="kỳ đánh giá", en="cycle"),
    "dated": Text(vi="theo ngày", en="by date"),
    "dates_source": Text(vi="nguồn của ngày hiệu lực", en="source of the dates"),
    "each": Text(vi="điểm mỗi đơn vị", en="points for each"),
    "effective_from": Text(vi="có hiệu lực từ", en="in force from"),
    "effective_to": Text(vi="hết hiệu lực từ", en="ends on"),
    "ended_by": Text(vi="văn bản chấm dứt", en="ended by"),
    "evidence": Text(vi="minh chứng", en="evidence"),
    "factor": Text(vi="hệ số", en="factor"),
    "floor": Text(vi="điểm sàn", en="floor"),
    "grid": Text(vi="lưới điểm", en="grid"),
    "id": Text(vi="mã", en="id"),
    "label": Text(vi="nhãn", en="label"),
    "legal_basis": Text(vi="căn cứ", en="legal basis"),
    "max": Text(vi="lớn nhất", en="maximum"),
    "members": Text(vi="thành viên được tính", en="members counted"),
    "min": Text(vi="nhỏ nhất", en="minimum"),
    "mode": Text(vi="cách làm tròn", en="mode"),
    "na_policy": Text(vi="khi không áp dụng", en="if not applicable"),
    "name": Text(vi="tên", en="name"),
    "note": Text(vi="ghi chú", en="note"),
    "places": Text(vi="số chữ số thập phân", en="decimal places"),
    "points": Text(vi="điểm", en="points"),
    "provenance": Text(vi="mức có nguồn", en="provenance"),
    "requirement": Text(vi="yêu cầu", en="requirement"),
    "requires": Text(vi="mức phải có trước", en="prerequisite"),
    "rounding": Text(vi="làm tròn", en="rounding"),
    "share": Text(vi="tỉ lệ", en="share"),
    "source": Text(vi="nguồn", en="source"),
    "source_covers": Text(vi="phần có nguồn", en="parts with a source"),
    "status": Text(vi="trạng thái", en="status"),
    "step": Text(vi="bước", en="step"),
    "title": Text(vi="danh hiệu", en="title"),
    "type": Text(vi="loại dữ liệu", en="type"),
    "unit": Text(vi="đơn vị tính", en="unit"),
    "validity_months": Text(vi="thời hạn (tháng)", en="validity in months"),
    "weight": Text(vi="trọng số", en="weight"),
    "when": Text(vi="điều kiện", en="condition"),
    "previous_of": Text(vi="so với năm trước của", en="year before of"),
    "no_subjects_from": Text(vi="không còn đối tượng", en="without subjects"),
    "result": Text(vi="kết quả của chuẩn làm căn cứ", en="result of another standard"),
    "year": Text(vi="năm của số liệu", en="year of the figure"),
    "at_close": Text(vi="khi kết thúc đánh giá", en="at the close"),
    "number": Text(vi="số", en="number"),
    "all_absent": Text(vi="khi mọi mục không áp dụng", en="if nothing applies"),
    "not_below": Text(vi="điểm không dưới", en="not below"),
    "least_known": Text(vi="tỉ lệ tối thiểu phải có số liệu", en="least share known"),
}
"""The meanings of the keys of files."""

_BAND = Text(vi="mức điểm thứ {number}", en="band {number}")
_SIGN = "~"


_WHOLE_PARTS = {
    ProfileChangeKind.ADDED: Text(vi="+ thêm {about}", en="+ added: {about}"),
    ProfileChangeKind.REMOVED: Text(vi="- bỏ {about}", en="- removed: {about}"),
}


_MOVED = Text(
    vi="~ {about}: chuyển từ dưới '{old}' sang dưới '{new}'",
    en="~ {about}: moved from under '{old}' to under '{new}'",
)


_RANKED = Text(
    vi="~ {about}: thứ tự {old} → {new}",
    en="~ {about}: place {old} → {new}",
)


_EFFECTS = {
    Effect.LOOSER: Text(vi="nới lỏng", en="looser"),
    Effect.TIGHTER: Text(vi="siết chặt", en="tighter"),
    Effect.UNKNOWN: Text(
        vi="chưa rõ nới lỏng hay siết chặt", en="unclear whether looser or tighter"
    ),
}


_SAME = Text(
    vi="Hai bộ tiêu chí có nội dung giống nhau.",
    en="The two profiles have the same content.",
)


_SUMMARY = Text(
    vi="{total} thay đổi: {looser} nới lỏng, {tighter} siết chặt, {neither} không ảnh hưởng kết "
    "quả, {unknown} chưa rõ.",
    en="Changes: {total} ({looser} looser, {tighter} tighter, {neither} neither, "
    "{unknown} unclear).",
)


def transitions_text(transitions: Transitions, names: Mapping[str, str] | None, lang: Lang) -> str:
    """Return transitions as text; see `Transitions.to_dict`."""
    total = transitions.together()
    numbers = {way.value: number_text(total.directions()[way], lang) for way in Direction}
    parts = [_ROWS.get(lang, rows=number_text(transitions.number, lang), **numbers)]
    if transitions.missing_inputs:
        parts.append(
            _LACKING.get(lang, inputs=sanitize_line(", ".join(transitions.missing_inputs)))
        )
    parts.append(_matrix(total, lang))
    if len(total.by_clause()) or sum(total.several().values()):
        parts.append(f"{_BY_CLAUSE.get(lang)}\n{_clauses(total, lang)}")
    if names is not None:
        parts.append(_groups(transitions, names, lang))
    return "\n\n".join(parts)


def _matrix(transitions: Transitions, lang: Lang) -> str:
    """Return the table of old outcomes by new ones, with the sums of both."""
    changes = transitions.changes
    before, after = (
        transitions.ranked(outcomes) for outcomes in (transitions.old(), transitions.new())
    )
    numbers = {(cell.old, cell.new): cell.number for cell in transitions.cells}
    columns = [
        Column(_OLD_BY_NEW),
        *(Column(_outcome_text(outcome, changes.new), numeric=True) for outcome, _ in after),
        Column(labels.TOTAL, numeric=True),
    ]
    rows = [
        [
            _outcome_text(old, changes.old).get(lang),
            *(number_text(numbers.get((old, new), 0), lang) for new, _ in after),
            number_text(total, lang),
        ]
        for old, total in before
    ]
    sums = [number_text(number, lang) for _, number in after]
    rows.append([labels.TOTAL.get(lang), *sums, number_text(transitions.number, lang)])
    return DisplayTable(columns, rows).text(lang)


def _outcome_text(outcome: SubjectOutcome, profile: Profile) -> Text:
    if outcome.verdict is None:
        return labels.REJECTED
    if outcome.level is not None:
        return profile.level(outcome.level).name
    return _LEVEL_OPEN if outcome.verdict is Verdict.RECOGNISED else outcome.verdict.label


def _clauses(transitions: Transitions, lang: Lang) -> str:
    among, several = transitions.among(), transitions.several()
    rows = [
        [
            part_label(clause.part, clause.id, transitions.name_of(clause), lang),
            *(number_text(alone[way], lang) for way in CHANGES),
            number_text(among[clause], lang),
        ]
        for clause, alone in transitions.by_clause().items()
    ]
    rows.append([_SEVERAL.get(lang), *(number_text(several[way], lang) for way in CHANGES), ""])
    return DisplayTable(_CLAUSES, rows).text(lang)


def _groups(transitions: Transitions, names: Mapping[str, str], lang: Lang) -> str:
    rows = [
        [
            sanitize_line(group) if group is not None else _NO_GROUP.get(lang),
            sanitize_line(names.get(group or "", "")),
            number_text(group_transitions.number, lang),
            *(
                number_text(group_transitions.directions()[way], lang)
                for way in (*CHANGES, Direction.STAYS)
            ),
        ]
        for group, group_transitions in transitions.groups()
    ]
    return DisplayTable(_GROUPS, rows).text(lang)


_ROWS = Text(
    vi="{rows} dòng: {gains} tốt hơn, {loses} kém hơn, {stays} giữ nguyên, {unclear} chưa rõ.",
    en="Rows: {rows} ({gains} gain, {loses} lose, {stays} stay, {unclear} unclear).",
)


_LACKING = Text(
    vi="Tệp thiếu cột của các đầu vào sau nên chúng là chưa biết, không phải là 'không': {inputs}.",
    en="The file has no columns for these inputs; they are unknown, not 'no': {inputs}.",
)


_OLD_BY_NEW = Text(vi="Cũ ↓  Mới →", en="Old ↓  New →")


_LEVEL_OPEN = Text(vi="Đạt, chưa rõ mức", en="Recognised, level open")


_BY_CLAUSE = Text(
    vi="Theo điều khoản (mỗi đối tượng thay đổi được tính một lần, trừ cột cuối):",
    en="By clause (each changed subject counts once, except in the last column):",
)


_SEVERAL = Text(vi="nhiều điều khoản cùng lúc", en="several at once")


_CLAUSES = (
    Column(Text(vi="Chỉ do điều khoản này", en="By this clause alone")),
    Column(labels.GAIN, numeric=True),
    Column(labels.LOSE, numeric=True),
    Column(labels.UNCLEAR, numeric=True),
    Column(Text(vi="Cùng điều khoản khác", en="Among several"), numeric=True),
)


_NO_GROUP = Text(vi="(không rõ)", en="(none)")


_GROUPS = (
    Column(Text(vi="Nhóm", en="Group")),
    Column(labels.NAME),
    Column(labels.ROWS, numeric=True),
    Column(labels.GAIN, numeric=True),
    Column(labels.LOSE, numeric=True),
    Column(labels.UNCLEAR, numeric=True),
    Column(Text(vi="Giữ nguyên", en="Stay"), numeric=True),
)
