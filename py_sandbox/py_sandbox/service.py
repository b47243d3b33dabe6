"""What the controller can call over the bridge. Every call returns at once; what takes time ends in an event."""

import json

_host = None
_channel = None


def _serve(host, channel):
    global _host, _channel
    _host, _channel = host, channel


def attach(callback):
    """Register the function that gets every event as one JSON text."""
    _channel.register(callback)
    _channel.emit({"event": "attached"})
    _host.announce()


def submit(text):
    """Start a job: {id, timeoutMs, files: [names], result: name or null, job: what the worker gets,
    session: whose job it is, or null, then: what to prepare for its next call (Host._prepare), or null}."""
    _host.submit(json.loads(text))


def cancel(job_id):
    _host.cancel(job_id)


def answer(text):
    """What a tool answers to the code of a job: {id, request, file: its name in the exchange directory}."""
    body = json.loads(text)
    _host.answer(body["id"], body["request"], body["file"])


def release(session):
    """The session will call no more."""
    _host.release(session)


def ping():
    return "pong"
