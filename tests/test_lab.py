"""At home in JupyterLab and Notebook 7: a real server and a real browser, by mouse and by keyboard."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from cbanalysis.common.folders import shipped_folder
from cbanalysis.common.new_study import new_study
from kernel_helpers import notebook
from lab_pages import COMMAND, Desk, Lab, started

pytest.importorskip("jupyterlab")
pytest.importorskip("notebook")
pytestmark = pytest.mark.slow
NOTEBOOKS = sorted(one.name for one in shipped_folder("notebooks").glob("*.ipynb"))
EXPLORE = "import cbanalysis as cb\ncb.explore()"
PANEL = "img.cb-chart"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a study; `cbanalysis lab` brings the notebooks."""
    return new_study(tmp_path_factory.mktemp("lab") / "study")


@pytest.fixture(scope="module", params=["lab", pytest.param("notebook", marks=pytest.mark.whole)])
def lab(request: pytest.FixtureRequest, study: Path) -> Iterator[Lab]:
    """Start JupyterLab or the notebook server on the study."""
    with started(study, study.parent / "jupyter", request.param) as running:
        yield running


@pytest.fixture(scope="module")
def window(browser: object) -> Iterator[object]:
    """Open one window, which reads JupyterLab's scripts once, and may use the clipboard."""
    permissions = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(viewport={"width": 1400, "height": 1200}, permissions=permissions)
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def desk(window: object, lab: Lab) -> Iterator[Desk]:
    """Open a page of its own in it."""
    page = window.new_page()
    yield Desk(page, lab)
    page.close()


@pytest.fixture
def scratch(study: Path, request: pytest.FixtureRequest) -> str:
    """Give an empty notebook of its own, for the kernel that every Jupyter has."""
    name = f"notebooks/{request.node.name.translate(str.maketrans('[]', '__'))}.ipynb"
    (study / "notebooks").mkdir(exist_ok=True)
    (study / name).write_text(nbformat.writes(notebook("")), encoding="utf-8")
    return name


@pytest.mark.parametrize(
    "name",
    # nbval runs them all; what is new here is a browser
    [name if name.startswith("01") else pytest.param(name, marks=pytest.mark.whole) for name in NOTEBOOKS],
)
def test_every_notebook_runs_from_the_menu(desk: Desk, name: str) -> None:
    """Restart and run all: no error, charts are drawn and say what they show, nobody else is asked."""
    if desk.lab.interface == "notebook" and not name.startswith(("01", "04")):
        pytest.skip("every notebook is run in JupyterLab; two of them in Notebook 7, too")
    desk.open(f"notebooks/{name}")
    desk.run_all()
    stored = nbformat.read(shipped_folder("notebooks") / name, as_version=4)
    outputs = [output for cell in stored.cells for output in cell.get("outputs", ())]
    wanted = sum("image/png" in output.get("data", {}) for output in outputs)
    script = "wanted => [...document.images].filter(one => one.naturalWidth && one.alt).length >= wanted"
    desk.page.wait_for_function(script, arg=wanted)  # a number beside a cell comes before its pictures
    pictures = desk.pictures()
    assert len(pictures) == wanted
    assert all(one["width"] > 300 and len(one["alt"]) > 30 for one in pictures), pictures
    assert desk.errors() == []
    assert desk.said == []
    assert desk.hosts == {desk.lab.address.removeprefix("http://")}


@pytest.mark.whole
def test_another_province_gives_its_profile(desk: Desk) -> None:
    """Change the province in the parameters cell, run all again: the profile is that province's."""
    desk.open("notebooks/04_province_profile.ipynb")
    desk.type_into(0, 'province: str = "Lâm Đồng"  # [province]\nlang: str = "vi"')
    desk.run_all()
    desk.page.locator(".jp-OutputArea-output .cb-note", has_text="Lâm Đồng (Tây Nguyên)").first.wait_for()


def test_kernels_are_forked_from_a_warm_process(desk: Desk, scratch: str) -> None:
    """Without any import pandas is there already, whatever kernel the notebook names."""
    desk.open(scratch)
    desk.type_into(
        0, "import sys; print('scipy.stats' in sys.modules, 'cbanalysis.display.charts' in sys.modules)"
    )
    desk.page.keyboard.press("Shift+Enter")
    shown = desk.page.locator(".jp-OutputArea-output pre").first
    assert shown.inner_text().strip() == "True True"


