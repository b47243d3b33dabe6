"""Rollouts as verl makes them, without a model: its configuration, tool registry, agent loop's way of calling a tool, and loader of reward functions."""

import inspect
import json
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import verl
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf
from verl.experimental.agent_loop.tool_agent_loop import AgentData, ToolAgentLoop
from verl.experimental.agent_loop.tool_parser import FunctionCall
from verl.tools.schemas import ToolResponse
from verl.tools.tool_registry import initialize_tools_from_config
from verl.trainer.ppo.reward import get_custom_reward_fn

from codevision_env import Service

from .known_tasks import PATIENCE_S, KnownTask
from .tricks import TOOL, answering

Told = tuple[ToolResponse, float, dict[str, Any]]
# How verl's agent loop tells the model of an error that a tool has raised.
RAISED = "Error executing tool"


class VerlTrainer:
    """Of the files of a recipe: tools, what holds calls, and the reward function, each made by verl."""

    def __init__(self, recipe: str, service: Service) -> None:
        patience = f"+reward.custom_reward_function.reward_kwargs.patience={PATIENCE_S}"
        overrides = [*(Path(recipe) / "overrides.txt").read_text().splitlines(), patience]
        folder = Path(verl.__file__).parent / "trainer/config"
        with initialize_config_dir(config_dir=str(folder.resolve()), version_base=None):
            config = compose(config_name="ppo_trainer", overrides=overrides)
        multi_turn = config.actor_rollout_ref.rollout.multi_turn
        self.tools = _tools(multi_turn.tool_config_path)
        self.compute_score = get_custom_reward_fn(config)
        # Only what calls need: its own beginning asks for a model's server and tokenizer.
        self.loop = ToolAgentLoop.__new__(ToolAgentLoop)
        self.loop.tools = {tool.name: tool for tool in self.tools}
        self.loop.max_tool_response_length = multi_turn.max_tool_response_length
        self.loop.tool_response_truncate_side = multi_turn.tool_response_truncate_side
        self._service = service
        self._begun: list[VerlRollout] = []

    def schemas(self) -> list[dict[str, Any]]:
        """What the agent loop hands to the chat template."""
        return [tool.tool_schema.model_dump(exclude_unset=True, exclude_none=True) for tool in self.tools]

    def rollout(self, task: KnownTask) -> "VerlRollout":
        """A new one."""
        self._begun.append(VerlRollout(self, task))
        return self._begun[-1]

    @contextmanager
    def rollouts(self) -> Iterator[None]:
        """Gives up in the end the episodes of the rollouts that were begun within; each of them is tried."""
        with ExitStack() as closing:
            closing.callback(self._begun.clear)
            try:
                yield
            finally:
                for id in filter(None, (one.episode for one in self._begun)):
                    closing.callback(self._service.delete, f"/v1/sessions/{id}")


def _tools(path: str) -> list[Any]:
    """Those of a recipe, by verl's registry, but for their patience."""
    config = OmegaConf.load(path)
    for tool in config.tools:
        tool.config.patience = PATIENCE_S
    with tempfile.TemporaryDirectory(prefix="codevision-tool-") as folder:
        file = Path(folder) / "tool.yaml"
        OmegaConf.save(config, file)
        return initialize_tools_from_config(str(file))


class VerlRollout:
    """One rollout about a task: calls, then its reward."""

    def __init__(self, trainer: VerlTrainer, task: KnownTask) -> None:
        self._trainer = trainer
        self._info = {"tools_kwargs": {TOOL: {"create_kwargs": {"task_key": task.key}}}}
        self._text = ""
        given = {"messages": [], "image_data": [], "metrics": {}, "request_id": uuid.uuid4().hex, "tools_kwargs": self._info["tools_kwargs"]}
        # What other versions ask for besides is of media that no rollout has here.
        self.agent_data = AgentData(**{name: given.get(name) for name in inspect.signature(AgentData).parameters})

    @property
    def episode(self) -> str | None:
        """Id of the episode that the calls were turns of; None before the first."""
        return self.agent_data.extra_fields.get("extras", {}).get("codevision", {}).get("id")

    async def call(self, arguments: Any) -> Told:
        """A call as the agent loop makes it, of arguments as the model wrote them."""
        written = json.dumps({"name": TOOL, "arguments": arguments})
        asked = FunctionCall(name=TOOL, arguments=json.dumps(arguments))
        told = await self._trainer.loop._call_tool(asked, self.agent_data.tools_kwargs, self.agent_data)
        turn = f"<think>look</think>\n<tool_call>\n{written}\n</tool_call>"
        self._text += f"{turn}\nuser\n<tool_response>\n{told[0].text}\n</tool_response>\nassistant\n"
        return told

    async def score(self, last: str) -> dict[str, Any]:
        """What the reward function says of the text, ended with `last`, as verl's reward manager asks it."""
        return await self._trainer.compute_score(
            data_source="codevision",
            solution_str=self._text + last,
            ground_truth="",
            extra_info={**self._info, **self.agent_data.extra_fields, "num_turns": 2, "rollout_reward_scores": {}},
        )

    async def answered(self, answer: str) -> dict[str, Any]:
        """The same for a last turn that answers."""
        return await self.score(answering(answer))
