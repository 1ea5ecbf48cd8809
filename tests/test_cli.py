"""The command line: clear words, right exit codes, no traceback."""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cbanalysis import cli
from cbanalysis.batch.reports.manifest_json import Totals
from cbanalysis.batch.reports.reports_and_folders import Report
from cbanalysis.batch.reports.tasks_and_outcomes import Failure, Outcome
from cbanalysis.cli import parameter_values as choosing
from cbanalysis.cli import report_batch
from cbanalysis.cli import report_batch as running
from cbanalysis.cli import report_plan as making
from cbanalysis.cli.commands import check_audit_codebook_seeds
from cbanalysis.cli.commands import list_and_notebooks as storing
from cbanalysis.common.errors import OutputError, ParameterError
from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.load import load_observations
from cbanalysis.dataset.load.observations import SEEDS
from cbanalysis.dataset.provinces import Gazetteer

NOTEBOOKS = Path(__file__).parent / "notebooks"
# The name of the module is that of the command, which the package shows.
reporting = importlib.import_module("cbanalysis.cli.commands.report")
DECLARED = """
[sets.default]
words = "all"
include = ["provinces"]
reports = [
  { notebook = "05_source", each = { source = SEEDS } },
  { notebook = "11_failing" },
]

[sets.provinces]
words = "each province"
reports = [{ notebook = "10_made_up", each = { province = "all" } }]
""".replace("SEEDS", json.dumps(SEEDS))


