"""Results that anyone can check: as documents, computed anew, and signed by an office."""

from __future__ import annotations

from xhht.proof.document import GapStated, Outcome, ProfileStated, ResultDocument, Signature
from xhht.proof.findings import Finding, FindingCode
from xhht.proof.form import dumps_result, loads_result
from xhht.proof.making import prove
from xhht.proof.schema import result_schema
from xhht.proof.signing import (
    PrivateKey,
    PublicKey,
    load_private_key,
    load_public_key,
    new_private_key,
    sign,
)
from xhht.proof.verifying import verify

__all__ = [
    "Finding",
    "FindingCode",
    "GapStated",
    "Outcome",
    "PrivateKey",
    "ProfileStated",
    "PublicKey",
    "ResultDocument",
    "Signature",
    "dumps_result",
    "load_private_key",
    "load_public_key",
    "loads_result",
    "new_private_key",
    "prove",
    "result_schema",
    "sign",
    "verify",
]
