"""Conditions and numbers as sentences in both languages, with the current values where known.

`Wording` takes the labels from a `Vocabulary` and the values from a `Situation`. A label stays as
the profile writes it. In a sentence of several parts it is in quotation marks, since a label may
itself contain commas, "và" or "or".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias, assert_never

from attrs import frozen

from xhht import labels
from xhht.dates import day_text, months_text
from xhht.numbers import decimal_label, percent_label, share_label
from xhht.rules import expressions as ex
from xhht.rules.expressions import NumberKind
from xhht.rules.inputs import InputType
from xhht.rules.ranges import Range, Ranges, Situation, Vocabulary, share_of_members
from xhht.text import Text, join

__all__ = ["Wording", "capitalized"]

Tree: TypeAlias = "ex.Condition | ex.Number"


class _Relation(StrEnum):
    """How the first side of a comparison relates to the second."""

    AT_LEAST = "at_least"
    MORE = "more"
    AT_MOST = "at_most"
    LESS = "less"
    EQUAL = "equal"
    UNEQUAL = "unequal"

    @property
    def mirrored(self) -> _Relation:
        """The relation of the second side to the first."""
        return _MIRRORED.get(self, self)

    @property
    def opposite(self) -> _Relation:
        """The relation that holds when this one does not."""
        return _OPPOSITE[self]


_MIRRORED: Final = {
    _Relation.AT_LEAST: _Relation.AT_MOST,
    _Relation.AT_MOST: _Relation.AT_LEAST,
    _Relation.MORE: _Relation.LESS,
    _Relation.LESS: _Relation.MORE,
}
_OPPOSITE: Final = {
    _Relation.AT_LEAST: _Relation.LESS,
    _Relation.LESS: _Relation.AT_LEAST,
    _Relation.MORE: _Relation.AT_MOST,
    _Relation.AT_MOST: _Relation.MORE,
    _Relation.EQUAL: _Relation.UNEQUAL,
    _Relation.UNEQUAL: _Relation.EQUAL,
}
_SIGNS: Final = {">=": _Relation.AT_LEAST, ">": _Relation.MORE, "==": _Relation.EQUAL}


class _Threshold(NamedTuple):
    """A threshold as text, and the remarks that explain it."""

    text: Text
    notes: tuple[Text, ...] = ()
    is_number: bool = True


@frozen
class _Comparison:
    """A comparison, with what varies among subjects on its first side."""

    relation: _Relation
    subject: ex.Number
    other: ex.Number
    kind: NumberKind


class Wording:
    """Writes expressions as sentences.

    Args:
        vocabulary: the labels.
        situation: the values of a subject, or None to write the rule alone.
    """

    def __init__(self, vocabulary: Vocabulary, situation: Situation | None = None) -> None:
        self._vocabulary = vocabulary
        self._situation = situation
        self._ranges = Ranges(vocabulary, situation) if situation else None

    def level(self, level: str) -> Text:
        """Return the name of a level."""
        return self._vocabulary.level(level)

    def sentence(self, tree: Tree) -> Text:
        """Return an expression as a sentence without a full stop; it begins with a capital."""
        return capitalized(self._writer(is_composed=self._is_composed(tree)).of(tree))

    def clause(self, tree: Tree, *, shows_now: bool = True) -> Text:
        """Return an expression as a part of a sentence, with the current values or without."""
        is_composed = isinstance(tree, ex.TruthInput) or self._is_composed(tree)
        return self._writer(is_composed=is_composed).of(tree, shows_now=shows_now)

    def lines(self, tree: Tree) -> tuple[tuple[int, Text], ...]:
        """Return an expression as lines, each with its depth from 0.

        There is one line, or for conditions nested three times and more an outline.
        """
        if _nesting(tree) < _DEEP:
            return ((0, self.clause(tree)),)
        return tuple(self._writer(is_composed=True).outline(tree))

    def _is_composed(self, tree: Tree) -> bool:
        """Return whether a sentence has several parts or labels that could be misread as one."""
        if tree.definition is not None:
            return False
        if isinstance(tree, ex.Not):
            return self._is_composed(tree.of)
        if isinstance(tree, _COMPOSED):
            return True
        if isinstance(tree, ex.ShareOf) and share_of_members(self._vocabulary, tree) is not None:
            return False
        if isinstance(tree, (ex.Compare, ex.ShareOf)):
            return any(map(self._is_composed, _sides(tree)))
        return False

    def _writer(self, *, is_composed: bool) -> _Writer:
        return _Writer(self._vocabulary, self._situation, self._ranges, is_composed)


def capitalized(text: Text) -> Text:
    """Return a text whose first letter is a capital.

    >>> capitalized(Text(vi="tổng điểm", en="total points")).vi
    'Tổng điểm'
    """
    return Text(vi=text.vi[:1].upper() + text.vi[1:], en=text.en[:1].upper() + text.en[1:])


# The words


class _Writer:
    """Writes one sentence; in a composed one, labels are in quotation marks."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        situation: Situation | None,
        ranges: Ranges | None,
        is_composed: bool,
    ) -> None:
        self._vocabulary = vocabulary
        self._situation = situation
        self._ranges = ranges
        self._is_composed = is_composed

    def of(self, tree: Tree, *, shows_now: bool = True) -> Text:
        """Return a condition or a number."""
        if isinstance(tree, _CONDITIONS):
            return self._condition(tree, is_denied=False, shows_now=shows_now)
        kind = self._kind(tree) or NumberKind.NUMBER
        now = self._now(tree, kind) if shows_now else ()
        return self._with_notes(self._number(tree, kind), now)

    # Conditions

    def _condition(self, tree: ex.Condition, *, is_denied: bool, shows_now: bool = True) -> Text:
        if tree.definition is not None:
            return self._defined(tree, tree.definition, is_denied, shows_now)
        match tree:
            case ex.TruthConstant(value):
                return _ALWAYS if value is not is_denied else _NEVER
            case ex.Unknown():
                return _UNKNOWN_CONDITION
            case ex.TruthInput(name):
                text = self._truth(name, is_denied)
                notes = self._truth_now(name, is_denied) if shows_now else ()
                return self._with_notes(text, notes)
            case ex.ChoiceIn(name, options):
                text = self._choice(name, options, is_denied)
                return self._with_notes(text, self._choice_now(name) if shows_now else ())
            case ex.Met(node):
                text = (_NOT_MET if is_denied else _MET).format(node=self._criterion(node))
                return self._with_notes(text, self._met_now(node) if shows_now else ())
            case ex.Not(of):
                return self._condition(of, is_denied=not is_denied, shows_now=shows_now)
            case ex.All() | ex.Any_():
                guarded = _guarded(tree, is_denied)
                if guarded is not None:
                    return self._only_if(*guarded, shows_now)
                parts = self._parts(tree, is_denied, shows_now)
                return _listed(parts, _OR if isinstance(tree, ex.Any_) is not is_denied else _AND)
            case ex.Compare():
                return self._comparison(_comparison_of(tree, self._kind, is_denied), shows_now)
            case ex.TruthIf():
                return self._case(tree, is_denied, shows_now)
            case _:
                assert_never(tree)

    def _defined(self, tree: ex.Condition, name: str, is_denied: bool, shows_now: bool) -> Text:
        """Return a condition that has a name, by its label."""
        text = self._stated(self._vocabulary.definition(name), is_denied)
        if not shows_now or self._ranges is None:
            return text
        truth = self._known_truth(tree)
        value = _NOT_KNOWN if truth is None else (_FALSE, _TRUE)[truth is not is_denied]
        return self._with_notes(text, (_IS_NOW.format(value=value),))

    def _truth(self, name: str, is_denied: bool) -> Text:
        declared = self._vocabulary.input(name).declared_input
        return self._stated(self._vocabulary.label(declared.name), is_denied)

    def _stated(self, label: Text, is_denied: bool) -> Text:
        """Return the label of a truth as a statement, or its denial."""
        if not is_denied:
            return _quoted(label) if self._is_composed else label
        vi = _NOT_THE_CASE.vi.format(label=label.vi)
        first, _, rest = label.vi.partition(" ")
        if first in _VERBS and not any(sign in label.vi for sign in _SEPARATORS):
            vi = f"{_DENIALS.get(first, 'không')} {first.lower()} {rest}"
        return Text(vi=vi, en=_NOT_THE_CASE.en.format(label=label.en))

    def _choice(self, name: str, options: frozenset[str], is_denied: bool) -> Text:
        declared = self._vocabulary.input(name)
        names = [
            _quoted(self._vocabulary.option(name, option))
            for option in declared.choices
            if option in options
        ]
        if len(names) > 1:
            template = _IS_NONE_OF if is_denied else _IS_ONE_OF
        else:
            template = _IS_NOT if is_denied else _IS
        return template.format(label=self._input(name), options=join(names, ", "))

    def _only_if(self, rest: ex.Condition, guard: ex.Condition, shows_now: bool) -> Text:
        """Return what is asked only if another condition holds."""
        truth = self._known_truth(guard) if shows_now else None
        text = self._condition(rest, is_denied=False, shows_now=shows_now and truth is not False)
        if isinstance(rest, _LISTS) and rest.definition is None:
            text = _bracketed(text)
        reason = self._condition(guard, is_denied=False, shows_now=shows_now)
        if isinstance(guard, _LISTS) and guard.definition is None:
            reason = _bracketed(reason)
        return (_NOT_ASKED if truth is False else _ONLY_IF).format(text=text, condition=reason)

    def _parts(self, tree: ex.All | ex.Any_, is_denied: bool, shows_now: bool) -> list[Text]:
        """Return the parts of a list; a list of the other kind inside it is in brackets."""
        texts: list[Text] = []
        parts = _flattened(tree, is_denied)
        if isinstance(tree, ex.All) is not is_denied:
            met = [
                part
                for part, denied in parts
                if isinstance(part, ex.Met) and not denied and part.definition is None
            ]
            if len(set(met)) > 1:
                texts.append(self._all_met(met, shows_now))
                parts = [(part, denied) for part, denied in parts if denied or part not in met]
        for part, denied in _joined(parts):
            if isinstance(part, _Between):
                texts.append(self._between(part, shows_now))
                continue
            text = self._condition(part, is_denied=denied, shows_now=shows_now)
            is_list = isinstance(part, _LISTS) and part.definition is None
            texts.append(_bracketed(text) if is_list else text)
        return list(dict.fromkeys(texts))

    def _all_met(self, nodes: Sequence[ex.Met], shows_now: bool) -> Text:
        """Return that several criteria are met."""
        names = (
            self._with_notes(
                self._criterion(met.node), self._met_now(met.node) if shows_now else ()
            )
            for met in dict.fromkeys(nodes)
        )
        return _ALL_MET.format(nodes=_series(list(names)))

    def _between(self, pair: _Between, shows_now: bool) -> Text:
        kind = self._kind(pair.subject) or NumberKind.NUMBER
        unit = self._unit(pair.subject)
        text = _BETWEEN[pair.is_open_below, pair.is_open_above].format(
            subject=self._number(pair.subject, kind),
            lower=_constant(pair.lower, kind),
            upper=unit.format(number=_constant(pair.upper, kind)),
        )
        return self._with_notes(text, self._now(pair.subject, kind) if shows_now else ())

    def _case(self, tree: ex.TruthIf, is_denied: bool, shows_now: bool) -> Text:
        sides = [
            self._condition(side, is_denied=is_denied, shows_now=shows_now)
            for side in (tree.then, tree.other)
        ]
        truth = self._known_truth(tree.condition)
        if truth is not None:
            return _BECAUSE.format(
                text=sides[not truth], reason=self._reason(tree.condition, truth)
            )
        condition = self._condition(tree.condition, is_denied=False, shows_now=shows_now)
        return _IF_ELSE.format(condition=condition, then=sides[0], other=sides[1])

    def _reason(self, condition: ex.Condition, truth: bool) -> Text:
        return self._condition(condition, is_denied=not truth, shows_now=False)

    def _known_truth(self, condition: ex.Condition) -> bool | None:
        if self._ranges is None:
            return None
        certain, possible = self._ranges.truth(condition)
        return certain if certain == possible else None

    # Comparisons

    def _comparison(self, compared: _Comparison, shows_now: bool) -> Text:
        kind, relation, subject = compared.kind, compared.relation, compared.subject
        now = self._now_of(compared) if shows_now else ()
        if not _is_threshold(compared.other):
            templates = _DATES if kind is NumberKind.DATE else _SIDES
            sides = (self._number(side, kind) for side in (subject, compared.other))
            text = templates[relation].format(**dict(zip(("subject", "mark"), sides, strict=True)))
            return self._with_notes(text, now)
        if self._is_unknown(compared.other):
            template = _UNKNOWN_MARKS.get(relation, _UNKNOWN_EXACT)
            return self._with_notes(template.format(subject=self._number(subject, kind)), now)
        mark = self._threshold(compared.other, kind)
        notes = (*mark.notes, *now)
        ratio = self._ratio(subject)
        if ratio is not None:
            is_all = compared.other == ex.Constant(Fraction(1))
            template = _ALL_OF if is_all and relation is _Relation.AT_LEAST else _SHARES[relation]
            part, total = ratio
            return self._with_notes(template.format(part=part, mark=mark.text, total=total), notes)
        templates = _DATES if kind is NumberKind.DATE else _NUMBERS
        if isinstance(subject, _TOTALS):
            templates = _POINTS
        has_unit = mark.is_number and kind is NumberKind.NUMBER
        unit = self._unit(subject) if has_unit else _PLAIN
        text = templates[relation].format(
            subject=self._number(subject, kind), mark=unit.format(number=mark.text)
        )
        return self._with_notes(text, notes)

    def _ratio(self, subject: ex.Number) -> tuple[Text, Text] | None:
        """Return part and total of a share of two numbers."""
        if subject.definition is not None:
            return None
        if isinstance(subject, ex.Percent):
            return self._points_of(subject), self._available(subject)
        if isinstance(subject, ex.ShareOf) and share_of_members(self._vocabulary, subject) is None:
            number = NumberKind.NUMBER
            return self._number(subject.numerator, number), self._number(
                subject.denominator, number
            )
        return None

    def _points_of(self, percent: ex.Percent) -> Text:
        if percent.node is None:
            return _TOTAL_POINTS
        return _POINTS_OF.format(node=self._criterion(percent.node))

    def _available(self, percent: ex.Percent) -> Text:
        if percent.node is None:
            return _AVAILABLE
        return _AVAILABLE_OF.format(node=self._criterion(percent.node))

    def _threshold(self, tree: ex.Number, kind: NumberKind) -> _Threshold:
        """Return a threshold: the number that counts, and why where it depends on the subject."""
        if tree.definition is not None:
            label = _quoted(self._vocabulary.definition(tree.definition))
            ends = self._ranges.number(tree) if self._ranges else None
            if ends is None or ends[0] != ends[1]:
                return _Threshold(label, is_number=False)
            text = _constant(ends[0], kind)
            return _Threshold(text, (_NAMED.format(text=text, label=label),))
        match tree:
            case ex.NumberIf(condition, then, other):
                sides = [self._threshold(side, kind) for side in (then, other)]
                truth = self._known_truth(condition)
                if truth is not None:
                    mark, reason = sides[not truth], self._reason(condition, truth)
                    note = _BECAUSE_OF.format(text=mark.text, reason=reason)
                    return mark._replace(notes=(note, *mark.notes))
                note = _EITHER_NOTE.format(
                    then=sides[0].text,
                    condition=self._reason(condition, truth=True),
                    other=sides[1].text,
                )
                notes = (note, *sides[0].notes, *sides[1].notes)
                return _Threshold(_EITHER.format(then=sides[0].text, other=sides[1].text), notes)
            case ex.Dated():
                return self._dated(tree, kind)
            case _:
                return _Threshold(self._number(tree, kind))

    def _dated(self, value: ex.Dated, kind: NumberKind) -> _Threshold:
        """Return a dated value: its number on the day, or its label with all of its numbers."""
        label = _quoted(self._vocabulary.value(value.name))
        steps = [value.on(self._situation.day)] if self._situation else list(value.steps)
        texts = [(_step_number(step, value.kind or kind), step) for step in steps]
        if len(texts) == 1:
            [(text, step)] = texts
            template = _NAMED if step.start is None else _NAMED_SINCE
            day = "" if step.start is None else day_text(step.start)
            return _Threshold(text, (template.format(text=text, label=label, day=day),))
        listed = (
            _STEP.format(number=text, day=day_text(step.start)) if step.start else text
            for text, step in texts
        )
        return _Threshold(label, (join(listed, "; "),), is_number=False)

    def _is_unknown(self, tree: ex.Number) -> bool:
        if isinstance(tree, ex.Dated):
            steps = [tree.on(self._situation.day)] if self._situation else tree.steps
            return all(step.value is None for step in steps)
        return isinstance(tree, ex.Unknown)

    # Numbers

    def _number(self, tree: ex.Number, kind: NumberKind) -> Text:  # noqa: C901 - one case a node
        if tree.definition is not None:
            label = self._vocabulary.definition(tree.definition)
            return _quoted(label) if self._is_composed else label
        match tree:
            case ex.Constant(value):
                return _constant(value, kind)
            case ex.Unknown():
                return _UNKNOWN_NUMBER
            case ex.Dated():
                return _quoted(self._vocabulary.value(tree.name))
            case ex.NumberInput(name):
                return self._input(name)
            case ex.AsOf(months):
                return _MONTHS_BEFORE.format(months=months_text(months)) if months else _AS_OF
            case ex.Sum():
                return self._sum(tree, kind)
            case ex.Product(left, right):
                return _TIMES.format(left=self._of(left), right=self._of(right))
            case ex.Extreme(greatest, of):
                names = _DATE_EXTREMES if kind is NumberKind.DATE else _EXTREMES
                parts = [self._number(part, kind) for part in of]
                return names[greatest].format(parts=_listed(parts, _AND))
            case ex.NumberIf(condition, then, other):
                return _bracketed(
                    _CASE.format(
                        condition=self._reason(condition, truth=True),
                        then=self._number(then, kind),
                        other=self._number(other, kind),
                    )
                )
            case ex.ShareOf(numerator, denominator):
                members = share_of_members(self._vocabulary, tree)
                if members is not None:
                    return self._input(members)
                return _SHARE.format(part=self._of(numerator), total=self._of(denominator))
            case ex.AllPoints():
                return _TOTAL_POINTS
            case ex.Percent():
                return _SHARE.format(part=self._points_of(tree), total=self._available(tree))
            case ex.PointsOf(node):
                return _POINTS_OF.format(node=self._criterion(node))
            case ex.LowestIndicator():
                return _LOWEST
            case _:
                assert_never(tree)

    def _of(self, tree: ex.Number) -> Text:
        return self._number(tree, self._kind(tree) or NumberKind.NUMBER)

    def _input(self, name: str) -> Text:
        label = self._vocabulary.label(self._vocabulary.input(name).declared_input.name)
        return _quoted(label) if self._is_composed else label

    def _criterion(self, node: str) -> Text:
        label = self._vocabulary.criterion(node)
        return _quoted(label) if self._is_composed else label

    def _sum(self, tree: ex.Sum, kind: NumberKind) -> Text:
        terms = [*_terms(tree)]
        days = [(factor, part) for factor, part in terms if self._kind(part) is NumberKind.DATE]
        if len(days) == 2 == len(terms) and {factor for factor, _ in days} == {1, -1}:
            start, end = sorted(days, key=lambda term: term[0])
            date_kind = NumberKind.DATE
            return _DAYS.format(
                start=self._number(start[1], date_kind), end=self._number(end[1], date_kind)
            )
        kinds = [self._kind(part) for _, part in terms]
        texts = [
            (factor > 0, self._term(abs(factor), part, part_kind or _plain_kind(kind)))
            for (factor, part), part_kind in zip(terms, kinds, strict=True)
        ]
        if len(texts) > 1 and all(is_added for is_added, _ in texts):
            return _SUM.format(parts=_series([text for _, text in texts]))
        texts.sort(key=lambda term: not term[0])
        (is_added, total), *others = texts
        total = total if is_added else _MINUS.format(part=total)
        for is_added, text in others:
            total = (_PLUS if is_added else _TAKE_OFF).format(total=total, part=text)
        return total

    def _term(self, factor: Fraction, part: ex.Number, kind: NumberKind) -> Text:
        if isinstance(part, ex.Constant):
            return _constant(factor * part.value, kind)
        text = self._number(part, kind)
        if factor == 1:
            return text
        if factor < 1:
            return _PART.format(percent=share_label(factor), part=text)
        return _MULTIPLE.format(factor=decimal_label(factor), part=text)

    def _kind(self, tree: ex.Number) -> NumberKind | None:  # noqa: C901 - one case a node
        """Return the kind of a number, or None if it follows from the other side."""
        match tree:
            case ex.Unknown():
                return None
            case ex.Constant() | ex.Dated():
                return tree.kind
            case ex.NumberInput(name):
                return _INPUT_KINDS.get(self._vocabulary.input(name).kind, NumberKind.NUMBER)
            case ex.AsOf():
                return NumberKind.DATE
            case ex.Sum(of):
                kinds = [self._kind(part) for _, part in of]
                if kinds.count(NumberKind.DATE) == 1:
                    return NumberKind.DATE
                if NumberKind.DATE in kinds:
                    return NumberKind.NUMBER
                return next((kind for kind in kinds if kind), None)
            case ex.Product(left, right):
                kinds = [self._kind(left), self._kind(right)]
                is_fraction = kinds == [NumberKind.FRACTION, NumberKind.FRACTION]
                return NumberKind.FRACTION if is_fraction else NumberKind.NUMBER
            case ex.Extreme(_, of):
                return next((kind for kind in map(self._kind, of) if kind), None)
            case ex.NumberIf(_, then, other):
                return self._kind(then) or self._kind(other)
            case ex.ShareOf() | ex.Percent():
                return NumberKind.FRACTION
            case ex.AllPoints() | ex.PointsOf() | ex.LowestIndicator():
                return NumberKind.NUMBER
            case _:
                assert_never(tree)

    def _unit(self, tree: ex.Number) -> Text:
        """Return the template of a number with the unit of what it is compared with."""
        if isinstance(tree, _TOTALS):
            return _IN_POINTS
        if isinstance(tree, ex.Sum) and self._kind(tree) is NumberKind.NUMBER:
            kinds = [self._kind(part) for _, part in _terms(tree)]
            if NumberKind.DATE in kinds:
                return _IN_DAYS
        if isinstance(tree, ex.Product):
            return _PLAIN
        inputs = [node for node in ex.walk(tree) if isinstance(node, ex.NumberInput)]
        units = {self._unit_of(node.name) for node in inputs}
        if len(units) != 1:
            return _PLAIN
        unit = units.pop()
        return Text(vi=f"{{number}} {unit.vi}", en=f"{{number}} {unit.en}") if unit else _PLAIN

    def _unit_of(self, name: str) -> Text | None:
        declared = self._vocabulary.input(name).declared_input
        unit = self._vocabulary.unit(declared.name)
        return _POINTS_UNIT if unit is None and declared.kind is InputType.ASSESSED else unit

    # Current values

    def _with_notes(self, text: Text, notes: Iterable[Text]) -> Text:
        listed = join(notes, "; ")
        return _NOTED.format(text=text, notes=listed) if listed.vi else text

    def _truth_now(self, name: str, is_denied: bool) -> Iterator[Text]:
        """Yield the value of a truth where the sentence has other parts too."""
        if self._situation is not None and self._is_composed:
            lower, upper = self._situation.ends(name)
            known = (_FALSE, _TRUE)[not lower] if is_denied else (labels.NO, labels.YES)[lower]
            yield _IS_NOW.format(value=known if lower == upper else _NOT_KNOWN)

    def _choice_now(self, name: str) -> Iterator[Text]:
        if self._situation is not None:
            declared = self._vocabulary.input(name)
            options = declared.options(self._situation.ends(name)[1])
            names = join((self._vocabulary.option(name, option) for option in options), " / ")
            is_open = len(options) == len(declared.choices) > 1
            yield _IS_NOW.format(value=_NOT_KNOWN if is_open else names)

    def _met_now(self, node: str) -> Iterator[Text]:
        if self._situation is not None:
            yield _IS_NOW.format(value=self._situation.status(node))

    def _now_of(self, compared: _Comparison) -> tuple[Text, ...]:
        if self._ranges is None or _is_threshold(compared.subject):
            return ()
        if _is_threshold(compared.other):
            return self._now(compared.subject, compared.kind)
        sides = [self._value(side, compared.kind) for side in (compared.subject, compared.other)]
        return (_NOW_AGAINST.format(value=sides[0], other=sides[1]),)

    def _now(self, tree: ex.Number, kind: NumberKind) -> tuple[Text, ...]:
        """Return the current value of a number as a remark."""
        if self._ranges is None:
            return ()
        return (_NOW.format(value=self._value(tree, kind)),)

    def _value(self, tree: ex.Number, kind: NumberKind) -> Text:
        assert self._ranges is not None
        if self._is_open(tree):
            return _NOT_KNOWN
        if isinstance(tree, (ex.ShareOf, ex.Percent)):
            return self._share_now(tree)
        ends = self._ranges.number(tree)
        return _NOT_KNOWN if ends is None else _range(ends, kind)

    def _is_open(self, tree: ex.Number) -> bool:
        """Return whether a number reads an input of which nothing is known."""
        assert self._situation is not None
        for name in ex.input_names(tree):
            declared = self._vocabulary.input(name)
            lower, upper = self._situation.ends(name)
            most = [declared.domain[1]]
            if declared.at_most is not None:
                most.append(self._situation.ends(declared.at_most)[1])
            if lower == declared.domain[0] < upper and upper in most:
                return True
        return False

    def _share_now(self, share: ex.ShareOf | ex.Percent) -> Text:
        assert self._ranges is not None
        part, total = self._ranges.sides(share)
        if part is None or total is None:
            return _NOT_KNOWN
        counts = _OUT_OF if part[0] == part[1] and total[0] == total[1] else _OUT_OF_RANGES
        number = NumberKind.NUMBER
        text = counts.format(part=_range(part, number), total=_range(total, number))
        ratio = self._ranges.number(share)
        if ratio is None:
            return text
        if not self._has_counts(share):
            return _range(ratio, NumberKind.FRACTION)
        return _AS_PERCENT.format(counts=text, percent=_range(ratio, NumberKind.FRACTION))

    def _has_counts(self, share: ex.ShareOf | ex.Percent) -> bool:
        """Return whether the two numbers of a share were given or counted, not made of it."""
        if isinstance(share, ex.Percent):
            return True
        part = share_of_members(self._vocabulary, share)
        if part is None:
            return True
        assert self._situation is not None
        return self._situation.has_counts(self._vocabulary.input(part).declared_input.name)

    # Outlines

    def outline(self, tree: Tree, number: str = "") -> Iterator[tuple[int, Text]]:
        """Yield a nested condition as lines with their depth: what a list asks, then its parts."""
        depth = number.count(".")
        parts = _flattened(tree, is_denied=False) if isinstance(tree, _LISTS) else []
        if isinstance(tree, _LISTS) and (guarded := _guarded(tree, is_denied=False)) is not None:
            rest, guard = guarded
            yield depth, _line(number, _IF.format(condition=self.of(guard)))
            yield from self.outline(rest, f"{number}1.")
            return
        if not parts or (number and _nesting(tree) < 2):
            yield depth, _line(number, self.of(tree))
            return
        yield depth, _line(number, _ONE_OF if isinstance(tree, ex.Any_) else _ALL_THESE)
        for position, (part, is_denied) in enumerate(parts, 1):
            yield from self.outline(ex.Not(part) if is_denied else part, f"{number}{position}.")


