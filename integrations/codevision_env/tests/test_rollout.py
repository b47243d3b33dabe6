import signal
import threading

import pytest
from codevision_env import Rollout, Service, ServiceError
from conftest import TOKEN, WORDS
from scripted_server import refusal

TOOL = "code_image_tool"
UPRIGHT = {"code": "result = image.rotate(270, expand=True)", "description": "upright", "image_index": 0}
#: Right answer and form, the required turn and nothing else: 1 + 0.1 + 1 + 0.1.
BEST = 2.2


class Recording(Service):
    """The service, with the paths of what was posted."""

    def __init__(self, url: str) -> None:
        super().__init__(url, token=TOKEN, patience=60)
        self.paths: list[str] = []

    def post(self, path, body):
        self.paths.append(path)
        return super().post(path, body)


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


def test_going_on_from_a_record_sends_what_was_sent_before_only_where_the_episode_is_gone(served):
    service = Recording(served.url)
    rollout = Rollout(service, 2)
    told = rollout.call(TOOL, UPRIGHT).text
    service.paths.clear()
    other = Rollout.from_record(service, rollout.record())
    other.finish({"text": said(told, WORDS[2])})
    assert service.paths == [f"/v1/sessions/{rollout.id}/finish"]
    other.close()
    service.paths.clear()
    third = Rollout.from_record(service, rollout.record())
    assert third.finish({"text": said(told, WORDS[2])}).calls == 1
    assert [path.rpartition("/")[2] for path in service.paths] == ["finish", "sessions", "step", "finish"]
    third.close()


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


def test_a_rollout_that_ended_at_its_turn_limit_and_is_made_again_ends_there(service):
    rollout = Rollout(service, 0)
    for _ in range(13):
        rollout.call(TOOL, UPRIGHT)
    service.delete(f"/v1/sessions/{rollout.id}")
    again = Rollout.from_record(service, rollout.record())
    assert again.finish({"text": said("", WORDS[0])}).outcome == "turn-limit"
    again.close()


def test_another_process_is_told_too_that_the_rollout_is_over(service):
    rollout = Rollout(service, 0)
    for _ in range(12):
        rollout.call(TOOL, UPRIGHT)
    other = Rollout.from_record(service, rollout.record())
    assert [other.call(TOOL, UPRIGHT).text for _ in range(2)] == ["The call was not run: the rollout is over (turn-limit)."] * 2
    assert other.finish({"text": said("", WORDS[0])}).outcome == "turn-limit"
    other.close()


def test_an_episode_that_is_gone_is_made_again_from_its_calls(service):
    rollout = Rollout(service, 0)
    told = rollout.call(TOOL, UPRIGHT).text
    service.delete(f"/v1/sessions/{rollout.id}")
    assert rollout.call(TOOL, {"code": "result = image.crop((0, 0, 9, 9))", "image_index": 1}).text.startswith("Image 2 (9 × 9")
    service.delete(f"/v1/sessions/{rollout.id}")
    assert rollout.finish({"text": said(told, WORDS[0])}).calls == 2
    rollout.close()


def scripted_rollout(scripted, *, refused) -> Rollout:
    """One whose calls are told "seen", and whose episode is refused at its end as often as there are refusals."""
    begun, told = (201, {"observation": {}}), (200, {"done": False, "observation": {"text": "seen", "images": []}})
    verdict = {"reward": 1, "outcome": "correct", "reward_parts": {}, "reward_reasons": [], "calls": 1}
    scripted.answers = [begun, told, *(answer for one in refused for answer in (one, (204, b""), begun, told)), (200, verdict)]
    rollout = Rollout(Service(scripted.url, patience=60), 0, id="a")
    rollout.call(TOOL, UPRIGHT)
    scripted.requests.clear()
    return rollout


GONE = [refusal(404, "no_such_session"), refusal(409, "session_ended"), refusal(500, "episode_lost")]


@pytest.mark.parametrize("refused", GONE)
def test_an_episode_that_the_service_has_lost_is_given_up_and_made_again(scripted, refused):
    assert scripted_rollout(scripted, refused=[refused]).finish({"text": ""}).reward == 1
    session = "/v1/sessions/a"
    asked = [(method, path) for method, path, _ in scripted.requests]
    finish = ("POST", f"{session}/finish")
    assert asked == [finish, ("DELETE", session), ("POST", "/v1/sessions"), ("POST", f"{session}/step"), finish]
    assert scripted.requests[3][2]["call_id"] == "0"


def test_an_episode_that_is_lost_each_time_is_an_error_in_the_end(scripted):
    with pytest.raises(ServiceError, match="episode_lost"):
        scripted_rollout(scripted, refused=4 * [refusal(500, "episode_lost")]).finish({"text": ""})


def test_what_is_no_loss_of_the_episode_does_not_make_it_again(scripted):
    with pytest.raises(ServiceError, match="internal"):
        scripted_rollout(scripted, refused=[refusal(500, "internal")]).finish({"text": ""})
    assert len(scripted.requests) == 1


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
