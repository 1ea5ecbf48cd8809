"""The documentation site: `make docs` builds it from these pages, the docstrings and the data, offline."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "_ext"))
# Pages with code are run like notebooks, in warm kernels.
os.environ.setdefault("JUPYTER_DEFAULT_PROVISIONER_NAME", "cbanalysis-warm")

project = "cbanalysis"
author = "cbanalysis maintainers"
version = release = installed("cbanalysis")
project_copyright = author
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "formulas",
    "modules_table",
    "spoken",
]
exclude_patterns = ["_build", "_ext", "**/.ipynb_checkpoints"]
source_suffix = {".md": "myst-nb"}
suppress_warnings = [
    "mystnb.unknown_mime_type",  # tables come as text/csv too, for pages and saving; HTML is what is shown
    "myst.header",  # the changelog and the codebook, included, begin below their page's title
]

myst_enable_extensions = ["colon_fence", "dollarmath", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_ipywidgets_js = {}  # pages show no live widgets, and their scripts would come from other hosts

autodoc_default_options = {"members": True, "member-order": "bysource", "exclude-members": "set"}
autodoc_typehints = "none"  # types stand in the signature's own words, in the docstring
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "pydata_sphinx_theme"
html_title = "cbanalysis"
html_context = {"default_mode": "auto"}
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_math_renderer = "mathml"
html_show_search_summary = False  # the search would fetch whole pages, which a browser forbids on a disk
html_show_sourcelink = False
html_domain_indices = False
html_sidebars = {"index": [], "quickstart.vi": [], "quickstart.en": []}
html_theme_options = {
    "show_prev_next": True,
    "navigation_with_keys": False,
    "navbar_align": "left",
    "header_links_before_dropdown": 5,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "icon_links": [],
}
copybutton_prompt_text = ""
