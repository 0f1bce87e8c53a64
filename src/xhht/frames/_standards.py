"""The standards that a profile rests on, evaluated over the same rows.

All inputs are read first, so that a row with an invalid value is set apart before anything is
computed. Then each standard is evaluated after those it rests on; the levels that are still
possible are the options of the inputs that take its result.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from xhht.criteria.profile import Profile
from xhht.criteria.standards import StandardChain
from xhht.errors import FrameError
from xhht.frames._compile import IntervalExpr, compile_columns
from xhht.frames._days import days_of
from xhht.frames._engine import PreparedFrame, with_layers
from xhht.frames._expr import InvalidRows, any_of, when
from xhht.frames._outputs import level_keys, possible_levels
from xhht.frames._prepare import PREFIX, RowsWithBounds, input_columns, read_inputs
from xhht.numbers import Convention
from xhht.rules.inputs import NO_LEVEL, InputType
from xhht.text import Text


@frozen(eq=False)
class ChainRows:
    """Rows with the bounds of the inputs of a profile and of the standards it rests on.

    Attributes:
        rows: the rows, with the inputs of the profile and the issues of all inputs.
        standards: for each standard, the prefix of its columns and its inputs.
    """

    rows: RowsWithBounds
    standards: Mapping[Profile, tuple[str, RowsWithBounds]]


@frozen(eq=False)
class RowsWithResults:
    """Rows with the results of the standards of a profile.

    Attributes:
        frame: the rows.
        ends: the bounds of the inputs of the profile.
        levels: by the id of each standard, whether each of its levels, and none, is possible.
    """

    frame: nw.LazyFrame[Any]
    ends: Sequence[IntervalExpr]
    levels: Mapping[str, Mapping[str, nw.Expr]]


def read_chain(
    chain: StandardChain,
    opened: PreparedFrame,
    *,
    as_of: date | None,
    numbers: Convention = Convention.PLAIN,
    id: str | None = None,
    derived: Mapping[Profile, Mapping[str, IntervalExpr]] | None = None,
    kinds: Mapping[str, Collection[str]] | None = None,
) -> ChainRows:
    """Return a frame with the bounds of all inputs of a chain; see `read_inputs`.

    Args:
        chain: the profiles.
        opened, as_of, numbers, id: as for `read_inputs`.
        derived: the derived inputs of each profile, as for `read_inputs`.
        kinds: the columns that say the kind of subject, with the words that are allowed.

    Raises:
        FrameError: no column is an input, and none is derived; or as `read_inputs`.
    """
    known = {name for profile in chain.profiles for name in input_columns(profile.plan)}
    if not any((derived or {}).values()) and known.isdisjoint(opened.names):
        raise FrameError(_NO_COLUMN)
    standards: dict[Profile, tuple[str, RowsWithBounds]] = {}
    frame, issues = opened.frame, list[tuple[str, InvalidRows]]()
    for number, profile in enumerate(chain.profiles):
        prefix = PREFIX if profile is chain.profile else f"{PREFIX}k{number}_"
        rows = read_inputs(
            profile.plan,
            evolve(opened, frame=frame),
            as_of=as_of,
            numbers=numbers,
            id=None if number else id,
            derived=(derived or {}).get(profile, {}),
            kinds={} if number else kinds or {},
            prefix=prefix,
        )
        frame = rows.frame
        issues += rows.issues
        standards[profile] = prefix, rows
    _, last = standards.pop(chain.profile)
    return ChainRows(evolve(last, issues=issues), standards)


def with_standards(
    chain: StandardChain,
    read: ChainRows,
    frame: nw.LazyFrame[Any],
    as_of: date | None,
    *,
    final: bool = False,
) -> RowsWithResults:
    """Return rows with the results of the standards, and the bounds of the profile's inputs.

    Args:
        chain: the profiles.
        read: what `read_chain` returns.
        frame: its rows.
        as_of: the day of evaluation.
        final: whether the assessment is closed, also by the standards.
    """
    possible: dict[Profile, dict[str, nw.Expr]] = {}
    for profile, (prefix, rows) in read.standards.items():
        frame, ends = _filled(chain, profile, rows, prefix, frame, possible)
        plan = profile.plan_of(final, chain.unsettled[profile])
        days = days_of(plan, as_of)
        compiled = compile_columns(plan, ends, days, level_keys(plan), prefix)
        levels = possible_levels(plan, compiled)
        names = {level: f"{prefix}v{number}" for number, level in enumerate(levels)}
        added = [expression.alias(names[level]) for level, expression in levels.items()]
        frame = with_layers(frame, [*compiled.layers, added])
        possible[profile] = {level: nw.col(name) for level, name in names.items()}
    frame, ends = _filled(chain, chain.profile, read.rows, PREFIX, frame, possible)
    return RowsWithResults(frame, ends, {one.id: levels for one, levels in possible.items()})


def _filled(
    chain: StandardChain,
    profile: Profile,
    rows: RowsWithBounds,
    prefix: str,
    frame: nw.LazyFrame[Any],
    possible: Mapping[Profile, Mapping[str, nw.Expr]],
) -> tuple[nw.LazyFrame[Any], Sequence[IntervalExpr]]:
    """Return the bounds of a profile's inputs, with results where the rows give no value."""
    ends, layer = list(rows.ends), list[nw.Expr]()
    for index, declared in enumerate(profile.plan.inputs):
        standard = chain.sources[profile].get(declared.name)
        if standard is None:
            continue
        levels = possible[standard]
        given = rows.given.get(declared.name, nw.lit(False))
        if declared.kind is InputType.CHOICE:
            # A value whose evidence is rejected has no text; every option is possible then.
            options = {option: levels.get(option, nw.lit(False)) for option in declared.choices}
            options = {option: given | is_open for option, is_open in options.items()}
            ends[index] = evolve(ends[index], options=options)
            continue
        reached = any_of([one for level, one in levels.items() if level != NO_LEVEL])
        bounds = (ends[index].lower, ~levels[NO_LEVEL]), (ends[index].upper, reached)
        names = f"{prefix}c{index}", f"{prefix}d{index}"
        for (own, result), name in zip(bounds, names, strict=True):
            layer.append(when(given, own, result).alias(name))
        lower, upper = map(nw.col, names)
        ends[index] = IntervalExpr(lower, upper)
    return with_layers(frame, [layer]), ends


_NO_COLUMN = Text(
    vi="Không có cột nào trùng tên với đầu vào của bộ tiêu chí; hãy đặt tên cột theo tên các đầu "
    "vào.",
    en="No column matches an input of the profile; name columns after the inputs.",
)
