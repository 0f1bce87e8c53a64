"""The values of changes between profiles in words: conditions as sentences, labels of choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from xhht import labels
from xhht.criteria import document as doc
from xhht.criteria.changes import ChangedPart, ProfileChange, ProfileChanges
from xhht.criteria.profile import Profile
from xhht.dates import day_text, months_text
from xhht.domain.titles import AreaLevel, ManagedBy, Title, UnitKind
from xhht.labels import clause_text, level_text
from xhht.numbers import decimal_label, percent_label
from xhht.rules import scoring
from xhht.rules.expressions import NumberKind
from xhht.rules.inputs import InputType
from xhht.rules.model import Binds, Leaf, TreeNode
from xhht.text import LabelledEnum, Text, join

__all__ = ["changed_values"]


def changed_values(changes: ProfileChanges, change: ProfileChange) -> tuple[Text | None, ...]:
    """Return the old and the new value of a change in words.

    None stands for a value that has no other words than in the file.
    """
    old_id = _old_id(changes, change)
    return _words(changes.old, change, old_id), _words(changes.new, change, change.id)


def _old_id(changes: ProfileChanges, change: ProfileChange) -> str:
    """Return the id that a changed part has in the old profile."""
    for other in changes.changes:
        if (other.part, other.key, other.id) == (change.part, "id", change.id):
            return str(other.old)
    return change.id


def _words(profile: Profile, change: ProfileChange, part_id: str) -> Text | None:
    key = change.key or ""
    match change.part:
        case ChangedPart.LEVEL:
            if key == "when":
                rules = {rule.id: rule for rule in profile.rules.levels}
                return profile.wording().sentence(rules[part_id].when)
            return _value(profile, getattr(profile.level(part_id), key, None))
        case ChangedPart.CRITERION | ChangedPart.INDICATOR:
            nodes = {node.id: node for node in profile.rules.nodes()}
            return _of_criterion(profile, nodes[part_id], key)
        case ChangedPart.INPUT:
            return _of_input(profile, profile.document.inputs.get(part_id), key)
        case ChangedPart.DEFINITION if key in doc.DEFINED_AS:
            trees = {item.name: item.tree for item in profile.rules.definitions}
            return profile.wording().sentence(trees[part_id]) if part_id in trees else None
        case ChangedPart.VALUE if key == "dated":
            return _dated(profile, part_id)
        case ChangedPart.PROFILE:
            return _value(profile, getattr(profile.document, key, None))
        case _:
            return None


def _of_criterion(profile: Profile, node: TreeNode, key: str) -> Text | None:
    wording = profile.wording()
    if key == "applies_when":
        return wording.sentence(node.applies.when) if node.applies else None
    if key == "factor":
        return node.factor.describe(wording) if node.factor else None
    if isinstance(node, Leaf):
        if key.partition("[")[0].partition(".")[0] not in doc.SCORINGS:
            return _value(profile, getattr(profile.entries[node.id], key, None))
        if key == node.scoring.kind or key in doc.SCORINGS:
            return node.scoring.describe(wording, node.points)
        values = [*_values_at(node.scoring, key)]
        if len(values) == 2:  # a band: its condition and its points
            when, points = values
            return _BAND.format(points=decimal_label(points), when=wording.clause(when))
        value = values[0] if values else None
        if value is None or isinstance(value, (Fraction, scoring.RoundingRule)):
            return _value(profile, value)
        return wording.sentence(value)
    entry = profile.entries[node.id]
    if key == "combine" and isinstance(entry, doc.CriterionEntry):
        return entry.combine.rule.label
    return _value(profile, getattr(entry, key, None))


def _values_at(rule: scoring.Scoring, key: str) -> Iterator[Any]:
    """Yield the values of a scoring rule at or below a key such as `bands[1]`."""
    for part in rule.parts():
        steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in part.path)
        written = "".join(steps).removeprefix(".")
        if written == key or written.startswith(f"{key}."):
            yield part.value


def _of_input(profile: Profile, entry: doc.InputEntry | None, key: str) -> Text | None:
    if entry is None:
        return None
    if key == "choices":
        return join(profile.document.options(entry).values(), "; ")
    other = getattr(entry, key, None)
    if key in ("at_most", "previous_of") and other in profile.document.inputs:
        return profile.document.inputs[other].label
    return _value(profile, getattr(entry, key, None))


def _value(profile: Profile, value: object) -> Text | None:
    match value:
        case None:
            return None
        case bool():
            return labels.YES if value else labels.NO
        case LabelledEnum() | Title():
            return value.label
        case InputType():
            return _TYPES[value]
        case doc.ProfileStatus():
            return _TERMS[value]
        case Fraction() | int():
            return decimal_label(Fraction(value))
        case date():
            return day_text(value)
        case scoring.RoundingRule() | doc.RoundingEntry():
            return _ROUNDED.format(mode=value.mode.label, step=decimal_label(value.step))
        case tuple() if value and isinstance(value[0], doc.ProfilePart):
            return join((_TERMS[part] for part in value), ", ")
        case _:
            return _entry(profile, value)


def _entry(profile: Profile, value: object) -> Text | None:
    """Return a value that has keys of its own in words."""
    match value:
        case Mapping():
            return _subjects(value)
        case doc.LegalEntry():
            parts = [_plain(value.document), *([_plain(value.issuer)] if value.issuer else [])]
            return join((*parts, *([day_text(value.issued)] if value.issued else [])), ", ")
        case doc.EvidenceEntry():
            return _evidence(value)
        case doc.RequiresEntry():
            return _requires(profile, value)
        case doc.CycleEntry():
            return _cycle(value)
        case doc.MembersEntry():
            return _members(value)
        case doc.ResultEntry():
            subjects = (_subjects(value.applies_to),) if value.applies_to else ()
            return join((value.title.label, *subjects), "; ")
        case doc.NoSubjectsEntry():
            return _NO_SUBJECTS.format(day=day_text(value.date), reason=value.reason)
        case doc.AtCloseEntry():
            return _AT_CLOSE.format(clause=clause_text(value.clause))
        case _:
            return None


def _requires(profile: Profile, entry: doc.RequiresEntry) -> Text:
    level, inputs = level_text(profile.level(entry.level).name), profile.document.inputs
    template = _REQUIRES_OF_HOLDERS if entry.binds is Binds.HOLDERS else _REQUIRES
    since = inputs[entry.since].label
    return template.format(level=level, months=months_text(entry.months), since=since)


def _dated(profile: Profile, name: str) -> Text | None:
    """Return the steps of a dated value: each with the day from which it holds."""
    values = {value.name: value for value in profile.rules.values}
    if name not in values:
        return None
    steps = []
    for step in values[name].steps:
        value = (
            labels.NOT_IN_SOURCES if step.value is None else _NUMBERS[values[name].kind](step.value)
        )
        template = _ALWAYS if step.start is None else _FROM
        day = day_text(step.start) if step.start else ""
        steps.append(template.format(value=value, day=day))
    return join(steps, "; ")


def _cycle(entry: doc.CycleEntry) -> Text:
    parts = [_TERMS[entry.period]]
    days = (_SUBMIT, entry.submit_by), (_COMPLETE, entry.complete_by)
    for template, month_day in days:
        if month_day is not None:
            month, day = month_day.split("-")
            parts.append(template.format(day=_DAY.format(day=day, month=month)))
    return join(parts, "; ")


def _members(entry: doc.MembersEntry) -> Text:
    """Return whom of the members of a subject an input takes, and how."""
    title = entry.title.label
    parts = [_TAKES[entry.take].format(title=title, step=_STEPS[entry.held])]
    if entry.level is not None:
        parts.append(_AT_LEVEL.format(level=_spelled(entry.level)))
    if entry.over is not doc.Step.TOTAL:
        parts.append(_OVER.format(step=_STEPS[entry.over]))
    if entry.where is not None:
        parts.append(_WHERE.format(when=_spelled(entry.where)))
    if entry.applies_to:
        parts.append(_subjects(entry.applies_to))
    if entry.unregistered is not doc.Unregistered.NOT_HELD:
        parts.append(_TERMS[entry.unregistered])
    return join(parts, "; ")


def _subjects(limits: Mapping[str, Sequence[str]]) -> Text:
    """Return the subjects that `applies_to` allows, property by property."""
    parts = []
    for key, values in limits.items():
        label, kind = _PROPERTIES.get(key, (_spelled(key), None))
        known = {member.value: member.label for member in kind or ()}
        names = [known.get(value) or _spelled(value) for value in values]
        parts.append(_PROPERTY.format(label=label, values=join(names, ", ")))
    return join(parts, "; ")


def _spelled(text: str) -> Text:
    """Return names and conditions of another file, whose labels are not known, without code."""
    for sign, sight in _SIGNS.items():
        text = text.replace(sign, sight)
    return Text(vi=_WORDS.sub(lambda match: _VIETNAMESE[match[0]], text), en=text)


def _plain(text: str) -> Text:
    return Text(vi=text, en=text)


def _evidence(entry: doc.EvidenceEntry) -> Text:
    parts = [_VERIFIED if entry.required else _UNVERIFIED]
    if entry.valid_months is not None:
        parts.append(_VALID.format(months=months_text(entry.valid_months)))
    return join(parts, "; ")


_SIGNS: Final = {">=": "≥", "<=": "≤", "!=": "≠", "==": "=", "_": " "}
_VIETNAMESE: Final = {"and": "và", "or": "hoặc", "not": "không"}
_WORDS: Final = re.compile(r"\b(?:and|or|not)\b")
_TYPES: Final[Mapping[InputType, Text]] = {
    InputType.COUNT: Text(vi="số đếm", en="count"),
    InputType.DECIMAL: Text(vi="số thập phân", en="decimal number"),
    InputType.SHARE: Text(vi="tỉ lệ", en="share"),
    InputType.BOOL: Text(vi="có/không", en="yes or no"),
    InputType.DATE: Text(vi="ngày", en="date"),
    InputType.CHOICE: Text(vi="lựa chọn", en="option"),
    InputType.ASSESSED: Text(vi="điểm chấm", en="awarded points"),
}
_TAKES: Final[Mapping[doc.Take, Text]] = {
    doc.Take.COUNT: Text(
        vi="số thành viên {step} “{title}”", en="number of members {step} “{title}”"
    ),
    doc.Take.SHARE: Text(
        vi="tỉ lệ thành viên {step} “{title}”", en="share of members {step} “{title}”"
    ),
    doc.Take.ALL: Text(vi="mọi thành viên {step} “{title}”", en="all members {step} “{title}”"),
    doc.Take.ANY: Text(
        vi="ít nhất một thành viên {step} “{title}”", en="at least one member {step} “{title}”"
    ),
}
_STEPS: Final[Mapping[doc.Step, Text]] = {
    doc.Step.TOTAL: Text(vi="thuộc diện xét", en="counted for"),
    doc.Step.REGISTERED: Text(vi="đã đăng ký", en="registered for"),
    doc.Step.ASSESSED: Text(vi="đã được đánh giá", en="assessed for"),
    doc.Step.RECOGNISED: Text(vi="được công nhận", en="recognised as"),
}
_TERMS: Final[Mapping[object, Text]] = {
    doc.ProfileStatus.DRAFT: Text(vi="bản nháp", en="draft"),
    doc.ProfileStatus.ACTIVE: Text(vi="đang dùng", en="active"),
    doc.ProfileStatus.RETIRED: Text(vi="ngừng dùng", en="retired"),
    doc.ProfilePart.VALUES: Text(vi="giá trị theo ngày", en="dated values"),
    doc.ProfilePart.DEFINITIONS: Text(vi="định nghĩa", en="definitions"),
    doc.ProfilePart.DATES: Text(vi="ngày hiệu lực", en="dates"),
    doc.ProfilePart.CYCLE: Text(vi="kỳ đánh giá", en="cycle"),
    doc.ProfilePart.INPUTS: Text(vi="đầu vào", en="inputs"),
    doc.ProfilePart.CRITERIA: Text(vi="tiêu chí", en="criteria"),
    doc.ProfilePart.LEVELS: Text(vi="các mức", en="levels"),
    doc.Period.CALENDAR_YEAR: Text(vi="năm dương lịch", en="calendar year"),
    doc.Period.SCHOOL_YEAR: Text(vi="năm học", en="school year"),
    doc.Unregistered.NOT_HELD: Text(
        vi="thành viên không đăng ký coi là chưa đạt", en="unregistered members do not hold it"
    ),
    doc.Unregistered.AS_JUDGED: Text(
        vi="thành viên không đăng ký tính theo kết quả đánh giá",
        en="unregistered members count as judged",
    ),
}
_NUMBERS: Final[Mapping[NumberKind | None, Callable[[Fraction], Text]]] = {
    None: decimal_label,
    NumberKind.NUMBER: decimal_label,
    NumberKind.FRACTION: lambda number: percent_label(number * 100),
    NumberKind.DATE: lambda number: day_text(date.fromordinal(int(number))),
}
_PROPERTIES: Final[Mapping[str, tuple[Text, type[LabelledEnum] | None]]] = {
    "level": (Text(vi="cấp", en="level"), AreaLevel),
    "managed_by": (Text(vi="cấp quản lý", en="managed by"), ManagedBy),
    "kind": (Text(vi="loại đơn vị", en="kind of unit"), UnitKind),
}
_PROPERTY: Final = Text(vi="{label}: {values}", en="{label}: {values}")
_AT_LEVEL: Final = Text(vi="mức '{level}' trở lên", en="at level '{level}' or above")
_OVER: Final = Text(vi="tính trên số thành viên {step}", en="among the members {step} it")
_WHERE: Final = Text(vi="chỉ tính thành viên có {when}", en="only members with {when}")
_ALWAYS: Final = Text(vi="{value}", en="{value}")
_FROM: Final = Text(vi="{value} từ {day}", en="{value} from {day}")
_DAY: Final = Text(vi="{day}/{month}", en="{month}-{day}")
_SUBMIT: Final = Text(vi="nộp trước {day}", en="submitted by {day}")
_COMPLETE: Final = Text(vi="hoàn thành trước {day}", en="completed by {day}")
_NO_SUBJECTS: Final = Text(
    vi="không còn đối tượng từ {day}: {reason}", en="no subjects from {day}: {reason}"
)
_AT_CLOSE: Final = Text(
    vi="không có minh chứng thì coi là không đạt, theo {clause}",
    en="without evidence it counts as not met, under {clause}",
)
_ROUNDED: Final = Text(vi="{mode} đến {step} điểm", en="{mode} to {step} points")
_BAND: Final = Text(vi="{points} điểm nếu {when}", en="{points} points if {when}")
_VERIFIED: Final = Text(vi="phải được xác nhận", en="must be verified")
_UNVERIFIED: Final = Text(vi="không cần xác nhận", en="need not be verified")
_VALID: Final = Text(vi="có giá trị trong {months}", en="valid for {months}")
_REQUIRES_OF_HOLDERS: Final = Text(
    vi="đối tượng đang được công nhận {level} phải giữ mức đó ít nhất {months}, tính từ “{since}”",
    en="holders of {level} must have held it for at least {months} since “{since}”",
)
_REQUIRES: Final = Text(
    vi="đã giữ {level} ít nhất {months}, tính từ “{since}”",
    en="{level} held for at least {months} since “{since}”",
)
