"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engines import ENGINES, Engine, missing, running


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(each, id=each.name, marks=[pytest.mark.spark] if each.name == "spark" else [])
        for each in ENGINES
    ],
)
def constructor(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Every engine in turn: called with columns, it makes a frame of them."""
    found: Engine = request.param
    if reason := missing(found.name):
        pytest.skip(reason)
    with running(found.name):
        yield found
