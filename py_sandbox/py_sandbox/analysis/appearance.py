"""What a text seems to do to an image besides turning, flipping and cropping it: light, colour, sharpness, size."""

import functools
import re

from .constant import number
from .textual import is_called, names_found, sequence

#: Factors this close to 1, and offsets this close to 0, say neither up nor down.
FACTOR_SLACK = 0.05
OFFSET_SLACK = 0.5

ENHANCE = re.compile(r"ImageEnhance\.(Brightness|Contrast|Sharpness|Color)\s*+\([^)]++\)\s*+\.enhance\(([^)]++)\)")
#: With its arguments, so that a filter among them is not found again.
FILTER = re.compile(r"ImageFilter\.([A-Za-z_]++)(?:\s*+\([^)]*+\))?")
SCALE_ABS = re.compile(r"cv2\.convertScaleAbs\([^)]*+\)")
ALPHA = re.compile(r"alpha\s*+=\s*+([-+]?\d++(?:\.\d++)?)")
BETA = re.compile(r"beta\s*+=\s*+([-+]?\d++(?:\.\d++)?)")

#: Upper and lower case count the same.
FILTERS = {
    "BLUR": "blur",
    "BOXBLUR": "blur",
    "GAUSSIANBLUR": "gaussian_blur",
    "MEDIANFILTER": "median_blur",
    "SHARPEN": "sharpen",
    "UNSHARPMASK": "sharpen",
    "SMOOTH": "smooth",
    "SMOOTH_MORE": "smooth",
    "DETAIL": "detail",
    "FIND_EDGES": "edge_detect",
}


def _call(name):
    return functools.partial(is_called, name=name)


#: In the order in which names are told, before those of convertScaleAbs and after.
BEFORE_SCALE = [
    (sequence(r"\.convert\(", "['\"]L['\"]", r"\)"), "grayscale"),
    (sequence(r"cv2\.cvtColor\([^,]++,", "cv2\\.COLOR_(?:BGR|RGB)2GRAY", r"\)"), "grayscale"),
    # A second argument, such as the filter, hides both of these.
    (sequence(r"\.resize\(", r"\([^)]++\)", r"\)"), "resize"),
    (sequence(r"ImageOps\.fit\([^,]++,", r"\([^)]++\)", r"\)"), "resize"),
    *[(_call(f"ImageOps.{name}"), name) for name in ("autocontrast", "equalize", "invert", "solarize", "posterize")],
    (_call("cv2.GaussianBlur"), "gaussian_blur"),
    (_call("cv2.blur"), "blur"),
    (_call("cv2.boxFilter"), "blur"),
    (_call("cv2.medianBlur"), "median_blur"),
    (_call("cv2.Canny"), "edge_detect"),
    (_call("cv2.Sobel"), "edge_detect"),
    (_call("cv2.Laplacian"), "edge_detect"),
]
AFTER_SCALE = [(_call("cv2.erode"), "erode"), (_call("cv2.dilate"), "dilate"), (_call("cv2.equalizeHist"), "equalize")]


def appearances(code):
    """A name may come more than once. Raises what `number` raises for the factor of an enhancer."""
    return [
        *_enhanced(code),
        *_filtered(code),
        *names_found(code, BEFORE_SCALE),
        *_scaled(code),
        *names_found(code, AFTER_SCALE),
    ]


def _enhanced(code):
    for match in ENHANCE.finditer(code):
        yield _directed(match[1].lower(), number(match[2].strip()), 1, FACTOR_SLACK)


def _filtered(code):
    for match in FILTER.finditer(code):
        name = match[1].upper()
        if name in FILTERS:
            yield FILTERS[name]
        elif name.startswith("EDGE_ENHANCE"):
            yield "edge_enhance"


def _scaled(code):
    for call in SCALE_ABS.finditer(code):
        alpha, beta = ALPHA.search(call[0]), BETA.search(call[0])
        if alpha is not None:
            yield _directed("contrast", float(alpha[1]), 1, FACTOR_SLACK)
        if beta is not None:
            yield _directed("brightness", float(beta[1]), 0, OFFSET_SLACK)


def _directed(name, value, neutral, slack):
    if value is not None and value > neutral + slack:
        return f"{name}_up"
    return f"{name}_down" if value is not None and value < neutral - slack else name
