"""Episodes of a running environment service by the published client of OpenEnv: openenv_episodes.py URL TASKS.json EPISODES

Prints a line for each check, "ok" or "FAIL"; what the scripted model knows of the tasks stands in TASKS.json.
"""

import asyncio
import base64
import importlib.metadata
import io
import json
import sys
import time
import urllib.request

from openenv.core import GenericAction, GenericEnvClient
from PIL import Image, ImageOps
from undo import UNDO

URL, TASKS, COUNT = sys.argv[1], json.load(open(sys.argv[2])), int(sys.argv[3])


def check(what, is_right, got=""):
    print(f"{'ok  ' if is_right else 'FAIL'} {what}", flush=True)
    if not is_right:
        print(str(got)[:2000], file=sys.stderr, flush=True)


def picture(observation, place=0):
    shown = observation["images"][place]
    image = Image.open(io.BytesIO(base64.b64decode(shown["data"])))
    assert image.size == (shown["width"], shown["height"])
    return image.convert("RGB")


def mapped(box, transform, size):
    """Where a box of the given image stands in the upright one."""
    (left, top, right, bottom), (w, h) = box, size
    return {
        "none": (left, top, right, bottom),
        "rotate_90": (h - bottom, left, h - top, right),
        "rotate_180": (w - right, h - bottom, w - left, h - top),
        "rotate_270": (top, w - right, bottom, w - left),
        "flip_horizontal": (w - right, top, w - left, bottom),
        "flip_vertical": (left, h - bottom, right, h - top),
    }[transform]


def turn(code, index):
    call = {"name": "code_image_tool", "arguments": {"code": code, "description": "look closer", "image_index": index}}
    return {"text": f"<think>look closer</think>\n<tool_call>{json.dumps(call)}</tool_call>"}


async def episode(number):
    """Undo what was applied, crop the evidence, answer; every other one answers wrongly at once."""
    task = TASKS[number % len(TASKS)]
    async with GenericEnvClient(base_url=URL) as env:
        opened = await env.reset(task=number % len(TASKS), episode_id=f"rollout-{number}")
        given = picture(opened.observation)
        if number % 2 == 1:
            done = await env.step({"text": "<think>a guess</think><answer>no such thing</answer>"})
            return {"reward": done.reward, "done": done.done, "same": True, "wrong": True}
        scope = {"image": given, "ImageOps": ImageOps}
        same = True
        index = 0
        if task["transform"] != "none":
            code = f"result = {UNDO[task['transform']]}"
            step = await env.step(turn(code, 0))
            # The picture of another episode would have other pixels.
            same = picture(step.observation).tobytes() == eval(UNDO[task["transform"]], scope).tobytes()
            index = 1
        if "crop" in (task["tools"] or []):
            box = [round(edge) for edge in mapped(task["box"], task["transform"], given.size)]
            step = await env.step(GenericAction(code=f"result = image.crop({tuple(box)})", image_index=index))
            same = same and step.observation["text"].startswith(f"Image {index + 1} ({box[2] - box[0]} ×")
        done = await env.step({"text": f"<think>read</think><answer>{task['answer']}</answer>"})
        best = 2 if task["tools"] else 1
        return {"reward": done.reward, "done": done.done, "same": same, "wrong": False, "best": best, "told": done.observation}


async def refusals():
    """Each wrong message is answered, and the connection goes on."""
    async with GenericEnvClient(base_url=URL) as env:
        await env.reset(seed=7)
        wrong = [
            ({"text": 5}, "`data.text`: expected string, got 5"),
            ({"cod": "x"}, "did you mean `code`?"),
            ({}, "expected `text`"),
            ({"text": "x", "image_index": "one"}, "`data.image_index`"),
        ]
        for action, expected in wrong:
            try:
                await env.step(action)
                check(f"refused: {action}", False)
            except RuntimeError as error:
                told = str(error)
                check(f"refused with what was expected: {action}", expected in told and "VALIDATION_ERROR" in told, told)
        failing = await env.step({"code": "result = image.rotat(90)"})
        check("code that fails is an observation", "AttributeError" in failing.observation["text"], failing)
        again = {"code": "result = ImageOps.grayscale(image)", "call_id": "once"}
        first, second = await env.step(again), await env.step(again)
        state = await env.state()
        check("a call id that is sent twice runs once", first == second and state["step_count"] == 2, state)
        done = await env.step({"text": "<answer>x</answer>"})
        check("and the episode still ends with a reward", done.done and done.reward is not None, done)


def synchronous():
    """The client's own synchronous form."""
    with GenericEnvClient(base_url=URL).sync() as env:
        first = env.reset(seed=5).observation["task"]
        return first == env.reset(seed=5).observation["task"]


def metric(name):
    with urllib.request.urlopen(f"{URL}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return float(next(line.split()[-1] for line in lines if line.startswith(f"{name} ")))


async def main():
    began = time.perf_counter()
    results = await asyncio.gather(*[episode(number) for number in range(COUNT)])
    seconds = time.perf_counter() - began
    right = [one for one in results if not one["wrong"]]
    wrong = [one for one in results if one["wrong"]]
    check(f"openenv-core {importlib.metadata.version('openenv-core')}: {len(results)} episodes at once end: {sum(one['done'] for one in results)} of {COUNT} in {seconds:.1f} s", all(one["done"] for one in results))
    check(f"each sees the pixels of its own picture: {sum(one['same'] for one in results)} of {COUNT}", all(one["same"] for one in results))
    best = [one for one in right if one["reward"] > one["best"]]
    check(f"a right answer is worth more than 1, by required tools more than 2: {len(best)} of {len(right)}", len(best) == len(right), right)
    check(f"a guess without tools is worth at most 0.1: {sum(one['reward'] <= 0.1 + 1e-9 for one in wrong)} of {len(wrong)}", all(one["reward"] <= 0.1 + 1e-9 for one in wrong), wrong)
    await refusals()
    check("the synchronous client; a seed draws the same task", await asyncio.to_thread(synchronous))
    deadline = time.time() + 10
    while metric("codevision_sessions_open") > 0 and time.time() < deadline:
        await asyncio.sleep(0.1)
    check("connections that were closed leave no episode", metric("codevision_sessions_open") == 0)


asyncio.run(main())
