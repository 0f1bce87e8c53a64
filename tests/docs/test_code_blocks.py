"""Every code block of the README and the docs does what the page says it does.

The convention is told in CONTRIBUTING.md, "Code blocks in the docs".
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest
from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FROM_THE_REPOSITORY = ("criteria_profiles", "examples")
FILE_LANGUAGES = {"csv", "json", "yaml"}
LEFT_ALONE = {"make", "mermaid", "sh", "text", "toml"}
OUTPUT = "Output"

FENCE = re.compile(r"(?P<indent> *)(?P<marks>`{3,}|~{3,}) *(?P<language>[\w+-]*)(?P<rest>.*)")
TITLE = re.compile(r'title="(?P<title>[^"]*)"')
EXIT_CODE = re.compile(r"# exit (?P<code>\d+)")


class PageError(AssertionError):
    """A block that does not do what its page says; the message begins with file:line."""


@frozen(kw_only=True)
class Block:
    """A fenced block; `line` is that of its first line of content."""

    page: str
    line: int
    language: str
    title: str | None
    text: str

    def fail(self, what: str, line: int = 0) -> PageError:
        """Return the error for `line`, counted from 0 inside the block."""
        return PageError(f"{self.page}:{self.line + line}: {what}")


@frozen
class Command:
    """One `$ xhht` line of a console block, with what must be printed and the exit code."""

    line: int
    words: list[str]
    expected: str
    exit_code: int


def blocks_of(text: str, page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        opening = FENCE.fullmatch(lines[at])
        at += 1
        if not opening:
            continue
        start, closing = at, re.compile(rf" *{opening['marks'][0]}{{{len(opening['marks'])},}} *")
        while at < len(lines) and not closing.fullmatch(lines[at]):
            at += 1
        if at == len(lines):
            raise PageError(f"{page}:{start}: the code block that begins here never ends")
        title = TITLE.search(opening["rest"])
        yield Block(
            page=page,
            line=start + 1,
            language=opening["language"],
            title=title["title"] if title else None,
            text=dedent("\n".join(lines[start:at]) + "\n"),
        )
        at += 1


def commands_of(block: Block) -> Iterator[Command]:
    """Yield the commands of a console block."""
    lines = block.text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    if not starts or starts[0] != 0:
        raise block.fail("a console block begins with a line `$ xhht …`")
    for start, end in pairwise([*starts, len(lines)]):
        words = shlex.split(lines[start].removeprefix("$ "), comments=True)
        if words[:1] != ["xhht"]:
            raise block.fail("only `xhht` runs here; put other commands into a `sh` block", start)
        shown = lines[start + 1 : end]
        declared = EXIT_CODE.fullmatch(shown[-1]) if shown else None
        expected = shown[:-1] if declared else shown
        code = int(declared["code"]) if declared else 0
        yield Command(start, words[1:], "\n".join(expected), code)


def same_output(expected: str, printed: str) -> bool:
    """Return whether the lines agree; an expected line `...` stands for any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line) + r"\n" for line in tidy(expected)
    )
    return re.fullmatch(pattern, "".join(line + "\n" for line in tidy(printed))) is not None


def tidy(output: str) -> list[str]:
    """Return the lines without space at their ends and without blank lines at either end."""
    return "\n".join(line.rstrip() for line in output.splitlines()).strip("\n").split("\n")


def difference(expected: str, printed: str) -> str:
    """Return how what was printed differs from what the page shows."""
    return "\n".join(
        difflib.unified_diff(tidy(expected), tidy(printed), "the page", "printed", lineterm="")
    )


