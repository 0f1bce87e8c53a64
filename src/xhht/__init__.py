"""xhht: Viet Nam's learning-society titles.

Criteria profiles, explained evaluation, exact roll-ups. The names below are the public API; each
is imported on first use, so that importing the package is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xhht.criteria.changes import ProfileChanges
    from xhht.criteria.compare import compare_profiles
    from xhht.criteria.diagnostics import Diagnostic, ProfileError
    from xhht.criteria.document import Provenance
    from xhht.criteria.loading import check_profile, load_profile, loads_profile
    from xhht.criteria.profile import Profile
    from xhht.criteria.registry import Registry, bundled_profiles, installed_profiles
    from xhht.criteria.targets import (
        Programme,
        Target,
        bundled_programmes,
        check_targets,
        load_targets,
    )
    from xhht.criteria.writing import dump_profile
    from xhht.domain.area_changes import AreaChange, ChangeKind
    from xhht.domain.concordance import Concordance
    from xhht.domain.recognitions import Recognition, ValidityStart
    from xhht.domain.register import TitleRegister, UpgradeRule
    from xhht.domain.titles import Title
    from xhht.errors import FactsError, XhhtError
    from xhht.evaluation.condition import SubjectCondition
    from xhht.evaluation.evaluator import Evaluator, evaluate
    from xhht.evaluation.fact_io import facts_from_json
    from xhht.evaluation.facts import Between, Evidence, OneOf, Waiver
    from xhht.evaluation.facts_schema import facts_schema
    from xhht.evaluation.gaps import Gap
    from xhht.evaluation.path import PerPoint
    from xhht.evaluation.result import Evaluation
    from xhht.evaluation.state import CriterionResult, Status, Verdict
    from xhht.issues import Severity
    from xhht.proving.findings import Proof
    from xhht.proving.prove import prove
    from xhht.rollup.attainment import Attainment, attainment
    from xhht.rollup.carry import carry, compare_days
    from xhht.rollup.disclosure import DisclosurePolicy, protect
    from xhht.rollup.joint import JointTally
    from xhht.rollup.national import national_concordance
    from xhht.rollup.shortlist import Candidate, ShortlistRules, shortlist

__all__ = [
    "AreaChange",
    "Attainment",
    "Between",
    "Candidate",
    "ChangeKind",
    "Concordance",
    "CriterionResult",
    "Diagnostic",
    "DisclosurePolicy",
    "Evaluation",
    "Evaluator",
    "Evidence",
    "FactsError",
    "Gap",
    "JointTally",
    "OneOf",
    "PerPoint",
    "Profile",
    "ProfileChanges",
    "ProfileError",
    "Programme",
    "Proof",
    "Provenance",
    "Recognition",
    "Registry",
    "Severity",
    "ShortlistRules",
    "Status",
    "SubjectCondition",
    "Target",
    "Title",
    "TitleRegister",
    "UpgradeRule",
    "ValidityStart",
    "Verdict",
    "Waiver",
    "XhhtError",
    "attainment",
    "bundled_profiles",
    "bundled_programmes",
    "carry",
    "check_profile",
    "check_targets",
    "compare_days",
    "compare_profiles",
    "dump_profile",
    "evaluate",
    "facts_from_json",
    "facts_schema",
    "installed_profiles",
    "load_profile",
    "load_targets",
    "loads_profile",
    "national_concordance",
    "protect",
    "prove",
    "shortlist",
]

_HOME = {
    "criteria.changes": ("ProfileChanges",),
    "criteria.compare": ("compare_profiles",),
    "criteria.diagnostics": (
        "Diagnostic",
        "ProfileError",
    ),
    "criteria.document": ("Provenance",),
    "criteria.loading": (
        "check_profile",
        "load_profile",
        "loads_profile",
    ),
    "criteria.profile": ("Profile",),
    "criteria.registry": (
        "Registry",
        "bundled_profiles",
        "installed_profiles",
    ),
    "criteria.targets": (
        "Programme",
        "Target",
        "bundled_programmes",
        "check_targets",
        "load_targets",
    ),
    "criteria.writing": ("dump_profile",),
    "domain.area_changes": (
        "AreaChange",
        "ChangeKind",
    ),
    "domain.concordance": ("Concordance",),
    "domain.recognitions": (
        "Recognition",
        "ValidityStart",
    ),
    "domain.register": (
        "TitleRegister",
        "UpgradeRule",
    ),
    "domain.titles": ("Title",),
    "errors": (
        "FactsError",
        "XhhtError",
    ),
    "evaluation.condition": ("SubjectCondition",),
    "evaluation.evaluator": (
        "Evaluator",
        "evaluate",
    ),
    "evaluation.fact_io": ("facts_from_json",),
    "evaluation.facts": (
        "Between",
        "Evidence",
        "OneOf",
        "Waiver",
    ),
    "evaluation.facts_schema": ("facts_schema",),
    "evaluation.gaps": ("Gap",),
    "evaluation.path": ("PerPoint",),
    "evaluation.result": ("Evaluation",),
    "evaluation.state": (
        "CriterionResult",
        "Status",
        "Verdict",
    ),
    "issues": ("Severity",),
    "proving.findings": ("Proof",),
    "proving.prove": ("prove",),
    "rollup.attainment": (
        "Attainment",
        "attainment",
    ),
    "rollup.carry": (
        "carry",
        "compare_days",
    ),
    "rollup.disclosure": (
        "DisclosurePolicy",
        "protect",
    ),
    "rollup.joint": ("JointTally",),
    "rollup.national": ("national_concordance",),
    "rollup.shortlist": (
        "Candidate",
        "ShortlistRules",
        "shortlist",
    ),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}
_PACKAGES = (
    "campaign",
    "criteria",
    "documents",
    "domain",
    "frames",
    "proving",
    "reporting",
    "rollup",
)


def __getattr__(name: str) -> Any:
    """Return a public name, importing its module on first use."""
    if name in _PACKAGES:
        return importlib.import_module(f"{__name__}.{name}")
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE, *_PACKAGES})
