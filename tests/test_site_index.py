"""The list of reports, what changed, and the way from a value to its document."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path, PurePosixPath

import nbformat
import pytest

import cbanalysis as cb
from cbanalysis.common.errors import OutputError, harmless
from cbanalysis.site.pages.figures_shown import Figures, day, read_figures
from cbanalysis.site.pages.front_page import write_index
from cbanalysis.site.pages.links_to_figures import Links
from cbanalysis.site.pages.report_page import page
from cbanalysis.site.pages.revisions import compare, keep_provenance
from site_sample import HARM, UNSEEN, bac_giang, evidence, harmful_evidence, notebook, output, record

FIGURE = {
    "what": {"vi": "Tỷ lệ", "en": "Share"},
    "where": {"vi": "Bắc Giang*", "en": "Bac Giang*"},
    "when": {"vi": "2012", "en": "2012"},
    "printed": "63,71%",
    "percent": 63.71,
    "qualifier": "about",
    "indicator": "share",
    "year": 2012,
    "unit": "24-2004",
    "province": "Bắc Giang",
    "level": "province",
    "comparable": True,
    "standard": True,
    "interval": "rounding",
    "rate": 63.71,
    "inferred": True,
    "source": "s-1",
    "note": "made up",
}
SMALL = {
    "data_date": "2026-05-17",
    "figures": {
        "A1": {**FIGURE, "findings": ["f-1"]},
        "A2": {**FIGURE, "printed": "9.768", "count": 9768, "source": "s-2"},
    },
    "sources": {
        "s-1": {
            "publisher": "Báo A",
            "title": "Chi bộ",
            "published": "2013-08-09",
            "address": "https://a.test/1",
        },
        "s-2": {"publisher": "", "title": "", "published": "", "address": "ftp://a.test"},
    },
    "findings": {
        "f-1": {
            "figures": ["A1"],
            "message": {"vi": "22/41 = 53,66 %", "en": "22/41 = 53.66 %"},
            "reason": {"vi": "", "en": ""},
        }
    },
    "indicators": {"share": {"vi": "Tỷ lệ", "en": "Share"}},
    "provinces": {
        "24-2004": {"vi": "Bắc Giang", "en": "Bac Giang"},
        "27-2004": {"vi": "Bắc Ninh", "en": "Bac Ninh"},
    },
    "maps": {
        "63": [
            {
                "unit": "24-2004",
                "name": {"vi": "Bắc Giang", "en": "Bac Giang"},
                "row": 1,
                "column": 2,
                "units": ["24-2004"],
            },
            {
                "unit": "27-2004",
                "name": {"vi": "Bắc Ninh", "en": "Bac Ninh"},
                "row": 1,
                "column": 1,
                "units": ["27-2004"],
            },
        ],
        "34": [
            {
                "unit": "24-2025",
                "name": {"vi": "Bắc Ninh", "en": "Bac Ninh"},
                "row": 1,
                "column": 1,
                "units": ["24-2004", "24-2025", "27-2004"],
            }
        ],
    },
}


def add(folder: Path, place: str, *, used: tuple[str, ...] = ("A1",), **fields: object) -> None:
    """Write what the index reads of a report."""
    there = folder / place
    there.mkdir(parents=True)
    language, name = place.split("/")[:2]
    made = {
        "language": language,
        "notebook": name,
        "title": name,
        "parameters": {},
        "status": "done",
        **fields,
    }
    (there / "run.json").write_text(json.dumps(made), encoding="utf-8")
    (there / "used.json").write_text(json.dumps({"figures": used}), encoding="utf-8")
    (there / "index.html").write_text("", encoding="utf-8")


def addresses(text: str) -> list[str]:
    """Return where the links of a page lead."""
    return re.findall(r'<a [^>]*?href="([^"]+)"', text)


def test_a_cell_leads_to_its_figure_and_on_to_the_document() -> None:
    """One click opens the figure, the next its document; sums that fail are flagged once a row."""
    links = Links(Figures.of(SMALL), "en")
    made = links.cells(
        '<tr><td data-figures="A1">63.71%</td><td class="number" data-figures="A1">63</td>'
        '<td data-figures="A1 A2+A1;unknown">2</td><td data-figures="A2"></td>'
        '<td data-figures="X9">x</td></tr>'
    )
    assert made.count('<a class="home" href="#A1">') == 2
    assert '<td class="number"><a class="home" href="#A1">63</a></td>' in made
    assert made.count("⚠") == 2
    assert '<a class="home" href="#several-1">2</a>' in made
    assert made.endswith("<td></td><td>x</td></tr>")
    assert links.used == ("A1", "A2")
    first, second = links.panels()
    assert (first.document, first.address) == ("Báo A, “Chi bộ”, 9 Aug 2013", "https://a.test/1")
    assert first.doubts == ("22/41 = 53.66 %",)
    assert dict(first.facts) == {
        "As printed": "63,71%",
        "Printed share (%)": "63.71",
        "Precision": "approximate (about, nearly)",
    }
    assert (second.document, second.address) == ("s-2", "")
    (some,) = links.several()
    assert [(document, address) for document, address, _ in some.documents] == [
        ("Báo A, “Chi bộ”, 9 Aug 2013", "https://a.test/1"),
        ("s-2", ""),
    ]
    assert some.label == "Bac Giang*, Share, 2012, 2 figures"
    assert some.doubts == first.doubts


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"printed": "trên 104.000", "qualifier": "about"}, "above what is printed (over …, more than …)"),
        (
            {"printed": "95%", "qualifier": "about", "interval": "floor"},
            "above what is printed (over …, more than …)",
        ),
        ({"printed": "95% trở lên", "qualifier": "at_least", "interval": "floor"}, "a floor (… or more)"),
    ],
)
def test_a_panel_tells_more_than_from_or_more(given: dict[str, str], said: str) -> None:
    """A figure printed as above isn't at least it."""
    links = Links(Figures.of({**SMALL, "figures": {"A1": {**FIGURE, **given}}}), "en")
    assert dict(links.panel("A1").facts)["Precision"] == said


