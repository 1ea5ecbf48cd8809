"""The documentation: builds without a warning and without a network, and every block of code in it runs."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from matplotlib.text import Text

from cbanalysis.dataset.catalogue import Catalogue
from made_up import writers
from made_up.tables import RATINGS, RATINGS_MERGED

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BIN = Path(sys.executable).parent
FENCE = re.compile(r"^( *)```(sh|python|toml)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
ANY_FENCE = re.compile(r"^ *```([^\s`][^\n]*)$", re.MULTILINE)
# Anything that a browser fetches by itself; links that a reader may click are no such thing.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|object|embed)\b[^>]*\b(?:src|data)=["']?(?:https?:)?//"""
    r"""|<link\b(?![^>]*\brel=["']?canonical)[^>]*\bhref=["']?(?:https?:)?//"""
    r"""|url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
)
PAGES = sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts)

# What a test can't do as it stands: open a browser, wait for Ctrl-C, be asked, install from an index.
INSTEAD = {
    "cbanalysis review ../bai.txt": "cbanalysis review ../bai.txt --no-browser & sleep 5; kill $!",
    "cbanalysis serve": "cbanalysis serve --no-browser --port 0 & sleep 2; kill $!",
    "cbanalysis lab": (
        "cbanalysis lab --no-browser > ../lab.log 2>&1 & lab=$!;"
        " until grep -q token= ../lab.log; do sleep 0.2; kill -0 $lab; done; kill $lab; wait $lab || true"
    ),
    "cbanalysis import bang.csv": 'python "$TERMINAL" cbanalysis import bang.csv',
    "cbanalysis import ../bang.xls": "cbanalysis import ../bang.xls --yes",
    "cbanalysis import ../ratings.xls": "cbanalysis import ../ratings.xls --yes",
    "pip install 'cbanalysis-0.1.0-py3-none-any.whl[import,lab,reports]'": 'PATH="$TESTED:$PATH"',
    "pip install 'cbanalysis-0.1.0-py3-none-any.whl[reports]'": 'PATH="$TESTED:$PATH"',
    "pip install 'cbanalysis-0.1.0-py3-none-any.whl[records,reports]'": 'PATH="$TESTED:$PATH"',
    # The first takes a minute, the second runs this very test.
    "make reports": "make --dry-run reports",
    "make test": "make --dry-run test",
    # The checkout of these tests has no gallery.
    "cbanalysis report": "cbanalysis report seeds --lang vi",
}

pytest.importorskip("myst_nb")
pytestmark = pytest.mark.slow


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of code of a page in one language."""
    found = [(one[1], one[2]) for one in FENCE.findall(page.read_text(encoding="utf-8"))]
    return [re.sub(r"^ {3}", "", code, flags=re.MULTILINE) for kind, code in found if kind == language]


