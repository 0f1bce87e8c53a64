"""Finds the one profile that holds for a subject on a day, or says why that cannot be told.

A date that no source shows is not guessed. A profile counts from its `effective_from`, or else from
the day its document was issued, before which it cannot hold; of one without either nothing is sure.
It counts until its `effective_to`. Without that it holds on, until another profile begins that may
have replaced it: of the same title, for subjects of the same kind, from a later day, for the same
area or one around it. From then on it is open whether it still holds.

What somebody invented has no dates in sources: an illustrative profile without dates always holds,
and replaces none that a source shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from xhht.criteria.document import Provenance, Status
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.domain.titles import Title
from xhht.errors import ProfileNotFoundError
from xhht.text import Lang, Text

__all__ = ["Question", "answer"]


@frozen(kw_only=True)
class Question:
    """What is asked for.

    Attributes:
        title: the title.
        day: the day on which the profile is to hold.
        path: the codes of the subject's area and of those it lies in, the nearest first.
        subject: what the subject is, as far as it is told.
        illustrative: whether invented profiles may answer.
    """

    title: Title
    day: date
    path: Sequence[str] = ()
    subject: Mapping[str, str]
    illustrative: bool = False


@frozen
class _Candidate:
    """A profile that holds on the day, or may hold.

    `successors` may have replaced it by then.
    """

    profile: Profile
    successors: tuple[Profile, ...]

    @property
    def is_sure(self) -> bool:
        """Whether it holds for certain."""
        return not self.successors and (
            _is_invented(self.profile) or self.profile.begins is not None
        )


def answer(profiles: Iterable[Profile], question: Question) -> Profile:
    """Return the one profile that holds.

    Raises:
        ProfileNotFoundError: none does, several do, or it hangs on a date that no source shows;
            the candidates are named, each with its dates that are not shown.
    """
    of_title = [profile for profile in profiles if profile.title is question.title]
    asked = [profile for profile in of_title if _is_asked_for(profile, question)]
    found = _nearest(asked, question)
    if not found:
        raise _nobody(of_title, question)
    if _is_one(found):
        return found[0].profile
    raise _unresolved(found, asked, question)


def _is_one(found: list[_Candidate]) -> bool:
    return len(found) == 1 and found[0].is_sure


def _is_asked_for(profile: Profile, question: Question) -> bool:
    """Return whether a profile would answer, dates and areas aside."""
    return (
        profile.document.status is not Status.DRAFT
        and (question.illustrative or not _is_invented(profile))
        and _is_of_kind(profile, question)
    )


def _is_of_kind(profile: Profile, question: Question) -> bool:
    limits = profile.document.applies_to or {}
    return all(question.subject.get(key, values[0]) in values for key, values in limits.items())


def _is_invented(profile: Profile) -> bool:
    return profile.provenance is Provenance.ILLUSTRATIVE


def _nearest(asked: list[Profile], question: Question) -> list[_Candidate]:
    """Return the candidates of the nearest area where one holds for certain.

    Those of nearer areas that only may hold stand before it.
    """
    found: list[_Candidate] = []
    for at, code in enumerate((*question.path, None)):
        around = {*question.path[at:], None}
        may_follow = [profile for profile in asked if profile.document.area in around]
        of_area = [
            _Candidate(profile, tuple(_successors(profile, may_follow, question.day)))
            for profile in asked
            if profile.document.area == code and profile.in_force(question.day)
        ]
        found += of_area
        if any(candidate.is_sure for candidate in of_area):
            break
    return found


def _successors(profile: Profile, others: list[Profile], day: date) -> Iterator[Profile]:
    """Yield the profiles that may have replaced one by a day."""
    begins = profile.begins
    if profile.document.effective_to is not None or begins is None or _is_invented(profile):
        return
    for other in others:
        later = other.begins
        if later is None or _is_invented(other):
            continue
        if begins < later <= day and _same_kind(profile, other):
            yield other


def _same_kind(one: Profile, other: Profile) -> bool:
    """Return whether some subject is of the kinds that both are for."""
    limits, more = one.document.applies_to or {}, other.document.applies_to or {}
    return all(not set(values).isdisjoint(more.get(key, values)) for key, values in limits.items())


# What is said where none can be named


def _nobody(of_title: list[Profile], question: Question) -> ProfileNotFoundError:
    """Return the error where none answers; those of the title are named with why they do not."""
    nobody = _NONE.format(**_asked_for(question))
    if not of_title:
        return ProfileNotFoundError(_joined(" ", [nobody, _SEE]))
    named = [
        _NAMED.format(name=profile.reference, said=_why_not(profile, question))
        for profile in of_title[:_MOST_NAMED]
    ]
    passed = _PASSED_OVER.format(names=_joined(", ", named))
    return ProfileNotFoundError(_joined(" ", [nobody, passed]))


def _why_not(profile: Profile, question: Question) -> Text:
    begins, ends = profile.begins, profile.document.effective_to
    if profile.document.status is Status.DRAFT:
        return _IS_DRAFT
    if _is_invented(profile) and not question.illustrative:
        return _IS_INVENTED
    if not _is_of_kind(profile, question):
        limits = profile.document.applies_to or {}
        told = "; ".join(f"{key}: {', '.join(values)}" for key, values in limits.items())
        return _IS_FOR_OTHERS.format(kinds=told)
    if begins is not None and question.day < begins:
        return _IN_FORCE.format(day=day_text(begins))
    if ends is not None and question.day >= ends:
        return _ENDED.format(day=day_text(ends))
    return _IS_ELSEWHERE.format(area=profile.document.area)


def _unresolved(
    found: list[_Candidate], asked: list[Profile], question: Question
) -> ProfileNotFoundError:
    found = sorted(found, key=lambda each: each.profile.begins or date.min)
    among = [candidate.profile for candidate in found]
    told = [[*_unseen(each, among)] for each in found]
    opening = _OPEN if any(told) else _SEVERAL
    sentences = [
        opening.format(**_asked_for(question), names=_names(among, told)),
        *_remedies(among, asked, question),
    ]
    return ProfileNotFoundError(_joined(" ", sentences))


def _names(among: list[Profile], told: list[list[Text]]) -> Text:
    """Return the candidates, each with what is not shown of it; if none lacks anything, bare."""
    named = []
    for profile, reasons in zip(among, told, strict=True):
        if any(told) and not reasons and profile.begins is not None:
            reasons = [_IN_FORCE.format(day=day_text(profile.begins))]
        form = _NAMED if reasons else _BARE
        named.append(form.format(name=profile.reference, said=_joined("; ", reasons)))
    return _joined(", ", named)


def _joined(sign: str, texts: list[Text]) -> Text:
    return Text(**{lang.value: sign.join(text.in_(lang) for text in texts) for lang in Lang})


def _unseen(candidate: _Candidate, among: list[Profile]) -> Iterator[Text]:
    """Yield the dates of a candidate that no source shows and that matter."""
    profile = candidate.profile
    if _is_invented(profile):
        return
    if profile.begins is None:
        yield _NO_DAY
    elif profile.document.effective_from is None:
        yield _NO_START.format(day=day_text(profile.begins))
    gone = [each.reference for each in candidate.successors if each not in among]
    if candidate.successors:
        yield _NO_END if len(gone) < len(candidate.successors) else _REPLACED.format(by=gone[0])


def _remedies(among: list[Profile], asked: list[Profile], question: Question) -> Iterator[Text]:
    limits = (key for profile in among for key in profile.document.applies_to or {})
    untold = [key for key in dict.fromkeys(limits) if key not in question.subject]
    if len(among) > 1 and untold:
        yield _TELL_KIND.format(keys=", ".join(untold))
    areas = {profile.document.area for profile in asked if profile.document.area}
    near = [code for code in areas if _is_one(_nearest(asked, evolve(question, path=(code,))))]
    if not question.path and near:
        yield _TELL_AREA.format(areas=", ".join(sorted(near)))
    yield _NAME_IT


def _asked_for(question: Question) -> dict[str, object]:
    return {"title": question.title.value, "day": day_text(question.day)}


_MOST_NAMED = 8

_NONE = Text(
    vi="Không có bộ tiêu chí nào có hiệu lực cho '{title}' vào ngày {day}.",
    en="No profile is in force for '{title}' on {day}.",
)
_SEE = Text(vi="Xem: xhht profiles list.", en="See: xhht profiles list.")
_PASSED_OVER = Text(vi="Đã bỏ qua: {names}.", en="Not considered: {names}.")
_IS_DRAFT = Text(
    vi="bản nháp: đổi status thành active để dùng", en="draft: set status to active to use it"
)
_IS_INVENTED = Text(
    vi="tiêu chí minh họa: chỉ dùng khi cho phép (illustrative)",
    en="illustrative criteria: used only if illustrative profiles are allowed",
)
_IS_FOR_OTHERS = Text(vi="chỉ dành cho {kinds}", en="only for {kinds}")
_ENDED = Text(vi="hết hiệu lực từ {day}", en="no longer in force from {day}")
_IS_ELSEWHERE = Text(vi="của khu vực {area}", en="for area {area}")
_SEVERAL = Text(
    vi="Có nhiều bộ tiêu chí có hiệu lực cho '{title}' vào ngày {day}: {names}.",
    en="Several profiles are in force for '{title}' on {day}: {names}.",
)
_OPEN = Text(
    vi="Chưa xác định được bộ tiêu chí có hiệu lực cho '{title}' vào ngày {day}, vì có ngày chưa "
    "có trong nguồn nào: {names}.",
    en="Cannot determine which profile is in force for '{title}' on {day}, because no source gives "
    "all dates: {names}.",
)
_BARE = Text(vi="{name}", en="{name}")
_NAMED = Text(vi="{name} ({said})", en="{name} ({said})")
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
_TELL_KIND = Text(
    vi="Vui lòng nêu loại đối tượng bằng applies_to: {keys}.",
    en="Specify the kind of subject with applies_to: {keys}.",
)
_TELL_AREA = Text(
    vi="Nếu thuộc khu vực có bộ tiêu chí riêng ({areas}), vui lòng nêu area.",
    en="If the area has its own profile ({areas}), specify area.",
)
_NAME_IT = Text(
    vi="Để chọn một bộ tiêu chí, vui lòng ghi MÃ@PHIÊN_BẢN.",
    en="To choose a profile, write ID@VERSION.",
)
