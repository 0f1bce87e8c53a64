"""A report: what stands in it, and that its page and workbook show that and nothing else."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from xhht.domain import Area, AreaLevel, AreaTree, Title
from xhht.errors import RollupError, TableError
from xhht.issues import RowIssue, RowIssueCode
from xhht.reporting.protect import protected_report
from xhht.reporting.report import Report
from xhht.reporting.report_html import report_page, write_page
from xhht.reporting.report_xlsx import write_report_workbook
from xhht.rollup import Count, Counts, Denominator, Tally, rollup

HOUSEHOLD, CLAN = Title.LEARNING_HOUSEHOLD, Title.LEARNING_CLAN
HOSTILE = """Tỉnh <script>alert(1)</script> "'& </style></title>"""


def tree() -> AreaTree:
    def area(code: str, name: str, level: AreaLevel, parent: str | None = None) -> Area:
        return Area(code=code, name=name, level=level, parent=parent)

    return AreaTree(
        [
            area("00", "Việt Nam", AreaLevel.NATION),
            area("01", HOSTILE, AreaLevel.PROVINCE, "00"),
            area("011", "Huyện Một", AreaLevel.DISTRICT, "01"),
            area("012", "=1+1", AreaLevel.DISTRICT, "01"),
            area("a b", "Xã An", AreaLevel.COMMUNE, "011"),
            area("c", "Xã Chung", AreaLevel.COMMUNE, "011"),
            area("d", "Xã Dương", AreaLevel.COMMUNE, "012"),
            area("e", "Xã Đông", AreaLevel.COMMUNE, "012"),
        ]
    )


def made(**of: Counts) -> Report:
    counts = {
        "a b": Counts(total=1000, registered=900, assessed=800, recognised=700, undetermined=20),
        "c": Counts(total=500, registered=400, assessed=300, recognised=3, undetermined=0),
        "d": Counts(total=800, registered=700, assessed=650, recognised=600, undetermined=0),
        **of,
    }
    reports = {(code, HOUSEHOLD): Tally.of(item) for code, item in counts.items()}
    reports["011", CLAN] = Tally.of(Counts(total=10, recognised=4))
    return Report.of_counts(reports, tree(), year=2023)


