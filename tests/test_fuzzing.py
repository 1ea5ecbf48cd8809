"""A coverage-guided fuzzer on what reads tables and articles, for a few seconds each."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

FUZZERS = Path(__file__).parent / "fuzzing"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("atheris") is None, reason="there is no atheris; pip install atheris"),
]


@pytest.mark.parametrize("name", ["tables", "texts"])
def test_no_bytes_end_in_an_error_that_is_not_ours(name: str) -> None:
    """Whatever the fuzzer finds to reach new code is read or refused, within 20 s and 2 GB."""
    run = subprocess.run(
        [sys.executable, FUZZERS / f"{name}.py", "8"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert "Done " in run.stderr
