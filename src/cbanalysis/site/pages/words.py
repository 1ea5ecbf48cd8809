"""What the pages say besides the reports themselves, in both languages."""

from cbanalysis.common.language import LANGUAGES, words_of

WORDS: dict[str, dict[str, str]] = {
    lang: {key: words[lang] for key, words in words_of("pages").items()} for lang in LANGUAGES
}

SOUGHT = words_of("sought")
