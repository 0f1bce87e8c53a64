from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xhht
from inline_profiles import profile_of
from xhht import Between, Evidence, FactsError, OneOf, Waiver
from xhht.evaluation import fact_io as textual
from xhht.evaluation import facts as facts_module
from xhht.evaluation.fact_io import fact_from_json, fact_from_text
from xhht.numbers import Convention
from xhht.text import Lang, Text

INPUTS = {
    "flag": "type: bool",
    "total": "type: count, max: 50000000",
    "part": "type: count, max: 50000000, at_most: total",
    "rate": "type: decimal, places: 2",
    "share_of": "type: share, places: 3",
    "kind": "type: choice, choices: {nghe: {vi: Nghề, en: Trade}, b: {vi: B, en: B}}",
    "since": "type: date",
    "panel": "type: assessed, max: 10, step: 0.5",
}
PROFILE = profile_of(
    INPUTS,
    """
    - {id: "1.1", points: 1, met_when: flag or since >= '2020-01-01' or kind == 'b'}
    - {id: "1.2", points: 1, met_when: part >= 3 or rate >= 2 or share_of >= 50%}
    - {id: "1.3", points: 10, assessed: panel}
    """,
)
DECLARED = {declared.name: declared for declared in PROFILE.plan.inputs}


def fault(**facts: object) -> tuple[str, str | None]:
    with pytest.raises(FactsError) as error:
        xhht.evaluate(PROFILE, facts)
    return error.value.code, error.value.field


def read(**facts: object) -> tuple[int, int]:
    """Return the set that the one fact stands for, in steps."""
    [name] = facts
    result = xhht.evaluate(PROFILE, facts)
    at = list(DECLARED).index(name)
    return result.input_lows[at], result.input_highs[at]


@pytest.mark.parametrize(
    ("name", "value", "steps"),
    [
        ("flag", True, 1),
        ("total", 5, 5),
        ("total", 5.0, 5),
        ("total", Decimal("5.0"), 5),
        ("rate", 0.1, 10),
        ("rate", Fraction(1, 4), 25),
        ("share_of", 0.705, 705),
        ("since", "2024-02-29", date(2024, 2, 29).toordinal()),
        ("since", date(2024, 2, 29), date(2024, 2, 29).toordinal()),
        ("panel", 7.5, 15),
    ],
)
def test_plain_values_are_read_exactly(name: str, value: object, steps: int) -> None:
    assert read(**{name: value}) == (steps, steps)


@pytest.mark.parametrize("name", INPUTS)
def test_none_is_unknown(name: str) -> None:
    assert read(**{name: None}) == DECLARED[name].domain


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("flag", 1, "wrong_type"),
        ("flag", 0, "wrong_type"),
        ("flag", "true", "wrong_type"),
        ("flag", Between(0, 1), "wrong_type"),
        ("total", True, "wrong_type"),
        ("total", "5", "wrong_type"),
        ("total", [5], "wrong_type"),
        ("total", 5.5, "off_step"),
        ("total", -1, "out_of_bounds"),
        ("total", 50_000_001, "out_of_bounds"),
        pytest.param("total", 10**5000, "out_of_bounds", id="huge"),
        ("total", Decimal("1e999999999"), "out_of_bounds"),
        ("total", Decimal("1e-999999999"), "off_step"),
        pytest.param("total", Decimal("1." + "1" * 1_000_000), "off_step", id="long"),
        ("total", Decimal("NaN"), "not_a_number"),
        ("total", Decimal("sNaN"), "not_a_number"),
        ("total", float("nan"), "not_a_number"),
        ("total", float("inf"), "not_a_number"),
        ("total", Decimal("-Infinity"), "not_a_number"),
        ("total", Between(5, 3), "out_of_bounds"),
        ("total", Between(5, 50_000_001), "out_of_bounds"),
        ("total", OneOf({"b"}), "wrong_type"),
        pytest.param("total", Fraction(10**400, 3), "out_of_bounds", id="huge-fraction"),
        pytest.param("total", Between(0, 10**400), "out_of_bounds", id="up-to-huge"),
        pytest.param("rate", 10**400, "out_of_bounds", id="huge-decimal"),
        pytest.param("share_of", 10**400, "out_of_bounds", id="huge-share"),
        pytest.param("panel", 10**400, "out_of_bounds", id="huge-award"),
        pytest.param("panel", Evidence(value=-(10**400)), "out_of_bounds", id="huge-evidence"),
        ("rate", 0.001, "off_step"),
        ("share_of", 1.001, "out_of_bounds"),
        ("share_of", 70.5, "out_of_bounds"),
        ("kind", "B", "unknown_choice"),
        ("kind", 1, "wrong_type"),
        ("kind", OneOf(()), "wrong_type"),
        ("kind", OneOf({"b", "x"}), "unknown_choice"),
        ("since", "31/12/2024", "not_a_date"),
        ("since", "20241231", "not_a_date"),
        ("since", "2024-W01-1", "not_a_date"),
        ("since", "2023-02-29", "not_a_date"),
        ("since", datetime(2024, 1, 1), "wrong_type"),
        ("since", 20240101, "wrong_type"),
        ("since", date(1800, 1, 1), "out_of_bounds"),
        ("panel", 7.25, "off_step"),
        ("panel", 10.5, "out_of_bounds"),
        ("panel", True, "wrong_type"),
    ],
)
def test_what_is_not_a_value_is_refused(name: str, value: Any, code: str) -> None:
    assert fault(**{name: value}) == (code, name)


