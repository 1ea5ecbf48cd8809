"""The words around charts: labels, values, coverage, sources and subjects in both languages."""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from cbanalysis.common.folders import DATA_VARIABLE, data_folder
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.catalogue.vietnamese_wordings import in_vietnamese
from cbanalysis.display.charts.caption import (
    base_words,
    caption,
    coverage,
    file_stem,
    source_line,
    subject,
)
from cbanalysis.display.charts.labels_and_values import extremes, labels, points, value_text, years_text
from chart_checks import made_rows, said_in


def test_labels_are_places_or_what_the_frame_says() -> None:
    """Provinces are named in the reader's language, districts with their province, letters composed."""
    rows = made_rows(
        {"province": "Bắc Giang", "unit_id": "24-2004"},
        {"province": "Bắc Giang", "unit_id": "24-2004", "geo_level": "district", "area": "Sơn Động"},
        {"geo_level": "country"},
    )
    assert said_in("vi", labels, rows) == ["Bắc Giang", "Sơn Động (Bắc Giang)", "Cả nước"]
    assert said_in("en", labels, rows) == ["Bac Giang", "Sơn Động (Bac Giang)", "Whole country"]
    named = rows.assign(label=[unicodedata.normalize("NFD", "Đắk Lắk"), "B*", "C"], province_basis="inferred")
    assert said_in("vi", labels, named) == ["Đắk Lắk*", "B*", "C*"]


@pytest.mark.parametrize(
    ("row", "vi", "en"),
    [
        ({"interval": "wilson", "rate": 84.7826, "percent": 84.7, "decimals": 1}, "84,7%", "84.7%"),
        ({"interval": "wilson", "rate": 61.1111}, "61,1%", "61.1%"),
        ({"interval": "rounding", "rate": 97.0, "percent": 97.0, "decimals": 0}, "97%", "97%"),
        ({"interval": "floor", "rate_low": 90.5}, "≥\u00a090,5%", "≥\u00a090.5%"),
        ({"interval": "range", "rate_low": 80.0, "rate_high": 95.0}, "80–95%", "80–95%"),
        ({"interval": "about", "rate": 99.5}, "~\u00a099,5%", "~\u00a099.5%"),
    ],
)
def test_values_read_as_printed(row: dict, vi: str, en: str) -> None:
    """Each kind of figure has its own form; printed decimals stay."""
    assert said_in("vi", value_text, row) == vi
    assert said_in("en", value_text, row) == en


def test_differences_carry_their_sign() -> None:
    """A true minus sign, and no minus before a zero."""
    assert said_in("vi", points, -0.44) == "−0,4"
    assert said_in("en", points, 3.25) == "+3.3"
    assert said_in("en", points, -0.04) == "+0.0"


def test_coverage_counts_provinces_of_the_time() -> None:
    """64 provinces in 2007, 63 in 2012, 34 at the end of 2025; the month decides where it is known."""
    two = ({"province": "Bắc Giang"}, {"province": "Nghệ An"}, {"province": "Nghệ An"})
    assert said_in("en", coverage, made_rows(*two, year=2007)) == "2 of 64 provinces drawn"
    assert said_in("vi", coverage, made_rows(*two)) == "biểu đồ thể hiện 2/63 tỉnh, thành phố"
    assert (
        said_in("en", coverage, made_rows(two[0], year=2025, period_end="2025-03"))
        == "1 of 63 provinces drawn"
    )
    assert (
        said_in("en", coverage, made_rows(two[0], year=2025, period_end="2025-12"))
        == "1 of 34 provinces drawn"
    )
    assert (
        said_in("vi", coverage, made_rows(*two, year=pd.NA))
        == "biểu đồ thể hiện 2 tỉnh, thành phố (theo tên gọi tại thời điểm của số liệu)"
    )
    assert said_in("en", coverage, made_rows(*two, year=pd.NA)) == "2 provinces drawn, as named at the time"


def test_coverage_counts_places_below_the_province() -> None:
    """Districts and communes are counted with their province, or with the number of those they lie in."""
    rows = made_rows(
        {"geo_level": "district", "province": "Bắc Giang", "area": "Sơn Động"},
        {"geo_level": "district", "province": "Bắc Giang", "area": "Tân Yên"},
        {"geo_level": "region", "area": "Tây Nguyên"},
    )
    assert said_in("en", coverage, rows) == "1 region; 2 district units of Bac Giang"
    assert said_in("vi", coverage, rows) == (
        "biểu đồ thể hiện 1 vùng; 2 đơn vị cấp huyện và tương đương của Bắc Giang"
    )
    assert said_in("vi", coverage, pd.DataFrame({"rate": [1.0]})) == ""


