"""Peer `kernel`: a Jupyter kernel that is kept alive, its image loaded, as agents with a notebook have it.

    python kernel_call.py SITE KERNEL_SITE FOLDER

A call is timed from the request to the kernel until the pixels are bytes in this process; they cross as raw bytes in a file of FOLDER, which is
memory, since PNG in a message would cost many times more.
"""

import atexit
import os
import sys

import client

LOAD = """
import numpy as np, cv2
from PIL import Image
with open({image!r}, "rb") as _file:
    image = Image.frombytes("RGB", ({width}, {height}), _file.read())
"""
DELIVER = """
with open({result!r}, "wb") as _file:
    _file.write(result.tobytes())
"""


def main():
    client.use(1, 2)
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.argv[1:3])
    os.environ["JUPYTER_PLATFORM_DIRS"] = "1"
    os.environ["HOME"] = sys.argv[3]
    from jupyter_client import KernelManager

    manager = KernelManager(kernel_name="python3", transport="ipc", ip=os.path.join(sys.argv[3], f"kernel-{os.getpid()}"))
    manager.kernel_cmd = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    manager.start_kernel(stdout=2)
    atexit.register(manager.shutdown_kernel, now=True)
    kernel = manager.blocking_client()
    kernel.start_channels()
    kernel.wait_for_ready(timeout=60)
    result = os.path.join(sys.argv[3], f"result-{os.getpid()}")

    def run(code):
        """The traceback, or None."""
        reply = kernel.execute_interactive(code, store_history=False, output_hook=lambda _message: None, timeout=120)["content"]
        return None if reply["status"] == "ok" else "\n".join(reply["traceback"])

    def prepare(request):
        run(LOAD.format(**request))
        code = request["code"] + DELIVER.format(result=result)

        def call():
            trace = run(code)
            if trace is not None:
                return None, trace
            with open(result, "rb") as file:
                return file.read(), None

        return call

    client.serve(prepare)


main()
