"""What the wrappers note, and that they change nothing."""

import pickle

import cv2
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from py_sandbox import claims, operations, standard_profile
from py_sandbox.operations import affine as maps

operations.install()

WIDTH, HEIGHT = 60, 40
PIXELS = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def observe(code):
    image = Image.fromarray(PIXELS)
    operations.start(image, 0, (image.copy(),))
    result = standard_profile.run(code, image, (), {})
    return result, operations.report(result)


def path_of(claim):
    return [step for step in claim["steps"] if step["path"]]


def shown_by(claim):
    """The map from the result to the input, of all steps on the way."""
    total = maps.IDENTITY
    for step in path_of(claim):
        total = maps.compose(total, step["affine"])
    return total


def names_of(claim):
    return [name for step in path_of(claim) for name in step["names"]]


# Each moves pixels without changing one: the noted map must say where every pixel came from.
MOVES = [
    "result = image.rotate(90, expand=True)",
    "result = image.rotate(-90, expand=True)",
    "result = image.rotate(180)",
    "result = image.rotate(270, expand=1)",
    "result = image.rotate(450, expand=True)",
    "result = image.rotate(90)",
    "result = image.rotate(90, expand=True, center=(5, 5))",
    "result = image.rotate(180, translate=(7, 3))",
    "result = image.rotate(angle=0)",
    *(f"result = image.transpose({method})" for method in range(7)),
    "result = image.transpose(Image.ROTATE_90)",
    "result = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)",
    "result = image.transpose(method=Image.Transpose.TRANSVERSE)",
    "result = ImageOps.mirror(image)",
    "result = ImageOps.flip(image)",
    "result = ImageOps.exif_transpose(image)",
    "result = ImageOps.mirror(ImageOps.flip(image))",
    "result = image.crop((5, 6, 30, 31))",
    "result = image.crop((5.4, 6.6, 30.5, 31.2))",
    "result = image.crop(box=[0, 0, 60, 20])",
    "result = image.crop((-5, -5, 70, 50))",
    "result = image.crop()",
    "result = ImageOps.crop(image, 4)",
    "result = image.crop((5, 6, 30, 31)).crop((3, 3, 10, 10))",
    "result = image.crop((5, 6, 30, 31)).rotate(90, expand=True)",
    "result = image.rotate(90, expand=True).crop((5, 6, 30, 31))",
    "result = image.transpose(2).transpose(0).crop((1, 2, 20, 30)).transpose(5)",
    "result = ImageOps.expand(image, 6)",
    "result = ImageOps.expand(image, (1, 2, 3, 4)).crop((4, 4, 40, 40))",
    "result = ImageOps.pad(image, (60, 60))",
    "result = image.resize((120, 80), Image.NEAREST)",
    "result = image.resize((30, 20), Image.Resampling.NEAREST)",
    "result = image.resize((20, 20), Image.NEAREST, box=(10, 10, 30, 30))",
    "result = image.resize((20, 20), resample=0, box=(10, 10, 30, 30))",
    "result = image.transform((30, 30), Image.Transform.EXTENT, (10, 5, 40, 35))",
    "result = image.transform((30, 30), Image.AFFINE, (1, 0, 4, 0, 1, 5))",
    "result = image.transform((20, 20), Image.QUAD, (10, 5, 10, 25, 30, 25, 30, 5))",
    "canvas = Image.new('RGB', (100, 100))\ncanvas.paste(image, (20, 30))\nresult = canvas",
    "canvas = Image.new('RGB', (100, 100))\ncanvas.paste(im=image)\nresult = canvas",
    "r, g, b = image.split()\nresult = Image.merge('RGB', (r, g, b)).rotate(180)",
    "result = image.copy().convert('RGB').rotate(180)",
    "result = Image.fromarray(np.array(image)[::-1])",
    "result = Image.fromarray(np.array(image)[:, ::-1])",
    "result = Image.fromarray(np.asarray(image)[::-1, ::-1])",
    "result = Image.fromarray(np.array(image)[5:20, 10:50])",
    "result = Image.fromarray(np.array(image)[20:5:-1, 50:10:-1])",
    "result = Image.fromarray(np.array(image)[::2, ::3])",
    "result = Image.fromarray(np.rot90(np.array(image)))",
    "result = Image.fromarray(np.rot90(np.array(image), 3))",
    "result = Image.fromarray(np.rot90(np.array(image), k=2)[2:20, 3:30])",
    "result = Image.fromarray(np.fliplr(np.array(image)))",
    "result = Image.fromarray(np.flip(np.array(image), 0))",
    "result = Image.fromarray(np.array(image).transpose(1, 0, 2))",
    "result = Image.fromarray(np.swapaxes(np.array(image), 0, 1)[::-1])",
    "result = Image.fromarray(np.ascontiguousarray(np.array(image)[:, ::-1]))",
    "result = Image.fromarray(np.array(np.array(image)[5:20]))",
    "result = Image.fromarray(np.array(image)[7:8, 9:30])",
    *(f"result = Image.fromarray(cv2.flip(np.array(image), {code}))" for code in (-1, 0, 1)),
    *(f"result = Image.fromarray(cv2.rotate(np.array(image), {code}))" for code in (0, 1, 2)),
    "result = Image.fromarray(cv2.transpose(np.array(image)))",
    "result = Image.fromarray(cv2.flip(src=np.array(image), flipCode=1))",
    "a = np.array(image)\ncv2.flip(a, 1, a)\nresult = Image.fromarray(a)",
    "result = Image.fromarray(cv2.copyMakeBorder(np.array(image), 3, 4, 5, 6, cv2.BORDER_CONSTANT))",
    "result = Image.fromarray(cv2.getRectSubPix(np.array(image), (21, 11), (30, 20)))",
    "result = Image.fromarray(cv2.warpAffine(np.array(image), np.float32([[1, 0, 5], [0, 1, -3]]), (60, 40)))",
    "result = Image.fromarray(cv2.warpAffine(np.array(image), np.float32([[0, 1, 0], [-1, 0, 59]]), (40, 60)))",
    "m = np.float32([[1, 0, 5], [0, 1, 3]])\nresult = Image.fromarray(cv2.warpAffine(np.array(image), m, (50, 30), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP))",
    "result = Image.fromarray(cv2.cvtColor(cv2.cvtColor(np.array(image), cv2.COLOR_RGB2BGR), cv2.COLOR_BGR2RGB)[::-1])",
    "a, b, c = cv2.split(np.array(image))\nresult = Image.fromarray(cv2.merge([a, b, c])[:, ::-1])",
    "f = getattr(image, 'rotate')\nresult = f(180)",
    "def turn(i, n):\n    return turn(i.rotate(90, expand=True), n - 1) if n else i\nresult = turn(image, 3)",
    "for _ in range(5):\n    image = image.transpose(0)\nresult = image",
    "result = [f(image) for f in (ImageOps.flip, ImageOps.mirror)][1]",
]


