"""Rating bars: pieces are the shares, parts are inset, what isn't published stays open."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from cbanalysis.common.errors import CbanalysisError, UnknownName
from cbanalysis.dataset.catalogue import Catalogue, Category, Words
from cbanalysis.display.charts import rating_bars
from cbanalysis.display.charts.look import NARROW
from chart_checks import assert_text_fits, axes_named, made_rows, words_of

OLD = {"indicator": "org_quality_rating", "subject": "grassroots_org", "scheme": "org_2007", "year": 2012}
OLD |= {
    "category_kind": "exclusive",
    "interval": "rounding",
    "complete": True,
    "share": float("nan"),
    "decimals": 2,
}
NEW = {**OLD, "scheme": "org_2018", "year": 2020}
KINDS = ("stacked", "diverging")


def rated(*rows: dict) -> pd.DataFrame:
    """Return rows whose share is also their rate and their printed percentage unless they say otherwise."""
    full = []
    for row in rows:
        value = row.get("share", row.get("rate"))
        full.append({"rate": value, "percent": value, **row, "share": row.get("share", float("nan"))})
    return made_rows(*full)


def dong_thap() -> list[dict]:
    """Return a complete old rating with the exemplary as a share of the strong."""
    shares = {"weak": 0.39, "strong": 87.97, "good": 10.22, "fulfilled": 1.42}
    rows = [
        {**OLD, "province": "Đồng Tháp", "category_id": one, "share": share} for one, share in shares.items()
    ]
    part = {**OLD, "province": "Đồng Tháp", "category_id": "exemplary", "category_kind": "part", "rate": 50.0}
    return [*rows, {**part, "base_of": "strong"}]


def pieces(chart, kind: str = "piece") -> list[tuple[str, float, float]]:
    """Return the pieces drawn: class, start and width, rounded."""
    patches = [one for one in axes_named(chart, "bars").patches if (one.get_gid() or "").startswith(kind)]
    return [
        (one.get_gid()[len(kind) + 1 :], round(one.get_x(), 6), round(one.get_width(), 6)) for one in patches
    ]


def test_classes_are_stacked_in_the_order_of_their_scheme() -> None:
    """Strong, good, fulfilled, weak, whatever the order of rows; each as wide as its share."""
    chart = rating_bars(rated(*dong_thap()))
    assert pieces(chart) == [
        ("strong", 0, 87.97),
        ("good", 87.97, 10.22),
        ("fulfilled", 98.19, 1.42),
        ("weak", 99.61, 0.39),
    ]
    outer = chart.frame[~chart.frame["inset"]]
    assert outer["width"].tolist() == [87.97, 10.22, 1.42, 0.39]
    assert outer["category_id"].tolist() == ["strong", "good", "fulfilled", "weak"]


def test_good_classes_diverge_to_the_right_and_the_others_to_the_left() -> None:
    """Zero stands between good and fulfilled; the outermost classes are the best and the worst."""
    chart = rating_bars(rated(*dong_thap()), kind="diverging")
    assert pieces(chart) == [
        ("good", 0, 10.22),
        ("strong", 10.22, 87.97),
        ("fulfilled", -1.42, 1.42),
        ("weak", -1.81, 0.39),
    ]
    assert {"← hoàn thành nhiệm vụ trở xuống", "hoàn thành tốt nhiệm vụ trở lên →"} <= set(words_of(chart))


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_is_inset_and_never_added(kind: str) -> None:
    """Half of the strong is exemplary: an inset of half their width, hatched, where theirs begins."""
    chart = rating_bars(rated(*dong_thap()), kind=kind)
    start = {"stacked": 0, "diverging": 10.22}[kind]
    assert pieces(chart, "inset") == [("exemplary", start, 43.985)]
    inset = next(
        one for one in axes_named(chart, "bars").patches if (one.get_gid() or "").startswith("inset")
    )
    assert inset.get_hatch()
    assert inset.get_height() < 0.2
    assert "Trong sạch, vững mạnh tiêu biểu (nằm trong mức ghi ở trên)" in words_of(chart)


def test_a_part_of_the_whole_keeps_its_width() -> None:
    """Exemplary as a share of all organisations is as wide as printed."""
    rows = dong_thap()
    rows[-1] = {**rows[-1], "base_of": "", "rate": 20.5}
    assert pieces(rating_bars(rated(*rows)), "inset") == [("exemplary", 0, 20.5)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_published_is_hatched(kind: str) -> None:
    """The country of 2010 adds to 91.55: the rest is open, and beside the good side where bars diverge."""
    shares = {"strong": 69.98, "good": 16.5, "fulfilled": 4.66, "weak": 0.41}
    country = {**OLD, "geo_level": "country", "complete": False}
    rows = [{**country, "category_id": one, "share": share} for one, share in shares.items()]
    chart = rating_bars(rated(*rows), kind=kind)
    rest = [one for one in pieces(chart) if one[0] == "rest"]
    assert [width for _, _, width in rest] == [8.45]
    assert rest[0][1] == {"stacked": 91.55, "diverging": 90.48}[kind]
    assert "không công bố" in words_of(chart)
    assert not [one for one in pieces(rating_bars(rated(*dong_thap()), kind=kind)) if one[0] == "rest"]


def test_a_sum_of_classes_stands_for_them_and_holds_what_is_known() -> None:
    """Good or better is the piece, excellent an inset, although a source lists them side by side."""
    rows = rated(
        {**NEW, "category_id": "excellent", "share": 15.9},
        {**NEW, "category_id": "good_or_better", "category_kind": "cumulative", "rate": 97.7},
        {**NEW, "category_id": "failed", "share": 2.3},
    )
    chart = rating_bars(rows)
    assert pieces(chart) == [("good_or_better", 0, 97.7), ("failed", 97.7, 2.3)]
    assert pieces(chart, "inset") == [("excellent", 0, 15.9)]


def test_a_sum_whose_parts_are_all_there_is_not_drawn_again() -> None:
    """Excellent and good are drawn, their sum is counted below as not drawn."""
    rows = rated(
        {**NEW, "category_id": "excellent", "share": 20.0},
        {**NEW, "category_id": "good", "share": 80.0},
        {**NEW, "category_id": "good_or_better", "category_kind": "cumulative", "rate": 100.0},
    )
    chart = rating_bars(rows, lang="en")
    assert [one[0] for one in pieces(chart)] == ["excellent", "good"]
    assert [word for word in words_of(chart) if word.startswith("1 row not drawn: counted in an unclear way")]


def test_unclear_parts_and_parts_without_their_whole_are_not_drawn() -> None:
    """A share of nobody knows what, a part wider than its whole, and a class printed twice stay out."""
    base = {**OLD, "province": "Nghệ An"}
    rows = rated(
        {**base, "category_id": "strong", "share": 60.0},
        {**base, "category_id": "strong", "share": 55.0},
        {**base, "category_id": "exemplary", "category_kind": "part", "rate": 20.0, "base_of": "unclear"},
        {**base, "category_id": "exemplary", "category_kind": "part", "rate": 70.0},
        {**base, "category_id": "good", "category_kind": "unclear", "rate": 30.0},
        {**base, "province": "Cà Mau", "category_id": "exemplary", "category_kind": "part", "rate": 20.0},
        {**base, "category_id": "weak", "category_kind": "part"},
    )
    chart = rating_bars(rows.assign(complete=False))
    assert pieces(chart) == [("strong", 0, 60.0), ("rest", 60.0, 40.0)]
    assert pieces(chart, "inset") == []


def test_schemes_stand_apart_each_with_its_name_and_key() -> None:
    """A line divides the old from the new, whatever comes first; classes are named by their own scheme."""
    new = [{**NEW, "province": "Sơn La", "category_id": "good", "share": 100.0}]
    chart = rating_bars(rated(*new, *dong_thap()), lang="en")
    lines = [one for one in axes_named(chart, "bars").lines if one.get_label() == "break"]
    assert len(lines) == 1
    words = words_of(chart)
    assert {"Ratings of organisations until 2017", "Ratings of organisations from 2018"} <= set(words)
    assert chart.frame["bar"].tolist()[0] == "Dong Thap, 2012"
    assert chart.frame["bar"].tolist()[-1] == "Son La, 2020"
    assert not [
        one for one in axes_named(rating_bars(rated(*new)), "bars").lines if one.get_label() == "break"
    ]


def test_bars_are_named_by_what_differs() -> None:
    """Place, subject where subjects differ, year where years differ, and unknown years say so."""
    rows = rated(
        {**NEW, "province": "Sơn La", "category_id": "good", "share": 100.0},
        {
            **NEW,
            "province": "Sơn La",
            "subject": "branch_cell",
            "category_id": "good",
            "share": 90.0,
            "year": pd.NA,
        },
    )
    assert rating_bars(rows, lang="en").frame["bar"].tolist() == [
        "Son La, grassroots party organisation, 2020",
        "Son La, cell under a grassroots party committee, year unknown",
    ]


def test_every_number_is_written_inside_or_beside_its_bar() -> None:
    """Wide pieces hold their number, narrow ones have it beside the bar behind a mark of their colour."""
    chart = rating_bars(rated(*dong_thap()))
    assert {"87,97", "10,22", "1,42", "0,39", "50,0"} <= set(words_of(chart))
    counted = rated({**NEW, "category_id": "good", "share": 2 / 3 * 100})
    assert "66,7" in words_of(rating_bars(counted.assign(percent=float("nan"))))
    narrow = dong_thap()
    narrow[-1] = {**narrow[-1], "rate": 0.5}
    assert "0,5" in words_of(rating_bars(rated(*narrow)))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_long_page_of_both_schemes_fits(kind: str, lang: str) -> None:
    """Long names, both schemes, small and unknown rests: nothing overlaps or leaves the page."""
    rows: list[dict] = []
    for number in range(8):
        area = f"Đảng bộ Khối các cơ quan và Doanh nghiệp tỉnh {number}"
        common = {
            "province": "Bà Rịa - Vũng Tàu",
            "area": area,
            "geo_level": "district",
            "complete": number % 3 > 0,
        }
        classes = (
            ("strong", "good", "fulfilled", "weak")
            if number % 2
            else ("excellent", "good", "fulfilled", "failed")
        )
        base = OLD if number % 2 else NEW
        shares = (60.25 - number, 30.5 + number / 2, number / 2, 9.25 if number % 3 else 0.1)
        rows += [
            {**base, **common, "category_id": one, "share": share}
            for one, share in zip(classes, shares, strict=True)
        ]
        if number % 2:
            rows.append(
                {**base, **common, "category_id": "exemplary", "category_kind": "part", "rate": 2.0 * number}
            )
    chart = rating_bars(rated(*rows), kind=kind, lang=lang)
    assert_text_fits(chart)
    if kind == "stacked":
        narrow = chart.narrow()
        assert narrow.width == NARROW
        assert_text_fits(narrow)
        assert {"60,25" if lang == "vi" else "60.25"} & {*words_of(chart)} <= {*words_of(narrow)}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_short_left_side_has_room_for_its_words(lang: str) -> None:
    """One bar with a short name and little on the left still shows what the sides mean."""
    rows = rated(
        {**OLD, "province": "Huế", "category_id": "strong", "share": 99.0},
        {**OLD, "province": "Huế", "category_id": "weak", "share": 1.0},
    )
    assert_text_fits(rating_bars(rows, kind="diverging", lang=lang))


def test_colours_stand_for_ranks_whatever_a_scheme_calls_its_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three good classes are three blues, two others two ochres, from best to worst, all in the key."""
    known = Catalogue.read()
    named = ("good", "better", "strong", "weak", "poor")  # two bear names of other ranks in our schemes
    classes = [
        Category(id=name, name=Words(vi=name, en=name), order=at + 1, kind="exclusive", good_or_better=at < 4)
        for at, name in enumerate(named, 1)
    ]
    both = Category(
        id="two_best", name=Words(vi="two", en="two"), order=1, kind="cumulative", parts=named[:2],
        good_or_better=True,
    )  # fmt: skip
    scheme = known.scheme("org_2018").model_copy(update={"categories": (both, *reversed(classes))})
    catalogue = known.model_copy(update={"schemes": {**known.schemes, "org_2018": scheme}})
    monkeypatch.setattr(Catalogue, "read", lambda *_: catalogue)
    rows = [{**NEW, "category_id": name, "share": 20.0} for name in named]
    patches = axes_named(chart := rating_bars(rated(*rows), lang="en"), "bars").patches
    colours = [to_hex(one.get_facecolor()) for one in patches]
    assert colours == ["#1f6fb2", "#66a5d4", "#98c3e3", "#f2d8a7", "#a84a00"]
    assert {*named} <= {*words_of(chart)}
    several = {**NEW, "category_id": "two_best", "category_kind": "cumulative", "share": 40.0}
    (patch, *_) = axes_named(rating_bars(rated(several, *rows[2:])), "bars").patches
    assert to_hex(patch.get_facecolor()) not in colours


