import json

import pytest

from py_sandbox.analysis import reader
from py_sandbox.jobs import analyze


def names(code, described=""):
    return reader.read(code, described)[0]


def boxes(code, described=""):
    return reader.read(code, described)[1]


@pytest.mark.parametrize(
    "code, expected",
    [
        ("image.rotate(90, expand=True)", ["rotate_90"]),
        ("image.rotate(-94.9)", ["rotate_270"]),
        ("image.rotate(175)", ["rotate_180"]),
        ("image.rotate(96)", []),
        ("image.rotate(angle)", []),
        ("image.rotate(int(90))", []),  # ends at the first parenthesis
        ("image.rotate(" + "1" * 400 + ")\nimage.rotate(180)", ["rotate_180"]),
        ("image.transpose(Image.ROTATE_270)", ["rotate_270"]),
        ("image.transpose(Image.Transpose.ROTATE_270)", []),
        ("np.rot90(a)", ["rotate_90"]),
        ("np.rot90(a, k=-1)", ["rotate_270"]),
        ("np.rot90(a, k=4)", []),
        ("np.rot90(a, 2)", ["rotate_90"]),
        ("np.rot90(np.array(image), k=3)", ["rotate_90"]),
        ("cv2.rotate(a, cv2.ROTATE_90_CLOCKWISE)", ["rotate_270"]),
        ("cv2.rotate(f(a), cv2.ROTATE_180)", []),
        ("# image.rotate(90) would be wrong", ["rotate_90"]),
        ("ImageOps.flip", ["flip_vertical"]),
        ("image.transpose( Image.FLIP_LEFT_RIGHT )", ["flip_horizontal"]),
        ("cv2.flip(a, 1)", []),
    ],
)
def test_rotations_and_flips_are_told_by_their_words(code, expected):
    assert names(code) == expected


@pytest.mark.parametrize(
    "code, expected",
    [
        ("ImageEnhance.Contrast(image).enhance(1.5)", ["contrast_up"]),
        ("ImageEnhance.Color(image).enhance(0)", ["color_down"]),
        ("ImageEnhance.Sharpness(image).enhance(1.05)", ["sharpness"]),
        ("ImageEnhance.Brightness(image).enhance(factor)", ["brightness"]),
        ("ImageEnhance.Brightness(f(image)).enhance(2)", []),
        ("image.filter(ImageFilter.GaussianBlur(3))", ["gaussian_blur"]),
        ("image.filter(ImageFilter.EDGE_ENHANCE_MORE)", ["edge_enhance"]),
        ("ImageFilter.BLUR(ImageFilter.DETAIL)", ["blur"]),
        ("ImageFilter.Kernel((3, 3), k)", []),
        ("image.convert( 'L' )", ["grayscale"]),
        ("cv2.cvtColor(a, cv2.COLOR_RGB2GRAY)", ["grayscale"]),
        ("image.resize((10, 10))", ["resize"]),
        ("image.resize((10, 10), Image.LANCZOS)", []),
        ("ImageOps.invert(image); cv2.Canny(a, 1, 2); cv2.dilate(a, k)", ["invert", "edge_detect", "dilate"]),
        ("cv2.convertScaleAbs(a, alpha=1.2, beta=-3)", ["contrast_up", "brightness_down"]),
        ("cv2.convertScaleAbs(a, alpha=.5)", []),
        ("cv2.erode(a", []),
    ],
)
def test_appearance_is_told_by_its_words(code, expected):
    assert names(code) == expected


@pytest.mark.parametrize(
    "code, expected",
    [
        ("image.crop((1, 2, 3, 4))", [[1, 2, 3, 4]]),
        ("w, h = 100, 50\nimage.crop((0, h // 2, w, h))", [[0, 25, 100, 50]]),
        ("box = (1, 2, 3, 4)\nimage.crop(box)", [[1, 2, 3, 4]]),
        ("box = (1, 2, 3, 4); image.crop(box)", []),  # not above, but beside it
        ("w, h = image.size\nimage.crop((0, 0, w, h))", []),
        ("image.crop(box=(1, 2, 3, 4))", []),
        ("a.crop((1, 2, 3, 4)).crop((5, 6, 7, 8))", [[5, 6, 7, 8], [1, 2, 3, 4]]),  # the outer call first
        ("a.crop((1, 2, 3, 4))\nb.crop((1.0000001, 2, 3, 4))", [[1, 2, 3, 4]]),
        ("a.crop((1j, 0, 0, 0))\nb.crop([1, 2, 3, 4])", []),  # nothing after what no float can hold
        ("a.crop((1, 2, 3, 4)) +", [[1, 2, 3, 4]]),  # no Python: the words remain
        ("a.crop([1, 2, 3, 4]) +", []),
        ("a.crop((1.2.3, 2, 3, 4))", []),
        ("# a.crop((1, 2, 3, 4))", [[1, 2, 3, 4]]),
    ],
)
def test_crops_are_worked_out_from_the_tree_or_read_from_literal_numbers(code, expected):
    assert boxes(code) == expected
    assert ("crop" in names(code)) == bool(expected)


def test_a_description_hints_and_gives_a_box_where_the_code_has_none():
    assert reader.read("", "Crop to [1, 2, 3, 4], then mirror horizontally") == (["flip_horizontal", "crop"], [[1, 2, 3, 4]])
    assert boxes("", "[1.2.3, 0, 0, 0] (5, 6, 7, 8)") == [[5, 6, 7, 8]]
    assert boxes("image.crop((1, 2, 3, 4))", "(5, 6, 7, 8)") == [[1, 2, 3, 4]]
    assert reader.read("", "(5, 6, 7, 8)") == ([], [[5, 6, 7, 8]])


def answers(*calls, reads_objects=False):
    asked = [{"code": code, "description": json.dumps(described)} for code, described in calls]
    return analyze.run({"reads_objects": reads_objects, "calls": asked}, [])["answers"]


def test_a_description_that_is_no_text_is_read_as_python_prints_it():
    listed, wide = answers(("", [1, 2.5, 3, 4]), ("", [1e16, 2, 3, 4]))
    assert listed == {"transforms": [], "crop_boxes": [[1, 2.5, 3, 4]]}
    assert wide == {"transforms": [], "crop_boxes": []}


def test_a_description_that_is_an_object_counts_only_where_that_is_asked_for():
    call = "", {"text": "crop", "description": 5}
    assert answers(call) == [{"transforms": [], "crop_boxes": []}]
    assert answers(call, reads_objects=True) == [{"transforms": ["crop"], "crop_boxes": []}]


def test_every_text_has_an_answer():
    calls = ["\0", "\ud800", "ImageEnhance.Color(a).enhance(1j)", "a.crop((1e400, -1e400, 1e400 - 1e400, 0))", "(" * 5_000, "a.crop((0, 0, 1, 1))"]
    raised = {"raised": "TypeError"}
    nothing = {"transforms": [], "crop_boxes": []}
    odd = {"transforms": ["crop"], "crop_boxes": [["Infinity", "-Infinity", "NaN", 0]]}
    plain = {"transforms": ["crop"], "crop_boxes": [[0, 0, 1, 1]]}
    assert answers(*((code, "") for code in calls)) == [nothing, nothing, raised, odd, nothing, plain]