def _line(number: str, text: Text) -> Text:
    return _LINE.format(number=number, text=text) if number else text


_Part: TypeAlias = tuple[ex.Condition, bool]


@frozen
class _Between:
    """A number that must be between two constants."""

    subject: ex.Number
    lower: Fraction
    upper: Fraction
    is_open_below: bool
    is_open_above: bool


def _flattened(tree: ex.Condition, is_denied: bool) -> list[_Part]:
    """Return the parts of a list and of the same lists inside it; `not` moves to the parts."""
    is_all = isinstance(tree, ex.All) is not is_denied
    parts: list[_Part] = []
    for part in tree.of if isinstance(tree, _LISTS) else ():
        denied = is_denied
        while isinstance(part, ex.Not) and part.definition is None:
            part, denied = part.of, not denied
        is_list = isinstance(part, _LISTS) and part.definition is None
        if is_list and (isinstance(part, ex.All) is not denied) is is_all:
            parts += _flattened(part, denied)
        else:
            parts.append((part, denied))
    return parts


def _guarded(tree: ex.All | ex.Any_, is_denied: bool) -> tuple[ex.Condition, ex.Condition] | None:
    """Return what a list asks, and the condition under which alone it does.

    `not a or b` asks `b` only if `a` holds. Only circumstances are such conditions: truths,
    options and definitions; None if there are none, or nothing else.
    """
    if isinstance(tree, ex.Any_) is is_denied:
        return None
    parts = _flattened(tree, is_denied)
    guards = [part for part, denied in parts if denied and _is_circumstance(part)]
    rest = [
        ex.Not(part) if denied else part
        for part, denied in parts
        if not (denied and _is_circumstance(part))
    ]
    if not guards or not rest:
        return None
    return (
        rest[0] if len(rest) == 1 else ex.Any_(tuple(rest)),
        guards[0] if len(guards) == 1 else ex.All(tuple(guards)),
    )


