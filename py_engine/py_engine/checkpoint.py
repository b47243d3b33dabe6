"""A checkpoint in the Hugging Face layout, and in its folder `torch/` what training goes on from: the trained weights as they are held, the optimizer's moments."""

import json
import os

import torch
from safetensors.torch import load_file, save_file

from .load_model import merged_state, model_class
from .refusal import Refusal
from .writing import writing

FOLDER = "torch"
STATE, TRAINED, MOMENTS = "state.json", "trained.safetensors", "moments.safetensors"


@writing()
@torch.no_grad()
def save(*, directory, model, optimizer, settings):
    state = merged_state(model)
    adapters = [name for name in model.state_dict() if ".lora_" in name]
    if adapters:
        _save_merged(directory, model, state)
    else:
        model.save_pretrained(directory, state_dict=state, max_shard_size="5GB")
    if optimizer is None:
        return
    folder = os.path.join(directory, FOLDER)
    os.makedirs(folder, exist_ok=True)
    # Float32 weights that are the model's own stand in the checkpoint already.
    own = {name: m.contiguous() for name, m in optimizer.masters.items() if m is not optimizer.parameters[name] or ".lora_" in name}
    save_file(own, os.path.join(folder, TRAINED))
    save_file({name: value.contiguous() for name, value in optimizer.moments().items()}, os.path.join(folder, MOMENTS))
    with open(os.path.join(folder, STATE), "w", encoding="utf-8") as file:
        json.dump({"schema": 1, "steps": optimizer.steps, **settings}, file)


@writing()
@torch.no_grad()
def publish(*, directory, model, lora):
    """The weights as they are, for a server that samples with them: adapters as peft has them, which go over those that it holds; else all of them."""
    os.makedirs(directory)
    adapters = {name: value for name, value in model.state_dict().items() if ".lora_" in name}
    if not adapters:
        model.save_pretrained(directory, state_dict=merged_state(model), max_shard_size="5GB")
        return
    named = {f"base_model.model.{name.replace('.default.', '.')}": value.contiguous() for name, value in adapters.items()}
    save_file(named, os.path.join(directory, "adapter_model.safetensors"))
    layers = sorted({name.split(".lora_")[0].rsplit(".", 1)[-1] for name in adapters})
    about = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": lora["rank"], "lora_alpha": lora["alpha"], "target_modules": layers, "bias": "none"}
    with open(os.path.join(directory, "adapter_config.json"), "w", encoding="utf-8") as file:
        json.dump(about, file)


@torch.no_grad()
def load(*, directory, model, optimizer, settings):
    """Weights, and the optimizer where the folder has its state; else it begins anew."""
    folder = os.path.join(directory, FOLDER)
    saved = _read_state(os.path.join(folder, STATE))
    if saved is not None and optimizer is not None and (saved["train"], saved["lora"]) != (settings["train"], settings["lora"]):
        raise Refusal(f"{directory}: expected a checkpoint of training {_told(settings)}, got one of {_told(saved)}. Open a new policy from it instead.")
    if settings["train"] != "lora":
        _load_weights(directory, model)
    elif saved is None:
        raise Refusal(f"{directory}: expected a checkpoint with the adapters of this training, got one without. Open a new policy from it instead.")
    if optimizer is None:
        return
    for name, parameter in optimizer.parameters.items():
        if optimizer.masters[name] is not parameter:
            optimizer.masters[name].copy_(parameter)
    if saved is None:
        optimizer.restore(steps=0, moments={})
        return
    for name, value in load_file(os.path.join(folder, TRAINED)).items():
        optimizer.masters[name].copy_(value)
    optimizer.restore(steps=saved["steps"], moments=load_file(os.path.join(folder, MOMENTS)))
    optimizer.publish()


def _told(settings):
    return settings["train"] if settings["lora"] is None else f"{settings['train']} {settings['lora']}"


def _read_state(path):
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _load_weights(directory, model):
    from_file = model_class(directory).from_pretrained(directory, dtype=model.dtype, local_files_only=True)
    given, own = from_file.state_dict(), model.state_dict()
    wrong = [name for name in own if name not in given or given[name].shape != own[name].shape]
    if wrong or len(given) != len(own):
        raise Refusal(f"{directory}: expected the weights of the model that is open, got others: {', '.join(wrong[:3])} …")
    for name, value in own.items():
        value.copy_(given[name])


def _save_merged(directory, model, state):
    """A model with adapters would save these: its twin without them, which holds no weights, knows the names."""
    with torch.device("meta"):
        twin = type(model)(model.config)
    twin.save_pretrained(directory, state_dict=state, max_shard_size="5GB")
