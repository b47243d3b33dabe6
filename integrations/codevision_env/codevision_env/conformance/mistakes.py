"""Calls that are none, whose mistake the model must be told."""

from typing import Any

from .told_images import TURNS

#: By rule: the arguments, and a word of what is told.
MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "a call without code is told": ({"description": "nothing"}, "code"),
    "an index that is no number is told": ({"code": TURNS, "image_index": float("nan")}, "image_index"),
    "an index beyond the images is told": ({"code": TURNS, "image_index": 99}, "IndexError"),
}
