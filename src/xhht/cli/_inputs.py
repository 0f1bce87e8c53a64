"""Reads what is given on the command line: files, profiles, programmes and tables of areas."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import IO, NoReturn

from attrs import evolve

from xhht._json import is_json
from xhht.cli._context import STDIN, CommandContext, print_text
from xhht.cli._options import ColumnOptions
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.files import profile_files
from xhht.criteria.loading import check_profile, load_profile, loads_profile
from xhht.criteria.profile import Profile
from xhht.criteria.registry import PreferringRegistry, Registry, installed_profiles
from xhht.criteria.standards import chain_of, unused_standards
from xhht.criteria.targets import Programme, bundled_programmes, is_targets_file, loads_targets
from xhht.domain.area_names import AreaMatch, AreaNames
from xhht.domain.areas import AreaTree
from xhht.domain.register import TitleRegister
from xhht.domain.titles import Title
from xhht.errors import DomainError
from xhht.issues import FileIssue
from xhht.numbers import Convention
from xhht.reporting.diagnostics import FindingsFormat, findings_text
from xhht.reporting.excerpts import SourceLines
from xhht.reporting.rollups import fault_text
from xhht.tables.areas import AREAS, AreaTable, read_areas
from xhht.tables.changes import CHANGES, read_changes
from xhht.tables.files import is_binary
from xhht.tables.files import open_table as open_table_file
from xhht.tables.register import REGISTER, read_register
from xhht.tables.table import Row, Table, TableFormat
from xhht.text import Text, suggestion

POLARS = "polars"
"""The engine of tables in files."""

_HEAD = 64


@contextmanager
def open_input(path: str) -> Iterator[IO[bytes]]:
    """Open `path`, or standard input for `-`, for reading bytes; raises OSError."""
    if path == STDIN:
        if sys.stdin is None:
            raise FileNotFoundError(errno.ENOENT, "no standard input", STDIN)
        stream = sys.stdin.buffer
        # A calling program may have replaced the stream, and readers need `peek`.
        yield stream if isinstance(stream, BufferedReader) else buffered(stream.read())
        return
    with Path(path).open("rb") as stream:
        yield stream


def read_input(path: str) -> bytes:
    """Return the content of `path`, or of standard input for `-`; raises OSError."""
    with open_input(path) as stream:
        return stream.read()


def buffered(data: bytes) -> BufferedReader:
    """Return bytes as a stream with `peek`."""
    return BufferedReader(BytesIO(data))


@contextmanager
def open_table(
    context: CommandContext,
    path: str,
    form: TableFormat,
    numbers: Convention = Convention.PLAIN,
) -> Iterator[Table]:
    """Open the table at `path` (CSV, XLSX, Parquet), or CSV on standard input; print its warnings.

    Raises:
        TableError: the file cannot be read as a table.
        OSError: the file cannot be opened.
    """
    with ExitStack() as files:
        source = files.enter_context(open_input(path)) if path == STDIN else Path(path)
        table = files.enter_context(open_table_file(source, form, numbers=numbers))
        warnings = table.warnings
        context.warn(*warnings)
        yield table
        # Rows that are no subjects are known once all rows are read.
        context.warn(*table.warnings[len(warnings) :])


class TableInProgress(Table):
    """A table that shows on a terminal how many of its rows were read."""

    def __init__(self, context: CommandContext, table: Table) -> None:
        self.columns, self.warnings = table.columns, table.warnings
        self._context, self._table = context, table

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows that are not blank."""
        return self._context.progress(self._table)


@contextmanager
def open_table_with_progress(
    context: CommandContext, numbers: Convention, path: str, form: TableFormat
) -> Iterator[Table]:
    """Open the table at `path` as `open_table` does, and show the progress of reading it."""
    with open_table(context, path, form, numbers) as table:
        yield TableInProgress(context, table)


def is_columnar(path: str) -> bool:
    """Return whether a file can only be evaluated over columns; raises OSError."""
    return path != STDIN and is_binary(Path(path))


def require_single_stdin(context: CommandContext, *paths: str | None) -> None:
    """Fail if several inputs are standard input."""
    if paths.count(STDIN) > 1:
        context.fail(_SINGLE_STDIN)


def load_areas(
    context: CommandContext, path: str, *, on: date | None = None, changes: str | None = None
) -> AreaTable:
    """Return the areas of a table on the day `on`; required if the table covers several.

    With the table `changes`, old names of areas are understood; if it is invalid or contradicts
    the areas, the command ends with its errors.
    """
    with open_table(context, path, AREAS) as table:
        areas = read_areas(table.columns, context.progress(table))
    if changes is None:
        return areas.of_one_day(on)
    with open_table(context, changes, CHANGES) as table:
        read = read_changes(table.columns, context.progress(table))
    issues = [*read.faults, *read.check(areas)]
    for issue in issues:
        context.warn(fault_text(issue))
    if issues:
        context.exit_with_errors()
    return evolve(areas.of_one_day(on), changes=read.concordance(areas))


