"""What the fuzzers kept: inputs that reached new code of what reads bytes from outside."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

FUZZING = Path(__file__).parent / "fuzzing"
sys.path.insert(0, str(FUZZING))

CORPORA = sorted((FUZZING / "corpus").glob("*.zip"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:File contains an invalid specification:UserWarning")  # broken on purpose
@pytest.mark.parametrize("corpus", CORPORA, ids=lambda path: path.stem)
def test_what_the_fuzzers_kept_is_read_or_refused(corpus: Path) -> None:
    """Each input ends in a value or in an error of ours; `make fuzz` goes on from them."""
    from readers import READERS, read_or_refuse

    reader = READERS[corpus.stem]
    with zipfile.ZipFile(corpus) as kept:
        inputs = {name: kept.read(name) for name in kept.namelist()}
    assert inputs
    for content in inputs.values():
        read_or_refuse(reader, content)


@pytest.mark.slow
def test_what_the_fuzzers_begin_with_is_read_or_refused() -> None:
    """The first inputs of every reader, each of a kind that it reads."""
    from readers import READERS, read_or_refuse

    assert {path.stem for path in CORPORA} <= set(READERS)
    for reader in READERS.values():
        for seed in reader.seeds:
            read_or_refuse(reader, seed)
