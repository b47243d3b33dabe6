"""What a conversation is continued from: its tokens so far, their positions and pictures, read once for all conversations in which they are equal."""

import hashlib

import torch
from transformers.cache_utils import DynamicCache

from .batch import images_of

PARTS = ("ids", "positions", "pixels", "levels", "grids")


class Prompt:
    """`ids` [tokens], `positions` [3, tokens], and those of pictures (see `images_of`); once it is read they are let go of, and `last` [hidden] is the state of its last token."""

    def __init__(self, arrays):
        self.arrays = {name: arrays[name] for name in PARTS if name in arrays}
        self.length = len(arrays["ids"])
        self.key = _digest(self.arrays)
        self.last = None


def choose_prompts(prompts, *, most):
    """Of distinct prompts those that are read next: the shortest, as many as hold `most` tokens when they are padded to the longest of them; one at least."""
    chosen = []
    for prompt in sorted(prompts, key=lambda one: one.length):
        if chosen and prompt.length * (len(chosen) + 1) > most:
            break
        chosen.append(prompt)
    return chosen


def read_prompts(prompts, *, model):
    """
    Read them together; returns their keys and values, a row for each, its tokens from the first column on.

    They are padded on the right. No token sees what stands behind it, so none sees padding: there is no mask, and each prompt is computed with what it is alone.
    """
    device, longest = model.device, max(prompt.length for prompt in prompts)
    ids = torch.zeros(len(prompts), longest, dtype=torch.long)
    positions = torch.zeros(3, len(prompts), longest, dtype=torch.long)
    pictures = []
    for row, prompt in enumerate(prompts):
        ids[row, : prompt.length] = torch.from_numpy(prompt.arrays["ids"])
        positions[:, row, : prompt.length] = torch.from_numpy(prompt.arrays["positions"])
        pictures.append(images_of(prompt.arrays, model=model))
    seen = [one for one in pictures if one]
    images = {name: torch.cat([one[name] for one in seen]) for name in (seen[0] if seen else ())}
    cache = DynamicCache()
    hidden = model.model(
        input_ids=ids.to(device), position_ids=positions.to(device), past_key_values=cache, use_cache=True, **images
    ).last_hidden_state
    for row, prompt in enumerate(prompts):
        # A copy: a view would hold the states of all tokens.
        prompt.last = hidden[row, prompt.length - 1].clone()
        prompt.arrays = None
    return cache


def _digest(arrays):
    sha = hashlib.sha256()
    for name, array in arrays.items():
        sha.update(f"{name} {array.dtype} {array.shape} ".encode())
        sha.update(array)
    return sha.digest()
