"""Tables that differ by a word from those that are understood: the right figure, a question, or a refusal."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cbanalysis.common.errors import DataError, by_cause
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations import observation_faults
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import Applied, apply_layout
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import Proposal, propose
from cbanalysis.importing.layouts.records import Layout, Told
from cbanalysis.importing.layouts.vocabulary import Vocabulary
from made_up import writers
from test_import_corpus import as_lines

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()
VOCABULARY, PLACES = Vocabulary(CATALOGUE), Places(GAZETTEER)
RATED = "TT;Tỉnh, thành phố;Tổng số chi bộ được đánh giá;Hoàn thành xuất sắc nhiệm vụ;Hoàn thành tốt nhiệm vụ"

FAILED = "Chưa hoàn thành nhiệm vụ;Không hoàn thành nhiệm vụ"


def proposed(folder: Path, table: str, name: str = "bịa.csv") -> tuple[Proposal, Path]:
    """Return what is proposed for a table of semicolons and lines."""
    path = folder / name
    rows = [line.split(";") for line in table.strip().split("\n")]
    width = max(map(len, rows))
    writers.separated(path, [[*row, *[""] * (width - len(row))] for row in rows], ";")
    return propose(tables(path), VOCABULARY, PLACES), path


def read(folder: Path, table: str) -> Applied:
    """Return what a table says under the layout that is proposed for it without a question."""
    proposal, path = proposed(folder, table)
    assert proposal.questions == ()
    applied = apply_layout(proposal.layout, tables(path), VOCABULARY, PLACES)
    source = CATALOGUE.sources["seed-000"].model_copy(update={"number_style": applied.source["number_style"]})
    catalogue = CATALOGUE.model_copy(update={"sources": {applied.source["source_id"]: source}})
    rows = applied.observations.assign(
        observation_id=[f"X{at:04d}" for at in range(len(applied.observations))]
    )
    assert observation_faults(rows, catalogue=catalogue, gazetteer=GAZETTEER)[1] == []
    return applied


def refused(folder: Path, table: str) -> list[str]:
    """Return the faults that stop a table whose headings raise no question."""
    proposal, path = proposed(folder, table)
    assert proposal.questions == ()
    with pytest.raises(DataError) as caught:
        apply_layout(proposal.layout, tables(path), VOCABULARY, PLACES)
    return [str(fault) for fault in by_cause(caught.value.faults)]


UNDERSTOOD = {
    "thousands parted by blanks before their unit": (
        "Năm 2021\nTỉnh;Tổng số đảng viên\nSơn La;71 250 đảng viên\nLai Châu;1 200 đảng viên",
        ["Sơn La; 2021; org_count member; 71250; B3", "Lai Châu; 2021; org_count member; 1200; B4"],
    ),
    "provinces with figures above their districts are these districts' and sums": (
        "Năm 2021\nĐơn vị;Chi bộ kiểu mẫu\nSơn La;9\nMộc Châu;5\nSốp Cộp;4\nTP Huế;3\nA Lưới;3",
        [
            "Mộc Châu, Sơn La; 2021; model_cells cell; 5; B4",
            "Sốp Cộp, Sơn La; 2021; model_cells cell; 4; B5",
            "A Lưới, Thừa Thiên Huế; 2021; model_cells cell; 3; B7",
        ],
    ),
    "indicators in numbered rows beside their units": (
        (
            "TỈNH ỦY SƠN LA\nBáo cáo năm 2022\nSTT;Nội dung;ĐVT;Kết quả\n"
            "1;Số thôn;thôn;2200\n2;Số thôn có chi bộ;thôn;2190\n3;Đảng viên kết nạp;đảng viên;1.900"
        ),
        [
            "Sơn La; 2022; village_own_cell village; 2190/2200; count:D5 base:D4",
            "Sơn La; 2022; members_admitted member; 1900; D6",
        ],
    ),
    "indicators in rows, a column for each province": (
        "Năm 2022\nTT;Chỉ tiêu;ĐVT;Sơn La;Lai Châu\nI;Chi bộ kiểu mẫu;cb;7;8\nII;Đảng viên kết nạp;đv;5;6",
        [
            "Sơn La; 2022; model_cells cell; 7; D3",
            "Sơn La; 2022; members_admitted member; 5; D4",
            "Lai Châu; 2022; model_cells cell; 8; E3",
            "Lai Châu; 2022; members_admitted member; 6; E4",
        ],
    ),
    "a table that goes on beside itself": (
        "Năm 2022\nTT;Tỉnh;Chi bộ kiểu mẫu;;TT;Tỉnh;Chi bộ kiểu mẫu\n1;Sơn La;7;;3;Hà Nam;9\n2;Lai Châu;8",
        [
            "Sơn La; 2022; model_cells cell; 7; C3",
            "Lai Châu; 2022; model_cells cell; 8; C4",
            "Hà Nam; 2022; model_cells cell; 9; G3",
        ],
    ),
    "tables side by side, each under its own year": (
        "Năm 2021;;Năm 2022\nTỉnh;Chi bộ kiểu mẫu;Tỉnh;Chi bộ kiểu mẫu\nSơn La;7;Sơn La;9",
        ["Sơn La; 2021; model_cells cell; 7; B3", "Sơn La; 2022; model_cells cell; 9; D3"],
    ),
    "a letterhead of two cells right above the headings": (
        "TỈNH UỶ SƠN LA;;Chi bộ kiểu mẫu\nMẫu số 2;;Hà Nội, ngày 9/1/2024\nHuyện;2022;2023\nSốp Cộp;6;7",
        [
            "Sốp Cộp, Sơn La; 2022; model_cells cell; 6; B4",
            "Sốp Cộp, Sơn La; 2023; model_cells cell; 7; C4",
        ],
    ),
    "a letterhead over a part of the columns, and a title beneath it": (
        ";UBND TỈNH SƠN LA\n;Tổng hợp năm 2021\nHuyện;Tổng số thôn;Thôn có chi bộ\nMộc Châu;90;88",
        ["Mộc Châu, Sơn La; 2021; village_own_cell village; 88/90; count:C4 base:B4"],
    ),
    "a unit beneath the table is that of its figures": (
        "Năm 2021\nTỉnh;Tổng số đảng viên\nSơn La;71\nĐVT: nghìn người",
        ["Sơn La; 2021; org_count member; 71000; B3 given in 1,000 in the table"],
    ),
    "months told in words": (
        "Kết quả mười một tháng năm 2021\nTỉnh;Đảng viên kết nạp\nSơn La;71",
        ["Sơn La; 2021-01 to 2021-11; members_admitted member; 71; B3"],
    ),
    "provinces called as their parties are, and with marks that are no number": (
        "Năm 2021\nĐảng bộ;Chi bộ kiểu mẫu\nTỈNH ỦY SƠN LA 1/;7\nĐảng bộ T.P Hồ Chí Minh (1),(2);8",
        [
            "Sơn La; 2021; model_cells cell; 7; B3",
            "Hồ Chí Minh; 2021; model_cells cell; 8; B4",
        ],
    ),
    "days, months and quarters in headings are the periods": (
        "Tổng số chi bộ\nTỉnh;27/04/2021;Tháng 5/2021;Quý II/2021\nHưng Yên;700;710;720",
        [
            "Hưng Yên; 2021-04-27; org_count cell; 700; B3",
            "Hưng Yên; 2021-05; org_count cell; 710; C3",
            "Hưng Yên; 2021-04 to 2021-06; org_count cell; 720; D3",
        ],
    ),
    "all are counted beside a column of those that the title names": (
        "Kết quả kết nạp đảng viên năm 2023\nTỉnh;Số đảng viên;Đảng viên mới kết nạp\nHưng Yên;900;12",
        [
            "Hưng Yên; 2023; org_count member; 900; B3",
            "Hưng Yên; 2023; members_admitted member; 12; C3",
        ],
    ),
    "a title tells how figures are listed": (
        "Số đảng viên phân theo giới tính năm 2023\nTỉnh;Tổng số đảng viên;Nữ\nHưng Yên;900;300",
        [
            "Hưng Yên; 2023; org_count member; 900; B3",
            "Hưng Yên; 2023; org_count member nữ; 300; C3",
        ],
    ),
    "yearbooks number titles and call a year provisional in two languages": (
        "12;Số đảng viên các tỉnh\n;;Người - Person\nTỉnh;2015;Sơ bộ - Prel. 2016\nHưng Yên;1.120;1.236",
        [
            "Hưng Yên; 2015; org_count member; 1120; B4",
            "Hưng Yên; 2016; org_count member; 1236; C4 provisional in the source (Sơ bộ - Prel.)",
        ],
    ),
    "an estimated year is a heading": (
        "Tỷ lệ đảng viên dự sinh hoạt chi bộ\n;ĐVT: %\nTỉnh;Ước 2021\nHưng Yên;92,5",
        ["Hưng Yên; 2021; meeting_attendance member; 92.5%; B4 provisional in the source (Ước)"],
    ),
    "quarters and the whole are of the year in the title": (
        "Kết nạp đảng viên năm 2023\nTỉnh;Quý I;Quý II;Cả năm\nHưng Yên;12;15;56",
        [
            "Hưng Yên; 2023-01 to 2023-03; members_admitted member; 12; B3",
            "Hưng Yên; 2023-04 to 2023-06; members_admitted member; 15; C3",
            "Hưng Yên; 2023; members_admitted member; 56; D3",
        ],
    ),
    "months below a heading are of the year in the title": (
        "6 tháng đầu năm 2023\nTỉnh;Tỷ lệ dự sinh hoạt (%);\n;Tháng 1;Tháng 02\nHưng Yên;92,5;91,5",
        [
            "Hưng Yên; 2023-01; meeting_attendance member; 92.5%; B4",
            "Hưng Yên; 2023-02; meeting_attendance member; 91.5%; C4",
        ],
    ),
    "a negated share is the complement": (
        "Sinh hoạt chi bộ năm 2023\nTỉnh;Tỷ lệ đảng viên không dự sinh hoạt chi bộ (%)\nHưng Yên;3,5",
        ["Hưng Yên; 2023; meeting_attendance member; 3.5%; B3 complement"],
    ),
    "villages not yet with a cell are the complement": (
        "Sinh hoạt chi bộ năm 2023\nTỉnh;Thôn chưa có chi bộ\nHưng Yên;35",
        ["Hưng Yên; 2023; village_own_cell village; 35; B3 complement"],
    ),
    "villages without a cell of all villages are the complement": (
        "Sinh hoạt chi bộ năm 2023\nTỉnh;Tổng số thôn;Thôn không có chi bộ riêng\nHưng Yên;800;35",
        ["Hưng Yên; 2023; village_own_cell village; 35/800; count:C3 base:B3 complement"],
    ),
    "a unit line above the table": (
        "Năm 2023\nĐơn vị tính: nghìn người\nTỉnh;Tổng số đảng viên\nHưng Yên;75\nHải Phòng;130,5",
        [
            "Hưng Yên; 2023; org_count member; 75000; B4 given in 1,000 in the table",
            "Hải Phòng; 2023; org_count member; 130500; B5 given in 1,000 in the table",
        ],
    ),
    "a unit in the heading": (
        "Số đảng viên năm 2023\nTỉnh;Tổng số đảng viên (nghìn)\nHưng Yên;75",
        ["Hưng Yên; 2023; org_count member; 75000; B3 given in 1,000 in the table"],
    ),
    "a unit in digits": (
        "Số đảng viên năm 2023\nTỉnh;Tổng số đảng viên (1.000 người)\nHưng Yên;75",
        ["Hưng Yên; 2023; org_count member; 75000; B3 given in 1,000 in the table"],
    ),
    "per mille": (
        "Dự sinh hoạt năm 2023 (phần nghìn)\nTỉnh;Tỷ lệ đảng viên dự sinh hoạt chi bộ (‰)\nHưng Yên;975",
        ["Hưng Yên; 2023; meeting_attendance member; 97.5%; B3"],
    ),
    "a share whose base stands in the row": (
        "Năm 2023\nTỉnh;Tổng số đảng viên;Tỷ lệ đảng viên dự sinh hoạt chi bộ (%)\nHưng Yên;1622;87,8",
        [
            "Hưng Yên; 2023; org_count member; 1622; B3",
            "Hưng Yên; 2023; meeting_attendance member; /1622 87.8%; base:B3 percent:C3",
        ],
    ),
    "a province before 2004": (
        "Số chi bộ kiểu mẫu năm 2003\nTỉnh;Chi bộ kiểu mẫu\nHà Tây;15",
        ["Hà Tây; 2003; model_cells cell; 15; B3"],
    ),
    "bare years as headings": (
        "Tỷ lệ đảng viên dự sinh hoạt chi bộ (%)\nTỉnh;2022;2023\nBắc Giang;97,5;98,1",
        [
            "Bắc Giang; 2022; meeting_attendance member; 97.5%; B3",
            "Bắc Giang; 2023; meeting_attendance member; 98.1%; C3",
        ],
    ),
    "years with a word as headings": (
        "Tỷ lệ đảng viên dự sinh hoạt chi bộ (%)\nTỉnh;Năm 2022;Sơ bộ 2023\nBắc Giang;97,5;98,1",
        [
            "Bắc Giang; 2022; meeting_attendance member; 97.5%; B3",
            "Bắc Giang; 2023; meeting_attendance member; 98.1%; C3 provisional in the source (Sơ bộ)",
        ],
    ),
    "school years": (
        "Số chi bộ kiểu mẫu\nTỉnh;2021-2022;2022-2023\nBắc Giang;15;16",
        [
            "Bắc Giang; 2021 to 2022; model_cells cell; 15; B3",
            "Bắc Giang; 2022 to 2023; model_cells cell; 16; C3",
        ],
    ),
    "a year before what is counted": (
        "Đảng viên và chi bộ\nTỉnh;2022 Đảng viên;2023 Đảng viên\nBắc Giang;81000;82000",
        ["Bắc Giang; 2022; org_count member; 81000; B3", "Bắc Giang; 2023; org_count member; 82000; C3"],
    ),
    "years as sub-headings alone in their rows": (
        "Tỷ lệ dự sinh hoạt (%)\n\nTỉnh;Chung;Nữ\nSơ bộ 2023\nHưng Yên;97,5;98\n2022\nHưng Yên;96,5;97",
        [
            "Hưng Yên; 2023; meeting_attendance member; 97.5%; B5 provisional in the source (Sơ bộ)",
            "Hưng Yên; 2023; meeting_attendance member nữ; 98%; C5 provisional in the source (Sơ bộ)",
            "Hưng Yên; 2022; meeting_attendance member; 96.5%; B7",
            "Hưng Yên; 2022; meeting_attendance member nữ; 97%; C7",
        ],
    ),
    "men are no year": (
        "Sinh hoạt chi bộ năm 2023\nTỉnh;Đảng viên;Nam;Nữ\nHưng Yên;8000;5000;3000",
        [
            "Hưng Yên; 2023; org_count member; 8000; B3",
            "Hưng Yên; 2023; org_count member nam; 5000; C3",
            "Hưng Yên; 2023; org_count member nữ; 3000; D3",
        ],
    ),
    "blanks that group thousands": (
        "Năm 2023\nTỉnh;Số chi bộ kiểu mẫu\nHưng Yên;1 200\nHải Phòng;2\N{NO-BREAK SPACE}300",
        ["Hưng Yên; 2023; model_cells cell; 1200; B3", "Hải Phòng; 2023; model_cells cell; 2300; B4"],
    ),
    "figures that look like years": (
        "Số đảng viên năm 2023\nTỉnh;Tổng số đảng viên\nHưng Yên;2000\nHải Phòng;1950",
        ["Hưng Yên; 2023; org_count member; 2000; B3", "Hải Phòng; 2023; org_count member; 1950; B4"],
    ),
    "a place that hasn't reported": (
        f"Xếp loại chi bộ năm 2023\n{RATED}\n1;Hải Phòng;chưa báo cáo;;chưa báo cáo\n2;Hưng Yên;1000;150;812",
        [
            "Hưng Yên; 2023; org_count cell rated; 1000; C4",
            "Hưng Yên; 2023; org_quality_rating cell excellent; 150/1000; count:D4 base:C4",
            "Hưng Yên; 2023; org_quality_rating cell good; 812/1000; count:E4 base:C4",
        ],
    ),
    "the day of the export is no period": (
        "Số chi bộ kiểu mẫu năm 2023\nNgày xuất dữ liệu: 15/08/2026 09:30\nTỉnh;Chi bộ kiểu mẫu\nHưng Yên;15",
        ["Hưng Yên; 2023; model_cells cell; 15; B4"],
    ),
    "the kind of unit in a column of its own": (
        "Số chi bộ kiểu mẫu năm 2023\nCấp;Tỉnh;Chi bộ kiểu mẫu\nTỉnh;Hưng Yên;15\nThành phố;Hải Phòng;20",
        ["Hưng Yên; 2023; model_cells cell; 15; C3", "Hải Phòng; 2023; model_cells cell; 20; C4"],
    ),
    "figures that look like years beside the kind of unit": (
        "Số chi bộ kiểu mẫu năm 2023\nCấp;Tỉnh;Chi bộ kiểu mẫu\nTỉnh;Hưng Yên;2006\nThành phố;Hải Phòng;20",
        ["Hưng Yên; 2023; model_cells cell; 2006; C3", "Hải Phòng; 2023; model_cells cell; 20; C4"],
    ),
    "half a year": (
        "Số chi bộ kiểu mẫu 6 tháng đầu năm 2023\nTỉnh;Chi bộ kiểu mẫu\nHưng Yên;15",
        ["Hưng Yên; 2023-01 to 2023-06; model_cells cell; 15; B3"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNDERSTOOD)
def test_every_word_of_a_heading_counts(case: str, tmp_path: Path) -> None:
    """A table is read as all of its words say: negations, units, years, kinds of people."""
    table, expected = UNDERSTOOD[case]
    applied = read(tmp_path, table)
    lines = []
    for line, row in zip(as_lines(applied), applied.observations.to_dict("records"), strict=True):
        if row["category"] and not row["category_id"]:
            line = line.replace(f" {row['subject']};", f" {row['subject']} {row['category']};")  # noqa: PLW2901
        lines.append(" ".join(filter(None, (line, "complement" * (row["complement"] == "yes"), row["note"]))))
    assert lines == expected


DISTRICTS = "Số liệu tỉnh Hưng Yên\n;Chi bộ kiểu mẫu 2022;Chi bộ kiểu mẫu 2023\n" + "\n".join(
    f"Huyện {name};6;7" for name in ("Một", "Hai", "Ba", "Bốn", "Năm")
)
ASKED = {
    "a long table: one figure a row, of many indicators": (
        "Tỉnh;Năm;Tên chỉ tiêu;Giá trị\nSơn La;2021;Tổng số chi bộ;120\nSơn La;2021;Đảng viên kết nạp;9",
        ["each row under 'Tên chỉ tiêu' is of another indicator ('Tổng số chi bộ'): give each a column"],
    ),
    "few words in letters of before Unicode": (
        "N¨m 2022\nTØnh;Chi bé\nHµ Nam;120",
        ["is 'Hµ Nam' 'Hà Nam' in letters of before Unicode? (--letters tcvn3)"],
    ),
    "provinces above names that nobody knows": (
        "Năm 2021\nĐơn vị;Chi bộ kiểu mẫu\nSơn La;9\nTrường Đại học;5\nHà Nam;4\nBệnh viện;4",
        ["which province are the figures of?"],
    ),
    "the same measures of two things side by side": (
        "Năm 2021\nTỉnh;Chi bộ;;;Thôn;\n;SL;%;;SL;%\nSơn La;9;5;;8;4",
        ["a share of what is"],
    ),
    **{
        f"what a line above says of only some: {line}": (
            f"{line} năm 2023\nTỉnh;Tổng số chi bộ;Chi bộ kiểu mẫu\nSơn La;50;9",
            [f"that 'Tổng số chi bộ' is of? (not understood: '{rest}", "that 'Chi bộ kiểu mẫu' is of?"],
        )
        for line, rest in {
            "(Không tính lực lượng vũ trang)": "tính lực lượng",
            "THÀNH THỊ,": "thành thị",
            "Ở các trường phổ thông": "trường phổ",
        }.items()
    },
    "a period without its end": (
        "Đảng viên kết nạp kể từ năm 2020\nTỉnh;Đảng viên kết nạp\nSơn La;50",
        ["which year or date are the figures of?"],
    ),
    "a period without its beginning": (
        "Chi bộ kiểu mẫu trước ngày 1/7/2025\nTỉnh;Chi bộ kiểu mẫu\nSơn La;50",
        ["which year or date are the figures of?"],
    ),
    "a class that its year's scheme doesn't have (2015)": (
        f"Xếp loại chi bộ năm 2015\n{RATED}\n1;Hải Phòng;1200;204;900",
        ["the rating scheme of 2015 has no category 'Hoàn thành xuất sắc nhiệm vụ'"],
    ),
    "a class that its year's scheme doesn't have (2017)": (
        f"Xếp loại chi bộ năm 2017\n{RATED}\n1;Hải Phòng;1200;204;900",
        ["the rating scheme of 2017 has no category 'Hoàn thành xuất sắc nhiệm vụ'"],
    ),
    "a class of its own, and two words for failed": (
        f"Xếp loại năm 2023\n{RATED};Hoàn thành cơ bản nhiệm vụ;{FAILED}\n1;Hải Phòng;1200;204;800;30;10;6",
        [
            "'Chưa hoàn thành nhiệm vụ' and 'Không hoàn thành nhiệm vụ' seem to mean the same",
            "'Hoàn thành cơ bản nhiệm vụ'? (it speaks of a class of its own)",
        ],
    ),
    "a slip in an abbreviation": (
        "Xếp loại chi bộ năm 2023\nTỉnh;HTSXNV;HTTNV\nHải Phòng;204;800",
        ["'HTSXNV'? (not understood: 'htsxnv'; did you mean htxsnv"],
    ),
    "words that nobody knows beside a known phrase": (
        "Năm 2023\nTỉnh;Chi bộ kiểu mẫu bị thu hồi danh hiệu\nHưng Yên;3",
        ["(not understood: 'bị thu hồi'"],
    ),
    "a rank": (
        "Năm 2023\nTỉnh;Thứ hạng dự sinh hoạt\nHưng Yên;3",
        ["'Thứ hạng dự sinh hoạt'? (it speaks of a rank)"],
    ),
    "a target": (
        "Năm 2023\nTỉnh;Chỉ tiêu chi bộ kiểu mẫu\nHưng Yên;3",
        ["'Chỉ tiêu chi bộ kiểu mẫu'? (it speaks of a plan or target)"],
    ),
    "a change": (
        "Năm 2023\nTỉnh;Chi bộ kiểu mẫu tăng so với 2022\nHưng Yên;3",
        ["(it speaks of an increase, a change)"],
    ),
    "money": (
        "Năm 2023\nTỉnh;Tổng số đảng viên (triệu đồng)\nHưng Yên;3",
        ["'Tổng số đảng viên (triệu đồng)' is in money"],
    ),
    "an unknown unit": (
        "Năm 2023\nĐơn vị tính: héc-ta\nTỉnh;Chi bộ kiểu mẫu\nHưng Yên;3",
        ["in what unit are the figures? (not understood: 'héc-ta')"],
    ),
    "months of which of two years": (
        "Kết nạp đảng viên năm 2022, 2023\nTỉnh;Tháng 1;Tháng 2\nHưng Yên;12;15",
        ["what is the column 'Tháng 1'?"],
    ),
    "a part of a year beside none of its kind": (
        "Kết nạp đảng viên năm 2023\nTỉnh;Tổng số;Quý IV\nHưng Yên;12;5",
        ["what is the column 'Quý IV'?"],
    ),
    "sums since January": (
        "Lũy kế số đảng viên kết nạp năm 2023\nTỉnh;Tháng 1;Tháng 2\nHưng Yên;12;15",
        ["lũy kế"],
    ),
    "counts beneath a title that names only some": (
        "Chi bộ quân sự năm 2023\nTỉnh;Tổng số chi bộ;Số đảng viên\nHưng Yên;15;120",
        [
            "is 'Chi bộ quân sự năm 2023' all that 'Tổng số chi bộ' is of? (not understood: 'quân sự')",
            "all that 'Số đảng viên' is of? (not understood: 'quân sự')",
        ],
    ),
    "counts beneath a title that names some of a kind": (
        "Đảng viên là nữ năm 2023\nTỉnh;Số đảng viên\nHưng Yên;120",
        ["all that 'Số đảng viên' is of? (not understood: 'nữ')"],
    ),
    "counts beneath a title that names an indicator": (
        "Kết quả kết nạp đảng viên năm 2023\nTỉnh;Số đảng viên\nHưng Yên;120",
        ["all that 'Số đảng viên' is of? (not understood: 'Kết nạp đảng viên')"],
    ),
    "counts beneath a title that names a rating": (
        "Chi bộ hoàn thành xuất sắc nhiệm vụ năm 2023\nTỉnh;Số chi bộ\nHưng Yên;120",
        ["all that 'Số chi bộ' is of? (not understood: 'hoàn thành xuất sắc nhiệm vụ')"],
    ),
    "ratings beneath a title that names only some": (
        "Xếp loại chi bộ trong doanh nghiệp năm 2023\nTỉnh;Hoàn thành tốt nhiệm vụ\nHưng Yên;120",
        ["all that 'Hoàn thành tốt nhiệm vụ' is of? (not understood: 'doanh nghiệp')"],
    ),
    "a class in a title": (
        "Số chi bộ xếp loại II\nTỉnh;2022;2023\nHưng Yên;15;16",
        ["(not understood: 'ii')"],
    ),
    "a class in a heading": (
        "Năm 2023\nTỉnh;Số chi bộ loại A\nHưng Yên;15",
        ["'Số chi bộ loại A'? (not understood: 'a')"],
    ),
    "some, and not said which": (
        "Năm 2023\nTỉnh;Số chi bộ đạt;Số đảng viên được công nhận\nHưng Yên;15;120",
        ["what is the column 'Số chi bộ đạt'?", "what is the column 'Số đảng viên được công nhận'?"],
    ),
    "cells of villages": (
        "Năm 2023\nTỉnh;Số chi bộ thôn\nHưng Yên;15",
        ["'Số chi bộ thôn'? (it names several things: cell, village)"],
    ),
    "a table without its period": (
        "Xếp loại chi bộ\nHưng Yên, ngày 15/8/2026\nTỉnh;Chi bộ kiểu mẫu\nHưng Yên;15",
        ["which year or date are the figures of?"],
    ),
    "a table of another country": (
        "Members in 2023\nState;Total members\nTexas;15\nOhio;16\nUtah;3",
        ["no Vietnamese province in it"],
    ),
    "women behind a count of cells": (
        "Năm 2023\nTỉnh;Số chi bộ kiểu mẫu;Nữ\nHưng Yên;15;3",
        ["what is the column 'Nữ'?"],
    ),
    "thousands with three digits behind a comma": (
        "Năm 2023\nĐơn vị tính: nghìn người\nTỉnh;Tổng số đảng viên\nHưng Yên;75,125\nBắc Giang;98,250",
        ["is '75,125' a whole number, or one with decimals? (--number-style vi"],
    ),
    "shares that may be fractions of 1": (
        "Năm 2023\nTỉnh;Tỷ lệ dự sinh hoạt (%)\nHưng Yên;0,4\nBắc Giang;0,93",
        ["is 0.4 in 'Tỷ lệ dự sinh hoạt (%)' a share of 1, or so many percent? (--percent-as fraction"],
    ),
    "names of districts that nobody knows without a heading": (
        DISTRICTS,
        ["what is the column '(column 1)'?"],
    ),
    "a title that says more than the columns": (
        "Tỷ lệ đảng viên trẻ dự sinh hoạt chi bộ (%)\nTỉnh;2022;2023\nBắc Giang;97,5;98,1",
        ["(not understood: 'trẻ')"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ASKED)
def test_what_a_heading_leaves_open_is_asked(case: str, tmp_path: Path) -> None:
    """A question shows the words that aren't understood; nothing is guessed."""
    table, expected = ASKED[case]
    questions = proposed(tmp_path, table)[0].questions
    assert [part for part in expected if not any(part in question for question in questions)] == []