def test_several_figures_are_called_by_what_all_of_them_share() -> None:
    """Two districts of one province are of the province, two days of one year are of the year."""
    days = ({"when": {"vi": day, "en": day}, "year": 2012} for day in ("1/3/2012", "9/8/2012"))
    known = {
        f"A{at}": {
            **FIGURE,
            **day,
            "what": {"vi": f"Mức {at}", "en": f"Level {at}"},
            "where": {"vi": f"Huyện {at}", "en": f"District {at}"},
            "province": "Bắc Giang",
            "indicator": "share",
        }
        for at, day in enumerate(days)
    }
    links = Links(Figures.of({**SMALL, "figures": known}), "en")
    (mark,) = links.marks([[0.1, 0.1, 0.1, 0.1, "A0 A1"]], 100, 100)
    assert mark.label == "Bac Giang, Share, 2012, 2 figures"


def test_a_chart_counts_the_figures_it_draws_apart_from_those_it_only_tells_of() -> None:
    """Two figures of a mark are two; a line as wide as the chart and a tile of its figures tell of others."""
    links = Links(Figures.of({**SMALL, "figures": dict.fromkeys(("A1", "A2", "A4", "A5"), FIGURE)}), "en")
    given = [[0, 0, 0.9, 0.1, "A4 A5"], [0.1, 0.1, 0.1, 0.1, "A1 A2"], [0.3, 0.1, 0.1, 0.1, "A4"]]
    made = links.marks(given, 100, 100)
    assert [one.apart for one in made] == [True, False, True]
    assert [links.counted(made, apart=apart) for apart in (False, True)] == ["2", "2"]


def test_the_card_of_attendance_counts_every_figure_of_the_indicator(tmp_path: Path) -> None:
    """Of three rates and a count the card says four, and that one is a count only, as the list below does."""
    known = several({})
    known["figures"]["A4"] = {**known["figures"]["A1"], "interval": "none", "rate": None, "count": 60}
    for figure in known["figures"].values():
        figure |= {"indicator": "meeting_attendance", "subject": "member"}
    keep_provenance(tmp_path, known)
    add(tmp_path, "en/02_meetings", used=("A1",))
    text = write_index(tmp_path).read_text(encoding="utf-8")
    (finding,) = re.findall(r'(?s)<ul class="findings">.*?</ul>', text)
    assert "Only 4 figures were found" in finding
    assert "count only (1)" in finding
    assert finding.count("<circle") == 3


BESIDE = {
    **SMALL,
    "address": "https://a.test/site/",
    "provinces": {"1": {"vi": "Bắc Giang", "en": "Bac Giang"}, "2": {"vi": "An Giang", "en": "An Giang"}},
    "indicators": {"share": {"vi": "Tỷ lệ", "en": "Share"}, "other": {"vi": "Khác", "en": "Other"}},
    "reports": {
        "vi/04_profile/an-giang": {"province": "An Giang"},
        "vi/04_profile/bac-giang": {"province": "Bắc Giang"},
        "vi/04_profile/bac-lieu": {"province": "Bạc Liêu"},
        "vi/09_indicator/other": {"indicator": "other"},
        "vi/09_indicator/share": {"indicator": "share"},
        "en/04_profile/ben-tre": {"province": "Bến Tre"},
    },
}


