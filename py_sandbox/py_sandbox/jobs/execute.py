"""Run one piece of model code over the session's images, under the profile of the sandbox."""

import mmap

from PIL import Image

from .. import failure, images, operations, release_profile, sizes, standard_profile
from .decode import write_pixels

PROFILES = {"standard": standard_profile, "release": release_profile}


def run(job, files):
    """job: {profile, code, index, count, images: [{index, mode, width, height}], max_result_pixels}.

    files: the pixels of each of `images`, which are those of the trajectory's `count` images that the code may need; then the file for the result.

    Whatever the code raises becomes an error answer. Pixels are written only for an answer of status ok.
    """
    *inputs, pixels = files
    profile = PROFILES[job["profile"]]
    index, count = job["index"], job["count"]
    if not 0 <= index < count:
        return index_error(index, count)
    described = {image["index"]: (image, pixels_file) for image, pixels_file in zip(job["images"], inputs, strict=True)}

    def load(position):
        image, pixels_file = described[position]
        with mmap.mmap(pixels_file, 0, prot=mmap.PROT_READ) as mapped:
            return images.from_pixels(mapped, image["mode"], image["width"], image["height"])

    try:
        given = profile.prepare(load(index))
        others = tuple(read_only(profile.prepare(load(position))) for position in range(count)) if len(described) == count else ()
        # What counts as unchanged is decided against a copy that the code cannot reach.
        before = Image.Image.tobytes(given) if profile.REPORTS_UNCHANGED else None
        before_size = given.size
        if job.get("observe", True):
            operations.start(given, index, others)
        result = profile.run(job["code"], given, others)
        claim = operations.report(result)
        return {**finish(job, profile, result, before, before_size, pixels), "operations": claim}
    except failure.Refused as refused:
        return {**refused.answer, "operations": operations.report()}
    except BaseException as error:  # SystemExit and KeyboardInterrupt of the code are the code's
        return {**failure.runtime(error), "operations": operations.report()}


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
    data = Image.Image.tobytes(delivered)
    unchanged = before is not None and delivered.mode == "RGB" and delivered.size == before_size and data == before
    write_pixels(pixels, delivered)
    return {
        "status": "ok",
        "mode": delivered.mode,
        "sourceMode": source_mode,
        "width": width,
        "height": height,
        "unchanged": unchanged,
    }
