"""Areas by name: which area a written name means, or the question that has to be answered.

One certain match is used; of several, or none, nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache

from attrs import evolve, field, frozen

from xhht.dates import day_text
from xhht.domain.area import Area
from xhht.domain.area_words import AREA_KINDS, AreaKind
from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance, Split, Whole
from xhht.domain.titles import AreaLevel
from xhht.text import LabelledEnum, Text, join, match_key, normalize_text

__all__ = ["AreaMatch", "AreaNames", "AreaQuestion", "AreaReading", "QuestionReason"]


_CACHED = 50_000


class AreaReading(LabelledEnum):
    """How a written name was found to mean an area; the first that applies."""

    SAME = "same", "đúng tên", "the same name"
    """Up to letter case, spaces and the place of tone marks."""
    KIND = "kind", "từ chỉ loại được viết tắt hoặc lược bỏ", "the kind abbreviated or left out"
    """`P. Phú Thủy`, or `Phú Thủy`, for `Phường Phú Thủy`."""
    SPELLING = "spelling", "khác cách viết", "another spelling"
    """Other hyphens, apostrophes, zeros, or i for y."""
    MARKS = "marks", "viết không dấu", "written without marks"
    """`Phu Thuy`."""
    OLD = "old", "tên cũ", "an old name"
    """The name of an area before a change."""


class QuestionReason(LabelledEnum):
    """Why a written name does not say which area is meant."""

    SEVERAL = "several", "nhiều khu vực có tên này", "several areas have this name"
    NONE = "none", "không khu vực nào có tên này", "no area has this name"
    OTHER_KIND = (
        "other_kind",
        "có khu vực mang tên này nhưng thuộc loại khác",
        "an area of another kind has this name",
    )
    NEAR = "near", "chỉ có tên gần giống", "there are only similar names"
    OUTSIDE = (
        "outside",
        "khu vực có tên này không thuộc khu vực lớn hơn đã nêu hoặc đang xét",
        "the area with this name is not in the larger area that is named or considered",
    )
    NOW = (
        "now",
        "tên được ghi là tên cũ, nhưng chỉ có khu vực hiện nay mang tên này",
        "it is written as a former name, but only an area of today has it",
    )
    ENDED = (
        "ended",
        "khu vực cũ này không còn, và bảng biến động không cho biết nay thuộc khu vực nào",
        "this former area no longer exists, and the table of changes does not say where it is now",
    )
    OLD = (
        "old",
        "đây là tên cũ; cần bảng biến động (hoặc xhht areas carry) để chuyển sang khu vực hiện nay",
        "this is an old name; the table of changes (or xhht areas carry) is needed to find the "
        "area of today",
    )
    DIVIDED = (
        "divided",
        "khu vực cũ này đã được chia cho nhiều khu vực",
        "this former area was divided among several",
    )
    PART = (
        "part",
        "khu vực cũ này chỉ là một phần của khu vực hiện nay; hãy chuyển số liệu bằng "
        "xhht areas carry",
        "this former area is only part of an area of today; carry the figures with "
        "xhht areas carry",
    )
    CODE_AND_NAME = (
        "code_and_name",
        "mã và tên không cùng một khu vực",
        "the code and the name do not belong to one area",
    )
    OLD_CODE = (
        "old_code",
        "mã và tên là của khu vực cũ; hãy chuyển số liệu bằng xhht areas carry",
        "the code and the name are those of a former area; carry the figures with xhht areas carry",
    )


@frozen(kw_only=True)
class AreaMatch:
    """The one area that a written name means.

    Attributes:
        text: the name as it was written.
        area: the area, of the day of the table of areas.
        reading: how it was found.
        was: of an old name, the area that had it.
        is_part: whether `was` is only part of `area`, so that counts of one are not of the other.
    """

    text: str
    area: Area
    reading: AreaReading
    was: Area | None = None
    is_part: bool = False

    @property
    def is_as_written(self) -> bool:
        """Whether nothing but letter case, spaces or the place of tone marks differs."""
        return self.reading is AreaReading.SAME

    @property
    def said(self) -> Text:
        """What was read, for the notes on a file."""
        return _READ_AS.format(
            text=self.text, code=self.area.code, name=self.area.name, reading=self.reading.label
        )


@frozen(kw_only=True)
class AreaQuestion:
    """A written name that does not say which area is meant.

    Attributes:
        text: the name as it was written; it may be anything, so no message repeats it.
        candidates: the areas that may be meant, the likeliest first; perhaps none.
        parents: the area that contains each of them, if known.
        reason: why it is a question.
        code: the code that stood beside the name, if that contradicts it.
    """

    text: str = field(repr=False)
    candidates: tuple[Area, ...]
    parents: tuple[Area | None, ...] = field(repr=False)
    reason: QuestionReason
    code: str | None = None

    @property
    def message(self) -> Text:
        """The question, with the candidates."""
        listed = join(
            [
                _CANDIDATE.format(code=area.code, name=area.name, where=_where(area, parent))
                for area, parent in zip(self.candidates, self.parents, strict=True)
            ],
            "; ",
        )
        reason = self.reason.label
        if not self.candidates:
            return _QUESTION.format(reason=reason)
        return _QUESTION_WITH.format(reason=reason, candidates=listed)


def _where(area: Area, parent: Area | None) -> Text:
    parts = [] if parent is None else [Text(vi=parent.name, en=parent.name)]
    if area.valid_to is not None:
        parts.append(_UNTIL.format(day=day_text(area.valid_to - timedelta(days=1))))
    return join([Text(vi="", en=""), *parts], ", ") if parts else Text(vi="", en="")


@frozen
class _Form:
    """One way to read a written name: the kinds that it may state, and the name proper."""

    kinds: frozenset[str]
    levels: frozenset[AreaLevel]
    name: str

    def fits(self, other: _Form) -> bool:
        """Return whether the kinds of both do not exclude each other."""
        if self.kinds and other.kinds:
            return bool(self.kinds & other.kinds)
        return not (self.levels and other.levels) or bool(self.levels & other.levels)


@frozen
class _Entry:
    area: Area
    form: _Form


class AreaNames:
    """Finds the areas of one day by name.

    Letter case, the place of tone marks, Unicode form, spaces, hyphens and apostrophes do not
    matter; the kind may be abbreviated (`P.`, `X.`, `TT.`, `Tp.`, `KP`) or left out; a name may be
    written without any marks. A larger area may follow or precede: `Xã Tân Lập, huyện Hàm Tân`.

    Args:
        tree: the areas of one day.
        changes: the changes up to that day; with them old names are found.
        within: codes of areas; only they and the areas inside them may be meant.
        level: the only level that may be meant.

    Raises:
        DomainError: the areas do not exist on one day, or a code of `within` is unknown.

    >>> tree = AreaTree(
    ...     [
    ...         Area(code="68", name="Tỉnh Lâm Đồng", level=AreaLevel.PROVINCE),
    ...         Area(code="22924", name="Phường Phú Thuỷ", level=AreaLevel.COMMUNE, parent="68"),
    ...         Area(code="23053", name="Xã Hòa Thắng", level=AreaLevel.COMMUNE, parent="68"),
    ...     ]
    ... )
    >>> names = AreaNames(tree)
    >>> [names.find(text).area.code for text in ("P. PHÚ THỦY", "xa hoa thang", "Hoà Thắng")]
    ['22924', '23053', '23053']
    >>> question = names.find("Xã Phú Thủy")
    >>> question.reason.value, [area.name for area in question.candidates]
    ('other_kind', ['Phường Phú Thuỷ'])
    """

    def __init__(
        self,
        tree: AreaTree,
        changes: Concordance | None = None,
        within: Collection[str] | None = None,
        *,
        level: AreaLevel | None = None,
    ) -> None:
        self.tree, self._changes = tree, changes
        self._day = tree.day
        self._within: frozenset[str] | None = None
        if within is not None:
            self._within = frozenset(
                code
                for top in within
                for code in (tree[top].code, *(area.code for area in tree.descendants(top)))
            )
        self._level = level
        history = tree.of_all_days if changes is None else changes.tree
        self._today = _Index(tree)
        self._before = _Index(
            area for area in history if area.valid_to is not None and area.valid_to <= self._day
        )
        self._history: dict[str, list[Area]] = {}
        for area in history:
            self._history.setdefault(area.code, []).append(area)
        self._answers: dict[str, AreaMatch | AreaQuestion] = {}

    def restart(self) -> None:
        """Forget all answers; to be called before each file of several.

        The number of comparisons with similar names is bounded, so candidates would depend on the
        files before.
        """
        self._answers.clear()
        self._today.comparisons = _MOST_COMPARISONS

    def find(self, text: str) -> AreaMatch | AreaQuestion:
        """Return the area that a name means, or the question.

        A number alone is never a name; of a column of numbers of villages, pass `Thôn 1`.
        """
        key = normalize_text(text)
        if key not in self._answers:
            self._answers[key] = self._find(key)
        answer = self._answers[key]
        return answer if answer.text == text else evolve(answer, text=text)

    def question_of(self, match: AreaMatch) -> AreaQuestion:
        """Return the question that a match is where a former area does not stand for its part."""
        areas = [match.area] if match.was is None else [match.was, match.area]
        return self._question(match.text, areas, QuestionReason.PART)

    def mentioned(self, text: str) -> AreaMatch | AreaQuestion | None:
        """Return the area that a longer text names, such as the title line of a sheet.

        A name counts only after the word for its kind, as in `UBND PHƯỜNG PHÚ THỦY`. If areas of
        several levels are named, the lowest is meant. None if no area is named.
        """
        matches: dict[str, AreaMatch] = {}
        questions: list[AreaQuestion] = []
        for pieces in _pieces(normalize_text(text)):
            answers = (self._certain(piece) for piece in pieces)
            answer = next((one for one in answers if one is not None), None)
            if isinstance(answer, AreaMatch):
                matches.setdefault(answer.area.code, evolve(answer, text=text))
            elif answer is not None:
                questions.append(evolve(answer, text=text))
            elif near := next(filter(None, map(self._near, pieces)), None):
                questions.append(self._question(text, near, QuestionReason.NEAR))
        if not matches:
            return questions[0] if questions else None
        lowest = max(match.area.level.rank for match in matches.values())
        chosen = [match for match in matches.values() if match.area.level.rank == lowest]
        if len(chosen) == 1:
            return chosen[0]
        return self._question(text, [match.area for match in chosen], QuestionReason.SEVERAL)

    def agrees(self, area: Area, text: str) -> bool:
        """Return whether a name is a way to write the name of an area."""
        written = normalize_text(text)
        if _FORMER.search(written):
            written = _FORMER.sub("", written).strip(" ,;-–")
            if area.valid_to is None:
                return False
        own = _own_form(area)
        for name, larger in _ways(written):
            first_is_larger = name != written and written.endswith(name)
            if _names(name, own) and not (
                first_is_larger
                and not any(_names(larger[0], _own_form(above)) for above in self._ancestors(area))
            ):
                return True
        return False

    def check(self, code: str, text: str) -> AreaQuestion | None:
        """Return the question where a name beside a code contradicts it, or None.

        Args:
            code: the code of an area in the tree.
            text: the name beside it; a blank one says nothing.
        """
        area = self.tree[code]
        if not normalize_text(text) or self.agrees(area, text):
            return None
        former = [
            past
            for past in reversed(self._history.get(code, ()))
            if past.valid_to is not None and past.valid_to <= self._day and self.agrees(past, text)
        ]
        named = self.find(text)
        by_name = [named.area] if isinstance(named, AreaMatch) else list(named.candidates)
        candidates = dict.fromkeys([area, *former, *by_name])
        reason = QuestionReason.OLD_CODE if former else QuestionReason.CODE_AND_NAME
        return evolve(self._question(text, candidates, reason), code=code)

    def _certain(self, text: str) -> AreaMatch | AreaQuestion | None:
        return self._by_tiers(text, self._today) or self._old(text, text)

    def _find(self, text: str) -> AreaMatch | AreaQuestion:
        text = _BODY.sub("", text)
        if not any(char.isalpha() for char in text):
            return self._question(text, (), QuestionReason.NONE)
        only_old = bool(_FORMER.search(text))
        bare = _FORMER.sub("", text).strip(" ,;-–") if only_old else text
        if not only_old:
            answer = self._by_tiers(bare, self._today)
            if answer is not None:
                return answer
        old = self._old(text, bare)
        if old is not None:
            return old
        return self._unknown(text, bare)

    def _by_tiers(self, text: str, index: _Index) -> AreaMatch | AreaQuestion | None:
        for name, larger in _ways(text):
            for areas in index.tiers(name):
                allowed = [area for area in areas if self._may_be(area, larger)]
                if len(allowed) == 1:
                    reading = _reading(name, allowed[0])
                    return AreaMatch(text=text, area=allowed[0], reading=reading)
                if allowed:
                    return self._question(text, allowed, QuestionReason.SEVERAL)
        return None

    def _old(self, text: str, bare: str) -> AreaMatch | AreaQuestion | None:
        """Return the area of today of an old name, if it is certain."""
        former: list[Area] = []
        for name, larger in _ways(bare):
            for areas in self._before.tiers(name):
                former = [area for area in areas if self._was_in(area, larger)]
                if former:
                    break
            if former:
                break
        if not former:
            return None
        if self._changes is None:
            return self._question(text, former, QuestionReason.OLD)
        was_called: dict[Area, Area] = {}
        for area in former:
            assert area.valid_to is not None
            last_day = area.valid_to - timedelta(days=1)
            target = self._changes.targets(area.code, last_day, self._day)
            if isinstance(target, Split):
                parts = [part for part in target.areas if self._is_allowed(part)]
                if len(former) == 1 and parts:
                    return self._question(text, parts, QuestionReason.DIVIDED)
                was_called.update((part, area) for part in parts)
            elif isinstance(target, Whole) and self._is_allowed(target.area):
                was_called[target.area] = area
        now = [area for area in was_called if area.code in self.tree]
        if len(now) != 1:
            reason = QuestionReason.SEVERAL if now else QuestionReason.ENDED
            return self._question(text, now or former, reason)
        was = was_called[now[0]]
        return AreaMatch(
            text=text,
            area=self.tree[now[0].code],
            reading=AreaReading.OLD,
            was=was,
            is_part=self._is_part(was, now[0]),
        )

    def _is_part(self, was: Area, area: Area) -> bool:
        assert self._changes is not None
        assert was.valid_to is not None
        last_day = was.valid_to - timedelta(days=1)
        sources = self._changes.sources(area.code, self._day, last_day)
        return not sources.complete or len(sources.parts) > 1

    def _unknown(self, text: str, bare: str) -> AreaQuestion:
        outside: list[Area] = []
        other_kind: list[Area] = []
        for name, _ in _ways(bare):
            for areas in self._today.tiers(name):
                outside += areas
            other_kind += self._today.of_other_kind(name)
        if outside:
            is_former = bare != text and any(map(self._is_allowed, outside))
            reason = QuestionReason.NOW if is_former else QuestionReason.OUTSIDE
            return self._question(text, outside, reason)
        other_kind = [area for area in other_kind if self._is_allowed(area)]
        if other_kind:
            return self._question(text, other_kind, QuestionReason.OTHER_KIND)
        near = self._near(bare)
        return self._question(text, near, QuestionReason.NEAR if near else QuestionReason.NONE)

    def _near(self, text: str) -> list[Area]:
        return [area for area in self._today.near(text) if self._is_allowed(area)]

    def _is_allowed(self, area: Area) -> bool:
        is_level = self._level in (None, area.level)
        return is_level and (self._within is None or area.code in self._within)

    def _may_be(self, area: Area, larger: Sequence[str]) -> bool:
        if not self._is_allowed(area):
            return False
        above = self.tree.ancestors(area.code)
        return all(any(self.agrees(larger_area, part) for larger_area in above) for part in larger)

    def _was_in(self, area: Area, larger: Sequence[str]) -> bool:
        above = self._ancestors(area)
        return all(any(self.agrees(larger_area, part) for larger_area in above) for part in larger)

    def _ancestors(self, area: Area) -> Iterator[Area]:
        """Yield the areas that contained an area, also those that no longer exist."""
        parent = area.parent
        while parent is not None:
            eve = area.valid_to - timedelta(days=1) if area.valid_to else self._day
            known = [past for past in self._history.get(parent, ()) if past.exists_on(eve)]
            if not known:
                return
            yield known[0]
            parent = known[0].parent

    def _question(
        self, text: str, candidates: Iterable[Area], reason: QuestionReason
    ) -> AreaQuestion:
        # Of an area that is listed for several periods, the last one.
        latest: dict[tuple[str, str], Area] = {}
        for area in candidates:
            known = latest.setdefault((area.code, area.name), area)
            if known.valid_from < area.valid_from:
                latest[area.code, area.name] = area
        listed = tuple(latest.values())[:_MOST_CANDIDATES]
        parents = tuple(next(self._ancestors(area), None) for area in listed)
        return AreaQuestion(text=text, candidates=listed, parents=parents, reason=reason)


class _Index:
    """The areas by the keys of their names."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._exact: dict[str, list[_Entry]] = {}
        self._squeezed: dict[str, list[_Entry]] = {}
        self._bare: dict[str, list[_Entry]] = {}
        self.comparisons = _MOST_COMPARISONS
        for area in areas:
            form = _own_form(area)
            entry = _Entry(area, form)
            self._exact.setdefault(match_key(form.name), []).append(entry)
            self._squeezed.setdefault(_squeezed(form.name), []).append(entry)
            self._bare.setdefault(_bare(form.name), []).append(entry)

    def tiers(self, text: str) -> Iterator[list[Area]]:
        """Yield the areas that a text may name, by ever looser readings; none is empty."""
        forms = _forms(text)
        if not _has_marks(text):
            # Of a text without marks, a name without marks is one reading among others.
            tiers = [_fitting(forms, self._bare, _bare)]
        else:
            exact = _fitting(forms, self._exact, match_key)
            full_name = match_key(text)
            unmarked = [form for form in forms if not _has_marks(form.name)]
            tiers = [
                [area for area in exact if match_key(area.name) == full_name],
                exact,
                _fitting(forms, self._squeezed, _squeezed),
                _fitting(unmarked, self._bare, _bare),
            ]
        yield from filter(None, tiers)

    def of_other_kind(self, text: str) -> list[Area]:
        """Return the areas that have the name, but are of another kind."""
        return list(
            dict.fromkeys(
                entry.area
                for form in _forms(text)
                for entry in self._squeezed.get(_squeezed(form.name), ())
            )
        )

    def near(self, text: str) -> list[Area]:
        """Return areas with similar names, the most similar first."""
        from difflib import get_close_matches  # only questions need it

        areas: dict[Area, None] = {}
        for form in _forms(text):
            key = _bare(form.name)
            for entry in self._bare.get(key, ()):
                if form.fits(entry.form):
                    areas[entry.area] = None
            if self.comparisons <= 0 or len(key) < _SHORTEST_COMPARED:
                continue
            self.comparisons -= len(self._bare)
            for close in get_close_matches(key, self._bare, n=_MOST_CANDIDATES, cutoff=_LIKENESS):
                for entry in self._bare[close]:
                    if form.fits(entry.form):
                        areas[entry.area] = None
        return list(areas)


