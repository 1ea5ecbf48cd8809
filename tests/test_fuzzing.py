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
@pytest.mark.parametrize("corpus", CORPORA, ids=lambda path: path.stem)
def test_what_the_fuzzers_kept_is_read_or_refused(corpus: Path) -> None:
    """Each input ends in a value or in an error of ours; `make fuzz` goes on from them."""
    from readers import READERS, read_or_refuse

    reader = READERS[corpus.stem]
    with zipfile.ZipFile(corpus) as kept:
        inputs = {name: kept.read(name) for name in kept.namelist()}
    assert inputs
    for content in [*reader.seeds, *inputs.values()]:
        read_or_refuse(reader, content)


def test_there_is_a_corpus_for_each_reader() -> None:
    """No reader is left out of `make fuzz`."""
    from readers import READERS

    assert [path.stem for path in CORPORA] == sorted(READERS)
