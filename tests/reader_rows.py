"""Made-up rows for the tests of what readers see: one of each kind of figure."""

from __future__ import annotations

import pandas as pd

from cbanalysis.rates import add_rates

BLANK = {
    "observation_id": "X001",
    "indicator": "meeting_attendance",
    "subject": "member",
    "geo_level": "province",
    "province": "Bắc Giang",
    "province_basis": "stated",
    "area": "",
    "period_start": "2012",
    "period_end": "2012",
    "period_basis": "stated",
    "category": "",
    "count": pd.NA,
    "base": pd.NA,
    "percent": float("nan"),
    "percent_max": float("nan"),
    "printed": "",
    "qualifier": "exact",
    "aggregation": "point",
    "complement": False,
    "source_id": "seed-004",
    "note": "",
    "definition": "",
    "base_of": "",
    "scheme": "",
    "category_id": "",
    "category_kind": "",
    "count_max": pd.NA,
    "unit_id": "24-2004",
    "year": 2012,
    "decimals": pd.NA,
}


def rows(*given: dict[str, object]) -> pd.DataFrame:
    """Return observations: what is given over a blank row, with ids X001, X002 and so on."""
    records = [{**BLANK, "observation_id": f"X{number:03d}", **one} for number, one in enumerate(given, 1)]
    frame = pd.DataFrame(records, columns=list(BLANK))
    return frame.astype(dict.fromkeys(("count", "base", "count_max", "year", "decimals"), "Int64"))


def rated(*given: dict[str, object]) -> pd.DataFrame:
    """Return the same with rates."""
    return add_rates(rows(*given))


HALF = {"count": 62, "base": 124, "percent": 50.0, "printed": "62; 50%", "decimals": 0}
BARE = {"percent": 97.0, "printed": "97%", "decimals": 0, "area": "Sen Thượng", "geo_level": "commune"}
FLOOR = {"percent": 85.0, "printed": "85% trở lên", "qualifier": "at_least", "decimals": 0}
RANGE = {"percent": 80.0, "percent_max": 95.0, "printed": "80 – 95%", "qualifier": "range", "decimals": 0}
ABOUT = {"percent": 95.0, "printed": "gần 95%", "qualifier": "about", "decimals": 0}
ABOVE = {"percent": 73.0, "printed": "trên 73%", "qualifier": "about", "decimals": 0}
COUNT = {"indicator": "org_count", "count": 9768, "printed": "9.768", "category": "xã"}
