"""The work of benchmarks/perf/engine.mjs done by transformers on torch: a round for each line on stdin, seconds of its parts as a line of JSON on stdout.

    python torch_engine.py FOLDER     # config.json, model.safetensors, work.json, patches.f32
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from transformers import AutoConfig, AutoModelForImageTextToText, StoppingCriteria

folder = Path(sys.argv[1])
work = json.loads((folder / "work.json").read_text())
torch.set_num_threads(work["threads"])
config = AutoConfig.from_pretrained(folder)
model = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa")
model.generation_config.pad_token_id = 0
patches = torch.from_numpy(np.fromfile(folder / "patches.f32", dtype=np.float32)).reshape(work["patches"])
grid = torch.tensor([[1, *work["grid"]]])


def inputs(ids, count):
    ids = torch.tensor([ids] * count)
    return {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "mm_token_type_ids": (ids == config.image_token_id).int(),
        "pixel_values": patches.repeat(count, 1),
        "image_grid_thw": grid.repeat(count, 1),
    }


def timed(job):
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


@torch.inference_mode()
def prefill():
    model.eval()
    return timed(lambda: model(**inputs(work["prompt"], 1), use_cache=True, logits_to_keep=1))


class Clock(StoppingCriteria):
    """Never stops; knows when each token was there."""

    def __init__(self):
        self.times = []

    def __call__(self, input_ids, scores, **kwargs):
        self.times.append(time.perf_counter())
        return torch.zeros(input_ids.shape[0], dtype=torch.bool)


@torch.inference_mode()
def decode(count):
    """`generate` greedily, from the first token, which ends the reading of the prompt, to the last."""
    model.eval()
    clock = Clock()
    tokens = work["written"] + 1
    model.generate(
        **inputs(work["question"], count),
        max_new_tokens=tokens,
        min_new_tokens=tokens,
        do_sample=False,
        use_cache=True,
        stopping_criteria=[clock],
    )
    return clock.times[-1] - clock.times[0]


optimizer = torch.optim.AdamW(model.parameters(), lr=1e-6, weight_decay=0.01, foreach=True)


def train():
    model.train()
    ids = work["lesson"]
    learned = work["learned"]
    given = inputs(ids, work["batch"])
    targets = given["input_ids"][:, -learned:]

    def step():
        logits = model(**given, use_cache=False, logits_to_keep=learned + 1).logits[:, :-1]
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        loss.item()

    return timed(step)


for _ in sys.stdin:
    # Prompt and step come twice, and the second counts, as with the other engines: the first wakes threads that slept while those were measured.
    prefill()
    seconds = {"prefill": prefill()}
    for count in work["counts"]:
        seconds[f"decode {count}"] = decode(count)
    train()
    seconds["train"] = train()
    print(json.dumps(seconds), flush=True)
