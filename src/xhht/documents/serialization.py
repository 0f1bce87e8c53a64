"""Result documents as JSON: canonical writing and strict reading.

A document is written as canonical JSON on one line. Another layout of the same JSON is also read,
and is then written in canonical form.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from attrs import evolve, fields

from xhht._json import DuplicateKeys, canonical_json, read_json, sha256_of
from xhht.criteria.document import Provenance
from xhht.dates import iso_day
from xhht.documents.document import (
    FORMAT,
    KIND,
    FactsJson,
    GapStated,
    ResultDocument,
    SubjectRef,
)
from xhht.domain.convert import from_dict, make_converter
from xhht.errors import DomainError, ProofError, TableError
from xhht.evaluation.facts import GapReason
from xhht.evaluation.state import CriterionResult, Status, Verdict
from xhht.numbers import exact
from xhht.text import Text

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = [
    "content_hash",
    "document_of_json",
    "dumps_result",
    "loads_result",
    "signed_bytes",
    "to_json",
]

_OMITTED = [
    attribute.name for attribute in fields(ResultDocument) if attribute.metadata.get("omitted")
]
_MAX_DEPTH = 5
_MAX_DIGITS = 60


def dumps_result(document: ResultDocument) -> str:
    """Return a document as canonical JSON on one line.

    >>> import xhht
    >>> from xhht.documents import loads_result, make_document
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> document = make_document(profile, {"has_learning_policy": True})
    >>> loads_result(dumps_result(document)) == document
    True
    """
    return canonical_json(to_json(document)).decode()


def loads_result(text: str | bytes) -> ResultDocument:
    """Return the document in JSON text.

    Raises:
        ProofError: it is not a result document, has a newer format, or is malformed.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        content = read_json(data)
    except TableError as error:
        raise ProofError(error.text, code="not_json") from None
    return document_of_json(content)


def document_of_json(content: object) -> ResultDocument:
    """Return the document of a parsed JSON value; see `loads_result`."""
    if not isinstance(content, Mapping) or content.get("kind") != KIND:
        raise ProofError(_NO_RESULT, code="not_a_result")
    if type(content.get("format")) is int and content["format"] > FORMAT:
        newer = _NEWER.format(found=content["format"], known=FORMAT)
        raise ProofError(newer, code="newer_format")
    if isinstance(content, DuplicateKeys):
        raise ProofError(_REPEATED, code="malformed")
    for name in _OMITTED:
        if name in content and content[name] is None:
            raise ProofError(_NULL.format(field=name), code="malformed")
    try:
        document = from_dict(ResultDocument, content, _converter())
        canonical_json(to_json(document))
    except DomainError as error:
        raise ProofError(_MALFORMED.format(errors=error.text), code="malformed") from None
    except UnicodeEncodeError:
        raise ProofError(_MALFORMED.format(errors=_SURROGATE), code="malformed") from None
    if document.format != FORMAT:
        raise ProofError(_MALFORMED.format(errors=_NO_FORMAT), code="malformed")
    return document


def to_json(document: ResultDocument) -> dict[str, Any]:
    """Return a document as plain data; numbers are int or Fraction."""
    plain: dict[str, Any] = _converter().unstructure(document)
    for name in _OMITTED:
        if plain[name] is None or plain[name] == []:
            del plain[name]
    return plain


def signed_bytes(document: ResultDocument) -> bytes:
    """Return the bytes that are signed: the document without its signature."""
    return canonical_json(to_json(evolve(document, signature=None)))


def content_hash(document: ResultDocument) -> str:
    """Return the SHA-256 of a document without its `hash` and signature."""
    content = to_json(evolve(document, signature=None))
    del content["hash"]
    return sha256_of(content)


@cache
def _converter() -> Converter:
    from cattrs.gen import make_dict_unstructure_fn, override

    converter = make_converter()
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(bool, _boolean)
    converter.register_structure_hook(int, _integer)
    converter.register_structure_hook(Fraction, _number)
    converter.register_structure_hook(date, _day)
    converter.register_structure_hook(SubjectRef, _subject)
    converter.register_structure_hook(FactsJson, _facts)
    for kind in (Provenance, Verdict, Status, GapReason):
        converter.register_structure_hook(kind, _member)
    converter.register_unstructure_hook(Fraction, lambda number: number)
    for omitting in (CriterionResult, GapStated):
        keys = [item.name for item in fields(omitting) if item.metadata.get("omitted")]
        options: dict[str, Any] = dict.fromkeys(keys, override(omit_if_default=True))
        unstructure = make_dict_unstructure_fn(omitting, converter, **options)
        converter.register_unstructure_hook(omitting, unstructure)
    return converter


