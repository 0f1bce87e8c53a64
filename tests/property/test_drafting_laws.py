"""A profile that is exported as a form and imported again is the same profile."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from varied_profiles import loaded

from xhht import loads_profile
from xhht.drafting.export import export_form, restore_profile
from xhht.drafting.read_form import read_form
from xhht.testing._random_profiles import Data, profiles

NAMES = st.text(st.sampled_from("aĐ ệ.=:-'\"#1(\n"), min_size=1, max_size=12)


@given(st.data(), profiles(wide=True), st.sampled_from(["vi", "en"]))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_there_and_back(data: st.DataObject, profile_data: Data, lang: str) -> None:
    for branch in profile_data["criteria"]:
        branch["name"] = {"vi": f"a{data.draw(NAMES)}", "en": f"b{data.draw(NAMES)}"}
    profile = loaded(profile_data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        export_form(profile, path, lang)
        restored = restore_profile(read_form(path))
    assert restored is not None
    assert not restored.faults
    assert not restored.changed
    assert loads_profile(restored.text).hash == profile.hash
