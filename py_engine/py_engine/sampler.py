"""Conversations that are continued together, one token each a step; they join and leave between two steps.

Prompts that wait are read together, equal ones once, and no prompt is computed with what stands beside it; its keys and values then stand among those of
the other conversations. A conversation whose prompt is that of one that is being written takes it from there.
"""

import time
from dataclasses import dataclass, field

import numpy
import torch

from .draw import draw
from .key_values import KeyValues
from .prompt import Prompt, choose_prompts, read_prompts


@dataclass
class Row:
    job: int
    prompt: Prompt
    numbers: numpy.ndarray
    settings: dict
    next_position: int
    ids: list = field(default_factory=list)
    logprobs: list = field(default_factory=list)
    characters: int = 0


class Sampler:
    def __init__(self, *, model, places, prompt_tokens):
        """`places`: conversations that are continued together; `prompt_tokens`: of prompts that are read together, padding among them."""
        self._model = model
        self._places = places
        self._prompt_tokens = prompt_tokens
        self._device = model.device
        self._waiting = []
        self._rows = []
        self._held = KeyValues(device=model.device)
        self._barred = []
        self._lengths = None
        counts = ("prefilled", "repeated", "passes", "written", "steps", "widest")
        self.tally = {**dict.fromkeys(counts, 0), "promptSeconds": 0.0, "stepSeconds": 0.0}

    def set_vocabulary(self, *, characters, barred):
        """`characters` [vocabulary]: how many each token says; `barred`: ids that are never drawn."""
        self._lengths, self._barred = characters.tolist(), barred

    @property
    def is_busy(self):
        return bool(self._waiting or self._rows)

    def add(self, job, arrays, *, nextPosition, **settings):
        """`ids` [tokens], `positions` [3, tokens], those of pictures, `numbers` [most tokens]; settings: temperature, topP, topK, stopIds, maxTokens, maxCharacters."""
        self._waiting.append(Row(job, Prompt(arrays), arrays["numbers"], settings, nextPosition))

    def drop(self, job):
        """Whether it was there."""
        before = len(self._waiting) + len(self._rows)
        self._waiting = [row for row in self._waiting if row.job != job]
        self._keep([at for at, row in enumerate(self._rows) if row.job != job])
        return len(self._waiting) + len(self._rows) < before

    def drop_all(self):
        jobs = [row.job for row in self._waiting + self._rows]
        self._waiting, self._rows = [], []
        self._held.clear()
        return jobs

    def forget_prompts(self):
        """The weights have changed: what they read before is taken by no conversation that begins now."""
        for row in self._rows:
            row.prompt.key = None

    @torch.inference_mode()
    def step(self):
        """Prompts that are read together, or, where none waits for a free place, a token for each conversation. Those that have ended: (job, result, arrays)."""
        candidates = self._waiting[: self._places - len(self._rows)]
        ends = self._begin(candidates) if candidates else self._go_on()
        return [end for end in ends if end is not None]

    def _begin(self, candidates):
        """Until they stand among the others, all of them are among those that wait, so that a failure finds them."""
        began = time.perf_counter()
        rows, source = self._take(candidates) or self._read(candidates)
        ends = self._write(rows, torch.stack([row.prompt.last for row in rows]))
        stay = [at for at, end in enumerate(ends) if end is None]
        if stay:
            cache, places, starts = source
            lengths = [rows[at].prompt.length for at in stay]
            self._held.join(cache, rows=[places[at] for at in stay], starts=[starts[at] for at in stay], lengths=lengths)
        self._rows += [rows[at] for at in stay]
        begun = {row.job for row in rows}
        self._waiting = [row for row in self._waiting if row.job not in begun]
        self.tally["promptSeconds"] += time.perf_counter() - began
        return ends

    def _take(self, candidates):
        """Those whose prompt stands among what is being written, and where; None where there are none."""
        known = {row.prompt.key: at for at, row in enumerate(self._rows) if row.prompt.key is not None}
        rows = [row for row in candidates if row.prompt.key in known]
        if not rows:
            return None
        starts = self._held.starts()
        places = [known[row.prompt.key] for row in rows]
        for row, place in zip(rows, places, strict=True):
            row.prompt = self._rows[place].prompt
        self.tally["repeated"] += sum(row.prompt.length for row in rows)
        return rows, (self._held.cache, places, [starts[place] for place in places])

    def _read(self, candidates):
        """Those whose prompts have been read now, and where these stand."""
        distinct = {row.prompt.key: row.prompt for row in reversed(candidates)}
        prompts = choose_prompts(distinct.values(), most=self._prompt_tokens)
        place_of = {prompt.key: place for place, prompt in enumerate(prompts)}
        cache = read_prompts(prompts, model=self._model)
        rows = [row for row in candidates if row.prompt.key in place_of]
        places = [place_of[row.prompt.key] for row in rows]
        for row, place in zip(rows, places, strict=True):
            row.prompt = prompts[place]
        read = sum(prompt.length for prompt in prompts)
        self.tally["passes"] += 1
        self.tally["prefilled"] += read
        self.tally["repeated"] += sum(row.prompt.length for row in rows) - read
        return rows, (cache, places, [0] * len(rows))

    def _go_on(self):
        began = time.perf_counter()
        self.tally["steps"] += 1
        self.tally["widest"] = max(self.tally["widest"], len(self._rows))
        last = torch.tensor([[row.ids[-1]] for row in self._rows], device=self._device)
        places = torch.tensor([[row.next_position] for row in self._rows], device=self._device)
        self._held.add_column()
        hidden = self._model.model(
            input_ids=last, position_ids=places.expand(3, -1, -1), attention_mask=self._held.mask, past_key_values=self._held.cache, use_cache=True
        ).last_hidden_state
        for row in self._rows:
            row.next_position += 1
        ends = self._write(self._rows, hidden[:, -1])
        self._keep([at for at, end in enumerate(ends) if end is None])
        # What was drawn has been read, so all of it is computed.
        self.tally["stepSeconds"] += time.perf_counter() - began
        return ends

    def _write(self, rows, hidden):
        """Draw a token for each of the rows; its end where it has one, else None."""
        settings = [row.settings for row in rows]
        numbers = [row.numbers[len(row.ids)] for row in rows]
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

    def _keep(self, places):
        """Let the others go."""
        if len(places) == len(self._rows):
            return
        self._rows = [self._rows[at] for at in places]
        if places:
            self._held.keep(places)
        else:
            self._held.clear()


def _add(row, token, logprob, lengths):
    row.ids.append(token)
    row.logprobs.append(logprob)
    row.characters += lengths[token] if token < len(lengths) else 0
    is_stop = token in row.settings["stopIds"]
    if not is_stop and len(row.ids) < row.settings["maxTokens"] and row.characters <= row.settings["maxCharacters"]:
        return None
    arrays = {"ids": numpy.array(row.ids, dtype=numpy.int32), "logprobs": numpy.array(row.logprobs, dtype=numpy.float64)}
    return row.job, {"finish": "stop" if is_stop else "length"}, arrays
