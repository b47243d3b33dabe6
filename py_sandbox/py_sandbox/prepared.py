"""Workers that wait for the next call of one session each: locked down, its image loaded, memory touched, while the model thinks.

They are a promise of speed only: whoever finds none takes any other worker. Bounded in number and in bytes, least recently used dropped.
"""

import collections

#: Bytes per pixel that a prepared worker holds: the image, room for its result, and the result's file.
BYTES_PER_PIXEL = 4 + 4 + 3
#: What a forked interpreter has of its own once it is warm.
BYTES_PER_WORKER = 8 << 20
MAX_BYTES = 512 << 20


class Prepared:
    def __init__(self, workers, max_bytes=MAX_BYTES):
        self._workers = workers
        self._bytes = max_bytes
        self._entries = collections.OrderedDict()

    def has_room_for(self, pixels):
        return self._workers > 0 and _cost(pixels) <= self._bytes

    def put(self, session, worker, pixels):
        """Keep a worker for a session; returns the workers that must go for it, least recently used first."""
        dropped = [*self.discard(session)]
        self._entries[session] = (worker, _cost(pixels))
        while len(self._entries) > self._workers or sum(cost for _, cost in self._entries.values()) > self._bytes:
            dropped.append(self._entries.popitem(last=False)[1][0])
        return dropped

    def take(self, session):
        """The session's worker, which is then no longer kept; None where there is none."""
        entry = self._entries.pop(session, None)
        return None if entry is None else entry[0]

    def discard(self, session):
        worker = self.take(session)
        return [] if worker is None else [worker]

    def forget(self, worker):
        """The worker is gone."""
        for session, (kept, _) in list(self._entries.items()):
            if kept is worker:
                del self._entries[session]

    def __len__(self):
        return len(self._entries)


def _cost(pixels):
    return BYTES_PER_WORKER + pixels * BYTES_PER_PIXEL
