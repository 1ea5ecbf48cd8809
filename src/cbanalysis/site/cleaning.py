"""Text from notebooks and data as HTML that can do no harm."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markupsafe import Markup
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from cbanalysis.errors import harmless

__all__ = ["clean_html", "code", "harmless", "markdown"]

_TAGS = frozenset(
    {
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
    }
)
_ATTRIBUTES = {
    "*": {"class", "dir", "lang", "title", "aria-label", "aria-hidden", "role"},
    "a": {"href", "rel"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "ol": {"start"},
    "td": {"colspan", "data-figures", "headers", "rowspan"},
    "th": {"colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
}
_PROTOCOLS = {"http", "https", "mailto"}


def clean_html(text: str) -> Markup:
    """Keep the tags and attributes that tables and prose need; everything else shows as text or goes.

    Parameters
    ----------
    text : str
        HTML from a Markdown cell or an output.

    Returns
    -------
    Markup
        Without script, style, image, form or event attribute, and with addresses of http, https and mailto
        and those inside the page only.

    Examples
    --------
    >>> str(clean_html('<p onclick="x()">Đảng <script>y()</script></p>'))
    '<p>Đảng </p>'
    """
    # Markdown's table cells say how they are set in a style attribute, which the page's policy forbids.
    text = re.sub(r'style="text-align:\s*(left|right|center);?"', r'class="to-\1"', text)
    cleaned = nh3.clean(
        text,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style"},
        link_rel=None,
        url_schemes=_PROTOCOLS,
    )
    return Markup(harmless(cleaned))  # noqa: S704 -- cleaned in the line above


def markdown(text: str) -> Markup:
    """Return Markdown as clean HTML."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return clean_html(MarkdownWithMath(renderer=renderer).render(text))


@lru_cache(maxsize=512)
def code(text: str) -> Markup:
    """Return Python code as HTML with its parts marked."""
    highlight = Highlight2HTML(pygments_lexer="ipython3")  # type: ignore[no-untyped-call]
    return Markup(highlight(text))  # noqa: S704 -- Pygments escapes what it marks