def test_a_profile_leads_to_its_neighbours_and_to_the_reports_of_its_indicators() -> None:
    """Before and after it by name (ạ before ắ), in its own language; related where it has figures."""
    beside = Figures.of(BESIDE).beside(PurePosixPath("vi/04_profile/bac-giang"))
    assert beside == {
        "before": [("Bạc Liêu", "../../../vi/04_profile/bac-lieu/index.html")],
        "related": [("Tỷ lệ", "../../../vi/09_indicator/share/index.html")],
    }
    back = Figures.of(BESIDE).beside(PurePosixPath("vi/09_indicator/share"))
    assert back["related"] == [("Bắc Giang", "../../../vi/04_profile/bac-giang/index.html")]
    assert Figures.of(BESIDE).beside(PurePosixPath("vi/00_coverage/default")) == {}
    report = {**record(), "folder": "vi/04_profile/bac-giang", "parameters": {"province": "Bắc Giang"}}
    made = page(notebook(), report, Figures.of(BESIDE))
    assert '<a rel="prev" href="../../../vi/04_profile/bac-lieu/index.html">← Bạc Liêu</a>' in made
    assert '<li><a href="../../../index.html#provinces">' in made
    assert '<li><a href="../../../vi/09_indicator/share/index.html">Tỷ lệ</a></li>' in made


def test_pages_of_a_site_with_an_address_say_it_and_stand_in_its_map(tmp_path: Path) -> None:
    """Canonical addresses on every page, and a sitemap of all; neither without an address."""
    folder = tmp_path / "vi" / "04_profile" / "bac-giang"
    folder.mkdir(parents=True)
    report = {**record(), "folder": "vi/04_profile/bac-giang"}
    (folder / "index.html").write_text(page(notebook(), report, Figures.of(BESIDE)))
    (folder / "run.json").write_text(json.dumps(report))
    write_index(tmp_path)
    assert not (tmp_path / "sitemap.xml").exists()
    assert "canonical" not in (tmp_path / "index.html").read_text()
    (tmp_path / "figures.json").write_text(json.dumps(BESIDE))
    write_index(tmp_path)
    there = "https://a.test/site/vi/04_profile/bac-giang/"
    assert f'<link rel="canonical" href="{there}">' in (folder / "index.html").read_text()
    assert f'"url": "{there}"' in (folder / "index.html").read_text()
    assert '<link rel="canonical" href="https://a.test/site/">' in (tmp_path / "index.html").read_text()
    listed = re.findall("<loc>(.*?)</loc>", (tmp_path / "sitemap.xml").read_text())
    assert listed == ["https://a.test/site/", there]


def test_very_many_figures_have_panels_only_where_a_link_leads_to_one_alone() -> None:
    """Lists name the others with their documents, so that a page of all figures stays small."""
    many = {f"A{at}": FIGURE for at in range(700)}
    links = Links(Figures.of({**SMALL, "figures": many}), "vi")
    links.cells(f'<td data-figures="{" ".join(many)}">700</td><td data-figures="A3">1</td>')
    assert [one.id for one in links.panels()] == ["A3"]
    assert len(links.several()[0].documents[0][2]) == 700


def test_cells_of_a_wide_table_bear_their_headings() -> None:
    """On a phone a row is a paragraph, so each cell says what it is; narrow tables stay tables."""
    links = Links(Figures(), "vi")
    wide = "<thead><tr>{}</tr></thead><tbody><tr>{}</tr></tbody>".format(
        "".join(f"<th>H{at}</th>" for at in range(4)),
        "".join(f'<td class="number">{at}</td>' for at in range(4)),
    )
    assert '<td data-head="H2" class="number">2</td>' in links.cells(wide)
    ours = links.cells(wide.replace("H2", "Số liệu công bố"))
    assert '<td data-head="Số liệu công bố" data-of="printed" class="number">2</td>' in ours
    narrow = "<thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody>"
    assert links.cells(narrow) == narrow


def test_a_figure_is_doubted_for_its_own_sum_before_that_of_many() -> None:
    """A mark names first the sum that is about its figure alone."""
    sums = {
        name: {"figures": ids, "message": {"vi": name, "en": name}, "reason": {"vi": "", "en": ""}}
        for name, ids in (("of three", ["A1", "A2", "A3"]), ("its own", ["A1"]))
    }
    known = {"A1": {**FIGURE, "findings": ["of three", "its own"]}}
    assert Figures.of({**SMALL, "figures": known, "findings": sums}).doubts("A1", "vi") == (
        "its own",
        "of three",
    )


