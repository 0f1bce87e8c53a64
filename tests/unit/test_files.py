"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xhht._files import new_file, replace_file
from xhht.errors import TableError


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "counts.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    replace_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["counts.csv"]


@pytest.mark.parametrize("before", [None, b"old"])
def test_a_failure_midway_leaves_what_was_there(tmp_path: Path, before: bytes | None) -> None:
    target = tmp_path / "report.html"
    if before is not None:
        target.write_bytes(before)
    with pytest.raises(RuntimeError), new_file(target) as part:  # noqa: PT012
        part.write_bytes(b"half")
        raise RuntimeError
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert left == ({} if before is None else {"report.html": before})


def test_the_target_has_its_old_content_until_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    target.write_bytes(b"old")
    with new_file(target) as part:
        part.write_bytes(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"


def test_a_link_is_kept_and_its_file_is_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    link.symlink_to(real)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_pipe_is_written_directly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with new_file(pipe) as part:
        assert part == pipe


@pytest.mark.parametrize("name", ["missing/table.csv", "file/table.csv"])
def test_a_file_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TableError, match=r"table\.csv cannot be written; check the folder"):
        replace_file(tmp_path / name, b"")


@pytest.mark.parametrize("step", ["touch", "write_bytes", "replace"])
def test_a_folder_or_disk_that_refuses_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "table.csv"
    target.write_bytes(b"old")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, step, refuse)
        with pytest.raises(TableError, match=r"table\.csv cannot be written"):
            replace_file(target, b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"table.csv": b"old"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_left_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir(mode=0o500)
    with pytest.raises(TableError):
        replace_file(folder / "table.csv", b"new")
    assert not [*folder.iterdir()]
