"""The table of rooms: from the plan that a test holds, and from each room's own first sentence."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_ROOT = Path(__file__).resolve().parents[2]


def _job(room: str) -> str:
    package = _ROOT / "src" / "cbanalysis"
    file = package / f"{room}.py" if (package / f"{room}.py").exists() else package / room / "__init__.py"
    return (
        (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "")
        .split("\n\n")[0]
        .replace("\n", " ")
    )


class Rooms(SphinxDirective):
    """A table of rooms, their jobs, and whom they may import."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        plan = runpy.run_path(str(_ROOT / "tests" / "test_architecture.py"))["MAY_IMPORT"]
        rows = [
            f"| `{room}` | {_job(room)} | {', '.join(sorted(others)) or 'nothing of ours'} |"
            for room, others in plan.items()
        ]
        lines = ["| room | its one job | may import |", "| --- | --- | --- |", *rows]
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, source="rooms"), self.content_offset, holder)
        return holder.children


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("rooms", Rooms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
