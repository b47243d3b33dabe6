import ast
import math

import pytest

from py_sandbox.analysis import constant
from py_sandbox.analysis.variables import ASSIGNMENTS, Replay


@pytest.mark.parametrize(
    "text, value",
    [
        ("360 - 90", 270),
        ("--90", 90),
        ("7 // 2 * 2.5", 7.5),
        ("-90 % 360", 270),
        ("0b1011010", 90),
        ("True", 1),
        ("1e400", math.inf),
    ],
)
def test_numbers_and_arithmetic_are_worked_out(text, value):
    assert constant.number(text) == value


@pytest.mark.parametrize("text", ["", "angle", "2 ** 3", "1 / 0", "(1, 2)", "int(5)", "'90'", "9 0", "~1", "90 if x else 0"])
def test_anything_else_is_not_known(text):
    assert constant.number(text) is None


@pytest.mark.parametrize("text, error", [("1" * 400, OverflowError), ("90j", TypeError), ("-" * 2_000 + "1", RecursionError)])
def test_what_no_float_can_hold_raises(text, error):
    with pytest.raises(error):
        constant.number(text)


def evaluated(text, **variables):
    return constant.value_of(ast.parse(text, mode="eval").body, variables)


@pytest.mark.parametrize(
    "text, value",
    [
        ("(w, h / 2)", [100, 25]),
        ("[int(w * 0.333), round(h / 7, 1)]", [33, 7.1]),
        ("max(0, w - 120)", 0),
        ("abs(-w, h)", 100),
        ("tuple([w, h])", [100, 50]),
        ("list(w, h)", [100, 50]),
        ("round(w, unknown)", 100),
        ("int(w, base=unknown)", 100),
        ("()", []),
        ("tuple(box)", None),  # what a variable holds is not unpacked
        ("min(box)", None),
        ("(box, 1)", None),
        ("-box", None),
        ("int()", None),
        ("int(1e400)", None),
        ("int(unknown, w)", None),
        ("(w, *box)", None),
        ("sum(w)", None),
        ("math.floor(w)", None),
        ("w if h else 0", None),
    ],
)
def test_with_variables_names_sequences_and_some_builtins_are_read(text, value):
    assert evaluated(text, w=100.0, h=50.0, box=[1.0, 2.0]) == value


def test_nested_sequences_are_worked_out_once(monkeypatch):
    count = 0
    original = constant.value_of

    def counted(*arguments):
        nonlocal count
        count += 1
        return original(*arguments)

    monkeypatch.setattr(constant, "value_of", counted)
    constant.value_of(ast.parse("tuple([" * 20 + "1" + "])" * 20, mode="eval").body, {})
    assert count < 50


def variables_before(line, code):
    return Replay([node for node in ast.walk(ast.parse(code)) if isinstance(node, ASSIGNMENTS)]).before(line)


@pytest.mark.parametrize(
    "code, variables",
    [
        ("x = 1\ny = x + 1", {"x": 1, "y": 2}),
        ("x = y = 2", {"x": 2, "y": 2}),
        ("x = 1\nx = unknown", {"x": 1}),  # what cannot be told leaves it as it was
        ("x = 1\nx = 1j", {"x": 1}),
        ("x = 1\nif False:\n    x = 5", {"x": 5}),  # whatever would run
        ("a, b = 1, 2", {"a": 1, "b": 2}),
        ("(a, b.c) = [1]", {"a": 1}),
        ("a, b = 1, 2, 3", {}),
        ("a, *b = 1, 2", {}),
        ("x: int = 4\ny: int", {"x": 4}),
        ("x = 7\nx //= 2\nx -= 0.5\nx **= 2", {"x": 2.5}),
        ("x = 1\nx /= 0\ny += 1", {"x": 1}),
        ("for x in (1, 2): pass\n(y := 3)", {}),
    ],
)
def test_assignments_are_replayed_in_the_order_of_lines(code, variables):
    assert variables_before(99, code) == variables


def test_only_lines_above_count():
    replay = Replay(ast.parse("x = 1\nx = 2\nx = 3").body)
    assert replay.before(2) == {"x": 1}
    assert replay.before(3) == {"x": 2}
