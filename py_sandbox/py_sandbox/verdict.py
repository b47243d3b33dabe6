"""From a worker's untrusted answer to the event that the controller gets: every field is checked and bounded."""

import os
import signal

from . import claims, framing, sizes

CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4}
WORKER_KINDS = ("syntax", "policy", "runtime", "memory", "result")
MAX_SIDE = 1 << 31
#: Jobs that make no image, and what of them is answered one by one. They run nothing of anybody's: only our own code has spoken.
QUESTIONS = {"size_rules": "cases", "analyze": "calls"}


def of_answer(body, job, pixels):
    """job: what the worker was asked; pixels: descriptor of the file that it filled. Raises framing.Malformed."""
    status = body.get("status")
    if status == "error":
        return {**_error(body), **_operations(body, job)}
    if status != "ok":
        raise framing.Malformed("no status")
    if job["op"] in QUESTIONS:
        return {"status": "ok", "answers": _answers(body.get("answers"), job[QUESTIONS[job["op"]]])}
    mode, width, height = body.get("mode"), body.get("width"), body.get("height")
    if type(mode) is not str or mode not in CHANNELS or not _side(width) or not _side(height):
        raise framing.Malformed("mode or size")
    # The worker has checked these too, but code that speaks in its place has not.
    if job["op"] == "execute" and (sizes.refuse_result(width, height) is not None or width * height > job["max_result_pixels"]):
        raise framing.Malformed(f"a result of {width}×{height}")
    if job["op"] == "decode" and width * height > job["max_pixels"]:
        raise framing.Malformed(f"an image of {width}×{height}")
    size = os.fstat(pixels).st_size
    unchanged = body.get("unchanged") is True
    # Only a view may leave its pixels where they are.
    if size != width * height * CHANNELS[mode] and not (job["op"] == "view" and unchanged and size == 0):
        raise framing.Malformed(f"{size} bytes of pixels for {width}×{height} {mode}")
    return {
        "status": "ok",
        "mode": mode,
        "sourceMode": _text(body.get("sourceMode"), 32),
        "width": width,
        "height": height,
        "unchanged": unchanged,
        "stored": size > 0,
        **({"animated": body.get("animated") is True} if job["op"] == "decode" else {}),
        **_operations(body, job),
    }


def _answers(answers, asked):
    """As many as there were questions; their form is checked where they are read."""
    if type(answers) is not list or len(answers) != len(asked):
        raise framing.Malformed("answers")
    return answers


def _operations(body, job):
    return {"operations": claims.checked(body.get("operations"))} if job["op"] == "execute" else {}


def _error(body):
    kind = body.get("kind")
    if type(kind) is not str or kind not in WORKER_KINDS:
        raise framing.Malformed("kind")
    verdict = {
        "status": "error",
        "kind": kind,
        "type": None if body.get("type") is None else _text(body["type"], 200),
        "message": _text(body.get("message"), 4_000),
        "traceback": _text(body.get("traceback"), 8_000),
        "line": body.get("line") if _side(body.get("line")) else None,
    }
    if _measure(body.get("width")) and _measure(body.get("height")):
        verdict["width"], verdict["height"] = body["width"], body["height"]
    return verdict


def failed(kind, message):
    return {"status": "error", "kind": kind, "type": None, "message": message, "traceback": "", "line": None}


def of_death(status):
    """A worker that died without an answer; status is its wait status, or None where it is not known."""
    if status is not None and os.WIFSIGNALED(status):
        name = _signal_name(os.WTERMSIG(status))
        if name == "SIGXCPU":
            return failed("timeout", "the code used up its processor time")
        if name == "SIGKILL":
            # No worker can send this signal: the system did, for want of memory, or an operator. The controller tries again before it believes it.
            return {**failed("memory", "the system killed the interpreter while it ran the code, most likely for want of memory"), "killed": True}
        return failed("crash", f"the interpreter died while it ran the code ({name})")
    if status is not None and os.WIFEXITED(status):
        return failed("crash", f"the code ended the interpreter (exit status {os.WEXITSTATUS(status)})")
    return failed("crash", "the interpreter ended while it ran the code")


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"  # real-time signals have no name each


def _side(value):
    return type(value) is int and 0 < value < MAX_SIDE


def _measure(value):
    return type(value) is int and -MAX_SIDE < value < MAX_SIDE


def _text(value, limit):
    if type(value) is not str:
        raise framing.Malformed("text")
    return value[:limit]
