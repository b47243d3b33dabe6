"""Tracebacks: which lines they show, and what of them they mark."""

import pytest

from py_sandbox import failure


def traceback_of(code):
    failure.remember_source(code)
    try:
        exec(compile(code, failure.CODE_NAME, "exec"), {})
    except Exception as error:
        return failure.runtime(error)["traceback"].splitlines()
    raise AssertionError("the code was to fail")


def marked(lines):
    """What of the line that failed stands over the marks."""
    at = next(at for at, line in enumerate(lines) if line.strip() and set(line.strip()) <= {"^", "~"})
    start = lines[at].index(lines[at].strip())
    return lines[at - 1][start : start + len(lines[at].strip())]


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n", "  # why", "\t"])
@pytest.mark.parametrize("before", ["", "x = 1\n", "x = 1\r\n", "if True:\n    "])
def test_marks_stand_under_what_failed_however_the_code_ends(before, end):
    assert marked(traceback_of(f"{before}y = 2 + picture{end}")) == "picture"


def test_a_line_is_what_the_compiler_takes_for_one():
    lines = traceback_of("text = 'a\x0cb\u2028c'\ny = picture")
    assert lines[1].endswith("line 2, in <module>") and lines[2].strip() == "y = picture"
