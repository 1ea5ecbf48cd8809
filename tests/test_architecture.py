"""The house rules that a machine can check: who imports whom, and what notebooks and tests look like."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import cbanalysis
from cbanalysis.reports import origin

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "cbanalysis"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

BELOW_LOAD = {"errors", "limits", "folders", "text", "provinces", "catalogue", "observations"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "limits": {"errors"},
    "journal": set(),
    "messages": set(),
    "folders": {"errors", "journal"},
    "studies": {"errors", "folders"},
    "text": {"errors"},
    "provinces": {"errors", "limits", "folders", "text"},
    "catalogue": {"errors", "limits", "folders"},
    "codebook": {"errors", "folders", "catalogue"},
    "observations": {"errors", "text", "catalogue", "provinces"},
    "load": BELOW_LOAD,
    "rates": {"errors", "catalogue", "observations", "provinces"},
    "audit": {"errors", "folders", "catalogue"},
    "files": {"errors", "limits"},
    "layouts": {"errors", "limits", "messages", "text", "catalogue", "provinces", "observations", "files"},
    "intake": BELOW_LOAD | {"journal", "load", "audit"},
    "extract": {
        "errors",
        "limits",
        "folders",
        "text",
        "catalogue",
        "provinces",
        "observations",
        "files",
        "intake",
    },
    "words": {"errors", "text", "catalogue", "provinces"},
    "charts": {"errors", "folders", "catalogue", "provinces", "observations", "rates", "words"},
    "tables": {"errors", "catalogue", "provinces", "words"},
    "notes": {"errors", "catalogue", "provinces", "words", "rates"},
    "rehearsal": {"errors", "catalogue", "load", "rates", "charts", "tables", "notes"},
    "lessons": {
        "errors",
        "catalogue",
        "provinces",
        "load",
        "tables",
        "files",
        "layouts",
        "intake",
        "studies",
    },
    "records": {
        "errors",
        "folders",
        "text",
        "catalogue",
        "provinces",
        "observations",
        "files",
        "rates",
        "words",
        "tables",
        "notes",
    },
    "kernels": set(),
    "reports": {"errors", "folders", "kernels", "limits"},
    "evidence": {"catalogue", "provinces", "rates", "audit", "words"},
    "site": {"errors", "folders", "words"},
    "bibliography": set(),
    "citations": {"errors", "bibliography", "catalogue", "words"},
    "offers": {"errors", "catalogue"},
    "questions": {"errors", "catalogue"},
    "panel": {
        "errors",
        "catalogue",
        "load",
        "rates",
        "charts",
        "tables",
        "words",
        "provinces",
        "citations",
    },
    "downloads": {"errors", "bibliography", "site", "text"},
    "saving": {"errors", "folders", "catalogue", "words", "charts", "tables", "citations", "downloads"},
    "publish": {"errors", "site", "downloads"},
    "cli": {
        "limits",
        "errors",
        "messages",
        "words",
        "folders",
        "text",
        "catalogue",
        "codebook",
        "provinces",
        "load",
        "audit",
        "extract",
        "intake",
        "layouts",
        "files",
        "studies",
        "questions",
        "records",
        "kernels",
        "reports",
        "site",
        "evidence",
        "publish",
    },
}


def rooms() -> dict[str, list[Path]]:
    """Return each room of the package with its files."""
    found = {path.stem: [path] for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")}
    folders = [path for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    return found | {path.name: sorted(path.rglob("*.py")) for path in folders}


def imported_rooms(path: Path) -> set[str]:
    """Return the rooms of cbanalysis that a file imports, at any depth of its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module
            if node.level:
                here = ["cbanalysis", *path.relative_to(PACKAGE).parent.parts]
                base = ".".join([*here[: len(here) + 1 - node.level], node.module or ""])
            names = [f"{base}.".replace("..", ".") + alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("cbanalysis.")}
    return found & set(MAY_IMPORT)


def test_every_room_is_on_the_plan() -> None:
    """A module that the architecture doesn't know fails here until its job is named."""
    assert set(rooms()) <= set(MAY_IMPORT)


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_imports_only_what_the_plan_allows(room: str) -> None:
    """Imports between rooms go one way, as the architecture lists them."""
    imported = set().union(*(imported_rooms(path) for path in rooms()[room])) - {room}
    assert imported <= MAY_IMPORT[room]


def plain(requirement: str) -> str:
    """Return the name of a distribution as all spell it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


def test_what_is_imported_is_declared() -> None:
    """A library that the package imports is a dependency of its own, or an extra, not only brought along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [one for name, one in project["optional-dependencies"].items() if name not in {"dev", "docs"}]
    declared = {plain(one) for listed in (project["dependencies"], *extras) for one in listed}
    imported: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            imported |= {name.partition(".")[0] for name in names}
    known = packages_distributions()
    foreign = imported - sys.stdlib_module_names - {"cbanalysis"}
    assert {one for one in foreign if declared.isdisjoint(map(plain, known.get(one, [one])))} == set()


def test_every_test_states_its_behaviour() -> None:
    """Each test function carries one sentence that says what holds."""
    silent = [
        f"{path.name}: {node.name}"
        for path in sorted((ROOT / "tests").glob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebooks:
    """Notebooks ask and show; they never define."""

    def test_no_definitions_no_paths_and_no_typed_figures(self, path: Path) -> None:
        """A code cell holds no def, class, path or decimal number."""
        for cell in code_cells(path):
            source = "".join(cell["source"])
            kinds = {type(node) for node in ast.walk(ast.parse(source))}
            assert not kinds & {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda}
            assert not re.search(r"open\(|read_csv|Path\(|\.\./|\d\.\d", source)

    def test_one_parameters_cell_follows_the_question(self, path: Path) -> None:
        """Exactly one code cell is tagged parameters, and it is the first one."""
        tagged = ["parameters" in cell["metadata"].get("tags", []) for cell in code_cells(path)]
        assert tagged[0]
        assert sum(tagged) == 1

    def test_every_sentence_exists_in_both_languages(self, path: Path) -> None:
        """Markdown cells come in pairs, Vietnamese then English."""
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        tags = [tuple(cell["metadata"].get("tags", [])) for cell in cells if cell["cell_type"] == "markdown"]
        assert tags == [("vi",), ("en",)] * (len(tags) // 2)

    def test_every_cell_that_shows_something_has_a_stored_output(self, path: Path) -> None:
        """A cell that ends in an expression was stored with its output, so that nbval can compare it."""
        for cell in code_cells(path):
            body = ast.parse("".join(cell["source"])).body
            if body and isinstance(body[-1], ast.Expr):
                assert cell["outputs"], "".join(cell["source"])

    def test_no_stored_error_or_warning(self, path: Path) -> None:
        """Stored outputs hold results only, nothing on standard error."""
        outputs = [output for cell in code_cells(path) for output in cell["outputs"]]
        assert not [output for output in outputs if output["output_type"] in {"error", "stream"}]


def code_cells(path: Path) -> list[dict]:
    """Return the code cells of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_rooms_that_leave_reports_alone_are_out_of_reach_of_a_notebook() -> None:
    """What is left out of the digest of the package isn't behind any name of `cb`, at any remove."""
    reached: set[str] = set()
    waiting = {cbanalysis._ROOMS.get(name, name) for name in cbanalysis.__all__} - {"__version__"}
    while waiting:
        room = waiting.pop()
        reached.add(room)
        waiting |= MAY_IMPORT[room] - reached
    assert {name.removesuffix(".py") for name in origin._BESIDE} & reached == set()
