import os
import socket
import subprocess
import sys

import pytest

from py_sandbox import framing
from py_sandbox.host import Host

ANSWER = {"status": "error", "kind": "runtime", "type": "ValueError", "message": "no", "traceback": "", "line": 1, "operations": None}


class Channel:
    def __init__(self):
        self.events = []

    def emit(self, event):
        self.events.append(event)


@pytest.fixture
def sleeper():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
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