OPEN = "Năm 2023\nĐơn vị tính: nghìn người\nTỉnh;Tổng số đảng viên\nHưng Yên;75,125\nBắc Giang;98,250"
SHARES = "Năm 2023\nTỉnh;Tỷ lệ dự sinh hoạt (%)\nHưng Yên;0,4\nBắc Giang;0,93"


@pytest.mark.parametrize(
    ("table", "told", "count", "percent"),
    [
        (OPEN, Told(number_style="vi"), "75125", ""),
        (OPEN, Told(number_style="en"), "75125000", ""),
        (SHARES, Told(percent_as="percent"), "", "0.4"),
        (SHARES, Told(percent_as="fraction"), "", "40"),
    ],
)
def test_a_person_says_how_numbers_are_written(
    table: str, told: Told, count: str, percent: str, tmp_path: Path
) -> None:
    """What cells leave open is said once and holds for all of them."""
    path = tmp_path / "bịa.csv"
    path.write_text(table, encoding="utf-8")
    grids = tables(path)
    proposal = propose(grids, VOCABULARY, PLACES, told)
    assert proposal.questions == ()
    first = apply_layout(proposal.layout, grids, VOCABULARY, PLACES).observations.iloc[0]
    assert (first["count"], first["percent"]) == (count, percent)


