"""What a call over an image says it has made."""

import re
from typing import Any

from .rules import expect

# Sizes that no picture has by chance.
SIZE = (123, 91)
MAKES = f"result = image.resize({SIZE})"
TURNS = "result = image.rotate(90, expand=True)"


def makes(width: int) -> str:
    """Code whose result is so many pixels wide."""
    return f"result = image.resize(({width}, {SIZE[1]}))"


def made(text: Any, images: Any, index: int, size: tuple[int, int]) -> str | None:
    """None where a call has told of image `index` of `size` and shown it, and nothing else."""
    found = re.match(r"Image (\d+) \((\d+) × (\d+) pixels\)", text if isinstance(text, str) else "")
    said = tuple(int(part) for part in found.groups()) if found else None
    shown = [image.size for image in images]
    return expect(said == (index, *size) and shown == [size], f"image {index} of {size}, shown and told", {"text": text, "shown": shown})
