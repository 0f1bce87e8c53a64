"""The example of a Django application, run on a database in memory."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import django
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment
from django.utils import translation

import xhht
from xhht.documents import loads_result

sys.path.insert(0, str(Path(__file__).parents[3] / "examples" / "django_integration"))
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

Assessment: Any = apps.get_model("learning_titles", "Assessment")

UNIT = "vn.unit.tt22-2020.all-or-nothing"
SECRET = "Nguyễn Thị Bí Mật"
FACTS = {"has_learning_policy": True, "members": 10, "members_disciplined": 10}
DAY = date(2024, 12, 31)


@pytest.fixture(scope="module", autouse=True)
def database() -> Iterator[None]:
    setup_test_environment()
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    yield
    connection.creation.destroy_test_db(name, verbosity=0)
    teardown_test_environment()


@pytest.fixture(autouse=True)
def rolled_back(database: None) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def assessment(**changes: Any) -> Any:
    fields = {"subject": "đv-1", "profile": UNIT, "as_of": DAY, "facts": dict(FACTS), **changes}
    return Assessment(**fields)


def verify_results() -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("verify_results", stdout=out)
    return out.getvalue()


def test_the_migrations_are_those_of_the_model() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_saving_stores_a_result_that_can_be_checked() -> None:
    assessment().save()
    stored = Assessment.objects.get()
    assert (stored.profile, stored.verdict) == (f"{UNIT}@1.0.0", "undetermined")
    document = loads_result(stored.result)
    assert (document.facts, document.subject, document.as_of) == (None, "đv-1", DAY)
    assert stored.findings() == ()


def test_facts_of_every_kind_survive_the_database() -> None:
    facts = {
        "has_learning_policy": {"value": True, "dated": "2024-05-31", "verification": "verified"},
        "members": {"between": [3, 10]},
        "shares_knowledge": {"waived": {"reason": "thiên tai", "authority": "UBND xã"}},
        "advanced_collective": None,
    }
    assessment(facts=facts).save()
    assert Assessment.objects.get().findings() == ()


def test_records_altered_behind_its_back_are_found() -> None:
    for subject in ("a", "b", "c"):
        assessment(subject=subject).save()
    assert verify_results() == "All results are verified.\n"
    first, second, _ = Assessment.objects.order_by("pk")
    Assessment.objects.filter(pk=first.pk).update(facts={**FACTS, "members": 11})
    altered = second.result.replace('"verdict":"undetermined"', '"verdict":"recognised"')
    Assessment.objects.filter(pk=second.pk).update(result=altered)
    out = StringIO()
    with pytest.raises(CommandError, match="2"), translation.override("en"):
        call_command("verify_results", stdout=out)
    one, other = out.getvalue().splitlines()
    assert f"#{first.pk}: The facts were altered" in one
    assert f"#{second.pk}: The result was altered at outcome.verdict" in other


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"facts": {"members": SECRET}}, "facts"),
        ({"facts": {SECRET: 1}}, "facts"),
        ({"facts": [SECRET]}, "facts"),
        ({"facts": {"members": {"source": SECRET}}}, "facts"),
        ({"profile": "vn.unit.tt22-2021"}, "profile"),
    ],
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_faulty_facts_are_refused_without_repeating_them(
    changes: dict[str, Any], field: str, lang: str
) -> None:
    with pytest.raises(ValidationError) as error, translation.override(lang):
        assessment(**changes).full_clean()
    assert list(error.value.message_dict) == [field]
    assert SECRET not in str(error.value.message_dict)
    with pytest.raises(xhht.XhhtError):
        assessment(**changes).save()


def test_messages_are_in_the_language_of_the_request() -> None:
    messages = {}
    for lang in ("vi", "en"):
        with pytest.raises(ValidationError) as error, translation.override(lang):
            assessment(facts={"members": -1}).full_clean()
        messages[lang] = error.value.message_dict["facts"]
    assert messages["vi"][0].startswith("'members' phải trong khoảng từ")
    assert messages["en"][0].startswith("'members' must be between")


def test_the_admin_takes_facts_and_explains_the_result() -> None:
    client = Client(headers={"accept-language": "vi"})
    client.force_login(get_user_model().objects.create_superuser("admin"))
    form = {"subject": "đv-2", "profile": UNIT, "as_of": "2024-12-31", "facts": json.dumps(FACTS)}
    address = "/admin/learning_titles/assessment/"
    assert client.post(f"{address}add/", form).status_code == 302
    stored = Assessment.objects.get(subject="đv-2")
    shown = client.get(f"{address}{stored.pk}/change/").content.decode()
    assert "Chưa xác định được" in shown
    assert stored.findings() == ()
    refused = client.post(f"{address}add/", {**form, "facts": '{"members": "x"}'})
    assert "phải là số nguyên" in refused.content.decode()
    assert client.get(address).status_code == 200
    Assessment.objects.update(profile="vn.unit.gone@1.0.0")
    shown = client.get(f"{address}{stored.pk}/change/").content.decode()
    assert "Không có bộ tiêu chí" in shown