class Page(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_the_top_is_the_province_and_levels_go_down_from_it() -> None:
    report = made()
    assert report.top.code == "01"
    assert [area.code for area in report.areas] == ["01", "011", "a b", "c", "012", "d", "e"]
    rows = report.of_area("01", (HOUSEHOLD, None))
    assert rows.counts[Count.RECOGNISED] == 1303
    assert (rows.coverage.reported, rows.coverage.expected) == (3, 4)
    assert not report.of_area("e", (HOUSEHOLD, None)).is_reported
    assert [part.code for part in report.reported_subareas("01", (CLAN, None))] == ["011", "012"]
    assert report.reported_subareas("011", (CLAN, None)) == ()


def test_an_area_is_named_where_no_single_one_holds_all() -> None:
    two = AreaTree([Area(code=c, name=c, level=AreaLevel.PROVINCE) for c in ("01", "02")])
    with pytest.raises(RollupError, match="No single area"):
        Report.of_counts({}, two)
    assert Report.of_counts({}, two, area="02").top.code == "02"
    with pytest.raises(RollupError, match="has no code 03"):
        Report.of_counts({}, two, area="03")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_holds_each_figure_as_the_language_writes_it(lang: str) -> None:
    html = report_page(made(), lang)
    rate = "56,65–57,52%" if lang == "vi" else "56.65–57.52%"
    for text in ("2.300" if lang == "vi" else "2,300", rate, ">3/4<"):
        assert text in html
    assert ("số liệu chưa báo cáo" if lang == "vi" else "not reported") in html
    assert f'lang="{lang}"' in html


def test_names_break_out_of_nothing() -> None:
    html = report_page(made())
    page = Page(html)
    assert page.named("script") == [{}]
    assert escape(HOSTILE.replace("</style></title>", "")[:20]) in html
    handlers = [name for _, attributes in page.elements for name in attributes if name[:2] == "on"]
    assert handlers == []


def test_the_page_loads_nothing_and_allows_no_other_code() -> None:
    html = report_page(made())
    page = Page(html)
    loads = [a for _, a in page.elements if "src" in a or a.get("href", "#")[:1] != "#"]  # type: ignore[index]
    assert loads == []
    policy = next(
        a["content"] for a in page.named("meta") if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    for tag in ("script", "style"):
        blocks = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert blocks is not None
        digest = b64encode(sha256(blocks[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not any("style" in attributes for _, attributes in page.elements)


def test_every_link_has_its_section() -> None:
    page = Page(report_page(made()))
    sections = {attributes["id"] for attributes in page.named("section")}
    assert sections == {"01", "011", "012"}
    links = {str(a["href"]).removeprefix("#") for a in page.named("a")}
    assert links - {"main"} <= sections
    tables = page.named("table")
    assert len(tables) == len(page.named("caption")) > 0
    assert all(a.get("scope") in ("row", "col") for a in page.named("th"))


def test_the_same_report_gives_the_same_page(tmp_path: Path) -> None:
    write_page(made(), tmp_path / "report.html", "en")
    assert (tmp_path / "report.html").read_text("utf-8") == report_page(made(), "en")
    with pytest.raises(TableError, match="cannot be written"):
        write_page(made(), tmp_path / "no" / "report.html")


def test_the_workbook_has_real_numbers_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report_workbook(made(), path, "en")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Summary", "Learning household", "Learning clan", "Source"]
    rows = list(book["Learning household"].iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in rows] == ["01", "011", "a b", "c", "012", "d", "e"]
    assert rows[0][3:10] == (2300, 2000, 1750, 1303, 20, 3, 4)
    assert rows[0][10] == pytest.approx(1303 / 2300)
    assert rows[4][1] == "=1+1"
    assert book["Learning household"]["B8"].data_type == "s"
    assert rows[6][3:8] == (None,) * 5
    assert book["Learning household"].row_dimensions[6].outlineLevel == 2
    with pytest.raises(TableError, match="cannot be written"):
        write_report_workbook(made(), tmp_path / "no" / "report.xlsx")


def test_protected_counts_stand_nowhere(tmp_path: Path) -> None:
    report = protected_report(made())
    small = report.of_area("c", (HOUSEHOLD, None))
    assert Count.RECOGNISED in small.hidden
    assert small.counts[Count.RECOGNISED] is None
    assert small.rates[Denominator.OF_TOTAL].lower is None
    assert len([f for f in report.figures.values() if f.hidden]) > 1
    html = report_page(report, "en")
    assert "“…” is a protected count: below 5" in html
    assert ">0.60%<" not in html
    write_report_workbook(report, tmp_path / "report.xlsx", "en")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Learning household"]
    assert sheet["G7"].value == "…"


def test_what_one_count_holds_beyond_the_next_is_protected_too() -> None:
    report = made(c=Counts(total=500, registered=499, assessed=400, recognised=300, undetermined=9))
    hidden = protected_report(report).of_area("c", (HOUSEHOLD, None)).hidden
    # One household alone is not registered.
    assert hidden & {Count.TOTAL, Count.REGISTERED}


def test_a_protected_report_says_counts_in_no_other_words() -> None:
    reports = {
        ("011", CLAN): Tally.of(Counts(total=4)),
        ("c", CLAN): Tally.of(Counts(total=3)),
        ("d", CLAN): Tally.of(Counts(total=50)),
    }
    (conflict,) = rollup(reports, tree(), by=AreaLevel.PROVINCE).conflicts
    fault = RowIssue(row=1, code=RowIssueCode.PARENT_DIFFERS, field="total", text=conflict.text)
    report = Report.of_counts(reports, tree(), faults=[fault])
    said = "reports 4 as total"
    assert said in report_page(report, "en")
    assert said not in report_page(protected_report(report), "en")


def test_what_areas_hold_themselves_is_protected_with_what_is_below_them() -> None:
    reports = {
        ("011", CLAN): Tally.of(Counts(total=3)),
        ("c", CLAN): Tally.of(Counts(total=40)),
        ("d", CLAN): Tally.of(Counts(total=50)),
    }
    report = Report.of_counts(reports, tree(), subjects=True)
    protected = protected_report(report)
    # The 3 of the district itself would follow from 43 and 40.
    shown = [protected.of_area(c, (CLAN, None)).counts[Count.TOTAL] for c in ("011", "c")]
    assert None in shown


def test_blanks_that_others_fill_cannot_be_protected() -> None:
    with pytest.raises(RollupError, match="registered is blank in some areas only"):
        protected_report(made(c=Counts(total=500)))


def test_a_count_that_leaves_no_choice_counts_as_given() -> None:
    report = protected_report(made(c=Counts(total=0)))
    assert report.of_area("c", (HOUSEHOLD, None)).counts[Count.RECOGNISED] == 0
