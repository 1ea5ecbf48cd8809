"""What makes an executed notebook a report to read and to take along: its page and its downloads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Publisher", "prepare"]


def prepare(
    output: Path, observations: pd.DataFrame, *, data_date: str, languages: Sequence[str]
) -> Publisher:
    """Gather what every figure rests on, note what changed since the last run, return what makes the pages.

    Parameters
    ----------
    output : Path
        The output folder, which exists; gets ``figures.json`` and ``revisions.json``.
    observations : DataFrame
        All rows, as :func:`cbanalysis.load_observations` returns them.
    data_date : str
        Day up to which the data reach, in ISO form.
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
    # Statistics, which workers don't need.
    from cbanalysis.evidence import gather  # noqa: PLC0415
    from cbanalysis.site import keep_evidence  # noqa: PLC0415

    evidence = {"data_date": data_date, **gather(observations)}
    return Publisher(keep_evidence(output, evidence), tuple(languages))


@dataclass(frozen=True)
class Publisher:
    """Writes a report's page and downloads into its folder; can be sent to worker processes.

    Attributes
    ----------
    evidence : Path, optional
        The file with what is known of the published figures, as ``evidence.gather`` gives it.
    languages : tuple of str
        The languages in which each report is made.
    """

    evidence: Path | None = None
    languages: tuple[str, ...] = ()

    def __call__(self, folder: Path, notebook: NotebookNode, record: Mapping[str, Any]) -> None:
        """Write ``index.html``, ``thumbnail.png``, ``used.json`` (the figures it shows) and the downloads.

        Parameters
        ----------
        folder : Path
            The report's folder, with its charts and tables.
        notebook : NotebookNode
            Executed, with the cells of one language.
        record : mapping
            What run.json says of it.

        Raises
        ------
        OutputError
            If the evidence can't be read.
        """
        # Loaded where reports are made, not in every process that only knows of this class.
        from cbanalysis.downloads import write_downloads  # noqa: PLC0415
        from cbanalysis.site import USED, Figures, page, read_figures, write_thumbnail  # noqa: PLC0415

        figures = read_figures(self.evidence) if self.evidence else Figures()
        used = write_downloads(folder, notebook, record, figures)
        write_thumbnail(folder, notebook)
        (folder / USED).write_text(json.dumps({"figures": used}) + "\n", encoding="utf-8", newline="\n")
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        # run.json is written last, since it lists all files.
        files = sorted(found | {"run.json"})
        text = page(notebook, record, figures, files=files, languages=self.languages)
        (folder / "index.html").write_text(text, encoding="utf-8", newline="\n")