@pytest.mark.parametrize("code", MOVES)
def test_the_map_says_where_every_pixel_came_from(code):
    result, claim = observe(code)
    assert claim["root"] == 0 and claim["size"] == (WIDTH, HEIGHT)
    a, b, c, d, e, f = shown_by(claim)
    shown = np.asarray(result)
    ys, xs = np.mgrid[0 : shown.shape[0], 0 : shown.shape[1]] + 0.5
    u, v = np.floor(a * xs + b * ys + c + 1e-9).astype(int), np.floor(d * xs + e * ys + f + 1e-9).astype(int)
    inside = (u >= 0) & (v >= 0) & (u < WIDTH) & (v < HEIGHT)
    assert inside.mean() > 0.2
    assert (shown[inside] == PIXELS[v[inside], u[inside]]).all()
    assert (shown[~inside] == 0).all()


NAMES = [
    ("result = image.convert('L')", ["grayscale"]),
    ("result = image.convert('RGB')", []),
    ("result = ImageOps.grayscale(image)", ["grayscale"]),
    ("result = ImageOps.equalize(image)", ["equalize"]),
    ("result = ImageOps.autocontrast(image, cutoff=2)", ["autocontrast"]),
    ("result = ImageOps.posterize(image, 3)", ["posterize"]),
    ("result = ImageOps.solarize(image)", ["solarize"]),
    ("result = ImageOps.invert(image)", []),
    ("result = ImageEnhance.Contrast(image).enhance(1.5)", ["contrast_up"]),
    ("result = ImageEnhance.Contrast(image).enhance(1.05)", ["contrast"]),
    ("result = ImageEnhance.Brightness(image).enhance(factor=0.9)", ["brightness_down"]),
    ("result = ImageEnhance.Color(image).enhance(0)", ["color_down"]),
    ("e = ImageEnhance.Sharpness(image)\nresult = e.enhance(2)", ["sharpness_up"]),
    ("result = image.filter(ImageFilter.BLUR)", ["blur"]),
    ("result = image.filter(ImageFilter.GaussianBlur)", ["gaussian_blur"]),
    ("result = image.filter(filter=ImageFilter.MedianFilter(5))", ["median_blur"]),
    ("result = image.filter(ImageFilter.UnsharpMask(2))", ["sharpen"]),
    ("result = image.filter(ImageFilter.FIND_EDGES)", ["edge_detect"]),
    ("result = image.filter(ImageFilter.Kernel((3, 3), [0, -1, 0, -1, 5, -1, 0, -1, 0]))", []),
    ("result = Image.fromarray(cv2.cvtColor(np.array(image), cv2.COLOR_BGR2GRAY))", ["grayscale"]),
    ("result = Image.fromarray(cv2.GaussianBlur(np.array(image), (3, 3), 0))", ["gaussian_blur"]),
    ("result = Image.fromarray(cv2.convertScaleAbs(np.array(image), alpha=0.5))", ["contrast_down"]),
    ("result = Image.fromarray(cv2.convertScaleAbs(np.array(image), alpha=1.5, beta=-9))", ["contrast_up", "brightness_down"]),
    ("result = Image.fromarray(cv2.threshold(np.array(image), 99, 255, cv2.THRESH_BINARY)[1])", []),
    ("c = cv2.createCLAHE(2.0, (8, 8))\nresult = Image.fromarray(c.apply(np.array(image)[:, :, 1]))", ["equalize"]),
    ("result = Image.fromarray(cv2.Canny(image=np.array(image), threshold1=9, threshold2=99))", ["edge_detect"]),
    ("result = Image.fromarray(cv2.morphologyEx(np.array(image), cv2.MORPH_DILATE, np.ones((3, 3))))", ["dilate"]),
    ("result = Image.fromarray(cv2.bilateralFilter(np.array(image), 5, 9, 9))", []),
    ("result = image.rotate(30, expand=True)", ["orientation"]),
    ("result = ImageOps.fit(image, (20, 20))", ["crop", "resize"]),
    ("result = ImageOps.contain(image, (20, 20))", ["resize"]),
    ("image.thumbnail((20, 20))\nresult = image", ["resize"]),
    ("result = image.reduce(2)", ["crop", "resize"]),
]


