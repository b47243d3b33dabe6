"""The strings by which the released environment is recognised; recorded facts, needed word for word to reproduce its results."""

INVALID_SIZE = "The result has an invalid image size ({width}x{height}). Width and height must be positive. Please check your code."
INVALID_ASPECT = (
    "The result has an invalid image aspect ratio ({width}x{height}, aspect={aspect:.2f}) >= 200.0. Please check your code."
)
IMPORT_REFUSED = "Import of '{name}' is not allowed in safe mode"
