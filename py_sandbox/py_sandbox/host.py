"""The host: takes jobs from the bridge, hands each to a warm worker, keeps deadlines, sends verdicts. Runs no model code.

One thread, one loop. A job's life: submitted -> sent to a worker (its clock starts) -> answer, death or deadline -> the worker is killed,
its output drained -> one event to the controller.
"""

import contextlib
import heapq
import itertools
import os
import selectors
import signal
import socket
import time

from . import framing, processes, verdict
from .callers import Callers
from .captured_output import CapturedOutput
from .group_limits import group_limits
from .prepared import CPU_SECONDS, Prepared, limit_processor, next_image, suits
from .scratch import scratch_of
from .tool_requests import ToolRequests

#: A call that runs longer than nearly all gets less of the processor from then on.
LATE_SECONDS = 0.1
LATE_NICENESS = 10
#: How long a death may wait for the zygote to say how it came about.
DEATH_NOTICE_SECONDS = 0.2
#: How long a verdict waits for the end of its worker, which takes about a millisecond.
END_SECONDS = 0.3
#: Pauses between looks whether a worker has stopped; after the last of them it is killed, and the zygote tells.
END_LOOKS = (20e-6, 50e-6, 100e-6, 100e-6, 0)
#: When a worker that has been judged is ended, and the session's next prepared: both take milliseconds, which the controller needs first.
AFTERWARDS_SECONDS = 0.004
#: How often the folders of running workers are looked at, and what they may hold; tmpfs bounds bytes, but not files.
WATCH_SECONDS = 0.1
MAX_FILES = 2_000
DIRECTORY_ENTRY_BYTES = 20


class Worker:
    def __init__(self, number, control, output):
        self.number = number
        self.control = control
        self.output = CapturedOutput(output)
        self.pid = None
        self.pidfd = None
        self.job = None
        self.inbox = bytearray()
        #: Whether the worker has said that it is locked down: from then on hostile code may speak for it.
        self.is_locked = False
        #: Gives the verdict once the worker is gone; None while it runs.
        self.decide = None
        #: What it was prepared with, and its file for a result.
        self.prepared = None
        self.pixels = None


class Job:
    def __init__(self, body):
        self.body = body
        self.id = body["id"]
        self.pixels = None
        self.has_name = False
        #: What its code asks of tools; None where it has none.
        self.tools = ToolRequests(body["job"]["tools"]) if body["job"].get("tools") else None
        self.started = None
        self.timer = None


