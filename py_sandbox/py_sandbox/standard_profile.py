"""Profile `standard`: what the paper describes and the author of such code would expect."""

import builtins
import random

import numpy as np
from PIL import Image

from . import failure, images
from .namespace import libraries

REPORTS_UNCHANGED = True
MAX_CODE = 20_000
ALLOWED_MODULES = tuple(
    "PIL numpy cv2 math cmath random statistics fractions decimal itertools functools operator collections heapq bisect re string textwrap json io"
    " base64 copy typing dataclasses enum time datetime colorsys warnings __future__".split()
)
HIDDEN_BUILTINS = ("breakpoint", "help", "exit", "quit", "input", "copyright", "credits", "license")
FIRST_NAMES = ("result", "output", "processed_image")
INPUT_NAMES = ("img", "image")


class ImportRefused(ImportError):
    """Raised inside the code for a module it may not import, so that `except ImportError` works as anywhere."""


# The code's author knows it by its ordinary name.
ImportRefused.__name__ = ImportRefused.__qualname__ = "ImportError"


def prepare(image):
    return images.to_rgb_over_white(image)


def run(code, image, others, tools):
    """Execute the code, which finds the names of `tools` too; returns what it left as its result. Raises failure.Refused, or what the code raised."""
    if len(code) > MAX_CODE:
        raise failure.Refused(failure.policy(f"the code has {len(code):,} characters; at most {MAX_CODE:,} are allowed"))
    program = _compile(code)
    failure.remember_source(code)
    names = {
        "__name__": "__main__",
        "__builtins__": _BUILTINS,
        **libraries(image),
        "images": others,
        **tools,
    }
    try:
        exec(program, names)
    except ImportRefused as error:
        raise failure.Refused(failure.runtime(error, kind="policy")) from None
    return _result(names, image)


def not_an_image(value):
    kind = type(value).__name__
    text = f"the result is a {kind}, not a PIL image; leave a PIL image in the name result"
    if isinstance(value, np.ndarray):
        text += (
            ": result = Image.fromarray(array), with array of dtype uint8;"
            " if it came from cv2 in BGR order, cv2.cvtColor(array, cv2.COLOR_BGR2RGB) first"
        )
    return text


def _compile(code):
    try:
        return compile(code, failure.CODE_NAME, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise failure.Refused(failure.syntax(error, error.msg or "", error.lineno)) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        # Null bytes, lone surrogates and nesting past the parser's depth.
        raise failure.Refused(failure.syntax(error, failure.message_of(error), None)) from None


def seed():
    """The random numbers of every call are the same. Done once, ahead of the calls: each has a process of its own."""
    random.seed(0)
    np.random.seed(0)


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    if level == 0 and name.split(".")[0] in ALLOWED_MODULES:
        return builtins.__import__(name, globals, locals, fromlist, level)
    asked = "." * level + name
    raise ImportRefused(f"import of {asked!r} is refused; modules that can be imported: {', '.join(ALLOWED_MODULES)}", name=name)


#: Made once: a call may change it, since it has its process for itself.
_BUILTINS = {**{name: value for name, value in vars(builtins).items() if name not in HIDDEN_BUILTINS}, "__import__": _import}


def _result(names, image):
    for name in FIRST_NAMES:
        if names.get(name) is not None:
            return names[name]
    rebound = [names[name] for name in INPUT_NAMES if name in names and names[name] is not image]
    for value in rebound:
        if isinstance(value, Image.Image):
            return value
    return rebound[0] if rebound else image
