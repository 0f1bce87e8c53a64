"""A case: one subject under evaluation, with its current count and contributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define

from xhht.campaign.society import Record

if TYPE_CHECKING:
    from xhht.campaign.cohorts import Cohort
    from xhht.campaign.members import MemberPart
    from xhht.campaign.tallies import TallyEntry

__all__ = ["SubjectCase"]


@define(eq=False)
class SubjectCase:
    """One subject under evaluation.

    Attributes:
        record: its record.
        cohort: the cohort it is evaluated and counted with; None if it does not count.
        counted_as: its current cohort and entry in the counts; None if it is not counted.
        contributions: its current contributions to the holders it is a member of.
    """

    record: Record
    cohort: Cohort | None = None
    counted_as: tuple[Cohort, TallyEntry] | None = None
    contributions: tuple[MemberPart, ...] = ()
