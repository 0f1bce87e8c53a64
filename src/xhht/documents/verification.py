"""Recomputes a result and reports differences from its document as coded findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, TypedDict

from attrs import Factory, evolve, frozen
from attrs import field as attrs_field

from xhht._json import canonical_json, sha256_of
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry, installed_profiles
from xhht.documents.document import (
    FactsJson,
    Outcome,
    ProfileStated,
    ResultDocument,
    StandardStated,
)
from xhht.documents.making import facts_json, library_version
from xhht.documents.serialization import content_hash, to_json
from xhht.documents.signing import PublicKey
from xhht.errors import FactsError, ProfileNotFoundError
from xhht.evaluation.evaluator import evaluate_as_stated
from xhht.evaluation.fact_io import facts_from_json
from xhht.evaluation.standards import facts_of_profile
from xhht.issues import Issue, Severity
from xhht.text import Lang, Text

__all__ = [
    "CheckedDocument",
    "FindingCode",
    "VerificationFinding",
    "finding",
    "invalid_facts_finding",
    "verify",
]


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


class VerificationFindingDict(TypedDict):
    """A finding of verification in JSON."""

    code: str
    severity: str
    field: str | None
    stated: str | None
    computed: str | None
    message: str


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

    def to_dict(self, lang: Lang | str = Lang.VI) -> VerificationFindingDict:
        """Return the finding as plain data for JSON."""
        return {
            "code": self.code.value,
            "severity": "error" if self.is_fault else "information",
            "field": self.field,
            "stated": self.stated,
            "computed": self.computed,
            "message": self.text.get(lang),
        }


class CheckedDocumentDict(TypedDict):
    """The verification of a document in JSON."""

    id: str | int
    verified: bool
    findings: list[VerificationFindingDict]


@frozen
class CheckedDocument:
    """The verification of one document of a file.

    Attributes:
        id: the subject, or the number of the document if it names none.
        findings: what verification found.
    """

    id: str | int = attrs_field(repr=False)
    findings: tuple[VerificationFinding, ...]

    @property
    def is_verified(self) -> bool:
        """Whether no finding prevents verification."""
        return not any(item.is_fault for item in self.findings)

    def to_dict(self, lang: Lang | str = Lang.VI) -> CheckedDocumentDict:
        """Return the verification as `xhht verify --format json` prints it."""
        return {
            "id": self.id,
            "verified": self.is_verified,
            "findings": [item.to_dict(lang) for item in self.findings],
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
    shown = _shortened(stated, computed)
    text = _TEXTS[code].format(field=field, stated=shown[0], computed=shown[1], **values)
    return VerificationFinding(code=code, field=field, stated=stated, computed=computed, text=text)


def _shortened(stated: str | None, computed: str | None) -> tuple[str | None, str | None]:
    """Return the displayed values: hashes are shortened unless their first digits are equal."""
    if stated is None or computed is None or not len(stated) == len(computed) == _HASH_DIGITS:
        return stated, computed
    short = stated[:_SHOWN_DIGITS], computed[:_SHOWN_DIGITS]
    return (stated, computed) if short[0] == short[1] else short


def verify(
    document: ResultDocument,
    *,
    profiles: Registry | None = None,
    facts: object = None,
    standards: Iterable[Profile] = (),
    public_keys: Collection[PublicKey] = (),
    rerun: bool = True,
) -> tuple[VerificationFinding, ...]:
    """Return the findings from recomputing a result; it is verified if none of them is an error.

    Args:
        document: the result.
        profiles: where to find its profile; by default the installed profiles.
        facts: the facts of the subject, as for `evaluate`, if the document does not contain
            them or is not trusted.
        standards: as for `evaluate`: the standards that the profile rests on, if `facts` answer
            their inputs too. The facts of a document have the results of standards themselves.
        public_keys: one of these must have signed the document; if empty, a signature is
            reported but not checked.
        rerun: whether to recompute; if False, only hash and signature are checked.

    Raises:
        ProfileNotFoundError, ProfileError: as `evaluate` with standards.

    >>> import xhht
    >>> from xhht.documents import make_document
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> verify(make_document(profile, {"has_learning_policy": True}))
    ()
    """
    findings = [*_recomputed(document, profiles, facts, standards)] if rerun else []
    findings += _altered_document(document, findings)
    findings += _signature_findings(document, public_keys)
    findings += _differing_library(document)
    if not rerun:
        findings.append(finding(FindingCode.NOT_RERUN))
    return tuple(findings)


_ALTERATIONS = {FindingCode.RESULT_ALTERED, FindingCode.PROFILE_ALTERED, FindingCode.FACTS_ALTERED}


def _altered_document(
    document: ResultDocument, findings: Collection[VerificationFinding]
) -> Iterator[VerificationFinding]:
    """Yield a finding if the content hash differs, unless an alteration is already reported."""
    actual = content_hash(document)
    if document.hash != actual and not any(known.code in _ALTERATIONS for known in findings):
        code = FindingCode.DOCUMENT_ALTERED
        yield finding(code, field="hash", stated=document.hash, computed=actual)


def _differing_library(document: ResultDocument) -> Iterator[VerificationFinding]:
    current = library_version()
    if document.library != current:
        code = FindingCode.LIBRARY_DIFFERS
        yield finding(code, field="library", stated=document.library, computed=current)


def _recomputed(
    document: ResultDocument,
    profiles: Registry | None,
    given: object,
    standards: Iterable[Profile],
) -> Iterator[VerificationFinding]:
    """Yield findings about profile, facts and outcome; the first two prevent recomputation."""
    profile = _profile(document, installed_profiles() if profiles is None else profiles)
    altered = [*_altered_profile(document, profile), *_altered_stored_facts(document)]
    yield from altered
    if altered or profile is None:
        return
    if given is None and document.facts is None:
        yield finding(FindingCode.FACTS_MISSING, field="facts")
        return
    try:
        facts = facts_from_json(document.facts or {}) if given is None else given
        chosen = () if given is None else standards
        unsettled = frozenset(one.input for one in document.standards if one.unsettled)
        result = evaluate_as_stated(
            profile, facts, document.as_of, document.final, chosen, unsettled
        )
    except FactsError as error:
        yield invalid_facts_finding(error)
        return
    differing: list[VerificationFinding] = []
    if given is not None:
        given_json = facts_json(facts_of_profile(result, given))
        differing = [*_differing_facts(document, profile, given_json)]
    yield from differing
    if not differing:
        stated, outcome = ProfileStated.of(profile), Outcome.of(result)
        yield from _differences(evolve(document, profile=stated), document, "profile")
        yield from _differences(evolve(document, outcome=outcome), document, "outcome")
    if not differing and result.standards:
        took_part = StandardStated.all_of(result)
        yield from _differences(evolve(document, standards=took_part), document, "standards")


def _profile(document: ResultDocument, profiles: Registry) -> Profile | None:
    try:
        return profiles.get(document.profile.reference)
    except ProfileNotFoundError:
        return None


def _altered_profile(
    document: ResultDocument, profile: Profile | None
) -> Iterator[VerificationFinding]:
    reference = document.profile.reference
    if profile is None:
        yield finding(FindingCode.PROFILE_UNKNOWN, field="profile", stated=reference)
    elif profile.hash != document.profile.hash:
        yield finding(
            FindingCode.PROFILE_ALTERED,
            field="profile.hash",
            stated=document.profile.hash,
            computed=profile.hash,
            reference=reference,
        )


def _altered_stored_facts(document: ResultDocument) -> Iterator[VerificationFinding]:
    if document.facts is not None and (actual := sha256_of(document.facts)) != document.facts_hash:
        yield _altered_facts(document, actual, [])


def _differing_facts(
    document: ResultDocument, profile: Profile, given: FactsJson
) -> Iterator[VerificationFinding]:
    """Yield a finding if the given facts differ from those of the document."""
    actual = sha256_of(given)
    if actual == document.facts_hash:
        return
    recorded = given if document.facts is None else document.facts
    # Keys unknown to the profile are not named: they may contain personal data.
    input_names = dict.fromkeys(declared.declared_input.name for declared in profile.plan.inputs)
    differing = [name for name in input_names if recorded.get(name) != given.get(name)]
    yield _altered_facts(document, actual, differing)


def _altered_facts(document: ResultDocument, actual: str, inputs: list[str]) -> VerificationFinding:
    return finding(
        FindingCode.FACTS_ALTERED,
        field=f"facts.{inputs[0]}" if len(inputs) == 1 else "facts",
        stated=document.facts_hash,
        computed=actual,
        inputs=_DIFFERING.format(inputs=", ".join(inputs)) if inputs else "",
    )


def invalid_facts_finding(error: FactsError) -> VerificationFinding:
    """Return the finding for facts that are not valid for the profile."""
    if error.code == "as_of_missing":
        return finding(FindingCode.AS_OF_MISSING, field="as_of")
    field = f"facts.{error.field}" if error.field else "facts"
    return finding(FindingCode.FACTS_UNFIT, field=field, problem=error.text)


def _differences(
    computed: ResultDocument, document: ResultDocument, part: str
) -> Iterator[VerificationFinding]:
    """Yield the differences between a part of the document and its recomputed value."""
    for path, stated_value, actual_value in _unequal(
        to_json(document).get(part, []), to_json(computed).get(part, []), part
    ):
        yield finding(
            FindingCode.RESULT_ALTERED,
            field=path,
            stated=_json_text(stated_value),
            computed=_json_text(actual_value),
        )


def _unequal(
    stated_value: Any, actual_value: Any, path: str
) -> Iterator[tuple[str, object, object]]:
    """Yield the paths at which two JSON values of the same form differ."""
    if isinstance(stated_value, Mapping) and isinstance(actual_value, Mapping):
        for key in dict.fromkeys((*stated_value, *actual_value)):
            values = stated_value.get(key), actual_value.get(key)
            yield from _unequal(*values, f"{path}.{key}")
    elif (
        isinstance(stated_value, (list, tuple))
        and len(stated_value) == len(actual_value)
        and path not in _ATOMIC_PATHS
    ):
        for position, (stated_item, actual_item) in enumerate(
            zip(stated_value, actual_value, strict=True), 1
        ):
            name = actual_item.get("id", position) if isinstance(actual_item, Mapping) else position
            yield from _unequal(stated_item, actual_item, f"{path}[{name}]")
    elif stated_value != actual_value:
        yield path, stated_value, actual_value


def _json_text(value: object) -> str:
    if isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        return f"[{len(value)}]"
    return canonical_json(value).decode()


def _signature_findings(
    document: ResultDocument, public_keys: Collection[PublicKey]
) -> tuple[VerificationFinding, ...]:
    """Return the findings about a document's signature; none if it is valid."""
    signature = document.signature
    if signature is None:
        missing = finding(FindingCode.SIGNATURE_MISSING, field="signature")
        return (missing,) if public_keys else ()
    if not public_keys:
        code = FindingCode.SIGNATURE_UNCHECKED
        return (finding(code, field="signature", stated=signature.key),)
    for key in public_keys:
        if key.fingerprint == signature.key:
            if key.has_signed(document):
                return ()
            return (finding(FindingCode.SIGNATURE_INVALID, field="signature.value"),)
    return (finding(FindingCode.KEY_UNKNOWN, field="signature.key", stated=signature.key),)


_ATOMIC_PATHS = {
    "outcome.levels_possible",
    *(f"outcome.percent_{end}.fraction" for end in ("certain", "possible")),
}
_DIFFERING = Text(vi="; khác ở đầu vào: {inputs}", en="; differing inputs: {inputs}")
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
