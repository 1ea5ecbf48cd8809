"""A report in the formats of offices and other programs: PDF, Word, Excel, CSV, Parquet, Stata, BibTeX."""

from cbanalysis.downloads.about import About, Document
from cbanalysis.downloads.files import write_downloads

__all__ = ["About", "Document", "write_downloads"]
