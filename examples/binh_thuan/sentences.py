"""Every sentence that the demo says, in Vietnamese and English."""

from __future__ import annotations

from xhht.text import Text

HEADING = Text(
    vi="TỪ TIÊU CHÍ ĐẾN BẢNG CỦA TỈNH: BÌNH THUẬN, NĂM 2023",
    en="FROM CRITERIA TO A PROVINCE'S TABLE: BÌNH THUẬN, 2023",
)
CHECKING = Text(vi="1. Kiểm tra các bộ tiêu chí", en="1. Checking the criteria profiles")
SOUND = Text(vi="không có lỗi", en="no fault")
FAULTS = Text(vi="{number} điểm cần xem lại", en="{number} findings")
EVALUATING = Text(
    vi="2. Đánh giá từ dưới lên {records} hồ sơ giả định",
    en="2. Evaluating {records} invented records from below",
)
RECORDS = Text(vi="- {title}: {number}", en="- {title}: {number}")
REPORTS = Text(
    vi="Về công dân, {communes} xã, phường, thị trấn chỉ gửi số tổng hợp.",
    en="Of citizens, {communes} communes send counts alone.",
)
EVALUATED = Text(
    vi="Xong sau {seconds} giây, {each} micro giây mỗi hồ sơ (tạo hồ sơ: {drawing} giây), theo:",
    en="Done in {seconds} seconds, {each} microseconds a record (making them: {drawing} s), by:",
)
PROFILE = Text(
    vi="- {profile}, mã băm {hash}…: {criteria}", en="- {profile}, hash {hash}…: {criteria}"
)
REJECTED = Text(vi="{number} hồ sơ không dùng được.", en="{number} records cannot be used.")
PROVINCE = Text(
    vi="3. Cả tỉnh: số tính được bên cạnh số đã công bố",
    en="3. The province: what was computed beside what was published",
)
SCALED = Text(
    vi="Số hộ đã thu nhỏ theo yêu cầu, nên chỉ so sánh số lượng sau khi thu nhỏ.",
    en="Fewer households were made, as asked, so their count is compared at that scale.",
)
CITIZENS = Text(
    vi="Có người đăng ký Công dân học tập ở {registered} huyện, được đánh giá ở {assessed} huyện; "
    "đã công bố: {published} trên 10 huyện.",
    en="People registered as learning citizens in {registered} districts and were assessed in "
    "{assessed}; published: {published} of 10 districts.",
)
INVENTED = Text(
    vi="Lưu ý: mọi hộ, công dân, dòng họ, thôn và đơn vị đều là giả định. Tiêu chí của công dân là "
    "tiêu chí thật, theo phần mà các nguồn cho thấy. Tiêu chí của hộ, dòng họ, thôn và đơn vị cấp "
    "xã chỉ để MINH HỌA, vì không nguồn nào cho thấy tiêu chí áp dụng năm 2023. Số công dân đạt "
    "tiêu chí thì chưa nguồn nào công bố.",
    en="Note: all households, citizens, clans, villages and units are invented. The criteria of "
    "citizens are real, as far as sources show them. Those of households, clans, villages and "
    "commune-level units are ILLUSTRATIVE, since no source shows the ones in force in 2023. How "
    "many citizens meet theirs was never published.",
)
COVERED = Text(
    vi="5. Cơ quan cấp tỉnh, cấp huyện và các xã: theo thông tư đang có hiệu lực ngày 31/12/2023 "
    "(tiêu chí thật, dữ kiện giả định)",
    en="5. Agencies of the province and its districts, and the communes: by the circulars in force "
    "on 31 December 2023 (real criteria, invented facts)",
)
COVERED_NOTE = Text(
    vi="Bộ tiêu chí được chọn theo ngày và loại đối tượng. Chưa nguồn nào công bố kết quả để so "
    "sánh. Điểm tối đa của từng tiêu chí trong Thông tư 44/2014 chưa thấy trong nguồn nào; dữ kiện "
    "giả định ở đây chia đều 100 điểm.",
    en="The criteria were resolved by day and kind of subject. No results were published to "
    "compare with. No source shows the maximum of each criterion of Circular 44/2014; the invented "
    "facts share the 100 points equally.",
)
DISTRICTS = Text(
    vi="4. Theo huyện: năm danh hiệu, số đạt trên tổng số (giả định, tiêu chí minh họa)",
    en="4. By district: the five titles, how many meet of how many (invented, illustrative)",
)
LATER = Text(
    vi="6. Một năm sau: các xã theo Thông tư 25/2023, ngày 31/12/2024 (tiêu chí thật, dữ kiện giả "
    "định)",
    en="6. A year later: the same communes under Circular 25/2023, on 31 December 2024 (real "
    "criteria, invented facts)",
)
LATER_NOTE = Text(
    vi="Từ ngày 01/12/2024, 124 xã, phường, thị trấn sắp xếp lại còn {communes} (Nghị quyết "
    "1253/NQ-UBTVQH15). Tiêu chí 4 lấy kết quả theo Nghị định 20/2014 của chính xã đó; ở đó, phổ "
    "cập trung học cơ sở lại cần phổ cập tiểu học và xóa mù chữ. Chỉ tiêu 5.1 lấy số Công dân học "
    "tập đã tính cho năm 2023.",
    en="On 1 December 2024 the 124 communes became {communes} (Resolution 1253/NQ-UBTVQH15). "
    "Criterion 4 takes the results of the same commune under Decree 20/2014, where lower secondary "
    "education rests on primary education and literacy in turn. Indicator 5.1 takes the learning "
    "citizens counted for 2023.",
)
EXAMPLE = Text(
    vi="Ví dụ, {area} ({verdict}) còn thiếu:", en="For example, {area} ({verdict}) lacks:"
)
NEW_MAP = Text(
    vi="7. Kết quả năm 2023 trên bản đồ ngày 1/7/2025: 45 đơn vị nay thuộc Lâm Đồng "
    "(giả định, tiêu chí minh họa)",
    en="7. The results of 2023 on the map of 1 July 2025: the 45 units now in Lâm Đồng "
    "(invented, illustrative)",
)
NHA_ME = Text(
    vi="Xã Phong Phú bị chia: hồ sơ theo thôn, nên thôn Nha Mé ({number} hộ đạt) về {area}, "
    "các thôn còn lại về Xã Tuy Phong.",
    en="Xã Phong Phú was divided: records go by village, so thôn Nha Mé ({number} households "
    "meet) went to {area}, and the other villages to Xã Tuy Phong.",
)
MOVED = Text(vi="Tổng trước và sau khi quy đổi:", en="The sums before and after:")
CONSERVED = Text(
    vi="Không mất và không trùng số nào.", en="Nothing was lost, and nothing counted twice."
)
NOT_CONSERVED = Text(
    vi="CÓ số bị mất hoặc bị tính hai lần.", en="Something was LOST or counted twice."
)
KINDS = Text(
    vi="{units} đơn vị: {communes} xã, {wards} phường, {zones} đặc khu.",
    en="{units} units: {communes} communes, {wards} wards, {zones} special zone.",
)
TARGETS = Text(
    vi="8. So với chỉ tiêu năm {year} của cả nước, tính đến hết năm 2023",
    en="8. Against the national targets for {year}, as of the end of 2023",
)
TARGETS_NOTE = Text(
    vi="Kết quả giả định theo tiêu chí minh họa, nên đây chỉ là cách tính.",
    en="The results are invented and the criteria illustrative: this shows the way it is computed.",
)
RECONCILING = Text(
    vi="9. Đối chiếu các số liệu đã công bố (published-statistics.csv)",
    en="9. Reconciling the published figures (published-statistics.csv)",
)
IMPLIED = Text(
    vi="Tổng số mà các tỉ lệ của Bình Thuận năm 2023 cho phép:",
    en="Totals that the rates of Bình Thuận in 2023 allow:",
)
ALL_AGREE = Text(
    vi="Kết quả: mọi số tính được đều khớp với số đã công bố.",
    en="Result: every computed figure agrees with the published one.",
)
SOME_DIFFER = Text(
    vi="Kết quả: CÓ số tính được KHÁC với số đã công bố.",
    en="Result: some computed figures DIFFER from the published ones.",
)
