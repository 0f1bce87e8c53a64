"""Many files as offices send them into one table of counts, with what has to be mended."""

from xhht.gathering.decisions import Decisions, loads_decisions
from xhht.gathering.gather import Gathered, GatheredCounts, gather

__all__ = ["Decisions", "Gathered", "GatheredCounts", "gather", "loads_decisions"]
