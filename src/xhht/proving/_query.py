"""Context shared by all checks: the solver, modified copies of the rules, and the findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

import z3
from attrs import evolve

from xhht.criteria.profile import Profile
from xhht.issues import Mark
from xhht.numbers import decimal_text, format_vi
from xhht.proving._encoding import Encoding, Formula, Span
from xhht.proving._solver import Answer, Solver, UndecidedError
from xhht.proving.codes import CODES, UNDECIDED_PRODUCT, UNDECIDED_REDISTRIBUTION
from xhht.proving.findings import Finding, Topic
from xhht.rules.expressions import Condition
from xhht.rules.lowering import lower
from xhht.rules.model import Branch, LevelRule, NaPolicy, TreeNode
from xhht.rules.plan import Multiply, NodePlan
from xhht.text import Text


class ProofContext:
    """Runs checks on one profile and collects the findings."""

    def __init__(self, profile: Profile, solver: Solver) -> None:
        self.profile = profile
        self.solver = solver
        self.plan = profile.plan
        self.encoding = solver.encoding
        self.nodes = {node.id: node for node in self.plan.nodes}
        self.findings: list[Finding] = []
        self.levels = {level.id: level.name for level in profile.document.levels}

    def span(self, index: int) -> Span:
        """Return the interval of an operator of the profile's own plan."""
        return self.encoding.span(index)

    def applies(self, node: NodePlan) -> Span:
        """Return whether a criterion and all its ancestors apply."""
        return self.span(node.applies)

    @contextmanager
    def catch_undecided(self, topic: Topic, subject: str, pointer: str) -> Iterator[None]:
        """Add an `XP901` finding if the solver gives up inside the block."""
        try:
            yield
        except UndecidedError:
            values = {"topic": topic.value, "subject": subject, "hint": self._undecided_hint()}
            self.add_finding("XP901", subject, pointer, **values)

    def _undecided_hint(self) -> Text | None:
        """Return the remedy that fits what makes the profile hard to decide."""
        if any(isinstance(operator, Multiply) for operator in self.plan.operators):
            return UNDECIDED_PRODUCT
        nodes = self.profile.rules.nodes()
        if any(n.applies and n.applies.policy is NaPolicy.REDISTRIBUTE for n in nodes):
            return UNDECIDED_REDISTRIBUTION
        return CODES["XP901"].hint

    def add_finding(
        self, code: str, subject: str, pointer: str, /, *answers: Answer | None, **values: object
    ) -> None:
        """Add a finding with the subjects that demonstrate it; `values` fill in its message.

        A value `hint` replaces the hint of the code.
        """
        meaning, mark = CODES[code], self.mark(pointer)
        hint = values.pop("hint", meaning.hint)
        assert hint is None or isinstance(hint, Text)
        self.findings.append(
            Finding(
                code=code,
                kind=meaning.kind,
                topic=meaning.topic or Topic(str(values["topic"])),
                text=meaning.text.format(
                    **{key: self.label(key, value) for key, value in values.items()}
                ),
                hint=hint,
                subject=subject,
                file=mark.file or self.profile.file,
                mark=mark,
                pointer=pointer,
                examples=tuple(answer.example for answer in answers if answer),
            )
        )

    def label(self, key: str, value: object) -> object:
        """Return the value of a message's field: a level, criterion or input by its label."""
        document, name = self.profile.document, str(value)
        if key in ("level", "owner") and name in self.levels:
            return self.levels[name]
        if key in ("node", "owner") and name in self.profile.entries:
            return self.profile.vocabulary.criterion(name)
        if key == "input" and name in document.inputs:
            return document.inputs[name].label
        return value

    def mark(self, pointer: str) -> Mark:
        """Return the position of a value, or of the nearest enclosing one."""
        while pointer not in self.profile.marks:
            pointer = pointer.rpartition("/")[0]
        return self.profile.marks[pointer]

    def probe(self, *conditions: Condition) -> tuple[Encoding, list[Span]]:
        """Return the plan extended by conditions, which may refer to points, and their truths."""
        rules = self.profile.rules
        probes = tuple(LevelRule(f"probe {index}", when) for index, when in enumerate(conditions))
        encoding = self.solver.subjects.encode(lower(evolve(rules, levels=rules.levels + probes)))
        probe_levels = encoding.plan.levels[len(rules.levels) :]
        return encoding, [encoding.span(level.when) for level in probe_levels]

    def encode_changed(self, changed: TreeNode) -> Encoding:
        """Return the encoded plan with a changed criterion in the place of its original."""
        rules = self.profile.rules
        criteria = tuple(_replaced(node, changed) for node in rules.criteria)
        return self.solver.subjects.encode(lower(evolve(rules, criteria=criteria)))


def _replaced(node: TreeNode, changed: TreeNode) -> TreeNode:
    if node.id == changed.id:
        return changed
    if isinstance(node, Branch):
        return evolve(node, children=tuple(_replaced(c, changed) for c in node.children))
    return node


def certain_outcomes(encoding: Encoding) -> list[Formula]:
    """Return, for each level and finally for no level, that it is the certain outcome."""
    awards = [encoding.span(level.award) for level in encoding.plan.levels]
    none_better = [
        [z3.Not(award.possible) for award in awards[:index]] for index in range(len(awards) + 1)
    ]
    certain = [[award.certain] for award in awards]
    return [z3.And(own + others) for own, others in zip([*certain, []], none_better, strict=True)]


def level_is_possible(encoding: Encoding, index: int) -> Formula:
    """Return that a level is a possible outcome."""
    *better, own = (encoding.span(level.award) for level in encoding.plan.levels[: index + 1])
    return z3.And([own.possible, *(z3.Not(award.certain) for award in better)])


def outcomes_differ(one: Encoding, other: Encoding) -> Formula:
    """Return that two plans have different certain outcomes."""
    pairs = list(zip(certain_outcomes(one), certain_outcomes(other), strict=True))
    other_settled = z3.Or([right for _, right in pairs])
    return z3.And(other_settled, z3.Or([z3.And(left, z3.Not(right)) for left, right in pairs]))


def outcome_is_uncertain(*encodings: Encoding) -> Formula:
    """Return that the outcome is uncertain in at least one of the plans."""
    return z3.Or([z3.Not(z3.Or(certain_outcomes(encoding))) for encoding in encodings])


def number_text(number: Fraction) -> Text:
    """Return a number in the notation of each language."""
    return Text(vi=format_vi(number), en=decimal_text(number))


def percent_text(share: Fraction) -> Text:
    """Return a share as a percentage with at most two decimals.

    >>> percent_text(Fraction(2, 3)).en
    '66.67%'
    """
    places = None if (share * 10000).denominator == 1 else 2
    number = share * 100
    return Text(vi=f"{format_vi(number, places)}%", en=f"{decimal_text(number, places)}%")
