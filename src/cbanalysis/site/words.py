"""What the pages say besides the reports themselves, in both languages."""

__all__ = ["WORDS"]

WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "all": "Tất cả báo cáo",
        "chart": "Biểu đồ",
        "code": "Mã lệnh",
        "data_date": "dữ liệu đến",
        "download": "Tải về:",
        "failed": "Báo cáo này không chạy hết.",
        "failed_here": "Báo cáo dừng ở bước này.",
        "failed_short": "không chạy hết",
        "index": "Báo cáo về chi bộ",
        "language": "Tiếng Việt",
        "none": "Chưa có báo cáo nào.",
        "skip": "Đến nội dung",
        "table": "Bảng",
        "way": "Vị trí",
        "where": "Đến bước bị lỗi",
    },
    "en": {
        "all": "All reports",
        "chart": "Chart",
        "code": "Code",
        "data_date": "data up to",
        "download": "Download:",
        "failed": "This report did not run to its end.",
        "failed_here": "The report stopped at this step.",
        "failed_short": "did not run to its end",
        "index": "Reports on party cells",
        "language": "English",
        "none": "There are no reports yet.",
        "skip": "Skip to content",
        "table": "Table",
        "way": "Where you are",
        "where": "Go to the step that failed",
    },
}