def test_marks_of_a_chart_lead_to_their_figures() -> None:
    """A mark is a place in the chart's pixels with a name; what isn't a mark of ours is dropped."""
    links = Links(Figures.of(SMALL), "vi")
    given = [[0.1, 0.25, 0.5, 0.04, "A1"], [0.1, 0.1, 9, 0.1, "A1"], [1, 2, "A1"], [True, 0, 0, 0, "A1"], "x"]
    (mark,) = links.marks(given, 200, 100)
    assert (mark.box, mark.address, mark.doubtful) == ((20.0, 25.0, 100.0, 4.0), "#A1", True)
    assert mark.label == "Bắc Giang*, 2012: 63,71%"
    assert links.marks({"a": 1}, 200, 100) == ()


def test_a_doubt_frames_a_mark_and_no_line_of_words() -> None:
    """The line below a chart is as wide as the chart: its frame would strike its words through."""
    marks = [[0.1, 0.1, 0.2, 0.1, "A1"], [0.1, 0.9, 0.8, 0.05, "A1"]]
    about = {"cbanalysis": {"name": "rates", "kind": "chart", "alt": "a", "marks": marks}}
    drawn = {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="100pt" height="100pt"/>'}
    made = page(
        notebook(nbformat.v4.new_output("display_data", drawn, metadata=about)), record(), Figures.of(SMALL)
    )
    assert made.count('class="doubt"/>') == 1
    assert made.count('<abbr class="doubt"') == 2
    assert made.count("⚠ Khung nét đứt") == 1


def test_every_mark_and_value_of_a_real_report_leads_to_a_document() -> None:
    """On a real page each link to a figure meets its target, which names a document."""
    rated = bac_giang()
    rates = rated.query("interval != 'none'")
    made = page(
        notebook(
            output(cb.charts.coverage_matrix(rated, lang="vi")),
            output(cb.charts.tile_map(rated, kind="figures", lang="vi")),
            output(cb.charts.ranked_dots(cb.words.labelled(rates, lang="vi"), lang="vi")),
            output(cb.charts.count_bars(rated.query("count.notna()"), lang="vi")),
            output(cb.tables.tally(rated, lang="vi")),
            output(cb.tables.figures(rated, lang="vi")),
        ),
        record(),
        Figures.of(evidence()),
    )
    targets = set(re.findall(r'<article class="panel" id="([^"]+)"', made))
    marks = re.findall(r'<a href="#([^"]+)" tabindex="-1">', made)
    cells = re.findall(r'<a class="home" href="#([^"]+)">', made)
    assert len(marks) > 30
    assert len(cells) > 50
    assert {*marks, *cells} <= targets
    panels = re.findall(r'(?s)<article class="panel".*?</article>', made)
    assert all('<p class="from">' in panel or "<li>" in panel for panel in panels)
    assert len(made.encode()) < 1_500_000


def test_the_list_leads_to_all_reports_of_one_language(tmp_path: Path) -> None:
    """Each language has its list with the way to the other; failed reports say why; provinces have names."""
    keep_provenance(tmp_path, SMALL)
    add(tmp_path, "vi/04_profile/bac-giang", parameters={"province": "Bắc Giang"})
    add(tmp_path, "en/04_profile/bac-giang", parameters={"province": "Bắc Giang"})
    add(tmp_path, "vi/00_coverage", used=("A1", "A2", "gone"), status="failed", message="no kernel")
    add(tmp_path, "vi/05_source/s-1", parameters={"source": "s-1"})
    (tmp_path / "vi" / "06").mkdir()
    (tmp_path / "vi" / "06" / "run.json").write_text("{cut off", encoding="utf-8")
    made = write_index(tmp_path).read_text(encoding="utf-8")
    english = (tmp_path / "index.en.html").read_text(encoding="utf-8")
    assert {"vi/00_coverage/index.html", "vi/04_profile/bac-giang/index.html", "index.en.html"} <= set(
        addresses(made)
    )
    assert "en/04_profile/bac-giang/index.html" not in addresses(made)
    assert "index.html" in addresses(english)
    assert ">Bac Giang</a>" in english
    assert ">Chi bộ</a>" in made
    assert "bị lỗi: no kernel" in made


def content(text: str) -> dict:
    """Return what the script of a front page is given."""
    (found,) = re.findall(r'(?s)<script type="application/json" id="content-data">(.*?)</script>', text)
    return json.loads(found)


def several(changes: dict[str, dict]) -> dict:
    """Return evidence of three provinces with shares of 10, 40 and 90 percent of 2012, changed."""
    names = ("Bắc Giang", "Bắc Ninh", "Hà Nam")
    figures = {
        f"A{at}": {
            **FIGURE,
            "what": {"vi": "Thôn có chi bộ", "en": "Villages with a cell"},
            "where": {"vi": name, "en": name},
            "indicator": "village_own_cell",
            "subject": "village",
            "province": name,
            "unit": f"{at}-2004",
            "rate": rate,
            "qualifier": "exact",
            "inferred": False,
            **changes.get(f"A{at}", {}),
        }
        for at, (name, rate) in enumerate(zip(names, (10, 40, 90), strict=True), 1)
    }
    tiles = [
        {
            "unit": f"{at}-2004",
            "name": {"vi": name, "en": name},
            "row": 1,
            "column": at,
            "units": [f"{at}-2004"],
        }
        for at, name in enumerate(names, 1)
        for unit in [f"{at}-2004"]
    ]
    indicators = {"village_own_cell": {"vi": "Thôn có chi bộ", "en": "Villages with a cell"}}
    return {**SMALL, "figures": figures, "indicators": indicators, "maps": {"63": tiles, "34": []}}


def test_a_finding_says_lowest_highest_and_what_speaks_against_it(tmp_path: Path) -> None:
    """Of shares of 10, 40 and 90 %, one with a base, one of a later year: both are told."""
    later = {"year": 2015, "when": {"vi": "2015", "en": "2015"}}
    keep_provenance(tmp_path, several({"A1": {"base": 50}, "A3": later}))
    add(tmp_path, "en/01_models", used=("A1", "A2", "A3"))
    text = write_index(tmp_path).read_text(encoding="utf-8")
    (finding,) = re.findall(r'(?s)<ul class="findings">.*?</ul>', text)
    assert (
        "3 provinces published this share: the lowest is 10% (Bắc Giang, 2012), "
        "the highest 90% (Hà Nam, 2015)."
    ) in finding
    assert "Figures with a base: 1 of 3. The years differ: 2012–2015." in finding
    assert finding.count("<circle") == 3
    assert finding.count('class="hollow"') == 2
    assert addresses(finding)[0] == "en/01_models/index.html"


def test_a_finding_names_no_place_as_the_highest_alone_where_others_are_level(tmp_path: Path) -> None:
    """Of 10, 90 and 90 % the highest is shared by one other."""
    keep_provenance(tmp_path, several({"A2": {"rate": 90}}))
    add(tmp_path, "en/01_models", used=("A1", "A2", "A3"))
    text = write_index(tmp_path).read_text(encoding="utf-8")
    assert "the lowest is 10% (Bắc Giang, 2012), the highest 90% (Hà Nam, 2012, level with 1 more)" in text


def test_a_finding_has_a_median_only_of_several_places_whose_list_is_whole(tmp_path: Path) -> None:
    """Five shares have one; where a source lists only the highest, that is said instead."""
    more = {"A4": {"province": "Lào Cai"}, "A5": {"province": "Huế"}}
    five = several({})
    five["figures"] |= {one: {**five["figures"]["A2"], **change} for one, change in more.items()}
    keep_provenance(tmp_path, five)
    add(tmp_path, "en/01_models", used=("A1",))
    assert "the median is 40%" in write_index(tmp_path).read_text(encoding="utf-8")
    five["figures"]["A3"]["cut"] = {"vi": "chỉ các tỉnh trên 85%", "en": "only those above 85%"}
    keep_provenance(tmp_path, five)
    text = write_index(tmp_path).read_text(encoding="utf-8")
    assert "Only those above 85%." in text
    assert "the median" not in text


def test_the_front_page_tells_a_period_of_many_years_by_both_its_ends(tmp_path: Path) -> None:
    """A mean of 1996 to 2005 beside a figure of 2012: 1996–2012, in the lead and of the indicator."""
    known = {**SMALL, "figures": {"A1": FIGURE, "A2": {**FIGURE, "since": 1996, "year": 2005}}}
    keep_provenance(tmp_path, known)
    text = write_index(tmp_path).read_text(encoding="utf-8")
    assert "(1996–2012)" in text
    assert "<title>1996–2012</title>" in text


def test_what_cannot_be_compared_is_no_finding(tmp_path: Path) -> None:
    """With one of three shares contradicted by its own count, two are left: too few."""
    keep_provenance(tmp_path, several({"A1": {"comparable": False}}))
    add(tmp_path, "en/01_models", used=("A1", "A2", "A3"))
    assert 'class="findings"' not in write_index(tmp_path).read_text(encoding="utf-8")


def test_the_map_shows_values_by_year_and_their_newest(tmp_path: Path) -> None:
    """A tile has the newest value of its province, each year its own; it leads to the figure."""
    known = several({})
    earlier = {**known["figures"]["A1"], "rate": 5.5, "year": 2008, "when": {"vi": "2008", "en": "2008"}}
    keep_provenance(tmp_path, {**known, "figures": {**known["figures"], "A0": earlier}})
    add(tmp_path, "vi/04_profile/bac-giang", parameters={"province": "Bắc Giang"})
    text = write_index(tmp_path).read_text(encoding="utf-8")
    (series,) = content(text)["series"]
    values = series["maps"]["63"]
    assert {at: value[0] for at, value in values[""].items()} == {"0": "10%", "1": "40%", "2": "90%"}
    assert {at: value[0] for at, value in values["2008"].items()} == {"0": "5,5%"}
    assert values["2008"]["0"][2:] == ["vi/04_profile/bac-giang/index.html#A0", "2008"]
    assert series["legend"][-1] == "90%"
    assert (
        '<a href="vi/04_profile/bac-giang/index.html#A1" title="2012">Bắc Giang <small>10%</small></a>'
        in text
    )


def test_a_tile_without_a_value_leads_to_a_figure_of_the_same_measure(tmp_path: Path) -> None:
    """A district's share of 2010 comes before another class of the indicator, and after that of 2011."""
    known = several({})
    other = {
        **known["figures"]["A1"],
        "what": {"vi": "Khác", "en": "Other"},
        "level": "district",
        "year": 2015,
    }
    district = {**known["figures"]["A1"], "level": "district", "year": 2010}
    more = {"B1": other, "B2": {**district, "year": 2011}, "B3": district, "B4": {**other, "year": 2016}}
    known["figures"] |= {
        one: {**figure, "province": "Điện Biên", "unit": "11-2004"} for one, figure in more.items()
    }
    tile = {"unit": "11-2004", "units": ["11-2004"], "name": {"vi": "Điện Biên", "en": "Dien Bien"}}
    known["maps"]["63"].append({**tile, "row": 2, "column": 1})
    keep_provenance(tmp_path, known)
    add(tmp_path, "vi/04_profile/dien-bien", parameters={"province": "Điện Biên"})
    (series,) = content(write_index(tmp_path).read_text(encoding="utf-8"))["series"]
    led = [address for address in series["others"]["63"].values() if "dien-bien" in address]
    assert led == ["vi/04_profile/dien-bien/index.html#B2"]


def test_an_indicator_leads_to_its_own_report(tmp_path: Path) -> None:
    """Its row leads to the report that is about it alone, which stands in no other list."""
    keep_provenance(tmp_path, SMALL)
    add(tmp_path, "vi/01_models", used=("A1", "A2"))
    add(tmp_path, "vi/09_indicator", used=("A1",), parameters={"indicator": "share"})
    text = write_index(tmp_path).read_text(encoding="utf-8")
    assert [one for one in addresses(text) if one.startswith("vi/")] == [
        "vi/09_indicator/index.html",
        "vi/01_models/index.html",
    ]


def test_search_knows_provinces_without_figures_by_their_heirs(tmp_path: Path) -> None:
    """Bắc Giang, which has none, leads to Bắc Ninh, which holds its land now."""
    figure = {**FIGURE, "province": "Bắc Ninh", "unit": "27-2004"}
    keep_provenance(tmp_path, {**SMALL, "figures": {"A1": figure}})
    add(tmp_path, "vi/04_profile/bac-ninh", parameters={"province": "Bắc Ninh"})
    entries = content(write_index(tmp_path).read_text(encoding="utf-8"))["entries"]
    found = {title: (says, address) for kind, title, says, address, _ in entries if kind == "province"}
    address = "vi/04_profile/bac-ninh/index.html"
    assert found["Bắc Giang"][0].endswith(": Bắc Ninh")
    assert found["Bắc Giang"][1] == address
    assert found["Bắc Ninh"][0] == "1 số liệu, 1 chỉ tiêu"


def test_a_manifest_names_the_reports(tmp_path: Path) -> None:
    """With a manifest only its reports stand in the list, and none that leads out of the output folder."""
    add(tmp_path / "out", "vi/00_coverage")
    add(tmp_path / "out", "vi/01_models")
    add(tmp_path, "vi/02_outside")
    reports = [
        {"folder": one, "notebook": "n", "language": "vi", "title": "T", "parameters": {}, "status": "done"}
        for one in ("vi/00_coverage", "../vi/02_outside", "vi/03_gone")
    ]
    made = write_index(tmp_path / "out", {"format": 1, "reports": [*reports, {"folder": "x"}]})
    listed = [one for one in addresses(made.read_text(encoding="utf-8")) if "vi/" in one]
    assert listed == ["vi/00_coverage/index.html"]


def test_a_province_is_counted_with_its_own_figures_undated_and_old_ones_included(tmp_path: Path) -> None:
    """Of four on the page of Bắc Giang one is its neighbour's, one undated: three are its own."""
    beside = {**FIGURE, "unit": "27-2004", "province": "Bắc Ninh", "year": 2019}
    undated = {name: value for name, value in FIGURE.items() if name not in ("unit", "year")}
    keep_provenance(tmp_path, {**SMALL, "figures": {**SMALL["figures"], "A3": beside, "A4": undated}})
    add(tmp_path, "vi/04_profile/bac-giang", used=("A1", "A2", "A3"), parameters={"province": "Bắc Giang"})
    text = write_index(tmp_path).read_text(encoding="utf-8")
    assert "<small>3 số liệu<span>, 1 chỉ tiêu (2012)</span></small>" in text


def test_a_province_has_one_count_in_front_page_list_and_profile(tmp_path: Path) -> None:
    """The front page counts each province as the notebook of its profile loads it."""
    known = evidence()
    keep_provenance(tmp_path, known)
    names = sorted({figure["province"] for figure in known["figures"].values() if "province" in figure})
    add(tmp_path, "en/00_coverage")
    entries = content(write_index(tmp_path).read_text(encoding="utf-8"))["entries"]
    assert not [one for one in entries if one[0] == "province" and "no figures" not in one[2] and not one[3]]
    for name in names[::7]:
        own = [one for one in known["figures"].values() if one.get("province") == name]
        assert len(own) == len(cb.load_observations(provinces=name))


def test_an_index_stays_small_with_all_provinces(tmp_path: Path) -> None:
    """With 63 provinces in two languages each index has less than 500 kB, the same bytes twice."""
    known = evidence()
    keep_provenance(tmp_path, known)
    names = [tile["name"]["vi"] for tile in known["maps"]["63"]]
    for language in ("vi", "en"):
        for number, name in enumerate(names):
            add(
                tmp_path,
                f"{language}/04_province_profile/p-{number}",
                used=tuple(known["figures"])[:40],
                parameters={"province": name},
            )
    write_index(tmp_path)
    first = [(tmp_path / one).read_bytes() for one in ("index.html", "index.en.html")]
    assert all(len(one) < 500_000 for one in first)
    assert first[0].count(b"/04_province_profile/p-1/index.html") > 1
    write_index(tmp_path)
    assert first == [(tmp_path / one).read_bytes() for one in ("index.html", "index.en.html")]


def test_an_index_without_reports_says_so(tmp_path: Path) -> None:
    """An empty folder gets an index, and one in a language of its own where only that is made."""
    assert "Chưa có báo cáo nào." in write_index(tmp_path).read_text(encoding="utf-8")
    add(tmp_path, "en/00_coverage")
    assert '<html lang="en">' in write_index(tmp_path).read_text(encoding="utf-8")


def test_revisions_tell_what_was_added_changed_and_withdrawn(tmp_path: Path) -> None:
    """Old and new values stand side by side; the same figures again change nothing."""
    keep_provenance(tmp_path, SMALL)
    assert not (tmp_path / "revisions.json").exists()
    new = json.loads(json.dumps(SMALL))
    new["figures"]["A1"] |= {"printed": "64%", "percent": 64, "year": 2013, "findings": []}
    new["figures"]["A3"] = {**FIGURE, "printed": "1/2"}
    del new["figures"]["A2"]
    keep_provenance(tmp_path, new)
    found = compare(SMALL, new)
    assert list(found["added"]) == ["A3"]
    assert list(found["withdrawn"]) == ["A2"]
    assert found["changed"]["A1"]["fields"] == {"percent": [63.71, 64], "printed": ["63,71%", "64%"]}
    add(tmp_path, "vi/00_coverage")
    write_index(tmp_path)
    made = (tmp_path / "revisions.html").read_text(encoding="utf-8")
    assert "<del>63,71%</del></td><td><ins>64%</ins>" in made
    assert "Bổ sung (1)" in made
    assert "Gỡ bỏ (1)" in made
    kept = (tmp_path / "revisions.json").read_bytes()
    keep_provenance(tmp_path, new)
    assert (tmp_path / "revisions.json").read_bytes() == kept
    keep_provenance(tmp_path, SMALL)
    numbers = [one["number"] for one in json.loads((tmp_path / "revisions.json").read_text())["revisions"]]
    assert numbers == [2, 1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("figures.json", b"\xff"),
        ("figures.json", b'{"figures": [1, 2]}'),
        ("figures.json", b"[" * 200_000),
        ("revisions.json", b'{"revisions": [{"changed": {"a": {}}}]}'),
        ("revisions.json", b'{"revisions": [{"number": "x"}, 1]}'),
        ("revisions.json", b"[" * 200_000),
    ],
)
def test_damaged_figures_or_revisions_are_made_anew(tmp_path: Path, name: str, content: bytes) -> None:
    """What lies in the output folder and can't be read stops neither the evidence nor the pages."""
    keep_provenance(tmp_path, {**SMALL, "figures": {}})
    (tmp_path / name).write_bytes(content)
    assert json.loads(keep_provenance(tmp_path, SMALL).read_text(encoding="utf-8")) == SMALL
    write_index(tmp_path, None)


