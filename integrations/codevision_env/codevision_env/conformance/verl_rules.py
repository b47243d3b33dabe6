"""What a training with verl relies on."""

import asyncio
import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from PIL import Image
from verl.tools.base_tool import BaseTool

from codevision_env import Service

from .known_tasks import PATIENCE_S, KnownTask, known_tasks
from .mistakes import MISTAKES
from .rules import Rule, expect, is_finite
from .told_images import MAKES, SIZE, TURNS, made, makes
from .tricks import TOOL, answering, trick_rules
from .verl_rollout import RAISED, Told, VerlTrainer

PARAMETERS = {"code", "description", "image_index"}
TURNED = (SIZE[1], SIZE[0])


def rules_of(request: dict[str, Any]) -> list[Rule]:
    """The rules over the tasks of `request["url"]`, with the recipe in `request["recipe"]`. Raises CodeVisionError, and what verl raises of a recipe that is none to it."""
    service = Service(request["url"], patience=PATIENCE_S)
    tasks = known_tasks(service)
    trainer = VerlTrainer(request["recipe"], service)
    rules = _Rules(service, tasks[0], trainer, request["wrong"])

    async def paid(task: KnownTask, calls: list[dict[str, Any]], last: str) -> float:
        with trainer.rollouts():
            rollout = trainer.rollout(task)
            for call in calls:
                await rollout.call(call)
            return (await rollout.score(last))["score"]

    named: dict[str, Callable[[], Any]] = {
        "verl's registry builds the tool of the recipe": rules.is_built,
        "the schema that the model is shown names the three parameters": rules.has_schema,
        "a call is answered with text and an image, a number as its reward and metrics": rules.answers,
        "calls of a rollout are one episode: an image, then one that is made of it": rules.is_one_episode,
        "code that fails is told with error and line": rules.tells_errors,
        **{name: partial(rules.tells, *given) for name, given in MISTAKES.items()},
        "images alone, as the fork of the release hands them over, are worked on in full resolution": rules.takes_images,
        "rollouts at the same time do not mix": rules.does_not_mix,
        "an episode that the service has lost is made again from its calls": rules.makes_again,
        "the reward has the same keys for every rollout, and its numbers are finite": rules.rewards,
    }

    def closing(check: Callable[[], Any]) -> Callable[[], Any]:
        async def tried() -> str | None:
            with trainer.rollouts():
                failure = check()
                return await failure if inspect.isawaitable(failure) else failure

        return tried

    return [*(Rule(name, closing(check)) for name, check in named.items()), *trick_rules(request, tasks, paid)]


