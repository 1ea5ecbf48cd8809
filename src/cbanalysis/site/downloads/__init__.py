"""A report in the formats of offices and other programs: PDF, Word, Excel, CSV, Parquet, Stata, BibTeX."""

from cbanalysis.site.downloads.about import About
from cbanalysis.site.downloads.files import write_downloads
from cbanalysis.site.downloads.frames import frame_file

__all__ = ["About", "frame_file", "write_downloads"]
