"""Writes `docs/explanation/clauses.md`: each clause of the circulars, and what carries it.

Run it after a change to a profile of a circular: `python tests/unit/criteria/clauses_page.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from xhht.criteria.document import CriterionEntry, IndicatorEntry
from xhht.criteria.profile import Profile
from xhht.criteria.registry import bundled_profiles
from xhht.text import Lang

PAGE = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "clauses.md"
CLAUSES = Path(__file__).with_name("clauses.txt")

_PLACE = re.compile(
    r"(?:điểm (?P<point>\w) )?(?:khoản (?P<clause>\d+) )?"
    r"Điều (?P<articles>\d+(?:(?:,| và) Điều \d+)*)",
    re.IGNORECASE,
)
INTRODUCTION = """\
# Clause by clause

Each article, clause and point of the circulars that states a criterion, beside the criterion or
indicator of the bundled profile that carries it. A test holds the table complete. Circular 24/2023
and Circular 25/2023 state most indicators twice, once for each level; an indicator that names two
places has its marks by level from them.

Only the places and our own names stand here; the text itself is at
[vbpl.vn](http://vbpl.vn/TW/Pages/vbpq-toanvan.aspx?ItemID=143827), and
[Law and sources](law-and-sources.md) says how it was read.
"""


@frozen
class Place:
    """An article, or a clause or point of it.

    >>> sorted(str(place) for place in places("Điểm a khoản 2 Điều 6, Điều 7"))
    ['Điểm a khoản 2 Điều 6', 'Điểm a khoản 2 Điều 7']
    """

    article: str
    clause: str | None = None
    point: str | None = None

    def __str__(self) -> str:
        parts = [f"Điều {self.article}"]
        if self.clause:
            parts.insert(0, f"khoản {self.clause}")
        if self.point:
            parts.insert(0, f"điểm {self.point}")
        text = " ".join(parts)
        return text[0].upper() + text[1:]


def places(text: str) -> frozenset[Place]:
    """Return the places that a `clause` names."""
    return frozenset(
        Place(article, match["clause"], match["point"])
        for match in _PLACE.finditer(text)
        for article in re.findall(r"\d+", match["articles"])
    )


def stated() -> dict[str, list[tuple[str, frozenset[Place]]]]:
    """Return what the documents state, by profile: each line, and its places."""
    lines: dict[str, list[tuple[str, frozenset[Place]]]] = {}
    for line in CLAUSES.read_text(encoding="utf-8").splitlines():
        if line.startswith("vn."):
            lines[line] = []
        elif line and not line.startswith("#"):
            lines[[*lines][-1]].append((line, places(line)))
    return lines


def carrier(profile: Profile, named: frozenset[Place]) -> CriterionEntry | IndicatorEntry | None:
    """Return the entry of a profile whose clause names these places, and the fewest others."""
    entries = [entry for entry in profile.entries.values() if named <= places(entry.clause or "")]
    return min(entries, key=lambda entry: len(places(entry.clause or "")), default=None)


def clauses_page() -> str:
    """Return the page."""
    return INTRODUCTION + "".join(map(_section, stated()))


def _section(profile_id: str) -> str:
    profile = bundled_profiles().get(profile_id)
    return "\n".join(
        [
            f"\n## {profile.name.get(Lang.EN)}",
            f"\n`{profile_id}`\n",
            "| place | id | Vietnamese | English |",
            "|---|---|---|---|",
            *_rows(profile),
            "",
        ]
    )


def _rows(profile: Profile) -> Iterator[str]:
    for line, named in stated()[profile.id]:
        entry = carrier(profile, named)
        name = entry.name if entry is not None else None
        cells = (
            line,
            entry.id if entry is not None else "–",
            name.get(Lang.VI) if name else "–",
            name.get(Lang.EN) if name else "–",
        )
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(clauses_page(), encoding="utf-8")