def _is_circumstance(part: ex.Condition) -> bool:
    return part.definition is not None or isinstance(part, (ex.TruthInput, ex.ChoiceIn))


def _joined(parts: Sequence[_Part]) -> Iterator[tuple[ex.Condition | _Between, bool]]:
    """Yield the parts of a list, two bounds of one number as one part."""
    pending = list(parts)
    while pending:
        part, is_denied = pending.pop(0)
        pair = _pair(part, pending[0][0]) if pending and not (is_denied or pending[0][1]) else None
        if pair is not None:
            pending.pop(0)
            yield pair, False
        else:
            yield part, is_denied


def _pair(first: ex.Condition, second: ex.Condition) -> _Between | None:
    """Return a lower and an upper bound of one number as one part."""
    if first.definition is not None or second.definition is not None:
        return None
    for lower, upper in ((first, second), (second, first)):
        match lower, upper:
            case (
                ex.Compare(one, subject, ex.Constant(least)),
                ex.Compare(other, ex.Constant(most), same),
            ) if subject == same and "==" not in (one, other) and not _is_threshold(subject):
                return _Between(subject, least, most, one == ">", other == ">")
    return None


def _comparison_of(
    tree: ex.Compare, kind_of: Callable[[ex.Number], NumberKind | None], is_denied: bool
) -> _Comparison:
    relation = _SIGNS[tree.sign]
    relation = relation.opposite if is_denied else relation
    kind = kind_of(tree.left) or kind_of(tree.right) or NumberKind.NUMBER
    if kind is NumberKind.NUMBER and NumberKind.FRACTION in map(kind_of, (tree.left, tree.right)):
        kind = NumberKind.FRACTION
    left_is_threshold, right_is_threshold = map(_is_threshold, (tree.left, tree.right))
    if left_is_threshold > right_is_threshold or (
        tree.is_swapped and left_is_threshold == right_is_threshold
    ):
        return _Comparison(relation.mirrored, tree.right, tree.left, kind)
    return _Comparison(relation, tree.left, tree.right, kind)


