"""Arguments of a call as bounded, plain data: numbers and short texts stay, everything else is told by its kind."""

import json
import math

import numpy as np
from PIL import Image, ImageFilter

MAX_TEXT = 60
MAX_ITEMS = 8
MAX_DEPTH = 2
MAX_LENGTH = 400


def arguments(args, kwargs):
    """Positional arguments, then the named ones as one mapping."""
    plain = [_plain(value, MAX_DEPTH) for value in args[:MAX_ITEMS]]
    if kwargs:
        plain.append({name: _plain(value, MAX_DEPTH) for name, value in list(kwargs.items())[:MAX_ITEMS]})
    return plain


def bounded(arguments):
    """The same where they are short, else only that there were some; apart from the above, since few of many calls are told in the end."""
    return arguments if len(json.dumps(arguments)) <= MAX_LENGTH else ["…"]


def _plain(value, depth):
    kind = type(value)
    # The common ones first: of a loop's calls every microsecond counts.
    if kind is int:
        return value if -(2**53) < value < 2**53 else "int"
    if kind in (list, tuple) and depth > 0:
        return [_plain(item, depth - 1) for item in value[:MAX_ITEMS]]
    if value is None or kind is bool:
        return value
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(value) < 2**53 else "int"
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else str(float(value))
    if kind is str:
        return value[:MAX_TEXT]
    if isinstance(value, Image.Image):
        return f"<image {value.size[0]}×{value.size[1]}>"
    if isinstance(value, np.ndarray):
        return value.tolist() if value.size <= 9 and value.dtype.kind in "iu" else f"<array {'×'.join(map(str, value.shape))}>"
    if isinstance(value, type):
        return value.__name__[:MAX_TEXT]
    if isinstance(value, ImageFilter.Filter):
        return [kind.__name__[:MAX_TEXT], *(_plain(item, 0) for item in list(vars(value).values())[:MAX_ITEMS])]
    return f"<{kind.__name__[:MAX_TEXT]}>"