def test_small_shares_beside_large_ones_are_percent(tmp_path: Path) -> None:
    """0.75 beside 51 in another class of the same rating is less than one percent, no fraction."""
    text = "Xếp loại chi bộ năm 2023\nTỉnh;HTTNV (%);KHTNV (%)\nHưng Yên;51,0;0,75\nBắc Giang;60,5;0,5"
    assert proposed(tmp_path, text)[0].questions == ()


def test_the_base_of_ratings_is_the_column_that_they_add_up_to(tmp_path: Path) -> None:
    """20 + 60 + 15 + 5 are the 100 rated ones, not the 120 there are; the proposal says so."""
    table = (
        "Xếp loại đảng viên năm 2024\nĐơn vị;Tổng số đảng viên;Đã xếp loại;Hoàn thành xuất sắc nhiệm vụ;"
        "Hoàn thành tốt nhiệm vụ;Hoàn thành nhiệm vụ;Không hoàn thành nhiệm vụ\nHải Phòng;120;100;20;60;15;5"
    )
    proposal, _ = proposed(tmp_path, table)
    assert "the base of the ratings is 'Đã xếp loại': 20 + 60 + 15 + 5 = 100" in proposal.remarks
    assert {figure.base for figure in proposal.layout.tables[0].figures if figure.category_id} == {
        "Đã xếp loại"
    }


