"""The manifest, and what is looked at again: reports and records that were edited, cut off or lost."""

from __future__ import annotations

import importlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest
from click.testing import CliRunner, Result

from cbanalysis.batch.reports import digests_and_versions
from cbanalysis.batch.reports.manifest_json import MANIFEST, SCHEMA, read_manifest, schema, write_manifest
from cbanalysis.batch.reports.tasks_and_outcomes import Outcome
from cbanalysis.cli import main, report_batch, report_plan
from cbanalysis.cli.report_batch import _lasted
from report_runs import Inline, notebook, report, report_here, stable, tree

pytestmark = pytest.mark.usefixtures("batches_are_ready")
SETS = """
[sets.default]
words = "all"
reports = [{ notebook = "20_plain", each = { note = ["ab", "c"] } }, { notebook = "21_other" }]
"""
PLAIN, OTHER = "vi/20_plain/ab", "vi/21_other/default"
Call = Callable[..., Result]


def notebooks(folder: Path) -> Path:
    """Write two notebooks and what is made of them."""
    folder.mkdir(parents=True)
    notebook(folder / "20_plain.ipynb", "print(note)", parameters='note: str = ""  # a note')
    notebook(folder / "21_other.ipynb", "free + 1")
    (folder / "reports.toml").write_text(SETS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make all three reports once."""
    folder = tmp_path_factory.mktemp("first")
    made = report_here(notebooks(folder / "notebooks"), "--jobs", "1", cwd=folder)
    assert made.returncode == 0, made.stderr
    assert "3 reports made (20_plain 2, 21_other 1) in " in made.stdout
    return folder


@pytest.fixture
def place(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of what was made, to work in."""
    shutil.copytree(first, tmp_path / "place")
    monkeypatch.chdir(tmp_path / "place")
    return tmp_path / "place"


@pytest.fixture
def call(place: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return what runs the command in this process; kernels that it starts are those of this process."""
    shell = importlib.import_module("cbanalysis.cli.commands.report")
    for module in (report_plan, shell, digests_and_versions):
        monkeypatch.setattr(module, "notebooks_folder", lambda: place / "notebooks")
    monkeypatch.setattr("cbanalysis.batch.reports.kernel_and_worker_starts.ready", lambda *_: nullcontext())
    usual = report_batch.run
    monkeypatch.setattr(
        report_batch, "run", lambda *given, **options: usual(*given, **{**options, "executor": Inline()})
    )

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(main, ["report", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


def planned(call: Call, *words: str) -> dict[str, str]:
    """Return the reports that are to be made, and why."""
    result = call("--plan", *words)
    assert result.exit_code == 0, result.output
    lines = [line.split("  ") for line in result.stdout.splitlines()]
    return {line[1]: line[2] for line in lines if line[0] == "make"}


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text in a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_manifest_says_what_was_made_of_what(first: Path) -> None:
    """It holds to the schema that lies beside it, paths are relative, and each report has its record."""
    outputs = first / "outputs"
    manifest = json.loads((outputs / MANIFEST).read_text(encoding="utf-8"))
    beside = json.loads((outputs / SCHEMA).read_text(encoding="utf-8"))
    assert beside == schema()
    jsonschema.Draft202012Validator.check_schema(beside)
    jsonschema.validate(manifest, beside)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**manifest, "format": 2}, beside)
    assert [one["folder"] for one in manifest["reports"]] == [PLAIN, "vi/20_plain/c", OTHER]
    one = manifest["reports"][0]
    record = json.loads((outputs / PLAIN / "run.json").read_text(encoding="utf-8"))
    for name in ("notebook", "parameters", "status", "key", "inputs", "saw", "versions", "commit", "run"):
        assert one[name] == record[name], name
    assert one["parameters"] == {"note": "ab"}
    assert set(one["inputs"]) == {
        "languages",
        "libraries",
        "notebook",
        "package",
        "parameters",
        "reference data",
        "template",
    }
    assert one["run"]["seconds"] > 0
    assert one["run"]["attempt"] == 1
    assert one["run"]["peak_memory"] > 10_000_000
    totals = manifest["run"]
    assert (totals["made"], totals["kept"], totals["failed"], totals["left"]) == (3, 0, 0, 0)
    assert totals["jobs"] == 1
    assert totals["peak_memory"] == max(each["run"]["peak_memory"] for each in manifest["reports"])
    assert len(manifest["figures"]) > 500
    assert str(first) not in json.dumps(manifest)


@pytest.mark.whole
def test_the_same_inputs_give_the_same_bytes_elsewhere(first: Path, tmp_path: Path) -> None:
    """Another run into another folder gives the same files, but for the fields named ``run``."""
    made = report(first / "notebooks", "--jobs", "2", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert stable(tmp_path / "outputs") == stable(first / "outputs")


def test_where_nothing_changed_nothing_is_loaded(first: Path) -> None:
    """A second run starts no process, imports neither pandas nor papermill, and writes nothing."""
    before = {path: path.stat().st_mtime_ns for path in (first / "outputs").rglob("*")}
    made = report(first / "notebooks", cwd=first, environment={"PYTHONPROFILEIMPORTTIME": "1"})
    assert made.returncode == 0, made.stderr
    said = made.stdout.strip()
    assert said.startswith("3 reports unchanged, none made in ")
    assert said.endswith(" s: outputs/index.html")
    loaded = {line.rpartition("|")[2].strip() for line in made.stderr.splitlines()}
    assert "cbanalysis.batch.reports.digests_and_versions" in loaded
    assert {
        "numpy",
        "pandas",
        "papermill",
        "nbformat",
        "ipykernel",
        "multiprocessing.forkserver",
    } & loaded == set()
    assert {path: path.stat().st_mtime_ns for path in (first / "outputs").rglob("*")} == before


def test_a_plan_says_what_would_be_made_and_makes_nothing(call: Call, place: Path) -> None:
    """What is there is kept, what isn't is new; not even the output folder is made."""
    assert planned(call) == {}
    everything = dict.fromkeys((PLAIN, "vi/20_plain/c", OTHER), "new")
    assert planned(call, "--output", "elsewhere") == everything
    assert not (place / "elsewhere").exists()
    said = call("--plan", "--lang", "both").stdout.splitlines()
    assert said[0] == f"keep  {PLAIN}  unchanged"
    assert said[1] == "make  en/20_plain/ab  new"
    assert said[-1] == "3 to make, 3 unchanged; nothing was run"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "manifest.json is damaged: "),
        ("CUT", "manifest.json is damaged: "),
        ("[]", "manifest.json is damaged: "),
        ('{"format": 2, "figures": {}, "reports": []}', "manifest.json is damaged: "),
        ('{"format": 1, "figures": {}, "reports": [{}]}', "manifest.json is damaged: "),
        ("FOLDER", "manifest.json can't be read (Is a directory)"),
    ],
)
def test_a_damaged_manifest_is_told_in_one_line_and_made_anew(
    call: Call, place: Path, content: str, said: str
) -> None:
    """Cut off or edited, it costs no report: it is written again from the reports' own records."""
    file = place / "outputs" / MANIFEST
    whole = stable(place / "outputs")
    if content == "FOLDER":
        file.unlink()
        file.mkdir()
    else:
        file.write_text(
            file.read_text(encoding="utf-8")[:5000] if content == "CUT" else content, encoding="utf-8"
        )
    result = call()
    if content == "FOLDER":
        assert result.exit_code == 2
        assert "can't write" in result.stderr
        return
    assert result.exit_code == 0
    assert result.stderr.count(said) == 1
    assert ": it is made anew from the reports" in result.stderr
    assert "0 reports made, 3 unchanged in " in result.stdout
    assert stable(place / "outputs") == whole
    assert call().stdout.startswith("3 reports unchanged, none made in ")


