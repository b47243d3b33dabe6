from codevision_env.completions import asking_and_last

TOOL = "code_image_tool"


def call(name=TOOL):
    return {"type": "function", "function": {"name": name, "arguments": {"code": "result = image"}}}


def test_texts_belong_to_their_calls_and_reasoning_to_its_text():
    completion = [
        {"role": "assistant", "reasoning_content": "a", "content": "", "tool_calls": [call(), call()]},
        {"role": "tool", "content": "seen"},
        {"role": "tool", "content": "seen"},
        {"role": "assistant", "reasoning_content": "b", "content": "<answer>c</answer>"},
    ]
    asking, last, is_cut = asking_and_last(completion, tool=TOOL)
    assert [text.split("<tool_call>")[0] for text in asking] == ["<think>a</think>", ""]
    assert (last, is_cut) == ("<think>b</think><answer>c</answer>", False)


def test_calls_of_other_tools_are_no_turns_of_the_episode_and_their_text_is_of_the_next():
    completion = [
        {"role": "assistant", "content": "x", "tool_calls": [call("zoom")]},
        {"role": "tool", "content": "{'error': 'Tool zoom not found.'}"},
        {"role": "assistant", "content": [{"type": "text", "text": "done"}]},
    ]
    assert asking_and_last(completion, tool=TOOL) == ([], "xdone", False)


def test_a_rollout_that_stops_at_a_call_or_says_nothing_was_cut_off():
    assert asking_and_last([{"role": "assistant", "content": "x", "tool_calls": [call()]}], tool=TOOL)[1:] == ("", True)
    assert asking_and_last([{"role": "assistant", "content": "x <tool_call>{"}], tool=TOOL)[2]
    assert asking_and_last([{"role": "assistant", "content": ""}], tool=TOOL) == ([], "", True)
    assert asking_and_last([], tool=TOOL) == ([], "", True)
