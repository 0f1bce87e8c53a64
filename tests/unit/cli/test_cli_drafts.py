"""`xhht new`, `xhht import` and `xhht export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xhht import check_profile, load_profile
from xhht.cli import main

FLAGS = ["--id", "a.b", "--title", "learning_unit", "--criterion", "Một|One=40"]
FLAGS += ["--criterion", "Hai=60.5", "--level", "Tốt|Good=85", "--level", "Khá=70"]


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=given)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_new_writes_a_draft_that_checks_clean(tmp_path: Path, lang: str) -> None:
    file = tmp_path / "new.yaml"
    assert run("new", *FLAGS, "-o", str(file), "--lang", lang).exit_code == 0
    assert not check_profile(file.read_bytes(), str(file))
    assert file.read_text("utf-8").count("#") >= 5
    profile = load_profile(file)
    assert [level.id for level in profile.document.levels] == ["tot", "kha"]
    assert float(profile.max_points) == 100.5
    again = run("new", *FLAGS, "-o", str(file), "--lang", "en")
    assert again.exit_code == 2
    assert "--force" in again.stderr


def test_new_asks_on_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "asked.yaml"
    answers = "learning_clan\nclan.new\n12/QĐ\nMột=10\nHai=20\n\nĐạt=15\n\n"
    monkeypatch.setattr("xhht.cli.new._is_interactive", lambda: True)
    result = run("new", "-o", str(file), given=answers)
    assert result.exit_code == 0, result.output
    profile = load_profile(file)
    assert (profile.id, profile.title.value, len(profile.document.criteria)) == (
        "clan.new",
        "learning_clan",
        2,
    )
    assert profile.document.legal_basis is not None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (["--id", "Không Được"], "Invalid profile id"),
        (["--title", "learning_units"], "Unknown title"),
        (["--criterion", "No points"], "Name=number"),
        (["--criterion", "Zero=0"], "points above 0"),
        (["--level", "High=1000"], "thresholds of levels"),
    ],
)
def test_new_says_what_is_wrong(changed: list[str], words: str) -> None:
    result = run("new", *FLAGS, *changed, "--lang", "en")
    assert result.exit_code == 2
    assert words in result.stderr
    assert not result.stdout


def test_new_names_what_is_missing() -> None:
    result = run("new", "--id", "a", "--lang", "en")
    assert result.exit_code == 2
    assert "--title, --criterion, --level" in result.stderr


def test_there_and_back(tmp_path: Path) -> None:
    form, back = str(tmp_path / "form.xlsx"), str(tmp_path / "back.yaml")
    assert run("export", "vn.unit.tt22-2020", "-o", form).exit_code == 0
    assert run("import", form, "-o", back).exit_code == 0
    assert run("compare", "vn.unit.tt22-2020", back).exit_code == 0
    assert run("export", "vn.unit.tt22-2020", "-o", form).exit_code == 2
    assert run("export", "vn.unit.tt22-2020", "-o", str(tmp_path / "f.pdf")).exit_code == 2


def test_import_tells_what_is_missing_and_at_fault(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Chỉ số", "Điểm tối đa"], ["A", "10 điểm"], ["B", "?"]):
        book.active.append(row)
    file = str(tmp_path / "form.xlsx")
    book.save(file)
    assert run("import", file).exit_code == 2
    options = ["--id", "a.b", "--title", "learning_unit", "--lang", "en"]
    result = run("import", file, *options)
    assert result.exit_code == 1
    assert not result.stdout
    assert "Sheet!B3: the points are not a single number" in result.stderr
    payload = json.loads(run("import", file, *options, "--format", "json").stdout)
    assert payload["profile"] is None
    assert payload["faults"][0]["cell"] == "Sheet!B3"
    book.active["B3"] = 5
    book.save(file)
    text = run("import", file, *options)
    assert text.exit_code == 0
    assert not check_profile(text.stdout.encode(), "x")
    assert run("import", str(tmp_path / "none.xlsx"), *options).exit_code == 2
