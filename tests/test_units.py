"""Indicators with a unit of their own: declared, checked, imported, rated, said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from matplotlib.text import Text

from cbanalysis import charts, notes, words
from cbanalysis.common import errors
from cbanalysis.common.new_study import new_study
from cbanalysis.common.text.figure_parsing import parse_value
from cbanalysis.dataset.catalogue import PERCENT, Catalogue
from cbanalysis.dataset.load import check_folder, load_observations
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts.caption import base_words
from cbanalysis.display.tables import rates as rates_table
from cbanalysis.importing.commit.admitting_and_undoing import admit, examine, undo
from cbanalysis.importing.commit.records import Arrivals
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import Applied, apply_layout
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import propose
from cbanalysis.importing.layouts.vocabulary import Vocabulary
from cbanalysis.statistics.rates import add_rates, change, peers, rank
from chart_checks import said_in

INDICATOR = """
[indicators.{name}]
name = {{ vi = "{vi}", en = "{en}" }}
definition = {{ vi = "Bịa.", en = "Made up." }}
unit = "{unit}"
subjects = ["other"]
base = {{ vi = "không có", en = "none" }}
direction = "none"
"""
OWN = (
    INDICATOR.format(name="poverty", vi="Tỷ lệ hộ nghèo", en="Poor households", unit="per_mille")
    + INDICATOR.format(name="satisfaction", vi="Chỉ số hài lòng", en="Satisfaction", unit="points")
    + INDICATOR.format(name="migration", vi="Tỷ suất di cư thuần", en="Net migration", unit="net_per_mille")
    + INDICATOR.format(name="income", vi="Thu nhập bình quân", en="Mean income", unit="million_vnd")
)
TABLE = "Năm 2023;;;\nTỉnh;Tỷ lệ hộ nghèo (‰);Chỉ số hài lòng (điểm);Tỷ suất di cư thuần (‰)\n"
ROWS = "Hưng Yên;12,3;81,25;-4,5\nHải Phòng;khoảng 9,8;85,10;+2\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the data folder of a new study without figures, with four own indicators."""
    folder = new_study(tmp_path / "study", published=False) / "data"
    with (folder / "indicators.toml").open("a", encoding="utf-8") as file:
        file.write(OWN)
    return folder


def read(data: Path, table: str) -> Applied:
    """Return what a table says under the layout that is proposed for it without a question."""
    path = data.parent / "own.csv"
    path.write_text(table, encoding="utf-8")
    vocabulary, places = Vocabulary(Catalogue.read(data)), Places(Gazetteer.read(data))
    proposal = propose(tables(path), vocabulary, places)
    assert proposal.questions == ()
    return apply_layout(proposal.layout, tables(path), vocabulary, places)


def imported(data: Path, table: str = TABLE + ROWS) -> pd.DataFrame:
    """Import a table and return what is loaded."""
    applied = read(data, table)
    admit(Arrivals(applied.observations, applied.origins), [applied.source], data=data, command="import")
    return load_observations(folder=data)


def asked(data: Path, table: str) -> tuple[str, ...]:
    """Return the questions that a table raises."""
    path = data.parent / "own.csv"
    path.write_text(table, encoding="utf-8")
    vocabulary, places = Vocabulary(Catalogue.read(data)), Places(Gazetteer.read(data))
    return propose(tables(path), vocabulary, places).questions


def test_a_table_of_own_units_comes_in_as_it_is_printed(data: Path) -> None:
    """Per mille, points and signed values keep number, decimals and words; none becomes a percentage."""
    rows = imported(data)
    assert rows["value"].tolist() == [12.3, 81.25, -4.5, 9.8, 85.1, 2.0]
    assert rows["printed"].tolist() == ["12,3‰", "81,25", "-4,5‰", "khoảng 9,8‰", "85,10", "+2‰"]
    assert rows["decimals"].tolist() == [1, 2, 1, 1, 2, 0]
    assert rows["qualifier"].tolist() == ["exact", "exact", "exact", "about", "exact", "exact"]
    assert rows[["count", "base", "percent"]].isna().all(axis=None)