def test_planted_words_stay_words_above_the_reports(tmp_path: Path) -> None:
    """Titles, names, messages and documents that would do harm are text in list, map and revisions."""
    keep_provenance(tmp_path, SMALL)
    known = harmful_evidence(SMALL)
    known["indicators"]["share"] = known["provinces"]["24-2004"] = {"vi": HARM, "en": HARM}
    known["maps"]["63"][0]["name"] = {"vi": HARM, "en": HARM}
    keep_provenance(tmp_path, known)
    add(tmp_path, "vi/00_coverage", title=HARM, status="failed", message=HARM, parameters={"x": HARM})
    write_index(tmp_path)
    for name in ("index.html", "revisions.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        body = re.sub(r"(?s)<script>\"use strict\".*?</script>", "", text)
        assert "<script>" not in body
        assert not re.search(r"<img[^>]+onerror|<svg onload|href=\"javascript", body)
        assert "<script>alert(1)</script>" in unescape(body)
        assert not set("\u202e\u200b\u2066\ufeff") & set(text)


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    """A broken provenance file and a folder in place of a page are errors of ours."""
    (tmp_path / "figures.json").write_text("{", encoding="utf-8")
    with pytest.raises(OutputError, match=r"figures\.json"):
        read_figures(tmp_path / "figures.json")
    (tmp_path / "index.html").mkdir()
    with pytest.raises(OutputError, match=r"can't write .*index\.html"):
        write_index(tmp_path)
    assert keep_provenance(tmp_path, SMALL).is_file()
    assert read_figures(tmp_path / "figures.json").printed("A1", "vi") == "63,71%"


