"""The folder in which one worker may write: made by the worker, removed by the zygote that reaps it, watched by the host."""

import os


def scratch_of(pid):
    return f"/tmp/worker-{pid}"


def remove_scratch(pid):
    """A worker can make plain files only, in one folder."""
    try:
        with os.scandir(scratch_of(pid)) as entries:
            for entry in entries:
                os.unlink(entry.path)
        os.rmdir(scratch_of(pid))
    except FileNotFoundError:
        pass