def explore(desk: Desk, notebook: str) -> None:
    """Open the panel: one cell, one key."""
    desk.open(notebook)
    desk.type_into(0, EXPLORE)
    desk.page.keyboard.press("Shift+Enter")
    desk.page.wait_for_selector(PANEL)


def drawn(picture: object) -> str:
    """Return the SVG behind a picture on the page."""
    script = """async one => { const text = await (await fetch(one.src)).text(); return text; }"""
    return picture.evaluate(script).replace("<?xml version='1.0' encoding='utf-8'?>", "").strip()


def same_picture(desk: Desk) -> None:
    """Make sure that the new cell shows what the panel shows, pixel for pixel."""
    cell = desk.page.locator(".jp-CodeCell").nth(1)
    made = cell.locator(".jp-OutputArea-output img")
    made.wait_for()
    panel = desk.page.locator(PANEL)
    assert drawn(made) == drawn(panel)
    assert made.get_attribute("alt") == panel.get_attribute("alt")
    sizes = [one.evaluate("one => [one.naturalWidth, one.naturalHeight, one.width]") for one in (made, panel)]
    assert sizes[0] == sizes[1]
    assert desk.errors() == []


def test_exploring_by_mouse_ends_in_code_that_gives_the_same_picture(desk: Desk, scratch: str) -> None:
    """Choose an indicator and English, press the button, run the cell that it wrote: the same picture."""
    explore(desk, scratch)
    before = desk.page.locator(PANEL).get_attribute("src")
    indicators = desk.page.get_by_label("Chỉ tiêu")
    name = "Thôn, bản có chi bộ riêng (".replace(
        " ", "\N{NO-BREAK SPACE}"
    )  # behind it how many figures there are
    indicators.select_option(
        next(option for option in indicators.locator("option").all_inner_texts() if option.startswith(name))
    )
    desk.page.wait_for_function("src => document.querySelector('img.cb-chart').src !== src", arg=before)
    desk.page.get_by_label("Ngôn ngữ").select_option("English")
    desk.page.wait_for_selector(f"{PANEL}[lang=en]")
    assert desk.page.locator(PANEL).get_attribute("alt").startswith("Dot plot")
    assert "they differ in" in desk.page.locator(".cb-warnings").inner_text()
    desk.page.get_by_role("button", name="Write the code into a new cell").click()
    desk.page.get_by_text("It is in the cell below.").wait_for()
    assert 'indicator="village_own_cell"' in desk.code()[1]
    desk.page.keyboard.press("Shift+Enter")
    same_picture(desk)


@pytest.mark.whole
def test_exploring_by_keyboard_works_as_well(desk: Desk, scratch: str) -> None:
    """Tab reaches every control and the button; arrows choose; Enter writes the code."""
    explore(desk, scratch)
    focused = """() => { const one = document.activeElement;
        const label = one.labels?.[0]?.innerText || one.getAttribute('aria-label');
        return (label || one.innerText || '').trim(); }"""
    reached: list[str] = []
    before = desk.page.locator(PANEL).get_attribute("src")
    desk.page.get_by_label("Chỉ tiêu").focus()
    desk.page.keyboard.press("ArrowDown")
    desk.page.wait_for_function("src => document.querySelector('img.cb-chart').src !== src", arg=before)
    for _ in range(25):
        reached.append(desk.page.evaluate(focused))
        if reached[-1].startswith("Viết mã lệnh"):
            break
        desk.page.keyboard.press("Tab")
    assert reached[-1].startswith("Viết mã lệnh"), reached
    assert {"Chỉ tiêu", "So sánh", "Đối tượng", "Cấp", "Tỉnh, thành phố"} <= set(reached)
    desk.page.keyboard.press("Enter")
    desk.page.get_by_text("Đã viết mã lệnh vào ô bên dưới.").wait_for()
    desk.page.keyboard.press("Shift+Enter")
    same_picture(desk)


