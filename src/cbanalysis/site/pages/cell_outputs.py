"""The outputs of cells: which form of each a page shows, and where its files lie."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode

from cbanalysis.common.errors import harmless
from cbanalysis.site.pages.safe_html import clean_html, markdown

AS_PNG = "shown as PNG"
_WIDEST = 10_000
_NAME_ONLY = re.compile(r"<[\w.]+ object(?: at 0x[0-9a-f]+)?>")
_UNSAFE = re.compile(r"[^ -~]+")
_PATH, _DIGITS = re.compile(r'(?<=[ \n]d=")[^"]*'), re.compile(r"(?<=\.\d\d)\d+")
_COMMAND = re.compile(r" *([MmLlHhVvCcSsQqTtAaZz]) *")
_PLACE, _GROUP = re.compile(r"(?<=translate\()[^)]*"), re.compile(r'<g id="([^"]*)"')
_LETTER = re.compile(r'(?<=<use x=")[^"]*')
_ENDINGS = {
    "chart": {"svg": "SVG", "png": "PNG", "pdf": "PDF", "csv": "CSV"},
    "table": {"csv": "CSV", "parquet": "Parquet", "dta": "Stata"},
}


@dataclass(frozen=True)
class Shown:
    """What the page shows of one output."""

    kind: str
    html: Markup = field(default_factory=Markup)
    text: str = ""
    svg: str = ""
    picture: tuple[str, str] = ("", "")
    alt: str = ""
    width: int = 0
    height: int = 0
    files: tuple[Mapping[str, str], ...] = ()  # those that may lie beside the page
    name: str = ""
    marks: Any = ()
    narrow: Shown | None = None  # the same, laid out for a phone

    @property
    def address(self) -> str:
        """The picture as an address: the drawing, or a PNG or JPEG (kind and base64)."""
        if self.svg:
            return svg_address(self.svg)
        kind, content = self.picture
        # Decoded and encoded again: whatever the notebook holds, only a picture goes into the page.
        return f"data:{kind};base64,{base64.b64encode(base64.b64decode(content)).decode()}"

    @property
    def source(self) -> str:
        """The address as ``srcset`` takes it: a blank would end it."""
        return self.address.replace(" ", "%20")

    @property
    def wide(self) -> bool:
        """Whether it may need to scroll sideways."""
        return "<table" in self.html

    @property
    def note(self) -> bool:
        """Whether it says in words what the figures show."""
        return 'class="cb-note"' in self.html


def _small_svg(svg: str) -> str:
    """Drop what a browser doesn't need; coordinates end at a hundredth of a point, letters at a tenth."""
    # letters are half of a drawing: each is a mark of its own
    for long, short in (("xlink:href", "href"), ("DejaVuSans-Bold-", "B"), ("DejaVuSans-", "D")):
        svg = svg.replace(long, short)
    svg = re.sub(r"(?s)<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "", svg)
    svg = _PATH.sub(lambda path: _short_path(path[0]), svg)
    svg = _PLACE.sub(lambda place: _DIGITS.sub("", place[0]), svg)
    svg = _LETTER.sub("", svg)
    meant = set(re.findall(r"#([\w.-]+)", svg))
    svg = _GROUP.sub(lambda group: group[0] if group[1] in meant else "<g", svg)
    svg = svg if "<text" in svg else re.sub(r">\s+<", "><", svg)
    return " ".join(filter(None, map(str.strip, svg.split("\n")))).replace("<g/>", "")


def _short_path(path: str) -> str:
    path = _COMMAND.sub(r"\1", _DIGITS.sub("", path.replace("\n", " ").strip()))
    return path.replace(" ", ",")  # a blank takes three bytes in srcset


def svg_address(svg: str) -> Markup:
    """Return a drawing as the address of an image, ready to stand in an attribute."""
    # Not in base64, which makes it a third longer; as an image, since scripts in it don't run then.
    text = _small_svg(svg).replace("%", "%25").replace("#", "%23")
    text = text.replace('"', "%22" if "'" in text else "'")
    plain = text.isascii() and text.isprintable()
    text = text if plain else _UNSAFE.sub(lambda found: quote(found[0]), text)
    return Markup("data:image/svg+xml," + text.replace("&", "&amp;"))  # noqa: S704 -- no quotes are left in it


def few_colours(picture: str) -> str:
    """Return a PNG (base64) with a palette of 64 colours: charts look the same in a quarter of the bytes.

    What is no picture stays as it is.
    """
    # Needed for the largest reports only.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    target = io.BytesIO()
    try:
        with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
            # Not by median: that gives colours of few pixels, such as the darkest shade, to their neighbours.
            few = image.convert("RGB").quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
            few.save(target, "PNG")
    except (UnidentifiedImageError, OSError):
        return picture
    return base64.b64encode(target.getvalue()).decode()


def size_of(svg: str) -> tuple[int, int]:
    """Return width and height in CSS pixels, 0 where the drawing doesn't say."""
    head = svg[: svg.find(">", svg.find("<svg")) + 1]
    found = {side: re.search(rf'\s{side}="([\d.]+)(pt|px)?"', head) for side in ("width", "height")}
    sizes = [round(float(one[1]) * (4 / 3 if one[2] == "pt" else 1)) if one else 0 for one in found.values()]
    return sizes[0], sizes[1]


def text_of(value: object) -> str:
    """Return an output's text, which notebook files may hold as lines."""
    return "".join(value) if isinstance(value, list) else str(value)


def marks_of(output: NotebookNode) -> dict[str, Any]:
    """Return what cbanalysis noted on an output."""
    marks = output.metadata.get("cbanalysis", {})
    return marks if isinstance(marks, dict) else {}


def _files(output: NotebookNode, kind: str) -> tuple[Mapping[str, str], ...]:
    marks = marks_of(output)
    name = str(marks.get("name") or "") if marks.get("kind") == kind else ""
    paths = {f"{kind}s/{name}.{ending}": words for ending, words in _ENDINGS[kind].items()} if name else {}
    return tuple({"path": quote(path), "name": words} for path, words in paths.items())


def _plain(text: str) -> str:
    return harmless(str(strip_ansi(text))).rstrip()  # type: ignore[no-untyped-call]


def _pixels(value: object) -> int:
    return round(value) if isinstance(value, int | float) and 0 < value < _WIDEST else 0


def _chart(output: NotebookNode) -> Shown:
    given, metadata = output.data, output.metadata
    marks = marks_of(output)
    alts = [marks.get("alt"), *(metadata.get(key, {}).get("alt") for key in ("image/svg+xml", "image/png"))]
    alt = next((alt for alt in alts if alt), "") or text_of(given.get("text/plain", ""))
    svg = text_of(given.get("image/svg+xml", ""))
    width, height = size_of(svg) if svg else (0, 0)
    pictures = [mime for mime in ("image/png", "image/jpeg") if mime in given]
    if not svg and pictures:  # a picture of more pixels than it is to show says how large it is meant
        about = metadata.get(pictures[0], {})
        width, height = (_pixels(about.get(side)) for side in ("width", "height"))
    return Shown(
        "chart",
        svg="" if metadata.get(AS_PNG) else svg,
        picture=(pictures[0], text_of(given[pictures[0]])) if pictures else ("", ""),
        alt=harmless(str(alt)),
        width=width,
        height=height,
        files=_files(output, "chart"),
        name=str(marks.get("name") or ""),
        marks=marks.get("marks") or (),
        narrow=_narrow(marks.get("narrow")),
    )


def _narrow(given: object) -> Shown | None:
    """Return what a phone shows of a chart, where it was laid out for one."""
    if not isinstance(given, dict) or not isinstance(given.get("svg"), str):
        return None
    width, height = size_of(given["svg"])
    return Shown("chart", svg=given["svg"], width=width, height=height, marks=given.get("marks") or ())


def shown(output: NotebookNode) -> Shown:
    """Return what the page shows of an output: the richest of its forms that is safe and readable.

    Parameters
    ----------
    output : NotebookNode
        Of a code cell.

    Returns
    -------
    Shown
    """
    if output.output_type == "stream":
        return Shown("text", text=_plain(text_of(output.text)))
    if output.output_type == "error":
        said = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        return Shown("error", text=_plain(said))
    given = output.data
    if {"image/svg+xml", "image/png", "image/jpeg"} & set(given):
        return _chart(output)
    if "text/html" in given:
        name = str(marks_of(output).get("name") or "")
        html = clean_html(text_of(given["text/html"]))
        return Shown("html", html, files=_files(output, "table"), name=name)
    if "text/markdown" in given:
        return Shown("html", markdown(text_of(given["text/markdown"])))
    said = text_of(given.get("text/plain", ""))
    if _NAME_ONLY.fullmatch(said):  # formulas and JSON say what they hold in another form only
        said = text_of(given.get("text/latex", said))
        if "application/json" in given:
            said = json.dumps(given["application/json"], ensure_ascii=False, indent=2)
    return Shown("text", text=_plain(said))
