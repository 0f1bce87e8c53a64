"""Installed packages offer profiles by an entry point, and none of their code runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from xhht import bundled_profiles, dump_profile, installed_profiles
from xhht.errors import ProfileNotFoundError

PROFILE = """\
format: 1
id: sample.unit
version: 1.0.0
status: active
extends: vn.unit.tt22-2020@2.0.0
area: "60"
provenance: illustrative
legal_basis: {document: 1/KH-UBND}
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    installed_profiles.cache_clear()
    yield tmp_path
    installed_profiles.cache_clear()


def install(site: Path, value: str, files: dict[str, str]) -> None:
    """Put a distribution there as an installer would: a package and its metadata."""
    info = site / "xhht_sample_profiles-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: xhht-sample-profiles\n")
    (info / "entry_points.txt").write_text(f"[xhht.profiles]\nsample = {value}\n")
    for name, text in files.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_profiles_of_a_package_stand_beside_the_bundled_ones(site: Path) -> None:
    files = {
        "xhht_sample_profiles/__init__.py": "raise SystemExit('this must not run')",
        "xhht_sample_profiles/data/unit.yaml": PROFILE,
    }
    install(site, "xhht_sample_profiles.data", files)
    registry = installed_profiles()
    assert registry.get("sample.unit").document.area == "60"
    assert len(registry) == len(bundled_profiles()) + 1
    assert "xhht_sample_profiles" not in sys.modules


def test_a_package_that_is_not_there_is_named(site: Path) -> None:
    install(site, "xhht_no_such_package", {})
    with pytest.raises(ProfileNotFoundError, match="xhht_no_such_package"):
        installed_profiles()


def test_one_id_and_version_in_two_files_is_an_error_that_names_both(site: Path) -> None:
    same = dump_profile(bundled_profiles().get("vn.unit.tt22-2020"))
    files = {"xhht_sample_profiles/__init__.py": "", "xhht_sample_profiles/again.yaml": same}
    install(site, "xhht_sample_profiles", files)
    with pytest.raises(ProfileNotFoundError) as caught:
        installed_profiles()
    assert "again.yaml" in caught.value.text.vi
    assert "unit-tt22-2020.yaml" in caught.value.text.vi
