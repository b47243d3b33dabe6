"""How the vision tower is computed: its windows together instead of one by one, and without gradients where it keeps its weights."""

from collections import deque
from copy import copy
from itertools import pairwise

import torch
from torch.nn.functional import scaled_dot_product_attention

# transformers hands a function of such a name all windows at once, with their borders; of any other it asks one window after the other, some hundreds a layer and picture.
NAME = "flash_windows"


# Borders that were met last, and what follows from them: all layers of a pass are handed the same two.
_met = deque(maxlen=2)


def attend_in_windows(_module, query, key, value, _mask=None, *, scaling, cu_seq_lens_q, **_rest):
    """`query`, `key`, `value` [1, heads, tokens, size]; `cu_seq_lens_q` [windows + 1]: where each begins. Windows of one length are computed together. Returns [1, tokens, heads, size]."""
    groups, back = _groups_of(cu_seq_lens_q)
    results = []
    for length, order in groups:
        # [windows, heads, length, size]
        parts = [(tensor[0] if order is None else tensor[0, :, order]).unflatten(1, (-1, length)).transpose(0, 1) for tensor in (query, key, value)]
        results.append(scaled_dot_product_attention(*parts, scale=scaling).transpose(1, 2).flatten(0, 1))
    return (results[0] if back is None else torch.cat(results)[back])[None], None


def _groups_of(borders):
    """(length, places of its windows' tokens) for each length, and the places that bring results back into order; None where they are in order."""
    for known, found in _met:
        if known is borders:
            return found
    starts, device = borders.tolist(), borders.device
    windows = {}
    for start, end in pairwise(starts):
        if end > start:
            windows.setdefault(end - start, []).extend(range(start, end))
    if len(windows) == 1:
        found = [(length, None) for length in windows], None
    else:
        orders = {length: torch.tensor(order, device=device) for length, order in windows.items()}
        found = list(orders.items()), torch.cat(list(orders.values())).argsort()
    _met.append((borders, found))
    return found


def prepare_vision(visual, *, is_trained):
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, attend_in_windows)
    # The model's own configuration stays as it is: a model is built of it where adapters are merged.
    given, config = visual.config, copy(visual.config)
    config._attn_implementation = NAME
    for module in visual.modules():
        if getattr(module, "config", None) is given:
            module.config = config
    if not is_trained:
        # Checkpointing would have gradients go through it, down to the pixels, for nobody.
        visual.forward = torch.no_grad()(visual.forward)
