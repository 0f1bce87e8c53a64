"""Finds profiles: those that come with the library, and those of a directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from attrs import frozen

from xhht.criteria.document import Provenance, Status
from xhht.criteria.loading import load_profile
from xhht.criteria.profile import Profile
from xhht.domain.titles import Title
from xhht.errors import ProfileNotFoundError
from xhht.text import Text, suggestion

__all__ = ["Registry", "bundled_profiles", "profile_files"]

TEST_SUFFIX = ".test.yaml"
TARGETS_SUFFIX = ".targets.yaml"
_NO_PROFILES = (TEST_SUFFIX, TARGETS_SUFFIX)


@frozen
class Registry:
    """A set of profiles, each id and version once."""

    profiles: tuple[Profile, ...]

    @classmethod
    def from_paths(cls, paths: Iterable[Path | str]) -> Registry:
        """Return the profiles of files and directories (all `*.yaml` below, but for
        tests and targets).

        Raises:
            ProfileError: a file has faults.
        """
        return cls(tuple(load_profile(file) for file in profile_files(Path(p) for p in paths)))

    def __iter__(self) -> Iterator[Profile]:
        return iter(self.profiles)

    def __len__(self) -> int:
        return len(self.profiles)

    def get(self, reference: str) -> Profile:
        """Return a profile by `ID` (the newest version) or `ID@VERSION`.

        Raises:
            ProfileNotFoundError: there is none; a likely id is named.
        """
        profile_id, _, version = reference.partition("@")
        found = [
            profile
            for profile in self.profiles
            if profile.id == profile_id and version in ("", profile.version)
        ]
        if not found:
            raise _not_found(reference, [profile.id for profile in self.profiles])
        return max(found, key=lambda profile: tuple(map(int, profile.version.split("."))))

    def resolve(
        self,
        title: Title | str,
        *,
        as_of: date,
        area: str | Sequence[str] | None = None,
        applies_to: Mapping[str, str] | None = None,
        illustrative: bool = False,
    ) -> Profile:
        """Return the one active profile for a title on a day.

        Args:
            title: the title or its identifier.
            as_of: the day; a profile counts from `effective_from` until before `effective_to`.
            area: the code of the subject's area; profiles of format 1 are national, so each
                answers for every area.
            applies_to: what the subject is, such as `{"managed_by": "district"}`; a limit that
                is not told of is not tested.
            illustrative: whether invented profiles may answer too.

        Raises:
            ProfileNotFoundError: none answers, or several do; the candidates are named.
        """
        wanted = Title(title)
        found = [
            profile
            for profile in self.profiles
            if profile.title is wanted
            and profile.document.status is not Status.DRAFT
            and profile.in_force(as_of)
            and (illustrative or profile.provenance is not Provenance.ILLUSTRATIVE)
            and _covers(profile, applies_to or {})
        ]
        if len(found) != 1:
            raise _unresolved(wanted, as_of, found)
        return found[0]


def _covers(profile: Profile, subject: Mapping[str, str]) -> bool:
    limits = profile.document.applies_to or {}
    return all(subject.get(key, values[0]) in values for key, values in limits.items())


def profile_files(paths: Iterable[Path]) -> list[Path]:
    """Return the profile files among `paths` and below directories, in order of name."""
    files: list[Path] = []
    for path in paths:
        found = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        files += [file for file in found if not file.name.endswith(_NO_PROFILES) or file == path]
    return files


def target_files(paths: Iterable[Path]) -> list[Path]:
    """Return the targets files among `paths` and below directories, in order of name."""
    files: list[Path] = []
    for path in paths:
        found = sorted(path.rglob(f"*{TARGETS_SUFFIX}")) if path.is_dir() else [path]
        files += [file for file in found if file.name.endswith(TARGETS_SUFFIX)]
    return files


def bundled_directory() -> Path:
    """Return where the profiles that come with the library are kept."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "criteria_profiles"
    return installed if installed.is_dir() else package.parents[1] / "criteria_profiles"


@cache
def bundled_profiles() -> Registry:
    """Return the profiles that come with the library.

    >>> bundled_profiles().get("vn.unit.tt22-2020").max_points
    Fraction(100, 1)
    """
    return Registry.from_paths([bundled_directory()])


def _not_found(reference: str, known: list[str]) -> ProfileNotFoundError:
    likely = suggestion(reference.partition("@")[0], known)
    return ProfileNotFoundError(
        Text(
            vi=f"Không có bộ tiêu chí '{reference}'. "
            + (f"Có phải ý bạn là '{likely}'?" if likely else "Xem: xhht profiles list."),
            en=f"There is no profile '{reference}'. "
            + (f"Did you mean '{likely}'?" if likely else "See: xhht profiles list."),
        )
    )


def _unresolved(title: Title, day: date, found: list[Profile]) -> ProfileNotFoundError:
    if not found:
        return ProfileNotFoundError(
            Text(
                vi=f"Không có bộ tiêu chí nào cho '{title.value}' vào ngày {day}.",
                en=f"No profile answers for '{title.value}' on {day}.",
            )
        )
    names = ", ".join(f"{profile.id}@{profile.version}" for profile in found)
    return ProfileNotFoundError(
        Text(
            vi=f"Có nhiều bộ tiêu chí cho '{title.value}' vào ngày {day}: {names}.",
            en=f"Several profiles answer for '{title.value}' on {day}: {names}.",
        )
    )
