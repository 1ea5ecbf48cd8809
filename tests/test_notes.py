"""Sentences for readers."""

from __future__ import annotations

import pandas as pd
import pytest

from cbanalysis import notes, tables
from cbanalysis.common.errors import UnknownName
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.statistics.audit import audit
from cbanalysis.statistics.rates import control_limits, distribution, funnel_limits, left_out
from plain_rows import ABOUT, ABOVE, ATTENDANCE, BARE, COUNT, FLOOR, HALF, RANGE, rated, rows


def test_each_kind_of_figure_is_said_its_own_way() -> None:
    """Base, bare rate, floor, range, about and count are told apart in words."""
    said = notes.readings(rated(HALF, FLOOR, RANGE, ABOUT, ABOVE), lang="en").sentences
    assert said == (
        "Attendance at cell meetings – Bac Giang, 2012: 62/124, that is 50% (Wilson 95%: 41.3%–58.7%).",
        "Bac Giang, 2012: 85% or more.",
        "Bac Giang, 2012: from 80% to 95%.",
        "Bac Giang, 2012: about 95% (printed as “gần 95%”).",
        "Bac Giang, 2012: above 73%.",
    )
    assert (
        notes.readings(rated(ABOVE), lang="vi").text()
        == "- Tỷ lệ đảng viên dự sinh hoạt chi bộ – Bắc Giang, 2012: trên 73%."
    )


def test_a_figure_whose_print_has_no_hedge_is_not_told_against_its_print() -> None:
    """About 95%, coded so for what its document says elsewhere, isn't followed by the bare "95%"."""
    (said,) = notes.readings(rated({**ABOUT, "printed": "95%"}), lang="vi").sentences
    assert said.endswith(", 2012: khoảng 95%.")


def test_a_share_printed_with_its_base_says_the_base() -> None:
    """87.8 % of 1,622, whose count wasn't printed, isn't called a rate without its base."""
    based = {**BARE, "base": 1622}
    assert notes.readings(rated(based), lang="en").sentences[0].endswith(" of 1,622.")
    assert notes.readings(rated(based), lang="vi").sentences[0].endswith(" trên tổng số 1.622.")


def test_an_approximate_count_is_not_said_as_exact() -> None:
    """Nearly 120 is told as printed."""
    about = {**COUNT, "count": 120, "printed": "gần 120", "qualifier": "about"}
    assert notes.readings(rated(about), lang="vi").text() == (
        "- Đảng viên ở xã – Bắc Giang, 2012: nguồn ghi “gần 120” (chỉ có số lượng)."
    )


def test_a_borrowed_base_is_told() -> None:
    """A rate whose base came from another observation names that observation and its year."""
    frame = rated(HALF).assign(base_from="S004", base_period="2008")
    (said,) = notes.readings(frame, lang="en").sentences
    assert said.startswith("Attendance at cell meetings – Bac Giang, 2012: 62/124, that is 50%")
    assert said.endswith("(Wilson 95%: 41.3%–58.7%); base taken from S004 (2008).")


def test_a_rate_that_its_own_count_and_base_deny_says_so() -> None:
    """94.9 % beside 6,240 of 6,517 is told with what the division gives, not as a rate without a base."""
    wrong = {
        **ATTENDANCE,
        "count": 6240,
        "base": 6517,
        "percent": 94.9,
        "decimals": 1,
        "printed": "6.240/6.517; 94,9%",
    }
    vague = {**wrong, "count": 22, "base": 41, "percent": 4.8, "printed": "trên 4,8%", "qualifier": "about"}
    assert notes.readings(rated(wrong, vague), lang="en").sentences == (
        "Attendance at cell meetings – Bac Giang, 2012: printed as 94.9%, but 6,240/6,517 is 95.7%.",
        "Bac Giang, 2012: printed as “trên 4,8%”, but 22/41 is 53.7%.",
    )
    said = notes.readings(rated(wrong), lang="vi").text()
    assert said.endswith("– Bắc Giang, 2012: nguồn ghi 94,9%, nhưng 6.240/6.517 tức là 95,7%.")
    said = notes.attendance(rated(wrong, BARE), lang="en").text()
    assert "1 plain rates without their base and 1 that the source's own arithmetic contradicts" in said


