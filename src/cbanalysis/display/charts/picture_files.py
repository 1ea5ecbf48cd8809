"""Pictures into files: any matplotlib figure as SVG, PNG or PDF, with source line and alternative text."""

from __future__ import annotations

import html
import io
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.errors import CbanalysisError, OutputError
from cbanalysis.common.language import Language, speaks
from cbanalysis.display.charts.caption import source_line, subject
from cbanalysis.display.charts.look import SIZES
from cbanalysis.display.charts.page import Chart
from cbanalysis.display.charts.text_width import wrap

_ENDINGS = (".svg", ".png", ".pdf")
_STABLE: dict[str, Any] = {
    "pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "cbanalysis", "text.parse_math": False,
}  # fmt: skip


@speaks
def save(
    figure: Any,  # noqa: ANN401 -- a figure, or what has one: axes, a seaborn grid
    path: str | Path,
    *,
    frame: pd.DataFrame | None = None,
    alt: str = "",
    lang: Language = "vi",
) -> Path:
    """Write a picture to a file, with the line that names its sources and with its alternative text.

    The file is written whole or not at all, and the same figure gives the same bytes.

    Parameters
    ----------
    figure : Chart, Figure, Axes or seaborn grid
        A chart of ``cb.charts`` knows its rows and its words; any other picture needs ``frame``.
    path : str or Path
        Ends in ``.svg``, ``.png`` or ``.pdf``.
    frame : DataFrame, optional
        The rows that were drawn, with ``source_id``.
    alt : str
        What is said to those who can't see the picture; made from ``frame`` when not given. It is the
        description of an SVG or PNG and the subject of a PDF.
    lang : {"vi", "en"}
        Language of the source line, where the picture has none yet.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If the ending is another one, or the file can't be written; what was there stays.
    CbanalysisError
        If the picture isn't one of matplotlib's, or nobody says where its rows come from.

    Examples
    --------
    >>> import tempfile
    >>> import cbanalysis as cb
    >>> rated = cb.add_rates(cb.load_observations("office_cell_adoption"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cb.save(cb.charts.trend(rated, lang="en"), f"{folder}/office_cells.svg").name
    'office_cells.svg'
    """
    file = Path(path)
    if file.suffix not in _ENDINGS:
        raise OutputError(f"can't write a picture to {str(path)!r}; allowed: {', '.join(_ENDINGS)}")
    drawn = _figure(figure)
    if isinstance(drawn, Chart):
        content = _chart(drawn, file.suffix, alt or drawn.alt)
    else:
        content = _other(drawn, file.suffix, alt, frame)
    write_aside(file, content)
    return file


def _figure(given: Any) -> Figure:  # noqa: ANN401 -- as above
    found = given if isinstance(given, Figure) else getattr(given, "figure", None)
    while found is not None and not isinstance(found, Figure):
        found = getattr(found, "figure", None)
    if found is None:
        raise CbanalysisError(
            f"can't save a {type(given).__name__}; give a chart, a matplotlib figure or its axes"
        )
    return found


def _chart(chart: Chart, ending: str, alt: str) -> bytes:
    if ending == ".svg":
        return _spoken(chart.svg(), alt)
    if ending == ".png":
        return _described(chart.png(), chart.title, alt)
    # A chart sets the charts' style itself while it is drawn.
    return _printed(chart, ending, chart.title, alt, {})


def _described(png: bytes, title: str, alt: str) -> bytes:
    about = PngInfo()
    about.add_itxt("Title", title)
    about.add_itxt("Description", alt)
    target = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.save(target, "PNG", pnginfo=about)
    return target.getvalue()


def _other(figure: Figure, ending: str, alt: str, frame: pd.DataFrame | None) -> bytes:
    source = source_line(frame) if frame is not None else ""
    if frame is None or not source:
        raise CbanalysisError(
            "can't name the sources of this picture; give frame=, the rows that it shows, with source_id"
        )
    title = subject(frame)
    alt = alt or ". ".join(part for part in (title, source) if part)
    # Below the lowest edge; "tight" makes room for it, and for labels that stick out.
    lines = "\n".join(wrap(source, figure.get_figwidth() * 0.98, SIZES["small"]))
    line = figure.text(0.01, -0.01, lines, ha="left", va="top", fontsize=SIZES["small"])
    try:
        content = _printed(figure, ending, title, alt, {"bbox_inches": "tight", "pad_inches": 0.15})
    finally:
        line.remove()
    return _spoken(content.decode(), alt) if ending == ".svg" else content


def _printed(figure: Figure, ending: str, title: str, alt: str, options: dict[str, Any]) -> bytes:
    about: dict[str, dict[str, str | None]] = {
        ".svg": {"Title": title, "Description": alt, "Date": None, "Creator": None},
        ".png": {"Title": title, "Description": alt, "Software": None},
        ".pdf": {"Title": title, "Subject": alt, "CreationDate": None, "Creator": None, "Producer": None},
    }
    target = io.BytesIO()
    with mpl.rc_context(_STABLE):  # type: ignore[arg-type]
        figure.savefig(target, format=ending[1:], metadata=about[ending], **options)
    return target.getvalue()


def _spoken(svg: str, alt: str) -> bytes:
    """Return an SVG that says what it shows, also where it stands inside a page."""
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(alt)}" ', 1).encode()
