"""The floor of the batch benchmark: the cells of reports as a function in one warm process, on all cores.

Reads from standard input a JSON list of [notebook, parameters]; prints the seconds it took. No kernel, no
messages, no isolation: what a batch of kernels can at best come near to. With the argument ``forked`` each
report has a process of its own, forked from the warm one: what isolation alone costs.
"""

from __future__ import annotations

import ast
import json
import multiprocessing
import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

from cbanalysis.batch.kernels.warm_process_owner import MODULES
from cbanalysis.batch.kernels.warm_up_before_forks import warm_up


def cells_of(notebook: str, parameters: dict[str, Any]) -> list[str]:
    """Return the code of a notebook, with its parameters in place of its own."""
    found = []
    for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            found.append("".join(cell["source"]))
            if "parameters" in cell["metadata"].get("tags", []):
                found.append("\n".join(f"{name} = {value!r}" for name, value in parameters.items()))
    return found


def run(report: tuple[str, dict[str, Any]]) -> None:
    """Run the cells; turn what each shows into pictures and text, as a kernel would."""
    names: dict[str, Any] = {}
    for source in cells_of(*report):
        tree = ast.parse(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 -- our own notebooks
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 -- as above
            if hasattr(value, "_repr_mimebundle_"):
                value._repr_mimebundle_()


def main() -> None:
    """Run all reports on all cores and print the seconds."""
    reports = json.load(sys.stdin)
    began = time.perf_counter()
    deque(warm_up(MODULES), maxlen=0)  # all its steps
    warmed = time.perf_counter()
    tasks = 1 if "forked" in sys.argv else None
    with multiprocessing.get_context("fork").Pool(
        len(os.sched_getaffinity(0)), maxtasksperchild=tasks
    ) as pool:
        pool.map(run, reports, chunksize=1)
    json.dump({"warm": warmed - began, "run": time.perf_counter() - warmed}, sys.stdout)


if __name__ == "__main__":
    main()
