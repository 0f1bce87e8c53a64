from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from test_mutation import AT_2, AT_3, written

from xhht.testing.running import RunOptions, junit_xml, run_files
from xhht.text import Lang


def test_each_profile_is_a_suite_and_each_case_a_test(tmp_path: Path) -> None:
    wrong = AT_2.replace("points: 0", "points: 10").replace("below 3", "<3 & \x01")
    written(tmp_path, [AT_3, wrong.replace("\x01", "'")])
    (tmp_path / "broken.yaml").write_text("format: 1\n", encoding="utf-8")
    outcomes = list(run_files([tmp_path / "broken.yaml", tmp_path / "sample.yaml"], RunOptions()))
    root = ElementTree.fromstring(junit_xml(outcomes, Lang.EN))
    assert root.attrib == {"name": "xhht test", "tests": "3", "failures": "1", "errors": "1"}
    broken, sample = root
    assert broken.find("testcase/error") is not None
    assert [case.get("name") for case in sample] == ["at 3", "<3 & '"]
    assert sample[1].get("line") == "3"
    failure = sample[1].find("failure")
    assert failure is not None
    assert failure.get("message") == "points_certain: expected 10, got 0"


def test_several_processes_give_the_same_in_the_same_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, [AT_3, AT_2])
    files = [tmp_path / "b" / "sample.yaml", tmp_path / "a" / "sample.yaml"]
    wanted = RunOptions(coverage=True)
    assert list(run_files(files, wanted, jobs=2)) == list(run_files(files, wanted))
