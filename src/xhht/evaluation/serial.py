"""Results as plain data, as `xhht evaluate --format json` prints them."""

from __future__ import annotations

from xhht.evaluation.gaps import Gap
from xhht.evaluation.result import CriterionResult, Evaluation
from xhht.numbers import json_number
from xhht.text import Lang

__all__ = ["to_dict"]


def to_dict(result: Evaluation, lang: Lang) -> dict[str, object]:
    """Return a result as JSON data; points are exact numbers."""
    return {
        "profile": {
            "id": result.profile.id,
            "version": result.profile.version,
            "hash": result.profile.hash,
            "provenance": result.profile.provenance.value,
        },
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "verdict": result.verdict.value,
        "level": result.level,
        "levels_possible": list(result.levels_possible),
        "points_certain": json_number(result.points_certain),
        "points_possible": json_number(result.points_possible),
        "max_points": json_number(result.max_points),
        "available_points": json_number(result.available_points),
        "available_certain": json_number(result.available_certain),
        "exact": result.exact,
        "criteria": [_criterion(criterion) for criterion in result.criteria],
        "gaps": [_gap(gap, lang) for gap in result.gaps()],
    }


def _criterion(criterion: CriterionResult) -> dict[str, object]:
    return {
        "id": criterion.id,
        "status": criterion.status.value,
        "points_certain": json_number(criterion.points_certain),
        "points_possible": json_number(criterion.points_possible),
        "max_points": json_number(criterion.max_points),
    }


def _gap(gap: Gap, lang: Lang) -> dict[str, object]:
    return {
        "input": gap.input,
        "criterion": gap.criterion,
        "reason": gap.reason.value,
        "message": gap.text.get(lang),
    }
