"""What one worker asks of tools: untrusted, so every field is checked and bounded before the controller hears of it, which checks again."""

import json
import os

from . import framing

CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4}
MAX_SIDE = 1 << 31
MAX_TEXT = 1 << 16
MAX_NAME = 40
MAX_IMAGES = 8
SPARE_DEPTH = 100
FIELDS = {"tool", "request", "arguments", "images"}


class ToolRequests:
    """The requests of one job. described: as the worker has them (tools.py)."""

    def __init__(self, described):
        self._left = {tool["name"]: tool["max_calls"] for tool in described}
        self._max_bytes = {tool["name"]: tool["max_bytes"] for tool in described}
        self._count = 0
        #: The request that waits for its answer.
        self.open = None

    def take(self, body, pixels):
        """The request as an event. pixels: descriptor of the file that holds those of its images. Raises framing.Malformed."""
        tool, arguments, images = body.get("tool"), body.get("arguments"), body.get("images")
        if self.open is not None:
            raise framing.Malformed("a request while another waits")
        if set(body) != FIELDS or type(body["request"]) is not int or body["request"] != self._count + 1:
            raise framing.Malformed("a request of another form")
        if type(tool) is not str or tool not in self._left:
            raise framing.Malformed("a tool that is not listed")
        if self._left[tool] == 0:
            raise framing.Malformed("more requests than are allowed")
        if type(arguments) is not dict or type(images) is not list or not all(map(_is_image, images)):
            raise framing.Malformed("arguments of another form")
        if len(images) > MAX_IMAGES or any(len(name) > MAX_NAME for name in arguments):
            raise framing.Malformed("more images, or longer names, than any tool takes")
        text, size = _length(arguments), sum(image["width"] * image["height"] * CHANNELS[image["mode"]] for image in images)
        if text > MAX_TEXT or text + size > self._max_bytes[tool]:
            raise framing.Malformed(f"arguments of {text + size} bytes")
        if images and os.fstat(pixels).st_size != size:
            raise framing.Malformed(f"images of {size} bytes without their pixels")
        self._left[tool] -= 1
        self._count += 1
        self.open = self._count
        return {"tool": tool, "request": self._count, "arguments": arguments, "images": images}


def _length(arguments):
    try:
        # Whatever passes on an event that they lie in has as much room as this leaves.
        deep = arguments
        for _ in range(SPARE_DEPTH):
            deep = [deep]
        return len(json.dumps(deep)) - 2 * SPARE_DEPTH
    except RecursionError as error:
        raise framing.Malformed("arguments that are nested too deep") from error


def _is_image(image):
    return (
        type(image) is dict
        and set(image) == {"mode", "width", "height"}
        and type(image["mode"]) is str
        and image["mode"] in CHANNELS
        and all(type(side) is int and 0 < side < MAX_SIDE for side in (image["width"], image["height"]))
    )
