"""GRPOTrainer of TRL trains a tiny vision model, drawn at random, with the environment and the reward of `codevision_env`, on the CPU.

    python trl_training.py URL FOLDER STEPS GRPO.yaml

URL is of `codevision serve env`, whose tasks show pictures that a quarter turn sets right and that have one answer. The model chooses among a few words: ways to call the tool, answers, the end of a
turn; so that what is drawn at random is a rollout. GRPO.yaml is of `codevision cluster recipe trl`; what a CPU has no room for is made small. Prints a line for each check, "ok" or "FAIL".
"""

import importlib.metadata
import json
import math
import sys
from pathlib import Path

import torch
import yaml
from codevision_env import Service, train_trl
from codevision_env.trl_environment import CodeImageEnvironment, rollout_reward, task_rows
from tiny_vision_model import write_checkpoint
from transformers import AutoProcessor
from transformers.utils import get_json_schema
from trl import GRPOConfig
from trl.chat_template_utils import qwen3_vl_chat_template


def call(code):
    arguments = {"code": code, "description": "look", "image_index": 0}
    return f"<tool_call>\n{json.dumps({'name': 'code_image_tool', 'arguments': arguments})}\n</tool_call>"


WORDS = [
    "<think>look</think>",
    call("result = image.rotate(270, expand=True)"),
    call("result = image.rotat(90)"),
    "<answer>harbour</answer>",
    "<answer>meadow</answer>",
]


def check(what, is_right, got=""):
    print(f"{'ok  ' if is_right else 'FAIL'} {what}", flush=True)
    if not is_right:
        print(str(got)[:3000], file=sys.stderr, flush=True)


def schema_of_the_tool(service):
    """Said twice, in Python for TRL and by the service: they must not drift apart."""
    ours = get_json_schema(CodeImageEnvironment.code_image_tool)["function"]
    [told] = service.post("/reset", {"task": 0})["observation"]["tools"]
    theirs = told["function"]
    texts = lambda one: (one["name"], one["description"], {name: part["description"] for name, part in one["parameters"]["properties"].items()})
    check("the tool is described as by the service", texts(ours) == texts(theirs), (ours, theirs))
    return json.dumps({"type": "function", "function": ours}, ensure_ascii=False)


def main():
    url, folder, steps, recipe = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    service = Service(url, patience=30)
    tool = schema_of_the_tool(service)
    rows = task_rows(service)
    # The long texts that every prompt begins with are a token each, or they would take most of the time.
    write_checkpoint(folder, qwen3_vl_chat_template, [*WORDS, rows[0]["prompt"][0]["content"], tool])
    words = AutoProcessor.from_pretrained(folder).tokenizer
    offered = {*words.convert_tokens_to_ids(WORDS), words.eos_token_id}
    seen = []

    def reward(completions, environments, **kwargs):
        values = rollout_reward(completions, environments, **kwargs)
        seen.append((completions, values))
        return values

    train_trl.rollout_reward = reward
    fields = yaml.safe_load(Path(recipe).read_text())["grpo"]
    small = {
        "output_dir": f"{folder}/run",
        "use_cpu": True,
        "bf16": False,
        "use_vllm": False,
        "gradient_checkpointing": False,
        "per_device_train_batch_size": 8,
        "gradient_accumulation_steps": 1,
        "generation_batch_size": 8,
        "max_completion_length": 512,
        "learning_rate": 3e-3,
        "max_steps": steps,
        "save_strategy": "no",
        "report_to": [],
        "generation_kwargs": {"suppress_tokens": [at for at in range(len(words)) if at not in offered]},
    }
    GRPOConfig(**{**fields, "use_cpu": True, "bf16": False})
    check(f"the recipe's {len(fields)} fields are of GRPOConfig", True)
    trainer = train_trl.trainer_of({"model": folder, "url": url, "grpo": {**fields, **small}})
    before = {name: value.detach().clone() for name, value in trainer.model.named_parameters()}
    trainer.train()
    told(trainer, seen, before, steps)
    goes_on({"model": folder, "url": url, "grpo": {**fields, **small, "output_dir": f"{folder}/stopped", "save_strategy": "steps", "save_steps": 1}})


def goes_on(settings):
    """Two steps by the program of the recipe, the second by calling it again."""
    place = Path(settings["grpo"]["output_dir"])
    file = place.with_suffix(".yaml")
    for steps in (1, 2):
        file.write_text(yaml.safe_dump({**settings, "grpo": {**settings["grpo"], "max_steps": steps}}))
        train_trl.main([str(file)])
    history = json.loads((place / "checkpoint-2/trainer_state.json").read_text())["log_history"]
    made = [one["step"] for one in history if "reward" in one]
    check("called again, the program goes on from its checkpoint", made == [1, 2], made)


def told(trainer, seen, before, steps):
    version = importlib.metadata.version("trl")
    logs = [entry for entry in trainer.state.log_history if "reward" in entry]
    check(f"TRL {version}: {len(logs)} of {steps} steps", len(logs) == steps, trainer.state.log_history)
    check("every loss and gradient is a number", all(math.isfinite(one["loss"]) and math.isfinite(one["grad_norm"]) for one in logs), logs)
    changed = [name for name, value in trainer.model.named_parameters() if not torch.equal(value.detach().cpu(), before[name])]
    vision = [name for name in changed if "visual" in name]
    check(f"{len(changed)} of {len(before)} tensors are trained, {len(vision)} of the vision tower", len(changed) > 0.9 * len(before) and len(vision) > 0)
    values = [value for _, step in seen for value in step]
    check(f"rewards of {len(values)} rollouts: {min(values):.2f} to {max(values):.2f}", len(values) == 8 * steps and min(values) < max(values))
    messages = [message for completions, _ in seen for completion in completions for message in completion]
    tools = [message for message in messages if message["role"] == "tool"]
    made = [part for message in tools if isinstance(message["content"], list) for part in message["content"] if part["type"] == "image"]
    texts = json.dumps([part.get("text") for message in tools if isinstance(message["content"], list) for part in message["content"]])
    check(f"{len(tools)} calls ran in the sandbox, {len(made)} made an image that the model saw", len(made) > 0 and "AttributeError" in texts, texts[:500])
    check("each image is the turned picture", all(part["image"].size == (40, 80) for part in made))
    parts = [name for name in logs[-1] if "codevision/" in name]
    check(f"components of the reward are logged: {len(parts)}", any("mustUse" in name for name in parts), list(logs[-1]))
    means = [sum(step) / len(step) for _, step in seen]
    third = max(1, steps // 3)
    first, last = sum(means[:third]) / third, sum(means[-third:]) / third
    check(f"it learns: mean reward of the first {third} steps {first:.2f}, of the last {third} {last:.2f}", last > first or steps < 30, means)


if __name__ == "__main__":
    main()
