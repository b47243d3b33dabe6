import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from py_sandbox import framing, verdict
from py_sandbox.exchange import Exchange
from py_sandbox.host import AFTERWARDS_SECONDS, Host

ANSWER = {"status": "error", "kind": "runtime", "type": "ValueError", "message": "no", "traceback": "", "line": 1, "operations": None}


class Channel:
    def __init__(self):
        self.events = []

    def emit(self, event):
        self.events.append(event)


@pytest.fixture
def sleeper():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    # However busy the machine is, the host finds at its first look that it has stopped.
    os.kill(child.pid, signal.SIGSTOP)
    os.waitpid(child.pid, os.WUNTRACED)
    yield child
    child.kill()
    child.wait()


def hear_workers(host):
    """What the workers have sent by now."""
    while events := host._selector.select(0):
        for key, _ in events:
            key.data()


def test_a_worker_that_answers_before_the_zygote_has_named_it_is_judged_as_soon_as_it_is_named(sleeper):
    channel = Channel()
    ours, zygote = socket.socketpair()
    host = Host(channel=channel, exchange=None, zygote=ours, spare=0)
    host.submit({"id": 7, "timeoutMs": 60_000, "job": {"op": "execute", "cpu_seconds": 1}})
    _nonce, order, (control, output) = framing.receive(zygote, framing.MAX_ANSWER)
    with socket.socket(fileno=control) as worker:
        nonce, _job, _files = framing.receive(worker, framing.MAX_JOB)
        framing.send(worker, nonce, {"status": "locked"})
        framing.send(worker, nonce, ANSWER)
        hear_workers(host)
        assert channel.events == []

        host._forked({"forked": order["fork"], "pid": sleeper.pid}, [os.pidfd_open(sleeper.pid)])
        assert [(event["event"], event["id"], event["message"]) for event in channel.events] == [("finished", 7, "no")]
    os.close(output)
    ours.close()
    zygote.close()


TOOL = {"name": "read", "max_calls": 1_000, "max_bytes": 100}
ASKED = {"tool": "read", "request": 1, "arguments": {}, "images": []}


@pytest.fixture
def asking(sleeper, tmp_path):
    """A host with one job whose code may ask a tool, and the worker's end of its socket."""
    channel = Channel()
    ours, zygote = socket.socketpair()
    host = Host(channel=channel, exchange=Exchange(tmp_path), zygote=ours, spare=0)
    (tmp_path / "answer").write_bytes(b"content")
    host.submit({"id": 7, "timeoutMs": 60_000, "result": "pixels", "job": {"op": "execute", "cpu_seconds": 1, "tools": [TOOL]}})
    _nonce, order, (control, output) = framing.receive(zygote, framing.MAX_ANSWER)
    host._forked({"forked": order["fork"], "pid": sleeper.pid}, [os.pidfd_open(sleeper.pid)])
    with socket.socket(fileno=control) as worker:
        nonce, _job, (pixels,) = framing.receive(worker, framing.MAX_JOB)
        framing.send(worker, nonce, {"status": "locked"})

        def say(body):
            framing.send(worker, nonce, body)
            hear_workers(host)
            return channel.events[-1] if channel.events else None

        yield host, channel, worker, pixels, say
    os.close(output)
    os.close(pixels)
    ours.close()
    zygote.close()


def test_a_tool_is_asked_and_its_answer_handed_to_the_worker(asking):
    host, channel, worker, _pixels, say = asking
    assert say(ASKED) == {"event": "tool", "id": 7, **ASKED}
    host.answer(7, 1, "answer")
    _nonce, body, (file,) = framing.receive(worker, 4096)
    assert body == {"answer": 1} and os.pread(file, 100, 0) == b"content"
    os.close(file)
    assert say({**ASKED, "request": 2})["request"] == 2
    assert [event["event"] for event in channel.events] == ["tool", "tool"]


def test_pixels_of_arguments_are_found_under_the_name_of_the_result_and_go_with_a_call_that_fails(asking, tmp_path):
    host, _channel, _worker, pixels, say = asking
    os.write(pixels, bytes(12))
    assert say({**ASKED, "images": [{"mode": "RGB", "width": 2, "height": 2}]})["event"] == "tool"
    assert (tmp_path / "pixels").read_bytes() == bytes(12)
    host.answer(7, 1, "answer")
    assert say(ANSWER)["message"] == "no"
    assert not (tmp_path / "pixels").exists()


@pytest.mark.parametrize(
    "bodies",
    [
        [{**ASKED, "tool": "write"}],
        [ASKED, {**ASKED, "request": 2}],
        [ASKED, ANSWER],
        [{"answer": 1}],
        [{**ASKED, "arguments": "x"}],
    ],
)
def test_a_worker_that_asks_against_the_rules_is_judged_at_once(asking, bodies):
    *_, say = asking
    event = [say(body) for body in bodies][-1]
    assert (event["event"], event["kind"]) == ("finished", "output") and "malformed" in event["message"]


