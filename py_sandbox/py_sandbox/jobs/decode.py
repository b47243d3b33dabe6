"""Decode an image file into RGB pixels, as the paper's environment does (PIL), in a worker: the file is hostile."""

import os
import warnings

from PIL import Image, UnidentifiedImageError

from .. import images

CHUNK = 1 << 16
#: Taken before any code could put something else in its place.
_getencoder = Image._getencoder


def run(job, files):
    """job: {max_pixels, profile}; files: the encoded file, then the file for the pixels."""
    encoded, pixels = files
    warnings.simplefilter("ignore")
    if os.fstat(encoded).st_size == 0:
        return refused("the file is empty (0 bytes)")
    try:
        image = Image.open(os.fdopen(os.dup(encoded), "rb"))
        width, height = image.size
        if width * height > job["max_pixels"]:
            return refused(f"{width}×{height} is {width * height:,} pixels; at most {job['max_pixels']:,} are allowed")
        if width <= 0 or height <= 0:
            return refused(f"it has no pixels ({width}×{height})")
        image.load()
        source_mode = image.mode
        rgb = images.fetch_rgb(image) if job["profile"] == "release" else images.to_rgb_over_white(image)
    except UnidentifiedImageError:
        return refused("it is no image that Pillow can read")
    except MemoryError:
        return refused("decoding it needs more memory than a call may use")
    except Exception as error:  # Pillow's plugins raise anything on a damaged file
        return refused(f"it is damaged: {type(error).__name__}: {error}")
    write_pixels(pixels, rgb)
    return {"status": "ok", "mode": "RGB", "sourceMode": source_mode, "width": width, "height": height, "animated": has_more_frames(encoded)}


def has_more_frames(descriptor):
    """Whether the file holds frames or pages behind the first, the one that is used. Looked at anew: seeking spoils an image that is in use."""
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        with Image.open(os.fdopen(os.dup(descriptor), "rb")) as image:
            return bool(getattr(image, "is_animated", False))
    except Exception:  # the first frame was fine, and nothing else is wanted of the file
        return False


def refused(reason):
    return {"status": "error", "kind": "result", "type": None, "message": reason[:1000], "traceback": "", "line": None}


def write_pixels(descriptor, image, before=None):
    """Write the pixels of an image in pieces that stay in the processor's cache.

    Returns how many bytes there are, and whether they are those of `before` (bytes or a mapped file).
    """
    image.load()
    encoder = _getencoder(image.mode, "raw", image.mode)
    encoder.setimage(image.im)
    chunk = max(CHUNK, image.size[0] * 4)
    count, same = 0, before is not None
    status = 0
    while status == 0:
        _, status, data = encoder.encode(chunk)
        same = same and before[count : count + len(data)] == data
        count += len(data)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    if status < 0:
        raise RuntimeError(f"Pillow's raw encoder failed with {status}")
    return count, same and count == len(before)
