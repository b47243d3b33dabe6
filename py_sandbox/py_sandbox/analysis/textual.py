"""Looking for calls in a text that is not parsed. The text is anybody's, so patterns never go back over what they took: `*+` and `++`."""

import re

#: Blanks between tokens, line breaks among them.
GAP = r"\s*+"


def is_called(code, name):
    """Whether `name(` and, anywhere after it, a `)` is there."""
    start = code.find(name + "(")
    return start >= 0 and code.find(")", start) >= 0


def sequence(*tokens):
    """A pattern of tokens with blanks between them."""
    return re.compile(GAP.join(tokens))


def names_found(code, detectors):
    """The names whose detector, a pattern or a test, finds something; in the order of the detectors."""
    return [name for detector, name in detectors if _finds(detector, code)]


def _finds(detector, code):
    return detector.search(code) is not None if isinstance(detector, re.Pattern) else detector(code)
