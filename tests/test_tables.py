"""Tables for readers."""

from __future__ import annotations

import io

import pandas as pd
import pytest

import cbanalysis as cb
from cbanalysis import tables
from cbanalysis.common.errors import CbanalysisError
from cbanalysis.dataset.catalogue import Catalogue, Words
from cbanalysis.statistics.audit import audit
from cbanalysis.statistics.rates import rank
from plain_rows import ABOUT, BARE, COUNT, FLOOR, HALF, RANGE, rated, rows

EVERY_KIND = (HALF, BARE, FLOOR, RANGE, ABOUT)
BUILDERS = [tables.figures, tables.rates, tables.sources, tables.tally, tables.arithmetic]


def cells(table: tables.Table, heading: str) -> tuple[str, ...]:
    """Return the cells under a heading."""
    return next(column.cells for column in table.columns if column.heading == heading)


def test_rates_show_what_each_kind_of_figure_allows() -> None:
    """A base gives a Wilson interval, a bare rate a rounding range, a floor and a range their own ends."""
    table = tables.rates(rated(*EVERY_KIND), lang="vi")
    assert cells(table, "Tỷ lệ") == ("50%", "97%", "", "", "95%")
    assert cells(table, "Khoảng giá trị") == ("41,33–58,67", "96,5–97,5", "85–100", "80–95", "")
    assert cells(table, "Loại khoảng") == (
        "tin cậy 95%",
        "làm tròn",
        "tối thiểu",
        "theo nguồn",
        "gần đúng",
    )
    assert table.footnotes[-1].startswith("Loại khoảng: “tối thiểu” khi")


def test_the_newest_figure_of_a_place_stands_first_below_those_of_higher_levels() -> None:
    """By level, place and time from the newest back if asked for; a table keeps the order of its rows."""
    commune = {"geo_level": "commune", "area": "Tân An"}
    loaded = rows(commune, *({"period_start": year, "period_end": year} for year in ("2010", "2020", "2015")))
    ends = [{"period_start": one, "period_end": one} for one in ("2015-06", "2015", "", "2015-12-05")]

    def shown(frame: pd.DataFrame, heading: str) -> tuple[str, ...]:
        return cells(tables.figures(frame, lang="en"), heading)

    assert shown(tables.newest_first(loaded), "Period") == ("2020", "2015", "2010", "2012")
    assert shown(tables.newest_first(rows(*ends)), "Id") == ("X2", "X4", "X1", "X3")
    assert shown(loaded, "Period") == ("2012", "2010", "2020", "2015")
    cell = tables.newest_first(rows({"geo_level": "cell"}, {}))  # records count single cells, too
    assert shown(cell, "Id") == ("X2", "X1")


def test_a_rounding_range_shows_the_whole_half_unit_at_both_ends() -> None:
    """63.71 % is 63.705 to 63.715, 24.02 % has a width, and a hundred keeps the decimals of the other end."""
    printed = [{"percent": one, "decimals": 2} for one in (63.71, 24.02, 0.41)]
    table = tables.rates(rated(*printed, {"percent": 100.0, "decimals": 0}), lang="en")
    assert cells(table, "Bounds") == ("63.705–63.715", "24.015–24.025", "0.405–0.415", "99.5–100.0")


def test_ranked_rates_are_listed_by_rank_with_what_is_undecided() -> None:
    """The higher rate stands first; overlapping intervals leave both ranks open."""
    other = {**HALF, "count": 70, "percent": float("nan"), "province": "Bắc Ninh", "unit_id": "27-2004"}
    table = tables.rates(rank(rated(HALF, other), direction="higher"), lang="en")
    assert cells(table, "Rank") == ("1 (1–2)", "2 (1–2)")
    assert cells(table, "Id") == ("X2", "X1")
    assert len(table.footnotes) == 2
    assert table.footnotes[0].endswith("A rate without its base decides no rank.")


