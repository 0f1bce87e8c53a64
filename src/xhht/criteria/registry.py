"""Registries of profiles: bundled, installed, and from given paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from attrs import frozen

from xhht.criteria.files import ProfileFinder, bundled_directory, profile_files
from xhht.criteria.loading import load_profile
from xhht.criteria.profile import Profile
from xhht.criteria.resolution import ProfileQuery, resolve_profile
from xhht.domain.kind_words import kind_value
from xhht.domain.titles import Title
from xhht.errors import DomainError, ProfileNotFoundError
from xhht.text import Text, suggestion

__all__ = [
    "ENTRY_POINTS",
    "PreferringRegistry",
    "Registry",
    "bundled_profiles",
    "installed_profiles",
]

ENTRY_POINTS = "xhht.profiles"
"""The entry-point group with which installed packages provide profiles."""


@frozen
class Registry:
    """A set of profiles with unique id and version."""

    profiles: tuple[Profile, ...]

    @classmethod
    def from_paths(cls, paths: Iterable[Path | str]) -> Registry:
        """Return the profiles in files and directories: all `*.yaml` except tests and targets.

        Raises:
            ProfileError: a file has errors.
        """
        files = profile_files(Path(p) for p in paths)
        bases = ProfileFinder(files)
        return cls(tuple(load_profile(file, bases=bases) for file in files))

    def __iter__(self) -> Iterator[Profile]:
        return iter(self.profiles)

    def __len__(self) -> int:
        return len(self.profiles)

    def get(self, reference: str) -> Profile:
        """Return a profile by `ID` (the newest version) or `ID@VERSION`.

        Raises:
            ProfileNotFoundError: unknown profile; the message suggests a similar id.
        """
        profile_id, _, version = reference.partition("@")
        matching = [
            profile
            for profile in self.profiles
            if profile.id == profile_id and version in ("", profile.version)
        ]
        if not matching:
            raise _not_found(reference, [profile.id for profile in self.profiles])
        return max(matching, key=lambda profile: tuple(map(int, profile.version.split("."))))

    def resolve(
        self,
        title: Title | str,
        *,
        as_of: date,
        area: str | Sequence[str] | None = None,
        applies_to: Mapping[str, str] | None = None,
        illustrative: bool = False,
    ) -> Profile:
        """Return the one profile that is in force for a title on a day.

        Args:
            title: the title, its identifier or its Vietnamese name.
            as_of: the day; a profile is in force from `effective_from` to the day before
                `effective_to`. Without the first it starts on the day its document was issued,
                without the second it lasts until another may have replaced it.
            area: the code of the subject's area, or the codes of its area and all enclosing
                areas, the nearest first. Profiles of nearer areas take precedence, national ones
                come last. Without it only national profiles are considered.
            applies_to: the kind of subject, such as `{"managed_by": "district"}` or
                `{"managed_by": "huyện"}`; limits on other keys are not tested.
            illustrative: whether illustrative profiles are considered.

        Raises:
            ProfileNotFoundError: no profile or several are in force, or this depends on an unknown
                date; the message lists the candidates with their unknown dates. Also raised if the
                title, the day or the area is invalid.
        """
        query = ProfileQuery(
            title=_title(title),
            day=_day(as_of),
            path=_path(area),
            subject={key: kind_value(key, value) for key, value in (applies_to or {}).items()},
            illustrative=illustrative,
        )
        return resolve_profile(self.profiles, query)


@frozen
class PreferringRegistry(Registry):
    """A registry in which some profiles are preferred where several apply."""

    preferred: Registry

    def resolve(
        self,
        title: Title | str,
        *,
        as_of: date,
        area: str | Sequence[str] | None = None,
        applies_to: Mapping[str, str] | None = None,
        illustrative: bool = False,
    ) -> Profile:
        """Return the one active profile for a title on a day; see `Registry.resolve`."""

        def answer(registry: Registry) -> Profile:
            return Registry.resolve(
                registry,
                title,
                as_of=as_of,
                area=area,
                applies_to=applies_to,
                illustrative=illustrative,
            )

        def answers(profile: Profile) -> bool:
            try:
                return answer(Registry((profile,))) is profile
            except ProfileNotFoundError:
                return False

        return answer(self.preferred if any(map(answers, self.preferred)) else self)


@cache
def bundled_profiles() -> Registry:
    """Return the profiles bundled with the library.

    >>> bundled_profiles().get("vn.unit.tt22-2020").max_points
    Fraction(100, 1)
    """
    return Registry.from_paths([bundled_directory()])


@cache
def installed_profiles() -> Registry:
    """Return the profiles of the library and of installed packages.

    A package provides profiles with an entry point of the group `xhht.profiles`, which names the
    package whose directory contains the files. No code of the package is run.

    Raises:
        ProfileError: a file has errors.
        ProfileNotFoundError: the package of an entry point does not exist, or two files have the
            same id and version.
    """
    paths = [bundled_directory(), *map(_directory_of, entry_points(group=ENTRY_POINTS))]
    registry = Registry.from_paths(paths)
    seen: dict[str, str] = {}
    for profile in registry:
        if profile.reference in seen:
            files = f"{seen[profile.reference]}, {profile.file}"
            raise ProfileNotFoundError(_DUPLICATE.format(reference=profile.reference, files=files))
        seen[profile.reference] = profile.file
    return registry


def _directory_of(entry_point: EntryPoint) -> Path:
    # Finding a top-level package runs no code; finding a subpackage would import its parent.
    top, _, below = entry_point.value.partition(".")
    spec = find_spec(top) if top.isidentifier() else None
    places = spec.submodule_search_locations if spec else None
    for place in places or ():
        directory = Path(place, *below.split(".")) if below else Path(place)
        if directory.is_dir():
            return directory
    raise ProfileNotFoundError(_NO_PACKAGE.format(name=entry_point.name, value=entry_point.value))


def _title(title: Title | str) -> Title:
    try:
        return Title(title)
    except ValueError:
        pass
    try:
        return Title.parse(title)
    except DomainError as error:
        raise ProfileNotFoundError(error.text) from None


def _day(day: object) -> date:
    if isinstance(day, date) and not isinstance(day, datetime):
        return day
    raise ProfileNotFoundError(_INVALID_DAY)


def _path(area: object) -> tuple[str, ...]:
    codes = (area,) if isinstance(area, str) else () if area is None else area
    if isinstance(codes, Sequence) and all(isinstance(code, str) for code in codes):
        return tuple(codes)
    raise ProfileNotFoundError(_INVALID_AREA)


_INVALID_DAY = Text(
    vi="as_of phải là một ngày không kèm giờ, ví dụ date(2024, 12, 31).",
    en="as_of must be a date without a time, for example date(2024, 12, 31).",
)
_INVALID_AREA = Text(
    vi='area phải là mã khu vực dạng chuỗi, ví dụ "60", hoặc một dãy mã như thế.',
    en='area must be an area code as a string, for example "60", or a sequence of such codes.',
)
_DUPLICATE = Text(
    vi="Bộ tiêu chí {reference} bị trùng ở hai tệp: {files}. Vui lòng gỡ một gói.",
    en="Duplicate profile {reference} in two files: {files}. Uninstall one of the packages.",
)
_NO_PACKAGE = Text(
    vi="Điểm vào '{name}' của nhóm xhht.profiles trỏ đến '{value}', nhưng không có gói này; "
    "vui lòng cài lại gói đã khai báo nó.",
    en="The entry point '{name}' of the group xhht.profiles refers to '{value}', but there is no "
    "such package; reinstall the package that declares it.",
)


def _not_found(reference: str, known: list[str]) -> ProfileNotFoundError:
    likely = suggestion(reference.partition("@")[0], known)
    return ProfileNotFoundError(
        Text(
            vi=f"Không có bộ tiêu chí '{reference}'. "
            + (f"Có phải ý bạn là '{likely}'?" if likely else "Xem: xhht profiles list."),
            en=f"Unknown profile '{reference}'. "
            + (f"Did you mean '{likely}'?" if likely else "See: xhht profiles list."),
        )
    )
