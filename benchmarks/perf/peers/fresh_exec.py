"""Peers `fresh` and `per-call-container`: a new interpreter for one call.

    python fresh_exec.py SITE IMAGE WIDTH HEIGHT RESULT < CODE

Image and result are files of raw RGB. A traceback goes to stderr, and the exit status is 1 then.
"""

import sys
import traceback

sys.path.insert(0, sys.argv[1])

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

with open(sys.argv[2], "rb") as file:
    image = Image.frombytes("RGB", (int(sys.argv[3]), int(sys.argv[4])), file.read())
scope = {"Image": Image, "np": np, "cv2": cv2, "image": image}
try:
    exec(compile(sys.stdin.read(), "<code>", "exec"), scope)
except Exception:
    traceback.print_exc()
    sys.exit(1)
with open(sys.argv[5], "wb") as file:
    file.write(scope["result"].tobytes())
