"""The rules that a machine can check: who imports whom, and what notebooks and tests look like."""

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
from cbanalysis.batch.reports import digests_and_versions

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "cbanalysis"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# The packages in their order: each imports only from those before it.
PACKAGES = (
    "common",
    "dataset",
    "statistics",
    "display",
    "importing",
    "records",
    "batch",
    "site",
    "lab",
    "cli",
)
BELOW_LOAD = {
    "errors",
    "language",
    "limits",
    "atomic_writes",
    "folders",
    "text",
    "validation",
    "csv_reading",
    "provinces",
    "catalogue",
    "observations",
}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "language": {"errors"},
    "limits": {"errors"},
    "messages": {"language", "errors"},
    "signals": set(),
    "validation": {"errors", "messages"},
    "atomic_writes": {"errors"},
    "folders": {"atomic_writes"},
    "new_study": {"errors", "folders", "atomic_writes"},
    "text": {"errors", "language"},
    "csv_reading": {"errors", "limits"},
    "provinces": {"errors", "language", "folders", "text", "csv_reading"},
    "catalogue": {"errors", "language", "limits", "folders", "validation", "csv_reading"},
    "codebook": {"atomic_writes", "errors", "folders", "validation", "csv_reading", "catalogue"},
    "observations": {"errors", "language", "text", "catalogue", "provinces"},
    "load": BELOW_LOAD,
    "rates": {"language", "errors", "catalogue", "observations", "provinces"},
    "audit": {"text", "language", "errors", "folders", "catalogue", "observations", "provinces"},
    "files": {"errors", "limits"},
    "layouts": {
        "errors",
        "language",
        "messages",
        "text",
        "validation",
        "catalogue",
        "provinces",
        "observations",
        "files",
    },
    "commit": BELOW_LOAD | {"load", "audit"},
    "prose": {
        "atomic_writes",
        "language",
        "errors",
        "limits",
        "folders",
        "text",
        "catalogue",
        "provinces",
        "observations",
        "files",
        "commit",
    },
    "words": {"errors", "language", "text", "catalogue", "provinces", "observations"},
    "charts": {
        "atomic_writes",
        "language",
        "errors",
        "folders",
        "text",
        "catalogue",
        "provinces",
        "observations",
        "rates",
        "words",
    },
    "prints_reworded": {"language", "catalogue", "observations", "words"},
    "tables": {"language", "errors", "catalogue", "observations", "words", "prints_reworded"},
    "notes": {
        "language",
        "errors",
        "catalogue",
        "observations",
        "provinces",
        "words",
        "prints_reworded",
        "rates",
    },
    "warm_up": {"language", "errors", "load", "rates", "charts", "tables", "notes"},
    "tutorial": {
        "catalogue",
        "commit",
        "errors",
        "files",
        "language",
        "layouts",
        "load",
        "messages",
        "provinces",
        "new_study",
        "tables",
    },
    "records": {
        "atomic_writes",
        "language",
        "errors",
        "messages",
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
    "reports": {
        "atomic_writes",
        "errors",
        "folders",
        "kernels",
        "language",
        "limits",
        "signals",
        "text",
        "validation",
    },
    "provenance": {"language", "catalogue", "provinces", "rates", "audit", "words"},
    "pages": {"atomic_writes", "language", "text", "errors", "folders", "words", "prints_reworded"},
    "bibtex_and_csl": set(),
    "citations": {"errors", "language", "bibtex_and_csl", "catalogue", "words"},
    "completion": {"errors", "catalogue"},
    "new_notebook": {"errors", "language", "catalogue"},
    "panel": {
        "language",
        "errors",
        "catalogue",
        "load",
        "rates",
        "charts",
        "prints_reworded",
        "tables",
        "words",
        "provinces",
        "citations",
    },
    "downloads": {
        "atomic_writes",
        "observations",
        "errors",
        "language",
        "text",
        "words",
        "charts",
        "tables",
        "bibtex_and_csl",
        "citations",
        "pages",
    },
    "preloading": {"errors", "language", "pages", "downloads", "words"},
    "page_and_downloads": {"errors", "pages", "downloads"},
    "cli": {
        "atomic_writes",
        "limits",
        "signals",
        "errors",
        "language",
        "messages",
        "words",
        "folders",
        "text",
        "catalogue",
        "codebook",
        "provinces",
        "load",
        "audit",
        "prose",
        "commit",
        "layouts",
        "files",
        "new_study",
        "new_notebook",
        "records",
        "kernels",
        "reports",
        "pages",
        "provenance",
        "page_and_downloads",
    },
}


