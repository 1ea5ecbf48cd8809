"""The door to data/: what comes in, what is refused, what is shown beside it, and how it goes out again."""

from __future__ import annotations

import codecs
import hashlib
import multiprocessing
import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from cbanalysis.common.atomic_writes import recover
from cbanalysis.common.errors import DataError, UnknownName
from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.load import check_folder, load_observations
from cbanalysis.importing.commit.admitting_and_undoing import admit, examine, load_imports, load_origins, undo
from cbanalysis.importing.commit.records import Incoming, Origin

ROW = {
    "indicator": "org_count",
    "subject": "cell",
    "geo_level": "province",
    "province": "Lạng Sơn",
    "province_basis": "stated",
    "period_start": "2030",
    "period_end": "2030",
    "period_basis": "stated",
    "count": "12",
    "printed": "12",
    "qualifier": "exact",
    "aggregation": "point",
    "source_id": "made-up",
}
SOURCE = {"source_id": "made-up", "number_style": "vi", "terms": "made up for the tests", "title": "made up"}


def figure(cell: str = "count:C7 province:B7", sha256: str = "ab" * 32, **changes: str) -> Incoming:
    """Return one made-up figure."""
    return Incoming({**ROW, **changes}, Origin("made-up.xls", sha256, "Bảng 1", cell))


def contents(folder: Path) -> dict[str, str]:
    """Return the files of a folder by the hash of their bytes."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a copy of the shipped data folder."""
    return Path(shutil.copytree(data_folder(), tmp_path / "study" / "data"))


def test_figures_come_in_with_their_document_and_their_cells(data: Path) -> None:
    """After an import the figures are loaded like all others, and origins.csv knows file, sheet and cell."""
    admission = admit([figure(), figure("C8", subject="member")], [SOURCE], data=data, command="a test")
    assert admission.observation_ids == ("X0001", "X0002")
    check_folder(data)
    loaded = load_observations(source="made-up", folder=data)
    assert loaded[["observation_id", "count"]].to_numpy().tolist() == [["X0001", 12], ["X0002", 12]]
    origins = load_origins(data)
    assert origins[["observation_id", "import_id", "file", "sheet", "cell"]].to_numpy().tolist() == [
        ["X0001", "0001", "made-up.xls", "Bảng 1", "count:C7 province:B7"],
        ["X0002", "0001", "made-up.xls", "Bảng 1", "C8"],
    ]
    (entry,) = load_imports(data).to_dict("records")
    assert entry["files"] == f"made-up.xls {'ab' * 32}"
    assert (entry["command"], entry["figures"], entry["sources"], entry["undone"]) == (
        "a test",
        "2",
        "made-up",
        "",
    )


def test_files_that_begin_with_a_byte_order_mark_take_figures_too(data: Path) -> None:
    """What Excel saved with a UTF-8 mark can be imported into, and what comes in is read like the rest."""
    for name in ("observations.csv", "sources.csv"):
        (data / name).write_bytes(codecs.BOM_UTF8 + (data / name).read_bytes())
    admit([figure()], [SOURCE], data=data, command="a test")
    check_folder(data)
    assert list(load_observations(source="made-up", folder=data)["count"]) == [12]


def test_one_wrong_row_stops_all_and_every_fault_has_its_cell(data: Path) -> None:
    """All faults of all rows are listed with file, sheet and cell, and data/ is byte for byte as before."""
    before = contents(data)
    wrong = [figure(), figure("C8", count="many"), figure("count:C9 province:B9", province="Lang Son")]
    with pytest.raises(DataError) as caught:
        admit(wrong, [SOURCE], data=data, command="a test")
    found = [(fault.file, fault.sheet, fault.cell, fault.column) for fault in caught.value.faults]
    assert found == [
        ("made-up.xls", "Bảng 1", "C8", "count"),
        ("made-up.xls", "Bảng 1", "B9", "province"),
    ]
    assert caught.value.faults[1].nearest == ("Lạng Sơn",)
    assert "made-up.xls, sheet Bảng 1, cell C8, column count: not a whole number" in str(caught.value)
    assert contents(data) == before


