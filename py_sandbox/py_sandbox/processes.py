"""What the kernel says of a process."""

PF_EXITING = 0x4
#: Places after the command, which is in brackets and may hold anything.
STATE, FLAGS = 0, 6


def is_stopped(pid):
    """Whether no instruction of a process of one thread runs any more: it was stopped, is gone, or the kernel has begun to end it."""
    try:
        with open(f"/proc/{pid}/stat", "rb", buffering=0) as stat:
            fields = stat.read(4096).rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return fields[STATE] in (b"T", b"Z", b"X") or int(fields[FLAGS]) & PF_EXITING != 0
