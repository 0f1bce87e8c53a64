"""Builds the dated values of a file and reports inconsistencies."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise

from xhht.criteria import document as doc
from xhht.criteria.recovery import CheckContext
from xhht.criteria.yaml_nodes import child
from xhht.dates import iso_day
from xhht.numbers import MAX_DIGITS, decimal_text
from xhht.rules.expressions import Dated, NumberKind, Since
from xhht.rules.inputs import (
    COUNT_MAX,
    NO_LEVEL,
    EvidenceRule,
    Input,
    InputType,
    Standard,
    bound_propagation_order,
    share_parts,
)
from xhht.rules.parser import RESERVED

_CONSTANT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?%?")


_UNKNOWN = "unknown"


_MAX_DIGITS = MAX_DIGITS - 3


class ValueReader:
    """Builds the dated values of one file."""

    def __init__(self, report: CheckContext) -> None:
        self._report = report

    def read(
        self, entries: Mapping[str, doc.ValueEntry] | None, inputs: Collection[str]
    ) -> dict[str, Dated]:
        """Return the values by name; one with an error is undetermined.

        Args:
            entries: the entries of the file.
            inputs: the names of the inputs, which values must not use.
        """
        return {name: self._value(name, entry, inputs) for name, entry in (entries or {}).items()}

    def _value(self, name: str, entry: doc.ValueEntry, inputs: Collection[str]) -> Dated:
        pointer = child("/values", name)
        if name in RESERVED:
            self._report.report_error("XH221", pointer, name=name)
        if name in inputs:
            self._report.report_error("XH240", pointer, name=name)
        self._check_days(name, entry.dated, f"{pointer}/dated")
        pointers = [f"{pointer}/dated/{index}/value" for index in range(len(entry.dated))]
        numbers = [
            self._number(item.value, place)
            for item, place in zip(entry.dated, pointers, strict=True)
        ]
        steps = tuple(
            Since(item.start, number)
            for item, (_, number) in zip(entry.dated, numbers, strict=True)
        )
        kind = self._kind([kind for kind, _ in numbers], pointers)
        return Dated(name, kind, steps or (Since(None, None),))

    def _check_days(self, name: str, entries: tuple[doc.DatedEntry, ...], pointer: str) -> None:
        for index, (earlier, later) in enumerate(pairwise(entries)):
            before, place = f"{pointer}/{index}/from", f"{pointer}/{index + 1}"
            if later.start is None:
                self._report.report_error("XH110", place, f"{place}/from", key="from")
                self._report.mark_placeholder(f"{place}/from")
            elif earlier.start is not None and later.start <= earlier.start:
                days = {"day": later.start.isoformat(), "before": earlier.start.isoformat()}
                self._report.report_error("XH241", f"{place}/from", before, name=name, **days)

    def _number(
        self, text: doc.RawValue, pointer: str
    ) -> tuple[NumberKind | None, Fraction | None]:
        """Return the kind and the value of a number; both None if unknown."""
        if text == _UNKNOWN:
            return None, None
        if _CONSTANT.fullmatch(text):
            if sum(map(str.isdigit, text)) > _MAX_DIGITS:
                self._report.report_error("XH302", pointer)
                return None, None
            if text.endswith("%"):
                return NumberKind.FRACTION, Fraction(text[:-1]) / 100
            return NumberKind.NUMBER, Fraction(text)
        try:
            return NumberKind.DATE, Fraction(iso_day(text).toordinal())
        except ValueError:
            self._report.report_error("XH244", pointer, found=text)
            return None, None

    def _kind(self, kinds: list[NumberKind | None], pointers: list[str]) -> NumberKind | None:
        """Return the common kind of all known entries."""
        known = [(kind, place) for kind, place in zip(kinds, pointers, strict=True) if kind]
        for kind, place in known[1:]:
            first, first_place = known[0]
            if kind is not first:
                self._report.report_error("XH242", place, first_place, expected=first, found=kind)
        return known[0][0] if known else None


_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?")


_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


OWN_KEYS = {
    "places": {InputType.DECIMAL, InputType.SHARE},
    "step": {InputType.ASSESSED},
    "choices": {InputType.CHOICE},
    "min": set(InputType) - {InputType.BOOL, InputType.CHOICE},
    "max": set(InputType) - {InputType.BOOL, InputType.CHOICE},
    "at_most": {InputType.COUNT, InputType.DECIMAL, InputType.SHARE, InputType.DATE},
}


"""The types of input for which a key is allowed."""


NEEDED_KEYS = {InputType.CHOICE: "choices", InputType.DECIMAL: "places", InputType.ASSESSED: "max"}


"""The required key of a type of input."""


_SAME_KEYS = ("type", "unit", "places", "step", "choices")


"""The keys in which the figures of two years must agree."""


_TYPE_OF_TAKE = {
    doc.Take.COUNT: InputType.COUNT,
    doc.Take.SHARE: InputType.SHARE,
    doc.Take.ALL: InputType.BOOL,
    doc.Take.ANY: InputType.BOOL,
}


_SHARE_PLACES = 4


_MAX_PLACES = 9


MAX_MONTHS = 1200


"""The longest period that a profile can use, in months."""


class InputReader:
    """Builds the declared inputs of one file."""

    def __init__(
        self, report: CheckContext, lists: Mapping[str, Collection[str]] | None = None
    ) -> None:
        self._report = report
        self._lists = lists or {}

    def read(self, entries: dict[str, doc.InputEntry]) -> tuple[Input, ...]:
        """Return the inputs in the order of the file; invalid ones have a usable domain."""
        self._check_lists(entries)
        inputs = tuple(part for name, entry in entries.items() for part in self._parts(name, entry))
        by_name = {declared.name: declared for declared in inputs}
        for declared in inputs:
            if declared.at_most is not None:
                self._check_cross_bound(declared, by_name)
        for name, entry in entries.items():
            self._check_year(name, entry, entries)
        order = bound_propagation_order(inputs)
        if order is None:
            self._error("XH223", _name_on_cycle(by_name), "at_most")
        self._check_chains(inputs, order or ())
        return inputs

    def _check_lists(self, entries: Mapping[str, doc.InputEntry]) -> None:
        named = {entry.choices for entry in entries.values() if isinstance(entry.choices, str)}
        if not all(self._report.is_complete(_pointer(name, "")) for name in entries):
            return
        if not named <= self._lists.keys():
            return  # an unknown name may stand for any list
        for name in self._lists:
            if name not in named:
                pointer = child("/choice_lists", name)
                self._report.report_error("XH390", pointer, "/inputs", name=name)

    def _error(self, code: str, name: str, key: str, /, *needs: str, **values: object) -> None:
        """Report an error in the `key` of an input that depends on its other keys `needs`."""
        pointer = _pointer(name, key)
        self._report.report_error(code, pointer, *(_pointer(name, k) for k in needs), **values)

    def _refuse(self, code: str, name: str, key: str, /, **values: object) -> None:
        """Report an invalid or missing value and suppress further errors about it."""
        place = _pointer(name, key)
        self._error(code, name, key if place in self._report.marks else "", key, **values)
        self._report.mark_placeholder(place)

    def _parts(self, name: str, entry: doc.InputEntry) -> tuple[Input, ...]:
        """Return what a plan keeps of an input: itself, or the two counts of a share of members."""
        declared = self._input(name, entry)
        if entry.result is not None and self._report.is_read(_pointer(name, "type")):
            self._check_result(name, entry)
        members = entry.members
        if members is None or not self._report.is_read(_pointer(name, "type")):
            return (declared,)
        self._check_members(name, entry, members)
        is_share = members.take is doc.Take.SHARE and entry.type is InputType.SHARE
        return share_parts(declared) if is_share else (declared,)

    def _check_members(self, name: str, entry: doc.InputEntry, members: doc.MembersEntry) -> None:
        expected = _TYPE_OF_TAKE[members.take]
        if entry.type is not expected:
            key = "members/take"
            self._error("XH234", name, key, "type", take=members.take.value, type=expected.value)
        for key in ("min", "max", "places", "at_most", "evidence"):
            if getattr(entry, key) is not None:
                self._error("XH235", name, key, key=key)
        if entry.year is doc.Year.PREVIOUS:
            self._error("XH235", name, "year", key="year")
        if members.level is not None and members.held is not doc.Step.RECOGNISED:
            self._error("XH236", name, "members/level", "members/held")
        steps = list(doc.Step)
        if steps.index(members.held) < steps.index(members.over):
            self._error("XH237", name, "members/held", "members/over")

    def _check_result(self, name: str, entry: doc.InputEntry) -> None:
        """Check an input that rests on another standard, as far as its own file shows."""
        if entry.type not in (InputType.BOOL, InputType.CHOICE):
            self._error("XH365", name, "result", "type")
        for key in ("members", "evidence"):
            if getattr(entry, key) is not None:
                self._error("XH366", name, key, "result", key=key)
        if entry.year is doc.Year.PREVIOUS:
            self._error("XH366", name, "year", "result", key="year")
        if entry.choices is not None and NO_LEVEL not in self._options(entry):
            self._error("XH367", name, "choices", "result", "type")

    def _check_year(
        self, name: str, entry: doc.InputEntry, entries: Mapping[str, doc.InputEntry]
    ) -> None:
        """Check that a figure of the year before can be compared with that of the year."""
        if entry.previous_of is None:
            return
        if entry.year is not doc.Year.PREVIOUS:
            self._error("XH370", name, "previous_of", "year")
        other = entries.get(entry.previous_of)
        if other is None:
            hint = self._report.suggest(entry.previous_of, entries)
            self._error("XH202", name, "previous_of", found=entry.previous_of, hint=hint)
            return
        differing = [key for key in _SAME_KEYS if getattr(entry, key) != getattr(other, key)]
        if differing or entry.previous_of == name:
            needs = [_pointer(of, key) for of in (name, entry.previous_of) for key in _SAME_KEYS]
            self._report.report_error(
                "XH371",
                _pointer(name, "previous_of"),
                *needs,
                other=entry.previous_of,
                key=", ".join(differing) or "previous_of",
            )

    def _input(self, name: str, entry: doc.InputEntry) -> Input:
        if name in RESERVED:
            self._error("XH221", name, "", name=name)
        if not self._report.is_read(_pointer(name, "type")):
            return Input(name=name, kind=InputType.COUNT, at_most=entry.at_most)
        for key, kinds in OWN_KEYS.items():
            if getattr(entry, key) is not None and entry.type not in kinds:
                self._error("XH228", name, key, key=key, type=entry.type.value)
        if entry.type is InputType.CHOICE and entry.choices is None:
            self._refuse("XH227", name, "choices", name=name)
        step = self._step(name, entry)
        lower, upper = self._bounds(name, entry, step)
        evidence = entry.evidence
        if evidence and not 0 <= (evidence.valid_months or 0) <= MAX_MONTHS:
            self._refuse("XH317", name, "evidence/valid_months")
        return Input(
            name=name,
            kind=entry.type,
            minimum=lower,
            maximum=upper,
            step=step,
            choices=self._choices(name, entry),
            at_most=entry.at_most,
            evidence=EvidenceRule(evidence.required, evidence.valid_months)
            if evidence
            else EvidenceRule(),
            standard=_standard(entry.result),
        )

    def _choices(self, name: str, entry: doc.InputEntry) -> tuple[str, ...]:
        if not isinstance(entry.choices, str):
            return self._options(entry)
        if entry.choices not in self._lists and self._report.is_read("/choice_lists"):
            hint = self._report.suggest(entry.choices, self._lists)
            self._refuse("XH389", name, "choices", found=entry.choices, hint=hint)
        elif not self._report.is_complete(child("/choice_lists", entry.choices)):
            self._report.mark_placeholder(_pointer(name, "choices"))
        return self._options(entry)

    def _options(self, entry: doc.InputEntry) -> tuple[str, ...]:
        if isinstance(entry.choices, str):
            return tuple(self._lists.get(entry.choices, ()))
        return tuple(entry.choices or ())

    def _step(self, name: str, entry: doc.InputEntry) -> Fraction:
        if entry.type is InputType.ASSESSED:
            step = entry.step if entry.step is not None else Fraction(1)
            if step <= 0:
                self._refuse("XH317", name, "step")
                return Fraction(1)
            return step
        if entry.type not in (InputType.DECIMAL, InputType.SHARE):
            return Fraction(1)
        if entry.places is None and entry.type is InputType.DECIMAL:
            self._refuse("XH226", name, "places", name=name)
        places = entry.places if entry.places is not None else _SHARE_PLACES
        if not 0 <= places <= _MAX_PLACES:
            self._refuse("XH317", name, "places")
            places = _SHARE_PLACES
        return Fraction(1, 10**places)

    def _bounds(self, name: str, entry: doc.InputEntry, step: Fraction) -> tuple[int, int]:
        if entry.type in (InputType.BOOL, InputType.CHOICE):
            return 0, 1
        minimum, maximum = _full_range(entry.type)
        if entry.type is InputType.ASSESSED and entry.max is None:
            self._refuse("XH225", name, "max", name=name)
        lower = self._bound(name, "min", entry, step, minimum)
        upper = self._bound(name, "max", entry, step, maximum)
        if lower > upper:
            key = "max" if entry.max is not None else "min"
            self._error("XH315", name, key, "min", "max", "places", "step")
            return lower, lower
        return lower, upper

    def _bound(
        self, name: str, key: str, entry: doc.InputEntry, step: Fraction, default: Fraction
    ) -> int:
        text = getattr(entry, key)
        value = default if text is None else _value(text, entry.type)
        if value is None:
            code = "XH116" if entry.type is InputType.DATE else "XH108"
            self._refuse(code, name, key, found=text)
            value = default
        units = value / step
        if units.denominator != 1:
            self._error("XH318", name, key, "places", "step", step=decimal_text(step))
            self._report.mark_placeholder(_pointer(name, key))
        if entry.type is InputType.SHARE and not 0 <= value <= 1:
            self._refuse("XH319", name, key)
            return 0
        if entry.type is InputType.COUNT and value < 0:
            self._refuse("XH320", name, key)
            return 0
        return int(units)

    def _check_cross_bound(self, declared: Input, by_name: dict[str, Input]) -> None:
        assert declared.at_most is not None
        larger = by_name.get(declared.at_most)
        if larger is None:
            hint = self._report.suggest(declared.at_most, by_name)
            self._error("XH202", declared.name, "at_most", found=declared.at_most, hint=hint)
        elif (larger.kind, larger.step) != (declared.kind, declared.step):
            pointer = _pointer(declared.name, "at_most")
            needs = (
                _pointer(item.name, key)
                for item in (declared, larger)
                for key in ("type", "places")
            )
            self._report.report_error("XH224", pointer, *needs, found=larger.name)

    def _check_chains(self, inputs: tuple[Input, ...], order: tuple[tuple[int, int], ...]) -> None:
        """Check that some values satisfy each chain of `at_most`; `order` holds its links.

        Bound propagation: the greatest lower bound is carried along each chain.
        """
        # For each input, the input up to it in its chain with the greatest lower bound.
        strictest = list(inputs)
        for index, above in order:
            smaller, larger = inputs[index], inputs[above]
            if (smaller.kind, smaller.step) != (larger.kind, larger.step):
                continue
            binding = strictest[index]
            if binding.minimum > larger.maximum:
                self._report.report_error(
                    "XH238",
                    _pointer(smaller.name, "at_most"),
                    *(_pointer(binding.name, key) for key in ("type", "places", "min", "max")),
                    *(_pointer(larger.name, key) for key in ("type", "places", "min", "max")),
                    name=binding.name,
                    low=_bound_text(binding, binding.minimum),
                    larger=larger.name,
                    high=_bound_text(larger, larger.maximum),
                )
            elif binding.minimum > strictest[above].minimum:
                strictest[above] = binding


def _bound_text(declared: Input, units: int) -> str:
    if declared.kind is InputType.DATE:
        return date.fromordinal(units).isoformat()
    return decimal_text(declared.number(units))


def _standard(entry: doc.ResultEntry | None) -> Standard | None:
    if entry is None:
        return None
    kinds = ((key, tuple(values)) for key, values in (entry.applies_to or {}).items())
    return Standard(title=entry.title, applies_to=tuple(kinds))


def _pointer(name: str, key: str) -> str:
    pointer = child("/inputs", name)
    return f"{pointer}/{key}" if key else pointer


def _name_on_cycle(by_name: dict[str, Input]) -> str:
    """Return an input on a cycle of `at_most`; one must exist."""
    name = next(iter(by_name))
    seen: set[str] = set()
    for start in by_name:
        path: set[str] = set()
        name = start
        while name in by_name and name not in seen:
            seen.add(name)
            path.add(name)
            name = by_name[name].at_most or ""
        if name in path:
            break
    return name


def _full_range(kind: InputType) -> tuple[Fraction, Fraction]:
    if kind is InputType.DATE:
        return Fraction(_FIRST_DAY.toordinal()), Fraction(_LAST_DAY.toordinal())
    return Fraction(0), Fraction(1 if kind is InputType.SHARE else COUNT_MAX)


def _value(text: str, kind: InputType) -> Fraction | None:
    if kind is InputType.DATE:
        try:
            return Fraction(iso_day(text).toordinal())
        except ValueError:
            return None
    return Fraction(text) if _NUMBER.fullmatch(text) else None