def test_country_and_regions_stay_figures_of_their_own_where_no_sum_gives_them(tmp_path: Path) -> None:
    """Shares of the country and a region are kept; a province of before 2008 without figures is no fault."""
    table = (
        "Meeting attendance by province (%)\n\n;2014;2015;Pre. 2016\nWHOLE COUNTRY;95.5;95.9;96.2\n"
        "Red River Delta;96.0;96.4;96.7\nHa Noi;96.1;96.3;96.8\nHa Tay;..;..;.."
    )
    applied = read(tmp_path, table)
    rows = applied.observations[["geo_level", "province", "area", "period_end", "percent", "note"]]
    early = "provisional in the source (Pre.)"
    assert rows.to_numpy().tolist() == [
        [level, province, area, year, share, early if year == "2016" else ""]
        for level, province, area, shares in (
            ("country", "", "", ("95.5", "95.9", "96.2")),
            ("region", "", "Red River Delta", ("96", "96.4", "96.7")),
            ("province", "Hà Nội", "", ("96.1", "96.3", "96.8")),
        )
        for year, share in zip(("2014", "2015", "2016"), shares, strict=True)
    ]


def test_a_total_that_is_not_the_sum_of_its_parts_is_told(tmp_path: Path) -> None:
    """15 and 20 are 35, not the 30 of the last row, which stays out."""
    applied = read(
        tmp_path, "Số chi bộ kiểu mẫu năm 2023\nTỉnh;Chi bộ kiểu mẫu\nHưng Yên;15\nHải Phòng;20\nCả nước;30"
    )
    assert applied.remarks == ("'Cả nước' says 30 under 'Chi bộ kiểu mẫu', its parts sum up to 35",)
    assert len(applied.observations) == 2


@pytest.mark.parametrize(
    "whole", ["Toàn Đảng bộ tỉnh", "Cộng (A+B)", "Cả tỉnh", "Tổng số toàn huyện", "TỔNG CỘNG (I+II)"]
)
def test_the_whole_is_no_district(whole: str, tmp_path: Path) -> None:
    """A row that sums up the others is left out by whatever words say so; communes may begin with them."""
    title = "Số đảng viên tỉnh Hưng Yên năm 2022\nĐơn vị;Số đảng viên\n"
    applied = read(tmp_path, f"{title}Cộng Hòa;951\nToàn Thắng;962\nTổng Cọt;10\n{whole};1923")
    assert applied.observations["area"].tolist() == ["Cộng Hòa", "Toàn Thắng", "Tổng Cọt"]


