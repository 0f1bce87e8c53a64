"""`xhht prove`: properties of a profile that hold for every subject, with example subjects."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xhht.cli._columnar import require_extras
from xhht.cli._common import (
    ERRORS_FOUND,
    fail,
    finish,
    format_option,
    handle_errors,
    input_path,
    lang_option,
    print_json,
    print_text,
    with_progress,
)
from xhht.cli._profiles import NO_PROFILES, named_profile, print_issues
from xhht.cli._tables import day_option
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.files import profile_files
from xhht.criteria.loading import load_profile
from xhht.criteria.profile import Profile
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
@click.option("--strict", is_flag=True, help="Treat warnings as errors. Coi cảnh báo là lỗi.")
@format_option(FindingsFormat)
@lang_option
@handle_errors
def command(
    paths: tuple[str, ...],
    only: tuple[str, ...],
    as_of: date | None,
    notes: bool,
    strict: bool,
    output: FindingsFormat,
    lang: Lang,
) -> None:
    """Prove properties of profiles over all subjects; each finding has an example.

    PATH is a file, a directory, an id with optional `@version`, or `-`.

    Chứng minh tính chất của bộ tiêu chí với mọi đối tượng; mỗi kết luận kèm ví dụ.
    """
    profiles = [profile for path in paths for profile in _load_profiles(path, output, lang)]
    proofs = [_prove(p, as_of, only, lang) for p in with_progress(profiles, lang)]
    if output is FindingsFormat.JSON:
        print_json([proof.to_dict(lang) for proof in proofs])
    elif output is FindingsFormat.TEXT:
        for proof in proofs:
            _print(proof, notes, lang)
    else:
        findings = [finding for proof in proofs for finding in _shown(proof, notes)]
        print_issues(findings, output, lang)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    has_errors = any(item.severity in failing for proof in proofs for item in proof.findings)
    finish(has_errors=has_errors)


def _load_profiles(path: str, output: FindingsFormat, lang: Lang) -> list[Profile]:
    if not Path(path).is_dir():
        return [named_profile(path, output, lang)]
    files = profile_files([Path(path)])
    if not files:
        fail(NO_PROFILES.format(directory=path), lang)
    try:
        return [load_profile(file, bases=files) for file in files]
    except ProfileError as error:
        print_issues(error.diagnostics, output, lang)
        raise click.exceptions.Exit(ERRORS_FOUND) from None


def _prove(profile: Profile, day: date | None, only: tuple[str, ...], lang: Lang) -> Proof:
    with require_extras(lang):
        from xhht.proving import prove
    return prove(profile, as_of=day, only=only)


def _shown(proof: Proof, notes: bool) -> list[Finding]:
    return [finding for finding in proof.findings if notes or finding.kind.value != "note"]


def _print(proof: Proof, notes: bool, lang: Lang) -> None:
    for finding in _shown(proof, notes):
        print_text(finding.render(proof.profile, lang))
    counts = {kind.value: count for kind, count in proof.counts().items()}
    print_text(_SUMMARY.get(lang, profile=proof.profile.reference, **counts))
    if counts["note"] and not notes:
        print_text(_HIDDEN.get(lang, notes=counts["note"]))


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
