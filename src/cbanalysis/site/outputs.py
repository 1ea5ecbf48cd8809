"""The outputs of cells: which form of each a page shows, and where its files lie."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode

from cbanalysis.site.cleaning import clean_html, markdown

__all__ = ["AS_PNG", "Shown", "shown", "svg_address", "text_of"]

AS_PNG = "shown as PNG"


@dataclass(frozen=True)
class Shown:
    """What the page shows of one output."""

    kind: str
    html: Markup | str = ""
    text: str = ""
    address: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    files: tuple[Mapping[str, str], ...] = ()

    @property
    def wide(self) -> bool:
        """Whether it may need to scroll sideways."""
        return "<table" in self.html


def _small_svg(svg: str) -> str:
    """Drop what a browser doesn't need and write path coordinates to a hundredth of a point."""
    svg = re.sub(r"(?s)<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "", svg)
    svg = re.sub(
        r'(?s)(?<=[ \n]d=")[^"]*', lambda path: re.sub(r"(\.\d\d)\d+", r"\1", path[0].replace("\n", "")), svg
    )
    return re.sub(r"\s*\n\s*", " ", svg).strip()


def svg_address(svg: str) -> str:
    """Return a drawing as the address of an image."""
    # Percent-encoded, since base64 makes it a third longer; as an image, since scripts in it don't run then.
    return "data:image/svg+xml," + quote(_small_svg(svg), safe=" !$&'()*+,-./:;=?@_~")


def _size(svg: str) -> tuple[int, int]:
    """Return width and height in CSS pixels, 0 where the drawing doesn't say."""
    head = svg[: svg.find(">", svg.find("<svg")) + 1]
    found = {side: re.search(rf'\s{side}="([\d.]+)(pt|px)?"', head) for side in ("width", "height")}
    sizes = [round(float(one[1]) * (4 / 3 if one[2] == "pt" else 1)) if one else 0 for one in found.values()]
    return sizes[0], sizes[1]


def text_of(value: object) -> str:
    """Return an output's text, which notebook files may hold as lines."""
    return "".join(value) if isinstance(value, list) else str(value)


def _files(output: NotebookNode, kind: str, mimes: Iterable[str]) -> tuple[Mapping[str, str], ...]:
    marks = output.metadata.get("cbanalysis", {})
    name = marks.get("name") if marks.get("kind") == kind else None
    endings = {"image/svg+xml": "svg", "image/png": "png", "text/csv": "csv"}
    found = [endings[mime] for mime in mimes if mime in output.data] if name else []
    return tuple({"path": f"{kind}s/{quote(str(name))}.{ending}", "name": ending.upper()} for ending in found)


def _plain(text: str) -> str:
    return str(strip_ansi(text)).rstrip()  # type: ignore[no-untyped-call]


def _chart(output: NotebookNode) -> Shown:
    given, metadata = output.data, output.metadata
    alts = [metadata.get(key, {}).get("alt") for key in ("cbanalysis", "image/svg+xml", "image/png")]
    alt = next((alt for alt in alts if alt), "") or text_of(given.get("text/plain", ""))
    files = _files(output, "chart", ["image/svg+xml", "image/png"])
    svg = text_of(given.get("image/svg+xml", ""))
    width, height = _size(svg) if svg else (0, 0)
    pictures = [mime for mime in ("image/png", "image/jpeg") if mime in given]
    if svg and not metadata.get(AS_PNG):
        address = svg_address(svg)
    else:
        # Decoded and encoded again: whatever the notebook holds, only a picture goes into the page.
        content = base64.b64encode(base64.b64decode(text_of(given[pictures[0]]))).decode()
        address = f"data:{pictures[0]};base64,{content}"
    return Shown("chart", address=address, alt=alt, width=width, height=height, files=files)


def shown(output: NotebookNode) -> Shown:
    """Return what the page shows of an output: the richest of its forms that is safe and readable."""
    if output.output_type == "stream":
        return Shown("text", text=_plain(text_of(output.text)))
    if output.output_type == "error":
        said = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        return Shown("error", text=_plain(said))
    given = output.data
    if {"image/svg+xml", "image/png", "image/jpeg"} & set(given):
        return _chart(output)
    if "text/html" in given:
        return Shown(
            "html", clean_html(text_of(given["text/html"])), files=_files(output, "table", ["text/csv"])
        )
    if "text/markdown" in given:
        return Shown("html", markdown(text_of(given["text/markdown"])))
    return Shown("text", text=_plain(text_of(given.get("text/plain", ""))))
