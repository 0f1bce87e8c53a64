"""`xhht sign`: result documents with an office's signature."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import click

from xhht.cli._common import input_path, lang_option, refuse, refusing, warn
from xhht.cli._documents import documents_in, written_to
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
    help="The private key; see xhht keygen. Khóa bí mật.",
)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to FILE. Tệp kết quả.",
)
@lang_option
@refusing
def command(result: str, key: Path, target: Path | None, lang: Lang) -> None:
    """Print the documents in RESULT with a signature, one a line.

    RESULT holds what `xhht evaluate --document` printed; `-` is standard input. All are signed, or
    none is.

    Ký văn bản kết quả bằng khóa bí mật của cơ quan.
    """
    private = _private_key(key, lang)
    signed = []
    for entry in documents_in(result, lang):
        try:
            if isinstance(entry.found, ProofError):
                raise entry.found
            signed.append(sign(entry.found, private))
        except ProofError as error:
            refuse(_NOT_SIGNED.format(number=entry.number, problem=error.text), lang)
    with written_to(target, lang) as write:
        for document in signed:
            write(document)


def _private_key(path: Path, lang: Lang) -> PrivateKey:
    if sys.platform != "win32" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        warn(_OPEN_TO_OTHERS.format(file=path), lang)
    return load_private_key(path.read_bytes())


_NOT_SIGNED = Text(
    vi="Không ký gì cả vì văn bản thứ {number}: {problem}",
    en="Nothing was signed, because of document {number}: {problem}",
)
_OPEN_TO_OTHERS = Text(
    vi="Người khác đọc được khóa bí mật {file}; hãy chạy chmod 600.",
    en="Others can read the private key {file}; run chmod 600.",
)
