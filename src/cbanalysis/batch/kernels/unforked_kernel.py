"""``python -m cbanalysis.batch.kernels.unforked_kernel -f FILE``: our kernel where it can't be forked."""

import os
import sys
import threading
import time
from pathlib import Path

_LOOK = 1.0  # seconds


def _end_with(starter: int) -> None:
    """End this process when the one that started it has ended, whoever has taken it over since."""
    while os.getppid() == starter:
        time.sleep(_LOOK)
    os._exit(1)


if __name__ == "__main__":
    # As in ipykernel's launcher: IPython adds the folder that the kernel starts in by itself, as "".
    if sys.path[0] == "" or Path(sys.path[0]) == Path.cwd():
        del sys.path[0]

    from cbanalysis.batch.kernels.landlock_and_seccomp import CONFINED, confine

    if CONFINED in os.environ:
        confine(os.environ.pop(CONFINED))

    # ipykernel looks only when it has started, which may never be, and not if the starter is gone by then.
    if sys.platform != "win32" and os.environ.get("JPY_PARENT_PID"):
        threading.Thread(target=_end_with, args=(int(os.environ["JPY_PARENT_PID"]),), daemon=True).start()

    from cbanalysis.batch.kernels.kernel_application import IPKernelApp

    IPKernelApp.launch_instance()
