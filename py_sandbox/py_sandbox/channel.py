"""The host's end of the bridge: pythonia's Bridge class over two descriptors of ours, fed by the host's own event loop.

The controller sends requests as JSON lines; answers and events go back as JSON lines. Events are calls of one callback that the controller
registered; nobody waits for their answer, so the bridge is never blocked by one.
"""

import json
import os

CHUNK = 1 << 16


class Channel:
    """Also what pythonia calls an ipc: it needs `queue` and `readline`."""

    def __init__(self, incoming, outgoing):
        self.incoming = incoming
        self._outgoing = outgoing
        self._pending = bytearray()
        self._bridge = None
        self._callback = None
        self._requests = 0

    def open(self, bridge_class):
        self._bridge = bridge_class(self)
        self._bridge.send_inspect = False

    def read(self):
        """Handle every request that has arrived; False when the controller is gone."""
        data = os.read(self.incoming, CHUNK)
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
        """Call the controller's callback with one JSON text; before it has registered one there is nobody to tell."""
        if self._callback is None:
            return
        self._requests += 1
        self.queue(
            {
                "r": self._requests,
                "c": "jsi",
                "p": 1,
                "action": "call",
                "ffid": self._callback.ffid,
                "key": "",
                "args": [json.dumps(event)],
            }
        )

    def queue(self, what):
        text = what if type(what) is str else json.dumps(what)
        data = memoryview(text.encode() + b"\n")
        while data:
            data = data[os.write(self._outgoing, data) :]

    def readline(self):
        raise RuntimeError("the host never waits for the controller")
