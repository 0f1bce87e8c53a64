"""The tables of a society: the area, holder and profile of each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve, field, frozen

from xhht.campaign.campaign import Campaign
from xhht.campaign.cohorts import resolved_chain
from xhht.campaign.places import SubjectPlaces
from xhht.criteria.dependencies import profiles_for
from xhht.criteria.standards import StandardChain
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.errors import FrameError, ProfileNotFoundError
from xhht.frames._engine import (
    KINDS_OF_FRAMES,
    check_free_names,
    engine_of,
    in_memory,
    is_frame,
    prepare_frame,
)
from xhht.frames._expr import InvalidRows, all_of, int64_literal, text_or_null, truth_or_null, when
from xhht.frames._prepare import PREFIX, rejected_rows, valid_rows
from xhht.numbers import count_label
from xhht.text import Text

ID, AREA, REGISTERED = f"{PREFIX}id", f"{PREFIX}at", f"{PREFIX}registered"
CHOSEN = f"{PREFIX}profile"
HOLDERS = {
    Title.LEARNING_HOUSEHOLD: f"{PREFIX}household",
    Title.LEARNING_UNIT: f"{PREFIX}unit",
    Title.LEARNING_CLAN: f"{PREFIX}clan",
    Title.LEARNING_COMMUNITY: AREA,
}
"""The columns with the holder that a row is a member of; for a community, the row's area."""

_COLUMNS: Mapping[Title, Mapping[str, str]] = {
    Title.LEARNING_CITIZEN: {
        ID: "id",
        HOLDERS[Title.LEARNING_HOUSEHOLD]: "household",
        HOLDERS[Title.LEARNING_UNIT]: "unit",
    },
    Title.LEARNING_HOUSEHOLD: {ID: "id", AREA: "village", HOLDERS[Title.LEARNING_CLAN]: "clan"},
    Title.LEARNING_CLAN: {ID: "id", AREA: "commune"},
    Title.LEARNING_UNIT: {ID: "id", AREA: "commune"},
    Title.LEARNING_COMMUNITY: {ID: "area", AREA: "area"},
}
_OPTIONAL = ("unit", "clan")
_FEW = frozenset({Title.LEARNING_COMMUNITY})
"""Titles whose rows are always read into memory."""
_RESULT_COLUMNS = (
    "verdict",
    "awarded",
    "points_certain",
    "points_possible",
    "column",
    "reason",
    "counted",
)
"""The added columns of results and rejected rows."""
_KINDS: Mapping[Title, tuple[str, ...]] = {
    Title.LEARNING_UNIT: ("managed_by", "kind"),
    Title.LEARNING_COMMUNITY: ("level",),
}


@frozen(eq=False)
class SubjectFrame:
    """The rows of one title.

    Attributes:
        title: the title they may earn.
        frame: the rows, with their areas and holders.
        own: the names of their own columns.
        kinds: the columns that a profile's `applies_to` may use.
        faults: the faults for which rows are not counted at all.
        notes: what was read differently than written.
        chains: the profiles that evaluate rows, each with the standards it rests on, in the order
            of the numbers in `CHOSEN`.
    """

    title: Title
    frame: nw.LazyFrame[Any]
    own: tuple[str, ...]
    kinds: tuple[str, ...]
    issues: Sequence[tuple[str, InvalidRows]] = ()
    notes: tuple[Text, ...] = ()
    chains: tuple[StandardChain, ...] = field(default=())

    def placed(self) -> nw.LazyFrame[Any]:
        """Return the rows that count."""
        return valid_rows(self.frame, self.issues)

    def evaluated_by(self, chain: StandardChain | None) -> nw.LazyFrame[Any]:
        """Return the rows that a chain evaluates, or for None those without a profile."""
        index = -1 if chain is None else self.chains.index(chain)
        return self.placed().filter(nw.col(CHOSEN) == index)

    def refused(self) -> nw.LazyFrame[Any]:
        """Return the rows that do not count, with column and reason."""
        return rejected_rows(self.frame, self.own, self.issues, "column", "reason")


