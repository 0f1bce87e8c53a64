"""`xhht verify`: recomputes results and compares them with their documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import click
from attrs import field, frozen

from xhht.cli._context import STDIN, CommandContext, with_context
from xhht.cli._facts import read_subjects
from xhht.cli._files import DocumentEntry, read_documents
from xhht.cli._inputs import buffered, load_profiles, load_registry, read_input
from xhht.cli._options import input_path, numbers_option, output_path, standards_option
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.criteria.standards import chain_of
from xhht.documents.document import ResultDocument
from xhht.documents.signing import PublicKey, load_public_key
from xhht.documents.verification import (
    CheckedDocument,
    FindingCode,
    VerificationFinding,
    finding,
    invalid_facts_finding,
    verify,
)
from xhht.errors import ProfileNotFoundError, ProofError
from xhht.numbers import Convention
from xhht.render import sanitize_line
from xhht.tables.facts import SubjectFacts
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("verify")
@click.argument("result", metavar="RESULT", type=input_path)
@click.option("--facts", metavar="FILE", type=input_path, help="Facts, as for evaluate. Dữ kiện.")
@click.option(
    "--profile",
    "profiles",
    metavar="FILE",
    multiple=True,
    type=click.Path(),
    help="Profile, in addition to installed ones; may be repeated. Bộ tiêu chí.",
)
@click.option(
    "--public-key",
    "keys",
    metavar="KEY.pub.pem",
    multiple=True,
    type=output_path,
    help="Public key of the signing office; may be repeated. Khóa công khai của cơ quan ký.",
)
@click.option(
    "--signature-only",
    is_flag=True,
    help="Check only the signature. Chỉ kiểm tra chữ ký.",
)
@standards_option
@numbers_option
@with_context()
def command(
    context: CommandContext,
    result: str,
    facts: str | None,
    profiles: tuple[str, ...],
    keys: tuple[Path, ...],
    signature_only: bool,
    standards: tuple[str, ...],
    numbers: Convention,
) -> None:
    """Recompute the results in RESULT and report differences.

    RESULT is the output of `xhht evaluate --document`: one document, a JSON list, or one document
    per line; `-` for one of RESULT and FACTS is standard input. Exits with 1 if any document is not
    verified. With `--standards`, FACTS also answers the inputs of the standards that the profile
    of a document rests on.

    Tính lại từng kết quả và nêu chỗ khác; nếu có chữ ký thì kiểm tra chữ ký.
    """
    if result == facts == STDIN:
        context.fail(_ONE_STDIN)
    if signature_only and not keys:
        context.fail(_NO_KEY)
    public_keys = [load_public_key(key.read_bytes()) for key in keys]
    registry = load_registry(context, profiles)
    if standards and facts is None:
        context.fail(_NO_FACTS)
    listed = [one for path in dict.fromkeys(standards) for one in load_profiles(context, path)]
    facts_file = (
        None if facts is None else _FactsFile(context, read_input(facts), facts, numbers, listed)
    )
    checker = _Checker(registry, facts_file, public_keys, rerun=not signature_only)
    checked = [checker.check(entry) for entry in context.progress(read_documents(context, result))]
    context.emit(
        lambda lang: [document.to_dict(lang) for document in checked],
        lambda lang: "\n".join(_lines(checked, lang)),
    )
    context.finish(has_errors=not all(document.is_verified for document in checked))


@frozen
class _FactsFile:
    """The facts of a file, read according to the profile of each document."""

    context: CommandContext
    data: bytes = field(repr=False)
    path: str
    numbers: Convention
    standards: Collection[Profile] = field(repr=False)
    _by_chain: dict[tuple[str, tuple[Profile, ...]], dict[str | int, SubjectFacts]] = field(
        factory=dict, init=False, repr=False
    )

    def of(self, document: ResultDocument, profile: Profile) -> SubjectFacts | None:
        """Return the subject of a document, or None if the file does not contain it."""
        standards = self.standards_of(document, profile)
        key = profile.hash, standards
        subjects = self._by_chain.get(key)
        if subjects is None:
            subjects = self._by_chain[key] = self._read(profile, standards)
        if document.subject in subjects:
            return subjects[document.subject]
        [*ids] = subjects
        # A single subject without an id is the subject of the document.
        is_unnamed = len(ids) == 1 and (ids == [1] or document.subject is None)
        return subjects[ids[0]] if is_unnamed else None

    def standards_of(self, document: ResultDocument, profile: Profile) -> tuple[Profile, ...]:
        """Return the standards that a profile rests on, on the day of a document."""
        return chain_of(profile, self.standards, document.as_of).standards

    def _read(
        self, profile: Profile, standards: tuple[Profile, ...]
    ) -> dict[str | int, SubjectFacts]:
        stream = buffered(self.data)
        subjects: dict[str | int, SubjectFacts] = {}
        read = read_subjects(self.context, stream, self.path, profile, self.numbers, standards)
        for subject in read:
            subjects.setdefault(subject.id, subject)
        return subjects


@frozen
class _Checker:
    profiles: Registry
    facts: _FactsFile | None
    keys: Collection[PublicKey]
    rerun: bool = field(kw_only=True)

    def check(self, entry: DocumentEntry) -> CheckedDocument:
        """Return the findings of a document, or the error that makes it invalid."""
        document = entry.document
        if isinstance(document, ProofError):
            code, text = FindingCode(document.code), document.text
            return CheckedDocument(entry.number, (VerificationFinding(code=code, text=text),))
        name = entry.number if document.subject is None else document.subject
        return CheckedDocument(name, self._findings(document))

    def _findings(self, document: ResultDocument) -> tuple[VerificationFinding, ...]:
        subject = self._subject(document)
        if isinstance(subject, VerificationFinding):
            return (subject, *verify(document, public_keys=self.keys, rerun=False))
        facts = subject.facts if subject else None
        return verify(
            document,
            profiles=self.profiles,
            facts=facts,
            standards=self.facts.standards if self.facts else (),
            public_keys=self.keys,
            rerun=self.rerun,
        )

    def _subject(self, document: ResultDocument) -> SubjectFacts | VerificationFinding | None:
        """Return the subject in --facts, a finding if it is missing, or None without --facts."""
        if self.facts is None or not self.rerun:
            return None
        try:
            profile = self.profiles.get(document.profile.reference)
        except ProfileNotFoundError:
            return None
        if profile.hash != document.profile.hash:
            return None  # its inputs may differ
        subject = self.facts.of(document, profile)
        if subject is None:
            return finding(FindingCode.FACTS_NOT_FOUND, field="subject")
        return subject if subject.error is None else invalid_facts_finding(subject.error)


def _lines(checked: Iterable[CheckedDocument], lang: Lang) -> Iterator[str]:
    verified, differing = 0, 0
    for document in checked:
        verified += document.is_verified
        differing += not document.is_verified
        outcome = _VERIFIED if document.is_verified else _DIFFERS
        yield outcome.get(lang, id=sanitize_line(str(document.id)))
        for item in document.findings:
            yield f"  [{item.code.value}] {sanitize_line(item.text.get(lang))}"
    yield _SUMMARY.get(lang, verified=verified, differing=differing)


_NO_FACTS = Text(
    vi="--standards cần --facts: dữ kiện ghi trong tài liệu đã có kết quả của các chuẩn.",
    en="--standards requires --facts: the facts of a document have the results of the standards.",
)
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