def _fitting(
    forms: Iterable[_Form], entries: Mapping[str, list[_Entry]], key: Callable[[str], str]
) -> list[Area]:
    return list(
        dict.fromkeys(
            entry.area
            for form in forms
            for entry in entries.get(key(form.name), ())
            if form.fits(entry.form)
        )
    )


def _names(text: str, own: _Form) -> bool:
    """Return whether a text is a way to write a name."""
    forms = [form for form in _forms(text) if form.fits(own)]
    if any(_squeezed(form.name) == _squeezed(own.name) for form in forms):
        return True
    return any(_bare(form.name) == _bare(own.name) for form in forms if not _has_marks(form.name))


def _reading(text: str, area: Area) -> AreaReading:
    if match_key(text) == match_key(area.name):
        return AreaReading.SAME
    own = _own_form(area)
    names = [form.name for form in _forms(text) if form.fits(own)]
    if match_key(own.name) in map(match_key, names):
        return AreaReading.KIND
    if _squeezed(own.name) in map(_squeezed, names):
        return AreaReading.SPELLING
    return AreaReading.MARKS


def _own_form(area: Area) -> _Form:
    """Return the kind and the name proper of an area."""
    for kind in _BY_LETTER.get(_first_letter(area.name), ()):
        rest = _after_word(area.name, kind)
        if rest and area.level in kind.levels:
            return _Form(frozenset([kind.word]), frozenset([area.level]), rest)
    return _Form(frozenset(), frozenset([area.level]), area.name)


