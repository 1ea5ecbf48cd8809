"""What the pages say besides the reports themselves, in both languages."""

from cbanalysis.common.language import words_by_language, words_in

WORDS = words_by_language("pages")

SOUGHT: dict[str, dict[str, str]] = words_in("site/pages/sought.toml")
