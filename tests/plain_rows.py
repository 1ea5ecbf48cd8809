"""Observations for tests, as load_observations gives them: a row says what isn't plain of it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from cbanalysis.statistics.rates import add_rates

PLAIN: dict[str, Any] = {
    "observation_id": "",
    "indicator": "office_cell_adoption",
    "subject": "commune",
    "geo_level": "province",
    "province": "",
    "province_basis": "stated",
    "area": "",
    "period_start": "2012",
    "period_end": "2012",
    "period_basis": "stated",
    "category": "",
    "count": pd.NA,
    "base": pd.NA,
    "percent": np.nan,
    "percent_max": np.nan,
    "printed": "",
    "qualifier": "exact",
    "aggregation": "point",
    "complement": False,
    "source_id": "seed-000",
    "note": "",
    "definition": "",
    "base_of": "",
    "scheme": "",
    "category_id": "",
    "category_kind": "",
    "count_max": pd.NA,
    "unit_id": "",
    "year": 2012,
    "decimals": pd.NA,
}
_WHOLE = ("count", "base", "count_max", "year", "decimals")
_NUMBERS = ("percent", "percent_max", "rate", "rate_low", "rate_high")


def rows(*given: dict[str, Any], **shared: Any) -> pd.DataFrame:
    """Return observations: each row over what is shared over a plain one, with ids X1, X2 and so on."""
    full = []
    for number, row in enumerate(given, start=1):
        said = shared | row
        if "period_end" in said and "year" not in said:
            year = re.match(r"\d{4}", said["period_end"])
            said["year"] = int(year[0]) if year else pd.NA
        full.append({**PLAIN, "observation_id": f"X{number}", **said})
    frame = pd.DataFrame(full, columns=list(dict.fromkeys([*PLAIN, *(name for row in full for name in row)])))
    texts = [name for name, value in PLAIN.items() if isinstance(value, str)]
    types = dict.fromkeys(_WHOLE, "Int64") | dict.fromkeys(set(_NUMBERS) & set(frame.columns), "float64")
    return frame.astype({**types, **dict.fromkeys(texts, "str"), "complement": "bool"})


def rated(*given: dict[str, Any]) -> pd.DataFrame:
    """Return the same with rates."""
    return add_rates(rows(*given))


def rating(category_id: str, kind: str = "exclusive", **more: Any) -> dict[str, Any]:
    """Return one class of a rating of 2013 under the old scheme."""
    plain = {
        "indicator": "org_quality_rating",
        "subject": "grassroots_org",
        "scheme": "org_2007",
        "category_id": category_id,
        "category_kind": kind,
        "period_start": "2013",
        "period_end": "2013",
        "province": "Đồng Nai",
    }
    return plain | more


# What a province says of attendance: one of each kind of figure.
ATTENDANCE = {
    "indicator": "meeting_attendance",
    "subject": "member",
    "province": "Bắc Giang",
    "unit_id": "24-2004",
    "source_id": "seed-004",
}
HALF = {**ATTENDANCE, "count": 62, "base": 124, "percent": 50.0, "printed": "62; 50%", "decimals": 0}
BARE = {
    **ATTENDANCE,
    "percent": 97.0,
    "printed": "97%",
    "decimals": 0,
    "area": "Sen Thượng",
    "geo_level": "commune",
}
FLOOR = {**ATTENDANCE, "percent": 85.0, "printed": "85% trở lên", "qualifier": "at_least", "decimals": 0}
RANGE = {
    **ATTENDANCE,
    "percent": 80.0,
    "percent_max": 95.0,
    "printed": "80 – 95%",
    "qualifier": "range",
    "decimals": 0,
}
ABOUT = {**ATTENDANCE, "percent": 95.0, "printed": "gần 95%", "qualifier": "about", "decimals": 0}
ABOVE = {**ATTENDANCE, "percent": 73.0, "printed": "trên 73%", "qualifier": "about", "decimals": 0}
COUNT = {**ATTENDANCE, "indicator": "org_count", "count": 9768, "printed": "9.768", "category": "xã"}
