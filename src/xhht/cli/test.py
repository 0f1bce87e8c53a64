"""`xhht test`: runs the test files that stand beside profiles."""

from __future__ import annotations

from pathlib import Path

import click

from xhht.cli._common import Format, common_options, finish, print_json, print_text, refusing
from xhht.cli._profiles import named_profile
from xhht.criteria.registry import profile_files
from xhht.evaluation.cases import CaseOutcome, load_cases, run_case, test_file_of
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
    for file in profile_files(map(Path, paths)):
        profile = named_profile(str(file), output, lang)
        cases = test_file_of(file)
        if not cases.exists():
            items.append(_item(file, None, False, [_NO_TESTS.in_(lang)]))
            continue
        for outcome in (run_case(profile, case) for case in load_cases(cases)):
            items.append(_outcome(file, outcome, lang))
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


def _outcome(file: Path, outcome: CaseOutcome, lang: Lang) -> dict[str, object]:
    differences = [difference.in_(lang) for difference in outcome.differences]
    return _item(file, outcome.case.name, not differences, differences)


def _item(file: Path, case: str | None, passed: bool, differences: list[str]) -> dict[str, object]:
    return {"file": str(file), "case": case, "passed": passed, "differences": differences}


_NO_TESTS = Text(
    vi="Không có tệp kiểm thử .test.yaml đặt cạnh.", en="There is no .test.yaml beside it."
)
_SUMMARY = Text(
    vi="Ca kiểm thử: {passed} đạt, {failed} không đạt.",
    en="Cases: {passed} passed, {failed} failed.",
)
