"""What makes an executed notebook a report to read and to take along: its page and its downloads."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from cbanalysis.common.errors import writing

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cbanalysis.site.pages import Figures


@cache
def _unpacked(packed: bytes) -> Figures:
    from cbanalysis.site.pages import Figures  # noqa: PLC0415 -- as below

    return Figures.of(json.loads(zlib.decompress(packed)))


def prepare(output: Path, provenance: Mapping[str, Any], languages: Sequence[str]) -> Publisher:
    """Keep what every figure rests on, note what changed since the last run, return what makes the pages.

    Parameters
    ----------
    output : Path
        The output folder, which exists; gets ``figures.json`` and ``revisions.json``.
    provenance : mapping
        What ``provenance.gather`` returns, with ``data_date``: the day up to which
        the data reach, in ISO form.
    languages : sequence of str
        The languages in which each report is made.

    Returns
    -------
    Publisher

    Raises
    ------
    OutputError
        If a file can't be written.
    """
    from cbanalysis.site.pages import keep_provenance  # noqa: PLC0415 -- as in Publisher

    return Publisher(keep_provenance(output, provenance), tuple(languages))


def rests_on(figures: Figures, folder: Path, place: PurePath) -> str:
    """Return what tells the pages of a report from those it would get now.

    Parameters
    ----------
    figures : Figures
        What is known of the figures now.
    folder : Path
        A finished report's, with its list of figures.
    place : PurePath
        Where it stands in the output folder.

    Returns
    -------
    str
        A digest of what is known of the figures it shows, their sources and the sums they fail, and of the
        reports it leads to; ``""`` if one of the figures is known no more.
    """
    from cbanalysis.site.pages import USED  # noqa: PLC0415 -- as in Publisher

    try:
        known = figures.about(json.loads((folder / USED).read_text(encoding="utf-8"))["figures"])
        known |= {"address": figures.site, "beside": figures.beside(place)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Publisher:
    """Writes a report's page and downloads into its folder; can be sent to worker processes.

    Attributes
    ----------
    provenance : Path, optional
        The file with what is known of the published figures, as ``provenance.gather`` gives it.
    packed : bytes
        Its content, compressed, for workers that don't see the file.
    modules : tuple of str
        What it loads when it is called; what workers are forked from has them already.
    languages : tuple of str
        The languages in which each report is made.
    """

    modules: ClassVar[tuple[str, ...]] = ("cbanalysis.site.page_and_downloads", "cbanalysis.site.preloading")

    provenance: Path | None = None
    languages: tuple[str, ...] = ()
    packed: bytes = b""

    def portable(self) -> Publisher:
        """Return one that works on a machine that doesn't see the provenance file."""
        return replace(self, packed=zlib.compress(self.provenance.read_bytes())) if self.provenance else self

    def _figures(self) -> Figures:
        from cbanalysis.site.pages import Figures, read_figures  # noqa: PLC0415

        if self.packed:
            return _unpacked(self.packed)
        return read_figures(self.provenance) if self.provenance else Figures()

    def mark(self, earlier: str | None, record: Mapping[str, Any]) -> str:
        """Return the earlier page of a report that couldn't be made anew, marked so."""
        from cbanalysis.site.pages import outdated  # noqa: PLC0415 -- as below

        return outdated(earlier, record, self.languages)

    def __call__(self, folder: Path, notebook: NotebookNode, record: Mapping[str, Any]) -> str:
        """Write ``index.html``, ``used.json`` (the figures it shows) and the downloads.

        Parameters
        ----------
        folder : Path
            The report's folder, with its charts and tables.
        notebook : NotebookNode
            Executed, with the cells of one language.
        record : mapping
            What run.json says of it.

        Returns
        -------
        str
            What :func:`rests_on` returns as long as nothing it says of figures changes.

        Raises
        ------
        OutputError
            If the provenance can't be read.
        """
        # Loaded where reports are made, not in every process that only knows of this class.
        from cbanalysis.site.downloads.all_downloads import write_downloads  # noqa: PLC0415
        from cbanalysis.site.pages import USED, folder_of, page, read_steps  # noqa: PLC0415

        figures = self._figures()
        steps = read_steps(notebook, record, figures)
        write_downloads(folder, notebook, record, steps)
        used = json.dumps({"figures": steps.links.used})
        (folder / USED).write_text(used + "\n", encoding="utf-8", newline="\n")
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        # run.json is written last, since it lists all files.
        files = sorted(found | {"run.json"})
        with writing("index.html"):
            text = page(notebook, record, figures, files=files, languages=self.languages, steps=steps)
            (folder / "index.html").write_text(text, encoding="utf-8", newline="\n")
        return rests_on(figures, folder, folder_of(record))
