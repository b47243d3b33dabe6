"""NumPy arrays: which image an array holds, and which part of it, in which orientation, a view of it shows.

Slices, transposes, np.rot90 and np.flip copy nothing: where a view begins and how far its rows and columns are apart says all there is to know.
"""

import functools

import numpy as np
from PIL import Image

from . import affine as maps
from . import pillow
from .recorder import recorder
from .watch import Rule, watch

COPIES = ("array", "asarray", "asanyarray", "ascontiguousarray", "copy")


class Kind:
    @staticmethod
    def node_of(thing):
        if isinstance(thing, Image.Image):
            return pillow.Kind.node_of(thing)
        return _node_of_array(thing) if isinstance(thing, np.ndarray) else None

    @staticmethod
    def size_of(thing):
        if isinstance(thing, Image.Image):
            return thing.size
        return (thing.shape[1], thing.shape[0]) if isinstance(thing, np.ndarray) and thing.ndim in (2, 3) and thing.size else None


def install():
    for name in COPIES:
        _follow_copies(name)
    watch(Image, "fromarray", Rule("Image.fromarray", affine=lambda call: maps.IDENTITY, notes=lambda call: False), Kind)


def _follow_copies(name):
    original = getattr(np, name)

    @functools.wraps(original)
    def copied(*args, **kwargs):
        result = original(*args, **kwargs)
        if recorder.active and args and isinstance(args[0], (np.ndarray, Image.Image)) and result is not args[0]:
            try:
                node = Kind.node_of(args[0])
                if node is not None and Kind.size_of(result) == node.size:
                    recorder.tie(result, node)
            except Exception:  # what cannot be followed is lost; the code must not feel it
                pass
        return result

    setattr(np, name, copied)


def _node_of_array(array):
    node = recorder.node(array)
    size = Kind.size_of(array)
    if node is not None:
        return node if node.size == size else None
    owner = array.base
    while isinstance(owner, np.ndarray):
        node = recorder.node(owner)
        if node is not None:
            break
        owner = owner.base
    if node is None or size is None:
        return None
    seen = _seen_through(array, owner)
    if seen is None:
        return None
    if seen != maps.IDENTITY or size != node.size:
        node = recorder.made(node, size, seen, "numpy.ndarray", [], ("crop", "resize", "orientation"), is_listed=True)
    recorder.tie(array, node)
    return node


def _seen_through(view, owner):
    """The map from a view's pixels to those of the array that owns its memory; None where it shows no grid of pixels."""
    if owner.ndim not in (2, 3):
        return None
    row, column = owner.strides[:2]
    if row <= column or column <= 0:
        return None
    offset = view.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    top, rest = divmod(offset, row)
    left = rest // column
    down, across = view.strides[:2]
    # Steps of one pixel say nothing about a side of one pixel.
    down = 0 if view.shape[0] == 1 else down
    across = 0 if view.shape[1] == 1 else across
    if down % row == 0 and _is_within_a_row(across, row, column):
        fy, fx = down // row or 1, across // column or 1
        return (float(fx), 0.0, left + 0.5 - 0.5 * fx, 0.0, float(fy), top + 0.5 - 0.5 * fy)
    if across % row == 0 and _is_within_a_row(down, row, column):
        fy, fx = across // row or 1, down // column or 1
        return (0.0, float(fx), left + 0.5 - 0.5 * fx, float(fy), 0.0, top + 0.5 - 0.5 * fy)
    return None


def _is_within_a_row(stride, row, column):
    return stride % column == 0 and abs(stride) < row
