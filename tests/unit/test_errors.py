"""Errors: one tree, messages in both languages, and copies that keep what they say."""

from __future__ import annotations

import pickle

import pytest

from xhht import errors
from xhht.errors import FactsError, ProofError, XhhtError
from xhht.text import Text

TEXT = Text(vi="Ô trống.", en="The cell is blank.")


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name.endswith("Error")])
def test_every_error_is_of_the_one_tree(name: str) -> None:
    assert issubclass(getattr(errors, name), XhhtError)


def test_a_message_is_english_as_text_and_vietnamese_by_default() -> None:
    error = XhhtError(TEXT)
    assert str(error) == TEXT.en
    assert error.message() == TEXT.vi
    assert error.message("en") == TEXT.en


def test_errors_of_values_are_value_errors() -> None:
    assert issubclass(errors.TableError, ValueError)
    assert issubclass(errors.ProfileNotFoundError, LookupError)


@pytest.mark.parametrize(
    "error",
    [
        XhhtError(TEXT),
        errors.TableError(TEXT),
        FactsError(TEXT, code="blank", field="members"),
        ProofError(TEXT, code="broken"),
    ],
)
def test_an_error_survives_a_copy_between_processes(error: XhhtError) -> None:
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is type(error)
    assert copied.text == TEXT
    assert vars(copied) == vars(error)


def test_invalid_facts_in_json_name_the_input_and_no_value() -> None:
    error = FactsError(TEXT, code="blank", field="members")
    assert error.to_dict("en") == {
        "code": "blank",
        "field": "members",
        "message": "The cell is blank.",
    }
