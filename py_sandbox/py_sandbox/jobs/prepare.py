"""What a worker does ahead of a call, while nobody waits: its result file gets pages, the image is loaded, memory and code paths are touched."""

import os

from PIL import Image

from . import execute

#: Runs the way of ordinary calls once, so that the pages they write to are the worker's own; over an image of its own, whose result nobody sees.
WARM_UP = """\
part = np.array(image.crop((0, 0, 16, 16)).resize((32, 32)))[::-1].copy()
result = ImageEnhance.Contrast(Image.fromarray(cv2.GaussianBlur(part, (3, 3), 0))).enhance(1.5).rotate(90, expand=True)
"""


def reserve(job, files):
    """Before the worker is locked down: give the file of the result pages that it will probably need. files: the image, the file for the result."""
    _source, pixels = files
    try:
        os.posix_fallocate(pixels, 0, job["image"]["width"] * job["image"]["height"] * 3)
    except OSError:
        os.ftruncate(pixels, 0)  # a full disk is told when the result is written


def run(job, files, *, is_wanted):
    """job: {profile, image: {file, mode, width, height}}. Leaves nothing that a call could see but the loaded image, which execute takes.

    is_wanted(): whether the call has come. Then it goes first: what it needs it touches itself, and what it does not need costs nobody anything.
    """
    source, pixels = files
    if is_wanted():
        return
    execute.rehearse(job["profile"], WARM_UP, pixels)
    if is_wanted():
        return
    try:
        execute.preload(job["profile"], job["image"], source)
        size = job["image"]["width"], job["image"]["height"]
        Image.new("RGB", size, 1)  # freed at once: the next image of this size takes its pages
    except MemoryError:
        pass  # the call will meet the limit itself, and tell
