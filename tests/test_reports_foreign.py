"""Notebooks as they come, and a batch in which every third report fails in a way of its own."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import nbformat
import pytest

from cbanalysis.batch.reports.many_reports import run
from cbanalysis.batch.reports.notebook_files import beside
from cbanalysis.batch.reports.remote_machines import DataArchive, RemoteTask
from cbanalysis.batch.reports.reports_and_folders import Report, plan
from cbanalysis.batch.reports.staleness import inputs_of
from cbanalysis.batch.reports.tasks_and_outcomes import Batch, Task
from cbanalysis.common.folders import DATA_VARIABLE
from cbanalysis.site.downloads.report_blocks import blocks_of
from cbanalysis.site.pages.cell_outputs import shown
from cbanalysis.site.pages.page_words import WORDS
from cbanalysis.site.pages.report_page import page, read_steps
from cbanalysis.site.pages.safe_html import markdown
from report_runs import Inline, notebook, report_here

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def with_words(path: Path, *words: str, **attached: bytes) -> Path:
    """Add a cell of words to a notebook, with the pictures that it holds."""
    book = nbformat.read(path, 4)
    cell = nbformat.v4.new_markdown_cell("\n\n".join(words), id="words")
    if attached:
        held = {name: {"image/png": base64.b64encode(content).decode()} for name, content in attached.items()}
        cell["attachments"] = held
    book.cells.append(cell)
    nbformat.write(book, path)
    return path


def bare(path: Path) -> Report:
    return Report(path, path.stem, takes_language=False)


def test_what_lies_beside_a_notebook_is_there_when_it_runs(tmp_path: Path) -> None:
    """Modules, packages, what they import, files that the code names, and pictures in its words."""
    (tmp_path / "helper.py").write_text(
        "import other\nfrom pack.inner import Y\nX = other.Z + Y\n", encoding="utf-8"
    )
    (tmp_path / "other.py").write_text("Z = 1\n", encoding="utf-8")
    (tmp_path / "unused.py").write_text("1 / 0\n", encoding="utf-8")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "pack" / "inner.py").write_text("Y = 2\n", encoding="utf-8")
    (tmp_path / "numbers.csv").write_text("7\n", encoding="utf-8")
    (tmp_path / "dot one.png").write_bytes(DOT)
    source = "%matplotlib inline\nimport helper\nhelper.X, open('numbers.csv').read()"
    path = notebook(tmp_path / "20_beside.ipynb", source, parameters=None)
    with_words(path, "![a dot](dot%20one.png)", "<img src='dot%20one.png' alt='again'>", "![none](lost.png)")
    one = bare(path)
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert outcome.message == ""
    made = nbformat.read(tmp_path / "outputs" / one.folder / "report.ipynb", 4)
    assert made.cells[1].outputs[0].data["text/plain"] == "(3, '7\\n')"
    assert list(made.cells[2].attachments) == ["dot%20one.png"]
    shown_page = page(made, {"report": "vi/x/y", "notebook": "x", "language": "vi", "parameters": {}})
    content = base64.b64encode(DOT).decode()
    assert shown_page.count(f'<img src="data:image/png;base64,{content}"') == 2
    assert "[none]" in shown_page
    before = inputs_of(one, {})
    (tmp_path / "unused.py").write_text("", encoding="utf-8")
    assert inputs_of(one, {}) == before
    for name, text in (("other.py", "Z = 3\n"), ("pack/inner.py", "Y = 5\n"), ("numbers.csv", "8\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        now = inputs_of(one, {})
        assert [each for each in now if now[each] != before[each]] == ["beside"], name
        before = now


@pytest.mark.parametrize(
    "source",
    [
        "import os\nprint(open(os.path.join('data', 'a.txt')).read())",
        "from pathlib import Path\nprint((Path('data') / 'a.txt').read_text())",
        "name = 'a'\nprint(open(f'data/{name}.txt').read())",
        "import glob\nprint([open(one).read() for one in glob.glob('da*/a*.txt')])",
        "!cat data/a.txt",
        "lines = !cat data/a.txt\nprint(lines)",
        "%%bash\ncat data/a.txt",
        "%%time\nprint(open('data/a.txt').read())",
    ],
)
def test_files_beside_are_found_however_the_code_names_them(tmp_path: Path, source: str) -> None:
    """By a folder, a pattern, an f-string, a line for the shell, below %%time; a change makes it anew."""
    (tmp_path / "data" / ".hidden").mkdir(parents=True)
    for name in ("data/a.txt", "data/.hidden/b.txt", "c.txt"):
        (tmp_path / name).write_text("seven\n", encoding="utf-8")
    path = notebook(tmp_path / "20_beside.ipynb", source, parameters=None)
    assert list(beside(path)) == ["data/a.txt"]
    before = inputs_of(bare(path), {})
    (tmp_path / "c.txt").write_text("eight\n", encoding="utf-8")
    assert inputs_of(bare(path), {}) == before
    (tmp_path / "data" / "a.txt").write_text("eight\n", encoding="utf-8")
    assert inputs_of(bare(path), {}) != before


def test_a_notebook_that_looks_through_a_folder_finds_it_full(tmp_path: Path) -> None:
    """It sees the files that its author sees, and may write beside them without changing them."""
    (tmp_path / "data").mkdir()
    for number in range(3):
        (tmp_path / "data" / f"{number}.txt").write_text(f"{number}", encoding="utf-8")
    source = "from pathlib import Path\nPath('data/0.txt').write_text('new')\n"
    source += "[one.read_text() for one in sorted(Path('data').iterdir())]"
    one = bare(notebook(tmp_path / "20_beside.ipynb", source, parameters=None))
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert outcome.message == ""
    made = nbformat.read(tmp_path / "outputs" / one.folder / "report.ipynb", 4)
    assert made.cells[1].outputs[0].data["text/plain"] == "['new', '1', '2']"
    assert (tmp_path / "data" / "0.txt").read_text(encoding="utf-8") == "0"


LISTINGS = [
    "from glob import glob\nsorted(glob('*'))",
    "import glob\nsorted(glob.glob('*'))",
    "import os\nsorted(os.listdir())",
    "import os\nsorted(os.listdir('.'))",
    "import os\nsorted(one.name for one in os.scandir())",
    "from pathlib import Path\nsorted(one.name for one in Path().iterdir())",
    "from pathlib import Path\nhere = Path()\nsorted(one.name for one in here.iterdir())",
    "import os\nsorted(sum(next(os.walk('.'))[1:], []))",
]


@pytest.mark.parametrize("source", LISTINGS)
def test_a_notebook_that_lists_its_own_folder_finds_it_full(tmp_path: Path, source: str) -> None:
    """Files and folders, hidden ones and notebooks aside; half a list would give half a sum."""
    for name in ("b.csv", ".hidden", "Ã.txt", "sub/c.csv", "sub/deep/d.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("7\n", encoding="utf-8")
    one = bare(notebook(tmp_path / "20_beside.ipynb", source, parameters=None))
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert outcome.message == ""
    made = nbformat.read(tmp_path / "outputs" / one.folder / "report.ipynb", 4)
    assert made.cells[1].outputs[0].data["text/plain"] == "['b.csv', 'sub', 'Ã.txt']"


@pytest.mark.parametrize(
    "code", ["Path().rglob('*.csv')", "Path('sub').glob('*/*.csv')", "Path().glob(WHICH)"]
)
def test_a_pattern_finds_what_it_finds_in_the_folder(tmp_path: Path, code: str) -> None:
    """Also below it, in a folder that is named, and by a name of its own."""
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    (tmp_path / "sub" / "deep" / "d.csv").touch()
    (tmp_path / "e.txt").touch()
    source = f"from pathlib import Path\nWHICH = '*/*/d.csv'\nlist({code})"
    assert list(beside(notebook(tmp_path / "20_beside.ipynb", source, parameters=None))) == ["sub/deep/d.csv"]


def test_a_list_of_too_many_files_is_refused_not_empty(tmp_path: Path) -> None:
    """A thousand and one files beside a notebook that counts them: no report says that there is none."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for number in range(1001):
        (folder / f"{number}.csv").touch()
    notebook(folder / "20_lists.ipynb", "from glob import glob\nlen(glob('*.csv'))", parameters=None)
    notebook(folder / "21_plain.ipynb", "1", parameters=None)
    made = report_here(folder, "20", "21", cwd=tmp_path)
    assert (made.returncode, made.stdout.split(" in ")[0]) == (1, "1 report made (21_plain 1), 1 failed")
    said = "20_lists.ipynb: its code looks for '*.csv' in a folder of more than 1,000 files"
    assert said in made.stderr


