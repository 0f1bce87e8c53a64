"""Gaps: what prevents a better or certain result, each with a coded reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from attrs import evolve, frozen

from xhht.criteria.profile import Profile
from xhht.dates import months_text
from xhht.evaluation._elimination import relevant_inputs
from xhht.evaluation._weak_cache import weakly_cached
from xhht.evaluation.facts import GapReason
from xhht.evaluation.prerequisites import is_free_of_prerequisite, waiting_text
from xhht.evaluation.result_types import GapDict
from xhht.evaluation.standards import levels_text
from xhht.evaluation.state import EvaluationState, Status
from xhht.evaluation.wording import current_wording, status_at
from xhht.labels import clause_text, level_text
from xhht.numbers import decimal_label
from xhht.rules.expressions import input_names, node_ids
from xhht.rules.model import Binds, Leaf
from xhht.rules.plan import LevelMarks, LevelPlan, NodePlan, Plan
from xhht.rules.scoring import Assessed, MetByLevel
from xhht.rules.sentences import capitalized
from xhht.text import Lang, Text, join

__all__ = ["Gap", "gaps_of", "required_text"]


@frozen(kw_only=True)
class Gap:
    """One fact that is missing, or one condition that is not met.

    Attributes:
        input: the unknown input, or None.
        criterion: the affected criterion, or None for the condition of a level.
        reason: the reason, as a code.
        text: the reason, as text.
        levels: the levels that it concerns, best first, if the criterion is met by level.
    """

    input: str | None
    criterion: str | None
    reason: GapReason
    text: Text
    levels: tuple[str, ...] = ()

    def to_dict(self, lang: Lang | str = Lang.VI) -> GapDict:
        """Return it as JSON data; `levels` only if the criterion is met by level."""
        data: GapDict = {
            "input": self.input,
            "criterion": self.criterion,
            "reason": self.reason.value,
            "message": self.text.get(lang),
        }
        if self.levels:
            data["levels"] = list(self.levels)
        return data


def gaps_of(result: EvaluationState) -> tuple[Gap, ...]:
    """Return the gaps of a result: what was closed, then what is unknown, then what is not met."""
    parts = (_closed, _unknowns, _undefined, _unknown_thresholds, _shortfalls)
    return tuple(dict.fromkeys(gap for part in parts for gap in part(result)))


# Closed


def _closed(result: EvaluationState) -> Iterator[Gap]:
    at_close = result.profile.document.at_close
    if at_close is None:
        return
    for closing, name in result.closings():
        text = _CLOSED_AS_APPLYING if closing.decides_applicability else _CLOSED
        text = text.format(clause=clause_text(at_close.clause))
        yield _closed_gap(result.profile, name, closing.node, text)


@lru_cache(maxsize=4096)
def _closed_gap(profile: Profile, name: str, node_id: str | None, text: Text) -> Gap:
    label = profile.document.inputs[name].label
    text = _FACT.format(what=text, label=label)
    return Gap(input=name, criterion=node_id, reason=GapReason.CLOSED, text=text)


# Unknown


def _unknowns(result: EvaluationState) -> Iterator[Gap]:
    unknown = _UnknownInputs(result)
    if not unknown:
        return
    for node in result.plan.nodes:
        levels: dict[Gap, dict[str, None]] = {}
        for ids, marks in _marks(node, result.plan.levels):
            for gap in _missing_of(result, node, marks, unknown):
                levels.setdefault(gap, {}).update(dict.fromkeys(ids))
        for gap, concerned in levels.items():
            yield _for_levels(result.profile, gap, tuple(concerned)) if concerned else gap
        if _factor_is_open(result, node) and node.factor is not None:
            relevant = unknown.that_affect(node.factor.truths)
            yield from _missing(result, node.factor.inputs, relevant, node.id)
    for level in result.plan.levels:
        if result.lows[level.award]:
            return
        if result.highs[level.when] and not result.lows[level.when]:
            yield from _missing(result, level.inputs, unknown.that_affect((level.when,)), None)
            yield from _missing_of_prerequisite(result, level, unknown.inputs)


class _UnknownInputs:
    """The unknown inputs of a result; those count that the known facts have not made irrelevant."""

    def __init__(self, result: EvaluationState) -> None:
        self._plan = result.plan
        self._ends = tuple(zip(result.lows, result.highs, strict=True))
        self.inputs = result.unknown_inputs()

    def __bool__(self) -> bool:
        return bool(self.inputs)

    def that_affect(self, results: Iterable[int]) -> frozenset[int]:
        """Return the unknown inputs that can still change some operators."""
        return self.inputs & relevant_inputs(self._plan, self._ends, results)


def _factor_is_open(result: EvaluationState, node: NodePlan) -> bool:
    """Return whether it is open by what the points of a criterion are multiplied."""
    if node.factor is None or not result.highs[node.applies]:
        return False
    for truth in node.factor.truths:
        if result.lows[truth]:
            return False
        if result.highs[truth]:
            return True
    return False


def _missing_of_prerequisite(
    result: EvaluationState, level: LevelPlan, unknown: frozenset[int]
) -> Iterator[Gap]:
    """Yield what is unknown of the lower level: first whether it is held, and only then the day."""
    *held_input, since = level.prerequisite_inputs or (None,)
    requires = result.profile.level(level.id).requires
    if since is None or requires is None:
        return
    lower = result.profile.level(requires.level).name
    for index in held_input:
        if index in unknown:
            question = _HELD if since in unknown else _HELD_SINCE_DAY
            yield from _asked(result, _missing(result, (index,), unknown, None), question, lower)
            return
        if not result.input_highs[index]:
            return
    yield from _asked(result, _missing(result, (since,), unknown, None), _SINCE, lower)


def _asked(result: EvaluationState, gaps: Iterator[Gap], text: Text, level: Text) -> Iterator[Gap]:
    """Yield gaps with the question for what is missing; other reasons keep their text."""
    for gap in gaps:
        if gap.reason is GapReason.MISSING and gap.input is not None:
            label = result.profile.document.inputs[gap.input].label
            gap = evolve(gap, text=text.format(level=level_text(level), label=label))
        yield gap


def _marks(
    node: NodePlan, levels: Sequence[LevelPlan]
) -> Iterator[tuple[tuple[str, ...], NodePlan | LevelMarks]]:
    """Yield what each level finds of a criterion, or the criterion itself if all find the same."""
    if not node.by_level:
        yield (), node
    for level, marks in zip(levels, node.by_level, strict=False):
        yield (level.id,), marks


def _missing_of(
    result: EvaluationState,
    node: NodePlan,
    marks: NodePlan | LevelMarks,
    unknown: _UnknownInputs,
) -> Iterator[Gap]:
    """Yield the unknown facts that a criterion which may apply still needs."""
    if not result.highs[marks.applies]:
        return
    if not result.lows[marks.applies]:
        relevant = unknown.that_affect((marks.applies,))
        yield from _missing(result, marks.applicability_inputs, relevant, node.id)
    if not marks.waived and _is_open(result, node, marks):
        relevant = unknown.that_affect((node.own_points, marks.met))
        yield from _missing(result, marks.inputs, relevant, node.id)


def _for_levels(profile: Profile, gap: Gap, levels: tuple[str, ...]) -> Gap:
    """Return the gap of some levels; the text names them unless all need it."""
    if len(levels) == len(profile.document.levels):
        return evolve(gap, levels=levels)
    text = _FOR_LEVELS.format(text=gap.text, levels=_level_names(profile, levels))
    return evolve(gap, levels=levels, text=text)


def _is_open(result: EvaluationState, node: NodePlan, marks: NodePlan | LevelMarks) -> bool:
    """Return whether the points or truth of a criterion are not yet certain."""
    lows, highs = result.lows, result.highs
    return any(lows[index] != highs[index] for index in (node.own_points, marks.met))


def _missing(
    result: EvaluationState, inputs: tuple[int, ...], unknown: frozenset[int], node_id: str | None
) -> Iterator[Gap]:
    reasons = result.reader.reasons if result.reader else {}
    reason_by_name: dict[str, GapReason] = {}
    for index in inputs:
        if index in unknown:
            name = result.plan.inputs[index].declared_input.name
            reason_by_name.setdefault(name, reasons.get(index, GapReason.MISSING))
    for name, reason in reason_by_name.items():
        gap = _input_gap(result.profile, name, node_id, reason)
        standard = result.standards.get(name)
        yield gap if standard is None else _standard_gap(gap, result.profile, standard)


# The texts depend on the profile only, and many subjects need the same ones.
@lru_cache(maxsize=4096)
def _input_gap(profile: Profile, name: str, node_id: str | None, reason: GapReason) -> Gap:
    label = profile.document.inputs[name].label
    text = _INPUT_TEXTS[reason].format(label=label)
    return Gap(input=name, criterion=node_id, reason=reason, text=text)


def _level_names(profile: Profile, levels: Iterable[str]) -> Text:
    return join((level_text(profile.level(level).name) for level in levels), ", ")


def _standard_gap(gap: Gap, profile: Profile, standard: EvaluationState) -> Gap:
    """Return the gap of an input whose standard is open, with what is unknown there."""
    name = gap.input or ""
    unknown = dict.fromkeys(one.text for one in gaps_of(standard) if one.input or not one.criterion)
    text = _STANDARD.format(
        label=profile.document.inputs[name].label,
        result=levels_text(standard),
        unknown=join(unknown, " "),
    )
    return evolve(gap, text=text)


def _undefined(result: EvaluationState) -> Iterator[Gap]:
    for share in result.undefined_shares():
        text = _NO_POINTS if share.of_points else _UNDEFINED
        reason = GapReason.UNDEFINED_SHARE
        yield Gap(input=None, criterion=share.node, reason=reason, text=text)


def _unknown_thresholds(result: EvaluationState) -> Iterator[Gap]:
    """Yield the open criteria and levels whose threshold is in no source."""
    lows, highs = result.lows, result.highs
    for node in _with_unknown_threshold(result.plan):
        concerned = [
            ids
            for ids, marks in _marks(node, result.plan.levels)
            if _depends_on_unknown_threshold(result, node, marks)
        ]
        if concerned:
            levels = sum(concerned, ())
            yield _criterion_gap(result.profile, node.id, GapReason.UNKNOWN_MARK, levels)
    for level in result.plan.levels:
        if lows[level.award]:
            return
        is_open = highs[level.award] and not lows[level.when]
        if is_open and _is_possible(result, level.unknown_threshold):
            text = _LEVEL_UNKNOWN.format(level=level_text(result.profile.level(level.id).name))
            yield _level_gap(GapReason.UNKNOWN_MARK, text)


@weakly_cached
def _with_unknown_threshold(plan: Plan) -> tuple[NodePlan, ...]:
    """Return the criteria that compare with a threshold which no source gives."""
    return tuple(
        node
        for node in plan.nodes
        if any(
            (marks.unknown_threshold, marks.unknown_applies) != (None, None)
            for _, marks in _marks(node, plan.levels)
        )
    )


def _depends_on_unknown_threshold(
    result: EvaluationState, node: NodePlan, marks: NodePlan | LevelMarks
) -> bool:
    applies_is_open = _is_possible(result, marks.unknown_applies) and not result.lows[marks.applies]
    score_is_open = (
        _is_possible(result, marks.unknown_threshold)
        and not marks.waived
        and _is_open(result, node, marks)
    )
    factor_is_open = (
        node.factor is not None
        and _is_possible(result, node.factor.unknown_threshold)
        and _factor_is_open(result, node)
    )
    is_open = applies_is_open or score_is_open or factor_is_open
    return bool(result.highs[marks.applies]) and is_open


def _is_possible(result: EvaluationState, index: int | None) -> bool:
    return index is not None and bool(result.highs[index])


# Not met


def _shortfalls(result: EvaluationState) -> Iterator[Gap]:
    best = result.plan.levels[0]
    if result.lows[best.award]:
        return
    for node in result.plan.nodes:
        if result.highs[node.applies]:
            yield from _shortfall(result, node)
    yield from _unmet_levels(result)


def _shortfall(result: EvaluationState, node: NodePlan) -> Iterator[Gap]:
    if node.floor is not None and result.lows[node.applies] and not result.highs[node.floor]:
        yield _criterion_gap(result.profile, node.id, GapReason.BELOW_FLOOR)
    elif node.is_leaf and node.by_level:
        yield from _shortfall_by_level(result, node)
    elif node.is_leaf and result.status_of(node) in (Status.UNMET, Status.PARTIAL):
        yield _unmet_gap(result, node, _reason_unmet(node))


def _shortfall_by_level(result: EvaluationState, node: NodePlan) -> Iterator[Gap]:
    """Yield the levels above the certain one for which an indicator is not met."""
    by_reason: dict[GapReason, list[str]] = {}
    for level, marks in zip(result.plan.levels, node.by_level, strict=True):
        if result.lows[level.award]:
            break
        if result.status_for(node, marks) is Status.UNMET:
            by_reason.setdefault(_reason_unmet(marks), []).append(level.id)
    for reason, levels in by_reason.items():
        yield _unmet_gap(result, node, reason, tuple(levels))


def _reason_unmet(marks: NodePlan | LevelMarks) -> GapReason:
    return GapReason.BELOW_THRESHOLD if marks.compares else GapReason.NOT_MET


def _unmet_gap(
    result: EvaluationState, node: NodePlan, reason: GapReason, levels: tuple[str, ...] = ()
) -> Gap:
    """Return the gap of an indicator that is not met, with its rule and the current values."""
    inputs = (*node.inputs, *node.applicability_inputs) if levels else node.inputs
    ends = tuple((result.input_lows[index], result.input_highs[index]) for index in inputs)
    key = node.id, reason, levels, result.as_of, ends
    cache = _unmet_gaps(result.plan)
    gap = cache.get(key)
    if gap is None:
        if len(cache) >= _MOST_CACHED:
            cache.clear()
        gap = _criterion_gap(result.profile, node.id, reason, levels)
        gap = cache[key] = _with_rule(result, gap)
    return gap


@weakly_cached
def _unmet_gaps(_plan: Plan) -> dict[object, Gap]:
    """Return the gaps of the indicators of a plan by what their texts depend on."""
    return {}


def _with_rule(result: EvaluationState, gap: Gap) -> Gap:
    [leaf] = [n for n in result.profile.rules.nodes() if n.id == gap.criterion]
    if not isinstance(leaf, Leaf) or isinstance(leaf.scoring, Assessed):
        return gap
    wording = current_wording(result)
    if isinstance(leaf.scoring, MetByLevel):
        rule = leaf.scoring.describe_for(wording, gap.levels)
    else:
        rule = leaf.scoring.describe(wording, leaf.points)
    return evolve(gap, text=_REQUIRED.format(gap=gap.text, rule=rule))


@lru_cache(maxsize=4096)
def _criterion_gap(
    profile: Profile, node_id: str, reason: GapReason, levels: tuple[str, ...] = ()
) -> Gap:
    entry = profile.entries[node_id]
    title = profile.vocabulary.criterion(node_id)
    if levels:
        names = _level_names(profile, levels)
        text = _LEVEL_TEXTS[reason].format(criterion=title, levels=names)
    else:
        floor = decimal_label(entry.floor) if entry.floor is not None else ""
        [node] = [node for node in profile.plan.nodes if node.id == node_id]
        is_below = reason is GapReason.BELOW_THRESHOLD and not profile.plan.has_points(node)
        template = _BELOW_WITHOUT_POINTS if is_below else _CRITERION_TEXTS[reason]
        text = template.format(criterion=title, floor=floor)
    return Gap(input=None, criterion=node_id, reason=reason, text=text, levels=levels)


def _level_gap(reason: GapReason, text: Text) -> Gap:
    return Gap(input=None, criterion=None, reason=reason, text=text)


def _unmet_levels(result: EvaluationState) -> Iterator[Gap]:
    """Yield the levels above the certain one whose own condition certainly fails."""
    for index, level in enumerate(result.plan.levels):
        if result.lows[level.award]:
            return
        if not result.highs[level.when]:
            yield _unmet_level(result, index)


def _unmet_level(result: EvaluationState, index: int) -> Gap:
    """Return the gap of a level that is not reached, with its condition and the current values."""
    plan, lows, highs = result.plan, result.lows, result.highs
    inputs, nodes = _level_reads(result.profile)[index]
    read = (*inputs, *plan.levels[index].prerequisite_inputs)
    facts = tuple((result.input_lows[i], result.input_highs[i]) for i in read)
    judged = tuple(
        (
            status_at(result, plan.nodes[i], index),
            lows[plan.nodes[i].points],
            highs[plan.nodes[i].points],
        )
        for i in nodes
    )
    totals = lows[plan.points], highs[plan.points], lows[plan.available], highs[plan.available]
    key = index, result.as_of, facts, judged, totals
    cache = _unmet_gaps(plan)
    gap = cache.get(key)
    if gap is None:
        if len(cache) >= _MOST_CACHED:
            cache.clear()
        level = plan.levels[index]
        gap = _level_gap(GapReason.BELOW_THRESHOLD, _level_text(result, level))
        cache[key] = gap
    return gap


@weakly_cached
def _level_reads(profile: Profile) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Return the inputs and the criteria that the condition of each level names, as indices."""
    inputs = {declared.name: index for index, declared in enumerate(profile.plan.inputs)}
    nodes = {node.id: index for index, node in enumerate(profile.plan.nodes)}
    return tuple(
        (
            tuple(inputs[name] for name in input_names(rule.when)),
            tuple(nodes[name] for name in dict.fromkeys(node_ids(rule.when))),
        )
        for rule in profile.rules.levels
    )


