"""Mappings: which heading of a table means which count, title or other column.

A file `NAME.mapping.yaml` is read like a profile: typed, with all errors reported at once. The
mapping that the library brings has the words of Vietnamese offices; a mapping of one's own is
added to it and comes first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from attrs import field, frozen

from xhht.criteria.decoding import as_bytes, read_document
from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector, ProfileError
from xhht.criteria.files import MAPPING_SUFFIX, bundled_directory
from xhht.criteria.mapping_document import (
    HeadingEntry,
    HeadingMeaning,
    MappingDocument,
)
from xhht.criteria.recovery import CheckContext
from xhht.domain.titles import Title
from xhht.text import match_key, normalize_text

__all__ = [
    "HeadingMapping",
    "Phrase",
    "bare_word",
    "bundled_mapping",
    "check_mapping",
    "examine_mapping",
    "is_mapping_file",
    "load_mapping",
    "loads_mapping",
    "words_of",
]

FORMAT = 1
_WORD = re.compile(r"%|[^\W_]+", re.UNICODE)


@frozen
class Phrase:
    """What some words of a heading say; one of the attributes is set, or none for a filler.

    Attributes:
        means: the meaning.
        is_alone: whether the words have this meaning only as a complete heading.
        title: the title that they name.
        subjects_of: the title whose subjects they name.
    """

    means: HeadingMeaning | None = None
    is_alone: bool = False
    title: Title | None = None
    subjects_of: Title | None = None


@frozen
class HeadingMapping:
    """The words and headings of mapping files, the first file first.

    Attributes:
        documents: their contents.
    """

    documents: tuple[MappingDocument, ...] = field(repr=False)

    def beside(self, other: HeadingMapping) -> HeadingMapping:
        """Return a mapping with the contents of both; this one comes first."""
        return HeadingMapping((*self.documents, *other.documents))

    def entry_of(self, heading: str, *, file: str = "", sheet: str = "") -> HeadingEntry | None:
        """Return the first entry for a complete heading, or None.

        Args:
            heading: its parts from top to bottom, with ` / ` between them.
            file: the name of the file.
            sheet: the name of the sheet.
        """
        if not self.entries:
            return None
        key = _heading_key(heading)
        for entry in self.entries:
            if entry.file is not None and not _matches(entry.file, file):
                continue
            if entry.sheet is not None and not _matches(entry.sheet, sheet):
                continue
            if entry.pattern is not None:
                if _matches(entry.pattern, normalize_text(heading)):
                    return entry
            elif key == _heading_key(entry.heading or ""):
                return entry
        return None

    @cached_property
    def entries(self) -> tuple[HeadingEntry, ...]:
        """The entries for complete headings, the first file first."""
        return tuple(entry for item in self.documents for entry in item.headings or ())

    @cached_property
    def phrases(self) -> Mapping[tuple[str, ...], Phrase]:
        """What each sequence of words says, by `words_of`."""
        phrases: dict[tuple[str, ...], Phrase] = {}
        for document in self.documents:
            for words, phrase in _phrases_of(document):
                if not phrase.is_alone:
                    phrases.setdefault(words_of(words), phrase)
        return phrases

    @cached_property
    def alone(self) -> Mapping[tuple[str, ...], Phrase]:
        """What each complete heading says that is no phrase of a longer one."""
        phrases: dict[tuple[str, ...], Phrase] = {}
        for document in self.documents:
            for words, phrase in _phrases_of(document):
                if phrase.is_alone:
                    phrases.setdefault(words_of(words), phrase)
                    phrases.setdefault(tuple(map(bare_word, words_of(words))), phrase)
        return phrases

    @cached_property
    def longest(self) -> int:
        """The number of words of the longest phrase."""
        return max(map(len, self.phrases), default=0)

    @cached_property
    def bare_phrases(self) -> Mapping[tuple[str, ...], Phrase]:
        """The same as `phrases` without diacritics, as far as they then have one meaning."""
        several: dict[tuple[str, ...], set[Phrase]] = {}
        for words, phrase in self.phrases.items():
            several.setdefault(tuple(map(bare_word, words)), set()).add(phrase)
        return {words: min(all_, key=str) for words, all_ in several.items() if len(all_) == 1}


def _phrases_of(document: MappingDocument) -> Iterator[tuple[str, Phrase]]:
    for titled in document.titles or ():
        for name in titled.names or ():
            yield name, Phrase(title=titled.title)
        for name in titled.subjects or ():
            yield name, Phrase(subjects_of=titled.title)
    for entry in document.words or ():
        for word in entry.words:
            yield word, Phrase(means=entry.means, is_alone=bool(entry.is_alone))
    for word in document.fillers or ():
        yield word, Phrase()


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a heading; letter case and the place of tone marks do not matter.

    >>> words_of("Tỷ lệ (%)") == words_of("TỶ  LỆ, %")
    True
    """
    folded = normalize_text(text).casefold()
    return tuple(match_key(word) for word in _WORD.findall(folded))


