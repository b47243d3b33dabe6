import signal
import threading

import pytest
from codevision_env import Rollout, Service, ServiceError, ServiceUnreachable
from conftest import WORDS

TOOL = "code_image_tool"
UPRIGHT = {"code": "result = image.rotate(270, expand=True)", "description": "upright", "image_index": 0}
#: Right answer and form, the required turn and nothing else: 1 + 0.1 + 1 + 0.1.
BEST = 2.2


def said(told: str, answer: str) -> str:
    first = '<think>turned</think>\n<tool_call>\n{"name": "code_image_tool", "arguments": {}}\n</tool_call>'
    return f"{first}\nuser\n<tool_response>\n{told}\n</tool_response>\nassistant\n<think>read</think><answer>{answer}</answer>"


def test_a_rollout_is_told_what_its_call_made_and_is_rewarded(service):
    rollout = Rollout(service, 0)
    answer = rollout.call(TOOL, UPRIGHT)
    assert answer.text == "Image 1 (40 × 80 pixels) is the result."
    assert [image.size for image in answer.images] == [(40, 80)]
    verdict = rollout.finish({"text": said(answer.text, WORDS[0])})
    assert verdict.reward == pytest.approx(BEST)
    assert (verdict.outcome, verdict.calls, verdict.parts["r_fmt"]) == ("correct", 1, 1)
    assert rollout.finish({"text": said(answer.text, WORDS[0])}) == verdict
    rollout.close()


WRONG = [
    *("result = image", 5, {}, None, [UPRIGHT], float("nan")),
    *({"code": 7}, {"code": "image.nothing()"}, {"code": "raise ("}, {"code": {"constructor": {"prototype": {}}}}),
    *({**UPRIGHT, "image_index": index} for index in (float("inf"), float("-inf"), float("nan"), 10**400, {"__proto__": 1})),
]


@pytest.mark.parametrize("arguments", WRONG)
def test_what_the_model_did_wrong_is_an_answer(service, arguments):
    rollout = Rollout(service, 1)
    answer = rollout.call(TOOL, arguments)
    assert answer.text and not answer.images and not answer.is_over
    rollout.close()


@pytest.mark.parametrize("key", ["__proto__", "constructor"])
def test_keys_that_the_tool_has_not_do_not_matter_whatever_their_name(service, key):
    rollout = Rollout(service, 1)
    answer = rollout.call(TOOL, {**UPRIGHT, key: {"prototype": {"code": "raise"}}})
    assert [image.size for image in answer.images] == [(40, 80)]
    rollout.close()


def test_another_process_goes_on_from_the_record(service):
    rollout = Rollout(service, 2)
    told = rollout.call(TOOL, UPRIGHT).text
    other = Rollout.from_record(service, rollout.record())
    assert other.finish({"text": said(told, WORDS[2])}).reward == pytest.approx(BEST)
    other.close()


def test_without_a_call_the_episode_is_begun_at_its_end(service):
    rollout = Rollout(service, 0)
    verdict = rollout.finish({"text": f"<think>a guess</think><answer>{WORDS[0]}</answer>"})
    assert (verdict.outcome, verdict.calls, verdict.parts["mustUse"]) == ("correct", 0, 0)
    rollout.close()


def test_calls_of_one_rollout_wait_for_each_other(service):
    rollout = Rollout(service, 0)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(rollout.call(TOOL, UPRIGHT))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.text[:7] for answer in answers) == ["Image 1", "Image 2", "Image 3", "Image 4"]
    rollout.close()


def test_texts_may_come_turn_by_turn(service):
    rollout = Rollout(service, 1)
    rollout.call(TOOL, UPRIGHT)
    verdict = rollout.finish({"asking": ["<think>turned</think>"], "last": f"<think>read</think><answer>{WORDS[1]}</answer>"})
    assert verdict.reward == pytest.approx(BEST)
    rollout.close()


def test_a_call_beyond_the_turn_limit_is_not_run(service):
    rollout = Rollout(service, 0)
    answers = [rollout.call(TOOL, UPRIGHT) for _ in range(13)]
    assert [answer.is_over for answer in answers] == [False] * 11 + [True] * 2
    assert rollout.finish({"text": said("", WORDS[0])}).outcome == "turn-limit"
    rollout.close()


def test_an_episode_that_is_gone_is_made_again_from_its_calls(service):
    rollout = Rollout(service, 0)
    told = rollout.call(TOOL, UPRIGHT).text
    service.delete(f"/v1/sessions/{rollout.id}")
    assert rollout.call(TOOL, {"code": "result = image.crop((0, 0, 9, 9))", "image_index": 1}).text.startswith("Image 2 (9 × 9")
    service.delete(f"/v1/sessions/{rollout.id}")
    assert rollout.finish({"text": said(told, WORDS[0])}).calls == 2
    rollout.close()


def test_a_rollout_outlives_the_service_that_is_killed_and_started_again(served, service):
    rollout = Rollout(service, 0)
    told = rollout.call(TOOL, UPRIGHT).text
    served.end(signal.SIGKILL)
    verdicts = []
    finish = threading.Thread(target=lambda: verdicts.append(rollout.finish({"text": said(told, WORDS[0])})))
    finish.start()
    served.start()
    finish.join(120)
    assert [verdict.reward for verdict in verdicts] == [pytest.approx(BEST)]
    rollout.close()


def test_a_task_that_there_is_none_of_is_an_error_that_says_so(service):
    with pytest.raises(ServiceError, match="expected a place from 0 to 2, got 9") as told:
        Rollout(service, 9).call(TOOL, UPRIGHT)
    assert (told.value.status, told.value.code) == (422, "no_such_task")


def test_where_nothing_listens_that_is_said_when_patience_is_over():
    with pytest.raises(ServiceUnreachable, match="codevision serve env"):
        Service("http://127.0.0.1:9", patience=0.3).get("/healthz")
