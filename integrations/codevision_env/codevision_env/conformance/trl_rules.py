"""What a training with TRL's GRPOTrainer relies on."""

import asyncio
import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from transformers.utils import get_json_schema
from transformers.utils.chat_template_utils import render_jinja_template
from trl.chat_template_utils import qwen3_vl_chat_template
from trl.data_utils import prepare_multimodal_messages

from codevision_env import Service
from codevision_env.trl_environment import task_rows

from .known_tasks import PATIENCE_S, KnownTask, known_tasks
from .mistakes import MISTAKES
from .rules import Rule, expect, is_finite
from .told_images import MAKES, SIZE, TURNS, made, makes
from .tricks import TOOL, answering, trick_rules
from .trl_trainer import Json, ScriptedTrainer, TrlRollout, images, texts

TURNED = (SIZE[1], SIZE[0])


def rules_of(request: dict[str, Any]) -> list[Rule]:
    """The rules over the tasks of `request["url"]`. Raises CodeVisionError."""
    service = Service(request["url"], patience=PATIENCE_S)
    tasks = known_tasks(service)
    trainer = ScriptedTrainer(service)
    rows = task_rows(service, len(tasks))
    rules = _Rules(service, tasks[0], trainer, rows, request["wrong"])

    async def paid(task: KnownTask, calls: list[Json], last: str) -> float:
        with trainer.rollouts():
            return rules.paid(rows[task.place], calls, last)

    named: dict[str, Callable[[], Any]] = {
        "TRL finds one tool in an environment": rules.has_tool,
        "the schema that transformers makes of the tool is that of the service": rules.has_schema,
        "reset gives images and question, which TRL puts behind the prompt of the row": rules.resets,
        "a chat template makes a prompt of it, with tool, question and a place for each image": rules.is_rendered,
        "calls of a rollout are one episode: an image, then one that is made of it": rules.is_one_episode,
        "code that fails is told with error and line": rules.tells_errors,
        **{name: partial(rules.tells, *given) for name, given in MISTAKES.items()},
        "environments at the same time do not mix": rules.does_not_mix,
        "an environment that is used again begins anew": rules.begins_anew,
        "an episode that the service has lost is made again from its calls": rules.makes_again,
        "each completion has one finite reward, and components are logged": rules.rewards,
    }

    def closing(check: Callable[[], Any]) -> str | None:
        with trainer.rollouts():
            return check()

    # In a thread of its own: TRL's code is not awaited.
    def aside(check: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: asyncio.to_thread(closing, check)

    return [*(Rule(name, aside(check)) for name, check in named.items()), *trick_rules(request, tasks, paid)]


class _Rules:
    def __init__(self, service: Service, task: KnownTask, trainer: ScriptedTrainer, rows: list[Json], wrong: str) -> None:
        self._service = service
        self._task = task
        self._trainer = trainer
        self._row = rows[task.place]
        self._wrong = wrong

    def has_tool(self) -> str | None:
        rollout = self._begun()
        return expect(list(rollout.tools) == [TOOL], f"{TOOL} alone", list(rollout.tools))

    def has_schema(self) -> str | None:
        ours = get_json_schema(self._begun().tools[TOOL])["function"]
        return expect(_told(ours) == _told(self._task.tool), f"{_told(self._task.tool)}", _told(ours))

    def resets(self) -> str | None:
        before = copy.deepcopy(self._row)
        content = self._begun().prompt[-1]["content"]
        is_so = len(images(content)) == self._task.images and self._task.question.strip() in texts(content)
        return expect(is_so, f"{self._task.images} images and the question", content) or expect(
            self._row == before, "the row as it was", self._row
        )

    def is_rendered(self) -> str | None:
        rollout = self._begun()
        prompt = prepare_multimodal_messages(rollout.prompt)
        rendered = render_jinja_template(
            [prompt], tools=list(rollout.tools.values()), chat_template=qwen3_vl_chat_template, add_generation_prompt=True
        )
        [text] = rendered[0] if isinstance(rendered, tuple) else rendered
        places = text.count("<|image_pad|>")
        is_so = f'"{TOOL}"' in text and self._task.question.strip() in text and places == self._task.images
        return expect(is_so, f"tool, question and {self._task.images} places of images", text[-200:])

    def is_one_episode(self) -> str | None:
        rollout, index = self._begun(), self._task.images
        first = _made(rollout.call(TOOL, {"code": MAKES, "image_index": 0}), index, SIZE)
        second = _made(rollout.call(TOOL, {"code": TURNS, "image_index": index}), index + 1, TURNED)
        return first or second

    def tells_errors(self) -> str | None:
        content = self._begun().call(TOOL, {"code": "x = 1\nresult = image.nothing()"})
        text = texts(content)
        return expect("AttributeError" in text and "> 2 |" in text and not images(content), "an AttributeError in line 2", content)

    def tells(self, arguments: Json, word: str) -> str | None:
        rollout = self._begun()
        content = rollout.call(TOOL, arguments)
        after = _made(rollout.call(TOOL, {"code": MAKES, "image_index": 0}), self._task.images, SIZE)
        rollout.say(answering(self._wrong))
        [reward] = self._trainer.rewards([self._row], [rollout])
        is_told = word in texts(content) and not images(content)
        return expect(is_told, f"an answer that names {word}", content) or after or expect(is_finite(reward), "a finite reward", reward)

    def does_not_mix(self) -> str | None:
        widths = [SIZE[0] + at for at in range(4)]
        rollouts = self._trainer.begin([self._row] * 4)
        index = self._task.images
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda one, width: one.call(TOOL, {"code": makes(width), "image_index": 0}), rollouts, widths))
            told = list(threads.map(lambda one: one.call(TOOL, {"code": TURNS, "image_index": index}), rollouts))
        failures = [_made(one, index + 1, (SIZE[1], width)) for one, width in zip(told, widths, strict=True)]
        return next(filter(None, failures), None)

    def begins_anew(self) -> str | None:
        self._begun().call(TOOL, {"code": MAKES, "image_index": 0})
        again = self._begun().call(TOOL, {"code": MAKES, "image_index": 0})
        return _made(again, self._task.images, SIZE)

    def makes_again(self) -> str | None:
        rollout, index = self._begun(), self._task.images
        [environment] = self._trainer.environments
        rollout.call(TOOL, {"code": MAKES, "image_index": 0})
        self._service.delete(f"/v1/sessions/{environment._rollout.id}")
        after = _made(rollout.call(TOOL, {"code": TURNS, "image_index": index}), index + 1, TURNED)
        self._service.delete(f"/v1/sessions/{environment._rollout.id}")
        rollout.say(answering(self._wrong))
        [reward] = self._trainer.rewards([self._row], [rollout])
        return after or expect(is_finite(reward), "a finite reward", reward)

    def rewards(self) -> str | None:
        rows = [self._row] * 4
        rollouts = self._trainer.begin(rows)
        rollouts[0].call(TOOL, {"code": MAKES, "image_index": 0})
        # Cut off at a call.
        rollouts[3].call(TOOL, {"code": MAKES, "image_index": 0})
        for rollout, text in zip(rollouts, [answering(self._wrong), self._wrong, ""], strict=False):
            rollout.say(text)
        self._trainer.metrics.clear()
        values = self._trainer.rewards(rows, rollouts)
        is_so = len(values) == len(rows) and all(is_finite(value) for value in values)
        logged = self._trainer.metrics
        is_logged = len(logged) > 1 and all(is_finite(value) for value in logged.values())
        return expect(is_so, f"{len(rows)} finite rewards", values) or expect(is_logged, "components of the reward", logged)

    def paid(self, row: Json, calls: list[Json], last: str) -> float:
        [rollout] = self._trainer.begin([row])
        for call in calls:
            rollout.call(TOOL, call)
        rollout.say(last)
        return self._trainer.rewards([row], [rollout])[0]

    def _begun(self) -> TrlRollout:
        [rollout] = self._trainer.begin([self._row])
        return rollout


def _told(function: Json) -> Json:
    """Of a schema, what the model reads."""
    properties = function["parameters"]["properties"]
    return {"": function["description"], **{name: part["description"] for name, part in properties.items()}}


def _made(content: list[Json] | str, index: int, size: tuple[int, int]) -> str | None:
    return made(texts(content), images(content), index, size)