def _level_text(result: EvaluationState, level: LevelPlan) -> Text:
    text = required_text(result, level)
    if not result.plan.has_points():
        sentence = _SENTENCE.format(text=text)
    else:
        sentence = _WITH_POINTS.format(text=text, points=decimal_label(result.points_possible))
    waits = waiting_text(result, level.id)
    return sentence if waits is None else join((sentence, waits))


def required_text(result: EvaluationState, level: LevelPlan) -> Text:
    """Return what a level requires, its prerequisite included, without a full stop."""
    entry = result.profile.level(level.id)
    [rule] = [rule for rule in result.profile.rules.levels if rule.id == level.id]
    when = current_wording(result, level.id).clause(rule.when)
    if entry.requires is None or is_free_of_prerequisite(result, level.id):
        return capitalized(_LEVEL.format(level=level_text(entry.name), when=when))
    is_of_holders = entry.requires.binds is Binds.HOLDERS
    text = (_LEVEL_OF_HOLDERS if is_of_holders else _LEVEL_AFTER).format(
        level=level_text(entry.name),
        when=when,
        lower=level_text(result.profile.level(entry.requires.level).name),
        months=months_text(entry.requires.months),
    )
    return capitalized(text)


_MOST_CACHED: Final = 4096
_REQUIRED: Final = Text(vi="{gap} Yêu cầu: {rule}.", en="{gap} Required: {rule}.")
_INPUT_TEXTS: Final[Mapping[GapReason, Text]] = {
    GapReason.MISSING: Text(vi="Thiếu dữ kiện: {label}.", en="Missing: {label}."),
    GapReason.INVALID: Text(vi="Minh chứng bị từ chối: {label}.", en="Evidence rejected: {label}."),
    GapReason.OUT_OF_DATE: Text(
        vi="Minh chứng đã quá hạn: {label}.",
        en="Evidence out of date: {label}.",
    ),
    GapReason.UNVERIFIED: Text(
        vi="Minh chứng chưa được xác nhận: {label}.",
        en="Evidence not verified: {label}.",
    ),
}

