import json

from codevision_env.transcript import calls_in

CALL = {"name": "code_image_tool", "arguments": {"code": "result = image"}}
ASKED = f"<tool_call>\n{json.dumps(CALL)}\n</tool_call>"
ANSWERED = "\nuser\n<tool_response>\nImage 1\n</tool_response>\nassistant\n"


def test_calls_that_were_answered_are_read():
    text = f"<think>a</think>{ASKED}{ANSWERED}<think>b</think>{ASKED}{ANSWERED}<answer>c</answer>"
    assert [json.loads(call) for call in calls_in(text)] == [CALL, CALL]


def test_the_first_call_of_a_turn_is_read_and_one_without_an_answer_is_not():
    other = ASKED.replace("result = image", "result = other")
    text = f"{ASKED}{other}{ANSWERED}{other}"
    assert [json.loads(call) for call in calls_in(text)] == [CALL]


def test_what_is_no_call_is_left_out():
    assert calls_in(f"<tool_call>[1]</tool_call>{ANSWERED}<tool_call>{{</tool_call>{ANSWERED}{ANSWERED}") == []
    assert calls_in(f"<tool_call>{'[' * 100_000}</tool_call>{ANSWERED}") == []
