"""Reads a request as JSON from stdin, and prints `{"python": its version}`, then a line of JSON for each rule: `{"name", "failure"}`, failure null where the rule holds.

    {"trainer": "verl" | "trl", "url", "recipe": a folder | null, "wrong": an answer that no task has, "answers": a right one of each task | null, "hacks": [{"name", "calls": [{"code", "description"}], "last": text of the last turn}]}

`{right}` in a call stands for the right answer of the task that it is made about.

Where the trainer cannot be imported, the only line after the first is `{"unusable": why}`; where the service shows no tasks that can be worked on, the only rule is that it does. Whatever else the libraries print goes to stderr. The token of the service is CODEVISION_TOKEN.
"""

import asyncio
import importlib
import importlib.util
import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Run by its path, so that a package that is missing can be told; the folder of the package stands there in place of this one.
sys.path[0] = str(Path(__file__).resolve().parents[2])
SHOWN = "the service shows its tasks, each with one tool"
RULES = {"verl": "codevision_env.conformance.verl_rules", "trl": "codevision_env.conformance.trl_rules"}


def main() -> None:
    out = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)

    def say(line: dict) -> None:
        print(json.dumps(line), file=out)

    say({"python": platform.python_version()})
    request = json.load(sys.stdin)
    try:
        rules_of = importlib.import_module(RULES[request["trainer"]]).rules_of
        from codevision_env import CodeVisionError
        from codevision_env.conformance.rules import tried
    except ImportError as error:
        say({"unusable": _found(request["trainer"], error)})
        return
    try:
        rules = rules_of(request)
    except CodeVisionError as error:
        say({"name": SHOWN, "failure": str(error)})
        return
    say({"name": SHOWN, "failure": None})

    async def try_all() -> None:
        async for result in tried(rules):
            say(result)

    asyncio.run(try_all())


def _found(trainer: str, error: ImportError) -> str:
    found = f"Python {platform.python_version()} with"
    missing = [name for name, module in ((trainer, trainer), ("Pillow", "PIL")) if importlib.util.find_spec(module) is None]
    if missing:
        return " and ".join(f"{'' if at else found + ' '}no {name}" for at, name in enumerate(missing))
    try:
        installed = f"{trainer} {version(trainer)}"
    except PackageNotFoundError:
        installed = trainer
    return f"{found} {installed}, whose import ends with: {error}"


if __name__ == "__main__":
    main()
