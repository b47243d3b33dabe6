"""The engine's end of the bridge: pythonia's Bridge class over two descriptors.

The controller sends requests as JSON lines; answers and events go back as JSON lines. Events are calls of one callback that the controller
registered; nobody waits for their answer. Both threads write: the one that answers requests, and the one that computes.
"""

import json
import os
import threading

CHUNK = 1 << 16


class Channel:
    """Also what pythonia calls an ipc: it needs `queue` and `readline`."""

    def __init__(self, *, incoming, outgoing):
        self._incoming = incoming
        self._outgoing = outgoing
        self._pending = bytearray()
        self._bridge = None
        self._callback = None
        self._events = 0
        self._writing = threading.Lock()

    def open(self, bridge_class):
        self._bridge = bridge_class(self)
        self._bridge.send_inspect = False

    def read(self):
        """Answer every request that has arrived; False when the controller is gone."""
        data = os.read(self._incoming, CHUNK)
        if not data:
            return False
        self._pending += data
        if b"\n" not in data:
            return True
        *lines, rest = bytes(self._pending).split(b"\n")
        self._pending = bytearray(rest)
        for line in lines:
            if line.startswith(b"{"):
                request = json.loads(line)
                self._bridge.onMessage(request["r"], request["action"], request["ffid"], request["key"], request["val"])
        return True

    def register(self, callback):
        """Remember the controller's callback; it must live as long as the channel."""
        self._callback = callback

    def emit(self, event):
        """Call the controller's callback with one JSON text."""
        self._events += 1
        call = {"c": "jsi", "p": 1, "action": "call", "ffid": self._callback.ffid, "key": "", "args": [json.dumps(event)]}
        self.queue({"r": self._events, **call})

    def queue(self, what):
        text = what if type(what) is str else json.dumps(what)
        # A line of its own, also where a library has just written half of one.
        data = memoryview(b"\n" + text.encode() + b"\n")
        with self._writing:
            while data:
                data = data[os.write(self._outgoing, data) :]

    def readline(self):
        raise RuntimeError("the engine never waits for the controller")
