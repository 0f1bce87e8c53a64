"""What a heading means, by the words of a mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import define, field, frozen

from xhht.criteria.mapping_document import Confidence, HeadingMeaning
from xhht.criteria.mappings import HeadingMapping, Phrase, bare_word, words_of
from xhht.domain.titles import Title
from xhht.tables.words import title_level_named

__all__ = ["COUNTS", "Heading", "read_heading", "titles_named"]

COUNTS = (
    HeadingMeaning.TOTAL,
    HeadingMeaning.REGISTERED,
    HeadingMeaning.ASSESSED,
    HeadingMeaning.RECOGNISED,
    HeadingMeaning.UNDETERMINED,
)
"""The meanings that are counts, from the widest to the narrowest."""

_UNIT = re.compile(r"\(\s*(?:hộ|người|thôn|đơn vị|dòng họ|đvt|\d+(?:\s*[=+:/x-]\s*\d+)*)\s*\)|\*+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LEVELS = {"good", "fair", "average"}


@frozen(kw_only=True)
class Heading:
    """The meaning of a heading.

    Attributes:
        text: its parts from top to bottom, joined by ` / `.
        means: the meaning, None if no word says any.
        title: the title that it names.
        subjects_of: the title whose subjects its last part names, if that is another word.
        title_level: the level of the title, such as `good`.
        confidence: how sure it is.
        unknown: the words that were not understood.
        years: the years that it names.
    """

    text: str
    means: HeadingMeaning | None = None
    title: Title | None = None
    subjects_of: Title | None = None
    title_level: str | None = None
    confidence: Confidence = Confidence.CERTAIN
    unknown: tuple[str, ...] = ()
    years: frozenset[str] = field(default=frozenset())

    @property
    def is_count(self) -> bool:
        """Whether the column has counts."""
        return self.means in COUNTS


def _tokens(text: str, mapping: HeadingMapping) -> Iterator[Phrase | str]:
    """Yield the phrases of a text, the longest first, and the words that are in none."""
    words = words_of(_UNIT.sub(" ", text.casefold()))
    known = mapping.phrases
    if text.isascii():
        known = {**mapping.bare_phrases, **known}
        words = tuple(map(bare_word, words))
    if words in mapping.alone:
        yield mapping.alone[words]
        return
    place = 0
    while place < len(words):
        for length in range(min(mapping.longest, len(words) - place), 0, -1):
            phrase = known.get(words[place : place + length])
            if phrase is not None:
                yield phrase
                place += length
                break
        else:
            yield words[place]
            place += 1


def titles_named(text: str, mapping: HeadingMapping) -> frozenset[Title]:
    """Return the titles that a text names by their names; subjects do not count."""
    return frozenset(
        token.title
        for token in _tokens(text, mapping)
        if isinstance(token, Phrase) and token.title is not None
    )


def read_heading(
    parts: Sequence[str], mapping: HeadingMapping, *, file: str = "", sheet: str = ""
) -> Heading:
    """Return the meaning of a heading.

    Args:
        parts: its texts from top to bottom.
        mapping: the words and headings.
        file: the name of the file, for entries of one file.
        sheet: the name of the sheet.

    >>> from xhht.criteria.mappings import bundled_mapping
    >>> heading = read_heading(["Số hộ đạt GĐHT"], bundled_mapping())
    >>> heading.means.value, heading.title.value, heading.confidence.value
    ('recognised', 'learning_household', 'certain')
    >>> read_heading(["Số hộ chưa đạt"], bundled_mapping()).confidence.value
    'doubtful'
    """
    text = " / ".join(parts)
    entry = mapping.entry_of(text, file=file, sheet=sheet)
    if entry is None and len(parts) > 1:
        entry = mapping.entry_of(parts[-1], file=file, sheet=sheet)
    if entry is not None:
        return Heading(
            text=text,
            means=entry.means,
            title=entry.title or _title_of_parts(parts, mapping),
            title_level=entry.title_level,
            confidence=entry.confidence or Confidence.CERTAIN,
        )
    said = _Said()
    for part in parts:
        for token in _tokens(part, mapping):
            said.add(token)
    return _of_words(text, parts, said, mapping)


@define
class _Said:
    """What the words of a heading say."""

    meanings: set[HeadingMeaning] = field(factory=set)
    titles: list[Title] = field(factory=list)
    subjects: list[Title] = field(factory=list)
    unknown: list[str] = field(factory=list)
    years: set[str] = field(factory=set)
    level: str | None = None

    def add(self, token: Phrase | str) -> None:
        if isinstance(token, str):
            if _YEAR.fullmatch(token):
                self.years.add(token)
            elif title_level_named(token) in _LEVELS:
                self.level = title_level_named(token)
            else:
                self.unknown.append(token)
        elif token.means is not None:
            self.meanings.add(token.means)
        elif token.title is not None:
            self.titles.append(token.title)
        elif token.subjects_of is not None:
            self.subjects.append(token.subjects_of)


def _of_words(text: str, parts: Sequence[str], said: _Said, mapping: HeadingMapping) -> Heading:
    titles, subjects, unknown, level = said.titles, said.subjects, said.unknown, said.level
    means, is_clear = _meaning(said.meanings)
    if means is None and level is not None:
        means = HeadingMeaning.RECOGNISED
    if level is not None and means is not HeadingMeaning.RECOGNISED:
        is_clear = is_clear and means is HeadingMeaning.RATE
    if means is None and subjects and not unknown:
        means = HeadingMeaning.TOTAL
    title = titles[0] if titles else None
    named_as = next((s for s in subjects if s is not title), subjects[0] if subjects else None)
    below = set(titles) - {title}
    if len(below) == 1 and len(titles_named(parts[0], mapping)) == 1:
        named_as = below.pop()  # copied from another group, or a question
    is_clear = is_clear and not below
    if title is None:
        is_clear = is_clear and len(set(subjects)) <= 1
    return Heading(
        text=text,
        means=means,
        title=title,
        subjects_of=named_as,
        title_level=level,
        confidence=Confidence.CERTAIN if is_clear and not unknown else Confidence.DOUBTFUL,
        unknown=tuple(unknown),
        years=frozenset(said.years),
    )


def _title_of_parts(parts: Sequence[str], mapping: HeadingMapping) -> Title | None:
    named = [title for part in parts for title in titles_named(part, mapping)]
    return named[-1] if len(set(named)) == 1 else None


def _meaning(meanings: set[HeadingMeaning]) -> tuple[HeadingMeaning | None, bool]:
    """Return what several words mean together, and whether that is clear."""
    if HeadingMeaning.RATE in meanings:
        return HeadingMeaning.RATE, True
    roles = meanings.difference(COUNTS)
    if roles:
        return min(roles), len(meanings) == 1
    counts = [count for count in COUNTS if count in meanings]
    narrower = [count for count in counts if count is not HeadingMeaning.TOTAL]
    if narrower:
        return narrower[-1], len(narrower) == 1
    return (counts[0] if counts else None), True
