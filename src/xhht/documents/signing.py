"""Ed25519 signatures of result documents, created and checked offline.

The signed bytes are the canonical JSON of the document without its signature.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from xhht.documents.document import ALGORITHM, ResultDocument, Signature
from xhht.documents.serialization import content_hash, signed_bytes
from xhht.errors import ProofError
from xhht.text import Text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

__all__ = [
    "PrivateKey",
    "PublicKey",
    "load_private_key",
    "load_public_key",
    "new_private_key",
    "sign",
]

PUBLIC_SUFFIX = ".pub.pem"
"""The suffix of a public key file next to the private key file."""

_OWNER_ALONE = 0o600


@frozen(eq=False)
class PublicKey:
    """A key with which anyone can check an office's signatures."""

    key: Ed25519PublicKey = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the key's 32 bytes, which identifies it in documents."""
        return sha256(self.key.public_bytes_raw()).hexdigest()

    def has_signed(self, document: ResultDocument) -> bool:
        """Return whether the document has a valid signature of this key."""
        from cryptography.exceptions import InvalidSignature

        if document.signature is None:
            return False
        value = b64decode(document.signature.value)
        # Base64 has several encodings of one value; only the canonical one is accepted.
        if b64encode(value).decode() != document.signature.value:
            return False
        try:
            self.key.verify(value, signed_bytes(document))
        except InvalidSignature:
            return False
        return True


@frozen(eq=False)
class PrivateKey:
    """A key with which an office signs; never displayed, and never overwrites a file."""

    key: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The public key for checking."""
        return PublicKey(self.key.public_key())

    def write(self, path: Path) -> Path:
        """Write the key, readable only by its owner, and its public key; return the public path.

        Raises:
            FileExistsError: one of the two files exists; nothing is written.
        """
        from cryptography.hazmat.primitives import serialization as form

        public_path = path.with_name(f"{path.name.removesuffix('.pem')}{PUBLIC_SUFFIX}")
        if public_path.exists():
            raise FileExistsError(None, None, str(public_path))
        private = self.key.private_bytes(
            form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
        )
        public = self.public.key.public_bytes(
            form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo
        )
        _write_new(path, private, _OWNER_ALONE)
        _write_new(public_path, public, 0o644)
        return public_path


def _write_new(path: Path, data: bytes, mode: int) -> None:
    # The mode applies from the first byte; O_EXCL never follows a link or overwrites a file.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(data)


def new_private_key() -> PrivateKey:
    """Return a new key from the system's random source; ProofError without the extra."""
    with _extra():
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    return PrivateKey(Ed25519PrivateKey.generate())


def load_private_key(data: bytes) -> PrivateKey:
    """Return the key of a PEM file; ProofError if it contains no such key."""
    with _extra():
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    if b"ENCRYPTED" in data:
        raise ProofError(_ENCRYPTED, code="encrypted_key")
    key = _loaded(load_pem_private_key, data, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ProofError(_NO_PRIVATE_KEY, code="not_a_key")
    return PrivateKey(key)


def load_public_key(data: bytes) -> PublicKey:
    """Return the key of a PEM file; ProofError if it contains no such key."""
    with _extra():
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    key = _loaded(load_pem_public_key, data)
    if not isinstance(key, Ed25519PublicKey):
        raise ProofError(_NO_PUBLIC_KEY, code="not_a_key")
    return PublicKey(key)


def _loaded(load: Any, *arguments: Any) -> Any:
    """Return the loaded key, or None if the library rejects it."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return load(*arguments)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError:
        raise ProofError(_NEEDS_EXTRA, code="needs_extra") from None


def sign(document: ResultDocument, key: PrivateKey) -> ResultDocument:
    """Return the document with the key's signature.

    Raises:
        ProofError: it was altered after it was created, or is already signed.
    """
    if document.signature is not None:
        raise ProofError(_SIGNED, code="already_signed")
    if document.hash != content_hash(document):
        raise ProofError(_ALTERED, code="document_altered")
    value = b64encode(key.key.sign(signed_bytes(document))).decode()
    signature = Signature(algorithm=ALGORITHM, key=key.public.fingerprint, value=value)
    return evolve(document, signature=signature)


_NEEDS_EXTRA = Text(
    vi="Chữ ký cần cài thêm: pip install 'xhht[sign]'.",
    en="Signatures need an extra: pip install 'xhht[sign]'.",
)
_ENCRYPTED = Text(
    vi="Khóa bí mật được bảo vệ bằng mật khẩu, xhht không hỗ trợ; hãy dùng khóa do xhht keygen "
    "tạo.",
    en="The private key is protected by a passphrase, which xhht does not support; use a key "
    "created with xhht keygen.",
)
_NO_PRIVATE_KEY = Text(
    vi="Tệp không chứa khóa bí mật Ed25519 dạng PEM; hãy tạo khóa bằng xhht keygen.",
    en="The file contains no Ed25519 private key in PEM format; create one with xhht keygen.",
)
_NO_PUBLIC_KEY = Text(
    vi="Tệp không chứa khóa công khai Ed25519 dạng PEM; hãy lấy tệp .pub.pem của cơ quan ký.",
    en="The file contains no Ed25519 public key in PEM format; get the .pub.pem file of the "
    "signing office.",
)
_SIGNED = Text(
    vi="Văn bản đã có chữ ký; hãy ký văn bản gốc chưa ký.",
    en="The document is already signed; sign the unsigned document.",
)
_ALTERED = Text(
    vi="Văn bản đã bị sửa sau khi lập nên không ký được; hãy kiểm tra bằng xhht verify.",
    en="The document was altered after it was created and cannot be signed; check it with xhht "
    "verify.",
)