def test_documents_that_nobody_names_or_that_are_known_are_refused(data: Path) -> None:
    """A source must be new, readable and used."""
    known = {**SOURCE, "source_id": "seed-000"}
    unused = {**SOURCE, "source_id": "unused"}
    unread = {**SOURCE, "source_id": "unread", "number_style": "fr"}
    with pytest.raises(DataError) as caught:
        admit([figure()], [SOURCE, known, unused, unread], data=data, command="a test")
    assert [fault.what for fault in caught.value.faults] == [
        "source_id used before",
        "wrong value",
        "no figure comes from this source",
        "no figure comes from this source",
    ]


def test_an_id_may_be_brought_along_but_not_one_that_is_taken(data: Path) -> None:
    """A figure's own id stays; one that data/ has already is a fault."""
    with pytest.raises(DataError, match="observation_id used before"):
        admit([figure(observation_id="S001")], [SOURCE], data=data, command="a test")
    assert admit([figure(observation_id="Z001")], [SOURCE], data=data, command="a test").observation_ids == (
        "Z001",
    )


def test_unknown_columns_are_named(data: Path) -> None:
    """A column that the contract doesn't have is refused with the nearest one."""
    with pytest.raises(DataError, match=r"observations.csv.*column provnce: unknown column"):
        admit([figure(provnce="x")], [SOURCE], data=data, command="a test")


def test_undo_gives_back_the_same_bytes_and_numbers_are_never_given_twice(data: Path) -> None:
    """Figures and their document go, the log stays, and the next figure gets the next number."""
    before = contents(data)
    admit([figure()], [SOURCE], data=data, command="a test")
    assert undo(data) == ("X0001",)
    after = contents(data)
    assert {name: after[name] for name in before} == before
    assert load_imports(data)["undone"].ne("").tolist() == [True]
    assert load_origins(data).empty
    again = admit([figure()], [SOURCE], data=data, command="a test")
    assert (again.import_id, again.observation_ids) == ("0002", ("X0002",))
    with pytest.raises(UnknownName):
        undo(data, "0001")


def test_an_older_import_is_undone_and_a_document_that_is_still_needed_stays(data: Path) -> None:
    """Undoing the first of two imports keeps the second one's figures and the document of both."""
    admit([figure()], [SOURCE], data=data, command="first")
    admit([figure("D1", "cd" * 32, subject="member")], [], data=data, command="second")
    assert undo(data, "0001") == ("X0001",)
    check_folder(data)
    assert load_observations(source="made-up", folder=data)["observation_id"].tolist() == ["X0002"]
    assert undo(data) == ("X0002",)
    # the document came with the first import; the second leaves it to the person
    with pytest.raises(UnknownName, match="none left to undo"):
        undo(data)


def test_the_same_cells_of_the_same_file_are_refused_while_their_import_stands(data: Path) -> None:
    """What was imported before isn't imported again, unless that import was undone."""
    admit([figure()], [SOURCE], data=data, command="a test")
    with pytest.raises(DataError, match=r"imported before, as made-up\.xls in import 0001"):
        admit([figure()], [], data=data, command="a test")
    undo(data)
    admit([figure()], [SOURCE], data=data, command="a test")


def test_a_file_that_is_named_twice_is_refused(data: Path) -> None:
    """Also under another name: ``import *.csv`` over a copy would double every figure."""
    before = contents(data)
    with pytest.raises(
        DataError, match=r"made-up\.xls: stands twice among the files; allowed: each figure once"
    ):
        admit([figure(), figure()], [SOURCE], data=data, command="a test")
    assert contents(data) == before


def test_duplicates_and_contradictions_are_shown_side_by_side(data: Path) -> None:
    """A figure that is there already, one that differs, and two that come in together; nothing is changed."""
    admit([figure()], [SOURCE], data=data, command="a test")
    before = contents(data)
    incoming = [
        figure("C1", "cd" * 32),
        figure("C2", "cd" * 32, count="13", printed="13"),
        figure("C3", "cd" * 32, subject="member", percent="63.7", count="", printed="63,7%"),
        figure("C4", "cd" * 32, subject="member", percent="63.71", count="", printed="63,71%"),
    ]
    beside = examine(incoming, [], data=data).duplicates
    assert beside[["relation", "incoming", "known", "known_printed"]].to_numpy().tolist() == [
        ["repeat", 0, "X0001", "12"],
        ["contradiction", 1, "X0001", "12"],
        ["duplicate", 3, "", "63,7%"],
    ]
    assert beside["place"].tolist()[0] == "made-up.xls, Bảng 1, C1"
    assert contents(data) == before


