"""Frames that went through files, other programs and pandas mean the same to every function as before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cbanalysis as cb
from cbanalysis.common.errors import CbanalysisError, DataError, UnknownName
from plain_rows import rating, rows

Change = Callable[[pd.DataFrame, Path], pd.DataFrame]


def _csv(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    return pd.read_csv(cb.save(frame, folder / "rows.csv"))


def _texts(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    return pd.read_csv(cb.save(frame, folder / "rows.csv"), dtype=str, keep_default_na=False)


def _stata(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    return pd.read_stata(cb.save(frame, folder / "rows.dta"))


CHANGES: dict[str, Change] = {
    "csv": _csv,
    "texts": _texts,
    "stata": _stata,
    "categories": lambda frame, _: frame.astype({"area": "category", "definition": "category"}),
    "objects": lambda frame, _: frame.astype("object"),
    "missing": lambda frame, _: frame.astype("object").where(frame.ne("") & frame.notna(), None),
    "arrow": lambda frame, _: frame.convert_dtypes(dtype_backend="pyarrow"),
    "index": lambda frame, _: frame.set_index(["province", "area"]),
    "index too": lambda frame, _: frame.set_index("observation_id", drop=False),
}


def districts() -> pd.DataFrame:
    """Return three districts of those who do NOT: 20, 50 and 60 percent, and one row on another base."""
    return cb.add_rates(
        rows(
            {"area": "A", "count": 20, "base": 100},
            {"area": "B", "count": 250, "base": 500},
            {"area": "C", "count": 30, "base": 50},
            geo_level="district",
            province="Bắc Giang",
            unit_id="24-2004",
            complement=True,
            indicator="village_member_head",
            subject="village",
        )
    )


def _same(found: pd.DataFrame, expected: pd.DataFrame, columns: list[str]) -> None:
    pd.testing.assert_frame_equal(
        found[columns].reset_index(drop=True), expected[columns].reset_index(drop=True), check_dtype=False
    )


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_ranks_and_verdicts_are_the_same_after_any_journey(change: Change, tmp_path: Path) -> None:
    """Who do NOT: the fewest come first, whatever became of True on the way."""
    rated = districts()
    changed = change(rated, tmp_path)
    found = cb.rates.rank(changed)
    assert found["rank"].tolist() == [1, 2, 3]
    verdicts = cb.rates.compare(changed, 40.0, direction="higher")["verdict"].tolist()
    assert verdicts == ["better", "worse", "worse"]
    _same(cb.rates.as_complement(changed), cb.rates.as_complement(rated), ["area", "count", "rate", "turned"])


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_pictures_tables_and_sentences_are_the_same_after_any_journey(change: Change, tmp_path: Path) -> None:
    """No district loses its name, no empty cell becomes a word."""
    rated = districts()
    changed = change(rated, tmp_path)
    assert cb.charts.ranked_dots(changed, lang="en").alt == cb.charts.ranked_dots(rated, lang="en").alt
    assert cb.tables.rates(changed, lang="en").columns == cb.tables.rates(rated, lang="en").columns
    assert cb.notes.readings(changed, lang="vi") == cb.notes.readings(rated, lang="vi")


@pytest.mark.parametrize("change", [_csv, _texts])
def test_nothing_published_is_lost_on_the_way_through_a_file(change: Change, tmp_path: Path) -> None:
    """The same rows are standard, the rest is left out for the same reasons; sums and bases are the same."""
    rated = cb.add_rates(cb.load_observations())
    changed = change(rated, tmp_path)
    kept = cb.rates.standard(rated)
    assert len(kept) > 100
    _same(cb.rates.standard(changed), kept, ["observation_id", "rate", "year"])
    left = cb.rates.left_out(changed, cb.rates.standard(changed))
    _same(left, cb.rates.left_out(rated, kept), ["observation_id", "reason"])
    sums = [cb.rates.regroup(one[one["geo_level"] == "province"], 34) for one in (changed, rated)]
    _same(*sums, ["observation_id", "count", "missing"])
    lent = [cb.rates.borrow_base(one) for one in (changed, rated)]
    _same(*lent, ["observation_id", "base", "base_from"])


@pytest.mark.parametrize("said", [1, 1.0, "yes", "true", "TRUE", np.int8(1)])
def test_those_who_do_not_are_known_however_it_is_said(said: object) -> None:
    """data/observations.csv says yes, Stata 1: both are True."""
    assert cb.rates.rank(districts().assign(complement=said))["rank"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([{"rate": 1}], "rank takes the rows of a DataFrame, this is a list"),
        (pd.concat([districts(), districts()[["rate"]]], axis=1), "column rate: this column stands twice"),
        (districts().assign(count="many"), "column count: not a number .found 'many'"),
        (districts().assign(rate=np.inf), "column rate: not a number"),
        (districts().assign(count="1.234"), "column count: not a whole number .found '1.234'"),
        (districts().assign(complement="perhaps"), "column complement: neither True nor False"),
        (districts().assign(count=501), "501 of 100 beside a Wilson interval"),
        (districts().assign(count=-1), "add_rates makes rates anew"),
        (districts().assign(count=pd.NA), "<NA> of 100 beside a Wilson interval"),
        (districts().assign(base=[pd.NA, 500, 50]), "20 of <NA> beside a Wilson interval"),
        (districts().assign(base=0), "20 of 0 beside a Wilson interval"),
        (
            districts().assign(rate=[20.0, -5.0, 60.0]),
            "column rate: .* within their intervals.* .found -5 beside",
        ),
        (districts().assign(rate=500.0), "add_rates makes both anew .found 500 beside"),
        (districts().assign(period_end="2018-13"), "column period_end: no real date .found '2018-13'"),
        (districts().assign(period_end=pd.NaT), "a beginning and an end belong together .found 20.. to"),
        (pd.concat({"a": districts()}, axis=1), "columns of one name each, these have 2"),
    ],
)
def test_what_is_no_rated_frame_is_refused(given: pd.DataFrame, says: str) -> None:
    """The refusal names the function or the column, and what stands there."""
    with pytest.raises(CbanalysisError, match=says):
        cb.rates.rank(given)


@pytest.mark.parametrize(
    ("show", "column"),
    [
        (lambda given: cb.tables.figures(given, lang="en"), "observation_id"),
        (lambda given: cb.tables.sources(given, lang="en"), "source_id"),
        (lambda given: cb.notes.spread(given, lang="en"), "rate"),
        (lambda given: cb.notes.coverage(given, lang="en"), "unit_id"),
        (lambda given: cb.charts.trend(given, lang="en"), "interval"),
    ],
)
def test_a_column_that_is_missing_is_named(show: Callable[[pd.DataFrame], object], column: str) -> None:
    """Tables, sentences and pictures say which column they lack, and what is like it."""
    with pytest.raises(DataError, match=f"column {column}: .* needs this column"):
        show(districts().drop(columns=column))


@pytest.mark.parametrize(
    ("ask", "column"),
    [
        (lambda given: cb.audit.checked(given.drop(columns="observation_id")), "observation_id"),
        (cb.audit.summary, "code"),
        (lambda given: cb.audit.touching(given, "B001"), "observation_ids"),
        (lambda given: cb.notes.correlation(given, lang="en"), "rate_x"),
        (lambda given: cb.records.gap_between_readings(given, lang="en"), "records"),
        (lambda given: cb.records.over_the_year(given.drop(columns="period_start")), "period_start"),
        (lambda given: cb.tables.years_of(given.drop(columns="year")), "year"),
    ],
)
def test_a_column_that_only_some_frames_have_is_named(
    ask: Callable[[pd.DataFrame], object], column: str
) -> None:
    """Whoever gives a function another one's rows is told what these lack."""
    with pytest.raises(DataError, match=f"column {column}: .* needs this column"):
        ask(districts())