@pytest.mark.parametrize("code, names", NAMES)
def test_calls_are_named_in_the_vocabulary(code, names):
    result, claim = observe(code)
    assert names_of(claim) == names
    assert claim["root"] == 0
    assert path_of(claim)[-1]["size"] == result.size if path_of(claim) else True


def test_what_a_call_uses_inside_is_not_listed():
    _, claim = observe("result = ImageOps.fit(ImageEnhance.Contrast(image.rotate(90, expand=True)).enhance(2), (20, 20))")
    assert [step["call"] for step in claim["steps"]] == ["Image.rotate", "ImageEnhance.Contrast.enhance", "ImageOps.fit"]


def test_what_did_not_lead_to_the_result_is_listed_apart():
    _, claim = observe("image.crop((0, 0, 5, 5))\nresult = image.rotate(180)")
    assert [(step["call"], step["path"]) for step in claim["steps"]] == [("Image.rotate", True), ("Image.crop", False)]


def test_an_image_of_unknown_origin_has_no_root():
    result, claim = observe("result = Image.new('RGB', (9, 9)).rotate(90)")
    assert claim["root"] is None and len(path_of(claim)) == 1


def test_a_warp_that_is_no_affine_map_has_none():
    _, claim = observe("result = image.transform((60, 40), Image.PERSPECTIVE, (1, 0, 0, 0, 1, 0, 0.01, 0))")
    assert path_of(claim)[0]["affine"] is None


