"""`xhht evaluate` with the standards that a profile rests on, by rows and over columns."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from standard_profiles import COMMUNE, LITERACY, PRIMARY, SECONDARY
from xhht.cli import main

ROWS = """\
id,plan,graduates,pupils,literate,secondary,extra
A,1,90,90,95,,x
B,1,90,90,,,x
C,1,90,10,95,,x
D,1,90,10,95,true,x
E,1,90,101,95,,x
"""
LEVELS: dict[str, list[str | None]] = {
    "A": ["level_1"],
    "B": ["level_1", None],
    "C": [None],
    "D": ["level_1"],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    texts = {"commune": COMMUNE, "secondary": SECONDARY, "primary": PRIMARY, "literacy": LITERACY}
    for name, text in texts.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    Path("standards").mkdir()
    for name in ("secondary", "primary", "literacy"):
        Path(f"standards/{name}.yaml").write_text(texts[name], encoding="utf-8")
    Path("rows.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--as-of", "2025-12-31", "--lang", "en"])


NAMES = ("primary", "literacy", "secondary")
FILES = [part for name in NAMES for part in ("--standards", f"{name}.yaml")]


@pytest.mark.parametrize("standards", [FILES, ["--standards", "standards"]])
def test_each_row_answers_the_inputs_of_all_profiles(folder: Path, standards: list[str]) -> None:
    result = run("evaluate", "commune.yaml", "rows.csv", *standards, "--format", "json")
    items = json.loads(result.stdout)
    assert {i["id"]: i["levels_possible"] for i in items if "error" not in i} == LEVELS
    (error,) = (item["error"] for item in items if "error" in item)
    assert (result.exit_code, error["field"], error["code"]) == (1, "pupils", "out_of_bounds")
    assert result.stderr.strip() == (
        "Warning: Columns that the profile does not use are ignored: extra."
    )


def test_columns_give_the_same_results(folder: Path) -> None:
    done = run(
        "evaluate",
        "commune.yaml",
        "rows.csv",
        *FILES,
        "--output",
        "done.csv",
        "--detail",
        "levels",
        "--rejected",
        "bad.csv",
    )
    with Path("done.csv").open(encoding="utf-8-sig") as stream:
        rows = {row["id"]: row["levels_possible"] for row in csv.DictReader(stream)}
    assert rows == {
        name: "|".join(level or "none" for level in levels) for name, levels in LEVELS.items()
    }
    assert "E" in Path("bad.csv").read_text(encoding="utf-8-sig")
    assert "ignored: extra." in done.stderr
    assert "Standard: test.primary@1.0.0" in done.stdout


def test_the_header_and_explanations_name_the_standards(folder: Path) -> None:
    done = run("evaluate", "commune.yaml", "rows.csv", *FILES, "--explain")
    assert done.stdout.count("Standard: test.primary@1.0.0") == 4
    line = "Lower secondary education: yes [result under test.secondary@1.0.0: Level 1]"
    assert line in done.stdout


def test_a_document_has_the_results_of_standards_as_facts(folder: Path) -> None:
    done = run("evaluate", "commune.yaml", "rows.csv", *FILES, "--document", "facts")
    first, second, *_ = map(json.loads, done.stdout.splitlines())
    assert first["facts"] == {"plan": True, "secondary": True}
    assert second["facts"] == {"plan": True}
    Path("results.jsonl").write_text(done.stdout, encoding="utf-8")
    verified = CliRunner().invoke(main, ["verify", "results.jsonl", "--profile", "commune.yaml"])
    assert verified.exit_code == 0, verified.output


def test_without_its_standard_an_input_is_a_fact(folder: Path) -> None:
    done = run("evaluate", "commune.yaml", "rows.csv", "--format", "json")
    possible = {item["id"]: item["levels_possible"] for item in json.loads(done.stdout)}
    assert possible["A"] == ["level_1", None]
    assert possible["D"] == ["level_1"]
    assert "ignored: graduates, pupils, literate, extra." in done.stderr


def test_a_standard_that_nothing_rests_on_is_named(folder: Path) -> None:
    done = run("evaluate", "secondary.yaml", "rows.csv", "--standards", "commune.yaml")
    assert "No input of test.secondary@1.0.0 rests on test.commune@1.0.0" in done.stderr


def test_profiles_that_do_not_fit_are_reported_with_their_lines(folder: Path) -> None:
    other = PRIMARY.replace("id: level_2", "id: level_3")
    Path("primary.yaml").write_text(other, encoding="utf-8")
    done = run("evaluate", "secondary.yaml", "rows.csv", *FILES[:2])
    assert done.exit_code == 1
    assert "secondary.yaml" in done.stdout
    assert "XH368" in done.stdout
    checked = CliRunner().invoke(main, ["check", "secondary.yaml", "primary.yaml"])
    assert "XH369" in checked.stdout
    assert CliRunner().invoke(main, ["check", "secondary.yaml"]).exit_code == 0


def test_paths_and_sensitivity_count_the_standards(folder: Path) -> None:
    done = run("path", "commune.yaml", "rows.csv", *FILES, "--format", "json")
    costs = {item["id"]: item.get("cost") for item in json.loads(done.stdout)}
    assert (costs["A"], costs["C"]) == (0, 1)
    assert run("sensitivity", "commune.yaml", "rows.csv", *FILES).exit_code == 1
