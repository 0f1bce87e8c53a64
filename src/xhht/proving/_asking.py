"""What all questions share: the solver, changed copies of the rules, and where answers go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import z3
from attrs import evolve

from xhht.criteria.diagnostics import Mark
from xhht.criteria.profile import Profile
from xhht.proving._codes import CODES, UNDECIDED, UNDECIDED_HINT
from xhht.proving._encoding import Encoding, Formula, Span
from xhht.proving._solving import Answer, Solver, UndecidedError
from xhht.proving.findings import Finding, Kind, Topic
from xhht.rules.expressions import Condition
from xhht.rules.lowering import lower
from xhht.rules.model import Branch, LevelRule, TreeNode
from xhht.rules.plan import NodePlan
from xhht.text import Text

__all__ = ["Asking", "differ", "may_hold_level", "settled", "unsettled"]


class Asking:
    """Asks about one profile and gathers what is found."""

    def __init__(self, profile: Profile, solver: Solver) -> None:
        self.profile = profile
        self.solver = solver
        self.plan = profile.plan
        self.encoding = solver.encoding
        self.nodes = {node.id: node for node in self.plan.nodes}
        self.found: list[Finding] = []

    def span(self, place: int) -> Span:
        """Return the interval of a place of the profile's own plan."""
        return self.encoding.span(place)

    def applies(self, node: NodePlan) -> Span:
        """Return whether a criterion and all above it apply."""
        return self.span(node.applies)

    def note(
        self, code: str, subject: str, pointer: str, /, *answers: Answer | None, **values: object
    ) -> None:
        """Add a finding with the subjects that show it."""
        about = CODES[code]
        self._add(
            code, about.kind, about.topic, subject, pointer, answers, about.text, about.hint, values
        )

    @contextmanager
    def deciding(self, topic: Topic, subject: str, pointer: str) -> Iterator[None]:
        """Note that a question is not decided where the solver gives it up."""
        try:
            yield
        except UndecidedError:
            values = {"topic": topic.value, "subject": subject}
            self._add(
                "XP901",
                Kind.UNDECIDED,
                topic,
                subject,
                pointer,
                (),
                UNDECIDED,
                UNDECIDED_HINT,
                values,
            )

    def _add(
        self,
        code: str,
        kind: Kind,
        topic: Topic,
        subject: str,
        pointer: str,
        answers: Sequence[Answer | None],
        text: Text,
        hint: Text | None,
        values: Mapping[str, object],
    ) -> None:
        mark = self.mark(pointer)
        self.found.append(
            Finding(
                code=code,
                kind=kind,
                topic=topic,
                text=text.format(**values),
                hint=hint,
                subject=subject,
                file=mark.file or self.profile.file,
                mark=mark,
                pointer=pointer,
                examples=tuple(answer.example for answer in answers if answer),
            )
        )

    def mark(self, pointer: str) -> Mark:
        """Return where a value stands, or the nearest one that holds it."""
        while pointer not in self.profile.marks:
            pointer = pointer.rpartition("/")[0]
        return self.profile.marks[pointer]

    def probe(self, *conditions: Condition) -> tuple[Encoding, list[Span]]:
        """Return conditions, which may ask for points, as truths of a plan that has them too."""
        rules = self.profile.rules
        probes = tuple(LevelRule(f"probe {at}", when) for at, when in enumerate(conditions))
        encoding = self.solver.subjects.encode(lower(evolve(rules, levels=rules.levels + probes)))
        asked = encoding.plan.levels[len(rules.levels) :]
        return encoding, [encoding.span(level.when) for level in asked]

    def changed(self, node_id: str, change: Callable[[TreeNode], TreeNode]) -> Encoding:
        """Return the profile's plan with one criterion changed."""
        rules = self.profile.rules
        criteria = tuple(_changed(node, node_id, change) for node in rules.criteria)
        return self.solver.subjects.encode(lower(evolve(rules, criteria=criteria)))


def _changed(node: TreeNode, node_id: str, change: Callable[[TreeNode], TreeNode]) -> TreeNode:
    if node.id == node_id:
        return change(node)
    if isinstance(node, Branch):
        return evolve(node, children=tuple(_changed(c, node_id, change) for c in node.children))
    return node


def settled(encoding: Encoding) -> list[Formula]:
    """Return, for each level and last for none, that it is the certain outcome."""
    awards = [encoding.span(level.award) for level in encoding.plan.levels]
    none_better = [[z3.Not(a.may_hold) for a in awards[:at]] for at in range(len(awards) + 1)]
    found = [z3.And([a.holds, *none]) for a, none in zip(awards, none_better[:-1], strict=True)]
    return [*found, z3.And(none_better[-1])]


def may_hold_level(encoding: Encoding, at: int) -> Formula:
    """Return that a level is among the possible outcomes."""
    awards = [encoding.span(level.award) for level in encoding.plan.levels[: at + 1]]
    return z3.And([awards[at].may_hold, *(z3.Not(a.holds) for a in awards[:at])])


def differ(one: Encoding, other: Encoding) -> Formula:
    """Return that two plans settle on different outcomes."""
    pairs = list(zip(settled(one), settled(other), strict=True))
    any_other = z3.Or([there for _, there in pairs])
    return z3.And(any_other, z3.Or([z3.And(here, z3.Not(there)) for here, there in pairs]))


def unsettled(*encodings: Encoding) -> Formula:
    """Return that in some of the plans the outcome is open."""
    return z3.Or([z3.Not(z3.Or(settled(encoding))) for encoding in encodings])
