"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import settings

from engines import ENGINES, Engine, connected, missing

# A busy machine is no fault: no example has a deadline. The tests try the same examples every time;
# `make search` tries others, and more.
settings.register_profile("same", settings(), deadline=None, derandomize=True, max_examples=60)
settings.register_profile("search", settings(), deadline=None, max_examples=600)
settings.load_profile("same")


@pytest.fixture(scope="session")
def servers() -> Iterator[ExitStack]:
    """What ends the processes of engines when the tests end."""
    with ExitStack() as ends:
        yield ends


@pytest.fixture(scope="session")
def postgres(servers: ExitStack) -> Any:
    """A connection by Ibis to a real PostgreSQL."""
    return connected("postgres", servers)


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(
            engine, id=engine.name, marks=[pytest.mark.spark] if engine.name == "spark" else []
        )
        for engine in ENGINES
    ],
)
def constructor(request: pytest.FixtureRequest, servers: ExitStack) -> Engine:
    """Every engine in turn: called with columns, it makes a frame of them."""
    engine: Engine = request.param
    if reason := missing(engine.name):
        pytest.skip(reason)
    connected(engine.name, servers)
    return engine