def test_the_study_s_data_are_where_the_notebook_looks_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``../data/x.csv``, from a notebook in notebooks/; a change makes it anew, other folders stay shut."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data" / "own").mkdir(parents=True)
    (tmp_path / "data" / "own" / "x.csv").write_text("7\n", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("8\n", encoding="utf-8")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    source = (
        "from glob import glob\nopen('../data/own/x.csv').read(), glob('../data/*/*.csv'), glob('../*.txt')"
    )
    one = bare(notebook(tmp_path / "notebooks" / "20_data.ipynb", source, parameters=None))
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert outcome.message == ""
    made = nbformat.read(tmp_path / "outputs" / one.folder / "report.ipynb", 4)
    assert made.cells[1].outputs[0].data["text/plain"] == "('7\\n', ['../data/own/x.csv'], [])"
    before = inputs_of(one, {})
    (tmp_path / "data" / "own" / "x.csv").write_text("9\n", encoding="utf-8")
    assert inputs_of(one, {}) != before


@pytest.mark.parametrize(
    "source",
    [
        "open('{data}/own/x.csv').read()",
        "part = 'own'\nopen(f'{data}/{{part}}/x.csv').read()",
        "from glob import glob\nopen(glob('{data}/own/*.csv')[0]).read()",
        "from pathlib import Path\n(Path('{data}/own') / 'x.csv').read_text()",
    ],
)
def test_data_that_a_notebook_names_by_their_whole_path_are_part_of_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """They are read where they are, aren't copied or sent elsewhere, and a change makes the report anew."""
    (tmp_path / "notebooks").mkdir()
    data = tmp_path / ".study" / "data"
    (data / "own" / ".hidden").mkdir(parents=True)
    for name in ("own/x.csv", "own/.hidden/x.csv"):
        (data / name).write_text("7\n", encoding="utf-8")
    monkeypatch.setenv(DATA_VARIABLE, str(data))
    code = source.format(data=data.as_posix())
    one = bare(notebook(tmp_path / "notebooks" / "20_data.ipynb", code, parameters=None))
    assert list(beside(one.path)) == [(data / "own" / "x.csv").as_posix()]
    task = Task(one, tmp_path / "task", Batch())
    assert RemoteTask.of(task, DataArchive.of(data, DATA_VARIABLE)).beside == {}
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert outcome.message == ""
    made = nbformat.read(tmp_path / "outputs" / one.folder / "report.ipynb", 4)
    assert made.cells[1].outputs[0].data["text/plain"] == "'7\\n'"
    before = inputs_of(one, {})
    (data / "own" / "x.csv").write_text("9\n", encoding="utf-8")
    assert inputs_of(one, {}) != before


@pytest.mark.parametrize("source", ["f'{1}/{2}'", "f'{1}_{2}'", "'.'", "'..'", "'*'", "'%' + '/'"])
def test_texts_that_name_no_file_bring_none(tmp_path: Path, source: str) -> None:
    """A fraction, a label or a mark is no pattern: what lies around doesn't go into the report."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_text("", encoding="utf-8")
    (tmp_path / "a_b.txt").write_text("", encoding="utf-8")
    assert beside(notebook(tmp_path / "20_beside.ipynb", source, parameters=None)) == {}


def test_a_folder_of_too_many_files_is_not_brought(tmp_path: Path) -> None:
    """More than a thousand weren't meant by a word that happens to be a folder's name."""
    (tmp_path / "data").mkdir()
    for number in range(1000):
        (tmp_path / "data" / f"{number}").touch()
    path = notebook(tmp_path / "20_beside.ipynb", "'data'", parameters=None)
    assert len(beside(path)) == 1000
    (tmp_path / "data" / "another").touch()
    assert beside(path) == {}


def test_a_notebook_of_an_old_format_runs(tmp_path: Path) -> None:
    """Format 3, with worksheets, as IPython 1 wrote it."""
    cell = {"cell_type": "code", "collapsed": False, "input": "1 + 1", "language": "python", "outputs": []}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [cell]}]}
    (tmp_path / "20_old.ipynb").write_text(json.dumps(old), encoding="utf-8")
    (outcome,) = run([bare(tmp_path / "20_old.ipynb")], tmp_path / "outputs", executor=Inline())
    assert outcome.message == ""


def test_an_error_of_a_result_that_cannot_be_shown_has_its_name(tmp_path: Path) -> None:
    """IPython's reply calls it NoneType; the line that people read says what happened, briefly."""
    source = "class Odd:\n    def __repr__(self):\n        raise ValueError('no words' + '!' * 1000)\nOdd()"
    one = bare(notebook(tmp_path / "20_odd.ipynb", source, parameters=None))
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert outcome.message.startswith("ValueError: no words!!!")
    assert len(outcome.message) < 600


def test_formulas_and_json_are_said_where_their_plain_form_is_a_name() -> None:
    """<IPython.core.display.Math object> tells nobody anything; what says more stays as it is."""

    def said(**forms: object) -> str:
        given = {name.replace("_", "/"): form for name, form in forms.items()}
        return shown(nbformat.v4.new_output("display_data", given)).text

    name = "<IPython.core.display.Math object>"
    assert said(text_plain=name, text_latex=r"$\frac{a}{b}$") == r"$\frac{a}{b}$"
    assert said(text_plain=name, application_json={"tỉnh": [1]}) == '{\n  "tỉnh": [\n    1\n  ]\n}'
    assert said(text_plain="a/b", text_latex=r"$\frac{a}{b}$") == "a/b"
    assert said(text_plain=name) == name


def test_formulas_are_drawn_on_the_page_and_in_the_downloads() -> None:
    """Inline and alone, with their source as text; one that can't be drawn stays source, so do prices."""
    words = r"So $\frac{a}{b}$ is." + "\n\n" + r"$$\sqrt{n}$$" + "\n\n" + r"$\begin{x}$, 5$ or 6$, `$c$`"
    shown_words = markdown(words)
    assert shown_words.count('<img class="formula" src="data:image/png;base64,') == 2
    assert r'alt="\frac{a}{b}"' in shown_words
    assert r"$\begin{x}$, 5$ or 6$, <code>$c$</code>" in shown_words
    assert "$$" not in shown_words
    cell = nbformat.v4.new_markdown_cell(f"# T\n\n{words}")
    steps = read_steps(nbformat.v4.new_notebook(cells=[cell]), {"language": "vi", "notebook": "x"})
    found = blocks_of(steps, WORDS["vi"])
    assert [one.kind for one in found] == ["words", "chart", "words"]
    assert found[0].text == r"So \frac{a}{b} is."
    assert found[1].picture.startswith(b"\x89PNG")
    assert (found[1].alt, 3 < found[1].wide < 12) == (r"\sqrt{n}", True)


def test_a_pasted_picture_is_in_the_page() -> None:
    """An attachment becomes a picture, whatever words come with it; of one that is missing the words stay."""
    held = {"a.png": {"image/png": base64.b64encode(DOT).decode()}, "b.png": {"image/png": '"><script>'}}
    made = str(
        markdown("![<b> dot](attachment:a.png) ![bad](attachment:b.png) ![gone](attachment:c.png)", held)
    )
    assert made.count("<img") == 1
    assert 'alt="&lt;b&gt; dot"' in made
    assert "[bad] [gone]" in made
    assert "script" not in made
    away = str(markdown("![far](https://example.org/x.png) ![bad](javascript:alert(1)) \ue0000\ue001"))
    assert '<a href="https://example.org/x.png">far</a> [bad]' in away
    assert "<img" not in away
    assert "javascript" not in away


def test_a_picture_of_more_pixels_is_shown_at_its_size() -> None:
    """A retina picture says how wide it is meant; what is no number of pixels says nothing."""
    given = {"image/png": base64.b64encode(DOT).decode()}
    sized = {"image/png": {"width": 400, "height": 300.0}}
    one = shown(nbformat.v4.new_output("display_data", given, metadata=sized))
    assert (one.width, one.height) == (400, 300)
    odd = shown(
        nbformat.v4.new_output("display_data", given, metadata={"image/png": {"width": "9", "height": -1}})
    )
    assert (odd.width, odd.height) == (0, 0)


def test_a_notebook_without_parameters_runs_as_it_is(tmp_path: Path) -> None:
    """It is planned like any other; only a value for it is refused."""
    path = notebook(tmp_path / "20_plain.ipynb", "1", parameters=None)
    assert [str(one) for one in plan([(path, {})])] == ["vi/20_plain/default"]


POISON = "from IPython.display import publish_display_data as show\n"
CHART, TABLE = (
    {"cbanalysis": {"name": "a", "kind": kind, "columns": {"a": []}}} for kind in ("chart", "table")
)
# Twenty ways to fail: the code, then what the line at the end begins with.
FAILING = {
    "raises": ("raise ValueError('no')", "cell 2: ValueError: no"),
    "memory": ("raise MemoryError", "cell 2: MemoryError"),
    "assertion": ("assert False", "cell 2: AssertionError"),
    "key": ("{}['x']", "cell 2: KeyError: 'x'"),
    "exit_1": ("import sys\nsys.exit(1)", "cell 2: SystemExit: the notebook ended itself with exit code 1"),
    "exit_says": ("import sys\nsys.exit('no data')", "cell 2: SystemExit: no data"),
    "dies": ("import os\nos._exit(1)", "cell 2: DeadKernel: the kernel died while this cell ran"),
    "magic": ("%nosuchmagic", "cell 2: UsageError: Line magic function `%nosuchmagic` not found."),
    "syntax": ("1 +", "cell 2: SyntaxError: invalid syntax"),
    "import": (
        "import no_such_module_at_all",
        "cell 2: ModuleNotFoundError: No module named 'no_such_module",
    ),
    "broken_module": ("import broken_module", "cell 2: ZeroDivisionError: division by zero"),
    "input": ("input()", "cell 2: StdinNotImplementedError: raw_input was called"),
    "outside": ("open('/no/such/place', 'w')", "cell 2: PermissionError: "),
    "flood": ("print('x' * 25_000_000)", "cell 2: Flooded: the cell wrote more than 20 MB of output"),
    "recursion": ("f = lambda: f()\nf()", "cell 2: RecursionError: maximum recursion depth exceeded"),
    "interrupt": ("raise KeyboardInterrupt", "cell 2: KeyboardInterrupt"),
    "shown_error": (
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    get_ipython().showtraceback()",
        "cell 2: Zero",
    ),
    "drawing": (f"{POISON}show({{'image/svg+xml': 'no drawing'}}, {CHART})", "cell 2: TypstError: "),
    "picture": (f"{POISON}show({{'image/png': 'no picture'}}, {CHART})", "cell 2: "),
    "table": (f"{POISON}show({{'text/csv': 'a'}}, {TABLE})", "cell 2: "),
}


def batch(folder: Path) -> None:
    """Write notebooks that fail, unreadable ones, one of another language, and good ones."""
    folder.mkdir()
    (folder / "broken_module.py").write_text("1 / 0\n", encoding="utf-8")
    for name, (source, _) in FAILING.items():
        notebook(folder / f"{name}.ipynb", source, "'never'", parameters=None)
    for number in range(8):
        notebook(folder / f"good_{number}.ipynb", f"{number} + 1", parameters=None)
    (folder / "unreadable.ipynb").write_text("{ no JSON", encoding="utf-8")
    spec = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    nbformat.write(nbformat.v4.new_notebook(metadata=spec), folder / "in_r.ipynb")


@pytest.mark.whole
@pytest.mark.usefixtures("batches_are_ready")
def test_of_thirty_reports_those_that_can_be_made_are(tmp_path: Path) -> None:
    """Twenty-two fail, each in its own way: exit code, last lines, manifest, index and plan say so."""
    folder = tmp_path / "notebooks"
    batch(folder)
    made = report_here(folder, "--jobs", "3", cwd=tmp_path)
    assert made.returncode == 1, made.stderr
    assert "Traceback" not in made.stderr
    assert (
        f"8 reports made ({', '.join(f'good_{number} 1' for number in range(8))}), 22 failed in"
        in made.stdout
    )
    beginnings = {name: f", {begins}" for name, (_, begins) in FAILING.items()} | {
        "unreadable": ": ReportError: unreadable.ipynb: is no readable notebook: ",
        "in_r": ": ReportError: in_r.ipynb: is a notebook in R; reports run notebooks in Python",
    }
    lines = {
        line.split("/")[1]: line.split("/default", 1)[1]
        for line in made.stderr.splitlines()
        if line.startswith("failed: vi/")
    }
    assert {name: lines[name][: len(begins)] for name, begins in beginnings.items()} == beginnings
    assert len(lines) == 22
    manifest = json.loads((tmp_path / "outputs" / "manifest.json").read_text(encoding="utf-8"))
    listed = (tmp_path / "outputs" / "index.html").read_text(encoding="utf-8")
    planned = report_here(folder, "--plan", cwd=tmp_path).stdout.splitlines()
    whys = {line.split("/")[1]: line.split("  ")[::2] for line in planned if "/" in line}
    assert len(manifest["reports"]) == len(whys) == 30
    for entry in manifest["reports"]:
        name = entry["notebook"]
        assert (tmp_path / "outputs" / entry["folder"] / "index.html").is_file()
        assert f"{entry['folder']}/index.html" in listed
        assert entry["status"] == ("failed" if name in beginnings else "done"), name
        assert bool(entry["run"]["failing_since"]) == (name in beginnings)
        if name in FAILING:
            assert entry["error"]
            assert entry["cell"] == 2
            assert whys[name][0] == "make"
            assert whys[name][1].startswith(f"failed before: {entry['error']}")
        elif name in beginnings:
            assert entry["stage"] == "notebook"
            assert whys[name][1].startswith("can't be made: ")
        else:
            assert whys[name] == ["keep", "unchanged"]


@pytest.mark.parametrize("words", [("20_plain", "-p", "year=1")])
def test_a_value_for_a_notebook_without_parameters_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Before anything runs, and exit code 2."""
    (tmp_path / "notebooks").mkdir()
    notebook(tmp_path / "notebooks" / "20_plain.ipynb", "1", parameters=None)
    made = report_here(tmp_path / "notebooks", *words, cwd=tmp_path)
    assert made.returncode == 2
    assert "20_plain: takes no parameter 'year'; allowed: none" in made.stderr
    assert not (tmp_path / "outputs").exists()
