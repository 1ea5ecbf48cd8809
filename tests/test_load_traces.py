"""What a report has seen of the data is noted, and found again only as long as nothing of it changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from cbanalysis.batch.reports.staleness import data_date
from cbanalysis.common.folders import content_of, data_folder
from cbanalysis.dataset.load import load_observations
from cbanalysis.dataset.load.observations import TRACE, fingerprint, latest, look, row_prints


@pytest.fixture
def trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have queries noted in a file."""
    monkeypatch.setenv(TRACE, str(tmp_path / "trace"))
    return tmp_path / "trace"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the data folder."""
    return Path(shutil.copytree(data_folder(), tmp_path / "data"))


def test_a_query_is_noted_with_what_it_found(trace: Path) -> None:
    """The note holds the filters, a fingerprint of the rows, and the moment up to which they reach."""
    found = load_observations("office_cell_adoption", years=range(2008, 2013))
    (noted,) = [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()]
    assert noted["query"] == {"indicator": "office_cell_adoption", "years": [2008, 2009, 2010, 2011, 2012]}
    prints = row_prints()
    assert noted["found"] == fingerprint(prints[one] for one in found["observation_id"])
    assert fingerprint(look(noted["query"])) == noted["found"]
    # the last period ends in 2012, and a document on it is of 2013
    assert noted["until"] == "2013-08-09"


def test_figures_reach_up_to_the_end_of_their_last_period(trace: Path) -> None:
    """Attendance figures of 2026 from undated documents reach beyond the last dated document, of 2019."""
    found = load_observations("meeting_attendance")
    assert max(found["period_end"]) == "2026"
    assert json.loads(trace.read_text(encoding="utf-8"))["until"] == "2026"


@pytest.mark.parametrize(
    ("moments", "last"),
    [
        (["2019-07-26", "2026"], "2026"),
        (["2025-11-20", "2025"], "2025"),
        (["2025-12", "2025-12-31", ""], "2025-12"),
        (["2024-06-01", "2024-05"], "2024-06-01"),
        ([""], ""),
        ([], ""),
    ],
)
def test_the_latest_moment_is_the_one_that_ends_last(moments: list[str], last: str) -> None:
    """A year reaches up to its end, and so does a month."""
    assert latest(moments) == last
    assert data_date([{"until": one} for one in moments]) == last


def test_nothing_is_noted_unless_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the environment variable no file is written."""
    monkeypatch.delenv(TRACE, raising=False)
    monkeypatch.chdir(tmp_path)
    load_observations("office_cell_adoption")
    assert list(tmp_path.iterdir()) == []


def test_numbers_of_numpy_are_noted_as_numbers(trace: Path) -> None:
    """Filters that come from a frame can be written down too."""
    load_observations(years=np.array([2012]))
    assert json.loads(trace.read_text(encoding="utf-8"))["query"] == {"years": [2012]}


def test_one_changed_figure_shows_only_where_it_is_seen(folder: Path) -> None:
    """A changed row of Bắc Giang changes what its query finds, and not what another's finds."""
    own, other = ({"provinces": name, "folder": str(folder)} for name in ("Bắc Giang", "An Giang"))
    before = look(own), look(other)
    rows = load_observations(provinces="Bắc Giang", folder=folder)
    note = next(note for note in rows["note"] if note and list(rows["note"]).count(note) == 1)
    text = (folder / "observations.csv").read_text(encoding="utf-8")
    assert note in text
    (folder / "observations.csv").write_text(text.replace(note, f"{note} (changed)"), encoding="utf-8")
    after = look(own), look(other)
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_a_changed_source_changes_its_figures(folder: Path) -> None:
    """The print of a row holds its source too: a corrected title shows in reports."""
    before = row_prints(folder)
    text = (folder / "sources.csv").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    changed = lines[1].split(",")[0]
    fields = lines[1].split(",")
    lines[1] = ",".join(
        [fields[0], f"{fields[1]} X" if not fields[1].startswith('"') else fields[1], *fields[2:]]
    )
    (folder / "sources.csv").write_text("".join(lines), encoding="utf-8")
    after = row_prints(folder)
    rows = load_observations(source=changed, folder=folder)["observation_id"]
    assert {one for one in before if before[one] != after[one]} == set(rows)


def test_a_query_that_is_refused_now_finds_nothing() -> None:
    """A report whose province was withdrawn is seen to have changed, without an error."""
    assert look({"provinces": "Atlantis"}) == []


def test_a_folder_of_the_moment_leaves_no_question_behind(
    trace: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A data folder that a report made in its own temporary folder is not asked about later."""
    monkeypatch.setattr("tempfile.tempdir", str(folder.parent))
    load_observations("office_cell_adoption", folder=folder)
    assert not trace.exists()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    load_observations("office_cell_adoption", folder=folder)
    assert str(folder) in trace.read_text(encoding="utf-8")


def test_a_question_to_a_folder_that_is_gone_finds_nothing(tmp_path: Path) -> None:
    """A report whose data folder was removed is seen to have changed, without an error."""
    assert look({"indicator": "office_cell_adoption", "folder": str(tmp_path / "gone")}) == []


def test_beside_takes_what_other_provinces_say_of_the_same() -> None:
    """Its own rows, and of other whole provinces those that share indicator, subject and year."""
    everything, rows = load_observations(), load_observations(beside="Bắc Giang")
    own = everything[everything["province"] == "Bắc Giang"]
    told = set(zip(own["indicator"], own["subject"], own["year"].astype(object), strict=True))
    assert set(own["observation_id"]) <= set(rows["observation_id"])
    for row in rows[rows["province"] != "Bắc Giang"].itertuples():
        assert (row.indicator, row.subject, row.year) in told
        assert row.geo_level == "province"
    assert len(rows) < len(everything)


def test_a_folder_is_read_again_when_a_file_changes(folder: Path) -> None:
    """What is kept in memory goes by the content of the files, not by their names or times."""
    first = load_observations(folder=folder)
    first.loc[:, "note"] = "altered by a caller"
    assert set(load_observations(folder=folder)["note"]) != {"altered by a caller"}
    text = (folder / "observations.csv").read_text(encoding="utf-8")
    (folder / "observations.csv").write_text("".join(text.splitlines(keepends=True)[:-1]), encoding="utf-8")
    assert len(load_observations(folder=folder)) == len(first) - 1


def test_content_tells_files_apart(tmp_path: Path) -> None:
    """Name, content and absence all count."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    missing = content_of(one, two)
    two.write_text("")
    assert len({missing, content_of(one, two), content_of(two, one), content_of(one)}) == 4


def test_a_year_of_a_frame_is_noted(trace: Path) -> None:
    """The newest year of a frame is a number of numpy's, and a report may ask for it."""
    found = load_observations(years=np.int64(2012))
    assert found["year"].unique().tolist() == [2012]
    assert json.loads(trace.read_text(encoding="utf-8"))["query"] == {"years": 2012}
