"""A real browser, and the report of Bình Thuận to look at in it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "binh_thuan"))

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def binh_thuan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the province in Vietnamese, as a file."""
    from demo import TARGET_YEAR
    from quiet import make_run
    from results import report_of

    from xhht.reporting.report_page import write_page

    path = tmp_path_factory.mktemp("report") / "bình thuận.html"
    write_page(report_of(make_run(households=5_000), TARGET_YEAR), path)
    return path