def test_sources_are_publishers_with_years_the_most_frequent_first() -> None:
    """Three publishers are named, the others counted; an unknown id stands as it is."""
    known = Catalogue.read()
    published = {one.source_id: one for one in known.sources.values() if one.publisher and one.published}
    first, second = list(published.values())[:2]
    rows = made_rows(*({"source_id": one} for one in (second.source_id, first.source_id, second.source_id)))
    assert said_in("vi", source_line, rows) == (
        f"Nguồn: {second.publisher} ({second.published[:4]}), {first.publisher} ({first.published[:4]})"
    )
    own = made_rows(*({"source_id": f"mine-{number}"} for number in range(5)))
    assert said_in("en", source_line, own) == "Source: mine-0, mine-1, mine-2 and 2 others"
    assert said_in("vi", source_line, own) == "Nguồn: mine-0, mine-1, mine-2 và 2 nguồn khác"
    assert said_in("vi", source_line, own.drop(columns="source_id")) == ""


def test_sources_are_counted_by_one_key_in_both_languages() -> None:
    """Two English names of one publisher count once, of all sources too; the first that stands is shown."""
    known = Catalogue.read().sources.values()
    rows = made_rows(*({"source_id": one.source_id} for one in known))
    others = [int(re.findall(r"\d+", said_in(lang, source_line, rows))[-1]) for lang in ("vi", "en")]
    printed = [one.publisher or one.title or one.source_id for one in known]
    publishers = {in_vietnamese().get(one, one) for one in printed}
    assert others == [len(publishers) - 3] * 2
    twice = made_rows(*({"source_id": one} for one in ("baomoi-com-20e8be", "baomoi-com-9cc8c4")))
    assert said_in("en", source_line, twice) == "Source: Báo Mới (aggregator), after Sài Gòn Giải Phóng"


def test_a_source_without_publisher_is_named_by_its_title() -> None:
    """The first seed document names no publisher: its title and year stand in."""
    assert said_in("vi", source_line, made_rows({})) == (
        "Nguồn: Mô hình hoạt động của chi bộ cơ quan cấp xã qua 5 năm thực hiện (2008 - 2012) (2013)"
    )


def test_subjects_name_indicator_and_category() -> None:
    """One category is named in the reader's language; several leave the indicator, three their number."""
    rating = {"indicator": "org_quality_rating", "subject": "grassroots_org", "scheme": "org_2018"}
    category = Catalogue.read().scheme("org_2018").categories[0]
    one = made_rows({**rating, "category": category.printed[0], "category_id": category.id})
    assert said_in("en", subject, one).endswith(f": {category.name.en}")
    assert said_in("vi", subject, one).endswith(f" {category.name.vi.lower()}")
    several = made_rows(
        *({**rating, "category_id": each.id} for each in Catalogue.read().scheme("org_2018").categories)
    )
    assert said_in("en", subject, several) == Catalogue.read().indicator("org_quality_rating").name.en
    plain = made_rows({"category": "huyện, thị xã"})
    assert said_in("vi", subject, plain).endswith(" (huyện, thị xã)")
    unknown = made_rows({**rating, "category_id": "made_up", "category": "tự đặt"})
    assert said_in("vi", subject, unknown).endswith(" tự đặt")
    three = made_rows(*({"indicator": one} for one in ("cell_size", "committee_size", "office_cell_count")))
    assert said_in("vi", subject, three) == "3 chỉ tiêu"
    assert said_in("vi", subject, pd.DataFrame({"rate": [1.0]})) == ""


def test_bases_are_named_once_or_said_to_differ() -> None:
    """The standard base and a variant are read from the catalogue."""
    indicator = Catalogue.read().indicator("village_own_cell")
    standard = made_rows({"indicator": "village_own_cell"})
    variant = made_rows({"indicator": "village_own_cell", "base_of": "cells"})
    assert said_in("en", base_words, standard) == f"base: {indicator.base.en}"
    assert said_in("vi", base_words, variant) == f"mẫu số: {indicator.bases['cells'].vi}"
    assert said_in("en", base_words, pd.concat([standard, variant])) == "bases differ between rows"
    assert said_in("en", base_words, pd.DataFrame({"rate": [1.0]})) == ""
    assert said_in("en", base_words, standard.head(0)) == ""


