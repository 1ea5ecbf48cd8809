"""Vietnamese text and number cells: letters, tone placement, `63,71%`, `gần 3 nghìn`, `11/18`."""

from __future__ import annotations

from cbanalysis.common.text.csv_files import column_name, csv_for_spreadsheets, safe_csv
from cbanalysis.common.text.figures import Bare, Figure, Value, format_figure, parse_figure, parse_value
from cbanalysis.common.text.letters import clean, disarmed, fold, normalise_tones
from cbanalysis.common.text.numbers import NumberStyle, format_number, parse_number, with_sign
from cbanalysis.common.text.reader import Qualifier
from cbanalysis.common.text.words import MISSING_MARKS

__all__ = [
    "MISSING_MARKS",
    "Bare",
    "Figure",
    "NumberStyle",
    "Qualifier",
    "Value",
    "clean",
    "column_name",
    "csv_for_spreadsheets",
    "disarmed",
    "fold",
    "format_figure",
    "format_number",
    "normalise_tones",
    "parse_figure",
    "parse_number",
    "parse_value",
    "safe_csv",
    "with_sign",
]
