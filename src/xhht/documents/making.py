"""Creates result documents: evaluations with everything required to repeat them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.metadata import version

from attrs import evolve

from xhht._json import sha256_of
from xhht.criteria.profile import Profile
from xhht.documents.document import (
    FORMAT,
    KIND,
    FactsJson,
    Outcome,
    ProfileStated,
    ResultDocument,
    StandardStated,
    SubjectRef,
)
from xhht.documents.serialization import content_hash
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.fact_io import fact_to_json
from xhht.evaluation.facts import as_mapping
from xhht.evaluation.standards import facts_of_profile
from xhht.text import normalize_text

__all__ = ["facts_json", "library_version", "make_document"]


def make_document(
    profile: Profile,
    facts: object,
    *,
    as_of: date | None = None,
    final: bool = False,
    standards: Iterable[Profile] = (),
    subject: SubjectRef = None,
    keep_facts: bool = True,
) -> ResultDocument:
    """Return the result of a subject as a document that anyone can verify; see `verify`.

    Args:
        profile: a loaded profile.
        facts: as `evaluate` takes them.
        as_of: the day of the evaluation.
        final: whether the assessment is closed; see `evaluate`.
        standards: as for `evaluate`. The document has the facts of the profile itself, with the
            results of standards as values or sets of values, and names the standards.
        subject: the subject of the result: an id, or the number of a row.
        keep_facts: whether the document contains the facts, or only their hash.

    Raises:
        FactsError: as `evaluate` does.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> document = make_document(profile, {"has_learning_policy": True}, keep_facts=False)
    >>> document.outcome.points_possible, document.facts
    (Fraction(100, 1), None)
    """
    result = evaluate(profile, facts, as_of=as_of, final=final, standards=standards)
    facts_by_input = facts_json(facts_of_profile(result, facts))
    document = ResultDocument(
        kind=KIND,
        format=FORMAT,
        library=library_version(),
        subject=normalize_text(subject) if isinstance(subject, str) else subject,
        profile=ProfileStated.of(profile),
        as_of=as_of,
        final=final,
        facts=facts_by_input if keep_facts else None,
        facts_hash=sha256_of(facts_by_input),
        standards=StandardStated.all_of(result),
        outcome=Outcome.of(result),
        hash="0" * 64,
    )
    return evolve(document, hash=content_hash(document))


def facts_json(facts: object) -> FactsJson:
    """Return evaluated facts in the form of documents; unknown facts are omitted."""
    json_values = {name: fact_to_json(value) for name, value in as_mapping(facts).items()}
    return FactsJson({name: value for name, value in json_values.items() if value is not None})


@cache
def library_version() -> str:
    """Return the version of the library."""
    return version("xhht")
