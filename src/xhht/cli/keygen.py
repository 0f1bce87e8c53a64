"""`xhht keygen`: a new key pair for signing result documents."""

from __future__ import annotations

from pathlib import Path

import click

from xhht._files import unwritable_file_error
from xhht.cli._context import CommandContext, with_context
from xhht.cli._options import output_path
from xhht.documents.signing import new_private_key
from xhht.text import Text

__all__ = ["command"]


@click.command("keygen")
@click.argument("key", metavar="KEY.pem", type=output_path)
@with_context(None)
def command(
    context: CommandContext,
    key: Path,
) -> None:
    """Write a new private key to KEY.pem, and its public key to KEY.pub.pem.

    Existing files are not overwritten. Only the owner can read the private key.

    Tạo cặp khóa để ký văn bản kết quả.
    """
    private = new_private_key()
    try:
        public_path = private.write(key)
    except FileExistsError as error:
        context.fail(_EXISTS.format(file=error.filename))
    except OSError:
        context.fail(unwritable_file_error(key).text)
    context.print(
        _PRIVATE.format(file=key),
        _PUBLIC.format(file=public_path),
        _FINGERPRINT.format(fingerprint=private.public.fingerprint),
    )


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
