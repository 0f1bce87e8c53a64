from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from document_samples import changed, codes, sample

from xhht.documents import (
    PrivateKey,
    dumps_result,
    load_private_key,
    load_public_key,
    loads_result,
    new_private_key,
    sign,
)
from xhht.errors import ProofError


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return new_private_key()


def test_a_signed_document_is_known_by_its_key(key: PrivateKey) -> None:
    signed = loads_result(dumps_result(sign(sample(), key)))
    assert codes(signed, public_keys=[key.public]) == []
    assert codes(signed, public_keys=[new_private_key().public, key.public]) == []
    assert codes(signed) == ["signature_unchecked"]


def test_what_is_wrong_with_a_signature_is_told(key: PrivateKey) -> None:
    signed, other = sign(sample(), key), new_private_key()
    keys = [key.public]
    assert codes(sample(), public_keys=keys) == ["signature_missing"]
    assert codes(sign(sample(), other), public_keys=keys) == ["key_unknown"]
    value = signed.signature and signed.signature.value
    assert value
    flipped = ("A" if value[0] != "A" else "B") + value[1:]
    tampered = changed(signed, "signature", "value", to=flipped)
    assert codes(tampered, public_keys=keys) == ["signature_invalid"]
    renamed = changed(sign(sample(), other), "signature", "key", to=key.public.fingerprint)
    assert codes(renamed, public_keys=keys) == ["signature_invalid"]


def test_base64_has_one_writing_alone(key: PrivateKey) -> None:
    signed = sign(sample(), key)
    value = signed.signature and signed.signature.value
    assert value
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = letters[letters.index(value[85]) ^ 1]
    same_bytes = changed(signed, "signature", "value", to=f"{value[:85]}{last}==")
    assert codes(same_bytes, public_keys=[key.public]) == ["signature_invalid"]


def test_the_signed_bytes_are_the_canonical_ones_without_the_signature(key: PrivateKey) -> None:
    import base64
    import json

    plain = json.loads(dumps_result(sign(sample(), key)))
    signature = plain.pop("signature")
    data = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    raw: Ed25519PublicKey = key.public.key
    raw.verify(base64.b64decode(signature["value"]), data)


def test_neither_an_altered_nor_a_signed_document_is_signed(key: PrivateKey) -> None:
    with pytest.raises(ProofError) as error:
        sign(changed(sample(), "subject", to="h2"), key)
    assert error.value.code == "document_altered"
    with pytest.raises(ProofError) as error:
        sign(sign(sample(), key), key)
    assert error.value.code == "already_signed"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_keys_are_written_once_and_for_their_owner_alone(key: PrivateKey, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        public = key.write(tmp_path / "office.pem")
    finally:
        os.umask(old)
    assert public == tmp_path / "office.pub.pem"
    assert stat.S_IMODE((tmp_path / "office.pem").stat().st_mode) == 0o600
    loaded = load_private_key((tmp_path / "office.pem").read_bytes())
    assert loaded.public.fingerprint == load_public_key(public.read_bytes()).fingerprint
    before = (tmp_path / "office.pem").read_bytes()
    with pytest.raises(FileExistsError):
        new_private_key().write(tmp_path / "office.pem")
    public.unlink()
    with pytest.raises(FileExistsError):
        new_private_key().write(tmp_path / "office.pem")
    assert (tmp_path / "office.pem").read_bytes() == before


def test_what_holds_no_key_is_refused(key: PrivateKey) -> None:
    rsa = generate_private_key(65537, 2048).private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    locked = key.key.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.BestAvailableEncryption(b"x")
    )
    for data, code in ((b"", "not_a_key"), (rsa, "not_a_key"), (locked, "encrypted_key")):
        with pytest.raises(ProofError) as error:
            load_private_key(data)
        assert error.value.code == code
    for data in (b"", rsa, b"\xff\x00"):
        with pytest.raises(ProofError):
            load_public_key(data)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    for make in (new_private_key, lambda: load_public_key(b"")):
        with pytest.raises(ProofError) as error:
            make()
        assert error.value.code == "needs_extra"
        assert "xhht[sign]" in error.value.message("vi")


def test_what_makes_signatures_is_loaded_only_for_them() -> None:
    script = "import sys, xhht.documents, xhht.cli.verify; sys.exit('cryptography' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_no_key_is_in_a_repr(key: PrivateKey) -> None:
    assert repr(key) == "PrivateKey()"
