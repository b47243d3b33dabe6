import io

import pytest
from codevision_env.images import decode, encode
from PIL import Image


def file_of(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_pixels_cross_unchanged_in_every_form_that_rows_have(tmp_path):
    image = Image.radial_gradient("L").convert("RGB")
    path = tmp_path / "image.png"
    path.write_bytes(file_of(image))
    for given in (image, file_of(image), {"bytes": file_of(image)}, {"image": image}, str(path), f"file://{path}"):
        assert decode(encode(given)).tobytes() == image.tobytes()


def test_modes_that_png_has_not_are_converted():
    assert decode(encode(Image.new("CMYK", (3, 2)))).size == (3, 2)


@pytest.mark.parametrize("given", [5, {}, {"bytes": None}])
def test_what_is_no_image_is_refused_with_what_was_expected(given):
    with pytest.raises(TypeError, match="expected an image"):
        encode(given)
