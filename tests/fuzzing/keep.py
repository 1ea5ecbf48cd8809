"""Keep what a run reached in tests/fuzzing/corpus: ``keep.py FOLDER``, the folder of `fuzz.py --corpus`.

The smallest inputs stay, up to 40 of a reader: few enough to be read in each run of the tests.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
_MOST, _LARGEST = 40, 8_000


def main() -> None:
    """Write one archive a reader, the same bytes for the same inputs."""
    for folder in sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir()):
        files = sorted((path for path in folder.iterdir() if path.is_file()), key=lambda path: path.name)
        small = [
            path for path in files if path.stat().st_size <= _LARGEST and not path.name.startswith("seed-")
        ]
        # spread over all sizes: the smallest alone reach little
        small.sort(key=lambda path: (path.stat().st_size, path.name))
        chosen = small[:: max(1, len(small) // _MOST)][:_MOST]
        (HERE / "corpus").mkdir(exist_ok=True)
        with zipfile.ZipFile(HERE / "corpus" / f"{folder.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(chosen):
                archive.writestr(zipfile.ZipInfo(path.name[:40]), path.read_bytes())


if __name__ == "__main__":
    main()
