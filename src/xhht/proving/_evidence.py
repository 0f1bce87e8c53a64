"""Asks of every input whether more of it adds points or takes them: a pair of subjects shows it."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from xhht.proving._asking import Asking
from xhht.proving._encoding import Encoding, Formula
from xhht.proving.findings import Topic
from xhht.rules import expressions as ex
from xhht.rules.inputs import Input, InputType
from xhht.rules.lowering import scoring_expressions
from xhht.rules.model import Leaf

__all__ = ["ask_evidence"]

_UNORDERED = (InputType.CHOICE, InputType.DATE)


def ask_evidence(asking: Asking) -> None:
    """Find for every input but choices and days which way more of it moves the points."""
    seen: set[str] = set()
    for at, declared in enumerate(asking.plan.inputs):
        name = declared.asked.name
        if declared.kind in _UNORDERED or name in seen:
            continue
        seen.add(name)
        pointer = f"/inputs/{name}"
        with asking.deciding(Topic.EVIDENCE, name, pointer):
            _ask(asking, at, declared, pointer)


def _ask(asking: Asking, at: int, declared: Input, pointer: str) -> None:
    changed = (at, at + 1) if declared.part_of else (at,)
    other = asking.solver.subjects.encode_other(asking.encoding, changed)
    less, more = (encoding.span(asking.plan.points) for encoding in (asking.encoding, other))
    name = declared.asked.name
    if less.low is more.low and less.high is more.high:
        asking.note("XP705", name, pointer, input=name)
        return
    rising = _rises(asking.encoding, other, at)
    raised = asking.solver.find_pair(other, rising, less.most < more.least)
    lowered = asking.solver.find_pair(other, rising, less.least > more.most)
    if raised and lowered:
        asking.note("XP704", name, pointer, *raised, *lowered, input=name)
    elif raised:
        asking.note("XP701", name, pointer, *raised, input=name)
    elif lowered:
        code = "XP702" if _is_declared(asking, declared) else "XP703"
        asking.note(code, name, pointer, *lowered, input=name)
    else:
        asking.note("XP705", name, pointer, input=name)


def _rises(one: Encoding, other: Encoding, at: int) -> Formula:
    before, after = one.inputs[at], other.inputs[at]
    return z3.And(z3.Not(before), after) if z3.is_bool(before) else before < after


def _is_declared(asking: Asking, declared: Input) -> bool:
    """Return whether an input only stands in deductions and under shares.

    That the share applies only where there is a whole belongs to it.
    """
    for node in asking.profile.rules.nodes():
        trees = scoring_expressions(node.scoring) if isinstance(node, Leaf) else ()
        if isinstance(node, Leaf) and node.points < 0:
            continue
        if any(declared.name in _names_above(tree) for tree in trees):
            return False
        guards = node.applies is not None and declared.name in ex.input_names(node.applies.when)
        if guards and declared.name not in ex.input_names(*trees):
            return False
    return True


def _names_above(tree: object) -> Iterator[str]:
    """Yield the inputs of an expression but those that are only the whole of a share."""
    if isinstance(tree, ex.ShareOf):
        yield from _names_above(tree.numerator)
        return
    yield from (getattr(tree, "name", ""),) if isinstance(tree, _READS) else ()
    for attribute in getattr(type(tree), "__attrs_attrs__", ()):
        value = getattr(tree, attribute.name)
        for part in value if isinstance(value, tuple) else (value,):
            inner = part if isinstance(part, tuple) else (part,)
            for each in inner:
                yield from _names_above(each)


_READS = (ex.TruthInput, ex.Among, ex.NumberInput)
