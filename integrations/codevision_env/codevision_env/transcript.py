"""Calls in the text of a whole rollout, for trainers that keep no record of them."""

import json
import re

RESPONSE = re.compile(r"<tool_response>.*?</tool_response>", re.DOTALL)
CALL = re.compile(r"<tool_call>(.*?)</tool_call>", re.DOTALL)


def calls_in(text: str) -> list[str]:
    """The first call of each turn that a tool has answered, as JSON of `{name, arguments}`.

    A model that writes answers of the tool itself is believed here: prefer a record of the calls.
    """
    calls = []
    for turn in RESPONSE.split(text)[:-1]:
        found = CALL.search(turn)
        call = _read(found.group(1)) if found else None
        if call is not None:
            calls.append(call)
    return calls


def _read(text: str) -> str | None:
    try:
        call = json.loads(text)
        return json.dumps({"name": str(call["name"]), "arguments": call["arguments"]})
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
