"""The one form of all CSV that goes out, and what readers call the columns of our frames."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cbanalysis.common.errors import harmless
from cbanalysis.common.text.letters import disarmed

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


if TYPE_CHECKING:
    import pandas as pd


def csv_for_spreadsheets(rows: Iterable[Iterable[str]]) -> str:
    r"""Return rows as CSV for readers who may open it by a double click.

    UTF-8 with a byte order mark, without which Excel takes Vietnamese letters for others; comma, LF, no cell
    a formula (`disarmed`), no control characters. pandas reads it as it is, R with ``fileEncoding =
    "UTF-8-BOM"``.

    Parameters
    ----------
    rows : iterable of iterable of str
        The first row holds the headings.

    Examples
    --------
    >>> csv_for_spreadsheets([["tỉnh", "ghi chú"], ["Bắc Giang", "=1+1"]])
    "\ufefftỉnh,ghi chú\nBắc Giang,'=1+1\n"
    """
    written = io.StringIO("\ufeff")
    written.seek(1)
    csv.writer(written, lineterminator="\n").writerows(
        [disarmed(harmless(cell)) for cell in row] for row in rows
    )
    return written.getvalue()


def safe_csv(frame: pd.DataFrame) -> str:
    """Return a frame as `csv_for_spreadsheets` writes rows."""
    return csv_for_spreadsheets(csv.reader(io.StringIO(frame.to_csv(index=False))))
