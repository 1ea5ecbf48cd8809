"""Text from notebooks and data as HTML that can do no harm."""

from __future__ import annotations

import re

import bleach  # type: ignore[import-untyped]
from markupsafe import Markup
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

__all__ = ["clean_html", "code", "markdown"]

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
    "*": ["class", "dir", "id", "lang", "title", "aria-label", "aria-hidden", "role"],
    "a": ["href", "rel"],
    "abbr": ["title"],
    "col": ["span"],
    "colgroup": ["span"],
    "details": ["open"],
    "ol": ["start"],
    "td": ["colspan", "headers", "rowspan"],
    "th": ["colspan", "headers", "rowspan", "scope"],
    "time": ["datetime"],
}
_PROTOCOLS = ["http", "https", "mailto"]


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
    text = re.sub(r"(?is)<(script|style)\b.*?(</\1\s*>|\Z)", "", text)
    # Markdown's table cells say how they are set in a style attribute, which the page's policy forbids.
    text = re.sub(r'style="text-align:\s*(left|right|center);?"', r'class="to-\1"', text)
    cleaned = bleach.clean(text, tags=_TAGS, attributes=_ATTRIBUTES, protocols=_PROTOCOLS, strip=True)
    return Markup(cleaned)  # noqa: S704 -- cleaned in the line above


def markdown(text: str) -> Markup:
    """Return Markdown as clean HTML."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return clean_html(MarkdownWithMath(renderer=renderer).render(text))


def code(text: str) -> Markup:
    """Return Python code as HTML with its parts marked."""
    highlight = Highlight2HTML(pygments_lexer="ipython3")  # type: ignore[no-untyped-call]
    return Markup(highlight(text))  # noqa: S704 -- Pygments escapes what it marks