def test_a_place_with_its_title_is_the_place_that_is_there(data: Path) -> None:
    """13 of "thị xã Cửa Lò" contradict 12 of "Cửa Lò"; those of the commune of that name don't."""
    town = {"geo_level": "district", "province": "Nghệ An", "area": "Cửa Lò"}
    admit([figure(**town)], [SOURCE], data=data, command="a test")
    more = town | {"area": "thị xã Cửa Lò", "count": "13", "printed": "13"}
    incoming = [figure("C1", "cd" * 32, **more), figure("C2", "cd" * 32, **more | {"geo_level": "commune"})]
    beside = examine(incoming, [], data=data).duplicates
    assert beside[["relation", "incoming", "known"]].to_numpy().tolist() == [["contradiction", 0, "X0001"]]


def test_the_audit_looks_at_what_comes_in(data: Path) -> None:
    """A share that its own count and base don't give is found before it comes in, and only what is new."""
    shown = {"count": "9", "base": "10", "percent": "80", "printed": "9/10; 80%"}
    wrong = figure(indicator="e_handbook", subject="member", **shown)
    findings = examine([wrong], [SOURCE], data=data).findings
    assert findings["code"].tolist() == ["share"]
    assert examine([figure()], [SOURCE], data=data).findings.empty


def test_a_new_figure_that_speaks_against_a_known_slip_is_told(data: Path) -> None:
    """9 of 10 is printed as 80% in C104; another document's 8 of 10 explains that, and is new."""
    shown = {"count": "8", "base": "10", "percent": "80", "printed": "8/10; 80%"}
    where = {"province": "Hòa Bình", "geo_level": "commune", "area": "Đảng bộ Văn phòng UBND tỉnh"}
    what = {
        "indicator": "org_quality_rating",
        "subject": "branch_cell",
        "category": "hoàn thành tốt nhiệm vụ",
    }
    rating = {"scheme": "org_2018", "category_id": "good_or_better", "category_kind": "cumulative"}
    eight = shown | where | what | rating | {"period_start": "2021", "period_end": "2021"}
    findings = examine([figure(**eight)], [SOURCE], data=data).findings
    assert findings["finding_id"].tolist() == ["share:C104"]
    assert findings["observation_ids"].tolist() == ["C104;NEW1"]


def test_a_faulty_or_missing_folder_is_not_written_to(data: Path) -> None:
    """Faults of data/ itself are said first; a folder that isn't there is one."""
    table = data / "observations.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Bình Thuận", "Binh Thuan"), encoding="utf-8")
    with pytest.raises(DataError, match="province spelled otherwise"):
        admit([figure()], [SOURCE], data=data, command="a test")
    with pytest.raises(DataError, match="no such folder"):
        admit([figure()], [SOURCE], data=data / "nowhere", command="a test")


def test_spans_of_running_text_are_kept(data: Path) -> None:
    """A figure of an article keeps its span and its sentence, and a fault shows the span."""
    origin = Origin("made-up.txt", "ef" * 32, start=10, end=25, sentence=2)
    admit([Incoming(ROW, origin)], [SOURCE], data=data, command="a test")
    assert load_origins(data)[["start", "end", "sentence"]].to_numpy().tolist() == [["10", "25", "2"]]
    with pytest.raises(DataError, match=r"made-up\.txt, cell 10 to 25, column count"):
        admit([Incoming({**ROW, "count": "x"}, origin)], [], data=data, command="a test")


# -- killed while it writes ----------------------------------------------------------------------


def killed_import(data: Path, kill_at: int | None = None) -> None:
    """Import a figure, and have this process kill itself at its n-th step on the disk if asked to."""
    steps = 0

    def step(name: str) -> None:
        original = getattr(os, name)

        def counted(*args: object, **options: object) -> object:
            nonlocal steps
            steps += 1
            if steps == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **options)

        setattr(os, name, counted)

    for name in ("fsync", "replace", "rename", "mkdir", "rmdir"):
        step(name)
    admit([figure()], [SOURCE], data=data, command="a test")


