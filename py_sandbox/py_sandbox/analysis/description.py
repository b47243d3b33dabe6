"""What the model's own words about its call hint at."""

import re

#: Where an object has its text, the first that is text counts.
KEYS = ("description", "text", "content", "summary")
NUMBER = r"(-?[\d.]++)"
FOUR_NUMBERS = r"\s*+" + r"\s*+,\s*+".join([NUMBER] * 4) + r"\s*+"
#: Square brackets are looked for first.
BOXES = (re.compile(rf"\[{FOUR_NUMBERS}\]"), re.compile(rf"\({FOUR_NUMBERS}\)"))


def text_of(description):
    """The text of any JSON value."""
    if description is None:
        return ""
    if isinstance(description, dict):
        return next((description[key] for key in KEYS if isinstance(description.get(key), str)), "")
    return str(description)


def hints(text):
    words = text.lower()
    found = []
    if "horizontal" in words and ("flip" in words or "mirror" in words):
        found.append("flip_horizontal")
    if "vertical" in words and "flip" in words:
        found.append("flip_vertical")
    if "crop" in words:
        found.append("crop")
    return found


def boxes(text):
    """The first box in brackets of either kind, not rounded; none where that is no four numbers (such as 1.2.3)."""
    for pattern in BOXES:
        match = pattern.search(text)
        if match is not None:
            try:
                return [[float(edge) for edge in match.groups()]]
            except ValueError:
                pass
    return []
