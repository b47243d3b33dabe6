"""The copy of an image that the model sees: LANCZOS into [min_pixels, max_pixels]."""

import mmap

from PIL import Image

from .. import images, sizes
from .decode import refused, write_pixels


def run(job, files):
    """job: {mode, width, height, min_pixels, max_pixels}; files: the pixels, then the file for the result."""
    source, pixels = files
    width, height = job["width"], job["height"]
    size = sizes.view_size(width, height, job["min_pixels"], job["max_pixels"])
    if size is None:
        return refused(f"an image of {width}×{height} has no view")
    with mmap.mmap(source, 0, prot=mmap.PROT_READ) as mapped:
        image = images.from_pixels(mapped, job["mode"], width, height)
    if size != (width, height):
        image = image.resize(size, Image.Resampling.LANCZOS)
        write_pixels(pixels, image)
    return {"status": "ok", "mode": image.mode, "sourceMode": image.mode, "width": size[0], "height": size[1], "unchanged": size == (width, height)}
