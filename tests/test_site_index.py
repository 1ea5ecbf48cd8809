"""The list of reports, what changed, and the way from a value to its document."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

import cbanalysis as cb
from cbanalysis.errors import OutputError
from cbanalysis.site import Figures, compare, harmless, keep_evidence, page, read_figures, write_index
from cbanalysis.site.figures import day
from cbanalysis.site.links import Links
from cbanalysis.site.thumbnails import write_thumbnail
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
            "message": {"vi": "22 / 41 = 53,66 %", "en": "22 / 41 = 53.66 %"},
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
            {"name": {"vi": "Bắc Giang", "en": "Bac Giang"}, "row": 1, "column": 2, "units": ["24-2004"]},
            {"name": {"vi": "Bắc Ninh", "en": "Bac Ninh"}, "row": 1, "column": 1, "units": ["27-2004"]},
        ],
        "34": [
            {
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
    assert first.doubts == ("22 / 41 = 53.66 %",)
    assert dict(first.facts) == {
        "As printed": "63,71%",
        "Printed share (%)": "63.71",
        "Precision": "approximate (about, nearly, over)",
    }
    assert (second.document, second.address) == ("s-2", "")
    (some,) = links.several()
    assert [(document, address) for document, address, _ in some.documents] == [
        ("Báo A, “Chi bộ”, 9 Aug 2013", "https://a.test/1"),
        ("s-2", ""),
    ]
    assert some.label == "Bac Giang*, Share, 2 figures"


def test_marks_of_a_chart_lead_to_their_figures() -> None:
    """A mark is a place in the chart's pixels with a name; what isn't a mark of ours is dropped."""
    links = Links(Figures.of(SMALL), "vi")
    given = [[0.1, 0.25, 0.5, 0.04, "A1"], [0.1, 0.1, 9, 0.1, "A1"], [1, 2, "A1"], [True, 0, 0, 0, "A1"], "x"]
    (mark,) = links.marks(given, 200, 100)
    assert (mark.box, mark.address, mark.doubtful) == ((20.0, 25.0, 100.0, 4.0), "#A1", True)
    assert mark.label == "Bắc Giang*, 2012: 63,71%"
    assert links.marks({"a": 1}, 200, 100) == ()


def test_every_mark_and_value_of_a_real_report_leads_to_a_document() -> None:
    """On a real page each link to a figure meets its target, which names a document."""
    rated = bac_giang()
    rates = rated.query("interval != 'none'")
    made = page(
        notebook(
            output(cb.charts.coverage_matrix(rated, lang="vi")),
            output(cb.charts.tile_map(rated, kind="count", lang="vi")),
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
    keep_evidence(tmp_path, SMALL)
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
    assert "<b>Bac Giang</b>" in english
    assert "<b>Chi bộ</b>" in made
    assert "không chạy hết: no kernel" in made
    assert 'data-text="bac giang 04_profile 04_profile"' in made
    assert "2012 · 2 số liệu" in made
    assert 'data-units="24-2004" data-indicators="share" data-years="2012" data-status="done"' in made


def test_tiles_lead_to_the_report_or_to_all_on_their_land(tmp_path: Path) -> None:
    """A tile of the 63 opens its province's report; one of the 34 with several of them filters the list."""
    keep_evidence(tmp_path, SMALL)
    add(tmp_path, "vi/04_profile/bac-giang", parameters={"province": "Bắc Giang"})
    add(tmp_path, "vi/04_profile/bac-ninh", parameters={"province": "Bắc Ninh"})
    made = write_index(tmp_path).read_text(encoding="utf-8")
    maps = re.findall(r'(?s)<ul class="tiles">.*?</ul>', made)
    assert addresses(maps[0]) == ["vi/04_profile/bac-giang/index.html"]
    assert (
        '<li class="r1 c1 s0"><span>Bắc Ninh <small class="unseen">chưa có số liệu</small></span></li>'
        in maps[0]
    )
    assert addresses(maps[1]) == ["#reports"]
    assert 'data-units="24-2004 24-2025 27-2004"' in maps[1]
    table = re.findall(r'(?s)<table class="matrix">.*?</table>', made)
    assert re.findall(r"<td[^>]*>([^<]*)</td>", table[0]) == ["2", "2"]


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


def test_a_province_is_listed_with_its_own_figures_only(tmp_path: Path) -> None:
    """Of three figures on the page of Bắc Giang one is its neighbour's: two figures, of 2012 alone."""
    beside = {**FIGURE, "unit": "27-2004", "year": 2019}
    keep_evidence(tmp_path, {**SMALL, "figures": {**SMALL["figures"], "A3": beside}})
    used = ("A1", "A2", "A3")
    add(tmp_path, "vi/04_profile/bac-giang", used=used, parameters={"province": "Bắc Giang"})
    add(tmp_path, "vi/00_coverage", used=used)
    text = write_index(tmp_path).read_text(encoding="utf-8")
    assert "<small>2012 · 2 số liệu" in text
    assert "<small>2012–2019 · 3 số liệu" in text


def test_an_index_stays_small_with_all_provinces(tmp_path: Path) -> None:
    """With 63 provinces in two languages each index has less than 500 kB, the same bytes twice."""
    known = evidence()
    keep_evidence(tmp_path, known)
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
    assert first[0].count(b"<li data-text=") == 63
    write_index(tmp_path)
    assert first == [(tmp_path / one).read_bytes() for one in ("index.html", "index.en.html")]


