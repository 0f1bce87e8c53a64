from __future__ import annotations

from xhht import Title
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.rollup import AreaRollup, Counts, Rollup, Tally, explain_area, rollup

TITLE = Title.LEARNING_HOUSEHOLD
TREE = AreaTree(
    [
        Area(code="P", name="Tỉnh <Mẫu>", level=AreaLevel.PROVINCE),
        *(
            Area(code=code, name=f"Xã {code}", level=AreaLevel.COMMUNE, parent="P")
            for code in ("1", "2", "3")
        ),
    ]
)
REPORTS = {
    ("1", TITLE): Tally.of(Counts(total=100, recognised=80, undetermined=0)),
    ("2", TITLE): Tally.of(Counts(total=300, recognised=100, undetermined=30)),
}


def rolled(by: AreaLevel) -> Rollup:
    return rollup(REPORTS, TREE, by=by)


def province() -> AreaRollup:
    return rolled(AreaLevel.PROVINCE).rows[0]


def test_an_area_tells_what_its_rate_is_made_of() -> None:
    explained = province().explain(lang="en")
    assert explained.heading == "Tỉnh <Mẫu>, Learning household: 45.00–52.50%"
    assert explained.details == (
        "Numerator: 180 recognised for certain",
        "Denominator: total 400",
        "Undetermined: 30; the rate may therefore be a range",
        "Coverage: 2 of 3 smallest areas have reported",
        "One more recognised: 45.00% becomes 45.25%",
    )
    assert explained.rows == ()


def test_who_pulls_down_most_stands_first() -> None:
    explained = explain_area(province(), rolled(AreaLevel.COMMUNE).rows, lang="vi")
    assert [(row[0], row[-1]) for row in explained.rows] == [
        ("Xã 2", "−35,00%"),
        ("Xã 3", "+0,00%"),
        ("Xã 1", "+11,67%"),
    ]
    assert "&lt;Mẫu&gt;" in explained.html()


def test_an_area_without_reports_has_no_rate() -> None:
    empty = next(row for row in rolled(AreaLevel.COMMUNE).rows if row.area.code == "3")
    assert empty.explain(lang="en").details == (
        "Numerator: – recognised for certain",
        "Denominator: total –",
        "Coverage: 0 of 1 smallest areas have reported",
    )
