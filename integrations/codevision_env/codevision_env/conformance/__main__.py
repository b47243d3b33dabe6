"""Reads a request as JSON from stdin, and prints a line of JSON for each rule: `{"name", "failure"}`, failure null where the rule holds.

    {"trainer": "verl" | "trl", "url", "recipe": a folder | null, "wrong": an answer that no task has, "hacks": [{"name", "calls": [{"code", "description"}]}]}

Where the trainer cannot be imported, the only line is `{"unusable": why}`. Whatever else the libraries print goes to stderr. The token of the service is CODEVISION_TOKEN.
"""

import asyncio
import importlib
import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Run by its path, so that a package that is missing can be told; the folder of the package stands there in place of this one.
sys.path[0] = str(Path(__file__).resolve().parents[2])
RULES = {"verl": "codevision_env.conformance.verl_rules", "trl": "codevision_env.conformance.trl_rules"}


def main() -> None:
    out = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)

    def say(line: dict) -> None:
        print(json.dumps(line), file=out)

    request = json.load(sys.stdin)
    try:
        rules_of = importlib.import_module(RULES[request["trainer"]]).rules_of
        from codevision_env.conformance.rules import tried
    except ImportError as error:
        say({"unusable": f"{_found(request['trainer'])}: {error}"})
        return

    async def try_all() -> None:
        async for result in tried(rules_of(request)):
            say(result)

    asyncio.run(try_all())


def _found(trainer: str) -> str:
    try:
        installed = f"{trainer} {version(trainer)}"
    except PackageNotFoundError:
        installed = f"no {trainer}"
    return f"Python {platform.python_version()} with {installed}"


if __name__ == "__main__":
    main()
