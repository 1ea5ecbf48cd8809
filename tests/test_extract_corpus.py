"""Precision and recall on the corpus of made-up texts, and the figures of the five seed documents where they are."""

# ruff: noqa: E501 -- texts and cells stand on one line

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from prose import cases, compare, expected_figures, found_figures, main, reliability, scores, seed_coverage

from cbanalysis.common.errors import DataError
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.load import load_observations
from cbanalysis.dataset.load.observations import SEEDS
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import Reading, document_of, open_document, read_document

CORPUS = Path(__file__).parent / "extract_corpus"
DOCUMENTS = Path(__file__).parents[2] / "shared" / "seeds"


@pytest.fixture(scope="module")
def measured() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the corpus and measure it, once."""
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()
    expected = expected_figures(CORPUS / "expected.csv")
    readings = [
        (text, read_document(open_document(CORPUS / text), catalogue=catalogue, gazetteer=gazetteer))
        for text in expected["text"].unique()
    ]
    return compare(expected, found_figures(readings))


def test_the_corpus_holds_at_least_forty_texts_a_third_of_them_held_out(measured: tuple) -> None:
    """Forty texts or more, all of them with expected figures, about a third never tuned on."""
    texts = measured[0]["text"].drop_duplicates()
    assert set(texts) == {str(path.relative_to(CORPUS)) for path in CORPUS.rglob("*.txt")}
    assert len(texts) >= 40
    assert texts.str.startswith("held_out").mean() > 0.3


def test_precision_and_recall_of_the_whole_corpus(measured: tuple) -> None:
    """Value, kind, subject, place, period and target are right for 95 % of the candidates, 90 % are found."""
    last = scores(*measured).iloc[-1]
    assert last["kind"] == "all"
    assert last["precision"] >= 0.95
    assert last["recall"] >= 0.90


def test_what_was_held_out_does_not_fall_far_behind(measured: tuple) -> None:
    """On the texts that the grammar wasn't tuned on, 90 % of both."""
    held_out = [frame[frame["text"].str.startswith("held_out")] for frame in measured]
    assert scores(*held_out).iloc[-1][["precision", "recall"]].min() >= 0.90


@pytest.mark.parametrize(
    ("table", "least"),
    [("prose.csv", 0.95), ("ratings.csv", 0.95), ("guards.csv", 1.0), ("articles.csv", 1.0)],
)
def test_made_up_cases_are_right_in_every_field(table: str, least: float) -> None:
    """Of the short texts that show what real pages print, 95 % of the rows are right, and no guard is lost."""
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()
    rows = cases(
        CORPUS / "cases" / table,
        lambda text: read_document(document_of(text), catalogue=catalogue, gazetteer=gazetteer),
    )
    assert rows["right"].mean() >= least, rows[~rows["right"]].to_string()


def test_a_table_of_cases_counts_rows_that_are_wrong(tmp_path: Path) -> None:
    """A wrong area, a figure that isn't there, and a figure where none is expected are each one wrong row."""
    table = tmp_path / "cases.csv"
    text = "Năm 2020, tỉnh Hà Nam có 9 chi bộ."
    lines = [
        "text,count,area,cause",
        f'"{text}",9,,a',
        f'"{text}",8,,b',
        f'"{text}.",9,X,c',
        f'"{text} ",,,d',
    ]
    table.write_text("\n".join(lines), encoding="utf-8")
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()
    rows = cases(
        table, lambda text: read_document(document_of(text), catalogue=catalogue, gazetteer=gazetteer)
    )
    assert rows["right"].tolist() == [True, False, False, False]


def test_confidence_promises_no_more_than_it_keeps(measured: tuple) -> None:
    """Candidates of each step are right at least as often as the step begins with."""
    steps = reliability(measured[1])
    assert steps["confidence"].tolist()[-1] == "0.70 to 0.80"
    assert (steps["share_right"] >= steps["confidence"].str[:4].astype("float64")).all()
    assert steps["found"].sum() == len(measured[1])


def test_no_figure_is_promised_more_than_unseen_articles_kept(measured: tuple) -> None:
    """Nothing is given 0.8; at 0.5 and above nine of ten of the corpus and the cases are right in all fields."""
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()

    def read(text: str) -> Reading:
        return read_document(document_of(text), catalogue=catalogue, gazetteer=gazetteer)

    tables = [cases(path, read) for path in sorted((CORPUS / "cases").glob("*.csv"))]
    rows = pd.concat([measured[1], *tables], ignore_index=True).dropna(subset=["confidence"])
    assert rows["confidence"].max() < 0.8
    sure = rows[rows["confidence"].ge(0.5)]
    assert len(sure) > 50
    assert sure["right"].mean() >= 0.9


