"""``python -m cbanalysis.batch.kernels.ordinary -f FILE``: our kernel where it can't be forked."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # As in ipykernel's launcher: IPython adds the folder that the kernel starts in by itself, as "".
    if sys.path[0] == "" or Path(sys.path[0]) == Path.cwd():
        del sys.path[0]

    from cbanalysis.batch.kernels.application import IPKernelApp
    from cbanalysis.batch.kernels.confinement import CONFINED, confine

    if CONFINED in os.environ:
        confine(os.environ.pop(CONFINED))
    IPKernelApp.launch_instance()
