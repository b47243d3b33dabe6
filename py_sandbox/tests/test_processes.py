import os
import signal
import subprocess
import sys
import time

from py_sandbox import processes


def test_a_process_that_runs_has_not_stopped():
    assert not processes.is_stopped(os.getpid())


def test_a_stopped_process_is_seen_to_have_stopped_while_it_is_still_there():
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        os.kill(child.pid, signal.SIGSTOP)
        deadline = time.monotonic() + 10
        while not processes.is_stopped(child.pid):
            assert time.monotonic() < deadline
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()


def test_a_killed_process_is_seen_to_end_before_it_is_reaped():
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        os.kill(child.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while not processes.is_stopped(child.pid):
            assert time.monotonic() < deadline
    finally:
        child.wait()


def test_a_process_that_is_gone_has_stopped():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert processes.is_stopped(child.pid)
