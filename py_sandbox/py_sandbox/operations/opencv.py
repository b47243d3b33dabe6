"""The calls of OpenCV that are watched."""

import cv2
import numpy as np

from . import affine as maps
from . import names
from .arrays import Kind
from .watch import Rule, watch

ORIENTATION, CROP, RESIZE = ("orientation",), ("crop",), ("resize",)
ROTATE_90, ROTATE_180, ROTATE_270, TRANSPOSE = 2, 3, 4, 5
GREY_CODES = frozenset(value for name, value in vars(cv2).items() if name.startswith("COLOR_") and name.endswith("2GRAY"))


def install():
    for function, rule in RULES.items():
        watch(cv2, function, rule, Kind)
    watch(cv2.CLAHE, "apply", CLAHE, Kind)


def _rule(function, kinds, affine, **others):
    return Rule(f"cv2.{function}", names=kinds if callable(kinds) else lambda call: kinds, affine=affine, **others)


def _same(call):
    return maps.IDENTITY


def _none(call):
    return None


def _flip(call):
    width, height = call.source
    code = call.given(1, "flipCode")
    return maps.transposition(ROTATE_180 if code < 0 else 1 if code == 0 else 0, width, height)


def _rotate(call):
    code = call.given(1, "rotateCode")
    method = {cv2.ROTATE_90_CLOCKWISE: ROTATE_270, cv2.ROTATE_180: ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE: ROTATE_90}[code]
    return maps.transposition(method, *call.source)


def _scaled(call):
    return maps.window((0, 0, *call.source), call.result)


def _warp(call):
    matrix = np.asarray(call.given(1, "M"), dtype=np.float64)
    if matrix.shape[0] == 3 and tuple(matrix[2]) != (0.0, 0.0, 1.0):
        return None
    map_to_source = tuple(map(float, matrix[:2].ravel()))
    if not call.given(4, "flags", 0) & cv2.WARP_INVERSE_MAP:
        map_to_source = maps.invert(map_to_source)
    return maps.from_pixel_centres(map_to_source)


def _patch(call):
    (width, height), (x, y) = call.given(1, "patchSize"), call.given(2, "center")
    return maps.translation(x - (width - 1) / 2, y - (height - 1) / 2)


def _border(call):
    return maps.translation(-call.given(3, "left"), -call.given(1, "top"))


def _cvt_names(call):
    return ("grayscale",) if call.given(1, "code") in GREY_CODES else ()


def _morphology_names(call):
    return names.named({cv2.MORPH_ERODE: "erode", cv2.MORPH_DILATE: "dilate"}.get(call.given(1, "op")))


def _scale_abs_names(call):
    return names.of_scale_abs(call.given(2, "alpha"), call.given(3, "beta"))


PHOTOMETRIC = {
    "GaussianBlur": "gaussian_blur",
    "medianBlur": "median_blur",
    "blur": "blur",
    "boxFilter": "blur",
    "stackBlur": "blur",
    "equalizeHist": "equalize",
    "Canny": "edge_detect",
    "Laplacian": "edge_detect",
    "Sobel": "edge_detect",
    "Scharr": "edge_detect",
    "erode": "erode",
    "dilate": "dilate",
}
#: Watched for where their result comes from; the vocabulary has no word for them.
UNNAMED = (
    "bilateralFilter fastNlMeansDenoising fastNlMeansDenoisingColored detailEnhance edgePreservingFilter stylization filter2D sepFilter2D adaptiveThreshold"
    " normalize LUT bitwise_not add subtract multiply divide addWeighted absdiff inRange pow log exp sqrt"
).split()


def _second(result, args):
    return result[1:]


RULES = {
    "flip": _rule("flip", ORIENTATION, _flip),
    "rotate": _rule("rotate", ORIENTATION, _rotate),
    "transpose": _rule("transpose", ORIENTATION, lambda call: maps.transposition(TRANSPOSE, *call.source)),
    "resize": _rule("resize", RESIZE, _scaled),
    "pyrDown": _rule("pyrDown", RESIZE, _scaled),
    "pyrUp": _rule("pyrUp", RESIZE, _scaled),
    "warpAffine": _rule("warpAffine", CROP + RESIZE + ORIENTATION, _warp),
    "warpPerspective": _rule("warpPerspective", CROP + RESIZE + ORIENTATION, _warp),
    "remap": _rule("remap", (), _none),
    "getRectSubPix": _rule(
        "getRectSubPix", CROP, _patch, source=lambda args, kwargs: args[0] if args else kwargs["image"]
    ),
    "copyMakeBorder": _rule("copyMakeBorder", (), _border),
    "cvtColor": _rule("cvtColor", _cvt_names, _same, notes=lambda call: bool(_cvt_names(call))),
    "convertScaleAbs": _rule("convertScaleAbs", _scale_abs_names, _same),
    "morphologyEx": _rule("morphologyEx", _morphology_names, _same),
    "split": _rule("split", (), _same, made=lambda result, args: result, notes=lambda call: False),
    "merge": _rule("merge", (), _same, source=lambda args, kwargs: args[0][0] if args else kwargs["mv"][0], notes=lambda call: False),
    "threshold": _rule("threshold", (), _same, made=_second),
    **{function: _rule(function, (name,), _same) for function, name in PHOTOMETRIC.items()},
    **{function: _rule(function, (), _same) for function in UNNAMED},
}

CLAHE = Rule("cv2.CLAHE.apply", names=lambda call: ("equalize",), affine=_same, source=lambda args, kwargs: args[1] if len(args) > 1 else kwargs["src"])