def test_a_part_above_its_whole_is_refused_also_when_known_in_part() -> None:
    assert fault(part=6, total=5) == ("at_most", "part")
    assert fault(part=Between(6, 9), total=Between(1, 5)) == ("at_most", "part")
    assert fault(part=6, total=5, flag=None) == ("at_most", "part")


def test_unknown_keys_are_named_with_the_likely_one() -> None:
    assert fault(totall=5) == ("unknown_key", "totall")
    for key in ("totall", "TOTAL", "Tótal"):
        with pytest.raises(FactsError, match="did you mean 'total'"):
            xhht.evaluate(PROFILE, {key: 5})


def test_unknown_keys_that_may_be_names_are_told_by_their_place() -> None:
    with pytest.raises(FactsError) as raised:
        xhht.evaluate(PROFILE, {"total": 5, "Nguyễn An": 1})
    assert raised.value.field is None
    assert "Nguyễn" not in str(raised.value) + raised.value.message("vi")
    assert "key number 2" in str(raised.value)


def test_text_in_nfd_and_with_stray_spaces_is_the_same_text() -> None:
    assert read(kind=" nghe\u200b") == (0, 1)
    assert fact_from_text(DECLARED["flag"], "kho\u0302ng") is False
    assert fact_from_text(DECLARED["flag"], " CO\u0301 ") is True


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("TRUE", True),
        ("1", True),
        ("có", True),
        ("false", False),
        ("0", False),
        ("Không", False),
        ("", None),
        (" \u00a0", None),
    ],
)
def test_truths_as_tables_write_them(text: str, value: object) -> None:
    assert fact_from_text(DECLARED["flag"], text) is value


@pytest.mark.parametrize(
    ("name", "text", "convention", "value"),
    [
        ("total", "12", "plain", 12),
        ("total", "1.234", "vi", 1234),
        ("rate", "0.10", "plain", Fraction(1, 10)),
        ("rate", "1.234,5", "vi", Fraction(12345, 10)),
        ("share_of", "70,5%", "plain", Fraction(705, 1000)),
        ("share_of", "0.705", "vi", Fraction(705, 1000)),
        ("since", "2024-12-31", "plain", date(2024, 12, 31)),
        ("since", "1/7/2025", "vi", date(2025, 7, 1)),
        ("since", "1/7/2025 8:30", "plain", date(2025, 7, 1)),
        ("since", "2025-07-01T00:00:00.864", "vi", date(2025, 7, 1)),
        ("flag", "X", "plain", True),
        ("flag", "✓", "plain", True),
        ("flag", "Không đạt", "plain", False),
        ("kind", "nghe", "plain", "nghe"),
        ("panel", "7.5", "plain", Fraction(15, 2)),
    ],
)
def test_cells_are_typed_by_the_input(name: str, text: str, convention: str, value: object) -> None:
    assert fact_from_text(DECLARED[name], text, Convention(convention)) == value


@pytest.mark.parametrize(
    ("name", "text", "convention", "code"),
    [
        ("flag", "maybe", "plain", "wrong_type"),
        ("flag", "2", "plain", "wrong_type"),
        ("total", "1.234,5", "plain", "wrong_type"),
        ("total", "1e3", "plain", "wrong_type"),
        ("rate", "70.5", "vi", "wrong_type"),
        ("share_of", "-0.1", "plain", "wrong_type"),
        ("share_of", "abc%", "plain", "wrong_type"),
        ("since", "31/6/2025", "plain", "not_a_date"),
        ("since", "30/2/2025", "vi", "not_a_date"),
        ("since", "20241231", "plain", "not_a_date"),
    ],
)
def test_cells_that_are_no_value_are_refused(
    name: str, text: str, convention: str, code: str
) -> None:
    with pytest.raises(FactsError) as error:
        fact_from_text(DECLARED[name], text, Convention(convention))
    assert (error.value.code, error.value.field) == (code, name)


# Personal data

_SECRETS = st.text(
    st.characters(categories=["Lu"], include_characters="ĂÂĐÊÔƠƯ"), min_size=8, max_size=20
)
_NUMBERS = st.integers(10**8, 10**12)
_VALUES = (
    _SECRETS
    | _NUMBERS
    | st.lists(_SECRETS, min_size=1, max_size=1)
    | st.dates(date(1500, 1, 1), date(1850, 1, 1))
)


