"""The kernel specification that shows warm kernels in JupyterLab."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

KERNEL_NAME = "cbanalysis-warm"


def install_kernelspec(prefix: Path | None = None) -> Path:
    """Put the kernel specification where Jupyter finds it; the wheel brings it along already.

    Parameters
    ----------
    prefix : Path, optional
        The environment; this Python's own if not given.

    Returns
    -------
    Path
        The folder that now holds ``kernel.json``.

    Raises
    ------
    OSError
        If the folder can't be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sorted(path.name for path in install_kernelspec(Path(folder)).iterdir())
    ['kernel.json']
    """
    folder = (prefix or Path(sys.prefix)) / "share" / "jupyter" / "kernels" / KERNEL_NAME
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("kernelspec") / "kernel.json", folder / "kernel.json")
    return folder
