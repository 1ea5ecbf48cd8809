"""What the system itself keeps from a report's kernel and all that it starts: Landlock and seccomp, on Linux.

The guard sees only what Python's own functions do. Landlock decides about files for every program, however it
asks; a seccomp filter leaves only sockets of the file system. Both hold for good, also for what the kernel
starts, and neither needs privileges. Other systems have neither.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import stat
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

CONFINED = "CBANALYSIS_CONFINED"
"""Environment variable: the :class:`Confinement` of a kernel, which it enters before anything else."""

# Landlock's system calls have the same numbers everywhere.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_PATH_BENEATH = 1
_EXECUTE, _WRITE, _READ, _LIST = 1, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
_LOOK = _EXECUTE | _READ | _LIST
# What each version can decide about: files, TCP, signals and abstract sockets.
_FILES = {1: (1 << 13) - 1, 2: 1 << 13, 3: _TRUNCATE, 5: _IOCTL}
_NETWORK_SINCE, _SCOPE_SINCE = 4, 6
_BIND_AND_CONNECT = _SIGNALS_AND_ABSTRACT = 3

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_CAPABILITIES = 0x20080522  # the version of their layout
# Of each architecture: its name in audits, and the numbers of socket() and io_uring_setup().
_CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
_UNIX_SOCKETS = 1
_EPERM, _EACCES = 1, 13

_SYSTEM = ("/bin", "/etc", "/gnu", "/lib", "/lib32", "/lib64", "/libx32", "/nix", "/opt", "/proc", "/sbin")
_DEVICES = ("/dev/full", "/dev/null", "/dev/ptmx", "/dev/random", "/dev/tty", "/dev/urandom", "/dev/zero")
_FONTS = ("~/.fonts", "~/.local/share/fonts", "/run/systemd/resolve", "/sys", "/usr", "/var/cache/fontconfig")
_MATPLOTLIB = (("XDG_CACHE_HOME", "~/.cache"), ("XDG_CONFIG_HOME", "~/.config"))

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Offer:
    """What this system can do.

    Attributes
    ----------
    files : int
        The version of Landlock, 0 without.
    sockets : bool
        Whether a filter can leave only sockets of the file system.
    """

    files: int
    sockets: bool


@dataclass(frozen=True)
class Confinement:
    """What a kernel may do.

    Attributes
    ----------
    reads : tuple of str
        Files and folders that it may read besides Python, its packages and the system's programs.
    writes : tuple of str
        Folders that it may change; Matplotlib's caches besides.
    network : bool
        Whether it may use the network.
    by : Offer
        What confines it; nothing must run where that turns out to be missing.
    """

    reads: tuple[str, ...]
    writes: tuple[str, ...]
    network: bool
    by: Offer

    def text(self) -> str:
        """Return it as the value of `CONFINED`."""
        return json.dumps(asdict(self))

    def guards(self) -> dict[str, str]:
        """Return what guards ``files`` and ``network``, in a word or two."""
        files = f"landlock {self.by.files}" if self.by.files else "python"
        if self.network:
            return {"files": files, "network": "allowed"}
        landlock = "landlock, TCP only" if self.by.files >= _NETWORK_SINCE else "none"
        return {"files": files, "network": "seccomp" if self.by.sockets else landlock}


@cache
def offered() -> Offer:
    """Return what this system can do."""
    if _libc is None:
        return Offer(0, sockets=False)
    version = _libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    # The mode that a process is in can be asked only where there are filters.
    filters = platform.machine() in _CALLS and _libc.prctl(_SECCOMP - 1, 0, 0, 0, 0) >= 0
    return Offer(max(version, 0), sockets=filters and sys.maxsize > 1 << 32)


def confine(text: str) -> None:
    """Enter a confinement for good; it holds for this thread and whatever it starts from now on.

    Nothing is left to privileges: a kernel of root's may do what root may without them.

    Parameters
    ----------
    text : str
        As :meth:`Confinement.text` returned it.

    Raises
    ------
    OSError
        If the system, which offers it, refuses; nothing must run then.
    """
    asked = json.loads(text)
    by = Offer(**asked["by"])
    if _libc is None or not (by.files or by.sockets):
        return
    _checked(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(_libc.capset(struct.pack("=II", _CAPABILITIES, 0), bytes(24)))
    if by.files:
        _limit_files(by.files, asked["reads"], asked["writes"], network=asked["network"])
    if by.sockets and not asked["network"]:
        _limit_sockets()


def more_confined(process: int) -> bool:
    """Return whether a process is confined more than this one, as a confined kernel and its children are."""
    return any(there > here for there, here in zip(_filters(process), _filters(os.getpid()), strict=True))


def _filters(process: int | str) -> tuple[int, ...]:
    """Return whether a process can get no new privileges, and how many filters it has."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
        values = dict(line.split(":", 1) for line in lines if ":" in line)
        return int(values.get("NoNewPrivs", 0)), int(values.get("Seccomp_filters", 0))
    return 1, 1 << 16