class Page:
    """Runs the blocks of one page in order, in one namespace and one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.namespace: dict[str, object] = {"__name__": "__main__"}
        self.printed: str | None = None
        self.runners: dict[str, Callable[[Block], None]] = {
            "console": self.run_console,
            "python": self.run_python,
            "text": self.compare_output,
            **dict.fromkeys(FILE_LANGUAGES, self.write_file),
        }

    def run(self, block: Block) -> None:
        """Run one block.

        Raises:
            PageError: it does not do what the page says.
        """
        runner = self.runners.get(block.language)
        if runner:
            runner(block)
        elif block.language not in LEFT_ALONE:
            raise block.fail(f"a code block needs a language that is known here: {block.language}")
        if block.language != "python":
            self.printed = None

    def write_file(self, block: Block) -> None:
        """Write a block that has a title into the file of that name."""
        if block.title is None:
            return
        path = (self.folder / block.title).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise block.fail("a file of a page lies in the page's own folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")

    def run_python(self, block: Block) -> None:
        """Run a block as a program, or as a doctest if it shows prompts."""
        output = io.StringIO()
        if block.text.startswith(">>>"):
            self.run_doctest(block, output)
        else:
            try:
                tree = ast.increment_lineno(ast.parse(block.text), block.line - 1)
                with contextlib.redirect_stdout(output):
                    exec(compile(tree, block.page, "exec"), self.namespace)
            except Exception as error:
                line = fault_line(error, block)
                raise block.fail(f"{type(error).__name__}: {error}", line - block.line) from error
        self.printed = output.getvalue()

    def run_doctest(self, block: Block, output: io.StringIO) -> None:
        """Run the prompts of a block."""
        test = doctest.DocTestParser().get_doctest(
            block.text, self.namespace, block.page, block.page, block.line - 1
        )
        runner = doctest.DocTestRunner(
            optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS, verbose=False
        )
        runner.run(test, out=output.write, clear_globs=False)
        self.namespace.update(test.globs)
        if runner.failures:
            raise block.fail(output.getvalue())

    def compare_output(self, block: Block) -> None:
        """Compare a text block titled "Output" with what the python block above it printed."""
        if block.title != OUTPUT:
            return
        if self.printed is None:
            raise block.fail("output is shown, but no python block stands right above it")
        if not same_output(block.text, self.printed):
            raise block.fail("other output\n" + difference(block.text, self.printed))

    def run_console(self, block: Block) -> None:
        """Run the commands of a console block and compare what they print."""
        for command in commands_of(block):
            words, source = command.words, None
            if "<" in words:
                source = (self.folder / words[-1]).read_bytes()
                words = words[: words.index("<")]
            run = subprocess.run(
                [sys.executable, "-m", "xhht", *words],
                cwd=self.folder,
                env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "100", "NO_COLOR": "1"},
                input=source or b"",
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=60,
                check=False,
            )
            printed = run.stdout.decode()
            if run.returncode != command.exit_code:
                what = f"exit code {run.returncode} instead of {command.exit_code}\n{printed}"
                raise block.fail(what, command.line)
            if not same_output(command.expected, printed):
                what = "other output\n" + difference(command.expected, printed)
                raise block.fail(what, command.line)


def fault_line(error: Exception, block: Block) -> int:
    """Return the line of the page at which a python block failed."""
    if isinstance(error, SyntaxError):
        return block.line - 1 + (error.lineno or 1)
    lines = [block.line]
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == block.page:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return lines[-1]


def run_page(text: str, page: str, folder: Path) -> None:
    """Run every block of a page.

    Raises:
        PageError: a block does not do what the page says.
    """
    running = Page(folder)
    for block in blocks_of(text, page):
        running.run(block)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, apart from what a reader of the docs has in a clone."""
    for name in FROM_THE_REPOSITORY:
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page(page: Path, folder: Path) -> None:
    name = page.relative_to(ROOT).as_posix()
    try:
        run_page(page.read_text(encoding="utf-8"), name, folder)
    except PageError as fault:
        pytest.fail(str(fault), pytrace=False)


def test_blocks_share_one_namespace_and_one_folder(folder: Path) -> None:
    page = """
```csv title="counts.csv"
area,total
00004,12
```
```python
from pathlib import Path
lines = Path("counts.csv").read_text().splitlines()
print(lines[-1])
```
```text title="Output"
00004,12
```
```python
>>> len(lines)
2
```
"""
    run_page(page, "page.md", folder)


FAULTY = {
    "error": ("```python\nx = 1\n1 / 0\n```", r"page\.md:3: ZeroDivisionError"),
    "syntax": ("```python\nx = \n```", r"page\.md:2: SyntaxError"),
    "doctest": ("```python\n>>> 1 + 1\n3\n```", r"page\.md:2: (.|\n)*Expected:\n +3"),
    "no end": ("text\n```python\nx = 1\n", r"page\.md:2: .* never ends"),
    "output": (
        '```python\nprint(1)\n```\n```text title="Output"\n2\n```',
        r"page\.md:5: other output",
    ),
    "output of nothing": ('```text title="Output"\n2\n```', "no python block"),
    "other program": ("```console\n$ rm x\n```", r"page\.md:2: only `xhht` runs"),
    "no command": ("```console\nxhht check\n```", r"page\.md:2: a console block begins"),
    "exit code": ("```console\n$ xhht no-such\n```", r"page\.md:2: exit code 2 instead of 0"),
    "printed": ("```console\n$ xhht no-such\n# exit 2\n```", r"page\.md:2: other output"),
    "file outside": ('```csv title="../x.csv"\n```', "own folder"),
    "misspelt language": ("```pyhton\n```", "needs a language"),
}


@pytest.mark.parametrize(("page", "fault"), FAULTY.values(), ids=FAULTY.keys())
def test_a_block_that_does_not_hold_is_named(page: str, fault: str, folder: Path) -> None:
    with pytest.raises(PageError, match=fault):
        run_page(page, "page.md", folder)


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\n", "a  \n\n", True),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nd\n", True),
        ("a\n", "a\nb\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_three_dots_stand_for_any_lines(expected: str, printed: str, same: bool) -> None:
    assert same_output(expected, printed) is same