def test_without_a_manifest_reports_are_kept_and_it_is_written_anew(call: Call, place: Path) -> None:
    """A manifest that was deleted is no fault; nor is one record that can't be read, which is left out."""
    whole = stable(place / "outputs")
    (place / "outputs" / MANIFEST).unlink()
    result = call()
    assert (result.exit_code, result.stderr) == (0, "")
    assert stable(place / "outputs") == whole
    (place / "outputs" / OTHER / "run.json").write_text('{"status": "done"}', encoding="utf-8")
    write_manifest(place / "outputs", {}, None)
    manifest, damage = read_manifest(place / "outputs")
    assert manifest is not None
    assert (len(manifest.reports), manifest.run, damage) == (2, None, "")


RECORD = {
    "edited": ('"key": "', '"key": "0', "its run.json was edited"),
    "saw more": ('"saw": []', '"saw": [{"query": {}, "found": ""}]', "its run.json was edited"),
    "older": ('"inputs"', '"entries"', "its run.json isn't of this version"),
    "no files": ('"files"', '"lists"', "its run.json isn't of this version"),
    "failed": ('"status": "done"', '"status": "failed"', "its run.json isn't of this version"),
    "cut off": (None, None, "its run.json can't be read"),
    "no object": (None, "[]", "its run.json can't be read"),
    "too deep": (None, "[" * 200_000, "its run.json can't be read"),
    "no path": ('"path": "index.html"', '"path": "\\u0000"', "its run.json isn't of this version"),
}


