"""A seccomp filter as an allow-list: all other system calls fail with EPERM, those of another architecture end the process."""

import ctypes
import functools
import os
import platform
import struct

from .syscalls import ALLOWED, AUDIT_ARCH, FCNTL_COMMANDS

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
RET_ALLOW = 0x7FFF0000
RET_ERRNO_EPERM = 0x00050001
RET_KILL_PROCESS = 0x80000000
LOAD_WORD = 0x20
JUMP_EQUAL = 0x15
RETURN = 0x06
OFFSET_NUMBER = 0
OFFSET_ARCH = 4
#: Low word of the second argument; both architectures are little-endian.
OFFSET_SECOND_ARGUMENT = 24


def program(machine):
    """The filter as struct sock_filter[]: load the number, compare it with each allowed one, else EPERM."""
    instructions = [
        (LOAD_WORD, 0, 0, OFFSET_ARCH),
        (JUMP_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (RETURN, 0, 0, RET_KILL_PROCESS),
        (LOAD_WORD, 0, 0, OFFSET_NUMBER),
    ]
    instructions += _only_commands(ALLOWED[machine]["fcntl"], FCNTL_COMMANDS)
    for number in sorted(ALLOWED[machine].values()):
        instructions += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, RET_ALLOW)]
    instructions.append((RETURN, 0, 0, RET_ERRNO_EPERM))
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in instructions)


def _only_commands(number, commands):
    """Of one system call, only some values of its second argument."""
    block = [(LOAD_WORD, 0, 0, OFFSET_SECOND_ARGUMENT)]
    for command in commands:
        block += [(JUMP_EQUAL, 0, 1, command), (RETURN, 0, 0, RET_ALLOW)]
    block.append((RETURN, 0, 0, RET_ERRNO_EPERM))
    return [(JUMP_EQUAL, 0, len(block), number), *block]


class SockFprog(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


@functools.cache
def build():
    """The filter of this machine as the kernel takes it; made once, before workers are forked. Raises OSError on a machine that is not known."""
    machine = platform.machine()
    if machine not in ALLOWED:
        raise OSError(f"no system call table for {machine}; known: {', '.join(ALLOWED)}")
    code = program(machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    # The buffer comes along, since the address must stay good.
    return SockFprog(len(code) // 8, ctypes.addressof(buffer)), buffer


def install(libc):
    """Install the filter in this process; needs no_new_privs. Raises OSError where the kernel refuses."""
    filter_program, _buffer = build()
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_program), 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp filter: {os.strerror(error)}")
