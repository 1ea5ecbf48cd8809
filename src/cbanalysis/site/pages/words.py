"""What the pages say besides the reports themselves, in both languages."""

from cbanalysis.common.language import LANGUAGES, words_in, words_of

WORDS: dict[str, dict[str, str]] = {
    lang: {key: words[lang] for key, words in words_of("pages").items()} for lang in LANGUAGES
}

SOUGHT: dict[str, dict[str, str]] = words_in("site/pages/sought.toml")
