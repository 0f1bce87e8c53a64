from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest

import xhht
from inline_profiles import HEAD, profile_of
from xhht import Evidence
from xhht.evaluation.explanation import Depth
from xhht.evaluation.facts import MemberShare

YAML = (
    HEAD
    + """\
legal_basis: {document: 22/2020/TT-BGDĐT, issuer: Bộ Giáo dục và Đào tạo, issued: 2020-08-06}
inputs:
  total: {type: count, label: {vi: Tổng số, en: Total}}
  part: {type: count, at_most: total, label: {vi: Số đạt, en: Those}}
  kind:
    type: choice
    label: {vi: Loại, en: Kind}
    choices: {a: {vi: A, en: A}, b: {vi: B, en: B}, c: {vi: C, en: C}}
  since: {type: date, label: {vi: Từ ngày, en: Since}}
criteria:
  - id: "1"
    name: {vi: Kết quả, en: Results}
    indicators:
      - id: "1.1"
        name: {vi: Tỉ lệ, en: Rate}
        clause: khoản 2 Điều 5
        points: 7.5
        met_when: share(part, total) >= 50%
      - {id: "1.2", points: 2.5, met_when: "kind in ('a', 'b') and since <= as_of"}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 8}
  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 5, note: {vi: cách hiểu, en: a reading}}
"""
)
PROFILE = xhht.loads_profile(YAML, "profiles/sample.yaml")
FACTS = {
    "total": 1200,
    "part": 700,
    "kind": xhht.OneOf({"a", "c"}),
    "since": Evidence(value="2024-01-31", dated=date(2024, 2, 1), verification="verified"),
}


def text(lang: str) -> str:
    return xhht.evaluate(PROFILE, FACTS, as_of=date(2024, 12, 31)).explain(lang).text()


@pytest.mark.parametrize(
    "line",
    [
        "Mẫu thử: Đạt tiêu chí — 7,5–10/10 điểm",
        "    Các mức còn có thể: Tốt, Khá",
        "    Mức 'Khá' khi tổng điểm đạt từ 5 điểm trở lên (hiện từ 7,5 đến 10) — cách hiểu",
        "    Căn cứ: 22/2020/TT-BGDĐT, Bộ Giáo dục và Đào tạo, 06/08/2020",
        "    Nguồn: MINH HỌA, không phải tiêu chí do cơ quan nào ban hành",
        "    Ngày đánh giá: 31/12/2024",
        "    ! Thiếu dữ kiện: Loại. Liên quan đến: 1.2.",
        "  1 Kết quả: chưa đủ dữ kiện, 7,5–10/10 điểm",
        "    1.1 Tỉ lệ: đạt, 7,5/7,5 điểm",
        "        Quy tắc: Số đạt đạt ít nhất 50% Tổng số (hiện 700/1.200 = khoảng 58,33%)",
        "        Điều khoản: khoản 2 Điều 5 (sample.yaml, dòng 21)",
        "        - Tổng số: 1.200",
        "        - Loại: A / C",
        "        - Từ ngày: 31/01/2024 [đã xác nhận, 01/02/2024]",
        "        Quy tắc: “Loại” là một trong: “A”, “B” (hiện: A / C) và “Từ ngày” chậm nhất là "
        "ngày đánh giá (hiện 31/01/2024)",
        "        Vị trí: sample.yaml, dòng 26",
        "    Tiêu chí, chỉ số không ghi điều khoản: điều khoản chưa thấy trong nguồn.",
    ],
)
def test_the_vietnamese_tree_has_this_line(line: str) -> None:
    assert line in text("vi").splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "Sample: Meets the criteria — 7.5–10/10 points",
        "    Levels still possible: Good, Fair",
        "    Evaluated as of: 2024-12-31",
        "    1.1 Rate: met, 7.5/7.5 points",
        "        Clause: khoản 2 Điều 5 (sample.yaml, line 21)",
        "        Place: sample.yaml, line 26",
        "        Rule: “Kind” is one of “A”, “B” (now: A / C) and “Since”: no later than the day "
        "of evaluation (now 2024-01-31)",
        "        - Total: 1200",
        "        - Since: 2024-01-31 [verified, 2024-02-01]",
    ],
)
def test_the_english_tree_has_this_line(line: str) -> None:
    assert line in text("en").splitlines()


def test_the_tree_has_the_shape_of_the_profile() -> None:
    tree = xhht.evaluate(PROFILE, {}, as_of=date(2024, 12, 31)).explain("en")
    assert tree.id is None
    assert [child.id for child in tree.children] == ["1"]
    assert [leaf.id for leaf in tree.children[0].children] == ["1.1", "1.2"]
    assert str(tree) == tree.text()
    assert "- Total: unknown" in tree.children[0].children[0].details


def test_what_a_cross_bound_leaves_open_is_shown_as_a_range() -> None:
    tree = xhht.evaluate(PROFILE, {"total": 30}, as_of=date(2024, 12, 31)).explain("en")
    assert "- Those: 0–30" in tree.children[0].children[0].details


