"""Run one piece of model code over the session's images, under the profile of the sandbox."""

import json
import mmap
import os

from PIL import Image

from .. import failure, images, operations, release_profile, sizes, standard_profile, tools
from .decode import write_pixels

PROFILES = {"standard": standard_profile, "release": release_profile}
#: The image that was loaded ahead of the call: (name of its file, image), taken once.
_preloaded = None


def preload(profile, image, pixels_file):
    """Load an image before the call comes. image: {file, mode, width, height}. Raises MemoryError; what else goes wrong is told by the call."""
    global _preloaded
    try:
        _preloaded = (image["file"], PROFILES[profile].prepare(load(image, pixels_file)))
    except (ValueError, ZeroDivisionError):
        pass


def rehearse(profile, code, pixels):
    """Run code of ours over an image of ours, on the way that a call goes; the file for the result is left at its start."""
    image = Image.new("RGB", (32, 32))
    operations.start(image, 0)
    result = PROFILES[profile].run(code, image, (), {})
    json.dumps(operations.report(result))
    write_pixels(pixels, images.deliver(result), bytes(1))
    os.lseek(pixels, 0, os.SEEK_SET)


def load(image, pixels_file):
    with mapped(pixels_file) as pixels:
        return images.from_pixels(pixels, image["mode"], image["width"], image["height"])


def mapped(pixels_file):
    return mmap.mmap(pixels_file, 0, prot=mmap.PROT_READ)


def run(job, files):
    """job: {profile, code, index, count, images: [{index, file, mode, width, height}], max_result_pixels, tools: those that the code
    may use (tools.py), or nothing}.

    files: the pixels of each of `images`, which are those of the trajectory's `count` images that the code may need; then the file for the result.

    Whatever the code raises becomes an error answer. Pixels are written only for an answer of status ok.
    """
    *inputs, pixels = files
    profile = PROFILES[job["profile"]]
    index, count = job["index"], job["count"]
    if not 0 <= index < count:
        return index_error(index, count)
    described = {image["index"]: (image, pixels_file) for image, pixels_file in zip(job["images"], inputs, strict=True)}

    try:
        given = take_preloaded(described[index][0]["file"]) or profile.prepare(load(*described[index]))
        # Copying images that the code does not name would cost as much as the call itself.
        has_all = len(described) == count and "images" in job["code"]
        others = tuple(read_only(profile.prepare(load(*described[position]))) for position in range(count)) if has_all else ()
        before = untouched(given, *described[index]) if profile.REPORTS_UNCHANGED else None
        before_size = given.size
        if job.get("observe", True):
            operations.start(given, index, others)
        result = profile.run(job["code"], given, others, tools.names(job.get("tools"), pixels))
        claim = operations.report(result)
        return {**finish(job, profile, result, before, before_size, pixels), "operations": claim}
    except failure.Refused as refused:
        return {**refused.answer, "operations": operations.report()}
    except BaseException as error:  # SystemExit and KeyboardInterrupt of the code are the code's
        return {**failure.runtime(error), "operations": operations.report()}


def take_preloaded(file):
    global _preloaded
    kept, _preloaded = _preloaded, None
    return kept[1] if kept is not None and kept[0] == file else None


def untouched(given, image, pixels_file):
    """The pixels of the input, where the code cannot change them: in their file, or in a copy where it holds another mode."""
    return mapped(pixels_file) if image["mode"] == "RGB" else Image.Image.tobytes(given)


def read_only(image):
    image.readonly = 1
    return image


def index_error(index, count):
    error = IndexError(f"image_index {index} is out of range: the trajectory has {count} image(s), 0 to {count - 1}")
    return failure.runtime(error)


def finish(job, profile, result, before, before_size, pixels):
    if not isinstance(result, Image.Image):
        return failure.not_an_image(result, profile)
    width, height = result.size
    refusal = sizes.refuse_result(width, height)
    if refusal is not None:
        return failure.result(refusal, width, height)
    if width * height > job["max_result_pixels"]:
        return failure.result(
            f"the result has {width}×{height} = {width * height:,} pixels; at most {job['max_result_pixels']:,} are allowed", width, height
        )
    source_mode = result.mode
    try:
        delivered = images.deliver(result)
    except images.Undeliverable as error:
        return failure.result(str(error), width, height)
    comparable = delivered.mode == "RGB" and delivered.size == before_size
    count, unchanged = write_pixels(pixels, delivered, before if comparable else None)
    # The file may have been given more than it needed.
    os.ftruncate(pixels, count)
    return {
        "status": "ok",
        "mode": delivered.mode,
        "sourceMode": source_mode,
        "width": width,
        "height": height,
        "unchanged": unchanged,
    }
