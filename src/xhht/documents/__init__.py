"""Result documents: evaluations that anyone can recompute and that an office can sign."""

from __future__ import annotations

from xhht.documents.document import GapStated, Outcome, ProfileStated, ResultDocument, Signature
from xhht.documents.making import make_document
from xhht.documents.schema import result_schema
from xhht.documents.serialization import dumps_result, loads_result
from xhht.documents.signing import (
    PrivateKey,
    PublicKey,
    load_private_key,
    load_public_key,
    new_private_key,
    sign,
)
from xhht.documents.verification import FindingCode, VerificationFinding, verify

__all__ = [
    "FindingCode",
    "GapStated",
    "Outcome",
    "PrivateKey",
    "ProfileStated",
    "PublicKey",
    "ResultDocument",
    "Signature",
    "VerificationFinding",
    "dumps_result",
    "load_private_key",
    "load_public_key",
    "loads_result",
    "make_document",
    "new_private_key",
    "result_schema",
    "sign",
    "verify",
]
