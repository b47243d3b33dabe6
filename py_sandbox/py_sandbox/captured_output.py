"""What a worker printed: always drained, kept at both ends only."""

import os

LIMIT = 10_000
# A character has at most four bytes in UTF-8.
KEEP = 4 * LIMIT
CHUNK = 1 << 16


class CapturedOutput:
    def __init__(self, descriptor):
        self.descriptor = descriptor
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0

    def read_once(self):
        """Take what is there; False at the end of the stream."""
        try:
            data = os.read(self.descriptor, CHUNK)
        except BlockingIOError:
            return True
        self._keep(data)
        return bool(data)

    def drain(self):
        """Take all that is in the pipe of a worker that no longer writes."""
        try:
            while data := os.read(self.descriptor, CHUNK):
                self._keep(data)
        except BlockingIOError:
            pass

    def text(self):
        """At most 10,000 characters: head and tail."""
        if self._dropped == 0:
            text = (self._head + self._tail).decode("utf-8", "replace")
            if len(text) <= LIMIT:
                return text
        total = len(self._head) + len(self._tail) + self._dropped
        note = f"\n… {total:,} bytes in all …\n"
        keep = LIMIT - len(note)
        head = (self._head if self._dropped else self._head + self._tail).decode("utf-8", "replace")
        tail = (self._tail if self._dropped else self._head + self._tail).decode("utf-8", "replace")
        return head[: keep - keep // 2] + note + tail[len(tail) - keep // 2 :]

    def close(self):
        os.close(self.descriptor)

    def _keep(self, data):
        room = KEEP - len(self._head)
        self._head += data[:room]
        self._tail += data[room:] if room > 0 else data
        surplus = len(self._tail) - KEEP
        if surplus > 0:
            self._dropped += surplus
            del self._tail[:surplus]