def open_tables(
    tables: Mapping[Title, Any], places: SubjectPlaces, *, check_ids: bool
) -> dict[Title, SubjectFrame]:
    """Return the tables of a society, with the area of each row.

    Raises:
        FrameError: a table lacks a column, or is not a frame.
    """
    codes = [str(area.code) for area in places.areas]
    opened: dict[Title, SubjectFrame] = {}
    # Holders come first: households give the areas of their citizens.
    named = {_title(key): native for key, native in tables.items()}
    for title, native in named.items():
        if not is_frame(native):
            raise FrameError(_NO_TABLE.format(title=title.label, frames=KINDS_OF_FRAMES))
    _check_one_engine(named)
    for title in sorted(named, key=_is_member):
        table = _open_table(title, named[title])
        if title is Title.LEARNING_CITIZEN and Title.LEARNING_HOUSEHOLD not in opened:
            raise FrameError(_NO_HOUSEHOLDS)
        for holders, column in HOLDERS.items():
            if column in _COLUMNS[title] and holders in opened and column != AREA:
                table = _with_restored_ids(table, column, opened[holders])
        if title is Title.LEARNING_CITIZEN:
            table = _join_households(table, opened[Title.LEARNING_HOUSEHOLD])
        opened[title] = _checked(table, codes, check_ids)
    return opened


def _is_member(title: Title) -> tuple[bool, bool]:
    """Return a key that sorts holders before their members."""
    return title is Title.LEARNING_CITIZEN, title is Title.LEARNING_HOUSEHOLD


def _with_restored_ids(table: SubjectFrame, column: str, holders: SubjectFrame) -> SubjectFrame:
    """Return a table whose references to holders have their leading zeros, where that is certain.

    The rule is that of `xhht.campaign.lost_zeros.restored_ids`.
    """
    written = table.frame.select(nw.col(column).alias(_WRITTEN)).filter(_is_number(_WRITTEN))
    ids = holders.frame.select(nw.col(ID).alias(_WRITTEN)).filter(_is_number(_WRITTEN)).unique()
    unmatched = written.unique().join(ids, on=_WRITTEN, how="anti")
    if not unmatched.select(nw.len()).collect().item():
        return table
    existing = _single(ids).rename({_WRITTEN: _RESTORED})
    restored = (
        _single(written.unique())
        .join(existing, on=_NUMBER, how="inner")
        .filter(nw.col(_WRITTEN) != nw.col(_RESTORED))
        .select(nw.col(_WRITTEN).alias(column), _RESTORED)
    )
    joined = table.frame.join(restored, on=column, how="left")
    moved = int(joined.select(nw.col(_RESTORED).count()).collect().item())
    restored_id = nw.coalesce(nw.col(_RESTORED), nw.col(column)).alias(column)
    frame = joined.with_columns(restored_id).drop(_RESTORED)
    if not moved:
        return table
    note = _RESTORED_IDS.format(
        number=count_label(moved),
        column=_COLUMNS[table.title][column],
        members=table.title.label,
        holders=holders.title.label,
    )
    return evolve(table, frame=frame, notes=(*table.notes, note))


def _is_number(column: str) -> nw.Expr:
    return nw.col(column).str.contains("^[0-9]+$").fill_null(False)


