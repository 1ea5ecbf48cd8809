"""One changed figure: which of the shipped reports are made anew, and why."""

from __future__ import annotations

import csv
import importlib
import io
import json
import re
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from cbanalysis.batch.reports.reports_and_folders import slug
from cbanalysis.batch.reports.staleness import key_of
from cbanalysis.cli import main, report_plan
from cbanalysis.common.folders import DATA_VARIABLE, MARKER, data_folder, notebooks_folder
from cbanalysis.dataset.load import load_observations
from cbanalysis.dataset.load.observations import fingerprint, look
from report_runs import report, report_here

pytestmark = pytest.mark.usefixtures("batches_are_ready")
PROVINCE = "Bắc Giang"
PROFILES = "vi/04_province_profile"
SETS = """
[sets.default]
words = "a few of those that ship"
languages = ["vi", "en"]
reports = [
  { notebook = "02_meeting_attendance" },
  { notebook = "04_province_profile", parameters = { province = "Bắc Giang" } },
  { notebook = "05_source_profile", parameters = { source = "seed-000" } },
]
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make three of the shipped reports from a copy of the data, in one language."""
    folder = tmp_path_factory.mktemp("figures")
    shutil.copytree(data_folder(), folder / "data")
    shutil.copytree(notebooks_folder(), folder / "notebooks")
    (folder / "notebooks" / "reports.toml").write_text(SETS, encoding="utf-8")
    made = report_here(folder / "notebooks", "--lang", "vi", "--data", str(folder / "data"), cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def planned(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, str]]:
    """Return what would be made of all that ship, where all profiles lie there already.

    The other profiles' records are written after that of Bắc Giang's: each asks the same of its own province.
    """
    for name in ("data", "outputs"):
        shutil.copytree(first / name, tmp_path / name)
    profile = tmp_path / "outputs" / PROFILES / slug(PROVINCE)
    text = (profile / "run.json").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    for name in {one for one in load_observations()["province"] if one} - {PROVINCE}:
        record = json.loads(text.replace(PROVINCE, name))
        saw = [{"query": one["query"], "found": fingerprint(look(one["query"]))} for one in record["saw"]]
        parameters = report_plan.digest({"province": name, "lang": "vi"})
        inputs = {**record["inputs"], "parameters": parameters}
        place = profile.with_name(slug(name))
        place.mkdir()
        record = {**record, "saw": saw, "inputs": inputs, "key": key_of(inputs, saw)}
        record |= {"files": [], "rests_on": ""}
        (place / "run.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr("cbanalysis.batch.reports.kernel_and_worker_starts.ready", lambda *_: nullcontext())
    for module in (report_plan, importlib.import_module("cbanalysis.cli.commands.report")):
        monkeypatch.setattr(module, "notebooks_folder", notebooks_folder)

    beside = report_plan._about_one

    def plan(*, neighbours: bool = False) -> dict[str, str]:
        # the first was made alone: without neighbours to lead to
        monkeypatch.setattr(report_plan, "_about_one", beside if neighbours else lambda _: {})
        result = CliRunner().invoke(
            main, ["report", "provinces-63", "02", "05", "--only", "lang=vi", "--plan"]
        )
        assert result.exit_code == 0, result.output
        lines = [line.split("  ") for line in result.stdout.splitlines()[:-1]]
        known = {line[1]: line[2] for line in lines}
        others = {f"vi/05_source_profile/seed-00{number}" for number in range(1, 5)}
        assert {one for one, why in known.items() if why == "new"} == others
        return {one: why for one, why in known.items() if why not in {"new", "unchanged"}}

    return plan


def rows(data: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return header and rows of observations.csv."""
    table = list(csv.DictReader(io.StringIO((data / "observations.csv").read_text(encoding="utf-8"))))
    return list(table[0]), table


def write(data: Path, table: list[dict[str, str]]) -> None:
    """Write observations.csv."""
    made = io.StringIO()
    writer = csv.DictWriter(made, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    (data / "observations.csv").write_text(made.getvalue(), encoding="utf-8")


def can_see(outputs: Path, figure: str) -> set[str]:
    """Return the reports one of whose questions finds a figure, by asking the data themselves."""
    found = set()
    for file in outputs.glob("vi/*/*/run.json"):
        for one in json.loads(file.read_text(encoding="utf-8"))["saw"]:
            if figure in set(load_observations(**one["query"])["observation_id"]):
                found.add(file.parent.relative_to(outputs).as_posix())
    return found


def test_nothing_changed_nothing_is_made(planned: Callable[[], dict[str, str]]) -> None:
    """All profiles, an overview and a document that were made of these figures are kept."""
    assert planned() == {}


def test_a_report_that_got_neighbours_is_made_anew(planned: Callable[..., dict[str, str]]) -> None:
    """The profile that was made alone leads to those before and after it from now on."""
    assert planned(neighbours=True) == {
        f"{PROFILES}/{slug(PROVINCE)}": "changed: what is said of its figures, or the reports beside it"
    }


def test_a_changed_figure_makes_only_the_reports_that_can_see_it(
    planned: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    """A note beside one figure of Bắc Giang changes its profile and what stands beside it, not 60 others."""
    _, table = rows(tmp_path / "data")
    alone = next(row for row in table if row["province"] == PROVINCE)
    figure = alone["observation_id"]
    expected = can_see(tmp_path / "outputs", figure)
    assert f"{PROFILES}/{slug(PROVINCE)}" in expected
    assert len(expected) < 40
    alone["note"] = f"{alone['note']} (đã sửa)"
    write(tmp_path / "data", table)
    made = planned()
    assert set(made) == expected
    assert set(made.values()) == {f"changed: figures ({figure})"}


def test_a_batch_names_the_other_reports_whose_figures_changed(first: Path, tmp_path: Path) -> None:
    """One report is made anew after a correction; the page of another doesn't pass for current."""
    for name in ("data", "outputs", "notebooks"):
        shutil.copytree(first / name, tmp_path / name)
    (tmp_path / MARKER).write_text("[study]\npublished = true\n", encoding="utf-8")
    _, table = rows(tmp_path / "data")
    next(row for row in table if row["province"] == PROVINCE)["note"] += " (đã sửa)"
    write(tmp_path / "data", table)
    one = ("04", "-p", "province=Huế", "--lang", "vi")
    made = report_here(tmp_path / "notebooks", *one, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    said = rf"báo cáo khác \(.*{PROFILES}/{slug(PROVINCE)}.*\) còn dùng số liệu cũ"
    assert re.search(said, made.stderr)


def test_what_an_import_notes_beside_a_figure_makes_no_other_report(
    planned: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    """A new figure comes with its origin and a line of the log; only reports that see the figure are made."""
    _, table = rows(tmp_path / "data")
    like = next(
        row for row in table if row["province"] not in {"", PROVINCE} and row["source_id"] != "seed-000"
    )
    write(tmp_path / "data", [*table, {**like, "observation_id": "new-1"}])
    for name in ("origins.csv", "imports.csv"):
        (tmp_path / "data" / name).write_text("import_id\n0001\n", encoding="utf-8")
    made = planned()
    profiles = {one for one in made if one.startswith(PROFILES)}
    assert set(made.values()) == {"changed: figures (new-1)"}
    assert f"{PROFILES}/{slug(like['province'])}" in profiles
    assert f"{PROFILES}/{slug(PROVINCE)}" not in profiles


def test_a_withdrawn_figure_makes_those_that_had_seen_it(
    planned: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    """A row that goes changes the same reports as a row that is edited."""
    _, table = rows(tmp_path / "data")
    gone = next(row for row in table if row["source_id"] == "seed-000")
    expected = can_see(tmp_path / "outputs", gone["observation_id"])
    assert "vi/05_source_profile/seed-000" in expected
    write(tmp_path / "data", [row for row in table if row is not gone])
    made = planned()
    assert set(made) == expected
    assert set(made.values()) == {"changed: figures"}


def test_reference_data_change_all_reports(planned: Callable[[], dict[str, str]], tmp_path: Path) -> None:
    """What every report may look into, such as the provinces' table, counts for all of them."""
    with (tmp_path / "data" / "columns.toml").open("a", encoding="utf-8") as table:
        table.write("\n")
    made = planned()
    assert len(made) > 50
    assert set(made.values()) == {"changed: reference data"}


@pytest.mark.whole
def test_a_changed_figure_runs_what_was_planned(first: Path, tmp_path: Path) -> None:
    """The whole way: one edited figure of Bắc Giang, its profile made in both languages, the rest kept."""
    for name in ("data", "notebooks", "outputs"):
        shutil.copytree(first / name, tmp_path / name)
    _, table = rows(tmp_path / "data")
    attendance = set(load_observations("meeting_attendance")["observation_id"])
    one = next(
        row
        for row in table
        if row["province"] == PROVINCE
        and row["observation_id"] not in attendance
        and row["source_id"] != "seed-000"
    )
    one["note"] = f"{one['note']} (đã sửa)"
    write(tmp_path / "data", table)
    words = ("--data", str(tmp_path / "data"))
    assert report(first / "notebooks", "--data", str(first / "data"), cwd=tmp_path).returncode == 0
    before = {path: path.read_bytes() for path in (tmp_path / "outputs").rglob("run.json")}
    made = report(tmp_path / "notebooks", *words, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "2 reports made (04_province_profile 2), 4 unchanged in " in made.stdout
    changed = [path.parent for path, content in before.items() if path.read_bytes() != content]
    languages = sorted(folder.relative_to(tmp_path / "outputs").parts[0] for folder in changed)
    assert ({folder.name for folder in changed}, languages) == ({slug(PROVINCE)}, ["en", "vi"])
    again = report(tmp_path / "notebooks", *words, cwd=tmp_path)
    assert again.stdout.startswith("6 reports unchanged, none made in ")