@pytest.mark.parametrize(
    "whole", ["Cộng", "Tổng số", "Cộng Hưng Yên", "Toàn tỉnh Hưng Yên", "Tổng số tỉnh Hưng Yên"]
)
def test_a_sum_beside_its_province_is_no_district(whole: str, tmp_path: Path) -> None:
    """A row whose district is the whole is left out; it is the sum of the rows of its province."""
    title = "Số đảng viên năm 2022\nTỉnh;Huyện;Số đảng viên\n"
    rows = f"Hưng Yên;Văn Lâm;951\nHưng Yên;Yên Mỹ;962\nHưng Yên;{whole};1913\nBắc Giang;Lục Nam;10\n"
    applied = read(tmp_path, f"{title}{rows}Bắc Giang;{whole};11")
    assert applied.observations["area"].tolist() == ["Văn Lâm", "Yên Mỹ", "Lục Nam"]
    assert applied.remarks == (f"'{whole}' says 11 under 'Số đảng viên', its parts sum up to 10",)


@pytest.mark.parametrize("text", ["Cùng kỳ năm 2022", "Tỷ lệ (%)", "Chỉ tiêu", "Σ", "Chi bộ cơ quan"])
def test_a_row_of_words_of_tables_is_no_place(text: str, tmp_path: Path) -> None:
    """What compares, plans or sums up among districts is refused; a commune may be called Năm Căn."""
    table = "Tỉnh Cà Mau năm 2023\nĐơn vị;Số đảng viên\nĐầm Dơi;90\nNăm Căn;80\n{};85"
    (fault,) = refused(tmp_path, table.format(text))
    assert f"A5: not the name of a place that is known (found '{text}')" in fault
    assert read(tmp_path, table.format("U Minh")).observations["area"].tolist() == [
        "Đầm Dơi",
        "Năm Căn",
        "U Minh",
    ]


@pytest.mark.parametrize(
    ("header", "names", "other"),
    [
        ("Đơn vị", ["Kim Động", "Tiên Lữ", "Công an tỉnh", "TX Mỹ Hào"], "Cộng dồn"),
        ("Đơn vị", ["Kim Động", "Huyện Tiên Lữ"], "Phù Cừu"),
        ("Huyện", ["Huyện Kim Động", "Huyện Tiên Lữ"], "Huyện khác"),
        ("Quận, huyện", ["Q.1", "Quận 3", "Thủ Đức"], "5"),
        ("Xã", ["Xã Tân Dân", "Minh Tân", "Tân Phú"], "Cộng dồn"),
        ("Xã", ["Xã Tân Dân", "Minh Tân", "Tân Phú"], "Khác"),
    ],
)
def test_a_name_that_is_no_place_is_refused(
    header: str, names: list[str], other: str, tmp_path: Path
) -> None:
    """Without its kind a district is one of the register, a commune has two words spelled as the others'."""
    province = "TP Hồ Chí Minh" if "Q.1" in names else "Tỉnh Hưng Yên"
    table = "\n".join([f"{province} năm 2021", f"{header};Chi bộ kiểu mẫu", *(f"{name};9" for name in names)])
    assert read(tmp_path, table).observations["area"].tolist() == names
    (fault,) = refused(tmp_path, f"{table}\n{other};9")
    assert f"A{len(names) + 3}: not the name of a place that is known (found '{other}')" in fault
    assert ("did you mean Phù Cừ?" in fault) == (other == "Phù Cừu")


def test_a_district_among_its_communes_is_refused(tmp_path: Path) -> None:
    """Kim Động above its communes is no commune, until July 2025; then communes took names of districts."""
    table = "Tỉnh Hưng Yên năm {}\nĐơn vị;Chi bộ kiểu mẫu\nKim Động;15\nXã Toàn Thắng;3\nXã Vĩnh Xá;12"
    assert "A3: not a commune (found 'Kim Động')" in refused(tmp_path, table.format(2022))[0]
    assert len(read(tmp_path, table.format(2026)).observations) == 3


def test_a_count_of_others_than_its_column_is_of_is_refused(tmp_path: Path) -> None:
    """15 cells are no members, 15 comrades are."""
    table = "Năm 2022\nTỉnh;Tổng số đảng viên\nSơn La;15 {}\nHà Nam;20 đảng viên"
    assert (
        "B3: a figure of others than its column is of (cell)" in refused(tmp_path, table.format("chi bộ"))[0]
    )
    assert read(tmp_path, table.format("đồng chí")).observations["count"].tolist() == ["15", "20"]


def test_a_unit_of_persons_is_none_of_cells(tmp_path: Path) -> None:
    """Of 1,000 persons 71,2 are 71,200 members; 1,200 cells are asked about."""
    table = "Năm 2022\nĐơn vị tính: 1000 người\nTỉnh;{}Tổng số đảng viên\nSơn La;{}71,2"
    assert read(tmp_path, table.format("", "")).observations["count"].tolist() == ["71200"]
    (question,) = proposed(tmp_path, table.format("Tổng số chi bộ;", "1200;"))[0].questions
    assert question == "in what unit is 'Tổng số chi bộ'? (the table's is of persons)"


def test_a_person_says_that_a_title_names_no_part(tmp_path: Path) -> None:
    """What is asked about a line above needs no edit: a part of the line answers for all of its columns."""
    proposal, path = proposed(tmp_path, "Kết quả đại hội năm 2020\nTỉnh;Tổng số TCCSĐ\nSơn La;80")
    assert [question[:26] for question in proposal.questions] == ["is 'Kết quả đại hội năm 20"]
    said = propose(tables(path), VOCABULARY, PLACES, Told(all_of=("Đại hội",)))
    assert said.questions == ()
    assert [one.subject for one in said.layout.tables[0].figures] == ["grassroots_org"]


@pytest.mark.parametrize("name", ["Quan Hóa", "Quan Sơn", "H. Quan Hóa", "huyện Quan Sơn"])
def test_a_district_whose_name_begins_as_a_kind_is_one(name: str) -> None:
    """Quan is no quận there."""
    assert PLACES.is_district(name)


def test_a_kind_beside_a_name_that_has_its_own_is_no_part_of_it(tmp_path: Path) -> None:
    """Huyện in a column of its own makes Kim Động "Huyện Kim Động"; a town stays a town."""
    table = "Tỉnh Hưng Yên năm 2021\nCấp;Đơn vị;Chi bộ kiểu mẫu\nHuyện;Kim Động;9\nHuyện;Thị xã Mỹ Hào;8"
    assert read(tmp_path, table).observations["area"].tolist() == ["Huyện Kim Động", "Thị xã Mỹ Hào"]


def test_a_place_in_both_halves_of_a_table_is_refused(tmp_path: Path) -> None:
    """7 and 9 cells of one province side by side contradict one another."""
    halves = "Năm 2021\nTỉnh;Chi bộ kiểu mẫu;;Tỉnh;Chi bộ kiểu mẫu\nSơn La;7;;Hà Nam;8\nLai Châu;5;;{};9"
    assert "E4: the same place and period twice (found '9')" in refused(tmp_path, halves.format("Sơn La"))[0]
    assert len(read(tmp_path, halves.format("Hải Phòng")).observations) == 4


def test_names_that_are_few_of_them_districts_are_communes(tmp_path: Path) -> None:
    """Beneath "Đơn vị" names that the register of districts doesn't have are those of communes."""
    table = "Tỉnh Hưng Yên năm 2021\nĐơn vị;Chi bộ kiểu mẫu\n{};7\n{};9"
    for names, level in ((("Tân Dân", "Minh Tân"), "commune"), (("Kim Động", "Tiên Lữ"), "district")):
        assert set(read(tmp_path, table.format(*names)).observations["geo_level"]) == {level}


