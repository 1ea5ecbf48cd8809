"""What the columns of our frames are called by readers."""

COLUMNS: dict[str, dict[str, str]] = {
    "observation_id": {"vi": "Mã số liệu", "en": "Figure id"},
    "indicator": {"vi": "Chỉ tiêu", "en": "Indicator"},
    "subject": {"vi": "Đối tượng", "en": "Subject"},
    "geo_level": {"vi": "Cấp", "en": "Level"},
    "province": {"vi": "Tỉnh, thành", "en": "Province"},
    "province_basis": {"vi": "Căn cứ xác định tỉnh", "en": "Basis of the province"},
    "area": {"vi": "Địa bàn", "en": "Area"},
    "period_start": {"vi": "Từ", "en": "From"},
    "period_end": {"vi": "Đến", "en": "To"},
    "period_basis": {"vi": "Căn cứ xác định thời gian", "en": "Basis of the period"},
    "category": {"vi": "Mức, nguyên văn", "en": "Category as printed"},
    "count": {"vi": "Số lượng", "en": "Count"},
    "count_max": {"vi": "Số lượng, đến", "en": "Count, up to"},
    "base": {"vi": "Mẫu số", "en": "Base"},
    "percent": {"vi": "Tỷ lệ công bố (%)", "en": "Printed share (%)"},
    "percent_max": {"vi": "Tỷ lệ công bố, đến (%)", "en": "Printed share, up to (%)"},
    "printed": {"vi": "Nguyên văn", "en": "As printed"},
    "qualifier": {"vi": "Mức chính xác", "en": "Precision"},
    "aggregation": {"vi": "Cách tổng hợp", "en": "Aggregation"},
    "complement": {"vi": "Phần bù", "en": "Complement"},
    "source_id": {"vi": "Mã nguồn", "en": "Source id"},
    "note": {"vi": "Ghi chú (tiếng Anh)", "en": "Note"},
    "definition": {"vi": "Định nghĩa", "en": "Definition"},
    "base_of": {"vi": "Mẫu số là", "en": "Base of"},
    "scheme": {"vi": "Cách xếp loại", "en": "Rating scheme"},
    "category_id": {"vi": "Mức", "en": "Category"},
    "category_kind": {"vi": "Loại mức", "en": "Kind of category"},
    "unit_id": {"vi": "Mã địa giới", "en": "Dated unit"},
    "year": {"vi": "Năm", "en": "Year"},
    "decimals": {"vi": "Số chữ số thập phân", "en": "Decimals"},
    "rate": {"vi": "Tỷ lệ (%)", "en": "Rate (%)"},
    "rate_low": {"vi": "Cận dưới (%)", "en": "Lower bound (%)"},
    "rate_high": {"vi": "Cận trên (%)", "en": "Upper bound (%)"},
    "interval": {"vi": "Loại khoảng", "en": "Kind of bounds"},
    "base_from": {"vi": "Mẫu số lấy từ", "en": "Base taken from"},
    "base_period": {"vi": "Thời gian của mẫu số", "en": "Period of the base"},
    "conflict": {"vi": "Không khớp", "en": "Doesn't add up"},
    "publisher": {"vi": "Nơi công bố", "en": "Publisher"},
    "title": {"vi": "Tên tài liệu", "en": "Title"},
    "published": {"vi": "Ngày công bố", "en": "Published"},
    "address": {"vi": "Địa chỉ", "en": "Address"},
    "figures": {"vi": "Số liệu", "en": "Figures"},
    "what": {"vi": "Nội dung", "en": "What"},
    "where": {"vi": "Nơi", "en": "Where"},
    "when": {"vi": "Thời gian", "en": "When"},
}


def column_name(column: str, lang: str) -> str:
    """Return a column's name for readers of a language; one that isn't ours stays.

    Examples
    --------
    >>> column_name("rate", "vi"), column_name("own", "vi")
    ('Tỷ lệ (%)', 'own')
    """
    return COLUMNS.get(column, {}).get(lang, column)