def modules() -> dict[str, list[Path]]:
    """Return each module of the packages (those without modules of their own: the package) with its files."""
    found: dict[str, list[Path]] = {}
    for package in (PACKAGE / name for name in PACKAGES):
        if package.name in MAY_IMPORT:
            found[package.name] = sorted(package.rglob("*.py"))
            continue
        found |= {path.stem: [path] for path in package.glob("*.py") if path.stem != "__init__"}
        folders = [path for path in package.iterdir() if (path / "__init__.py").exists()]
        found |= {path.name: sorted(path.rglob("*.py")) for path in folders}
    return found


def imported_modules(path: Path) -> set[str]:
    """Return the modules of cbanalysis that a file imports, at any depth of its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        parts = [name.split(".")[1:] for name in names if name.startswith("cbanalysis.")]
        found |= {part[0] if part[0] in MAY_IMPORT else part[min(1, len(part) - 1)] for part in parts}
    return found & set(MAY_IMPORT)


def package_of(module: str) -> str:
    """Return the package that a module is in."""
    return modules()[module][0].relative_to(PACKAGE).parts[0]


def test_every_module_is_on_the_plan() -> None:
    """A module that the architecture doesn't know fails here until its job is named."""
    assert set(modules()) == set(MAY_IMPORT)
    assert {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()} == set(PACKAGES)


def test_the_architecture_names_files_that_exist() -> None:
    """Each file that docs/architecture.md says something happens in is there."""
    named = re.findall(
        r"`([a-z_/]+\.(?:py|toml))`", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    )
    assert named
    assert [name for name in named if not (PACKAGE / name).is_file()] == []


def test_no_file_imports_by_its_own_place() -> None:
    """Imports name the whole way, so that the plan can be read from them."""
    relative = [
        path.name
        for path in PACKAGE.glob("*/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.level or node.module == "cbanalysis")
    ]
    assert relative == []


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_imports_only_what_the_plan_allows(module: str) -> None:
    """Imports go one way: between modules as the architecture lists them, between packages upwards only."""
    imported = set().union(*(imported_modules(path) for path in modules()[module])) - {module}
    assert imported <= MAY_IMPORT[module]
    own = PACKAGES.index(package_of(module))
    assert {other for other in MAY_IMPORT[module] if PACKAGES.index(package_of(other)) > own} == set()


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
    known_to_types = {"_typeshed"}  # stubs that type checkers bring, no package
    foreign = imported - sys.stdlib_module_names - {"cbanalysis"} - known_to_types
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
        assert tags == [
            (lang, *rest) for _, *rest in tags[::2] for lang in ("vi", "en") if rest in ([], ["optional"])
        ]

    def test_every_cell_that_shows_something_has_a_stored_output(self, path: Path) -> None:
        """A cell that ends in an expression was stored with its output, so that nbval can compare it."""
        for cell in code_cells(path):
            body = ast.parse("".join(cell["source"])).body
            if body and isinstance(body[-1], ast.Expr):
                assert cell["outputs"], "".join(cell["source"])

    def test_a_chart_is_stored_once(self, path: Path) -> None:
        """Of its two pictures only the PNG, which code hosts show, and the file stays under a megabyte."""
        outputs = [one for cell in code_cells(path) for one in cell["outputs"]]
        assert not [one for one in outputs if "image/svg+xml" in one.get("data", {})]
        assert path.stat().st_size < 1_000_000

    def test_no_stored_error_or_warning(self, path: Path) -> None:
        """Stored outputs hold results only, nothing on standard error."""
        outputs = [output for cell in code_cells(path) for output in cell["outputs"]]
        assert not [output for output in outputs if output["output_type"] in {"error", "stream"}]


def code_cells(path: Path) -> list[dict]:
    """Return the code cells of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_modules_that_leave_reports_alone_are_out_of_reach_of_a_notebook() -> None:
    """What is left out of the digest of the package isn't behind any name of `cb`, at any remove."""
    reached: set[str] = set()
    homes = (reversed(home.split(".")) for home in cbanalysis._HOMES.values())
    waiting = {next(part for part in parts if part in MAY_IMPORT) for parts in homes}
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting |= MAY_IMPORT[module] - reached
    assert {Path(place).stem for place in digests_and_versions._BESIDE} & reached == set()
