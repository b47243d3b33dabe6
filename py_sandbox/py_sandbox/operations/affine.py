"""Affine maps from the pixels of a result to those of its input, as (a, b, c, d, e, f): x' = a·x + b·y + c, y' = d·x + e·y + f.

Coordinates are those of pixel edges: the first pixel covers 0 to 1.
"""

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
#: Larger numbers than any image has use for are not told.
MAX_NUMBER = 1e12


def told(affine):
    """The map in plain numbers, of whatever kind of float it came; None where one of them is none that can be told."""
    plain = tuple(map(float, affine))
    return plain if all(abs(number) <= MAX_NUMBER for number in plain) else None


def compose(outer, inner):
    """First `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (a * g + b * j, a * h + b * k, a * i + b * m + c, d * g + e * j, d * h + e * k, d * i + e * m + f)


def invert(affine):
    a, b, c, d, e, f = affine
    determinant = a * e - b * d
    return (e / determinant, -b / determinant, (b * f - c * e) / determinant, -d / determinant, a / determinant, (c * d - a * f) / determinant)


def translation(x, y):
    return (1.0, 0.0, float(x), 0.0, 1.0, float(y))


def window(box, size):
    """The result of `size` shows the region `box` of its input."""
    left, top, right, bottom = box
    return ((right - left) / size[0], 0.0, float(left), 0.0, (bottom - top) / size[1], float(top))


def from_pixel_centres(affine):
    """The same map for edges, where `affine` is given for centres at whole numbers, as OpenCV counts."""
    return compose(translation(0.5, 0.5), compose(affine, translation(-0.5, -0.5)))


def transposition(method, width, height):
    """Of Pillow's seven transpositions of an image of width × height, by their number."""
    return (
        (-1.0, 0.0, width, 0.0, 1.0, 0.0),  # FLIP_LEFT_RIGHT
        (1.0, 0.0, 0.0, 0.0, -1.0, height),  # FLIP_TOP_BOTTOM
        (0.0, -1.0, width, 1.0, 0.0, 0.0),  # ROTATE_90
        (-1.0, 0.0, width, 0.0, -1.0, height),  # ROTATE_180
        (0.0, 1.0, 0.0, -1.0, 0.0, height),  # ROTATE_270
        (0.0, 1.0, 0.0, 1.0, 0.0, 0.0),  # TRANSPOSE
        (0.0, -1.0, width, -1.0, 0.0, height),  # TRANSVERSE
    )[method]
