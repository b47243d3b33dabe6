"""The work of benchmarks/perf/torch.mjs done by transformers and PyTorch alone: `generate`, and a training step of a plain loop, over conversations of the same lengths and pictures of the same size.

    python torch_plain.py SITE '{"directory": …, "device": …, "train": "full"|"lora", "sequences": [{"length", "learned", "patches"}], "side": …, "write": …, "batchTokens": …, "steps": …, "generate": […]}'

Prints one JSON object. Random tokens and pixels; parts are cut as the engine cuts them, checkpointing is on, and only learned tokens are scored. Full: AdamW (fused) over the bfloat16 weights
themselves, without float32 copies, which is less work than the engine's; LoRA: adapters in float32, as the engine's.
"""

import json
import sys
import time

sys.path.insert(0, sys.argv[1])
import torch  # noqa: E402
import transformers  # noqa: E402

given = json.loads(sys.argv[2])
device = given["device"]
gpu = device == "cuda"
sync = torch.cuda.synchronize if gpu else (lambda: None)
torch.manual_seed(2)


def main():
    result = {"torch": torch.__version__, "transformers": transformers.__version__}
    if gpu:
        result["matmul"] = matmul()
    directory = given.get("directory")
    if directory is not None:
        kind = transformers.Qwen2_5_VLForConditionalGeneration
        dtype = torch.bfloat16 if gpu else torch.float32
        model = kind.from_pretrained(directory, dtype=dtype, attn_implementation="sdpa", local_files_only=True).to(device).eval()
        result["generate"] = [generate(model, count) for count in given.get("generate", [])]
        if given.get("train") is not None:
            result.update(train(model))
        if gpu:
            result["peakBytes"] = torch.cuda.max_memory_allocated()
    print(json.dumps(result))


def matmul(size=8192, times=30):
    """FLOP/s of a product of two random bfloat16 matrices, the median."""
    a, b = (torch.randn(size, size, device=device, dtype=torch.bfloat16) for _ in range(2))
    seconds = []
    for turn in range(times + 5):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        a @ b
        end.record()
        torch.cuda.synchronize()
        if turn >= 5:
            seconds.append(start.elapsed_time(end) / 1000)
    return 2 * size**3 / sorted(seconds)[times // 2]


def batch_of(model, sequences, *, prompt_only, left):
    """Random tokens with one picture each, padded to the longest."""
    config = model.config
    merged = config.vision_config.spatial_merge_size
    patch = config.vision_config.patch_size
    side = given["side"] // patch
    pictures = (side // merged) ** 2
    lengths = [one["length"] - (one["learned"] if prompt_only else 0) for one in sequences]
    longest = max(lengths)
    ids = torch.zeros(len(lengths), longest, dtype=torch.long)
    mask = torch.zeros(len(lengths), longest, dtype=torch.long)
    for row, length in enumerate(lengths):
        start = longest - length if left else 0
        ids[row, start : start + length] = torch.randint(0, 256, (length,))
        ids[row, start + 4] = config.vision_start_token_id
        ids[row, start + 5 : start + 5 + pictures] = config.image_token_id
        mask[row, start : start + length] = 1
    values = 3 * config.vision_config.temporal_patch_size * patch**2
    pixels = torch.randn(len(lengths) * side**2, values, dtype=model.dtype)
    grid = torch.tensor([[1, side, side]] * len(lengths))
    batch = {"input_ids": ids, "attention_mask": mask, "pixel_values": pixels, "image_grid_thw": grid}
    # By this transformers knows which tokens are pictures' where it places them.
    batch["mm_token_type_ids"] = (ids == config.image_token_id).int()
    return {name: value.to(device) for name, value in batch.items()}, lengths


def generate(model, count):
    """Twice; the first warms up."""
    batch, lengths = batch_of(model, given["sequences"][:count], prompt_only=True, left=True)
    write = given["write"]
    for _ in range(2):
        sync()
        began = time.perf_counter()
        with torch.inference_mode():
            model.generate(**batch, do_sample=True, temperature=1.0, top_k=0, top_p=1.0, max_new_tokens=write, min_new_tokens=write)
        sync()
        seconds = time.perf_counter() - began
    return {"together": len(lengths), "seconds": seconds, "written": write * len(lengths)}


def parts_of(sequences):
    parts, longest = [], 0
    for one in sequences:
        longest = max(longest, one["length"])
        if parts and longest * (len(parts[-1]) + 1) <= given["batchTokens"]:
            parts[-1].append(one)
        else:
            parts.append([one])
            longest = one["length"]
    return parts


def train(model):
    model.requires_grad_(False)
    if given["train"] == "lora":
        from peft import LoraConfig, inject_adapter_in_model

        wanted = r".*language_model\.layers\.\d+\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj)"
        inject_adapter_in_model(LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, target_modules=wanted), model)
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(".lora_" in name)
            if ".lora_" in name:
                parameter.data = parameter.data.float()
    else:
        model.requires_grad_(True)
        model.model.visual.requires_grad_(False)
    model.gradient_checkpointing_enable({"use_reentrant": False})
    model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-6, fused=gpu)
    prepared = []
    for part in parts_of(given["sequences"]):
        batch, lengths = batch_of(model, part, prompt_only=False, left=False)
        rows = [row * max(lengths) + at - 1 for row, one in enumerate(part) for at in range(one["length"] - one["learned"], one["length"])]
        prepared.append((batch, torch.tensor(rows, device=device)))
    learned = sum(one["learned"] for one in given["sequences"])
    seconds = []
    for _ in range(given["steps"]):
        sync()
        began = time.perf_counter()
        for batch, rows in prepared:
            hidden = model.model(**batch, use_cache=False).last_hidden_state
            chosen = hidden.reshape(-1, hidden.shape[-1])[rows]
            targets = batch["input_ids"].reshape(-1)[rows + 1]
            loss = 0
            # Of all learned tokens at once the scores in float32 would not fit beside the model.
            for start in range(0, len(rows), 1024):
                piece = torch.utils.checkpoint.checkpoint(score, model, chosen[start : start + 1024], targets[start : start + 1024], use_reentrant=False)
                loss = loss + piece / learned
            loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        sync()
        seconds.append(time.perf_counter() - began)
    return {"steps": seconds}


def score(model, states, targets):
    return torch.nn.functional.cross_entropy(model.lm_head(states).float(), targets, reduction="sum")


main()
