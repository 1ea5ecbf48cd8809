"""Errors carry fields, and carry them anywhere."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from cbanalysis.common import errors
from cbanalysis.common.errors import CbanalysisError, DataError, Fault, OutputError
from cbanalysis.dataset.provinces import Gazetteer

FAULT = Fault("no number", file="a.csv", row=3, value="x", nearest=("1",))
ALL = [
    CbanalysisError("something is wrong"),
    errors.TextError("63.7.1", "two decimal points"),
    errors.UnknownName("province", "Bac Gang", ["Bắc Giang", "Huế"], "it was merged"),
    errors.DataError([FAULT, FAULT]),
    errors.ParameterError([FAULT]),
    errors.NotComparable("other schemes", ["S001", "S002"], ["scheme"]),
    errors.OutputError("can't write to /"),
    errors.MissingExtra("duckdb", "records"),
    errors.ReportError("04_province_profile", "division by zero", cell=3),
]


def test_every_public_error_is_here() -> None:
    """An error class that is added must be among those tried."""
    defined = {
        one
        for name, one in vars(errors).items()
        if isinstance(one, type) and one.__module__ == errors.__name__ and not name.startswith("_")
    }
    assert {type(one) for one in ALL} == {one for one in defined if issubclass(one, Exception)}


@pytest.mark.parametrize("error", ALL, ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_when_it_comes_out_of_a_pickle(error: CbanalysisError) -> None:
    """Class, text, fields and notes survive a way between processes, and a copy."""
    error.add_note("in the third year")
    for made in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 -- our own, a moment ago
        assert type(made) is type(error)
        assert str(made) == str(error)
        assert vars(made) == vars(error)


def test_an_error_of_a_worker_process_reaches_its_owner() -> None:
    """A name that a worker doesn't know doesn't break the pool."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for _ in range(2):
            with pytest.raises(errors.UnknownName, match=r"'Bac Gang'.*did you mean") as found:
                pool.submit(unknown, "Bac Gang").result()
            assert found.value.name == "Bac Gang"


def unknown(name: str) -> None:
    """Ask for a province in a worker process."""
    Gazetteer.read().find(name, "2012")


def test_no_message_moves_the_cursor_of_a_terminal():
    """Escape sequences and returns in a file's name are written out, in a fault and in the whole message."""
    fault = Fault("no number", file="a\x1b[2J\r.csv", row=2)
    assert str(fault) == "a\\x1b[2J\\r.csv, row 2: no number"
    assert str(DataError([fault])) == f"1 fault in the data:\n  {fault}"
    assert str(OutputError("x\x07y")) == "x\\x07y"
