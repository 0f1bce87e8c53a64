"""A result document is verified as it was made, and any single change of it, of its profile or of
its facts is caught, each by its own message.

On random profiles and facts. Written and read again, a document is the same to the byte; a
signature holds for what was signed, and for nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import jsonschema
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from xhht import Between, Evidence, OneOf, Profile, ProfileError, loads_profile
from xhht.criteria.registry import Registry
from xhht.documents import (
    PrivateKey,
    ResultDocument,
    dumps_result,
    loads_result,
    make_document,
    new_private_key,
    result_schema,
    sign,
    verify,
)
from xhht.errors import ProofError
from xhht.testing._random_profiles import complete_facts, facts_with_gaps, profiles, text_of

AS_OF = date(2025, 1, 1)
READING = {"not_a_result", "newer_format", "malformed"}
# What each part of a document may be told by, when it alone was changed.
TOLD_BY = {
    "kind": set(),
    "format": set(),
    "library": {"document_altered"},
    "subject": {"document_altered"},
    "profile": {"profile_unknown", "profile_altered", "result_altered"},
    "as_of": {"document_altered", "result_altered", "as_of_missing"},
    "final": {"document_altered", "result_altered"},
    "facts": {"facts_altered", "facts_missing"},
    "facts_hash": {"facts_altered"},
    "outcome": {"result_altered"},
    "hash": {"document_altered"},
    "signature": {"signature_missing", "signature_invalid", "key_unknown"},
}
SIBLINGS = {
    "recognised": "undetermined",
    "not_recognised": "recognised",
    "undetermined": "not_recognised",
    "met": "unmet",
    "unmet": "met",
    "unknown": "partial",
    "missing": "unverified",
    "not_met": "below_threshold",
    "illustrative": "complete",
    "2025-01-01": "2025-01-02",
    "a": "b",
    "b": "a",
}
OTHERS: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    2.5,
    "",
    "x",
    "0" * 64,
    "2024-12-31",
    [],
    {},
    "met",
    "unmet",
]

few = settings(
    max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@cache
def office() -> PrivateKey:
    # The same in every run, so that an example that fails does so again.
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))


def load(data: dict[str, Any]) -> Profile:
    try:
        return loads_profile(text_of(data))
    except ProfileError:
        assume(False)
        raise


def told(value: Any) -> st.SearchStrategy[Any]:
    """Return the ways of telling a value: as it is, as a set, with evidence."""
    ways = [value, value, Evidence(value=value, source="s", verification="verified")]
    ways.append(Evidence(value=value, dated=date(2024, 6, 1), verification="rejected"))
    if isinstance(value, str) and not value.startswith("20"):
        ways += [OneOf([value]), Evidence(value=OneOf([value]))]
    elif not isinstance(value, bool):
        ways += [Between(value, value), Evidence(value=Between(value, value))]
    return st.sampled_from(ways)


@st.composite
def proven(draw: st.DrawFn) -> tuple[Profile, dict[str, Any], ResultDocument]:
    """A random profile, facts with gaps, and the document of their result."""
    data = draw(profiles())
    profile = load(data)
    plain, _ = draw(facts_with_gaps(data))
    facts = {name: draw(told(value)) for name, value in plain.items()}
    return profile, facts, make_document(profile, facts, as_of=AS_OF, subject="h1")


def faults(document: ResultDocument, profile: Profile, **options: Any) -> set[str]:
    verification = verify(document, profiles=Registry((profile,)), **options)
    return {finding.code.value for finding in verification if finding.is_fault}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where a document can be changed."""
    if path:
        yield path
    if isinstance(value, (dict, list)):
        steps = value if isinstance(value, dict) else range(len(value))
        for step in steps:
            yield from places(value[step], (*path, step))


def near(value: Any) -> Any:
    """Return another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return SIBLINGS.get(value, f"{value[:-1]}{'1' if value.endswith('0') else '0'}")
        case _:
            return "x"


def changed(draw: st.DrawFn, before: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return a document in which one thing is replaced, dropped or added, and in which part."""
    plain = deepcopy(before)
    path = draw(st.sampled_from([*places(plain)]))
    holder: Any = plain
    for step in path[:-1]:
        holder = holder[step]
    old, way = holder[path[-1]], draw(st.sampled_from(["near", "near", "other", "drop", "add"]))
    if way == "drop":
        del holder[path[-1]]
    elif way == "add" and isinstance(old, dict):
        old["more"] = draw(st.sampled_from(OTHERS))
    elif way == "add" and isinstance(old, list):
        old.append(deepcopy(old[-1]) if old else 1)
    else:
        holder[path[-1]] = near(old) if way == "near" else draw(st.sampled_from(OTHERS))
    return path[0], plain


