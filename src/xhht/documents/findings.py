"""Findings of the verification of a result, with codes and messages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import Factory, frozen
from attrs import field as attrs_field

from xhht.issues import Issue, Severity
from xhht.text import Lang, Text

__all__ = ["FindingCode", "VerificationFinding", "finding"]


class FindingCode(StrEnum):
    """The code of a finding about a result document."""

    NOT_JSON = "not_json"
    NOT_A_RESULT = "not_a_result"
    NEWER_FORMAT = "newer_format"
    MALFORMED = "malformed"
    PROFILE_UNKNOWN = "profile_unknown"
    PROFILE_ALTERED = "profile_altered"
    FACTS_ALTERED = "facts_altered"
    FACTS_MISSING = "facts_missing"
    FACTS_NOT_FOUND = "facts_not_found"
    FACTS_UNFIT = "facts_unfit"
    AS_OF_MISSING = "as_of_missing"
    RESULT_ALTERED = "result_altered"
    DOCUMENT_ALTERED = "document_altered"
    SIGNATURE_MISSING = "signature_missing"
    SIGNATURE_INVALID = "signature_invalid"
    KEY_UNKNOWN = "key_unknown"
    SIGNATURE_UNCHECKED = "signature_unchecked"
    LIBRARY_DIFFERS = "library_differs"
    NOT_RERUN = "not_rerun"

    @property
    def is_fault(self) -> bool:
        """Whether it prevents verification; others only inform."""
        return self not in _INFORMING

    @property
    def severity(self) -> Severity:
        """The severity of the finding."""
        return Severity.ERROR if self.is_fault else Severity.NOTE


_HASH_DIGITS: Final = 64
_SHOWN_DIGITS: Final = 12

_INFORMING: Final = {
    FindingCode.SIGNATURE_UNCHECKED,
    FindingCode.LIBRARY_DIFFERS,
    FindingCode.NOT_RERUN,
}


@frozen(kw_only=True)
class VerificationFinding(Issue):
    """One finding about a result document; no message contains a fact.

    Attributes:
        code: the code of the finding.
        severity: error, or note if it only informs.
        field: the path in the document, such as `outcome.criteria[1.1].status`, or None.
        stated: the value in the document, as JSON, or None.
        computed: the recomputed value, as JSON, or None.
        text: the meaning and the remedy.
    """

    code: FindingCode
    severity: Severity = attrs_field(
        default=Factory(lambda self: self.code.severity, takes_self=True)
    )
    stated: str | None = None
    computed: str | None = None

    @property
    def is_fault(self) -> bool:
        """Whether it prevents verification of the document."""
        return self.severity is Severity.ERROR

    def to_dict(self, lang: Lang | str = Lang.VI) -> dict[str, object]:
        """Return the finding as plain data for JSON."""
        return {
            "code": self.code.value,
            "severity": "error" if self.is_fault else "information",
            "field": self.field,
            "stated": self.stated,
            "computed": self.computed,
            "message": self.text.get(lang),
        }


def finding(
    code: FindingCode,
    *,
    field: str | None = None,
    stated: str | None = None,
    computed: str | None = None,
    **values: object,
) -> VerificationFinding:
    """Return a finding with its message; `values` are additional placeholder values."""
    shown = _shown(stated, computed)
    text = _TEXTS[code].format(field=field, stated=shown[0], computed=shown[1], **values)
    return VerificationFinding(code=code, field=field, stated=stated, computed=computed, text=text)


def _shown(stated: str | None, computed: str | None) -> tuple[str | None, str | None]:
    """Return the displayed values: hashes are shortened unless their first digits are equal."""
    if stated is None or computed is None or not len(stated) == len(computed) == _HASH_DIGITS:
        return stated, computed
    short = stated[:_SHOWN_DIGITS], computed[:_SHOWN_DIGITS]
    return (stated, computed) if short[0] == short[1] else short


_TEXTS: Final[Mapping[FindingCode, Text]] = {
    FindingCode.PROFILE_UNKNOWN: Text(
        vi="Không có bộ tiêu chí {stated} để tính lại; hãy cung cấp tệp của nó bằng --profile.",
        en="Profile {stated} is not available, so the result cannot be recomputed; give its file "
        "with --profile.",
    ),
    FindingCode.PROFILE_ALTERED: Text(
        vi="Bộ tiêu chí {reference} đã thay đổi so với khi đánh giá: kết quả ghi mã băm "
        "{stated}, bộ tiêu chí hiện có là {computed}. Hãy lấy lại đúng tệp đã dùng.",
        en="Profile {reference} has changed since the evaluation: the result states hash "
        "{stated}, the available profile has {computed}. Get the original file.",
    ),
    FindingCode.FACTS_ALTERED: Text(
        vi="Dữ kiện đã bị sửa: kết quả ghi mã băm {stated}, dữ kiện hiện có là "
        "{computed}{inputs}. Hãy đối chiếu với hồ sơ gốc.",
        en="The facts were altered: the result states hash {stated}, the available facts have "
        "{computed}{inputs}. Compare them with the original records.",
    ),
    FindingCode.FACTS_MISSING: Text(
        vi="Thiếu dữ kiện để tính lại: văn bản chỉ lưu mã băm của dữ kiện. Hãy cung cấp tệp dữ "
        "kiện của đối tượng này bằng --facts.",
        en="No facts to recompute the result: the document contains only their hash. Give the "
        "file with the facts of this subject with --facts.",
    ),
    FindingCode.FACTS_NOT_FOUND: Text(
        vi="Tệp dữ kiện không có đối tượng nào mang mã của văn bản này; hãy kiểm tra cột id.",
        en="The facts file has no subject with the id of this document; check the column id.",
    ),
    FindingCode.FACTS_UNFIT: Text(
        vi="Dữ kiện không hợp lệ với bộ tiêu chí này: {problem}",
        en="The facts are not valid for this profile: {problem}",
    ),
    FindingCode.AS_OF_MISSING: Text(
        vi="Văn bản thiếu ngày đánh giá (as_of) mà bộ tiêu chí cần; không tính lại được. Hãy xin "
        "lại bản gốc.",
        en="The document has no evaluation date (as_of), which the profile requires; the result "
        "cannot be recomputed. Ask for the original.",
    ),
    FindingCode.RESULT_ALTERED: Text(
        vi="Kết quả đã bị sửa ở {field}: ghi {stated}, tính lại được {computed}. Hãy xin lại bản "
        "gốc.",
        en="The result was altered at {field}: stated {stated}, recomputed {computed}. Ask for "
        "the original.",
    ),
    FindingCode.DOCUMENT_ALTERED: Text(
        vi="Văn bản đã bị sửa: ghi mã băm {stated}, nội dung có mã băm {computed}. Nếu tính lại "
        "không thấy khác thì chỗ sửa là đối tượng, ngày, phiên bản thư viện hoặc chính mã băm.",
        en="The document was altered: it states hash {stated}, but its content has {computed}. "
        "If nothing else differs, the subject, the date, the library version or the hash itself "
        "was altered.",
    ),
    FindingCode.SIGNATURE_MISSING: Text(
        vi="Văn bản không có chữ ký; hãy xin cơ quan ban hành bản đã ký.",
        en="The document is not signed; ask the issuing office for the signed document.",
    ),
    FindingCode.SIGNATURE_INVALID: Text(
        vi="Chữ ký không hợp lệ: văn bản hoặc chữ ký đã bị sửa sau khi ký. Hãy xin lại bản gốc "
        "của cơ quan ký.",
        en="Invalid signature: the document or the signature was altered after signing. Ask the "
        "signing office for the original.",
    ),
    FindingCode.KEY_UNKNOWN: Text(
        vi="Văn bản được ký bằng khóa {stated}, không trùng với khóa công khai nào đã cung cấp; "
        "hãy lấy khóa công khai của cơ quan ký.",
        en="The document is signed with key {stated}, which is not one of the given public keys; "
        "get the public key of the signing office.",
    ),
    FindingCode.SIGNATURE_UNCHECKED: Text(
        vi="Văn bản có chữ ký của khóa {stated} nhưng chưa được kiểm tra; hãy cung cấp "
        "--public-key.",
        en="The document is signed with key {stated}; the signature was not checked. Give "
        "--public-key.",
    ),
    FindingCode.LIBRARY_DIFFERS: Text(
        vi="Kết quả được tính bằng xhht {stated}; phiên bản đang kiểm tra là {computed}. Nếu kết "
        "quả cũng khác, hãy kiểm tra bằng đúng phiên bản đó.",
        en="The result was computed with xhht {stated}, but is checked with {computed}. If the "
        "result also differs, check it with the original version.",
    ),
    FindingCode.NOT_RERUN: Text(
        vi="Chỉ kiểm tra mã băm và chữ ký; kết quả không được tính lại.",
        en="Only the hash and the signature were checked; the result was not recomputed.",
    ),
}