def _limit_files(version: int, reads: Iterable[str], writes: Iterable[str], *, network: bool) -> None:
    handled = sum(rights for since, rights in _FILES.items() if since <= version)
    tcp = _BIND_AND_CONNECT if version >= _NETWORK_SINCE and not network else 0
    scope = _SIGNALS_AND_ABSTRACT if version >= _SCOPE_SINCE else 0
    size = 8 * (1 + (version >= _NETWORK_SINCE) + (version >= _SCOPE_SINCE))
    ruleset = _checked(_call(_CREATE, struct.pack("=QQQ", handled, tcp, scope), ctypes.c_size_t(size), 0))
    try:
        home = [os.environ.get(name) or os.path.expanduser(usual) for name, usual in _MATPLOTLIB]  # noqa: PTH111
        caches = [f"{folder}/matplotlib" for folder in home]
        for folder in caches:
            with suppress(OSError):
                Path(folder).mkdir(parents=True, exist_ok=True)
        changed = [*writes, "/dev/shm", *caches, os.environ.get("MPLCONFIGDIR", "")]  # noqa: S108 -- semaphores
        for paths, rights in (
            ([*_SYSTEM, *_FONTS, *_python(), *reads], _LOOK),
            ([*_DEVICES, "/dev/pts", f"/proc/{os.getpid()}"], _READ | _LIST | _WRITE | _TRUNCATE | _IOCTL),
            (changed, handled),
        ):
            for path in dict.fromkeys(filter(None, paths)):
                _allow(ruleset, path, rights & handled)
        _checked(_call(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)


def _python() -> list[str]:
    """Return the folders that hold Python, what it imports, and the programs it finds by name."""
    listed = os.pathsep.join(os.environ.get(name, "") for name in ("PATH", "LD_LIBRARY_PATH")).split(
        os.pathsep
    )
    return [sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path, *listed]


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Allow something beneath a folder, or with a file; what isn't there needs no rule."""
    try:
        place = os.open(os.path.expanduser(path), os.O_PATH | os.O_CLOEXEC)  # noqa: PTH111 -- as text
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        _checked(_call(_ADD, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0))
    finally:
        os.close(place)


def _limit_sockets() -> None:
    """Leave only sockets of the file system; io_uring, which could open others unseen, is refused."""
    audit, socket, uring = _CALLS[platform.machine()]
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, refuse, deny = 0x7FFF0000, 0x00050000 | _EPERM, 0x00050000 | _EACCES
    # Instruction, steps to jump if true and if not, value. The call's data: number, architecture, arguments.
    program = (
        (load, 0, 0, 4),
        (equal, 0, 7, audit),
        (load, 0, 0, 0),
        (at_least, 5, 0, 0x40000000),  # another set of numbers for the same calls
        (equal, 4, 0, uring),
        (equal, 0, 4, socket),
        (load, 0, 0, 16),
        (equal, 2, 0, _UNIX_SOCKETS),
        (answer, 0, 0, deny),
        (answer, 0, 0, refuse),
        (answer, 0, 0, allow),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
    whole = struct.pack("@HP", len(program), ctypes.addressof(code))
    if _libc is not None:
        _checked(_libc.prctl(_SECCOMP, _FILTER, whole, 0, 0))


def _call(*given: int | bytes | ctypes.c_size_t) -> int:
    return int(_libc.syscall(*given)) if _libc is not None else -1


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"the system refuses to confine the kernel: {os.strerror(number)}")
    return answer
