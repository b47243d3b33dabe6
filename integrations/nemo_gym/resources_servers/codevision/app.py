"""The resources server `codevision` of NeMo-Gym: runs `codevision serve env` at the address that NeMo-Gym has chosen, or waits beside one that runs already."""

import os
import signal
import subprocess
import sys
import threading
import urllib.request
from typing import NoReturn

from nemo_gym.global_config import (
    NEMO_GYM_CONFIG_PATH_ENV_VAR_NAME,
    get_first_server_config_dict,
    get_global_config_dict,
)
from omegaconf import OmegaConf

FAILED = 1
USAGE = 2


def main() -> NoReturn:
    """Read what NeMo-Gym has set up, and be that server until a signal ends it."""
    name = os.environ[NEMO_GYM_CONFIG_PATH_ENV_VAR_NAME]
    server = OmegaConf.to_container(get_first_server_config_dict(get_global_config_dict(), name), resolve=True)
    if server["data"] is None:
        # In front of an @ stands the service's token, which /healthz is not asked with.
        wait_beside(name, f"http://{server['host'].rpartition('@')[2]}:{server['port']}")
    sys.exit(serve(name, server))


def serve(name: str, server: dict) -> int:
    """Run the service over the rows. Its standard input ends when this process does, however that ends, and so does it.

    Returns: its exit code.
    """
    command, config = server.get("command"), server.get("config")
    if not isinstance(command, list) or not command:
        refuse(f"{name}: `command`: expected the program as a list of words, such as [node, /path/to/dist/cli/main.js], got {command!r}.")
    words = [*map(str, command), "serve", "env", "--data", absolute(name, "data", server["data"])]
    if config is not None:
        words += ["--config", absolute(name, "config", config)]
    options = server.get("options") or []
    if not isinstance(options, list):
        refuse(f"{name}: `options`: expected a list of words, such as [--lease, 3600], got {options!r}.")
    words += [*map(str, options), "--host", server["host"], "--port", str(server["port"]), "--end-with-stdin"]
    try:
        service = subprocess.Popen(words, stdin=subprocess.PIPE)
    except OSError as error:
        refuse(f"{name}: `command`: expected a program that can be started, got {command!r}: {error}.")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: service.stdin.close())
    return service.wait()


def wait_beside(name: str, url: str) -> NoReturn:
    """Answer for a service that somebody else has started: it must be there now; then wait for a signal."""
    try:
        # No proxy, as NeMo-Gym itself asks none.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{url}/healthz", timeout=60) as answer:
            answer.read()
    except OSError as error:
        print(f"{name}: expected `codevision serve env` at {url}, since `data` is null; got: {error}.", file=sys.stderr)
        sys.exit(FAILED)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    sys.exit(0)


def absolute(name: str, what: str, path: str) -> str:
    """NeMo-Gym starts its servers in their own folders, where another path would mean something else."""
    if not isinstance(path, str) or not os.path.isabs(path):
        refuse(f"{name}: `{what}`: expected an absolute path, got {path!r}.")
    return path


def refuse(why: str) -> NoReturn:
    """End with what is wrong in the configuration."""
    print(why, file=sys.stderr)
    sys.exit(USAGE)


if __name__ == "__main__":
    main()
