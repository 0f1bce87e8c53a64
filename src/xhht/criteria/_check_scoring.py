"""Reads the scoring of an indicator, kind by kind, and checks points against the grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import assert_never

from xhht.criteria._check_conditions import UNDETERMINED, ConditionReader
from xhht.criteria.document import (
    SCORINGS,
    BandEntry,
    Expression,
    IndicatorEntry,
    LevelMarkEntry,
    PerItemEntry,
    ProportionalEntry,
    RoundingEntry,
)
from xhht.criteria.recovery import CheckContext, unreliable_names
from xhht.criteria.yaml_nodes import child
from xhht.numbers import MAX_DIGITS, Rounding, decimal_places, decimal_text
from xhht.rules import expressions as ex
from xhht.rules.inputs import Input, InputType
from xhht.rules.scoring import (
    Assessed,
    Band,
    Bands,
    LevelMark,
    MetByLevel,
    MetWhen,
    PerItem,
    Proportional,
    RoundingRule,
    Scoring,
    ScoringKind,
)


class GridChecker:
    """Checks points against the grid of one file."""

    def __init__(self, grid: Fraction, report: CheckContext) -> None:
        self.grid = grid
        self._report = report

    def check_grid(self) -> None:
        """Check that the grid is a step above 0 with finitely many decimal places."""
        if self.grid <= 0 or decimal_places(self.grid) is None:
            self._report.report_error("XH317", "/grid")

    def check_points(self, number: Fraction | None, pointer: str) -> None:
        """Check that a number of points is on the grid and not too long."""
        if number is None or self.grid <= 0:
            return
        if (number / self.grid).denominator != 1:
            values = {"found": decimal_text(number), "grid": decimal_text(self.grid)}
            self._report.report_error("XH301", pointer, **values)
        too_long = len(decimal_text(abs(number)).replace(".", "")) > MAX_DIGITS - 3
        if too_long or self.is_too_long(number):
            self._report.report_error("XH302", pointer)

    def is_too_long(self, number: Fraction) -> bool:
        """Return whether results with this many points may exceed the supported digits."""
        return abs(number) >= Fraction(10**MAX_DIGITS) * self.grid

    def rounding(self, entry: RoundingEntry | None, pointer: str) -> RoundingRule | None:
        """Return the rounding at `pointer`, or None if it has no valid step."""
        if entry is None:
            return None
        if entry.step <= 0:
            self._report.report_error("XH317", f"{pointer}/step")
            return None
        self.check_points(entry.step, f"{pointer}/step")
        return RoundingRule(entry.step, entry.mode)


class ScoringReader:
    """Reads the scoring rules of one file; one with an error becomes undetermined."""

    def __init__(
        self,
        inputs: Mapping[str, Input],
        conditions: ConditionReader,
        grid: GridChecker,
        levels: Sequence[str],
        report: CheckContext,
    ) -> None:
        self._inputs, self._conditions, self._grid = inputs, conditions, grid
        self._levels = levels
        self._report = report
        self._doubtful = unreliable_names(report, "inputs")

    def scoring(self, entry: IndicatorEntry, pointer: str) -> Scoring:
        """Return the scoring of the indicator at `pointer`."""
        given = [kind for kind in ScoringKind if getattr(entry, kind) is not None]
        if len(given) != 1:
            code = "XH122" if given else "XH123"
            needs = (f"{pointer}/{key}" for key in SCORINGS if not given)
            keys = ", ".join(given or SCORINGS)
            self._report.report_error(code, pointer, *needs, keys=keys)
            return MetWhen(UNDETERMINED)
        kind = given[0]
        has_points = kind not in (ScoringKind.MET_WHEN, ScoringKind.MET_BY_LEVEL)
        if has_points and entry.points == 0:
            self._report.report_error("XH311", pointer, f"{pointer}/points", key=kind.value)
        return self._of_kind(kind, entry, f"{pointer}/{kind}")

    def _of_kind(self, kind: ScoringKind, entry: IndicatorEntry, pointer: str) -> Scoring:
        match kind:
            case ScoringKind.MET_WHEN:
                assert entry.met_when is not None
                return MetWhen(self._when(entry.met_when, pointer))
            case ScoringKind.MET_BY_LEVEL:
                assert entry.met_by_level is not None
                return self._by_level(entry.met_by_level, entry, pointer)
            case ScoringKind.BANDS:
                assert entry.bands is not None
                return self._bands(entry.bands, entry, pointer)
            case ScoringKind.PROPORTIONAL:
                assert entry.proportional is not None
                return self._proportional(entry.proportional, pointer)
            case ScoringKind.PER_ITEM:
                assert entry.per_item is not None
                return self._per_item(entry.per_item, entry, pointer)
            case ScoringKind.ASSESSED:
                assert entry.assessed is not None
                return self._assessed(entry.assessed, entry, pointer)
            case _:
                assert_never(kind)

    def _when(self, text: Expression, pointer: str) -> ex.Condition:
        condition = self._conditions.condition(text, pointer)
        is_undetermined = pointer in self._report.undetermined_conditions
        return UNDETERMINED if is_undetermined else condition

    def _by_level(
        self, entries: Mapping[str, LevelMarkEntry], entry: IndicatorEntry, pointer: str
    ) -> MetByLevel:
        if entry.points != 0:
            points = f"{pointer.rpartition('/')[0]}/points"
            self._report.report_error("XH340", points, found=decimal_text(entry.points))
        marks = {level: self._mark(level, at, pointer) for level, at in entries.items()}
        ids = [f"/levels/{index}/id" for index in range(len(self._levels))]
        if not self._report.is_read("/levels"):
            return MetByLevel(tuple(marks.values()))
        missing = [level for level in dict.fromkeys(self._levels) if level not in entries]
        for level in entries:
            if level not in self._levels:
                # A level without a mark is more likely meant than one that has its mark.
                hint = self._report.suggest(level, missing or self._levels)
                place = child(pointer, level)
                self._report.report_error("XH342", place, *ids, found=level, hint=hint)
        if missing:
            self._report.report_error("XH341", pointer, *ids, levels=", ".join(missing))
        return MetByLevel(
            tuple(marks.get(level, LevelMark(level, UNDETERMINED)) for level in self._levels)
        )

    def _mark(self, level: str, entry: LevelMarkEntry, pointer: str) -> LevelMark:
        place = child(pointer, level)
        applies = when = None
        if entry.applies_when is not None:
            applies = self._when(entry.applies_when, f"{place}/applies_when")
        if entry.met_when is not None:
            is_short = place in self._report.expressions
            when = self._when(entry.met_when, place if is_short else f"{place}/met_when")
        elif applies != ex.TruthConstant(False):
            self._report.report_error("XH343", place, f"{place}/met_when", level=level)
            when = UNDETERMINED
        return LevelMark(level, when, applies)

    def _bands(self, entries: tuple[BandEntry, ...], entry: IndicatorEntry, pointer: str) -> Bands:
        bands = []
        for index, band in enumerate(entries):
            place = f"{pointer}/{index}"
            self._grid.check_points(band.points, f"{place}/points")
            lower, upper = min(entry.points, Fraction(0)), max(entry.points, Fraction(0))
            if not lower <= band.points <= upper:
                self._report.report_error(
                    "XH305",
                    f"{place}/points",
                    f"{pointer.rpartition('/')[0]}/points",
                    found=decimal_text(band.points),
                    points=decimal_text(entry.points),
                )
            bands.append(Band(self._when(band.when, f"{place}/when"), band.points))
        return Bands(tuple(bands))

    def _proportional(self, entry: ProportionalEntry, pointer: str) -> Scoring:
        rounding = self._grid.rounding(entry.rounding, f"{pointer}/rounding")
        place = f"{pointer}/share"
        share = self._conditions.number(entry.share, place)
        if (
            share is None
            or self._has_no_type(share, place)
            or not self._is_share(share, place)
            or place in self._report.undetermined_conditions
        ):
            return MetWhen(UNDETERMINED)
        return Proportional(share, rounding or RoundingRule(Fraction(1), Rounding.HALF_UP))

    def _has_no_type(self, number: ex.Number, pointer: str) -> bool:
        """Return whether a number uses a definition that has an error."""
        is_undetermined = pointer in self._report.undetermined_conditions
        return is_undetermined and any(
            isinstance(part, ex.Unknown) and part.definition for part in ex.walk(number)
        )

    def _is_share(self, share: ex.Number, pointer: str) -> bool:
        if isinstance(share, ex.ShareOf):
            return True
        if isinstance(share, ex.Dated) and share.kind is ex.NumberKind.FRACTION:
            return True
        name = share.name if isinstance(share, ex.NumberInput) else ""
        declared = self._inputs.get(name)
        if declared is None or declared.kind is not InputType.SHARE:
            self._report.report_error("XH229", pointer, type_pointer(name))
            return False
        return True

    def _per_item(self, item: PerItemEntry, entry: IndicatorEntry, pointer: str) -> Scoring:
        item_points = item.each
        self._grid.check_points(item_points, f"{pointer}/each")
        if item_points == 0 or (item_points < 0) != (entry.points < 0):
            points = f"{pointer.rpartition('/')[0]}/points"
            self._report.report_error("XH323", f"{pointer}/each", points)
        count = self._conditions.number(item.count, f"{pointer}/count")
        if count is None or self._has_no_type(count, f"{pointer}/count"):
            return MetWhen(UNDETERMINED)
        kinds = {self._inputs[name].kind for name in ex.input_names(count)}
        if kinds - {InputType.COUNT} or not all(map(_is_integral, ex.walk(count))):
            types = map(type_pointer, ex.input_names(count))
            self._report.report_error("XH230", f"{pointer}/count", *types)
            return MetWhen(UNDETERMINED)
        return (
            MetWhen(UNDETERMINED)
            if f"{pointer}/count" in self._report.undetermined_conditions
            else PerItem(count, item_points)
        )

    def _assessed(self, name: str, entry: IndicatorEntry, pointer: str) -> Scoring:
        declared = self._inputs.get(name)
        if declared is None:
            if self._report.is_read("/inputs"):
                hint = self._report.suggest(name, self._inputs)
                self._report.report_error("XH202", pointer, found=name, hint=hint)
            return self._undetermined(name, pointer)
        if declared.kind is not InputType.ASSESSED:
            kinds = {"expected": InputType.ASSESSED.value, "found": declared.kind.value}
            self._report.report_error("XH204", pointer, type_pointer(name), **kinds)
            return self._undetermined(name, pointer)
        self._grid.check_points(declared.step, pointer)
        maximum = declared.number(declared.maximum)
        if maximum != entry.points:
            self._report.report_error(
                "XH306",
                pointer,
                child("/inputs", name),
                f"{pointer.rpartition('/')[0]}/points",
                found=decimal_text(maximum),
                points=decimal_text(entry.points),
            )
        return self._undetermined(name, pointer) if name in self._doubtful else Assessed(name)

    def _undetermined(self, name: str, pointer: str) -> MetWhen:
        self._report.undetermined_conditions[pointer] = (name,)
        return MetWhen(UNDETERMINED)


def type_pointer(name: str) -> str:
    """Return the pointer of the type of an input."""
    return f"{child('/inputs', name)}/type"


def _is_integral(part: object) -> bool:
    """Return whether a part of a number is always an integer that its inputs determine."""
    match part:
        case ex.ShareOf() | ex.Unknown():
            return False
        case ex.Constant(value):
            return value.denominator == 1
        case ex.Sum(of):
            return all(factor.denominator == 1 for factor, _ in of)
        case ex.Dated(_, kind, steps):
            numbers = [step.value for step in steps]
            all_integers = all(n is not None and n.denominator == 1 for n in numbers)
            return kind is ex.NumberKind.NUMBER and steps[0].start is None and all_integers
        case _:
            return True
