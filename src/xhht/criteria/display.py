"""HTML view of a profile for notebooks: criteria with points, then levels and sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xhht import labels
from xhht.dates import day_text
from xhht.numbers import decimal_label
from xhht.render import Column, DisplayTable
from xhht.text import Lang, Text

if TYPE_CHECKING:
    from xhht.criteria.profile import Profile

__all__ = ["criterion_name", "profile_html"]


def profile_html(profile: Profile, lang: Lang | str = Lang.VI) -> str:
    """Return a profile as HTML without scripts."""
    rows = [
        (
            criterion_name(profile, node.id, lang),
            decimal_label(profile.points(node.maximum)).get(lang),
            profile.entries[node.id].clause or "–",
        )
        for node in profile.plan.nodes
    ]
    caption = f"{profile.name.get(lang)} ({profile.reference})"
    return DisplayTable(_COLUMNS, rows).html(lang, caption=caption, notes=_notes(profile, lang))


def criterion_name(profile: Profile, node_id: str, lang: Lang | str) -> str:
    """Return the id and the name of a criterion, indented by its depth."""
    depth = max(profile.pointers[node_id].count("/") // 2 - 1, 0)
    name = profile.entries[node_id].name
    return "  " * depth + (f"{node_id} {name.get(lang)}" if name else node_id)


def _notes(profile: Profile, lang: Lang | str) -> Iterator[str]:
    levels = "; ".join(f"{level.name.get(lang)}: {level.when}" for level in profile.document.levels)
    yield f"{_LEVELS.get(lang)}: {levels}"
    basis = profile.document.legal_basis
    document = basis.document if basis else "–"
    yield f"{_BASIS.get(lang)}: {document} ({profile.provenance.label.get(lang)})"
    if profile.begins is not None:
        yield f"{_FROM.get(lang)}: {day_text(profile.begins).get(lang)}"


_COLUMNS = (
    Column(labels.CRITERION),
    Column(labels.MAXIMUM_POINTS, numeric=True),
    Column(labels.CLAUSE),
)
_LEVELS = Text(vi="Mức độ", en="Levels")
_BASIS = Text(vi="Căn cứ", en="Legal basis")
_FROM = Text(vi="Hiệu lực từ", en="In force from")