def test_a_figure_without_an_indicator_is_never_sure() -> None:
    """What a figure lacks lowers its confidence: an empty indicator, province or period."""
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()
    texts = [
        "Năm 2020, tỉnh Hà Nam có 90 chi bộ.", "Năm 2020, tỉnh Hà Nam giải thể 90 chi bộ.",
        "Năm 2020, cơ quan có 90 chi bộ.", "Tỉnh Hà Nam có 90 chi bộ.",
    ]  # fmt: skip
    readings = [read_document(document_of(text), catalogue=catalogue, gazetteer=gazetteer) for text in texts]
    sure, *unsure = (reading.candidates[0].confidence for reading in readings)
    assert max(unsure) < 0.6
    assert sure >= 0.7


def test_a_small_number_is_less_sure_than_a_large_one() -> None:
    """What is counted by one digit is an example or a detail more often: 9 chi bộ, 90 chi bộ."""
    texts = ("Năm 2020, tỉnh Hà Nam có 9 chi bộ.", "Năm 2020, tỉnh Hà Nam có 90 chi bộ.")
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()
    small, large = (
        read_document(document_of(text), catalogue=catalogue, gazetteer=gazetteer).candidates[0]
        for text in texts
    )
    assert small.evidence == "small, direct, sentence, sentence, verb"
    assert small.confidence < large.confidence


def test_a_heading_is_less_sure_than_the_text_that_repeats_it() -> None:
    """A review shows the figure with the sentence of the text, the heading folded into it."""
    text = "Huyện Tân Yên kết nạp 120 đảng viên\n\nToàn huyện có 90 chi bộ. Năm 2021, huyện kết nạp 120 đảng viên."
    reading = read_document(document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read())
    heading, _, told = reading.candidates
    assert (heading.period_end, told.period_end) == ("2021", "2021")
    assert heading.confidence < told.confidence


def test_a_wrong_candidate_and_a_missed_figure_are_counted() -> None:
    """Two expected, two found, one of them right: both scores are one half."""
    expected = expected_figures(CORPUS / "expected.csv").head(2)
    wrong = expected.assign(confidence=0.9)
    wrong.loc[1, "count"] = "1"
    last = scores(*compare(expected, wrong)).iloc[-1]
    assert (last["expected"], last["found"], last["right"], last["precision"], last["recall"]) == (
        2,
        2,
        1,
        0.5,
        0.5,
    )


def test_one_candidate_matches_one_expected_figure_only() -> None:
    """A figure proposed twice is right once."""
    expected = expected_figures(CORPUS / "expected.csv").head(1)
    twice = pd.concat([expected, expected], ignore_index=True)
    assert compare(expected, twice)[1]["right"].tolist() == [True, False]


def test_a_missing_or_strange_expected_table_is_refused(tmp_path: Path) -> None:
    """The fault names the file and the column."""
    with pytest.raises(DataError, match="can't be read"):
        expected_figures(tmp_path / "expected.csv")
    (tmp_path / "expected.csv").write_text("text,count\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"expected\.csv, row 1, column base: missing column"):
        expected_figures(tmp_path / "expected.csv")


def test_the_benchmark_prints_scores_by_type_and_set() -> None:
    """``python benchmarks/prose.py`` prints a table for each set and for all, and the confidence."""
    run = CliRunner().invoke(main, [str(CORPUS), "--documents", str(CORPUS)])
    assert run.exit_code == 0, run.output
    for words in (
        "held_out (14 texts)",
        "tuned (27 texts)",
        "all texts (41 texts)",
        "count and share",
        "by confidence",
        "prose.csv: ",
        "seed documents aren't",
    ):
        assert words in run.output


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the five seed documents aren't here")
def test_every_figure_of_the_seed_documents_is_proposed_with_its_value() -> None:
    """All figures listed for the five documents are among the candidates of their document."""
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()
    readings = [
        (source, read_document(open_document(path), catalogue=catalogue, gazetteer=gazetteer))
        for source in SEEDS
        for path in DOCUMENTS.glob(f"{source.removeprefix('seed-')}_*.txt")
    ]
    covered = seed_coverage(load_observations(source=SEEDS), readings)
    assert len(covered) == 50
    assert covered[~covered["proposed"]]["observation_id"].tolist() == []
