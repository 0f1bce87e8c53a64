from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from xhht.cli import main
from xhht.criteria.files import bundled_directory

UNIT = "vn.unit.tt22-2020"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["evaluate", UNIT], "Thiếu FACTS."),
        (["check"], "Thiếu PATH."),
        (["rollup", "x.csv", "--by", "province"], "Thiếu --areas."),
        (["evaluate", UNIT, "-", "--nope"], "Không có tùy chọn --nope."),
        (["--nope"], "Không có tùy chọn --nope."),
        (["nope"], "Không có lệnh này"),
        (["profiles", "nope"], "Không có lệnh này"),
        (["profiles", "list", "x"], "Có tham số thừa"),
        (
            ["check", "-", "--format", "xml"],
            "--format chỉ nhận một trong các giá trị: text, json, sarif, github.",
        ),
        (["evaluate", UNIT, "-", "--as-of", "31/12/2024"], "--as-of phải là một ngày hợp lệ"),
        (["evaluate", UNIT, "-", "--as-of"], "--as-of thiếu giá trị"),
        (["check", "-", "--strict=1"], "--strict thiếu giá trị, hoặc không nhận"),
        (["test", "no-such-file"], "Không tìm thấy tệp hoặc thư mục nêu ở PATH."),
    ],
    ids=" ".join,
)
def test_usage_errors_are_vietnamese(args: list[str], said: str) -> None:
    result = CliRunner().invoke(main, args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Lỗi: {said}" in result.stderr
    assert "Error" not in result.stderr


@pytest.mark.parametrize("lang", [["--lang", "en"], ["--lang=en"]])
@pytest.mark.parametrize("args", [["evaluate", UNIT], ["check", "-", "--nope"], ["nope"]])
def test_usage_errors_are_english_when_asked_for(args: list[str], lang: list[str]) -> None:
    result = CliRunner().invoke(main, [*args, *lang])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr
    assert "Lỗi" not in result.stderr


def test_a_usage_error_shows_how_the_command_is_used() -> None:
    shown = CliRunner().invoke(main, ["evaluate"]).stderr.splitlines()
    assert shown == [
        "Cách dùng: main evaluate [TÙY CHỌN] PROFILE FACTS",
        "Xem thêm: main evaluate --help",
        "Lỗi: Thiếu PROFILE.",
    ]


def test_no_arguments_at_all_still_show_the_help() -> None:
    assert "evaluate" in CliRunner().invoke(main, []).output


@pytest.mark.parametrize(
    "args",
    [["profiles", "list"], ["check", str(bundled_directory()), "--format", "json"], ["--help"]],
    ids=" ".join,
)
def test_a_reader_that_goes_away_ends_the_command_quietly(args: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "xhht", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 141
