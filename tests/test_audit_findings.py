"""What readers get: the frame of findings, acknowledgements, the summary, and the findings in data/."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cbanalysis.common.errors import DataError
from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.catalogue import Catalogue, Words
from cbanalysis.statistics.audit import CODES, COLUMNS, audit, checked, read_acknowledged, summary, touching

CATALOGUE = Catalogue.read()
ROWS = pd.DataFrame(
    {
        "observation_id": ["C1", "B1", "A1"],
        "geo_level": ["country", "district", "region"],
        "province": ["", "Bình Thuận", ""],
        "province_basis": ["", "inferred", ""],
        "area": ["", "Phú Quý", "Tây Nguyên"],
        "period_start": ["2010", "2012-01", ""],
        "period_end": ["2010", "2012-06", ""],
        "count": [9, 8, 22],
        "base": [10, 10, 20],
        "percent": [80.0, 81.0, None],
    }
)


def test_findings_come_heaviest_first_with_all_columns() -> None:
    """The heaviest stands first, ties by code and rows; types are plain, so that JSON and CSV work."""
    findings = audit(ROWS, catalogue=CATALOGUE)
    assert list(findings.columns) == list(COLUMNS)
    assert findings["finding_id"].tolist() == ["count_above_base:A1", "share:C1", "share:B1"]
    assert findings["weight"].tolist() == [10, 10, 1]
    assert {name: str(kind) for name, kind in findings.dtypes.items() if kind != "str"} == {
        "complement": "bool",
        "gap": "float64",
        "weight": "float64",
        "acknowledged": "bool",
    }
    assert findings.to_json(orient="records", force_ascii=False).startswith(
        '[{"finding_id":"count_above_base:A1"'
    )


def test_a_finding_names_its_place_and_period() -> None:
    """The country by its name in each language, an inferred province with its mark, both ends of a period."""
    findings = audit(ROWS, catalogue=CATALOGUE).set_index("observation_ids")
    assert findings["place_vi"].to_dict() == {
        "A1": "Tây Nguyên",
        "C1": "Cả nước",
        "B1": "Phú Quý (Bình Thuận*)",
    }
    assert findings["place_en"]["C1"] == "Whole country"
    assert findings["place_en"]["B1"] == "Phú Quý (Binh Thuan*)"
    assert findings["period_start"].to_dict() == {"A1": "", "C1": "2010", "B1": "2012-01"}
    assert findings["period_end"].to_dict() == {"A1": "", "C1": "2010", "B1": "2012-06"}


def test_a_finding_quotes_the_word_of_its_source() -> None:
    """Above, nearly and about aren't one word: what is printed stands in the message as it is printed."""
    row = {"count": 22, "base": 41, "percent": 4.8, "qualifier": "about", "printed": "22; trên 4,8%"}
    (finding,) = audit(pd.DataFrame([row]), catalogue=CATALOGUE).to_dict("records")
    assert finding["message_en"] == "22/41 = 53.66%, printed “trên 4,8%”"
    assert finding["message_vi"] == "22/41 = 53,66%, nhưng nguồn ghi “trên 4,8%”"


def test_no_findings_are_a_frame_with_the_same_columns_and_types() -> None:
    """A clean table gives no rows, and its summary none."""
    clean = audit(ROWS.iloc[:0], catalogue=CATALOGUE)
    assert clean.dtypes.equals(audit(ROWS, catalogue=CATALOGUE).dtypes)
    assert len(summary(clean)) == 0
    assert len(touching(clean, "C1")) == 0


def test_an_acknowledged_finding_stays_with_its_reason() -> None:
    """Acknowledging hides nothing: the finding is listed, marked, with the reason in both languages."""
    reasons = {"share:C1": Words(vi="nguồn in nhầm", en="a misprint")}
    findings = audit(ROWS, catalogue=CATALOGUE, acknowledged=reasons).set_index("finding_id")
    assert findings["acknowledged"].to_dict() == {
        "count_above_base:A1": False,
        "share:C1": True,
        "share:B1": False,
    }
    assert findings["reason_en"]["share:C1"] == "a misprint"
    assert findings["reason_vi"].tolist() == ["", "nguồn in nhầm", ""]


