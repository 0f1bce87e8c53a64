"""Three checkers on the same bad and good files: `xhht check`, check-jsonschema and yamale.

The bad files are those of `tests/unit/criteria/bad`, whose first lines say which faults are in them
and where; the good ones are the same files mended. check-jsonschema goes by the JSON Schema that
the reader makes, yamale by a schema made from the same classes. Run `make bench-checkers`.

A fault counts as found if the tool reports anything at the place of the fault, at the value that
holds it or at one that it holds, whatever the report says; that a file cannot be parsed counts for
a fault of the whole. A line counts as given if any report of the file names it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import Enum
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args, get_origin

import yamale
from attrs import NOTHING, frozen, has

from xhht.criteria.decoding import fields_of
from xhht.criteria.document import Anything, Expression, OverlayDocument, ProfileDocument, RawValue
from xhht.criteria.schema import profile_schema
from xhht.text import Text

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "unit" / "criteria"))
from bad_profiles import BadProfile, all_bad, all_several


@frozen
class Report:
    """What a tool says of a file: where, as a JSON pointer if it can be told, and in which line."""

    file: str
    pointer: str | None
    line: int | None


Tool = Callable[[list[Path]], list[Report]]


# xhht


def by_xhht(files: list[Path]) -> list[Report]:
    """Return what `xhht check` reports."""
    command = [sys.executable, "-m", "xhht", "check", *map(str, files), "--format", "json"]
    run = subprocess.run(command, capture_output=True, check=False)
    return [
        Report(Path(item["file"]).name, item["pointer"], item["line"])
        for item in json.loads(run.stdout)
    ]


# check-jsonschema


def by_json_schema(files: list[Path]) -> list[Report]:
    """Return what check-jsonschema reports."""
    schema = files[0].parent.with_suffix(".json")
    schema.write_text(json.dumps(profile_schema()), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("check-jsonschema")), "--output-format", "json"]
    run = subprocess.run(
        [*command, "--schemafile", str(schema), *map(str, files)], capture_output=True, check=False
    )
    said = json.loads(run.stdout)
    reports = []
    for error in said.get("errors", ()):
        # Below "any of" it tells the likeliest fault apart from the one that it heads.
        paths = {error["path"], error.get("best_deep_match", error)["path"]}
        reports += [Report(Path(error["filename"]).name, _pointer(path), None) for path in paths]
    for error in said.get("parse_errors", ()):
        reports.append(Report(Path(error["filename"]).name, None, _line(json.dumps(error))))
    return reports


def _pointer(path: str) -> str:
    """Return the JSON pointer of a path such as `$.levels[0].when`."""
    steps = re.findall(r"\[['\"]?([^\]'\"]+)['\"]?\]|\.([^.\[]+)", path)
    return "".join(f"/{one or other}" for one, other in steps)


def _line(message: str) -> int | None:
    numbers = re.findall(r"line (\d+)", message)
    return int(numbers[-1]) if numbers else None


# yamale


def by_yamale(files: list[Path]) -> list[Report]:
    """Return what yamale reports."""
    profile_schema, overlay = (
        yamale.make_schema(content=schema_text(document)) for document in DOCUMENTS
    )
    reports: list[Report] = []
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        schema = overlay if re.search(r"^extends:", text, re.MULTILINE) else profile_schema
        try:
            data = yamale.make_data(content=text)
            results = yamale.validate(schema, data, strict=True, _raise_error=False)
        except Exception as fault:  # whatever its parsers raise is its report
            reports.append(Report(file.name, None, _line(str(fault))))
            continue
        for result in results:
            reports += (Report(file.name, _dotted(e), _line(e)) for e in result.errors)
    return reports


def _dotted(error: str) -> str:
    return "".join(f"/{step}" for step in error.partition(": ")[0].strip().split("."))


DOCUMENTS = (ProfileDocument, OverlayDocument)
_BY_TYPE = {
    str: "str()",
    Expression: "any(str(), num(), bool())",
    RawValue: "any(str(), num(), bool(), day())",
    bool: "bool()",
    date: "day()",
    int: "int()",
    Fraction: "num()",
}


def schema_text(kind: type) -> str:
    """Return the yamale schema of a file, made from the classes that the reader walks."""
    waiting, done = [kind], set()
    documents = []
    while waiting:
        document = waiting.pop()
        if document in done:
            continue
        done.add(document)
        lines = [f"{key}: {rule}" for key, rule in rules_of(document, waiting)]
        documents.append((document, lines))
    head, *others = documents
    included = "".join(
        f"{other.__name__}:\n" + "".join(f"  {line}\n" for line in lines) for other, lines in others
    )
    return "\n".join(head[1]) + "\n---\n" + included


def rules_of(kind: type, waiting: list[type]) -> Iterator[tuple[str, str]]:
    """Yield the keys of a class and the rule of each; classes that it names are added."""
    for key, (attribute, hint) in fields_of(kind).items():
        rule = rule_of(hint, attribute.metadata.get("pattern"), waiting)
        if attribute.default is not NOTHING:
            rule = rule[:-1] + (", " if not rule.endswith("()") else "") + "required=False)"
        yield key, rule


def rule_of(kind: Any, pattern: str | None, waiting: list[type]) -> str:
    """Return the yamale rule of a type."""
    origin = get_origin(kind)
    if kind is Anything:
        return "any()"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"enum({', '.join(repr(str(member.value)) for member in kind)})"
    if kind is Text or has(kind):
        waiting.append(kind)
        return f"include('{kind.__name__}')"
    if origin is tuple:
        return f"list({rule_of(get_args(kind)[0], None, waiting)}, min=1)"
    if origin is dict:
        return f"map({rule_of(get_args(kind)[1], None, waiting)}, min=1)"
    if kind is str and pattern:
        return f"regex(r'^({pattern})$')"
    return _BY_TYPE[kind]


# The comparison


def is_found(pointer: str, line: int, reports: Iterable[Report]) -> bool:
    """Return whether a fault is among reports, at its place or next to it."""
    above = pointer.rpartition("/")[0]
    for report in reports:
        if report.pointer is None and (pointer == "" or report.line == line):
            return True
        if (
            report.pointer in (pointer, above)
            or (report.pointer or "").rpartition("/")[0] == pointer
        ):
            return True
    return False


def measure(
    tool: Tool, folder: Path, examples: list[BadProfile]
) -> tuple[int, int, int, int, float]:
    """Return faults found, lines given, bad and good files refused, and seconds."""
    bad, good = folder / "bad", folder / "good"
    started = time.perf_counter()
    reports = tool(sorted(bad.iterdir()))
    seconds = time.perf_counter() - started
    refused_good = len({path.file for path in tool(sorted(good.iterdir()))})
    hits = lines = 0
    for example in examples:
        own = [report for report in reports if report.file == f"{example.code}.yaml"]
        for fault in example.expected:
            hits += is_found(fault.pointer, fault.line, own)
            lines += any(report.line == fault.line for report in own)
    return hits, lines, len({report.file for report in reports}), refused_good, seconds


def main() -> None:
    """Write the files, run the tools, and print the table."""
    examples = [e for e in (*all_bad(), *all_several()) if not e.code.startswith("XH7")]
    faults = sum(len(example.expected) for example in examples)
    tools: dict[str, Tool] = {
        f"`xhht check` {version('xhht')}": by_xhht,
        f"check-jsonschema {version('check-jsonschema')}": by_json_schema,
        f"yamale {version('yamale')}": by_yamale,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("bad", "good"):
            (folder / kind).mkdir()
        mends = 0
        for example in examples:
            (folder / "bad" / f"{example.code}.yaml").write_bytes(example.data)
            if example.good is not None:
                (folder / "good" / f"{example.code}.yaml").write_bytes(example.mended())
                mends += 1
        print(f"{len(examples)} bad files with {faults} faults; {mends} good files.\n")
        print("| | faults found | lines given | bad files refused | good files refused | seconds |")
        print("|---|--:|--:|--:|--:|--:|")
        for name, tool in tools.items():
            hits, lines, bad, good, seconds = measure(tool, folder, examples)
            shares = f"{hits} ({hits / faults:.0%}) | {lines} ({lines / faults:.0%})"
            print(f"| {name} | {shares} | {bad} | {good} | {seconds:.1f} |")
    print(f"\nPython {sys.version.split()[0]}.")


if __name__ == "__main__":
    main()
