"""The names that `xhht` promises change only on purpose.

A change of `public_names.txt` beside this file is a change for every user: note it in the
changelog.
"""

from __future__ import annotations

from pathlib import Path

import xhht

SNAPSHOT = Path(__file__).with_name("public_names.txt")


def test_public_names_are_those_of_the_snapshot() -> None:
    assert sorted(xhht.__all__) == SNAPSHOT.read_text(encoding="utf-8").split()


def test_every_public_name_is_there() -> None:
    missing = [name for name in xhht.__all__ if not hasattr(xhht, name)]
    assert not missing