def call(*words: str) -> Result:
    """Run the command in this process; other exceptions than its exit come through."""
    result = CliRunner().invoke(cli.main, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put made-up notebooks in place of the shipped ones, and go to an empty folder."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("10_made_up", "11_failing"):
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", folder)
    text = (NOTEBOOKS / "12_dying.ipynb").read_text(encoding="utf-8")
    line = "code: int = 3  # exit code of the kernel"
    assert line in text
    swapped = text.replace(line, 'source: str = \\"seed-000\\"  # [source] a document')
    (folder / "05_source.ipynb").write_text(swapped, encoding="utf-8")
    (folder / "reports.toml").write_text(DECLARED, encoding="utf-8")
    for module in (storing, making, reporting):
        monkeypatch.setattr(module, "notebooks_folder", lambda: folder)
    # No warm process is needed where nothing is run.
    monkeypatch.setattr(
        "cbanalysis.batch.reports.kernel_and_worker_starts.ready", lambda _modules: nullcontext()
    )
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return folder


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """Take what would be run, and tell it as done, but for the failing notebook."""
    taken: list[Report] = []

    def run(
        reports: tuple[Report, ...], _output: Path, _batch: object, *, done: Callable, **_options: object
    ) -> None:
        taken.extend(reports)
        for one in reports:
            failed = one.notebook == "11_failing"
            done(Outcome(one, Failure("ValueError", "x", cell=5) if failed else None, 1.0))

    monkeypatch.setattr(running, "run", run)
    return taken


def test_version_and_help_are_there() -> None:
    """The version is the package's; every command has its line of help."""
    assert call("--version").output.startswith("cbanalysis, version 0.")
    said = call("--help").output
    assert all(f"\n  {name} " in said for name in ("check", "codebook", "list", "report", "seeds"))
    assert call("nonsense").exit_code == 2


def test_everything_runs_by_default(notebooks: Path, ran: list[Report]) -> None:
    """The set ``default`` of reports.toml, in Vietnamese: all provinces with data, the sources it lists."""
    del notebooks
    result = call("report")
    assert {report.language for report in ran} == {"vi"}
    known = {name for name in load_observations()["province"] if name}
    assert {report.parameters.get("province") for report in ran if report.notebook == "10_made_up"} == known
    assert [report.parameters for report in ran if report.notebook == "05_source"] == [
        {"source": source} for source in SEEDS
    ]
    assert [report.folder.as_posix() for report in ran if report.notebook == "11_failing"] == [
        "vi/11_failing/default"
    ]
    assert result.exit_code == 1
    assert "failed: vi/11_failing/default, cell 5: ValueError: x" in result.stderr
    last = result.stdout.strip().splitlines()[-1]
    assert last.startswith(
        f"{len(ran) - 1} reports made (05_source 5, 10_made_up {len(known)}), 1 failed in "
    )
    assert last.endswith(f": {Path('outputs', 'index.html')}")


def test_a_province_is_taken_in_any_spelling(notebooks: Path, ran: list[Report]) -> None:
    """``-p`` picks the notebooks that take it; the spelling becomes the one of the data."""
    del notebooks
    result = call("report", "-p", "province=tinh BAC GIANG", "--lang", "both", "--jobs", "1")
    assert [str(report) for report in ran] == ["vi/10_made_up/bac-giang", "en/10_made_up/bac-giang"]
    assert result.exit_code == 0
    assert "2 to make, 1 at a time, into outputs" in result.stderr
    assert "2/2 en/10_made_up/bac-giang (1.0 s)" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["-p", "provnce=Huế"],
            "no notebook takes a parameter 'provnce'; allowed: lang, province, source, year",
        ),
        (["-p", "provnce=Huế"], "did you mean province?"),
        (["-p", "province=Bac Gang"], "unknown province (found 'Bac Gang'); did you mean Bắc Giang"),
        (["-p", "source=seed-00", "-p", "province=Huế"], "no notebook takes all of source, province"),
        (["05_source", "-p", "source=seed-01"], "did you mean seed-001"),
        (["11_failing", "-p", "province=Huế"], "11_failing: takes no parameter 'province'"),
        (["10_mad_up"], "unknown set or notebook '10_mad_up'; did you mean '10_made_up'?"),
        (["10", "-p", "year=1000"], "parameter year: is none of the list [year] (found 1000); did you mean"),
        (["10", "-p", "year=x"], "parameter year: is of another type (found 'x'); allowed: int"),
        (["-p", "province"], "'province' is not of the form NAME=VALUE"),
        (["-p", "year=1", "-p", "year=2"], "year is given twice"),
        (["--lang", "fr"], "'fr' is not one of 'vi', 'en', 'both'"),
        (["--jobs", "0"], "0 is not in the range x>=1"),
        (["--time-limit", "nan"], "nan is no number of seconds from 1"),
        (["--time-limit", "inf"], "inf is no number of seconds from 1"),
        (["--output", ""], "it is empty; name a folder"),
        (["--output", "~nosuch/x"], "the output folder ~nosuch/x can't be made"),
        (["--output", "n" * 300], "can't be made: File name too long"),
        (["--output", "o\udcff"], "'o\\udcff' is no UTF-8 text"),
        (["--data", __file__], "test_cli.py is no folder"),
        (["-p", "province=\udcff"], "'\\udcff' is no UTF-8 text"),
        (["10", "--copy-to", "../copies"], "--copy-to: no storage is known for '../copies'"),
        (["10", "--copy-to", "foo://x"], "--copy-to: no storage is known for 'foo://x'"),
        (["-p", "lang=vi", "--lang", "en"], "--lang en and -p lang=vi differ; give one of them"),
        (["n" * 300 + ".ipynb"], "unknown set or notebook"),
    ],
)
def test_what_is_wrong_stops_before_any_kernel(
    notebooks: Path, ran: list[Report], words: list[str], said: str
) -> None:
    """Wrong names and values end with exit code 2 and the nearest right one, and nothing has run."""
    result = call("report", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert ran == []
    assert not (notebooks.parent / "here" / "outputs").exists()


def test_a_mistyped_command_gets_the_nearest_named() -> None:
    """Though commands are loaded only when they are asked for."""
    result = call("repord")
    assert (result.exit_code, "No such command 'repord'. Did you mean 'report'?" in result.stderr) == (
        2,
        True,
    )


@pytest.mark.usefixtures("made_up_figures")
def test_a_province_without_figures_stops_before_any_kernel(notebooks: Path, ran: list[Report]) -> None:
    """A province that published nothing is no value; its nearest with figures are named."""
    del notebooks
    result = call("report", "-p", "province=Lai Châu")
    assert result.exit_code == 2
    assert "no figures of this province are known (found 'Lai Châu'); allowed: nearest" in result.stderr
    assert ran == []


def test_a_province_without_data_gets_its_neighbours_named() -> None:
    """The nearest provinces with data are those on the map, not those of similar letters."""
    resolve = choosing._province_with_data(Gazetteer.read(), ["Cà Mau", "Lạng Sơn", "Hà Nội", "Bạc Liêu"])
    with pytest.raises(ParameterError, match="nearest with data: Lạng Sơn, Hà Nội"):
        resolve("cao bang")
    assert resolve("Ha noi") == "Hà Nội"


def test_an_output_that_cannot_be_written_is_told_first(notebooks: Path, ran: list[Report]) -> None:
    """A file in place of the folder, or the notebooks' own folder, stops with exit code 2."""
    Path("outputs").touch()
    result = call("report", "11")
    assert (result.exit_code, ran) == (2, [])
    assert "outputs is a file" in result.stderr
    result = call("report", "11", "--output", str(notebooks / "x"))
    assert result.exit_code == 2
    assert "which reports must not change" in result.stderr


def test_a_folder_without_notebooks_is_told(notebooks: Path) -> None:
    """Nothing to run is an error, not a success."""
    shutil.rmtree(notebooks)
    assert "unknown notebook" in call("report").stderr


def test_ctrl_c_says_what_is_whole(notebooks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped run ends with 130, counts what is missing, and still writes the index."""

    def stop(
        reports: tuple[Report, ...], _output: Path, _batch: object, *, done: Callable, **_options: object
    ) -> None:
        done(Outcome(reports[0], seconds=0.5))
        raise KeyboardInterrupt

    del notebooks
    monkeypatch.setattr(running, "run", stop)
    result = call("report", "10", "-p", "province=Huế", "--lang", "both")
    assert result.exit_code == 130
    assert "stopped: 1 of 2 reports not made; the others are whole" in result.stderr
    assert result.stdout.startswith("1 report made (10_made_up 1) in ")
    assert Path("outputs", "index.html").exists()


def told(capsys: pytest.CaptureFixture[str], outcomes: list[Outcome], **changed: object) -> tuple[str, str]:
    """Return what is said at the end on both streams."""
    totals = Totals(
        started="",
        finished="",
        seconds=99.94,
        jobs=1,
        made=0,
        kept=0,
        failed=0,
        left=0,
        peak_memory=None,
        request="",
    )
    bar = report_batch.Progress(len(outcomes))
    bar.done += outcomes
    report_batch.said_at_the_end(bar, totals.model_copy(update=changed), Path("/x/index.html"))
    said = capsys.readouterr()
    return said.out, said.err


def test_the_end_counts_made_kept_failed_and_left(capsys: pytest.CaptureFixture[str]) -> None:
    """Seconds up to 100, minutes beyond; nothing made is said as such, kept and failed ones are counted."""
    assert told(capsys, []) == ("0 reports made in 99.9 s: /x/index.html\n", "")
    one = Outcome(Report(NOTEBOOKS / "x.ipynb", "x"))
    other = Outcome(Report(NOTEBOOKS / "y.ipynb", "y"), Failure("Why", ""))
    stopped = "stopped: 4 of 2 reports not made; the others are whole, the next run goes on from there\n"
    said = told(capsys, [one, other], seconds=125.0, made=1, kept=3, failed=1, left=4)
    assert said == (
        "1 report made (x 1), 3 unchanged, 1 failed in 2 min 5 s: /x/index.html\n",
        "failed: vi/y/default: Why\n" + stopped,
    )


def test_ctrl_c_while_planning_ends_with_130(notebooks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop before the first report is told as any other, by the same exit code."""
    del notebooks

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cbanalysis.cli.report_batch.planned", stop)
    result = call("report", "10")
    assert result.exit_code == 130
    assert "stopped; reports that were finished are whole" in result.stderr


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal there is one bar, and a line for what failed only."""
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", terminal)
    report = Report(NOTEBOOKS / "x.ipynb", "x")
    bar = report_batch.Progress(2)
    bar(Outcome(report, seconds=1.0))
    bar(Outcome(report, Failure("Why", ""), 1.0))
    bar.bar.close()
    assert "2/2" in terminal.getvalue()
    assert "2/2 vi/x/default (1.0 s): FAILED, Why" in terminal.getvalue()
    assert "1/2 vi/x/default (1.0 s)" not in terminal.getvalue()


def test_check_passes_on_the_shipped_data() -> None:
    """The data that ship hold to their contract."""
    result = call("check")
    assert result.exit_code == 0
    assert result.output.endswith(" sources, no faults\n")


def test_check_lists_every_fault(tmp_path: Path) -> None:
    """A damaged copy gives all its faults with row and column, exit code 1; no folder is exit code 2."""
    copy = tmp_path / "data"
    shutil.copytree(data_folder(), copy)
    table = copy / "observations.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join([*rows, rows[1], rows[2].replace("org_count", "org_cuont")]), encoding="utf-8")
    result = call("check", "--data", str(copy))
    assert result.exit_code == 1
    assert "org_cuont" in result.output
    assert "observation_id" in result.output
    assert call("check", "--data", str(tmp_path / "none")).exit_code == 2


def test_seeds_shows_every_figure_of_the_five_documents() -> None:
    """The table has one line for each figure, as printed and as read, all agreeing."""
    result = call("seeds")
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0].split() == ["source", "figure", "indicator", "as", "printed", "as", "read", "agrees"]
    figures = len(lines) - 3
    assert lines[-1] == f"{figures} figures from 5 documents, 0 different"
    assert all(line.endswith(" yes") for line in lines[2:-1])
    assert figures >= 40
    assert any("63,71%" in line and "63.71%" in line for line in lines)


def test_seeds_writes_csv_and_json() -> None:
    """Both forms hold all figures and nothing else on standard output."""
    table = list(csv.DictReader(io.StringIO(call("seeds", "--format", "csv").stdout)))
    records = json.loads(call("seeds", "--format", "json").stdout)
    assert len(table) == len(records) >= 40
    assert [row["printed"] for row in table] == [row["printed"] for row in records]


def test_seeds_writes_no_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printed text that a spreadsheet would take for a formula gets an apostrophe in CSV."""
    figures = check_audit_codebook_seeds.seed_figures(None).assign(printed="=HYPERLINK(1)")
    monkeypatch.setattr(check_audit_codebook_seeds, "seed_figures", lambda _folder: figures)
    table = csv.DictReader(io.StringIO(call("seeds", "--format", "csv").stdout))
    assert {row["printed"] for row in table} == {"'=HYPERLINK(1)"}


def test_seeds_that_differ_end_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that reads otherwise than it is stored is marked."""
    figures = load_observations(source=list(SEEDS)).head(2)
    empty = pd.Series([pd.NA, pd.NA], dtype="Int64")
    parsed = figures.assign(
        parsed_count=[3, 1200], parsed_count_max=empty, parsed_base=[18, pd.NA], agrees=[True, False]
    ).assign(
        parsed_percent=[16.5, None], parsed_percent_max=[20, None], parsed_qualifier=["range", "at_least"]
    )
    monkeypatch.setattr(check_audit_codebook_seeds, "seed_figures", lambda _folder: parsed)
    result = call("seeds")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[2].endswith("3 of 18, 16.5 to 20%  yes")
    assert lines[3].endswith("1200 (at least)       NO")
    assert lines[4] == "2 figures from 1 document, 1 different"


def test_list_names_notebooks_parameters_and_provinces(notebooks: Path) -> None:
    """What can be asked for is listed: sets, and notebooks with types, defaults and words."""
    del notebooks
    said = call("list").output
    assert said.startswith("sets of reports:\n  default: all\n  provinces: each province\n05_source\n")
    assert "10_made_up\n  province: str = 'Bắc Giang'  [province] a province\n" in said
    assert "11_failing\n  year: int = 2012  a year\n" in said
    assert "Bắc Giang (" in said


def test_list_goes_on_after_a_notebook_that_cannot_be_read(notebooks: Path) -> None:
    """A broken notebook is named with what is wrong; all others are listed as ever."""
    (notebooks / "09_broken.ipynb").write_text("{", encoding="utf-8")
    result = call("list")
    assert result.exit_code == 2
    assert "\n09_broken\n  can't be read, see below\n10_made_up\n" in result.stdout
    assert "Bắc Giang (" in result.stdout
    assert result.stderr.startswith("cbanalysis: 09_broken.ipynb: is no readable notebook: ")


def test_codebook_writes_and_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--check tells stale files with exit code 1, without it they are written; never into the package."""
    copy = tmp_path / "data"
    shutil.copytree(data_folder(), copy)
    (copy / "README.md").write_text("old", encoding="utf-8")
    result = call("codebook", "--check", "--data", str(copy))
    assert (result.exit_code, result.output) == (1, "not current: README.md\n")
    assert "README.md written" in call("codebook", "--data", str(copy)).output
    assert call("codebook", "--check", "--data", str(copy)).exit_code == 0
    monkeypatch.setattr(check_audit_codebook_seeds, "_PACKAGE", tmp_path)
    result = call("codebook", "--data", str(copy))
    assert result.exit_code == 2
    assert "part of the installed package" in result.output


def test_an_error_of_ours_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a command refuses is said on standard error without a traceback, exit code 2."""

    def refuse(_folder: object) -> None:
        raise OutputError("no room for Đắk Lắk")

    monkeypatch.setattr(check_audit_codebook_seeds, "seed_figures", refuse)
    result = call("seeds")
    assert (result.exit_code, result.stderr) == (2, "cbanalysis: no room for Đắk Lắk\n")


@pytest.mark.whole
def test_a_report_from_an_empty_folder_on_an_ascii_console(tmp_path: Path) -> None:
    """The whole way with a real kernel: ./outputs gets the report and the index."""
    command = [sys.executable, "-c", "from cbanalysis.cli import main; main()", "report"]
    result = subprocess.run(
        [
            *command,
            str(NOTEBOOKS / "10_made_up.ipynb"),
            "-p",
            "province=hue",
            "--lang",
            "en",
            "--jobs",
            "1",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr.decode()
    assert result.stdout.decode().endswith(f"outputs{os.sep}index.html\n")
    made = tmp_path / "outputs" / "en" / "10_made_up" / "thua-thien-hue" / "index.html"
    assert "<title>Thua Thien Hue – Trial report: made-up figures</title>" in made.read_text(encoding="utf-8")


def test_help_is_said_in_utf_8_on_an_ascii_console(monkeypatch: pytest.MonkeyPatch) -> None:
    """A console that calls itself ASCII gets Vietnamese letters; one that can't change is left."""
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", console)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    cli.main(["--help"], standalone_mode=False)
    console.flush()
    assert "(chi bộ)" in console.buffer.getvalue().decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch"], "unknown set or notebook 'nosuch'"),
        (["-p", "nosuch=1"], "no notebook takes a parameter 'nosuch'"),
        (["--output", "../notebooks/x"], "which reports must not change"),
    ],
)
def test_a_refused_report_starts_no_process_and_is_refused_by_its_plan_too(
    notebooks: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    """Names, parameters and the folder are looked at before anything starts; values, once data are read."""
    started: list[object] = []

    def ready(modules: object) -> nullcontext[None]:
        started.append(modules)
        return nullcontext()

    monkeypatch.setattr("cbanalysis.batch.reports.kernel_and_worker_starts.ready", ready)
    for also in ([], ["--plan"]):
        refused = call("report", *words, *also)
        assert (refused.exit_code, started) == (2, [])
        assert said in refused.stderr
    assert sorted(one.name for one in notebooks.iterdir() if one.is_dir()) == []
