"""`xhht test`: runs the test files that stand beside profiles."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from xhht.cli._boundaries import write_boundaries
from xhht.cli._common import (
    Format,
    common_options,
    finish,
    print_json,
    print_text,
    refuse,
    refusing,
)
from xhht.cli._profiles import NO_PROFILES
from xhht.criteria.files import profile_files
from xhht.testing.cases import CaseOutcome
from xhht.testing.junit import junit_xml
from xhht.testing.mutants import Mutant
from xhht.testing.running import FileOutcome, Wanted, run_files
from xhht.text import Lang, Text

__all__ = ["command"]

_MANY_FILES = 100
"""From so many files on, starting further processes costs less than it saves."""


@click.command("test")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("-k", "named", default="", help="Only cases with this in the name. Lọc theo tên.")
@click.option("--coverage", is_flag=True, help="Tell what no case touches. Phần chưa được thử.")
@click.option("--mutate", is_flag=True, help="Tell which changes no case notices. Thử đột biến.")
@click.option("--boundaries", is_flag=True, help="Write cases at thresholds. Viết ca tại ngưỡng.")
@click.option("--junit", type=click.Path(dir_okay=False), help="Write JUnit XML too.")
@click.option("-j", "--jobs", type=click.IntRange(0), default=0, help="Processes; 0: as fits.")
@common_options
@refusing
def command(
    paths: tuple[str, ...],
    named: str,
    coverage: bool,
    mutate: bool,
    boundaries: bool,
    junit: str | None,
    jobs: int,
    output: Format,
    lang: Lang,
) -> None:
    """Run the cases of `NAME.test.yaml` beside each profile; a profile without any is a fault.

    Chạy các ca kiểm thử đặt cạnh bộ tiêu chí.
    """
    files = list(_files(paths, lang))
    if boundaries:
        if named or coverage or mutate or junit:
            refuse(_ALONE, lang)
        finish(faults=write_boundaries(files, output, lang))
        return
    wanted = Wanted(named=named, coverage=coverage, mutants=mutate)
    many = mutate or len(files) >= _MANY_FILES
    processes = jobs or ((os.cpu_count() or 1) if many else 1)
    found = list(run_files(files, wanted, jobs=processes))
    if junit is not None:
        Path(junit).write_bytes(junit_xml(found, lang))
    if output is Format.JSON:
        print_json(_as_json(found, wanted, lang))
    else:
        for line in _lines(found, wanted, lang):
            print_text(line)
    finish(faults=not all(each.passed and _is_whole(each) for each in found))


def _files(paths: tuple[str, ...], lang: Lang) -> Iterator[Path]:
    for path in paths:
        found = profile_files([Path(path)])
        if not found:
            refuse(NO_PROFILES.format(directory=path), lang)
        yield from found


def _is_whole(found: FileOutcome) -> bool:
    """Return whether nothing is untouched and no change goes unnoticed, as far as was asked."""
    untouched = found.coverage.untouched if found.coverage else ()
    survivors = found.mutation.survivors if found.mutation else ()
    return not untouched and not survivors


# JSON


def _as_json(found: Sequence[FileOutcome], wanted: Wanted, lang: Lang) -> object:
    cases = [item for each in found for item in _items(each, lang)]
    if not (wanted.coverage or wanted.mutants):
        return cases
    return {"cases": cases, "profiles": [_of_profile(each, lang) for each in found]}


def _items(found: FileOutcome, lang: Lang) -> Iterator[dict[str, object]]:
    faults = [diagnostic.render(lang) for diagnostic in found.diagnostics]
    faults += [found.missing.in_(lang)] if found.missing else []
    if faults:
        yield _item(found.file, None, faults)
    for one in found.cases:
        yield _item(found.file, one, [each.text.in_(lang) for each in one.differences])


def _item(file: str, one: CaseOutcome | None, differences: list[str]) -> dict[str, object]:
    return {
        "file": file,
        "case": one.case.name if one else None,
        "line": one.case.line if one else None,
        "passed": not differences,
        "differences": differences,
    }


def _of_profile(found: FileOutcome, lang: Lang) -> dict[str, object]:
    item: dict[str, object] = {"file": found.file}
    if found.coverage:
        item["aspects"] = found.coverage.total
        item["untouched"] = [
            {"of": each.key[0] or None, "what": each.key[1], "line": each.mark.line}
            | {"message": each.text.in_(lang)}
            for each in found.coverage.untouched
        ]
    if found.mutation:
        counts = found.mutation
        item |= {"noticed": counts.noticed, "same": counts.same}
        item["survivors"] = [_of_mutant(each) for each in counts.survivors]
        item["silent"] = [_of_mutant(each) for each in counts.silent]
    return item


def _of_mutant(mutant: Mutant) -> dict[str, object]:
    place = {"line": mutant.mark.line, "column": mutant.mark.column}
    facts = dict(mutant.subject.facts) if mutant.subject else None
    return {
        "pointer": mutant.pointer,
        **place,
        "old": mutant.old,
        "new": mutant.new,
        "facts": facts,
    }


# Text


def _lines(found: Sequence[FileOutcome], wanted: Wanted, lang: Lang) -> Iterator[str]:
    passed = sum(case.passed for each in found for case in each.cases)
    failed = sum(not case.passed for each in found for case in each.cases)
    failed += sum(bool(each.diagnostics or each.missing) for each in found)
    for each in found:
        yield from _of_failures(each, lang)
        yield from _of_coverage(each, lang)
        yield from _of_mutants(each, lang)
    yield _SUMMARY.in_(lang, passed=passed, failed=failed)
    if wanted.coverage:
        known = [each.coverage for each in found if each.coverage]
        counts = {"touched": sum(c.touched for c in known), "total": sum(c.total for c in known)}
        yield _COVERED.in_(lang, **counts)
    if wanted.mutants:
        tried = [each.mutation for each in found if each.mutation]
        yield _NOTICED.in_(
            lang,
            noticed=sum(each.noticed for each in tried),
            unnoticed=sum(len(each.survivors) for each in tried),
            same=sum(each.same for each in tried),
            silent=sum(len(each.silent) for each in tried),
        )


def _of_failures(found: FileOutcome, lang: Lang) -> Iterator[str]:
    for diagnostic in found.diagnostics:
        yield diagnostic.render(lang)
    if found.missing:
        yield f"{found.file}: {found.missing.in_(lang)}"
    for one in found.cases:
        if not one.passed:
            yield f"{one.case.file}:{one.case.line}: {one.case.name}"
            yield from (f"    {each.text.in_(lang)}" for each in one.differences)


def _of_coverage(found: FileOutcome, lang: Lang) -> Iterator[str]:
    for each in found.coverage.untouched if found.coverage else ():
        place = f"{each.mark.file or found.file}:{each.mark.line}"
        yield f"{place}: {_UNTOUCHED.in_(lang, what=each.text.in_(lang))}"


def _of_mutants(found: FileOutcome, lang: Lang) -> Iterator[str]:
    for each in found.mutation.survivors if found.mutation else ():
        place = f"{found.file}:{each.mark.line}:{each.mark.column}"
        yield f"{place}: {_UNNOTICED.in_(lang)}"
        yield f"    - {each.old}"
        yield f"    + {each.new}"
        if each.subject:
            yield f"    {_NOTICES.in_(lang, facts=json.dumps(dict(each.subject.facts)))}"


_ALONE = Text(
    vi="--boundaries đứng một mình; hãy chạy các ca kiểm thử sau đó.",
    en="--boundaries stands alone; run the cases afterwards.",
)
_SUMMARY = Text(
    vi="Ca kiểm thử: {passed} đạt, {failed} không đạt.",
    en="Cases: {passed} passed, {failed} failed.",
)
_UNTOUCHED = Text(vi="chưa có ca nào cho thấy: {what}", en="no case shows: {what}")
_UNNOTICED = Text(
    vi="không ca nào nhận ra nếu sửa như sau; hãy thêm ca ngay tại ngưỡng:",
    en="no case notices this change; add the case just where it matters:",
)
_NOTICES = Text(vi="facts sẽ phát hiện: {facts}", en="facts that notice it: {facts}")
_COVERED = Text(
    vi="Các khía cạnh đã được thử: {touched} trên {total}.",
    en="Aspects that cases show: {touched} of {total}.",
)
_NOTICED = Text(
    vi="Thay đổi thử: {noticed} bị phát hiện, {unnoticed} không bị phát hiện, {same} không đổi "
    "nghĩa, {silent} không xét được vì nguồn không cho biết.",
    en="Changes: {noticed} noticed, {unnoticed} unnoticed, {same} without a difference, {silent} "
    "that cannot be judged as the source is silent.",
)
