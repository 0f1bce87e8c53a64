"""The package shows the names it lists and no others."""

from __future__ import annotations

import xhht.domain


def test_every_listed_name_is_there_once_and_in_order() -> None:
    listed = xhht.domain.__all__
    assert len(set(listed)) == len(listed)
    assert all(hasattr(xhht.domain, name) for name in listed)
    for submodule in ("titles", "people", "recognitions", "register", "legal", "convert"):
        module = getattr(xhht.domain, submodule)
        assert set(module.__all__) - {"ID"} <= set(listed)