def test_an_answer_that_nobody_waits_for_is_left_alone(asking):
    host, channel, worker, _pixels, say = asking
    say(ASKED)
    host.answer(7, 2, "answer")
    host.answer(8, 1, "answer")
    worker.setblocking(False)
    with pytest.raises(BlockingIOError):
        worker.recv(1)
    say({**ANSWER, "tool": 5})
    host.answer(7, 1, "answer")
    assert channel.events[-1]["kind"] == "output"


def test_a_worker_that_never_reads_its_answers_holds_up_nobody(asking):
    host, channel, _worker, _pixels, say = asking
    for number in range(1, 1_000):
        if say({**ASKED, "request": number})["event"] != "tool":
            break
        host.answer(7, number, "answer")
    assert channel.events[-1]["kind"] == "output"
    assert "does not read" in channel.events[-1]["message"]


def test_a_worker_without_tools_cannot_ask(sleeper):
    channel = Channel()
    ours, zygote = socket.socketpair()
    host = Host(channel=channel, exchange=None, zygote=ours, spare=0)
    host.submit({"id": 7, "timeoutMs": 60_000, "job": {"op": "execute", "cpu_seconds": 1}})
    _nonce, order, (control, output) = framing.receive(zygote, framing.MAX_ANSWER)
    host._forked({"forked": order["fork"], "pid": sleeper.pid}, [os.pidfd_open(sleeper.pid)])
    with socket.socket(fileno=control) as worker:
        nonce, _job, _files = framing.receive(worker, framing.MAX_JOB)
        framing.send(worker, nonce, {"status": "locked"})
        framing.send(worker, nonce, ASKED)
        hear_workers(host)
    assert channel.events[-1]["kind"] == "output"
    for end in (ours, zygote):
        end.close()
    os.close(output)


def submit_call(host, zygote, folder):
    """Have a session `last` call; what the zygote is asked for."""
    (folder / "input").write_bytes(bytes(3))
    image = {"index": 0, "file": "input", "mode": "RGB", "width": 1, "height": 1}
    limits = {"cpu_seconds": 1, "memory_bytes": 1 << 30, "file_bytes": 1 << 20}
    then = {"of": "input", "profile": "standard", "memory_bytes": 1 << 30, "memory_bytes_per_pixel": 8, "file_bytes": 1 << 20, "descriptors": 2}
    job = {"op": "execute", "profile": "standard", "index": 0, "images": [image], **limits}
    host.submit({"id": 1, "timeoutMs": 60_000, "session": "last", "then": then, "job": job})
    return framing.receive(zygote, framing.MAX_ANSWER)


@pytest.mark.parametrize(("earlier", "is_prepared"), [(0, True), (100, False)])
def test_the_next_call_is_prepared_for_unless_sessions_have_shown_that_it_does_not_come(sleeper, tmp_path, earlier, is_prepared):
    ours, zygote = socket.socketpair()
    host = Host(channel=Channel(), exchange=Exchange(tmp_path), zygote=ours, spare=0, prepared=4)
    for session in range(earlier):
        host._callers.called(session)
        host.release(session)

    _nonce, order, (control, output) = submit_call(host, zygote, tmp_path)
    host._forked({"forked": order["fork"], "pid": sleeper.pid}, [os.pidfd_open(sleeper.pid)])
    with socket.socket(fileno=control) as worker:
        nonce, _job, _files = framing.receive(worker, framing.MAX_JOB)
        framing.send(worker, nonce, {"status": "locked"})
        framing.send(worker, nonce, ANSWER)
        hear_workers(host)
        time.sleep(2 * AFTERWARDS_SECONDS)
        host._fire_timers()
    assert (host._prepared.take("last") is not None) == is_prepared
    os.close(output)
    ours.close()
    zygote.close()


@pytest.mark.parametrize(("status", "calls"), [(signal.SIGKILL, 0), (signal.SIGSEGV, 1)])
def test_a_call_that_the_machine_ended_is_none_of_its_session(sleeper, tmp_path, status, calls):
    ours, zygote = socket.socketpair()
    host = Host(channel=Channel(), exchange=Exchange(tmp_path), zygote=ours, spare=0, prepared=4)
    _nonce, order, descriptors = submit_call(host, zygote, tmp_path)
    host._forked({"forked": order["fork"], "pid": sleeper.pid}, [os.pidfd_open(sleeper.pid)])
    [worker] = host._workers.values()
    host._conclude(worker, verdict.of_death(status))
    assert host._callers._calls.get("last", 0) == calls
    for descriptor in descriptors:
        os.close(descriptor)
    ours.close()
    zygote.close()
