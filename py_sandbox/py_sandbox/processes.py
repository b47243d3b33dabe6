"""What the kernel says of a process of one thread."""

import os

PF_EXITING = 0x4
#: Places after the command, which is in brackets and may hold anything.
STATE, FLAGS = 0, 6


def is_stopped(pid):
    """Whether no instruction of it runs any more: it was stopped, is gone, or the kernel has begun to end it."""
    fields = _fields(pid)
    return fields is None or fields[STATE] in (b"T", b"Z", b"X") or int(fields[FLAGS]) & PF_EXITING != 0


def turns_of_sleeper(pid):
    """How often it has been given a processor, if it sleeps now and can be woken by a signal; else None."""
    count = turns(pid)
    fields = _fields(pid)
    return count if fields is not None and fields[STATE] == b"S" else None


def turns(pid):
    """How often it has been given a processor; None where the kernel does not count, or it is gone. While that stays the same, it has not run."""
    text = _read(pid, "schedstat")
    return None if text is None else int(text.split()[2])


def be_nice(pid, niceness):
    """Put a process behind others. One that is nicer already stays so, as when all of us is: an ordinary user may not take niceness back."""
    try:
        os.setpriority(os.PRIO_PROCESS, pid, max(niceness, os.getpriority(os.PRIO_PROCESS, pid)))
    except ProcessLookupError:
        pass


def _fields(pid):
    text = _read(pid, "stat")
    return None if text is None else text.rpartition(b")")[2].split()


def _read(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb", buffering=0) as file:
            return file.read(4096)
    except (FileNotFoundError, ProcessLookupError):
        return None
