"""The JSON Schema and the loader agree on good and bad files, as far as a schema can tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from bad_profiles import all_bad, all_several
from jsonschema import Draft7Validator, FormatChecker
from sound_profile import FIXED_KEYS, PLACES, SOUND, changed

from xhht.criteria.codes import CODES
from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.files import bundled_directory, profile_files
from xhht.criteria.loading import check_profile
from xhht.criteria.schema import profile_schema
from xhht.criteria.yaml_nodes import Alias, Mapping, Node, Scalar, read_yaml

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = profile_schema()
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FormatChecker(["date"]))

TOLD_BY_SCHEMA = {
    *("XH109", "XH110", "XH111", "XH115", "XH116", "XH119", "XH120", "XH121", "XH122", "XH123"),
    *("XH124", "XH125", "XH225", "XH226", "XH227", "XH228", "XH354", "XH386", "XH606"),
}
"""Faults of structure: a schema finds them too."""

OF_WRITING = {"XH107", "XH108", "XH117"}
"""How a value is written: a schema tells only where YAML 1.2 takes it for another type."""

NO_DOCUMENT = {"XH101", "XH102", "XH103", "XH105", "XH106", "XH112", "XH113", "XH114"}
"""Nothing that a schema could be applied to, or more than one."""

BEYOND = set(CODES) - TOLD_BY_SCHEMA - OF_WRITING - NO_DOCUMENT
"""What no schema says, such as names, sums, reachable levels and doubled keys."""

BY_WHAT_STANDS_BESIDE = {"XH108", "XH116"}
TYPED_BESIDE = re.compile(r"/inputs/[^/]+/(min|max)|/values/[^/]+/dated/\d+/value")
"""Values that another key types, and the day that only the first entry may lack."""


def test_every_code_but_those_of_targets_is_placed() -> None:
    groups = (TOLD_BY_SCHEMA, OF_WRITING, NO_DOCUMENT, BEYOND)
    assert sum(map(len, groups)) == len(CODES)
    assert {code[:3] for code in BEYOND} == {"XH1", "XH2", "XH3", "XH4", "XH5", "XH6", "XH7", "XH8"}


# Values as YAML 1.2 types them, which is how editors apply a schema

CORE: tuple[tuple[str, Any], ...] = (
    (r"|~|null|Null|NULL", lambda text: None),
    (r"true|True|TRUE", lambda text: True),
    (r"false|False|FALSE", lambda text: False),
    (r"[-+]?[0-9]+", int),
    (r"0o[0-7]+", lambda text: int(text[2:], 8)),
    (r"0x[0-9a-fA-F]+", lambda text: int(text, 16)),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
    (r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", lambda text: 0.5),
)


def instance(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {key.text: instance(value) for key, value in node.items}
    if isinstance(node, Scalar):
        if node.plain:
            for pattern, read in CORE:
                if re.fullmatch(pattern, node.text):
                    return read(node.text)
        return node.text
    assert not isinstance(node, Alias)
    return [instance(item) for item in node.items]


def is_typed_beside(diagnostic: Diagnostic) -> bool:
    is_first_day = diagnostic.code == "XH110" and "'from'" in diagnostic.text.en
    by_other = diagnostic.code in BY_WHAT_STANDS_BESIDE and TYPED_BESIDE.fullmatch(
        diagnostic.pointer
    )
    return is_first_day or bool(by_other)


def passes_schema(data: bytes) -> bool:
    node = read_yaml(data, DiagnosticCollector("x.yaml"))
    assert node is not None
    return bool(VALIDATOR.is_valid(instance(node)))


def good_files() -> Iterator[tuple[str, bytes]]:
    for file in profile_files([bundled_directory(), ROOT / "examples"]):
        yield file.name, file.read_bytes()
    yield "sound", json.dumps(SOUND).encode()


def bad_files() -> Iterator[tuple[str, bytes]]:
    for example in all_bad():
        if not example.code.startswith(("XH7", "XH8")):
            yield example.code, example.data
            if example.good is not None:
                yield f"{example.code} mended", example.mended()
    yield from ((example.code, example.data) for example in all_several())
    yield "many", (Path(__file__).parent / "many_faults.yaml").read_bytes()


def changed_files() -> Iterator[tuple[str, bytes]]:
    """Yield the sound profile with every second of its values changed, taken away or misspelt."""
    changes = ("7", "text", "list", "null", "missing", "misspelt")
    for path, change in zip(PLACES[::2], cycle(changes)):
        data, holder = changed(path)
        old = holder.pop(path[-1]) if path in FIXED_KEYS else None
        if old is not None and change == "misspelt":
            holder[f"{path[-1]}x"] = old
        elif old is None or change != "missing":
            value = {"7": 7, "text": "x y", "list": ["x"]}.get(change)
            holder[path[-1]] = value
        yield f"{change} at {path}", json.dumps(data, ensure_ascii=False).encode()


@pytest.mark.parametrize("files", [good_files, bad_files, changed_files])
def test_schema_and_loader_agree(files: Any) -> None:
    compared, differ = 0, []
    for name, data in files():
        diagnostics = check_profile(data, "x.yaml")
        codes = {diagnostic.code for diagnostic in diagnostics if not is_typed_beside(diagnostic)}
        if codes & (NO_DOCUMENT | OF_WRITING):
            continue
        compared += 1
        if passes_schema(data) is not codes.isdisjoint(TOLD_BY_SCHEMA):
            differ.append((name, sorted(codes)))
    assert not differ
    assert compared > 10


@pytest.mark.parametrize(
    ("old", "new", "passes"),
    [
        ('"id": "1"', '"id": 1', False),
        ('"id": "1"', '"id": yes', True),
        ('"points": 30', '"points": 1e1', True),
        ('"points": 30', '"points": "1e1"', False),
        ('"valid_months": 12', '"valid_months": 12.5', False),
        ('"type": "bool"', '"type": "bool", "evidence": {"required": yes}', False),
    ],
)
def test_of_how_a_value_is_written_a_schema_tells_where_the_type_differs(
    old: str, new: str, passes: bool
) -> None:
    text = json.dumps(SOUND)
    assert old in text
    text = text.replace(', "evidence": {"valid_months": 12}', "") if "evidence" in new else text
    data = text.replace(old, new, 1).encode()
    assert {diagnostic.code for diagnostic in check_profile(data, "x.yaml")} & OF_WRITING
    assert passes_schema(data) is passes


def test_the_schema_is_one_that_editors_read() -> None:
    Draft7Validator.check_schema(SCHEMA)
    names = re.findall(r'"#/definitions/(\w+)"', json.dumps(SCHEMA))
    assert set(names) == set(SCHEMA["definitions"])
    assert all(definition["description"] for definition in SCHEMA["definitions"].values())


def test_the_committed_schema_is_the_one_that_the_reader_makes() -> None:
    committed = (ROOT / "schemas" / "criteria-profile.schema.json").read_text(encoding="utf-8")
    assert json.loads(committed) == SCHEMA, "run `xhht schema profile > schemas/…`"
