"""What `pip install cbanalysis` alone can do, and what it says of what it can't."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from cbanalysis.cli import main
from cbanalysis.common import errors
from cbanalysis.common.errors import CbanalysisError, MissingExtra, optional_libraries

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PLAIN_USE = """
import sys
import cbanalysis as cb
rows = cb.load_observations(indicator="office_cell_adoption")
rated = cb.rates.standard(cb.add_rates(rows))
chart = cb.charts.trend(rated, lang="en")
assert chart.svg() and chart.png().startswith(b"\\x89PNG")
assert cb.tables.rates(rated, lang="vi").html()
assert cb.notes.readings(rated, lang="vi") and cb.cite(rated) is not None
assert cb.audit.audit(rows, catalogue=cb.Catalogue.read()) is not None
met = sorted({name.partition(".")[0] for name in sys.modules if sys.modules[name]} & set(sys.argv[1:]))
print(*met)
"""


def libraries(requirements: list[str]) -> set[str]:
    """Return the names of distributions in a list of requirements."""
    return {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", one)[0]).lower() for one in requirements}


def imported() -> set[str]:
    """Return the names of all libraries that the package's code imports anywhere."""
    names: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names - {"cbanalysis"}


def test_each_library_of_an_extra_is_known_with_it() -> None:
    """What the package imports is of the core, or stands on the list with an extra that brings it."""
    core = libraries(PROJECT["dependencies"])
    extras = {name: libraries(listed) for name, listed in PROJECT["optional-dependencies"].items()}
    distributions = packages_distributions()
    listed = {name: libraries(distributions.get(name, [name])) for name in errors._EXTRA_OF}
    for name, brought in listed.items():
        assert brought & extras[errors._EXTRA_OF[name]], name
        assert not brought & core, name
    # stubs that type checkers bring are no library
    foreign = imported() - sys.stdlib_module_names - {"_typeshed"}
    assert {
        name
        for name in foreign
        if not libraries(distributions.get(name, [name])) & core.union(*listed.values())
    } == set()


def test_the_usual_way_meets_no_extra() -> None:
    """Loading, rates, charts, tables, notes, citations and the audit import no library of an extra."""
    command = [sys.executable, "-c", PLAIN_USE, *sorted(set(errors._EXTRA_OF) - {"pyarrow"})]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr


def test_a_missing_library_is_named_with_its_extra() -> None:
    """The message says which library is missing and how to get it; it is our error and an ImportError."""
    with pytest.raises(MissingExtra) as caught, optional_libraries():
        raise ModuleNotFoundError(name="duckdb.typing")
    assert str(caught.value) == "duckdb isn't installed; it comes with pip install 'cbanalysis[records]'"
    assert isinstance(caught.value, CbanalysisError)
    assert isinstance(caught.value, ImportError)


def test_a_library_of_no_extra_is_python_s_own_error() -> None:
    """What no extra brings isn't explained away."""
    with pytest.raises(ModuleNotFoundError, match="no_such"), optional_libraries():
        importlib.import_module("no_such")


def without(blocked: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line where a library isn't installed."""
    code = f"import sys; sys.modules[{blocked!r}] = None\nfrom cbanalysis.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("words", "blocked", "extra"),
    [
        (["import", "table.csv", "--yes"], "python_calamine", "import"),
        (["report", "04_province_profile"], "nbformat", "reports"),
        (["records", "register.csv"], "ibis", "records"),
    ],
)
def test_a_command_without_its_extra_names_it(words: list[str], blocked: str, extra: str) -> None:
    """A command whose library is missing ends with code 2 and one line, before or while it works."""
    done = without(blocked, *words)
    told = f"cbanalysis: {blocked} isn't installed; it comes with pip install 'cbanalysis[{extra}]'\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_the_help_lists_commands_whose_extra_is_missing() -> None:
    """Without the extra `import` the help still names each command, those that need it with that word."""
    listed = without("python_calamine", "--help").stdout
    names = re.findall(r"^  ([\w-]+) ", listed, re.MULTILINE)
    assert set(names) >= set(main.list_commands(click.Context(main)))
    assert re.search(r"^  import +\(needs the extra import\)$", listed, re.MULTILINE)


@pytest.mark.parametrize(("module", "blocked"), [("records", "ibis"), ("lessons", "python_calamine")])
def test_a_room_without_its_extra_names_it(module: str, blocked: str) -> None:
    """A part of the package that needs an extra says so when it is first used."""
    code = f"import sys; sys.modules[{blocked!r}] = None\nimport cbanalysis as cb\ncb.{module}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].startswith(
        f"cbanalysis.common.errors.MissingExtra: {blocked} isn't installed"
    )


def test_the_smaller_lock_is_part_of_the_larger() -> None:
    """What reports and JupyterLab are locked to is what tests run with, version for version."""

    def pins(name: str) -> set[str]:
        lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        return {one.removesuffix(" \\") for one in lines if not one.startswith(" ")}

    everything = {one.partition(" ;")[0] for one in pins("everything")}
    for name in ("reports", "setup"):
        assert {one.partition(" ;")[0] for one in pins(name)} <= everything


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.stem)
def test_a_lock_has_hashes_and_no_addresses(path: Path) -> None:
    """Every locked library has hashes; nothing says from which index it came."""
    text = path.read_text(encoding="utf-8")
    assert all("--hash=sha256:" in one for one in re.split(r"\n(?=\S)", text.strip()))
    assert "//" not in text


@pytest.mark.parametrize(
    "module",
    [
        "cli.report_batch",
        "cli.commands.undo",
        "batch.reports.one_report",
        "batch.reports.reports_and_folders",
    ],
)
def test_no_command_waits_for_a_grammar_of_web_addresses(module: str) -> None:
    """While nbformat is imported jsonschema would build it, for three seconds; no notebook needs it."""
    code = f"import sys, cbanalysis.{module}\nprint('nbformat' in sys.modules, 'lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True False\n"


@pytest.mark.skipif(not find_spec("rfc3987_syntax"), reason="jsonschema asks for no such grammar here")
def test_who_asks_for_the_grammar_of_web_addresses_has_it() -> None:
    """A notebook's own checks with jsonschema refuse what is no address, as they do without this package."""
    code = """import cbanalysis.batch.reports.reports_and_folders
from importlib.util import find_spec
assert find_spec("rfc3987_syntax")
from jsonschema import Draft202012Validator as Schema
iri = Schema({"format": "iri"}, format_checker=Schema.FORMAT_CHECKER).is_valid
print(iri("https://vi.example/chi-bộ"), iri("no address"))
import rfc3987_syntax
print(rfc3987_syntax.__file__ is not None)"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True False\nTrue\n"