@pytest.mark.parametrize("given", [None, [1], (one for one in ())])
@pytest.mark.parametrize(
    "ask",
    [
        cb.audit.summary,
        cb.tables.years_of,
        cb.notes.count_places,
        cb.records.withhold,
        cb.records.over_the_year,
    ],
)
def test_what_is_no_frame_is_told(ask: Callable[[object], object], given: object) -> None:
    """The refusal names the function and what it got."""
    with pytest.raises(
        CbanalysisError, match=f"takes the rows of a DataFrame, this is a {type(given).__name__}"
    ):
        ask(given)


def test_rates_of_changed_counts_are_made_anew() -> None:
    """add_rates takes what the others refuse."""
    changed = districts().assign(count=[40, 250, 30])
    assert cb.add_rates(changed)["rate"].tolist() == [40.0, 50.0, 60.0]
    assert cb.add_rates(changed.assign(count=pd.NA))["interval"].tolist() == ["none"] * 3


def test_own_columns_and_the_given_frame_stay_as_they_are() -> None:
    """Only columns that we know are read; the caller's frame is never changed."""
    own = districts().assign(complement=1, mine=[None, "x", 3.5]).set_index("observation_id")
    before = own.copy(deep=True)
    assert cb.rates.rank(own)["mine"].tolist() == own["mine"].tolist()
    pd.testing.assert_frame_equal(own, before)


