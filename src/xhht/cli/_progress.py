"""A progress bar on standard error, if it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

import click

from xhht.numbers import number_text
from xhht.text import Lang, Text

_WIDTH = 30
_SECONDS = 0.2


class Progress:
    """Draws the number of processed rows; thread-safe."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self._is_visible = sys.stderr.isatty()
        self._lock = Lock()
        self._done = 0
        self._last_drawn = 0.0

    def begin(self) -> None:
        """Restart the count at 0 for the next part of the work."""
        self._done = 0

    def advance(self, rows: int, total: int) -> None:
        """Add processed rows, of about `total`; 0 if the total is unknown."""
        if not self._is_visible:
            return
        with self._lock:
            self._done += rows
            if monotonic() - self._last_drawn >= _SECONDS:
                self._last_drawn = monotonic()
                click.echo(f"\r{self._line(total)}\033[K", err=True, nl=False)

    def end(self) -> None:
        """Remove the bar."""
        if self._last_drawn:
            click.echo("\r\033[K", err=True, nl=False)

    def _line(self, total: int) -> str:
        done = number_text(self._done, self._lang)
        if not total:
            return _DONE.get(self._lang, done=done)
        share = min(self._done / total, 1.0)
        filled = int(share * _WIDTH)
        return _BAR.get(
            self._lang,
            bar="#" * filled + "." * (_WIDTH - filled),
            percent=f"{int(share * 100):3}",
            done=done,
            total=number_text(total, self._lang),
        )


@contextmanager
def progress_bar(lang: Lang) -> Iterator[Progress]:
    """Yield a progress bar that is removed at the end of the block."""
    bar = Progress(lang)
    try:
        yield bar
    finally:
        bar.end()


_BAR = Text(
    vi="[{bar}] {percent}% {done}/{total} dòng",
    en="[{bar}] {percent}% {done}/{total} rows",
)
_DONE = Text(vi="{done} dòng…", en="{done} rows…")
