"""xhht: Viet Nam's learning-society titles.

Criteria profiles, explained evaluation, exact roll-ups. The names below are the public API; each
is imported on first use, so that importing the package is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # `as` re-exports a name for type checkers
    from xhht.criteria.changes import ProfileChanges as ProfileChanges
    from xhht.criteria.compare import compare_profiles as compare_profiles
    from xhht.criteria.diagnostics import Diagnostic as Diagnostic
    from xhht.criteria.diagnostics import ProfileError as ProfileError
    from xhht.criteria.document import Provenance as Provenance
    from xhht.criteria.loading import check_profile as check_profile
    from xhht.criteria.loading import load_profile as load_profile
    from xhht.criteria.loading import loads_profile as loads_profile
    from xhht.criteria.profile import Profile as Profile
    from xhht.criteria.registry import Registry as Registry
    from xhht.criteria.registry import bundled_profiles as bundled_profiles
    from xhht.criteria.registry import installed_profiles as installed_profiles
    from xhht.criteria.targets import Programme as Programme
    from xhht.criteria.targets import Target as Target
    from xhht.criteria.targets import bundled_programmes as bundled_programmes
    from xhht.criteria.targets import check_targets as check_targets
    from xhht.criteria.targets import load_targets as load_targets
    from xhht.criteria.writing import dump_profile as dump_profile
    from xhht.domain.area_changes import AreaChange as AreaChange
    from xhht.domain.area_changes import ChangeKind as ChangeKind
    from xhht.domain.concordance import Concordance as Concordance
    from xhht.domain.recognitions import Recognition as Recognition
    from xhht.domain.recognitions import ValidityStart as ValidityStart
    from xhht.domain.register import TitleRegister as TitleRegister
    from xhht.domain.register import UpgradeRule as UpgradeRule
    from xhht.domain.titles import Title as Title
    from xhht.errors import FactsError as FactsError
    from xhht.errors import XhhtError as XhhtError
    from xhht.evaluation.condition import SubjectCondition as SubjectCondition
    from xhht.evaluation.evaluator import Evaluator as Evaluator
    from xhht.evaluation.evaluator import evaluate as evaluate
    from xhht.evaluation.fact_io import facts_from_json as facts_from_json
    from xhht.evaluation.facts import Between as Between
    from xhht.evaluation.facts import Evidence as Evidence
    from xhht.evaluation.facts import OneOf as OneOf
    from xhht.evaluation.facts import Waiver as Waiver
    from xhht.evaluation.facts_schema import facts_schema as facts_schema
    from xhht.evaluation.gaps import Gap as Gap
    from xhht.evaluation.path import PerPoint as PerPoint
    from xhht.evaluation.prerequisites import facts_with_register as facts_with_register
    from xhht.evaluation.prerequisites import prerequisite_facts as prerequisite_facts
    from xhht.evaluation.result import Evaluation as Evaluation
    from xhht.evaluation.state import CriterionResult as CriterionResult
    from xhht.evaluation.state import Status as Status
    from xhht.evaluation.state import Verdict as Verdict
    from xhht.issues import Severity as Severity
    from xhht.proving.findings import Proof as Proof
    from xhht.proving.prove import prove as prove
    from xhht.rollup.attainment import Attainment as Attainment
    from xhht.rollup.attainment import attainment as attainment
    from xhht.rollup.carry import carry as carry
    from xhht.rollup.carry import compare_days as compare_days
    from xhht.rollup.disclosure import DisclosurePolicy as DisclosurePolicy
    from xhht.rollup.disclosure import protect as protect
    from xhht.rollup.joint import JointTally as JointTally
    from xhht.rollup.national import national_concordance as national_concordance
    from xhht.rollup.shortlist import Candidate as Candidate
    from xhht.rollup.shortlist import ShortlistRules as ShortlistRules
    from xhht.rollup.shortlist import shortlist as shortlist

_HOME: dict[str, tuple[str, ...]] = {
    "criteria.changes": ("ProfileChanges",),
    "criteria.compare": ("compare_profiles",),
    "criteria.diagnostics": ("Diagnostic", "ProfileError"),
    "criteria.document": ("Provenance",),
    "criteria.loading": ("check_profile", "load_profile", "loads_profile"),
    "criteria.profile": ("Profile",),
    "criteria.registry": ("Registry", "bundled_profiles", "installed_profiles"),
    "criteria.targets": (
        "Programme",
        "Target",
        "bundled_programmes",
        "check_targets",
        "load_targets",
    ),
    "criteria.writing": ("dump_profile",),
    "domain.area_changes": ("AreaChange", "ChangeKind"),
    "domain.concordance": ("Concordance",),
    "domain.recognitions": ("Recognition", "ValidityStart"),
    "domain.register": ("TitleRegister", "UpgradeRule"),
    "domain.titles": ("Title",),
    "errors": ("FactsError", "XhhtError"),
    "evaluation.condition": ("SubjectCondition",),
    "evaluation.evaluator": ("Evaluator", "evaluate"),
    "evaluation.fact_io": ("facts_from_json",),
    "evaluation.facts": ("Between", "Evidence", "OneOf", "Waiver"),
    "evaluation.facts_schema": ("facts_schema",),
    "evaluation.gaps": ("Gap",),
    "evaluation.path": ("PerPoint",),
    "evaluation.prerequisites": ("facts_with_register", "prerequisite_facts"),
    "evaluation.result": ("Evaluation",),
    "evaluation.state": ("CriterionResult", "Status", "Verdict"),
    "issues": ("Severity",),
    "proving.findings": ("Proof",),
    "proving.prove": ("prove",),
    "rollup.attainment": ("Attainment", "attainment"),
    "rollup.carry": ("carry", "compare_days"),
    "rollup.disclosure": ("DisclosurePolicy", "protect"),
    "rollup.joint": ("JointTally",),
    "rollup.national": ("national_concordance",),
    "rollup.shortlist": ("Candidate", "ShortlistRules", "shortlist"),
}
"""The public names, by the module that defines them."""

_MODULE = {name: module for module, names in _HOME.items() for name in names}
__all__ = sorted(_MODULE)
_PACKAGES = (
    "campaign",
    "criteria",
    "documents",
    "domain",
    "frames",
    "proving",
    "reporting",
    "rollup",
    "tables",
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
