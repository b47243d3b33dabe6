"""The whole reading of one call: the names of its operations in order, each once, and the boxes it crops to."""

from . import crops, description
from .appearance import appearances
from .orientation import flips, rotations


def read(code, described):
    """(names, boxes) of a code and the text that describes it.

    Raises OverflowError, TypeError or RecursionError where the factor of an enhancer is a number that no float can hold or nested too deeply, as the released
    reader does.
    """
    boxes = crops.boxes(code)
    names = [*rotations(code), *flips(code), *appearances(code)]
    if boxes:
        names.append("crop")
    names += description.hints(described)
    return list(dict.fromkeys(names)), boxes or description.boxes(described)
