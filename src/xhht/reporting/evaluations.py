"""Summary of an evaluated table: numbers of rows, verdicts, levels, and invalid rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict

from attrs import field, frozen

from xhht import labels
from xhht.criteria.profile import Profile, ProfileIdentity
from xhht.evaluation.state import Verdict
from xhht.numbers import number_text
from xhht.render import Column, DisplayTable, sanitize_line
from xhht.tables.reasons import reason_text
from xhht.text import Lang, Text

__all__ = ["RejectedRows", "Summary"]


@frozen(kw_only=True)
class RejectedRows:
    """Rows that are invalid for the same reason.

    Attributes:
        column: the invalid column, None for the entire row.
        reason: the code of the error.
        rows: the number of rows.
        first: the label of the first row, None if rows have no order.
    """

    column: str | None = field(repr=False)
    reason: str
    rows: int
    first: Text | None = field(repr=False)


class RejectedRowsDict(TypedDict):
    """Rows that were rejected for one reason in JSON."""

    column: str | None
    reason: str
    message: str
    rows: int
    first: str | None


class SummaryDict(TypedDict):
    """The summary of an evaluated table in JSON."""

    profile: ProfileIdentity
    as_of: str
    rows: int
    evaluated: int
    rejected: int
    left_out: int
    verdicts: dict[str, int]
    levels: dict[str, int]
    open_level: int
    faults: list[RejectedRowsDict]


@frozen(kw_only=True)
class Summary:
    """The results of the rows of a table; each row is either evaluated or rejected.

    Attributes:
        profile: the profile of the evaluation.
        as_of: the day of the evaluation.
        results: the number of rows with each verdict and level.
        rejected: the invalid rows.
        excluded: the number of rows that are not subjects.
    """

    profile: Profile
    as_of: date
    results: Mapping[tuple[Verdict, str | None], int]
    rejected: Sequence[RejectedRows]
    excluded: int = 0

    @property
    def evaluated(self) -> int:
        """The number of rows evaluated."""
        return sum(self.results.values())

    @property
    def rejected_count(self) -> int:
        """The number of rows rejected."""
        return sum(group.rows for group in self.rejected)

    def to_dict(self, lang: Lang | str = Lang.VI) -> SummaryDict:
        """Return the summary in JSON form."""
        profile = self.profile
        return {
            "profile": profile.identity(),
            "as_of": self.as_of.isoformat(),
            "rows": self.evaluated + self.rejected_count,
            "evaluated": self.evaluated,
            "rejected": self.rejected_count,
            "left_out": self.excluded,
            "verdicts": {verdict.value: self._number(verdict) for verdict in Verdict},
            "levels": {
                level.id: self.results.get((Verdict.RECOGNISED, level.id), 0)
                for level in profile.plan.levels
            },
            "open_level": self.results.get((Verdict.RECOGNISED, None), 0),
            "faults": [
                {
                    "column": group.column,
                    "reason": group.reason,
                    "message": reason_text(group.reason).get(lang),
                    "rows": group.rows,
                    "first": group.first.get(lang) if group.first else None,
                }
                for group in self.rejected
            ],
        }

    def text(self, lang: Lang) -> str:
        """Return the summary as text."""
        counts = DisplayTable(_COUNTS, self._counts(lang)).text(lang)
        totals = _ROWS.get(
            lang,
            rows=number_text(self.evaluated + self.rejected_count, lang),
            evaluated=number_text(self.evaluated, lang),
            rejected=number_text(self.rejected_count, lang),
        )
        parts = [totals, counts]
        if self.rejected:
            parts.append(DisplayTable(_FAULTS, self._faults(lang)).text(lang))
        return "\n\n".join(parts)

    def _number(self, verdict: Verdict) -> int:
        return sum(
            number for (key_verdict, _), number in self.results.items() if key_verdict is verdict
        )

    def _counts(self, lang: Lang) -> list[list[str]]:
        rows = []
        for verdict in Verdict:
            rows.append([verdict.label.get(lang), number_text(self._number(verdict), lang)])
            if verdict is Verdict.RECOGNISED:
                for level in self.profile.plan.levels:
                    name = self.profile.level(level.id).name.get(lang)
                    number = self.results.get((verdict, level.id), 0)
                    rows.append([_LEVEL.get(lang, name=name), number_text(number, lang)])
                number = self.results.get((verdict, None), 0)
                if number:
                    rows.append([_OPEN_LEVEL.get(lang), number_text(number, lang)])
        return rows

    def _faults(self, lang: Lang) -> list[list[str]]:
        return [
            [
                sanitize_line(group.column or ""),
                reason_text(group.reason).get(lang),
                number_text(group.rows, lang),
                group.first.get(lang) if group.first else "",
            ]
            for group in self.rejected
        ]


_ROWS = Text(
    vi="{rows} dòng: {evaluated} được đánh giá, {rejected} bị loại.",
    en="Rows: {rows} ({evaluated} evaluated, {rejected} rejected).",
)
_LEVEL = Text(vi="– mức {name}", en="– level {name}")
_OPEN_LEVEL = Text(vi="– chưa xác định được mức", en="– level not determined")
_COUNTS = (
    Column(labels.RESULT),
    Column(Text(vi="Số", en="Number"), numeric=True),
)
_FAULTS = (
    Column(Text(vi="Cột", en="Column")),
    Column(Text(vi="Lỗi", en="Error")),
    Column(labels.ROWS, numeric=True),
    Column(Text(vi="Đầu tiên", en="First")),
)
