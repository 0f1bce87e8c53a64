"""A pytest plugin that collects the test files beside profiles, each case a test of its own.

It is registered by the entry point `pytest11` and loads the library only when pytest finds a file
`NAME.test.yaml` with a profile `NAME.yaml` beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xhht.criteria.profile import Profile
    from xhht.testing.cases import Case

_SUFFIX = ".test.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings that turn off collection and choose the language."""
    parser.addini("xhht_profiles", "collect NAME.test.yaml beside profiles", "bool", default=True)
    parser.addini("xhht_lang", "language of failures: vi or en", default="vi")


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Return a collector for a test file beside its profile."""
    if not file_path.name.endswith(_SUFFIX) or not parent.config.getini("xhht_profiles"):
        return None
    profile = file_path.with_name(file_path.name.removesuffix(_SUFFIX) + ".yaml")
    if not profile.exists():
        return None
    case_file: ProfileTestFile = ProfileTestFile.from_parent(
        parent, path=file_path, profile=profile
    )
    return case_file


class ProfileTestFile(pytest.File):
    """The test file of one profile."""

    def __init__(self, *, profile: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._profile = profile

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the cases of the file; errors in it or its profile are reported by line."""
        from xhht.criteria.diagnostics import ProfileError
        from xhht.criteria.loading import load_profile
        from xhht.testing.cases import load_cases

        try:
            profile = load_profile(self._profile)
            cases = load_cases(self.path, profile)
        except ProfileError as error:
            lang = self.config.getini("xhht_lang")
            raise self.CollectError(error.message(lang)) from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case, profile=profile)


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, profile: Profile, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._case, self._profile = case, profile

    def runtest(self) -> None:
        """Run the case; raises CaseFailure if the results differ."""
        from xhht.testing.cases import run_case

        lang = self.config.getini("xhht_lang")
        lines = [d.text.get(lang) for d in run_case(self._profile, self._case).differences]
        if lines:
            raise CaseFailure("\n".join(lines))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return only the differences; the stack trace of a case is not useful."""
        if isinstance(excinfo.value, CaseFailure):
            return f"{self.path}:{self._case.line}: {self.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the location of the case."""
        return self.path, self._case.line - 1, self.name


class CaseFailure(Exception):  # noqa: N818 - pytest shows this name
    """The results of a case differ from the expected ones."""