def test_a_loop_does_not_make_the_claim_long():
    _, claim = observe("for i in range(3000):\n    image.rotate(180)\nresult = image.rotate(90)")
    assert len(claim["steps"]) <= 64 and claim["root"] == 0
    _, claim = observe("for i in range(300):\n    image = image.rotate(180)\nresult = image")
    assert len(claim["steps"]) <= 64


def test_images_that_are_gone_are_forgotten():
    observe("for i in range(200):\n    image.crop((0, 0, 30, 30))\nresult = image")
    assert len(operations.recorder._known) < 50


@pytest.mark.parametrize("code, _", [*NAMES, *((code, None) for code in MOVES)])
def test_a_claim_of_ours_passes_the_check_of_the_host(code, _):
    import json

    _, claim = observe(code)
    plain = json.loads(json.dumps(claim))
    assert claims.checked(plain) == plain


@pytest.mark.parametrize(
    "code",
    [
        "result = image.rotate(float('nan'))",
        "result = cv2.warpAffine(np.array(image), np.float64([[np.nan, 0, 0], [0, 1, 0]]), (9, 9))",
        "result = image.transform((9, 9), Image.Transform.AFFINE, (1e300, 0, 0, 0, 1, 0))",
        "result = image.resize((9, 9), box=tuple(np.float32([1, 2, 30, 35])))",
        "result = image.transform((9, 9), Image.Transform.EXTENT, np.float32([1, 2, 30, 35]))",
        "result = image.transform((9, 9), Image.Transform.QUAD, np.float32([1, 2, 1, 35, 30, 35, 30, 2]))",
    ],
)
def test_numbers_of_any_kind_are_told_as_plain_ones_or_not_at_all(code):
    import json

    _, claim = observe(code)
    plain = json.loads(json.dumps(claim, allow_nan=False))
    assert claims.checked(plain) == plain and len(plain["steps"]) == 1


def test_a_claim_that_cannot_be_told_is_none():
    operations.recorder.start([])
    try:
        operations.recorder.report, kept = lambda result: {"steps": [float("nan")]}, operations.recorder.report
        assert operations.report(None) is None
    finally:
        operations.recorder.report = kept


STEP = {"call": "x", "args": [], "names": [], "affine": [1, 0, 0, 0, 1, 0], "size": [1, 1], "from": [1, 1], "path": True}


@pytest.mark.parametrize(
    "claim",
    [
        None,
        [],
        {},
        {"steps": {}},
        {"steps": [STEP] * 65},
        {"steps": [1]},
        {"steps": [STEP], "root": -1},
        {"steps": [STEP], "root": True},
        {"steps": [STEP], "size": [1]},
        {"steps": [{**STEP, "call": 5}]},
        {"steps": [{**STEP, "call": "x" * 99}]},
        {"steps": [{**STEP, "args": ["x" * 9999]}]},
        {"steps": [{**STEP, "args": [0] * 10}]},
        {"steps": [{**STEP, "args": [float("nan")]}]},
        {"steps": [{**STEP, "names": ["x"] * 9}]},
        {"steps": [{**STEP, "affine": [1, 2, 3]}]},
        {"steps": [{**STEP, "affine": [float("inf"), 0, 0, 0, 1, 0]}]},
        {"steps": [{**STEP, "affine": [10**400, 0, 0, 0, 1, 0]}]},
        {"steps": [{**STEP, "affine": [True, 0, 0, 0, 1, 0]}]},
        {"steps": [{**STEP, "size": [-1, 1]}]},
        {"steps": [{**STEP, "from": [1.5, 1]}]},
        {"steps": [{**STEP, "path": 1}]},
    ],
)
def test_a_claim_of_another_form_is_none(claim):
    assert claims.checked(claim) == claims.NOTHING


def test_a_claim_is_passed_on_with_its_own_fields_only():
    assert claims.checked({"root": 0, "size": [2, 3], "steps": [{**STEP, "extra": 1}], "extra": 2}) == {"root": 0, "size": [2, 3], "steps": [STEP]}


