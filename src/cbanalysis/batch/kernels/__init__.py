"""Start notebook kernels fast: each is a fork of one warm process that has imported what notebooks need.

A kernel is as fresh and as isolated as any other, and papermill, nbclient, nbval and JupyterLab treat it as
any other: only its start is shorter. Runners open :func:`warm_kernels` around their work; JupyterLab, nbval
use the kernel specification ``cbanalysis-warm``. Forking needs Linux; elsewhere kernels are ordinary ones.
"""

from cbanalysis.batch.kernels.confinement import CONFINED, Confinement, offered
from cbanalysis.batch.kernels.guard import WRITES
from cbanalysis.batch.kernels.manager import QuickKernelClient, QuickKernelManager
from cbanalysis.batch.kernels.places import make_place, sweep
from cbanalysis.batch.kernels.process import ADDRESS, MODULES, Status, unsupported
from cbanalysis.batch.kernels.provisioner import APPLICATION, WarmProvisioner
from cbanalysis.batch.kernels.sharing import PROVISIONER_NAME, WarmKernels, warm_kernels
from cbanalysis.batch.kernels.specification import KERNEL_NAME, install_kernelspec

__all__ = [
    "ADDRESS",
    "APPLICATION",
    "CONFINED",
    "KERNEL_NAME",
    "MODULES",
    "PROVISIONER_NAME",
    "WRITES",
    "Confinement",
    "QuickKernelClient",
    "QuickKernelManager",
    "Status",
    "WarmKernels",
    "WarmProvisioner",
    "install_kernelspec",
    "make_place",
    "offered",
    "sweep",
    "unsupported",
    "warm_kernels",
]