@lru_cache(maxsize=_CACHED)
def _forms(text: str) -> tuple[_Form, ...]:
    """Return the ways to read a text: with each kind that it may begin with, and with none."""
    forms = [_Form(frozenset(), frozenset(), text)]
    for kind in _BY_LETTER.get(_first_letter(text), ()):
        rest = _after_word(text, kind) or _after_abbreviation(text, kind)
        if rest:
            forms.append(_Form(frozenset([kind.word]), frozenset(kind.levels), rest))
    return tuple(forms)


def _first_letter(text: str) -> str:
    letter = unicodedata.normalize("NFD", text[:1]).casefold()[:1]
    return "d" if letter == "đ" else letter


def _after_word(text: str, kind: AreaKind) -> str:
    words = text.split(" ")
    length = kind.word.count(" ") + 1
    first, rest = " ".join(words[:length]).rstrip(".:"), " ".join(words[length:])
    if not rest or not first.replace(" ", "").isalpha():
        return ""
    if match_key(first) == match_key(kind.word) or (
        not _has_marks(first) and _bare(first) == _bare(kind.word)
    ):
        return rest
    return ""


def _after_abbreviation(text: str, kind: AreaKind) -> str:
    head = text.lower().replace("đ", "d")
    for pattern in _SHORT[kind.word]:
        match = pattern.match(head)
        if match and len(head) == len(text):
            return text[match.end() :]
    return ""


