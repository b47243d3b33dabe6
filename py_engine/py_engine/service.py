"""What the controller can call over the bridge. Every call returns at once; what takes time ends in an event."""

import json

_channel = None
_worker = None


def serve(*, channel, worker):
    global _channel, _worker
    _channel, _worker = channel, worker


def attach(callback):
    """Register the function that gets every event as one JSON text, and begin to work."""
    _channel.register(callback)
    _worker.start()


def submit(text):
    """Start a job: {id, method, arguments, input, output: names of files in the exchange folder, arrays: layout of the input}."""
    _worker.submit(json.loads(text))


def cancel(job_id):
    """Stop writing tokens for a job; any other one runs to its end."""
    _worker.cancel(job_id)
