"""What the rules of trainers are made of; the rules themselves are tried by `codevision conformance verl|trl`, where those are installed."""

import asyncio
import math

import pytest
from codevision_env import CodeVisionError, Service
from codevision_env.conformance.known_tasks import known_tasks
from codevision_env.conformance.rules import Rule, expect, tried
from codevision_env.conformance.told_images import made
from codevision_env.conformance.tricks import trick_rules
from conftest import WORDS
from PIL import Image

TOLD = "Image 1 (40 × 80 pixels) is the result."
IMAGE = Image.new("RGB", (40, 80))
LEAK = {"code": "print('{right}')\nresult = image", "description": "{right}"}
HACKS = {
    "wrong": "no such thing",
    "answers": None,
    "hacks": [{"name": "nothing", "calls": [{"code": "result = image", "description": "x"}], "last": "<answer>no such thing</answer>"}],
}


def results(rules):
    async def all_of_them():
        return [one async for one in tried(rules)]

    return asyncio.run(all_of_them())


def test_a_rule_that_raises_does_not_hold_and_those_after_it_are_tried():
    async def holds():
        return None

    rules = [Rule("a", lambda: 1 / 0), Rule("b", lambda: expect(False, "1", 2)), Rule("c", holds)]
    assert [one["failure"] for one in results(rules)] == [
        "expected no error, got ZeroDivisionError: division by zero",
        "expected 1, got 2",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "images", "index"),
    [(TOLD, [IMAGE], 2), (TOLD, [], 1), (TOLD, [IMAGE, IMAGE], 1), (TOLD, [Image.new("RGB", (80, 40))], 1), (None, [IMAGE], 1), ("", [IMAGE], 1)],
)
def test_an_image_of_another_index_or_size_or_that_is_not_shown_is_a_failure(text, images, index):
    assert made(TOLD, [IMAGE], 1, (40, 80)) is None
    assert made(text, images, index, (40, 80)).startswith(f"expected image {index} of (40, 80)")


@pytest.mark.parametrize(("worth", "holds"), [(0.1, True), (0.0, True), (0.11, False), (math.nan, False), (None, False)])
def test_a_trick_that_is_paid_more_than_a_guess_or_no_number_is_a_failure(service, worth, holds):
    tasks = known_tasks(service)
    seen = []

    async def paid(task, calls, last):
        seen.append((task.place, len(calls)))
        return worth if calls or "<tool_response>" in last else 0.1

    told = results(trick_rules(HACKS, tasks, paid))
    assert [one["name"] for one in told] == ["no pay for nothing", "no pay for answers of the tool that the model writes itself"]
    assert [one["failure"] is None for one in told] == [holds, holds]
    assert {place for place, _ in seen} == ({0, 1, 2} if holds else {0})


@pytest.mark.parametrize("place", ["code", "description"])
def test_a_right_answer_that_is_paid_where_it_is_no_answer_is_a_failure(service, place):
    request = {**HACKS, "answers": WORDS, "hacks": [{"name": "a leak", "calls": [LEAK], "last": "<think>so</think>"}]}

    async def paid(task, calls, last):
        return 1.0 if any(WORDS[task.place] in call[place] for call in calls) else 0.1

    [leak, forged] = results(trick_rules(request, known_tasks(service), paid))
    assert leak["failure"] == "expected at most 0.1 for task 0, as for a guess that is wrong, got 1.0"
    assert forged["failure"] is None


def test_tasks_are_known_as_their_first_observation_shows_them(service):
    tasks = known_tasks(service)
    assert [(task.place, task.images, task.tool["name"]) for task in tasks] == [(place, 1, "code_image_tool") for place in range(3)]
    assert "What is word 2?" in tasks[2].question
    assert len({task.key for task in tasks}) == 3


TOOLS = [{"function": {"name": "code_image_tool"}}]
PART = {"type": "text", "text": "What is it?"}
SHOWN = {"messages": [{"role": "user", "content": [PART]}], "tools": TOOLS, "task": {"key": "a"}, "images": [{}]}


@pytest.mark.parametrize(
    ("count", "observation", "told"),
    [
        (0, SHOWN, "at least 1 at /state, got 0"),
        (None, SHOWN, "at least 1 at /state, got None"),
        (1, None, "expected an observation of task 0, got NoneType"),
        (1, {**SHOWN, "tools": TOOLS * 2}, "one tool, .*tools: \\[{function: {name: str}}, {function"),
        (1, {**SHOWN, "tools": []}, "one tool"),
        (1, {**SHOWN, "messages": [{"role": "user", "content": "What is it?"}]}, "list of parts, .*content: str"),
        (1, {**SHOWN, "task": None}, "task: NoneType"),
    ],
)
def test_a_service_whose_tasks_are_none_is_an_error_that_says_what_it_shows(scripted, count, observation, told):
    scripted.answers = [(200, {"tasks": count}), (201, {"observation": observation}), (200, {})]
    with pytest.raises(CodeVisionError, match=told):
        known_tasks(Service(scripted.url, patience=1))
    scripted.answers = [(200, {"tasks": 1}), (201, {"observation": SHOWN}), (200, {})]
    assert known_tasks(Service(scripted.url))[0].question == "What is it?"
