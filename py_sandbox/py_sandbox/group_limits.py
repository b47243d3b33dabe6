"""What the control group that the host lives in allows all its processes together, where it says so."""

#: Files under the group's folder, of version 2 and of version 1.
MEMORY = ("memory.max", "memory/memory.limit_in_bytes")
PROCESSES = ("pids.max", "pids/pids.max")
#: Version 1 writes the largest number there is for "no limit".
NO_LIMIT = 1 << 60


def group_limits(folder="/sys/fs/cgroup"):
    """{memory_bytes, pids}, each None where there is no limit, or none that can be seen."""
    return {"memory_bytes": _first(folder, MEMORY), "pids": _first(folder, PROCESSES)}


def _first(folder, names):
    for name in names:
        try:
            with open(f"{folder}/{name}", encoding="ascii") as file:
                value = file.read().strip()
        except OSError:
            continue
        if value.isdigit() and int(value) < NO_LIMIT:
            return int(value)
    return None
