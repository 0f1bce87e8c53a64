"""The report in a real browser: offline, by keyboard, for all eyes, on paper, and unbroken."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xhht.domain import Area, AreaLevel, AreaTree, Title
from xhht.reporting.report import Report
from xhht.reporting.report_html import write_page
from xhht.rollup import Counts, Tally

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "binh_thuan"))

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

HOSTILE = (
    "Tỉnh <script>alert(1)</script>",
    "Huyện \"'><img src=x onerror=alert(2)>",
    "</style></title><svg onload=alert(3)>",
    "{{ 7 * 7 }} javascript:alert(4)",
)
MOST_BYTES = 2_000_000
A4 = (595, 842)
"""Width and height in points."""


class Tab:
    """A tab without a network, and all that went wrong in it."""

    def __init__(self, browser: Any, *, dark: bool = False, script: bool = True) -> None:
        self.context = browser.new_context(
            offline=True,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            viewport={"width": 1200, "height": 1000},
        )
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, file: Path, fragment: str = "") -> Any:
        self.page.goto(file.as_uri() + fragment)
        return self.page

    def tab_to(self, text: str) -> None:
        """Press Tab until what has the focus says `text`."""
        for _ in range(200):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.textContent.trim()") == text:
                return
        raise AssertionError(f"no Tab leads to {text}")

    def heading(self) -> str:
        return str(self.page.locator("section.area:visible h2").inner_text())

    def column(self, number: int) -> list[str]:
        """Return the cells of a column of the first table of areas, from the top."""
        table = self.page.locator("section.area:visible [data-title] table").first
        return list(table.locator(f"tbody tr > :nth-child({number})").all_inner_texts())


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window; on CI it must be there."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def binh_thuan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the province in Vietnamese, as a file."""
    from demo import TARGET_YEAR
    from quiet import make_run
    from results import report_of

    path = tmp_path_factory.mktemp("report") / "bình thuận.html"
    write_page(report_of(make_run(households=5_000), TARGET_YEAR), path)
    return path


@pytest.fixture
def tab(browser: Any) -> Iterator[Tab]:
    opened = Tab(browser)
    yield opened
    opened.context.close()
    assert opened.wrong == []


def test_it_is_small_and_opens_offline(tab: Tab, binh_thuan: Path) -> None:
    page = tab.open(binh_thuan)
    assert binh_thuan.stat().st_size < MOST_BYTES
    assert page.locator("section.area:visible").count() == 1
    assert page.locator("section.area").count() == 1 + 10 + 124
    assert page.title() == "Báo cáo danh hiệu học tập: Tỉnh Bình Thuận, năm 2023"
    assert [url.split("/")[-1] for url in tab.requests] == [tab.page.url.split("/")[-1]]


def test_it_sorts_by_keyboard(tab: Tab, binh_thuan: Path) -> None:
    page = tab.open(binh_thuan)
    before = tab.column(2)
    # The first table with "Khu vực" is of areas, and its next column counts all.
    tab.tab_to("Khu vực")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sorted_heads = page.locator("[aria-sort]")
    assert sorted_heads.count() == 1
    assert sorted_heads.get_attribute("aria-sort") == "descending"
    numbers = [int(cell.replace(".", "")) for cell in tab.column(2)]
    assert numbers == sorted(numbers, reverse=True)
    assert sorted(before) == sorted(tab.column(2))
    page.keyboard.press("Space")
    assert sorted_heads.get_attribute("aria-sort") == "ascending"
    assert [int(cell.replace(".", "")) for cell in tab.column(2)] == numbers[::-1]


def test_names_sort_as_in_vietnamese(tab: Tab, binh_thuan: Path) -> None:
    page = tab.open(binh_thuan)
    tab.tab_to("Khu vực")
    page.keyboard.press("Enter")
    names = tab.column(1)
    assert names.index("Huyện Hàm Tân") < names.index("Huyện Phú Quí") < names.index("Thị xã La Gi")