def test_an_acknowledgement_that_nothing_answers_to_goes_stale_loudly() -> None:
    """It stands above all findings, unacknowledged, with the heaviest weight; a wrong code is named."""
    why = Words(vi="cũ", en="old")
    findings = audit(ROWS, catalogue=CATALOGUE, acknowledged={"share:Z9+Z8": why, "shares:C1": why})
    assert findings["code"].tolist()[:2] == ["stale_acknowledgement"] * 2
    first, second = findings.iloc[0], findings.iloc[1]
    assert (first["finding_id"], first["weight"]) == ("stale_acknowledgement:share:Z9+Z8", 100)
    assert (first["observation_ids"], bool(first["acknowledged"])) == ("Z9;Z8", False)
    assert (
        first["message_en"]
        == "share:Z9+Z8 is acknowledged, but there is no such finding any more: remove the line"
    )
    assert "share:Z9+Z8" in first["message_vi"]
    assert second["message_en"].endswith("('shares' is no code of the audit)")


def test_the_summary_counts_by_code() -> None:
    """One row a code, the heaviest first, with names in both languages."""
    reasons = {"share:C1": Words(vi="a", en="b")}
    counted = summary(audit(ROWS, catalogue=CATALOGUE, acknowledged=reasons))
    assert counted.drop(columns=["name_vi", "name_en"]).to_numpy().tolist() == [
        ["count_above_base", 1, 0, 1, 10.0],
        ["share", 2, 1, 2, 10.0],
    ]
    assert counted["name_vi"][0] == CODES["count_above_base"].vi
    other = pd.DataFrame(
        {"code": ["own"], "observation_ids": [""], "acknowledged": [False], "weight": [1.0]},
    )
    assert summary(other).to_numpy().tolist() == [["own", "own", "own", 1, 0, 0, 1.0]]


def test_touching_picks_the_findings_of_one_observation() -> None:
    """The observation has to stand in the sum; a part of an id is no id."""
    findings = audit(ROWS, catalogue=CATALOGUE)
    assert touching(findings, "B1")["finding_id"].tolist() == ["share:B1"]
    assert touching(findings, "B").empty
    assert touching(findings, "").empty
    assert touching(findings, ["B1", "A1", "Z"])["finding_id"].tolist() == [
        "count_above_base:A1",
        "share:B1",
    ]


def test_what_could_be_checked_is_told_apart_from_what_holds() -> None:
    """9 of 10 as 80% and two counts of one quantity are checked; 14 of 19, 22 of 20 and 97% alone aren't."""
    records = [
        {"observation_id": "A", "count": 9, "base": 10, "percent": 80.0},
        {"observation_id": "B", "count": 14, "base": 19},
        {"observation_id": "C", "count": 22, "base": 20},
        {"observation_id": "D", "indicator": "org_count", "count": 5, "period_start": "2010"},
        {
            "observation_id": "E",
            "indicator": "org_count",
            "count": 5.0,
            "period_start": "2010",
            "source_id": "x",
        },
        {"observation_id": "F", "percent": 97.0},
    ]
    tried = checked(pd.DataFrame(records), catalogue=CATALOGUE)
    assert tried["observation_id"].tolist() == ["A", "D", "E"]
    apart = pd.DataFrame([*records[3:4], records[4] | {"count": 6}])
    assert checked(apart, catalogue=CATALOGUE)["observation_id"].tolist() == ["D", "E"]


# ----------------------------------------------------------------------------------------- the reviewed file


def write(folder: Path, text: str) -> Path:
    """Write an acknowledgement file."""
    file = folder / "acknowledged.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_reviewed_file_gives_reasons_by_finding(tmp_path: Path) -> None:
    """Reasons in both languages, commas in quotes; no file, no acknowledgements."""
    file = write(tmp_path, 'finding_id,reason_vi,reason_en\nshare:C1,"một, hai","one, two"\n')
    assert read_acknowledged(file) == {"share:C1": Words(vi="một, hai", en="one, two")}
    assert read_acknowledged(tmp_path / "none.csv") == {}


def test_every_fault_of_the_reviewed_file_is_listed(tmp_path: Path) -> None:
    """A reason that is missing, an id that stands twice and a short row are reported together."""
    text = "finding_id,reason_vi,reason_en\na,x,\nb,x,y\nb,x,y\nc,x\n"
    with pytest.raises(DataError) as caught:
        read_acknowledged(write(tmp_path, text))
    assert [(fault.what, fault.row) for fault in caught.value.faults] == [
        ("row has 2 cells", 5),
        ("empty cell", 2),
        ("acknowledged twice", 4),
    ]