@pytest.mark.whole
def test_the_code_can_be_copied_too(desk: Desk, scratch: str) -> None:
    """The tab Code shows the lines; its button puts them into the clipboard."""
    explore(desk, scratch)
    desk.page.get_by_role("tab", name="Mã lệnh").click()
    desk.page.get_by_role("button", name="Sao chép mã lệnh").click()
    desk.page.get_by_text("Đã sao chép").wait_for()
    copied = desk.page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("import cbanalysis as cb")
    assert copied.strip() == desk.page.locator(".jp-OutputArea pre").last.inner_text().strip()


@pytest.mark.whole
def test_the_table_of_the_panel_is_there_without_a_network(desk: Desk, scratch: str) -> None:
    """Rows stand in a table that can be sorted; numbers are written in the reader's language."""
    explore(desk, scratch)
    table = desk.page.locator("table.dataTable").first
    table.wait_for()
    assert "46,52" in table.inner_text()
    assert desk.hosts == {desk.lab.address.removeprefix("http://")}
    assert desk.said == []


@pytest.mark.whole
def test_the_reports_are_one_click_away(desk: Desk, study: Path) -> None:
    """The link at the top opens the index of outputs/, in a page of its own."""
    if desk.lab.interface == "notebook":
        pytest.skip("shown in JupyterLab")
    desk.open("notebooks/02_meeting_attendance.ipynb")
    link = desk.page.get_by_role("link", name="Báo cáo · Reports")
    with desk.page.expect_popup() as opened:
        link.click()
    opened.value.get_by_text("There are no reports yet").first.wait_for()
    (study / "outputs" / "index.html").write_text("<title>Reports of this study</title>", encoding="utf-8")
    with desk.page.expect_popup() as opened:
        link.click()
    opened.value.wait_for_load_state()
    assert opened.value.title() == "Reports of this study"


def test_the_file_tree_shows_what_readers_want(desk: Desk, study: Path) -> None:
    """A study shows all of its folders, but neither caches nor hidden files."""
    (study / "src").mkdir(exist_ok=True)
    (study / "notebooks" / "__pycache__").mkdir(exist_ok=True)
    asked = f"{desk.lab.address}/api/contents/{{}}?token={desk.lab.token}"
    top = desk.page.request.get(asked.format("")).json()["content"]
    assert {one["name"] for one in top} == {"cbanalysis.toml", "data", "notebooks", "outputs", "src"}
    inside = desk.page.request.get(asked.format("notebooks")).json()["content"]
    assert "__pycache__" not in {one["name"] for one in inside}


def test_a_checkout_s_file_tree_leaves_the_package_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout the tree shows notebooks, data, reports and the README."""
    from fnmatch import fnmatch

    from cbanalysis.cli.commands import lab as command

    root = shipped_folder("notebooks").parent
    monkeypatch.chdir(root)
    hidden = [
        one.partition("=")[2] for one in command._options(root, 1, browser=False) if "hide_globs" in one
    ]
    names = {one.name for one in root.iterdir() if not one.name.startswith(".")}
    shown = {name for name in names if not any(fnmatch(name, pattern) for pattern in hidden)}
    assert shown <= {"README.md", "data", "notebooks", "outputs"}


def test_outside_of_a_study_it_says_what_to_do(tmp_path: Path) -> None:
    """Where there are no notebooks the command ends at once and names the commands that make some."""
    said = subprocess.run(
        [COMMAND, "lab", "--no-browser"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert said.returncode == 2
    assert "cbanalysis new study" in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_notebooks_of_ones_own_are_left_alone(tmp_path: Path) -> None:
    """A study that has notebooks keeps them; one without gets whole copies."""
    from cbanalysis.common.new_study import add_notebooks

    assert add_notebooks(tmp_path)
    assert sorted(one.name for one in (tmp_path / "notebooks").glob("*.ipynb")) == NOTEBOOKS
    shutil.rmtree(tmp_path / "notebooks")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "mine.ipynb").write_text("{}", encoding="utf-8")
    assert not add_notebooks(tmp_path)
    assert [one.name for one in (tmp_path / "notebooks").iterdir()] == ["mine.ipynb"]
