"""The result of an evaluation, with everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Self

from attrs import frozen

from xhht.evaluation.gaps import Gap, gaps_of
from xhht.evaluation.standards import before_closing
from xhht.evaluation.state import EvaluationState
from xhht.numbers import decimal_text, json_number
from xhht.text import Lang

if TYPE_CHECKING:
    from fractions import Fraction

    from xhht.evaluation.explanation import Depth
    from xhht.evaluation.markup import Explanation
    from xhht.evaluation.path import Cost, Path
    from xhht.evaluation.result_types import EvaluationDict, FractionDict
    from xhht.evaluation.settling import Settling

# What a verdict does not need is imported when it is asked for: it is a tenth of the time from a
# fresh interpreter to a first verdict.

__all__ = ["Evaluation"]


@frozen(eq=False, repr=False)
class Evaluation(EvaluationState):
    """The result for one subject; see `xhht.evaluate`."""

    def __repr__(self) -> str:
        certain, possible = map(decimal_text, (self.points_certain, self.points_possible))
        points = f", {certain}..{possible} points" if self.profile.plan.has_points() else ""
        profile = self.profile
        return f"<Evaluation {profile.id}@{profile.version}: {self.verdict.value}{points}>"

    def _repr_html_(self) -> str:
        from xhht.evaluation.display import evaluation_html

        return evaluation_html(self)

    def gaps(self) -> tuple[Gap, ...]:
        """Return what is unknown and, below the best level, what is not met, with reasons.

        In a final result, what was closed comes first.
        """
        return gaps_of(self)

    def explain(self, lang: Lang | str = Lang.VI, depth: Depth | str = "tree") -> Explanation:
        """Return the explanation, which prints as text, Markdown or HTML.

        Args:
            lang: the language.
            depth: `sentence`; `table`, with a row for each criterion; `tree`, down to each input;
                or `full`, the tree with the conditions as the file writes them.

        Raises:
            ValueError: the language or depth is unknown.

        >>> import xhht
        >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
        >>> facts = {f"indicator_{n}": 6 for n in range(1, 11)}
        >>> sentence = xhht.evaluate(profile, facts).explain("en", "sentence").text()
        >>> print(sentence.partition("; ")[0])
        Learning citizen (Decision 324/QĐ-KHVN): Does not meet the criteria — 60/100 points
        """
        from xhht.evaluation.explanation import Depth, explanation_of

        return explanation_of(self, Lang(lang), Depth(depth))

    def settling_sets(self, most: int = 100_000) -> Settling:
        """Return which facts would determine an undetermined verdict.

        The answer is exact over all values of the unknown facts, or None if the search exceeds
        its budget. Of a final result it is that before closing.

        Args:
            most: the maximum number of steps for each of the two searches.

        >>> import xhht
        >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
        >>> facts = {f"indicator_{n}": 8 for n in range(1, 10)}
        >>> settling = xhht.evaluate(profile, facts).settling_sets()
        >>> settling.enough, settling.could[0].inputs
        ((('disadvantaged_area', 'indicator_10'),), ('indicator_10',))
        """
        from xhht.evaluation.settling import find_settling_sets

        return find_settling_sets(self.before_closing(), most)

    def before_closing(self) -> Self:
        """Return the result as it was before the assessment was closed; itself if it is open."""
        return before_closing(self)

    def path_to(
        self,
        level: str,
        costs: Mapping[str, Cost] | None = None,
        *,
        fixed: Collection[str] | None = None,
        most: int = 100_000,
    ) -> Path:
        """Return the cheapest changes of facts that make a level, or a better one, certain.

        The path is exact: `evaluate` gives the level for `Path.facts`, and no cheaper change does.
        Unknown facts may stay unknown, or be shown to have the needed value ("show that …"); of a
        final result, the path is that before closing, so it makes the level certain either way. Of
        equal paths it is the one that gains the fewest points, then changes the fewest facts.

        Args:
            level: the level to reach.
            costs: the cost of changing an input or raising an indicator, by name or id: a number
                of 0 or more, or for indicators `PerPoint`. By default each changed fact costs 1,
                and 0 if its indicator has a cost.
            fixed: the inputs that may not change; by default those that describe circumstances:
                what decides whether a criterion applies or which threshold counts, upper bounds
                and denominators, figures of the year before, and the day on which a level was
                awarded.
            most: the maximum number of search steps.

        Raises:
            KeyError: the level is unknown.
            FactsError: a name in `costs` or `fixed` is unknown, or a cost is below 0.

        >>> import xhht
        >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
        >>> facts = {f"indicator_{n}": 8 for n in range(1, 10)} | {"indicator_10": 4}
        >>> path = xhht.evaluate(profile, facts).path_to("recognised")
        >>> path.cost, path.changes[0].text.en
        (Fraction(1, 1), 'Points for indicator 10: 4 → 8')
        """
        self.profile.level(level)
        from xhht.evaluation._path_search import find_path

        return find_path(self.before_closing(), level, costs, fixed, most)

    def to_dict(self, lang: Lang | str = Lang.VI) -> EvaluationDict:
        """Return the result as `xhht evaluate --format json` prints it, without `id`.

        `remarks` is there only if there are some.
        """
        data: EvaluationDict = {
            "profile": self.profile.identity(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "final": self.final,
            "closed": list(self.closed),
            "verdict": self.verdict.value,
            "level": self.level,
            "levels_possible": list(self.levels_possible),
            "points_certain": json_number(self.points_certain),
            "points_possible": json_number(self.points_possible),
            "max_points": json_number(self.max_points),
            "available_points": json_number(self.available_points),
            "available_certain": json_number(self.available_certain),
            "percent_certain": _fraction(self.percent_certain),
            "percent_possible": _fraction(self.percent_possible),
            "exact": self.exact,
            "criteria": [criterion.to_dict() for criterion in self.criteria],
            "gaps": [gap.to_dict(lang) for gap in self.gaps()],
        }
        if self.remarks:
            data["remarks"] = [remark.get(lang) for remark in self.remarks]
        return data


def _fraction(number: Fraction | None) -> FractionDict | None:
    return None if number is None else {"fraction": [number.numerator, number.denominator]}
