"""Values that change by date: how a file writes them, what is wrong with one, and overlays."""

from __future__ import annotations

from pathlib import Path

import pytest

from xhht import Profile, dump_profile, loads_profile
from xhht.criteria.loading import check_profile

PROFILE = """\
format: 1
id: test.unit
version: 1.0.0
status: draft
title: learning_unit
name: {vi: Đơn vị học tập, en: Learning unit}
provenance: illustrative
inputs:
  plan: {type: bool, label: {vi: Có kế hoạch, en: Has a plan}}
  members: {type: count, min: 1, label: {vi: Số thành viên, en: Members}}
  learners: {type: count, at_most: members, label: {vi: Số người học, en: Learners}}
  since: {type: date, label: {vi: Ngày, en: Day}}
values:
  quota:
    label: {vi: Tỉ lệ cần đạt, en: Share to reach}
    note: {vi: Theo hai văn bản, en: By two documents}
    dated:
      - {value: 70%}
      - {from: 2025-01-01, value: 80%, provenance: partial, source: "https://example.org/a"}
  mark: {label: {vi: Điểm đạt, en: Pass mark}, dated: [{from: 2024-01-01, value: 15}]}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: plan}
      - {id: "1.2", points: 10, met_when: "share(learners, members) >= quota"}
      - {id: "1.3", points: 10, met_when: 'since >= "2020-01-01"'}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= mark}
"""


