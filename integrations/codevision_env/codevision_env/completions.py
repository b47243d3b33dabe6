"""Rollouts as lists of messages, as TRL keeps them."""

import json
from typing import Any

Call = dict[str, Any]
#: Of `CodeImageEnvironment.code_image_tool`.
DEFAULTS = {"description": "", "image_index": 0}


def asking_and_last(completion: list[dict[str, Any]], *, taken: list[Call]) -> tuple[list[str], str, bool]:
    """What the model wrote, turn by turn.

    Args:
        completion: messages of assistant and tool, with calls and reasoning taken out of the texts.
        taken: `{name, arguments}` of the calls that the episode took, in their order. A trainer answers others by itself: of tools that are none, with arguments that the tool has not.
            Of several calls in one turn that were taken, the text belongs to the first.

    Returns: the text with each call that was taken; the last text, with calls of it that nobody ran; whether it was cut off, or the rollout stopped behind a call or before anything was written.
    """
    asking: list[str] = []
    left = list(taken)
    # Of turns whose calls were all answered by the trainer itself: it belongs to the turn behind them.
    before = ""
    last = ""
    is_cut = True
    for message in completion:
        if message.get("role") != "assistant":
            continue
        text = _text(message)
        calls = message.get("tool_calls") or []
        own = []
        for call in calls:
            if left and _is_same(call.get("function", {}), left[0]):
                left.pop(0)
                own.append(call)
        asking += [before + text + _written(call) if at == 0 else _written(call) for at, call in enumerate(own)]
        # A turn whose calls were taken has its text there.
        last = "" if own else before + text + "".join(map(_written, calls))
        before = before + text if calls and not own else ""
        is_cut = bool(own) or (not calls and (text.strip() == "" or "<tool_call>" in text))
    return asking, last, is_cut


def _is_same(written: Call, taken: Call) -> bool:
    """Whether it is this call: what the model leaves out, the tool has filled in."""
    given, known = written.get("arguments"), taken["arguments"]
    if written.get("name") != taken["name"] or not isinstance(given, dict) or "code" not in given:
        return False
    return json.dumps({**DEFAULTS, **given}, sort_keys=True) == json.dumps(known, sort_keys=True)


def _written(call: dict[str, Any]) -> str:
    return f"<tool_call>\n{json.dumps(call.get('function', call))}\n</tool_call>"


def _text(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    said = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    thought = message.get("reasoning_content")
    return f"<think>{thought}</think>{said}" if thought else said
