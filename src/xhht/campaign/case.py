"""A case: one subject under evaluation, with what it counts as and gives at present."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define

from xhht.campaign.society import Record

if TYPE_CHECKING:
    from xhht.campaign._sums import Part
    from xhht.campaign.cohorts import Cohort
    from xhht.campaign.tallies import Entry

__all__ = ["Case"]


@define(eq=False)
class Case:
    """One subject under evaluation.

    Attributes:
        record: what is known of it.
        cohort: with whom it is judged and counted; None where it does not count.
        counted: in which cohort and as what it is counted at present, if it is.
        given: what it gives at present to those who have it as a member.
    """

    record: Record
    cohort: Cohort | None = None
    counted: tuple[Cohort, Entry] | None = None
    given: tuple[Part, ...] = ()
