"""Coverage-guided fuzzing of what reads bytes from outside.

``fuzz.py [--seconds N] [--runs N] [--longest N] [--untraced] [--corpus FOLDER] [READER…]``. Each reader
runs in a process of its own, within 2.5 GB and 20 seconds an input, and gives a row of a table. Inputs that
reached new code are added to the corpus; one that ends in anything but a value or our own error is kept, and
the command ends with 1. atheris is no dependency: ``pip install atheris``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
# Called for each word: what they reach says least, and tracing it takes most.
UNGUIDED = {
    "cbanalysis.common.text.letters",
    "cbanalysis.dataset.provinces.gazetteer",
    "cbanalysis.importing.prose.found",
    "cbanalysis.importing.prose.grammar",
    "cbanalysis.importing.prose.tokens",
}
_STATISTICS = {
    "executions": r"stat::number_of_executed_units:\s*(\d+)",
    "new paths": r"stat::new_units_added:\s*(\d+)",
    "slowest (s)": r"stat::slowest_unit_time_sec:\s*(\d+)",
    "memory (MB)": r"stat::peak_rss_mb:\s*(\d+)",
}


def _fuzz(name: str, options: list[str]) -> None:
    """Fuzz one reader in this process; never returns."""
    import atheris

    hooks = atheris.instrument_imports(include=["cbanalysis"])
    if "--untraced" in options:
        # what instrument_imports makes, without its fixed choice
        hooks = atheris.import_hook.HookManager({"cbanalysis"}, UNGUIDED, True, trace_dataflow=False)  # noqa: FBT003
        options.remove("--untraced")
    with hooks:
        from readers import READERS, read_or_refuse
    reader = READERS[name]
    corpus = Path(options[-1])
    for number, seed in enumerate(reader.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    # of two options of one name the last one holds
    atheris.Setup(
        [sys.argv[0], f"-max_len={reader.longest}", *options], lambda content: read_or_refuse(reader, content)
    )
    atheris.Fuzz()


def _run(name: str, bounds: list[str], corpus: Path, found: Path) -> bool:
    """Fuzz one reader within bounds, print its row, and return whether nothing was found."""
    options = [
        *bounds,
        "-timeout=20",
        "-rss_limit_mb=2500",
        "-print_final_stats=1",
        f"-artifact_prefix={found}/{name}-",
    ]
    command = [sys.executable, __file__, "--one", name, *options, str(corpus)]
    began = time.monotonic()
    run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    counted = [
        ((found_ := re.search(pattern, run.stderr)) and found_[1]) or "?" for pattern in _STATISTICS.values()
    ]
    ok = run.returncode == 0
    row = [name, f"{time.monotonic() - began:.0f}", *counted, "0" if ok else "1"]
    sys.stdout.write("| " + " | ".join(row) + " |\n")
    if not ok:
        sys.stdout.write(run.stderr[-3000:] + "\n")
    sys.stdout.flush()
    return ok


def _names() -> list[str]:
    from readers import READERS

    return sorted(READERS)


def main() -> None:
    """Fuzz the readers one after the other."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("readers", nargs="*")
    asked.add_argument("--seconds", type=int, default=60, help="for each reader")
    asked.add_argument("--runs", type=int, help="inputs for each reader, at most")
    asked.add_argument("--longest", type=int, help="bytes of an input, at most")
    asked.add_argument(
        "--untraced",
        action="store_true",
        help="guided by the lines reached, not by what is compared: twice as fast",
    )
    asked.add_argument("--corpus", type=Path, help="a folder with a folder for each reader, to add to")
    asked.add_argument(
        "--found", type=Path, default=Path(tempfile.gettempdir()), help="where findings are kept"
    )
    given = asked.parse_args()
    names = given.readers or _names()
    bounds = [f"-max_total_time={given.seconds}"]
    bounds += [f"-runs={given.runs}"] if given.runs else []
    bounds += [f"-max_len={given.longest}"] if given.longest else []
    bounds += ["--untraced"] if given.untraced else []
    sys.stdout.write(f"| reader | seconds | {' | '.join(_STATISTICS)} | crashes |\n{'| --- ' * 7}|\n")
    held = True
    given.found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as aside:
        for name in names:
            corpus = (given.corpus or Path(aside)) / name
            corpus.mkdir(parents=True, exist_ok=True)
            if (CORPUS / f"{name}.zip").exists():
                with zipfile.ZipFile(CORPUS / f"{name}.zip") as kept:
                    kept.extractall(corpus)
            held &= _run(name, bounds, corpus, given.found)
    sys.exit(not held)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _fuzz(sys.argv[2], sys.argv[3:])
    main()
