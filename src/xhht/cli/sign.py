"""`xhht sign`: signs result documents for an office."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._files import document_writer, read_documents
from xhht.cli._options import input_path, output_path, target_option
from xhht.documents.signing import PrivateKey, load_private_key, sign
from xhht.errors import ProofError
from xhht.text import Text

__all__ = ["command"]


@click.command("sign")
@click.argument("result", metavar="RESULT", type=input_path)
@click.option(
    "--key",
    metavar="KEY.pem",
    required=True,
    type=output_path,
    help="Private key from xhht keygen. Khóa bí mật.",
)
@target_option(metavar="FILE", text="Write to FILE instead of standard output. Tệp kết quả.")
@with_context(None)
def command(
    context: CommandContext,
    result: str,
    key: Path,
    target: Path | None,
) -> None:
    """Print the documents in RESULT with a signature, one per line.

    RESULT is the output of `xhht evaluate --document`; `-` is standard input. Either all documents
    are signed or none.

    Ký văn bản kết quả bằng khóa bí mật của cơ quan.
    """
    private_key = _load_key(context, key)
    signed = []
    for entry in read_documents(context, result):
        try:
            if isinstance(entry.document, ProofError):
                raise entry.document
            signed.append(sign(entry.document, private_key))
        except ProofError as error:
            context.fail(_NOT_SIGNED.format(number=entry.number, problem=error.text))
    with document_writer(context, target) as write:
        for document in signed:
            write(document)


def _load_key(context: CommandContext, path: Path) -> PrivateKey:
    if sys.platform != "win32" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        context.warn(_KEY_READABLE.format(file=path))
    return load_private_key(path.read_bytes())


_NOT_SIGNED = Text(
    vi="Không ký gì cả vì văn bản thứ {number}: {problem}",
    en="Nothing was signed because of document {number}: {problem}",
)
_KEY_READABLE = Text(
    vi="Người khác đọc được khóa bí mật {file}; hãy chạy chmod 600.",
    en="Other users can read the private key {file}; run chmod 600.",
)
