"""Dependencies between profiles: inputs that take the results of another profile.

An input with `members` takes those of lower subjects, an input with `result` that of the same
subject. Profiles are evaluated in topological order; a cycle of dependencies is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import TypeAlias

from xhht.criteria.diagnostics import Diagnostic, DiagnosticCollector
from xhht.criteria.document import InputEntry, MembersEntry, ProfileDocument, ResultEntry
from xhht.criteria.profile import Profile
from xhht.domain.titles import Title
from xhht.errors import CampaignError
from xhht.rules.inputs import NO_LEVEL, Input
from xhht.text import Text

__all__ = [
    "DependencyGraph",
    "can_evaluate",
    "cycle_diagnostics",
    "declared_inputs",
    "dependencies_of",
    "dependency_diagnostics",
    "evaluation_order",
    "key_of_source",
    "members_of",
    "profiles_for",
    "sources_of",
    "standards_of",
]

DependencyGraph: TypeAlias = dict[Profile, dict[str, tuple[Profile, ...]]]
"""A dependency graph: for each profile, by input, the profiles that it depends on."""


def members_of(profile: Profile) -> dict[str, MembersEntry]:
    """Return the inputs of a profile that come from members, by name."""
    entries = profile.document.inputs.items()
    return {name: entry.members for name, entry in entries if entry.members is not None}


def standards_of(profile: Profile) -> dict[str, ResultEntry]:
    """Return the inputs of a profile that rest on another standard, by name."""
    entries = profile.document.inputs.items()
    return {name: entry.result for name, entry in entries if entry.result is not None}


def profiles_for(title: Title, profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    """Return the profiles of a title, and those of the standards that they may rest on."""
    listed = tuple(profiles)
    titles = {title}
    chosen: dict[Profile, None] = {}
    while new := [one for one in listed if one.title in titles and one not in chosen]:
        chosen.update(dict.fromkeys(new))
        titles = {entry.title for one in new for entry in standards_of(one).values()}
    return tuple(chosen)


def sources_of(document: ProfileDocument) -> dict[str, MembersEntry | ResultEntry]:
    """Return the inputs of a document that depend on another profile, with their source."""
    sources = {name: entry.members or entry.result for name, entry in document.inputs.items()}
    return {name: source for name, source in sources.items() if source is not None}


def key_of_source(entry: InputEntry) -> str:
    """Return the key that gives the source of an input that depends on another profile."""
    return "members" if entry.members is not None else "result"


def can_evaluate(
    document: ProfileDocument,
    entry: MembersEntry | ResultEntry,
    subjects: ProfileDocument | None = None,
) -> bool:
    """Return whether the profile of a document can give what an input takes.

    Args:
        document: the profile.
        entry: the source of the input.
        subjects: the profile of the input, whose subjects an input with `result` shares.
    """
    limits = document.applies_to or {}
    kinds = [entry.applies_to or {}]
    if isinstance(entry, ResultEntry) and subjects is not None:
        kinds.append(subjects.applies_to or {})
    return entry.title is document.title and all(_overlap(limits, kind) for kind in kinds)


def _overlap(limits: Mapping[str, tuple[str, ...]], kind: Mapping[str, tuple[str, ...]]) -> bool:
    return all(not set(values).isdisjoint(limits.get(key, values)) for key, values in kind.items())


def dependencies_of(profiles: Iterable[Profile]) -> DependencyGraph:
    """Return the dependency graph of some profiles, sorted by id and version.

    A dependency counts only if both profiles can be in force on the same day.
    """
    listed = sorted(set(profiles), key=_sort_key)
    return {
        profile: {
            name: tuple(
                other
                for other in listed
                if can_evaluate(other.document, source, profile.document) and profile.meets(other)
            )
            for name, source in sources_of(profile.document).items()
        }
        for profile in listed
    }


def evaluation_order(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    """Return profiles in topological order: each follows those it depends on.

    Independent profiles are ordered by id and version, so the result does not depend on the order
    of the input.

    Raises:
        CampaignError: profiles depend on one another in a circle, which the message shows.
    """
    order, cycle = _topological_sort(dependencies_of(profiles))
    if cycle:
        raise CampaignError(_CIRCLE.format(circle=_cycle_text(cycle)))
    return order


def _topological_sort(graph: DependencyGraph) -> tuple[tuple[Profile, ...], tuple[Profile, ...]]:
    """Return the profiles with dependencies first, or a cycle if there is one.

    In a cycle each profile depends on the next, and the first and last are equal.
    """
    edges = {
        profile: sorted({p for others in inputs.values() for p in others}, key=_sort_key)
        for profile, inputs in graph.items()
    }
    try:
        return tuple(TopologicalSorter(edges).static_order()), ()
    except CycleError as error:
        return (), tuple(reversed(error.args[1]))


def _sort_key(profile: Profile) -> tuple[str, str]:
    return profile.id, profile.version


def _cycle_text(cycle: Iterable[Profile]) -> str:
    return " → ".join(profile.reference for profile in cycle)


def dependency_diagnostics(profiles: Iterable[Profile]) -> tuple[Diagnostic, ...]:
    """Return what is wrong between profiles that are checked together.

    These are cycles, choices that are not the levels of the standard on which they rest, and inputs
    that share the facts of a subject under one name but are declared differently.
    """
    listed = list(profiles)
    graph = dependencies_of(listed)
    return (*cycle_diagnostics(listed), *_choice_diagnostics(graph), *_name_diagnostics(graph))


def cycle_diagnostics(profiles: Iterable[Profile]) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each cycle of dependent profiles.

    It is at one input of the cycle; the next search ignores that input.
    """
    graph = dependencies_of(profiles)
    diagnostics: list[Diagnostic] = []
    while cycle := _topological_sort(graph)[1]:
        upper, lower = cycle[:2]
        name = next(name for name, others in graph[upper].items() if lower in others)
        del graph[upper][name]
        key = key_of_source(upper.document.inputs[name])
        sink, pointer = DiagnosticCollector(upper.file), f"/inputs/{name}/{key}"
        sink.add("XH239", upper.marks[pointer], pointer, key=key, circle=_cycle_text(cycle))
        diagnostics += sink.diagnostics
    return tuple(diagnostics)


