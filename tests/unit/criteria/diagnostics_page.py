"""Writes `docs/reference/diagnostics.md` from the codes and the bad profiles.

Run it after a change to either: `python tests/unit/criteria/diagnostics_page.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bad_profiles import BadProfile, all_bad

from xhht.criteria._yaml import MAX_BYTES
from xhht.criteria.codes import CODES
from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.loading import check_profile
from xhht.text import Text

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "diagnostics.md"

INTRODUCTION = """\
# Diagnostics

Checking a profile or a targets file reports all its faults at once. Each has a stable code, a
severity, a place (file, line, column and JSON pointer), a message in Vietnamese and English, and a
hint.

An **error** means that the profile does not load. A **warning** means that it loads and probably
does not say what was meant. `xhht check` exits with 1 for errors, and with `--strict` for warnings
too. A circle over several files (`XH239`) is an error of the files that are checked together: each
of them loads, and a campaign refuses them all.

A value that cannot be read does not hide other faults: the rest of the file is checked as if that
value were right, and nothing is said that would follow from it alone. The checks of meaning
(`XH4xx`, `XH233` and `XH243`) take a condition with a fault as one by which anything may hold, and
say what is certain all the same: that nobody reaches a level, for example. What hangs on points,
types or ids that could not be read waits until these are mended; `xhht check` then says so once
below the faults.

Under each code stand its message as an example gives it, what to do, the lines at fault, and the
lines that mend them.
"""

GROUPS = {
    "XH1": "YAML and structure",
    "XH2": "Names and types",
    "XH3": "Points and levels",
    "XH4": "Meaning",
    "XH5": "Provenance and dates",
    "XH6": "Overlays",
    "XH7": "Targets",
}


def page() -> str:
    """Return the page."""
    examples = {example.code: example for example in all_bad()}
    parts = [INTRODUCTION]
    for prefix, title in GROUPS.items():
        parts.append(f"## {prefix}xx: {title}\n")
        parts += (
            "\n".join(_section(code, examples.get(code)))
            for code in CODES
            if code.startswith(prefix)
        )
    return "\n".join(parts)


def _section(code: str, example: BadProfile | None) -> Iterator[str]:
    findings = example.check() if example else check_profile(b" " * (MAX_BYTES + 1), "x.yaml")
    found = next(found for found in findings if found.code == code)
    yield f"### {code}\n"
    yield f"{_kind(found)} {_said(found.text)}  "
    assert found.hint is not None
    yield f"→ {_said(found.hint)}\n"
    if example is None or example.good is None:
        return
    if example.bad:
        yield from ("At fault:\n", "```yaml", *_dedented(example.bad), "```\n")
        yield "Mended:\n"
    else:
        yield "What is missing:\n"
    yield from ("```yaml", *_dedented(example.good), "```\n")


def _kind(found: Diagnostic) -> str:
    return f"**{found.severity.value.capitalize()}.**"


def _said(text: Text) -> str:
    return f"{_escaped(text.en)} · {_escaped(text.vi)}"


def _escaped(text: str) -> str:
    for mark in "\\*_<[`":
        text = text.replace(mark, f"\\{mark}")
    return text


def _dedented(lines: tuple[str, ...]) -> list[str]:
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    return [line[margin:] for line in lines]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
