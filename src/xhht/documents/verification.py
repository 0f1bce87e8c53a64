"""Recomputes a result and reports differences from its document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from attrs import evolve

from xhht._json import canonical_json, sha256_of
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry, installed_profiles
from xhht.documents.document import FactsJson, Outcome, ResultDocument
from xhht.documents.findings import FindingCode, VerificationFinding, finding
from xhht.documents.making import facts_json, library_version, stated_profile
from xhht.documents.serialization import content_hash, to_json
from xhht.documents.signing import PublicKey, signature_finding
from xhht.errors import FactsError, ProfileNotFoundError
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.fact_io import facts_from_json
from xhht.text import Text

__all__ = ["invalid_facts_finding", "verify"]


def verify(
    document: ResultDocument,
    *,
    profiles: Registry | None = None,
    facts: object = None,
    public_keys: Collection[PublicKey] = (),
    rerun: bool = True,
) -> tuple[VerificationFinding, ...]:
    """Return the findings from recomputing a result; it is verified if none of them is a fault.

    Args:
        document: the result.
        profiles: where to find its profile; by default the installed profiles.
        facts: the facts of the subject, as for `evaluate`, if the document does not contain
            them or is not trusted.
        public_keys: one of these must have signed the document; if empty, a signature is
            reported but not checked.
        rerun: whether to recompute; if False, only hash and signature are checked.

    >>> import xhht
    >>> from xhht.documents import make_document
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020")
    >>> verify(make_document(profile, {"has_learning_policy": True}))
    ()
    """
    findings = [*_recomputed(document, profiles, facts)] if rerun else []
    findings += _altered_document(document, findings)
    findings += signature_finding(document, public_keys)
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
    document: ResultDocument, profiles: Registry | None, given: object
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
        result = evaluate(profile, facts, as_of=document.as_of)
    except FactsError as error:
        yield invalid_facts_finding(error)
        return
    differing = [] if given is None else [*_differing_facts(document, profile, facts_json(given))]
    yield from differing
    if not differing:
        yield from _differences(
            evolve(document, profile=stated_profile(profile)), document, "profile"
        )
        yield from _differences(evolve(document, outcome=Outcome.of(result)), document, "outcome")


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
        to_json(document)[part], to_json(computed)[part], part
    ):
        yield finding(
            FindingCode.RESULT_ALTERED,
            field=path,
            stated=_shown(stated_value),
            computed=_shown(actual_value),
        )


def _unequal(
    stated_value: Any, actual_value: Any, path: str
) -> Iterator[tuple[str, object, object]]:
    """Yield the paths at which two JSON values of the same form differ."""
    if isinstance(stated_value, Mapping) and isinstance(actual_value, Mapping):
        for key in stated_value:
            yield from _unequal(stated_value[key], actual_value[key], f"{path}.{key}")
    elif (
        isinstance(stated_value, (list, tuple))
        and len(stated_value) == len(actual_value)
        and path != _ATOMIC_PATH
    ):
        for position, (stated_item, actual_item) in enumerate(
            zip(stated_value, actual_value, strict=True), 1
        ):
            name = actual_item.get("id", position) if isinstance(actual_item, Mapping) else position
            yield from _unequal(stated_item, actual_item, f"{path}[{name}]")
    elif stated_value != actual_value:
        yield path, stated_value, actual_value


def _shown(value: object) -> str:
    if isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        return f"[{len(value)}]"
    return canonical_json(value).decode()


_ATOMIC_PATH = "outcome.levels_possible"
_DIFFERING = Text(
    vi="; khác ở đầu vào: {inputs}",
    en="; differing inputs: {inputs}",
)
