import os

from py_sandbox.captured_output import CHUNK, LIMIT, CapturedOutput


def captured(*pieces):
    """What is kept of pieces that were written one after another."""
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    output = CapturedOutput(read_end)
    for piece in pieces:
        for start in range(0, len(piece), CHUNK // 2):
            os.write(write_end, piece[start : start + CHUNK // 2])
            output.drain()
    os.close(write_end)
    text = output.text()
    output.close()
    return text


def test_what_fits_is_kept_whole():
    text = "a" * (LIMIT - 1) + "z"
    assert captured(text.encode()) == text
    assert captured() == ""


def test_characters_are_counted_and_not_bytes():
    text = "漢" * LIMIT
    assert captured(text.encode()) == text


def test_a_flood_keeps_head_and_tail():
    text = captured(b"first" + b"x" * 3_000_000 + b"last")
    assert len(text) <= LIMIT
    assert text.startswith("firstx") and text.endswith("xlast")
    assert "3,000,009 bytes in all" in text


def test_a_little_too_much_keeps_head_and_tail():
    text = captured(b"first" + b"x" * LIMIT + b"last")
    assert len(text) <= LIMIT
    assert text.startswith("firstx") and text.endswith("xlast")


def test_bytes_that_are_no_text_are_replaced():
    assert captured(b"\xff ok") == "\ufffd ok"


def test_the_end_of_the_stream_is_told():
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    output = CapturedOutput(read_end)
    assert output.read_once() is True
    os.close(write_end)
    assert output.read_once() is False
    output.close()