def test_a_class_has_the_colour_that_its_scheme_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    """A green declared for good is drawn; excellent keeps the blue of its rank."""
    known = Catalogue.read()
    scheme = known.scheme("org_2018")
    green = [
        one.model_copy(update={"colour": "#2E7D32"} if one.id == "good" else {}) for one in scheme.categories
    ]
    own = scheme.model_copy(update={"categories": tuple(green)})
    catalogue = known.model_copy(update={"schemes": {**known.schemes, own.id: own}})
    monkeypatch.setattr(Catalogue, "read", lambda *_: catalogue)
    rows = [{**NEW, "category_id": name, "share": 50.0} for name in ("excellent", "good")]
    patches = axes_named(rating_bars(rated(*rows)), "bars").patches
    assert [to_hex(one.get_facecolor()) for one in patches] == ["#1f6fb2", "#2e7d32"]


def test_two_indicators_under_one_scheme_are_two_bars() -> None:
    """80 of 100 good in one, 30 in the other: neither takes the place of the other, and each says which."""
    shares = (("org_quality_rating", 80.0), ("office_cell_quality", 30.0))
    rows = [{**NEW, "indicator": name, "category_id": "good", "share": share} for name, share in shares]
    chart = rating_bars(rated(*rows), lang="en")
    assert [width for _, _, width in pieces(chart) if width in {80.0, 30.0}] == [80.0, 30.0]
    assert [bar.rpartition(", ")[2] for bar in chart.frame["bar"]] == [
        "Ratings of organisations and members",
        "Rating of office cells",
    ]


