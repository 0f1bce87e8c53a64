"""Tables of counts or subjects: what is said of their header."""

from __future__ import annotations

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.tables.counts import read_reports

TREE = AreaTree([Area(code="60", name="Bình Thuận", level=AreaLevel.PROVINCE)])


def test_a_header_that_may_be_a_persons_data_is_not_repeated() -> None:
    columns = ["area", "title", "total", "Nguyễn Văn An", "fathers_name", "Registerd"]
    (warning,) = read_reports(columns, [], TREE).warnings
    assert warning.vi == (
        "Bỏ qua các cột không dùng đến: cột thứ 4, fathers_name, "
        "cột thứ 6 (có phải ý bạn là 'registered'?)."
    )
    assert warning.en == (
        "Unknown columns are ignored: column 4, fathers_name, "
        "column 6 (did you mean 'registered'?)."
    )