def test_a_base_on_offer_that_does_not_fit_is_not_called_taken() -> None:
    """A rate that contradicts the base of another observation names it as doubtful, not as its own."""
    frame = rated(BARE).assign(base_from="S004", conflict=True)
    assert notes.readings(frame, lang="en").text() == (
        "- Attendance at cell meetings – Sen Thượng (Bac Giang), 2012: 97%, printed without its base; "
        "the base in S004 doesn't fit this rate."
    )


def test_readings_name_what_is_measured_where_rows_differ_in_it() -> None:
    """A list of mixed rows says the indicator before each reading."""
    said = notes.readings(rated(HALF, COUNT), lang="en").sentences
    assert said[0].startswith("Attendance at cell meetings – Bac Giang")
    assert said[1] == "Party members: communes – Bac Giang, 2012: 9,768 (a count only)."


def test_a_long_list_says_how_many_are_left() -> None:
    """Readings beyond the most asked for are counted, not dropped in silence."""
    assert notes.readings(rated(HALF, FLOOR, RANGE), lang="vi", most=1).sentences[-1] == (
        "Còn 2 số liệu khác trong bảng."
    )


@pytest.mark.parametrize(
    "say", [notes.readings, notes.coverage, notes.spread, notes.attendance, notes.ratings, notes.profile]
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_known_is_said_in_words(say, lang) -> None:
    """No rows give a sentence that missing is not zero."""
    assert say(rated(HALF).head(0), lang=lang) == notes.nothing(lang=lang)


def test_coverage_counts_provinces_on_the_map_asked_for() -> None:
    """One province with data is one of 63; of the 34 none, as on their map: Bắc Ninh is larger."""
    said = notes.coverage(rows(HALF, BARE), lang="en").text()
    assert said.startswith("Figures: 2; sources: 1 (2012). They speak of 1 of 63 provinces.")
    assert "1 of 2 percentages are printed without their base." in said
    assert "and 54 more" in said
    assert "speak of 0 of 34 provinces" in notes.coverage(rows(HALF), units=34, lang="en").text()


def test_coverage_tells_the_first_year_of_a_mean_and_the_shares_with_a_count() -> None:
    """A mean over 1996-2005 is no figure of 2005 alone; a share with its count is no bare one."""
    over = {**BARE, "period_start": "1996", "period_end": "2005"}
    said = notes.coverage(rows(over, HALF, {**BARE, "count": 9}), lang="en").text()
    assert "sources: 1 (1996–2012)" in said
    assert "2 of 3 percentages are printed without their base, 1 of them with the count." in said


def test_a_long_list_keeps_those_with_count_and_base() -> None:
    """62/124 without a date stands last, yet it is the one that is read out of two."""
    undated = {**HALF, "period_start": "", "period_end": ""}
    said = notes.readings(rated(FLOOR, undated), lang="en", most=1).sentences
    assert "62/124" in said[0]
    assert said[1] == "And 1 more in the table."


def test_districts_are_pooled_only_where_their_province_is_not_known() -> None:
    """Two districts, 49/66 and 55/76, beside 488/706 of the province; without it they are 104/142."""
    one, two = ({**HALF, "geo_level": "district", "area": area, "count": count, "base": base, "percent": None}
                for area, count, base in (("Tuy Phong", 49, 66), ("Bắc Bình", 55, 76)))  # fmt: skip
    found, whole = rated(one, two), rated({**HALF, "count": 488, "base": 706, "percent": None})
    beside, alone = (
        notes.districts(found, whole, lang="en").text(),
        notes.districts(found, whole[:0], lang="en"),
    )
    assert "488/706" in beside
    assert "104/142" not in beside
    assert "these districts together, 104/142." in alone.text()


def test_spread_names_the_lowest_and_the_highest() -> None:
    """The lowest and the highest rate come with place and period; ties are told."""
    said = notes.spread(rated(HALF, BARE, {**BARE, "area": "Thanh Miện"}, FLOOR), lang="en").text()
    assert said == (
        "Attendance at cell meetings: 3 rates for 3 places, from 50% (Bac Giang, 2012) to 97% "
        "(Sen Thượng, Bac Giang, 2012, level with 1 more). "
        "The figures differ in level: on one scale, but not directly comparable. Rates with a base: 1."
    )


def test_spread_tells_ties_and_other_years() -> None:
    """Two lowest of 2012 and 2013: the first of the alphabet is named, and rows differ in year."""
    other = {**HALF, "period_start": "2013", "period_end": "2013", "province": "An Giang", "unit_id": ""}
    said = notes.spread(rated(HALF, other, BARE), lang="en").text()
    assert "from 50% (An Giang, 2013, level with 1 more) to 97% (" in said
    assert "The figures differ in level and year: on one scale" in said


def test_spread_of_rates_that_are_all_alike_names_no_ends() -> None:
    """Two places with 50%: neither is the lowest or the highest."""
    other = {**HALF, "province": "An Giang", "unit_id": ""}
    said = [notes.spread(rated(HALF, other), lang=lang).text() for lang in ("vi", "en")]
    assert "có 2 tỷ lệ ở 2 địa phương, đều là 50%." in said[0]
    assert "2 rates for 2 places, all of them 50%." in said[1]


def test_spread_counts_places_by_name_with_and_without_a_dated_unit() -> None:
    """A frame that lost its column of units gives the same sentence: its places are counted by name."""
    frame = rated(HALF, BARE, {**BARE, "area": "Đại Lâm"}, FLOOR)
    assert notes.spread(frame.drop(columns="unit_id"), lang="vi") == notes.spread(frame, lang="vi")


def test_spread_of_one_rate_is_its_reading() -> None:
    """A single rate has no spread, so it is simply read out."""
    assert (
        "None of them comes with a base."
        in notes.spread(rated(BARE, {**BARE, "percent": 90.0}), lang="en").text()
    )
    assert notes.spread(rated(BARE), lang="vi") == notes.readings(rated(BARE), lang="vi")


def test_attendance_says_how_many_of_each_kind() -> None:
    """Unequal kinds are counted and declared not to be ranked together."""
    said = notes.attendance(rated(HALF, BARE, FLOOR, RANGE, ABOUT), lang="en").text()
    assert "5 figures on attendance: 1 with both count and base, 1 plain rates" in said
    assert "can't be ranked" in said
    assert "ranked" not in notes.attendance(rated(BARE), lang="en").text()


def test_ratings_count_the_complete_distributions() -> None:
    """Two complete results on two schemes are announced as not comparable class by class."""
    old = {"indicator": "org_quality_rating", "subject": "grassroots_org", "scheme": "org_2007", "base": 10,
           "category_kind": "exclusive"}  # fmt: skip
    new = {**old, "scheme": "org_2018", "period_start": "2019", "period_end": "2019", "year": 2019}
    frame = rows(
        {**old, "category_id": "strong", "count": 6},
        {**old, "category_id": "good", "count": 4},
        {**new, "category_id": "excellent", "count": 3},
    )
    said = notes.ratings(distribution(frame), lang="en").text()
    assert said.startswith("2 rating results, 1 of them with every category")
    assert "Not in the chart of distributions: 1 whose categories don't make a whole" in said
    assert "Not in the chart" not in notes.ratings(distribution(frame.head(2)), lang="en").text()
    two = frame.head(2).assign(indicator=["org_quality_rating", "office_cell_quality"])
    assert notes.ratings(distribution(two), lang="en").text().startswith("2 rating results")
    assert "can't be compared category by category" in said
    assert (
        notes.ratings(distribution(frame.head(2)), lang="en")
        .text()
        .endswith("Rating scheme: ratings of organisations until 2017.")
    )


def test_ratings_tell_sums_and_approximate_counts_apart() -> None:
    """79 good or better, 5 and 1 of 85 lack shares, not a whole; nearly 120, 451, 27 and 0 miss one."""
    sums = {"indicator": "org_quality_rating", "subject": "grassroots_org", "scheme": "org_2018", "base": 85}
    counts = {**sums, "base": None, "category_kind": "exclusive", "province": "Sơn La"}
    four = zip(("excellent", "good", "fulfilled", "failed"), (120, 451, 27, 0), strict=True)
    merged = rows(
        {**sums, "category_id": "good_or_better", "category_kind": "cumulative", "count": 79},
        {**sums, "category_id": "fulfilled", "category_kind": "exclusive", "count": 5},
        {**sums, "category_id": "failed", "category_kind": "exclusive", "count": 1},
    )
    about = rows(*({**counts, "category_id": one, "count": count,
                    "qualifier": "about" if count == 120 else "exact"} for one, count in four))  # fmt: skip
    assert "1 without a share for each category" in notes.ratings(distribution(merged), lang="en").text()
    assert "1 whose categories don't make a whole" in notes.ratings(distribution(about), lang="en").text()


def test_what_stands_outside_of_limits_is_named() -> None:
    """The one far place of a funnel, the one far month of a control chart; where there is none it's said."""
    bare = {**HALF, "percent": None, "geo_level": "district", "base": 400}
    places = [{**bare, "area": one, "count": 260 if one == "C" else 200} for one in "ABCDEF"]
    limits = funnel_limits(rated(*places))
    said = notes.outside(limits, lang="vi").text()
    assert said.startswith("Có 1 trong 6 địa phương nằm ngoài giới hạn 95%: C, ")
    assert notes.outside(limits.query("area != 'C'"), lang="en").text().startswith("All 5 places are inside")
    days = [f"2012-{at:02}" for at in range(1, 9)]
    months = [{**bare, "period_start": day, "period_end": day, "count": 200} for day in days]
    months[4]["count"] = 270
    said = notes.outside(control_limits(rated(*months)), lang="en").text()
    assert said == "Out of the ordinary: 1 of 8 periods, May 2012 (67.5%)."


def test_a_profile_lists_the_indicators_most_frequent_first() -> None:
    """Figures, sources, years and indicators of one province or document; a single one isn't listed.

    Of each indicator the newest figure of the highest level is told, as exactly as it was printed; English
    says a word of the source in English.
    """
    assert notes.profile(rows(HALF), lang="en").text() == "Figures: 1; sources: 1 (2012)."
    said = notes.profile(rows(HALF, BARE, {**COUNT, "year": pd.NA}), lang="en").text()
    assert said == (
        "Figures: 3; sources: 1 (2012). "
        "Indicators: Attendance at cell meetings and Organisations and members. "
        "Among the figures: Attendance at cell meetings, 2012: 62/124 (50%); "
        "Party members: communes, 2012: 9,768."
    )
    over = {**COUNT, "printed": "hơn 9.768", "qualifier": "about"}
    assert ": over 9,768;" in notes.profile(rows(over, HALF), lang="en").text()
    assert "là hơn 9.768" in notes.profile(rows(over, HALF), lang="vi").text()
    assert "year not known" in notes.profile(rows({**HALF, "year": pd.NA}), lang="en").text()
    above = {**COUNT, "count": 104_000, "printed": "trên 104.000", "qualifier": "about"}
    for lang, told in (("vi", "là trên 104.000"), ("en", ": over 104,000")):
        assert told in notes.profile(rows(HALF, above), lang=lang).text()
    span = {**HALF, "count": None, "base": None, "percent": 90, "percent_max": 100, "printed": "90-100%"}
    ranged = rows(COUNT, {**span, "qualifier": "range"})
    assert "là 90–100%" in notes.profile(ranged, lang="vi").text()


def test_a_merged_province_says_what_became_of_it() -> None:
    """Bắc Giang is said to belong to Bắc Ninh since 1 July 2025; Cao Bằng is unchanged."""
    assert "Part of Bac Ninh since 1 Jul 2025" in notes.about_province("bac giang", lang="en").text()
    assert notes.about_province("Cao Bằng", lang="vi").text() == "Cao Bằng (Trung du và miền núi phía Bắc)."


def test_a_province_that_kept_its_name_is_no_part_of_itself() -> None:
    """Hưng Yên took in Thái Bình in 2025, and Hà Nội Hà Tây in 2008; neither became a part of itself."""
    assert (
        notes.about_province("Hưng Yên", lang="vi")
        .text()
        .endswith("Hưng Yên gồm cả Thái Bình; số liệu trước ngày đó được tính theo địa giới cũ.")
    )
    assert "Bac Ninh also holds Bac Giang" in notes.about_province("Bắc Ninh", lang="en").text()
    assert "Since 1 Aug 2008 Hanoi also holds Ha Tay" in notes.about_province("Hà Nội", lang="en").text()


def test_an_unknown_province_is_refused_with_the_nearest() -> None:
    """A name no province ever bore is an error that names the nearest."""
    with pytest.raises(UnknownName, match="Bắc Giang"):
        notes.about_province("Bắc Gang", lang="vi")


def test_a_source_is_introduced_by_title_publisher_and_date() -> None:
    """What isn't known about a document is said to be not known."""
    said = notes.about_source("seed-000", lang="en").text()
    assert said.startswith("seed-000: “Mô hình hoạt động của chi bộ cơ quan cấp xã")
    assert said.endswith("Publisher: not known. Date: 9 Aug 2013.")


def test_show_draws_rows_or_says_that_there_are_none() -> None:
    """A chart or table function is called for rows, words stand for none."""
    assert notes.show(tables.figures, rows(HALF), lang="vi", name="x").name == "x"
    assert notes.show(tables.figures, rows(), lang="vi") == notes.nothing(lang="vi")


def test_a_note_shows_itself_escaped() -> None:
    """Data with angle brackets comes out as text, in a paragraph and in a list."""
    assert notes.Note(("<b>",)).html() == '<p class="cb-note">&lt;b&gt;</p>'
    assert (
        notes.Note(("a", "<b>"), as_list=True).html()
        == '<ul class="cb-note"><li>a</li><li>&lt;b&gt;</li></ul>'
    )
    assert notes.Note(("a", "b"))._repr_mimebundle_()["text/plain"] == "a b"
    assert notes.Note(("a", "b"), as_list=True).text() == "- a\n- b"


def test_findings_are_counted_and_the_widest_gaps_are_told() -> None:
    """How many sums fail, how many are explained, and where shares and counts are furthest off."""
    wrong = rows({**HALF, "count": 9, "base": 10, "percent": 80.0, "printed": "9/10; 80%"})
    found = audit(wrong, catalogue=Catalogue.read())
    said = notes.findings(found, lang="en").text()
    assert said.startswith("1 published sums don't hold. Widest gap in shares: Bac Giang, 2012")
    assert "counts" not in said
    explained = notes.findings(found.assign(acknowledged=True), lang="vi").text()
    assert explained.startswith("Có 1 phép tính không khớp trong số liệu đã công bố, nhưng đã được giải")
    half_year = found.assign(gap_unit="units", period_start="2011-01", period_end="2011-06")
    both = pd.concat([found, half_year.assign(period_basis="publication", place_vi="Yên Mô")])
    told = notes.findings(both, lang="vi").text()
    what = "tỷ lệ đảng viên dự sinh hoạt chi bộ"
    assert f"về số lượng là ở Yên Mô, trong 6 tháng đầu năm 2011 † ({what}): 9/10" in told


def test_nothing_found_says_how_much_could_be_checked() -> None:
    """Where no figure could be checked, none of them is said to hold."""
    none = audit(rows(HALF), catalogue=Catalogue.read()).head(0)
    assert notes.findings(none, lang="en").text() == "Nothing was found that doesn't add up."
    assert notes.findings(none, lang="en", checked=0).text().startswith("Nothing could be checked: ")
    assert notes.findings(none, lang="vi", checked=0).text().startswith("Chưa kiểm tra được phép tính nào: ")
    said = notes.findings(none, lang="vi", checked=1200).text()
    assert said == "Có 1.200 số liệu kiểm tra được; mọi phép tính đều khớp."


def test_a_sentence_that_ends_with_a_colon_heads_its_list() -> None:
    """It is a paragraph above the points, no point of its own."""
    note = notes.Note(("Hai lý do:", "một", "hai"), as_list=True)
    assert note.html() == '<p class="cb-note">Hai lý do:</p><ul class="cb-note"><li>một</li><li>hai</li></ul>'
    assert note.text() == "Hai lý do:\n- một\n- hai"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_reasons_are_points_below_the_sentence_that_counts_them(lang: str) -> None:
    """Of two figures one is compared: the other's reason is the only point of the list."""
    both = rated(HALF, {**HALF, "definition": "registered"})
    made = notes.left_out(left_out(both, both.head(1)), lang=lang).html()
    assert (made.startswith("<p"), made.count("<li>")) == (True, 1)
