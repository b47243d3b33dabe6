"""TRL's GRPOTrainer without a model: its own code resets environments, collects their tools and asks for rewards; what it would generate is written beforehand."""

import copy
import inspect
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any

import torch
from trl import GRPOTrainer

from codevision_env import Service
from codevision_env.trl_environment import environment_factory, rollout_reward

Json = dict[str, Any]


class _Prompted(Exception):
    """Thrown where the model would be asked, with the prompts."""


class ScriptedTrainer(GRPOTrainer):
    """Only what batches need before and behind the model: its own beginning asks for one."""

    def __init__(self, service: Service) -> None:
        factory = environment_factory(service)
        probe = factory()
        self.environment_factories = {None: factory}
        self._multi_environment = False
        self._environment_pool = {None: [probe]}
        self._standalone_tools: list[Any] = []
        self.tools = [
            getattr(probe, name)
            for name, _ in inspect.getmembers(type(probe), predicate=inspect.isfunction)
            if name not in ("reset", "get_reward") and not name.startswith("_")
        ]
        self.environments = None
        self.reward_funcs = [rollout_reward]
        self.reward_func_names = ["rollout_reward"]
        self.reward_processing_classes = [None]
        self.metrics: dict[str, float] = {}
        self.accelerator = SimpleNamespace(device=torch.device("cpu"), is_main_process=True)
        self.model = SimpleNamespace(training=True)
        self.args = SimpleNamespace(report_to=[])
        self.state = SimpleNamespace(global_step=0)

    def _generate(self, prompts: list[list[Json]]) -> Any:
        raise _Prompted(prompts)

    def _log_metric(self, name: str, value: float) -> None:
        self.metrics[name] = value

    def _log_completion_extra(self, column: str, values: list[Any]) -> None:
        raise AssertionError(f"expected the reward to log no column, got {column}")

    def begin(self, rows: list[Json]) -> list["TrlRollout"]:
        """A rollout for each row, begun by TRL."""
        try:
            self._generate_and_score_completions(rows)
        except _Prompted as told:
            [prompts] = told.args
            return [TrlRollout(prompt, tools) for prompt, tools in zip(prompts, self._sync_tool_dicts, strict=True)]
        raise AssertionError("expected TRL to ask for completions")

    @contextmanager
    def rollouts(self) -> Iterator[None]:
        """Gives up in the end the episodes of all environments; each of them is tried."""
        with ExitStack() as closing:
            try:
                yield
            finally:
                for environment in self._environment_pool[None]:
                    closing.callback(environment._end)

    def rewards(self, rows: list[Json], rollouts: list["TrlRollout"]) -> list[float]:
        """One for each rollout of the batch that was begun last. Raises what TRL raises of a reward function that is none to it."""
        completions = [one.completion for one in rollouts]
        values = self._calculate_rewards(rows, [one.prompt for one in rollouts], completions, [[]] * len(rollouts))
        return values[:, 0].tolist()


class TrlRollout:
    """One rollout: calls are made, and told, as in TRL's loop."""

    def __init__(self, prompt: list[Json], tools: dict[str, Any]) -> None:
        self.prompt = prompt
        self.tools = tools
        self.completion: list[Json] = []

    def call(self, name: str, arguments: Json) -> list[Json] | str:
        """The content of the tool's message: a list as it is, anything else, and every error, as text."""
        function = {"name": name, "arguments": copy.deepcopy(arguments)}
        self.completion.append({"role": "assistant", "content": "<think>look</think>", "tool_calls": [{"type": "function", "function": function}]})
        try:
            result = self.tools[name](**arguments)
        except Exception as error:
            result = {"error": str(error)}
        content = result if isinstance(result, list) else str(result)
        self.completion.append({"role": "tool", "name": name, "content": content})
        return content

    def say(self, text: str) -> None:
        """The last turn."""
        self.completion.append({"role": "assistant", "content": text})


def texts(content: list[Json] | str) -> str:
    """What there is to read in a message."""
    if isinstance(content, str):
        return content
    return "".join(part["text"] for part in content if part["type"] == "text")


def images(content: list[Json] | str) -> list[Any]:
    """Its images."""
    return [] if isinstance(content, str) else [part["image"] for part in content if part["type"] == "image"]
