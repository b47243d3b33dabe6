import asyncio
import json

import pytest
from codevision_env import CodeVisionError, Rollout, ServiceError
from codevision_env.verl_reward import compute_score, compute_score_sync
from conftest import TOKEN, WORDS

CALL = {
    "name": "code_image_tool",
    "arguments": {"code": "result = image.rotate(270, expand=True)", "description": "upright", "image_index": 0},
}
TOLD = "Image 1 (40 × 80 pixels) is the result."
BEST = 2.2


def text(answer: str, opening: str = "<think>") -> str:
    asked = f"{opening}turned</think>\n<tool_call>\n{json.dumps(CALL)}\n</tool_call>"
    return f"{asked}\nuser\n<tool_response>\n{TOLD}\n</tool_response>\nassistant\n{opening}read</think><answer>{answer}</answer>"


def key_of(service, place: int) -> str:
    rollout = Rollout(service, place)
    key = rollout.begin()["task"]["key"]
    rollout.close()
    return key


def row(key: str) -> dict:
    return {"tools_kwargs": {"code_image_tool": {"create_kwargs": {"task_key": key}}}}


def scored(service, said: str, info: dict, **options):
    return compute_score_sync("words", said, "", info, url=service.url, token=TOKEN, **options)


def test_a_rollout_with_a_record_is_rewarded_for_the_calls_that_ran(service):
    rollout = Rollout(service, key_of(service, 0))
    assert rollout.call(CALL["name"], CALL["arguments"]).text == TOLD
    info = {**row(rollout.task), "extras": {"codevision": rollout.record()}}
    score = scored(service, text(WORDS[0]), info)
    assert score["score"] == pytest.approx(BEST)
    assert (score["acc"], score["verdict"], score["calls"], score["mustUse"]) == (1.0, "correct", 1, 1)


def test_the_place_of_an_episode_is_given_up_when_it_is_rewarded(service):
    rollout = Rollout(service, 0)
    rollout.call(CALL["name"], CALL["arguments"])
    assert service.get(f"/v1/sessions/{rollout.id}")["session_id"] == rollout.id
    scored(service, text(WORDS[0]), {"extras": {"codevision": rollout.record()}})
    with pytest.raises(ServiceError, match="no_such_session"):
        service.get(f"/v1/sessions/{rollout.id}")


def test_calls_that_are_only_written_earn_nothing(service):
    score = scored(service, text(WORDS[0]), row(key_of(service, 0)))
    assert (score["acc"], score["calls"], score["mustUse"]) == (1.0, 0, 0)


def test_where_verl_keeps_no_record_calls_are_read_from_the_text_and_run(service):
    score = scored(service, text(WORDS[1]), row(key_of(service, 1)), replay=True)
    assert (score["score"], score["calls"]) == (pytest.approx(BEST), 1)


def test_calls_that_no_tool_can_take_are_told_to_a_rollout_that_is_read_from_its_text(service):
    odd = ['{"name": "%s", "arguments": {}}' % ("🙂" * 250), '{"name": "code_image_tool", "arguments": {"code": 1e999, "__proto__": NaN}}']
    asked = "".join(f"<tool_call>{one}</tool_call>\nuser\n<tool_response>\nno\n</tool_response>\nassistant\n" for one in odd)
    score = scored(service, f"{asked}<answer>{WORDS[0]}</answer>", row(key_of(service, 0)), replay=True)
    assert (score["verdict"], score["calls"]) == ("correct", 2)


def test_calls_behind_the_turn_limit_that_a_text_holds_are_not_run(service):
    asked = f"<tool_call>{json.dumps(CALL)}</tool_call>\nuser\n<tool_response>\n{TOLD}\n</tool_response>\nassistant\n"
    score = scored(service, f"{14 * asked}<answer>{WORDS[0]}</answer>", row(key_of(service, 0)), replay=True)
    assert (score["verdict"], score["calls"]) == ("turn-limit", 11)


def test_what_the_template_begins_turns_with_belongs_to_the_form(service):
    info = row(key_of(service, 2))
    without = scored(service, text(WORDS[2], ""), info, replay=True)
    begun = scored(service, text(WORDS[2], ""), info, replay=True, opening="<think>\\n")
    assert (without["r_fmt"], begun["r_fmt"]) == (0, 1)


def test_every_rollout_has_the_same_keys_also_when_it_is_awaited(service):
    infos = [row(key_of(service, 0)), {"task_key": key_of(service, 1), "tools_kwargs": None, "extras": None}]
    texts = ["", f"<answer>{WORDS[1]}</answer>"]

    async def all_of_them():
        asked = [compute_score("words", said, "", info, url=service.url, token=TOKEN) for said, info in zip(texts, infos, strict=True)]
        return await asyncio.gather(*asked)

    first, second = asyncio.run(all_of_them())
    assert first.keys() == second.keys()
    assert (first["verdict"], second["verdict"]) == ("truncated", "correct")


def test_a_rollout_whose_tool_could_not_be_used_has_no_reward(service):
    record = {"task": 0, "id": "x", "calls": [], "failure": "nothing answered"}
    with pytest.raises(CodeVisionError, match="nothing answered"):
        scored(service, text(WORDS[0]), {"extras": {"codevision": record}})


@pytest.mark.parametrize("record", [{}, {"task": 0}, "codevision"])
def test_a_record_that_is_none_of_the_tool_is_refused_with_what_was_expected(record):
    with pytest.raises(CodeVisionError, match=r"extra_info.extras.codevision: expected task, id and calls"):
        compute_score_sync("words", "", "", {"extras": {"codevision": record}}, url="http://127.0.0.1:1")


def test_a_row_without_a_task_is_refused_with_what_was_expected(service):
    with pytest.raises(CodeVisionError, match="expected extra_info.tools_kwargs"):
        scored(service, "", {"tools_kwargs": {"code_image_tool": {"create_kwargs": {}}}})
