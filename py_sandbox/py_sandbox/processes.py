"""What the kernel says of a process."""

PF_EXITING = 0x4
#: Places after the command, which is in brackets and may hold anything.
STATE, FLAGS = 0, 6


def is_ending(pid):
    """Whether the kernel has begun to end a process of one thread: no instruction of it runs any more, though giving back its memory takes milliseconds."""
    try:
        with open(f"/proc/{pid}/stat", "rb", buffering=0) as stat:
            fields = stat.read(4096).rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return fields[STATE] in (b"Z", b"X") or int(fields[FLAGS]) & PF_EXITING != 0
