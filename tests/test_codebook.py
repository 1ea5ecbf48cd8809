"""The generated files of data/: current, the same at each run, and honest about a folder that doesn't fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import frictionless
import pytest

from cbanalysis.common.errors import DataError, OutputError
from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.codebook import render_codebook, stale_files, write_codebook
from cbanalysis.dataset.load import load_sources
from cbanalysis.importing.commit.admitting_and_undoing import IMPORT_COLUMNS
from cbanalysis.importing.commit.records import ORIGIN_COLUMNS
from made_up.folder import made_up_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped data folder."""
    copy = tmp_path / "data"
    shutil.copytree(data_folder(), copy)
    return copy


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first such passage of a file of the folder."""
    text = (folder / name).read_bytes().decode()
    assert old in text
    (folder / name).write_bytes(text.replace(old, new, 1).encode())


def faults_of(folder: Path) -> list[str]:
    """Return what rendering the folder complains about."""
    with pytest.raises(DataError) as caught:
        render_codebook(folder)
    return [str(fault) for fault in caught.value.faults]


def test_the_shipped_codebook_is_current() -> None:
    """The stored files are what would be written now; `cbanalysis codebook` cures this test."""
    assert stale_files() == ()


def test_the_same_folder_gives_the_same_text() -> None:
    """Rendering twice gives the same bytes."""
    assert render_codebook() == render_codebook()


def test_a_changed_figure_makes_both_files_stale(folder: Path) -> None:
    """A row moved to another indicator shows in checksum and counts until both files are rewritten."""
    change(folder, "observations.csv", "S006,office_cell_adoption", "S006,office_cell_count")
    assert stale_files(folder) == ("datapackage.json", "README.md")
    write_codebook(folder)
    assert stale_files(folder) == ()


def test_a_missing_file_is_stale(folder: Path) -> None:
    """A generated file that isn't there is named as stale."""
    (folder / "README.md").unlink()
    assert stale_files(folder) == ("README.md",)


def test_frictionless_finds_the_shipped_package_valid() -> None:
    """The data package passes an outside validator: types, keys, closed lists, checksums."""
    report = frictionless.validate(str(data_folder() / "datapackage.json"))
    assert report.valid, report.flatten(["path", "title", "note"])


def test_the_package_lets_an_outside_validator_find_faults(folder: Path) -> None:
    """Keys, references, closed lists and bounds are declared, so a broken table fails without our code."""
    change(folder, "observations.csv", "S002,org_count", "S001,org_count")
    change(folder, "observations.csv", "S004,org_count", "S004,org_cuont")
    change(folder, "observations.csv", ",124,,,,124,exact", ",-124,,,,124,exact")
    change(
        folder,
        "observations.csv",
        "S003,org_count,commune,province,Bình Thuận,inferred,,2013",
        "S003,,,,,,,13",
    )
    change(folder, "observations.csv", ",05,exact,point,,seed-002,", ",05,exact,point,,seed-OO2,")
    write_codebook(folder)
    report = frictionless.validate(str(folder / "datapackage.json"))
    found = {(row, field, title) for row, field, title in report.flatten(["rowNumber", "fieldName", "title"])}
    assert found == {
        (3, None, "PrimaryKey Error"),
        (4, "indicator", "Constraint Error"),
        (4, "subject", "Constraint Error"),
        (4, "geo_level", "Constraint Error"),
        (4, "period_start", "Constraint Error"),
        (5, "indicator", "Constraint Error"),
        (5, "count", "Constraint Error"),
        (16, None, "ForeignKey Error"),
    }


def test_a_figure_changed_behind_the_package_fails_the_checksum(folder: Path) -> None:
    """Without writing the codebook anew a changed figure breaks the stored checksum."""
    change(folder, "observations.csv", "S001,org_count", "S001,org_count"[:-1] + "s")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert "Hash Count Error" in {found for (found,) in report.flatten(["title"])}


def test_the_package_lists_every_table_column_and_source() -> None:
    """Each table has its fields in file order, and each document stands among the sources."""
    package = json.loads(render_codebook()["datapackage.json"])
    resources = {resource["name"]: resource for resource in package["resources"]}
    header = (data_folder() / "observations.csv").read_text(encoding="utf-8").split("\n", 1)[0]
    assert [field["name"] for field in resources["observations"]["schema"]["fields"]] == header.split(",")
    assert resources["observations"]["schema"]["foreignKeys"] == [
        {"fields": "source_id", "reference": {"resource": "sources", "fields": "source_id"}}
    ]
    assert len(package["sources"]) == len(load_sources())
    assert package["sources"][0]["title"].startswith("seed-000 (Mô hình hoạt động")
    assert "path" not in package["sources"][0]
    assert set(resources) == {
        *("observations", "sources", "events", "acknowledged", "provinces", "tilegrid_63", "tilegrid_34"),
        *("indicators", "columns", "attendance_rules", "vietnamese"),
    }


