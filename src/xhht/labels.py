"""Column heads and nouns of tables, once in both languages."""

from __future__ import annotations

from typing import Final

from xhht.text import Text

# Areas, titles and counts
AREA: Final = Text(vi="Khu vực", en="Area")
CODE: Final = Text(vi="Mã", en="Code")
LEVEL: Final = Text(vi="Cấp", en="Level")
TITLE: Final = Text(vi="Danh hiệu", en="Title")
COMMUNITY_LEVEL: Final = Text(vi="Cấp cộng đồng", en="Level of communities")
MANAGED_BY: Final = Text(vi="Cấp quản lý", en="Managed by")
UNIT_KIND: Final = Text(vi="Loại đơn vị", en="Kind of unit")
CONDITION: Final = Text(vi="Điều kiện của số đếm", en="Condition of the count")
BY_LEVEL: Final = Text(vi="Công nhận theo mức độ", en="Recognised by level")
YEAR: Final = Text(vi="Năm", en="Year")
TOTAL: Final = Text(vi="Tổng số", en="Total")
REGISTERED: Final = Text(vi="Đăng ký", en="Registered")
ASSESSED: Final = Text(vi="Đánh giá", en="Assessed")
RECOGNISED: Final = Text(vi="Công nhận", en="Recognised")
UNDETERMINED: Final = Text(vi="Chưa xác định", en="Undetermined")
COVERAGE: Final = Text(vi="Báo cáo", en="Coverage")
AREAS_REPORTED: Final = Text(vi="Số nơi báo cáo", en="Areas that report")
AREAS_EXPECTED: Final = Text(vi="Số nơi cần báo cáo", en="Areas expected")

# Rates
NUMERATOR: Final = Text(vi="Tử số", en="Numerator")
DENOMINATOR: Final = Text(vi="Mẫu số", en="Denominator")
RATE: Final = Text(vi="Tỉ lệ", en="Rate")
OF_TOTAL: Final = Text(vi="% tổng số", en="% of total")
OF_REGISTERED: Final = Text(vi="% đăng ký", en="% of registered")
OF_ASSESSED: Final = Text(vi="% đánh giá", en="% of assessed")

# Targets
TARGET: Final = Text(vi="Chỉ tiêu", en="Target")
MARK: Final = Text(vi="Mức", en="Mark")
DEADLINE: Final = Text(vi="Thời hạn", en="Deadline")
REACHED: Final = Text(vi="Đã đạt", en="Reached")
NEEDED: Final = Text(vi="Còn cần", en="Needed")
EACH_YEAR: Final = Text(vi="Mỗi năm", en="Each year")

# Profiles and results
PROFILE: Final = Text(vi="Bộ tiêu chí", en="Profile")
ID: Final = Text(vi="Mã", en="Id")
NAME: Final = Text(vi="Tên", en="Name")
VERSION: Final = Text(vi="Phiên bản", en="Version")
HASH: Final = Text(vi="Mã băm", en="Hash")
PROVENANCE: Final = Text(vi="Nguồn", en="Provenance")
SOURCE: Final = Text(vi="Nguồn", en="Source")
CRITERION: Final = Text(vi="Tiêu chí", en="Criterion")
CLAUSE: Final = Text(vi="Điều khoản", en="Clause")
POINTS: Final = Text(vi="Điểm", en="Points")
MAXIMUM_POINTS: Final = Text(vi="Điểm tối đa", en="Maximum points")
RESULT: Final = Text(vi="Kết quả", en="Result")
RESULTS: Final = Text(vi="Kết quả", en="Results")
STATUS: Final = Text(vi="Trạng thái", en="Status")
REASON: Final = Text(vi="Lý do", en="Reason")

# Rows
ROWS: Final = Text(vi="Số dòng", en="Rows")
REJECTED: Final = Text(vi="Bị loại", en="Rejected")
GAIN: Final = Text(vi="Tốt hơn", en="Gain")
LOSE: Final = Text(vi="Kém hơn", en="Lose")
UNCLEAR: Final = Text(vi="Chưa rõ", en="Unclear")

# Parts of sentences
AT_LEAST: Final = Text(vi="{of}, ít nhất", en="{of}, at least")
AT_MOST: Final = Text(vi="{of}, nhiều nhất", en="{of}, at most")
EVALUATED_AS_OF: Final = Text(vi="Ngày đánh giá: {day}", en="Evaluated as of: {day}")
MEMBERS: Final = Text(vi="{held}/{all} thành viên", en="{held}/{all} members")
MORE_ERRORS: Final = Text(vi="Và {count} lỗi khác.", en="And {count} more.")
NO: Final = Text(vi="không", en="no")
NOT_IN_SOURCES: Final = Text(vi="chưa thấy trong nguồn", en="not found in the sources")
NO_LEVEL: Final = Text(vi="không mức nào", en="none")
THE_FLOOR: Final = Text(vi="điểm sàn", en="the floor")
YES: Final = Text(vi="có", en="yes")


def level_text(name: Text) -> Text:
    """Return the name of a level as a part of a sentence; `Mức độ 2` is a level by its own name.

    >>> level_text(Text(vi="Tốt", en="Good")).vi, level_text(Text(vi="Mức độ 2", en="Level 2")).vi
    ("mức 'Tốt'", 'mức độ 2')
    """
    vi, en = name.vi, name.en
    return Text(
        vi=_uncapitalized(vi) if vi.lower().startswith("mức ") else f"mức '{vi}'",
        en=_uncapitalized(en) if en.lower().startswith("level ") else f"level '{en}'",
    )


def clause_text(clause: str) -> str:
    """Return a clause as a part of a sentence, as officials write it.

    >>> clause_text("Khoản 3 Điều 9"), clause_text("Điểm a Khoản 2 Điều 4")
    ('khoản 3 Điều 9', 'điểm a khoản 2 Điều 4')
    """
    return clause.replace("Khoản ", "khoản ").replace("Điểm ", "điểm ")


def _uncapitalized(text: str) -> str:
    return text[:1].lower() + text[1:]
