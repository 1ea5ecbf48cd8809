"""A report in the formats of offices and other programs: PDF, Word, Excel, CSV, Parquet, Stata, BibTeX."""

from cbanalysis.downloads.about import About
from cbanalysis.downloads.files import write_downloads

__all__ = ["About", "write_downloads"]