def test_no_file_of_the_folder_goes_undescribed() -> None:
    """Each file that ships in data/ stands in the data package, the generated ones apart."""
    package = json.loads(render_codebook()["datapackage.json"])
    described = {resource["path"] for resource in package["resources"]} | {"datapackage.json", "README.md"}
    assert {path.name for path in data_folder().iterdir()} == described


def test_the_readme_counts_what_is_there(tmp_path: Path) -> None:
    """The codebook names each indicator with its rows by level, each variant and each category."""
    text = render_codebook(made_up_folder(tmp_path / "data"))["README.md"]
    assert "| `office_cell_adoption` | 3 |  |  | 3 |  |  | 2 | 2008–2012 |" in text
    variant = "chi bộ có chi ủy | the cell has a committee (stricter than having a cell)"
    assert f"| `with_committee` | {variant} | 1 |" in text
    assert "| `strong_only` | Trong sạch, vững mạnh (không kể mức tiêu biểu) |" in text
    assert "with `\\|` between them" in text


def test_a_document_without_publisher_and_title_is_named_by_its_id(folder: Path) -> None:
    """A source of which nothing else is known still stands in the package."""
    change(
        folder, "sources.csv", "baothainguyen-org-vn-ae9779,Báo Thái Nguyên,", "baothainguyen-org-vn-ae9779,,"
    )
    package = json.loads(render_codebook(folder)["datapackage.json"])
    assert "baothainguyen-org-vn-ae9779" in {source["title"] for source in package["sources"]}


def test_an_indicator_without_rows_is_shown_empty(folder: Path) -> None:
    """An indicator that no row uses yet has a line without numbers."""
    file = folder / "indicators.toml"
    text = file.read_text(encoding="utf-8")
    assert "[indicators.meeting_held]" in text
    file.write_text(text.replace("indicators.meeting_held", "indicators.meeting_planned"), encoding="utf-8")
    assert "| `meeting_planned` | 0 |  |  |  |  |  | 0 |  |" in render_codebook(folder)["README.md"]


def test_columns_and_descriptions_must_agree(folder: Path) -> None:
    """A column that nobody described, or a description without its column, is refused with both headers."""
    change(folder, "events.csv", "effect_on", "effect")
    assert len(faults_of(folder)) == 1
    assert faults_of(folder)[0].startswith("events.csv, row 1: wrong header (found 'date,date_basis")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'name = "observations"',
            'name = "observation"',
            "columns.toml, column tables: no table of observations",
        ),
        (
            'refers_to = "sources"',
            'refers_to = "source"',
            "column tables.observations: refers to an unknown table (found 'source'); did you mean sources?",
        ),
        (
            'primary_key = "source_id"',
            'primary_key = "source"',
            "column tables.sources: primary key that is no column (found 'source')",
        ),
        ('type = "integer"', 'type = "whole"', "columns.count.type: wrong value (found 'whole')"),
        ("[package]", "[package", "columns.toml: not valid TOML"),
    ],
)
def test_faulty_descriptions_are_told(folder: Path, old: str, new: str, fault: str) -> None:
    """Each way to break columns.toml gives a fault with its key."""
    change(folder, "columns.toml", old, new)
    assert any(fault in found for found in faults_of(folder))


def test_nothing_is_written_for_a_faulty_folder(folder: Path) -> None:
    """With faults in the folder the stored files stay as they are."""
    before = (folder / "README.md").read_bytes()
    change(folder, "indicators.toml", 'unit = "percent"', 'unit = "share"')
    with pytest.raises(DataError):
        write_codebook(folder)
    assert (folder / "README.md").read_bytes() == before


def test_a_folder_that_takes_no_files_is_told(folder: Path) -> None:
    """What can't be written is an error with the path, not a traceback of the system."""
    (folder / "README.md").unlink()
    (folder / "README.md").mkdir()
    with pytest.raises(OutputError, match=r"can't write .*README\.md"):
        write_codebook(folder)


def test_every_column_that_an_import_writes_is_described() -> None:
    """The codebook names each column of origins.csv and imports.csv in the table of that file."""
    text = (data_folder() / "README.md").read_text(encoding="utf-8")
    told = text.partition("## In a study of one's own")[2].partition("\n## ")[0]
    origins, log = told.split("`imports.csv` is the log")
    assert [
        one for one in ("observation_id", "import_id", *ORIGIN_COLUMNS) if f"`{one}`" not in origins
    ] == []
    assert [one for one in IMPORT_COLUMNS if f"`{one}`" not in log] == []
