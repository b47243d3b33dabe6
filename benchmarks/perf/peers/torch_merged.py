"""Adapters beside the weights, or added to them while tokens are written: how far the log-probabilities of written tokens are from those that the same tokens have when they are trained. Run by torch-merged.mjs."""

import sys

import numpy
import torch
from peft.tuners.lora import LoraLayer

from py_engine.batch import learned_places, to_batch
from py_engine.load_model import choose_device, load_model
from py_engine.sampler import Sampler
from py_engine.token_logprobs import token_logprobs

CONVERSATIONS, WRITTEN = 16, 64
DEVIATIONS = (0.0, 0.002, 0.01, 0.05)


def main(directory, device, dtype):
    device = choose_device(device)
    print("| standard deviation of B | adapters over weights, norm | beside: mean, most | merged: mean, most |\n| --- | --- | --- | --- |")
    for deviation in DEVIATIONS:
        lora = {"rank": 16, "alpha": 32}
        settings = {"train": "lora", "lora": lora, "freeze_vision": True, "checkpointing": False, "seed": 1}
        model = load_model(directory=directory, device=device, dtype=getattr(torch, dtype), **settings)
        layers = [module for module in model.modules() if isinstance(module, LoraLayer)]
        torch.manual_seed(2)
        with torch.no_grad():
            for layer in layers:
                layer.lora_B["default"].weight.normal_(0, deviation)
            changes = [layer.get_delta_weight("default").float() for layer in layers]
        weights = [layer.get_base_layer().weight for layer in layers]
        share = numpy.mean([(change.norm() / weight.float().norm()).item() for change, weight in zip(changes, weights, strict=True)])
        prompts = drawn_prompts(model)
        beside = distances(model, prompts, write(model, prompts))
        own = [weight.data for weight in weights]
        for layer, weight, change in zip(layers, weights, changes, strict=True):
            weight.data = (weight.data.float() + change).to(weight.dtype)
            # By this the layer computes with its weight alone.
            layer.merged_adapters.append("default")
        merged = write(model, prompts)
        for layer, weight, value in zip(layers, weights, own, strict=True):
            weight.data = value
            layer.merged_adapters.clear()
        told = ", ".join(f"{value:.1e}" for value in beside), ", ".join(f"{value:.1e}" for value in distances(model, prompts, merged))
        print(f"| {deviation} | {share:.3f} | {told[0]} | {told[1]} |", flush=True)


def drawn_prompts(model):
    """Ids [tokens] of each conversation, of single bytes."""
    random = numpy.random.default_rng(0)
    most = min(200, model.config.text_config.vocab_size)
    return [random.integers(0, most, 60 + at, dtype=numpy.int32) for at in range(CONVERSATIONS)]


def write(model, prompts):
    """Ids and log-probabilities that each conversation is continued by, all of them together."""
    sampler = Sampler(model=model, places=len(prompts), prompt_tokens=16_384)
    sampler.set_vocabulary(characters=numpy.ones(model.config.text_config.vocab_size, dtype=numpy.int32), barred=[])
    settings = {"temperature": 1.0, "topP": 1.0, "topK": 0, "stopIds": [], "maxTokens": WRITTEN, "maxCharacters": 10**9}
    for job, ids in enumerate(prompts):
        numbers = numpy.random.default_rng([1, job]).random(WRITTEN)
        sampler.add(job, {"ids": ids, "positions": places(len(ids)), "numbers": numbers}, nextPosition=len(ids), **settings)
    found = {}
    while sampler.is_busy:
        found.update({job: (arrays["ids"], arrays["logprobs"]) for job, _, arrays in sampler.step()})
    return [found[job] for job in range(len(prompts))]


@torch.inference_mode()
def distances(model, prompts, written):
    """Mean and largest."""
    ids = [numpy.concatenate([prompt, own]) for prompt, (own, _) in zip(prompts, written, strict=True)]
    arrays = {
        "ids": numpy.concatenate(ids),
        "lengths": numpy.array([len(one) for one in ids]),
        "mask": numpy.concatenate([numpy.arange(len(one)) >= len(one) - WRITTEN for one in ids]),
        "positions": numpy.concatenate([places(len(one)) for one in ids], axis=1),
    }
    batch = to_batch(arrays, model=model)
    rows, targets = learned_places(arrays, device=model.device)
    scored = token_logprobs(model=model, batch=batch, rows=rows, targets=targets, temperature=1.0).cpu().numpy()
    apart = numpy.abs(numpy.concatenate([logprobs for _, logprobs in written]) - scored)
    return apart.mean(), apart.max()


def places(count):
    return numpy.tile(numpy.arange(count, dtype=numpy.int32), (3, 1))


if __name__ == "__main__":
    main(*sys.argv[1:])