def area_code(context: CommandContext, tree: AreaTree, area: str | None) -> str | None:
    """Return the code of an area given by code or by name; fail if it is not certain."""
    if area is None or area in tree:
        return area
    match = AreaNames(tree).find(area)
    if isinstance(match, AreaMatch):
        context.warn(match.said)
        return match.area.code
    if match.candidates:
        context.fail(match.message)
    return area


def load_register(
    context: CommandContext, path: str | None, profiles: Iterable[Profile]
) -> TitleRegister | None:
    """Return the register in a table, or None; rows with errors end the command.

    Decisions without months of validity have those of their level in the profiles.
    """
    if path is None:
        return None
    validity = {
        (profile.title, level.id): level.validity_months
        for profile in profiles
        for level in profile.document.levels
        if level.validity_months is not None
    }
    with open_table(context, path, REGISTER) as table:
        read = read_register(table.columns, context.progress(table), validity=validity)
    if read.faults:
        for issue in read.faults:
            context.warn(_REGISTER_ROW.format(row=issue.row, problem=issue.text))
        context.exit_with_errors()
    try:
        return TitleRegister(read.decisions)
    except DomainError as error:
        context.fail(error.text)


def named_profile(context: CommandContext, reference: str) -> Profile:
    """Return the profile of a path, of standard input, or of a bundled id with optional `@version`.

    An invalid profile ends the command like `xhht check`: diagnostics, exit code 1.
    Raises ProfileNotFoundError and OSError.
    """
    if not _is_path(reference):
        return installed_profiles().get(reference)
    data, file = read_input(reference), str(Path(reference))
    try:
        return loads_profile(data, file)
    except ProfileError:
        # The exception holds only errors; `check` reports warnings too.
        _fail_on(context, check_profile(data, file), SourceLines({file: data}))


def load_profiles(context: CommandContext, path: str) -> list[Profile]:
    """Return the profiles of a directory, or the profile of any other reference."""
    if not Path(path).is_dir():
        return [named_profile(context, path)]
    files = files_of_profiles(context, path)
    try:
        return [load_profile(file, bases=files) for file in files]
    except ProfileError as error:
        _fail_on(context, error.diagnostics)


def load_standards(
    context: CommandContext, paths: Iterable[str], profile: Profile, day: date
) -> tuple[Profile, ...]:
    """Return the standards that a profile rests on, from files, directories and references.

    Of a directory, those are chosen that it rests on; any other profile that it does not rest on is
    named in a warning. Profiles that do not fit together end the command like `xhht check`.

    Raises:
        ProfileNotFoundError: a reference is unknown, or several profiles fit an input.
        OSError: a file cannot be read.
    """
    given = {path: load_profiles(context, path) for path in dict.fromkeys(paths)}
    standards = [standard for profiles in given.values() for standard in profiles]
    try:
        chain = chain_of(profile, standards, day)
    except ProfileError as error:
        _fail_on(context, error.diagnostics)
    for path, profiles in given.items():
        if not Path(path).is_dir():
            for remark in unused_standards(chain, profiles):
                context.warn(remark)
    return chain.standards


def files_of_profiles(context: CommandContext, path: str) -> list[Path]:
    """Return the profile files of a path; fail if a directory has none."""
    return profile_files([Path(path)]) or context.fail(NO_PROFILES.format(directory=path))


def load_registry(context: CommandContext, paths: Iterable[str]) -> Registry:
    """Return the profiles of files and directories together with the installed ones.

    A given profile replaces an installed one with the same id and version. Invalid files end the
    command like `xhht check`; raises OSError.
    """
    files = [Path(path) for path in paths]
    for file in files:
        if file.is_dir():
            files_of_profiles(context, str(file))
    try:
        preferred = Registry.from_paths(files)
    except ProfileError as error:
        _fail_on(context, error.diagnostics)
    profiles = {(p.id, p.version): p for p in (*installed_profiles(), *preferred)}
    return PreferringRegistry(tuple(profiles.values()), preferred)


def named_programmes(
    context: CommandContext,
    programme_ids: Iterable[str],
    *,
    profiles: Iterable[Profile] | None = None,
) -> list[Programme]:
    """Return the programmes given on the command line, without duplicates.

    An invalid file ends the command like `xhht check`.

    Args:
        context: the context of the command.
        programme_ids: ids and files.
        profiles: the profiles that conditions may refer to; by default, the bundled ones.
    """
    return [_load_programme(context, name, profiles) for name in dict.fromkeys(programme_ids)]