def _choice_diagnostics(graph: DependencyGraph) -> Iterator[Diagnostic]:
    """Yield where the choices of an input are not the levels of its standard."""
    for profile, others in graph.items():
        sink = DiagnosticCollector(profile.file)
        for name in standards_of(profile):
            choices = profile.document.inputs[name].choices
            for standard in others[name] if choices is not None else ():
                _check_choices(sink, profile, name, standard)
        yield from sink.diagnostics


def _check_choices(
    sink: DiagnosticCollector, profile: Profile, name: str, standard: Profile
) -> None:
    entry = profile.document.inputs[name]
    pointer = f"/inputs/{name}/choices"
    choices = profile.document.options(entry)
    options = f"/choice_lists/{entry.choices}" if isinstance(entry.choices, str) else pointer
    levels = [level.id for level in standard.document.levels]
    stated = {"profile": standard.reference, "known": ", ".join((*levels, NO_LEVEL))}
    for choice in choices:
        if choice not in (*levels, NO_LEVEL):
            place = f"{options}/{choice}"
            sink.add("XH368", profile.marks[place], place, found=choice, **stated)
    for level in levels:
        if level not in choices:
            sink.add("XH369", profile.marks[pointer], pointer, level=level, **stated)


def _name_diagnostics(graph: DependencyGraph) -> Iterator[Diagnostic]:
    """Yield where an input differs from the input of that name of a profile of its chain.

    Versions of one title are not evaluated together.
    """
    pairs: dict[frozenset[Profile], tuple[Profile, Profile]] = {}
    for profile in graph:
        below = _standards_below(profile, graph)
        chosen = [(profile, standard) for standard in below]
        chosen += [
            (one, other)
            for one, other in combinations(below, 2)
            if one.title is not other.title and one.meets(other)
        ]
        for pair in chosen:
            pairs.setdefault(frozenset(pair), pair)
    for one, other in pairs.values():
        sink, own = DiagnosticCollector(one.file), declared_inputs(one)
        for name, declared in declared_inputs(other).items():
            if name in own and _is_other(one, own[name], other, declared):
                pointer = f"/inputs/{name}"
                stated = {"name": name, "profile": other.reference}
                sink.add("XH372", one.marks[pointer], pointer, **stated)
        yield from sink.diagnostics


def _standards_below(profile: Profile, graph: DependencyGraph) -> tuple[Profile, ...]:
    """Return the standards on which a profile rests, directly or not."""
    reached: dict[Profile, None] = {}
    pending = [profile]
    while pending:
        upper = pending.pop()
        below = (other for name in standards_of(upper) for other in graph[upper][name])
        new = [other for other in below if other not in reached and other is not profile]
        reached.update(dict.fromkeys(new))
        pending += new
    return tuple(reached)


def declared_inputs(profile: Profile) -> dict[str, Input]:
    """Return the inputs of a profile as it declares them, by name."""
    declared = (item.declared_input for item in profile.rules.inputs)
    return {item.name: item for item in declared}


def _is_other(profile: Profile, own: Input, standard: Profile, declared: Input) -> bool:
    """Return whether inputs of one name cannot share a fact."""
    entries = (one.document.inputs[own.name] for one in (profile, standard))
    stated = {repr((entry.members, entry.unit, entry.year)) for entry in entries}
    return _domain_of(own) != _domain_of(declared) or len(stated) > 1


def _domain_of(declared: Input) -> tuple[object, ...]:
    """Return what two inputs that share a fact must agree in."""
    return (
        declared.kind,
        declared.domain,
        declared.step,
        declared.choices,
        declared.evidence,
        declared.standard,
    )


_CIRCLE = Text(
    vi="Các bộ tiêu chí phụ thuộc lẫn nhau thành vòng: {circle}. Hãy bỏ một đầu vào 'members' "
    "hoặc 'result' trên vòng này, hoặc giới hạn bằng 'applies_to'.",
    en="Profiles depend on one another in a circle: {circle}. Remove a 'members' or 'result' "
    "input from the circle, or limit it with 'applies_to'.",
)