def test_a_share_of_nothing_is_refused_or_asked_about(tmp_path: Path) -> None:
    """12% beside all 90 cells is a share of nobody knows what; women among those admitted are a share."""
    for cell in ("90 (12%)", "12%", "9/10"):
        assert "B3: a share in a column of counts, of what isn't said" in "".join(
            refused(tmp_path, f"Năm 2021\nTỉnh;Tổng số chi bộ\nSơn La;{cell}")
        )
    assert "B3: a share" in refused(tmp_path, "Năm 2021\nTỉnh;Số thôn;Thôn có chi bộ\nSơn La;9 (3%);8")[0]
    asked, _ = proposed(tmp_path, "Năm 2021\nTỉnh;Chi bộ kiểu mẫu;Tỷ lệ (%)\nSơn La;9;3,5")
    assert asked.questions == ("a share of what is 'Tỷ lệ (%)'?",)
    women = read(tmp_path, "Năm 2021\nTỉnh;Đảng viên kết nạp;Nữ\nSơn La;90;9 (10%)").observations
    assert women["percent"].tolist() == ["", "10"]


def test_what_stands_under_a_table_is_told(tmp_path: Path) -> None:
    """A line without a mark may say whom the figures leave out; who signed where says nothing of them."""
    table = "Năm 2021\nTỉnh;Chi bộ kiểu mẫu\nSơn La;9\nSố liệu chưa bao gồm quân đội\nSơn La, ngày 3/2/2022"
    assert read(tmp_path, table).remarks == ("under the table: 'Số liệu chưa bao gồm quân đội'",)


def test_a_row_that_is_exactly_the_sum_of_those_beside_it_is_told(tmp_path: Path) -> None:
    """A bloc above its members has a name that no list of sums knows."""
    rows = (
        "Khối đảng;50;9\nVăn phòng;20;4\nBan Tuyên giáo;30;5\nKhối xã;31;3\nXã An Vĩ;11;1\nXã Ông Đình;20;2"
    )
    remarks = read(tmp_path, f"Tỉnh Hưng Yên năm 2022\nĐơn vị;Số đảng viên;Số chi bộ\n{rows}").remarks
    assert [remark[:42] for remark in remarks] == [
        "'Khối xã' is exactly the sum of 2 rows bes",
        "'Khối đảng' is exactly the sum of 2 rows b",
    ]


def test_a_number_without_a_label_beneath_the_table_is_told(tmp_path: Path) -> None:
    """It isn't read, and what was left out says so."""
    applied = read(tmp_path, "Năm 2022\nTT;Tỉnh;Số đảng viên\n1;Sơn La;20\n2;Lai Châu;30\n;;50")
    assert applied.observations["count"].tolist() == ["20", "30"]
    assert applied.left_out == ("C5: '50', a number that no label names",)


@pytest.mark.parametrize("text", ["Chỉ tính nữ", "Đơn vị: nghìn người", "Kế hoạch", "Không tính quân đội"])
def test_a_sub_heading_that_changes_what_is_counted_is_refused(text: str, tmp_path: Path) -> None:
    """Beneath it figures are of something else; a part of the country changes nothing."""
    table = "Năm 2022\nTỉnh;Số chi bộ\nSơn La;20\n{}\nKiên Giang;30"
    assert (
        "A4: a sub-heading that says more of the figures beneath it"
        in refused(tmp_path, table.format(text))[0]
    )
    assert len(read(tmp_path, table.format("Miền Nam")).observations) == 2


def test_provinces_of_two_maps_in_one_year_are_refused(tmp_path: Path) -> None:
    """Beside Hà Tây the Hà Nội of 2008 is the old one; neither stands for the other."""
    table = "Năm {}\nTỉnh;Số chi bộ\nHà Nội;20\nHà Tây;30"
    (fault,) = refused(tmp_path, table.format(2008))
    assert (
        "provinces of two maps in 2008: Hà Tây was gone by its end, Hà Nội had become another province"
        in fault
    )
    assert len(read(tmp_path, table.format(2007)).observations) == 2


def test_under_a_heading_of_districts_there_are_no_provinces(tmp_path: Path) -> None:
    """TP. Hà Giang is a city there, even where most of the other names are those of provinces, too."""
    table = "Tỉnh Hà Giang năm 2022\nHuyện, thành phố;Số chi bộ\nTP. Hà Giang;20\nH. Đồng Văn;30"
    assert read(tmp_path, table).observations["province"].tolist() == ["Hà Giang"] * 2


def test_a_plan_for_a_year_is_no_figure_of_it(tmp_path: Path) -> None:
    """A row or a column called a plan is refused, though it names a year."""
    rows = "Tỉnh Sơn La\nNội dung;Kế hoạch 2022;Thực hiện 2022\nChi bộ kiểu mẫu;20;21\nĐảng viên kết nạp;5;6"
    (fault,) = refused(tmp_path, rows)
    assert "B2: no period (found 'Kế hoạch 2022')" in fault


def test_a_city_below_the_province_is_not_the_province(tmp_path: Path) -> None:
    """Thành phố Bắc Giang is a city inside the province; Cần Thơ is none, nor Huế since 2025."""
    title = "Số đảng viên năm {}\nĐơn vị;Số đảng viên\n{}Thành phố Cần Thơ;900"
    table = title.format(2022, "Thành phố Bắc Giang;300\n")
    assert [
        "A3: unknown province (found 'Thành phố Bắc Giang')" in one for one in refused(tmp_path, table)
    ] == [True]
    applied = read(tmp_path, title.format(2025, "Thành phố Huế;300\n"))
    assert applied.observations["province"].tolist() == ["Huế", "Cần Thơ"]


def test_a_total_beneath_all_parts_is_their_sum(tmp_path: Path) -> None:
    """A total beneath sub-headings sums up what stands under all of them, a region what stands beneath it."""
    title = "Số đảng viên năm 2022\nTỉnh;Số đảng viên\n"
    parts = "Đồng bằng;\nHưng Yên;900\nMiền núi;\nBắc Giang;300\nSơn La;200\nTổng cộng;{}"
    assert read(tmp_path, title + parts.format(1400)).remarks == ()
    (told,) = read(tmp_path, title + parts.format(1500)).remarks
    assert told == "'Tổng cộng' says 1.500 under 'Số đảng viên', its parts sum up to 1.400"
    regions = "Đồng bằng sông Hồng;900\nHưng Yên;900\nTây Bắc;900\nSơn La;200"
    (told,) = read(tmp_path, title + regions).remarks
    assert told == "'Tây Bắc' says 900 under 'Số đảng viên', its parts sum up to 200"


def test_water_is_no_estimate(tmp_path: Path) -> None:
    """The words "nước năm 2022" don't call a year provisional, "ước năm 2022" do."""
    title = "Số đảng viên {} năm 2022\nTỉnh;Số đảng viên\nHưng Yên;900"
    assert read(tmp_path, title.format("cả nước")).observations["note"].tolist() == [""]
    assert "Ước" in read(tmp_path, title.format("- Ước")).observations["note"].item()


def test_the_number_style_is_not_told_by_what_nothing_is_known_of(tmp_path: Path) -> None:
    """Neither counts in a table of percent nor a share beside a count make two styles of one."""
    table = "Năm 2022\nĐVT: người, %\nTỉnh;Chỉ số lạ;Tỷ lệ dự sinh hoạt (%)\nHưng Yên;5.123;18,5"
    questions = [str(one) for one in proposed(tmp_path, table)[0].questions]
    assert len(questions) == 1
    assert "'Chỉ số lạ'" in questions[0]
    table = "Năm 2022\nTỉnh;Tổng số đảng viên;Đảng viên kết nạp\nHưng Yên;51.210;1.210 (2,36%)"
    assert proposed(tmp_path, table)[0].questions == ()


@pytest.mark.parametrize("numbers", ["I;1;2;II;1;", "A;1;2;B;1;"])
def test_a_row_numbered_above_its_parts_is_their_sum(numbers: str, tmp_path: Path) -> None:
    """I or A above 1 and 2 is what these come to; one with nothing beneath it is a figure, so is a place."""
    first, *others = numbers.split(";")
    places = ["Khối huyện;900", "Huyện Văn Lâm;500", "Huyện Yên Mỹ;400", "Khối trực thuộc;300"]
    lines = [f"{at};{place}" for at, place in zip([first, *others], places, strict=False)]
    table = [*lines, "1;Đảng bộ Công an tỉnh;300", "III;Đảng bộ Quân sự tỉnh;100", ";Tổng cộng;1300"]
    title = "Số đảng viên năm 2021 tỉnh Hưng Yên\nTT;Đơn vị;Số đảng viên\n"
    applied = read(tmp_path, title + "\n".join(table))
    kept = ["Huyện Văn Lâm", "Huyện Yên Mỹ", "Đảng bộ Công an tỉnh", "Đảng bộ Quân sự tỉnh"]
    assert applied.observations["area"].tolist() == kept
    assert not any("1.300" in one for one in applied.remarks)


