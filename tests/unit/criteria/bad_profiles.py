"""The bad files of `bad/`: for each diagnostic a small file, what is found in it, the mend.

A file begins with what is expected, one line a finding: `# CODE LINE:COLUMN POINTER`. Then
`# good FIRST-LAST` says which lines to replace by the lines marked `#|` to mend the file.

In `bad/several/` stand files with several faults each, such as people write them, headed alike. To
add one, write it there without a head; `python tests/unit/criteria/bad_profiles.py FILE` prints the
head for what is found in it. Look at each line of it before it is put on top of the file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from attrs import frozen

from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.loading import check_profile
from xhht.criteria.mappings import check_mapping
from xhht.criteria.targets import check_targets

BAD = Path(__file__).parent / "bad"
SEVERAL = BAD / "several"
_EXPECTED = re.compile(r"# (XH\d{3}) (\d+):(\d+) ?(.*)")
_GOOD = re.compile(r"# good (\d+)-(\d+)")


@frozen
class Found:
    """A finding, as far as it is expected."""

    code: str
    line: int
    column: int
    pointer: str


@frozen
class BadProfile:
    """A bad profile.

    Attributes:
        code: the diagnostic that it is an example of.
        data: the file.
        expected: what is found in it, in the order of the file.
        bad: the lines that are at fault; none where something is missing.
        good: the lines that mend it, or None for a fault of the file as a whole.
        first: where the bad lines begin, from 1.
    """

    code: str
    data: bytes
    expected: tuple[Found, ...]
    bad: tuple[str, ...]
    good: tuple[str, ...] | None
    first: int

    def check(self, data: bytes | None = None) -> tuple[Diagnostic, ...]:
        """Return what is found in the file, or in other `data` of its kind."""
        checks: dict[str, Callable[..., tuple[Diagnostic, ...]]]
        checks = {"XH7": check_targets, "XH8": check_mapping}
        check = checks.get(self.code[:3], check_profile)
        return check(self.data if data is None else data, "x.yaml")

    def mended(self) -> bytes:
        """Return the file with its fault mended."""
        assert self.good is not None
        lines = self.data.decode(errors="replace").splitlines()
        lines[self.first - 1 : self.first - 1 + len(self.bad)] = self.good
        return "\n".join(lines).encode()


def read_bad(path: Path) -> BadProfile:
    """Return a bad profile."""
    data = path.read_bytes()
    lines = data.decode(errors="replace").splitlines()
    expected = [match for line in lines if (match := _EXPECTED.fullmatch(line))]
    place = next((match for line in lines if (match := _GOOD.fullmatch(line))), None)
    first, last = (int(place[1]), int(place[2])) if place else (1, 0)
    return BadProfile(
        code=path.stem,
        data=data,
        expected=tuple(Found(m[1], int(m[2]), int(m[3]), m[4]) for m in expected),
        bad=tuple(lines[first - 1 : last]),
        good=tuple(line[3:] for line in lines if line.startswith("#| ")) if place else None,
        first=first,
    )


def all_several() -> tuple[BadProfile, ...]:
    """Return the bad profiles with several faults, in the order of their names."""
    return tuple(read_bad(path) for path in sorted(SEVERAL.glob("*.yaml")))


def head_of(data: bytes) -> str:
    """Return the head that tells what is found in a file, once the head stands on top of it."""
    count = len(check_profile(data, "x.yaml"))
    diagnostics = check_profile(b"#\n" * count + data, "x.yaml")
    return "".join(
        f"# {one.code} {one.mark.line}:{one.mark.column} {one.pointer}".rstrip() + "\n"
        for one in diagnostics
    )


def all_bad() -> tuple[BadProfile, ...]:
    """Return every bad profile, in the order of the codes."""
    return tuple(read_bad(path) for path in sorted(BAD.glob("*.yaml")))


if __name__ == "__main__":
    print(head_of(Path(sys.argv[1]).read_bytes()), end="")