def read(plain: dict[str, Any]) -> ResultDocument | str:
    """Return a document, or the code of why it is none."""
    try:
        return loads_result(json.dumps(plain))
    except ProofError as error:
        return error.code


@given(proven())
@few
def test_a_document_is_verified_as_it_was_made(
    made: tuple[Profile, dict[str, Any], ResultDocument],
) -> None:
    profile, facts, document = made
    text = dumps_result(document)
    assert dumps_result(loads_result(text)) == text
    assert loads_result(text) == document
    assert faults(loads_result(text), profile) == set()
    bare = make_document(profile, facts, as_of=AS_OF, keep_facts=False)
    assert faults(bare, profile, facts=facts) == set()
    jsonschema.validate(json.loads(text), result_schema())


@given(proven())
@few
def test_a_signature_is_one_office_s_and_one_document_s(
    made: tuple[Profile, dict[str, Any], ResultDocument],
) -> None:
    profile, facts, document = made
    signed = sign(document, office())
    assert sign(document, office()) == signed
    assert loads_result(dumps_result(signed)) == signed
    assert faults(signed, profile, public_keys=[office().public]) == set()
    assert faults(signed, profile, public_keys=[new_private_key().public]) == {"key_unknown"}
    other = make_document(profile, facts, as_of=AS_OF, subject="h2")
    assert not office().public.has_signed(evolve(other, signature=signed.signature))


@given(proven(), st.data())
@few
def test_any_single_change_of_a_document_is_told_by_its_part(
    made: tuple[Profile, dict[str, Any], ResultDocument], data: st.DataObject
) -> None:
    profile, _, document = made
    before = json.loads(dumps_result(sign(document, office())))
    changes = st.composite(changed)(before)
    for part, plain in data.draw(st.lists(changes, min_size=12, max_size=12)):
        altered = read(plain)
        if json.dumps(plain, sort_keys=True) == json.dumps(before, sort_keys=True):
            continue
        if isinstance(altered, str):
            assert altered in READING
            continue
        codes = faults(altered, profile, public_keys=[office().public])
        assert codes & TOLD_BY[part]
        if part == "signature":
            assert codes <= TOLD_BY["signature"]
            continue
        assert "signature_invalid" in codes
        # Whoever cannot compute it anew sees it by the hash, and by the signature.
        alone = faults(altered, profile, public_keys=[office().public], rerun=False)
        assert alone == {"document_altered", "signature_invalid"}


@given(proven(), st.data())
@few
def test_other_facts_are_told(
    made: tuple[Profile, dict[str, Any], ResultDocument], data: st.DataObject
) -> None:
    profile, facts, document = made
    name = data.draw(st.sampled_from(sorted(profile.document.inputs)))
    value = data.draw(st.sampled_from([None, True, False, 0, 1, 2, 0.5, "2024-01-01", "hill"]))
    other = {**facts, name: value}
    codes = faults(document, profile, facts=other)
    if other.get(name) == facts.get(name) and type(other.get(name)) is type(facts.get(name)):
        assert codes == set()
    elif codes:
        assert codes in ({"facts_altered"}, {"facts_unfit"})
    else:
        # Only another writing of the same number.
        assert float(other[name]) == float(facts[name])


@given(st.data())
@few
def test_another_profile_of_the_same_name_is_told(data: st.DataObject) -> None:
    written = data.draw(profiles())
    document = make_document(load(written), data.draw(complete_facts(written)), as_of=AS_OF)
    other = deepcopy(written)
    path = data.draw(st.sampled_from([*places(other)]))
    assume(path[0] not in ("id", "version"))
    holder = other
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = data.draw(
        st.sampled_from([*OTHERS, "true", 3, {"vi": "Khác", "en": "Other"}])
    )
    assume(other != written)
    try:
        profile = loads_profile(text_of(other))
    except ProfileError:
        return
    codes = faults(document, profile)
    assert codes == (set() if profile.hash == document.profile.hash else {"profile_altered"})
