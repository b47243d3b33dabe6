import json
import os
import socket
import tempfile
import threading

import numpy as np
import pytest
from PIL import Image

from py_sandbox import framing, tools
from py_sandbox.operations.recorder import recorder

PARAMETERS = [
    {"name": "image", "type": "image", "optional": False, "choices": []},
    {"name": "language", "type": "choice", "optional": True, "choices": ["eng", "deu"]},
    {"name": "scale", "type": "number", "optional": True, "choices": []},
    {"name": "strict", "type": "boolean", "optional": True, "choices": []},
    {"name": "note", "type": "string", "optional": True, "choices": []},
    {"name": "regions", "type": "json", "optional": True, "choices": []},
]
READ = {"name": "read", "description": "Reads.", "max_calls": 3, "max_bytes": 1_000, "parameters": PARAMETERS}
IMAGE = Image.new("RGB", (4, 3), (10, 20, 30))


class Controller:
    """The other end: answers every request, in order, with what it was given to answer, and keeps requests and pixels."""

    def __init__(self, pixels, answers):
        self.requests = []
        self.pixels = []
        self._ours, self._theirs = socket.socketpair()
        tools.connect(self._theirs, 7)
        self._thread = threading.Thread(target=self._serve, args=(pixels, answers))
        self._thread.start()

    def _serve(self, pixels, answers):
        for description, raw in answers:
            nonce, body, _ = framing.receive(self._ours, framing.MAX_ANSWER)
            assert nonce == 7
            self.requests.append(body)
            self.pixels.append(os.pread(pixels, 1 << 20, 0))
            text = json.dumps(description).encode()
            with tempfile.TemporaryFile() as file:
                file.write(tools.LENGTH.pack(len(text)) + text + raw)
                file.flush()
                framing.send_at_once(self._ours, nonce, {"answer": body["request"]}, [file.fileno()])

    def join(self):
        self._thread.join(5)
        self._ours.close()
        self._theirs.close()


@pytest.fixture
def ask():
    """ask(use, *answers): what `use(tools, ToolError)` returned, and the controller."""
    with tempfile.TemporaryFile() as pixels:

        def run(use, *answers, described=READ):
            names = tools.names([described], pixels.fileno())
            controller = Controller(pixels.fileno(), answers)
            result = use(names["tools"])
            controller.join()
            return result, controller

        yield run


def value(given):
    return {"value": given}, b""


def test_arguments_travel_by_name_and_an_image_as_its_pixels(ask):
    result, controller = ask(lambda tools: tools.read(IMAGE, "deu", scale=2, strict=True, regions=[(1, 2), {"a": None}]), value([1, "x"]))
    assert result == [1, "x"]
    assert controller.requests == [
        {
            "tool": "read",
            "request": 1,
            "arguments": {"image": 0, "language": "deu", "scale": 2, "strict": True, "regions": [[1, 2], {"a": None}]},
            "images": [{"mode": "RGB", "width": 4, "height": 3}],
        }
    ]
    assert controller.pixels == [bytes([10, 20, 30] * 12)]


def test_the_result_of_the_call_begins_where_the_file_begins(ask):
    with tempfile.TemporaryFile() as pixels:
        names = tools.names([READ], pixels.fileno())
        controller = Controller(pixels.fileno(), [value(1), value(2)])
        names["tools"].read(Image.new("RGB", (9, 9)))
        names["tools"].read(Image.new("L", (2, 2), 5))
        controller.join()
        assert controller.pixels[1] == bytes([5] * 4)
        assert os.lseek(pixels.fileno(), 0, os.SEEK_CUR) == 0


@pytest.mark.parametrize("mode, delivered", [("1", "L"), ("P", "RGB"), ("LA", "RGBA"), ("I;16", "L"), ("F", "L")])
def test_images_of_other_modes_travel_as_results_do(ask, mode, delivered):
    _, controller = ask(lambda tools: tools.read(Image.new(mode, (2, 2))), value(None))
    assert controller.requests[0]["images"] == [{"mode": delivered, "width": 2, "height": 2}]


def test_an_image_comes_back_as_a_PIL_image(ask):
    answer = {"image": {"mode": "L", "width": 2, "height": 1}}, b"\x05\x09"
    result, _ = ask(lambda tools: tools.read(IMAGE), answer)
    assert (result.mode, result.size, result.getpixel((1, 0))) == ("L", (2, 1), 9)
    result.putpixel((0, 0), 1)


def nested(levels):
    return 1 if levels == 0 else [nested(levels - 1)]


