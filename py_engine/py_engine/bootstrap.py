"""Entry point of the torch engine, a trusted process of its own.

    python3.11 -I -B bootstrap.py --site DIR --pythonia DIR --exchange DIR

Speaks the bridge on stdin (JSON lines in) and stderr (JSON lines out), and ends when stdin does, whatever it is computing then. It never runs a
model's code. What other libraries write on stderr is the log of the bridge.
"""

import argparse
import os
import signal
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    # Ctrl-C at a terminal reaches whoever stands in its foreground: the controller decides what comes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", required=True, help="folder with torch, transformers and peft")
    parser.add_argument("--pythonia", required=True, help="folder with pythonia's Python files")
    parser.add_argument("--exchange", required=True, help="folder through which arrays cross")
    arguments = parser.parse_args()
    # Models come from folders of this machine alone, and nothing else is asked of a network.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", HF_HUB_DISABLE_TELEMETRY="1")
    sys.path[:0] = [ROOT, arguments.site]
    sys.path.append(arguments.pythonia)
    import Bridge

    from py_engine import service
    from py_engine.channel import Channel
    from py_engine.worker import Worker

    channel = Channel(incoming=0, outgoing=2)
    service.serve(channel=channel, worker=Worker(tell=channel.emit, exchange=arguments.exchange))
    channel.open(Bridge.Bridge)
    while channel.read():
        pass
    # The controller is gone: a computation that is still under way is for nobody.
    os._exit(0)


if __name__ == "__main__":
    main()
