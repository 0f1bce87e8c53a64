"""What a table of counts or of subjects reports: tallies by area and title, and its issues."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from xhht.domain.titles import Title
from xhht.issues import RowIssue
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaTitle
from xhht.text import Text

__all__ = ["Reports"]


@frozen(kw_only=True)
class Reports:
    """The content of a table of counts or subjects.

    Attributes:
        tallies: by area and what is counted there, without invalid rows.
        rows: the first row of each area and title.
        titles: every title that occurs, in the order of `Title`, also if only some of its subjects
            are counted.
        by_subject: whether each row was one subject, so that tallies of an area and of areas below
            it add up (the argument `subjects` of `rollup`).
        faults: in the order of rows.
        warnings: values that were not read as written, and unknown columns.
    """

    tallies: Mapping[AreaTitle, Tally]
    rows: Mapping[AreaTitle, int]
    titles: tuple[Title, ...]
    by_subject: bool
    faults: tuple[RowIssue, ...]
    warnings: tuple[Text, ...]
