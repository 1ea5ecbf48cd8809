"""The page of six questions: today's answers, and never more lines than plain pandas takes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
sys.path.insert(0, str(DOCS))
import make_questions  # noqa: E402 -- a script of docs/, no module of the package

sys.path.remove(str(DOCS))


def parts(page: str) -> tuple[list[str], list[list[str]]]:
    """Return what a page says beside its answers, and the numbers of each answer."""
    pieces = re.split(r"(?s)```text\n(.*?)```", page)
    return pieces[::2], [re.findall(r"\d+", answer) for answer in pieces[1::2]]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_answers_are_those_of_the_data_today(lang: str, tmp_path: Path) -> None:
    """Every block runs and gives the numbers that the page gives; `make generated` writes it anew."""
    stored = make_questions.PAGES[lang].read_text(encoding="utf-8")
    assert parts(make_questions.page(lang, tmp_path)) == parts(stored)
    saved = {one.name for one in tmp_path.iterdir()}
    assert {"ratings.dta", "plain.dta"} < saved  # and the sources beside the first


@pytest.mark.parametrize("letter", "abcdef")
def test_no_question_takes_more_lines_than_plain_pandas(letter: str) -> None:
    """Where pandas needs fewer lines, the package has to become easier, not the page."""
    question = make_questions.QUESTIONS["abcdef".index(letter)]
    ours, plain = (len(make_questions.lines_of(code)) for code in (question.ours, question.pandas))
    assert ours <= plain
