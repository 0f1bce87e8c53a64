"""The facts of prerequisites, as the register of titles answers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from xhht.criteria.profile import Profile
from xhht.dates import add_months, day_text, months_text
from xhht.domain.register import TitleRegister
from xhht.errors import FactsError
from xhht.evaluation.facts import Evidence, Verification, Waiver, as_mapping, to_value_set
from xhht.evaluation.state import EvaluationState
from xhht.labels import level_text
from xhht.rules.inputs import Input
from xhht.rules.model import Binds
from xhht.rules.sentences import capitalized
from xhht.text import Text

__all__ = ["facts_with_register", "is_free_of_prerequisite", "prerequisite_facts", "waiting_text"]


def prerequisite_facts(
    profile: Profile, register: TitleRegister, subject: str, on: date
) -> dict[str, bool | date]:
    """Return the facts that the prerequisites of a profile ask of a subject, from a register.

    For each level with `requires`: whether the lower level, or a better one, is held on the day
    (`held`), and since which day it has been held without a gap (`since`). The register counts as
    complete: a subject of which it has no decision holds nothing. Decisions in force that name no
    level of the profile leave both open.

    Args:
        profile: the profile.
        register: the recorded decisions.
        subject: the id or code of the subject, as decisions name it.
        on: the day of evaluation.

    Raises:
        DomainError: `on` is not a date.
        FactsError: the register has the code with other leading zeros (`lost_zeros`).

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020")
    >>> prerequisite_facts(profile, TitleRegister([]), "u1", date(2024, 12, 31))
    {}
    """
    facts: dict[str, bool | date] = {}
    ladder = [level.id for level in profile.document.levels]
    for level in profile.document.levels:
        rule = level.requires
        if rule is None:
            continue
        if register.misses_zeros(profile.title, subject):
            raise FactsError(_ZEROS, code="lost_zeros", field=rule.held or rule.since)
        enough = ladder[: ladder.index(rule.level) + 1]
        since = register.held_since(profile.title, subject, enough, on)
        if since is None and register.holds_other(profile.title, subject, ladder, on):
            continue
        if rule.held is not None:
            facts[rule.held] = since is not None
        if since is not None:
            facts[rule.since] = since
    return facts


def facts_with_register(
    profile: Profile, facts: object, register: TitleRegister, subject: str, on: date
) -> Mapping[str, object]:
    """Return facts in which the register answers what the prerequisites of a profile ask.

    Args:
        profile: the profile.
        facts: as `evaluate` takes them. Evidence that was rejected, and a set of values that has
            the answer, give way to the register.
        register: the decisions on the titles.
        subject: the id of the subject.
        on: the day of evaluation.

    Raises:
        FactsError: a fact and the register do not agree (`register_differs`), or a fact is invalid.
    """
    given = as_mapping(facts)
    answers = prerequisite_facts(profile, register, subject, on)
    inputs = {declared.name: declared for declared in profile.plan.inputs}
    for name in _never_since(profile, answers):
        if _counts(given.get(name)):
            raise _differs(name)
    added = {
        name: _as_fact(inputs[name], answer, on)
        for name, answer in answers.items()
        if _gives_way(inputs[name], given.get(name), answer)
    }
    return {**given, **added}


def _never_since(profile: Profile, answers: Mapping[str, object]) -> Iterator[str]:
    """Yield the days that a subject cannot have, since it does not hold the lower level."""
    for level in profile.document.levels:
        rule = level.requires
        if rule is not None and rule.held is not None and answers.get(rule.held) is False:
            yield rule.since


def _counts(fact: object) -> bool:
    """Return whether a fact states something that may differ from the register."""
    if isinstance(fact, Evidence):
        return fact.value is not None and fact.verification is not Verification.REJECTED
    return fact is not None and not isinstance(fact, Waiver)


def _gives_way(declared: Input, fact: object, answer: bool | date) -> bool:
    """Return whether a fact is replaced by the answer; raises FactsError if they differ."""
    if isinstance(fact, Waiver):
        return False
    if not _counts(fact):
        return True
    lower, upper = to_value_set(declared, fact.value if isinstance(fact, Evidence) else fact)
    units, _ = to_value_set(declared, answer)
    if not lower <= units <= upper:
        raise _differs(declared.name)
    return lower != upper


def _as_fact(declared: Input, answer: bool | date, on: date) -> object:
    """Return an answer as a fact: evidence, if the input asks for it."""
    if not declared.evidence.required and declared.evidence.valid_months is None:
        return answer
    return Evidence(value=answer, dated=on, verification=Verification.VERIFIED)


def is_free_of_prerequisite(result: EvaluationState, level_id: str) -> bool:
    """Return whether a subject is known not to hold the lower level, which alone would bind it."""
    rule = result.profile.level(level_id).requires
    if rule is None:
        return True
    if rule.binds is not Binds.HOLDERS or rule.held is None:
        return False
    return not _ends(result, rule.held)[1]


def waiting_text(result: EvaluationState, level_id: str) -> Text | None:
    """Return from which day a level can be reached, if its months have not passed on `as_of`.

    None if nothing binds the subject, the months have passed, or the day of the decision on the
    lower level is not known.
    """
    rule = result.profile.level(level_id).requires
    if rule is None or result.as_of is None:
        return None
    lower, upper = _ends(result, rule.since)
    if lower != upper or (rule.held is not None and not _ends(result, rule.held)[0]):
        return None
    since = date.fromordinal(lower)
    first = add_months(since, rule.months)
    if first <= result.as_of:
        return None
    text = _WAITS.format(
        level=level_text(result.profile.level(level_id).name),
        lower=level_text(result.profile.level(rule.level).name),
        since=day_text(since),
        months=months_text(rule.months),
        first=day_text(first),
    )
    return capitalized(text)


def _ends(result: EvaluationState, name: str) -> tuple[int, int]:
    """Return the set of an input, in steps."""
    [index] = [i for i, declared in enumerate(result.plan.inputs) if declared.name == name]
    return result.input_lows[index], result.input_highs[index]


def _differs(name: str) -> FactsError:
    return FactsError(_DIFFERS.format(name=name), code="register_differs", field=name)


_ZEROS = Text(
    vi="Mã của đối tượng có trong sổ danh hiệu nhưng khác ở các số 0 đứng đầu; hãy ghi cùng một mã "
    "ở hai nơi, định dạng cột mã là văn bản.",
    en="The register of titles has the code of the subject with other leading zeros; write the "
    "same code in both, with the column of codes as text.",
)
_DIFFERS = Text(
    vi="'{name}' không khớp với sổ danh hiệu; hãy kiểm tra dữ kiện và các quyết định trong sổ.",
    en="'{name}' differs from the register of titles; check the fact and the decisions.",
)
_WAITS = Text(
    vi="Sớm nhất từ ngày {first} mới xét được {level}: {lower} được công nhận ngày "
    "{since}, phải giữ đủ {months}.",
    en="{level} can be reached from {first} at the earliest: {lower} was "
    "recognised on {since} and must be held for {months}.",
)
