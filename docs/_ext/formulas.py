"""Formulas as MathML, made by docutils: browsers draw them without a script, so nobody else is asked."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from lxml import etree
from sphinx.application import Sphinx

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_ACCENTS = {"ˆ", "^", "˜", "~", "¯", "‾"}


def _drawn(tex: str, *, block: bool) -> str:
    r"""Return a formula as MathML; docutils would draw the 1 of ``\hat p_1`` below its letter."""
    formula = etree.fromstring(tex2mathml(tex, as_block=block))
    for stack in list(formula.iter(f"{_MATHML}munderover")):
        letter, index, accent = stack
        if (accent.text or "").strip() in _ACCENTS:
            stack.tag = f"{_MATHML}msub"
            over = etree.Element(f"{_MATHML}mover", accent="true")
            over.extend([letter, accent])
            stack[:] = [over, index]
    return str(etree.tostring(formula, encoding="unicode"))


def _inline(writer: Any, node: nodes.math) -> None:  # noqa: ANN401 -- Sphinx's HTML writer
    writer.body.append(_drawn(node.astext(), block=False))
    raise nodes.SkipNode


def _block(writer: Any, node: nodes.math_block) -> None:  # noqa: ANN401 -- as above
    writer.body.append(f'<div class="formula">{_drawn(node.astext(), block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer; conf.py chooses it by name."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