def test_what_stands_in_the_index_is_saved(tmp_path: Path) -> None:
    """Place, year and a column of one's own in the index are columns of the file."""
    frame = districts().assign(mine=[1, 2, 3]).set_index(["area", "mine"])
    read = pd.read_csv(cb.save(frame, tmp_path / "rows.csv"))
    assert read[["area", "mine"]].to_numpy().tolist() == [["A", 1], ["B", 2], ["C", 3]]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (
            lambda rated: cb.charts.ranked_dots(rated, title=5),
            "ranked_dots takes str . None as title=, not 5",
        ),
        (lambda rated: cb.charts.ranked_dots(rated, notes=5), "takes Sequence.str. as notes="),
        (lambda rated: cb.charts.trend(rated, events=[5]), "takes Sequence.str . Event. as events="),
        (lambda rated: cb.charts.trend(rated, events=["ratings"]), "'ratings'; did you mean 'rating'"),
        (lambda rated: cb.charts.trend(rated, span=2012), "takes tuple.int, int. . None as span="),
        (lambda rated: cb.rates.compare(rated, to=True), "compare takes float . str as to=, not True"),
        (lambda rated: cb.rates.compare(rated, None), "compare takes float . str as to=, not None"),
        (lambda rated: cb.rates.compare(rated, "Bắc Giang"), "known: pooled, country, region, Trung du"),
        (lambda rated: cb.rates.rank(rated, across="provinces"), "'provinces'; did you mean 'province'"),
        (lambda rated: cb.rates.funnel_limits(rated, centre="70"), "takes float . None as centre=, not '70'"),
        (lambda rated: cb.rates.change(rated, "2008", 2012), "change takes int as first=, not '2008'"),
        (lambda rated: cb.rates.overview(rated, years="2010"), "takes Sequence.int. as years="),
        (
            lambda rated: cb.notes.coverage(rated, units=62, lang="en"),
            "units= of coverage 62; known: 64, 63, 34",
        ),
        (lambda rated: cb.rates.regroup(rated, "34"), "to= of regroup '34'; did you mean 34"),
        (
            lambda rated: cb.rates.peers(rated, "Bac Gang"),
            "unknown province 'Bac Gang'; did you mean 'Bắc Giang'",
        ),
        (lambda _: cb.rates.rank_correlation([1.0, 2, 3], [1.0, 2]), "3 aren't 2"),
        (
            lambda _: cb.rates.rank_correlation(pd.Series([1, 2, 3], list("aab")), pd.Series([1, 2])),
            "by their index, and 'a' stands there twice",
        ),
        (lambda _: cb.rates.goodman([]), r"goodman takes the counts of a whole above 0, not \[\]"),
        (lambda _: cb.rates.goodman([0, 0]), "a whole above 0"),
        (
            lambda _: cb.rates.wilson([5, 120], 100),
            "between 0 and its base, a base above 0; found 120 of 100",
        ),
        (lambda _: cb.rates.wilson(0, 0), "found 0 of 0"),
        (lambda _: cb.rates.newcombe(5, 10, -1, 10), "found -1 of 10"),
        (lambda _: cb.rates.wilson(81, 263, 95), "between 0 and 1, as 0.95 does, not 95"),
        (lambda rated: cb.rates.change(rated[:0], 2008, 2012), "years with one: none"),
        (lambda _: cb.audit.audit([{"count": 1}]), "the audit takes the rows of a DataFrame, this is a list"),
    ],
)
def test_an_option_of_another_kind_is_refused_in_words(
    ask: Callable[[pd.DataFrame], object], says: str
) -> None:
    """The refusal names the function, the option, what it takes and what was given."""
    with pytest.raises(CbanalysisError, match=says):
        ask(districts())


