"""`xhht check` over thousands of files: profiles of the library's own sizes, and overlays of one.

Every tenth file has a fault. Run `make bench-check`.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

from xhht.criteria.files import bundled_directory, profile_files

FILES = 2_000
FAULTY_ONE_IN = 10
PROFILES = "profiles"
OVERLAYS = "overlays"


def write_files(folder: Path, kind: str) -> int:
    """Write the files of a kind into a folder; return how many lines they have."""
    texts = [file.read_text(encoding="utf-8") for file in profile_files([bundled_directory()])]
    wanted = [text for text in texts if ("\nextends:" in text) is (kind == OVERLAYS)]
    lines = 0
    for number, text in zip(range(FILES), cycle(wanted)):
        own = re.sub(r"^id: \S+", rf"\g<0>-{number}", text, count=1, flags=re.MULTILINE)
        if number % FAULTY_ONE_IN == 0:
            own = own.replace("\nstatus: ", "\nstatuss: ", 1)
        (folder / f"{number:04}.yaml").write_text(own, encoding="utf-8")
        lines += own.count("\n")
    return lines


def processor_seconds() -> float:
    """Return how long the processors worked for the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Check both kinds of files, and print the table."""
    print("| files | lines | seconds | of the processors | a file |")
    print("|---|--:|--:|--:|--:|")
    for kind in (PROFILES, OVERLAYS):
        with tempfile.TemporaryDirectory() as name:
            lines = write_files(Path(name), kind)
            before, started = processor_seconds(), time.perf_counter()
            command = [sys.executable, "-m", "xhht", "check", name, "--lang", "en"]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            seconds = time.perf_counter() - started
            worked = processor_seconds() - before
        said = run.stdout.splitlines()[-1]
        if not said.startswith(f"Checked {FILES} files: "):
            sys.exit(f"The check ended otherwise: {run.stderr}")
        time_per_file = f"{worked / FILES * 1000:.1f} ms"
        print(f"| {FILES:,} {kind} | {lines:,} | {seconds:.1f} | {worked:.1f} | {time_per_file} |")
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else "?"
    print(f"\nPython {sys.version.split()[0]}, {processors} processors.")


if __name__ == "__main__":
    main()
