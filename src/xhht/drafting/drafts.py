"""Turns a scoring form into a draft profile; what the form does not say is marked, never guessed.

A form tells which points there are, and not how they are earned: each indicator is `assessed`, with
the form's own words in its note. From how many points a level is awarded is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from xhht.criteria.document import (
    IDENTIFIER,
    NODE_ID,
    PROFILE_ID,
    CriterionEntry,
    Expression,
    IndicatorEntry,
    InputEntry,
    LegalEntry,
    LevelEntry,
    ProfileDocument,
    Provenance,
    RawValue,
    Status,
)
from xhht.criteria.writing import dump_document
from xhht.domain.titles import Title
from xhht.drafting.form import Form, FormFault, FormLine
from xhht.drafting.reading import end_of, is_leaf
from xhht.errors import TableError
from xhht.exact import decimal_text, finest_step
from xhht.rules.inputs import InputType
from xhht.text import Text

__all__ = ["Draft", "draft_of"]


@frozen(kw_only=True)
class Draft:
    """A draft profile.

    Attributes:
        text: the file, with a comment at its top that says what to do.
        missing: what the form does not say, line by line.
        faults: what is wrong in the form, by cell.
    """

    text: str
    missing: tuple[Text, ...]
    faults: tuple[FormFault, ...]


def draft_of(form: Form, *, id: str, title: Title, document: str | None = None) -> Draft:
    """Return a draft of the profile that a form stands for; without faults, it checks clean.

    Args:
        form: the form.
        id: the id of the profile.
        title: the title whose criteria these are.
        document: the document that the form comes from, such as `22/2020/TT-BGDĐT`; without it the
            draft is marked as an illustration.

    Raises:
        TableError: the form has no criterion with points, or the id cannot be one.
    """
    if not re.fullmatch(PROFILE_ID, id):
        raise TableError(_BAD_ID)
    drafting = _Drafting(form)
    criteria = tuple(drafting.criteria())
    if not criteria and not (form.faults or drafting.faults):
        raise TableError(_NO_LINES)
    profile = ProfileDocument(
        format=1,
        id=id,
        version="0.1.0",
        status=Status.DRAFT,
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
                note=_NO_MARK,
            ),
        ),
    )
    missing = [*([] if document else [_NO_DOCUMENT]), *drafting.missing, _NO_MARK, _ONE_LANGUAGE]
    return Draft(
        text=_HEAD + dump_document(profile),
        missing=tuple(missing),
        faults=(*form.faults, *(() if form.faults else form.sums), *drafting.faults),
    )


class _Drafting:
    def __init__(self, form: Form) -> None:
        self._lines: Sequence[FormLine] = form.lines
        self._told = {fault.place for fault in form.faults}
        self._ids: set[str] = set()
        self.inputs: dict[str, InputEntry] = {}
        self.missing: list[Text] = []
        self.faults: list[FormFault] = []

    def criteria(self) -> Iterator[CriterionEntry]:
        """Yield what stands at the top; an indicator that stands alone there gets a criterion."""
        for at in self._below(0, len(self._lines)):
            line = self._lines[at]
            entry_id = self._id(line, "")
            if is_leaf(self._lines, at):
                leaf = self._indicator(line, self._id(evolve(line, number=""), entry_id))
                if leaf is not None:
                    yield CriterionEntry(id=entry_id, name=_both(line.name), indicators=(leaf,))
                continue
            branch = self._criterion(at, entry_id)
            if branch is not None:
                yield branch

    def _below(self, start: int, end: int) -> Iterator[int]:
        """Yield the lines directly below, of those from `start` on."""
        while start < end:
            yield start
            start = end_of(self._lines, start)

    def _criterion(self, at: int, entry_id: str) -> CriterionEntry | None:
        children = list(self._below(at + 1, end_of(self._lines, at)))
        name = _both(self._lines[at].name)
        if all(is_leaf(self._lines, each) for each in children):
            found = (self._indicator(self._lines[c], self._child_id(c, entry_id)) for c in children)
            leaves = tuple(leaf for leaf in found if leaf is not None)
            return CriterionEntry(id=entry_id, name=name, indicators=leaves) if leaves else None
        branches = []
        for each in children:
            below = self._child_id(each, entry_id)
            if is_leaf(self._lines, each):  # criteria and indicators do not stand side by side
                bare = evolve(self._lines[each], number="")
                leaf = self._indicator(self._lines[each], self._id(bare, below))
                only = (leaf,) if leaf else None
                made = only and CriterionEntry(
                    id=below, name=_both(self._lines[each].name), indicators=only
                )
            else:
                made = self._criterion(each, below)
            branches += [made] if made else []
        return (
            CriterionEntry(id=entry_id, name=name, criteria=tuple(branches)) if branches else None
        )

    def _child_id(self, at: int, parent: str) -> str:
        return self._id(self._lines[at], parent)

    def _indicator(self, line: FormLine, entry_id: str) -> IndicatorEntry | None:
        if line.points is None:
            if line.points_place not in self._told:
                self.faults.append(FormFault(line.points_place, _NO_POINTS))
            return None
        if line.points <= 0:
            self.faults.append(FormFault(line.points_place, _NOT_ABOVE_0))
            return None
        name = self._input_name(entry_id)
        step = finest_step([line.points, Fraction(1)])
        self.inputs[name] = InputEntry(
            type=InputType.ASSESSED,
            label=_both(line.name),
            max=RawValue(decimal_text(line.points)),
            step=None if step == 1 else step,
        )
        self.missing.append((_HOW if line.condition else _NO_CONDITION).format(place=line.place))
        return IndicatorEntry(
            id=entry_id,
            name=_both(line.name),
            points=line.points,
            assessed=name,
            provenance=Provenance.PARTIAL,
            note=_SAYS.format(words=line.condition) if line.condition else _SAYS_NOTHING,
        )

    def _id(self, line: FormLine, parent: str) -> str:
        """Return an id by a line's own number, below its criterion's; the next free one else."""
        own = line.number if re.fullmatch(NODE_ID, line.number) else ""
        if own and parent and not own.startswith(f"{parent}."):
            own = f"{parent}.{own}"
        prefix = f"{parent}." if parent else ""
        free = (f"{prefix}{number}" for number in range(1, len(self._lines) + 2))
        usable = own and own not in self._ids and re.fullmatch(NODE_ID, own)
        found = own if usable else next(each for each in free if each not in self._ids)
        self._ids.add(found)
        return found

    def _input_name(self, entry_id: str) -> str:
        name = f"points_{re.sub('[^a-z0-9]', '_', entry_id.lower())}"[:60]
        if name in self.inputs or not re.fullmatch(IDENTIFIER, name):
            name = f"{name}_{len(self.inputs) + 1}"
        return name


def _both(text: str) -> Text:
    return Text(vi=text, en=text)


_HEAD = """\
# Bản thảo từ một biểu điểm. Những chỗ có `provenance: partial` là điều biểu không nói.
# A draft from a scoring form. What stands with `provenance: partial` the form does not say.
"""
_SAYS = Text(
    vi="Điều kiện theo biểu, chưa viết thành quy tắc: {words}",
    en="The condition in the form's words, not yet a rule: {words}",
)
_SAYS_NOTHING = Text(
    vi="Biểu không nói khi nào được điểm; hội đồng chấm.",
    en="The form does not say when points are earned; a panel awards them.",
)
_HOW = Text(
    vi="{place}: điều kiện được ghi ở note; hãy viết thành met_when, bands hoặc cách khác",
    en="{place}: the condition is in the note; write it as met_when, bands or otherwise",
)
_NO_CONDITION = Text(
    vi="{place}: biểu không có điều kiện; chỉ số để hội đồng chấm (assessed)",
    en="{place}: the form has no condition; the indicator is left to a panel (assessed)",
)
_NO_MARK = Text(
    vi="Biểu không nói bao nhiêu điểm thì đạt; hãy thay 'unknown' bằng mức của văn bản.",
    en="The form does not say how many points are enough; put the document's mark for 'unknown'.",
)
_NO_DOCUMENT = Text(
    vi="Biểu không nêu văn bản nên bản thảo ghi là minh họa; hãy thêm --document hoặc legal_basis.",
    en="The form names no document, so the draft is marked as an illustration; add --document, or "
    "legal_basis.",
)
_ONE_LANGUAGE = Text(
    vi="Biểu chỉ có một ngôn ngữ; hãy dịch các tên ở 'vi' và 'en'.",
    en="The form has one language; translate the names under 'vi' and 'en'.",
)
_NO_POINTS = Text(
    vi="chỉ số không có điểm tối đa; hãy ghi điểm rồi nhập lại",
    en="the indicator has no maximum of points; write it and import again",
)
_NOT_ABOVE_0 = Text(
    vi="điểm tối đa không lớn hơn 0; điểm trừ phải viết bằng tay: biểu không nói khi nào trừ",
    en="the maximum is not above 0; deductions are written by hand: a form does not say when they "
    "are made",
)
_NO_LINES = Text(
    vi="Biểu không có chỉ số nào có điểm; hãy kiểm tra cột điểm tối đa.",
    en="The form has no indicator with points; check the column of maximum points.",
)
_BAD_ID = Text(
    vi="Mã bộ tiêu chí gồm chữ thường, chữ số, '-', '_', nối bằng dấu chấm, như tinh.don_vi.2026.",
    en="The id of a profile is small letters, digits, '-', '_', in parts joined by dots, such as "
    "city.unit.2026.",
)
