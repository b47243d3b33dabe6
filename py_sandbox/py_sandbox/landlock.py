"""Which files a worker may open: the interpreter's, read-only, and its own scratch folder. All else is denied, the exchange directory included.

Linux 5.13 or later; see landlock(7). Files that are open already stay usable.
"""

import ctypes
import os

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH = 1
VERSION_FLAG = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (1 << bit for bit in range(6, 13))
REFER, TRUNCATE, IOCTL_DEV = (1 << bit for bit in range(13, 16))
#: Rights that each version of the interface knows; all known ones are denied where no rule grants them.
KNOWN_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
LATEST_RIGHTS = (1 << 16) - 1
#: Version 4 denies binding and connecting TCP; version 6 abstract sockets and signals to outside.
DENIED_NETWORK = 0b11
DENIED_SCOPES = 0b11

READ = READ_FILE | READ_DIR | EXECUTE
#: Plain files only: what a call leaves is then one flat folder that is removed in no time.
SCRATCH = READ_FILE | READ_DIR | WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE


class RulesetAttributes(ctypes.Structure):
    _fields_ = [("handled_access_fs", ctypes.c_uint64), ("handled_access_net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def restrict(libc, readable, scratch):
    """Deny this process every path but those beneath `readable` (to read) and `scratch`. Needs no_new_privs. Raises OSError."""
    version = _call(libc, CREATE_RULESET, None, 0, VERSION_FLAG)
    rights = KNOWN_RIGHTS.get(version, LATEST_RIGHTS)
    attributes = RulesetAttributes(rights, DENIED_NETWORK if version >= 4 else 0, DENIED_SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _call(libc, CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        for path in readable:
            _allow(libc, ruleset, path, READ & rights)
        _allow(libc, ruleset, scratch, SCRATCH & rights)
        _call(libc, RESTRICT_SELF, ruleset, 0, 0)
    finally:
        os.close(ruleset)


def _allow(libc, ruleset, path, access):
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):
            access &= READ_FILE | WRITE_FILE | EXECUTE | TRUNCATE
        rule = PathBeneath(access, descriptor)
        _call(libc, ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)


def _call(libc, number, *arguments):
    result = libc.syscall(number, *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"landlock (Linux 5.13 or later): {os.strerror(error)}")
    return result