def test_the_rule_tells_how_points_are_made() -> None:
    profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    shown = xhht.evaluate(profile, {"indicator_1": 4}).explain("vi").text()
    assert "Quy tắc: Điểm chỉ số 1 (hiện 4), do người đánh giá chấm; điểm sàn 5" in shown
    assert "Nguồn: chỉ có một phần; những chỗ chưa thấy trong văn bản được ghi rõ" in shown


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        xhht.evaluate(PROFILE, {}, as_of=date(2024, 1, 1)).explain("fr")


@pytest.mark.parametrize(
    ("fact", "vi", "en"),
    [
        (MemberShare(3, 2), "3/5 thành viên", "3/5 members"),
        (
            MemberShare(xhht.Between(2, 3), xhht.Between(2, 4)),
            "2–3 thành viên đạt, 2–4 không đạt",
            "2–3 members meet it, 2–4 do not",
        ),
        (None, "chưa biết", "unknown"),
    ],
)
def test_a_share_of_members_is_one_line(fact: object, vi: str, en: str) -> None:
    members = {"x": "type: share, members: {title: learning_citizen, take: share}"}
    profile = profile_of(members, '- {id: "1.1", points: 10, met_when: x >= 50%}')
    result = xhht.evaluate(profile, {"x": fact})
    for lang, value in (("vi", f"nhãn x: {vi}"), ("en", f"label x: {en}")):
        shown = result.explain(lang).text().splitlines()
        assert [line.strip() for line in shown if line.strip().startswith("- ")] == [f"- {value}"]
        assert not [line for line in shown if "x.held" in line or "x.others" in line]


def test_a_sentence_tells_verdict_level_points_and_what_stands_in_the_way() -> None:
    result = xhht.evaluate(PROFILE, {"total": 30, "part": 3}, as_of=date(2024, 12, 31))
    assert result.explain("en", "sentence").text() == (
        "Sample: Does not meet the criteria — 0–2.5/10 points; unknown: Kind, Since; "
        "not fully met: 1.1; the lowest level 'Fair' requires: total points of at least 5 (now 0 "
        "to 2.5)."
    )
    assert result.explain(depth="sentence").text() == (
        "Mẫu thử: Chưa đạt tiêu chí — 0–2,5/10 điểm; chưa biết: Loại, Từ ngày; "
        "chưa đạt đủ: 1.1; mức thấp nhất 'Khá' yêu cầu tổng điểm đạt từ 5 điểm trở lên (hiện từ 0 "
        "đến 2,5)."
    )


def test_a_table_has_a_row_for_each_criterion_with_rule_facts_clause_and_line() -> None:
    facts = {**FACTS, "part": Evidence(value=700, source="số 5", verification="verified")}
    table = xhht.evaluate(PROFILE, facts, as_of=date(2024, 12, 31)).explain("en", "table")
    assert [row[0] for row in table.rows] == ["1 Results", "1.1 Rate", "1.2"]
    assert table.rows[1] == (
        "1.1 Rate",
        "met",
        "7.5/7.5",
        "Those: at least 50% of Total (now 700 of 1200 = about 58.33%)",
        "Those: 700 [verified, số 5]; Total: 1200",
        "khoản 2 Điều 5",
        f"sample.yaml, line {PROFILE.line('1.1')}",
    )
    assert all(len(row) == len(table.columns) for row in table.rows)


@pytest.mark.parametrize("depth", list(Depth))
def test_nothing_that_facts_or_profiles_say_becomes_markup(depth: str) -> None:
    hostile = YAML.replace("Total}", '"<script>alert(1)</script> | *x*"}').replace(
        "en: Results", 'en: "<b>Results</b>"'
    )
    loaded = xhht.loads_profile(hostile, "a.yaml")
    waiver = xhht.Waiver(reason="<img src=x onerror=y>", authority="[a](javascript:b)")
    result = xhht.evaluate(loaded, {"kind": waiver}, as_of=date(2024, 12, 31))
    explained = result.explain("en", depth)
    parser = _Tags()
    parser.feed(explained.html())
    assert parser.found <= {
        *("section", "p", "ul", "li", "strong", "table", "caption", "thead", "tbody"),
        *("tr", "th", "td"),
    }
    assert not parser.open
    markdown = explained.markdown()
    assert not re.search(r"(?<!\\)[<>\[\]]", markdown)
    if depth == "table":
        rows = [line for line in markdown.splitlines() if line.startswith("|")]
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {8}


class _Tags(HTMLParser):
    """Collects the elements, and those that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_an_unknown_depth_is_refused() -> None:
    with pytest.raises(ValueError, match="deep"):
        xhht.evaluate(PROFILE, {}, as_of=date(2024, 1, 1)).explain("en", "deep")


def test_the_full_depth_also_shows_how_the_file_writes_it() -> None:
    lines = xhht.evaluate(PROFILE, FACTS, as_of=date(2024, 12, 31)).explain("en", "full").text()
    assert "        In the file: met_when: share(part, total) >= 50%" in lines.splitlines()
    assert "    In the file: when: points >= 8" in lines.splitlines()
    assert "        - Total (total) = 1200" in lines.splitlines()
