"""Small frames for the tests of rates: a row is what differs from a plain published figure."""

from __future__ import annotations

from typing import Any

import pandas as pd

_PLAIN: dict[str, Any] = {
    "indicator": "office_cell_adoption",
    "subject": "commune",
    "geo_level": "province",
    "province": "",
    "province_basis": "stated",
    "area": "",
    "period_start": "2012",
    "period_end": "2012",
    "category": "",
    "count": None,
    "base": None,
    "percent": None,
    "percent_max": None,
    "printed": "",
    "qualifier": "exact",
    "aggregation": "point",
    "complement": False,
    "source_id": "seed-000",
    "definition": "",
    "base_of": "",
    "scheme": "",
    "category_id": "",
    "category_kind": "",
    "count_max": None,
    "unit_id": "",
    "decimals": None,
}


def rows(*given: dict[str, Any]) -> pd.DataFrame:
    """Return observations with the types that load_observations gives."""
    full = [{"observation_id": f"X{number}", **_PLAIN, **one} for number, one in enumerate(given, start=1)]
    frame = pd.DataFrame(full)
    types: dict[str, Any] = dict.fromkeys(("count", "base", "count_max", "decimals"), "Int64")
    types |= dict.fromkeys(("percent", "percent_max"), "float64")
    texts = [name for name, value in _PLAIN.items() if isinstance(value, str)]
    typed = frame.astype(types | dict.fromkeys(("observation_id", *texts), "str"))
    years = pd.to_numeric(typed["period_end"].str.slice(0, 4), errors="coerce")
    return typed.assign(year=years.astype("Int64"))


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
