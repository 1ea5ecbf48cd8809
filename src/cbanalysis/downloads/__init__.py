"""A report in the formats of offices and other programs: PDF, Word, Excel, CSV, Parquet, Stata, BibTeX."""

from cbanalysis.downloads.about import About
from cbanalysis.downloads.files import write_downloads
from cbanalysis.downloads.frames import frame_file

__all__ = ["About", "frame_file", "write_downloads"]
