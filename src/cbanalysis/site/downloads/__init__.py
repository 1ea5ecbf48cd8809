"""A report in the formats of offices and other programs: PDF, Word, Excel, CSV, Parquet, Stata, BibTeX."""