@pytest.mark.parametrize("how", sorted(RECORD))
def test_a_record_that_was_edited_or_cut_off_makes_its_report_new(call: Call, place: Path, how: str) -> None:
    """What a record says is believed only if it is whole; the other reports are kept."""
    file = place / "outputs" / OTHER / "run.json"
    whole = stable(place / "outputs")
    old, new, why = RECORD[how]
    if old is not None:
        edit(file, old, new)
    else:
        file.write_text(new or file.read_text(encoding="utf-8")[:300], encoding="utf-8")
    assert planned(call) == {OTHER: why}
    if how == "cut off":
        assert call().stdout.startswith("1 report made (21_other 1), 2 unchanged in ")
        assert stable(place / "outputs") == whole


@pytest.mark.parametrize("how", ["missing", "cut off", "edited to the same size"])
def test_a_file_that_is_missing_or_edited_makes_its_report_new(call: Call, place: Path, how: str) -> None:
    """A report is whole only if each of its files is what it was made; the shortcut sees it too."""
    page = place / "outputs" / PLAIN / "index.html"
    content = page.read_bytes()
    if how == "missing":
        page.unlink()
    else:
        page.write_bytes(content[:-1] + (b"" if how == "cut off" else b"?"))
    why = "index.html is missing" if how == "missing" else "index.html was edited"
    assert planned(call) == {PLAIN: why}
    request = json.loads((place / "outputs" / MANIFEST).read_text(encoding="utf-8"))["run"]["request"]
    assert digests_and_versions.untouched(place / "outputs", request) is None
    page.write_bytes(content)
    assert digests_and_versions.untouched(place / "outputs", request) == 3


