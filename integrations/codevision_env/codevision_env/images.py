"""Images as they cross the wire: files in base64."""

import base64
import io
from typing import Any

from PIL import Image


def decode(data: str) -> Image.Image:
    """An image from the base64 of its file, in RGB as models take it."""
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


def encode(image: Any) -> str:
    """The base64 of a file: of a PIL image its pixels as PNG, of bytes these.

    Also what rows of data sets hold: `{"bytes": …}` or `{"image": …}`, and the path of a file.
    """
    if isinstance(image, dict):
        inner = image.get("bytes") or image.get("image") or image.get("path")
        if inner is None:
            raise TypeError(f"expected an image under bytes, image or path, got the keys {sorted(image)}")
        return encode(inner)
    if isinstance(image, Image.Image):
        buffer = io.BytesIO()
        kept = image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGB")
        kept.save(buffer, "PNG")
        return base64.b64encode(buffer.getvalue()).decode()
    if isinstance(image, bytes | bytearray):
        return base64.b64encode(image).decode()
    if isinstance(image, str):
        with open(image.removeprefix("file://"), "rb") as file:
            return base64.b64encode(file.read()).decode()
    raise TypeError(f"expected an image as PIL image, bytes or path, got {type(image).__name__}")
