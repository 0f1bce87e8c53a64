"""A table that was evaluated, in numbers: rows in and out, verdicts, levels, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from attrs import field, frozen

from xhht.criteria.profile import Profile
from xhht.evaluation.result import Verdict
from xhht.frames.reasons import reason_text
from xhht.reporting.tables import Column, number_text, plain, render_table
from xhht.text import Lang, Text

__all__ = ["RejectedRows", "Summary"]


@frozen(kw_only=True)
class RejectedRows:
    """Rows that cannot be, for one reason.

    Attributes:
        column: where, None for the row as a whole.
        reason: the code of what is wrong.
        rows: how many there are.
        first: how to call the first of them, None where rows have no order.
    """

    column: str | None = field(repr=False)
    reason: str
    rows: int
    first: Text | None = field(repr=False)


@frozen(kw_only=True)
class Summary:
    """What the rows of a table come to; those in are those evaluated and those rejected.

    Attributes:
        profile: the profile they were judged by.
        as_of: the day they were judged for.
        results: how many rows have each verdict and level.
        rejected: the rows that cannot be.
        left_out: how many rows are no subjects.
    """

    profile: Profile
    as_of: date
    results: Mapping[tuple[Verdict, str | None], int]
    rejected: Sequence[RejectedRows]
    left_out: int = 0

    @property
    def evaluated(self) -> int:
        """How many rows were evaluated."""
        return sum(self.results.values())

    @property
    def refused(self) -> int:
        """How many rows were rejected."""
        return sum(each.rows for each in self.rejected)

    def to_dict(self, lang: Lang) -> dict[str, object]:
        """Return the summary as JSON writes it."""
        profile = self.profile
        return {
            "profile": {
                "id": profile.id,
                "version": profile.version,
                "hash": profile.hash,
                "provenance": profile.provenance.value,
            },
            "as_of": self.as_of.isoformat(),
            "rows": self.evaluated + self.refused,
            "evaluated": self.evaluated,
            "rejected": self.refused,
            "left_out": self.left_out,
            "verdicts": {verdict.value: self._number(verdict) for verdict in Verdict},
            "levels": {
                level.id: self.results.get((Verdict.RECOGNISED, level.id), 0)
                for level in profile.plan.levels
            },
            "faults": [
                {
                    "column": each.column,
                    "reason": each.reason,
                    "message": reason_text(each.reason).in_(lang),
                    "rows": each.rows,
                    "first": each.first.in_(lang) if each.first else None,
                }
                for each in self.rejected
            ],
        }

    def text(self, lang: Lang) -> str:
        """Return the summary as people read it."""
        counted = render_table(_COUNTS, self._counts(lang), lang)
        said = _ROWS.in_(
            lang,
            rows=number_text(self.evaluated + self.refused, lang),
            evaluated=number_text(self.evaluated, lang),
            rejected=number_text(self.refused, lang),
        )
        parts = [said, counted]
        if self.rejected:
            parts.append(render_table(_FAULTS, self._faults(lang), lang))
        return "\n\n".join(parts)

    def _number(self, verdict: Verdict) -> int:
        return sum(number for (each, _), number in self.results.items() if each is verdict)

    def _counts(self, lang: Lang) -> list[list[str]]:
        rows = []
        for verdict in Verdict:
            rows.append([verdict.label.in_(lang), number_text(self._number(verdict), lang)])
            if verdict is Verdict.RECOGNISED:
                for level in self.profile.plan.levels:
                    name = self.profile.level(level.id).name.in_(lang)
                    number = self.results.get((verdict, level.id), 0)
                    rows.append([_LEVEL.in_(lang, name=name), number_text(number, lang)])
        return rows

    def _faults(self, lang: Lang) -> list[list[str]]:
        return [
            [
                plain(each.column or ""),
                reason_text(each.reason).in_(lang),
                number_text(each.rows, lang),
                each.first.in_(lang) if each.first else "",
            ]
            for each in self.rejected
        ]


_ROWS = Text(
    vi="{rows} dòng: {evaluated} được đánh giá, {rejected} bị loại.",
    en="{rows} rows: {evaluated} evaluated, {rejected} rejected.",
)
_LEVEL = Text(vi="– mức {name}", en="– level {name}")
_COUNTS = (
    Column(Text(vi="Kết quả", en="Result")),
    Column(Text(vi="Số", en="Number"), numeric=True),
)
_FAULTS = (
    Column(Text(vi="Cột", en="Column")),
    Column(Text(vi="Lỗi", en="Fault")),
    Column(Text(vi="Số dòng", en="Rows"), numeric=True),
    Column(Text(vi="Đầu tiên", en="First")),
)
