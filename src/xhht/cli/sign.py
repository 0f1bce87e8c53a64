"""`xhht sign`: signs result documents for an office."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import click

from xhht.cli._common import fail, handle_errors, input_path, lang_option, warn
from xhht.cli._documents import document_writer, read_documents
from xhht.documents.signing import PrivateKey, load_private_key, sign
from xhht.errors import ProofError
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("sign")
@click.argument("result", metavar="RESULT", type=input_path)
@click.option(
    "--key",
    metavar="KEY.pem",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Private key from xhht keygen. Khóa bí mật.",
)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to FILE instead of standard output. Tệp kết quả.",
)
@lang_option
@handle_errors
def command(result: str, key: Path, target: Path | None, lang: Lang) -> None:
    """Print the documents in RESULT with a signature, one per line.

    RESULT is the output of `xhht evaluate --document`; `-` is standard input. Either all documents
    are signed or none.

    Ký văn bản kết quả bằng khóa bí mật của cơ quan.
    """
    private_key = _load_key(key, lang)
    signed = []
    for entry in read_documents(result, lang):
        try:
            if isinstance(entry.document, ProofError):
                raise entry.document
            signed.append(sign(entry.document, private_key))
        except ProofError as error:
            fail(_NOT_SIGNED.format(number=entry.number, problem=error.text), lang)
    with document_writer(target, lang) as write:
        for document in signed:
            write(document)


def _load_key(path: Path, lang: Lang) -> PrivateKey:
    if sys.platform != "win32" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        warn(_KEY_READABLE.format(file=path), lang)
    return load_private_key(path.read_bytes())


_NOT_SIGNED = Text(
    vi="Không ký gì cả vì văn bản thứ {number}: {problem}",
    en="Nothing was signed because of document {number}: {problem}",
)
_KEY_READABLE = Text(
    vi="Người khác đọc được khóa bí mật {file}; hãy chạy chmod 600.",
    en="Other users can read the private key {file}; run chmod 600.",
)
