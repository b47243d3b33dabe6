"""The reward of CodeVision as verl's `custom_reward_function`.

    custom_reward_function.path=pkg://codevision_env.verl_reward  custom_reward_function.name=compute_score

What is paid is what the service's configuration says (`codevision serve env --config`): variant, weights, scoring, judge. It is that of one rollout; what a reward compares within a group of
rollouts is 0, since verl asks for each by itself.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from .errors import CodeVisionError
from .rollout import Rollout, Verdict
from .service import PATIENCE_S, Service
from .transcript import calls_in

THREADS = 64
#: By the tool, in `extras`.
RECORDED = {"task", "id", "calls"}
_threads = ThreadPoolExecutor(THREADS, "codevision-reward")


async def compute_score(
    data_source: str, solution_str: str, ground_truth: Any, extra_info: dict[str, Any] | None = None, **options: Any
) -> dict[str, Any]:
    """As `compute_score_sync`; verl's reward loop awaits it."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(
        _threads, lambda: compute_score_sync(data_source, solution_str, ground_truth, extra_info, **options)
    )


def compute_score_sync(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: dict[str, Any] | None = None,
    *,
    url: str | None = None,
    token: str | None = None,
    patience: float = PATIENCE_S,
    opening: str = "",
    replay: bool = False,
    **_: Any,
) -> dict[str, Any]:
    """What a rollout is worth.

    The episode that its calls were turns of is ended with its text; of a rollout without calls, or whose episode is gone, it is made first.

    Args:
        solution_str: everything since the prompt, without special tokens, as verl decodes it.
        extra_info: of the row, with what the tool left there.
        opening: what the chat template begins each turn of the model with (`<think>\\n` for thinking models, the line break as backslash and n).
        replay: verl before 0.7.1 tells the reward nothing of the tool; its calls are read from the text and run once more.

    Returns: `score`, `acc`, `verdict`, `calls` and every component of the reward, the same keys for each rollout.
    Raises CodeVisionError: the machine lost the rollout, which is no reward of 0.
    """
    info = extra_info or {}
    service = _service(url, token, float(patience))
    record = _record(info)
    if record is not None and record.get("failure"):
        raise CodeVisionError(f"the tool could not be used in a rollout of task {record['task']}: {record['failure']}")
    if record is not None:
        rollout = Rollout.from_record(service, record)
    else:
        rollout = Rollout(service, _task_key(info), calls=calls_in(solution_str) if replay else [])
    # Hydra hands a line break on as backslash and n.
    begun = opening.replace("\\n", "\n")
    verdict = rollout.finish({"text": solution_str, **({"opening": begun} if begun else {})})
    rollout.close()
    return _scores(verdict)


def _scores(verdict: Verdict) -> dict[str, Any]:
    return {
        "score": verdict.reward,
        "acc": 1.0 if verdict.outcome == "correct" else 0.0,
        "verdict": verdict.outcome,
        "calls": verdict.calls,
        **verdict.parts,
    }


@cache
def _service(url: str | None, token: str | None, patience: float) -> Service:
    return Service(url, token=token, patience=patience)


def _record(info: dict[str, Any]) -> dict[str, Any] | None:
    extras = info.get("extras")
    record = extras.get("codevision") if isinstance(extras, dict) else None
    if record is None or (isinstance(record, dict) and RECORDED <= record.keys()):
        return record
    raise CodeVisionError(
        f"extra_info.extras.codevision: expected task, id and calls, as the tool leaves them there, got {str(record)[:80]}; use codevision_env.verl_tool, or leave out extras.codevision to have the rollout made from the row"
    )


def _task_key(info: dict[str, Any]) -> str:
    for kwargs in (info.get("tools_kwargs") or {}).values():
        key = ((kwargs or {}).get("create_kwargs") or {}).get("task_key")
        if key:
            return str(key)
    if info.get("task_key"):
        return str(info["task_key"])
    raise CodeVisionError(
        "expected extra_info.tools_kwargs.<tool>.create_kwargs.task_key, or extra_info.task_key, got neither; write the rows with `codevision data export --format verl`"
    )
