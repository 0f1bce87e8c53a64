"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from engines import ENGINES, Engine, missing, running

# A busy machine is no fault: no example has a deadline, here as on CI.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")


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