def test_a_wrong_header_of_the_reviewed_file_is_shown(tmp_path: Path) -> None:
    """The header that is there, and the one that is wanted."""
    with pytest.raises(
        DataError, match=r"wrong header .*found 'id,reason'.*allowed: finding_id,reason_vi,reason_en"
    ):
        read_acknowledged(write(tmp_path, "id,reason\n"))


# ---------------------------------------------------------------------------------------------------- data/


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    """Return the published figures, as text."""
    return pd.read_csv(data_folder() / "observations.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def findings(observations: pd.DataFrame) -> pd.DataFrame:
    """Return what the audit finds in data/."""
    reasons = read_acknowledged(data_folder() / "acknowledged.csv")
    return audit(observations, catalogue=CATALOGUE, acknowledged=reasons)


@pytest.mark.parametrize(
    ("code", "place", "end", "shown"),
    [
        ("share_total", "Cần Thơ", "2016", "439/709 = 61.92%, printed 62.62%"),
        ("sum_percent", "Cả nước", "2010", "= 91.55%, not 100%"),
        (
            "share",
            "Đảng bộ Khối Dân - Chính - Đảng (TP. Hồ Chí Minh)",
            "2011",
            "6,240/6,517 = 95.75%, printed 94.9%",
        ),
        ("sum_count", "Dĩ An (Bình Dương)", "2022", "29 + 99 + 13 = 141, not 142"),
        ("share", "Đảng bộ Văn phòng UBND tỉnh (Hòa Bình)", "2021", "9/10 = 90.00%, printed 80%"),
        ("grim", "Ninh Phước (Ninh Thuận)", "2020", "2,188 comes nearest"),
        ("above_100", "Bắc Từ Liêm (Hà Nội)", "2023", "printed 101.6%"),
        ("disagree", "Bắc Kạn", "1997", "302"),
        ("mean_range", "Hòa Bình", "2005", "at least 64.70%"),
        ("share_total", "Thuận Nam (Ninh Thuận)", "2011-06", "10/41 = 24.39%, printed 26.6%"),
    ],
)
def test_the_known_inconsistencies_are_found(
    findings: pd.DataFrame, code: str, place: str, end: str, shown: str
) -> None:
    """Each published sum that is known to fail is found by rule, once."""
    matching = findings[
        (findings["code"] == code) & (findings["place_vi"] == place) & (findings["period_end"] == end)
    ]
    assert matching["message_en"].str.contains(shown, regex=False).sum() == 1


def test_no_problem_of_the_data_is_listed_twice(findings: pd.DataFrame) -> None:
    """What fits (60 of 101 as 59.4%) or follows from another slip is no finding of its own."""
    named = findings["finding_id"].str.split(":").str[-1].str.split("+").explode()
    assert not {"L348", "A051", "C094", "B074", "K114"} & set(named)
    assert named.value_counts()[["B039", "K117", "B076", "L116", "L354", "L258"]].eq(1).all()
    (cantho,) = findings.loc[findings["observation_ids"].str.contains("B039"), "message_en"]
    assert cantho.endswith("; a base of 701 fits all")


def test_the_seed_figures_hold(findings: pd.DataFrame) -> None:
    """No finding touches a figure of the five documents: their sums hold."""
    assert not findings["observation_ids"].str.contains(r"(?:^|;)S\d", regex=True).any()


def test_no_acknowledgement_of_data_is_stale(findings: pd.DataFrame) -> None:
    """Each line of the reviewed file explains a finding that is there."""
    assert "stale_acknowledgement" not in set(findings["code"])
    assert findings["acknowledged"].any()


def test_seeds_are_watched(observations: pd.DataFrame) -> None:
    """The same rules do find a seed figure once it is altered: 48 communes, or 80 of 124 as 50%."""
    altered = observations.set_index("observation_id")
    altered.loc["S013", "count"] = "48"
    altered.loc["S006", "count"] = "80"
    found = audit(altered.reset_index(), catalogue=CATALOGUE)
    assert touching(found, "S013")["message_en"].tolist() == ["48 + 10 + 5 = 63, not 64"]
    assert touching(found, "S006")["code"].tolist() == ["share"]
