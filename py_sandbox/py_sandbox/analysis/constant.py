"""What an expression amounts to, without running it: numbers, arithmetic, and with variables also names, sequences and seven builtins."""

import ast
import operator

#: The operators that are known; `**` is not among them.
BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
UNARY = {ast.UAdd: operator.pos, ast.USub: operator.neg}


def number(text):
    """The float that a text of numbers and arithmetic is; None where it is anything else.

    Raises what `value_of` raises.
    """
    try:
        tree = ast.parse(text, mode="eval")
    except Exception:  # whatever the parser holds against it
        return None
    return value_of(tree.body)


def value_of(node, variables=None):
    """A float, a list of floats, or None where it cannot be told. With `variables` (name to value), more than plain arithmetic is read.

    Raises OverflowError for a whole number that no float can hold, TypeError for an imaginary one, RecursionError where it is nested too deeply.
    """
    kind = type(node)
    if kind is ast.Constant:
        return float(node.value) if isinstance(node.value, (int, float, complex)) else None
    if kind is ast.UnaryOp and type(node.op) in UNARY:
        return applied(UNARY[type(node.op)], value_of(node.operand, variables))
    if kind is ast.BinOp and type(node.op) in BINARY:
        left = value_of(node.left, variables)
        return applied(BINARY[type(node.op)], left, value_of(node.right, variables))
    if variables is None:
        return None
    if kind is ast.Name:
        return variables.get(node.id)
    if kind is ast.Tuple or kind is ast.List:
        return floats([value_of(element, variables) for element in node.elts])
    if kind is ast.Call:
        arguments = [value_of(argument, variables) for argument in node.args]
        builtin = BUILTINS.get(node.func.id) if isinstance(node.func, ast.Name) else None
        return None if builtin is None or not arguments else builtin(node, arguments)
    return None


def applied(function, *operands):
    """A function of floats; None where an operand is unknown or no number, and where the function is not defined."""
    numbers = floats(operands)
    try:
        return None if numbers is None else float(function(*numbers))
    except (ArithmeticError, ValueError):
        return None


def floats(values):
    """None unless each is a float."""
    return list(values) if all(type(value) is float for value in values) else None


def _of_first(function):
    """Further arguments are not looked at."""
    return lambda _node, arguments: applied(function, arguments[0])


def _of_all(function):
    return lambda _node, arguments: applied(lambda *numbers: function(numbers), *arguments)


def _round(_node, arguments):
    if len(arguments) == 1 or arguments[1] is None:
        return applied(round, arguments[0])
    return applied(lambda value, digits: round(value, int(digits)), *arguments[:2])


def _sequence(node, arguments):
    """`tuple([1, 2])`, and `tuple(1, 2)` too; what a variable holds is not unpacked."""
    if len(arguments) == 1 and isinstance(node.args[0], (ast.List, ast.Tuple)):
        return arguments[0]
    return floats(arguments)


BUILTINS = {
    "int": _of_first(int),
    "float": _of_first(float),
    "abs": _of_first(abs),
    "round": _round,
    "min": _of_all(min),
    "max": _of_all(max),
    "tuple": _sequence,
    "list": _sequence,
}