def _texts_of(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return [str(value)]


def _assert_silent(shown: str, *hidden: object) -> None:
    for value in hidden:
        for text in _texts_of(value):
            assert text not in shown


@given(name=st.sampled_from(sorted(INPUTS)), value=_VALUES, source=_SECRETS)
def test_no_value_or_source_is_in_an_error(name: str, value: object, source: str) -> None:
    evidence = Evidence(value=value, source=source, verified_by=source)
    for given_value in (value, evidence):
        try:
            result = xhht.evaluate(PROFILE, {name: given_value})
        except FactsError as error:
            shown = f"{error!r} {error} {error.message('vi')} {error.message('en')} {error.args}"
            _assert_silent(shown, value, source)
        else:
            _assert_silent(f"{result!r} {result.reader!r} {result.explain()!r}", value, source)


@given(name=st.sampled_from(sorted(INPUTS)), text=_SECRETS | _NUMBERS.map(str))
def test_no_cell_is_in_an_error(name: str, text: str) -> None:
    for convention in Convention:
        try:
            fact_from_text(DECLARED[name], text, convention)
        except FactsError as error:
            _assert_silent(f"{error!r} {error.message('vi')} {error.message('en')}", text)


@given(secret=_SECRETS, number=_NUMBERS)
def test_no_value_is_in_a_repr(secret: str, number: int) -> None:
    shown = [
        Evidence(value=number, source=secret, verified_by=secret),
        Waiver(reason=secret, authority=secret),
        Between(number, number),
        OneOf({secret}),
        xhht.evaluate(PROFILE, {"kind": OneOf({"nghe"}), "total": 1}).explain(),
    ]
    _assert_silent(" ".join(map(repr, shown)), secret, number, "nghe")


@given(value=st.dictionaries(_SECRETS, _SECRETS | _NUMBERS, min_size=1))
def test_malformed_evidence_is_not_repeated(value: dict[str, object]) -> None:
    with pytest.raises(FactsError) as error:
        fact_from_json("total", value)
    assert error.value.code == "bad_evidence"
    _assert_silent(f"{error.value!r} {error.value.message('vi')}", *value, *value.values())


# Messages


def _messages() -> list[Text]:
    return [
        value
        for module in (facts_module, textual)
        for name, value in sorted(vars(module).items())
        if isinstance(value, Text)
    ]


@pytest.mark.parametrize("text", _messages(), ids=lambda text: text.en[:40])
def test_messages_exist_in_both_languages_with_the_same_fields(text: Text) -> None:
    fields = [{part.partition("}")[0] for part in text.get(lang).split("{")[1:]} for lang in Lang]
    assert fields[0] == fields[1]
    assert text.vi != text.en
    assert not text.vi.isascii()


def test_an_error_survives_pickling() -> None:
    import pickle

    with pytest.raises(FactsError) as error:
        xhht.evaluate(PROFILE, {"total": -1})
    again = pickle.loads(pickle.dumps(error.value))
    assert (again.code, again.field, again.text) == (
        "out_of_bounds",
        "total",
        error.value.text,
    )


def test_scalars_of_numpy_and_pandas_are_taken_where_they_are_exact() -> None:
    np = pytest.importorskip("numpy")
    pd = pytest.importorskip("pandas")
    inputs = {
        "n": "type: count",
        "b": "type: bool",
        "d": "type: date",
        "x": "type: decimal, places: 1, max: 10",
    }
    profile = profile_of(inputs, '- {id: "1.1", points: 10, met_when: b and n >= 3 and x > 1}')

    def sets(facts: dict[str, object]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        result = xhht.evaluate(profile, facts)
        return result.input_lows, result.input_highs

    day = date(2024, 5, 1)
    assert sets(
        {"n": np.int64(4), "b": np.bool_(True), "d": pd.Timestamp(day), "x": np.float64(1.5)}
    ) == sets({"n": 4, "b": True, "d": day, "x": 1.5})
    assert sets({"d": np.datetime64("2024-05-01")}) == sets({"d": day})
    assert sets({"n": pd.NA, "d": pd.NaT}) == sets({})
    row = pd.DataFrame({"n": [4], "b": [True]}).iloc[0].to_dict()
    assert sets(row) == sets({"n": 4, "b": True})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", "float('nan')"),
        ("n", "np.float64('nan')"),
        ("n", "np.float64(1.5)"),
        ("d", "pd.Timestamp('2024-05-01 07:00')"),
    ],
)
def test_scalars_that_are_not_exact_are_refused(name: str, value: str) -> None:
    np = pytest.importorskip("numpy")
    pd = pytest.importorskip("pandas")
    inputs = {"n": "type: count", "d": "type: date"}
    profile = profile_of(inputs, '- {id: "1.1", points: 10, met_when: n > 1}')
    with pytest.raises(FactsError):
        xhht.evaluate(profile, {name: eval(value, {"np": np, "pd": pd})})
