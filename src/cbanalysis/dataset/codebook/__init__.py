"""The generated files of data/: datapackage.json for machines, README.md for people."""

from __future__ import annotations

from pathlib import Path

from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.codebook.column_descriptions import Contents
from cbanalysis.dataset.codebook.readme_and_datapackage import render_package, render_readme


def render_codebook(folder: Path | None = None) -> dict[str, str]:
    """Return the generated files of a data folder by name; the same folder gives the same text.

    Raises
    ------
    DataError
        If columns.toml, indicators.toml, sources.csv or events.csv break their contract or a table hasn't the
        columns that columns.toml describes; lists all faults.
    """
    contents = Contents.read(data_folder(folder))
    return {"datapackage.json": render_package(contents), "README.md": render_readme(contents)}


def stale_files(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the generated files that aren't what `render_codebook` would write now."""
    place = data_folder(folder)
    made = render_codebook(place)
    return tuple(
        name
        for name, text in made.items()
        if not (place / name).is_file() or (place / name).read_bytes() != text.encode()
    )


def write_codebook(folder: Path | None = None) -> None:
    """Write the files of `render_codebook` into a data folder.

    Raises
    ------
    OutputError
        If a file can't be written.
    """
    place = data_folder(folder)
    for name, text in render_codebook(place).items():
        write_aside(place / name, text)
