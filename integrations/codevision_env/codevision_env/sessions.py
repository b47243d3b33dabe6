"""Single calls over images of a caller's own, which no task is known of."""

from typing import Any

from PIL import Image

from .errors import ServiceError
from .images import decode, encode
from .service import Service

# What the model can do better.
WRONG_ARGUMENTS = {400, 422}


def execute_over_images(
    service: Service, id: str, images: list[Any], parameters: Any
) -> tuple[str, list[Image.Image]]:
    """Run one call in a session of its own over all images so far.

    Args:
        id: of the session: sent again, the call is run once.
        parameters: as the model wrote them: code, description, image_index.

    Returns: what the model is told, and the image that the call made, in full resolution.
    Raises CodeVisionError.
    """
    path = f"/v1/sessions/{id}"
    asked = parameters if isinstance(parameters, dict) else {"code": parameters}
    known = {name: asked[name] for name in ("code", "description", "image_index") if name in asked}
    service.post("/v1/sessions", {"id": id, "images": [encode(image) for image in images]})
    try:
        told = service.post(f"{path}/execute", {"call_id": "0", **known})
    except ServiceError as error:
        if error.status not in WRONG_ARGUMENTS:
            raise
        return f"The call was not run: {error}", []
    finally:
        service.delete(path)
    return told["text"], [decode(told["image"]["data"])] if told["status"] == "ok" else []