@pytest.mark.parametrize(
    ("place", "header"),
    [
        ("- Xã Lạc Đạo", "Huyện"),
        ("Đảng bộ thị trấn Như Quỳnh", "Huyện"),
        ("Tỉnh Bắc Giang", "Huyện"),
        ("Huyện Yên Mỹ", "Xã"),
        ("Thôn Ngọc", "Xã"),
    ],
)
def test_a_place_of_another_level_is_refused(place: str, header: str, tmp_path: Path) -> None:
    """A commune among districts, a district or village among communes isn't taken for one of them."""
    table = f"Số đảng viên tỉnh Hưng Yên năm 2022\n{header};Số đảng viên\nVăn Lâm;951\n{place};300\nMỹ Hào;9"
    level = "district" if header == "Huyện" else "commune"
    assert any(f"not a {level}" in one and "A4" in one for one in refused(tmp_path, table))


@pytest.mark.parametrize(
    ("year", "place", "other"),
    [
        ("2022", "Huyện Lục Nam", "Bắc Giang"),
        ("2022", "Đảng bộ huyện Mê Linh", "Hà Nội"),
        ("2007", "Mê Linh", "Vĩnh Phúc"),
    ],
)
def test_a_district_of_another_province_is_refused(year: str, place: str, other: str, tmp_path: Path) -> None:
    """Where one other province alone had a district of that name then, it isn't one of the province told."""
    table = f"Số đảng viên tỉnh Hưng Yên năm {year}\nHuyện;Số đảng viên\nVăn Lâm;951\n{place};300"
    assert any(f"A4: a district of {other} (found" in one for one in refused(tmp_path, table))


def test_a_district_that_the_province_or_several_others_have_is_read(tmp_path: Path) -> None:
    """Châu Thành is in many provinces, Kim Thái in none; Yên Mỹ is here."""
    rows = "Châu Thành;951\nHuyện Kim Thái;300\nHuyện Yên Mỹ;9"
    applied = read(tmp_path, f"Số đảng viên tỉnh Hưng Yên năm 2022\nHuyện;Số đảng viên\n{rows}")
    assert applied.observations["area"].tolist() == ["Châu Thành", "Huyện Kim Thái", "Huyện Yên Mỹ"]


def test_names_without_their_kind_are_of_the_level_of_those_that_have_it(tmp_path: Path) -> None:
    """Beneath "Đơn vị" one commune called so makes all of them communes, where none is called a district."""
    title = "Số đảng viên huyện Lục Ngạn tỉnh Bắc Giang năm 2022\nĐơn vị;Số đảng viên\n"
    applied = read(tmp_path, f"{title}Minh Tân;951\nXã Phú Sơn;300\nAn Bình;9")
    assert set(applied.observations["geo_level"]) == {"commune"}


def test_a_figure_merged_over_several_rows_is_refused(tmp_path: Path) -> None:
    """One number for two provinces is neither's; a row that takes two lines of the sheet has its own."""
    book = openpyxl.Workbook()
    rows = [["Số đảng viên năm 2022"], ["Tỉnh", "Số chi bộ", "Số đảng viên"], ["Hưng Yên", 10, 300]]
    for row in [*rows, ["Bắc Giang", 12], ["Nghệ An", 13, 400]]:
        book.active.append(row)
    for span in ("C3:C4", "A5:A6", "B5:B6", "C5:C6"):
        book.active.merge_cells(span)
    book.save(tmp_path / "a.xlsx")
    proposal = propose(tables(tmp_path / "a.xlsx"), VOCABULARY, PLACES)
    with pytest.raises(DataError) as caught:
        apply_layout(proposal.layout, tables(tmp_path / "a.xlsx"), VOCABULARY, PLACES)
    assert [(one.cell, one.value) for one in caught.value.faults] == [("C3", "300")]


def test_the_cells_of_a_table_are_those_of_its_title(tmp_path: Path) -> None:
    """Under a title of cells of grassroots committees the cells counted are these, and the ratings' base."""
    title = "Xếp loại chi bộ trực thuộc đảng ủy cơ sở năm 2022\nTỉnh;Tổng số chi bộ;Hoàn thành tốt nhiệm vụ\n"
    applied = read(tmp_path, f"{title}Hưng Yên;100;80\nBắc Giang;200;150")
    assert set(applied.observations["subject"]) == {"branch_cell"}
    assert [one for one in applied.observations["base"] if one] == ["100", "200"]


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("6 tháng đầu năm 2023", ("2023-01", "2023-06")),
        ("6 tháng cuối năm 2023", ("2023-07", "2023-12")),
        ("quý II năm 2023", ("2023-04", "2023-06")),
        ("nhiệm kỳ 2015-2020", ("2015", "2020")),
        ("đến tháng 6/2020", ("2020-01", "2020-06")),
        ("tính đến ngày 30/6/2020", ("2020-01", "2020-06-30")),
        ("từ đầu năm đến tháng 6/2020", ("2020-01", "2020-06")),
        ("tháng 6/2020", ("2020-06", "2020-06")),
        ("từ tháng 3 đến tháng 6/2020", ("2020-03", "2020-06")),
        ("từ 16/11/2019 đến 15/11/2020", ("2019-11-16", "2020-11-15")),
        ("từ năm 2018 đến tháng 6/2020", ("2018", "2020-06")),
    ],
)
def test_admissions_are_of_the_months_that_the_title_says(
    title: str, period: tuple[str, str], tmp_path: Path
) -> None:
    """Part of a year is never the whole of it, and until June is since January, not in June."""
    table = f"Kết nạp đảng viên {title}\nTỉnh;Số đảng viên kết nạp\nHưng Yên;712\nBắc Giang;805"
    first = read(tmp_path, table).observations.iloc[0]
    assert (first["indicator"], first["period_start"], first["period_end"]) == ("members_admitted", *period)


def test_what_there_is_until_june_is_that_of_june(tmp_path: Path) -> None:
    """Headings say until when, too: members are those of that day, admissions those since January."""
    table = "Tỉnh;Đảng viên kết nạp đến 30/6/2020;Tổng số đảng viên đến 30/6/2020\nSơn La;7;800"
    rows = read(tmp_path, f"Kết quả\n{table}").observations
    assert rows["period_start"].tolist() == ["2020-01", "2020-06-30"]


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Kết nạp đảng viên từ năm 2018 đến nay", "which year or date are the figures of?"),
        ("Kết nạp đảng viên từ đầu nhiệm kỳ đến tháng 6/2020", "which year or date are the figures of?"),
        ("Kết nạp đảng viên quý I, II năm 2020", "which year or date are the figures of?"),
        ("Biểu 3. Kế hoạch kết nạp đảng viên năm 2024", "are the figures under"),
    ],
)
def test_what_is_of_no_period_or_of_a_plan_is_asked(title: str, asked: str, tmp_path: Path) -> None:
    """From a year until today isn't that year, and what is planned isn't what was reached."""
    proposal, _ = proposed(tmp_path, f"{title}\nTỉnh;Số đảng viên kết nạp\nHưng Yên;712\nBắc Giang;805")
    assert [one.startswith(asked) for one in proposal.questions] == [True]


def test_a_column_is_left_out_by_the_name_that_the_table_prints(tmp_path: Path) -> None:
    """With the year in it, though a layout has {year} there."""
    table = "Kết nạp đảng viên\nTỉnh;Kế hoạch năm 2023;Thực hiện năm 2023\nHưng Yên;1.500;1.612\n"
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")
    told = Told(left_out=("Kế hoạch năm 2023",))
    proposal = propose(tables(tmp_path / "a.csv"), VOCABULARY, PLACES, told)
    assert proposal.questions == ()
    assert proposal.layout.tables[0].rows.left_out == ()


@pytest.mark.parametrize("head", ["", "Đơn vị"])
def test_a_yearbook_lists_districts_in_two_languages(head: str, tmp_path: Path) -> None:
    """Its title says by what figures are listed, and the column of places may have no heading."""
    title = "Bảng 4. Số đảng viên phân theo huyện, thị xã, thành phố thuộc tỉnh Lâm Đồng\n"
    lines = "Number of party members by district\n;;ĐVT: Người - Unit: Person\n"
    rows = "TỔNG SỐ - TOTAL;30;33\nDi Linh - Di Linh district;10;11\nHuyện Lâm Hà - Lam Ha;20;22\n"
    applied = read(tmp_path, f"{title}{lines}{head};2018;2019\n{rows}")
    places = {*applied.observations[["geo_level", "province", "area"]].itertuples(index=False, name=None)}
    assert places == {("district", "Lâm Đồng", "Di Linh"), ("district", "Lâm Đồng", "Huyện Lâm Hà")}
    assert set(applied.observations["subject"]) == {"member"}