def test_alternative_text_reads_the_bars() -> None:
    """A listener hears each bar's classes with their numbers, eight bars at most."""
    alt = rating_bars(rated(*dong_thap()), lang="en").alt
    assert "Dong Thap: Clean and strong 87.97%; Good 10.22%; Fulfilled 1.42%; Weak 0.39%" in alt
    many = [{**NEW, "province": f"P{number}", "category_id": "good", "share": 100.0} for number in range(9)]
    assert "…" in rating_bars(rated(*many)).alt


def test_an_inferred_province_is_starred() -> None:
    """The star stands in the bar's label and is explained."""
    chart = rating_bars(
        rated(
            {
                **NEW,
                "province": "Bình Thuận",
                "province_basis": "inferred",
                "category_id": "good",
                "share": 100.0,
            }
        )
    )
    assert chart.frame["bar"].tolist() == ["Bình Thuận*"]
    assert "* Tên tỉnh, thành phố được suy ra; nguồn không nêu" in words_of(chart)


def test_wrong_input_is_refused() -> None:
    """No rating, no class of its own, another kind, an unknown scheme: each has its error."""
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        rating_bars(rated({**NEW, "scheme": "", "category_id": ""}))
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        rating_bars(rated({**NEW, "category_id": "good", "category_kind": "unclear", "rate": 5.0}))
    with pytest.raises(CbanalysisError, match="known: stacked, diverging"):
        rating_bars(rated(*dong_thap()), kind="pie")
    with pytest.raises(UnknownName, match="scheme"):
        rating_bars(rated({**NEW, "scheme": "org_2030", "category_id": "good", "share": 5.0}))


def test_a_class_that_was_printed_as_about_says_so() -> None:
    """A class of “gần 53%” stands in its piece as ~ 53, the other class without a sign."""
    rows = rated(
        {**OLD, "category_id": "good", "share": 53.0, "decimals": 0, "interval": "about"},
        {**OLD, "category_id": "strong", "share": 40.0, "decimals": 0},
    )
    assert {"~\N{NO-BREAK SPACE}53", "40"} <= set(words_of(rating_bars(rows)))


def test_shares_alone_are_enough() -> None:
    """A frame without the column rate is drawn from its shares; the caller's frame stays as it was."""
    rows = rated(*dong_thap()).drop(columns="rate")
    before = rows.copy()
    assert len(pieces(rating_bars(rows))) == 4
    pd.testing.assert_frame_equal(rows, before)
