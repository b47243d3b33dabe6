"""A checkpoint folder as a transformers model on its device, ready to be sampled from and trained."""

import json
import os
import re

import torch

from .refusal import Refusal
from .vision import prepare_vision

CLASSES = {"qwen2_5_vl": "Qwen2_5_VLForConditionalGeneration", "qwen3_vl": "Qwen3VLForConditionalGeneration"}
TYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}

# The text model's linear layers; the vision tower and both embeddings keep their weights.
ADAPTED = r".*language_model\.layers\.\d+\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj)"


def choose_device(device):
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise Refusal("device: expected a GPU that torch can use, got none. Take device `cpu` or `auto`, or install the NVIDIA driver (codevision doctor).")
    return device


def choose_type(*, dtype, device):
    if dtype == "auto":
        return torch.bfloat16 if device == "cuda" else torch.float32
    return TYPES[dtype]


def model_class(directory):
    import transformers

    with open(os.path.join(directory, "config.json"), encoding="utf-8") as file:
        kind = json.load(file).get("model_type")
    if kind not in CLASSES:
        raise Refusal(f"{directory}: expected a model_type of {', '.join(CLASSES)}, got {kind}.")
    return getattr(transformers, CLASSES[kind])


def load_model(*, directory, device, dtype, train, lora, freeze_vision, checkpointing, seed):
    """`train`: none, full, lora. Returns the model; of its parameters those that are trained require gradients."""
    model = model_class(directory).from_pretrained(directory, dtype=dtype, attn_implementation="sdpa", local_files_only=True).to(device)
    model.requires_grad_(False)
    if train == "lora":
        _adapt(model, lora, seed)
    elif train == "full":
        model.requires_grad_(True)
        if freeze_vision:
            model.model.visual.requires_grad_(False)
    prepare_vision(model.model.visual, is_trained=train == "full" and not freeze_vision)
    if checkpointing and train != "none":
        model.gradient_checkpointing_enable({"use_reentrant": False})
    return model.eval()


def trained_parameters(model):
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def merged_state(model):
    """The weights as a checkpoint without adapters has them; those of adapters are added to what they adapt."""
    from peft.tuners.lora import LoraLayer

    layers = {name: module for name, module in model.named_modules() if isinstance(module, LoraLayer)}
    state = {}
    for name, value in model.state_dict().items():
        if ".lora_" in name:
            continue
        owner = name.split(".base_layer.")[0]
        if owner in layers and name.endswith(".base_layer.weight"):
            value = (value.float() + layers[owner].get_delta_weight("default").float()).to(value.dtype)
        state[name.replace(".base_layer.", ".")] = value
    return state


def _adapt(model, lora, seed):
    from peft import LoraConfig, inject_adapter_in_model

    torch.manual_seed(seed)
    inject_adapter_in_model(LoraConfig(r=lora["rank"], lora_alpha=lora["alpha"], lora_dropout=0.0, target_modules=ADAPTED), model)
    for name, parameter in model.named_parameters():
        is_adapter = re.search(r"\.lora_[AB]\.", name) is not None
        parameter.requires_grad_(is_adapter)
        # Small steps on small numbers: they are lost where eight bits are kept.
        if is_adapter:
            parameter.data = parameter.data.float()