def _sides(tree: ex.Compare | ex.ShareOf) -> tuple[ex.Number, ex.Number]:
    if isinstance(tree, ex.Compare):
        return tree.left, tree.right
    return tree.numerator, tree.denominator


def _terms(tree: ex.Sum, scale: Fraction = Fraction(1)) -> Iterator[tuple[Fraction, ex.Number]]:
    """Yield the terms of a sum and of the sums in it."""
    for factor, part in tree.of:
        if isinstance(part, ex.Sum):
            yield from _terms(part, scale * factor)
        else:
            yield scale * factor, part


def _is_threshold(tree: ex.Number) -> bool:
    """Return whether a number depends on no fact, except on which of its cases applies."""
    match tree:
        case ex.NumberIf(_, then, other):
            return _is_threshold(then) and _is_threshold(other)
        case ex.Sum(of):
            return all(_is_threshold(part) for _, part in of)
        case ex.Extreme(_, of):
            return all(map(_is_threshold, of))
        case ex.Product(left, right):
            return _is_threshold(left) and _is_threshold(right)
        case _:
            return isinstance(tree, (ex.Constant, ex.Unknown, ex.Dated, ex.AsOf))


def _nesting(tree: Tree) -> int:
    """Return how many lists of conditions are inside one another."""
    if tree.definition is not None:
        return 0
    if isinstance(tree, _LISTS):
        return 1 + max(map(_nesting, tree.of), default=0)
    return _nesting(tree.of) if isinstance(tree, ex.Not) else 0


