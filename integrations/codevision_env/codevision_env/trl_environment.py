"""CodeVision's environment for TRL's GRPOTrainer (1.8 and later): tasks, tool and reward are those of `codevision serve env`.

    trainer = GRPOTrainer(
        model, args=GRPOConfig(…), train_dataset=Dataset.from_list(task_rows(service)),
        environment_factory=environment_factory(service), reward_funcs=rollout_reward,
    )

TRL shows an environment the calls of a rollout and not its texts, so that the reward, which reads the final answer, is a reward function and no `get_reward`.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .completions import asking_and_last
from .errors import CodeVisionError
from .images import decode
from .rollout import Rollout, Verdict
from .service import Json, Service

THREADS = 32
_threads = ThreadPoolExecutor(THREADS, "codevision")


class CodeImageEnvironment:
    """One rollout at a time: begun by `reset`, its calls are turns of an episode of the service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._rollout: Rollout | None = None
        self._failure: str | None = None

    def reset(self, *, task: str | int, **_: Any) -> list[Json]:
        """Begin a rollout of a task. Returns its images and its question, which TRL puts behind the prompt of the row."""
        self._end()
        self._rollout = Rollout(self._service, task)
        self._failure = None
        return _content(self._rollout.begin())

    def code_image_tool(self, code: str, description: str = "", image_index: int = 0) -> list[Json]:
        """Run Python over one of the images and see the picture that it makes: crop, enlarge, rotate, mirror, change contrast, draw, or anything else that PIL, NumPy and OpenCV can do. The picture becomes the next image. If the code fails, the error comes back instead.

        Args:
            code: Python code. image (or img) is the chosen image in full resolution, draw an ImageDraw over it. Put the picture to look at into result, for example: result = image.rotate(90, expand=True), or result = image.crop((left, top, right, bottom)), or result = ImageOps.mirror(image).
            description: In a few words: what the code does, and what for.
            image_index: Which image the code gets, counted from 0: the images of the question first, then the results in order.

        Returns:
            The picture, and what there is to say of it.
        """
        rollout = self._begun()
        try:
            answer = rollout.call("code_image_tool", {"code": code, "description": description, "image_index": image_index})
        except Exception as error:
            # TRL tells the model of it, as of any error; the reward tells the trainer, since it is none of the model's.
            self._failure = self._failure or str(error) or repr(error)
            raise
        return [*({"type": "image", "image": image} for image in answer.images), {"type": "text", "text": answer.text}]

    def _finish(self, completion: list[Json]) -> Verdict:
        rollout = self._begun()
        if self._failure is not None:
            raise CodeVisionError(f"the tool could not be used in a rollout of task {rollout.task}: {self._failure}")
        asking, last, is_cut = asking_and_last(completion, taken=[json.loads(call) for call in rollout.record()["calls"]])
        body = {"asking": asking, "last": last, "finish_reason": "length" if is_cut else "stop"}
        verdict = rollout.finish(body)
        self._end()
        return verdict

    def _end(self) -> None:
        if self._rollout is not None:
            self._rollout.close()
        self._rollout = None

    def _begun(self) -> Rollout:
        if self._rollout is None:
            raise CodeVisionError("expected a rollout that `reset` has begun, got none")
        return self._rollout


def environment_factory(service: Service) -> Callable[[], CodeImageEnvironment]:
    """What GRPOTrainer makes an environment with for each rollout of a batch."""
    return lambda: CodeImageEnvironment(service)


def rollout_reward(
    completions: list[list[Json]], environments: list[CodeImageEnvironment], log_metric: Any = None, **_: Any
) -> list[float]:
    """What each rollout is worth, by the configuration of the service; every component is logged as `codevision/<name>`.

    It is that of one rollout; what a reward compares within a group of rollouts is 0.
    Raises CodeVisionError: the machine lost a rollout, which is no reward of 0.
    """
    pairs = zip(environments, completions, strict=True)
    verdicts = list(_threads.map(lambda pair: pair[0]._finish(pair[1]), pairs))
    if log_metric is not None:
        for name in verdicts[0].parts if verdicts else []:
            log_metric(f"codevision/{name}", sum(one.parts[name] for one in verdicts) / len(verdicts))
        log_metric("codevision/correct", sum(one.outcome == "correct" for one in verdicts) / max(1, len(verdicts)))
    return [one.reward for one in verdicts]


def task_rows(service: Service, count: int | None = None) -> list[Json]:
    """A row for each task, with the system prompt of the service; question and images come with `reset`. Raises CodeVisionError."""
    known = int(service.get("/state")["tasks"])
    first = Rollout(service, 0)
    try:
        messages = first.begin()["messages"]
    finally:
        first.close()
    prompt = [{"role": one["role"], "content": _text(one)} for one in messages if one["role"] == "system"]
    user = {"role": "user", "content": ""}
    return [{"prompt": [*prompt, user], "task": at} for at in range(known if count is None else min(count, known))]


def _content(observation: Json) -> list[Json]:
    images = {image["index"]: decode(image["data"]) for image in observation["images"]}
    parts = [part for message in observation["messages"] if message["role"] == "user" for part in message["content"]]
    return [
        {"type": "text", "text": part["text"]} if part["type"] == "text" else {"type": "image", "image": images[part["index"]]}
        for part in parts
    ]


def _text(message: Json) -> str:
    return "".join(part.get("text", "") for part in message["content"])
