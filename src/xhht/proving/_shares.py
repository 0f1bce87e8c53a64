"""Asks of shares whether they may be one of nothing, and whether they may pass the whole."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import z3

from xhht.proving._asking import Asking
from xhht.proving.findings import Topic
from xhht.rules import expressions as ex
from xhht.rules.lowering import expressions_of
from xhht.rules.parsing import shares_of_members

__all__ = ["ask_shares"]


def ask_shares(asking: Asking) -> None:
    """Find shares of nothing that leave a result open, and shares above 1."""
    _ask_nothing(asking)
    _ask_beyond(asking)


def _ask_nothing(asking: Asking) -> None:
    told: set[str] = set()
    for share in asking.plan.shares:
        owner, pointer = _owner(asking, share.node, share.level)
        if owner in told:
            continue
        with asking.deciding(Topic.SHARES, owner, pointer):
            nothing = asking.span(share.denominator).least <= 0
            found = asking.solver.find(nothing, *_is_open(asking, share.node, share.level))
            if found is not None:
                told.add(owner)
                asking.note("XP601", owner, pointer, found, owner=owner)


def _owner(asking: Asking, node: str | None, level: int | None) -> tuple[str, str]:
    """Return who compares a share, and where that stands."""
    if node is not None:
        return node, asking.profile.pointers[node]
    assert level is not None
    return asking.plan.levels[level].id, f"/levels/{level}/when"


def _is_open(asking: Asking, node: str | None, level: int | None) -> list[object]:
    if node is None:
        assert level is not None
        when = asking.span(asking.plan.levels[level].when)
        return [z3.Not(when.holds), when.may_hold]
    plan = asking.nodes[node]
    applies, judged, met = map(asking.span, (plan.applies, plan.judged, plan.met))
    may_be = z3.Or(
        judged.least < judged.most,
        z3.And(met.may_hold, z3.Not(met.holds)),
        z3.Not(applies.holds),
    )
    return [applies.may_hold, may_be]


def _ask_beyond(asking: Asking) -> None:
    of_members = set(shares_of_members(asking.plan.inputs).values())
    for node, level, share in _shares(asking):
        if share in of_members:
            continue
        owner, pointer = _owner(asking, node, level)
        with asking.deciding(Topic.SHARES, owner, pointer):
            beyond = ex.Compare(">", share.numerator, share.denominator)
            some = ex.Compare(">", share.denominator, ex.Constant(Fraction(0)))
            probe, (truth,) = asking.probe(ex.All((beyond, some)))
            applies = [asking.applies(asking.nodes[node]).holds] if node else []
            found = asking.solver.find(truth.holds, *applies, variants=[probe])
            if found is not None:
                asking.note("XP602", owner, pointer, found, owner=owner)


def _shares(asking: Asking) -> Iterator[tuple[str | None, int | None, ex.ShareOf]]:
    for node in asking.profile.rules.nodes():
        for share in ex.shares_in(*expressions_of(node)):
            yield node.id, None, share
    for at, rule in enumerate(asking.profile.rules.levels):
        for share in ex.shares_in(rule.when):
            yield None, at, share
