"""`xhht test`: runs the test files that stand beside profiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

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
from xhht.criteria.diagnostics import ProfileError
from xhht.criteria.files import profile_files
from xhht.criteria.loading import load_profile
from xhht.evaluation.cases import load_cases, run_case, test_file_of
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("test")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True))
@common_options
@refusing
def command(paths: tuple[str, ...], output: Format, lang: Lang) -> None:
    """Run the cases of `NAME.test.yaml` beside each profile; a profile without any is a fault.

    Chạy các ca kiểm thử đặt cạnh bộ tiêu chí.
    """
    items: list[dict[str, object]] = []
    files = list(_files(paths, lang))
    for file in files:
        try:
            items += _outcomes(file, files, lang)
        except ProfileError as error:
            found = [diagnostic.render(lang) for diagnostic in error.diagnostics]
            items.append(_item(file, None, found))
    failed = [item for item in items if not item["passed"]]
    if output is Format.JSON:
        print_json(items)
    else:
        for item in failed:
            print_text(f"{item['file']}: {item['case'] or '-'}")
            for difference in item["differences"] if isinstance(item["differences"], list) else ():
                print_text(f"    {difference}")
        counts = _SUMMARY.format(passed=len(items) - len(failed), failed=len(failed))
        print_text(counts.in_(lang))
    finish(faults=bool(failed))


def _files(paths: tuple[str, ...], lang: Lang) -> Iterator[Path]:
    for path in paths:
        found = profile_files([Path(path)])
        if not found:
            refuse(NO_PROFILES.format(directory=path), lang)
        yield from found


def _outcomes(file: Path, together: list[Path], lang: Lang) -> list[dict[str, object]]:
    profile, cases = load_profile(file, bases=together), test_file_of(file)
    if not cases.exists():
        return [_item(file, None, [_NO_TESTS.in_(lang, file=cases.name)])]
    outcomes = [run_case(profile, case) for case in load_cases(cases)]
    return [_item(file, o.case.name, [d.in_(lang) for d in o.differences]) for o in outcomes]


def _item(file: Path, case: str | None, differences: list[str]) -> dict[str, object]:
    return {
        "file": str(file),
        "case": case,
        "passed": not differences,
        "differences": differences,
    }


_NO_TESTS = Text(
    vi="Không có ca kiểm thử; hãy viết chúng vào tệp {file} đặt cạnh.",
    en="There are no cases; write them into {file} beside it.",
)
_SUMMARY = Text(
    vi="Ca kiểm thử: {passed} đạt, {failed} không đạt.",
    en="Cases: {passed} passed, {failed} failed.",
)
