"""What the code of a call sees of the tools that the operator listed: functions that ask the controller through the host, and wait.

What is checked here guides the code's author; whoever speaks past it meets the same checks in the host (tool_requests.py) and in the controller.
"""

import inspect
import json
import math
import mmap
import os
import struct

import numpy as np
from PIL import Image

from . import framing, images
from .jobs.decode import write_pixels
from .operations.recorder import recorder

#: The answer itself lies in a file; its frame names the request only.
MAX_FRAME = 4096
MAX_TEXT = 1 << 16
#: Of json, counted as the controller counts them.
MAX_DEPTH = 16
MAX_VALUES = 100_000
#: Beyond it the controller's numbers do not tell two integers apart.
MAX_INTEGER = 2**53
LENGTH = struct.Struct("<I")

_socket = None
_nonce = None


class ToolError(Exception):
    """A tool did not do what it was asked; the text says why."""


class Tools:
    """The name `tools` of the code: a function for each tool."""

    def __init__(self, functions):
        vars(self).update(functions)

    def __getattr__(self, name):
        raise AttributeError(f"there is no tool {name!r}; there are: {', '.join(vars(self))}")

    def __repr__(self):
        return f"<tools: {', '.join(vars(self))}>"


def connect(sock, nonce):
    """The socket to the host, and the number that every frame must carry. Once, before the code runs."""
    global _socket, _nonce
    _socket, _nonce = sock, nonce


def names(described, pixels):
    """What the code's name space gets. described: [{name, description, max_calls, max_bytes, parameters: [{name, type, optional, choices}]}]; pixels: the file for
    the result, through which images are handed over."""
    if not described:
        return {}
    requests = _Requests(pixels)
    return {"tools": Tools({tool["name"]: _function(tool, requests) for tool in described}), "ToolError": ToolError}


def _function(described, requests):
    name = f"tools.{described['name']}"
    parameters = described["parameters"]
    signature = inspect.Signature([_parameter(parameter) for parameter in parameters])
    calls = 0

    def tool(*args, **kwargs):
        nonlocal calls
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f"{name}{signature}: {error}") from None
        if calls == described["max_calls"]:
            raise ToolError(f"{name} may be used {calls} times in one call")
        arguments, shown = {}, []
        for parameter in parameters:
            value = given.get(parameter["name"])
            if value is None and parameter["optional"]:
                continue
            arguments[parameter["name"]] = _argument(f"{name}: {parameter['name']}", parameter, value, shown)
        _check_size(name, arguments, shown, described["max_bytes"])
        calls += 1
        return requests.ask(described["name"], arguments, shown)

    tool.__name__ = tool.__qualname__ = described["name"]
    tool.__doc__ = described["description"]
    tool.__signature__ = signature
    return tool


def _parameter(parameter):
    default = None if parameter["optional"] else inspect.Parameter.empty
    return inspect.Parameter(parameter["name"], inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


def _argument(name, parameter, value, shown):
    """The value as it travels; an image as its place among `shown`."""
    if isinstance(value, np.generic):
        value = value.item()
    kind = parameter["type"]
    if kind == "image":
        if not isinstance(value, Image.Image):
            hint = "; Image.fromarray(array) makes one of an array" if isinstance(value, np.ndarray) else ""
            raise TypeError(f"{name}: expected a PIL image, got {type(value).__name__}{hint}")
        shown.append(_deliverable(name, value))
        return len(shown) - 1
    if kind == "json":
        return _plain(name, value)
    if kind == "choice":
        if type(value) is not str or value not in parameter["choices"]:
            raise ValueError(f"{name}: expected one of {', '.join(map(repr, parameter['choices']))}, got {value!r:.100}")
        return value
    if not _SUITS[kind](value):
        raise TypeError(f"{name}: expected a {kind}, got {type(value).__name__}")
    return value


def _is_number(value):
    return type(value) is int and abs(value) < MAX_INTEGER or type(value) is float and math.isfinite(value)


_SUITS = {"string": lambda value: type(value) is str, "boolean": lambda value: type(value) is bool, "number": _is_number}


def _plain(name, value):
    try:
        plain = json.loads(json.dumps(value, allow_nan=False, default=_listed))
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{name}: expected numbers, strings, lists and dicts: {error}") from None
    _check_plain(name, plain)
    return plain


def _check_plain(name, plain):
    level, count = [plain], 0
    for _ in range(MAX_DEPTH + 1):
        count += len(level)
        if count > MAX_VALUES:
            raise ValueError(f"{name}: expected at most {MAX_VALUES:,} values")
        for part in level:
            if type(part) is int and abs(part) >= MAX_INTEGER:
                raise ValueError(f"{name}: expected integers below 2**53, got {part!r:.40}; a string keeps its digits")
        containers = [part for part in level if type(part) in (dict, list)]
        level = [inner for part in containers for inner in (part.values() if type(part) is dict else part)]
    if containers:
        raise ValueError(f"{name}: expected at most {MAX_DEPTH} levels")


def _listed(value):
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is none of these")


def _deliverable(name, image):
    # Not a step of what the code does to its images.
    recorder.depth += 1
    try:
        delivered = images.deliver(image)
    except images.Undeliverable as error:
        raise ValueError(f"{name}: {error}") from None
    finally:
        recorder.depth -= 1
    if 0 in delivered.size:
        raise ValueError(f"{name}: the image has no pixels ({delivered.width}×{delivered.height})")
    return delivered


def _check_size(name, arguments, shown, max_bytes):
    text = len(json.dumps(arguments))
    if text > MAX_TEXT:
        raise ValueError(f"{name}: the arguments have {text:,} characters; at most {MAX_TEXT:,} are allowed")
    size = text + sum(image.width * image.height * images.CHANNELS[image.mode] for image in shown)
    if size > max_bytes:
        raise ValueError(f"{name}: the arguments have {size:,} bytes; at most {max_bytes:,} are allowed")


class _Requests:
    """One at a time, numbered from 1."""

    def __init__(self, pixels):
        self._pixels = pixels
        self._count = 0

    def ask(self, tool, arguments, shown):
        """Raises ToolError, or OSError where the images find no room."""
        if shown:
            self._write(shown)
        self._count += 1
        described = [{"mode": image.mode, "width": image.width, "height": image.height} for image in shown]
        framing.send(_socket, _nonce, {"tool": tool, "request": self._count, "arguments": arguments, "images": described})
        message = framing.receive(_socket, MAX_FRAME)
        if message is None:
            os._exit(1)
        (file,) = message[2]
        try:
            return _read(file)
        finally:
            os.close(file)

    def _write(self, shown):
        """One image after the other; the result of the call begins at the start of the file again."""
        os.lseek(self._pixels, 0, os.SEEK_SET)
        try:
            os.ftruncate(self._pixels, sum(write_pixels(self._pixels, image)[0] for image in shown))
        finally:
            os.lseek(self._pixels, 0, os.SEEK_SET)


def _read(file):
    """An answer: the length of a JSON text, the text, the pixels of an image where there is one."""
    with mmap.mmap(file, 0, prot=mmap.PROT_READ) as content:
        (length,) = LENGTH.unpack(content[: LENGTH.size])
        end = LENGTH.size + length
        answer = json.loads(content[LENGTH.size : end])
        if "error" in answer:
            raise ToolError(answer["error"])
        image = answer.get("image")
        if image is None:
            return answer["value"]
        return images.from_pixels(content[end:], image["mode"], image["width"], image["height"])