def test_a_commune_ranked_first_stands_above_its_province() -> None:
    """Ranks are the order of ranked rows, whatever their level."""
    commune = {**HALF, "count": 70, "percent": float("nan"), "geo_level": "commune", "area": "Tân An"}
    ranked = rank(rated(commune, HALF), direction="higher", across=("province", "geo_level"))
    assert cells(tables.rates(ranked, lang="en"), "Id") == ("X1", "X2")


def test_a_rate_alone_has_no_rank() -> None:
    """One of one is no order, and no line says what ranks mean."""
    table = tables.rates(rank(rated(BARE)), lang="en")
    assert table.columns[0].heading == "Id"
    assert not [line for line in table.footnotes if "anks" in line]


def test_a_table_says_what_its_kinds_of_bounds_mean() -> None:
    """Chance is told where there is a base, digits where there is none, each only where it stands."""
    chance, digits = "complete counts, not samples", "of the printed digits alone"
    for given, said in (((HALF,), [chance]), ((BARE,), [digits]), ((HALF, BARE), [chance, digits])):
        table = tables.rates(rated(*given), lang="en")
        assert [one for one in (chance, digits) if one in " ".join(table.footnotes)] == said
    assert not tables.figures(rated(HALF), lang="en").footnotes


def test_text_from_the_data_is_never_markup() -> None:
    """A printed figure or place with angle brackets comes out as text."""
    table = tables.figures(
        rows({**HALF, "printed": "<script>alert(1)</script>", "area": "<b>x</b>"}), lang="vi"
    )
    assert "<script>" not in table.html()
    assert "&lt;script&gt;" in table.html()
    assert "<b>" not in table.html()


def test_marks_are_explained_under_the_table() -> None:
    """An inferred province and a period taken from the publication date each get their footnote."""
    table = tables.figures(
        rows({**HALF, "province_basis": "inferred", "period_basis": "publication"}), lang="en"
    )
    assert cells(table, "Place") == ("Bac Giang*",)
    assert cells(table, "Period") == ("2012 †",)
    assert table.footnotes == (
        "* province inferred; the document does not name it",
        "† period taken from the date of publication",
    )


def test_the_csv_holds_the_rows_unformatted() -> None:
    """What a report offers for download is the rows with ids and numbers, not the formatted cells."""
    table = tables.rates(rated(HALF), lang="vi")
    back = pd.read_csv(io.StringIO(table.csv()))
    assert back.loc[0, ["observation_id", "count", "base", "rate"]].tolist() == ["X1", 62, 124, 50.0]


def test_a_table_shows_itself_with_its_name_and_csv() -> None:
    """A notebook gets HTML and CSV, and the name under which a report files them."""
    bundle, metadata = tables.figures(rows(HALF), lang="en", name="mine")._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "text/csv"}
    about = metadata["cbanalysis"]
    assert (about["name"], about["kind"]) == ("mine", "table")
    kinds = [about["columns"][name] for name in ("printed", "count", "percent", "complement")]
    assert kinds == ["text", "integer", "number", "boolean"]
    assert bundle["text/plain"] == "Published figures (1)"


def test_arithmetic_shows_the_sum_and_whether_it_agrees() -> None:
    """62/124 gives the printed 50 %; 439/709 doesn't give 62.62 %; rows without all three are left out."""
    wrong = {"count": 439, "base": 709, "percent": 62.62, "printed": "439; 62,62%", "decimals": 2}
    table = tables.arithmetic(rated(HALF, wrong, BARE), lang="en")
    assert cells(table, "Arithmetic") == ("62/124 = 50.00%", "439/709 = 61.92%")
    assert cells(table, "Agrees?") == ("yes", "no")


def test_a_borrowed_base_is_no_sum_of_the_document() -> None:
    """79 of a base that S006 prints is marked, and the lender named."""
    lent = {"base_from": "S006", "base_period": "2008"}
    table = tables.arithmetic(rated(HALF, HALF | lent), lang="en")
    assert cells(table, "Arithmetic") == ("62/124 = 50.00%", "62/124 ‡ = 50.00%")
    assert table.footnotes[-1] == "‡ base of another figure (S006)"


