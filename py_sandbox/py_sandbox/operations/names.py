"""What photometric calls are called: the vocabulary in which tool use is analysed elsewhere, by the reading of source text."""

#: Factors this close to 1 say neither up nor down.
SLACK = 0.05

FILTERS = {
    "BLUR": "blur",
    "BoxBlur": "blur",
    "GaussianBlur": "gaussian_blur",
    "MedianFilter": "median_blur",
    "SHARPEN": "sharpen",
    "UnsharpMask": "sharpen",
    "SMOOTH": "smooth",
    "SMOOTH_MORE": "smooth",
    "DETAIL": "detail",
    "EDGE_ENHANCE": "edge_enhance",
    "EDGE_ENHANCE_MORE": "edge_enhance",
    "FIND_EDGES": "edge_detect",
}


def of_filter(value):
    kind = value if isinstance(value, type) else type(value)
    return named(FILTERS.get(kind.__name__))


def of_factor(stem, factor):
    """`contrast` and 1.5 are `contrast_up`."""
    if factor > 1 + SLACK:
        return (f"{stem}_up",)
    return (f"{stem}_down",) if factor < 1 - SLACK else (stem,)


def of_scale_abs(alpha, beta):
    """cv2.convertScaleAbs: alpha is contrast, beta is brightness; what was not given does not count."""
    found = () if alpha is None else of_factor("contrast", alpha)
    if beta is None:
        return found
    return (*found, "brightness_up" if beta > 0.5 else "brightness_down" if beta < -0.5 else "brightness")


def named(name):
    return () if name is None else (name,)
