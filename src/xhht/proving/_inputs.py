"""Checks the denominators of shares, and how an increase of each input affects the points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import z3

from xhht.proving._encoding import Encoding, Formula
from xhht.proving._query import ProofContext
from xhht.proving.findings import Topic
from xhht.rules import expressions as ex
from xhht.rules.inputs import Input, InputType
from xhht.rules.model import Leaf, expressions_of
from xhht.rules.parser import shares_of_members


def check_shares(context: ProofContext) -> None:
    """Find shares of 0/0 that leave a result uncertain, and shares above 1."""
    _check_zero_denominators(context)
    _check_above_one(context)


def _check_zero_denominators(context: ProofContext) -> None:
    reported_owners: set[str] = set()
    for share in context.plan.shares:
        owner, pointer = _owner(context, share.node, share.level)
        if owner in reported_owners:
            continue
        with context.catch_undecided(Topic.SHARES, owner, pointer):
            is_zero = context.span(share.denominator).lower_number <= 0
            answer = context.solver.find(is_zero, *_is_open(context, share.node, share.level))
            if answer is not None:
                reported_owners.add(owner)
                context.add_finding("XP601", owner, pointer, answer, owner=owner)


def _owner(context: ProofContext, node: str | None, level: int | None) -> tuple[str, str]:
    """Return the criterion or level that uses a share, and its pointer."""
    if node is not None:
        return node, context.profile.pointers[node]
    assert level is not None
    return context.plan.levels[level].id, f"/levels/{level}/when"


def _is_open(context: ProofContext, node: str | None, level: int | None) -> list[object]:
    if node is None:
        assert level is not None
        when = context.span(context.plan.levels[level].when)
        return [z3.Not(when.certain), when.possible]
    plan = context.nodes[node]
    applies, own, met = map(context.span, (plan.applies, plan.partly, plan.met))
    is_open = z3.Or(
        own.lower_number < own.upper_number,
        z3.And(met.possible, z3.Not(met.certain)),
        z3.Not(applies.certain),
    )
    return [applies.possible, is_open]


def _check_above_one(context: ProofContext) -> None:
    of_members = set(shares_of_members(context.plan.inputs).values())
    for node, level, share in _shares(context):
        if share in of_members:
            continue
        owner, pointer = _owner(context, node, level)
        with context.catch_undecided(Topic.SHARES, owner, pointer):
            beyond = ex.Compare(">", share.numerator, share.denominator)
            is_positive = ex.Compare(">", share.denominator, ex.Constant(Fraction(0)))
            probe, (truth,) = context.probe(ex.All((beyond, is_positive)))
            applies = [context.applies(context.nodes[node]).certain] if node else []
            answer = context.solver.find(truth.certain, *applies, variants=[probe])
            if answer is not None:
                context.add_finding("XP602", owner, pointer, answer, owner=owner)


def _shares(context: ProofContext) -> Iterator[tuple[str | None, int | None, ex.ShareOf]]:
    for node in context.profile.rules.nodes():
        for share in ex.shares_in(*expressions_of(node)):
            yield node.id, None, share
    for index, rule in enumerate(context.profile.rules.levels):
        for share in ex.shares_in(rule.when):
            yield None, index, share


_UNORDERED = (InputType.CHOICE, InputType.DATE)


def check_evidence(context: ProofContext) -> None:
    """Find for every input except choices and dates how an increase affects the points."""
    seen: set[str] = set()
    for index, declared in enumerate(context.plan.inputs):
        name = declared.declared_input.name
        if declared.kind in _UNORDERED or name in seen:
            continue
        seen.add(name)
        pointer = f"/inputs/{name}"
        with context.catch_undecided(Topic.EVIDENCE, name, pointer):
            _check_input(context, index, declared, pointer)


def _check_input(context: ProofContext, index: int, declared: Input, pointer: str) -> None:
    changed = (index, index + 1) if declared.part_of else (index,)
    other = context.solver.subjects.encode_other(context.encoding, changed)
    less, more = (encoding.span(context.plan.points) for encoding in (context.encoding, other))
    name = declared.declared_input.name
    if less.lower is more.lower and less.upper is more.upper:
        context.add_finding("XP705", name, pointer, input=name)
        return
    rising = _rises(context.encoding, other, index)
    raised = context.solver.find_pair(other, rising, less.upper_number < more.lower_number)
    lowered = context.solver.find_pair(other, rising, less.lower_number > more.upper_number)
    if raised and lowered:
        context.add_finding("XP704", name, pointer, *raised, *lowered, input=name)
    elif raised:
        context.add_finding("XP701", name, pointer, *raised, input=name)
    elif lowered:
        code = "XP702" if _is_declared(context, declared) else "XP703"
        context.add_finding(code, name, pointer, *lowered, input=name)
    else:
        context.add_finding("XP705", name, pointer, input=name)


def _rises(one: Encoding, other: Encoding, index: int) -> Formula:
    before, after = one.inputs[index], other.inputs[index]
    return z3.And(z3.Not(before), after) if z3.is_bool(before) else before < after


def _is_declared(context: ProofContext, declared: Input) -> bool:
    """Return whether an input appears only in deductions and in denominators of shares.

    A condition that the share applies only for a positive denominator is allowed.
    """
    for node in context.profile.rules.nodes():
        trees = node.scoring.expressions() if isinstance(node, Leaf) else ()
        if isinstance(node, Leaf) and node.points < 0:
            continue
        if any(declared.name in _names_outside_denominators(tree) for tree in trees):
            return False
        guards = node.applies is not None and declared.name in ex.input_names(node.applies.when)
        if guards and declared.name not in ex.input_names(*trees):
            return False
    return True


def _names_outside_denominators(tree: object) -> Iterator[str]:
    """Yield the inputs of an expression except those that are only denominators of shares."""
    if isinstance(tree, ex.ShareOf):
        yield from _names_outside_denominators(tree.numerator)
        return
    yield from (getattr(tree, "name", ""),) if isinstance(tree, _INPUT_READS) else ()
    for attribute in getattr(type(tree), "__attrs_attrs__", ()):
        value = getattr(tree, attribute.name)
        for item in value if isinstance(value, tuple) else (value,):
            elements = item if isinstance(item, tuple) else (item,)
            for element in elements:
                yield from _names_outside_denominators(element)


_INPUT_READS = (ex.TruthInput, ex.ChoiceIn, ex.NumberInput)