_STANDARD = Text(
    vi="Chưa xác định: {label}; {result}. {unknown}",
    en="Undetermined: {label}; {result}. {unknown}",
)

_CRITERION_TEXTS: Final[Mapping[GapReason, Text]] = {
    GapReason.BELOW_THRESHOLD: Text(
        vi="Chưa đạt điểm tối đa: {criterion}.", en="Below full points: {criterion}."
    ),
    GapReason.NOT_MET: Text(vi="Chưa đạt: {criterion}.", en="Not met: {criterion}."),
    GapReason.BELOW_FLOOR: Text(
        vi="Dưới điểm sàn {floor}: {criterion}; do đó không được xét mức nào.",
        en="Below the floor of {floor}: {criterion}; no level can be reached.",
    ),
    GapReason.UNKNOWN_MARK: Text(
        vi="Điều kiện của {criterion} chưa thấy trong nguồn nào; thêm dữ kiện cũng không xác định "
        "được.",
        en="No source states the condition of {criterion}; more facts cannot resolve this.",
    ),
}

_BELOW_WITHOUT_POINTS: Final = Text(
    vi="Chưa đạt ngưỡng: {criterion}.", en="Below the threshold: {criterion}."
)

_LEVEL_TEXTS: Final[Mapping[GapReason, Text]] = {
    GapReason.BELOW_THRESHOLD: Text(
        vi="Chưa đạt ngưỡng của {levels}: {criterion}.",
        en="Below the threshold of {levels}: {criterion}.",
    ),
    GapReason.NOT_MET: Text(
        vi="Chưa đạt yêu cầu của {levels}: {criterion}.",
        en="Not met for {levels}: {criterion}.",
    ),
    GapReason.UNKNOWN_MARK: Text(
        vi="Điều kiện của {criterion} cho {levels} chưa thấy trong nguồn nào; thêm dữ kiện "
        "cũng không xác định được.",
        en="No source states the condition of {criterion} for {levels}; more facts cannot "
        "resolve this.",
    ),
}
_FOR_LEVELS = Text(vi="{text} Chỉ cần cho {levels}.", en="{text} Only {levels} needs it.")