class Host:
    def __init__(self, *, channel, exchange, zygote, spare, prepared=0):
        self._channel = channel
        self._exchange = exchange
        self._zygote = zygote
        self._spare = spare
        self._selector = selectors.DefaultSelector()
        self._prepared = Prepared(prepared)
        self._callers = Callers()
        self._numbers = itertools.count(1)
        self._workers = {}
        self._idle = []
        self._by_pid = {}
        self._jobs = {}
        #: The last job of each session: none but this one says what comes next.
        self._latest = {}
        self._timers = []
        self._is_watching = False
        self._alive = True
        self.versions = None

    def run(self):
        """Serve until the controller is gone or the zygote died."""
        self._selector.register(self._channel.incoming, selectors.EVENT_READ, lambda: self._read_channel())
        self._selector.register(self._zygote, selectors.EVENT_READ, lambda: self._read_zygote())
        while self._alive:
            timeout = max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None
            for key, _ in self._selector.select(timeout):
                key.data()
            self._fire_timers()

    # What the controller asks for

    def submit(self, body):
        job = Job(body)
        self._jobs[job.id] = job
        if body.get("session") is not None:
            self._latest[body["session"]] = job.id
        worker = self._prepared_for(body) or self._unprepared()
        try:
            self._start(job, worker)
        except (OSError, ValueError) as error:
            # The job's files, not the worker's fault: an input is gone, or the disk is full.
            worker.job = job
            self._break_off(worker, f"{type(error).__name__}: {error}")
        self._keep_spare()

    def cancel(self, job_id):
        job = self._jobs.get(job_id)
        for worker in list(self._workers.values()):
            if job is not None and worker.job is job:
                self._end(worker, lambda: verdict.failed("crash", "cancelled"))

    def answer(self, job_id, request, name):
        """Hand a worker the file that a tool's answer lies in; one that the worker does not wait for any more is left alone. Raises OSError without the file."""
        job = self._jobs.get(job_id)
        worker = next((worker for worker in self._workers.values() if job is not None and worker.job is job), None)
        if worker is None or worker.decide is not None or job.tools is None or job.tools.open != request:
            return
        job.tools.open = None
        file = self._exchange.open(name)
        try:
            framing.send_at_once(worker.control, worker.number, {"answer": request}, [file])
        except BlockingIOError:
            self._end(worker, lambda: verdict.failed("output", "the worker does not read what its tools answer"))
        except OSError:
            pass  # the worker died, which is told where it is noticed
        finally:
            os.close(file)

    def announce(self):
        """Tell the controller that the libraries are loaded, once they are."""
        if self.versions is not None:
            self._channel.emit({"event": "ready", "versions": self.versions, "group": group_limits(), "tools": True})

    def release(self, session):
        self._latest.pop(session, None)
        self._callers.ended(session)
        self._unprepare(session)

    def _unprepare(self, session):
        worker = self._prepared.take(session)
        if worker is not None:
            self._drop(worker)

    # One job

    def _start(self, job, worker):
        body = job.body
        files = []
        try:
            for name in body.get("files", ()):
                files.append(self._exchange.open(name))
            if body.get("result"):
                self._open_result(job, worker)
                files.append(job.pixels)
            worker.job = job
            self._limit_processor(worker)
            job.started = time.monotonic()
            job.timer = self._at(job.started + body["timeoutMs"] / 1000, lambda: self._expire(worker))
            self._at(job.started + LATE_SECONDS, lambda: self._demote(worker, job))
            framing.send(worker.control, worker.number, body["job"], files)
            if not self._is_watching:
                self._is_watching = True
                self._at(time.monotonic() + WATCH_SECONDS, self._watch_folders)
        finally:
            for descriptor in files:
                if descriptor is not job.pixels:
                    os.close(descriptor)

    def _limit_processor(self, worker):
        """As soon as a prepared worker has its call, is locked down, since it could not lower its limit to a higher one, and is known by its pid."""
        if worker.prepared is not None and worker.job is not None and worker.is_locked and worker.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                limit_processor(worker.pid, worker.job.body["job"]["cpu_seconds"])

    def _demote(self, worker, job):
        """What takes long, perhaps for ever, goes behind what may be done in a moment."""
        if worker.job is job and worker.decide is None and worker.pid is not None:
            processes.be_nice(worker.pid, LATE_NICENESS)

    def _expire(self, worker):
        seconds = worker.job.body["timeoutMs"] / 1000
        self._end(worker, lambda: verdict.failed("timeout", f"the code ran longer than {seconds:g} s"))

    def _end(self, worker, decide):
        """The verdict is known, but counts when the worker can change nothing any more: when it has stopped, which is seen at once, or is gone.

        Stopped and not killed, since its end takes the processor for milliseconds, which those who wait for the verdict would wait for as well.
        """
        if worker.decide is None:
            worker.decide = decide
            worker.job.timer[2] = None
            worker.job.timer = self._at(time.monotonic() + END_SECONDS, lambda: self._settle(worker))
            # One that answered before the zygote has named it is stopped when it does.
            if worker.pidfd is not None:
                self._stop(worker)

    def _stop(self, worker):
        """See to it that the worker can change nothing any more; its verdict counts as soon as that is seen."""
        turns = processes.turns_of_sleeper(worker.pid)
        _send(worker.pidfd, signal.SIGSTOP)
        # One that sleeps all the while will meet the signal before anything else; it need not have woken for that.
        if turns is not None and processes.turns(worker.pid) == turns:
            self._settle(worker)
            return
        for pause in END_LOOKS:
            if processes.is_stopped(worker.pid):
                self._settle(worker)
                return
            time.sleep(pause)
        self._kill(worker)

    def _settle(self, worker):
        try:
            outcome = worker.decide()
        except Exception as error:  # whatever a worker sent must not harm its neighbours
            outcome = verdict.failed("output", f"the worker's answer was malformed: {error}"[:1000])
        self._conclude(worker, outcome)

    def _open_result(self, job, worker):
        """The file for the pixels, without a name if possible: then nothing is left of it whoever dies."""
        job.pixels, worker.pixels = worker.pixels, None
        if job.pixels is None:
            job.pixels = self._exchange.create_unnamed()
        if job.pixels is None:
            job.pixels = self._exchange.create(job.body["result"])
            job.has_name = True

    def _close_result(self, job, *, keep):
        """Raises OSError where the file cannot be given its name."""
        if job.pixels is None:
            return
        try:
            if keep and not job.has_name:
                self._exchange.publish(job.pixels, job.body["result"])
            elif not keep and job.has_name:
                self._exchange.remove(job.body["result"])
        finally:
            os.close(job.pixels)
            job.pixels = None

    def _conclude(self, worker, outcome):
        """The verdict is known: what the worker printed is kept, the controller is told; the stopped worker dies soon."""
        job = worker.job
        worker.job = None
        job.timer[2] = None
        worker.output.drain()
        stored = outcome.pop("stored", False)
        session = job.body.get("session")
        # A call that the machine ended comes again, and a session that was released is counted.
        if job.body["job"]["op"] == "execute" and session in self._latest and not outcome.get("killed"):
            self._callers.called(session)
        try:
            self._close_result(job, keep=stored)
        except OSError as error:
            self._drop(worker)
            self._fail(job, f"{type(error).__name__}: {error}")
            return
        self._report(job, outcome, worker.output.text())
        self._at(time.monotonic() + AFTERWARDS_SECONDS, lambda: self._clear_up(worker, job, outcome, stored))

    def _clear_up(self, worker, job, outcome, stored):
        """What nobody waits for, once those who waited for the verdict have had the processor."""
        if worker.number in self._workers:
            self._drop(worker)
        session = job.body.get("session")
        if session is not None and self._latest.get(session) == job.id:
            self._prepare(job, outcome, stored)

    def _report(self, job, outcome, stdout):
        duration = 0 if job.started is None else (time.monotonic() - job.started) * 1000
        self._jobs.pop(job.id, None)
        self._channel.emit({"event": "finished", "id": job.id, **outcome, "stdout": stdout, "durationMs": duration})

    def _break_off(self, worker, message):
        """The machine failed, not the code: no verdict, the controller may try again."""
        job = worker.job
        worker.job = None
        if job.timer is not None:
            job.timer[2] = None
        self._kill(worker)
        self._forget(worker)
        self._close_result(job, keep=False)
        self._fail(job, message)

    def _fail(self, job, message):
        self._jobs.pop(job.id, None)
        self._channel.emit({"event": "failed", "id": job.id, "message": message[:1000]})

    # Ahead of the next call

    def _prepare(self, job, outcome, stored):
        """Prepare a worker for the session's next call, as the job's `then` says: {of: "result" or "input", and what jobs/prepare.py takes}."""
        then, session = job.body.get("then"), job.body.get("session")
        image = None if then is None or session is None else next_image(job.body, outcome if stored and then["of"] == "result" else None)
        if image is None or not self._callers.will_call(session):
            return
        self._unprepare(session)
        count = image["width"] * image["height"]
        dropped = self._prepared.make_room(count)
        if dropped is None:
            return
        for worker in dropped:
            self._drop(worker)
        try:
            source = self._exchange.open(image["file"])
        except OSError:
            return  # the call itself will meet what is wrong, and tell
        worker = self._unprepared()
        try:
            worker.pixels = self._exchange.create_unnamed()
            if worker.pixels is None:
                raise OSError("no file without a name here")
            memory_bytes = then["memory_bytes"] + count * then["memory_bytes_per_pixel"]
            worker.prepared = {**then, "op": "prepare", "image": image, "memory_bytes": memory_bytes, "cpu_seconds": CPU_SECONDS}
            framing.send(worker.control, worker.number, worker.prepared, [source, worker.pixels])
            self._prepared.put(session, worker, count)
        except OSError:
            self._drop(worker)
        finally:
            os.close(source)
        self._keep_spare()

    def _prepared_for(self, body):
        """The worker that waits for this call, if its limits are the call's."""
        worker = self._prepared.take(body.get("session")) if body["job"]["op"] == "execute" else None
        if worker is None or suits(worker.prepared, body):
            return worker
        self._drop(worker)
        return None

    # Workers

    def _keep_spare(self):
        while len(self._idle) < self._spare:
            self._idle.append(self._fork())

    def _unprepared(self):
        return self._idle.pop(0) if self._idle else self._fork()

    def _drop(self, worker):
        self._kill(worker)
        self._forget(worker)

    def _fork(self):
        """Order a worker; it can be written to at once, the zygote catches up."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        read_end, write_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(read_end, False)
        worker = Worker(next(self._numbers), ours, read_end)
        self._workers[worker.number] = worker
        try:
            framing.send(self._zygote, 0, {"fork": worker.number}, [theirs.fileno(), write_end])
        except OSError as error:
            # Not one call's failure: the controller has another host ready, which is faster than a new zygote.
            raise SystemExit(f"the zygote died: {error}") from error
        theirs.close()
        os.close(write_end)
        self._watch(worker, ours, self._read_control)
        self._watch(worker, read_end, self._read_output)
        return worker

    def _watch(self, worker, what, read):
        def readable():
            # One round of the loop may bring several events of a worker that the first of them ended.
            if worker.number in self._workers:
                read(worker)

        self._selector.register(what, selectors.EVENT_READ, readable)

    def _kill(self, worker):
        if worker.pidfd is not None:
            _send(worker.pidfd, signal.SIGKILL)

    def _forget(self, worker):
        """Close everything of a worker; one whose pid is not known yet is killed when the zygote names it."""
        if self._workers.pop(worker.number, None) is None:
            return
        if worker in self._idle:
            self._idle.remove(worker)
        self._prepared.forget(worker)
        if worker.pixels is not None:
            os.close(worker.pixels)
        self._unregister(worker.control)
        self._unregister(worker.output.descriptor)
        worker.control.close()
        worker.output.close()
        if worker.pidfd is not None:
            os.close(worker.pidfd)
            self._by_pid.pop(worker.pid, None)

    def _unregister(self, what):
        try:
            self._selector.unregister(what)
        except KeyError:
            pass

    # Events

    def _read_channel(self):
        if not self._channel.read():
            self._alive = False

    def _read_zygote(self):
        message = framing.receive(self._zygote, framing.MAX_ANSWER)
        if message is None:
            raise SystemExit("the zygote died")
        _nonce, body, descriptors = message
        if "ready" in body:
            self.versions = body["ready"]
            self._keep_spare()
            self.announce()
        elif "broken" in body:
            self._channel.emit({"event": "broken", "message": body["broken"]})
            raise SystemExit(body["broken"])
        elif "forked" in body:
            self._forked(body, descriptors)
        elif "exited" in body:
            worker = self._by_pid.get(body["exited"])
            if worker is not None:
                self._exited(worker, body["status"])

    def _forked(self, body, descriptors):
        worker = self._workers.get(body["forked"])
        if worker is None:
            # Concluded before the zygote had named it.
            _send(descriptors[0], signal.SIGKILL)
            os.close(descriptors[0])
            return
        worker.pid, worker.pidfd = body["pid"], descriptors[0]
        self._by_pid[worker.pid] = worker
        self._limit_processor(worker)
        if worker.job is not None and worker.decide is not None:
            self._stop(worker)

    def _exited(self, worker, status):
        """The news of a death may overtake the answer that the worker gave before it."""
        while worker.number in self._workers and worker.job is not None:
            data = self._receive(worker)
            if not data:
                break
            self._take(worker, data)
        if worker.number not in self._workers:
            return
        if worker.job is None:
            self._forget(worker)
        elif worker.decide is None:
            self._conclude(worker, verdict.of_death(status))
        else:
            self._settle(worker)

    def _read_control(self, worker):
        data = self._receive(worker)
        if data:
            self._take(worker, data)
        elif data is not None:
            self._control_ended(worker)

    def _receive(self, worker):
        """What the worker sent; empty at the end of the stream, None where nothing is there yet."""
        try:
            return worker.control.recv(1 << 16, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except ConnectionResetError:
            return b""

    def _take(self, worker, data):
        worker.inbox += data
        if worker.job is None and worker.prepared is None:
            # A worker that speaks without a job is not one of ours any more.
            self._drop(worker)
            return
        try:
            while worker.number in self._workers and (body := _complete(worker)) is not None:
                self._hear(worker, body)
        except Exception as error:
            if worker.job is None:
                self._drop(worker)
                return
            reason = f"the worker's answer was malformed: {error}"[:1000]
            self._end(worker, lambda: verdict.failed("output", reason))

    def _hear(self, worker, body):
        """One message of a worker that has a job, or is prepared for one."""
        if worker.decide is not None:
            return
        job = worker.job
        if not worker.is_locked and body.get("status") == "locked":
            worker.is_locked = True
            self._limit_processor(worker)
        elif job is None:
            self._drop(worker)  # whoever takes another one is told what is wrong
        elif worker.is_locked and job.tools is not None and "tool" in body:
            self._ask(worker, body)
        elif worker.is_locked and job.tools is not None and job.tools.open is not None:
            raise framing.Malformed("an answer while a tool is asked")
        elif worker.is_locked:
            self._end(worker, lambda: verdict.of_answer(body, job.body["job"], job.pixels))
        elif body.get("status") == "broken":
            self._break_off(worker, str(body.get("message"))[:1000])
        else:
            raise framing.Malformed("an answer before the lock")

    def _ask(self, worker, body):
        """Pass on what the code asks of a tool; the deadline goes on. Raises framing.Malformed."""
        job = worker.job
        request = job.tools.take(body, job.pixels)
        if request["images"] and not job.has_name:
            try:
                self._exchange.publish(job.pixels, job.body["result"])
            except OSError as error:
                self._break_off(worker, f"{type(error).__name__}: {error}")
                return
            job.has_name = True
        self._channel.emit({"event": "tool", "id": job.id, **request})

    def _control_ended(self, worker):
        """The worker died or closed its socket; the zygote says how, soon."""
        self._unregister(worker.control)
        if worker.job is None:
            self._drop(worker)
            return
        job = worker.job

        def give_up():
            if worker.job is job:
                self._end(worker, lambda: verdict.of_death(None))

        self._at(time.monotonic() + DEATH_NOTICE_SECONDS, give_up)

    def _read_output(self, worker):
        if not worker.output.read_once():
            self._unregister(worker.output.descriptor)

    def _watch_folders(self):
        """End workers that make files by the thousand: each costs the kernel memory that no limit counts."""
        running = [worker for worker in self._workers.values() if worker.job is not None]
        for worker in running:
            if worker.pid is not None and worker.decide is None and _entries(scratch_of(worker.pid)) > MAX_FILES:
                self._end(worker, lambda: verdict.failed("memory", f"the code made more than {MAX_FILES:,} files"))
        self._is_watching = bool(running)
        if running:
            self._at(time.monotonic() + WATCH_SECONDS, self._watch_folders)

    # Time

    def _at(self, when, action):
        """Do something later; the entry can be emptied, so that it holds nothing alive until its time."""
        entry = [when, next(self._numbers), action]
        heapq.heappush(self._timers, entry)
        return entry

    def _fire_timers(self):
        now = time.monotonic()
        while self._timers and (self._timers[0][0] <= now or self._timers[0][2] is None):
            action = heapq.heappop(self._timers)[2]
            if action is not None:
                action()


def _entries(folder):
    """Files in a folder of a tmpfs, which counts them in its size; 0 where it is not there."""
    try:
        return os.stat(folder).st_size // DIRECTORY_ENTRY_BYTES
    except FileNotFoundError:
        return 0


def _send(pidfd, number):
    try:
        signal.pidfd_send_signal(pidfd, number)
    except ProcessLookupError:
        pass  # it was faster


def _complete(worker):
    """The worker's next message once all of it is there, else None."""
    if len(worker.inbox) < framing.HEADER.size:
        return None
    nonce, length = framing.unpack_header(worker.inbox[: framing.HEADER.size], framing.MAX_ANSWER)
    if nonce != worker.number:
        raise framing.Malformed("an answer to another request")
    end = framing.HEADER.size + length
    if len(worker.inbox) < end:
        return None
    body = bytes(worker.inbox[framing.HEADER.size : end])
    del worker.inbox[:end]
    return framing.unpack_body(body)
