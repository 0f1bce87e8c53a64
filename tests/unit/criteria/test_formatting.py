"""Safe mends: only the characters at fault change, and the file says the same as before."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
import yaml
from bad_profiles import BAD

from xhht.criteria.files import bundled_directory, profile_files, target_files
from xhht.criteria.formatting import apply_fixes
from xhht.criteria.loading import check_profile, loads_profile
from xhht.criteria.targets import check_targets, is_targets_file
from xhht.text import normalize_text

ROOT = Path(__file__).resolve().parents[3]
FILES = [
    *profile_files([bundled_directory(), ROOT / "examples", BAD]),
    *target_files([bundled_directory()]),
]

GOOD = """\
# yaml-language-server: $schema=x

format: 1
id: test.unit
version: 1.0.0
status: draft
title: learning_unit
name: {vi: Đơn vị học tập, en: Learning unit}
provenance: illustrative
inputs:
  # asked every year
  plan: {type: bool, label: {vi: Có kế hoạch, en: Has a plan}}  # yes or no
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: plan}
levels:
  - id: good
    name: {vi: Tốt, en: Good}
    when: points >= 10
"""


def mend(text: str) -> str:
    return apply_fixes(text.encode(), "x.yaml").decode()


def comments(text: str) -> Counter[str]:
    return Counter(re.findall(r"(?:^|(?<=\s))#.*$", text, re.MULTILINE))


def faults(data: bytes, file: Path) -> Counter[tuple[str, str]]:
    check = check_targets if is_targets_file(file.name) else check_profile
    return Counter((diagnostic.code, diagnostic.pointer) for diagnostic in check(data, str(file)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_mended_file_says_the_same_with_no_new_fault(file: Path) -> None:
    before = file.read_bytes()
    after = apply_fixes(before, str(file))
    assert apply_fixes(after, str(file)) == after
    if after == before:
        return
    assert faults(after, file) <= faults(before, file)
    assert comments(after.decode()) == comments(before.decode())
    assert yaml.load(after, yaml.BaseLoader) == normal(yaml.load(before, yaml.BaseLoader))


def normal(value: object) -> object:
    """Return what a file says with its texts tidied, as they are read."""
    if isinstance(value, dict):
        return {key: normal(below) for key, below in value.items()}
    if isinstance(value, list):
        return [normal(below) for below in value]
    return normalize_text(value) if isinstance(value, str) else value


def test_a_file_without_such_faults_stays_byte_for_byte() -> None:
    assert mend(GOOD) == GOOD


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id: "1"\n', "id: 1\n", 'id: "1"\n'),
        ('id: "1"\n', "id: 1  # first\n", 'id: "1"  # first\n'),
        ('{id: "1.1",', "{id: 1.10,", '{id: "1.10",'),
        ("plan: {", "yes: {", '"yes": {'),
        ("vi: Tốt", "vi: on", 'vi: "on"'),
        ("vi: Tốt", f"vi: {unicodedata.normalize('NFD', 'Tốt')}", "vi: Tốt"),
        ("vi: Tốt", 'vi: "T\u200bốt  rồi"', 'vi: "Tốt rồi"'),
        ("vi: Tốt", "vi: 'Đạ M’ri'", "vi: 'Đạ M''ri'"),
        ("vi: Tốt", 'vi: "Đạ M’ri"', 'vi: "Đạ M\'ri"'),
        ("vi: Tốt", "vi: Đạ M’ri", "vi: Đạ M'ri"),
        ("{vi: Tốt, en: Good}", "{en: Good, vi: Tốt}", "{vi: Tốt, en: Good}"),
        ('{id: "1.1", points: 10,', '{points: 10,   id: "1.1",', '{id: "1.1",   points: 10,'),
        (
            "  - id: good\n    name: {vi: Tốt, en: Good}\n",
            "  - name: {vi: Tốt, en: Good}\n    id: good\n",
            "  - id: good\n    name: {vi: Tốt, en: Good}\n",
        ),
    ],
)
def test_a_mend_changes_what_is_at_fault_alone(old: str, new: str, expected: str) -> None:
    assert GOOD.count(old) == 1
    assert mend(GOOD.replace(old, new)) == GOOD.replace(old, expected)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("head", ["", "\ufeff"])
def test_how_lines_end_and_the_byte_order_mark_are_kept(ends: str, head: str) -> None:
    turned = GOOD.replace("format: 1\nid: test.unit\n", "id: test.unit\nformat: 1\n")
    expected = (head + GOOD).replace("\n", ends)
    assert mend((head + turned).replace("\n", ends)) == expected


def test_comments_go_with_the_keys_that_they_are_about() -> None:
    levels = GOOD[GOOD.index("levels:") :]
    head, inputs = (
        GOOD[: GOOD.index("inputs:")],
        GOOD[GOOD.index("inputs:") : GOOD.index("criteria")],
    )
    criteria = GOOD[GOOD.index("criteria:") : GOOD.index("levels:")]
    note = "    # the only one\n"
    turned = f"{head}# three levels\n{levels}{note}\n{criteria}# the facts\n{inputs}"
    expected = f"{head}# the facts\n{inputs}\n{criteria}# three levels\n{levels}{note}"
    assert mend(turned) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "a: [",
        "- id: 1",
        "id: 1\nid: 2\nformat: 1\n",
        "id: &a x\nformat: *a\n",
        "id: *a\nformat: 1\n",
        "id: !!str x\nformat: 1\n",
        "id: x\nformat: 1\n---\nid: x\nformat: 1\n",
        "id: x\nunknown: 1\nformat: 1\n",
        "name: {en: a, # one\n  vi: b}\n",
        "levels:\n  - name: {vi: a, en: b}\n    # of the id\n    id: a\n",
    ],
)
def test_what_cannot_be_moved_safely_stays(text: str) -> None:
    assert mend(text) == text


def test_a_file_that_is_not_utf_8_stays() -> None:
    data = b"id: \xff\nformat: 1\n"
    assert apply_fixes(data, "x.yaml") == data


@pytest.mark.parametrize("style", ["|", "|-", "|+", ">", ">-"])
def test_a_text_of_several_lines_moves_whole(style: str) -> None:
    note = f"note:\n  en: {style}\n    A note.\n\n    More.\n  vi: Một ghi chú.\n"
    turned = GOOD + note
    after = mend(turned)
    assert loads_profile(after).hash == loads_profile(turned).hash
    assert after.index("note:") < after.index("inputs:")
    assert after.index("  vi: Một") < after.index("  en: ")


@pytest.mark.parametrize("seed", range(12))
def test_shuffled_decomposed_unquoted_profiles_come_back_with_all_comments(seed: int) -> None:
    rng = random.Random(seed)
    text = (bundled_directory() / "vn" / "unit-tt22-2020.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, yaml.BaseLoader)
    flow = seed % 2 == 0
    shuffled = yaml.dump(
        shuffle(data, rng),
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=flow,
        width=80 if flow else 10_000,
    )
    lines = []
    for number, line in enumerate(shuffled.splitlines()):
        indent = re.match(r" *", line)
        assert indent is not None
        if seed % 2 and rng.random() < 0.3 and not line.lstrip().startswith(("-", "'")):
            lines.append(f"{indent[0]}# {number}")
        lines.append(line)
    shuffled = "\n".join(lines) + "\n"
    if seed % 3 == 0:
        shuffled = unicodedata.normalize("NFD", shuffled)
    shuffled = re.sub(r"'(\d\.\d|\d)'", r"\1", shuffled)
    after = mend(shuffled)
    assert loads_profile(after).hash == loads_profile(text).hash
    assert comments(after) == comments(shuffled)
    assert mend(after) == after
    assert unicodedata.is_normalized("NFC", after)


def shuffle(value: object, rng: random.Random) -> object:
    if isinstance(value, dict):
        keys = rng.sample(sorted(value), len(value))
        return {key: shuffle(value[key], rng) for key in keys}
    return [shuffle(item, rng) for item in value] if isinstance(value, list) else value
