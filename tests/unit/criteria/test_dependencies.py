"""Which profile rests on which, and the circles that must not be."""

from __future__ import annotations

import pytest

from xhht import Profile, ProfileError, loads_profile
from xhht.criteria.dependencies import cycle_diagnostics, dependencies_of, evaluation_order
from xhht.criteria.loading import check_profile


def text(title: str, *members: str, name: str = "", **keys: str) -> str:
    own = "".join(f"{key}: {value}\n" for key, value in keys.items())
    inputs = "".join(
        f"  part{at}: {{type: share, label: {{vi: A, en: A}}, members: {{{entry}, take: share}}}}\n"
        for at, entry in enumerate(members)
    )
    rule = " and ".join(["plan", *(f"part{at} >= 50%" for at in range(len(members)))])
    return (
        f"format: 1\nid: test.{name or title}\nversion: 1.0.0\nstatus: draft\n"
        f"title: learning_{title}\nname: {{vi: Mẫu, en: Sample}}\nprovenance: illustrative\n{own}"
        f"inputs:\n  plan: {{type: bool, label: {{vi: B, en: B}}}}\n{inputs}"
        f'criteria:\n  - {{id: "1", indicators: [{{id: "1.1", points: 10, met_when: {rule}}}]}}\n'
        "levels:\n  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 10}\n"
    )


def of(title: str) -> str:
    return f"title: learning_{title}"


def profile(title: str, *members: str, name: str = "", **keys: str) -> Profile:
    file = f"{name or title}.yaml"
    return loads_profile(text(title, *members, name=name, **keys), file)


def test_each_profile_follows_those_it_rests_on() -> None:
    household, citizen = profile("household", of("citizen")), profile("citizen")
    unit = profile("unit", of("citizen"))
    below = dependencies_of([unit, household, citizen])
    assert below[household] == {"part0": (citizen,)}
    assert cycle_diagnostics([unit, household, citizen]) == ()
    assert evaluation_order([unit, household, citizen]) == (citizen, household, unit)


def test_a_circle_is_printed_and_stands_at_an_input_on_it() -> None:
    clan, household = profile("clan", of("unit"), of("household")), profile("household", of("clan"))
    (diagnostic,) = cycle_diagnostics([household, clan, profile("citizen"), profile("unit")])
    assert (diagnostic.code, diagnostic.severity.value) == ("XH239", "error")
    assert (diagnostic.file, diagnostic.pointer) == ("clan.yaml", "/inputs/part1/members")
    assert (diagnostic.mark.line, diagnostic.mark.column) == (11, 56)
    names = "test.clan@1.0.0 → test.household@1.0.0 → test.clan@1.0.0"
    assert names in diagnostic.text.vi
    assert names in diagnostic.text.en


def test_a_long_circle_is_printed_whole() -> None:
    names = [f"{letter * 30}" for letter in "abcd"]
    titles = ["citizen", "household", "clan", "unit"]
    circle = [profile(title, of(titles[at - 1]), name=names[at]) for at, title in enumerate(titles)]
    (diagnostic,) = cycle_diagnostics(circle)
    assert all(f"test.{name}@1.0.0" in diagnostic.text.vi for name in names)


def test_every_circle_is_found() -> None:
    circle = [
        profile("household", of("clan"), of("unit")),
        profile("clan", of("household")),
        profile("unit", of("household")),
    ]
    diagnostics = cycle_diagnostics(circle)
    assert len(diagnostics) == 2
    assert {"test.clan", "test.unit"} <= {
        name.partition("@")[0] for diagnostic in diagnostics for name in diagnostic.text.en.split()
    }


def test_kinds_of_subjects_and_periods_tell_profiles_apart() -> None:
    village = profile("community", of("household"), name="village", applies_to="{level: [village]}")
    limited = "title: learning_community, applies_to: {level: [village]}"
    commune = profile("community", limited, name="commune", applies_to="{level: [commune]}")
    assert cycle_diagnostics([village, commune, profile("household")]) == ()
    assert dependencies_of([village, commune])[commune] == {"part0": (village,)}
    past = profile("clan", of("household"), effective_to="2021-01-01")
    later = profile("household", of("clan"), effective_from="2021-01-01")
    assert cycle_diagnostics([past, later]) == ()
    sooner = profile("household", of("clan"), effective_from="2020-12-31")
    assert len(cycle_diagnostics([past, sooner])) == 1


def test_a_profile_that_rests_on_itself_does_not_load() -> None:
    with pytest.raises(ProfileError) as caught:
        profile("clan", of("citizen"), of("clan"))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.pointer) == ("XH239", "/inputs/part1/members")
    assert "test.clan@1.0.0 → test.clan@1.0.0" in diagnostic.text.vi


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("plan and", "plann and", ["XH202", "XH233", "XH239"]),
        ("title: learning_clan\nname", "title: learning_klan\nname", ["XH120"]),
        ("id: test.clan", "id: [x]", ["XH111"]),
        ("take: share", "take: all of them", ["XH120"]),
    ],
)
def test_other_faults_hide_it_only_where_it_hangs_on_them(
    old: str, new: str, expected: list[str]
) -> None:
    data = text("clan", of("clan")).replace(old, new)
    codes = sorted(diagnostic.code for diagnostic in check_profile(data.encode(), "x.yaml"))
    assert [code for code in codes if code != "XH233"] == [c for c in expected if c != "XH233"]
