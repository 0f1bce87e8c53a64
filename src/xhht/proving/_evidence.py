"""Checks whether an increase of an input adds or removes points, with a pair of subjects."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from xhht.proving._asking import ProofContext
from xhht.proving._encoding import Encoding, Formula
from xhht.proving.findings import Topic
from xhht.rules import expressions as ex
from xhht.rules.inputs import Input, InputType
from xhht.rules.lowering import scoring_expressions
from xhht.rules.model import Leaf

__all__ = ["check_evidence"]

_UNORDERED = (InputType.CHOICE, InputType.DATE)


def check_evidence(context: ProofContext) -> None:
    """Find for every input except choices and dates how an increase affects the points."""
    seen: set[str] = set()
    for at, declared in enumerate(context.plan.inputs):
        name = declared.declared_input.name
        if declared.kind in _UNORDERED or name in seen:
            continue
        seen.add(name)
        pointer = f"/inputs/{name}"
        with context.catch_undecided(Topic.EVIDENCE, name, pointer):
            _check_input(context, at, declared, pointer)


def _check_input(context: ProofContext, at: int, declared: Input, pointer: str) -> None:
    changed = (at, at + 1) if declared.part_of else (at,)
    other = context.solver.subjects.encode_other(context.encoding, changed)
    less, more = (encoding.span(context.plan.points) for encoding in (context.encoding, other))
    name = declared.declared_input.name
    if less.lower is more.lower and less.upper is more.upper:
        context.add_finding("XP705", name, pointer, input=name)
        return
    rising = _rises(context.encoding, other, at)
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


def _rises(one: Encoding, other: Encoding, at: int) -> Formula:
    before, after = one.inputs[at], other.inputs[at]
    return z3.And(z3.Not(before), after) if z3.is_bool(before) else before < after


def _is_declared(context: ProofContext, declared: Input) -> bool:
    """Return whether an input appears only in deductions and in denominators of shares.

    A condition that the share applies only for a positive denominator is allowed.
    """
    for node in context.profile.rules.nodes():
        trees = scoring_expressions(node.scoring) if isinstance(node, Leaf) else ()
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
