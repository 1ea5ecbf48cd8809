"""The warm process: ``python -m cbanalysis.batch.kernels ORDER``, as a ``WarmProcess`` starts it."""

from __future__ import annotations

import json
import os
import socket
import sys
from importlib import import_module
from pathlib import Path

from cbanalysis.batch.kernels.fork_server import Server
from cbanalysis.batch.kernels.socket_messages import Recipe
from cbanalysis.batch.kernels.warm_up_before_forks import warm_up


def main(order: str) -> None:
    """Import, then fork kernels until the owner is gone; in a fork, be the kernel.

    Parameters
    ----------
    order : str
        JSON with ``owner``, ``listener``, ``lock``, ``place``, ``modules`` and ``at_once``.
    """
    asked = json.loads(order)
    # As ipykernel's launcher does: modules must not come from the folder that the owner happens to be in.
    if sys.path[0] == "" or Path(sys.path[0]) == Path.cwd():
        del sys.path[0]
    os.chdir("/")
    recipe = Recipe.of(sys.executable, asked["options"], os.environ)
    before = dict(os.environ)
    server = Server(
        listener=socket.socket(fileno=asked["listener"]),
        owner=asked["owner"],
        place=Path(asked["place"]),
        lock=asked["lock"],
        recipe=recipe,
        steps=warm_up(asked["modules"]),
        at_once=asked["at_once"],
    )
    forked = server.serve()
    if forked is not None:
        del server
        # What libraries set for themselves when they are imported; a kernel that imports them has it too.
        set_by_modules = {name: value for name, value in os.environ.items() if before.get(name) != value}
        child = import_module("cbanalysis.batch.kernels.fork_into_kernel")
        child.detach(forked.parent, forked.streams)
        child.run(forked.launch, forked.connection, set_by_modules)


if __name__ == "__main__":
    main(sys.argv[1])
