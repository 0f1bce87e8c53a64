"""Coverage of a profile by its test cases: indicators, bands, floors, levels, outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias, TypedDict

from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.evaluation.result import Evaluation
from xhht.evaluation.state import Status, Verdict
from xhht.issues import Mark
from xhht.numbers import decimal_text
from xhht.rules import expressions as ex
from xhht.rules.model import Leaf, Requirement, TreeNode
from xhht.rules.plan import FactorPlan, NodePlan
from xhht.rules.scoring import LevelOutcome, ScoringOutcome
from xhht.testing.mutation import distinguishing_search_of
from xhht.text import Lang, Text

if TYPE_CHECKING:
    from xhht.proving.distinguish import DistinguishingSearch, Witness

__all__ = ["Aspect", "CaseCoverage", "coverage_of"]

_Key: TypeAlias = tuple[str, str]
"""The criterion, level or outcome, and its aspect."""


class AspectDict(TypedDict):
    """An aspect of a profile in JSON: of which criterion or level, and what."""

    of: str | None
    what: str
    line: int
    message: str


@frozen
class Aspect:
    """An aspect of a profile that a case can cover.

    Attributes:
        key: the id of a criterion or level, and the aspect: `1.2` and `met`.
        text: its description.
        mark: its position in the profile.
    """

    key: _Key
    text: Text
    mark: Mark

    def to_dict(self, lang: Lang | str = Lang.VI) -> AspectDict:
        """Return the aspect as JSON data."""
        return {
            "of": self.key[0] or None,
            "what": self.key[1],
            "line": self.mark.line,
            "message": self.text.get(lang),
        }


@frozen(kw_only=True)
class CaseCoverage:
    """The coverage of a profile.

    Attributes:
        touched: the number of aspects covered.
        untouched: the aspects not covered, in file order.
    """

    touched: int
    untouched: tuple[Aspect, ...]

    @property
    def total(self) -> int:
        """The number of all aspects."""
        return self.touched + len(self.untouched)


def coverage_of(profile: Profile, results: Iterable[Evaluation]) -> CaseCoverage:
    """Return which aspects of a profile the results cover.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> coverage = coverage_of(profile, [xhht.evaluate(profile, {"has_learning_policy": True})])
    >>> coverage.touched, [aspect.key for aspect in coverage.untouched][:2]
    (2, [('1.1', 'unmet'), ('1.2', 'met')])
    """
    nodes = {node.id: node for node in profile.rules.nodes()}
    seen = {key for result in results for key in _shown(result, nodes)}
    # For an overlay, only the aspects in its own file, which are its changes.
    aspects = [
        aspect
        for aspect in (*_criterion_aspects(profile), *_level_aspects(profile))
        if aspect.mark.file in (None, "", profile.file)
    ]
    untouched = [aspect for aspect in aspects if aspect.key not in seen]
    touched = len(aspects) - len(untouched)
    return CaseCoverage(touched=touched, untouched=tuple(_possible(profile, untouched)))


# All aspects


def _criterion_aspects(profile: Profile) -> Iterator[Aspect]:
    vocabulary = profile.vocabulary
    for node in profile.rules.nodes():
        place, name = profile.place(node.id), vocabulary.criterion(node.id)
        for what in _node_aspects(node):
            level = what.partition(_FOR_LEVEL)[2]
            level_name = vocabulary.level(level) if level else None
            yield _aspect((node.id, what), name, place, level_name)


def _node_aspects(node: TreeNode) -> Iterator[str]:
    if isinstance(node, Leaf):
        yield from map(_outcome_aspect, node.scoring.outcomes())
        yield from map(_level_aspect, node.scoring.level_outcomes())
    elif node.requirement is Requirement.MUST:
        yield from ("met", "unmet")
    if node.factor is not None:
        yield from (f"{_FACTOR_KEY}{number}" for number, _ in enumerate(node.factor.cases, 1))
    if node.applies is not None:
        yield "not_applicable"
    if node.floor is not None:
        yield from ("floor_kept", "floor_missed")


def _outcome_aspect(outcome: ScoringOutcome | Fraction) -> str:
    return (
        outcome.value
        if isinstance(outcome, ScoringOutcome)
        else f"{_POINTS_KEY}{decimal_text(outcome)}"
    )


def _level_aspect(outcome: LevelOutcome) -> str:
    what = "not_applicable" if outcome.outcome is None else outcome.outcome.value
    return f"{what}{_FOR_LEVEL}{outcome.level}"


def _level_aspects(profile: Profile) -> Iterator[Aspect]:
    for index, level in enumerate(profile.rules.levels):
        # A level with an unknown threshold is never awarded with certainty.
        if not ex.asks_unknown(level.when):
            name = profile.level(level.id).name
            yield _aspect((level.id, "awarded"), name, _level_mark(profile, index))
    for verdict in (Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED):
        yield _aspect(("", verdict.value), _NOTHING, profile.marks["/levels"])


def _possible(profile: Profile, untouched: list[Aspect]) -> Iterator[Aspect]:
    """Yield the aspects that a case can cover; without the solver, all of them.

    Left out is what is proven to be impossible: an outcome that no subject has, or, if a better
    level has an unknown threshold, a level that is never awarded with certainty.
    """
    search = distinguishing_search_of(profile) if untouched else None
    for aspect in untouched:
        if search is None or not _witness(search, profile, aspect).is_proven_empty:
            yield aspect


def _witness(search: DistinguishingSearch, profile: Profile, aspect: Aspect) -> Witness:
    """Return a subject that shows an aspect."""
    name, what = aspect.key
    levels = [level.id for level in profile.rules.levels]
    outcome, _, level = what.partition(_FOR_LEVEL)
    if level:
        status = _STATUSES[outcome]
        return search.subject_with(name, status=status, level=levels.index(level))
    match what:
        case "awarded":
            return search.subject_awarded(levels.index(name))
        case Verdict.NOT_RECOGNISED.value:
            return search.subject_awarded(None)
        case Verdict.UNDETERMINED.value:
            return search.undetermined_subject()
        case "floor_kept" | "floor_missed":
            return search.subject_with(name, reaches_floor=what == "floor_kept")
    if what in _STATUSES:
        return search.subject_with(name, status=_STATUSES[what])
    if what.startswith(_FACTOR_KEY):
        return search.subject_with(name, factor=int(what.removeprefix(_FACTOR_KEY)))
    points = Fraction(what.removeprefix(_POINTS_KEY))
    return search.subject_with(name, points=profile.plan.grid.units(points))


def _level_mark(profile: Profile, level: int) -> Mark:
    """Return the position of a level, or of the change if an overlay changes it."""
    pointer = f"/levels/{level}"
    own = profile.marks[pointer]
    below = (mark for at, mark in profile.marks.items() if at.startswith(f"{pointer}/"))
    return next((mark for mark in below if mark.file != own.file), own)


# Aspects covered by a result


def _shown(result: Evaluation, nodes: dict[str, TreeNode]) -> Iterator[_Key]:
    if result.level is not None:
        yield result.level, "awarded"
    yield "", result.verdict.value
    for node in result.plan.nodes:
        yield from ((node.id, what) for what in _shown_by_node(result, node, nodes[node.id]))


def _shown_by_node(result: Evaluation, plan: NodePlan, node: TreeNode) -> Iterator[str]:
    for level, marks in zip(result.plan.levels, plan.by_level, strict=False):
        status = result.status_for(plan, marks)
        shown_for = (what for what, shown in _STATUSES.items() if shown is status)
        yield from (f"{what}{_FOR_LEVEL}{level.id}" for what in shown_for)
    status = result.status_of(plan)
    if status is Status.NOT_APPLICABLE:
        yield "not_applicable"
        return
    if plan.factor is not None:
        counted = _factor_counted(result, plan.factor)
        yield from [] if counted is None else [f"{_FACTOR_KEY}{counted}"]
    lower, upper = result.lows[plan.own_points], result.highs[plan.own_points]
    if not result.lows[plan.applies] or lower != upper:
        return
    if isinstance(node, Leaf):
        yield _outcome_aspect(result.profile.points(lower))
    yield from (what for what, shown in _STATUSES.items() if shown is status)
    if plan.floor is not None:
        yield "floor_kept" if result.lows[plan.floor] else "floor_missed"


def _factor_counted(result: Evaluation, factor: FactorPlan) -> int | None:
    """Return the number of the case of a factor that counts, None while it is open."""
    for number, truth in enumerate(factor.truths, 1):
        if result.highs[truth]:
            return number if result.lows[truth] else None
    return len(factor.truths) + 1


def _aspect(key: _Key, name: Text, mark: Mark, level_name: Text | None = None) -> Aspect:
    what = key[1]
    if level_name is not None:
        outcome = what.partition(_FOR_LEVEL)[0]
        text = _LEVEL.format(text=_TEXTS[outcome].format(name=name), level=level_name)
        return Aspect(key, text, mark)
    if what.startswith(_FACTOR_KEY):
        number = what.removeprefix(_FACTOR_KEY)
        return Aspect(key, _FACTOR.format(name=name, number=number), mark)
    points = what.removeprefix(_POINTS_KEY)
    template = _POINTS if points != what else _TEXTS[what]
    return Aspect(key, template.format(name=name, points=points), mark)


_POINTS_KEY: Final = "points="
_FACTOR_KEY: Final = "factor="
_FOR_LEVEL: Final = " for "
"""Separates an outcome from the level that finds it: `met for level_1`."""
_LEVEL = Text(vi="{text} (mức “{level}”)", en="{text} (level “{level}”)")
_STATUSES: Final = {
    "met": Status.MET,
    "unmet": Status.UNMET,
    "between": Status.PARTIAL,
    "not_applicable": Status.NOT_APPLICABLE,
}
_NOTHING = Text(vi="", en="")
_FACTOR = Text(
    vi="{name}: áp dụng hệ số ở mục thứ {number}", en="{name}: entry {number} of its factor counts"
)
_POINTS = Text(vi="{name}: được {points} điểm", en="{name}: earns {points} points")
_TEXTS = {
    "met": Text(vi="{name}: đạt", en="{name}: met"),
    "unmet": Text(vi="{name}: không đạt", en="{name}: unmet"),
    "between": Text(vi="{name}: đạt một phần", en="{name}: partially met"),
    "not_applicable": Text(vi="{name}: không áp dụng", en="{name}: does not apply"),
    "floor_kept": Text(vi="{name}: đạt điểm sàn trở lên", en="{name}: at or above its floor"),
    "floor_missed": Text(vi="{name}: dưới điểm sàn", en="{name}: below its floor"),
    "awarded": Text(vi="mức '{name}' được công nhận", en="the level '{name}' is awarded"),
    "not_recognised": Text(vi="không đạt mức nào", en="no level is reached"),
    "undetermined": Text(vi="chưa xác định được", en="the verdict is undetermined"),
}
