"""What a worker says its code did to images: untrusted, so every field is checked and bounded before it is passed on. Confirmed elsewhere, by pixels."""

import json

MAX_STEPS = 64
MAX_SIDE = 1 << 31
MAX_NUMBER = 1e12
MAX_ARGUMENTS = 800
MAX_ITEMS = 9
MAX_NAMES = 4
MAX_TEXT = 60
NOTHING = {"root": None, "size": None, "steps": []}


def checked(claim):
    """The claim, or the empty one where it has not the form: it earns nothing either way."""
    if type(claim) is not dict or type(claim.get("steps")) is not list or len(claim["steps"]) > MAX_STEPS:
        return NOTHING
    root, size, steps = claim.get("root"), claim.get("size"), [_step(step) for step in claim["steps"]]
    if None in steps or not (size is None or _is_size(size)) or not (root is None or (type(root) is int and 0 <= root < MAX_SIDE)):
        return NOTHING
    return {"root": root, "size": size, "steps": steps}


def _step(step):
    if type(step) is not dict:
        return None
    call, args, names, affine = step.get("call"), step.get("args"), step.get("names"), step.get("affine")
    is_right = (
        _is_text(call)
        and type(args) is list
        and len(args) <= MAX_ITEMS
        and type(names) is list
        and len(names) <= MAX_NAMES
        and all(map(_is_text, names))
        and (affine is None or (type(affine) is list and len(affine) == 6 and all(map(_is_number, affine))))
        and _is_size(step.get("size"))
        and _is_size(step.get("from"))
        and type(step.get("path")) is bool
        and _is_small(args)
    )
    return {name: step[name] for name in ("call", "args", "names", "affine", "size", "from", "path")} if is_right else None


def _is_text(value):
    return type(value) is str and len(value) <= MAX_TEXT


def _is_number(value):
    # False for what is not finite, too; a whole number may be too long to become a float.
    return type(value) in (int, float) and abs(value) <= MAX_NUMBER


def _is_size(value):
    return type(value) is list and len(value) == 2 and all(type(side) is int and 0 <= side < MAX_SIDE for side in value)


def _is_small(args):
    try:
        return len(json.dumps(args, allow_nan=False)) <= MAX_ARGUMENTS
    except (ValueError, RecursionError):
        return False
