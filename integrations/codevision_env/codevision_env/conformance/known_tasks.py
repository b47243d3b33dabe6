"""What is seen of the tasks of a service from outside."""

from dataclasses import dataclass
from typing import Any

from codevision_env import Rollout, Service

# Each trick is tried with so many: what is required, and so what could be paid, differs.
MOST_TASKS = 8


@dataclass(frozen=True)
class KnownTask:
    """A task as the first observation shows it."""

    place: int
    key: str
    question: str
    #: Images of the question: the first call makes the one behind them.
    images: int
    #: The tool as the service describes it.
    tool: dict[str, Any]


def known_tasks(service: Service) -> list[KnownTask]:
    """The first tasks of a service. Raises CodeVisionError."""
    count = int(service.get("/state")["tasks"])
    return [_known(service, place) for place in range(min(MOST_TASKS, count))]


def _known(service: Service, place: int) -> KnownTask:
    rollout = Rollout(service, place)
    try:
        observation = rollout.begin()
    finally:
        rollout.close()
    asked = [part for one in observation["messages"] if one["role"] == "user" for part in one["content"]]
    question = "".join(part.get("text", "") for part in asked)
    [tool] = observation["tools"]
    return KnownTask(place, observation["task"]["key"], question, len(observation["images"]), tool["function"])
