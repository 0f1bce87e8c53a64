"""Laws of checking: places are those of the file, mends are safe, and nothing written breaks it."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.formatting import apply_fixes
from xhht.criteria.loading import check_profile
from xhht.criteria.yaml_nodes import Mapping, Scalar, read_yaml
from xhht.reporting.diagnostics import FindingsFormat, findings_text
from xhht.reporting.excerpts import SourceLines
from xhht.text import Lang

SEVERAL = Path(__file__).parents[1] / "unit" / "criteria" / "bad" / "several"
FILES = [file.read_bytes() for file in sorted(SEVERAL.glob("*.yaml"))]

WORDS = st.lists(st.text("abđê'\"\\#:-é", min_size=1, max_size=6), min_size=1, max_size=12)


@settings(max_examples=80)
@given(words=WORDS, style=st.sampled_from([None, "'", '"', ">"]), decomposed=st.booleans())
def test_every_word_of_a_text_is_found_where_it_is_written(
    words: list[str], style: str | None, decomposed: bool
) -> None:
    text = " ".join(words)
    written = yaml.dump({"a": text}, default_style=style, width=12, allow_unicode=True)
    if decomposed:
        written = unicodedata.normalize("NFD", written)
    node = read_yaml(written.encode(), DiagnosticCollector("x"))
    assert isinstance(node, Mapping)
    scalar = node.get("a")
    assert isinstance(scalar, Scalar)
    lines = written.split("\n")
    offset = 0
    for word in words:
        mark = scalar.mark_at(offset)
        shown = unicodedata.normalize("NFC", lines[mark.line - 1][mark.column - 1 :])
        assert shown.startswith((word[0], f"\\{word[0]}")), (written, word, mark)
        offset += len(word) + 1


PIECES = st.sampled_from(
    [
        *(b"\n", b"  ", b"# x\n", b"'", b'"', b"{", b"}", b"[", b"]", b": ", b"- ", b"\t", b"|"),
        *(b">", b"&a ", b"*a ", b"!!str ", b"\r\n", b"\xff", b"\x00", b"1", b"~", b""),
        *map(str.encode, ("’", "e\u0301", "\u200b", "\x85", "\u2028", "日")),
    ]
)


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    """Return a file with pieces put in, cut out and lines exchanged."""
    data = bytearray(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 5))] = draw(PIECES)
    lines = data.split(b"\n")
    one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def faults(diagnostics: tuple[Diagnostic, ...]) -> Counter[tuple[str, str]]:
    return Counter((diagnostic.code, diagnostic.pointer) for diagnostic in diagnostics)


@settings(max_examples=60)
@given(data=damaged_files())
def test_whatever_a_file_holds_its_faults_can_be_printed_and_its_mends_are_safe(
    data: bytes,
) -> None:
    diagnostics = check_profile(data, "x.yaml")
    sources = SourceLines({"x.yaml": data})
    for output in FindingsFormat:
        text = findings_text(diagnostics, output, sources, Lang.VI)
        if output in (FindingsFormat.JSON, FindingsFormat.SARIF):
            json.loads(text)
    after = apply_fixes(data, "x.yaml")
    assert apply_fixes(after, "x.yaml") == after
    if after != data:
        assert faults(check_profile(after, "x.yaml")) <= faults(diagnostics)
