"""Ids that lost their leading zeros in one of two tables, as when they were saved as numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable

__all__ = ["restored_ids"]


def restored_ids(referred: Iterable[str], ids: Collection[str]) -> dict[str, str]:
    """Return the ids that are certainly meant where those referred to do not exist.

    A number is certainly another one if they differ by leading zeros only, and no further id, and
    no further reference, is the same number.

    Args:
        referred: the ids that rows of one table refer to.
        ids: the ids of the subjects of the other table.

    >>> restored_ids(["1", "2", "03"], {"001", "002", "3", "003"})
    {'1': '001', '2': '002'}
    """
    written: dict[str, set[str]] = {}
    for name in referred:
        if _is_number(name):
            written.setdefault(name.lstrip("0"), set()).add(name)
    existing: dict[str, list[str]] = {}
    for name in ids:
        if _is_number(name):
            existing.setdefault(name.lstrip("0"), []).append(name)
    return {
        next(iter(names)): existing[number][0]
        for number, names in written.items()
        if len(names) == 1
        and len(existing.get(number, ())) == 1
        and not names.issubset(existing[number])
    }


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()
