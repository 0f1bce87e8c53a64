"""What other criteria do to a population, as people and programs read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from xhht.criteria.changes import Part
from xhht.criteria.profile import Profile
from xhht.evaluation.result import Verdict
from xhht.reporting.comparisons import named
from xhht.reporting.tables import Column, number_text, plain, render_table
from xhht.rollup.transitions import Clause, Outcome, Transitions, Way
from xhht.rules.model import natural_key
from xhht.text import Lang, Text

__all__ = ["transitions_dict", "transitions_text"]

_MOVES = (Way.GAINS, Way.LOSES, Way.UNCLEAR)


def transitions_dict(
    found: Transitions, names: Mapping[str, str] | None, lang: Lang
) -> dict[str, Any]:
    """Return transitions as JSON writes them.

    Args:
        found: the transitions, by group if that was asked for.
        names: the names of groups that have one; None where no groups were asked for.
        lang: the language of names.
    """
    return {
        "rows": found.number,
        "lacking": list(found.lacking),
        **_numbers(found),
        "clauses": [
            {
                "part": clause.part.value,
                "id": clause.id,
                "name": name.in_(lang) if (name := _name_of(clause, found)) else None,
                **{way.value: alone[way] for way in _MOVES},
                "among_several": _among(found)[clause],
            }
            for clause, alone in _by_clause(found).items()
        ],
        "several": {way.value: _several(found)[way] for way in _MOVES},
        "groups": None
        if names is None
        else [
            {
                "group": group,
                "name": names.get(group or ""),
                "rows": each.number,
                **_numbers(each),
            }
            for group, each in found.groups()
        ],
    }


def _numbers(found: Transitions) -> dict[str, Any]:
    whole = found.together()
    return {
        "ways": {way.value: whole.ways()[way] for way in Way},
        "old": {outcome.key: number for outcome, number in sorted_outcomes(whole.old(), found)},
        "new": {outcome.key: number for outcome, number in sorted_outcomes(whole.new(), found)},
        "transitions": [
            {
                "old": cell.old.key,
                "new": cell.new.key,
                "way": whole.way(cell).value,
                "number": cell.number,
            }
            for cell in sorted(whole.cells, key=lambda cell: (cell.old.key, cell.new.key))
        ],
    }


def sorted_outcomes(counted: Counter[Outcome], found: Transitions) -> list[tuple[Outcome, int]]:
    """Return outcomes with their numbers, best first, what is open and rejected last."""
    levels = [
        level.id
        for profile in (found.changes.new, found.changes.old)
        for level in profile.plan.levels
    ]
    order = (Verdict.RECOGNISED, Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED, None)

    def place(item: tuple[Outcome, int]) -> tuple[int, int]:
        outcome, _ = item
        rank = levels.index(outcome.level) if outcome.level in levels else len(levels)
        return order.index(outcome.verdict), rank

    return sorted(counted.items(), key=place)


def transitions_text(found: Transitions, names: Mapping[str, str] | None, lang: Lang) -> str:
    """Return transitions as people read them; see `transitions_dict`."""
    whole = found.together()
    ways = {way.value: number_text(whole.ways()[way], lang) for way in Way}
    parts = [_ROWS.in_(lang, rows=number_text(found.number, lang), **ways)]
    if found.lacking:
        parts.append(_LACKING.in_(lang, inputs=plain(", ".join(found.lacking))))
    parts.append(_matrix(whole, lang))
    if len(_by_clause(whole)) or sum(_several(whole).values()):
        parts.append(f"{_BY_CLAUSE.in_(lang)}\n{_clauses(whole, lang)}")
    if names is not None:
        parts.append(_groups(found, names, lang))
    return "\n\n".join(parts)


def _matrix(found: Transitions, lang: Lang) -> str:
    """Return the table of old outcomes by new ones, with the sums of both."""
    changes = found.changes
    before, after = (sorted_outcomes(each, found) for each in (found.old(), found.new()))
    numbers = {(cell.old, cell.new): cell.number for cell in found.cells}
    columns = [
        Column(_OLD_BY_NEW),
        *(Column(_said(outcome, changes.new), numeric=True) for outcome, _ in after),
        Column(_TOTAL, numeric=True),
    ]
    rows = [
        [
            _said(old, changes.old).in_(lang),
            *(number_text(numbers.get((old, new), 0), lang) for new, _ in after),
            number_text(total, lang),
        ]
        for old, total in before
    ]
    sums = [number_text(number, lang) for _, number in after]
    rows.append([_TOTAL.in_(lang), *sums, number_text(found.number, lang)])
    return render_table(columns, rows, lang)


def _said(outcome: Outcome, profile: Profile) -> Text:
    if outcome.verdict is None:
        return _REJECTED
    if outcome.level is not None:
        return profile.level(outcome.level).name
    return _LEVEL_OPEN if outcome.verdict is Verdict.RECOGNISED else outcome.verdict.label


def _clauses(found: Transitions, lang: Lang) -> str:
    among, several = _among(found), _several(found)
    rows = [
        [
            named(clause.part, clause.id, _name_of(clause, found), lang),
            *(number_text(alone[way], lang) for way in _MOVES),
            number_text(among[clause], lang),
        ]
        for clause, alone in _by_clause(found).items()
    ]
    rows.append([_SEVERAL.in_(lang), *(number_text(several[w], lang) for w in _MOVES), ""])
    return render_table(_CLAUSES, rows, lang)


def _groups(found: Transitions, names: Mapping[str, str], lang: Lang) -> str:
    rows = [
        [
            plain(group) if group is not None else _NO_GROUP.in_(lang),
            plain(names.get(group or "", "")),
            number_text(each.number, lang),
            *(number_text(each.ways()[way], lang) for way in (*_MOVES, Way.STAYS)),
        ]
        for group, each in found.groups()
    ]
    return render_table(_GROUPS, rows, lang)


def _by_clause(found: Transitions) -> dict[Clause, Counter[Way]]:
    """Return how many subjects go each way by one clause alone, those with most first.

    Clauses that only act beside others are there as well.
    """
    counted: dict[Clause, Counter[Way]] = {clause: Counter() for clause in _among(found)}
    for cell in found.cells:
        for clause, number in cell.alone.items():
            counted.setdefault(clause, Counter())[found.way(cell)] += number

    def place(clause: Clause) -> tuple[Any, ...]:
        return -counted[clause].total(), clause.part, natural_key(clause.id)

    return {clause: counted[clause] for clause in sorted(counted, key=place)}


def _among(found: Transitions) -> Counter[Clause]:
    counted: Counter[Clause] = Counter()
    for cell in found.cells:
        counted.update(cell.among)
    return counted


def _several(found: Transitions) -> Counter[Way]:
    counted: Counter[Way] = Counter()
    for cell in found.cells:
        counted[found.way(cell)] += cell.several
    return counted


def _name_of(clause: Clause, found: Transitions) -> Text | None:
    for profile in (found.changes.new, found.changes.old):
        if clause.part is Part.INPUT and clause.id in profile.document.inputs:
            return profile.document.inputs[clause.id].label
        if clause.part is Part.LEVEL:
            for level in profile.document.levels:
                if level.id == clause.id:
                    return level.name
        if clause.part in (Part.CRITERION, Part.INDICATOR) and clause.id in profile.entries:
            return profile.entries[clause.id].name
    return None


_ROWS = Text(
    vi="{rows} dòng: {gains} được hơn, {loses} bị kém đi, {stays} giữ nguyên, {unclear} chưa rõ.",
    en="{rows} rows: {gains} gain, {loses} lose, {stays} stay, {unclear} not clear.",
)
_LACKING = Text(
    vi="Tệp không có cột cho các đầu vào sau nên chúng là chưa biết, không phải không: {inputs}.",
    en="The file has no columns for these inputs, so they are unknown, which is not no: {inputs}.",
)
_OLD_BY_NEW = Text(vi="Cũ ↓  Mới →", en="Old ↓  New →")
_TOTAL = Text(vi="Tổng", en="Total")
_REJECTED = Text(vi="Bị loại", en="Rejected")
_LEVEL_OPEN = Text(vi="Đạt, chưa rõ mức", en="Recognised, level open")
_BY_CLAUSE = Text(
    vi="Do điều khoản nào (mỗi đối tượng thay đổi được tính một lần, trừ cột cuối):",
    en="By which clause (each subject that changes counts once, but for the last column):",
)
_SEVERAL = Text(vi="nhiều điều khoản cùng lúc", en="several at once")
_CLAUSES = (
    Column(Text(vi="Chỉ do điều khoản này", en="By this clause alone")),
    Column(Text(vi="Được hơn", en="Gain"), numeric=True),
    Column(Text(vi="Kém đi", en="Lose"), numeric=True),
    Column(Text(vi="Chưa rõ", en="Not clear"), numeric=True),
    Column(Text(vi="Cùng điều khoản khác", en="Among several"), numeric=True),
)
_NO_GROUP = Text(vi="(không rõ)", en="(none)")
_GROUPS = (
    Column(Text(vi="Nhóm", en="Group")),
    Column(Text(vi="Tên", en="Name")),
    Column(Text(vi="Số dòng", en="Rows"), numeric=True),
    Column(Text(vi="Được hơn", en="Gain"), numeric=True),
    Column(Text(vi="Kém đi", en="Lose"), numeric=True),
    Column(Text(vi="Chưa rõ", en="Not clear"), numeric=True),
    Column(Text(vi="Giữ nguyên", en="Stay"), numeric=True),
)