def test_one_thing_alone_is_a_list_of_one() -> None:
    """One name, year or note isn't taken letter by letter."""
    rated = districts()
    assert cb.charts.ranked_dots(rated, notes="Một câu").alt == cb.charts.ranked_dots(rated).alt
    assert cb.rates.overview(rated, years=2010).alike.empty
    assert len(cb.rates.overview(rated, years=2012).alike) == 3
    np.testing.assert_array_equal(cb.rates.goodman([62, 62]), cb.rates.goodman(np.array([62.0, 62.0])))


@pytest.mark.parametrize(
    "ask",
    [
        lambda rated: cb.rates.rank(rated, direction="up"),
        lambda rated: cb.rates.compare(rated, direction="better"),
        lambda rated: cb.rates.funnel_limits(rated, overdispersion="both"),
        lambda rated: cb.rates.regroup(rated.assign(geo_level="province"), 34, same="month"),
    ],
)
def test_an_option_that_there_is_none_of_is_refused(ask: Callable[[pd.DataFrame], object]) -> None:
    """None of them is taken for another one in silence."""
    with pytest.raises(UnknownName):
        ask(districts())


def test_figures_of_two_series_meet_by_their_places() -> None:
    """The same figures in another order are the same figures; a place that one lacks is left out."""
    first = pd.Series([1.0, 2, 3, 4, 5], index=list("abcde"))
    found = cb.rates.rank_correlation(first, first[::-1])
    assert (found.rho, found.places) == (1.0, 5)
    assert cb.rates.rank_correlation(first, first[["d", "a", "c"]]).places == 3


@pytest.mark.parametrize("title", ["Ba huyện\nkém nhất", "Ba huyện\r\n\tkém nhất"])
def test_a_title_of_several_lines_is_laid_out_anew(title: str) -> None:
    """Breaks of lines are blanks; the chart breaks lines where it has to."""
    one, other = (cb.charts.ranked_dots(districts(), title=a) for a in (title, "Ba huyện kém nhất"))
    assert one.svg() == other.svg()


@pytest.mark.parametrize("change", [{"title": "漢"}, {"highlight": "A", "notes": ["🙂 A"]}])
def test_a_letter_that_charts_cant_draw_is_named(change: dict[str, object]) -> None:
    """No box stands for it in silence."""
    with pytest.raises(CbanalysisError, match=r"charts can't draw '.': their font, DejaVu Sans, has no such"):
        cb.charts.ranked_dots(districts(), **change)


def test_a_name_to_highlight_is_one_of_a_row_or_of_a_province() -> None:
    """A slip is refused with the nearest name; a province may lack figures, and has usual spellings."""
    rated = districts()
    with pytest.raises(UnknownName, match="name to highlight 'Bắc Gian'; did you mean 'Bắc Giang'"):
        cb.charts.ranked_dots(rated, highlight=["Bắc Gian"])
    cb.charts.ranked_dots(rated, highlight=["Cà Mau"])
    provinces = rated.assign(
        geo_level="province", area="", unit_id="", province=["Bắc Giang", "Hà Nội", "Huế"]
    )
    plain, *marked = (
        cb.charts.ranked_dots(provinces, lang="en", highlight=one).svg()
        for one in ((), "Bac Giang", "Bắc Giang", "bắc giang")
    )
    assert plain != marked[0]
    assert len({*marked}) == 1


def test_peers_of_a_province_are_found_in_any_usual_spelling() -> None:
    """No spelling is an empty answer."""
    rated = districts().assign(geo_level="province", area="", province=["Bắc Giang", "Hà Nội", "Huế"])
    assert cb.rates.peers(rated, "Bac Giang")["own"].tolist() == [True, False, False]


