"""Pictures of executed pages get the alternative text that our outputs carry in their metadata."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx

_render = NbElementRenderer.render_image


def _spoken(self: NbElementRenderer, data: MimeData) -> list[nodes.Element]:
    made = _render(self, data)
    about: dict[str, Any] = data.output_metadata.get(data.mime_type, {})
    for image in made:
        if "alt" in about:
            image["alt"] = about["alt"]
    return made


def setup(_app: Sphinx) -> dict[str, bool]:
    """Take the place of the renderer's method."""
    NbElementRenderer.render_image = _spoken  # type: ignore[method-assign]
    return {"parallel_read_safe": True, "parallel_write_safe": True}
