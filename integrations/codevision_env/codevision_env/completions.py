"""Rollouts as lists of messages, as TRL keeps them."""

import json
from typing import Any


def asking_and_last(completion: list[dict[str, Any]], *, tool: str) -> tuple[list[str], str, bool]:
    """What the model wrote, turn by turn.

    Args:
        completion: messages of assistant and tool, with calls and reasoning taken out of the texts.
        tool: whose calls count. Of several calls in one turn, the text belongs to the first.

    Returns: the text with each call; the last text; whether the rollout stopped at a call, or before anything was written.
    """
    asking: list[str] = []
    # Of turns whose calls were all of tools that are none: it belongs to the turn behind them.
    before = ""
    last = ""
    is_cut = True
    for message in completion:
        if message.get("role") != "assistant":
            continue
        text = _text(message)
        calls = message.get("tool_calls") or []
        own = [call for call in calls if call.get("function", {}).get("name") == tool]
        asking += [before + text + _written(call) if at == 0 else _written(call) for at, call in enumerate(own)]
        last = "" if calls else before + text
        before = before + text if calls and not own else ""
        is_cut = bool(calls) or text.strip() == "" or "<tool_call>" in text
    return asking, last, is_cut


def _written(call: dict[str, Any]) -> str:
    return f"<tool_call>\n{json.dumps(call['function'])}\n</tool_call>"


def _text(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    said = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    thought = message.get("reasoning_content")
    return f"<think>{thought}</think>{said}" if thought else said
