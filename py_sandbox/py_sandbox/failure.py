"""Error answers: what the code did wrong, as data. Every text is bounded, whatever the code raised."""

import io
import linecache
import traceback

CODE_NAME = "<code>"
MESSAGE_LIMIT = 4_000
TRACEBACK_LIMIT = 8_000


class Refused(Exception):
    """Ends a call with an answer that is already worded."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer


def shorten(text, limit):
    """Keep head and tail of a text; never longer than the limit, and whole characters only."""
    if len(text) <= limit:
        return text
    note = f"\n… {len(text):,} characters in all …\n"
    keep = limit - len(note)
    return text[: keep - keep // 2] + note + text[len(text) - keep // 2 :]


def message_of(error):
    try:
        text = str(error)
    except BaseException as broken:  # a hostile __str__ is the code's own doing
        text = f"(the exception's text cannot be had: {type(broken).__name__})"
    return text if type(text) is str else str.__str__(text)


def answer(kind, type_name, message, trace="", line=None, **size):
    return {
        "status": "error",
        "kind": kind,
        "type": type_name,
        "message": shorten(message, MESSAGE_LIMIT),
        "traceback": shorten(trace, TRACEBACK_LIMIT),
        "line": line,
        **size,
    }


def syntax(error, message, line):
    trace = "".join(traceback.format_exception_only(type(error), error)) if isinstance(error, SyntaxError) else ""
    return answer("syntax", type(error).__name__, message, trace, line)


def policy(message, type_name=None):
    return answer("policy", type_name, message)


def runtime(error, kind="runtime"):
    """An exception that the code let escape: traceback cut to the frames of its own text."""
    if isinstance(error, MemoryError):
        kind = "memory"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__, limit=-2_000) if frame.filename == CODE_NAME]
    type_name = type(error).__name__
    message = message_of(error)
    if kind == "memory" and not message:
        message = "the code needs more memory than a call may use"
    trace = ""
    if frames:
        listing = "".join(traceback.StackSummary.from_list(frames).format())
        trace = f"Traceback (most recent call last):\n{listing}{type_name}: {shorten(message, MESSAGE_LIMIT)}\n"
    return answer(kind, type_name, message, trace, frames[-1].lineno if frames else None)


def result(message, width, height):
    return answer("result", None, message, width=width, height=height)


def not_an_image(value, profile):
    return answer("result", None, profile.not_an_image(value))


def remember_source(code):
    """Let tracebacks show the lines of the code, which no file holds. Each ends in a line break and nothing before it: Python 3.11 places the marks below a line as if it did."""
    lines = [line.rstrip() + "\n" for line in io.StringIO(code, newline=None)]
    linecache.cache[CODE_NAME] = (len(code), None, lines, CODE_NAME)
