"""Writes `docs/reference/proof-findings.md` and `row-codes.md` from the registry of codes.

Run it after a change to a code: `python tests/unit/codes_pages.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from xhht.drafting.codes import FORM_CODES
from xhht.issues import FACT_CODES, REJECTION_CODES, RowIssueCode, code_info, generic_text
from xhht.proving import Topic
from xhht.proving.codes import CODES
from xhht.text import Text

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"

PROOFS = """\
# Proof findings

The findings of `xhht prove`, by code; [Prove a profile](../how-to/prove-a-profile.md) explains the
checks. Each finding has a kind, which decides its severity in SARIF and in annotations of GitHub:

| kind | severity | meaning |
|---|---|---|
| fault | error | an error in the profile |
| warning | warning | probably an error |
| open | note | depends on unknown values or on a share of 0/0 |
| undecided | note | an exact answer needs too much computation |
| note | note | a fact |
"""

ROWS = """\
# Codes of rows, facts and records

Errors in tables, facts, records of a society and scoring forms have a stable `code`, a message in
Vietnamese and English, and the row, column or field concerned. No message contains a name or the
value of a cell. Their severity is error: an invalid row is reported and not used. Profiles have
[diagnostics](diagnostics.md), proofs have [findings](proof-findings.md), and result documents have
[their own codes](result-format.md#findings).
"""

GROUPS = {
    "Rows of tables": tuple(RowIssueCode),
    "Facts": tuple(FACT_CODES),
    "Records and reports of a society": tuple(REJECTION_CODES),
    "Scoring forms": tuple(FORM_CODES),
}


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    return {
        "proof-findings.md": "\n".join([PROOFS, *proof_sections()]),
        "row-codes.md": "\n".join([ROWS, *row_sections()]),
    }


def proof_sections() -> Iterator[str]:
    """Yield a section for each topic, with a part for each code."""
    for topic in (*Topic, None):
        yield f"## {topic.value.capitalize() if topic else 'All topics'}\n"
        for code, meaning in CODES.items():
            if meaning.topic is topic:
                yield f"### {code}\n"
                end = "  " if meaning.hint else ""
                yield f"**{meaning.kind.value.capitalize()}.** {both(meaning.text)}{end}"
                yield f"→ {both(meaning.hint)}\n" if meaning.hint else ""


def row_sections() -> Iterator[str]:
    """Yield a table of codes for each kind of input."""
    for title, codes in GROUPS.items():
        yield f"## {title}\n"
        yield from table(codes)
        yield ""


def table(codes: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a table of codes."""
    yield "| code | meaning |\n|---|---|"
    for code in codes:
        yield f"| `{code}` | {both(code_info(code).text)} |"


def both(text: Text) -> str:
    """Return a message in both languages, without values."""
    general = generic_text(text)
    return f"{general.en} · {general.vi}"


if __name__ == "__main__":
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
