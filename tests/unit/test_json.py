from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from xhht._json import DuplicateKeys, canonical_json, read_json, sha256_of
from xhht.errors import NumberFormatError, TableError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (-12, "-12"),
        (10**20, "100000000000000000000"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(1, 10**9), "0.000000001"),
        ('Tốt\n"\\\x00\x7f', '"Tốt\\n\\"\\\\\\u0000\x7f"'),
        ([], "[]"),
        ({}, "{}"),
        ({"b": [1, "x"], "a": {"d": None, "c": False}}, '{"a":{"c":false,"d":null},"b":[1,"x"]}'),
    ],
)
def test_a_value_has_one_writing(value: object, text: str) -> None:
    assert canonical_json(value).decode() == text


def test_what_was_read_is_written_as_it_was() -> None:
    text = '{"a":0.1,"b":12345678901234567890.123456789,"c":[true,null,"Đạ M\'ri"]}'
    value = read_json(text.encode())
    numbers = {k: Fraction(v) if isinstance(v, Decimal) else v for k, v in value.items()}
    assert canonical_json(numbers).decode() == text


def test_what_has_no_writing_is_refused() -> None:
    with pytest.raises(NumberFormatError):
        canonical_json(Fraction(1, 3))
    with pytest.raises(UnicodeEncodeError):
        canonical_json("\ud800")
    with pytest.raises(TypeError):
        canonical_json(0.5)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(TableError):
        read_json(data)


def test_a_repeated_key_marks_what_holds_it() -> None:
    value = read_json(b'{"a": {"b": 1, "b": 2}, "c": {}}')
    assert isinstance(value, DuplicateKeys)
    assert not isinstance(value["c"], DuplicateKeys)


def test_the_hash_is_of_the_canonical_text() -> None:
    assert sha256_of({"b": 1, "a": Fraction(1, 2)}) == sha256_of({"a": Fraction(1, 2), "b": 1})
    empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert sha256_of({}) == empty
    assert json.loads(canonical_json({})) == {}
