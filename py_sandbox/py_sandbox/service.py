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
    if _host.versions is not None:
        _channel.emit({"event": "ready", "versions": _host.versions})


def submit(text):
    """Start a job: {id, timeoutMs, files: [names], result: name or null, job: what the worker gets,
    session: whose job it is, or null, then: what to prepare for its next call (Host._prepare), or null}."""
    _host.submit(json.loads(text))


def cancel(job_id):
    _host.cancel(job_id)


def release(session):
    """The session will call no more."""
    _host.release(session)


def ping():
    return "pong"
