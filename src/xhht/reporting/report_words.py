"""All sentences and labels of a report, in Vietnamese and English."""

from __future__ import annotations

from types import MappingProxyType

from xhht.text import Text

__all__ = ["SENTENCES"]

SENTENCES = MappingProxyType(
    {
        "report": Text(vi="Báo cáo danh hiệu học tập", en="Report on learning titles"),
        "heading": Text(vi="{area}, năm {year}", en="{area}, {year}"),
        "as_of": Text(vi="Số liệu tính đến ngày {day}", en="Figures as of {day}"),
        "skip": Text(vi="Đến nội dung chính", en="Skip to content"),
        "tools": Text(vi="Công cụ", en="Tools"),
        "go_to": Text(vi="Khu vực", en="Area"),
        "title": Text(vi="Danh hiệu", en="Title"),
        "all_titles": Text(vi="Tất cả danh hiệu", en="All titles"),
        "print": Text(vi="In trang này", en="Print this page"),
        "print_all": Text(vi="In toàn bộ", en="Print everything"),
        "path": Text(vi="Vị trí", en="Breadcrumb"),
        "chart": Text(
            vi="Tỉ lệ được công nhận trên tổng số, theo danh hiệu: {area}",
            en="Rates recognised of the total, by title: {area}",
        ),
        "key_bar": Text(vi="tỉ lệ", en="rate"),
        "key_range": Text(vi="có thể thêm, chưa xác định", en="possibly more, undetermined"),
        "key_dots": Text(vi="từng khu vực trực thuộc", en="each direct subarea"),
        "key_mark": Text(vi="chỉ tiêu", en="target"),
        "figures": Text(vi="Số liệu của {area}", en="Figures of {area}"),
        "within": Text(vi="{title}: các khu vực thuộc {area}", en="{title}: areas within {area}"),
        "not_divided": Text(
            vi="{titles}: không có số liệu của khu vực nhỏ hơn.",
            en="{titles}: no figures for smaller areas.",
        ),
        "area": Text(vi="Khu vực", en="Area"),
        "total": Text(vi="Tổng số", en="Total"),
        "registered": Text(vi="Đăng ký", en="Registered"),
        "assessed": Text(vi="Đánh giá", en="Assessed"),
        "recognised": Text(vi="Công nhận", en="Recognised"),
        "undetermined": Text(vi="Chưa xác định", en="Undetermined"),
        "coverage": Text(vi="Nơi báo cáo", en="Reporting"),
        "of_total": Text(vi="% tổng số", en="% of total"),
        "of_registered": Text(vi="% đăng ký", en="% of registered"),
        "of_assessed": Text(vi="% đánh giá", en="% of assessed"),
        "not_reported": Text(vi="số liệu chưa báo cáo", en="not reported"),
        "targets": Text(vi="So với chỉ tiêu", en="Against targets"),
        "target": Text(vi="Chỉ tiêu", en="Target"),
        "mark": Text(vi="Mức", en="Mark"),
        "deadline": Text(vi="Thời hạn", en="Deadline"),
        "reached": Text(vi="Đã đạt", en="Reached"),
        "result": Text(vi="Kết quả", en="Result"),
        "needed": Text(vi="Còn cần", en="Needed"),
        "per_year": Text(vi="Mỗi năm", en="Each year"),
        "not_computed": Text(vi="Không tính được", en="Cannot be computed"),
        "sources": Text(vi="Nguồn và cách đọc", en="Sources and how to read this"),
        "profiles": Text(vi="Bộ tiêu chí đã dùng", en="Criteria profiles used"),
        "profile": Text(vi="Bộ tiêu chí", en="Profile"),
        "version": Text(vi="Phiên bản", en="Version"),
        "hash": Text(vi="Mã băm", en="Hash"),
        "provenance": Text(vi="Nguồn", en="Provenance"),
        "name": Text(vi="Tên", en="Name"),
        "code": Text(vi="Mã", en="Code"),
        "level": Text(vi="Cấp", en="Level"),
        "summary": Text(vi="Tổng hợp", en="Summary"),
        "source_sheet": Text(vi="Nguồn", en="Source"),
        "areas_reporting": Text(vi="Số nơi báo cáo", en="Areas that report"),
        "areas_expected": Text(vi="Số nơi cần báo cáo", en="Areas expected"),
        "of_total_least": Text(vi="% tổng số, ít nhất", en="% of total, at least"),
        "of_total_most": Text(vi="% tổng số, nhiều nhất", en="% of total, at most"),
        "of_registered_least": Text(vi="% đăng ký, ít nhất", en="% of registered, at least"),
        "of_registered_most": Text(vi="% đăng ký, nhiều nhất", en="% of registered, at most"),
        "of_assessed_least": Text(vi="% đánh giá, ít nhất", en="% of assessed, at least"),
        "of_assessed_most": Text(vi="% đánh giá, nhiều nhất", en="% of assessed, at most"),
        "no_profiles": Text(
            vi="Số liệu do các khu vực gửi, không kèm bộ tiêu chí; báo cáo chỉ tổng hợp.",
            en="The counts were reported by areas without criteria profiles and only added up.",
        ),
        "illustrative": Text(
            vi="MINH HỌA: có bộ tiêu chí tự đặt ra để minh họa; kết quả không có giá trị pháp lý.",
            en="ILLUSTRATIVE: some criteria are invented; the results have no legal force.",
        ),
        "faults": Text(vi="Điểm cần sửa trong số liệu", en="Errors in the figures"),
        "faults_more": Text(
            vi="… và {number} điểm khác; lệnh đã tạo báo cáo này liệt kê tất cả.",
            en="… and {number} more; the command that created this report lists all.",
        ),
        "read_missing": Text(
            vi="Dấu “–” là số liệu chưa báo cáo, không phải số 0.",
            en="“–” means not reported; it is not 0.",
        ),
        "read_blank": Text(
            vi="Ô trống là số liệu chưa báo cáo, không phải số 0.",
            en="A blank cell means not reported; it is not 0.",
        ),
        "read_coverage": Text(
            vi="“Nơi báo cáo” cho biết bao nhiêu khu vực nhỏ nhất đã có số liệu, trên tổng số "
            "khu vực cần có.",
            en="“Reporting” shows how many of the smallest areas have figures, of all expected.",
        ),
        "read_range": Text(
            vi="Tỉ lệ là một khoảng khi còn đối tượng chưa xác định hoặc số liệu chưa báo cáo.",
            en="A rate is a range if some subjects are undetermined or some figures not reported.",
        ),
        "read_protected": Text(
            vi="Dấu “…” là số được bảo vệ: số dưới {least}, hoặc số có thể làm lộ số đó.",
            en="“…” is a protected count: below {least}, or one that would disclose such a count.",
        ),
        "made_by": Text(vi="Lập bằng xhht {version}.", en="Created with xhht {version}."),
    }
)
"""The sentences by name, with `{…}` placeholders."""
