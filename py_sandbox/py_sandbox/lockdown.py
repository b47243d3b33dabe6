"""What a process of the sandbox gives up, before it sees anything hostile. Fails closed: an error here ends the process."""

import ctypes
import os
import resource
import signal

from . import landlock, seccomp

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38

#: Layers that a worker may be started without, one at a time, so that a test sees what the others hold (bootstrap.py --without).
SWITCHES = ("seccomp", "landlock", "rlimits", "hide")
_switched_off = frozenset()

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def switch_off(layers):
    """Leave out some layers from now on, in this process and its children. Raises ValueError for one that has no switch."""
    global _switched_off
    unknown = sorted(set(layers) - set(SWITCHES))
    if unknown:
        raise ValueError(f"no such layer: {', '.join(unknown)}; expected some of {', '.join(SWITCHES)}")
    _switched_off = frozenset(layers)


def _prctl(option, value):
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"prctl({option}): {os.strerror(error)}")


def hide():
    """No other process of the same user may read this one's memory, descriptors or environment; nothing it starts gains rights."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    if "hide" not in _switched_off:
        _prctl(PR_SET_DUMPABLE, 0)
    # Whatever kills host or zygote ends what they started, also where no namespace ends with them.
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def drop_user(uid):
    """Become an ordinary user for good, where the container started us as root."""
    if os.getuid() == uid:
        return
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def lock_worker():
    """The limits that hold for every job; none of them can be undone."""
    hide()
    if "rlimits" in _switched_off:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
    # No process, no thread, of this user: the filter says so too.
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def limit_job(memory_bytes, cpu_seconds, file_bytes, descriptors):
    """The limits of one job: memory on top of what the interpreter has mapped already."""
    if "rlimits" in _switched_off:
        return
    resource.setrlimit(resource.RLIMIT_AS, (mapped_bytes() + memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))


def confine_files(readable, scratch):
    """Of all files, only those of the interpreter can be opened, to be read, and those of the scratch folder."""
    if "landlock" not in _switched_off:
        landlock.restrict(_libc, readable, scratch)


def build_filter():
    """Do ahead of a fork what every worker would have to do. Raises OSError on a machine that is not known."""
    seccomp.build()


def filter_system_calls():
    """The last step, since the steps before it need calls that it refuses."""
    if "seccomp" not in _switched_off:
        seccomp.install(_libc)


def mapped_bytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
