"""What make quick tests: the modules that changed since main, then those that import them, nearest first.

Style and types are checked beside the tests. When the time is up the rest is left to make test, and said so.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

import cbanalysis
from test_architecture import ROOT, imported_modules, modules

SECONDS = 25.0
# What a change outside of src/ can break.
_BESIDE = {
    "data": ("test_data_folder", "test_codebook", "test_load", "test_seeds"),
    "notebooks": ("test_architecture", "test_load_traces"),
    "docs": ("test_charts_contract",),
}


def changed() -> list[str]:
    """Return the paths of the files that differ from main: committed, changed and new ones."""

    def git(*words: str) -> list[str]:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.splitlines() if done.returncode == 0 else []

    since = (git("merge-base", "HEAD", "main") or git("merge-base", "HEAD", "origin/main") or ["HEAD"])[0]
    return sorted({*git("diff", "--name-only", since), *git("ls-files", "--others", "--exclude-standard")})


def tested_by(test: Path) -> set[str]:
    """Return the modules that a test file imports, or names as ``cb.name``."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(test.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "cb":
            named.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module == "cbanalysis":
            named |= {alias.name for alias in node.names}
    homes = {part for name in named for part in cbanalysis._HOMES.get(name, name).split(".")}
    return imported_modules(test) | homes & set(modules())


def chosen(files: Iterable[str]) -> list[Path]:
    """Return the test files for some changed files, nearest first.

    Parameters
    ----------
    files : iterable of str
        Paths in the checkout.

    Returns
    -------
    list of Path
        Changed tests and those of a changed helper; those that import a changed module; those that import a
        module that imports one, and so on.
    """
    names = [Path(name) for name in files]
    tests = sorted((ROOT / "tests").glob("test_*.py"))
    texts = {test: test.read_text(encoding="utf-8") for test in tests}
    helpers = {name.stem for name in names if name.parts[0] == "tests"}
    beside = {test for name in names for test in _BESIDE.get(name.parts[0], ())}
    near = [
        test
        for test in tests
        if test.stem in helpers | beside
        or any(f"from {one} import" in texts[test] or f"import {one}\n" in texts[test] for one in helpers)
    ]
    imports = {
        module: set().union(*map(imported_modules, paths)) - {module} for module, paths in modules().items()
    }
    ring = {module for module, paths in modules().items() if {ROOT / name for name in names} & set(paths)}
    imported = {test: tested_by(test) for test in tests}
    seen: set[str] = set()
    while ring - seen:
        own = tuple(f"test_{module}" for module in ring)
        near += sorted(
            (test for test in tests if imported[test] & ring and test not in near),
            key=lambda test, own=own: (not test.stem.startswith(own), test),
        )
        seen |= ring
        ring = {module for module, others in imports.items() if others & seen}
    return near


class Limit:
    """Skips the tests that begin after the time is up, and counts them and those that ran."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.ran = self.left = 0

    def pytest_runtest_setup(self) -> None:
        """Skip a test that is late."""
        if time.monotonic() > self.end:
            self.left += 1
            pytest.skip(f"left to make test: {SECONDS:.0f} s are over")
        self.ran += 1

    def said(self) -> str:
        """Return how much was tested, plainly."""
        if not self.ran + self.left:
            return "NOTHING WAS TESTED: no file that differs from main is one that a test imports or reads"
        tested = f"{self.ran} tests ran" if self.ran else "NOTHING WAS TESTED"
        left = f"; {self.left} more were left to make test, {SECONDS:.0f} s are over" if self.left else ""
        return tested + left


def main() -> int:
    """Check style, types and the nearest tests; return the exit code."""
    began = time.monotonic()
    tools = Path(sys.executable).parent
    checks = [[tools / "ruff", "check", "-q"], [tools / "ruff", "format", "--check", "-q"], [tools / "mypy"]]
    running = [subprocess.Popen(one, cwd=ROOT) for one in checks]
    files = chosen(changed())
    code = 0
    limit = Limit(SECONDS - (time.monotonic() - began))
    if files:
        options = ["-q", "-m", "not slow", "-p", "no:nbval", "-p", "no:cov", "-p", "no:xdist"]
        code = pytest.main([*options, *map(str, files)], plugins=[limit])
    codes = [one.wait() for one in running]
    sys.stdout.write(f"{limit.said()}; style and types {'have faults' if any(codes) else 'hold'}\n")
    return max(*codes, 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else int(code))


if __name__ == "__main__":
    sys.exit(main())
