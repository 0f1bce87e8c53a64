"""Converts a scoring form into a draft profile; missing information is marked, never guessed.

A form lists points but not the rules for them: each indicator is `assessed`, with the text of the
form in its note. The threshold of the level is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from xhht.criteria.document import (
    IDENTIFIER,
    NODE_ID,
    CriterionEntry,
    Expression,
    IndicatorEntry,
    InputEntry,
    LegalEntry,
    LevelEntry,
    ProfileDocument,
    ProfileStatus,
    Provenance,
    RawValue,
)
from xhht.criteria.writing import dump_document
from xhht.domain.titles import Title
from xhht.drafting.form import Form, FormIssue, FormLine
from xhht.drafting.read_form import is_leaf, subtree_end
from xhht.drafting.scaffold import require_profile_id
from xhht.errors import TableError
from xhht.numbers import decimal_text, finest_step
from xhht.rules.inputs import InputType
from xhht.text import Text

__all__ = ["Draft", "draft_of"]


@frozen(kw_only=True)
class Draft:
    """A draft profile.

    Attributes:
        text: the profile file, with an explanatory comment at the top.
        missing: the information missing in the form, line by line.
        faults: the errors in the form, by cell.
    """

    text: str
    missing: tuple[Text, ...]
    faults: tuple[FormIssue, ...]


def draft_of(form: Form, *, id: str, title: Title, document: str | None = None) -> Draft:
    """Return a draft profile from a form; if there are no errors, it passes the check.

    Args:
        form: the form.
        id: the id of the profile.
        title: the title that the criteria belong to.
        document: the legal document of the form, such as `22/2020/TT-BGDĐT`; without it the
            draft is marked as an illustration.

    Raises:
        TableError: the form has no criterion with points, or the id is invalid.
    """
    require_profile_id(id)
    drafting = _Drafting(form)
    criteria = drafting.criteria()
    if not criteria and not (form.faults or drafting.faults):
        raise TableError(_NO_LINES)
    profile = ProfileDocument(
        format=1,
        id=id,
        version="0.1.0",
        status=ProfileStatus.DRAFT,
        title=title,
        name=title.label,
        legal_basis=LegalEntry(document=document) if document else None,
        provenance=Provenance.PARTIAL if document else Provenance.ILLUSTRATIVE,
        inputs=drafting.inputs,
        criteria=criteria,
        levels=(
            LevelEntry(
                id="recognised",
                name=Text(vi="Đạt", en="Recognised"),
                when=Expression("points >= unknown"),
                provenance=Provenance.PARTIAL,
                note=_NO_THRESHOLD,
            ),
        ),
    )
    unsourced = () if document else (_NO_DOCUMENT,)
    return Draft(
        text=_HEAD + dump_document(profile),
        missing=(*unsourced, *drafting.missing, _NO_THRESHOLD, _ONE_LANGUAGE),
        faults=(*form.faults, *(() if form.faults else form.sums), *drafting.faults),
    )


class _Drafting:
    def __init__(self, form: Form) -> None:
        self._lines: Sequence[FormLine] = form.lines
        self._reported_places = {issue.place for issue in form.faults}
        self._ids: set[str] = set()
        self.inputs: dict[str, InputEntry] = {}
        self.missing: list[Text] = []
        self.faults: list[FormIssue] = []

    def criteria(self) -> tuple[CriterionEntry, ...]:
        """Return the top-level criteria."""
        top = self._siblings(0, len(self._lines))
        return tuple(filter(None, (self._criterion(index, "") for index in top)))

    def _siblings(self, start: int, end: int) -> Iterator[int]:
        """Yield the indices of the sibling lines from `start` to `end`."""
        while start < end:
            yield start
            start = subtree_end(self._lines, start)

    def _criterion(self, index: int, parent: str) -> CriterionEntry | None:
        """Return a line as a criterion; an indicator beside criteria is wrapped in one."""
        line, end = self._lines[index], subtree_end(self._lines, index)
        criterion = CriterionEntry(id=self._id(line, parent), name=_same_text(line.name))
        below = list(self._siblings(index + 1, end))
        if all(is_leaf(self._lines, child) for child in below):
            lines = [self._lines[child] for child in below] or [evolve(line, number="")]
            indicators = (self._indicator(child, self._id(child, criterion.id)) for child in lines)
            leaves = tuple(filter(None, indicators))
            return evolve(criterion, indicators=leaves) if leaves else None
        branches = tuple(filter(None, (self._criterion(child, criterion.id) for child in below)))
        return evolve(criterion, criteria=branches) if branches else None

    def _indicator(self, line: FormLine, entry_id: str) -> IndicatorEntry | None:
        if line.points is None:
            if line.points_place not in self._reported_places:
                self.faults.append(FormIssue.of("form_no_points", line.points_place))
            return None
        if line.points <= 0:
            self.faults.append(FormIssue.of("form_points_not_positive", line.points_place))
            return None
        name = self._input_name(entry_id)
        step = finest_step([line.points, Fraction(1)])
        self.inputs[name] = InputEntry(
            type=InputType.ASSESSED,
            written_label=_same_text(line.name),
            max=RawValue(decimal_text(line.points)),
            step=None if step == 1 else step,
        )
        missing = _CONDITION_TO_WRITE if line.condition else _NO_CONDITION
        note = _CONDITION_NOTE if line.condition else _NO_CONDITION_NOTE
        self.missing.append(missing.format(place=line.place))
        return IndicatorEntry(
            id=entry_id,
            name=_same_text(line.name),
            points=line.points,
            assessed=name,
            provenance=Provenance.PARTIAL,
            note=note.format(words=line.condition),
        )

    def _id(self, line: FormLine, parent: str) -> str:
        """Return an id from the number of a line, below its parent; otherwise the next free id."""
        own_id = line.number if re.fullmatch(NODE_ID, line.number) else ""
        if own_id and parent and not own_id.startswith(f"{parent}."):
            own_id = f"{parent}.{own_id}"
        prefix = f"{parent}." if parent else ""
        free_ids = (f"{prefix}{number}" for number in range(1, len(self._lines) + 2))
        is_usable = own_id and own_id not in self._ids and re.fullmatch(NODE_ID, own_id)
        entry_id = own_id if is_usable else next(i for i in free_ids if i not in self._ids)
        self._ids.add(entry_id)
        return entry_id

    def _input_name(self, entry_id: str) -> str:
        name = f"points_{re.sub('[^a-z0-9]', '_', entry_id.lower())}"[:60]
        if name in self.inputs or not re.fullmatch(IDENTIFIER, name):
            name = f"{name}_{len(self.inputs) + 1}"
        return name


def _same_text(text: str) -> Text:
    return Text(vi=text, en=text)


_HEAD = """\
# Bản thảo từ một biểu điểm. Những chỗ có `provenance: partial` là nội dung biểu không nêu.
# A draft from a scoring form. Parts with `provenance: partial` are missing in the form.
"""
_CONDITION_NOTE = Text(
    vi="Điều kiện ghi trong biểu, chưa viết thành quy tắc: {words}",
    en="Condition as written in the form, not yet a rule: {words}",
)
_NO_CONDITION_NOTE = Text(
    vi="Biểu không nêu điều kiện được điểm; hội đồng chấm.",
    en="The form does not give the condition for the points; a panel awards them.",
)
_CONDITION_TO_WRITE = Text(
    vi="{place}: điều kiện được ghi ở note; hãy viết thành met_when, bands hoặc cách khác",
    en="{place}: the condition is in the note; write it as a rule (met_when, bands, …)",
)
_NO_CONDITION = Text(
    vi="{place}: biểu không có điều kiện; chỉ số do hội đồng chấm (assessed)",
    en="{place}: the form has no condition; the indicator is scored by a panel (assessed)",
)
_NO_THRESHOLD = Text(
    vi="Biểu không nêu số điểm cần đạt; hãy thay 'unknown' bằng ngưỡng trong văn bản.",
    en="The form does not give the points required; replace 'unknown' by the document's threshold.",
)
_NO_DOCUMENT = Text(
    vi="Biểu không nêu văn bản nên bản thảo ghi là minh họa; hãy thêm --document hoặc legal_basis.",
    en="The form names no legal document, so the draft is marked as an illustration; add "
    "--document or legal_basis.",
)
_ONE_LANGUAGE = Text(
    vi="Biểu chỉ có một ngôn ngữ; hãy dịch các tên ở 'vi' và 'en'.",
    en="The form has only one language; translate the names under 'vi' and 'en'.",
)
_NO_LINES = Text(
    vi="Biểu không có chỉ số nào có điểm; vui lòng kiểm tra cột điểm tối đa.",
    en="The form has no indicator with points; check the column of maximum points.",
)
