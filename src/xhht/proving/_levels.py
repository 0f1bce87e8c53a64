"""Asks whether every level is reached, and what stands in the way of one that is not."""

from __future__ import annotations

import z3

from xhht.proving._asking import Asking, may_hold_level, settled
from xhht.proving._barriers import Barrier, barriers_of
from xhht.proving._encoding import Encoding
from xhht.proving._solving import UndecidedError
from xhht.proving.findings import Topic
from xhht.text import Text

__all__ = ["ask_levels"]


def ask_levels(asking: Asking) -> None:
    """Find which levels are reached, and which never because of better ones or of a barrier."""
    for at, level in enumerate(asking.plan.levels):
        pointer = f"/levels/{at}/when"
        with asking.deciding(Topic.LEVELS, level.id, pointer):
            _ask_level(asking, at, pointer)


def _ask_level(asking: Asking, at: int, pointer: str) -> None:
    level, find = asking.plan.levels[at], asking.solver.find
    reached = find(settled(asking.encoding)[at])
    if reached is not None:
        asking.note("XP102", level.id, pointer, reached, level=level.id)
        return
    possible = find(may_hold_level(asking.encoding, at))
    if possible is not None:
        asking.note("XP105", level.id, pointer, possible, level=level.id)
        return
    outdone = find(asking.span(level.award).may_hold)
    if outdone is None:
        # That nobody reaches it is proven, even if it takes too much work to tell why.
        try:
            why = _why(asking, at)
        except UndecidedError:
            why = _UNTOLD
        asking.note("XP101", level.id, pointer, level=level.id, why=why)
        return
    equal = next((j for j in range(at) if _always(asking, at, j) and _always(asking, j, at)), None)
    if equal is not None:
        twin = f"'{asking.plan.levels[equal].id}'"
        asking.note("XP104", level.id, pointer, outdone, level=level.id, better=twin)
        return
    alone = next(([j] for j in range(at) if _always(asking, at, j)), range(at))
    better = ", ".join(f"'{asking.plan.levels[j].id}'" for j in alone)
    asking.note("XP103", level.id, pointer, outdone, level=level.id, better=better)


def _always(asking: Asking, one: int, other: int) -> bool:
    """Return whether a second level is proven to hold for all who may have a first."""
    first, second = (asking.span(asking.plan.levels[at].award) for at in (one, other))
    try:
        return asking.solver.find(first.may_hold, z3.Not(second.holds)) is None
    except UndecidedError:
        return False


def _why(asking: Asking, at: int) -> Text:
    """Return what blocks a level that nobody reaches."""
    when = asking.span(asking.plan.levels[at].when)
    blocked = asking.solver.find(when.may_hold) is not None
    barriers = [b for b in barriers_of(asking) if b.is_cap or blocked]
    names = [barrier.name for barrier in barriers if _is_reached_without(asking, at, barrier)]
    if names:
        return _BLOCKED.format(barriers=_joined(names))
    return _TOGETHER if blocked else _ITSELF


def _is_reached_without(asking: Asking, at: int, barrier: Barrier) -> bool:
    changed: Encoding = asking.changed(barrier.node, barrier.drop)
    award = changed.span(changed.plan.levels[at].award)
    return asking.solver.find(award.may_hold, variants=[changed]) is not None


def _joined(names: list[Text]) -> Text:
    return Text(vi=", ".join(n.vi for n in names), en=", ".join(n.en for n in names))


_BLOCKED = Text(vi="Bị chặn bởi: {barriers}.", en="It is blocked by: {barriers}.")
_UNTOLD = Text(vi="Điều gì chặn nó thì chưa kết luận được.", en="What blocks it is not decided.")
_TOGETHER = Text(
    vi="Bị các điều kiện bắt buộc và điểm sàn cùng chặn.",
    en="Musts and floors block it together.",
)
_ITSELF = Text(
    vi="Điều kiện của chính mức này không bao giờ đúng.",
    en="Its own condition never holds.",
)
