"""xhht: Viet Nam's learning-society titles.

Criteria profiles, explained evaluation, exact roll-ups. The names below are the public face;
each is loaded when it is first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xhht.criteria.diagnostics import Diagnostic, ProfileError, Severity
    from xhht.criteria.document import Provenance
    from xhht.criteria.loading import check_profile, load_profile, loads_profile
    from xhht.criteria.profile import Profile
    from xhht.criteria.registry import Registry, bundled_profiles
    from xhht.criteria.writing import dump_profile
    from xhht.errors import FactsError, XhhtError
    from xhht.evaluation.evaluator import Evaluator, evaluate
    from xhht.evaluation.facts import Between, Evidence, OneOf, Waiver
    from xhht.evaluation.gaps import Gap
    from xhht.evaluation.result import CriterionResult, Evaluation, Status, Verdict

__all__ = [
    "Between",
    "CriterionResult",
    "Diagnostic",
    "Evaluation",
    "Evaluator",
    "Evidence",
    "FactsError",
    "Gap",
    "OneOf",
    "Profile",
    "ProfileError",
    "Provenance",
    "Registry",
    "Severity",
    "Status",
    "Verdict",
    "Waiver",
    "XhhtError",
    "bundled_profiles",
    "check_profile",
    "dump_profile",
    "evaluate",
    "load_profile",
    "loads_profile",
]

_HOME = {
    "criteria.diagnostics": ("Diagnostic", "ProfileError", "Severity"),
    "criteria.document": ("Provenance",),
    "criteria.loading": ("check_profile", "load_profile", "loads_profile"),
    "criteria.profile": ("Profile",),
    "criteria.registry": ("Registry", "bundled_profiles"),
    "criteria.writing": ("dump_profile",),
    "errors": ("FactsError", "XhhtError"),
    "evaluation.evaluator": ("Evaluator", "evaluate"),
    "evaluation.facts": ("Between", "Evidence", "OneOf", "Waiver"),
    "evaluation.gaps": ("Gap",),
    "evaluation.result": ("CriterionResult", "Evaluation", "Status", "Verdict"),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}


def __getattr__(name: str) -> Any:
    """Return a public name, importing its module on first use."""
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE})