def _load_programme(
    context: CommandContext, name: str, profiles: Iterable[Profile] | None
) -> Programme:
    if is_targets_file(name):
        try:
            return loads_targets(Path(name).read_bytes(), name, profiles=profiles)
        except ProfileError as error:
            _fail_on(context, error.diagnostics)
    programmes = {programme.id: programme for programme in bundled_programmes()}
    if name not in programmes:
        similar = suggestion(name, programmes)
        text = _NO_PROGRAMME.format(name=name)
        context.fail(_NO_PROGRAMME_SIMILAR.format(text=text, similar=similar) if similar else text)
    return programmes[name]


def parse_title(context: CommandContext, text: str) -> Title:
    """Parse a title; fail if it is unknown."""
    try:
        return Title(text) if text.startswith("x.") else Title.parse(text)
    except ValueError:
        context.fail(_NO_TITLE.format(titles=", ".join(Title)))


def print_issues(
    context: CommandContext, issues: Iterable[FileIssue], sources: SourceLines | None = None
) -> None:
    """Print issues of files with their source lines, or in another format."""
    findings_format = FindingsFormat(context.output.value)
    text = findings_text(issues, findings_format, sources or SourceLines(), context.lang)
    if text:
        print_text(text)


def _fail_on(
    context: CommandContext, issues: Iterable[FileIssue], sources: SourceLines | None = None
) -> NoReturn:
    """Print issues of files and end the command."""
    print_issues(context, issues, sources)
    context.exit_with_errors()


def file_of_columns(
    context: CommandContext, facts: str | None, options: ColumnOptions
) -> Path | None:
    """Return the file to evaluate; fail on options that cannot be combined with it."""
    if facts == STDIN:
        context.fail(_NO_STDIN)
    if options.engine in (None, POLARS):
        if facts is None:
            context.fail(_TABLE_NEEDS_ENGINE)
        if options.table or options.into or options.explain_sql:
            context.fail(_NEEDS_DATABASE)
    elif options.sheet or options.area_level:
        context.fail(_FILES_ONLY)
    if facts is None:
        return None
    with Path(facts).open("rb") as stream:
        if is_json(stream.read(_HEAD)):
            context.fail(_NO_JSON)
    return Path(facts)


def _is_path(reference: str) -> bool:
    if reference == STDIN or reference.endswith((".yaml", ".yml")) or "/" in reference:
        return True
    return Path(reference).exists()


NO_PROFILES = Text(
    vi="Không có bộ tiêu chí nào (tệp .yaml) trong thư mục {directory}.",
    en="No profile (.yaml file) in directory {directory}.",
)
_REGISTER_ROW = Text(
    vi="Sổ danh hiệu, dòng {row}: {problem}", en="Register of titles, row {row}: {problem}"
)
_NO_TITLE = Text(
    vi="Danh hiệu không hợp lệ; các danh hiệu: {titles}; hoặc x.TÊN cho lĩnh vực khác.",
    en="Unknown title; known titles: {titles}; or x.NAME for another field.",
)
_SINGLE_STDIN = Text(
    vi="Chỉ một tệp được đọc từ đầu vào chuẩn (-).",
    en="Only one file can be read from standard input (-).",
)
_NO_PROGRAMME = Text(
    vi="Không có chương trình '{name}'; hãy xem các chương trình bằng lệnh: xhht targets list.",
    en="Unknown programme '{name}'; list the programmes with: xhht targets list.",
)
_NO_PROGRAMME_SIMILAR = Text(
    vi="{text} Có phải ý bạn là '{similar}'?",
    en="{text} Did you mean '{similar}'?",
)
_NO_STDIN = Text(
    vi="Các tùy chọn về bảng cần một tệp; đầu vào chuẩn (-) chỉ được đánh giá từng dòng, không "
    "dùng --output.",
    en="Table options need a file; standard input (-) is evaluated row by row, without --output.",
)
_NO_JSON = Text(
    vi="JSON được đánh giá từng đối tượng; hãy bỏ các tùy chọn về bảng, hoặc dùng CSV, Parquet, "
    "XLSX.",
    en="JSON is evaluated subject by subject; omit the table options, or use CSV, Parquet or XLSX.",
)
_TABLE_NEEDS_ENGINE = Text(
    vi="--table cần địa chỉ cơ sở dữ liệu ở --engine.",
    en="--table needs a database URL in --engine.",
)
_NEEDS_DATABASE = Text(
    vi="--table, --into và --explain-sql cần địa chỉ cơ sở dữ liệu ở --engine (--explain-sql dùng "
    "được cả với duckdb).",
    en="--table, --into and --explain-sql need a database URL in --engine (--explain-sql also "
    "accepts duckdb).",
)
_FILES_ONLY = Text(
    vi="--sheet và --area-level chỉ dùng cho tệp CSV, XLSX và Parquet, không cùng --engine.",
    en="--sheet and --area-level apply only to CSV, XLSX and Parquet files, without --engine.",
)
