"""`cbanalysis audit` on the shipped data and on copies of it."""

from __future__ import annotations

import csv
import importlib
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cbanalysis import cli
from cbanalysis.common.folders import data_folder

# What the documents print that doesn't add up: rule, place, and a row of the sum.
KNOWN = [
    ("share_total", "Cần Thơ", "B039"),
    ("sum_percent", "Cả nước", "B001"),
    ("share", "Đảng bộ Khối Dân - Chính - Đảng (TP. Hồ Chí Minh)", "B150"),
    ("above_100", "Bắc Từ Liêm (Hà Nội)", "D017"),
]


def call(*words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli.main, ["audit", *words])


@pytest.fixture(scope="module")
def findings() -> list[dict[str, object]]:
    """Return the findings on the shipped data."""
    return json.loads(call("--format", "json").output)


@pytest.mark.parametrize(("code", "place", "row"), KNOWN)
def test_a_published_inconsistency_is_found(findings, code, place, row) -> None:
    """The rule, the place and the row of a sum that fails are in one finding."""
    assert [
        one
        for one in findings
        if one["code"] == code and row in one["observation_ids"] and one["place_vi"] == place
    ]


@pytest.mark.parametrize("where", ["Dĩ An", "Hòa Bình", "Bắc Kạn"])
def test_more_published_inconsistencies_are_found(findings, where) -> None:
    """Dĩ An's cells, a Hòa Bình office and the organisations of Bắc Kạn are among the places."""
    assert [one for one in findings if where in str(one["place_vi"])]


def test_no_seed_figure_is_accused(findings) -> None:
    """The sums of the five source documents hold, so no finding touches one of their rows."""
    assert not [one for one in findings if any(i.startswith("S") for i in one["observation_ids"].split(";"))]


def test_findings_are_sorted_and_end_with_exit_code_1() -> None:
    """The heaviest finding comes first, in each format; open findings give exit code 1."""
    result = call("--format", "csv")
    weights = [float(row["weight"]) for row in csv.DictReader(io.StringIO(result.output))]
    assert weights == sorted(weights, reverse=True)
    assert result.exit_code == 1
    table = call()
    assert table.exit_code == 1
    # a share's gap is in points, however sure its rule is: 69.98 + 16.5 + 4.66 + 0.41 = 91.55
    assert "8.45 points  sum_percent" in table.output
    explained = table.output.count("  acknowledged: ")
    assert table.output.splitlines()[-1] == f"{len(weights)} findings, {explained} of them acknowledged"


def test_a_folder_whose_sums_hold_gives_exit_code_0(tmp_path: Path) -> None:
    """With the seed figures alone nothing is found."""
    folder = shutil.copytree(data_folder(), tmp_path / "data")
    (folder / "acknowledged.csv").unlink()
    lines = (folder / "observations.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.startswith(("observation_id", "S"))]
    (folder / "observations.csv").write_text("".join(kept), encoding="utf-8")
    result = call("--data", str(folder))
    assert (result.exit_code, result.output) == (0, "0 findings, 0 of them acknowledged\n")


def test_no_cell_of_a_table_is_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that a spreadsheet would take for a formula gets an apostrophe in CSV."""
    module = importlib.import_module("cbanalysis.cli.commands.check_audit_codebook_seeds")
    found = module.find
    monkeypatch.setattr(module, "find", lambda *rows, **more: found(*rows, **more).assign(place_en="=1+1"))
    table = csv.DictReader(io.StringIO(call("--format", "csv").output))
    assert {row["place_en"] for row in table} == {"'=1+1"}


def test_a_damaged_folder_gives_exit_code_2(tmp_path: Path) -> None:
    """A fault in the data is an error, not a finding."""
    folder = shutil.copytree(data_folder(), tmp_path / "data")
    (folder / "acknowledged.csv").write_text("x\n", encoding="utf-8")
    assert call("--data", str(folder)).exit_code == 2
