import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "responses_api_agents/codevision_agent"))

from pictures import shown  # noqa: E402

PICTURE = {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "auto"}
QUESTION = {"role": "user", "content": "What stands there?"}


def call(name: str) -> dict:
    return {"type": "function_call", "call_id": name, "name": "code_image_tool", "arguments": "{}"}


def answer(name: str, *parts: dict) -> dict:
    return {"type": "function_call_output", "call_id": name, "output": json.dumps({"output": list(parts)})}


def text(what: str) -> dict:
    return {"type": "input_text", "text": what}


def test_the_pictures_of_a_turn_follow_the_answers_of_all_its_calls():
    turn = [call("a"), call("b"), answer("a", PICTURE, text("Image 1")), answer("b", PICTURE, text("Image 2"))]
    told = [{"type": "function_call_output", "call_id": name, "output": f"Image {at}"} for at, name in ((1, "a"), (2, "b"))]
    pictures = {"type": "message", "role": "user", "content": [PICTURE, PICTURE]}
    assert shown([QUESTION, *turn]) == [QUESTION, *turn[:2], *told, pictures]
    later = [{"type": "message", "role": "assistant", "content": "So."}, call("c"), answer("c", text("failed"))]
    assert shown([*turn, *later])[4:] == [pictures, *later[:2], {"type": "function_call_output", "call_id": "c", "output": "failed"}]


def test_what_is_no_answer_with_parts_stays_as_it_is():
    for output in ("", "text", "null", '{"error": {"code": "x"}}', '{"output": "text"}', '{"output": [1]}', '{"output": [{"type": "input_image"}]}', "[]", "1"):
        item = {"type": "function_call_output", "call_id": "a", "output": output}
        assert shown([item]) == [item]
    assert shown([]) == []
