import os
import signal
import subprocess
import sys
import time

from py_sandbox import processes


def test_a_process_that_runs_is_not_ending():
    assert not processes.is_ending(os.getpid())


def test_a_killed_process_is_seen_to_end_before_it_is_reaped():
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        os.kill(child.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while not processes.is_ending(child.pid):
            assert time.monotonic() < deadline
    finally:
        child.wait()


def test_a_process_that_is_gone_has_ended():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert processes.is_ending(child.pid)
