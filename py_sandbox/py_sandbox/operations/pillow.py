"""The calls of Pillow that are watched."""

from PIL import Image, ImageEnhance, ImageOps

from . import affine as maps
from . import names
from .recorder import Node, recorder
from .watch import FROM_INNER_CALLS, Rule, hush, watch

ORIENTATION, CROP, RESIZE = ("orientation",), ("crop",), ("resize",)
GREY_MODES = ("L", "LA", "La", "1")


class Kind:
    @staticmethod
    def node_of(thing):
        node = recorder.node(thing)
        # An image whose size changed behind our back is not the one we knew.
        return node if node is not None and isinstance(thing, Image.Image) and node.size == thing.size else None

    @staticmethod
    def size_of(thing):
        return thing.size if isinstance(thing, Image.Image) else None


def install():
    for method, rule in METHODS.items():
        watch(Image.Image, method, rule, Kind)
    for function, (kinds, affine) in FUNCTIONS.items():
        rule = Rule(f"ImageOps.{function}", names=lambda call, kinds=kinds: kinds, affine=lambda call, affine=affine: affine)
        watch(ImageOps, function, rule, Kind)
    for enhancer in ("Color", "Contrast", "Brightness", "Sharpness"):
        hush(getattr(ImageEnhance, enhancer), "__init__")
    watch(ImageEnhance._Enhance, "enhance", ENHANCE, Kind)
    _follow_copies()
    _follow_pastes()


# Maps

def _transpose(call):
    return maps.transposition(int(call.given(1, "method")), *call.source)


def _crop(call):
    box = call.given(1, "box")
    return maps.IDENTITY if box is None else maps.translation(round(box[0]), round(box[1]))


def _resize(call):
    return maps.window(call.given(3, "box") or (0, 0, *call.source), call.result)


def _reduce(call):
    factor, box = call.given(1, "factor"), call.given(2, "box")
    across, down = factor if isinstance(factor, (list, tuple)) else (factor, factor)
    left, top = (0, 0) if box is None else box[:2]
    return (float(across), 0.0, float(left), 0.0, float(down), float(top))


def _transform(call):
    method, data = call.given(2, "method"), call.given(3, "data")
    if not isinstance(method, int):
        return FROM_INNER_CALLS  # an object that calls transform again
    width, height = call.result
    if method == Image.Transform.AFFINE:
        return tuple(map(float, data[:6]))
    if method == Image.Transform.EXTENT:
        return maps.window(data, call.result)
    if method == Image.Transform.PERSPECTIVE:
        return tuple(map(float, data[:6])) if data[6] == 0 and data[7] == 0 else None
    if method == Image.Transform.QUAD:
        (left, top), (below_x, below_y), (across_x, across_y), (right, bottom) = data[0:2], data[2:4], data[6:8], data[4:6]
        if (below_x + across_x - left, below_y + across_y - top) != (right, bottom):
            return None
        return ((across_x - left) / width, (below_x - left) / height, left, (across_y - top) / width, (below_y - top) / height, top)
    return None


def _scaled(call):
    return maps.window((0, 0, *call.source), call.result)


def _same(call):
    return maps.IDENTITY


# Names

def _convert_names(call):
    return ("grayscale",) if call.given(1, "mode") in GREY_MODES and call.args[0].mode not in GREY_MODES else ()


def _enhance_names(call):
    return names.of_factor(type(call.args[0]).__name__.lower(), call.given(1, "factor"))


METHODS = {
    "transpose": Rule("Image.transpose", names=lambda call: ORIENTATION, affine=_transpose),
    "rotate": Rule("Image.rotate", names=lambda call: ORIENTATION),
    "crop": Rule("Image.crop", names=lambda call: CROP, affine=_crop),
    "resize": Rule("Image.resize", names=lambda call: CROP + RESIZE, affine=_resize),
    "reduce": Rule("Image.reduce", names=lambda call: CROP + RESIZE, affine=_reduce),
    "thumbnail": Rule("Image.thumbnail", names=lambda call: RESIZE, affine=_scaled, made=lambda result, args: args[:1]),
    "transform": Rule("Image.transform", names=lambda call: CROP + RESIZE + ORIENTATION, affine=_transform),
    "convert": Rule("Image.convert", names=_convert_names, affine=_same, notes=lambda call: bool(_convert_names(call))),
    "filter": Rule("Image.filter", names=lambda call: names.of_filter(call.given(1, "filter")), affine=_same),
    "point": Rule("Image.point", affine=_same),
    "quantize": Rule("Image.quantize", affine=_same),
}

FUNCTIONS = {
    "mirror": (ORIENTATION, FROM_INNER_CALLS),
    "flip": (ORIENTATION, FROM_INNER_CALLS),
    "exif_transpose": (ORIENTATION, FROM_INNER_CALLS),
    "crop": (CROP, FROM_INNER_CALLS),
    "fit": (CROP + RESIZE, FROM_INNER_CALLS),
    "contain": (RESIZE, FROM_INNER_CALLS),
    "cover": (RESIZE, FROM_INNER_CALLS),
    "scale": (RESIZE, FROM_INNER_CALLS),
    "pad": (RESIZE, FROM_INNER_CALLS),
    "expand": ((), FROM_INNER_CALLS),
    "deform": ((), None),
    "autocontrast": (("autocontrast",), maps.IDENTITY),
    "equalize": (("equalize",), maps.IDENTITY),
    "grayscale": (("grayscale",), maps.IDENTITY),
    "posterize": (("posterize",), maps.IDENTITY),
    "solarize": (("solarize",), maps.IDENTITY),
    "invert": ((), maps.IDENTITY),
    "colorize": ((), maps.IDENTITY),
}

ENHANCE = Rule(
    lambda call: f"ImageEnhance.{type(call.args[0]).__name__}.enhance",
    names=_enhance_names,
    affine=_same,
    source=lambda args, kwargs: args[0].image,
)


def _follow_copies():
    """Every image that Pillow makes of another of equal size shows the same pixels; calls that move pixels say so afterwards."""
    original = Image.Image._new

    def _new(self, im):
        new = original(self, im)
        if recorder.active:
            node = Kind.node_of(self)
            if node is not None and new.size == node.size:
                recorder.tie(new, node)
        return new

    Image.Image._new = _new


def _follow_pastes():
    """The first image that is pasted onto an empty one is what that shows."""
    def source(args, kwargs):
        pasted = args[1] if len(args) > 1 else kwargs.get("im")
        known = Kind.node_of(pasted) if isinstance(pasted, Image.Image) else None
        if known is None or (Kind.node_of(args[0]) is not None and not _covers(args[0], pasted, args, kwargs)):
            return None
        return pasted

    def offset(call):
        box = call.given(2, "box") or (0, 0)
        return maps.translation(-box[0], -box[1])

    rule = Rule("Image.paste", affine=offset, source=source, made=lambda result, args: args[:1])
    watch(Image.Image, "paste", rule, Kind)


def _covers(canvas, pasted, args, kwargs):
    mask = args[3] if len(args) > 3 else kwargs.get("mask")
    return canvas.size == pasted.size and mask is None
