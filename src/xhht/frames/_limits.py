"""Checks that every number of a plan fits in 64 bits for all facts."""

from __future__ import annotations

from xhht.errors import FrameError
from xhht.rules.plan import Linear, Multiply, Operator, Plan, Portion, Rounded, operands
from xhht.text import Text

__all__ = ["check_bounds"]

_INT64_MAX = 2**63 - 1


def check_bounds(plan: Plan) -> None:
    """Raise FrameError, naming the criterion or level, when an intermediate number may overflow."""
    for index, operator in enumerate(plan.operators):
        if max(_size(plan, operator), *map(abs, plan.bounds[index])) > _INT64_MAX:
            raise FrameError(_TOO_LARGE.format(rule=_rule_of(plan, index)))


def _size(plan: Plan, operator: Operator) -> int:
    """Return an upper bound of the numbers that occur while an operator is computed."""
    sizes = [max(map(abs, plan.bounds[index])) for index in operands(operator)]
    match operator:
        case Linear(_, factors, constant):
            return abs(constant) + sum(abs(f) * s for f, s in zip(factors, sizes, strict=True))
        case Multiply():
            return sizes[0] * sizes[1]
        case Portion(points, _, _, step, _):
            return 4 * max(points, step) * max(1, sizes[1])
        case Rounded(_, divisor, step, _):
            return 4 * (sizes[0] + divisor * step)
        case _:
            return 0


def _rule_of(plan: Plan, index: int) -> Text:
    leaves_first = sorted(plan.nodes, key=lambda node: not node.is_leaf)
    for node in leaves_first:
        if index in _dependencies(plan, node.points, node.own_points, node.met, node.applies):
            return _CRITERION.format(id=node.id)
    for level in plan.levels:
        if index in _dependencies(plan, level.when):
            return _LEVEL.format(id=level.id)
    return _TOTAL


def _dependencies(plan: Plan, *indices: int) -> set[int]:
    reached, pending = set(indices), list(indices)
    while pending:
        for operand in operands(plan.operators[pending.pop()]):
            if operand not in reached:
                reached.add(operand)
                pending.append(operand)
    return reached


_CRITERION = Text(vi="tiêu chí {id}", en="criterion {id}")
_LEVEL = Text(vi="mức {id}", en="level {id}")
_TOTAL = Text(vi="tổng điểm", en="the total points")
_TOO_LARGE = Text(
    vi="Không tính được {rule} trên cột: một phép tính có thể vượt quá số nguyên 64 bit. Hãy đặt "
    "'max' nhỏ hơn cho các đầu vào liên quan.",
    en="Cannot compute {rule} on columns: an intermediate number may exceed 64-bit integers. Set "
    "a smaller 'max' for the inputs it uses.",
)
