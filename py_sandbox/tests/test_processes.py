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


def test_a_process_that_sleeps_and_has_not_run_since_is_told_from_one_that_has():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read(1); print(1, flush=True); sys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 10
        while (before := processes.turns_of_sleeper(child.pid)) is None or processes.turns(child.pid) != before:
            assert time.monotonic() < deadline
        # It may have slept elsewhere on its way to the read; from there on nothing wakes it.
        time.sleep(0.5)
        before = processes.turns_of_sleeper(child.pid)
        assert before is not None and processes.turns(child.pid) == before
        os.kill(child.pid, signal.SIGSTOP)
        child.stdin.write(b"x")
        child.stdin.flush()
        time.sleep(0.1)
        assert processes.is_stopped(child.pid)
        os.kill(child.pid, signal.SIGCONT)
        assert child.stdout.readline() == b"1\n"
        assert processes.turns(child.pid) > before
    finally:
        child.kill()
        child.communicate()


def test_a_process_that_runs_is_no_sleeper_and_one_that_is_gone_has_no_turns():
    assert processes.turns_of_sleeper(os.getpid()) is None
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert processes.turns(child.pid) is None
    assert processes.turns_of_sleeper(child.pid) is None


def test_a_process_becomes_nice_and_one_that_is_nicer_stays_so():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    try:
        for asked, niceness in ((10, 10), (15, 15), (10, 15)):
            processes.be_nice(child.pid, asked)
            assert os.getpriority(os.PRIO_PROCESS, child.pid) == niceness
    finally:
        child.communicate()
    processes.be_nice(child.pid, 10)