def _single(ids: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the ids that are the only ones with their number."""
    number = nw.col(_WRITTEN).str.replace_all("^0+", "").alias(_NUMBER)
    counted = (
        ids.with_columns(number)
        .group_by(_NUMBER)
        .agg(nw.len().alias(_TIMES), nw.col(_WRITTEN).min())
    )
    return counted.filter(nw.col(_TIMES) == 1).select(_NUMBER, _WRITTEN)


_WRITTEN, _RESTORED = f"{PREFIX}written", f"{PREFIX}restored"
_NUMBER, _TIMES = f"{PREFIX}number_of_id", f"{PREFIX}times"


def _title(key: object) -> Title:
    if str(key) not in list(Title):
        raise FrameError(_NO_TITLE.format(titles=", ".join(Title)))
    return Title(str(key))


def _check_one_engine(tables: Mapping[Title, Any]) -> None:
    """Refuse tables of different engines, which cannot be joined."""
    joined = {title: native for title, native in tables.items() if title not in _FEW}
    engines = {engine_of(native) for native in joined.values()}
    if len(engines) > 1:
        raise FrameError(_ENGINES.format(engines=", ".join(sorted(engines))))


def _open_table(title: Title, native: Any) -> SubjectFrame:
    if title in _FEW:
        # Areas are few, and their contributions are summed along the tree.
        native = in_memory(native)
    names = nw.from_native(native).collect_schema().names()
    opened = prepare_frame(native, names, PREFIX)
    check_free_names(opened, _RESULT_COLUMNS)
    frame, schema = opened.frame, opened.schema
    columns: dict[str, nw.Expr] = {}
    for column, name in _COLUMNS[title].items():
        if name in schema:
            columns[column] = _key(title, name, schema)
        elif name in _OPTIONAL:
            columns[column] = nw.lit(None, nw.String)
        else:
            raise FrameError(_MISSING.format(title=title.label, name=name))
    registered = truth_or_null("registered", schema)
    if registered is None:
        raise FrameError(_NOT_TRUTH.format(title=title.label))
    columns[REGISTERED] = registered
    required = _KINDS.get(title, ())
    for name in required:
        if name not in schema:
            raise FrameError(_MISSING.format(title=title.label, name=name))
    for name in names:
        if name.startswith("members__") and not schema[name].is_integer():
            raise FrameError(_NOT_NUMBERS.format(title=title.label, name=name))
    return SubjectFrame(title, frame.with_columns(**columns), tuple(names), required)


def _key(title: Title, name: str, schema: Mapping[str, nw.dtypes.DType]) -> nw.Expr:
    """Return a column of ids or codes as text; ids may be integers, area codes may not."""
    dtype = schema[name]
    is_code = name == _COLUMNS[title].get(AREA)
    if dtype.is_integer() and not is_code:
        return nw.col(name).cast(nw.String)
    if dtype in (nw.Categorical, nw.Enum):
        return nw.col(name).cast(nw.String)
    if dtype not in (nw.String, nw.Unknown):
        wanted = _NOT_CODES if is_code else _NOT_IDS
        raise FrameError(wanted.format(title=title.label, name=name))
    return text_or_null(name, schema)


def _join_households(citizens: SubjectFrame, households: SubjectFrame) -> SubjectFrame:
    """Return citizens with the areas and clans of their households."""
    household, clan = HOLDERS[Title.LEARNING_HOUSEHOLD], HOLDERS[Title.LEARNING_CLAN]
    places = households.placed().select(nw.col(ID).alias(household), AREA, clan)
    return evolve(citizens, frame=citizens.frame.join(places, on=household, how="left"))


def _checked(table: SubjectFrame, codes: list[str], check_ids: bool) -> SubjectFrame:
    id_column, area_column = (_COLUMNS[table.title].get(index, "household") for index in (ID, AREA))
    area = nw.col(AREA)
    issues = [(id_column, InvalidRows("missing", nw.col(ID).is_null()))]
    if check_ids and _has_duplicate_ids(table.frame):
        is_duplicate = nw.col(ID).count().over(ID) > 1
        issues.append((id_column, InvalidRows("duplicate_id", is_duplicate.fill_null(False))))
    if table.title is Title.LEARNING_COMMUNITY:
        known = nw.col("level").is_in([level.value for level in AreaLevel]).fill_null(False)
        issues.append(("level", InvalidRows.unless("unknown_level", known)))
    issues.append(
        (area_column, InvalidRows.unless("unknown_area", area.is_in(codes).fill_null(False)))
    )
    return evolve(table, issues=issues)


def _has_duplicate_ids(frame: nw.LazyFrame[Any]) -> bool:
    """Return whether there is a duplicate id."""
    known = frame.filter(~nw.col(ID).is_null())
    counted = known.select(nw.len().alias("rows"), nw.col(ID).n_unique().alias("ids"))
    rows, ids = counted.collect().row(0)
    return bool((ids or 0) < rows)


def without_reported(
    table: SubjectFrame, reported: Iterable[tuple[str, AreaLevel | None]], places: SubjectPlaces
) -> SubjectFrame:
    """Return a table without the rows of areas that are covered by reported counts."""
    by_level: dict[AreaLevel | None, set[str]] = {}
    for code, level in reported:
        by_level.setdefault(level, set()).add(code)
    column = _COLUMNS[table.title].get(AREA, "household")
    issues = list(table.issues)
    for level, listed in by_level.items():
        inside = [str(a.code) for a in places.areas if not listed.isdisjoint(places.path(a.code))]
        rows = nw.col(AREA).is_in(inside).fill_null(False)
        if level is not None:
            rows = rows & _is("level", level.value)
        issues.append((column, InvalidRows("reported_area", rows)))
    return evolve(table, issues=issues)


def assign_profiles(table: SubjectFrame, setup: Campaign, places: SubjectPlaces) -> SubjectFrame:
    """Return a table with the index of the chain in `chains` that evaluates each row."""
    candidates = profiles_for(table.title, setup.profiles)
    requested = {key for profile in candidates for key in profile.document.applies_to or {}}
    kinds = tuple(name for name in table.own if name in {*requested, *table.kinds})
    by_area = any(profile.document.area is not None for profile in candidates)
    columns = [*([AREA] if by_area else []), *kinds]
    by_kind = _resolved(table, setup, places, columns, kinds) if columns else None
    if by_kind is None:
        by_kind = {(): {_resolve(table.title, setup, {}, ()): []}}
    chains = tuple(dict.fromkeys(one for by in by_kind.values() for one in by if one is not None))
    chosen = int64_literal(-1)
    for kind, by_profile in by_kind.items():
        of_kind = [_is(name, value) for name, value in zip(kinds, kind, strict=True)]
        for chain, areas in by_profile.items():
            if chain is None:
                continue
            truths = [*of_kind]
            if len(by_profile) > 1:
                truths.append(nw.col(AREA).is_in(areas))
            index = int64_literal(chains.index(chain))
            chosen = when(all_of(truths), index, chosen) if truths else index
    frame = table.frame.with_columns(chosen.alias(CHOSEN))
    return evolve(table, frame=frame, kinds=kinds, chains=chains)


_ChainsByKind = dict[tuple[str | None, ...], dict[StandardChain | None, list[str]]]


def _resolved(
    table: SubjectFrame,
    setup: Campaign,
    places: SubjectPlaces,
    columns: list[str],
    kinds: tuple[str, ...],
) -> _ChainsByKind:
    """Return the chains of each kind of subject, and the areas where each applies."""
    by_kind: _ChainsByKind = {}
    combinations = table.placed().select(*columns).unique().collect()
    for row in combinations.iter_rows(named=True):
        kind = tuple(row[name] for name in kinds)
        traits = {
            name: str(value) for name, value in zip(kinds, kind, strict=True) if value is not None
        }
        area = row.get(AREA, "")
        chain = _resolve(table.title, setup, traits, places.path(area) if area else ())
        by_kind.setdefault(kind, {}).setdefault(chain, []).append(area)
    return by_kind


def _resolve(
    title: Title, setup: Campaign, kind: Mapping[str, str], path: Sequence[str]
) -> StandardChain | None:
    try:
        return resolved_chain(
            setup.profiles,
            title,
            as_of=setup.as_of,
            path=path,
            kind=kind,
            illustrative=setup.illustrative,
        )
    except ProfileNotFoundError:
        return None


def _is(name: str, value: object) -> nw.Expr:
    return nw.col(name).is_null() if value is None else (nw.col(name) == value).fill_null(False)


_RESTORED_IDS = Text(
    vi="{members}: {number} dòng có {column} chỉ khác mã của bảng {holders} ở các số 0 ở đầu, nên "
    "được coi là cùng một mã; hãy lưu cột mã của cả hai bảng dưới dạng văn bản.",
    en="{members}: rows whose {column} differs from the ids in the table {holders} only by leading "
    "zeros: {number}. They are treated as the same id. Save the id columns of both tables as text.",
)
_NO_HOUSEHOLDS = Text(
    vi="Có bảng công dân nhưng thiếu bảng hộ nên không xác định được địa bàn của công dân; hãy "
    "thêm bảng hộ.",
    en="The table of citizens needs a table of households, which gives the areas of citizens; add "
    "it.",
)
_NO_TITLE = Text(
    vi="Khóa của các bảng phải là danh hiệu: {titles}.",
    en="The keys of 'tables' must be titles: {titles}.",
)
_NO_TABLE = Text(
    vi="Bảng của {title}: bảng dữ liệu không được hỗ trợ (cần {frames}).",
    en="Table of {title}: not a supported data frame (pass a {frames} frame).",
)
_NOT_NUMBERS = Text(
    vi="Bảng của {title}: cột '{name}' phải là số nguyên.",
    en="Table of {title}: column '{name}' must hold integers.",
)
_NOT_IDS = Text(
    vi="Bảng của {title}: cột '{name}' phải là văn bản hoặc số nguyên.",
    en="Table of {title}: column '{name}' must hold text or integers.",
)
_NOT_CODES = Text(
    vi="Bảng của {title}: cột '{name}' phải là văn bản, vì mã khu vực có thể bắt đầu bằng số 0.",
    en="Table of {title}: column '{name}' must be text, because area codes may start with zeros.",
)
_ENGINES = Text(
    vi="Các bảng phải dùng cùng một công cụ, nhưng ở đây có {engines}; hãy đọc tất cả bằng một "
    "công cụ, ví dụ polars.scan_parquet.",
    en="All tables must use one engine, but these use {engines}; read them all with one engine, "
    "for example polars.scan_parquet.",
)
_MISSING = Text(
    vi="Bảng của {title} thiếu cột '{name}'; hãy thêm cột này.",
    en="Table of {title}: column '{name}' is missing; add it.",
)
_NOT_TRUTH = Text(
    vi="Bảng của {title}: cột 'registered' phải là đúng/sai (Boolean); để trống nếu chưa biết.",
    en="Table of {title}: column 'registered' must be Boolean; leave it null where unknown.",
)