# The same call with and without the wrapper: results, exceptions and their words are equal.
CALLS = [
    lambda image: image.rotate(90, expand=True),
    lambda image: image.rotate(),
    lambda image: image.rotate("a"),
    lambda image: image.rotate(90, nonsense=1),
    lambda image: image.crop((5, 5, 1, 1)),
    lambda image: image.crop(5),
    lambda image: image.crop((0, 0)),
    lambda image: image.resize((0, 5)),
    lambda image: image.resize((-1, 5)),
    lambda image: image.resize(5),
    lambda image: image.resize((5, 5), box=(0, 0, 999, 999)),
    lambda image: image.transpose(9),
    lambda image: image.transpose(None),
    lambda image: image.thumbnail((5, 5)),
    lambda image: image.thumbnail("x"),
    lambda image: image.convert("nope"),
    lambda image: image.convert(),
    lambda image: image.filter("nope"),
    lambda image: image.point(None),
    lambda image: image.transform((5, 5), 99),
    lambda image: image.reduce(0),
    lambda image: image.paste(image, (1, 2, 3)),
    lambda image: image.paste("red", (1, 2, 3, 4)),
    lambda image: Image.Image.rotate(None, 90),
    lambda image: ImageOps.mirror(None),
    lambda image: ImageOps.fit(image, (0, 0)),
    lambda image: ImageOps.expand(image, "x"),
    lambda image: ImageEnhance.Contrast(None),
    lambda image: ImageEnhance.Contrast(image).enhance("x"),
    lambda image: Image.fromarray(None),
    lambda image: Image.fromarray(np.zeros((2, 2, 9))),
    lambda image: np.array(),
    lambda image: np.array(image).shape,
    lambda image: np.asarray(image, dtype="nope"),
    lambda image: cv2.flip(None, 1),
    lambda image: cv2.flip(),
    lambda image: cv2.flip(np.array(image), 1, nonsense=2),
    lambda image: cv2.rotate(np.array(image)),
    lambda image: cv2.resize(np.array(image), (0, 0)),
    lambda image: cv2.cvtColor(np.array(image)[:, :, 0], cv2.COLOR_RGB2GRAY),
    lambda image: cv2.GaussianBlur(np.array(image), (4, 4), 0),
    lambda image: cv2.medianBlur(np.array(image), 4),
    lambda image: cv2.threshold(np.array(image), 1, 2, 3)[0],
    lambda image: cv2.warpAffine(np.array(image), None, (5, 5)),
    lambda image: cv2.createCLAHE().apply("x"),
    lambda image: cv2.split(1),
    lambda image: cv2.merge([]),
    lambda image: cv2.flip(np.array(image)[::-1].astype(object), 1),
]


def outcome(call):
    image = Image.fromarray(PIXELS)
    try:
        value = call(image)
    except Exception as error:
        return type(error), str(error), None
    if isinstance(value, Image.Image):
        return value.mode, value.size, value.tobytes()
    return type(value), repr(value), image.tobytes()


@pytest.mark.parametrize("index", range(len(CALLS)))
def test_a_watched_call_is_what_it_was(index):
    operations.recorder.active = False
    unwatched = outcome(CALLS[index])
    operations.start(Image.fromarray(PIXELS), 0)
    watched = outcome(CALLS[index])
    operations.report()
    assert watched == unwatched


def test_watched_functions_are_known_by_their_own_names():
    assert Image.Image.rotate.__name__ == "rotate" and Image.Image.rotate.__qualname__ == "Image.rotate"
    assert cv2.flip.__name__ == "flip" and "flip(src, flipCode" in cv2.flip.__doc__
    assert np.array.__name__ == "array" and ImageFilter.BLUR.name == "Blur"
    assert pickle.loads(pickle.dumps(Image.fromarray(PIXELS))).tobytes() == PIXELS.tobytes()


def test_a_traceback_shows_the_code_and_nothing_of_the_wrappers():
    from py_sandbox import failure

    failure.remember_source("x = 1\nimage.crop((5, 5, 1, 1))")
    try:
        observe("x = 1\nimage.crop((5, 5, 1, 1))")
    except ValueError as error:
        answer = failure.runtime(error)
    assert answer["line"] == 2 and "operations" not in answer["traceback"] and "image.crop((5, 5, 1, 1))" in answer["traceback"]
