"""Resolves the one profile in force for a subject on a day, or explains why it is undetermined.

Unknown dates are not guessed. A profile is in force from its `effective_from`, or else from the day
its document was issued; without either, its start is undetermined. It is in force until its
`effective_to`. Without that it stays in force until another profile starts that may have replaced
it: of the same title, for the same kind of subject, from a later day, for the same area or an
enclosing one. After that day it is undetermined whether it is still in force.

An illustrative profile has no dates in sources: without dates it is always in force, and it
replaces no profile that is backed by sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from xhht.criteria.document import ProfileStatus, Provenance
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.domain.kind_words import likely_value
from xhht.domain.titles import Title
from xhht.errors import ProfileNotFoundError
from xhht.text import Text, join

__all__ = ["ProfileQuery", "resolve_profile"]


@frozen(kw_only=True)
class ProfileQuery:
    """The criteria of a search for a profile.

    Attributes:
        title: the title.
        day: the day on which the profile must be in force.
        path: the codes of the subject's area and of its enclosing areas, the nearest first.
        subject: the known properties of the subject.
        illustrative: whether illustrative profiles are considered.
    """

    title: Title
    day: date
    path: Sequence[str] = ()
    subject: Mapping[str, str]
    illustrative: bool = False


@frozen
class _Candidate:
    """A profile that is or may be in force on the day.

    `successors` may have replaced it by then.
    """

    profile: Profile
    successors: tuple[Profile, ...]

    @property
    def is_certain(self) -> bool:
        """Whether it is certainly in force."""
        return not self.successors and (
            _is_illustrative(self.profile) or self.profile.begins is not None
        )


def resolve_profile(profiles: Iterable[Profile], query: ProfileQuery) -> Profile:
    """Return the one profile in force.

    Raises:
        ProfileNotFoundError: no profile or several are in force, or this depends on an unknown
            date; the message lists the candidates with their unknown dates.
    """
    of_title = [profile for profile in profiles if profile.title is query.title]
    eligible = [profile for profile in of_title if _is_eligible(profile, query)]
    candidates = _nearest(eligible, query)
    if not candidates:
        raise _none_in_force(of_title, query)
    if _is_unique(candidates):
        return candidates[0].profile
    raise _unresolved(candidates, eligible, query)


def _is_unique(candidates: list[_Candidate]) -> bool:
    return len(candidates) == 1 and candidates[0].is_certain


def _is_eligible(profile: Profile, query: ProfileQuery) -> bool:
    """Return whether a profile matches, apart from dates and areas."""
    return (
        profile.document.status is not ProfileStatus.DRAFT
        and (query.illustrative or not _is_illustrative(profile))
        and _is_of_kind(profile, query)
    )


def _is_of_kind(profile: Profile, query: ProfileQuery) -> bool:
    limits = profile.document.applies_to or {}
    return all(query.subject.get(key, values[0]) in values for key, values in limits.items())


def _is_illustrative(profile: Profile) -> bool:
    return profile.provenance is Provenance.ILLUSTRATIVE


def _nearest(eligible: list[Profile], query: ProfileQuery) -> list[_Candidate]:
    """Return the candidates of the nearest area in which one is certainly in force.

    Candidates of nearer areas that may be in force come before them.
    """
    candidates: list[_Candidate] = []
    for depth, code in enumerate((*query.path, None)):
        enclosing = {*query.path[depth:], None}
        may_follow = [profile for profile in eligible if profile.document.area in enclosing]
        of_area = [
            _Candidate(profile, tuple(_successors(profile, may_follow, query.day)))
            for profile in eligible
            if profile.document.area == code
            and profile.in_force(query.day)
            and profile.has_subjects(query.day)
        ]
        candidates += of_area
        if any(candidate.is_certain for candidate in of_area):
            break
    return candidates


def _successors(profile: Profile, others: list[Profile], day: date) -> Iterator[Profile]:
    """Yield the profiles that may have replaced a profile by a day."""
    begins = profile.begins
    if profile.document.effective_to is not None or begins is None or _is_illustrative(profile):
        return
    for other in others:
        start = other.begins
        if start is None or _is_illustrative(other):
            continue
        if begins < start <= day and _same_kind(profile, other):
            yield other


def _same_kind(one: Profile, other: Profile) -> bool:
    """Return whether both profiles can apply to the same subject."""
    limits, other_limits = one.document.applies_to or {}, other.document.applies_to or {}
    return all(
        not set(values).isdisjoint(other_limits.get(key, values)) for key, values in limits.items()
    )


# Error messages


def _none_in_force(of_title: list[Profile], query: ProfileQuery) -> ProfileNotFoundError:
    """Return the error if no profile is in force, with a reason for each profile of the title."""
    opening = _NONE.format(**_fields(query))
    if not of_title:
        return ProfileNotFoundError(join([opening, _SEE]))
    nearest = sorted(of_title, key=lambda profile: _distance(profile, query))
    names = [
        _NAMED.format(name=profile.reference, reason=_reason_excluded(profile, query))
        for profile in nearest[:_MAX_NAMED]
    ]
    excluded = _NOT_CONSIDERED.format(names=join(names, ", "))
    return ProfileNotFoundError(join([opening, *_unknown_kinds(of_title, query), excluded]))


def _distance(profile: Profile, query: ProfileQuery) -> tuple[bool, bool, bool]:
    """Return a key that sorts those profiles first that are for the kind and in force."""
    return (
        profile.document.status is ProfileStatus.DRAFT,
        not profile.in_force(query.day),
        not _is_of_kind(profile, query),
    )


def _unknown_kinds(of_title: list[Profile], query: ProfileQuery) -> Iterator[Text]:
    """Yield what is said of the subject, but by no profile of the title."""
    for key, value in query.subject.items():
        limits = [profile.document.applies_to or {} for profile in of_title]
        values = sorted({value for limit in limits for value in limit.get(key, ())})
        if values and value not in values:
            yield _IN_NO_PROFILE.format(key=key, value=value, values=", ".join(values))
            likely = likely_value(key, value, values)
            if likely is not None:
                yield _LIKELY_KIND.format(key=key, likely=likely)
            yield from _said_in_notes(of_title, query.day, key)


def _said_in_notes(of_title: list[Profile], day: date, key: str) -> Iterator[Text]:
    """Yield what the notes of the profiles in force say of a key: which subjects count as what."""
    for profile in of_title:
        note, limits = profile.document.note, profile.document.applies_to or {}
        if note is None or key not in limits or profile.reason_out_of_force(day) is not None:
            continue
        parts = [
            " ".join(sentence for sentence in _SENTENCE_END.split(text) if key in sentence)
            for text in (note.vi, note.en)
        ]
        if all(parts):
            yield _NOTED.format(name=profile.reference, note=Text(vi=parts[0], en=parts[1]))


def _reason_excluded(profile: Profile, query: ProfileQuery) -> Text:
    if profile.document.status is ProfileStatus.DRAFT:
        return _IS_DRAFT
    if _is_illustrative(profile) and not query.illustrative:
        return _IS_ILLUSTRATIVE
    if not _is_of_kind(profile, query):
        limits = profile.document.applies_to or {}
        kinds = "; ".join(f"{key}: {', '.join(values)}" for key, values in limits.items())
        return _IS_FOR_OTHERS.format(kinds=kinds)
    reason = profile.reason_out_of_force(query.day)
    return reason or _IS_ELSEWHERE.format(area=profile.document.area)


def _unresolved(
    candidates: list[_Candidate], eligible: list[Profile], query: ProfileQuery
) -> ProfileNotFoundError:
    candidates = sorted(candidates, key=lambda candidate: candidate.profile.begins or date.min)
    among = [candidate.profile for candidate in candidates]
    unknown_dates = [[*_unknown_dates(candidate, among)] for candidate in candidates]
    opening = _UNDETERMINED if any(unknown_dates) else _SEVERAL
    sentences = [
        opening.format(**_fields(query), names=_names(among, unknown_dates)),
        *_remedies(among, eligible, query),
    ]
    return ProfileNotFoundError(join(sentences))


def _names(among: list[Profile], unknown_dates: list[list[Text]]) -> Text:
    """Return the candidates, each with its unknown dates if any candidate has some."""
    names = []
    for profile, reasons in zip(among, unknown_dates, strict=True):
        if any(unknown_dates) and not reasons and profile.begins is not None:
            reasons = [_IN_FORCE.format(day=day_text(profile.begins))]
        form = _NAMED if reasons else _NAME_ONLY
        names.append(form.format(name=profile.reference, reason=join(reasons, "; ")))
    return join(names, ", ")


def _unknown_dates(candidate: _Candidate, among: list[Profile]) -> Iterator[Text]:
    """Yield the relevant unknown dates of a candidate."""
    profile = candidate.profile
    if _is_illustrative(profile):
        return
    if profile.begins is None:
        yield _NO_DAY
    elif profile.document.effective_from is None:
        yield _NO_START.format(day=day_text(profile.begins))
    ended = [profile.reference for profile in candidate.successors if profile not in among]
    if candidate.successors:
        yield _NO_END if len(ended) < len(candidate.successors) else _REPLACED.format(by=ended[0])


def _remedies(among: list[Profile], eligible: list[Profile], query: ProfileQuery) -> Iterator[Text]:
    limits = (key for profile in among for key in profile.document.applies_to or {})
    unspecified = [key for key in dict.fromkeys(limits) if key not in query.subject]
    if len(among) > 1 and unspecified:
        yield _SPECIFY_KIND.format(keys=", ".join(unspecified))
    areas = {profile.document.area for profile in eligible if profile.document.area}
    decisive = [
        code for code in areas if _is_unique(_nearest(eligible, evolve(query, path=(code,))))
    ]
    if not query.path and decisive:
        yield _SPECIFY_AREA.format(areas=", ".join(sorted(decisive)))
    yield _CHOOSE


def _fields(query: ProfileQuery) -> dict[str, object]:
    return {"title": query.title.value, "day": day_text(query.day)}


_MAX_NAMED = 8

_NONE = Text(
    vi="Không có bộ tiêu chí nào có hiệu lực cho '{title}' vào ngày {day}.",
    en="No profile is in force for '{title}' on {day}.",
)
_SENTENCE_END = re.compile(r"(?<=[.;]) ")
_LIKELY_KIND = Text(vi="Có phải ý bạn là {key}: {likely}?", en="Did you mean {key}: {likely}?")
_NOTED = Text(vi="Ghi chú của {name}: {note}", en="The note of {name}: {note}")
_SEE = Text(vi="Xem: xhht profiles list.", en="See: xhht profiles list.")
_IN_NO_PROFILE = Text(
    vi="Không bộ tiêu chí nào của danh hiệu này dành cho {key}: {value}; các giá trị có thể dùng: "
    "{values}.",
    en="No profile of this title is for {key}: {value}; possible values: {values}.",
)
_NOT_CONSIDERED = Text(vi="Đã bỏ qua: {names}.", en="Not considered: {names}.")
_IS_DRAFT = Text(
    vi="bản nháp: đổi status thành active để dùng", en="draft: set status to active to use it"
)
_IS_ILLUSTRATIVE = Text(
    vi="tiêu chí minh họa: chỉ dùng khi cho phép (illustrative)",
    en="illustrative criteria: used only if illustrative profiles are allowed",
)
_IS_FOR_OTHERS = Text(vi="chỉ dành cho {kinds}", en="only for {kinds}")
_IS_ELSEWHERE = Text(vi="của khu vực {area}", en="for area {area}")
_SEVERAL = Text(
    vi="Có nhiều bộ tiêu chí có hiệu lực cho '{title}' vào ngày {day}: {names}.",
    en="Several profiles are in force for '{title}' on {day}: {names}.",
)
_UNDETERMINED = Text(
    vi="Chưa xác định được bộ tiêu chí có hiệu lực cho '{title}' vào ngày {day}, vì có ngày chưa "
    "có trong nguồn nào: {names}.",
    en="Cannot determine which profile is in force for '{title}' on {day}, because no source gives "
    "all dates: {names}.",
)
_NAME_ONLY = Text(vi="{name}", en="{name}")
_NAMED = Text(vi="{name} ({reason})", en="{name} ({reason})")
_IN_FORCE = Text(vi="có hiệu lực từ {day}", en="in force from {day}")
_NO_DAY = Text(
    vi="chưa có ngày có hiệu lực (effective_from) và ngày ban hành (issued)",
    en="effective_from and the date of issue are unknown",
)
_NO_START = Text(
    vi="chưa có ngày có hiệu lực (effective_from), tính từ ngày ban hành {day}",
    en="effective_from is unknown; counted from its issue on {day}",
)
_NO_END = Text(
    vi="chưa có ngày hết hiệu lực (effective_to), có thể đã bị thay thế",
    en="effective_to is unknown; it may have been replaced",
)
_REPLACED = Text(
    vi="chưa có ngày hết hiệu lực (effective_to), có thể đã bị {by} thay thế",
    en="effective_to is unknown; it may have been replaced by {by}",
)
_SPECIFY_KIND = Text(
    vi="Vui lòng nêu loại đối tượng bằng applies_to: {keys}.",
    en="Specify the kind of subject with applies_to: {keys}.",
)
_SPECIFY_AREA = Text(
    vi="Nếu thuộc khu vực có bộ tiêu chí riêng ({areas}), vui lòng nêu area.",
    en="If the area has its own profile ({areas}), specify area.",
)
_CHOOSE = Text(
    vi="Để chọn một bộ tiêu chí, vui lòng ghi MÃ@PHIÊN_BẢN.",
    en="To choose a profile, write ID@VERSION.",
)
