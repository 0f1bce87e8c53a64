"""Finds the profiles of an earlier state: of a directory, or of a git revision."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from xhht.cli._common import STDIN, refuse
from xhht.criteria.files import profile_files
from xhht.text import Lang, Text

__all__ = ["earlier_files"]


@contextmanager
def earlier_files(reference: str, paths: Sequence[str], lang: Lang) -> Iterator[dict[Path, str]]:
    """Yield the profile files of an earlier state, and how each is named.

    Args:
        reference: a directory, or a revision of the repository that holds the paths.
        paths: what is checked now. For a directory its earlier files all count, for a file the
            earlier one of its name.
        lang: the language of refusals.
    """
    if STDIN in paths:
        refuse(_NO_STDIN, lang)
    if Path(reference).is_dir():
        yield {file: str(file) for file in _in_directory(Path(reference), paths)}
        return
    with tempfile.TemporaryDirectory() as folder:
        yield dict(_in_repository(reference, paths, Path(folder), lang))


def _in_directory(directory: Path, paths: Sequence[str]) -> list[Path]:
    if any(Path(path).is_dir() for path in paths):
        return profile_files([directory])
    named = [directory / Path(path).name for path in paths]
    return [file for file in named if file.is_file()]


def _in_repository(
    revision: str, paths: Sequence[str], folder: Path, lang: Lang
) -> Iterator[tuple[Path, str]]:
    """Write the files of a revision into a folder, and yield them with their names.

    What lies beside a named file is written too, since an overlay finds its base there.
    """
    places = [Path(path).resolve() for path in paths]
    folders = [place if place.is_dir() else place.parent for place in places]
    git = _Repository.around(folders[0], lang)
    for path, place in zip(paths, places, strict=True):
        if git.root not in (place, *place.parents):
            refuse(_OUTSIDE.format(file=path, root=git.root), lang)
    git.write(git.commit(revision), folders, folder)
    for place in places:
        then = folder / place.relative_to(git.root)
        for file in profile_files([then] if then.exists() else []):
            yield file, f"{revision}:{file.relative_to(folder).as_posix()}"


@frozen
class _Repository:
    root: Path
    lang: Lang

    @classmethod
    def around(cls, place: Path, lang: Lang) -> _Repository:
        """Return the repository that holds a directory."""
        top = _git(["rev-parse", "--show-toplevel"], place, _NO_REPOSITORY, lang)
        return cls(Path(os.fsdecode(top.removesuffix(b"\n"))).resolve(), lang)

    def commit(self, revision: str) -> str:
        """Return the id of a revision."""
        fault = _NO_REVISION.format(found=revision)
        words = ["--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
        return _git(["rev-parse", *words], self.root, fault, self.lang).decode().strip()

    def write(self, commit: str, folders: Sequence[Path], target: Path) -> None:
        """Write the YAML files below some folders as they were, each where it was."""
        below = [folder.relative_to(self.root).as_posix() for folder in folders]
        where = [] if "." in below else ["--", *below]
        listed = ["ls-tree", "-r", "-z", "--full-tree", commit, *where]
        ids: dict[str, bytes] = {}
        for entry in _git(listed, self.root, _FAILED, self.lang).split(b"\0"):
            about, _, name = entry.partition(b"\t")
            if name.endswith(b".yaml") and b" blob " in about:
                ids[os.fsdecode(name)] = about.split()[2]
        asked = b"".join(each + b"\n" for each in ids.values())
        told = _git(["cat-file", "--batch"], self.root, _FAILED, self.lang, asked)
        at = 0
        for path in ids:
            start = told.index(b"\n", at) + 1
            at = start + int(told[at:start].split()[2]) + 1
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(told[start : at - 1])


def _git(words: list[str], place: Path, fault: Text, lang: Lang, given: bytes = b"") -> bytes:
    """Return what git prints; where it fails, the command is refused with `fault`."""
    try:
        run = subprocess.run(  # noqa: S603
            ["git", "-C", str(place), *words],  # noqa: S607 - the user's own git
            input=given,
            capture_output=True,
            check=False,
        )
    except OSError:
        refuse(_NO_GIT, lang)
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip().partition("\n")[0]
        refuse(Text(vi=f"{fault.vi} {said}".strip(), en=f"{fault.en} {said}".strip()), lang)
    return run.stdout


_NO_STDIN = Text(
    vi="--against so với trạng thái trước của tệp; hãy nêu tệp hoặc thư mục thay cho '-'.",
    en="--against compares with an earlier state of files; name files or directories, not '-'.",
)
_NO_GIT = Text(
    vi="Không chạy được git; hãy cài git, hoặc nêu một thư mục ở --against.",
    en="git cannot be run; install it, or name a directory in --against.",
)
_NO_REPOSITORY = Text(
    vi="Các tệp không nằm trong kho git nào, và --against không nêu thư mục nào có thật.",
    en="The files lie in no git repository, and --against names no directory.",
)
_NO_REVISION = Text(
    vi="Không có thư mục hay phiên bản git nào tên '{found}'; nếu kho chỉ được tải một phần "
    "(thường gặp trong CI), hãy tải thêm: git fetch --unshallow.",
    en="There is neither a directory nor a git revision '{found}'; where only a part of the "
    "repository was fetched, as in CI, fetch the rest: git fetch --unshallow.",
)
_FAILED = Text(vi="git báo lỗi:", en="git failed:")
_OUTSIDE = Text(
    vi="{file} nằm ngoài kho git {root}; hãy kiểm tra từng kho một.",
    en="{file} lies outside the git repository {root}; check one repository at a time.",
)
