"""Which parts of a profile its test cases touch: indicators, bands, floors, levels, outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from attrs import frozen

from xhht.criteria.diagnostics import Mark
from xhht.criteria.profile import Profile
from xhht.evaluation.result import Evaluation, Status, Verdict
from xhht.exact import decimal_text
from xhht.rules import expressions as ex
from xhht.rules.model import Assessed, Bands, Leaf, PerItem, Proportional, Requirement, TreeNode
from xhht.rules.plan import NodePlan
from xhht.testing.apart import apart_of
from xhht.text import Text

__all__ = ["Aspect", "Coverage", "coverage_of"]

_Key: TypeAlias = tuple[str, str]
"""Which criterion, level or outcome, and what of it."""


@frozen
class Aspect:
    """Something of a profile that a case may show.

    Attributes:
        key: the id of a criterion or level, and what of it: `1.2` and `met`.
        text: the same in words.
        mark: where it stands in the profile.
    """

    key: _Key
    text: Text
    mark: Mark


@frozen(kw_only=True)
class Coverage:
    """What cases touch of a profile.

    Attributes:
        touched: how many aspects some case shows.
        untouched: those that none shows, in the order of the file.
    """

    touched: int
    untouched: tuple[Aspect, ...]

    @property
    def total(self) -> int:
        """How many aspects there are."""
        return self.touched + len(self.untouched)


def coverage_of(profile: Profile, results: Iterable[Evaluation]) -> Coverage:
    """Return which aspects of a profile some results show.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020")
    >>> found = coverage_of(profile, [xhht.evaluate(profile, {"has_learning_policy": True})])
    >>> found.touched, [aspect.key for aspect in found.untouched][:2]
    (2, [('1.1', 'unmet'), ('1.2', 'met')])
    """
    nodes = {node.id: node for node in profile.rules.nodes()}
    seen = {key for result in results for key in _shown(result, nodes)}
    wanted = [a for a in (*_of_criteria(profile), *_of_levels(profile)) if _is_own(a, profile)]
    untouched = [aspect for aspect in wanted if aspect.key not in seen]
    touched = len(wanted) - len(untouched)
    return Coverage(touched=touched, untouched=tuple(_possible(profile, untouched)))


# What there is


def _of_criteria(profile: Profile) -> Iterator[Aspect]:
    for node in profile.rules.nodes():
        place = profile.place(node.id)
        for what in _aspects(node):
            yield Aspect((node.id, what), _words(node.id, what), place)


def _aspects(node: TreeNode) -> Iterator[str]:
    if isinstance(node, Leaf):
        yield from _of_scoring(node)
    elif node.requirement is Requirement.MUST:
        yield from ("met", "unmet")
    if node.applies is not None:
        yield "not_applicable"
    if node.floor is not None:
        yield from ("floor_kept", "floor_missed")


def _of_scoring(leaf: Leaf) -> Iterator[str]:
    match leaf.scoring:
        case Bands(bands):
            yield from (f"points={decimal_text(p)}" for p in dict.fromkeys(b.points for b in bands))
            if bands[-1].when != ex.Truth(True):
                yield "points=0"
        case Assessed() | Proportional() | PerItem():
            yield from ("met", "between", "unmet")
        case _:
            yield from ("met", "unmet")


def _of_levels(profile: Profile) -> Iterator[Aspect]:
    for at, level in enumerate(profile.rules.levels):
        # What waits for a mark that no source shows is never awarded for certain.
        if not ex.asks_unknown(level.when):
            yield Aspect((level.id, "awarded"), _words(level.id, "awarded"), _at(profile, at))
    for verdict in (Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED):
        yield Aspect(("", verdict.value), _words("", verdict.value), profile.marks["/levels"])


def _possible(profile: Profile, untouched: list[Aspect]) -> Iterator[Aspect]:
    """Yield the aspects that a case can show, as far as the solver is there and knows.

    Where a mark that no source shows stands in a better level, a lower one is never awarded for
    certain, and there may be nobody of whom it is certain that no level is reached.
    """
    places = {level.id: at for at, level in enumerate(profile.rules.levels)}
    apart = apart_of(profile) if untouched else None
    for aspect in untouched:
        name, what = aspect.key
        is_outcome = what in ("awarded", Verdict.NOT_RECOGNISED.value)
        if apart is None or not is_outcome or not apart.awarded(places.get(name)).is_nobody:
            yield aspect


def _is_own(aspect: Aspect, profile: Profile) -> bool:
    """Return whether an aspect is of the profile's own file; of an overlay, what it changes is."""
    return (aspect.mark.file or profile.file) == profile.file


def _at(profile: Profile, level: int) -> Mark:
    """Return where a level stands; of one that an overlay changes, the change."""
    pointer = f"/levels/{level}"
    own = profile.marks[pointer]
    below = (mark for at, mark in profile.marks.items() if at.startswith(f"{pointer}/"))
    return next((mark for mark in below if mark.file != own.file), own)


# What a result shows


def _shown(result: Evaluation, nodes: dict[str, TreeNode]) -> Iterator[_Key]:
    if result.level is not None:
        yield result.level, "awarded"
    yield "", result.verdict.value
    for node in result.plan.nodes:
        yield from ((node.id, what) for what in _of_node(result, node, nodes[node.id]))


def _of_node(result: Evaluation, plan: NodePlan, node: TreeNode) -> Iterator[str]:
    status = result.status_of(plan)
    if status is Status.NOT_APPLICABLE:
        yield "not_applicable"
        return
    low, high = result.lows[plan.judged], result.highs[plan.judged]
    if not result.lows[plan.applies] or low != high:
        return
    if isinstance(node, Leaf) and isinstance(node.scoring, Bands):
        yield f"points={decimal_text(result.profile.points(low))}"
    yield {Status.MET: "met", Status.UNMET: "unmet", Status.PARTIAL: "between"}.get(status, "")
    if plan.floor is not None:
        yield "floor_kept" if result.lows[plan.floor] else "floor_missed"


def _words(name: str, what: str) -> Text:
    points = what.removeprefix("points=")
    found = _POINTS if points != what else _WORDS[what]
    return found.format(name=name, points=points)


_POINTS = Text(vi="{name}: được {points} điểm", en="{name}: earns {points} points")
_WORDS = {
    "met": Text(vi="{name}: đạt", en="{name}: met"),
    "unmet": Text(vi="{name}: không đạt", en="{name}: unmet"),
    "between": Text(vi="{name}: đạt một phần", en="{name}: met in part"),
    "not_applicable": Text(vi="{name}: không áp dụng", en="{name}: does not apply"),
    "floor_kept": Text(vi="{name}: từ điểm sàn trở lên", en="{name}: at its floor or above"),
    "floor_missed": Text(vi="{name}: dưới điểm sàn", en="{name}: under its floor"),
    "awarded": Text(vi="mức '{name}' được công nhận", en="the level '{name}' is awarded"),
    "not_recognised": Text(vi="không đạt mức nào", en="no level is reached"),
    "undetermined": Text(vi="chưa xác định được", en="the verdict is undetermined"),
}