_LEVEL_UNKNOWN = Text(
    vi="Ngưỡng của {level} chưa thấy trong nguồn nào; thêm dữ kiện cũng không xác định được.",
    en="No source states the threshold of {level}; more facts cannot resolve this.",
)
_LEVEL = Text(vi="{level} yêu cầu {when}", en="{level} requires: {when}")
_LEVEL_AFTER = Text(
    vi="{level} yêu cầu {when} và đã đạt {lower} ít nhất {months}",
    en="{level} requires: {when} and {lower} held for at least {months}",
)
_LEVEL_OF_HOLDERS = Text(
    vi="{level} yêu cầu {when}; đối tượng đang được công nhận {lower} còn phải giữ mức "
    "đó ít nhất {months}",
    en="{level} requires: {when}, and of a holder of {lower} that it was held for "
    "at least {months}",
)
_SENTENCE = Text(vi="{text}.", en="{text}.")
_WITH_POINTS = Text(
    vi="{text}; điểm tối đa có thể đạt: {points}.", en="{text}; maximum possible points: {points}."
)
_HELD = Text(
    vi="Cần cho biết đối tượng đã được công nhận {level} hay chưa: {label}.",
    en="State whether the subject has been recognised at {level}: {label}.",
)
_HELD_SINCE_DAY = Text(
    vi="Có ngày được công nhận {level} nhưng chưa ghi là đã được công nhận; hãy ghi 'có', hoặc bỏ "
    "ngày đó: {label}.",
    en="There is a day of recognition at {level}, but not that it was recognised; answer yes, or "
    "remove the day: {label}.",
)
_SINCE = Text(
    vi="Cần cho biết ngày được công nhận {level}: {label}.",
    en="State the day of recognition at {level}: {label}.",
)
_CLOSED = Text(
    vi="Không có minh chứng khi kết thúc đánh giá nên coi là không đạt theo {clause}",
    en="No evidence at the close of the assessment, so it counts as not met under {clause}",
)
_CLOSED_AS_APPLYING = Text(
    vi="Không có minh chứng là không áp dụng khi kết thúc đánh giá nên coi là áp dụng theo "
    "{clause}",
    en="No evidence at the close of the assessment that it does not apply, so it applies under "
    "{clause}",
)
_FACT = Text(vi="{what}: {label}.", en="{what}: {label}.")
_UNDEFINED = Text(
    vi="Tỉ lệ có mẫu số bằng 0 nên không xác định; thêm dữ kiện cũng không xác định được.",
    en="A share with denominator 0 is undefined; more facts cannot resolve this.",
)
_NO_POINTS = Text(
    vi="Không còn điểm nào có thể đạt vì mọi chỉ số có điểm đều không áp dụng, nên phần trăm "
    "không xác định (0 trên 0); thêm dữ kiện cũng không xác định được.",
    en="No points are available because no indicator with points applies, so the percentage is "
    "undefined (0 of 0); more facts cannot resolve this.",
)