def test_sources_link_to_web_addresses_only() -> None:
    """A source with an address is a link; a seed document without one is its name."""
    table = tables.sources(rows(HALF, {**HALF, "source_id": "baohaiduong-vn-ef2ddc"}), lang="en")
    assert cells(table, "Publisher")[0].startswith('<a href="http')
    assert "href" not in cells(table, "Publisher")[1]
    assert table.rows["figures"].tolist() == [1, 1]


def test_a_source_without_a_publisher_is_shown_by_its_title_and_dates_as_elsewhere() -> None:
    """seed-000 of 2013-08-09 has a title and no publisher: no bare id, no ISO date."""
    frame = rows({**HALF, "source_id": "seed-000"})
    (shown,) = cells(tables.figures(frame, lang="vi"), "Nguồn")
    assert shown == "Mô hình hoạt động của chi bộ cơ quan cấp xã qua…"
    sources = tables.sources(frame, lang="vi")
    assert cells(sources, "Nơi công bố") == ("không rõ",)
    assert cells(sources, "Ngày công bố") == ("9/8/2013",)
    assert sources.rows["published"].tolist() == ["2013-08-09"]


def test_tally_counts_figures_provinces_and_years_by_indicator() -> None:
    """Two attendance rates of one province and one count of it make two lines, the larger first."""
    table = tables.tally(rows(HALF, {**BARE, "year": 2018}, {**COUNT, "year": pd.NA}), lang="en")
    assert cells(table, "Indicator")[0] == "Attendance at cell meetings"
    assert cells(table, "Figures") == ("2", "1")
    assert cells(table, "Provinces") == ("1", "1")
    assert cells(table, "Years") == ("2012–2018", "")
    assert cells(table, "Sources") == ("1", "1")


def test_a_period_of_many_years_is_told_by_both_its_ends() -> None:
    """A mean of 1996 to 2005 and a figure of 2001 speak of 1996–2005, as charts of them say."""
    mean = {**HALF, "period_start": "1996", "period_end": "2005", "year": 2005}
    once = {**HALF, "period_start": "2001", "period_end": "2001", "year": 2001}
    table = tables.tally(rows(mean, once), lang="en")
    assert cells(table, "Years") == ("1996–2005",)


@pytest.mark.parametrize("build", BUILDERS)
def test_a_table_of_nothing_is_refused(build) -> None:
    """An empty frame is an error that asks for words, not an empty table."""
    with pytest.raises(CbanalysisError, match="no rows"):
        build(rated(HALF).head(0), lang="vi")


@pytest.mark.parametrize("build", BUILDERS)
def test_a_table_leaves_the_callers_frame_alone(build) -> None:
    """Building a table neither adds columns nor reorders rows."""
    frame = rated(HALF, BARE)
    before = frame.copy(deep=True)
    build(frame, lang="vi")
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("build", BUILDERS)
def test_every_heading_exists_in_both_languages(build) -> None:
    """The same rows give as many columns in Vietnamese and English, with other headings."""
    vietnamese, english = (build(rated(HALF), lang=lang) for lang in ("vi", "en"))
    assert len(vietnamese.columns) == len(english.columns)
    assert vietnamese.caption != english.caption


def test_findings_show_the_sum_its_rows_and_the_explanation() -> None:
    """A finding is told in the reader's language with the rows it is made of."""
    wrong = rows({**HALF, "count": 9, "base": 10, "percent": 80.0, "printed": "9/10; 80%"})
    found = audit(wrong, catalogue=Catalogue.read(), acknowledged={"share:X1": Words(vi="vì", en="why")})
    table = tables.findings(found, lang="en")
    assert cells(table, "Indicator") == ("Attendance at cell meetings",)
    assert cells(table, "The sum that fails") == ("9/10 = 90.00%, printed 80%",)
    assert cells(table, "Figure ids") == ("X1",)
    assert cells(table, "Explanation") == ("why",)
    with pytest.raises(CbanalysisError, match="no rows"):
        tables.findings(found.head(0), lang="vi")