def script(page: Path) -> str:
    """Return all shell blocks of a page as one script, without its remarks."""
    lines = []
    for line in "".join(blocks(page, "sh")).splitlines():
        command = re.sub(r" {2,}#.*", "", line)
        lines.append(INSTEAD.get(command, command))
    return "\n".join(lines)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give what the pages take for granted: a checkout that is set up, a table and an article."""
    place = tmp_path / "checkout"
    place.mkdir()
    for name in ("data", "notebooks", "requirements"):
        shutil.copytree(ROOT / name, place / name)
    for name in ("Makefile", "pyproject.toml", "README.md"):
        shutil.copy2(ROOT / name, place / name)
    for file in (*place.glob("*"), *(place / "requirements").glob("*")):
        # Older than any .venv: make setup must find it set up, not install this folder into the real one.
        os.utime(file, (0, 0))
    (place / ".venv").symlink_to(BIN.parent)
    (BIN.parent / "installed-everything").exists() or pytest.skip("make everything makes .venv")
    for name in ("bang.xls", "ratings.xls"):
        writers.xls(place / name, {"Bảng": RATINGS}, RATINGS_MERGED)
    (place / "bai.txt").write_text(
        "Xã Bịa Một có 11/18 chi bộ đạt trong sạch, vững mạnh năm 2012.\n", "utf-8"
    )
    (place / "register.csv").write_text(
        "Chi bộ,Xã,Tỉnh,Tháng,Phải dự,Có mặt,Vắng có lý do\n"
        + "".join(
            f"Chi bộ {n},Xã A,Bắc Giang,2024-{m:02d},30,27,2\n" for n in range(1, 9) for m in range(1, 13)
        ),
        encoding="utf-8",
    )
    return place


def run(code: str, place: Path) -> None:
    """Run a script as a reader would type it, and stop at the first command that fails."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    environment = {**variables, "PATH": f"{BIN}:{os.environ['PATH']}", "TESTED": str(BIN), "PYTHONUTF8": "1"}
    environment["TERMINAL"] = str(ROOT / "tests" / "at_a_terminal.py")
    environment.pop("MAKEFLAGS", None)
    words = ["bash", "-euo", "pipefail", "-c", code]
    done = subprocess.run(
        words, cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"


@pytest.mark.whole
@pytest.mark.usefixtures("batches_are_ready")
@pytest.mark.parametrize(
    "page",
    [one for one in PAGES if blocks(one, "sh") and not one.stem.startswith("quickstart")],
    ids=lambda page: page.stem,
)
def test_every_command_of_a_page_runs(page: Path, checkout: Path) -> None:
    """The commands of a page, one after the other in a fresh place, all succeed."""
    run(script(page), checkout)


@pytest.mark.whole
@pytest.mark.usefixtures("batches_are_ready")
def test_the_readme_s_commands_run(checkout: Path) -> None:
    """So do those of the README, each block in a fresh place."""
    for number, block in enumerate(blocks(ROOT / "README.md", "sh")):
        place = checkout.parent / str(number)
        shutil.copytree(checkout, place, symlinks=True)
        page = place / "page.md"
        page.write_text(f"```sh\n{block}```\n", encoding="utf-8")
        run(script(page), place)


@pytest.mark.whole
@pytest.mark.usefixtures("batches_are_ready")
def test_the_vietnamese_quick_start_ends_with_a_report(checkout: Path) -> None:
    """Followed to the letter it leaves the report of Bắc Giang, and one of the table that was brought."""
    run(script(DOCS / "quickstart.vi.md"), checkout)
    reports = checkout / "nghien-cuu" / "outputs" / "vi" / "04_province_profile"
    assert (reports / "bac-giang" / "index.html").is_file()
    assert (reports / "hung-yen" / "index.html").is_file()


def test_the_quick_starts_need_no_file_that_they_do_not_make() -> None:
    """A reader who has nothing but the page and the package finds every file that a command names."""
    code = "\n".join(blocks(DOCS / "quickstart.vi.md", "sh"))
    files = set(re.findall(r"[\w./-]+\.(?:csv|xlsx?|docx|txt)\b", code))
    assert [name for name in files if f"cat > {name} <<" not in code] == []
    assert "import" in code


def test_every_block_of_code_is_of_a_kind_that_is_run() -> None:
    """No fence escapes: commands, Python and TOML are tried here, code cells by the build."""
    run_here, built_in, no_code = {"sh", "python", "toml"}, {"{code-cell}"}, {"text"}
    directives = {"{eval-rst}", "{include}", "{modules}", "{toctree}"}
    pages = (*PAGES, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")))
    for page in (*pages, ROOT / "data" / "README.md"):
        kinds = {found.split()[0] for found in ANY_FENCE.findall(page.read_text(encoding="utf-8"))}
        assert kinds <= run_here | built_in | no_code | directives, page.name
        if page.parent in (ROOT, ROOT / "data") and page.name != "README.md":
            assert not kinds, page.name
    assert not ANY_FENCE.search((ROOT / "data" / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", [one for one in PAGES if blocks(one, "toml")], ids=lambda page: page.stem)
def test_every_declaration_of_a_page_can_be_made(page: Path, tmp_path: Path) -> None:
    """A block of TOML, written at the end of indicators.toml, is read with the rest of the catalogue."""
    shipped = ROOT / "data"
    for name in ("sources.csv", "events.csv"):
        shutil.copy(shipped / name, tmp_path / name)
    declared = (shipped / "indicators.toml").read_text(encoding="utf-8")
    for block in blocks(page, "toml"):
        (tmp_path / "indicators.toml").write_text(f"{declared}\n{block}", encoding="utf-8")
        assert Catalogue.read(tmp_path) != Catalogue.read(shipped)


def test_every_command_that_is_replaced_still_stands_on_a_page() -> None:
    """The table of replacements holds no line that no page has any more."""
    code = "\n".join("".join(blocks(page, "sh")) for page in (*PAGES, ROOT / "README.md"))
    lines = {re.sub(r" {2,}#.*", "", line).strip() for line in code.splitlines()}
    assert set(INSTEAD) - lines == set()


def test_the_pages_leave_the_real_environment_alone(checkout: Path) -> None:
    """In the place where pages are followed, make setup finds nothing left to install."""
    asked = subprocess.run(
        ["make", "--question", "everything"], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr


def test_both_quick_starts_say_the_same() -> None:
    """The Vietnamese and the English page have the same steps and the same commands."""
    vi, en = DOCS / "quickstart.vi.md", DOCS / "quickstart.en.md"
    assert blocks(vi, "sh") == blocks(en, "sh")
    assert blocks(vi, "python") == blocks(en, "python")
    steps = [re.findall(r"^#+ (\d*)", page.read_text(encoding="utf-8"), re.MULTILINE) for page in (vi, en)]
    assert steps[0] == steps[1]


@pytest.mark.parametrize(
    "page",
    [
        # a Spark that starts for one block takes longer than all other blocks
        pytest.param(one, id=one.stem, marks=[pytest.mark.whole] if "pyspark" in code else [])
        for one in (*PAGES, ROOT / "README.md")
        if (code := "".join(blocks(one, "python")))
    ],
)
def test_every_python_block_of_a_page_runs(
    page: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The blocks of a page run in their order, sharing their names."""
    monkeypatch.chdir(checkout)
    names: dict = {}
    for block in blocks(page, "python"):
        if "pyspark" in block:
            block = spark(block, checkout, names, request)  # noqa: PLW2901 -- the same block
        exec(compile(block, page.name, "exec"), names)  # noqa: S102 -- our own pages


def test_the_readme_s_examples_show_what_they_announce(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trend draws its policy events, and the comparison comes to an interval and a verdict everywhere."""
    monkeypatch.chdir(checkout)
    names: dict = {}
    shown = {}
    for block in blocks(ROOT / "README.md", "python"):
        for line in ast.parse(block).body:
            code = ast.unparse(line)
            if isinstance(line, ast.Expr):
                shown[code.partition("(")[0]] = eval(code, names)  # noqa: S307 -- our own page
            else:
                exec(code, names)  # noqa: S102 -- as above
    drawn = " ".join(one.get_text() for one in shown["cb.charts.trend"].findobj(Text))
    assert "10-HD/BTCTW" in drawn
    compared = shown["cb.rates.compare"]
    assert len(compared) == 5
    assert compared[["difference", "difference_low", "difference_high", "p_holm"]].notna().all(axis=None)
    assert "undecided" not in set(compared["verdict"])


def spark(block: str, place: Path, names: dict, request: pytest.FixtureRequest) -> str:
    """Give a block the Spark session and the records that it takes for granted."""
    pyspark = pytest.importorskip("pyspark.sql")
    shutil.which("java") or pytest.skip("there is no java; .ci/run installs it")
    session = (
        pyspark.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    )
    request.addfinalizer(session.stop)
    folder = place / "records"
    folder.mkdir()
    import pandas as pd

    rows = pd.read_csv(place / "register.csv").rename(
        columns={
            "Chi bộ": "cell", "Xã": "commune", "Tỉnh": "province", "Tháng": "month",
            "Phải dự": "due", "Có mặt": "present", "Vắng có lý do": "excused",
        }
    )  # fmt: skip
    rows.to_parquet(folder / "records.parquet")
    session.read.parquet(str(folder)).createOrReplaceTempView("records")
    names["session"] = session
    return block.replace("/data/records", str(folder))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages, warnings being errors, where every way to another host leads nowhere."""
    site = tmp_path_factory.mktemp("docs") / "html"
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
    words = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "--quiet",
        "-b",
        "html",
        str(DOCS),
        str(site),
    ]
    environment = {**os.environ, **nowhere, "no_proxy": "127.0.0.1,localhost"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return site


@pytest.mark.whole
def test_the_pages_build_without_a_warning_or_another_host(built: Path) -> None:
    """No page and no style takes a script, a style, a font or a picture from elsewhere."""
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > 30
    fetching = [*pages, *built.rglob("*.css")]
    assert [page.name for page in fetching if FETCHED.search(page.read_text(encoding="utf-8"))] == []


def test_another_host_would_be_found() -> None:
    """A script, a style, a picture or a font from elsewhere is seen, a link to click isn't."""
    for fetched in (
        '<script src="https://cdn.example/x.js">',
        "<script defer src=//cdn.example/x>",
        '<link rel="stylesheet" href="https://fonts.example/css?family=A" />',
        '<img alt="" src="http://example/x.png">',
        "@font-face { src: url('https://fonts.example/a.woff2') }",
        '@import "https://example/a.css";',
    ):
        assert FETCHED.search(fetched), fetched
    assert not FETCHED.search('<a class="reference external" href="https://example/x.png">')
    assert not FETCHED.search('<script src="_static/x.js"></script><link rel="stylesheet" href="x.css">')


@pytest.mark.whole
def test_every_picture_of_the_pages_says_what_it_shows(built: Path) -> None:
    """Charts of executed pages and of the gallery have an alternative text of some length."""
    for page in built.rglob("*.html"):
        for picture in re.findall(r"<img[^>]*>", page.read_text(encoding="utf-8")):
            alt = re.search(r'alt="([^"]*)"', picture)
            assert alt, (page.name, picture)
            assert len(alt[1]) > 10, (page.name, picture)


@pytest.mark.whole
def test_formulas_are_mathml(built: Path) -> None:
    """Each formula of the methods is drawn by the browser itself."""
    page = (built / "methods.html").read_text(encoding="utf-8")
    source = (DOCS / "methods.md").read_text(encoding="utf-8")
    assert (
        page.count('<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">')
        == source.count("$$\n") // 2
    )


def test_the_methods_name_every_check_of_the_audit() -> None:
    """The table of checks has one row for each code that a finding can have, and no other."""
    from cbanalysis.statistics.audit import CODES

    source = (
        (DOCS / "methods.md").read_text(encoding="utf-8").partition("## Does the published arithmetic")[2]
    )
    named = re.findall(r"^\| `(\w+)` \|", source.partition("\n## ")[0], re.MULTILINE)
    assert named == list(CODES)


@pytest.mark.whole
def test_the_api_shows_no_value_that_is_a_wall_of_text(built: Path) -> None:
    """A name on an API page is followed by its signature or a short value."""
    for page in (built / "api").glob("*.html"):
        names = re.findall(r'<dt class="sig[^>]*>(.*?)</dt>', page.read_text(encoding="utf-8"), re.DOTALL)
        words = [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in names]
        assert [one[:60] for one in words if len(one) > 500] == [], page.name


@pytest.mark.whole
def test_the_architecture_lists_every_module(built: Path) -> None:
    """The table of modules is the plan that the tests hold."""
    from test_architecture import MAY_IMPORT

    page = (built / "architecture.html").read_text(encoding="utf-8")
    assert [module for module in MAY_IMPORT if f">{module}</span></code>" not in page] == []


@pytest.fixture
def watched(browser: object, request: pytest.FixtureRequest) -> Iterator[object]:
    """Give a page of some width; afterwards it must have said nothing and asked nobody."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
    page.on("pageerror", lambda one: said.append(str(one)))
    page.on("requestfailed", lambda one: said.append(f"failed: {one.url}"))
    page.on(
        "request",
        lambda one: None if one.url.startswith(("file:", "data:", "blob:")) else said.append(one.url),
    )
    yield page
    context.close()
    assert said == []


@pytest.mark.whole
@pytest.mark.parametrize("watched", [390, 1440], indirect=True)
def test_pages_open_quietly_from_the_disk(watched: object, built: Path) -> None:
    """No message in the console, no request elsewhere, nothing that sticks out sideways."""
    for name in (
        "index",
        "quickstart.vi",
        "quickstart.en",
        "methods",
        "howto/explore",
        "codebook",
        "gallery/README",
        "architecture",
        "api/rates",
    ):
        watched.goto((built / f"{name}.html").as_uri())
        width = watched.viewport_size["width"]
        assert watched.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.whole
@pytest.mark.parametrize("watched", [1440], indirect=True)
def test_the_parts_of_a_formula_stand_side_by_side(watched: object, built: Path) -> None:
    """Each part of a displayed formula begins where the part before it ends, not below it."""
    watched.goto((built / "methods.html").as_uri())
    parts = watched.evaluate(
        """[...document.querySelectorAll(".formula math")].map(formula =>
            [...formula.children].map(part => part.getBoundingClientRect())
                .map(box => [box.left, box.right]))"""
    )
    assert len(parts) > 10
    for formula in parts:
        for (_, end), (start, _) in pairwise(formula):
            assert start >= end - 1, formula
    assert watched.locator("munderover > mo:last-child", has_text="ˆ").count() == 0


@pytest.mark.whole
@pytest.mark.parametrize("watched", [1440], indirect=True)
def test_the_search_finds_a_word_from_the_disk(watched: object, built: Path) -> None:
    """Without a server the search of the pages still leads to the methods."""
    watched.goto((built / "search.html").as_uri() + "?q=newcombe")
    watched.locator("#search-results li a", has_text="Methods").first.wait_for(timeout=10_000)