def bare_word(word: str) -> str:
    """Return a word of `words_of` without diacritics."""
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(char for char in letters if not unicodedata.combining(char))


def _heading_key(heading: str) -> tuple[str, ...]:
    return words_of(heading)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _matches(pattern: str, text: str) -> bool:
    return _pattern(pattern).fullmatch(normalize_text(text)) is not None


def is_mapping_file(file: str) -> bool:
    """Return whether a file name is that of a mapping file."""
    return file.endswith(MAPPING_SUFFIX)


def examine_mapping(data: bytes, file: str) -> tuple[HeadingMapping | None, DiagnosticCollector]:
    """Return the mapping in a file, or None if nothing can be read, and all diagnostics."""
    document, report = read_document(MappingDocument, data, file)
    if document is None:
        return None, report.sink
    _check(document, report)
    return HeadingMapping((document,)), report.sink


def _check(document: MappingDocument, report: CheckContext) -> None:
    if document.format != FORMAT:
        report.report_error("XH124", "/format", found=document.format)
    seen: dict[tuple[object, ...], HeadingEntry] = {}
    for index, entry in enumerate(document.headings or ()):
        pointer = f"/headings/{index}"
        if (entry.heading is None) == (entry.pattern is None):
            report.report_error("XH701", pointer, keys="heading, pattern")
        for name in ("pattern", "file", "sheet"):
            text = getattr(entry, name)
            if text is not None:
                try:
                    _pattern(text)
                except re.error:
                    report.report_error("XH801", f"{pointer}/{name}", found=text)
        place = _heading_key(entry.heading or ""), entry.pattern, entry.file, entry.sheet
        if place in seen:
            report.report_error("XH802", pointer)
        seen.setdefault(place, entry)


def loads_mapping(text: str | bytes, file: str = "<text>") -> HeadingMapping:
    """Return the mapping in a YAML text.

    Raises:
        ProfileError: it has errors; all are listed.

    >>> mapping = loads_mapping('''
    ... format: 1
    ... id: own.mapping
    ... headings:
    ...   - heading: Kết quả 2025
    ...     means: recognised
    ...     title: learning_household
    ... ''')
    >>> mapping.entry_of("KẾT QUẢ 2025").means.value
    'recognised'
    """
    mapping, sink = examine_mapping(as_bytes(text), file)
    if mapping is None or sink.has_errors:
        raise ProfileError(sink.diagnostics)
    return mapping


def load_mapping(path: str | Path) -> HeadingMapping:
    """Return the mapping in a file.

    Raises:
        ProfileError: it has errors; all are listed.
        OSError: it cannot be read.
    """
    return loads_mapping(Path(path).read_bytes(), str(path))


def check_mapping(data: str | bytes, file: str = "<text>") -> tuple[Diagnostic, ...]:
    """Return all diagnostics of a mapping file."""
    return examine_mapping(as_bytes(data), file)[1].diagnostics


@cache
def bundled_mapping() -> HeadingMapping:
    """Return the mapping that the library brings: the words of Vietnamese offices.

    >>> len(bundled_mapping().phrases) > 150
    True
    """
    return load_mapping(bundled_directory() / f"vn.offices{MAPPING_SUFFIX}")
