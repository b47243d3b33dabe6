"""The boxes that a text crops to: from its syntax tree where it has one, and from what looks like a crop to four literal numbers."""

import ast
import re

from .constant import value_of
from .variables import ASSIGNMENTS, Replay

#: Boxes are told apart, and told, to this many decimals.
DECIMALS = 6

NUMBER = r"([-+]?[\d.]++)"
LITERAL_CROP = re.compile(r"\.crop\(\(\s*+" + r"\s*+,\s*+".join([NUMBER] * 4) + r"\s*+\)\)")


def boxes(code):
    """Each box once: those of the tree first, in the order of lines and columns."""
    found = {}
    for box in [*_from_tree(code), *_from_text(code)]:
        try:
            rounded = tuple(round(edge, DECIMALS) for edge in box)
        except OverflowError:
            continue
        # NaN is no other NaN's equal.
        found.setdefault(rounded)
    return [list(box) for box in found]


def _from_tree(code):
    found = []
    try:
        calls, assignments = _of_interest(ast.parse(code))
        replay = Replay(assignments)
        for call in calls:
            box = value_of(call.args[0], replay.before(call.lineno))
            if isinstance(box, list) and len(box) == 4:
                found.append(box)
    except Exception:  # no Python, or a number that no float can hold: what was found before counts, and nothing after
        pass
    return found


def _of_interest(tree):
    """The calls of a method `crop` that has arguments, and the assignments. Of several calls that begin at one place, the outer comes first."""
    calls, assignments = [], []
    for node in ast.walk(tree):
        if isinstance(node, ASSIGNMENTS):
            assignments.append(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "crop" and node.args:
            calls.append(node)
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset)), assignments


def _from_text(code):
    for match in LITERAL_CROP.finditer(code):
        try:
            yield [float(edge) for edge in match.groups()]
        except ValueError:
            pass  # such as 1.2.3
