"""Peer `limit`: the code by plain exec() in a warm interpreter, nothing contained, nothing copied, no process boundary.

    python plain_exec.py SITE

Reads one request a line (see client.py), answers with one line. A call is timed from exec() until the pixels are bytes in this process.
"""

import traceback

import client


def main():
    client.use(1)
    import cv2
    import numpy as np
    from PIL import Image

    def prepare(request):
        with open(request["image"], "rb") as file:
            image = Image.frombytes("RGB", (request["width"], request["height"]), file.read())
        names = {"Image": Image, "np": np, "cv2": cv2}

        def call():
            scope = {**names, "image": image}
            try:
                exec(compile(request["code"], "<code>", "exec"), scope)
            except Exception:
                return None, traceback.format_exc()
            return scope["result"].tobytes(), None

        return call

    client.serve(prepare)


main()