def test_an_index_without_reports_says_so(tmp_path: Path) -> None:
    """An empty folder gets an index, and one in a language of its own where only that is made."""
    assert "Chưa có báo cáo nào." in write_index(tmp_path).read_text(encoding="utf-8")
    add(tmp_path, "en/00_coverage")
    assert '<html lang="en">' in write_index(tmp_path).read_text(encoding="utf-8")


def test_revisions_tell_what_was_added_changed_and_withdrawn(tmp_path: Path) -> None:
    """Old and new values stand side by side; the same figures again change nothing."""
    keep_evidence(tmp_path, SMALL)
    assert not (tmp_path / "revisions.json").exists()
    new = json.loads(json.dumps(SMALL))
    new["figures"]["A1"] |= {"printed": "64%", "percent": 64, "year": 2013, "findings": []}
    new["figures"]["A3"] = {**FIGURE, "printed": "1/2"}
    del new["figures"]["A2"]
    keep_evidence(tmp_path, new)
    found = compare(SMALL, new)
    assert list(found["added"]) == ["A3"]
    assert list(found["withdrawn"]) == ["A2"]
    assert found["changed"]["A1"]["fields"] == {"percent": [63.71, 64], "printed": ["63,71%", "64%"]}
    add(tmp_path, "vi/00_coverage")
    write_index(tmp_path)
    made = (tmp_path / "revisions.html").read_text(encoding="utf-8")
    assert "<del>63,71%</del></td><td><ins>64%</ins>" in made
    assert "Thêm (1)" in made
    assert "Rút (1)" in made
    kept = (tmp_path / "revisions.json").read_bytes()
    keep_evidence(tmp_path, new)
    assert (tmp_path / "revisions.json").read_bytes() == kept
    keep_evidence(tmp_path, SMALL)
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
    keep_evidence(tmp_path, {**SMALL, "figures": {}})
    (tmp_path / name).write_bytes(content)
    assert json.loads(keep_evidence(tmp_path, SMALL).read_text(encoding="utf-8")) == SMALL
    write_index(tmp_path, None)


def test_planted_words_stay_words_above_the_reports(tmp_path: Path) -> None:
    """Titles, names, messages and documents that would do harm are text in list, map and revisions."""
    keep_evidence(tmp_path, SMALL)
    known = harmful_evidence(SMALL)
    known["indicators"]["share"] = known["provinces"]["24-2004"] = {"vi": HARM, "en": HARM}
    known["maps"]["63"][0]["name"] = {"vi": HARM, "en": HARM}
    keep_evidence(tmp_path, known)
    add(tmp_path, "vi/00_coverage", title=HARM, status="failed", message=HARM, parameters={"x": HARM})
    write_index(tmp_path)
    for name in ("index.html", "revisions.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        body = re.sub(r"(?s)<script>\"use strict\".*?</script>", "", text)
        assert "<script>" not in body
        assert not re.search(r"<img[^>]+onerror|<svg|href=\"javascript", body)
        assert "<script>alert(1)</script>" in unescape(body)
        assert not set("\u202e\u200b\u2066\ufeff") & set(text)


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    """A broken evidence file and a folder in place of a page are errors of ours."""
    (tmp_path / "figures.json").write_text("{", encoding="utf-8")
    with pytest.raises(OutputError, match=r"figures\.json"):
        read_figures(tmp_path / "figures.json")
    (tmp_path / "index.html").mkdir()
    with pytest.raises(OutputError, match=r"can't write .*index\.html"):
        write_index(tmp_path)
    assert keep_evidence(tmp_path, SMALL).is_file()
    assert read_figures(tmp_path / "figures.json").printed("A1") == "63,71%"


def test_unseen_characters_go_and_dates_follow_the_language() -> None:
    """Direction marks and characters of no width vanish; dates that are none stay."""
    assert harmless(UNSEEN) == "trái ngược"
    assert [day(one, "en") for one in ("2013", "2013-08", "2013-08-09", "spring")] == [
        "2013",
        "Aug 2013",
        "9 Aug 2013",
        "spring",
    ]
    assert day("2013-08", "vi") == "8/2013"


def test_a_thumbnail_is_the_first_picture_that_is_one(tmp_path: Path) -> None:
    """Broken pictures are passed over; without any there is no thumbnail."""
    broken = output(cb.charts.count_bars(bac_giang().query("count.notna()"), lang="en"))
    whole = json.loads(json.dumps(broken))
    broken.data["image/png"] = "AAAA"
    assert write_thumbnail(tmp_path, notebook(broken)) is None
    small = write_thumbnail(tmp_path, notebook(broken, type(broken)(whole)))
    assert small is not None
    assert small.stat().st_size < 20_000


def test_a_thumbnail_keeps_the_colour_of_a_few_points(tmp_path: Path) -> None:
    """Among letters and lines in every grey, three blue points stay blue."""
    rows = cb.load_observations(["office_cell_adoption", "office_cell_quality"], source="seed-000")
    chart = output(cb.charts.ranked_dots(cb.add_rates(rows), lang="vi"))
    small = write_thumbnail(tmp_path, notebook(chart))
    assert small is not None
    with Image.open(small) as image:
        colours = image.convert("RGB").getcolors()
    assert sum(pixels for pixels, (red, _, blue) in colours if blue - red > 100) > 20
