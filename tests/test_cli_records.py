"""``cbanalysis records``, as a person with a CSV register would use it. All made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from click.testing import CliRunner

from cbanalysis import cli

HEADER = "Chi bộ,Tháng,Phải dự,Vắng có lý do,Có mặt\n"


def test_faults_are_counted_and_written(tmp_path: Path) -> None:
    """One record of two has more present than due: said in words, written with its row, exit 1."""
    register = tmp_path / "so.csv"
    register.write_text(HEADER + "A,01/2024,10,0,9\nA,02/2024,10,0,11\n", encoding="utf-8")
    out = tmp_path / "faults.csv"
    result = CliRunner().invoke(cli.main, ["records", str(register), "--faults", str(out)])
    assert result.exit_code == 1, result.output
    assert "1  more present than due (left out)" in result.output
    assert "2 records, 1 with a fault, 1 left out" in result.output
    assert pd.read_csv(out)["row"].tolist() == [3]


def test_a_clean_register_exits_0_and_a_missing_one_2(tmp_path: Path) -> None:
    """Nothing wrong is 0; no such file is an error in one line, without a traceback."""
    register = tmp_path / "so.csv"
    register.write_text(HEADER + "A,01/2024,10,0,9\n", encoding="utf-8")
    assert CliRunner().invoke(cli.main, ["records", str(register), "--names", "commune"]).exit_code == 0
    missing = CliRunner().invoke(cli.main, ["records", str(tmp_path / "none.csv")])
    assert missing.exit_code == 2
    assert "no such file or folder" in missing.output