def changed(*changes: tuple[str, str]) -> str:
    text = PROFILE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def places(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    return [(f.code, f.pointer) for f in check_profile(changed(*changes).encode(), "x.yaml")]


def codes(*changes: tuple[str, str]) -> list[str]:
    return [code for code, _ in places(*changes)]


def test_the_profile_itself_has_no_fault_and_needs_a_day() -> None:
    assert codes() == []
    assert loads_profile(PROFILE).plan.uses_as_of


def test_a_value_that_never_changes_needs_no_day() -> None:
    text = changed(("[{from: 2024-01-01, value: 15}]", "[{value: 15}]"), (">= quota", ">= 70%"))
    assert not loads_profile(text).plan.uses_as_of


def test_it_is_written_back_to_the_same_hash() -> None:
    profile = loads_profile(PROFILE)
    again = loads_profile(dump_profile(profile))
    assert again.hash == profile.hash
    assert again.document.values == profile.document.values
    assert "from: 2025-01-01" in dump_profile(profile)
    assert profile.marks["/values/quota/dated/1/from"].line == 19


@pytest.mark.parametrize("writing", ["70%", '"70%"', "unknown", '"unknown"'])
def test_quotes_make_no_difference(writing: str) -> None:
    assert codes(("{value: 70%}", f"{{value: {writing}}}")) == []


LEAVES = "/criteria/0/indicators"
VALUE = "dated: [{from: 2024-01-01, value: 15}]"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (VALUE, "dated: []", [("XH121", "/values/mark/dated")]),
        (VALUE, "note: {vi: a, en: b}", [("XH110", "/values/mark")]),
        (VALUE, "dated: [{from: 2024-01-01}]", [("XH110", "/values/mark/dated/0")]),
        (VALUE, "dated: [{value: 1}, {value: 2}]", [("XH110", "/values/mark/dated/1")]),
        (
            VALUE,
            "dated: [{value: 15, until: 2024-01-01}]",
            [("XH109", "/values/mark/dated/0/until")],
        ),
        (VALUE, "dated: [{from: 1/1/2024, value: 15}]", [("XH116", "/values/mark/dated/0/from")]),
        (VALUE, "dated: [{value: 1e2}]", [("XH244", "/values/mark/dated/0/value")]),
        (VALUE, "dated: [{value: 2024-02-30}]", [("XH244", "/values/mark/dated/0/value")]),
        (VALUE, f"dated: [{{value: {'9' * 13}}}]", [("XH302", "/values/mark/dated/0/value")]),
        (VALUE, f"dated: [{{value: {'9' * 5000}}}]", [("XH302", "/values/mark/dated/0/value")]),
        ("  mark:", "  Mark:", [("XH115", "/values/Mark"), ("XH202", "/levels/0/when")]),
        (">= mark", ">= marks", [("XH202", "/levels/0/when")]),
        ("met_when: plan", "met_when: plan or quota", [("XH204", f"{LEAVES}/0/met_when")]),
        ("points >= mark", "points >= quota", [("XH204", "/levels/0/when")]),
        ('since >= "2020-01-01"', "since >= mark", [("XH204", f"{LEAVES}/2/met_when")]),
    ],
)
def test_each_fault_stands_at_its_place(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert [place for place in places((old, new)) if place[0] != "XH243"] == expected


def test_an_empty_list_of_values_is_a_fault() -> None:
    start, end = PROFILE.index("values:\n"), PROFILE.index("criteria:\n")
    bare = PROFILE[:start] + "values: {}\n" + PROFILE[end:]
    bare = bare.replace(">= quota", ">= 70%").replace(">= mark", ">= 15")
    assert [f.code for f in check_profile(bare.encode(), "x.yaml")] == ["XH121"]


def test_a_misspelt_value_is_told_the_likely_one() -> None:
    (diagnostic,) = check_profile(changed((">= quota", ">= qouta")).encode(), "x.yaml")[-1:]
    assert diagnostic.hint is not None
    assert "'quota'" in diagnostic.hint.en


def test_a_word_of_the_language_names_no_value() -> None:
    assert ("XH221", "/values/points") in places(("  mark:", "  points:"), (">= mark", ">= 15"))


@pytest.mark.parametrize(
    "fault",
    [
        ("{value: 70%}", "{value: 70 percent}"),
        ("{value: 70%}", "{value: 70}"),
        ("from: 2025-01-01", "from: 2025-13-01"),
        ("- {value: 70%}", "- {from: 2025-01-01, value: 70%}"),
    ],
)
def test_a_value_with_a_fault_hides_only_what_hangs_on_it(fault: tuple[str, str]) -> None:
    (own,) = codes(fault)
    beside = codes(fault, ("points >= mark", "points >= mark and points >= 40"))
    assert own.startswith(("XH1", "XH2"))
    assert sorted(beside) == sorted([own, "XH401"])


def test_what_cannot_be_read_hides_whether_a_value_is_used() -> None:
    assert codes(("  mark: {label", "  mark: {lable")) == ["XH110", "XH109"]
    unread = codes(("values:\n", "valuse:\n"))
    assert unread == ["XH109"]


@pytest.mark.parametrize(
    "condition",
    [
        "learners >= quota * members",
        "max(3, learners) >= mark - 1",
        "share(learners, members + mark) >= 50%",
        "learners >= (mark if plan else 3)",
        "min(mark, learners) >= 5 and mark != members",
        "quota <= share(learners, members) <= 100%",
    ],
)
def test_it_may_stand_wherever_a_number_may(condition: str) -> None:
    assert codes(('"share(learners, members) >= quota"', f'"{condition}"'))[1:] == []


@pytest.mark.parametrize("condition", ["learners >= mark + 1", "share(learners, mark) >= 50%"])
def test_what_is_unknown_on_every_day_is_compared_and_not_calculated_with(condition: str) -> None:
    hidden = ("{from: 2024-01-01, value: 15}", "{value: unknown}")
    assert codes(hidden) == []
    listed = codes(hidden, ("share(learners, members) >= quota", condition))
    assert listed == ["XH243", "XH216"]


@pytest.mark.parametrize(
    ("count", "is_fine"),
    [
        ("learners - rest", True),
        ("learners - half", False),
        ("learners - mark", False),
        ("learners * 0.5", False),
        ("2 * learners", True),
    ],
)
def test_an_item_is_counted_in_whole_numbers_that_are_known_on_every_day(
    count: str, is_fine: bool
) -> None:
    listed = codes(
        ("values:\n", f"values:\n{own('rest', '2')}{own('half', '0.5')}"),
        ("met_when: plan", f"per_item: {{count: {count}, each: 1}}"),
    )
    assert ("XH230" in listed) is not is_fine


def own(name: str, value: str) -> str:
    return f"  {name}: {{label: {{vi: A, en: A}}, dated: [{{value: {value}}}]}}\n"


def test_points_may_be_in_proportion_to_a_value() -> None:
    def with_share(name: str) -> list[str]:
        scoring = f"proportional: {{share: {name}, rounding: {{step: 1, mode: down}}}}"
        return codes(('met_when: "share(learners, members) >= quota"', scoring))

    assert "XH229" not in with_share("quota")
    assert "XH229" in with_share("mark")


OVERLAY = """\
format: 1
id: test.city
version: 1.0.0
status: draft
extends: test.unit@1.0.0
area: "01"
provenance: illustrative
legal_basis: {document: 1/KH-UBND}
overrides:
"""


def overlay(tmp_path: Path, *overrides: tuple[str, str]) -> Profile:
    base = tmp_path / "base.yaml"
    base.write_text(PROFILE, encoding="utf-8")
    why = "    reason: {vi: a, en: b}\n    legal_basis: {document: 1/KH-UBND}\n"
    entries = (f"  - at: {at}\n    value: {value}\n{why}" for at, value in overrides)
    return loads_profile(OVERLAY + "".join(entries), "city.yaml", bases=[base])


def test_an_overlay_overrides_a_value_or_a_part_of_it(tmp_path: Path) -> None:
    dated = "[{value: 60%}, {from: 2026-01-01, value: 65%}]"
    profile = overlay(
        tmp_path,
        ("values/quota/dated", dated),
        ("values/mark/label/en", "Mark"),
        ("values/mark/dated", "[{value: 5}]"),
    )
    values = profile.document.values or {}
    assert [entry.value for entry in values["quota"].dated] == ["60%", "65%"]
    assert values["mark"].label.en == "Mark"
    assert profile.marks["/values/quota/dated/1/from"].file == "city.yaml"
    again = loads_profile(dump_profile(profile))
    assert again.hash == profile.hash


def test_an_overlay_adds_a_value_and_takes_one_away(tmp_path: Path) -> None:
    profile = overlay(
        tmp_path,
        ("values/least", "{label: {vi: A, en: A}, dated: [{value: 5}]}"),
        ("values/mark", "null"),
        ("levels/good/when", "points >= least"),
    )
    assert {*(profile.document.values or {})} == {"quota", "least"}
