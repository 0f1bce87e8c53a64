"""What notebooks show of profiles, results and roll-ups: escaped, without scripts, in words."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from xhht import Profile, Provenance, bundled_profiles, evaluate, load_profile
from xhht.criteria.files import profile_files
from xhht.criteria.profile import profile_html
from xhht.domain import Area, AreaLevel, AreaTree, Title
from xhht.evaluation.display import evaluation_html
from xhht.render import Column, DisplayTable
from xhht.rollup import Counts, Tally, rollup
from xhht.rollup.display import rollup_html
from xhht.text import Text

EXAMPLES = Path(__file__).parents[2] / "examples"
PROFILES = [*bundled_profiles(), *map(load_profile, profile_files([EXAMPLES]))]
UNIT = bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")


class Shown(HTMLParser):
    """The elements and the cells of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open.append(tag)
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data


def test_texts_are_escaped_and_long_tables_are_cut() -> None:
    columns = [Column(Text(vi="<b>", en="<b>")), Column(Text(vi="n", en="n"), numeric=True)]
    rows = [("<script>alert(1)</script> \"'&", str(n)) for n in range(300)]
    shown = Shown(DisplayTable(columns, rows).html(caption="</caption><img src=x>", notes=["<i>"]))
    assert not {"script", "img", "b", "i"} & shown.tags
    assert shown.open == []
    assert "200/300 …" in shown.texts
    assert "199" in shown.texts
    assert "200" not in shown.texts


def test_a_profile_shows_its_criteria_levels_and_basis() -> None:
    shown = Shown(UNIT._repr_html_())
    assert not {"script", "style"} & shown.tags
    assert "Điểm tối đa" in shown.texts
    assert any("22/2020/TT-BGDĐT" in text for text in shown.texts)
    english = Shown(profile_html(UNIT, "en")).texts
    assert "In force from: 2020-09-21" in english
    assert len([text for text in english if text.startswith("1.")]) > 1


def test_a_result_shows_verdict_statuses_and_what_is_missing() -> None:
    result = evaluate(UNIT, {"has_learning_policy": True}, as_of=date(2024, 12, 31))
    shown = Shown(result._repr_html_())
    assert any("Chưa xác định được" in text for text in shown.texts)
    assert any(text.startswith("Chưa biết: ") for text in shown.texts)
    english = Shown(evaluation_html(result, "en")).texts
    assert any("Undetermined (10–100/100)" in text for text in english)
    assert {"met", "unknown"} <= set(english)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
def test_every_profile_and_its_emptiest_result_show(profile: Profile) -> None:
    assert profile.reference in profile._repr_html_()
    result = evaluate(profile, {}, as_of=date(2024, 12, 31))
    shown = Shown(result._repr_html_()).texts
    (missing,) = [text for text in shown if text.startswith("Chưa biết: ")]
    # The two counts behind a share of members are one input to whoever is asked.
    inputs = profile.document.inputs.values()
    assert missing == "Chưa biết: " + "; ".join(entry.label.vi for entry in inputs)
    if profile.provenance is Provenance.ILLUSTRATIVE:
        assert any("không có giá trị pháp lý" in text for text in shown)


def test_a_rollup_shows_ranges_coverage_and_what_was_not_reported() -> None:
    tree = AreaTree(
        [
            Area(code="01", name="Tỉnh <script>", level=AreaLevel.PROVINCE),
            Area(code="a", name="Xã", level=AreaLevel.COMMUNE, parent="01"),
            Area(code="b", name="Xã", level=AreaLevel.COMMUNE, parent="01"),
        ]
    )
    counts = Counts(total=4000, recognised=1000, undetermined=500)
    reports = {("a", Title.LEARNING_CLAN): Tally.of(counts)}
    result = rollup(reports, tree, by=AreaLevel.PROVINCE)
    shown = Shown(result._repr_html_())
    assert "script" not in shown.tags
    assert {"4.000", "25,00–37,50%", "1/2", "–"} <= set(shown.texts)
    assert {"4,000", "25.00–37.50%"} <= set(
        Shown(rollup_html(result.by, result.rows, lang="en")).texts
    )
