import json

import pytest
from codevision_env.completions import asking_and_last

TOOL = "code_image_tool"
CODE = {"code": "result = image"}


def call(name=TOOL, arguments=CODE):
    return {"type": "function", "function": {"name": name, "arguments": arguments}}


def took(**arguments):
    """As the episode keeps it: with all that the tool fills in."""
    return {"name": TOOL, "arguments": {"code": "result = image", "description": "", "image_index": 0, **arguments}}


def turn(text, *calls):
    return {"role": "assistant", "content": text, "tool_calls": list(calls)}


def texts_of(asking):
    return [text.split("<tool_call>")[0] for text in asking]


def test_texts_belong_to_their_calls_and_reasoning_to_its_text():
    completion = [
        {"role": "assistant", "reasoning_content": "a", "content": "", "tool_calls": [call(), call()]},
        {"role": "tool", "content": "seen"},
        {"role": "tool", "content": "seen"},
        {"role": "assistant", "reasoning_content": "b", "content": "<answer>c</answer>"},
    ]
    asking, last, is_cut = asking_and_last(completion, taken=[took(), took()])
    assert texts_of(asking) == ["<think>a</think>", ""]
    assert (last, is_cut) == ("<think>b</think><answer>c</answer>", False)


def test_calls_of_other_tools_are_no_turns_of_the_episode_and_their_text_is_of_the_next():
    completion = [
        turn("x", call("zoom")),
        {"role": "tool", "content": "{'error': 'Tool zoom not found.'}"},
        {"role": "assistant", "content": [{"type": "text", "text": "done"}]},
    ]
    assert asking_and_last(completion, taken=[]) == ([], "xdone", False)


@pytest.mark.parametrize("wrong", [{}, {**CODE, "zoom": 2}, {"image_index": 0}, "result = image", None])
def test_calls_with_arguments_that_the_tool_has_not_are_answered_by_the_trainer_and_are_no_turns(wrong):
    completion = [turn("x", call(arguments=wrong)), turn("y", call(arguments={**CODE, "image_index": 1})), {"role": "assistant", "content": "z"}]
    asking, last, _ = asking_and_last(completion, taken=[took(image_index=1)])
    assert (texts_of(asking), last) == (["xy"], "z")
    assert json.loads(asking[0].split("\n")[1])["arguments"] == {**CODE, "image_index": 1}


def test_calls_behind_the_end_of_the_episode_are_no_turns_of_it():
    completion = [turn("x", call()), turn("y", call()), turn("z", call())]
    asking, last, is_cut = asking_and_last(completion, taken=[took()])
    assert (texts_of(asking), last.split("<tool_call>")[0], is_cut) == (["x"], "yz", False)


def test_a_last_turn_whose_call_nobody_ran_keeps_it_so_that_the_service_knows_its_end():
    asking, last, is_cut = asking_and_last([turn("x", call()), turn("y", call())], taken=[took()])
    assert (texts_of(asking), is_cut) == (["x"], False)
    assert last == 'y<tool_call>\n{"name": "code_image_tool", "arguments": {"code": "result = image"}}\n</tool_call>'


def test_the_same_call_with_numbers_that_equal_nothing_is_the_same():
    nan = {"image_index": float("nan"), "code": "result = image"}
    assert len(asking_and_last([turn("x", call(arguments=nan))], taken=[took(image_index=float("nan"))])[0]) == 1


def test_a_rollout_that_stops_behind_a_call_or_says_nothing_was_cut_off():
    assert asking_and_last([turn("x", call())], taken=[took()])[1:] == ("", True)
    assert asking_and_last([{"role": "assistant", "content": "x <tool_call>{"}], taken=[])[2]
    assert asking_and_last([{"role": "assistant", "content": ""}], taken=[]) == ([], "", True)
    assert asking_and_last([], taken=[]) == ([], "", True)
