"""One rollout of a trainer as an episode of the service."""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from .errors import CodeVisionError, ServiceError
from .images import decode
from .service import Json, Service

# The episode is gone (its lease is over, the service was started anew) or lost; its calls make it again, since what a call does follows from its code and the images.
GONE = {"no_such_session", "session_ended", "episode_lost"}
MOST_TIMES_MADE_AGAIN = 3


@dataclass(frozen=True)
class Answer:
    """What the model is told of a call."""

    text: str
    #: New ones, as the model sees them.
    images: list[Image.Image]
    #: The episode was over before the call, which was not run.
    is_over: bool = False


@dataclass(frozen=True)
class Verdict:
    """What a whole rollout came to."""

    reward: float
    #: correct, wrong, unparsed, truncated …
    outcome: str
    #: Every component of the reward, by name.
    parts: dict[str, float] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    calls: int = 0


class Rollout:
    """An episode about a task: begun with its first call, ended with its verdict, made again from its calls where the service has lost it. Its calls are made one at a time.

    Args:
        task: key of the task, or its place from 0.
        id: of the rollout; its own for each.
        calls: those that were made already, where another process goes on.
    """

    def __init__(
        self, service: Service, task: str | int, *, id: str | None = None, calls: list[str] | None = None
    ) -> None:
        self._service = service
        self.task = task
        self.id = id or uuid.uuid4().hex
        self._calls = list(calls or [])
        self._is_made = False
        # Why it takes no further call.
        self._stop: str | None = None
        self._one_at_a_time = threading.RLock()

    @classmethod
    def from_record(cls, service: Service, record: Json) -> "Rollout":
        """The same rollout in another process; of `record`."""
        rollout = cls(service, record["task"], id=record["id"], calls=record["calls"])
        rollout._is_made = bool(record["calls"])
        return rollout

    def record(self) -> Json:
        """All that another process needs to go on: plain data."""
        return {"task": self.task, "id": self.id, "calls": list(self._calls)}

    def begin(self) -> Json:
        """The first observation: prompt, question and images. Raises CodeVisionError."""
        told = self._service.post("/v1/sessions", {"id": self.id, "task": self.task}).get("observation")
        if not isinstance(told, dict):
            raise CodeVisionError(f"expected an observation of task {self.task}, got {type(told).__name__}. Is this CodeVision's service?")
        return told

    def call(self, name: str, arguments: Any) -> Answer:
        """Ask for a call of a tool, with the arguments as the model wrote them; wrong ones are answered, not raised.

        Raises CodeVisionError.
        """
        # What is no object is handed on as the text that it was.
        given = arguments if isinstance(arguments, dict) else json.dumps(arguments)
        call = json.dumps({"name": name, "arguments": given})
        with self._one_at_a_time:
            if self._stop is not None:
                return _over(self._stop)
            try:
                told = self._made(lambda: self._step(len(self._calls), call))
            except ServiceError as error:
                if error.code != "episode_over":
                    raise
                # Another process has used its turns up.
                self._stop = "turn-limit"
                return _over(self._stop)
            # One that ended the episode too: an episode that is made again must end as this one has.
            self._calls.append(call)
            observation = told["observation"]
            if told["done"]:
                self._stop = str(observation["stop"])
                return _over(self._stop)
        return Answer(observation["text"], [decode(image["data"]) for image in observation["images"]])

    def finish(self, body: Json) -> Verdict:
        """End it with what the model wrote: `{"text", "opening"?}`, or `{"asking", "last"}`. Until `close`, the verdict stays.

        Raises CodeVisionError.
        """
        with self._one_at_a_time:
            told = self._made(lambda: self._service.post(f"/v1/sessions/{self.id}/finish", body))
        return Verdict(
            reward=float(told["reward"]),
            outcome=told["outcome"],
            parts={name: float(value) for name, value in told["reward_parts"].items()},
            reasons=told["reward_reasons"],
            calls=told["calls"],
        )

    def close(self) -> None:
        """Give up the place of the episode in the service. Raises CodeVisionError."""
        self._service.delete(f"/v1/sessions/{self.id}")
        self._is_made = False

    def _step(self, at: int, call: str) -> Json:
        asked = json.loads(call)
        # As text: what the service cannot read (a NaN, a key `__proto__`) is then told to the model, and refuses no request.
        if not isinstance(asked["arguments"], str):
            asked["arguments"] = json.dumps(asked["arguments"])
        # Each has an id: one that was run already is not run again.
        body = {"call_id": str(at), "tool_calls": [asked]}
        return self._service.post(f"/v1/sessions/{self.id}/step", body)

    def _made(self, action: Callable[[], Json]) -> Json:
        """Do something in the episode, which is begun, or made again, before."""
        for tries in range(MOST_TIMES_MADE_AGAIN + 1):
            try:
                if not self._is_made:
                    self.begin()
                    for at, call in enumerate(self._calls):
                        # Calls behind the end, read from a text, are none of the episode.
                        if self._step(at, call)["done"]:
                            break
                    self._is_made = True
                return action()
            except ServiceError as error:
                if error.code not in GONE or tries == MOST_TIMES_MADE_AGAIN:
                    raise
                self.close()
        raise AssertionError("the last try returns or raises")


def _over(why: str) -> Answer:
    return Answer(f"The call was not run: the rollout is over ({why}).", [], True)