# not a fork of the tests' own process, which has threads that hold locks
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["cbanalysis.importing.commit.admitting_and_undoing", "cbanalysis.dataset.load"])


def child(data: Path, kill_at: int | None = None) -> multiprocessing.process.BaseProcess:
    """Start an import in a process of its own."""
    process = FRESH.Process(target=killed_import, args=(data, kill_at))
    process.start()
    return process


@pytest.mark.whole
def test_after_sigkill_at_20_random_moments_data_is_old_or_new(data: Path) -> None:
    """An import killed at any moment leaves all files as before, or all as after it."""
    kept = Path(shutil.copytree(data, data.parent / "kept"))
    old = contents(kept)
    starts_the_server = FRESH.Process(target=int)
    starts_the_server.start()
    starts_the_server.join()
    began = time.monotonic()
    import_ = child(data)
    import_.join()
    assert import_.exitcode == 0
    took = time.monotonic() - began
    new = {**contents(data), "imports.csv": ""}  # the log says when
    chance = random.Random(6)  # noqa: S311 -- moments, no secrets
    seen = set()
    for _ in range(20):
        shutil.rmtree(data)
        shutil.copytree(kept, data)
        started = child(data)
        time.sleep(chance.uniform(0, took))
        started.kill()
        started.join()
        recover(data)
        found = contents(data)
        assert found == old or {**found, "imports.csv": ""} == new
        seen.add(found == old)
    assert True in seen


@pytest.mark.whole
def test_after_sigkill_at_each_step_on_the_disk_data_is_old_or_new(data: Path) -> None:
    """Killed before its one decisive rename the import never was; killed after it, it is whole."""
    kept = Path(shutil.copytree(data, data.parent / "kept"))
    old = contents(kept)
    states = []
    for at in range(1, 40):
        shutil.rmtree(data)
        shutil.copytree(kept, data)
        import_ = child(data, kill_at=at)
        import_.join()
        recover(data)
        found = contents(data)
        states.append("old" if found == old else "new")
        if states[-1] == "new":
            assert {"origins.csv", "imports.csv"} <= set(found)
            assert len(load_observations(source="made-up", folder=data)) == 1
        assert [one.name for one in data.parent.iterdir() if one.name.endswith(("journal", "staging"))] == []
        assert import_.exitcode in (0, -signal.SIGKILL)
        if import_.exitcode == 0:
            break
    turn = states.index("new")
    assert 5 < turn < len(states) - 1
    assert states == ["old"] * turn + ["new"] * (len(states) - turn)


BOOKS = {
    "imports.csv": "import_id,when,command,files,figures,sources,undone\n"
    "0001,2026-01-01T00:00:00+00:00,a test,f,1,,\n",
    "origins.csv": "observation_id,import_id,file,sha256,sheet,cell,start,end,sentence\n"
    f"S001,0001,f,{'0' * 64},,C7,,,\n",
    "cbanalysis.toml": '[study]\nlang = "vi"\n',
}


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("imports.csv", "0001,", "0003,", "imports.csv, row 2, column import_id: "),
        ("imports.csv", "2026-01-01T", "yesterday", "imports.csv, row 2, column when: "),
        ("imports.csv", "f,1,", "f,1.5,", "imports.csv, row 2, column figures: "),
        ("imports.csv", ",undone", "", "imports.csv, row 1: wrong header"),
        ("origins.csv", "0001", "0002", "origins.csv, row 2, column import_id: no import that stands"),
        ("origins.csv", "S001", "S00X", "origins.csv, row 2, column observation_id: no such figure"),
        ("origins.csv", "0" * 64, "0", "origins.csv, row 2, column sha256: "),
        ("origins.csv", "C7,,,", "C7,,,,", "origins.csv, row 2: row has 10 cells"),
        ("cbanalysis.toml", "vi", "fr", "cbanalysis.toml, column study.lang: "),
        ("cbanalysis.toml", "= ", "", "cbanalysis.toml: not valid TOML"),
    ],
)
def test_the_books_of_a_study_are_checked(data: Path, name: str, old: str, new: str, said: str) -> None:
    """Each wrong row is a fault with its place; an import is refused, an undo too where it needs it."""
    for file, text in BOOKS.items():
        (data.parent if file.endswith(".toml") else data).joinpath(file).write_text(text, encoding="utf-8")
    check_folder(data)
    wrong = (data.parent if name.endswith(".toml") else data) / name
    wrong.write_text(BOOKS[name].replace(old, new), encoding="utf-8")
    before = wrong.read_bytes()
    for act in (
        lambda: check_folder(data),
        lambda: admit([figure()], [SOURCE], data=data, command="a test"),
        *([lambda: undo(data)] if name != "cbanalysis.toml" and "S00X" not in new else []),
    ):
        with pytest.raises(DataError) as caught:
            act()
        assert said in str(caught.value)
    assert wrong.read_bytes() == before


