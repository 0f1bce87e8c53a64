"""Finds the profiles of an earlier state: a directory or a git revision."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from xhht.cli._context import STDIN, CommandContext
from xhht.criteria.files import criteria_files, earlier_versions
from xhht.text import Text


@contextmanager
def earlier_files(
    context: CommandContext, reference: str, paths: Sequence[str]
) -> Iterator[dict[Path, str]]:
    """Yield the profile and targets files of an earlier state, with their display names.

    Args:
        context: the context of the command.
        reference: a directory, or a revision of the repository that contains the paths.
        paths: the paths being checked. A directory matches all its earlier files, a file the
            earlier file of the same name.
    """
    if STDIN in paths:
        context.fail(_NO_STDIN)
    if Path(reference).is_dir():
        files = earlier_versions(Path(reference), map(Path, paths))
        yield {file: str(file) for file in files}
        return
    with tempfile.TemporaryDirectory() as folder:
        yield dict(_in_repository(context, reference, paths, Path(folder)))


def _in_repository(
    context: CommandContext, revision: str, paths: Sequence[str], folder: Path
) -> Iterator[tuple[Path, str]]:
    """Write the files of a revision into a folder, and yield them with their names.

    The siblings of a given file are written too, since an overlay finds its base there.
    """
    resolved = [Path(path).resolve() for path in paths]
    folders = [directory if directory.is_dir() else directory.parent for directory in resolved]
    git = _Repository.containing(context, folders[0])
    for path, directory in zip(paths, resolved, strict=True):
        if git.root not in (directory, *directory.parents):
            context.fail(_OUTSIDE.format(file=path, root=git.root))
    git.write(git.commit(revision), folders, folder)
    for directory in resolved:
        earlier = folder / directory.relative_to(git.root)
        for file in criteria_files([earlier] if earlier.exists() else []):
            yield file, f"{revision}:{file.relative_to(folder).as_posix()}"


@frozen
class _Repository:
    context: CommandContext
    root: Path

    @classmethod
    def containing(cls, context: CommandContext, directory: Path) -> _Repository:
        """Return the repository that contains a directory."""
        top = _git(context, ["rev-parse", "--show-toplevel"], directory, _NO_REPOSITORY)
        return cls(context, Path(os.fsdecode(top.removesuffix(b"\n"))).resolve())

    def commit(self, revision: str) -> str:
        """Return the id of a revision."""
        error_text = _NO_REVISION.format(revision=revision)
        arguments = ["--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
        return self._git(["rev-parse", *arguments], error_text).decode().strip()

    def write(self, commit: str, folders: Sequence[Path], target: Path) -> None:
        """Write the YAML files below some folders at their paths in the repository."""
        relative_folders = [folder.relative_to(self.root).as_posix() for folder in folders]
        limits = [] if "." in relative_folders else ["--", *relative_folders]
        ls_tree = ["ls-tree", "-r", "-z", "--full-tree", commit, *limits]
        ids: dict[str, bytes] = {}
        for entry in self._git(ls_tree, _FAILED).split(b"\0"):
            metadata, _, name = entry.partition(b"\t")
            if name.endswith(b".yaml") and b" blob " in metadata:
                ids[os.fsdecode(name)] = metadata.split()[2]
        object_ids = b"".join(object_id + b"\n" for object_id in ids.values())
        contents = self._git(["cat-file", "--batch"], _FAILED, object_ids)
        end = 0
        for path in ids:
            start = contents.index(b"\n", end) + 1
            end = start + int(contents[end:start].split()[2]) + 1
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(contents[start : end - 1])

    def _git(self, arguments: list[str], error_text: Text, stdin: bytes = b"") -> bytes:
        return _git(self.context, arguments, self.root, error_text, stdin)


def _git(
    context: CommandContext,
    arguments: list[str],
    directory: Path,
    error_text: Text,
    stdin: bytes = b"",
) -> bytes:
    """Return the output of git; if git fails, end the command with `error_text`."""
    try:
        completed = subprocess.run(  # noqa: S603
            ["git", "-C", str(directory), *arguments],  # noqa: S607 - the user's own git
            input=stdin,
            capture_output=True,
            check=False,
        )
    except OSError:
        context.fail(_NO_GIT)
    if completed.returncode:
        message = completed.stderr.decode(errors="replace").strip().partition("\n")[0]
        vi, en = (f"{text} {message}".strip() for text in (error_text.vi, error_text.en))
        context.fail(Text(vi=vi, en=en))
    return completed.stdout


_NO_STDIN = Text(
    vi="--against so với trạng thái trước của tệp; hãy nêu tệp hoặc thư mục thay cho '-'.",
    en="--against compares with an earlier state of files; give files or directories, not '-'.",
)
_NO_GIT = Text(
    vi="Không chạy được git; hãy cài git, hoặc nêu một thư mục ở --against.",
    en="Cannot run git; install it, or give a directory in --against.",
)
_NO_REPOSITORY = Text(
    vi="Các tệp không nằm trong kho git nào, và --against không phải là thư mục có sẵn.",
    en="The files are not in a git repository, and --against is not a directory.",
)
_NO_REVISION = Text(
    vi="Không có thư mục hay phiên bản git nào tên '{revision}'; nếu kho chỉ được tải một phần "
    "(thường gặp trong CI), hãy tải thêm: git fetch --unshallow.",
    en="'{revision}' is neither a directory nor a git revision; if only part of the repository was "
    "fetched, as in CI, fetch the rest: git fetch --unshallow.",
)
_FAILED = Text(vi="git báo lỗi:", en="git failed:")
_OUTSIDE = Text(
    vi="{file} nằm ngoài kho git {root}; hãy kiểm tra từng kho một.",
    en="{file} is outside the git repository {root}; check one repository at a time.",
)
