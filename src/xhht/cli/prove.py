"""`xhht prove`: properties of a profile that hold for every subject, with example subjects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._inputs import load_profiles, print_issues
from xhht.cli._options import day_option, input_path, strict_option
from xhht.issues import Severity
from xhht.reporting.diagnostics import FindingsFormat
from xhht.text import Lang, Text

if TYPE_CHECKING:
    from xhht.proving import Finding, Proof

__all__ = ["command"]

_TOPICS: Final = (
    "levels",
    "indicators",
    "bands",
    "floors",
    "thresholds",
    "shares",
    "evidence",
)


@click.command("prove")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=input_path)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(_TOPICS),
    help="Prove only this; may be repeated. Chỉ xét phần này.",
)
@day_option(
    "--as-of", "as_of", text="Prove for one date; default: all dates. Chỉ xét cho một ngày."
)
@click.option(
    "--notes", is_flag=True, help="Also show the notes; JSON always has them. Nêu cả ghi nhận."
)
@strict_option
@with_context(FindingsFormat)
def command(
    context: CommandContext,
    paths: tuple[str, ...],
    only: tuple[str, ...],
    as_of: date | None,
    notes: bool,
    strict: bool,
) -> None:
    """Prove properties of profiles over all subjects; each finding has an example.

    PATH is a file, a directory, an id with optional `@version`, or `-`.

    Chứng minh tính chất của bộ tiêu chí với mọi đối tượng; mỗi kết luận kèm ví dụ.
    """
    profiles = [profile for path in paths for profile in load_profiles(context, path)]
    with context.require_extras():
        from xhht.proving import prove
    proofs = [prove(profile, as_of=as_of, only=only) for profile in context.progress(profiles)]
    if context.output in (FindingsFormat.TEXT, FindingsFormat.JSON):
        context.emit(
            lambda lang: [proof.to_dict(lang) for proof in proofs],
            lambda lang: "\n".join(line for proof in proofs for line in _lines(proof, notes, lang)),
        )
    else:
        print_issues(context, [finding for proof in proofs for finding in _shown(proof, notes)])
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    has_errors = any(item.severity in failing for proof in proofs for item in proof.findings)
    context.finish(has_errors=has_errors)


def _shown(proof: Proof, notes: bool) -> list[Finding]:
    return [finding for finding in proof.findings if notes or finding.kind.value != "note"]


def _lines(proof: Proof, notes: bool, lang: Lang) -> Iterator[str]:
    for finding in _shown(proof, notes):
        yield finding.render(proof.profile, lang)
    counts = {kind.value: count for kind, count in proof.counts().items()}
    yield _SUMMARY.get(lang, profile=proof.profile.reference, **counts)
    if counts["note"] and not notes:
        yield _HIDDEN.get(lang, notes=counts["note"])


_SUMMARY = Text(
    vi="{profile}: {fault} lỗi, {warning} cảnh báo, {open} còn ngỏ, {undecided} chưa kết luận, "
    "{note} ghi nhận.",
    en="{profile}: errors: {fault}; warnings: {warning}; open: {open}; undecided: {undecided}; "
    "notes: {note}.",
)
_HIDDEN = Text(
    vi="Thêm --notes để xem các ghi nhận và ví dụ.",
    en="Add --notes to see the notes and their examples.",
)
