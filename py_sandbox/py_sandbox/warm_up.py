"""What the zygote does once so that no worker has to: the way of ordinary calls, until the interpreter has settled on how to run it.

An interpreter rewrites code as it warms up, and resolves what it calls for the first time. In a worker each such write would copy a page.
"""

import os

from . import framing, standard_profile, worker
from .jobs import execute, prepare

#: After 8 calls the interpreter begins to specialise a function, which takes some calls more.
TIMES = 20
SIDE = 32
FAILING = "image.crop((0, 0, 4, 4)).no_such_method()"


def run():
    """Over images of our own; leaves nothing behind. Raises what fails: then calls would too."""
    _settle_output()
    for _ in range(TIMES):
        for profile in execute.PROFILES:
            for code in (prepare.WARM_UP, FAILING):
                _call(profile, code)
    standard_profile.seed()


def _call(profile, code):
    image = {"index": 0, "file": "warm-up", "mode": "RGB", "width": SIDE, "height": SIDE}
    job = {"profile": profile, "code": code, "index": 0, "count": 1, "images": [image], "max_result_pixels": 1 << 20}
    source, result = os.memfd_create("image"), os.memfd_create("result")
    try:
        os.ftruncate(source, SIDE * SIDE * 3)
        message = framing.pack(1, job)
        answer = execute.run(framing.unpack_body(message[framing.HEADER.size :]), [source, result])
        framing.pack(*framing.unpack_header(message[: framing.HEADER.size], framing.MAX_JOB)[:1], answer)
    finally:
        os.close(source)
        os.close(result)


def _settle_output():
    """A stream over a pipe, as in a worker, who puts its own pipe there."""
    read_end, write_end = os.pipe()
    os.dup2(write_end, 1)
    os.close(read_end)
    os.close(write_end)
    worker.output_stream()
