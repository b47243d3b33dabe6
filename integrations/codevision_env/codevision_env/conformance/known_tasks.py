"""What is seen of the tasks of a service from outside."""

from dataclasses import dataclass
from typing import Any

from codevision_env import CodeVisionError, Rollout, Service

# A service that is away stays away: each rule of a check asks it anew.
PATIENCE_S = 5.0
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
    """The first tasks of a service, one at least. Raises CodeVisionError, also where what it tells of them is none."""
    count = service.get("/state").get("tasks")
    if not isinstance(count, int) or count < 1:
        raise CodeVisionError(f"expected a number of tasks of at least 1 at /state, got {count!r}")
    return [_known(service, place) for place in range(min(MOST_TASKS, count))]


def _known(service: Service, place: int) -> KnownTask:
    rollout = Rollout(service, place)
    try:
        observation = rollout.begin()
    finally:
        rollout.close()
    try:
        asked = [part for one in observation["messages"] if one["role"] == "user" for part in one["content"]]
        question = "".join(part.get("text", "") for part in asked)
        [tool] = observation["tools"]
        return KnownTask(place, observation["task"]["key"], question, len(observation["images"]), tool["function"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CodeVisionError(
            f"expected an observation of task {place} with task, one tool, images, and messages whose content is a list of parts, got {_shape(observation)} ({type(error).__name__}: {error})"
        ) from error


def _shape(value: Any, depth: int = 4) -> str:
    """What a value is made of, without its texts."""
    if depth and isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_shape(part, depth - 1)}" for name, part in value.items()) + "}"
    if depth and isinstance(value, list):
        return "[" + ", ".join(_shape(part, depth - 1) for part in value) + "]"
    return type(value).__name__
