"""How long each step of writing takes, from the first one of a process on: what is prepared once shows in the first steps, what depends on the number of conversations in all of them. Run by gpu.mjs.

    python torch_steps.py SITE ENGINE '{"directory": …, "device": …, "train": "none"|"lora", "order": [8, 64, 1, 8], "steps": …}'

Numbers of conversations are measured in that order, in one process. Prints one line of JSON: of each the milliseconds of its steps, and of some more, by the profiler, how long the device computed in a
step, by how many kernels, and by which for the longest."""

import json
import sys
import time

PROFILED, TOP = 4, 6


def main(site, engine, work):
    sys.path[:0] = [engine, site]
    import numpy
    import torch
    from py_engine.load_model import choose_device, choose_type, load_model
    from py_engine.sampler import Sampler

    # As the engine has it.
    torch.backends.cuda.enable_cudnn_sdp(False)
    device = choose_device(work["device"])
    settings = {"lora": {"rank": 16, "alpha": 32}, "freeze_vision": True, "checkpointing": False, "seed": 1}
    model = load_model(directory=work["directory"], device=device, dtype=choose_type(dtype="auto", device=device), train=work["train"], **settings)
    sampler = Sampler(model=model, places=max(work["order"]), prompt_tokens=16_384)
    sampler.set_vocabulary(characters=numpy.ones(model.config.text_config.vocab_size, dtype=numpy.int32), barred=[])
    measured = []
    for count in work["order"]:
        begin(sampler, count=count, tokens=work["steps"] + PROFILED + 2)
        milliseconds = [timed(sampler) for _ in range(work["steps"])]
        measured.append({"together": count, "milliseconds": milliseconds, **profiled(sampler, torch)})
        sampler.drop_all()
    print(json.dumps({"train": work["train"], "device": device, "dtype": str(model.dtype).removeprefix("torch."), "measured": measured}))


def begin(sampler, *, count, tokens):
    """Conversations of random bytes, 560 tokens and a few more each, until all of them are being written."""
    import numpy

    random = numpy.random.default_rng(count)
    settings = {"temperature": 1.0, "topP": 1.0, "topK": 0, "stopIds": [], "maxTokens": tokens, "maxCharacters": 10**9}
    for job in range(count):
        length = 560 + job
        places = numpy.tile(numpy.arange(length, dtype=numpy.int32), (3, 1))
        arrays = {"ids": random.integers(0, 256, length, dtype=numpy.int32), "positions": places, "numbers": random.random(tokens)}
        sampler.add(job, arrays, nextPosition=length, **settings)
    before = sampler.tally["written"]
    while sampler.tally["written"] < before + count:
        sampler.step()


def timed(sampler):
    """Milliseconds of a step; what it drew has been read, so all of it is computed."""
    began = time.perf_counter()
    sampler.step()
    return (time.perf_counter() - began) * 1000


def profiled(sampler, torch):
    """Of a step, the mean of some: milliseconds of the device, kernels, and [name, milliseconds, calls] of those that took longest. Nothing of a CPU."""
    if not torch.cuda.is_available():
        return {}
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
        for _ in range(PROFILED):
            sampler.step()
    kernels = [event for event in profile.key_averages() if event.self_device_time_total > 0]
    longest = sorted(kernels, key=lambda event: -event.self_device_time_total)[:TOP]
    return {
        "deviceMilliseconds": sum(event.self_device_time_total for event in kernels) / 1000 / PROFILED,
        "kernels": sum(event.count for event in kernels) / PROFILED,
        "longest": [[event.key[:80], event.self_device_time_total / 1000 / PROFILED, event.count / PROFILED] for event in longest],
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
