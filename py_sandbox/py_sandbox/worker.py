"""A single-use worker: locks itself down, waits, runs one job, answers, dies."""

import functools
import io
import os
import select
import socket
import sys
import traceback

from . import framing, lockdown, tools
from .jobs import analyze, decode, execute, prepare, size_rules, view
from .scratch import make_scratch

JOBS = {"execute": execute.run, "decode": decode.run, "view": view.run, "size_rules": size_rules.run, "analyze": analyze.run}
SPARE_DESCRIPTORS = 32
#: Libraries and fonts of the container.
SYSTEM_FILES = ("/usr/lib", "/usr/share/fonts", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")


def main(control, output):
    """Never returns. control: socket to the host; output: pipe that takes stdout and stderr."""
    try:
        sock = _settle(control, output)
        nonce, job, files = _receive(sock)
        if job["op"] == "prepare":
            prepare.reserve(job, files)
            _lock(sock, nonce, job)
            prepare.run(job, files, is_wanted=lambda: _has_message(sock))
            for descriptor in files:
                os.close(descriptor)
            nonce, job, files = _receive(sock)
        else:
            _lock(sock, nonce, {**job, "descriptors": len(files)})
        tools.connect(sock, nonce)
        answer = JOBS[job["op"]](job, files)
        _flush()
        framing.send(sock, nonce, answer)
        sock.recv(1)  # the host ends it; its own end would take the processor from who waits for the answer
        os._exit(0)
    except BaseException:
        traceback.print_exc()  # a fault of ours: told with what the code printed
    finally:
        os._exit(1)


def _receive(sock):
    message = framing.receive(sock, framing.MAX_JOB)
    if message is None:
        os._exit(0)
    return message


def _has_message(sock):
    return bool(select.select([sock], [], [], 0)[0])


def _lock(sock, nonce, job):
    try:
        lock(job)
    except Exception as error:
        # The machine's fault, not the code's. The host believes it only before it has heard that this worker is locked.
        framing.send(sock, nonce, {"status": "broken", "message": f"the worker could not lock itself down: {type(error).__name__}: {error}"})
        os._exit(70)
    framing.send(sock, nonce, {"status": "locked"})


def _settle(control, output):
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(control, 3)
    os.closerange(4, 65536)
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = output_stream()
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=3)


@functools.cache
def output_stream():
    """What code prints to: descriptor 1, which must be a pipe; written through, so that what was printed before a deadline is kept."""
    raw = open(1, "wb", buffering=0, closefd=False)
    return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True)


def lock(job):
    """Give up everything that the job does not need; nothing of it comes back. Raises OSError where a layer is missing.

    job: {memory_bytes, cpu_seconds, file_bytes, descriptors: files that come with it}
    """
    lockdown.lock_worker()
    lockdown.limit_job(job["memory_bytes"], job["cpu_seconds"], job["file_bytes"], 4 + job["descriptors"] + SPARE_DESCRIPTORS)
    scratch = make_scratch()
    os.chdir(scratch)
    lockdown.confine_files([*{sys.base_prefix, *sys.path}, *SYSTEM_FILES], scratch)
    lockdown.filter_system_calls()


def _flush():
    try:
        sys.stdout.flush()
    except Exception:
        pass  # the code may have closed or replaced it