def test_the_same_figure_of_the_same_document_comes_in_once(data: Path) -> None:
    """Of two rows with one number for one quantity the second is left out and shown beside the first."""
    both = [figure(), figure("C8")]
    shown = examine(both, [SOURCE], data=data).duplicates
    assert shown[["relation", "incoming", "known", "known_place"]].to_numpy().tolist() == [
        ["repeat", 1, "", "made-up.xls, Bảng 1, count:C7 province:B7"]
    ]
    assert admit(both, [SOURCE], data=data, command="a test").observation_ids == ("X0001",)
    check_folder(data)
    again = figure("C9", "cd" * 32)
    (known,) = examine([again], [], data=data).duplicates.to_dict("records")
    assert (known["relation"], known["known"], known["known_printed"]) == ("repeat", "X0001", "12")
    with pytest.raises(DataError, match="all figures are there already"):
        admit([again], [], data=data, command="a test")


def test_check_names_a_figure_that_stands_twice_for_one_document(data: Path) -> None:
    """A day and its month are the same end of a period; another number or place is another figure."""
    day = {"period_end": "2030-11-05"}
    rows = [
        figure(**day),
        figure("C8", **day, area="Hữu Lũng", geo_level="district"),
        figure("C9", **day, count="13", printed="13"),
    ]
    assert len(admit(rows, [SOURCE], data=data, command="a test").observation_ids) == 3
    text = (data / "observations.csv").read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.startswith("X0001,"))
    again = line.replace("X0001,", "Z001,").replace("2030-11-05", "2030-11")
    (data / "observations.csv").write_text(text + again + "\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        check_folder(data)
    (fault,) = caught.value.faults
    assert (fault.what, fault.value) == ("the same figure of the same document twice", "Z001")
    assert "X0001" in str(fault.allowed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"period_end": "2030-11-05"}, {"period_end": "2030-11-30"}),
        ({"base": "60", "printed": "12/60"}, {"base": "80", "printed": "12/80"}),
        ({"qualifier": "at_least", "printed": "trên 12"}, {}),
        ({"aggregation": "mean"}, {}),
        ({"geo_level": "commune", "area": "Hoằng Quý"}, {"geo_level": "commune", "area": "Hoằng Quỳ"}),
        ({"category": "dân tộc Tày"}, {"category": "dân tộc Tây"}),
    ],
)
def test_figures_that_differ_in_anything_but_their_count_both_come_in(
    data: Path, one: dict[str, str], other: dict[str, str]
) -> None:
    """Two days, two bases, a floor and a number, a mean, two places by their tone: none repeats the other."""
    both = [figure(**one), figure("C8", **other)]
    assert len(admit(both, [SOURCE], data=data, command="a test").observation_ids) == 2


def test_a_table_with_a_column_twice_is_told_so(data: Path) -> None:
    """A header that names a column twice is the fault that is told, and the check goes on to the end."""
    text = (data / "observations.csv").read_text(encoding="utf-8")
    header, _, rest = text.partition("\n")
    (data / "observations.csv").write_text(f"{header.replace('note', 'area')}\n{rest}", encoding="utf-8")
    with pytest.raises(DataError, match="column appears more than once"):
        check_folder(data)
