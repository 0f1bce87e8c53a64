"""Builds the dated values of a file and reports inconsistencies."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from itertools import pairwise

from xhht.criteria._report import CheckContext
from xhht.criteria._yaml import child
from xhht.criteria.document import DatedEntry, RawValue, ValueEntry
from xhht.dates import iso_day
from xhht.exact import MAX_DIGITS
from xhht.rules.expressions import Dated, NumberKind, Since
from xhht.rules.parsing import RESERVED

__all__ = ["ValueReader"]

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?%?")
_UNKNOWN = "unknown"
_MAX_DIGITS = MAX_DIGITS - 3


class ValueReader:
    """Builds the dated values of one file."""

    def __init__(self, report: CheckContext) -> None:
        self._report = report

    def read(
        self, entries: Mapping[str, ValueEntry] | None, inputs: Collection[str]
    ) -> dict[str, Dated]:
        """Return the values by name; one with an error is undetermined.

        Args:
            entries: the entries of the file.
            inputs: the names of the inputs, which values must not use.
        """
        return {name: self._value(name, entry, inputs) for name, entry in (entries or {}).items()}

    def _value(self, name: str, entry: ValueEntry, inputs: Collection[str]) -> Dated:
        pointer = child("/values", name)
        if name in RESERVED:
            self._report.report_error("XH221", pointer, name=name)
        if name in inputs:
            self._report.report_error("XH240", pointer, name=name)
        self._check_days(name, entry.dated, f"{pointer}/dated")
        pointers = [f"{pointer}/dated/{at}/value" for at in range(len(entry.dated))]
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

    def _check_days(self, name: str, entries: tuple[DatedEntry, ...], pointer: str) -> None:
        for at, (earlier, later) in enumerate(pairwise(entries)):
            before, place = f"{pointer}/{at}/from", f"{pointer}/{at + 1}"
            if later.start is None:
                self._report.report_error("XH110", place, f"{place}/from", key="from")
                self._report.mark_placeholder(f"{place}/from")
            elif earlier.start is not None and later.start <= earlier.start:
                days = {"day": later.start.isoformat(), "before": earlier.start.isoformat()}
                self._report.report_error("XH241", f"{place}/from", before, name=name, **days)

    def _number(self, text: RawValue, pointer: str) -> tuple[NumberKind | None, Fraction | None]:
        """Return the kind and the value of a number; both None if unknown."""
        if text == _UNKNOWN:
            return None, None
        if _NUMBER.fullmatch(text):
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