def test_sums_of_provinces_are_the_same_in_any_order_of_rows() -> None:
    """Their ids, what they are made of and what else they tell come from the rows, not from their order."""
    given = rows(
        {"province": "Bắc Ninh", "unit_id": "27-2004", "count": 2, "base": 5, "note": "b"},
        {"province": "Bắc Giang", "unit_id": "24-2004", "count": 3, "base": 6, "note": "a"},
    )
    found = [cb.rates.regroup(one, 34) for one in (given, given[::-1])]
    assert found[0]["observation_id"].tolist() == ["X1+X2 (24-2025)"]
    pd.testing.assert_frame_equal(*found)


def test_counts_of_two_frames_are_compared_in_their_order() -> None:
    """56 of 70 against 48 of 80 is 5.24 to 33.39 whatever the rows are called."""
    one = pd.DataFrame({"count": [56, 10], "base": [70, 80]}, index=[0, 1])
    other = pd.DataFrame({"count": [48, 70], "base": [80, 100]}, index=[1, 0])
    low, high = cb.rates.newcombe(one["count"], one["base"], other["count"], other["base"])
    np.testing.assert_allclose([low[0], high[0]], [5.243, 33.387], atol=0.001)
    np.testing.assert_allclose([low[1], high[1]], [-67.333, -44.350], atol=0.001)


@pytest.mark.parametrize(
    "given", [pd.Series(["province", "period"], index=[8, 9]), np.array(["province", "period"])]
)
def test_dimensions_in_a_series_are_its_values(given: object) -> None:
    """Its labels are none."""
    twice = pd.concat(
        [districts(), districts().assign(area=["D", "E", "F"], period_start="2011", period_end="2011")]
    )
    assert len(cb.rates.rank(twice, across=given)) == 6


def test_of_sums_that_were_kept_nothing_is_left_out() -> None:
    """The sums of two provinces: of one kept, the other is left out by choice; of both, none."""
    made = cb.rates.good_or_better(
        rows(
            *(rating(one, province=where, count=10, base=40) for where in "AB" for one in ("strong", "good"))
        )
    )
    sums = cb.add_rates(made)
    assert cb.rates.left_out(sums, sums).empty
    left = cb.rates.left_out(sums, sums[sums["province"] == "A"])
    assert left[["observation_id", "reason"]].to_numpy().tolist() == [["X3+X4", "chosen"]]


def test_a_value_without_decimals_is_rounded_to_one_however_large_it_is() -> None:
    """123,456,789,012 stands for half a unit more or less."""
    given = rows({"value": 123_456_789_012.0, "indicator": ""})
    (found,) = cb.add_rates(given)[["rate_low", "rate_high"]].to_numpy().tolist()
    assert found == [123_456_789_011.5, 123_456_789_012.5]


def test_a_class_that_counts_those_who_do_not_is_no_share_of_the_whole() -> None:
    """Whoever is NOT rated good is no class beside the good, and is not added to the strong."""
    given = rows(*(rating(one, count=10, base=40) for one in ("strong", "good")))
    given["complement"] = [False, True]
    assert cb.rates.distribution(given)["share"].notna().tolist() == [True, False]
    assert cb.rates.good_or_better(given)["missing"].tolist() == ["good"]


def test_a_target_reached_many_times_over_is_drawn() -> None:
    """400 % of a target beside 20 % has an axis that holds both."""
    given = rows({"area": "A", "percent": 400.0}, {"area": "B", "percent": 20.0}, base_of="target")
    given = given.assign(geo_level="district", province="Bắc Giang", indicator="members_admitted")
    chart = cb.charts.ranked_dots(cb.add_rates(given))
    assert max(one.get_xlim()[1] for one in chart.axes if one.get_label() == "dots") >= 400


def test_a_class_of_those_who_are_not_is_no_piece_of_a_bar() -> None:
    """Whoever is NOT rated good isn't drawn as the good, and is said not to be drawn."""
    given = rows(*(rating(one, count=10, base=40) for one in ("strong", "good")))
    given["complement"] = [False, True]
    chart = cb.charts.rating_bars(cb.rates.distribution(given), lang="en")
    assert chart.frame["category_id"].tolist() == ["strong"]
    assert "1 row not drawn" in chart.alt
