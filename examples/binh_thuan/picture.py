"""A picture of the report for the README: `python picture.py FILE.png`; needs Chromium."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from demo import TARGET_YEAR
from playwright.sync_api import sync_playwright
from quiet import make_run
from results import report_of

from xhht.reporting.report_html import write_page

_WINDOW = {"width": 1200, "height": 960}


def main(picture: Path) -> None:
    """Write the picture."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        page_file = Path(folder) / "report.html"
        write_page(report_of(make_run(), TARGET_YEAR), page_file)
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=_WINDOW, color_scheme="light")
        page.goto(page_file.as_uri())
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
