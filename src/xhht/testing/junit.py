"""Results of profile tests as JUnit XML for CI systems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from xhht.testing.running import FileOutcome
from xhht.text import Lang

__all__ = ["junit_xml"]


def junit_xml(outcomes: Iterable[FileOutcome], lang: Lang) -> bytes:
    """Return a test suite for each profile; tests that could not be run are errors of the suite."""
    root = Element("testsuites", name="xhht test")
    totals = dict.fromkeys(("tests", "failures", "errors"), 0)
    for outcome in outcomes:
        suite = SubElement(root, "testsuite", name=outcome.file)
        counts = dict.fromkeys(totals, 0)
        for name, kind, lines, place in _results(outcome, lang):
            case = SubElement(suite, "testcase", {"classname": outcome.file, "name": name, **place})
            counts["tests"] += 1
            if kind:
                counts[f"{kind}s"] += 1
                SubElement(case, kind, message=_clean(lines[0])).text = _clean("\n".join(lines))
        for key, number in counts.items():
            suite.set(key, str(number))
            totals[key] += number
    for key, number in totals.items():
        root.set(key, str(number))
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _results(
    outcome: FileOutcome, lang: Lang
) -> Iterator[tuple[str, str, list[str], dict[str, str]]]:
    """Yield each test with its kind of failure, if any, its messages, and its location."""
    for case_outcome in outcome.cases:
        lines = [difference.text.get(lang) for difference in case_outcome.differences]
        place = {"file": case_outcome.case.file, "line": str(case_outcome.case.line)}
        yield _clean(case_outcome.case.name), "failure" if lines else "", lines, place
    faults = [diagnostic.render(lang) for diagnostic in outcome.diagnostics]
    faults += [outcome.missing.get(lang)] if outcome.missing else []
    if faults:
        yield "-", "error", faults, {}


def _clean(text: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return "".join(char if char >= " " or char in "\t\n" else "�" for char in text)