def test_a_word_apart_from_the_figure_makes_it_above_what_is_printed() -> None:
    """95% beside the word "above" is told as above 95%, and about 95% only where the source says about."""
    figure = {"source": "s", "printed": "95%", "percent": 95, "qualifier": "about"}
    known = {"A1": {**figure, "interval": "floor"}, "A2": {**figure, "interval": "about"}}
    told = Figures(known, {"s": {"number_style": "en"}})
    assert [told.printed(one, "vi") for one in known] == ["trên 95%", "khoảng 95%"]


@pytest.mark.parametrize(
    ("figure", "style", "language", "told"),
    [
        ({"printed": "1.452"}, "vi", "en", "1,452"),
        ({"printed": "1.452"}, "vi", "vi", "1.452"),
        ({"printed": "63,70%", "percent": 63.7}, "vi", "en", "63.70%"),
        (
            {"printed": "trên 90%", "count": 100_000, "percent": 90, "qualifier": "about"},
            "vi",
            "en",
            "over 90%",
        ),
        ({"printed": "22; trên 4,8%", "count": 22, "base": 41}, "vi", "en", "22; over 4.8%"),
        ({"printed": "trên dưới 90%", "percent": 90}, "vi", "en", "about 90%"),
        ({"printed": "gần 57 ngàn", "count": 57_000, "qualifier": "about"}, "vi", "en", "about 57,000"),
        ({"printed": "tất cả", "count": 22, "base": 22, "percent": 100}, "vi", "en", "22/22; 100%"),
        ({"printed": "99.7 percent", "count": 1004, "base": 1007, "percent": 99.7}, "en", "vi", "99,7%"),
        ({"printed": "nearly 107,000", "count": 107_000}, "en", "vi", "gần 107.000"),
        ({"printed": "près de 500", "count": 500}, "vi", "vi", "gần 500"),
        ({"printed": "hơn 500", "count": 500}, "vi", "vi", "hơn 500"),
    ],
)
def test_a_print_of_another_language_is_written_as_the_reader_does(
    figure: dict[str, object], style: str, language: str, told: str
) -> None:
    """A reader of English never takes 1.452 for one and a half; what the print doesn't say isn't added."""
    assert (
        Figures({"A": {"source": "s", **figure}}, {"s": {"number_style": style}}).printed("A", language)
        == told
    )


def test_unseen_characters_go_and_dates_follow_the_language() -> None:
    """Direction marks and characters of no width vanish; dates that are none stay."""
    assert harmless(UNSEEN) == "trái ngược"
    assert [day(one, "en") for one in ("2013", "2013-08", "2013-08-09", "spring")] == [
        "2013",
        "Aug 2013",
        "9 Aug 2013",
        "spring",
    ]
    assert day("2013-08", "vi") == "tháng 8/2013"
