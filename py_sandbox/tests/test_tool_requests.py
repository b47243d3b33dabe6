import os
import tempfile

import pytest

from py_sandbox import framing
from py_sandbox.tool_requests import ToolRequests

DESCRIBED = [{"name": "read", "max_calls": 2, "max_bytes": 200}, {"name": "show", "max_calls": 1, "max_bytes": 10}]
ASKED = {"tool": "read", "request": 1, "arguments": {"note": "x"}, "images": []}
IMAGE = {"mode": "RGB", "width": 4, "height": 3}


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.fixture
def pixels():
    with tempfile.TemporaryFile() as file:
        os.ftruncate(file.fileno(), 36)
        yield file.fileno()


def test_a_request_is_passed_on_with_its_fields(pixels):
    requests = ToolRequests(DESCRIBED)
    asked = {**ASKED, "images": [IMAGE]}
    assert requests.take(asked, pixels) == asked
    assert requests.open == 1


@pytest.mark.parametrize(
    "change, words",
    [
        ({"tool": "write"}, "not listed"),
        ({"tool": ["read"]}, "not listed"),
        ({"tool": None}, "not listed"),
        ({"request": 2}, "another form"),
        ({"request": 0}, "another form"),
        ({"request": True}, "another form"),
        ({"request": 10**400}, "another form"),
        ({"status": "ok"}, "another form"),
        ({"arguments": ["x"]}, "another form"),
        ({"arguments": None}, "another form"),
        ({"images": {}}, "another form"),
        ({"images": [1]}, "another form"),
        ({"images": [{**IMAGE, "mode": "CMYK"}]}, "another form"),
        ({"images": [{**IMAGE, "mode": ["RGB"]}]}, "another form"),
        ({"images": [{**IMAGE, "width": -4}]}, "another form"),
        ({"images": [{**IMAGE, "width": 10**400}]}, "another form"),
        ({"images": [{**IMAGE, "file": "x"}]}, "another form"),
        ({"images": [{**IMAGE, "width": 5}]}, "without their pixels"),
        ({"images": [IMAGE, IMAGE]}, "without their pixels"),
        ({"images": [{**IMAGE, "width": 9_999}]}, "arguments of"),
        ({"images": [IMAGE] * 9}, "more images"),
        ({"arguments": {"n" * 41: 1}}, "longer names"),
        ({"arguments": {"note": nested(5_000)}}, "nested too deep"),
        ({"arguments": {"note": "x" * 200}}, "arguments of"),
        ({"arguments": {"note": "x" * 70_000}}, "arguments of"),
    ],
)
def test_a_request_of_another_form_is_malformed(pixels, change, words):
    requests = ToolRequests(DESCRIBED)
    with pytest.raises(framing.Malformed, match=words):
        requests.take({**ASKED, **change}, pixels)
    assert requests.open is None


@pytest.mark.parametrize("field", sorted(ASKED))
def test_a_request_that_lacks_a_field_is_malformed(pixels, field):
    with pytest.raises(framing.Malformed):
        ToolRequests(DESCRIBED).take({name: value for name, value in ASKED.items() if name != field}, pixels)


def test_a_second_request_while_one_waits_is_malformed(pixels):
    requests = ToolRequests(DESCRIBED)
    requests.take(ASKED, pixels)
    with pytest.raises(framing.Malformed, match="another waits"):
        requests.take({**ASKED, "request": 2}, pixels)


def test_more_requests_than_a_tool_takes_are_malformed(pixels):
    requests = ToolRequests(DESCRIBED)
    for number in (1, 2):
        requests.take({**ASKED, "request": number}, pixels)
        requests.open = None
    with pytest.raises(framing.Malformed, match="more requests"):
        requests.take({**ASKED, "request": 3}, pixels)
    assert requests.take({**ASKED, "tool": "show", "arguments": {}, "request": 3}, pixels)["request"] == 3
