"""What `xhht evaluate` is asked for over columns, and how its tables look."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.domain.titles import AreaLevel
from xhht.evaluation.explanation import origin_texts
from xhht.exact import Convention
from xhht.frames import Detail
from xhht.reporting.table_files import Layout
from xhht.text import Lang, Text

__all__ = ["TITLE", "Request"]

ID, TITLE = "id", "title"


@frozen(kw_only=True)
class Request:
    """What is to be evaluated over columns, and where it goes.

    Attributes:
        profile: the profile.
        day: the day to judge for.
        numbers: how texts write numbers, read and written.
        detail: how much of each result is told.
        target: the file for the results, or None.
        rejected: the file for rows that cannot be, or None.
        delimiter: what separates the cells of CSV that is written, None for the usual sign.
        sheet: the sheet of a workbook, or None.
        level: the level of the areas, or None.
        lang: the language of messages.
    """

    profile: Profile
    day: date
    numbers: Convention
    detail: Detail
    target: Path | None
    rejected: Path | None
    delimiter: str | None
    sheet: str | None
    level: AreaLevel | None
    lang: Lang

    @property
    def origin(self) -> tuple[Text, ...]:
        """What results rest on: profile, provenance and day."""
        return (*origin_texts(self.profile), _AS_OF.format(day=day_text(self.day)))

    @property
    def layout(self) -> Layout:
        """How tables of results look."""
        return Layout(
            numbers=self.numbers,
            delimiter=self.delimiter,
            lang=self.lang,
            about=self.origin,
            metadata={
                "xhht.profile": f"{self.profile.id}@{self.profile.version}",
                "xhht.hash": self.profile.hash,
                "xhht.provenance": self.profile.provenance.value,
                "xhht.as_of": self.day.isoformat(),
            },
        )

    def id_column(self, columns: Collection[str]) -> str | None:
        """Return the column that names subjects, None where there is none."""
        names = {declared.asked.name for declared in self.profile.plan.inputs}
        return ID if ID in columns and ID not in names else None


_AS_OF = Text(vi="Ngày đánh giá: {day}", en="Judged as of: {day}")
