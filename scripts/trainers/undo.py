"""Code that undoes each transformation (rotations counter-clockwise), over `image`."""

UNDO = {
    "none": "image",
    "rotate_90": "image.rotate(270, expand=True)",
    "rotate_180": "image.rotate(180)",
    "rotate_270": "image.rotate(90, expand=True)",
    "flip_horizontal": "ImageOps.mirror(image)",
    "flip_vertical": "ImageOps.flip(image)",
}