def _plain_kind(kind: NumberKind) -> NumberKind:
    """Return the kind of a constant that is added: to a date, days are added."""
    return NumberKind.NUMBER if kind is NumberKind.DATE else kind


def _constant(value: Fraction, kind: NumberKind) -> Text:
    match kind:
        case NumberKind.NUMBER:
            return decimal_label(value)
        case NumberKind.FRACTION:
            return percent_label(value * 100)
        case NumberKind.DATE:
            return _ON_DAY.format(day=day_text(date.fromordinal(int(value))))
        case _:
            assert_never(kind)


def _step_number(step: ex.Since, kind: NumberKind) -> Text:
    return _UNKNOWN_NUMBER if step.value is None else _constant(step.value, kind)


def _range(ends: Range, kind: NumberKind) -> Text:
    texts = list(dict.fromkeys(_displayed(end, kind) for end in ends))
    return texts[0] if len(texts) == 1 else _FROM_TO.format(lower=texts[0], upper=texts[1])


def _displayed(value: Fraction, kind: NumberKind) -> Text:
    if kind is NumberKind.FRACTION:
        is_exact = (value * 10_000).denominator == 1
        return share_label(value) if is_exact else _ABOUT.format(number=share_label(value))
    if kind is NumberKind.DATE:
        return day_text(date.fromordinal(int(value)))
    return decimal_label(value)


