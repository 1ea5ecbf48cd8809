"""A data folder that stays as it is whatever comes into data/: the seed documents, and made-up figures."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from cbanalysis.common.folders import shipped_folder

MADE_UP = "made-up"
"""The document of the figures that are made up."""

_VILLAGES = {"indicator": "village_own_cell", "subject": "village"}
_WITHOUT = {**_VILLAGES, "geo_level": "district", "area": "Hiệp Hòa", "complement": "yes"}
_HEADS = {"indicator": "village_member_head", "subject": "village", "period_start": "2018"}
_CAME = {"indicator": "meeting_attendance", "subject": "member"}
_RATING = {"indicator": "org_quality_rating", "subject": "grassroots_org", "scheme": "org_2007"}
_GOOD = {"category": "hoàn thành tốt nhiệm vụ", "category_id": "good", "category_kind": "exclusive"}
_STRONG = {"category": "trong sạch, vững mạnh", "category_id": "strong", "category_kind": "exclusive"}
_DONE = {"category": "hoàn thành nhiệm vụ", "category_id": "fulfilled", "category_kind": "exclusive"}
_WEAK = {"category": "yếu kém", "category_id": "weak", "category_kind": "exclusive"}


def _of(count: int, base: int) -> dict[str, str]:
    return {"count": str(count), "base": str(base), "printed": f"{count}/{base}"}


def _share(percent: int) -> dict[str, str]:
    return {"percent": str(percent), "printed": f"{percent}%"}


# A row says what isn't usual of it (`_row`); beside the five seed documents there is one of everything.
_FIGURES: tuple[dict[str, str], ...] = (
    {"indicator": "office_cell_adoption", "subject": "commune", "period_start": "2009", **_of(107, 230)},
    {**_VILLAGES, "period_start": "2010", **_of(60, 120)},
    {**_VILLAGES, "period_start": "2011", **_of(70, 120)},
    {**_VILLAGES, "period_start": "2014", "province": "Lào Cai", **_share(90)},
    {**_VILLAGES, "period_start": "2018", **_of(110, 120)},
    {**_VILLAGES, "period_start": "2018", "province": "Lào Cai", **_share(97)},
    {**_VILLAGES, "period_start": "2020", "definition": "with_committee", **_of(90, 120)},
    {**_VILLAGES, "period_start": "", "province": "Lào Cai", **_share(98)},
    {**_WITHOUT, "period_start": "2014", **_of(5, 40)},
    {**_HEADS, **_of(30, 40)},
    {**_HEADS, "province": "Lào Cai", **_of(35, 40)},
    {**_HEADS, "province": "Nghệ An", **_of(20, 40)},
    {**_CAME, "period_start": "2015", **_share(95)},
    {**_CAME, "period_start": "2016", "percent": "90", "printed": "90% trở lên", "qualifier": "at_least"},
    *(
        {**_RATING, **category, "period_start": year, "province": province, **_of(count, 100)}
        for year, province, counts in (
            ("2012", "Bắc Giang", (60, 25, 10, 5)),
            ("2013", "Bắc Giang", (65, 25, 8, 2)),
            ("2013", "Lào Cai", (50, 30, 15, 5)),
        )
        for category, count in zip((_STRONG, _GOOD, _DONE, _WEAK), counts, strict=True)
    ),
)


def made_up_folder(place: Path) -> Path:
    """Write the folder: declarations as they ship; figures and documents only the seeds and the made-up.

    Parameters
    ----------
    place : Path
        A folder that isn't there yet.

    Returns
    -------
    Path
        The same.
    """
    shipped = shipped_folder("data")
    shutil.copytree(shipped, place, ignore=shutil.ignore_patterns("README.md", "datapackage.json"))
    made = [_row(number, **figure) for number, figure in enumerate(_FIGURES, start=1)]
    _keep_seeds(place / "observations.csv", made)
    document = {"title": "Tài liệu thử", "publisher": "Báo thử", "published": "2021-02-03"}
    _keep_seeds(
        place / "sources.csv",
        [{"source_id": MADE_UP, "number_style": "vi", "terms": "made up for the tests", **document}],
    )
    _keep_seeds(place / "acknowledged.csv", [])
    return place


def _row(number: int, **given: str) -> dict[str, str]:
    period = given["period_start"]
    usual = {
        "observation_id": f"M{number:03}",
        "geo_level": "province",
        "province": "Bắc Giang",
        "province_basis": "stated",
        "period_end": period,
        "period_basis": "stated" if period else "",
        "qualifier": "exact",
        "aggregation": "point",
        "source_id": MADE_UP,
    }
    return usual | given


def _keep_seeds(table: Path, more: list[dict[str, str]]) -> None:
    """Leave of a table the rows of the seed documents, and add some."""
    with table.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        kept = [row for row in reader if row.get("source_id", "").startswith("seed-")]
    text = io.StringIO()
    writer = csv.DictWriter(text, reader.fieldnames or (), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*kept, *more])
    table.write_text(text.getvalue(), encoding="utf-8", newline="")
