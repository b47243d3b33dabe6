"""Profile `release`: what the released environment really does at a call, with all its surprises.

Input resized to multiples of 28, separate globals and locals, 23 builtins, imports refused while running, a source check before it.
"""

import ast
import builtins
import math

import numpy as np
from PIL import Image

from . import failure, images, release_messages, sizes
from .namespace import libraries

REPORTS_UNCHANGED = False
MAX_CODE = 2_048
BUILTINS = (
    "len range enumerate zip min max sum abs round int float str bool list tuple dict set print isinstance type hasattr getattr setattr".split()
)
IMPORTABLE = ("PIL", "numpy", "math", "cv2")
REFUSED_NAMES = frozenset("os sys subprocess eval exec compile open file input raw_input __import__".split())
REFUSED_CALLS = frozenset("exit quit help dir vars globals locals".split())
RESULT_NAMES = ("result", "output", "processed_image", "img", "image")


def prepare(image):
    rgb = images.fetch_rgb(image)
    size = sizes.fetch_size(*rgb.size)
    # Pillow keeps the resize of an equal size a plain copy.
    return rgb.resize(size)


def run(code, image, others, tools):
    """Execute the code as the release does, which knows no tools; raises failure.Refused, or what the code raised."""
    _check(code)
    names = {**libraries(image), "__builtins__": _builtins()}
    local_names = {}
    failure.remember_source(code)
    try:
        program = compile(code, failure.CODE_NAME, "exec", dont_inherit=True)
    except SyntaxError as error:
        # Only the byte compiler sees these (`break` outside a loop): the release reports them as errors of the run, of a file <string>.
        error.filename = "<string>"
        raise failure.Refused(failure.answer("runtime", type(error).__name__, str(error), line=error.lineno)) from None
    exec(program, names, local_names)
    return _result(names, local_names, image)


def not_an_image(value):
    return f"the result is a {type(value).__name__}, not a PIL image"


def _check(code):
    if len(code) > MAX_CODE:
        raise failure.Refused(failure.policy(f"the code has {len(code):,} characters; at most {MAX_CODE:,} are allowed"))
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise failure.Refused(failure.syntax(error, str(error), error.lineno)) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise failure.Refused(failure.syntax(error, failure.message_of(error), None)) from None
    for node in ast.walk(tree):
        refused = _refused_by(node)
        if refused is not None:
            raise failure.Refused(failure.policy(refused))


def _refused_by(node):
    match node:
        case ast.Import(names=names):
            for alias in names:
                if alias.name in REFUSED_NAMES:
                    return f"import of {alias.name} is refused"
        case ast.ImportFrom(module=module) if module in REFUSED_NAMES:
            return f"import from {module} is refused"
        case ast.Call(func=ast.Name(id=name)) if name in REFUSED_CALLS:
            return f"call of {name} is refused"
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in REFUSED_NAMES:
            return f"attribute {name}.{attribute} is refused"
    return None


def _builtins():
    return {**{name: getattr(builtins, name) for name in BUILTINS}, "math": math, "np": np, "__import__": _import}


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    if any(name == module or name.startswith(module + ".") for module in IMPORTABLE):
        return builtins.__import__(name, globals, locals, fromlist, level)
    raise ImportError(release_messages.IMPORT_REFUSED.format(name=name))


def _result(names, local_names, image):
    value = None
    for name in RESULT_NAMES:
        if name in local_names:
            value = local_names[name]
            break
        if name in names:
            value = names[name]
            break
    return value if value is not None else names.get("image", image)
