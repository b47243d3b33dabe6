import resource
import signal
import subprocess
import sys

import pytest

from py_sandbox.prepared import BYTES_PER_PIXEL, BYTES_PER_WORKER, CPU_SECONDS, YOUNG_SECONDS, Prepared, limit_processor, next_image, suits


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def filled(workers, clock, **options):
    prepared = Prepared(workers, clock=clock, **options)
    for number in range(workers):
        assert prepared.make_room(100) == []
        prepared.put(number, f"worker {number}", 100)
    return prepared


def test_a_session_takes_its_own_worker_and_takes_it_once(clock):
    prepared = filled(2, clock)
    assert prepared.take(1) == "worker 1"
    assert prepared.take(1) is None
    assert len(prepared) == 1


def test_the_oldest_goes_where_there_is_no_room(clock):
    prepared = filled(2, clock)
    clock.now += YOUNG_SECONDS
    assert prepared.make_room(100) == ["worker 0"]


def test_the_young_stay_so_that_many_sessions_do_not_drop_each_others_workers(clock):
    prepared = filled(2, clock)
    clock.now += YOUNG_SECONDS / 2
    assert prepared.make_room(100) is None


def test_bytes_are_bounded_as_well_as_numbers(clock):
    one = BYTES_PER_WORKER + 100 * BYTES_PER_PIXEL
    prepared = filled(3, clock, max_bytes=3 * one)
    clock.now += YOUNG_SECONDS
    assert prepared.make_room(100 + 100) == ["worker 0", "worker 1"]
    assert prepared.make_room(10 * one) is None


def test_room_is_given_back_by_workers_that_were_taken_or_died(clock):
    prepared = filled(1, clock)
    prepared.forget(prepared.take(0))
    dead = object()
    prepared.put(1, dead, 100)
    prepared.forget(dead)
    assert prepared.make_room(100) == []
    assert len(prepared) == 0


def test_none_are_kept_where_none_are_wanted(clock):
    assert Prepared(0, clock=clock).make_room(1) is None


INPUT = {"index": 1, "file": "pixels-1", "mode": "RGB", "width": 4, "height": 3}
BODY = {"result": "pixels-9", "files": ["pixels-1"], "job": {"op": "execute", "index": 1, "images": [INPUT]}}


def test_the_next_call_is_expected_on_the_input_or_on_the_result_as_asked():
    assert next_image(BODY, None) == INPUT
    outcome = {"mode": "L", "width": 2, "height": 1}
    assert next_image(BODY, outcome) == {"file": "pixels-9", "mode": "L", "width": 2, "height": 1}
    assert next_image({**BODY, "job": {"op": "decode"}}, None) is None


@pytest.mark.parametrize(
    "change", [{"memory_bytes": 2}, {"file_bytes": 2}, {"profile": "release"}, {"cpu_seconds": 4000}], ids=lambda change: next(iter(change))
)
def test_a_worker_with_other_limits_than_the_call_is_not_for_it(change):
    limits = {"profile": "standard", "memory_bytes": 1, "file_bytes": 1, "cpu_seconds": CPU_SECONDS}
    prepared = {**limits, "descriptors": 2}
    assert suits(prepared, {"files": ["a"], "job": {**limits, "cpu_seconds": 3}})
    assert not suits(prepared, {"files": ["a"], "job": {**limits, **change}})
    assert not suits(prepared, {"files": ["a", "b"], "job": limits})


def test_a_worker_gets_the_processor_time_of_its_call_before_it_starts():
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        limit_processor(child.pid, 1)
        assert resource.prlimit(child.pid, resource.RLIMIT_CPU) == (1, 2)
        assert -child.wait(timeout=30) in (signal.SIGXCPU, signal.SIGKILL)
    finally:
        child.kill()
        child.wait()
