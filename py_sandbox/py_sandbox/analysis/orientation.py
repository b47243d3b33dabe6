"""Rotations and flips that a text seems to perform. Angles are counter-clockwise, as in Pillow."""

import re

from .constant import number
from .textual import names_found, sequence

#: Degrees by which an angle may miss a right one.
TOLERANCE = 5.0
RIGHT_ANGLES = (90, 180, 270)

ROTATE = re.compile(r"\.rotate\(([^,)]++)(?:,[^)]*+)?\)")
#: The array is what stands before a blank, a comma or a parenthesis; the count is read only where it is named, right after it.
ROT90 = re.compile(r"np\.rot90\(\s*+[^,\s)]++\s*+(?:,\s*+k\s*+=\s*+([-+]?\d++))?")


def _transposed(constant, otherwise=None):
    """`otherwise`: words that mean the same, wherever they stand."""
    first = "" if otherwise is None else re.escape(otherwise) + "|"
    return sequence(first + r"transpose\(", rf"Image\.{constant}", r"\)")


def _turned(constant):
    return sequence(r"cv2\.rotate\([^,)]*+,", rf"cv2\.ROTATE_{constant}", r"\)")


TRANSPOSED = [(_transposed(f"ROTATE_{angle}"), f"rotate_{angle}") for angle in RIGHT_ANGLES]
#: OpenCV's names are clockwise.
TURNED = [
    (_turned("90_CLOCKWISE"), "rotate_270"),
    (_turned("180"), "rotate_180"),
    (_turned("90_COUNTERCLOCKWISE"), "rotate_90"),
]
FLIPPED = [
    (_transposed("FLIP_LEFT_RIGHT", "ImageOps.mirror"), "flip_horizontal"),
    (_transposed("FLIP_TOP_BOTTOM", "ImageOps.flip"), "flip_vertical"),
]


def rotations(code):
    """In the order: angles, transpositions, np.rot90, OpenCV; a name may come more than once."""
    return [*_by_angle(code), *names_found(code, TRANSPOSED), *_by_count(code), *names_found(code, TURNED)]


def flips(code):
    return names_found(code, FLIPPED)


def _by_angle(code):
    for match in ROTATE.finditer(code):
        try:
            angle = number(match[1].strip())
        except Exception:  # no float can hold it
            continue
        nearest = None if angle is None else _nearest(angle)
        if nearest is not None:
            yield f"rotate_{nearest}"


def _nearest(angle):
    """The right angle that is meant; None where none is near, and for what is not finite."""
    for right in RIGHT_ANGLES:
        if abs((angle % 360 - right + 180) % 360 - 180) <= TOLERANCE:
            return right
    return None


def _by_count(code):
    for match in ROT90.finditer(code):
        try:
            turns = 1 if match[1] is None else int(match[1]) % 4
        except ValueError:
            continue  # more digits than Python reads
        if turns != 0:
            yield f"rotate_{90 * turns}"
