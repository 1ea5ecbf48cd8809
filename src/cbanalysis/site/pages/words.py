"""What the pages say besides the reports themselves, in both languages."""

from cbanalysis.common.language import LANGUAGES, words_of

WORDS: dict[str, dict[str, str]] = {
    lang: {key: words[lang] for key, words in words_of("pages").items()} for lang in LANGUAGES
}

SOUGHT = {
    "village_head_secretary": (
        "kiêm nhiệm nhất thể hóa kiêm trưởng thôn trưởng ấp trưởng bản tổ trưởng dân phố village heads"
    ),
    "village_member_head": "trưởng ấp trưởng bản tổ trưởng dân phố village heads",
    "village_own_cell": "xóa thôn trắng chi bộ ghép trắng chi bộ chi bộ thôn ấp bản",
    "members_admitted": "phát triển đảng viên mới vào đảng đoàn viên ưu tú admission new members",
    "meeting_attendance": "họp chi bộ dự họp tham gia sinh hoạt đi họp chuyên cần attend",
    "org_quality_rating": (
        "đánh giá chất lượng xếp hạng hằng năm trong sạch vững mạnh hoàn thành xuất sắc yếu kém quality"
    ),
    "org_count": "bao nhiêu chi bộ bao nhiêu đảng viên số đảng bộ how many members cells",
    "e_handbook": "sổ tay đảng viên điện tử app phần mềm handbook",
    "congress_done": "đại hội nhiệm kỳ bầu cử congresses",
    "military_cell": "quân sự xã dân quân military",
    "police_cell": "công an xã police",
    "office_cell_adoption": "chi bộ cơ quan xã mô hình office cells",
    "members_away": "đi làm ăn xa xa nơi cư trú migrant",
    "members_exempt": "miễn sinh hoạt miễn công tác",
    "model_cells": "chi bộ bốn tốt 4 tốt kiểu mẫu model",
    "study_attendance": "học tập nghị quyết quán triệt",
}
"""By indicator, words that people look for it by and that its name and definition don't hold."""