def _quoted(label: Text) -> Text:
    return Text(vi=f"“{label.vi}”", en=f"“{label.en}”")


def _bracketed(text: Text) -> Text:
    return (_SQUARE if "(" in text.vi + text.en else _ROUND).format(text=text)


def _listed(parts: Sequence[Text], last: Text) -> Text:
    """Return parts as a list, with a word before the last one."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        return last.format(first=parts[0], second=parts[1])
    return last.format(first=_ENDED.format(list=join(parts[:-1], "; ")), second=parts[-1])


def _series(parts: Sequence[Text]) -> Text:
    """Return the parts of one number, separated by commas."""
    return _AND.format(first=join(parts[:-1], ", "), second=parts[-1])


_DEEP: Final = 3
"""From this nesting on, a condition is written as an outline."""
_LISTS: Final = (ex.All, ex.Any_)
_TOTALS: Final = (ex.AllPoints, ex.PointsOf, ex.LowestIndicator)
_COMPOSED: Final = (
    *_LISTS,
    ex.TruthIf,
    ex.NumberIf,
    ex.Product,
    ex.Extreme,
    ex.Sum,
    ex.ChoiceIn,
)
_CONDITIONS: Final = (
    ex.TruthConstant,
    ex.Unknown,
    ex.TruthInput,
    ex.ChoiceIn,
    ex.Met,
    ex.Not,
    ex.All,
    ex.Any_,
    ex.Compare,
    ex.TruthIf,
)
_INPUT_KINDS: Final = {
    InputType.DATE: NumberKind.DATE,
    InputType.SHARE: NumberKind.FRACTION,
}

_ALWAYS: Final = Text(vi="mọi trường hợp", en="in every case")
_NEVER: Final = Text(vi="không trường hợp nào", en="in no case")
_UNKNOWN_CONDITION: Final = Text(
    vi="đáp ứng điều kiện chưa thấy trong nguồn", en="a condition not found in the sources holds"
)
_UNKNOWN_NUMBER: Final = Text(
    vi="ngưỡng chưa thấy trong nguồn", en="a threshold not found in the sources"
)
_NOT_THE_CASE: Final = Text(vi="không thuộc trường hợp “{label}”", en="not “{label}”")
_VERBS: Final = frozenset({"Thuộc", "Có", "Là", "Đạt", "Được", "Tham", "Ban", "Thực"})
"""The words with which the label of a truth begins if `không` before it denies it."""
_DENIALS: Final = {"Là": "không phải"}
_SEPARATORS: Final = (",", ";", ":", "(", " và ", " hoặc ", " hay ")
_IS: Final = Text(vi="{label} là {options}", en="{label} is {options}")
_IS_NOT: Final = Text(vi="{label} không phải là {options}", en="{label} is not {options}")
_IS_ONE_OF: Final = Text(vi="{label} là một trong: {options}", en="{label} is one of {options}")
_IS_NONE_OF: Final = Text(vi="{label} không thuộc: {options}", en="{label} is none of {options}")
_MET: Final = Text(vi="đạt {node}", en="{node} is met")
_ALL_MET: Final = Text(vi="đạt tất cả {nodes}", en="{nodes} are met")
_NOT_MET: Final = Text(vi="không đạt {node}", en="{node} is not met")
_AND: Final = Text(vi="{first} và {second}", en="{first} and {second}")
_OR: Final = Text(vi="{first} hoặc {second}", en="{first} or {second}")
_ONLY_IF: Final = Text(vi="{text}, chỉ xét nếu {condition}", en="{text}, only if {condition}")
_NOT_ASKED: Final = Text(
    vi="{text}, chỉ xét nếu {condition}, nên không xét",
    en="{text}, only if {condition}, so it is not asked",
)
_IF: Final = Text(vi="chỉ xét nếu {condition}:", en="only if {condition}:")
_ENDED: Final = Text(vi="{list};", en="{list};")
_ALL_THESE: Final = Text(
    vi="đáp ứng tất cả các điều kiện sau:", en="all of the following conditions are met:"
)
_ONE_OF: Final = Text(
    vi="đáp ứng ít nhất một trong các điều kiện sau:",
    en="at least one of the following conditions is met:",
)
_LINE: Final = Text(vi="{number} {text}", en="{number} {text}")
_ROUND: Final = Text(vi="({text})", en="({text})")
_SQUARE: Final = Text(vi="[{text}]", en="[{text}]")
_IF_ELSE: Final = Text(
    vi="nếu {condition} thì {then}, nếu không thì {other}",
    en="if {condition}, then {then}, otherwise {other}",
)
_CASE: Final = Text(
    vi="{then} nếu {condition}, nếu không thì {other}",
    en="{then} if {condition}, otherwise {other}",
)
_BECAUSE: Final = Text(vi="{text} (vì {reason})", en="{text} (because {reason})")
_BECAUSE_OF: Final = Text(vi="{text} vì {reason}", en="{text} because {reason}")
_EITHER: Final = Text(vi="{then} hoặc {other}", en="{then} or {other}")
_EITHER_NOTE: Final = _CASE
_NAMED: Final = Text(vi="{text}: {label}", en="{text}: {label}")
_NAMED_SINCE: Final = Text(vi="{text}: {label} từ ngày {day}", en="{text}: {label} from {day}")
_STEP: Final = Text(vi="{number} từ ngày {day}", en="{number} from {day}")

_NUMBERS: Final[Mapping[_Relation, Text]] = {
    _Relation.AT_LEAST: Text(vi="{subject} từ {mark} trở lên", en="{subject}: at least {mark}"),
    _Relation.MORE: Text(vi="{subject} trên {mark}", en="{subject}: more than {mark}"),
    _Relation.AT_MOST: Text(vi="{subject} không quá {mark}", en="{subject}: at most {mark}"),
    _Relation.LESS: Text(vi="{subject} dưới {mark}", en="{subject}: less than {mark}"),
    _Relation.EQUAL: Text(vi="{subject} bằng {mark}", en="{subject}: exactly {mark}"),
    _Relation.UNEQUAL: Text(vi="{subject} khác {mark}", en="{subject}: other than {mark}"),
}
_POINTS: Final[Mapping[_Relation, Text]] = {
    _Relation.AT_LEAST: Text(
        vi="{subject} đạt từ {mark} trở lên", en="{subject} of at least {mark}"
    ),
    _Relation.MORE: Text(vi="{subject} đạt trên {mark}", en="{subject} of more than {mark}"),
    _Relation.AT_MOST: Text(vi="{subject} không quá {mark}", en="{subject} of at most {mark}"),
    _Relation.LESS: Text(vi="{subject} dưới {mark}", en="{subject} of less than {mark}"),
    _Relation.EQUAL: Text(vi="{subject} đúng {mark}", en="{subject} of exactly {mark}"),
    _Relation.UNEQUAL: Text(vi="{subject} khác {mark}", en="{subject} other than {mark}"),
}
_SHARES: Final[Mapping[_Relation, Text]] = {
    _Relation.AT_LEAST: Text(
        vi="{part} đạt ít nhất {mark} {total}", en="{part}: at least {mark} of {total}"
    ),
    _Relation.MORE: Text(
        vi="{part} đạt trên {mark} {total}", en="{part}: more than {mark} of {total}"
    ),
    _Relation.AT_MOST: Text(
        vi="{part} không quá {mark} {total}", en="{part}: at most {mark} of {total}"
    ),
    _Relation.LESS: Text(vi="{part} dưới {mark} {total}", en="{part}: less than {mark} of {total}"),
    _Relation.EQUAL: Text(vi="{part} bằng {mark} {total}", en="{part}: exactly {mark} of {total}"),
    _Relation.UNEQUAL: Text(
        vi="{part} khác {mark} {total}", en="{part}: other than {mark} of {total}"
    ),
}
_ALL_OF: Final = Text(vi="{part} đạt đủ {mark} {total}", en="{part}: {mark} of {total}")
_DATES: Final[Mapping[_Relation, Text]] = {
    _Relation.AT_LEAST: Text(vi="{subject} từ {mark} trở đi", en="{subject}: on or after {mark}"),
    _Relation.MORE: Text(vi="{subject} sau {mark}", en="{subject}: after {mark}"),
    _Relation.AT_MOST: Text(
        vi="{subject} chậm nhất là {mark}", en="{subject}: no later than {mark}"
    ),
    _Relation.LESS: Text(vi="{subject} trước {mark}", en="{subject}: before {mark}"),
    _Relation.EQUAL: Text(vi="{subject} đúng {mark}", en="{subject}: on {mark}"),
    _Relation.UNEQUAL: Text(vi="{subject} khác {mark}", en="{subject}: not on {mark}"),
}
_SIDES: Final[Mapping[_Relation, Text]] = {
    _Relation.AT_LEAST: Text(
        vi="{subject} không thấp hơn {mark}", en="{subject}: not lower than {mark}"
    ),
    _Relation.MORE: Text(vi="{subject} cao hơn {mark}", en="{subject}: higher than {mark}"),
    _Relation.AT_MOST: Text(
        vi="{subject} không cao hơn {mark}", en="{subject}: not higher than {mark}"
    ),
    _Relation.LESS: Text(vi="{subject} thấp hơn {mark}", en="{subject}: lower than {mark}"),
    _Relation.EQUAL: Text(vi="{subject} bằng {mark}", en="{subject}: equal to {mark}"),
    _Relation.UNEQUAL: Text(vi="{subject} khác {mark}", en="{subject}: different from {mark}"),
}
_NO_MORE: Final = Text(
    vi="{subject} không vượt ngưỡng chưa thấy trong nguồn",
    en="{subject}: at most a threshold not found in the sources",
)
_UNKNOWN_MARKS: Final[Mapping[_Relation, Text]] = {
    **dict.fromkeys(
        (_Relation.AT_LEAST, _Relation.MORE),
        Text(
            vi="{subject} đạt ngưỡng chưa thấy trong nguồn",
            en="{subject}: at least a threshold not found in the sources",
        ),
    ),
    **dict.fromkeys((_Relation.AT_MOST, _Relation.LESS), _NO_MORE),
}
_UNKNOWN_EXACT: Final = Text(
    vi="{subject} so với một giá trị chưa thấy trong nguồn",
    en="{subject}: compared with a value not found in the sources",
)
_BETWEEN: Final[Mapping[tuple[bool, bool], Text]] = {
    (False, False): Text(
        vi="{subject} từ {lower} đến {upper}", en="{subject}: from {lower} to {upper}"
    ),
    (False, True): Text(
        vi="{subject} từ {lower} đến dưới {upper}",
        en="{subject}: at least {lower} and less than {upper}",
    ),
    (True, False): Text(
        vi="{subject} trên {lower} đến {upper}", en="{subject}: more than {lower}, up to {upper}"
    ),
    (True, True): Text(
        vi="{subject} trên {lower} đến dưới {upper}",
        en="{subject}: more than {lower} and less than {upper}",
    ),
}

_PLAIN: Final = Text(vi="{number}", en="{number}")
_IN_POINTS: Final = Text(vi="{number} điểm", en="{number}")
_POINTS_UNIT: Final = Text(vi="điểm", en="points")
_IN_DAYS: Final = Text(vi="{number} ngày", en="{number} days")
_ON_DAY: Final = Text(vi="ngày {day}", en="{day}")
_AS_OF: Final = Text(vi="ngày đánh giá", en="the day of evaluation")
_MONTHS_BEFORE: Final = Text(
    vi="{months} trước ngày đánh giá", en="{months} before the day of evaluation"
)
_TOTAL_POINTS: Final = Text(vi="tổng điểm", en="total points")
_AVAILABLE: Final = Text(vi="số điểm có thể đạt", en="the available points")
_AVAILABLE_OF: Final = Text(vi="số điểm có thể đạt của {node}", en="the available points of {node}")
_POINTS_OF: Final = Text(vi="điểm của {node}", en="points of {node}")
_LOWEST: Final = Text(vi="điểm của chỉ số thấp nhất", en="points of the lowest indicator")
_SHARE: Final = Text(vi="tỉ lệ {part} trên {total}", en="share of {part} in {total}")
_SUM: Final = Text(vi="tổng của {parts}", en="the sum of {parts}")
_PLUS: Final = Text(vi="{total} cộng {part}", en="{total} plus {part}")
_TAKE_OFF: Final = Text(vi="{total} trừ {part}", en="{total} minus {part}")
_MINUS: Final = Text(vi="số đối của {part}", en="minus {part}")
_TIMES: Final = Text(vi="{left} nhân với {right}", en="{left} times {right}")
_MULTIPLE: Final = Text(vi="{factor} lần {part}", en="{factor} times {part}")
_PART: Final = Text(vi="{percent} của {part}", en="{percent} of {part}")
_DAYS: Final = Text(vi="số ngày từ {start} đến {end}", en="the days from {start} to {end}")
_EXTREMES: Final = {
    True: Text(vi="số lớn nhất trong {parts}", en="the greatest of {parts}"),
    False: Text(vi="số nhỏ nhất trong {parts}", en="the least of {parts}"),
}
_DATE_EXTREMES: Final = {
    True: Text(vi="ngày muộn nhất trong {parts}", en="the latest of {parts}"),
    False: Text(vi="ngày sớm nhất trong {parts}", en="the earliest of {parts}"),
}

_NOTED: Final = Text(vi="{text} ({notes})", en="{text} ({notes})")
_NOT_KNOWN: Final = Text(vi="chưa biết", en="not known")
_IS_NOW: Final = Text(vi="hiện: {value}", en="now: {value}")
_TRUE: Final = Text(vi="đúng", en="true")
_FALSE: Final = Text(vi="không đúng", en="not true")
_NOW: Final = Text(vi="hiện {value}", en="now {value}")
_NOW_AGAINST: Final = Text(vi="hiện {value} so với {other}", en="now {value} against {other}")
_FROM_TO: Final = Text(vi="từ {lower} đến {upper}", en="{lower} to {upper}")
_OUT_OF: Final = Text(vi="{part}/{total}", en="{part} of {total}")
_OUT_OF_RANGES: Final = Text(vi="{part} trên {total}", en="{part} of {total}")
_AS_PERCENT: Final = Text(vi="{counts} = {percent}", en="{counts} = {percent}")
_ABOUT: Final = Text(vi="khoảng {number}", en="about {number}")