def test_json_within_its_bounds_travels_unchanged(ask):
    given = [nested(15), 2**53 - 1, 1 - 2**53, 1e300, True, {"a": None}]
    _, controller = ask(lambda tools: tools.read(IMAGE, regions=given), value(None))
    assert controller.requests[0]["arguments"]["regions"] == given


def test_numbers_of_numpy_are_numbers(ask):
    _, controller = ask(lambda tools: tools.read(IMAGE, scale=np.float32(0.5), strict=np.bool_(True), regions=np.arange(2)), value(None))
    assert controller.requests[0]["arguments"] == {"image": 0, "scale": 0.5, "strict": True, "regions": [0, 1]}


def test_a_refusal_is_a_ToolError_of_the_code(ask):
    def use(given):
        with pytest.raises(tools.ToolError) as refused:
            given.read(IMAGE)
        return str(refused.value)

    assert ask(use, ({"error": "no luck"}, b""))[0] == "no luck"


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda t: t.read(), TypeError, r"tools.read\(image, language=None.*missing a required argument: 'image'"),
        (lambda t: t.read(IMAGE, colour=1), TypeError, "unexpected keyword argument 'colour'"),
        (lambda t: t.read("a.png"), TypeError, "expected a PIL image, got str"),
        (lambda t: t.read(np.zeros((2, 2))), TypeError, r"got ndarray; Image.fromarray"),
        (lambda t: t.read(Image.new("RGB", (0, 3))), ValueError, "no pixels"),
        (lambda t: t.read(IMAGE, "fra"), ValueError, "expected one of 'eng', 'deu', got 'fra'"),
        (lambda t: t.read(IMAGE, ["eng"]), ValueError, "expected one of"),
        (lambda t: t.read(IMAGE, scale=True), TypeError, "expected a number, got bool"),
        (lambda t: t.read(IMAGE, scale=float("nan")), TypeError, "expected a number"),
        (lambda t: t.read(IMAGE, scale=10**400), TypeError, "expected a number"),
        (lambda t: t.read(IMAGE, strict=1), TypeError, "expected a boolean"),
        (lambda t: t.read(IMAGE, note=b"x"), TypeError, "expected a string, got bytes"),
        (lambda t: t.read(IMAGE, regions={1, 2}), ValueError, "set is none of these"),
        (lambda t: t.read(IMAGE, regions=[float("inf")]), ValueError, "expected numbers, strings, lists and dicts"),
        (lambda t: t.read(IMAGE, regions=[2**53]), ValueError, r"integers below 2\*\*53, got 9007199254740992; a string"),
        (lambda t: t.read(IMAGE, regions={"a": [-(2**60) - 1]}), ValueError, "integers below"),
        (lambda t: t.read(IMAGE, regions=np.array([2**60 + 1])), ValueError, "integers below"),
        (lambda t: t.read(IMAGE, regions=nested(17)), ValueError, "at most 16 levels"),
        (lambda t: t.read(IMAGE, regions=[0] * 100_000), ValueError, "at most 100,000 values"),
        (lambda t: t.read(IMAGE, note="x" * 70_000), ValueError, "70,024 characters; at most 65,536"),
        (lambda t: t.read(Image.new("RGB", (20, 20))), ValueError, "1,212 bytes; at most 1,000"),
        (lambda t: t.write(IMAGE), AttributeError, "there is no tool 'write'; there are: read"),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_asked(call, error, words):
    with tempfile.TemporaryFile() as pixels, pytest.raises(error, match=words):
        call(tools.names([READ], pixels.fileno())["tools"])


def test_a_nested_list_without_end_is_told():
    nested = []
    nested.append(nested)
    with tempfile.TemporaryFile() as pixels, pytest.raises(ValueError, match="numbers, strings, lists"):
        tools.names([READ], pixels.fileno())["tools"].read(IMAGE, regions=nested)


def test_what_is_used_too_often_is_refused_without_asking(ask):
    def use(given):
        for _ in range(3):
            given.read(IMAGE)
        with pytest.raises(tools.ToolError, match="3 times in one call"):
            given.read(IMAGE)

    _, controller = ask(use, value(1), value(2), value(3))
    assert [request["request"] for request in controller.requests] == [1, 2, 3]


def test_handing_over_an_image_is_no_step_of_the_code(ask):
    image = Image.new("P", (2, 2))
    recorder.start([(0, image)])
    ask(lambda tools: tools.read(image), value(1))
    assert recorder.report(image)["steps"] == []


def test_code_without_tools_has_no_such_names():
    assert tools.names(None, 0) == {} and tools.names([], 0) == {}


def test_a_tool_tells_what_it_is():
    read = tools.names([READ], 0)["tools"].read
    assert (read.__name__, read.__doc__) == ("read", "Reads.")
