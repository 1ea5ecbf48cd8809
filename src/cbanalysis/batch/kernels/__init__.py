"""Start notebook kernels fast: each is a fork of one warm process that has imported what notebooks need.

A kernel is as fresh and as isolated as any other, and papermill, nbclient, nbval and JupyterLab treat it as
any other: only its start is shorter. Runners open :func:`warm_kernels` around their work; JupyterLab, nbval
use the kernel specification ``cbanalysis-warm``. Forking needs Linux; elsewhere kernels are ordinary ones.
"""

from cbanalysis.batch.kernels.kernel_manager import QuickKernelManager
from cbanalysis.batch.kernels.provisioner import WarmProvisioner
from cbanalysis.batch.kernels.warm_process_owner import (
    KERNEL_NAME,
    WarmKernels,
    install_kernelspec,
    warm_kernels,
)

__all__ = [
    "KERNEL_NAME", "QuickKernelManager", "WarmKernels", "WarmProvisioner", "install_kernelspec",
    "warm_kernels",
]  # fmt: skip
