"""A report's first chart, small, for the list of reports."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from nbformat import NotebookNode

from cbanalysis.site.outputs import text_of

__all__ = ["THUMBNAIL", "write_thumbnail"]

THUMBNAIL = "thumbnail.png"
_SIZE = (320, 200)
_COLOURS = 64


def write_thumbnail(folder: Path, notebook: NotebookNode) -> Path | None:
    """Write a small picture of the first chart of a report, the upper part of it where it is tall.

    Parameters
    ----------
    folder : Path
        The report's folder.
    notebook : NotebookNode
        Executed.

    Returns
    -------
    Path or None
        None for a report without a chart.
    """
    # Heavy, and not needed where there is no chart.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    pictures = (output.data["image/png"] for output in outputs if "image/png" in output.get("data", {}))
    for picture in pictures:
        try:
            with Image.open(io.BytesIO(base64.b64decode(text_of(picture)))) as image:
                wide = image.width
                upper = Image.new("RGB", (wide, round(wide * _SIZE[1] / _SIZE[0])), "white")
                upper.paste(image.convert("RGB"))
                upper.thumbnail(_SIZE)
                # The median cut turns the few blue points of a chart grey, the octree keeps them.
                few = upper.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
                few.save(folder / THUMBNAIL, "PNG")
        except (UnidentifiedImageError, OSError):
            continue
        return folder / THUMBNAIL
    return None