def test_each_thing_that_goes_into_a_report_is_named_when_it_changes(
    call: Call, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notebook, package, template, libraries and reference data: the reason says which."""
    edit(place / "notebooks" / "21_other.ipynb", "free + 1", "free + 2")
    assert planned(call) == {OTHER: "changed: notebook"}
    edit(place / "notebooks" / "21_other.ipynb", "free + 2", "free + 1")
    # Stored outputs don't go into a report.
    edit(place / "notebooks" / "21_other.ipynb", '"execution_count": null', '"execution_count": 7')
    assert planned(call) == {}
    # Another value is another report, however alike their names.
    assert list(planned(call, "20", "-p", "note=AB").values()) == ["new"]
    digests = digests_and_versions.package_digests()
    everything = (PLAIN, "vi/20_plain/c", OTHER)
    for name in ("package", "template"):
        with monkeypatch.context() as patch:
            patch.setattr(report_plan, "package_digests", lambda name=name: {**digests, name: "other"})
            assert planned(call) == dict.fromkeys(everything, f"changed: {name}")
    with monkeypatch.context() as patch:
        patch.setattr(report_plan, "versions", lambda: {"pandas": "99"})
        assert planned(call) == dict.fromkeys(everything, "changed: libraries")
    with monkeypatch.context() as patch:
        patch.setattr(report_plan, "_reference_data", lambda: "other")
        patch.setattr(report_plan, "versions", lambda: {"pandas": "99"})
        assert planned(call)[OTHER] == "changed: libraries, reference data"


def test_the_shortcut_is_taken_for_the_same_request_only(
    call: Call, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other words, an edited notebook, a new library or a lost index are looked at more closely."""
    short = "3 reports unchanged, none made"
    assert call().stdout.startswith(short)
    assert call("--only", "note=c").stdout.startswith("0 reports made, 1 unchanged in ")
    assert call().stdout.startswith("0 reports made, 3 unchanged in ")
    assert call().stdout.startswith(short)
    (place / "outputs" / "index.html").unlink()
    assert call().stdout.startswith("0 reports made, 3 unchanged in ")
    assert (place / "outputs" / "index.html").exists()
    with (place / "notebooks" / "reports.toml").open("a", encoding="utf-8") as declared:
        declared.write("# a comment\n")
    assert call().stdout.startswith("0 reports made, 3 unchanged in ")
    with monkeypatch.context() as patch:
        patch.setattr("cbanalysis.batch.reports.digests_and_versions.versions", lambda: {"pandas": "99"})
        assert call().stdout.startswith("0 reports made, 3 unchanged in ")
    assert call("--fresh", "--only", "note=c").stdout.startswith("1 report made (20_plain 1) in ")


def test_a_file_that_was_not_there_when_the_notebook_looked_for_it_counts(call: Call, place: Path) -> None:
    """It found nothing to read then; the shortest way to look must not say that nothing changed."""
    source = "from glob import glob\nlen(glob('lists/*.csv'))"
    notebook(place / "notebooks" / "22_new.ipynb", source, parameters=None)
    assert call("22").exit_code == 0
    assert call("22").stdout.startswith("1 report unchanged, none made")
    (place / "notebooks" / "lists").mkdir()
    (place / "notebooks" / "lists" / "a.csv").touch()
    assert call("22").stdout.startswith("1 report made (22_new 1) in ")


def test_a_file_that_a_value_names_counts(call: Call, place: Path) -> None:
    """A notebook about a file is made anew when the file changes, also by the shortest way to look."""
    source = "from pathlib import Path\nPath(file).read_text()"
    notebook(place / "notebooks" / "22_file.ipynb", source, parameters='file: str = ""  # [file] a table')
    table = place / "table.csv"
    table.write_text("a", encoding="utf-8")
    words = ("22", "-p", f"file={table}")
    assert call(*words).exit_code == 0
    assert call(*words).stdout.startswith("1 report unchanged, none made")
    table.write_text("b", encoding="utf-8")
    assert list(planned(call, *words).values()) == ["changed: files"]
    assert call(*words).stdout.startswith("1 report made")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes with a name")
def test_a_pipe_among_the_files_is_passed_over(call: Call, place: Path) -> None:
    """Nothing waits for somebody to write into a pipe; one that a value names is refused."""
    notebook(place / "notebooks" / "22_file.ipynb", "file", parameters='file: str = ""  # [file] a table')
    (place / "tables").mkdir()
    os.mkfifo(place / "tables" / "pipe.csv")
    assert set(planned(call, "22", "-p", f"file={place / 'tables'}").values()) == {"new"}
    refused = call("22", "-p", f"file={place / 'tables' / 'pipe.csv'}")
    assert refused.exit_code == 2
    assert "is neither a file nor a folder" in refused.stderr


def test_no_report_tells_in_whose_folders_its_files_lie(call: Call, place: Path) -> None:
    """A notebook finds a file by the name that its report gives it; two of one name make two reports."""
    source = "from pathlib import Path\nprint(Path(file).read_text(), Path(file).stat().st_size)"
    notebook(place / "notebooks" / "22_file.ipynb", source, parameters='file: str = ""  # [file] a table')
    tables = [place / "a" / "table.csv", place.parent / "elsewhere" / "table.csv"]
    for number, table in enumerate(tables):
        table.parent.mkdir()
        table.write_text(f"table {number}", encoding="utf-8")
        assert call("22", "-p", f"file={table}").exit_code == 0
    reports = [one for one in read_manifest(place / "outputs")[0].reports if one.notebook == "22_file"]
    assert sorted(one.parameters["file"] for one in reports) == ["a/table.csv", "table.csv"]
    written = [one.read_bytes() for one in (place / "outputs").rglob("*") if one.is_file()]
    assert b"table 1 7" in b"".join(written)
    assert not any(str(place.parent).encode() in one for one in written)
    assert list(planned(call, "--only", "note=c")) == []


def test_a_forgotten_report_leaves_folder_manifest_and_index(call: Call, place: Path) -> None:
    """Each named one goes, by its folder or its path, the others stay; a wrong name takes nothing away."""
    output = place / "outputs"
    forget = ["forget", PLAIN, "outputs/vi/20_plain/c"]
    refused = CliRunner().invoke(main, [*forget, "vi/21_other/defalt"])
    assert (refused.exit_code, len(read_manifest(output)[0].reports)) == (2, 3)
    assert "unknown report 'vi/21_other/defalt'; did you mean 'vi/21_other/default'" in refused.output
    assert CliRunner().invoke(main, forget).output == f"forgot {PLAIN}\nforgot vi/20_plain/c\n"
    manifest = read_manifest(output)[0]
    assert [one.folder for one in manifest.reports] == [OTHER]
    assert len(manifest.figures) > 500
    assert tree(output / "vi")[:2] == ["21_other", "21_other/default"]
    index = (output / "index.html").read_text(encoding="utf-8")
    assert ("20_plain" in index, "21_other" in index) == (False, True)
    assert not list(output.glob(".*"))
    assert call().stdout.startswith("2 reports made")


def test_a_report_whose_folder_is_deleted_is_forgotten_by_the_next_run(call: Call, place: Path) -> None:
    """Deleting a folder by hand is no damage: the next batch makes it again if it is asked for, else not."""
    shutil.rmtree(place / "outputs" / PLAIN)
    assert call("--only", "note=c").exit_code == 0
    assert [one.folder for one in read_manifest(place / "outputs")[0].reports] == ["vi/20_plain/c", OTHER]


def test_a_file_that_a_set_declares_counts_wherever_the_command_runs(
    call: Call, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A declared file is named from the study's folder on, and its reports are made anew when it changes."""
    source = "from pathlib import Path\nPath(file).read_text()"
    notebook(place / "notebooks" / "22_file.ipynb", source, parameters='file: str = ""  # [file] a table')
    with (place / "notebooks" / "reports.toml").open("a", encoding="utf-8") as declared:
        entry = '{ notebook = "22_file", parameters = { file = "table.csv" } }'
        declared.write(f'[sets.mine]\nwords = "a table"\nreports = [{entry}]\n')
    table = place / "table.csv"
    table.write_text("a", encoding="utf-8")
    monkeypatch.chdir(place / "notebooks")
    words = ("mine", "--output", str(place / "outputs"))
    assert call(*words).stdout.startswith("1 report made")
    assert call(*words).stdout.startswith("1 report unchanged, none made")
    table.write_text("b", encoding="utf-8")
    assert list(planned(call, *words).values()) == ["changed: files"]
    assert call(*words).stdout.startswith("1 report made")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.04, "0.0 s"), (99.94, "99.9 s"), (119.7, "2 min 0 s"), (3725, "62 min 5 s")]
)
def test_a_minute_has_sixty_seconds(seconds: float, said: str) -> None:
    """How long a batch took is rounded before it is told in minutes."""
    assert _lasted(seconds) == said


