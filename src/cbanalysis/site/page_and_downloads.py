"""What makes an executed notebook a report to read and to take along: its page and its downloads."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePath
from typing import Any, ClassVar

from nbformat import NotebookNode

from cbanalysis.common.errors import writing
from cbanalysis.site import PRELOADED
from cbanalysis.site.pages.figures_shown import Figures, read_figures
from cbanalysis.site.pages.front_page import USED
from cbanalysis.site.pages.report_page import folder_of, outdated, page, read_steps
from cbanalysis.site.pages.revisions import keep_provenance


@cache
def _unpacked(packed: bytes) -> Figures:
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

    modules: ClassVar[tuple[str, ...]] = PRELOADED

    provenance: Path | None = None
    languages: tuple[str, ...] = ()
    packed: bytes = b""

    def portable(self) -> Publisher:
        """Return one that works on a machine that doesn't see the provenance file."""
        return replace(self, packed=zlib.compress(self.provenance.read_bytes())) if self.provenance else self

    def _figures(self) -> Figures:
        if self.packed:
            return _unpacked(self.packed)
        return read_figures(self.provenance) if self.provenance else Figures()

    def mark(self, earlier: str | None, record: Mapping[str, Any]) -> str:
        """Return the earlier page of a report that couldn't be made anew, marked so."""
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
        # Loaded where reports are made, not in the process that only sends this class to workers.
        from cbanalysis.site.downloads.all_downloads import write_downloads  # noqa: PLC0415

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