def test_findings_show_their_gaps_with_units_shares_before_counts() -> None:
    """8.45 points (of weight 7.6) stand before 34 units (of weight 6.8), and before them 10 points."""
    wrong = rows({**HALF, "count": 9, "base": 10, "percent": 80.0, "printed": "9/10; 80%"})
    one = audit(wrong, catalogue=Catalogue.read())
    found = pd.concat(
        [
            one.assign(observation_ids="X2", gap=34.0, gap_unit="units", weight=60.0),
            one.assign(observation_ids="X3", gap=8.45, weight=7.605, place_vi="Bình Thuận*"),
            one.assign(period_start="2011-01", period_end="2011-06", period_basis="publication"),
        ]
    )
    table = tables.findings(found, lang="vi")
    gaps = cells(table, "Độ lệch")
    assert gaps == ("10 điểm", "8,45 điểm", "34 đơn vị")
    assert cells(table, "Thời gian")[0] == "6 tháng đầu năm 2011 †"
    assert table.rows["gap"].tolist() == [10.0, 8.45, 34.0]
    assert table.footnotes[0].startswith("Xếp theo độ lệch: trước hết là tỷ lệ")
    assert [one[0] for one in table.footnotes[1:]] == ["*", "†"]


def test_figures_that_the_audit_names_are_marked() -> None:
    """9/10 printed as 80% is marked in both tables, 62/124 isn't; the mark is explained."""
    elsewhere = {**HALF, "province": "Bắc Ninh", "unit_id": "27-2004"}
    both = rated({**HALF, "count": 9, "base": 10, "percent": 80.0, "printed": "9/10; 80%"}, elsewhere)
    found = audit(both, catalogue=Catalogue.read())
    assert found["observation_ids"].tolist() == ["X1"]
    for make in (tables.rates, tables.figures):
        table = make(both, lang="en", findings=found)
        marked = cells(table, "Published")
        assert (marked[0], "⚠" in marked[1]) == ("9/10; 80% ⚠", False)
        assert "⚠ a sum of this figure doesn't hold" in table.footnotes
        assert "⚠" not in make(both, lang="en").html()
        assert "⚠" not in make(both[1:], lang="en", findings=found).html()


def test_a_bare_number_says_in_brackets_what_its_document_says_of_it() -> None:
    """85% and 95% that are floors in words beside them aren't told as values; words need no brackets."""
    rated = cb.add_rates(cb.load_observations(indicator="meeting_attendance"))
    for lang, told, verbatim in (
        ("vi", {"[từ] 85% [trở lên]", "[trên] 95%"}, "trên 95%"),
        ("en", {"[at least] 85%", "[over] 95%"}, "over 95%"),
    ):
        table = cb.tables.rates(rated, lang=lang)
        (cells,) = [
            column.cells for column in table.columns if column.heading in {"Số liệu công bố", "Published"}
        ]
        assert {one for one in cells if "[" in one} == told
        assert verbatim in cells
        assert any(note.startswith("[ ]") for note in table.footnotes)


def test_all_in_words_leaves_nothing_open() -> None:
    """What was printed as "all" is no rounded 100: neither bounds nor their kind stand beside it."""
    row = cb.load_observations(indicator="village_own_cell").query("observation_id == 'G016'")
    rated = cb.add_rates(row)
    assert (rated["rate_low"].item(), rated["rate_high"].item()) == (100, 100)
    cells = {column.heading: column.cells for column in cb.tables.rates(rated, lang="vi").columns}
    assert (cells["Khoảng giá trị"], cells["Loại khoảng"]) == (("",), ("",))
