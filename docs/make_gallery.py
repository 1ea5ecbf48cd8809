"""Draw every chart of the gallery, in both languages: ``python docs/make_gallery.py``.

The pictures show the published figures. Two charts need more places with two years than anybody published,
two need meeting records; theirs are made up, and say so in their titles.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import cbanalysis as cb
from cbanalysis.common.language import Language
from cbanalysis.display.charts import Chart

GALLERY = Path(__file__).resolve().parent / "gallery"
LANGUAGES: tuple[Language, ...] = ("vi", "en")
MADE_UP = {"vi": "Số liệu minh họa (không có thật)", "en": "Made-up figures, for illustration"}
Draw = Callable[[Language], Chart]


def _published() -> dict[str, Draw]:
    """Return the charts of published figures by name."""
    charts, rates = cb.charts, cb.rates
    observations = cb.load_observations()
    rated = rates.add_rates(observations)
    ratings = observations.query("indicator == 'org_quality_rating' and subject == 'grassroots_org'")
    ratings = ratings.query("aggregation == 'point' and definition == ''")
    whole = ratings.query("geo_level == ['country', 'province']")
    good = rates.add_rates(rates.good_or_better(whole)).query("interval != 'none'")
    strong = rates.standard(rated).query(
        "year == 2010 and geo_level == 'province' and category_id == 'strong'"
    )
    complete = rates.distribution(ratings).query("complete")
    heads = rated.query("indicator == 'village_member_head' and complement and interval == 'wilson'")
    heads = heads.query("year == 2018 and province == 'Bình Thuận'")
    districts = heads.query("geo_level == 'district'")
    # only five of the ten districts are known, so that the whole province is the centre
    centre = heads.query("geo_level == 'province'")["rate"].item()
    limits = rates.funnel_limits(districts, centre=centre)
    curve = rates.funnel_curve(districts, centre=centre)
    found = cb.audit.audit(
        observations, catalogue=cb.Catalogue.read(), acknowledged=cb.audit.read_acknowledged()
    )
    attendance = rated.query("indicator == 'meeting_attendance'")
    adoption = rated.query("indicator == 'office_cell_adoption'")
    blocs = observations.query("source_id == 'seed-003' and indicator == 'org_count'")
    return {
        "attendance_ladder": lambda lang: charts.attendance_ladder(attendance, lang=lang),
        "audit_findings": lambda lang: charts.audit_findings(found, codes=cb.audit.CODES, lang=lang),
        "beside": lambda lang: charts.beside(rates.peers(rated, "Đồng Tháp"), lang=lang),
        "count_bars": lambda lang: charts.count_bars(blocs, lang=lang),
        "coverage_matrix": lambda lang: charts.coverage_matrix(observations, lang=lang),
        "funnel": lambda lang: charts.funnel(limits, curve, lang=lang),
        "heatmap": lambda lang: charts.heatmap(good, published=rates.add_rates(whole), lang=lang),
        "ranked_dots": lambda lang: charts.ranked_dots(strong, published=rated, lang=lang),
        "rating_bars_diverging": lambda lang: charts.rating_bars(complete, kind="diverging", lang=lang),
        "rating_bars_stacked": lambda lang: charts.rating_bars(complete, lang=lang),
        "small_multiples": lambda lang: charts.small_multiples(strong, lang=lang),
        "tile_map_34": lambda lang: charts.tile_map(observations, grid=34, kind="figures", lang=lang),
        "tile_map_63": lambda lang: charts.tile_map(strong, published=rated, lang=lang),
        "trend": lambda lang: charts.trend(adoption, events="office_cell", span=(2003, 2019), lang=lang),
    }


def _made_up() -> dict[str, Draw]:
    """Return the charts that compare two years, on made-up figures of places A to H."""
    firsts = (62, 40, 81, 55, 70, 66, 33, 90)
    lasts = (79, 71, 84, 52, 88, 64, 60, 97)
    rows = pd.DataFrame(
        {
            "observation_id": [f"X{number:03d}" for number in range(1, 17)],
            "label": [letter for letter in "ABCDEFGH" for _ in (2008, 2012)],
            "province": [letter for letter in "ABCDEFGH" for _ in (2008, 2012)],
            "year": [2008, 2012] * 8,
            "count": [count for pair in zip(firsts, lasts, strict=True) for count in pair],
            "base": 124,
            "percent": float("nan"),
            "percent_max": float("nan"),
            "qualifier": "exact",
        }
    )
    rated = cb.add_rates(rows)
    changed = cb.rates.change(rated, 2008, 2012).assign(label=list("ABCDEFGH"))

    def both(draw: Callable[..., Chart]) -> Draw:
        return lambda lang: draw(changed, rated, first=2008, last=2012, lang=lang, title=MADE_UP[lang])

    checked = cb.records.check(cb.records.made_up_register())
    monthly = cb.add_rates(cb.records.attendance(checked, by="country", every="month"))
    months = cb.add_rates(cb.records.over_the_year(monthly))
    controlled = cb.rates.control_limits(monthly.query("base_of == 'not_excused'"), overdispersion=True)
    both_figures = cb.add_rates(_two_indicators())
    pairs = cb.rates.together(both_figures, "village_own_cell", "village_head_secretary")
    return {
        "scatter": lambda lang: cb.charts.scatter(pairs, both_figures, lang=lang, title=MADE_UP[lang]),
        "control_chart": lambda lang: cb.charts.control_chart(controlled, lang=lang, title=MADE_UP[lang]),
        "dumbbell": both(cb.charts.dumbbell),
        "rhythm": lambda lang: cb.charts.rhythm(months, lang=lang, title=MADE_UP[lang]),
        "slope": both(cb.charts.slope),
    }


def _two_indicators() -> pd.DataFrame:
    """Return made-up figures of two indicators: eleven places have both, one lacks the second."""
    owned = {"Bắc Giang": 91, "Bắc Ninh": 97, "Cà Mau": 84, "Hà Giang": 62, "Hải Dương": 95, "Hưng Yên": 96}
    owned |= {"Lào Cai": 71, "Nghệ An": 80, "Sơn La": 66, "Thái Bình": 98, "Vĩnh Long": 88, "Yên Bái": 75}
    heads = dict(zip(owned, (70, 88, 41, 30, 64, 81, 44, 52, 27, 77, 58), strict=False))
    shares = [("village_own_cell", *pair, 100) for pair in owned.items()]
    shares += [("village_head_secretary", *pair, None) for pair in heads.items()]
    names = ["indicator", "province", "percent", "base"]
    rows = pd.DataFrame(shares, columns=names).assign(
        subject="village", geo_level="province", year=2022, period_start="2022", period_end="2022",
        percent_max=None, qualifier="exact", decimals=0,
    )  # fmt: skip
    rows["count"] = rows["percent"].where(rows["base"].notna())
    return rows.assign(observation_id=[f"X{number:03d}" for number in range(1, len(rows) + 1)])


def drawings() -> dict[str, Chart]:
    """Return every chart of the gallery by the name of its file."""
    drawn = _published() | _made_up()
    return {f"{name}.{lang}.svg": draw(lang) for name, draw in sorted(drawn.items()) for lang in LANGUAGES}


def main() -> None:
    """Write the pictures and their page; what is no longer drawn goes."""
    made = {name: chart.svg() for name, chart in drawings().items()}
    GALLERY.mkdir(exist_ok=True)
    for old in set(GALLERY.glob("*.svg")) - {GALLERY / name for name in made}:
        old.unlink()
    for name, svg in made.items():
        (GALLERY / name).write_text(svg, encoding="utf-8", newline="\n")
    names = sorted({name.split(".")[0] for name in made})
    lines = [
        "# Gallery",
        "",
        "Every chart function, in Vietnamese and English. Made by `make generated`.",
        "",
    ]
    for name in names:
        lines += [
            f"## {name}",
            "",
            f"![{name}, Vietnamese]({name}.vi.svg)",
            "",
            f"![{name}, English]({name}.en.svg)",
            "",
        ]
    (GALLERY / "README.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
