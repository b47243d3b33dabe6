"""What a model is shown of a tool's answers: text where the call stands, and the pictures behind it."""

import json


def shown(items: list[dict]) -> list[dict]:
    """Items of the Responses API, with the pictures in the answers of tools taken out of their text.

    NeMo-Gym keeps a tool's answer as text, here `{"output": [{"type": "input_image", …}, {"type": "input_text", …}]}`. Of it the text stays the answer of the call; the pictures follow in a message of
    the user, behind the answers of all calls of that turn.
    """
    given: list[dict] = []
    pictures: list[dict] = []
    for item in items:
        if item.get("type") != "function_call_output":
            given += behind(pictures)
            pictures = []
            given.append(item)
            continue
        parts = parts_of(item.get("output"))
        if parts is None:
            given.append(item)
            continue
        text = "\n".join(part["text"] for part in parts if part["type"] == "input_text")
        pictures += [part for part in parts if part["type"] == "input_image"]
        given.append({**item, "output": text})
    return given + behind(pictures)


def behind(pictures: list[dict]) -> list[dict]:
    """The message with these pictures; none without any."""
    return [{"type": "message", "role": "user", "content": pictures}] if pictures else []


def parts_of(answer: object) -> list[dict] | None:
    """The parts of a tool's answer; None where it is no such list (an error, or another tool's text)."""
    if not isinstance(answer, str):
        return None
    try:
        parts = json.loads(answer)["output"]
    except (ValueError, TypeError, KeyError):
        return None
    return parts if isinstance(parts, list) and all(map(is_part, parts)) else None


def is_part(part: object) -> bool:
    """Whether it is a text or a picture."""
    if not isinstance(part, dict):
        return False
    needed = {"input_text": "text", "input_image": "image_url"}.get(part.get("type"))
    return needed is not None and isinstance(part.get(needed), str)
