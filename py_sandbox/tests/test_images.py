import io

import numpy as np
import pytest
from PIL import Image

from py_sandbox import images


def grey(values, dtype):
    return Image.fromarray(np.array([values], dtype=dtype))


def pixels(image):
    return list(image.getdata())


def test_sixteen_bits_are_scaled_by_257():
    assert pixels(images.deliver(grey([0, 128, 129, 257 * 7, 65535], np.uint16))) == [0, 0, 1, 7, 255]


def test_floats_are_rounded_and_clipped_and_nan_is_black():
    assert pixels(images.deliver(grey([-3, 0.4, 0.6, 254.6, 1e30, np.nan, np.inf, -np.inf], np.float32))) == [0, 0, 1, 255, 255, 0, 255, 0]


def test_integers_are_clipped():
    assert pixels(images.deliver(grey([-3, 7, 300], np.int32))) == [0, 7, 255]


@pytest.mark.parametrize(
    "mode, delivered",
    [("1", "L"), ("L", "L"), ("LA", "RGBA"), ("PA", "RGBA"), ("La", "RGBA"), ("RGBa", "RGBA"), ("RGBA", "RGBA"), ("P", "RGB")]
    + [("CMYK", "RGB"), ("YCbCr", "RGB"), ("HSV", "RGB"), ("I", "L"), ("F", "L"), ("I;16", "L"), ("I;16B", "L"), ("RGBX", "RGB")],
)
def test_every_mode_is_delivered(mode, delivered):
    assert images.deliver(Image.new(mode, (2, 2))).mode == delivered


def test_a_palette_with_a_transparent_entry_keeps_it():
    image = Image.new("P", (2, 2))
    image.info["transparency"] = 0
    assert images.deliver(image).mode == "RGBA"


def test_what_cannot_be_converted_is_told():
    class Unconvertible(Image.Image):
        mode = "XYZ"

        def convert(self, mode):
            raise ValueError("no such conversion")

    with pytest.raises(images.Undeliverable, match="mode XYZ cannot be converted to RGB: no such conversion"):
        images.deliver(Unconvertible())


@pytest.mark.parametrize("image", [Image.new("RGBA", (1, 1), (9, 9, 9, 0)), Image.new("LA", (1, 1), (9, 0)), Image.new("La", (1, 1), (0, 0))])
def test_transparent_pixels_become_white(image):
    assert pixels(images.to_rgb_over_white(image)) == [(255, 255, 255)]


@pytest.mark.parametrize("head, maximum", [(b"P5 3 1 65535\n", 65535), (b"P5 3 1 1000\n", 1000)])
def test_sixteen_bits_of_a_pgm_are_scaled_too(head, maximum):
    values = (0, maximum // 4, maximum)
    image = Image.open(io.BytesIO(head + b"".join(value.to_bytes(2, "big") for value in values)))
    assert pixels(images.to_rgb_over_white(image)) == [(0, 0, 0), (64, 64, 64), (255, 255, 255)]


def test_the_transparent_value_of_sixteen_bits_is_white():
    image = grey([10_000, 20_000], np.uint16)
    image.info["transparency"] = 20_000
    assert pixels(images.to_rgb_over_white(image)) == [(39, 39, 39), (255, 255, 255)]


def test_a_palette_of_colours_with_alpha_keeps_it():
    image = Image.new("RGBA", (2, 1), (200, 0, 0, 255))
    image.putpixel((1, 0), (0, 0, 0, 0))
    few = image.quantize(2)
    assert images.deliver(few).mode == "RGBA"
    assert pixels(images.to_rgb_over_white(few)) == [(200, 0, 0), (255, 255, 255)]


def test_only_rgba_is_pasted_over_white_where_the_release_is_followed():
    assert pixels(images.fetch_rgb(Image.new("RGBA", (1, 1), (9, 9, 9, 0)))) == [(255, 255, 255)]
    assert pixels(images.fetch_rgb(Image.new("LA", (1, 1), (9, 0)))) == [(9, 9, 9)]
