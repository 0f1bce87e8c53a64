"""Lossless reading of JSON, and canonical JSON.

Numbers are read exactly, never as floats. The canonical form is unique for each value, so that
equal values have equal bytes and one hash.
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from xhht.errors import NumberFormatError, TableError
from xhht.numbers import decimal_places, decimal_text
from xhht.text import Text

_BEYOND_BOUNDS = Decimal("1e999")


class DuplicateKeys(dict[str, Any]):
    """An object with a duplicate key in it or in a nested object; its values are ambiguous."""


def is_json(head: bytes) -> bool:
    """Return whether a file that begins with `head` holds a JSON object or list.

    >>> is_json(b' [{"id": "A"}]'), is_json(b"id,members")
    (True, False)
    """
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def read_json(data: bytes) -> Any:
    """Return the value of JSON in UTF-8, decimals as `Decimal`; raises TableError if invalid.

    An object with a duplicate key is a `DuplicateKeys`.

    >>> read_json(b'{"share": 0.10}')
    {'share': Decimal('0.10')}
    """
    return _value(data, "utf-8-sig")


def read_json_lines(data: bytes) -> list[Any] | None:
    """Return the objects of JSON Lines, or None if the first line is no complete object.

    Raises:
        TableError: a line that is not one value; its line is named.

    >>> read_json_lines(b'{"id": "A"}\\n{"id": "B"}\\n')
    [{'id': 'A'}, {'id': 'B'}]
    """
    lines = [
        line
        for line in enumerate(data.removeprefix(codecs.BOM_UTF8).splitlines(), 1)
        if line[1].strip()
    ]
    if len(lines) < 2:
        return None
    try:
        first = read_json(lines[0][1])
    except TableError:
        return None
    if not isinstance(first, dict):
        return None
    return [first, *(_value(line, "utf-8", number - 1) for number, line in lines[1:])]


def _value(data: bytes, encoding: str, lines_above: int = 0) -> Any:
    """Return the value of JSON; raises TableError with its line, below those of the file above."""
    try:
        return json.loads(
            data.decode(encoding),
            parse_float=_decimal,
            parse_int=_integer,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        raise TableError(_NOT_UTF8) from None
    except json.JSONDecodeError as error:
        location = {"line": lines_above + error.lineno, "column": error.colno}
        raise TableError(_NOT_JSON.format(**location)) from None
    except RecursionError:
        raise TableError(_TOO_DEEP) from None


def _integer(text: str) -> int | Decimal:
    # More than 40 digits exceed the bounds of any input; a Decimal is rejected at no cost.
    return int(text) if len(text) <= 40 else Decimal(text)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return _BEYOND_BOUNDS


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    has_duplicates = len(content) < len(pairs) or any(
        isinstance(v, DuplicateKeys) for _, v in pairs
    )
    return DuplicateKeys(content) if has_duplicates else content


def canonical_json(value: object) -> bytes:
    """Return the canonical JSON of `value`: UTF-8, sorted keys, no spaces, plain decimals.

    Args:
        value: None, bool, int, Fraction, str, a list or tuple, or a mapping with keys of text.

    Raises:
        NumberFormatError: a fraction without an exact decimal form.
        UnicodeEncodeError: text with an unpaired surrogate.

    >>> canonical_json({"b": Fraction(5, 2), "a": ["Tốt", None, 10]}).decode()
    '{"a":["Tốt",null,10],"b":2.5}'
    """
    return _canonical_text(value).encode()


def sha256_of(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, in hexadecimal."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _canonical_text(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, Fraction)):
        return _number(Fraction(value))
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(_canonical_text, value))}]"
    if isinstance(value, Mapping):
        members = (f"{_canonical_text(key)}:{_canonical_text(value[key])}" for key in sorted(value))
        return f"{{{','.join(members)}}}"
    raise TypeError(f"no JSON for {type(value).__name__}")


def _number(number: Fraction) -> str:
    if decimal_places(number) is None:
        raise NumberFormatError(_NO_DECIMAL)
    return decimal_text(number)


_NOT_UTF8 = Text(
    vi="Tệp JSON không phải UTF-8; vui lòng lưu lại với mã UTF-8.",
    en="The JSON file is not UTF-8; save it as UTF-8.",
)
_NOT_JSON = Text(
    vi="JSON không hợp lệ ở dòng {line}, cột {column}; vui lòng sửa rồi chạy lại.",
    en="Invalid JSON at line {line}, column {column}; fix it and run again.",
)
_TOO_DEEP = Text(
    vi="JSON lồng nhau quá sâu; mỗi đối tượng chỉ là một object với các giá trị đơn.",
    en="The JSON is nested too deeply; a subject is one object with plain values.",
)
_NO_DECIMAL = Text(
    vi="Phân số này không viết được chính xác dưới dạng số thập phân.",
    en="This fraction has no exact decimal form.",
)