def test_a_folder_gets_the_column_when_the_first_value_comes(data: Path) -> None:
    """Without the column a folder is whole; with the first value it has it, and old rows stay as they are."""
    before = (data / "observations.csv").read_text(encoding="utf-8")
    assert "value" not in before
    imported(data)
    check_folder(data)
    lines = (data / "observations.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == before.rstrip() + ",value"
    undo(data)
    assert (data / "observations.csv").read_text(encoding="utf-8") == before.rstrip() + ",value\n"


def test_rows_come_in_whatever_the_order_of_the_columns(data: Path) -> None:
    """An observations.csv with its columns in another order gets new rows in that order."""
    path = data / "observations.csv"
    header = path.read_text(encoding="utf-8").rstrip().split(",")
    path.write_text(",".join([*header[3:], *header[:3]]) + "\n", encoding="utf-8")
    assert imported(data)["value"].tolist() == [12.3, 81.25, -4.5, 9.8, 85.1, 2.0]


@pytest.mark.parametrize(
    ("column", "cell", "value", "said"),
    [
        ("value", "-1", "poverty", "no possible value in per mille (‰)"),
        ("value", "1000.5", "poverty", "no possible value in per mille (‰)"),
        ("value", "12.4", "poverty", "not what is printed (found '12.4'); allowed: 12.3"),
        ("percent", "12.3", "poverty", "poverty is given in per mille (‰)"),
        ("count", "12", "poverty", "a value beside count"),
        ("complement", "yes", "poverty", "a value whose complement nobody knows"),
        ("qualifier", "range", "poverty", "range without its upper end"),
        ("indicator", "org_count", "poverty", "a value of no unit"),
    ],
)
def test_the_contract_holds_values(data: Path, column: str, cell: str, value: str, said: str) -> None:
    """Bounds, sign, print and columns of a value are checked, each fault at its row and column."""
    imported(data, TABLE + "Hưng Yên;12,3;81,25;-4,5\n")
    path = data / "observations.csv"
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    rows.loc[rows["indicator"] == value, column] = cell
    rows.to_csv(path, index=False)
    with pytest.raises(errors.DataError) as raised:
        check_folder(data)
    assert said in str(raised.value)
    assert "observations.csv, row 2" in str(raised.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            'unit = "per_mile"',
            "indicators.poverty.unit: undeclared unit (found 'per_mile'); did you mean per_mille",
        ),
        ("minimum = 5\nmaximum = 5", "minimum below maximum"),
        ("minimum = -5", "no minimum below 0, or signed = true"),
        ("[units.count]", "units.count: a unit that is always there"),
    ],
)
def test_a_unit_that_makes_no_sense_is_a_fault(data: Path, change: str, said: str) -> None:
    """An undeclared unit, bounds the wrong way round, a sign nobody allowed and a taken name are refused."""
    path = data / "indicators.toml"
    text = path.read_text(encoding="utf-8")
    if change.startswith("unit"):
        text = text.replace('unit = "per_mille"', change)
    else:
        head, _, bounds = change.partition("\n") if change.startswith("[") else ("[units.odd]", "", change)
        text += f'\n{head}\nname = {{ vi = "lạ", en = "odd" }}\n{bounds}\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(errors.DataError) as raised:
        Catalogue.read(data)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    "heading",
    ["Tỷ lệ hộ nghèo (%)", "Tỷ lệ hộ nghèo (điểm)", "Tỷ lệ hộ nghèo (nghìn)", "Chỉ số hài lòng (‰)"],
)
def test_a_heading_in_another_unit_is_asked_about(data: Path, heading: str) -> None:
    """Percent under an indicator in per mille would be wrong by ten: it is asked about, never taken."""
    (question,) = asked(data, f"Năm 2023;\nTỉnh;{heading}\nHưng Yên;12,3\n")
    assert "the unit of its indicator is" in question


