"""Options of an evaluation over columns, and the layout of its tables."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from attrs import frozen

from xhht import labels
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.domain.titles import AreaLevel
from xhht.evaluation.explanation import origin_texts
from xhht.frames import Detail
from xhht.numbers import Convention
from xhht.reporting.table_files import Layout
from xhht.text import Lang, Text

ID, TITLE = "id", "title"


@frozen(kw_only=True)
class Request:
    """Options of an evaluation over columns, and its output files.

    Attributes:
        profile: the profile.
        day: the evaluation date.
        numbers: the number format of texts, read and written.
        detail: the detail of each result.
        target: the file for the results, or None.
        rejected: the file for invalid rows, or None.
        delimiter: the delimiter of CSV output, None for the default.
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
        """The origin of results: profile, provenance and date."""
        return (*origin_texts(self.profile), labels.EVALUATED_AS_OF.format(day=day_text(self.day)))

    @property
    def layout(self) -> Layout:
        """The layout of result tables."""
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
        """Return the column of subject ids, or None."""
        names = {declared.declared_input.name for declared in self.profile.plan.inputs}
        return ID if ID in columns and ID not in names else None