def _text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise DomainError(_NOT_TEXT)
    return value


def _boolean(value: object, _: object) -> bool:
    if not isinstance(value, bool):
        raise DomainError(_NOT_BOOLEAN)
    return value


def _integer(value: object, _: object) -> int:
    if type(value) is not int:
        raise DomainError(_NOT_WHOLE)
    return value


def _number(value: object, _: object) -> Fraction:
    if type(value) is int:
        return Fraction(value)
    # In full, a number with a large exponent would exhaust memory.
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _MAX_DIGITS:
        return exact(value)
    raise DomainError(_NOT_NUMBER)


def _day(value: object, _: object) -> date:
    try:
        return iso_day(_text(value, str))
    except ValueError:
        raise DomainError(_NOT_DAY) from None


def _subject(value: object, _: object) -> SubjectRef:
    if value is None or isinstance(value, str) or type(value) is int:
        return value
    raise DomainError(_NOT_SUBJECT)


def _member(value: object, kind: type[StrEnum]) -> StrEnum:
    try:
        return kind(_text(value, str))
    except ValueError:
        raise DomainError(_NOT_ONE_OF.format(known=", ".join(kind))) from None


def _facts(value: object, _: object) -> FactsJson:
    if not isinstance(value, Mapping):
        raise DomainError(_NOT_OBJECT)
    return FactsJson({key: _plain_value(item, 1) for key, item in value.items()})


def _plain_value(value: object, depth: int) -> object:
    if depth > _MAX_DEPTH:
        raise DomainError(_TOO_DEEP)
    if isinstance(value, Mapping):
        return {key: _plain_value(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_value(item, depth + 1) for item in value]
    if value is None or isinstance(value, (str, bool)):
        return value
    number = _number(value, Fraction)
    return number.numerator if number.denominator == 1 else number


_NO_RESULT = Text(
    vi="Đây không phải văn bản kết quả (object JSON có kind là xhht.result); hãy tạo bằng xhht "
    "evaluate với --document.",
    en="Not a result document (a JSON object whose kind is xhht.result); create one with xhht "
    "evaluate --document.",
)
_NEWER = Text(
    vi="Văn bản kết quả theo định dạng {found}, mới hơn định dạng {known} mà bản xhht này đọc "
    "được; hãy nâng cấp xhht.",
    en="The result document has format {found}; this version of xhht reads formats up to "
    "{known}. Upgrade xhht.",
)
_MALFORMED = Text(
    vi="Văn bản kết quả không hợp lệ: đã bị sửa hoặc hỏng; hãy xin lại bản gốc. {errors}",
    en="Invalid result document: it was altered or is damaged; ask for the original. {errors}",
)
_REPEATED = Text(
    vi="Văn bản kết quả không hợp lệ: có khóa bị trùng; hãy giữ lại một.",
    en="Invalid result document: it contains a duplicate key; keep one.",
)
_NULL = Text(
    vi="Văn bản kết quả không hợp lệ: {field} là null; hãy bỏ khóa này khi không có giá trị.",
    en="Invalid result document: {field} is null; omit the key when there is no value.",
)
_SURROGATE = Text(
    vi="có ký tự mà UTF-8 không mã hóa được.",
    en="it contains a character that UTF-8 cannot encode.",
)
_NO_FORMAT = Text(vi="số định dạng không hợp lệ.", en="unknown format number.")
_NOT_TEXT = Text(vi="phải ở dạng văn bản.", en="must be text.")
_NOT_BOOLEAN = Text(vi="phải là true hoặc false.", en="must be true or false.")
_NOT_WHOLE = Text(vi="phải là số nguyên.", en="must be a whole number.")
_NOT_NUMBER = Text(vi="phải là số.", en="must be a number.")
_NOT_DAY = Text(vi="phải là ngày, ví dụ 2024-12-31.", en="must be a date such as 2024-12-31.")
_NOT_SUBJECT = Text(
    vi="phải là văn bản, số nguyên hoặc null.", en="must be text, a whole number or null."
)
_NOT_ONE_OF = Text(vi="phải là một trong: {known}.", en="must be one of: {known}.")
_NOT_OBJECT = Text(
    vi="phải là một object gồm tên đầu vào và giá trị.",
    en="must be an object with input names and values.",
)
_TOO_DEEP = Text(
    vi="có giá trị lồng nhau quá sâu.", en="contains values that are nested too deeply."
)
