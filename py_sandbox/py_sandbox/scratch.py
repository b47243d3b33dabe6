"""The folder in which one worker may write: made by the worker, removed by the zygote that reaps it, watched by the host."""

import os
import stat


def scratch_of(pid):
    return f"/tmp/worker-{pid}"


def make_scratch():
    """The folder of this process. Where /tmp outlives its processes (a host outside of any container, killed in the middle of a call), a dead worker of the same number may have left one."""
    scratch = scratch_of(os.getpid())
    try:
        os.mkdir(scratch, 0o700)
    except FileExistsError:
        left = os.lstat(scratch)
        if not stat.S_ISDIR(left.st_mode) or left.st_uid != os.geteuid():
            raise
        remove_scratch(os.getpid())
        os.mkdir(scratch, 0o700)
    return scratch


def remove_scratch(pid):
    """A worker can make plain files only, in one folder."""
    try:
        with os.scandir(scratch_of(pid)) as entries:
            for entry in entries:
                os.unlink(entry.path)
        os.rmdir(scratch_of(pid))
    except FileNotFoundError:
        pass
