"""The three rules about image sizes: what a call is given, what it may return, and what the model is shown. Pure."""

import math

from . import release_messages

FACTOR = 28
FETCH_MIN_PIXELS = 4 * FACTOR * FACTOR
FETCH_MAX_PIXELS = 16384 * FACTOR * FACTOR
ASPECT_LIMIT = 200


def fetch_size(width, height):
    """Size to which the released environment resizes every image that it hands to a call (qwen-vl-utils' rule, factor 28).

    Raises ValueError past an aspect ratio of 200.
    """
    if max(width, height) / min(width, height) > ASPECT_LIMIT:
        raise ValueError(f"aspect ratio of {width}x{height} is above {ASPECT_LIMIT}")

    new_height = max(FACTOR, round(height / FACTOR) * FACTOR)
    new_width = max(FACTOR, round(width / FACTOR) * FACTOR)
    if new_height * new_width > FETCH_MAX_PIXELS:
        shrink = math.sqrt((height * width) / FETCH_MAX_PIXELS)
        new_height = max(FACTOR, math.floor(height / shrink / FACTOR) * FACTOR)
        new_width = max(FACTOR, math.floor(width / shrink / FACTOR) * FACTOR)
    elif new_height * new_width < FETCH_MIN_PIXELS:
        grow = math.sqrt(FETCH_MIN_PIXELS / (height * width))
        new_height = math.ceil(height * grow / FACTOR) * FACTOR
        new_width = math.ceil(width * grow / FACTOR) * FACTOR
    return new_width, new_height


def view_size(width, height, min_pixels, max_pixels):
    """Size of the copy that the model sees, aspect kept; None for an image without pixels."""
    if width < 1 or height < 1:
        return None
    pixels = width * height
    if pixels < min_pixels:
        scale = (min_pixels / pixels) ** 0.5
        width, height = max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale))
    pixels = width * height
    if pixels > max_pixels:
        scale = (max_pixels / pixels) ** 0.5
        width, height = max(1, int(width * scale)), max(1, int(height * scale))
    return width, height


def refuse_result(width, height):
    """Why an image of this size is no result, in the words of the released environment; None where it is one."""
    if width <= 0 or height <= 0:
        return release_messages.INVALID_SIZE.format(width=width, height=height)
    aspect = max(width / height, height / width)
    if aspect >= ASPECT_LIMIT:
        return release_messages.INVALID_ASPECT.format(width=width, height=height, aspect=aspect)
    return None
