"""Conversations that are continued together, one token each a step; they join and leave between two steps.

A conversation is computed alone up to its last token, so nothing that stands beside it is among what its prompt is computed with; its keys and values
then stand among those of the others, padded on the left.
"""

import time
from dataclasses import dataclass, field

import torch
from transformers.cache_utils import DynamicCache

from .batch import images_of
from .draw import draw


@dataclass
class Row:
    job: int
    arrays: dict
    settings: dict
    next_position: int
    ids: list = field(default_factory=list)
    logprobs: list = field(default_factory=list)
    characters: int = 0


class Sampler:
    def __init__(self, *, model, places):
        self._model = model
        self._places = places
        self._device = model.device
        self._waiting = []
        self._rows = []
        self._cache = None
        self._mask = None
        self._barred = []
        self._lengths = None
        self.tally = {"prefilled": 0, "written": 0, "steps": 0, "widest": 0, "promptSeconds": 0.0, "stepSeconds": 0.0}

    def set_vocabulary(self, *, characters, barred):
        """`characters` [vocabulary]: how many each token says; `barred`: ids that are never drawn."""
        self._lengths, self._barred = characters.tolist(), barred

    @property
    def is_busy(self):
        return bool(self._waiting or self._rows)

    def add(self, job, arrays, *, nextPosition, **settings):
        """`ids` [tokens], `positions` [3, tokens], `patches`, `grids`, `numbers` [most tokens]; settings: temperature, topP, topK, stopIds, maxTokens, maxCharacters."""
        self._waiting.append(Row(job, arrays, settings, nextPosition))

    def drop(self, job):
        """Whether it was there."""
        before = len(self._waiting) + len(self._rows)
        self._waiting = [row for row in self._waiting if row.job != job]
        self._keep([at for at, row in enumerate(self._rows) if row.job != job])
        return len(self._waiting) + len(self._rows) < before

    def drop_all(self):
        jobs = [row.job for row in self._waiting + self._rows]
        self._waiting, self._rows, self._cache, self._mask = [], [], None, None
        return jobs

    @torch.inference_mode()
    def step(self):
        """A token for each conversation; those that have ended: (job, result, arrays)."""
        ended = [end for end in self._admit() if end is not None]
        if not self._rows:
            return ended
        began = time.perf_counter()
        self.tally["steps"] += 1
        self.tally["widest"] = max(self.tally["widest"], len(self._rows))
        last = torch.tensor([[row.ids[-1]] for row in self._rows], device=self._device)
        places = torch.tensor([[row.next_position] for row in self._rows], device=self._device)
        self._mask = torch.cat([self._mask, self._mask.new_ones(len(self._rows), 1)], dim=1)
        hidden = self._model.model(
            input_ids=last, position_ids=places.expand(3, -1, -1), attention_mask=self._mask, past_key_values=self._cache, use_cache=True
        ).last_hidden_state
        for row in self._rows:
            row.next_position += 1
        ends = self._write(self._rows, hidden[:, -1])
        self._keep([at for at, end in enumerate(ends) if end is None])
        # What was drawn has been read, so all of it is computed.
        self.tally["stepSeconds"] += time.perf_counter() - began
        return ended + [end for end in ends if end is not None]

    def _admit(self):
        while self._waiting and len(self._rows) < self._places:
            row = self._waiting.pop(0)
            # Until it stands among the others it is held here, so that a failure finds it.
            self._waiting.insert(0, row)
            began = time.perf_counter()
            end = self._begin(row)
            self.tally["promptSeconds"] += time.perf_counter() - began
            self._waiting.remove(row)
            yield end

    def _begin(self, row):
        ids = torch.from_numpy(row.arrays["ids"]).long()[None].to(self._device)
        positions = torch.from_numpy(row.arrays["positions"]).long()[:, None].to(self._device)
        cache = DynamicCache()
        images = images_of(row.arrays, device=self._device, dtype=self._model.dtype)
        hidden = self._model.model(input_ids=ids, position_ids=positions, past_key_values=cache, use_cache=True, **images).last_hidden_state
        self.tally["prefilled"] += ids.shape[1]
        row.arrays = {"numbers": row.arrays["numbers"]}
        [end] = self._write([row], hidden[:, -1])
        if end is None:
            self._join(row, cache)
        return end

    def _write(self, rows, hidden):
        """Draw a token for each of the rows; its end where it has one, else None."""
        settings = [row.settings for row in rows]
        numbers = [row.arrays["numbers"][len(row.ids)] for row in rows]
        column = lambda values: torch.tensor(values, dtype=torch.float64, device=self._device)  # noqa: E731
        ids, logprobs = draw(
            self._model.lm_head(hidden).float(),
            temperature=column([one["temperature"] for one in settings]),
            top_p=column([one["topP"] for one in settings]),
            top_k=torch.tensor([one["topK"] for one in settings], device=self._device),
            numbers=column(numbers),
            barred=self._barred,
        )
        self.tally["written"] += len(rows)
        return [_add(row, token, logprob, self._lengths) for row, token, logprob in zip(rows, ids.tolist(), logprobs.tolist(), strict=True)]

    def _join(self, row, cache):
        mask = torch.ones(1, cache.get_seq_length(), dtype=torch.long, device=self._device)
        if self._rows:
            longest = max(mask.shape[1], self._mask.shape[1])
            mask = torch.cat([_pad(self._mask, longest, dim=1), _pad(mask, longest, dim=1)])
            for ours, theirs in zip(self._cache.layers, cache.layers, strict=True):
                ours.keys = torch.cat([_pad(ours.keys, longest, dim=2), _pad(theirs.keys, longest, dim=2)])
                ours.values = torch.cat([_pad(ours.values, longest, dim=2), _pad(theirs.values, longest, dim=2)])
        else:
            self._cache = cache
        self._mask = mask
        self._rows.append(row)

    def _keep(self, places):
        """Let the others go, and the columns that none of those that stay needs."""
        if len(places) == len(self._rows):
            return
        self._rows = [self._rows[at] for at in places]
        if not places:
            self._cache = self._mask = None
            return
        chosen = torch.tensor(places, device=self._device)
        mask = self._mask[chosen]
        longest = int(mask.sum(dim=1).max())
        self._mask = mask[:, -longest:]
        for layer in self._cache.layers:
            layer.keys, layer.values = layer.keys[chosen][:, :, -longest:], layer.values[chosen][:, :, -longest:]


def _add(row, token, logprob, lengths):
    import numpy

    row.ids.append(token)
    row.logprobs.append(logprob)
    row.characters += lengths[token] if token < len(lengths) else 0
    is_stop = token in row.settings["stopIds"]
    if not is_stop and len(row.ids) < row.settings["maxTokens"] and row.characters <= row.settings["maxCharacters"]:
        return None
    arrays = {"ids": numpy.array(row.ids, dtype=numpy.int32), "logprobs": numpy.array(row.logprobs, dtype=numpy.float64)}
    return row.job, {"finish": "stop" if is_stop else "length"}, arrays


def _pad(tensor, length, *, dim):
    """Zeros before it along a dimension, until it is that long."""
    missing = length - tensor.shape[dim]
    if missing == 0:
        return tensor
    shape = list(tensor.shape)
    shape[dim] = missing
    return torch.cat([tensor.new_zeros(shape), tensor], dim=dim)
