"""Writes `docs/reference/diagnostics.md` and a page for each code, from codes and bad profiles.

Run it after a change to either: `python tests/unit/criteria/diagnostics_page.py`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import evolve
from bad_profiles import BAD, BadProfile, all_bad, read_bad

from xhht.criteria.checking import check_contents
from xhht.criteria.codes import CODES
from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.loading import check_profile, loads_profile
from xhht.criteria.profile import Profile
from xhht.criteria.releases import check_releases
from xhht.criteria.yaml_nodes import MAX_BYTES
from xhht.reporting.diagnostics import FindingsFormat, findings_text
from xhht.reporting.excerpts import SourceLines
from xhht.text import Lang, Text

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "diagnostics.md"
PAGES = PAGE.with_suffix("")
_LONGEST = 60

INTRODUCTION = """\
# Diagnostics

Checking a profile, a targets file or a mapping file reports all its errors at once. Each
diagnostic has a stable code, a severity, a place (file, line, column and JSON pointer), a
message in Vietnamese and English, and a hint.

An **error** means that the profile does not load. A **warning** means that it loads but probably
does not mean what was intended. `xhht check` exits with 1 for errors, and with `--strict` for
warnings too. What is wrong between files (`XH239`, `XH368`, `XH369`, `XH372`) is an error of the
files that are checked together: each of them loads, but a campaign rejects them.

A value that cannot be read does not hide other errors: the rest of the file is checked as if that
value were valid, and errors that would follow from it alone are not reported. The semantic checks
(`XH4xx`, `XH233` and `XH243`) treat a condition with an error as undetermined and report only what
is certain, for example that no subject can reach a level. Checks that depend on points, types or
ids that could not be read are postponed until these are fixed; `xhht check` then notes this once
below the errors.