def test_a_cell_with_other_words_is_refused(data: Path) -> None:
    """A value is one number with its unit; words that may change it stop the import at their cell."""
    rows = "Hải Phòng;9,8\nBắc Giang;3\nHưng Yên;mục tiêu 12\nHà Nội;1\nCà Mau;2\n"
    with pytest.raises(errors.DataError, match="'mục tiêu' beside the number says something else") as raised:
        read(data, f"Năm 2023;\nTỉnh;Tỷ lệ hộ nghèo (‰)\n{rows}")
    assert [fault.cell for fault in raised.value.faults] == ["B5"]


def test_the_same_value_again_is_shown(data: Path) -> None:
    """A value that contradicts one that is there stands beside it before anything comes in."""
    imported(data)
    applied = read(data, TABLE.replace("Năm", "Bảng mới, năm") + "Hưng Yên;12,9;81,25;-4,5\n")
    source = applied.source | {"source_id": "second"}
    arrived = Arrivals(applied.observations.assign(source_id="second"), applied.origins)
    found = examine(arrived, [source], data=data).duplicates
    assert found["relation"].tolist() == ["contradiction", "duplicate", "duplicate"]


def test_a_value_has_the_bounds_that_rounding_leaves_open(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No base, no chance: 12,3‰ is 12.25 to 12.35; below 0 and above the unit's maximum nothing lies."""
    monkeypatch.chdir(data.parent)
    rows = add_rates(imported(data, TABLE + "Hưng Yên;12,3;0;-4,5\nHải Phòng;1000;85;từ 2 trở lên\n"))
    rates = rows.set_index(["province", "indicator"])[["rate", "rate_low", "rate_high", "interval"]]
    assert rates.loc[("Hưng Yên", "poverty")].tolist() == [12.3, 12.25, 12.35, "rounding"]
    assert rates.loc[("Hưng Yên", "satisfaction")].tolist() == [0.0, 0.0, 0.5, "rounding"]
    assert rates.loc[("Hưng Yên", "migration")].tolist() == [-4.5, -4.55, -4.45, "rounding"]
    assert rates.loc[("Hải Phòng", "poverty")].tolist() == [1000.0, 999.5, 1000.0, "rounding"]
    floor = rates.loc[("Hải Phòng", "migration")]
    assert floor["interval"] == "floor"
    assert floor["rate_low"] == 2
    assert pd.isna(floor["rate_high"])


def test_amounts_are_written_with_the_sign_of_their_unit(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A symbol stands close, words after a space, negative numbers with a minus sign."""
    monkeypatch.chdir(data.parent)
    units = Catalogue.read().units
    assert said_in("vi", words.amount, 12.3, units["per_mille"]) == "12,3‰"
    assert said_in("en", words.amount, -4.5, units["net_per_mille"]) == "−4.5‰"
    assert said_in("vi", words.amount, 61.5, units["million_vnd"]) == "61,5\N{NO-BREAK SPACE}triệu đồng"
    assert said_in("vi", words.amount, 81.27, units["points"], 1) == "81,3"
    assert said_in("vi", words.amount, 63.71, PERCENT) == "63,71%"
    rows = pd.DataFrame({"indicator": ["poverty", "org_count"], "value": [12.3, None], "rate": [12.3, 50.0]})
    assert words.unit_of(rows.head(1)).id == "per_mille"
    assert words.unit_of(rows.tail(1)) == PERCENT
    with pytest.raises(errors.CbanalysisError, match="one scale has one unit"):
        words.unit_of(rows)


def test_a_value_has_no_base_to_name(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever base an indicator was drafted with, a chart of values names none; one of shares does."""
    toml = data / "indicators.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('en = "none"', 'en = "not stated"'), "utf-8")
    monkeypatch.chdir(data.parent)
    rows = pd.DataFrame({"indicator": ["poverty", "poverty"], "value": [12.3, None]})
    assert said_in("en", base_words, rows.head(1)) == ""
    assert said_in("en", base_words, rows.tail(1)) == "base: not stated"


@pytest.mark.parametrize("draw", ["ranked_dots", "tile_map", "heatmap", "small_multiples"])
def test_a_chart_of_values_bears_their_unit(data: Path, monkeypatch: pytest.MonkeyPatch, draw: str) -> None:
    """Per mille is nowhere written as percent, in the picture or in the alternative text."""
    monkeypatch.chdir(data.parent)
    rows = add_rates(imported(data)).query("indicator == 'poverty'")
    chart = getattr(charts, draw)(rows, lang="vi")
    told = f"{chart.alt} {' '.join(text.get_text() for text in chart.findobj(Text))}"
    assert "12,3‰" in told
    assert "%" not in told


@pytest.mark.parametrize(
    ("text", "style", "value", "decimals", "qualifier"),
    [
        ("12,3‰", "vi", 12.3, 1, "exact"),
        ("−4.50", "en", -4.5, 2, "exact"),
        ("gần 1,2 triệu đồng", "vi", 1_200_000.0, -5, "about"),
        ("từ 2.500 trở lên", "vi", 2500.0, 0, "at_least"),
    ],
)
def test_a_value_is_read_from_print(
    text: str, style: str, value: float, decimals: int, qualifier: str
) -> None:
    """Sign, marks, multiplier and qualifier of the declared style."""
    assert parse_value(text, style) == (value, decimals, qualifier)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["12 đến 14", "mười", "1,2,3"])
def test_no_one_number_is_no_value(text: str) -> None:
    """Several numbers, none, or one that its style can't read are refused."""
    with pytest.raises(errors.TextError):
        parse_value(text, "vi")


def test_a_profile_says_where_other_units_are_compared(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values in per mille stay off the line of percentages, and nobody is told that there are none."""
    monkeypatch.chdir(data.parent)
    rows = add_rates(imported(data))
    here = rows[rows["province"] == "Hưng Yên"]
    assert peers(rows, "Hưng Yên").empty
    said = notes.alone(here, lang="en").text()
    assert "Poor households, Satisfaction and Net migration" in said
    assert "No published figure" not in said


def test_rounding_alone_leaves_ranks_of_values_open() -> None:
    """14 (13.5 to 14.5) and 14.3 (14.25 to 14.35) may stand either way, 15.2 (15.15 to 15.25) is first."""
    values = {"rate": [15.2, 14.3, 14.0], "rate_low": [15.15, 14.25, 13.5], "rate_high": [15.25, 14.35, 14.5]}
    rows = pd.DataFrame({"province": ["A", "B", "C"], **values, "interval": "rounding"})
    ranked = rank(rows.assign(value=rows["rate"]))
    assert ranked[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1, 1], [2, 2, 3], [3, 2, 3]]
    assert rank(rows)["rank_high"].tolist() == [3, 3, 3]  # shares without a base


def test_values_are_no_rates_that_lack_a_base(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """85 and 81.25 points: ranks 1 and 2 as they are, and not a word of rates or of a base not published."""
    monkeypatch.chdir(data.parent)
    rows = imported(data, TABLE + "Hưng Yên;12,3;81,25;-4,5\nHải Phòng;9,8;85;2\n")
    rows = add_rates(rows).query("indicator == 'satisfaction'")
    table = rates_table(rank(rows), lang="en")
    shown = {column.heading: column.cells for column in table.columns}
    assert shown["Rank"] == ("1", "2")
    assert shown["Value"] == ("85", "81.25")
    assert "Rate" not in table.html()
    assert "from 81.25 (Hung Yen, 2023) to 85 (Hai Phong, 2023)" in notes.spread(rows, lang="en").text()
    later = rows.assign(
        year=2024, period_start="2024", period_end="2024", observation_id=rows["observation_id"] + "b"
    )
    both = pd.concat([rows, later], ignore_index=True)
    dumbbell = charts.dumbbell(change(both, 2023, 2024), both, first=2023, last=2024, lang="en")
    for chart in (charts.ranked_dots(rows, lang="en"), charts.trend(both, lang="en"), dumbbell):
        said = " ".join(text.get_text() for text in chart.findobj(Text))
        assert "rounding" in said
        assert "base" not in said