class _Rules:
    def __init__(self, service: Service, task: KnownTask, trainer: VerlTrainer, wrong: str) -> None:
        self._service = service
        self._task = task
        self._trainer = trainer
        self._wrong = wrong

    def is_built(self) -> str | None:
        tools = self._trainer.tools
        is_so = [tool.name for tool in tools] == [TOOL] and isinstance(tools[0], BaseTool)
        return expect(is_so, f"one tool {TOOL}", tools)

    def has_schema(self) -> str | None:
        schemas = self._trainer.schemas()
        told = {one["function"]["name"]: one["function"]["parameters"]["properties"] for one in schemas}
        described = {name for name, part in told.get(TOOL, {}).items() if part.get("type") and part.get("description")}
        return expect(described == PARAMETERS, f"{sorted(PARAMETERS)}, each with type and description", told)

    async def answers(self) -> str | None:
        response, reward, metrics = await self._trainer.rollout(self._task).call({"code": MAKES, "image_index": 0})
        images = response.image or []
        is_so = bool(response.text) and is_finite(reward) and isinstance(metrics, dict)
        is_image = len(images) == 1 and isinstance(images[0], Image.Image)
        return expect(is_so and is_image, "text, an image of PIL, a number, metrics", (response, reward, metrics))

    async def is_one_episode(self) -> str | None:
        rollout, index = self._trainer.rollout(self._task), self._task.images
        first = _made(await rollout.call({"code": MAKES, "image_index": 0}), index, SIZE)
        second = _made(await rollout.call({"code": TURNS, "image_index": index}), index + 1, TURNED)
        calls = (await rollout.answered(self._wrong))["calls"]
        return first or second or expect(calls == 2, "2 calls that the reward counts", calls)

    async def tells_errors(self) -> str | None:
        response, _, _ = await self._trainer.rollout(self._task).call({"code": "x = 1\nresult = image.nothing()"})
        text = response.text or ""
        is_so = "AttributeError" in text and "> 2 |" in text and not response.image and RAISED not in text
        return expect(is_so, "an AttributeError in line 2", response)

    async def tells(self, arguments: dict[str, Any], word: str) -> str | None:
        rollout = self._trainer.rollout(self._task)
        response, _, _ = await rollout.call(arguments)
        text = response.text or ""
        is_told = word in text and not response.image and RAISED not in text
        after = _made(await rollout.call({"code": MAKES, "image_index": 0}), self._task.images, SIZE)
        return expect(is_told, f"an answer that names {word}", response) or after

    async def takes_images(self) -> str | None:
        given = [Image.linear_gradient("L").resize((80, 40)).convert("RGB"), Image.new("RGB", (5, 7))]
        [tool] = self._trainer.tools
        instance, _ = await tool.create(create_kwargs={"image": given})
        try:
            told = await tool.execute(instance, {"code": TURNS, "image_index": 0})
        finally:
            await tool.release(instance)
        turned = given[0].rotate(90, expand=True)
        pixels = [image.convert("RGB").tobytes() for image in told[0].image or []]
        return _made(told, 2, turned.size) or expect(pixels == [turned.tobytes()], "the turned pixels", "others")

    async def does_not_mix(self) -> str | None:
        widths = [SIZE[0] + at for at in range(4)]
        rollouts = [self._trainer.rollout(self._task) for _ in widths]
        code = [{"code": makes(width), "image_index": 0} for width in widths]
        index = self._task.images
        await asyncio.gather(*(rollout.call(call) for rollout, call in zip(rollouts, code, strict=True)))
        told = await asyncio.gather(*(rollout.call({"code": TURNS, "image_index": index}) for rollout in rollouts))
        failures = [_made(one, index + 1, (SIZE[1], width)) for one, width in zip(told, widths, strict=True)]
        scores = await asyncio.gather(*(rollout.answered(self._wrong) for rollout in rollouts))
        counted = [score["calls"] for score in scores]
        return next(filter(None, failures), None) or expect(counted == [2] * 4, "2 calls of each", counted)

    async def makes_again(self) -> str | None:
        rollout, index = self._trainer.rollout(self._task), self._task.images
        await rollout.call({"code": MAKES, "image_index": 0})
        self._service.delete(f"/v1/sessions/{rollout.episode}")
        after = _made(await rollout.call({"code": TURNS, "image_index": index}), index + 1, TURNED)
        self._service.delete(f"/v1/sessions/{rollout.episode}")
        calls = (await rollout.answered(self._wrong))["calls"]
        return after or expect(calls == 2, "2 calls that the reward counts", calls)

    async def rewards(self) -> str | None:
        called = self._trainer.rollout(self._task)
        await called.call({"code": MAKES, "image_index": 0})
        texts = [answering(self._wrong), self._wrong, "", "<think>look</think>\n<tool_call>"]
        scores = [await called.answered(self._wrong), *[await self._trainer.rollout(self._task).score(text) for text in texts]]
        keys = {tuple(score) for score in scores}
        values = [{name: value for name, value in score.items() if name != "verdict"} for score in scores]
        is_so = len(keys) == 1 and "score" in scores[0] and all(is_finite(value) for one in values for value in one.values())
        return expect(is_so, "score and the same components, all finite", scores)


def _made(told: Told, index: int, size: tuple[int, int]) -> str | None:
    response, _, _ = told
    return made(response.text, response.image or [], index, size)
