"""Entry point of the sandbox, inside its container.

    python3.11 -I -S -B bootstrap.py --site DIR --pythonia DIR [--exchange DIR] [--spare N] [--prepared N] [--uid N] [--listen SOCKET]

Speaks the bridge on stdin (JSON lines in) and stderr (JSON lines out), and ends when stdin does. With --listen it waits on a unix socket
instead and starts one such host for each connection (listener.py).
"""

import argparse
import os
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/tmp",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_LOG_LEVEL": "OFF",
    # What libraries call of each other is looked up when they are loaded, not in each worker, where it would copy pages.
    "LD_BIND_NOW": "1",
    # Freed memory stays with the process: pages that were touched once are not paid for again.
    "GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=1073741824",
    # Set where the interpreter is not at the place for which it was built.
    **{name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
}


def main():
    arguments = _parse()
    sys.path.insert(0, ROOT)
    from py_sandbox import lockdown

    if arguments.uid is not None:
        lockdown.drop_user(arguments.uid)
    if arguments.listen is not None:
        _listen(arguments)
        return
    lockdown.switch_off([layer for layer in arguments.without.split(",") if layer])
    lockdown.hide()
    if arguments.greeted:
        from py_sandbox import listener

        arguments.exchange, arguments.spare, arguments.lock = listener.greet(0, arguments.exchange)
    _serve(arguments)


def _parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", required=True, help="folder with Pillow, NumPy and OpenCV")
    parser.add_argument("--pythonia", required=True, help="folder with pythonia's Python files")
    parser.add_argument("--exchange", default="/exchange", help="folder through which pixels cross")
    parser.add_argument("--spare", type=int, default=2, help="workers kept ready")
    parser.add_argument("--prepared", type=int, default=96, help="most workers that wait for the next call of one session")
    parser.add_argument("--uid", type=int, help="user to become, when started as root")
    parser.add_argument("--listen", help="path of a unix socket to wait on")
    parser.add_argument("--greeted", action="store_true", help="the first line on stdin names the folder inside the exchange directory")
    parser.add_argument("--without", default="", help="layers of a worker to leave out, for tests that try the others alone: LAYER[,LAYER]")
    return parser.parse_args()


def _serve(arguments):
    # The zygote is a process of its own from its first instruction: it never shared memory or descriptors with the bridge.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    command = [sys.executable, "-I", "-S", "-B", os.path.join(ROOT, "py_sandbox", "zygote.py"), ROOT, arguments.site, str(theirs.fileno()), arguments.without]
    subprocess.Popen(
        command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    theirs.close()

    sys.path.append(arguments.pythonia)
    import Bridge

    from py_sandbox import service
    from py_sandbox.channel import Channel
    from py_sandbox.exchange import Exchange
    from py_sandbox.host import Host

    channel = Channel(0, 2)
    host = Host(channel=channel, exchange=Exchange(arguments.exchange), zygote=ours, spare=arguments.spare, prepared=arguments.prepared)
    service._serve(host, channel)
    channel.open(Bridge.Bridge)
    try:
        host.run()
    except SystemExit as reason:
        os.write(2, f"{reason}\n".encode())
        os._exit(1)
    # The bridge's leftovers would try to speak through it while the interpreter shuts down.
    os._exit(0)


def _listen(arguments):
    """Start a host for each connection, on a folder of its own inside the exchange directory."""
    from py_sandbox import listener

    command = [sys.executable, "-I", "-S", "-B", os.path.abspath(__file__), "--site", arguments.site, "--pythonia", arguments.pythonia]
    listener.listen(arguments.listen, arguments.exchange, [*command, "--exchange", arguments.exchange, "--greeted"])


if __name__ == "__main__":
    main()
