"""Transitions of a population between two profiles, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from xhht.criteria.changes import ChangedPart
from xhht.criteria.profile import Profile
from xhht.evaluation.result import Verdict
from xhht.reporting.comparisons import part_label
from xhht.reporting.tables import Column, number_text, render_table, sanitize_line
from xhht.rollup.transitions import Clause, Direction, SubjectOutcome, Transitions
from xhht.rules.model import natural_key
from xhht.text import Lang, Text

__all__ = ["transitions_dict", "transitions_text"]

_CHANGES = (Direction.GAINS, Direction.LOSES, Direction.UNCLEAR)


def transitions_dict(
    transitions: Transitions, names: Mapping[str, str] | None, lang: Lang
) -> dict[str, Any]:
    """Return transitions in JSON form.

    Args:
        transitions: the transitions, by group if requested.
        names: the names of groups that have one; None if no groups were requested.
        lang: the language of names.
    """
    return {
        "rows": transitions.number,
        "lacking": list(transitions.missing_inputs),
        **_numbers(transitions),
        "clauses": [
            {
                "part": clause.part.value,
                "id": clause.id,
                "name": name.get(lang) if (name := _name_of(clause, transitions)) else None,
                **{way.value: alone[way] for way in _CHANGES},
                "among_several": _among(transitions)[clause],
            }
            for clause, alone in _by_clause(transitions).items()
        ],
        "several": {way.value: _several(transitions)[way] for way in _CHANGES},
        "groups": None
        if names is None
        else [
            {
                "group": group,
                "name": names.get(group or ""),
                "rows": group_transitions.number,
                **_numbers(group_transitions),
            }
            for group, group_transitions in transitions.groups()
        ],
    }


def _numbers(transitions: Transitions) -> dict[str, Any]:
    total = transitions.together()
    return {
        "ways": {way.value: total.directions()[way] for way in Direction},
        "old": {
            outcome.key: number for outcome, number in sorted_outcomes(total.old(), transitions)
        },
        "new": {
            outcome.key: number for outcome, number in sorted_outcomes(total.new(), transitions)
        },
        "transitions": [
            {
                "old": cell.old.key,
                "new": cell.new.key,
                "way": total.direction(cell).value,
                "number": cell.number,
            }
            for cell in sorted(total.cells, key=lambda cell: (cell.old.key, cell.new.key))
        ],
    }


def sorted_outcomes(
    counted: Counter[SubjectOutcome], transitions: Transitions
) -> list[tuple[SubjectOutcome, int]]:
    """Return outcomes with their numbers, best first, undetermined and rejected last."""
    levels = [
        level.id
        for profile in (transitions.changes.new, transitions.changes.old)
        for level in profile.plan.levels
    ]
    order = (Verdict.RECOGNISED, Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED, None)

    def place(item: tuple[SubjectOutcome, int]) -> tuple[int, int]:
        outcome, _ = item
        rank = levels.index(outcome.level) if outcome.level in levels else len(levels)
        return order.index(outcome.verdict), rank

    return sorted(counted.items(), key=place)


def transitions_text(transitions: Transitions, names: Mapping[str, str] | None, lang: Lang) -> str:
    """Return transitions as text; see `transitions_dict`."""
    total = transitions.together()
    numbers = {way.value: number_text(total.directions()[way], lang) for way in Direction}
    parts = [_ROWS.get(lang, rows=number_text(transitions.number, lang), **numbers)]
    if transitions.missing_inputs:
        parts.append(
            _LACKING.get(lang, inputs=sanitize_line(", ".join(transitions.missing_inputs)))
        )
    parts.append(_matrix(total, lang))
    if len(_by_clause(total)) or sum(_several(total).values()):
        parts.append(f"{_BY_CLAUSE.get(lang)}\n{_clauses(total, lang)}")
    if names is not None:
        parts.append(_groups(transitions, names, lang))
    return "\n\n".join(parts)


def _matrix(transitions: Transitions, lang: Lang) -> str:
    """Return the table of old outcomes by new ones, with the sums of both."""
    changes = transitions.changes
    before, after = (
        sorted_outcomes(outcomes, transitions)
        for outcomes in (transitions.old(), transitions.new())
    )
    numbers = {(cell.old, cell.new): cell.number for cell in transitions.cells}
    columns = [
        Column(_OLD_BY_NEW),
        *(Column(_outcome_text(outcome, changes.new), numeric=True) for outcome, _ in after),
        Column(_TOTAL, numeric=True),
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
    rows.append([_TOTAL.get(lang), *sums, number_text(transitions.number, lang)])
    return render_table(columns, rows, lang)


def _outcome_text(outcome: SubjectOutcome, profile: Profile) -> Text:
    if outcome.verdict is None:
        return _REJECTED
    if outcome.level is not None:
        return profile.level(outcome.level).name
    return _LEVEL_OPEN if outcome.verdict is Verdict.RECOGNISED else outcome.verdict.label


def _clauses(transitions: Transitions, lang: Lang) -> str:
    among, several = _among(transitions), _several(transitions)
    rows = [
        [
            part_label(clause.part, clause.id, _name_of(clause, transitions), lang),
            *(number_text(alone[way], lang) for way in _CHANGES),
            number_text(among[clause], lang),
        ]
        for clause, alone in _by_clause(transitions).items()
    ]
    rows.append([_SEVERAL.get(lang), *(number_text(several[way], lang) for way in _CHANGES), ""])
    return render_table(_CLAUSES, rows, lang)


def _groups(transitions: Transitions, names: Mapping[str, str], lang: Lang) -> str:
    rows = [
        [
            sanitize_line(group) if group is not None else _NO_GROUP.get(lang),
            sanitize_line(names.get(group or "", "")),
            number_text(group_transitions.number, lang),
            *(
                number_text(group_transitions.directions()[way], lang)
                for way in (*_CHANGES, Direction.STAYS)
            ),
        ]
        for group, group_transitions in transitions.groups()
    ]
    return render_table(_GROUPS, rows, lang)


def _by_clause(transitions: Transitions) -> dict[Clause, Counter[Direction]]:
    """Return the number of subjects that each clause alone changes, in descending order.

    Clauses that act only together with others are included.
    """
    counted: dict[Clause, Counter[Direction]] = {
        clause: Counter() for clause in _among(transitions)
    }
    for cell in transitions.cells:
        for clause, number in cell.alone.items():
            counted.setdefault(clause, Counter())[transitions.direction(cell)] += number

    def place(clause: Clause) -> tuple[Any, ...]:
        return -counted[clause].total(), clause.part, natural_key(clause.id)

    return {clause: counted[clause] for clause in sorted(counted, key=place)}


def _among(transitions: Transitions) -> Counter[Clause]:
    counted: Counter[Clause] = Counter()
    for cell in transitions.cells:
        counted.update(cell.among)
    return counted


def _several(transitions: Transitions) -> Counter[Direction]:
    counted: Counter[Direction] = Counter()
    for cell in transitions.cells:
        counted[transitions.direction(cell)] += cell.several
    return counted


def _name_of(clause: Clause, transitions: Transitions) -> Text | None:
    for profile in (transitions.changes.new, transitions.changes.old):
        if clause.part is ChangedPart.INPUT and clause.id in profile.document.inputs:
            return profile.document.inputs[clause.id].label
        if clause.part is ChangedPart.LEVEL:
            for level in profile.document.levels:
                if level.id == clause.id:
                    return level.name
        if (
            clause.part in (ChangedPart.CRITERION, ChangedPart.INDICATOR)
            and clause.id in profile.entries
        ):
            return profile.entries[clause.id].name
    return None


_ROWS = Text(
    vi="{rows} dòng: {gains} tốt hơn, {loses} kém hơn, {stays} giữ nguyên, {unclear} chưa rõ.",
    en="Rows: {rows} ({gains} gain, {loses} lose, {stays} stay, {unclear} unclear).",
)
_LACKING = Text(
    vi="Tệp thiếu cột của các đầu vào sau nên chúng là chưa biết, không phải là 'không': {inputs}.",
    en="The file has no columns for these inputs; they are unknown, not 'no': {inputs}.",
)
_OLD_BY_NEW = Text(vi="Cũ ↓  Mới →", en="Old ↓  New →")
_TOTAL = Text(vi="Tổng", en="Total")
_REJECTED = Text(vi="Bị loại", en="Rejected")
_LEVEL_OPEN = Text(vi="Đạt, chưa rõ mức", en="Recognised, level open")
_BY_CLAUSE = Text(
    vi="Theo điều khoản (mỗi đối tượng thay đổi được tính một lần, trừ cột cuối):",
    en="By clause (each changed subject counts once, except in the last column):",
)
_SEVERAL = Text(vi="nhiều điều khoản cùng lúc", en="several at once")
_CLAUSES = (
    Column(Text(vi="Chỉ do điều khoản này", en="By this clause alone")),
    Column(Text(vi="Tốt hơn", en="Gain"), numeric=True),
    Column(Text(vi="Kém hơn", en="Lose"), numeric=True),
    Column(Text(vi="Chưa rõ", en="Unclear"), numeric=True),
    Column(Text(vi="Cùng điều khoản khác", en="Among several"), numeric=True),
)
_NO_GROUP = Text(vi="(không rõ)", en="(none)")
_GROUPS = (
    Column(Text(vi="Nhóm", en="Group")),
    Column(Text(vi="Tên", en="Name")),
    Column(Text(vi="Số dòng", en="Rows"), numeric=True),
    Column(Text(vi="Tốt hơn", en="Gain"), numeric=True),
    Column(Text(vi="Kém hơn", en="Lose"), numeric=True),
    Column(Text(vi="Chưa rõ", en="Unclear"), numeric=True),
    Column(Text(vi="Giữ nguyên", en="Stay"), numeric=True),
)
