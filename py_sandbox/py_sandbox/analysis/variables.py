"""The values of variables, by replaying the assignments of a text in the order of its lines, whatever would run and whatever not."""

import ast

from .constant import BINARY, applied, value_of

ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)


class Replay:
    """Goes through the assignments once, from top to bottom."""

    def __init__(self, assignments):
        """assignments: nodes of a tree, in the order in which they are found."""
        self._waiting = sorted(assignments, key=lambda node: (node.lineno, node.col_offset))
        self._position = 0
        self._values = {}

    def before(self, line):
        """The variables as they are above a line; lines must not decrease from call to call."""
        while self._position < len(self._waiting) and self._waiting[self._position].lineno < line:
            try:
                _assign(self._waiting[self._position], self._values)
            except Exception:  # a value that cannot be told leaves the variable as it was
                pass
            self._position += 1
        return self._values


def _assign(node, values):
    if isinstance(node, ast.AugAssign):
        _augment(node, values)
    elif node.value is not None:
        value = value_of(node.value, values)
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets if value is not None else ():
            if isinstance(target, ast.Name):
                values[target.id] = value
            elif isinstance(node, ast.Assign) and isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, list):
                _unpack(target, value, values)


def _unpack(target, value, values):
    """What is no name does not count: `(a, b.c) = [1]` assigns a."""
    names = [element.id for element in target.elts if isinstance(element, ast.Name)]
    if len(names) == len(value):
        values.update(zip(names, value, strict=True))


def _augment(node, values):
    if not isinstance(node.target, ast.Name) or type(node.op) not in BINARY:
        return
    result = applied(BINARY[type(node.op)], values.get(node.target.id), value_of(node.value, values))
    if result is not None:
        values[node.target.id] = result
