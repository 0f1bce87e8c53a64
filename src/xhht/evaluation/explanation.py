"""Explanations of a result: a sentence, a table, or a tree down to each input.

Conditions are sentences; only `full` also shows how the file writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, assert_never

from xhht import labels
from xhht.criteria.document import CriterionEntry, IndicatorEntry, Provenance
from xhht.criteria.profile import Profile
from xhht.criteria.writing import written_value
from xhht.dates import day_text
from xhht.evaluation._dated import dated_values_on
from xhht.evaluation.display import status_text
from xhht.evaluation.facts import GapReason, Verification
from xhht.evaluation.gaps import Gap, gaps_of
from xhht.evaluation.markup import Explanation
from xhht.evaluation.prerequisites import waiting_text
from xhht.evaluation.settling import find_settling_sets
from xhht.evaluation.standards import before_closing, levels_text
from xhht.evaluation.state import CriterionResult, EvaluationState, Verdict
from xhht.evaluation.wording import current_wording, percent_note
from xhht.numbers import NOT_REPORTED, decimal_label, decimal_range_label, share_label
from xhht.rules.inputs import Input, InputType
from xhht.rules.model import Leaf, NaPolicy, Requirement, expressions_of
from xhht.rules.plan import Interval, NodePlan
from xhht.rules.scoring import MetByLevel, MetWhen
from xhht.rules.sentences import capitalized
from xhht.text import Lang, Text

__all__ = ["Depth", "closing_text", "explanation_of", "origin_texts"]


class Depth(StrEnum):
    """The level of detail of an explanation."""

    SENTENCE = "sentence"
    TABLE = "table"
    TREE = "tree"
    FULL = "full"


def explanation_of(result: EvaluationState, lang: Lang, depth: Depth = Depth.TREE) -> Explanation:
    """Return the explanation of a result in `lang`."""
    explainer = _Explainer(result, lang, shows_code=depth is Depth.FULL)
    match depth:
        case Depth.SENTENCE:
            return explainer.sentence()
        case Depth.TABLE:
            return explainer.table()
        case Depth.TREE | Depth.FULL:
            return explainer.tree()
        case _:
            assert_never(depth)


def origin_texts(profile: Profile, standards: Iterable[Profile] = ()) -> tuple[Text, ...]:
    """Return the profile of a result, how complete its sources are, and the standards below it."""
    below = (_identified(_STANDARD, standard) for standard in standards)
    return (_identified(_PROFILE, profile), _PROVENANCE[profile.provenance], *below)


def _identified(text: Text, profile: Profile) -> Text:
    return text.format(id=profile.id, version=profile.version, hash=profile.hash[:12])


def _standards_of(result: EvaluationState) -> tuple[Profile, ...]:
    """Return the profiles of the standards on which a result rests, directly or not."""
    profiles: dict[Profile, None] = {}
    for standard in result.standards.values():
        profiles.update(dict.fromkeys((*_standards_of(standard), standard.profile)))
    return tuple(profiles)


def closing_text(profile: Profile) -> Text:
    """Return what a final result under a profile takes a missing fact for, and by which clause."""
    at_close = profile.document.at_close
    if at_close is None:
        return _NOTHING_CLOSES
    return _CLOSES.format(clause=labels.clause_text(at_close.clause))


class _Explainer:
    def __init__(self, result: EvaluationState, lang: Lang, *, shows_code: bool) -> None:
        self._result = result
        self._lang = lang
        self._shows_code = shows_code
        self._wording = current_wording(result)
        self._has_points = result.profile.plan.has_points()
        self._nodes = {node.id: node for node in result.plan.nodes}
        self._results = {criterion.id: criterion for criterion in result.criteria}
        nodes = list(result.profile.rules.nodes())
        self._rules = {node.id: expressions_of(node) for node in nodes}
        self._applies = {node.id: node.applies for node in nodes}
        self._factors = {node.id: node.factor for node in nodes}
        self._levels = {rule.id: rule for rule in result.profile.rules.levels}
        self._scorings = {node.id: node.scoring for node in nodes if isinstance(node, Leaf)}

    def _localized(self, text: Text, **values: object) -> str:
        return text.get(self._lang, **values)

    def _number(self, number: Fraction) -> str:
        return decimal_label(number).get(self._lang)

    def _range(self, lower: Fraction, upper: Fraction) -> str:
        return decimal_range_label(lower, upper).get(self._lang)

    def _explanation(self, node_id: str | None, heading: str, **parts: Any) -> Explanation:
        return Explanation(id=node_id, lang=self._lang, heading=heading, **parts)

    def sentence(self) -> Explanation:
        """Return verdict, level, points and obstacles in one sentence."""
        parts = [
            self._headline(),
            *self._level_lines(),
            *(line.removesuffix(".") for line in self._final()),
            *self._obstacles(gaps_of(self._result)),
            *self._waiting(),
            *(remark.get(self._lang).removesuffix(".") for remark in self._result.remarks),
        ]
        return self._explanation(None, f"{'; '.join(parts)}.")

    def table(self) -> Explanation:
        """Return a row for each criterion: result, rule, facts and clause."""
        gaps = self._gaps(gaps_of(self._result))
        lines = (*self._level_lines(), *self._final(), *self._origin(), *gaps, *self._settling())
        details = (*lines, *self._without_clause())
        return self._explanation(
            None,
            self._headline(),
            details=details,
            columns=self._shown(tuple(map(self._localized, _COLUMNS))),
            rows=tuple(map(self._row, self._result.profile.entries.values())),
        )

    def tree(self) -> Explanation:
        """Return the full tree."""
        document = self._result.profile.document
        return self._explanation(
            None,
            self._headline(),
            details=tuple(self._summary()),
            children=tuple(self._entry(entry) for entry in document.criteria),
        )

    def _headline(self) -> str:
        result, percent = self._result, percent_note(self._result)
        heading = self._localized(
            _HEADING if self._has_points else _HEADING_WITHOUT_POINTS,
            name=result.profile.name,
            verdict=result.verdict.label,
            points=self._range(result.points_certain, result.points_possible),
            available=self._number(result.available_points),
        )
        return heading if percent is None else f"{heading} {percent.get(self._lang)}"

    def _level_lines(self) -> Iterator[str]:
        """Yield the level, or the levels that are still possible."""
        result, profile = self._result, self._result.profile
        if result.level is not None:
            yield self._localized(_LEVEL, level=profile.level(result.level).name)
        elif result.verdict is not Verdict.NOT_RECOGNISED:
            names = [
                profile.level(level).name.get(self._lang)
                if level
                else self._localized(labels.NO_LEVEL)
                for level in result.levels_possible
            ]
            yield self._localized(_LEVELS, levels=", ".join(names))

    def _final(self) -> Iterator[str]:
        """Yield that the result is final, and what was closed by which clause."""
        result, document = self._result, self._result.profile.document
        if not result.final:
            return
        if document.at_close is None:
            yield self._localized(_NOTHING_CLOSES)
        elif not result.closed:
            clause = labels.clause_text(document.at_close.clause)
            yield self._localized(_NOTHING_CLOSED, clause=clause)
        else:
            clause = labels.clause_text(document.at_close.clause)
            names = self._labels_of_closed(result)
            yield self._localized(_CLOSED, clause=clause, names=names)
            if document.at_close.note:
                yield self._localized(_NOTE, note=document.at_close.note)
        yield from dict.fromkeys(self._closed_in_standards(result))

    def _closed_in_standards(self, result: EvaluationState) -> Iterator[str]:
        """Yield what was closed in the standards whose results it takes, by their clauses."""
        for standard in result.standards.values():
            yield from self._closed_in_standards(standard)
            at_close = standard.profile.document.at_close
            if at_close is not None and standard.closed:
                yield self._localized(
                    _CLOSED_BELOW,
                    profile=standard.profile.reference,
                    clause=labels.clause_text(at_close.clause),
                    names=self._labels_of_closed(standard),
                )

    def _labels_of_closed(self, result: EvaluationState) -> str:
        inputs = result.profile.document.inputs
        return "; ".join(inputs[name].label.get(self._lang) for name in result.closed)

    def _obstacles(self, gaps: tuple[Gap, ...]) -> Iterator[str]:
        """Yield, as parts of a sentence, what is unknown and what is not met."""
        inputs = self._result.profile.document.inputs
        unknown = dict.fromkeys(
            gap.input for gap in gaps if gap.input and gap.reason is not GapReason.CLOSED
        )
        input_labels = [inputs[name].label.get(self._lang) for name in unknown]
        unmet = [gap.criterion for gap in gaps if gap.criterion and not gap.input]
        if input_labels:
            yield self._localized(_UNKNOWN_FACTS, names=self._abbreviated(input_labels))
        if unmet:
            yield self._localized(_NOT_FULLY_MET, names=self._abbreviated(dict.fromkeys(unmet)))
        if self._result.verdict is not Verdict.RECOGNISED:
            lowest = self._result.profile.document.levels[-1]
            when = current_wording(self._result, lowest.id).clause(self._levels[lowest.id].when)
            yield self._localized(_LOWEST, level=lowest.name, when=when)

    def _abbreviated(self, names: Iterable[str]) -> str:
        """Return the first few names, and the number of the others."""
        listed = list(names)
        shown = ", ".join(listed[:_MOST_NAMED])
        more = len(listed) - _MOST_NAMED
        return shown if more <= 0 else self._localized(_AND_MORE, names=shown, more=more)

    def _waiting(self) -> Iterator[str]:
        """Yield, as parts of a sentence, from which days better levels can be reached."""
        for level in self._result.plan.levels:
            if self._result.lows[level.award]:
                return
            waits = waiting_text(self._result, level.id)
            if waits is not None:
                yield waits.get(self._lang).removesuffix(".")

    def _row(self, entry: CriterionEntry | IndicatorEntry) -> tuple[str, ...]:
        name = f" {entry.name.get(self._lang)}" if entry.name else ""
        criterion = self._results[entry.id]
        clause, source_line = self._source(entry)
        facts = [*self._values(*self._rules[entry.id]), *self._inputs(entry.id)]
        facts = [fact.removeprefix("- ") for fact in facts]
        return self._shown(
            (
                f"{entry.id}{name}",
                self._status(criterion),
                self._points(criterion),
                self._rule(entry),
                "; ".join((*facts, *self._waiver(self._nodes[entry.id]))),
                clause or NOT_REPORTED,
                source_line,
            )
        )

    def _shown(self, row: tuple[str, ...]) -> tuple[str, ...]:
        """Return a row of the table without the points of a profile that has none."""
        at = _COLUMNS.index(labels.POINTS)
        return row if self._has_points else (*row[:at], *row[at + 1 :])

    def _status(self, criterion: CriterionResult) -> str:
        return status_text(self._result.profile, criterion).get(self._lang)

    def _points(self, criterion: CriterionResult) -> str:
        if not criterion.max_points and not criterion.points_certain:
            return ""
        points = self._range(criterion.points_certain, criterion.points_possible)
        return f"{points}/{self._number(criterion.max_points)}"

    def _summary(self) -> Iterator[str]:
        result, profile = self._result, self._result.profile
        yield from self._level_lines()
        yield from self._final()
        for level in profile.document.levels:
            note = f" — {level.note.get(self._lang)}" if level.note else ""
            wording = current_wording(self._result, level.id)
            (_, first), *others = wording.lines(self._levels[level.id].when)
            threshold = _THRESHOLD.format(level=labels.level_text(level.name), when=first)
            yield capitalized(threshold).get(self._lang) + note
            yield from map(self._indented, others)
            if self._shows_code:
                yield self._localized(_CODE, code=f"when: {level.when}")
        yield from self._values(*(rule.when for rule in profile.rules.levels))
        yield from self._origin()
        yield from self._gaps(gaps_of(result))
        yield from self._settling()
        yield from self._without_clause()

    def _indented(self, line: tuple[int, Text]) -> str:
        """Return a line of an outline, indented by its depth."""
        depth, text = line
        return f"{_INDENT * depth}{text.get(self._lang)}"

    def _without_clause(self) -> Iterator[str]:
        """Yield once that some criteria have no clause."""
        if any(entry.clause is None for entry in self._result.profile.entries.values()):
            yield self._localized(_NO_CLAUSE)

    def _settling(self) -> Iterator[str]:
        """Yield which facts would determine an open verdict, if a short search finds them."""
        if self._result.verdict is Verdict.UNDETERMINED:
            yield self._localized(
                find_settling_sets(before_closing(self._result), _SHORT_SEARCH).text
            )

    def _gaps(self, gaps: tuple[Gap, ...]) -> Iterator[str]:
        """Yield one line for each gap; equal gaps of several criteria share a line."""
        criteria_by_text: dict[Text, list[str]] = {}
        for gap in gaps:
            criterion = gap.criterion or self._localized(_LEVELS_THEMSELVES)
            criteria_by_text.setdefault(gap.text, []).append(criterion)
        for gap in {gap.text: gap for gap in gaps}.values():
            line = f"! {gap.text.get(self._lang)}"
            if gap.input or gap.reason is GapReason.UNDEFINED_SHARE:
                criteria = ", ".join(criteria_by_text[gap.text])
                line += " " + self._localized(_CONCERNS, criteria=criteria)
            yield line

    def _origin(self) -> Iterator[str]:
        profile = self._result.profile
        basis = profile.document.legal_basis
        if basis is not None:
            issuer = f", {basis.issuer}" if basis.issuer else ""
            issued = f", {self._day(basis.issued)}" if basis.issued else ""
            yield self._localized(_BASIS, document=basis.document + issuer + issued)
        yield from map(self._localized, origin_texts(profile, _standards_of(self._result)))
        if self._result.as_of is not None:
            yield self._localized(labels.EVALUATED_AS_OF, day=self._day(self._result.as_of))
        yield from map(self._localized, self._result.remarks)
        if self._is_open() and self._result.counts_unknown_twice():
            yield self._localized(_CAUTIOUS if self._has_points else _CAUTIOUS_WITHOUT_POINTS)

    def _is_open(self) -> bool:
        """Return whether the level or the points are not yet certain."""
        result = self._result
        points_are_open = result.points_certain != result.points_possible
        return points_are_open or len(result.levels_possible) > 1

    def _day(self, day: date) -> str:
        return day_text(day).get(self._lang)

    # Criteria

    def _entry(self, entry: CriterionEntry | IndicatorEntry) -> Explanation:
        criterion = self._results[entry.id]
        children: tuple[CriterionEntry | IndicatorEntry, ...] = ()
        if isinstance(entry, CriterionEntry):
            children = (*(entry.criteria or ()), *(entry.indicators or ()))
        return self._explanation(
            entry.id,
            self._heading(entry, criterion),
            details=tuple(self._details(entry)),
            children=tuple(self._entry(child) for child in children),
        )

    def _heading(self, entry: CriterionEntry | IndicatorEntry, criterion: CriterionResult) -> str:
        name = f" {entry.name.get(self._lang)}" if entry.name else ""
        status, points = self._status(criterion), self._points(criterion)
        if not points:
            return f"{entry.id}{name}: {status}"
        return self._localized(_CRITERION, id=entry.id, name=name, status=status, points=points)

    def _details(self, entry: CriterionEntry | IndicatorEntry) -> Iterator[str]:
        rule, *outline = self._rule_lines(entry)
        if rule:
            yield self._localized(_RULE, rule=rule)
        yield from outline
        if self._shows_code:
            yield from (self._localized(_CODE, code=code) for code in self._code(entry))
        clause, source_line = self._source(entry)
        template = _CLAUSE if clause else _PLACE
        yield self._localized(template, clause=clause, line=source_line)
        if entry.note:
            yield self._localized(_NOTE, note=entry.note)
        yield from self._values(*self._rules[entry.id])
        yield from self._inputs(entry.id)
        yield from self._left_out(entry)
        yield from self._waiver(self._nodes[entry.id])

    def _left_out(self, entry: CriterionEntry | IndicatorEntry) -> Iterator[str]:
        """Yield which children a mean over what is known left out."""
        if isinstance(entry, IndicatorEntry) or entry.least_known is None:
            return
        lows, names = self._result.lows, list[str]()
        children: tuple[CriterionEntry | IndicatorEntry, ...] = (
            *(entry.criteria or ()),
            *(entry.indicators or ()),
        )
        for child in children:
            left_out = self._nodes[child.id].left_out
            if left_out is not None and lows[left_out]:
                names.append(child.id)
        if names:
            share = entry.least_known
            yield self._localized(_LEFT_OUT, names=", ".join(names), share=share)

    def _source(self, entry: CriterionEntry | IndicatorEntry) -> tuple[str | None, str]:
        """Return the clause of the document, None if it is not known, and the line in the file."""
        location = self._result.profile.place(entry.id)
        file = (location.file or "").replace("\\", "/").rpartition("/")[2]
        source_line = self._localized(_LINE, file=file, line=location.line)
        return entry.clause, source_line

    def _inputs(self, node_id: str) -> Iterator[str]:
        """Yield a line for each input that a criterion reads."""
        node = self._nodes[node_id]
        inputs = self._result.plan.inputs
        by_input: dict[str, list[int]] = {}
        factor = node.factor.inputs if node.factor else ()
        for index in dict.fromkeys((*node.applicability_inputs, *node.inputs, *factor)):
            by_input.setdefault(inputs[index].declared_input.name, []).append(index)
        document = self._result.profile.document
        closed = {
            name: _APPLIES_HERE if closing.decides_applicability else _CLOSED_HERE
            for closing, name in self._result.closings()
            if closing.node == node_id
        }
        for name, indices in by_input.items():
            line = self._input(indices)
            if name in closed and document.at_close is not None:
                line += " " + self._localized(
                    closed[name], clause=labels.clause_text(document.at_close.clause)
                )
            yield line

    def _rule(self, entry: CriterionEntry | IndicatorEntry) -> str:
        """Return how a criterion is scored and counts, in one line."""
        parts = [self._scoring(entry)] if isinstance(entry, IndicatorEntry) else []
        return "; ".join((*parts, *self._counting(entry)))

    def _rule_lines(self, entry: CriterionEntry | IndicatorEntry) -> Iterator[str]:
        """Yield the rule in one line, or a nested condition as an outline below its first line."""
        scoring = self._scorings.get(entry.id)
        if isinstance(scoring, MetWhen):
            (_, first), *others = self._wording.lines(scoring.when)
            if others:
                yield "; ".join((*self._counting(entry), first.get(self._lang)))
                yield from map(self._indented, others)
                return
        if isinstance(scoring, MetByLevel) and len(scoring.marks) > 1:
            yield "; ".join((*self._counting(entry), self._localized(_BY_LEVEL)))
            for mark in scoring.marks:
                rule = scoring.describe_for(self._wording, [mark.level])
                name = self._result.profile.level(mark.level).name
                yield self._indented((1, _ASKED.format(level=name, rule=rule)))
            return
        yield self._rule(entry)

    def _scoring(self, entry: IndicatorEntry) -> str:
        text = self._scorings[entry.id].describe(self._wording, entry.points)
        return text.get(self._lang)

    def _counting(self, entry: CriterionEntry | IndicatorEntry) -> Iterator[str]:
        """Yield how a criterion combines its parts, when it applies, and what it bars."""
        if isinstance(entry, CriterionEntry):
            if not entry.combine.rule.is_plain_sum:
                yield self._localized(entry.combine.rule.label)
            elif _shares(entry.criteria or ()) or _shares(entry.indicators or ()):
                yield self._localized(_SHARED)
            if entry.least_known is not None:
                yield self._localized(_LEAST_KNOWN, share=entry.least_known)
            if entry.all_absent is not None:
                yield self._localized(_ALL_ABSENT, policy=entry.all_absent.label)
        applies = self._applies[entry.id]
        if applies is not None:
            when = self._wording.clause(applies.when)
            has_points = self._result.plan.has_points(self._nodes[entry.id])
            policy = applies.policy.label if has_points else _WITHOUT_POINTS[applies.policy]
            yield self._localized(_APPLIES, when=when, policy=policy)
        yield from self._factor(entry.id)
        if isinstance(entry, CriterionEntry) and entry.not_below is not None:
            yield self._localized(_NOT_BELOW, lowest=self._number(entry.not_below))
        if entry.floor is not None:
            yield self._localized(_FLOOR, floor=self._number(entry.floor))
        if entry.requirement is not Requirement.SCORED:
            yield self._localized(entry.requirement.label)

    def _factor(self, node_id: str) -> Iterator[str]:
        """Yield which factor counts and why, or all factors while that is open."""
        factor, plan, result = self._factors[node_id], self._nodes[node_id].factor, self._result
        if factor is None or plan is None:
            return
        for case, truth in zip(factor.cases, (*plan.truths, None), strict=True):
            value = decimal_label(case.value)
            if case.when is None or truth is None:
                text = _FACTOR_ELSE if plan.truths else _FACTOR
                yield self._localized(text, value=value)
                return
            if result.lows[truth]:
                when = self._wording.clause(case.when)
                yield self._localized(_FACTOR_BECAUSE, value=value, when=when)
                return
            if result.highs[truth]:
                yield self._localized(_FACTOR_OPEN, factors=factor.describe(self._wording))
                return

    def _code(self, entry: CriterionEntry | IndicatorEntry) -> Iterator[str]:
        """Yield the conditions and numbers of a criterion as the file writes them."""
        if isinstance(entry, IndicatorEntry):
            kind = self._scorings[entry.id].kind.value
            yield f"{kind}: {written_value(getattr(entry, kind))}"
        if entry.factor is not None:
            yield f"factor: {written_value(entry.factor)}"
        if entry.applies_when is not None and entry.na_policy is not None:
            yield f"applies_when: {entry.applies_when}; na_policy: {entry.na_policy.value}"

    def _values(self, *rules: object) -> Iterator[str]:
        """Yield a line for each definition and dated value in some rules.

        That is what the definition stands for, and the value on the day.
        """
        profile = self._result.profile
        names = profile.rules.names_in(*rules)
        for definition in profile.rules.definitions:
            if definition.name in names:
                label = (profile.document.definitions or {})[definition.name].label
                text = self._wording.clause(definition.tree)
                yield self._named_value(label, definition.name, text)
        declared = profile.document.values or {}
        for name, value in dated_values_on(self._result.as_of, *rules):
            yield self._named_value(declared[name].label, name, value)

    def _input(self, indices: list[int]) -> str:
        """Return the line of an input; a share of members is two inputs of the plan."""
        result = self._result
        declared = result.plan.inputs[indices[0]]
        declared_input = declared.declared_input
        label = result.profile.document.inputs[declared_input.name].label
        ends = [(result.input_lows[index], result.input_highs[index]) for index in indices]
        value = (
            self._share(declared, *ends)
            if declared.part_of
            else self._value(declared_input, *ends[0])
        )
        evidence = result.reader.evidence.get(indices[0]) if result.reader else None
        evidence_note = ""
        if evidence is not None:
            parts = [self._localized(_VERIFICATION[evidence.verification])]
            parts += [evidence.source] if evidence.source else []
            parts += [self._day(evidence.dated)] if evidence.dated else []
            evidence_note = f" [{', '.join(parts)}]"
        standard = result.standards.get(declared_input.name)
        if standard is not None:
            evidence_note = f" [{levels_text(standard).get(self._lang)}]"
        return self._named_value(label, declared_input.name, value) + evidence_note

    def _named_value(self, label: Text, name: str, value: str | Text) -> str:
        template = _NAMED_VALUE if self._shows_code else _VALUE
        return self._localized(template, label=label, name=name, value=value)

    def _share(self, part: Input, holders: Interval, others: Interval) -> str:
        """Return how many members meet the requirement, of how many."""
        if holders == others == part.domain:
            return self._localized(_UNKNOWN)
        if holders[0] == holders[1] and others[0] == others[1]:
            if part.declared_input.name in self._result.rates:
                return share_label(Fraction(holders[0], holders[0] + others[0])).get(self._lang)
            return self._localized(labels.MEMBERS, held=holders[0], all=holders[0] + others[0])
        counts = [self._range(*map(part.number, ends)) for ends in (holders, others)]
        return self._localized(_MEMBERS_OPEN, held=counts[0], others=counts[1])

    def _value(self, declared: Input, lower: int, upper: int) -> str:
        if declared.kind is InputType.CHOICE:
            options = declared.options(upper)
            is_unrestricted = len(options) == len(declared.choices) > 1
            document = self._result.profile.document
            named = document.options(document.inputs[declared.name])
            names = [named[option].get(self._lang) for option in options]
            return self._localized(_UNKNOWN) if is_unrestricted else " / ".join(names)
        if (lower, upper) == declared.domain and lower != upper:
            return self._localized(_UNKNOWN)
        if declared.kind is InputType.BOOL:
            return self._localized(labels.YES if lower else labels.NO)
        if declared.kind is InputType.DATE:
            days = [self._day(date.fromordinal(end)) for end in dict.fromkeys((lower, upper))]
            return "–".join(days)
        unit = self._result.profile.document.inputs[declared.name].unit
        ends = declared.number(lower), declared.number(upper)
        if declared.kind is InputType.SHARE:
            return "–".join(dict.fromkeys(share_label(end).get(self._lang) for end in ends))
        number = self._range(*ends)
        return f"{number} {unit.get(self._lang)}" if unit else number

    def _waiver(self, node: NodePlan) -> Iterator[str]:
        waivers = self._result.reader.waivers if self._result.reader else {}
        # The two counts of a share of members have one waiver.
        given = (waivers[index] for index in node.inputs if index in waivers)
        for waiver in dict.fromkeys(given):
            yield self._localized(_WAIVED, reason=waiver.reason, authority=waiver.authority)


def _shares(entries: Iterable[CriterionEntry | IndicatorEntry]) -> bool:
    """Return whether the points of one of some siblings go to the others."""
    return any(entry.na_policy is NaPolicy.REDISTRIBUTE for entry in entries)


_MOST_NAMED: Final = 4
_SHORT_SEARCH: Final = 2_000
_COLUMNS: Final = (
    labels.CRITERION,
    labels.RESULT,
    labels.POINTS,
    Text(vi="Quy tắc", en="Rule"),
    Text(vi="Dữ kiện", en="Facts"),
    labels.CLAUSE,
    Text(vi="Dòng trong tệp", en="Source line"),
)
_UNKNOWN_FACTS: Final = Text(vi="chưa biết: {names}", en="unknown: {names}")
_NOT_FULLY_MET: Final = Text(vi="chưa đạt đủ: {names}", en="not fully met: {names}")
_LOWEST: Final = Text(
    vi="mức thấp nhất '{level}' yêu cầu {when}", en="the lowest level '{level}' requires: {when}"
)
_AND_MORE: Final = Text(vi="{names} và {more} mục khác", en="{names} and {more} more")
_VERIFICATION: Final = {
    Verification.VERIFIED: Text(vi="đã xác nhận", en="verified"),
    Verification.PENDING: Text(vi="chờ xác nhận", en="pending"),
    Verification.REJECTED: Text(vi="bị từ chối", en="rejected"),
}
_HEADING: Final = Text(
    vi="{name}: {verdict} — {points}/{available} điểm",
    en="{name}: {verdict} — {points}/{available} points",
)
_CLOSED_BELOW: Final = Text(
    vi="Trong chuẩn {profile}, theo {clause}, không có minh chứng nên coi là không đạt: {names}.",
    en="In the standard {profile}, under {clause}, these count as not met for lack of evidence: "
    "{names}.",
)
_CLOSED: Final = Text(
    vi="Kết quả khi kết thúc đánh giá; theo {clause}, không có minh chứng nên coi là không đạt: "
    "{names}.",
    en="Final result; under {clause} these count as not met for lack of evidence: {names}.",
)
_CLOSES: Final = Text(
    vi="Kết quả khi kết thúc đánh giá: chỉ tiêu không có minh chứng coi là không đạt theo "
    "{clause}.",
    en="Final results: an indicator without evidence counts as not met under {clause}.",
)
_LEAST_KNOWN: Final = Text(
    vi="khi kết thúc đánh giá, mục thiếu số liệu không tính vào trung bình nếu các mục có số liệu "
    "chiếm ít nhất {share} trọng số",
    en="at the close, what is missing is left out of the mean if at least {share} of the weights "
    "are known",
)
_LEFT_OUT: Final = Text(
    vi="Không tính vào trung bình vì thiếu số liệu: {names} (các mục có số liệu chiếm ít nhất "
    "{share} trọng số)",
    en="Left out of the mean because facts are missing: {names} (at least {share} of the weights "
    "are known)",
)
_CLOSED_HERE: Final = Text(
    vi="→ coi là không đạt theo {clause}", en="→ counts as not met under {clause}"
)
_APPLIES_HERE: Final = Text(
    vi="→ coi là áp dụng theo {clause}", en="→ counts as applying under {clause}"
)
_NOTHING_CLOSED: Final = Text(
    vi="Kết quả khi kết thúc đánh giá; không có dữ kiện còn thiếu nào phải xử lý theo {clause}.",
    en="Final result; no missing fact had to be decided under {clause}.",
)
_NOTHING_CLOSES: Final = Text(
    vi="Kết quả khi kết thúc đánh giá; bộ tiêu chí không nêu cách xử lý dữ kiện còn thiếu "
    "nên dữ kiện còn thiếu vẫn để ngỏ.",
    en="Final result; the profile does not say what a missing fact means at the close, "
    "so missing facts stay open.",
)
_HEADING_WITHOUT_POINTS: Final = Text(vi="{name}: {verdict}", en="{name}: {verdict}")
_LEVEL: Final = Text(vi="Mức: {level}", en="Level: {level}")
_LEVELS: Final = Text(vi="Các mức còn có thể: {levels}", en="Levels still possible: {levels}")
_THRESHOLD: Final = Text(vi="{level} khi {when}", en="{level}: {when}")
_BASIS: Final = Text(vi="Căn cứ: {document}", en="Legal basis: {document}")
_PROFILE: Final = Text(
    vi="Bộ tiêu chí: {id}@{version} (mã băm {hash})", en="Profile: {id}@{version} (hash {hash})"
)
_STANDARD: Final = Text(
    vi="Chuẩn: {id}@{version} (mã băm {hash})", en="Standard: {id}@{version} (hash {hash})"
)
_PROVENANCE: Final = {
    Provenance.COMPLETE: Text(
        vi="Nguồn: đầy đủ theo văn bản", en="Provenance: complete; everything is in the sources"
    ),
    Provenance.PARTIAL: Text(
        vi="Nguồn: chỉ có một phần; những chỗ chưa thấy trong văn bản được ghi rõ",
        en="Provenance: partial; anything not found in a source is marked",
    ),
    Provenance.ILLUSTRATIVE: Text(
        vi="Nguồn: MINH HỌA, không phải tiêu chí do cơ quan nào ban hành",
        en="Provenance: ILLUSTRATIVE; not criteria issued by any authority",
    ),
}
_CONCERNS: Final = Text(vi="Liên quan đến: {criteria}.", en="Concerns: {criteria}.")
_LEVELS_THEMSELVES: Final = Text(vi="các mức xếp loại", en="the levels")
_CAUTIOUS: Final = Text(
    vi="Khoảng điểm có thể rộng hơn thực tế vì một dữ kiện chưa biết được dùng nhiều lần",
    en="The range may be too wide because an unknown fact is used more than once",
)
_CAUTIOUS_WITHOUT_POINTS: Final = Text(
    vi="Kết quả có thể còn ngỏ quá mức cần thiết vì một dữ kiện chưa biết được dùng nhiều lần",
    en="The result may be open without need because an unknown fact is used more than once",
)
_CRITERION: Final = Text(
    vi="{id}{name}: {status}, {points} điểm", en="{id}{name}: {status}, {points} points"
)
_INDENT: Final = "  "
_RULE: Final = Text(vi="Quy tắc: {rule}", en="Rule: {rule}")
_CODE: Final = Text(vi="Trong tệp: {code}", en="In the file: {code}")
_BY_LEVEL: Final = Text(vi="theo từng mức:", en="by level:")
_ASKED: Final = Text(vi="{level}: {rule}", en="{level}: {rule}")
_PLACE: Final = Text(vi="Vị trí: {line}", en="Place: {line}")
_NO_CLAUSE: Final = Text(
    vi="Tiêu chí, chỉ số không ghi điều khoản: điều khoản chưa thấy trong nguồn.",
    en="Criteria and indicators without a clause: the clause was not found in the sources.",
)
_CLAUSE: Final = Text(vi="Điều khoản: {clause} ({line})", en="Clause: {clause} ({line})")
_LINE: Final = Text(vi="{file}, dòng {line}", en="{file}, line {line}")
_NOTE: Final = Text(vi="Ghi chú: {note}", en="Note: {note}")
_APPLIES: Final = Text(
    vi="chỉ áp dụng khi {when}; khi không áp dụng: {policy}",
    en="applies only if {when}; if not: {policy}",
)
_FACTOR: Final = Text(vi="hệ số {value}", en="factor {value}")
_FACTOR_BECAUSE: Final = Text(vi="hệ số {value} vì {when}", en="factor {value} because {when}")
_FACTOR_ELSE: Final = Text(
    vi="hệ số {value} vì không thuộc trường hợp nào có hệ số khác",
    en="factor {value} because no case with another factor applies",
)
_FACTOR_OPEN: Final = Text(
    vi="chưa xác định được hệ số: {factors}", en="factor not determined: {factors}"
)
_WITHOUT_POINTS: Final[Mapping[NaPolicy, Text]] = {
    NaPolicy.FULL: Text(vi="coi là đạt", en="counts as met"),
    NaPolicy.ZERO: Text(vi="không xét", en="is left out"),
    NaPolicy.DROP: Text(vi="không xét", en="is left out"),
    NaPolicy.REDISTRIBUTE: Text(vi="không xét", en="is left out"),
}
"""What happens to a criterion without points that does not apply."""
_NOT_BELOW: Final = Text(vi="không dưới {lowest} điểm", en="not below {lowest} points")
_SHARED: Final = Text(
    vi="điểm của mục không áp dụng được chia cho các mục còn lại",
    en="the points of what does not apply go to the rest",
)
_ALL_ABSENT: Final = Text(
    vi="nếu mọi mục không áp dụng: {policy}", en="if nothing applies: {policy}"
)
_FLOOR: Final = Text(vi="điểm sàn {floor}", en="floor {floor}")
_VALUE: Final = Text(vi="- {label}: {value}", en="- {label}: {value}")
_NAMED_VALUE: Final = Text(vi="- {label} ({name}) = {value}", en="- {label} ({name}) = {value}")
_UNKNOWN: Final = Text(vi="chưa biết", en="unknown")
_MEMBERS_OPEN: Final = Text(
    vi="{held} thành viên đạt, {others} không đạt", en="{held} members meet it, {others} do not"
)
_WAIVED: Final = Text(
    vi="Được miễn: {reason} (theo {authority})", en="Waived: {reason} (by {authority})"
)