def test_provinces_in_two_languages_are_those_of_the_first(tmp_path: Path) -> None:
    """Hưng Yên - Hung Yen is one province, and so is Bà Rịa - Vũng Tàu."""
    rows = "Hưng Yên - Hung Yen;1\nNghệ An - Nghe An;2\nBà Rịa - Vũng Tàu;3\n"
    applied = read(tmp_path, f"Số đảng viên năm 2018\nĐịa phương;Số đảng viên\n{rows}")
    assert applied.observations["province"].tolist() == ["Hưng Yên", "Nghệ An", "Bà Rịa - Vũng Tàu"]


def test_a_footnote_of_a_rows_label_is_that_of_its_figures(tmp_path: Path) -> None:
    """2021* with a note on * below is noted with each figure of 2021."""
    table = "Số đảng viên tỉnh Hưng Yên\nNăm;Số đảng viên\n2020;400\n2021*;300\n* Ước tính\n"
    assert read(tmp_path, table).observations["note"].tolist() == ["", "footnote * in the table: Ước tính"]


def test_a_place_that_comes_again_beneath_the_table_is_no_row_of_it(tmp_path: Path) -> None:
    """What stands beneath an empty row is told and left out; without that row it is a fault."""
    head = "Năm 2023\nTỉnh;Chi bộ kiểu mẫu\nHưng Yên;15\nHải Phòng;20\n"
    applied = read(tmp_path, f"{head};\nHưng Yên;16")
    assert applied.left_out == ("A6: 'Hưng Yên', a place for the second time, beneath the table",)
    assert as_lines(applied)[0].startswith("Hưng Yên; 2023; model_cells cell; 15;")
    assert "the same place and period twice (found 'Hưng Yên')" in refused(tmp_path, f"{head}Hưng Yên;16")[0]


def test_marks_of_footnotes_above_the_line_find_their_notes(tmp_path: Path) -> None:
    """A mark set above its line, in brackets or not, is that of the note beneath the table, and no digit."""
    rows = "Hưng Yên;1.234¹\nBắc Giang;45(²)\nNghệ An;46¹²\n(1) Chưa tính công an\n(2) Ước tính\n"
    applied = read(tmp_path, f"Số đảng viên năm 2022\nTỉnh;Số đảng viên\n{rows}")
    assert applied.observations["count"].tolist() == ["1234", "45", "46"]
    notes = applied.observations["note"].tolist()
    assert notes[:2] == ["footnote 1 in the table: Chưa tính công an", "footnote 2 in the table: Ước tính"]


def test_two_numbers_in_a_cell_are_refused_in_one_line(tmp_path: Path) -> None:
    """What may be one number or two (641 142) isn't taken for one beside what must be two (15 20)."""
    faults = refused(
        tmp_path, "Năm 2023\nTỉnh;Số chi bộ kiểu mẫu\nHưng Yên;15 20\nHải Phòng;7.9 0.6\nBắc Giang;641 142"
    )
    assert faults == ["bịa.csv, cell B3, B4, B5: two numbers in a cell (found '15 20', '7.9 0.6', '641 142')"]


def test_a_row_left_out_by_name_stays_out_and_a_new_one_stops(tmp_path: Path) -> None:
    """The layout knows one bloc by its name; another one of next year is a fault with what to do about it."""
    table = "Số chi bộ kiểu mẫu năm 2023\nTỉnh;Chi bộ kiểu mẫu\nHưng Yên;15\nKhối Doanh nghiệp TW;3"
    assert "unknown province (found 'Khối Doanh nghiệp TW')" in refused(tmp_path, table)[0]
    path = tmp_path / "bịa.csv"
    grids = tables(path)
    layout: Layout = propose(grids, VOCABULARY, PLACES, Told(left_out=("Khối Doanh nghiệp TW",))).layout
    assert apply_layout(layout, grids, VOCABULARY, PLACES).left_out == (
        "A4: 'Khối Doanh nghiệp TW', left out by name in the layout",
    )
    path.write_text(path.read_text(encoding="utf-8") + "Khối Đảng;4\r\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"cell A5: unknown province \(found 'Khối Đảng'\)"):
        apply_layout(layout, tables(path), VOCABULARY, PLACES)


def test_a_second_table_beneath_the_first_is_refused(tmp_path: Path) -> None:
    """Figures under another header are never read under the first one."""
    table = "Năm 2023\nTỉnh;Chi bộ kiểu mẫu\nHưng Yên;15\n;\nTỉnh;Tổng số đảng viên\nHải Phòng;20000"
    assert any("another header inside the table" in fault for fault in refused(tmp_path, table))


def test_a_column_that_a_layout_says_nothing_of_stops_the_import(tmp_path: Path) -> None:
    """A question that somebody deleted instead of answering isn't answered."""
    proposal, path = proposed(tmp_path, "Năm 2023\nTỉnh;Chi bộ kiểu mẫu;Thứ hạng\nHưng Yên;15;1")
    assert len(proposal.questions) == 1
    with pytest.raises(
        DataError, match=r"says nothing of \(found 'Thứ hạng'\); allowed: name it under figures or"
    ):
        apply_layout(proposal.layout, tables(path), VOCABULARY, PLACES)


def test_figures_behind_a_second_column_of_provinces_are_refused(tmp_path: Path) -> None:
    """Tables ranked column by column have a column of provinces for each: the first is not that of all."""
    table = "Năm 2013\nTỉnh;Số chi bộ;;Số đảng viên\nTrà Vinh;946;Kiên Giang;8360\nAn Giang;884;Bến Tre;8020"
    asked, path = proposed(tmp_path, table)
    assert any("'(column 3)' holds other provinces" in question for question in asked.questions)
    told = propose(tables(path), VOCABULARY, PLACES, Told(left_out=("(column 3)",)))
    with pytest.raises(DataError, match=r"C2: .*holds other provinces"):
        apply_layout(told.layout, tables(path), VOCABULARY, PLACES)


def test_a_second_column_with_the_same_provinces_is_none(tmp_path: Path) -> None:
    """Names in two languages are no two provinces; a column of labels may be left out."""
    table = (
        "Năm 2013\nTỉnh;Số chi bộ;Ghi chú;Số đảng viên\nTrà Vinh;946;Tra Vinh;836\nAn Giang;884;An Giang;802"
    )
    assert len(read(tmp_path, table).observations) == 4


def test_codes_of_provinces_are_no_figures(tmp_path: Path) -> None:
    """Numbers with a leading zero name something."""
    asked, _ = proposed(tmp_path, "Năm 2021\nTỉnh;Số hiệu;Tổng số chi bộ\nTrà Vinh;84;946\nHà Nội;01;8020")
    assert asked.questions == ("what is the column 'Số hiệu'?",)


def test_small_counts_with_a_leading_zero_are_figures(tmp_path: Path) -> None:
    """04 under a heading that is understood is a count, as reports write it."""
    found = read(tmp_path, "Năm 2021\nTỉnh;Số chi bộ\nTrà Vinh;04\nHà Nội;12").observations
    assert found["count"].astype("int64").tolist() == [4, 12]


def test_a_department_typed_without_marks_is_no_village(tmp_path: Path) -> None:
    """Without marks BAN of "ban to chuc" and of "ban" (village) are the same."""
    table = "BAN TO CHUC\nHTTNV\nTinh;2019;2020\nHa Noi;3136;70456"
    assert proposed(tmp_path, table)[0].layout.tables[0].figures[0].subject != "village"


def test_a_total_of_rounded_numbers_may_differ_by_their_rounding(tmp_path: Path) -> None:
    """Three parts of 0.1 at the most each may be off by twice that together."""
    table = "Năm 2013\nĐVT: nghìn người\nTỉnh;Số đảng viên\nCả nước;{}\nTrà Vinh;10,1\nAn Giang;20,2"
    assert read(tmp_path, table.format("30,4")).remarks == ()
    (remark,) = read(tmp_path, table.format("31,4")).remarks
    assert "30,3" in remark