def test_it_goes_down_to_villages_and_back_by_keyboard(tab: Tab, binh_thuan: Path) -> None:
    page = tab.open(binh_thuan)
    for name in ("Huyện Tuy Phong", "Xã Phong Phú"):
        tab.tab_to(name)
        page.keyboard.press("Enter")
        assert tab.heading() == name
        assert page.evaluate("document.activeElement.tagName") == "H2"
    assert any("Nha Mé" in name for name in tab.column(1))
    page.go_back()
    assert tab.heading() == "Huyện Tuy Phong"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert tab.heading() == "Tỉnh Bình Thuận"


def test_area_and_title_can_be_chosen(tab: Tab, binh_thuan: Path) -> None:
    page = tab.open(binh_thuan)
    page.select_option("#go-to", "602")
    assert tab.heading() == "Huyện Phú Quí"
    page.select_option("#title", label="Dòng họ học tập")
    captions = page.locator("section.area:visible [data-title]:visible caption").all_inner_texts()
    assert captions == ["Dòng họ học tập: các khu vực thuộc Huyện Phú Quí"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("fragment", ["", "#22978"])
def test_everybody_can_read_it(browser: Any, binh_thuan: Path, dark: bool, fragment: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    tab = Tab(browser, dark=dark)
    page = tab.open(binh_thuan, fragment)
    # Axe looks for half a minute through areas that nobody sees; each is of the same make.
    page.evaluate("for (const area of document.querySelectorAll('.area[hidden]')) area.remove()")
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    tab.context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []


def test_the_focus_is_seen(tab: Tab, binh_thuan: Path) -> None:
    page = tab.open(binh_thuan)
    tab.tab_to("Huyện Tuy Phong")
    style = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"{style}.outlineStyle") == "solid"
    assert float(page.evaluate(f"parseFloat({style}.outlineWidth)")) >= 2


def test_it_prints_on_a4(tab: Tab, binh_thuan: Path) -> None:
    page = tab.open(binh_thuan, "#602")
    paper = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {A4}
    page.emulate_media(media="print")
    assert not page.locator("#tools").is_visible()
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert page.locator("section.area:visible").count() == 1
    page.evaluate("document.documentElement.classList.add('everything')")
    assert page.locator("section.area:visible").count() == 135
    page.evaluate("document.documentElement.classList.remove('everything')")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 within its margins
    assert not page.evaluate(too_wide)


def test_everything_is_there_without_its_script(browser: Any, binh_thuan: Path) -> None:
    tab = Tab(browser, script=False)
    page = tab.open(binh_thuan)
    assert page.locator("section.area:visible").count() == 135
    assert not page.locator("#tools").is_visible()
    tab.context.close()


def test_no_name_becomes_code(tab: Tab, tmp_path: Path) -> None:
    tree = AreaTree(
        [
            Area(code="01", name=HOSTILE[0], level=AreaLevel.PROVINCE),
            *(
                Area(code=f"a b\"<{n}>'&#%41", name=name, level=AreaLevel.DISTRICT, parent="01")
                for n, name in enumerate(HOSTILE)
            ),
        ]
    )
    communes = [
        Area(code=f"{n}", name=name, level=AreaLevel.COMMUNE, parent=district.code)
        for n, (name, district) in enumerate(
            zip(HOSTILE, tree.at_level(AreaLevel.DISTRICT), strict=True)
        )
    ]
    tally = Tally.of(Counts(total=4, recognised=3))
    reports: dict[tuple[str, Title], Tally] = {
        (area.code, Title.LEARNING_CLAN): tally for area in communes
    }
    write_page(Report.of_counts(reports, AreaTree([*tree, *communes])), tmp_path / "r.html", "en")
    page = tab.open(tmp_path / "r.html")
    assert page.locator("h1").inner_text() == HOSTILE[0]
    for name in HOSTILE[1:]:
        page.locator("section.area:visible [data-title] a", has_text=name).click()
        assert tab.heading() == name
        page.go_back()
