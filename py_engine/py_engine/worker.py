"""The thread that computes: jobs in the order in which they came, and between them a token for every conversation that is being continued."""

import os
import queue
import threading
import time
import traceback

from . import exchange


class Worker:
    def __init__(self, *, tell, exchange):
        self._tell = tell
        self._exchange = exchange
        self._jobs = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._engine = None
        self._outputs = {}

    def start(self):
        self._thread.start()

    def submit(self, job):
        self._jobs.put(job)

    def cancel(self, job_id):
        self._jobs.put({"method": "cancel", "id": job_id})

    def _run(self):
        while True:
            if not self._is_sampling():
                self._do(self._wait())
            while not self._jobs.empty():
                self._do(self._jobs.get())
            if self._is_sampling():
                self._sample()

    def _wait(self):
        began = time.perf_counter()
        job = self._jobs.get()
        if self._engine is not None:
            self._engine.waited += time.perf_counter() - began
        return job

    def _is_sampling(self):
        return self._engine is not None and self._engine.sampler.is_busy

    def _sample(self):
        sampler = self._engine.sampler
        try:
            for job_id, result, arrays in sampler.step():
                self._answer(job_id, result, arrays)
        except BaseException as error:
            for job_id in sampler.drop_all():
                self._fail(job_id, error)

    def _do(self, job):
        job_id = job["id"]
        if job["method"] == "cancel":
            if self._engine is not None and self._engine.sampler.drop(job_id):
                self._outputs.pop(job_id)
                self._tell({"id": job_id, "status": "cancelled"})
            return
        try:
            arrays = exchange.take(path=os.path.join(self._exchange, job["input"]), layout=job["arrays"])
            self._outputs[job_id] = job["output"]
            if job["method"] == "open":
                # Imported here: it takes seconds, and the bridge answers meanwhile.
                from .engine import Engine

                self._engine = Engine(**job["arguments"])
                self._answer(job_id, self._engine.facts(), {})
            elif job["method"] == "generate":
                self._engine.sampler.add(job_id, arrays, **job["arguments"])
            else:
                result, given = getattr(self._engine, f"do_{job['method']}")(arrays, **job["arguments"])
                self._answer(job_id, result, given)
        except BaseException as error:
            self._fail(job_id, error)

    def _answer(self, job_id, result, arrays):
        path = os.path.join(self._exchange, self._outputs.pop(job_id))
        layout = exchange.give(path=path, arrays=arrays) if arrays else []
        self._tell({"id": job_id, "status": "done", "result": result, "arrays": layout})

    def _fail(self, job_id, error):
        self._outputs.pop(job_id, None)
        trace = "".join(traceback.format_exception(error))[-8000:]
        event = {"id": job_id, "status": "failed", **_kind(error), "message": f"{type(error).__name__}: {error}"[:4000], "traceback": trace}
        self._tell(event)


def _kind(error):
    """`memory`: this machine is too small for it; `refused`: what was asked for cannot be done; `unwritten`, with the system's `code`: its files cannot be written; else `defect`."""
    from .not_written import NotWritten
    from .refusal import Refusal

    if isinstance(error, Refusal):
        return {"kind": "refused"}
    if isinstance(error, NotWritten):
        return {"kind": "unwritten", "code": error.code}
    return {"kind": "memory" if _is_memory(error) else "defect"}


def _is_memory(error):
    if isinstance(error, MemoryError):
        return True
    try:
        import torch
    except ImportError:
        return False
    return isinstance(error, torch.OutOfMemoryError)
