"""The table of packages and modules: from the plan that a test holds, and each one's own first sentence."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_ROOT = Path(__file__).resolve().parents[2]


def _job(file: Path) -> str:
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return docstring.split("\n\n")[0].replace("\n", " ")


class Modules(SphinxDirective):
    """A table of packages and modules, their jobs, and whom they may import."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        tests = runpy.run_path(str(_ROOT / "tests" / "test_architecture.py"))
        modules, plan = tests["modules"](), tests["MAY_IMPORT"]
        lines = ["| module | its one job | may import |", "| --- | --- | --- |"]
        for package in tests["PACKAGES"]:
            folder = _ROOT / "src" / "cbanalysis" / package
            if package not in plan:
                lines.append(f"| **`{package}`** | **{_job(folder / '__init__.py')}** | |")
            for module, others in plan.items():
                files = modules[module]
                if files[0].is_relative_to(folder):
                    job = _job(min(files, key=lambda file: (file.name != "__init__.py", len(file.parts))))
                    named = ", ".join(sorted(others)) or "nothing of ours"
                    lines.append(f"| `{module}` | {job} | {named} |")
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, source="modules"), self.content_offset, holder)
        return holder.children


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("modules", Modules)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
