import pytest

import xhht
from xhht.errors import TableError
from xhht.tables.facts import SubjectFacts, read_json_subjects

PROFILE = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")


def subjects(data: bytes) -> list[SubjectFacts]:
    return list(read_json_subjects(data, PROFILE))


def test_an_id_that_is_a_whole_number_becomes_its_digits() -> None:
    read = subjects(b'[{"id": 2, "members": 4}, {"id": 1, "members": 5}, {"id": 0}]')
    assert [(one.id, dict(one.facts)) for one in read] == [
        ("2", {"members": 4}),
        ("1", {"members": 5}),
        ("0", {}),
    ]


@pytest.mark.parametrize("name", ["1.5", "1e400", "true", "[1]", "{}", "9" * 50, "NaN"])
def test_what_is_no_id_refuses_the_row(name: str) -> None:
    (one,) = subjects(b'{"id": %s, "members": 4}' % name.encode())
    assert one.error is not None
    assert (one.error.code, one.error.field) == ("wrong_type", "id")


def test_ids_as_text_and_as_number_are_one_id() -> None:
    assert [one.error and one.error.code for one in subjects(b'[{"id": 1}, {"id": "1"}]')] == [
        "duplicate_id",
        "duplicate_id",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_json_lines_are_read_as_a_list(end: str) -> None:
    lines = ['\ufeff{"id": "A", "members": 4}', "", '{"id": 7, "members": 5}']
    assert [one.id for one in subjects(end.join(lines).encode())] == ["A", "7"]


def test_a_broken_line_is_named() -> None:
    with pytest.raises(TableError, match="line 3, column 8"):
        subjects(b'{"id": "A"}\n\n{"id": }\n')
