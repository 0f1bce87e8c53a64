"""Parser of the condition language: a small, total, typed subset of Python expressions.

Text is parsed with the standard `ast` module and never executed. Anything outside the subset
(other calls, attributes, loops, assignments) is reported when parsing, not at run time. All errors
of a text are reported together.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import TypeAlias, TypeVar

from attrs import field, frozen

from xhht.dates import iso_day
from xhht.rules import expressions as ex
from xhht.rules.expressions import NumberKind
from xhht.rules.inputs import Input, InputType, share_parts
from xhht.text import suggestion

__all__ = [
    "MAX_DEPTH",
    "MAX_IN_A_FILE",
    "MAX_LENGTH",
    "MAX_WRITTEN_OUT",
    "RESERVED",
    "ConditionIssue",
    "LengthBudget",
    "Scope",
    "names_in",
    "parse_condition",
    "parse_definition",
    "parse_number",
    "shares_of_members",
]

MAX_LENGTH = 1000
"""The maximum number of characters in a condition."""

MAX_DEPTH = 30
"""The maximum nesting depth of a condition; a definition is nested below its name."""

MAX_WRITTEN_OUT = 10_000
"""The maximum number of characters of a condition with the names of definitions written out."""

MAX_IN_A_FILE = 300_000
"""The maximum number of characters of all conditions of a file, with the names written out."""

_QUOTED_OR_PERCENT = re.compile(
    r"""(?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?<![\w.])(?P<digits>\d+(?:\.\d+)?)%(?![\w%])"""
)
_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,9})?")
_FUNCTIONS = {"share", "min", "max", "sum"}
_LEVEL_NAMES = {"points", "percent", "lowest_indicator"}
_LEVEL_FUNCTIONS = {"points_of", "percent_of", "met"}
_LITERALS = {"true", "false", "unknown", "as_of"}
RESERVED = frozenset(
    {
        *_FUNCTIONS,
        *_LEVEL_NAMES,
        *_LEVEL_FUNCTIONS,
        *_LITERALS,
        *keyword.kwlist,
        *keyword.softkwlist,
    }
)
"""Names that inputs, values and definitions must not have."""


@frozen
class ConditionIssue:
    """One error in a condition.

    Attributes:
        code: the code of the diagnostic.
        offset: where it starts, in characters from 0.
        values: the values of the placeholders in the diagnostic's message.
    """

    code: str
    offset: int
    values: Mapping[str, str] = field(factory=dict)


class LengthBudget:
    """The characters that the conditions of one file may still have, with the names written out.

    >>> budget = LengthBudget()
    >>> budget.spend(MAX_IN_A_FILE), budget.spend(1), budget.is_spent
    (True, False, True)
    """

    def __init__(self) -> None:
        self._remaining = MAX_IN_A_FILE

    @property
    def is_spent(self) -> bool:
        """Whether a condition was refused; all later ones are refused too."""
        return self._remaining < 0

    def spend(self, length: int) -> bool:
        """Return whether a condition of this length is still within the budget."""
        self._remaining -= length if self._remaining >= 0 else 0
        return not self.is_spent


@frozen
class Scope:
    """The names a condition may use.

    Attributes:
        inputs: by name.
        nodes: ids of all criteria.
        in_level: whether points and criteria may be used.
        suggest: returns the most similar known word for an unknown one.
        values: the constants that change by date, by name.
        definitions: the conditions and numbers that have a name, by name.
        budget: shared by all scopes of a file.
        shares: the shares of members, by name.
        names: every name that may be used without a call.
    """

    inputs: Mapping[str, Input]
    nodes: Collection[str] = ()
    in_level: bool = False
    suggest: Callable[[str, Collection[str]], str | None] = suggestion
    values: Mapping[str, ex.Dated] = field(factory=dict)
    definitions: Mapping[str, ex.Definition] = field(factory=dict)
    budget: LengthBudget = field(factory=LengthBudget)
    shares: Mapping[str, ex.ShareOf] = field(init=False)
    names: frozenset[str] = field(init=False)

    @shares.default
    def _shares(self) -> Mapping[str, ex.ShareOf]:
        return shares_of_members(self.inputs.values())

    @names.default
    def _names(self) -> frozenset[str]:
        input_names = {declared.declared_input.name for declared in self.inputs.values()}
        own = {*input_names, *self.values, *self.definitions, *_LITERALS}
        return frozenset({*own, *(_LEVEL_NAMES if self.in_level else ())})


_Typed: TypeAlias = tuple[ex.Number, NumberKind]
_T = TypeVar("_T")


class _Refused(Exception):  # noqa: N818 - control flow, never seen outside
    """A part is invalid and its error is recorded; for error recovery, parsing continues."""


def parse_condition(
    text: str, scope: Scope
) -> tuple[ex.Condition | None, tuple[ConditionIssue, ...]]:
    """Return the condition in `text` and the errors; the condition is None if there are any."""
    return _parse(text, scope, lambda parser, node: parser.condition(node))


def parse_number(text: str, scope: Scope) -> tuple[ex.Number | None, tuple[ConditionIssue, ...]]:
    """Return the number or share in `text` and the errors; None if there are any."""
    return _parse(text, scope, lambda parser, node: parser.number(node)[0])


def parse_definition(
    name: str, text: str, scope: Scope, *, is_condition: bool
) -> tuple[ex.Definition | None, tuple[ConditionIssue, ...]]:
    """Return the definition of a condition or number in `text` and the errors; None if any."""

    def read(parser: _Parser, node: ast.expr) -> ex.Definition:
        tree, kind = (parser.condition(node), None) if is_condition else parser.number(node)
        return ex.Definition(name, kind, tree, *_written_out(text, node, scope.definitions))

    return _parse(text, scope, read)


def names_in(text: str) -> frozenset[str]:
    """Return the names that a text uses without a call; none if it is too long or no expression.

    >>> sorted(names_in('met("1") and share(learners, adults) >= 70%'))
    ['adults', 'learners']
    """
    if len(text) > MAX_LENGTH:
        return frozenset()
    try:
        tree = _syntax_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return frozenset(node.id for node in names if id(node) not in called)


def _parse(
    text: str, scope: Scope, read: Callable[[_Parser, ast.expr], _T]
) -> tuple[_T | None, tuple[ConditionIssue, ...]]:
    if scope.budget.is_spent:
        return None, ()
    if len(text) > MAX_LENGTH:
        return None, (ConditionIssue("XH211", 0, {"limit": str(MAX_LENGTH)}),)
    try:
        tree = _syntax_tree(text)
    except SyntaxError as error:
        return None, (ConditionIssue("XH201", max((error.offset or 1) - 1, 0)),)
    except (ValueError, RecursionError, MemoryError):
        return None, (ConditionIssue("XH201", 0),)
    parser, result = _Parser(text, scope), None
    length, depth = _written_out(text, tree, scope.definitions)
    for number, limit in ((depth, MAX_DEPTH), (length, MAX_WRITTEN_OUT)):
        if number > limit:
            return None, (ConditionIssue("XH211", 0, {"limit": str(limit)}),)
    if not scope.budget.spend(length):
        return None, (ConditionIssue("XH395", 0, {"limit": str(MAX_IN_A_FILE)}),)
    with suppress(_Refused):
        parser.refuse_imaginary(tree)
        result = read(parser, tree)
    return (None if parser.issues else result), tuple(parser.issues)


def _syntax_tree(text: str) -> ast.expr:
    # An imaginary literal has the same length as a percentage, so columns stay correct.
    source = _QUOTED_OR_PERCENT.sub(lambda m: m["quoted"] or f"{m['digits']}j", text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, mode="eval").body


def _written_out(
    text: str, tree: ast.AST, definitions: Mapping[str, ex.Definition]
) -> tuple[int, int]:
    """Return the length and depth of a text with the names of definitions written out.

    A name is a level of its own, so that a chain of names has a depth too.
    """
    length, deepest, depth, layer = len(text), 0, 0, [tree]
    while layer:
        for node in layer:
            if isinstance(node, ast.Name) and node.id in definitions:
                length += definitions[node.id].length
                deepest = max(deepest, depth + 1 + definitions[node.id].depth)
        depth += 1
        layer = [child for node in layer for child in ast.iter_child_nodes(node)]
    return length, max(deepest, depth)


_SIGNS: Mapping[type[ast.cmpop], tuple[str, bool]] = {
    ast.GtE: (">=", False),
    ast.Gt: (">", False),
    ast.LtE: (">=", True),
    ast.Lt: (">", True),
    ast.Eq: ("==", False),
    ast.NotEq: ("==", False),
}


class _Parser:
    def __init__(self, text: str, scope: Scope) -> None:
        self._lines = [line.encode() for line in text.split("\n")]
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._text = text
        self._scope = scope
        self.issues: list[ConditionIssue] = []

    def _refuse(self, node: ast.AST, code: str, **values: str) -> _Refused:
        self.issues.append(ConditionIssue(code, self._offset(node), values))
        return _Refused()

    def _offset(self, node: ast.AST) -> int:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        return self._starts[line - 1] + len(self._lines[line - 1][:column].decode())

    def refuse_imaginary(self, tree: ast.expr) -> None:
        """Reject a number with suffix `j` that does not replace a percentage."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, complex):
                written = self._source_of(node)
                if not written.endswith("%"):
                    raise self._refuse(node, "XH203", found=written)

    def _try_all(self, nodes: list[ast.expr], read: Callable[[ast.expr], _T]) -> list[_T]:
        """Read every part, so that all errors are recorded, and raise only afterwards."""
        results: list[_T] = []
        refused = False
        for node in nodes:
            try:
                results.append(read(node))
            except _Refused:
                refused = True
        if refused:
            raise _Refused
        return results

    # Conditions

    def condition(self, node: ast.expr) -> ex.Condition:
        """Return the condition of `node`."""
        match node:
            case ast.BoolOp(op, values):
                parts = tuple(self._try_all(values, self.condition))
                return ex.All(parts) if isinstance(op, ast.And) else ex.Any_(parts)
            case ast.UnaryOp(ast.Not(), operand):
                return ex.Not(self.condition(operand))
            case ast.Compare(left, operators, others):
                return self._comparisons(node, [left, *others], operators)
            case ast.IfExp(test, body, orelse):
                parts = tuple(self._try_all([test, body, orelse], self.condition))
                return ex.TruthIf(*parts)
            case ast.Name(name):
                return self._truth_name(node, name)
            case ast.Constant(bool() as value):
                return ex.TruthConstant(value)
            case ast.Call(ast.Name("met"), arguments, []) if self._scope.in_level:
                return ex.Met(self._node_id(node, arguments))
            case _:
                raise self._mismatch(node, "condition")

    def _truth_name(self, node: ast.expr, name: str) -> ex.Condition:
        if name in ("true", "false"):
            return ex.TruthConstant(name == "true")
        if name == "unknown":
            return ex.Unknown()
        definition = self._scope.definitions.get(name)
        if definition is not None and definition.kind is None:
            return self._named(node, definition)  # type: ignore[return-value]
        declared = self._scope.inputs.get(name)
        if declared is not None and declared.kind is InputType.BOOL:
            return ex.TruthInput(name)
        raise self._mismatch(node, "condition")

    def _named(self, node: ast.expr, definition: ex.Definition) -> ex.Condition | ex.Number:
        if not self._scope.in_level and ex.reads_totals(definition.tree):
            raise self._refuse(node, "XH212", found=definition.name)
        return definition.named()

    def _comparisons(
        self, node: ast.expr, sides: list[ast.expr], operators: list[ast.cmpop]
    ) -> ex.Condition:
        pairs = list(zip(sides, operators, sides[1:], strict=False))
        parts: list[ex.Condition] = []
        for left, operator, right in pairs:
            parts.append(self._comparison(node, left, operator, right))
        return parts[0] if len(parts) == 1 else ex.All(tuple(parts))

    def _comparison(
        self, node: ast.expr, left: ast.expr, operator: ast.cmpop, right: ast.expr
    ) -> ex.Condition:
        self._refuse_truths(node, left, operator, right)
        for one, other in ((left, right), (right, left)):
            declared = self._choice(one)
            if declared is not None and (
                one is left or not isinstance(operator, (ast.In, ast.NotIn))
            ):
                return self._choice_test(node, declared, operator, other)
        signs = _SIGNS.get(type(operator))
        if signs is None and isinstance(operator, (ast.In, ast.NotIn)):
            raise self._refuse(
                node, "XH351", example=self._without_in(self._source_of(left), operator, right)
            )
        if signs is None:
            raise self._refuse(node, "XH203", found=_operator_name(operator))
        (first, kind), (second, other_kind) = self._both_sides(left, right)
        self._same_kind(node, (first, kind), (second, other_kind))
        sign, swapped = signs
        if swapped:
            first, second = second, first
        compared = ex.Compare(sign, first, second, is_swapped=swapped)
        return ex.Not(compared) if isinstance(operator, ast.NotEq) else compared

    def _refuse_truths(
        self, node: ast.expr, left: ast.expr, operator: ast.cmpop, right: ast.expr
    ) -> None:
        """Refuse `yes == true` and `yes == other`, where `yes` is a condition by itself."""
        if not isinstance(operator, (ast.Eq, ast.NotEq)):
            return
        for one, other in ((left, right), (right, left)):
            if not self._is_truth(one) or self._is_literal(one):
                continue
            first, second = self._source_of(one), self._source_of(other)
            if self._is_literal(other):
                is_same = (second.lower() == "true") is isinstance(operator, ast.Eq)
                raise self._refuse(node, "XH352", example=first if is_same else f"not {first}")
            if self._is_truth(other):
                same = f"({first} if {second} else not {first})"
                example = same if isinstance(operator, ast.Eq) else f"not {same}"
                raise self._refuse(node, "XH352", example=example)

    def _is_truth(self, node: ast.expr) -> bool:
        """Return whether a side of a comparison is a yes/no: literal, input or definition."""
        if self._is_literal(node):
            return True
        if not isinstance(node, ast.Name):
            return False
        declared = self._scope.inputs.get(node.id)
        definition = self._scope.definitions.get(node.id)
        return (declared is not None and declared.kind is InputType.BOOL) or (
            definition is not None and definition.kind is None
        )

    @staticmethod
    def _is_literal(node: ast.expr) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, bool)
        return isinstance(node, ast.Name) and node.id in ("true", "false")

    def _without_in(self, left: str, operator: ast.cmpop, right: ast.expr) -> str:
        """Return how a test with `in` that is not about a choice is written."""
        options = right.elts if isinstance(right, (ast.Tuple, ast.List, ast.Set)) else [right]
        sign, word = ("==", "or") if isinstance(operator, ast.In) else ("!=", "and")
        tests = (f"{left} {sign} {self._source_of(one)}" for one in options)
        return f" {word} ".join(tests)

    def _both_sides(self, left: ast.expr, right: ast.expr) -> tuple[_Typed, _Typed]:
        for text, other in ((left, right), (right, left)):
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                tree, kind = self.number(other)
                if kind is not NumberKind.DATE:
                    raise self._refuse(text, "XH204", expected="number", found="text")
                typed = (self._day(text, text.value), NumberKind.DATE)
                return (typed, (tree, kind)) if text is left else ((tree, kind), typed)
        first, second = self._try_all([left, right], self.number)
        return first, second

    def _same_kind(self, node: ast.expr, left: _Typed, right: _Typed) -> None:
        if any(_is_unknown(tree) for tree, _ in (left, right)) or left[1] is right[1]:
            self._percent_mark(node, left[0], right[0])
            return
        for (tree, kind), (_, other) in ((left, right), (right, left)):
            if kind is NumberKind.NUMBER and other is NumberKind.FRACTION and _is_up_to_one(tree):
                self._percent_mark(node, left[0], right[0])
                return
        raise self._refuse(node, "XH204", expected=left[1].value, found=right[1].value)

    def _percent_mark(self, node: ast.expr, left: ex.Number, right: ex.Number) -> None:
        for side, threshold in ((left, right), (right, left)):
            if isinstance(side, ex.Percent) and not _constant_cases(threshold):
                raise self._refuse(node, "XH215")

    def _choice(self, node: ast.expr) -> Input | None:
        if isinstance(node, ast.Name):
            declared = self._scope.inputs.get(node.id)
            if declared is not None and declared.kind is InputType.CHOICE:
                return declared
        return None

    def _choice_test(
        self, node: ast.expr, declared: Input, operator: ast.cmpop, options: ast.expr
    ) -> ex.Condition:
        if isinstance(operator, (ast.In, ast.NotIn)) and isinstance(
            options, (ast.Tuple, ast.List, ast.Set)
        ):
            option_nodes = options.elts
        elif isinstance(operator, (ast.Eq, ast.NotEq)):
            option_nodes = [options]
        elif isinstance(operator, (ast.In, ast.NotIn)):
            example = self._without_in(declared.name, operator, options)
            raise self._refuse(node, "XH351", example=example)
        else:
            raise self._refuse(node, "XH203", found=_operator_name(operator))
        names = self._try_all(option_nodes, lambda option: self._option(declared, option))
        test = ex.ChoiceIn(declared.name, frozenset(names))
        return ex.Not(test) if isinstance(operator, (ast.NotEq, ast.NotIn)) else test

    def _option(self, declared: Input, node: ast.expr) -> str:
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and value in declared.choices:
            return value
        word = value if isinstance(value, str) else self._source_of(node)
        likely = self._scope.suggest(word, declared.choices) or ""
        raise self._refuse(
            node,
            "XH205",
            found=f"'{value}'" if isinstance(value, str) else word,
            input=declared.name,
            choices=", ".join(f'"{choice}"' for choice in declared.choices),
            **{"hint" if isinstance(value, str) else "quoted": likely},
        )

    def _source_of(self, node: ast.AST) -> str:
        """Return the source text of a part."""
        return ast.get_source_segment(self._text, node) or ""

    # Numbers

    def number(self, node: ast.expr) -> _Typed:
        """Return the number of `node` and its kind."""
        match node:
            case ast.Constant(value) if isinstance(value, (int, float, complex)) and not isinstance(
                value, bool
            ):
                return self._literal(node)
            case ast.Name(name):
                return self._number_name(node, name)
            case ast.UnaryOp(ast.USub(), operand):
                tree, kind = self._computable(operand)
                return ex.Sum(((Fraction(-1), tree),)), kind
            case ast.BinOp(left, operator, right):
                return self._arithmetic(node, left, operator, right)
            case ast.IfExp(test, body, orelse):
                return self._conditional(test, body, orelse)
            case ast.Call(ast.Name(name), arguments, []):
                return self._call(node, name, arguments)
            case _:
                raise self._mismatch(node, "number")

    def _literal(self, node: ast.Constant) -> _Typed:
        text = self._source_of(node)
        digits = text.removesuffix("%")
        if not _DECIMAL.fullmatch(digits):
            raise self._refuse(node, "XH210", found=text)
        if digits != text:
            percent = ex.Constant(Fraction(digits) / 100, kind=NumberKind.FRACTION)
            return percent, NumberKind.FRACTION
        return ex.Constant(Fraction(digits)), NumberKind.NUMBER

    def _day(self, node: ast.expr, text: str) -> ex.Constant:
        try:
            return ex.Constant(Fraction(iso_day(text).toordinal()), kind=NumberKind.DATE)
        except ValueError:
            raise self._refuse(node, "XH214", found=text) from None

    def _number_name(self, node: ast.expr, name: str) -> _Typed:
        if name == "unknown":
            return ex.Unknown(), NumberKind.NUMBER
        if name == "as_of":
            return ex.AsOf(), NumberKind.DATE
        if self._scope.in_level and name in _LEVEL_NAMES:
            trees: dict[str, _Typed] = {
                "points": (ex.AllPoints(), NumberKind.NUMBER),
                "percent": (ex.Percent(), NumberKind.FRACTION),
                "lowest_indicator": (ex.LowestIndicator(), NumberKind.NUMBER),
            }
            return trees[name]
        share = self._scope.shares.get(name)
        if share is not None:
            return share, NumberKind.FRACTION
        definition = self._scope.definitions.get(name)
        if definition is not None and definition.kind is not None:
            return self._named(node, definition), definition.kind  # type: ignore[return-value]
        dated = self._scope.values.get(name)
        if dated is not None:
            return dated, dated.kind or NumberKind.NUMBER
        declared = self._scope.inputs.get(name)
        if declared is None or not (declared.kind.numeric or declared.kind is InputType.DATE):
            raise self._mismatch(node, "number")
        kinds = {InputType.DATE: NumberKind.DATE, InputType.SHARE: NumberKind.FRACTION}
        return ex.NumberInput(name), kinds.get(declared.kind, NumberKind.NUMBER)

    def _computable(self, node: ast.expr) -> _Typed:
        """Return a number that allows arithmetic: neither a ratio nor unknown."""
        tree, kind = self.number(node)
        if any(isinstance(part, (ex.ShareOf, ex.Percent)) for part in ex.walk(tree)):
            raise self._refuse(node, "XH209")
        if any(map(_is_unknown, ex.walk(tree))):
            raise self._refuse(node, "XH216")
        return tree, kind

    def _arithmetic(
        self, node: ast.expr, left: ast.expr, operator: ast.operator, right: ast.expr
    ) -> _Typed:
        if not isinstance(operator, (ast.Add, ast.Sub, ast.Mult)):
            raise self._refuse(node, "XH203", found=_operator_name(operator))
        (first, kind), (second, other) = self._try_all([left, right], self._computable)
        if isinstance(operator, ast.Mult):
            if NumberKind.DATE in (kind, other):
                raise self._refuse(node, "XH204", expected="number", found="date")
            fractions = kind is other is NumberKind.FRACTION
            return _multiply(first, second), NumberKind.FRACTION if fractions else NumberKind.NUMBER
        sign = Fraction(-1 if isinstance(operator, ast.Sub) else 1)
        total = ex.Sum(((Fraction(1), first), (sign, second)))
        if kind is NumberKind.DATE and other is NumberKind.DATE and sign < 0:
            return total, NumberKind.NUMBER
        if kind is NumberKind.DATE and other is NumberKind.NUMBER:
            return total, NumberKind.DATE
        if kind is not other:
            raise self._refuse(node, "XH204", expected=kind.value, found=other.value)
        return total, kind

    def _conditional(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> _Typed:
        first, second = self._try_all([body, orelse], self.number)
        condition = self.condition(test)
        (then, kind), (other, other_kind) = first, second
        known = other_kind if _is_unknown(then) else kind
        if kind is not other_kind and not (_is_unknown(then) or _is_unknown(other)):
            raise self._refuse(orelse, "XH204", expected=kind.value, found=other_kind.value)
        return ex.NumberIf(condition, then, other), known

    def _call(self, node: ast.expr, name: str, arguments: list[ast.expr]) -> _Typed:
        if name == "points_of" and self._scope.in_level:
            return ex.PointsOf(self._node_id(node, arguments)), NumberKind.NUMBER
        if name == "percent_of" and self._scope.in_level:
            return ex.Percent(self._node_id(node, arguments)), NumberKind.FRACTION
        if name not in _FUNCTIONS:
            raise self._mismatch(node, "number")
        if not arguments or (name == "share" and len(arguments) != 2):
            raise self._refuse(node, "XH207", found=name)
        typed: list[_Typed] = self._try_all(arguments, self._computable)
        kinds = {kind for _, kind in typed}
        if len(kinds) > 1 or (NumberKind.DATE in kinds and name in ("share", "sum")):
            actual = "date" if NumberKind.DATE in kinds else "fraction"
            raise self._refuse(node, "XH204", expected="number", found=actual)
        trees = tuple(tree for tree, _ in typed)
        if name == "share":
            return ex.ShareOf(trees[0], trees[1]), NumberKind.FRACTION
        if name == "sum":
            return ex.Sum(tuple((Fraction(1), tree) for tree in trees)), typed[0][1]
        return ex.Extreme(name == "max", trees), typed[0][1]

    def _node_id(self, node: ast.expr, arguments: list[ast.expr]) -> str:
        argument = arguments[0] if len(arguments) == 1 else None
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            raise self._refuse(node, "XH207", found="met / points_of / percent_of")
        if argument.value not in self._scope.nodes:
            raise self._refuse(
                argument,
                "XH208",
                found=argument.value,
                hint=self._scope.suggest(argument.value, self._scope.nodes) or "",
            )
        return argument.value

    def _mismatch(self, node: ast.expr, expected: str) -> _Refused:
        """Record why `node` is not of the `expected` type, "condition" or "number"."""
        match node:
            case ast.Name(name) if name in self._scope.inputs or name in self._scope.names:
                declared = self._scope.inputs.get(name)
                actual = declared.kind.value if declared else name
                if name in self._scope.shares:
                    actual = InputType.SHARE.value
                if name in self._scope.values:
                    actual = self._scope.values[name].kind or NumberKind.NUMBER
                if name in self._scope.definitions:
                    actual = self._scope.definitions[name].kind or "condition"
                return self._refuse(node, "XH204", expected=expected, found=actual)
            case ast.Name(name) if name in _LEVEL_NAMES:
                return self._refuse(node, "XH212", found=name)
            case ast.Name(name):
                likely = self._scope.suggest(name, self._scope.names) or ""
                return self._refuse(node, "XH202", found=name, hint=likely)
            case ast.Call(ast.Name(name)) if name in _LEVEL_FUNCTIONS and not self._scope.in_level:
                return self._refuse(node, "XH212", found=name)
            case ast.Call(ast.Name(name)) if name not in _FUNCTIONS | _LEVEL_FUNCTIONS:
                known = _FUNCTIONS | (_LEVEL_FUNCTIONS if self._scope.in_level else set())
                hint = self._scope.suggest(name, known) or ""
                return self._refuse(
                    node, "XH206", found=name, known=", ".join(sorted(known)), hint=hint
                )
            case ast.Constant(str()):
                return self._refuse(node, "XH204", expected=expected, found="text")
            case ast.Constant() | ast.BinOp() | ast.UnaryOp() | ast.BoolOp() | ast.Compare():
                return self._refuse(node, "XH204", expected=expected, found=_kind_name(node))
            case ast.Call(ast.Name()):
                return self._refuse(node, "XH204", expected=expected, found=_kind_name(node))
            case _:
                return self._refuse(node, "XH203", found=self._source_of(node))


def shares_of_members(inputs: Iterable[Input]) -> dict[str, ex.ShareOf]:
    """Return the shares of members among some inputs, by declared name."""
    shares = dict.fromkeys(declared.part_of for declared in inputs if declared.part_of)
    return {share.name: _share_of(*share_parts(share)) for share in shares if share}


def _share_of(matching: Input, others: Input) -> ex.ShareOf:
    part, one = ex.NumberInput(matching.name), Fraction(1)
    return ex.ShareOf(part, ex.Sum(((one, part), (one, ex.NumberInput(others.name)))))


def _multiply(left: ex.Number, right: ex.Number) -> ex.Number:
    for constant, other in ((left, right), (right, left)):
        if isinstance(constant, ex.Constant):
            return ex.Sum(((constant.value, other),))
    return ex.Product(left, right)


def _constant_cases(tree: ex.Number) -> bool:
    if isinstance(tree, ex.NumberIf):
        return all(_constant_cases(case) for case in (tree.then, tree.other))
    return isinstance(tree, (ex.Constant, ex.Unknown, ex.Dated))


def _is_unknown(tree: object) -> bool:
    """Return whether a number is unknown on every day."""
    return isinstance(tree, ex.Unknown) or (isinstance(tree, ex.Dated) and tree.kind is None)


def _is_up_to_one(tree: ex.Number) -> bool:
    """Return whether a number is a constant, on each day, of at most 1 in absolute value."""
    if isinstance(tree, ex.Dated):
        return all(abs(step.value) <= 1 for step in tree.steps if step.value is not None)
    return isinstance(tree, ex.Constant) and abs(tree.value) <= 1


_NAMES: Mapping[type[ast.AST], str] = {
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.BoolOp: "condition",
    ast.Compare: "condition",
    ast.BinOp: "number",
    ast.UnaryOp: "number",
    ast.Constant: "number",
    ast.Call: "number",
}


def _operator_name(operator: ast.AST) -> str:
    return _NAMES.get(type(operator), type(operator).__name__)


def _kind_name(node: ast.AST) -> str:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return "condition"
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return "condition"
    return _NAMES.get(type(node), type(node).__name__.lower())
