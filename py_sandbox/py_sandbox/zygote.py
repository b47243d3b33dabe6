"""The zygote: imports what model code needs, once, and forks workers from it. Runs no job itself; has one thread.

    python -I -S -B zygote.py ROOT SITE DESCRIPTOR WITHOUT
    host -> zygote   {"fork": n} with two descriptors (control, output)
    zygote -> host   {"ready": versions} or {"broken": traceback}, {"forked": n, "pid": …} with a pidfd, {"exited": pid, "status": wait status}
"""

import gc
import os
import signal
import socket
import sys
import traceback

# Modules ask for work after each fork, for the sake of other threads: threading, random and logging do. There is one thread here, the random
# generators are seeded by each call, and every worker would pay some 200 page faults for it.
os.register_at_fork = lambda **_handlers: None


def main():
    root, site, descriptor = sys.argv[1], sys.argv[2], int(sys.argv[3])
    sys.path[:0] = [root, site]
    sock = socket.socket(fileno=descriptor)
    from py_sandbox import framing, lockdown, warm_up

    try:
        versions = _import_libraries()
        lockdown.switch_off([layer for layer in sys.argv[4].split(",") if layer])
        lockdown.hide()
        lockdown.build_filter()
        warm_up.run()
        _try_lockdown()
    except Exception:
        framing.send(sock, 0, {"broken": traceback.format_exc()[-4000:]})
        return

    gc.collect()
    gc.freeze()
    wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    framing.send(sock, 0, {"ready": versions})
    _serve(sock, wake_read)


def _import_libraries():
    import platform

    import cv2
    import numpy
    import PIL
    from PIL import AvifImagePlugin, Image, ImageShow

    cv2.setNumThreads(0)
    Image.init()
    # Its decoder would start threads, which a worker may not.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    # Nobody looks at a screen in here; image.show() does nothing, as on a machine without a viewer.
    ImageShow._viewers.clear()
    # What model code may import is imported here, so that a worker reads no file for it.
    import importlib

    from py_sandbox import operations, standard_profile, worker  # noqa: F401

    for name in standard_profile.ALLOWED_MODULES:
        importlib.import_module(name)
    for name in ("numpy.random", "numpy.fft", "numpy.linalg", "numpy.ma", "PIL.ImageChops", "PIL.ImageStat", "PIL.ImageColor", "PIL.ImageMath"):
        importlib.import_module(name)
    operations.install()
    return {
        "python": platform.python_version(),
        "pillow": PIL.__version__,
        "numpy": numpy.__version__,
        "opencv": cv2.__version__,
        "threads": len(os.listdir("/proc/self/task")),
    }


def _try_lockdown():
    """Lock down a first child that then does nothing: a layer that is missing here must be told now, before anything hostile arrives."""
    from py_sandbox import worker
    from py_sandbox.scratch import remove_scratch

    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            worker.lock({"memory_bytes": 1 << 30, "cpu_seconds": 10, "file_bytes": 1 << 20, "descriptors": 0})
            os._exit(0)
        except Exception as error:
            os.write(write_end, f"{type(error).__name__}: {error}".encode()[:4000])
            os._exit(1)
    os.close(write_end)
    with open(read_end, encoding="utf-8", errors="replace") as reason:
        told = reason.read()
    _, status = os.waitpid(pid, 0)
    remove_scratch(pid)
    if status != 0:
        raise RuntimeError(f"a worker cannot lock itself down here: {told or f'wait status {status}'}")


def _serve(sock, wake_read):
    import select

    from py_sandbox import framing

    while True:
        try:
            ready, _, _ = select.select([sock, wake_read], [], [])
        except InterruptedError:
            continue
        if wake_read in ready:
            _drain(wake_read)
            _reap(sock)
        if sock in ready:
            message = framing.receive(sock, framing.MAX_ANSWER)
            if message is None:
                os._exit(0)
            nonce, body, descriptors = message
            _fork(sock, nonce, body, descriptors)


def _fork(sock, nonce, body, descriptors):
    from py_sandbox import framing, worker

    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        worker.main(*descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    pidfd = os.pidfd_open(pid)
    try:
        framing.send(sock, nonce, {"forked": body["fork"], "pid": pid}, [pidfd])
    finally:
        os.close(pidfd)


def _drain(wake_read):
    try:
        while os.read(wake_read, 4096):
            pass
    except BlockingIOError:
        pass


def _reap(sock):
    from py_sandbox import framing
    from py_sandbox.scratch import remove_scratch

    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        remove_scratch(pid)
        framing.send(sock, 0, {"exited": pid, "status": status})


main()
