"""What TRL does with an environment, done by hand; `npm run verify:full trl` has TRL itself."""

import inspect

import pytest
from codevision_env import CodeVisionError, Service, ServiceError
from codevision_env.completions import DEFAULTS
from codevision_env.trl_environment import CodeImageEnvironment, environment_factory, rollout_reward, task_rows
from conftest import WORDS

UPRIGHT = {"code": "result = image.rotate(270, expand=True)", "description": "upright"}
#: Right answer and form, the required turn and nothing else: 1 + 0.1 + 1 + 0.1.
BEST = 2.2


def played(environment, turns):
    """The messages of a rollout: texts with the calls of each, answered as TRL's loop answers them."""
    messages = []
    for text, calls in turns:
        functions = [{"type": "function", "function": {"name": name, "arguments": arguments}} for name, arguments in calls]
        messages.append({"role": "assistant", "content": text, **({"tool_calls": functions} if functions else {})})
        for name, arguments in calls:
            try:
                told = getattr(environment, name)(**arguments)
            except Exception as error:
                told = str({"error": str(error)})
            messages.append({"role": "tool", "name": name, "content": told})
    return messages


def begun(service, task=0):
    environment = environment_factory(service)()
    environment.reset(task=task, prompt="of the row, too")
    return environment


def rewarded(environment, turns):
    [reward] = rollout_reward([played(environment, turns)], [environment])
    return reward


def test_the_rollout_of_a_task_is_rewarded_with_the_texts_that_trl_keeps(service):
    environment = CodeImageEnvironment(service)
    image, text = environment.reset(task=0)
    assert (image["image"].size, text["type"]) == ((80, 40), "text")
    turns = [("<think>turned</think>", [("code_image_tool", UPRIGHT)]), (f"<think>read</think><answer>{WORDS[0]}</answer>", [])]
    assert rewarded(environment, turns) == pytest.approx(BEST)


@pytest.mark.parametrize("wrong", [("code_image_tool", {"zoom": 2}), ("code_image_tool", {}), ("zoom", UPRIGHT)])
def test_calls_that_trl_answers_itself_shift_no_text_to_another_call(service, wrong):
    environment = begun(service)
    # Without a thought: as the text of the call that ran, it would cost the form.
    turns = [("", [wrong]), ("<think>turned</think>", [("code_image_tool", UPRIGHT)]), (f"<think>read</think><answer>{WORDS[0]}</answer>", [])]
    parts = {}
    rollout_reward([played(environment, turns)], [environment], log_metric=parts.__setitem__)
    assert (parts["codevision/r_fmt"], parts["codevision/mustUse"], parts["codevision/correct"]) == (1, 1, 1)


def test_a_rollout_whose_turns_are_used_up_ends_at_the_turn_limit_as_one_of_a_training(service):
    environment = begun(service)
    last = {"role": "assistant", "content": "<think>more</think>", "tool_calls": [{"type": "function", "function": {"name": "code_image_tool", "arguments": UPRIGHT}}]}
    used = [("<think>turned</think>", [("code_image_tool", UPRIGHT)])] * 11
    assert environment._finish([*played(environment, used), last]).outcome == "turn-limit"
    environment.reset(task=0)
    assert environment._finish([*played(environment, used[:3]), last]).outcome == "truncated"


def test_a_tool_that_could_not_be_used_leaves_no_reward(scripted):
    scripted.answers = [(201, {"observation": {"messages": [], "images": []}}), (500, b"broken")]
    environment = begun(Service(scripted.url, patience=0.1))
    completion = played(environment, [("", [("code_image_tool", UPRIGHT)])])
    with pytest.raises(CodeVisionError, match="task 0: broken"):
        rollout_reward([completion], [environment])


def test_what_breaks_on_this_side_is_no_fault_of_the_model_either(scripted):
    picture = {"index": 1, "data": "no picture"}
    scripted.answers = [(201, {"observation": {"messages": [], "images": []}}), (200, {"done": False, "observation": {"text": "x", "images": [picture]}})]
    environment = begun(Service(scripted.url, patience=0.1))
    completion = played(environment, [("", [("code_image_tool", UPRIGHT)])])
    with pytest.raises(CodeVisionError, match="the tool could not be used in a rollout of task 0"):
        rollout_reward([completion], [environment])


def test_the_place_of_an_episode_is_given_up_with_its_reward_and_with_the_next(service):
    environment = begun(service)
    first = environment._rollout.id
    environment.reset(task=1)
    second = environment._rollout.id
    rewarded(environment, [(f"<answer>{WORDS[1]}</answer>", [])])
    for id in (first, second):
        with pytest.raises(ServiceError, match="no_such_session"):
            service.get(f"/v1/sessions/{id}")


def test_what_a_call_leaves_out_is_what_the_tool_fills_in():
    parameters = inspect.signature(CodeImageEnvironment.code_image_tool).parameters
    assert {name: one.default for name, one in parameters.items() if one.default is not one.empty} == DEFAULTS


def test_a_row_for_each_task_has_the_system_prompt_and_leaves_the_question_to_the_environment(service):
    rows = task_rows(service)
    assert [row["task"] for row in rows] == [0, 1, 2] and len(task_rows(service, 2)) == 2
    system, user = rows[0]["prompt"]
    assert (system["role"], user) == ("system", {"role": "user", "content": ""}) and system["content"]
