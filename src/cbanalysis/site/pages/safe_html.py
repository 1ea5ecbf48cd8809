"""Text from notebooks and data as HTML that can do no harm."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from urllib.parse import unquote, urlsplit

import nh3
from markupsafe import Markup, escape
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from cbanalysis.common.errors import harmless

_TAGS = frozenset([
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details",
    "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "kbd",
    "li", "mark", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul",
])  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "dir", "lang", "title", "aria-label", "aria-hidden", "role"}, "a": {"href", "rel"},
    "col": {"span"}, "colgroup": {"span"}, "details": {"open"}, "ol": {"start"},
    "td": {"colspan", "data-figures", "headers", "rowspan"},
    "th": {"colspan", "headers", "rowspan", "scope"}, "time": {"datetime"},
}  # fmt: skip
_PROTOCOLS = {"http", "https", "mailto"}
_PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
_EMBEDDED = re.compile(r"data:image/(svg\+xml|png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_FINE = 3  # dots of a formula for each pixel
# Where a picture stands in text that is being cleaned.
_SIGN = re.compile("\ue000(\\d*)\ue001?")


# A page and its downloads show the same.
@lru_cache(maxsize=64)
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


@lru_cache(maxsize=256)
def _drawn(formula: str) -> tuple[str, int, int]:
    """Return a formula as the address of a picture, with its size in pixels; nothing if it can't be drawn."""
    # Needed for few reports.
    from matplotlib import mathtext, rc_context  # noqa: PLC0415
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    made = io.BytesIO()
    try:
        with rc_context({"savefig.facecolor": "none", "mathtext.fontset": "dejavusans"}):
            letters = FontProperties(family="DejaVu Sans", size=12)  # points: 16 pixels of a page
            mathtext.math_to_image(f"${formula}$", made, letters, dpi=_FINE * 96, format="png")
    except ValueError:  # a command that matplotlib doesn't know
        return "", 0, 0
    with Image.open(made) as image:
        wide, high = (round(side / _FINE) for side in image.size)
    return f"data:image/png;base64,{base64.b64encode(made.getvalue()).decode()}", wide, high


class _Renderer(IPythonRenderer):
    """Puts a sign where a picture stands, which HTML that was cleaned gets back as a picture."""

    def __init__(self, attachments: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.given = attachments
        self.pictures: list[Markup] = []

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002 -- as mistune has it
        """Return the sign of a picture that the notebook holds; else its words, which lead to its address."""
        name = unquote(url.removeprefix("attachment:"))
        held = self.given.get(name) or self.given.get(url.removeprefix("attachment:")) or {}
        content = next((f"data:{kind};base64,{held[kind]}" for kind in _PICTURES if kind in held), url)
        if not _EMBEDDED.fullmatch(content):
            words = escape(text or name)
            return (
                f'<a href="{escape(url)}">{words}</a>' if urlsplit(url).scheme in _PROTOCOLS else f"[{words}]"
            )
        return self._held(Markup('<img src="{}" alt="{}">').format(content, harmless(text)))

    def inline_math(self, body: str) -> str:
        """Return the sign of a drawn formula; what can't be drawn, and two prices, stay as they are."""
        drawn = self._formula(body) if body == body.strip() else ""
        return drawn or super().inline_math(body)

    def block_math(self, body: str) -> str:
        """Do the same for a formula that stands alone."""
        return self._formula(body) or super().block_math(body)

    def _formula(self, body: str) -> str:
        source = " ".join(body.split())
        drawn, wide, high = _drawn(source)
        return drawn and self._held(
            Markup('<img class="formula" src="{}" alt="{}" width="{}" height="{}">').format(
                drawn, harmless(source), wide, high
            )
        )

    def _held(self, picture: Markup) -> str:
        self.pictures.append(picture)
        return f"\ue000{len(self.pictures) - 1}\ue001"

    def inline_html(self, html: str) -> str:
        """Take a picture that is written in HTML for one in Markdown."""
        return _IMAGE.sub(self._of_html, html)

    def block_html(self, html: str) -> str:
        """Take pictures that are written in HTML for ones in Markdown."""
        return f"{_IMAGE.sub(self._of_html, html)}\n"

    def _of_html(self, found: re.Match[str]) -> str:
        given = {
            one[1].lower(): unescape(one[2] or one[3] or one[4]) for one in _ATTRIBUTE.finditer(found[0])
        }
        return self.image(given.get("alt", ""), given.get("src", ""))


def markdown(text: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> Markup:
    """Return Markdown as clean HTML.

    Parameters
    ----------
    text : str
        Markdown.
    attachments : mapping, optional
        Pictures that the cell holds: by name their content (base64) by kind.

    Returns
    -------
    Markup
        With pictures that the cell holds in the page itself; of others the words, as a link where they lie on
        another host.
    """
    renderer = _Renderer(attachments or {})
    cleaned = clean_html(MarkdownWithMath(renderer=renderer).render(_SIGN.sub("", text)))
    return Markup(_SIGN.sub(lambda found: renderer.pictures[int(found[1])], cleaned))  # noqa: S704 -- cleaned, and our own


@lru_cache(maxsize=512)
def code(text: str) -> Markup:
    """Return Python code as HTML with its parts marked."""
    highlight = Highlight2HTML(pygments_lexer="ipython3")  # type: ignore[no-untyped-call]
    return Markup(highlight(text))  # noqa: S704 -- Pygments escapes what it marks
