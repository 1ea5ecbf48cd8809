"""How a fuzzer is run: for so many seconds, from a few seeds, with bounded memory and time for each input."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import atheris


def fuzz(one: Callable[[bytes], None], seeds: Sequence[str]) -> None:
    """Try inputs until the seconds of the command line are over, or until one is not dealt with."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            (Path(corpus) / str(number)).write_text(seed, encoding="utf-8")
        bounds = [f"-max_total_time={seconds}", "-max_len=2000", "-timeout=20", "-rss_limit_mb=2048"]
        # What ends a run is kept where nobody works, not in the current folder.
        atheris.Setup([sys.argv[0], *bounds, f"-artifact_prefix={tempfile.gettempdir()}/", corpus], one)
        atheris.Fuzz()
