"""Waits on a unix socket and starts one host for each connection.

The first line of a connection names a folder that the controller has made inside the exchange directory, so that several controllers can use one
sandbox, and a host that comes after another finds its images: {"exchange": NAME, "spare": WORKERS}. Controllers and hosts may be different users
of one group: what either makes in such a folder, the other may read.
"""

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

NAME = re.compile(r"[A-Za-z0-9-]{1,80}")
MAX_GREETING = 1_000
MAX_SPARE = 256
GREETING_SECONDS = 10
#: A controller touches its folder every minute; one that has not for so long is gone, unless a host of its still runs.
STALE_SECONDS = 600
SWEEP_SECONDS = 60


def listen(path, root, command):
    """Never returns. command: starts a host that reads the greeting from its stdin."""
    os.umask(0o007)
    os.makedirs(root, exist_ok=True)
    try:
        # Folders inside belong to the group of this one.
        os.chmod(root, 0o2770)
    except PermissionError:
        pass  # somebody else's folder, as he wants it
    listener = _bind(path)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    listener.settimeout(SWEEP_SECONDS)
    children = []
    swept = time.monotonic()
    try:
        while True:
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                pass
            else:
                with connection:
                    children.append(subprocess.Popen(command, stdin=connection, stderr=connection, stdout=subprocess.DEVNULL))
            children = [child for child in children if child.poll() is None]
            if time.monotonic() - swept >= SWEEP_SECONDS:
                swept = time.monotonic()
                sweep(root)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _bind(path):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if os.path.exists(path):
        os.unlink(path)
    listener.bind(path)
    os.chmod(path, 0o660)
    listener.listen(64)
    return listener


def greet(descriptor, root):
    """Read the greeting of a connection. Returns (folder, spare, lock); the lock is a descriptor that tells the sweep that the folder is in use."""
    signal.alarm(GREETING_SECONDS)
    line = b""
    try:
        while not line.endswith(b"\n"):
            # Byte by byte: what comes after the line is the bridge's.
            byte = os.read(descriptor, 1)
            if not byte or len(line) > MAX_GREETING:
                raise SystemExit("expected a line that names the exchange folder")
            line += byte
    finally:
        signal.alarm(0)
    greeting = json.loads(line)
    name, spare = greeting["exchange"], greeting["spare"]
    if type(name) is not str or not NAME.fullmatch(name) or type(spare) is not int or not 0 <= spare <= MAX_SPARE:
        raise SystemExit("expected the name of an exchange folder and a number of workers")
    folder = os.path.join(root, name)
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return folder, spare, lock


def sweep(root, stale_seconds=STALE_SECONDS):
    """Remove the folders of controllers that were killed."""
    for name in os.listdir(root):
        folder = os.path.join(root, name)
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            if time.time() - os.fstat(descriptor).st_mtime < stale_seconds:
                continue
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass  # a host works there
        finally:
            os.close(descriptor)