def test_years_are_a_year_a_span_or_not_known() -> None:
    """Missing years don't hide the known ones."""
    assert said_in("vi", years_text, made_rows({}, {"year": pd.NA})) == "2012"
    assert said_in("vi", years_text, made_rows({}, {"year": 2008})) == "2008–2012"
    assert said_in("vi", years_text, made_rows({"year": pd.NA})) == "không rõ năm"
    assert said_in("vi", years_text, pd.DataFrame({"rate": [1.0]})) == ""


def test_extremes_of_plain_values_show_one_decimal() -> None:
    """Values without an interval can be told, too."""
    shares = pd.DataFrame({"rate": [12.34, 56.78]})
    assert said_in("en", extremes, shares, ["A", "B"]) == "Highest: 56.8% (B); lowest: 12.3% (A)."


def test_the_same_value_of_the_same_place_is_said_once() -> None:
    """Where highest and lowest are one and the same, there is one value to tell, of one place or of all."""
    shares = pd.DataFrame({"rate": [12.34, 12.34]})
    assert said_in("en", extremes, shares, ["A", "A"]) == "Only value: 12.3% (A)."
    assert said_in("en", extremes, shares, ["A", "B"]) == "All of them: 12.3%."


def test_extremes_name_a_time_as_a_vietnamese_sentence_does() -> None:
    """A year has its word and no comma before it, so that what is level with it isn't a list of three."""
    shares = pd.DataFrame({"rate": [100.0, 100.0, 12.34]})
    names = ["Bồ Đề (Hà Nội), 2016 †", "Huế, 2016", "Huế, tháng 6/2011"]
    assert said_in("vi", extremes, shares, names) == (
        "Cao nhất là 100% (Bồ Đề, Hà Nội, năm 2016 †, và 1 số liệu khác); "
        "thấp nhất là 12,3% (Huế, tháng 6/2011)."
    )


def test_file_stems_are_plain_and_tell_the_rows() -> None:
    """Letters a to z, digits and underscores only."""
    assert file_stem("trend", made_rows({}, {"year": 2008})) == "trend_office_cell_adoption_2008_2012"
    assert file_stem("Đắk", pd.DataFrame({"rate": [1.0]})) == "dak"


def test_a_caption_puts_the_subject_into_the_title_or_the_subtitle() -> None:
    """Without a finding the subject is the title; with one it opens the subtitle."""
    words = {"kind": "made", "picture": "Biểu đồ", "says": "Hết."}
    plain = said_in("vi", caption, made_rows({"province": "Bắc Giang"}), {}, **words)
    assert plain.title == "Tỷ lệ đảng bộ xã có chi bộ cơ quan xã"
    assert plain.subtitle == "% · mẫu số: tổng số đảng bộ xã, phường, thị trấn · 2012"
    assert (
        plain.alt
        == "Biểu đồ “Tỷ lệ đảng bộ xã có chi bộ cơ quan xã”. Hết. Biểu đồ thể hiện 1/63 tỉnh, thành phố."
    )
    assert plain.name == "made_office_cell_adoption_2012"
    found = said_in(
        "vi",
        caption,
        made_rows({}),
        {"title": "Tăng nhanh.", "name": "mine", "notes": ["Ghi chú"]},
        unit="",
        **words,
    )
    assert (found.title, found.name, found.notes) == ("Tăng nhanh.", "mine", ("Ghi chú",))
    assert found.subtitle.startswith("Tỷ lệ đảng bộ xã có chi bộ cơ quan xã · mẫu số")
    assert found.alt == "Biểu đồ “Tăng nhanh”. Hết."
    assert said_in("vi", caption, pd.DataFrame({"rate": [1.0]}), {}, **words).title == "Biểu đồ"


def test_a_chart_says_the_name_of_the_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An indicator that is renamed while a kernel runs has its new name in the next chart, as in tables."""
    rows = made_rows({"indicator": "office_cell_adoption"})
    shutil.copytree(data_folder(), tmp_path / "data")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    before = said_in("en", subject, rows)
    file = tmp_path / "data" / "indicators.toml"
    file.write_text(file.read_text("utf-8").replace(before, "Renamed"), "utf-8")
    assert said_in("en", subject, rows) == "Renamed"
