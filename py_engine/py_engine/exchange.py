"""Arrays cross in files of one folder, in shared memory where there is some: raw numbers one after the other, their layout beside the message."""

import math

import numpy

TYPES = {"int32": numpy.int32, "uint8": numpy.uint8, "float32": numpy.float32, "float64": numpy.float64}


def take(*, path, layout):
    """The arrays of a file, by name: [{name, type, shape, offset}]. Each array is a copy of its own."""
    if not layout:
        return {}
    data = numpy.fromfile(path, dtype=numpy.uint8)
    arrays = {}
    for entry in layout:
        kind, shape = numpy.dtype(TYPES[entry["type"]]), entry["shape"]
        size = math.prod(shape) * kind.itemsize
        arrays[entry["name"]] = data[entry["offset"] : entry["offset"] + size].copy().view(kind).reshape(shape)
    return arrays


def give(*, path, arrays):
    """Write arrays (name -> NumPy array) and return their layout."""
    layout, offset = [], 0
    names = {numpy.dtype(kind): name for name, kind in TYPES.items()}
    with open(path, "wb") as file:
        for name, array in arrays.items():
            layout.append({"name": name, "type": names[array.dtype], "shape": list(array.shape), "offset": offset})
            offset += file.write(numpy.ascontiguousarray(array).tobytes())
    return layout