@lru_cache(maxsize=_CACHED)
def _letters(name: str) -> tuple[str, str]:
    """Return the letters of a name without tones, i for a final y, and its tones in their order."""
    tones: list[str] = []
    syllables: list[str] = []
    for syllable in _SEPARATORS.split(match_key(_SEPARATORS.sub(" ", normalize_text(name)))):
        tones += [char for char in syllable if char in _TONES]
        letters = "".join(char for char in syllable if char not in _TONES)
        if letters.isdecimal():
            letters = letters.lstrip("0") or "0"
        syllables.append(_FINAL_Y.sub(r"\1i", letters))
    return "".join(syllables), "".join(tones)


def _squeezed(name: str) -> str:
    return "|".join(_letters(name))


def _bare(name: str) -> str:
    letters = unicodedata.normalize("NFD", _letters(name)[0].replace("đ", "d"))
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return _SHORT_NAMES.get(plain, plain)


def _has_marks(text: str) -> bool:
    return not text.isascii() and any(
        char in "đĐ" or unicodedata.decomposition(char) or unicodedata.combining(char)
        for char in text
    )


def _ways(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the name in a text, with the names of the larger areas that are said to contain it."""
    yield text, ()
    for separator in _LARGER.finditer(text):
        # A name may have a hyphen itself, as in Phan Rang - Tháp Chàm.
        name, rest = text[: separator.start()].strip(), text[separator.end() :]
        if name.strip(" .-–") and rest.strip(" .-–)"):
            for larger in dict.fromkeys((_parts(rest, _CERTAINLY_LARGER), _parts(rest, _LARGER))):
                yield name, larger
    parts = _parts(text, _LARGER)
    if len(parts) > 1:
        yield parts[-1], parts[:-1]


def _parts(text: str, separators: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(part for part in map(str.strip, separators.split(text)) if part.strip(" .-–"))


def _pieces(text: str) -> Iterator[list[str]]:
    """Yield, for each word for a kind, what may be a name from there on, the longest first."""
    words = text.replace("_", " ").split()
    for start in range(len(words)):
        kinds = _BY_LETTER.get(_first_letter(words[start]), ())
        if not any(_begins(words[start:], kind) for kind in kinds):
            continue
        longest = min(len(words), start + _MOST_WORDS)
        yield [" ".join(words[start:end]).strip(" ,.;:()-–") for end in range(longest, start, -1)]


def _begins(words: Sequence[str], kind: AreaKind) -> bool:
    text = " ".join(words[:_MOST_WORDS])
    if _after_word(text, kind):
        return True
    is_short = "." in words[0] or words[0].isupper()
    return is_short and bool(_after_abbreviation(text, kind))


def _pattern(short: str) -> re.Pattern[str]:
    letters = r"\.?\s?".join(map(re.escape, short.replace(" ", "")))
    return re.compile(rf"{letters}(?:\s*[.:]\s*|\s+|(?=[0-9]))")


_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_SEPARATORS = re.compile(r"(?:(?![\u0300-\u036f])[\W_])+")
_FINAL_Y = re.compile(r"^([^aâăeêioôơuưy]+|qu)y$")
_BODY = re.compile(
    r"^(?:(?:ubnd|hđnd|mttq|hkh|đơn vị|địa bàn|ban chỉ đạo|hội khuyến học"
    r"|(?:ủy|uỷ) ban nhân dân|uy ban nhan dan|hoi khuyen hoc)\b[\s.:]*)+",
    re.IGNORECASE,
)
_FORMER = re.compile(r"\(?\s*\b(?:cũ|trước đây|trước sắp xếp)\s*\)?\s*$", re.IGNORECASE)
_BEFORE_LARGER = (
    r"\s*[,;()|]\s*|\s+thuộc\s+"
    r"|\s+(?:[-–]\s+)?(?=(?:huyện|tỉnh|quận|thị xã|thành phố|tp\.?|tx\.?|h\.|q\.|t\.)\s*\w)"
)
_CERTAINLY_LARGER = re.compile(_BEFORE_LARGER, re.IGNORECASE)
_LARGER = re.compile(rf"{_BEFORE_LARGER}|\s+[-–]\s+", re.IGNORECASE)
_SHORT = {kind.word: [_pattern(short) for short in kind.short] for kind in AREA_KINDS}
_BY_LETTER: dict[str, list[AreaKind]] = {}
for _kind in sorted(AREA_KINDS, key=lambda kind: -len(kind.word)):
    _BY_LETTER.setdefault(_first_letter(_kind.word), []).append(_kind)
_SHORT_NAMES = {"hcm": "hochiminh", "tphcm": "hochiminh"}
_MOST_CANDIDATES = 10
_MOST_COMPARISONS = 300_000
_SHORTEST_COMPARED = 3
_LIKENESS = 0.75
_MOST_WORDS = 8
_READ_AS = Text(
    vi="“{text}” được hiểu là {code} {name} ({reading})",
    en="“{text}” is read as {code} {name} ({reading})",
)
_CANDIDATE = Text(vi="{code} {name}{where}", en="{code} {name}{where}")
_UNTIL = Text(vi="đến ngày {day}", en="until {day}")
_QUESTION = Text(vi="Chưa rõ khu vực: {reason}.", en="The area is not clear: {reason}.")
_QUESTION_WITH = Text(
    vi="Chưa rõ khu vực: {reason}. Có phải là: {candidates}?",
    en="The area is not clear: {reason}. Is it one of: {candidates}?",
)
