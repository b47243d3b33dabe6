"""What the peers that are measured in Python share: one request a line, many timed calls, one line back.

    -> {"image": path of raw RGB, "width", "height", "code", "seconds", "calls", "pauseMs"}
    <- {"milliseconds": [one a call], "seconds": without the pauses, "sha256": of the last pixels or null, "traceback": of the last error or null}
"""

import hashlib
import json
import sys
import time


def use(*positions):
    """Put the folders that were given as arguments on the path."""
    sys.path[:0] = [sys.argv[position] for position in positions]


def serve(prepare):
    """prepare(request) returns the function of one call, which returns (pixels, traceback): one of them is None."""
    print("ready", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(measure(prepare(request), request)), flush=True)


def measure(call, request):
    milliseconds = []
    pixels = trace = None
    began = time.perf_counter()
    while len(milliseconds) < request["calls"] and (not milliseconds or time.perf_counter() - began < request["seconds"]):
        time.sleep(request["pauseMs"] / 1000)
        started = time.perf_counter()
        pixels, trace = call()
        milliseconds.append((time.perf_counter() - started) * 1000)
    seconds = time.perf_counter() - began - len(milliseconds) * request["pauseMs"] / 1000
    digest = None if pixels is None else hashlib.sha256(pixels).hexdigest()
    return {"milliseconds": milliseconds, "seconds": seconds, "sha256": digest, "traceback": trace}
