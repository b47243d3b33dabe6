"""The tool `code_image_tool` for verl's agent loop with tools, over CodeVision's environment service.

verl makes an instance for each single call (`create`, `execute`, `release`). Two calling forms are known:

* verl 0.7 and later hand the whole rollout over (`agent_data`): calls of a rollout are turns of one episode, which `create_kwargs.task_key` of the row names.
  What the reward needs to find the episode again is left in `agent_data.extra_fields["extras"]`, the one key that verl allows to be missing in some rollouts.
* The fork of verl 0.5 that CodeVision was released with hands over images alone (`create_kwargs.image`, in full resolution): a call is run in a session of its own.

verl 0.5 and 0.6 themselves hand over neither: no call can be run, and the training ends at the first one.
"""

import asyncio
import uuid
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from verl.tools.base_tool import BaseTool
from verl.tools.schemas import OpenAIFunctionToolSchema, ToolResponse

from .errors import CodeVisionError, UnsupportedTrainer
from .rollout import Rollout
from .service import PATIENCE_S, Service
from .sessions import execute_over_images

EXTRAS = "extras"
RECORD = "codevision"
THREADS = 64

Told = tuple[ToolResponse, float, dict[str, Any]]


class CodeImageTool(BaseTool):
    """Runs the model's Python over the images of its rollout.

    Args:
        config: `url`, `token` (default: CODEVISION_URL, CODEVISION_TOKEN), `patience` (seconds for which a full or absent service is asked again), `threads` (calls under way at once).
        tool_schema: what the model is told of the tool; `codevision cluster recipe verl` writes it.
    """

    def __init__(self, config: dict[str, Any], tool_schema: OpenAIFunctionToolSchema) -> None:
        super().__init__(config, tool_schema)
        patience = float(config.get("patience", PATIENCE_S))
        self._service = Service(config.get("url"), token=config.get("token"), patience=patience)
        self._threads = ThreadPoolExecutor(int(config.get("threads", THREADS)), "codevision")
        self._given: dict[str, dict[str, Any]] = {}
        self._rollouts: weakref.WeakKeyDictionary[Any, Rollout] = weakref.WeakKeyDictionary()

    async def create(self, instance_id: str | None = None, **kwargs: Any) -> tuple[str, ToolResponse]:
        """Remember what the call is given: `create_kwargs` of the row, or the same as keywords."""
        instance_id = instance_id or uuid.uuid4().hex
        self._given[instance_id] = {**kwargs, **(kwargs.get("create_kwargs") or {})}
        return instance_id, ToolResponse()

    async def execute(self, instance_id: str, parameters: Any, **kwargs: Any) -> Told:
        """Run one call.

        Returns: what the model is told, with the image that the call made; no reward of its own; whether it was run.
        Raises CodeVisionError, which verl tells the model, and the reward to the trainer; UnsupportedTrainer, which ends the training.
        """
        given = self._given.get(instance_id, {})
        agent_data = kwargs.get("agent_data")
        run = asyncio.get_running_loop().run_in_executor
        if agent_data is not None and given.get("task_key") is not None:
            return await run(self._threads, self._in_episode, agent_data, given["task_key"], parameters)
        images = given.get("image") if given.get("image") is not None else getattr(agent_data, "image_data", None)
        if not images and given.get("task_key") is not None:
            # The reward would learn of no failure, since without agent_data nothing can be left for it.
            raise UnsupportedTrainer(
                "this verl hands over no agent_data: 0.7 or later is needed, or the fork of verl 0.5 that CodeVision was released with"
            )
        if not images:
            raise CodeVisionError(
                "expected create_kwargs with a task_key or with images, got "
                f"{sorted(given)}; write the rows with `codevision data export --format verl`"
            )
        listed = images if isinstance(images, list) else [images]
        text, made = await run(self._threads, execute_over_images, self._service, instance_id, listed, parameters)
        return _told(text, made)

    async def release(self, instance_id: str, **kwargs: Any) -> None:
        """Forget what the call was given."""
        self._given.pop(instance_id, None)

    def _in_episode(self, agent_data: Any, task_key: str, parameters: Any) -> Told:
        extras = agent_data.extra_fields.get(EXTRAS)
        if not isinstance(extras, dict):
            extras = agent_data.extra_fields[EXTRAS] = {}
        rollout = self._rollouts.get(agent_data)
        if rollout is None:
            # A loop that goes on in another process brings what the rollout has done.
            known = extras.get(RECORD)
            begun = Rollout(self._service, task_key) if known is None else Rollout.from_record(self._service, known)
            rollout = self._rollouts.setdefault(agent_data, begun)
        try:
            answer = rollout.call(self.name, parameters)
        except Exception as error:
            # Whatever it is, it is none of the model's.
            extras[RECORD] = {**rollout.record(), "failure": str(error) or repr(error)}
            raise
        failure = extras.get(RECORD, {}).get("failure")
        extras[RECORD] = {**rollout.record(), **({"failure": failure} if failure else {})}
        return _told(answer.text, answer.images, is_run=not answer.is_over)


def _told(text: str, images: list[Any], *, is_run: bool = True) -> Told:
    # verl refuses an `image` that is no list, so there is none where nothing was made.
    response = ToolResponse(text=text, image=images) if images else ToolResponse(text=text)
    return response, 0.0, {"run": is_run}
