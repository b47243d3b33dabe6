"""Workers that wait for the next call of one session each: locked down, its image loaded, memory touched, while the model thinks.

They are a promise of speed only: whoever finds none takes any other worker. Bounded in number and in bytes. Where there is no room the least
recently prepared one goes, unless it is young: with more sessions than room, each would else drop the worker that another is about to ask for.
"""

import collections
import resource
import time

#: Bytes per pixel that a prepared worker holds: the image, room for its result, and the result's file.
BYTES_PER_PIXEL = 4 + 4 + 3
#: What a forked interpreter has of its own once it is warm.
BYTES_PER_WORKER = 8 << 20
MAX_BYTES = 1 << 30
#: Processor time that a worker is locked down with before its call, and so its deadline, is known; `limit_processor` makes it the call's.
CPU_SECONDS = 3600
#: How long a worker is kept at least.
YOUNG_SECONDS = 5

_Entry = collections.namedtuple("_Entry", "worker cost since")


class Prepared:
    def __init__(self, workers, max_bytes=MAX_BYTES, clock=time.monotonic):
        self._workers = workers
        self._max_bytes = max_bytes
        self._clock = clock
        self._entries = collections.OrderedDict()
        self._bytes = 0

    def make_room(self, pixels):
        """The workers that must go for another one over an image of that many pixels; None where none may be kept now."""
        dropped = []
        count, held, cost = len(self._entries), self._bytes, _cost(pixels)
        if self._workers == 0 or cost > self._max_bytes:
            return None
        for entry in self._entries.values():
            if count < self._workers and held + cost <= self._max_bytes:
                break
            if self._clock() - entry.since < YOUNG_SECONDS:
                return None
            dropped.append(entry.worker)
            count -= 1
            held -= entry.cost
        return dropped

    def put(self, session, worker, pixels):
        """Keep a worker for a session that has none."""
        self._entries[session] = _Entry(worker, _cost(pixels), self._clock())
        self._bytes += _cost(pixels)

    def take(self, session):
        """The session's worker, which is then no longer kept; None where there is none."""
        entry = self._entries.pop(session, None)
        if entry is None:
            return None
        self._bytes -= entry.cost
        return entry.worker

    def forget(self, worker):
        """The worker is gone."""
        for session, entry in list(self._entries.items()):
            if entry.worker is worker:
                self.take(session)

    def __len__(self):
        return len(self._entries)


def next_image(body, outcome):
    """The image that the session's next call will probably name: this job's result, if it left one, or its input."""
    if outcome is not None:
        return {"file": body["result"], "mode": outcome["mode"], "width": outcome["width"], "height": outcome["height"]}
    job = body["job"]
    return next((image for image in job.get("images", ()) if image["index"] == job["index"]), None)


def limit_processor(pid, seconds):
    """Give a prepared worker the processor time of its call. Raises OSError."""
    resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds + 1))


def suits(prepared, body):
    """Whether a worker that was prepared so can take the job: its limits must be the job's."""
    job = body["job"]
    return (
        all(prepared[limit] == job[limit] for limit in ("profile", "memory_bytes", "file_bytes"))
        and job["cpu_seconds"] <= prepared["cpu_seconds"]
        and len(body["files"]) + 1 <= prepared["descriptors"]
    )


def _cost(pixels):
    return BYTES_PER_WORKER + pixels * BYTES_PER_PIXEL
