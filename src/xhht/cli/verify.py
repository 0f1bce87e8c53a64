"""`xhht verify`: results computed anew, and what differs from what their documents state."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from io import BufferedReader, BytesIO
from pathlib import Path

import click
from attrs import field, frozen

from xhht.cli._common import (
    STDIN,
    Format,
    common_options,
    counted,
    finish,
    input_path,
    numbers_option,
    open_input,
    print_json,
    print_text,
    refuse,
    refusing,
)
from xhht.cli._documents import Entry, documents_in
from xhht.cli._facts import Subject, subjects_of
from xhht.cli._profiles import known_profiles
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.documents.document import ResultDocument
from xhht.documents.findings import Finding, FindingCode, finding
from xhht.documents.signing import PublicKey, load_public_key
from xhht.documents.verifying import unfit, verify
from xhht.errors import ProfileNotFoundError, ProofError
from xhht.exact import Convention
from xhht.reporting.tables import plain
from xhht.text import Lang, Text

__all__ = ["command"]

_file = click.Path(dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("result", metavar="RESULT", type=input_path)
@click.option(
    "--facts", metavar="FILE", type=input_path, help="The facts, as for evaluate. Dữ kiện."
)
@click.option(
    "--profile",
    "profiles",
    metavar="FILE",
    multiple=True,
    type=click.Path(),
    help="The profile, beside those installed; may be repeated. Bộ tiêu chí.",
)
@click.option(
    "--public-key",
    "keys",
    metavar="KEY.pub.pem",
    multiple=True,
    type=_file,
    help="Who must have signed; may be repeated. Khóa công khai của cơ quan ký.",
)
@click.option(
    "--signature-only",
    is_flag=True,
    help="Check the signature and compute nothing. Chỉ kiểm tra chữ ký.",
)
@numbers_option
@common_options
@refusing
def command(
    result: str,
    facts: str | None,
    profiles: tuple[str, ...],
    keys: tuple[Path, ...],
    signature_only: bool,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Compute the results in RESULT anew and say what differs.

    RESULT holds what `xhht evaluate --document` printed: one document, a JSON list of them, or one
    a line; `-` for one of RESULT and FACTS is standard input. Exits with 1 when one is not
    verified.

    Tính lại từng kết quả và nêu chỗ khác; nếu có chữ ký thì kiểm tra chữ ký.
    """
    if result == facts == STDIN:
        refuse(_ONE_STDIN, lang)
    if signature_only and not keys:
        refuse(_NO_KEY, lang)
    public_keys = [load_public_key(key.read_bytes()) for key in keys]
    registry = known_profiles(profiles, output, lang)
    given = None if facts is None else _GivenFacts.read(facts, numbers, lang)
    checker = _Checker(registry, given, public_keys, rerun=not signature_only)
    checked = [checker.check(entry) for entry in counted(documents_in(result, lang), lang)]
    if output is Format.JSON:
        print_json([each.to_dict(lang) for each in checked])
    else:
        _print_text(checked, lang)
    finish(faults=not all(each.is_verified for each in checked))


@frozen
class _Checked:
    id: str | int
    found: tuple[Finding, ...]

    @property
    def is_verified(self) -> bool:
        return not any(each.is_fault for each in self.found)

    def to_dict(self, lang: Lang) -> dict[str, object]:
        return {
            "id": self.id,
            "verified": self.is_verified,
            "findings": [each.to_dict(lang) for each in self.found],
        }


@frozen
class _GivenFacts:
    """The facts of a file, read by the profile of each document."""

    data: bytes = field(repr=False)
    path: str
    numbers: Convention
    lang: Lang
    _by_profile: dict[str, dict[str | int, Subject]] = field(factory=dict, init=False, repr=False)

    @classmethod
    def read(cls, path: str, numbers: Convention, lang: Lang) -> _GivenFacts:
        with open_input(path) as stream:
            return cls(stream.read(), path, numbers, lang)

    def of(self, document: ResultDocument, profile: Profile) -> Subject | None:
        """Return the document's subject, None where the file does not have it."""
        subjects = self._by_profile.get(profile.hash)
        if subjects is None:
            subjects = self._by_profile[profile.hash] = self._read(profile)
        if document.subject in subjects:
            return subjects[document.subject]
        [*ids] = subjects
        # One subject without an id is whoever the document is about.
        nameless = len(ids) == 1 and (ids == [1] or document.subject is None)
        return subjects[ids[0]] if nameless else None

    def _read(self, profile: Profile) -> dict[str | int, Subject]:
        stream = BufferedReader(BytesIO(self.data))
        found: dict[str | int, Subject] = {}
        for each in subjects_of(stream, self.path, profile, self.numbers, self.lang):
            found.setdefault(each.id, each)
        return found


@frozen
class _Checker:
    profiles: Registry
    facts: _GivenFacts | None
    keys: Collection[PublicKey]
    rerun: bool = field(kw_only=True)

    def check(self, entry: Entry) -> _Checked:
        """Return what is the matter with a document, or why it is none."""
        if isinstance(entry.found, ProofError):
            code, text = FindingCode(entry.found.code), entry.found.text
            return _Checked(entry.number, (Finding(code=code, text=text),))
        told = entry.found.subject
        return _Checked(entry.number if told is None else told, self._findings(entry.found))

    def _findings(self, document: ResultDocument) -> tuple[Finding, ...]:
        subject = self._subject(document)
        if isinstance(subject, Finding):
            return (subject, *verify(document, public_keys=self.keys, rerun=False))
        facts = subject.facts if subject else None
        return verify(
            document,
            profiles=self.profiles,
            facts=facts,
            public_keys=self.keys,
            rerun=self.rerun,
        )

    def _subject(self, document: ResultDocument) -> Subject | Finding | None:
        """Return the subject's own facts, a finding where there are none, None if not asked for."""
        if self.facts is None or not self.rerun:
            return None
        try:
            profile = self.profiles.get(document.profile.reference)
        except ProfileNotFoundError:
            return None
        if profile.hash != document.profile.hash:
            return None  # it may ask for other facts
        subject = self.facts.of(document, profile)
        if subject is None:
            return finding(FindingCode.FACTS_NOT_FOUND, field="subject")
        return subject if subject.fault is None else unfit(subject.fault)


def _print_text(checked: Iterable[_Checked], lang: Lang) -> None:
    verified, differing = 0, 0
    for each in checked:
        verified += each.is_verified
        differing += not each.is_verified
        outcome = _VERIFIED if each.is_verified else _DIFFERS
        print_text(outcome.in_(lang, id=plain(str(each.id))))
        for one in each.found:
            print_text(f"  [{one.code.value}] {plain(one.text.in_(lang))}")
    print_text(_SUMMARY.in_(lang, verified=verified, differing=differing))


_ONE_STDIN = Text(
    vi="Chỉ một trong hai, RESULT hoặc --facts, được đọc từ đầu vào chuẩn (-).",
    en="Only one of RESULT and --facts can be read from standard input (-).",
)
_NO_KEY = Text(
    vi="--signature-only cần --public-key: khóa công khai của cơ quan ký.",
    en="--signature-only needs --public-key: the public key of the office that signed.",
)
_VERIFIED = Text(vi="{id}: đúng", en="{id}: verified")
_DIFFERS = Text(vi="{id}: KHÔNG đúng", en="{id}: NOT verified")
_SUMMARY = Text(
    vi="Văn bản kết quả: {verified} đúng, {differing} không đúng.",
    en="Result documents: {verified} verified, {differing} not verified.",
)
