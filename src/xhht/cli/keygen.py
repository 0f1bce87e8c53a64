"""`xhht keygen`: a new key pair for signing result documents."""

from __future__ import annotations

from pathlib import Path

import click

from xhht.cli._common import fail, handle_errors, lang_option, print_text
from xhht.cli._documents import CANNOT_WRITE
from xhht.documents.signing import new_private_key
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("keygen")
@click.argument("key", metavar="KEY.pem", type=click.Path(dir_okay=False, path_type=Path))
@lang_option
@handle_errors
def command(key: Path, lang: Lang) -> None:
    """Write a new private key to KEY.pem, and its public key to KEY.pub.pem.

    Existing files are not overwritten. Only the owner can read the private key.

    Tạo cặp khóa để ký văn bản kết quả.
    """
    private = new_private_key()
    try:
        public_path = private.write(key)
    except FileExistsError as error:
        fail(_EXISTS.format(file=error.filename), lang)
    except OSError:
        fail(CANNOT_WRITE.format(file=key), lang)
    for text in (
        _PRIVATE.format(file=key),
        _PUBLIC.format(file=public_path),
        _FINGERPRINT.format(fingerprint=private.public.fingerprint),
    ):
        print_text(text.get(lang))


_EXISTS = Text(
    vi="Tệp {file} đã có và không bị ghi đè; hãy chọn tên khác.",
    en="File {file} already exists and is not overwritten; choose another name.",
)
_PRIVATE = Text(vi="Khóa bí mật, giữ kín: {file}", en="Private key, keep it secret: {file}")
_PUBLIC = Text(
    vi="Khóa công khai, gửi cho nơi kiểm tra: {file}",
    en="Public key, give it to the verifier: {file}",
)
_FINGERPRINT = Text(vi="Mã khóa: {fingerprint}", en="Fingerprint: {fingerprint}")
