"""Operations: what the code really did to its images, seen while it runs.

Wrappers around the geometric and photometric calls of Pillow, NumPy and OpenCV note each call, its arguments, and the affine map from its result to
its input. They share a process with hostile code, so what they report is a claim; whoever receives it compares pixels.
"""

import json

from . import arrays, opencv, pillow
from .recorder import recorder


_installed = []


def install():
    """Put the wrappers in place, once, before the first fork; they do nothing but pass on until `start`."""
    if _installed:
        return
    _installed.append(True)
    pillow.install()
    arrays.install()
    opencv.install()


def start(given, index, others=()):
    """The code begins: `given` is image `index` of the trajectory, `others` are copies of all its images, or none."""
    recorder.start([(index, given), *enumerate(others)])


def report(result=None):
    """The code ended and left `result` (None where it failed): the claim, as plain data. Never raises: code may have broken anything in here."""
    try:
        claim = recorder.report(result)
        json.dumps(claim, allow_nan=False)  # what cannot be told must not spoil the answer that it is a part of
        return claim
    except Exception:
        recorder.active = False
        return None