@pytest.mark.parametrize("text", ["~nobody-of-this-name", "x" * 300])
def test_a_value_that_cannot_be_a_path_is_a_value(call: Call, text: str) -> None:
    """Looking for the files that values name bears any text."""
    assert planned(call, "20", "-p", f"note={text}") != {}
    made = call("20", "-p", f"note={text}")
    assert made.exit_code == 0, made.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-p", "noet=x"], "no notebook takes a parameter 'noet'; allowed: free, note; did you mean note?"),
        (
            ["--only", "noet=x"],
            "--only: no report has a parameter 'noet'; allowed: lang, note; did you mean note?",
        ),
        (["--only", "note=d"], "--only: no report of these has this note (found 'd')"),
        (["--only", "lang=fr"], "--only"),
        (["defalt"], "unknown set or notebook 'defalt'; did you mean 'default'?"),
        (["21", "-p", "free=x"], "21_other: parameter free: is of another type (found 'x'); allowed: int"),
        (["--only", "note"], "'note' is not of the form NAME=VALUE"),
    ],
)
def test_wrong_words_end_with_2_before_any_kernel(
    call: Call, place: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    """Names and values are checked before anything is run or written, --fresh or not."""
    started: list[Outcome] = []
    monkeypatch.setattr(report_batch, "run", lambda *_, **__: started.append(Outcome))
    before = stable(place)
    result = call("--fresh", *words)
    assert (result.exit_code, started) == (2, [])
    assert said in result.stderr
    assert stable(place) == before


def test_only_picks_reports_by_value(call: Call) -> None:
    """``--only`` leaves the reports that have this value, whatever other values they have."""
    assert list(planned(call, "--only", "note=c", "--output", "x")) == ["vi/20_plain/c"]
    assert list(planned(call, "--only", "note=c", "--output", "x", "--lang", "both")) == [
        "vi/20_plain/c",
        "en/20_plain/c",
    ]


def test_a_file_deep_below_the_data_makes_another_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is called unchanged where a file in a folder of data/ came, went or grew."""
    module = importlib.import_module("cbanalysis.cli.commands.report")
    monkeypatch.setattr(module, "data_folder", lambda: tmp_path)
    asked = SimpleNamespace(names=(), given={}, only={}, lang=None)
    deep = tmp_path / "registers" / "2025"
    deep.mkdir(parents=True)
    told = [module._request(asked)]
    for change in (
        (deep / "a.csv").touch,
        lambda: (deep / "a.csv").write_text("1"),
        (deep / "a.csv").unlink,
    ):
        change()
        told.append(module._request(asked))
    assert len({*told}) == 3
    assert told[0] == told[-1]