Each code has a page with its message, the remedy, an invalid file with its diagnostics, and the
fixed file.
"""

GROUPS = {
    "XH1": "YAML and structure",
    "XH2": "Names and types",
    "XH3": "Points and levels",
    "XH4": "Meaning",
    "XH5": "Provenance and dates",
    "XH6": "Overlays",
    "XH7": "Targets",
    "XH8": "Mappings of headings",
}


def index_page() -> str:
    """Return the page that lists all codes."""
    parts = [INTRODUCTION]
    for prefix, title in GROUPS.items():
        parts += [f"## {prefix}xx: {title}\n", "| code | severity | message |\n|---|---|---|"]
        parts += [_row(code) for code in CODES if code.startswith(prefix)]
        parts.append("")
    return "\n".join(parts)


def _row(code: str) -> str:
    info = CODES[code]
    open_values: defaultdict[str, str] = defaultdict(lambda: "…")
    general = Text(vi=info.text.vi.format_map(open_values), en=info.text.en.format_map(open_values))
    said = _said(general).replace("|", "\\|")
    return f"| [{code}](diagnostics/{code}.md) | {info.severity.value} | {said} |"


def code_pages() -> dict[str, str]:
    """Return the page of each code."""
    examples = {example.code: example for example in all_bad()}
    return {code: "\n".join(_page(code, examples.get(code))) for code in CODES}


def _page(code: str, example: BadProfile | None) -> Iterator[str]:
    findings = example.check(_bare(example.data)) if example else MADE_HERE[code]()
    diagnostic = next(diagnostic for diagnostic in findings if diagnostic.code == code)
    assert diagnostic.hint is not None
    yield f"# {code}\n"
    yield f"{_kind(diagnostic)} {_said(diagnostic.text)}  "
    yield f"→ {_said(diagnostic.hint)}\n"
    if example is not None:
        yield from _bad_part(example)
    if code in RELEASED:
        yield from _released_part(diagnostic)
    if code in TOGETHER:
        yield from _together_part(code, diagnostic)
        return
    yield from _next_part() if code in NEXT else _good_part(example)
    yield "[All diagnostics](../diagnostics.md)"
    yield ""


def _bad_part(example: BadProfile) -> Iterator[str]:
    """Yield a bad file and what is said of it."""
    bare = _bare(example.data)
    shift = example.data.count(b"\n") - bare.count(b"\n")
    lines = sorted({fault.line - shift for fault in example.expected if fault.code == example.code})
    shown = bare.decode(errors="replace").rstrip()
    yield "## Bad\n"
    yield from (f'```yaml hl_lines="{" ".join(map(str, lines))}"', _cut(shown), "```\n")
    names = {"XH7": "bad.targets.yaml", "XH8": "bad.mapping.yaml"}
    name = names.get(example.code[:3], "bad.yaml")
    diagnostics = tuple(evolve(diagnostic, file=name) for diagnostic in example.check(bare))
    sources = SourceLines({name: bare})
    yield from (
        "```text",
        findings_text(diagnostics, FindingsFormat.TEXT, sources, Lang.EN),
        "```\n",
    )


def _any_good() -> BadProfile:
    return read_bad(BAD / "XH110.yaml")


def _too_large() -> tuple[Diagnostic, ...]:
    return check_profile(b" " * (MAX_BYTES + 1), "x.yaml")


def _was_released() -> Profile:
    """Return the released version that the examples of XH504 and XH505 begin with."""
    return loads_profile(_released_text(), "before/unit.yaml")


def _released_text() -> str:
    return _bare(_any_good().mended()).decode().replace("status: draft", "status: active")


def _changed() -> tuple[Diagnostic, ...]:
    text = _released_text().replace("points >= 10", "points >= 15")
    return check_releases([_was_released()], [loads_profile(text, "unit.yaml")])


def _gone() -> tuple[Diagnostic, ...]:
    return check_releases([_was_released()], [])


def _next(places: str) -> tuple[Diagnostic, ...]:
    """Return what is said of a new version with an entry of changes at some places."""
    released = _was_released()
    return check_releases(
        [released], [released, loads_profile(_next_text(places), "unit-1.1.yaml")]
    )


def _next_text(places: str) -> str:
    text = _released_text().replace("points >= 10", "points >= 15")
    text = text.replace("version: 1.0.0", "version: 1.1.0")
    if places:
        reason = "{vi: Theo Điều 5, en: By Article 5}"
        text = text.rstrip("\n")
        text += f"\nchanges: [{{version: 1.1.0, reason: {reason}, at: [{places}]}}]\n"
    return text


NEXT = ("XH391", "XH392", "XH393")


def _with_standard(code: str) -> Callable[[], tuple[Diagnostic, ...]]:
    """Return a function that checks a profile of `bad/together/` with the standard there."""
    return lambda: check_contents(_files_of(code)).diagnostics


def _files_of(code: str) -> dict[str, bytes]:
    """Return a profile of `bad/together/` and the standard that it rests on."""
    folder = BAD / "together"
    return {
        "commune.yaml": (folder / f"{code}.yaml").read_bytes(),
        "standard.yaml": (folder / "standard.yaml").read_bytes(),
    }


TOGETHER = ("XH368", "XH369", "XH372")
RELEASED = {
    "XH504": "the level requires 15 points instead of 10",
    "XH505": "the file was deleted, or its `version` increased",
    "XH391": "a second file `unit-1.1.yaml` requires 15 points and has the version 1.1.0, but no "
    "`changes`",
    "XH392": "the new version 1.1.0 has an entry of `changes` with `at: [levels/god, levels]`",
    "XH393": "the new version 1.1.0 requires 15 points, and its entry of `changes` has "
    "`at: [inputs/plan]`",
}
MADE_HERE: dict[str, Callable[[], tuple[Diagnostic, ...]]] = {
    "XH102": _too_large,
    "XH504": _changed,
    "XH505": _gone,
    "XH391": lambda: _next(""),
    "XH392": lambda: _next("levels/god, levels"),
    "XH393": lambda: _next("inputs/plan"),
    **{code: _with_standard(code) for code in TOGETHER},
}
"""What is found where one file alone cannot show it."""


def _released_part(diagnostic: Diagnostic) -> Iterator[str]:
    """Yield a released version and what is said once it was changed or removed."""
    yield "## Bad\n"
    yield "`unit.yaml`, as released:\n"
    yield from ("```yaml", _released_text().rstrip(), "```\n")
    yield f"Now {RELEASED[diagnostic.code]}. `xhht check --against REF` then reports:\n"
    yield from ("```text", diagnostic.render(Lang.EN), "```\n")


def _together_part(code: str, diagnostic: Diagnostic) -> Iterator[str]:
    """Yield two files that are checked together, what is said of them, and the first mended."""
    files = _files_of(code)
    sources = SourceLines(files)
    said = findings_text((diagnostic,), FindingsFormat.TEXT, sources, Lang.EN)
    good = _files_of("good")
    assert check_contents(good).diagnostics == ()
    for heading, name, data in (
        ("Bad", "standard.yaml", files["standard.yaml"]),
        ("", "commune.yaml", files["commune.yaml"]),
        ("Good", "commune.yaml", good["commune.yaml"]),
    ):
        if heading:
            yield f"## {heading}\n"
        yield f"`{name}`:\n"
        yield from ("```yaml", data.decode().rstrip(), "```\n")
        if data == files["commune.yaml"]:
            yield "`xhht check commune.yaml standard.yaml` then reports:\n"
            yield from ("```text", said, "```\n")
    yield "[All diagnostics](../diagnostics.md)"
    yield ""


def _next_part() -> Iterator[str]:
    """Yield a new version that says what it changes."""
    assert _next("levels/good") == ()
    yield "## Good\n"
    yield from ("```yaml", _next_text("levels/good").rstrip(), "```\n")


def _good_part(example: BadProfile | None) -> Iterator[str]:
    """Yield the file mended, or any good one; nothing is found in it."""
    if example is None or example.good is None:
        example = _any_good()
    good = _bare(example.mended())
    assert example.check(good) == ()
    yield "## Good\n"
    yield from ("```yaml", good.decode(errors="replace").rstrip(), "```\n")


def _bare(data: bytes) -> bytes:
    """Return an example without the lines at its head that say what is expected."""
    return re.sub(rb"\A(# (XH\d{3} .*|good .*)\n|#\| .*\n|#\|\n)+", b"", data)


def _cut(text: str) -> str:
    """Return as much of an example as a page shows."""
    lines = text.splitlines()
    return "\n".join([*lines[:_LONGEST], *(["…"] if len(lines) > _LONGEST else [])])


def _kind(diagnostic: Diagnostic) -> str:
    return f"**{diagnostic.severity.value.capitalize()}.**"


def _said(text: Text) -> str:
    return f"{_escaped(text.en)} · {_escaped(text.vi)}"


def _escaped(text: str) -> str:
    for mark in "\\*_<[`":
        text = text.replace(mark, f"\\{mark}")
    return text


def write() -> None:
    """Write all pages, and remove those of codes that are no more."""
    PAGE.write_text(index_page(), encoding="utf-8")
    pages = code_pages()
    PAGES.mkdir(exist_ok=True)
    for file in PAGES.glob("XH*.md"):
        if file.stem not in pages:
            file.unlink()
    for code, text in pages.items():
        (PAGES / f"{code}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
