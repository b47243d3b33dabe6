"""A model, its optimizer and what is being written with it; the methods `do_…` are the jobs that the controller submits."""

import os
import time

import numpy
import torch

from . import checkpoint
from .batch import learned_places, to_batch
from .load_model import choose_device, choose_type, load_model, trained_parameters
from .optimizer import Optimizer
from .sampler import Sampler
from .token_logprobs import token_logprobs, token_matches


class Engine:
    def __init__(self, *, directory, base, device, dtype, train, lora, freezeVision, checkpointing, optimizer, places, promptTokens, seed):
        self._device = choose_device(device)
        # Where float32 is asked for, convolutions do not round to 10 bits either; matrix products do not as it is.
        torch.backends.cudnn.allow_tf32 = False
        # It prepares itself for each new shape for tens of milliseconds, and here every token makes a new one.
        torch.backends.cuda.enable_cudnn_sdp(False)
        self.waited = 0.0
        self._settings = {"train": train, "lora": {**lora, "base": base} if train == "lora" else None}
        self._model = load_model(
            directory=directory,
            device=self._device,
            dtype=choose_type(dtype=dtype, device=self._device),
            train=train,
            lora=lora,
            freeze_vision=freezeVision,
            checkpointing=checkpointing,
            seed=seed,
        )
        self._optimizer = Optimizer(trained_parameters(self._model), **optimizer) if train != "none" else None
        self._snapshots = {}
        self._pending = None
        self.sampler = Sampler(model=self._model, places=places, prompt_tokens=promptTokens)

    def facts(self):
        is_gpu = self._device == "cuda"
        count = lambda parameters: sum(p.numel() for p in parameters)  # noqa: E731
        return {
            "pid": os.getpid(),
            "device": self._device,
            "deviceName": torch.cuda.get_device_name() if is_gpu else "cpu",
            "dtype": str(self._model.dtype).removeprefix("torch."),
            "torch": torch.__version__,
            "parameters": count(self._model.parameters()),
            "trained": count(p for p in self._model.parameters() if p.requires_grad),
        }

    def do_vocabulary(self, arrays, *, barred):
        self.sampler.set_vocabulary(characters=arrays["characters"], barred=barred)
        return None, {}

    def do_usage(self, _arrays):
        peak = torch.cuda.max_memory_allocated() if self._device == "cuda" else None
        return {**self.sampler.tally, "waitedSeconds": self.waited, "peakBytes": peak}, {}

    def do_logprobs(self, arrays, *, temperature, snapshot):
        """Of the learned tokens [learned], under the weights as they are or as they were."""
        if len(arrays["lengths"]) == 0:
            return None, {"logprobs": numpy.zeros(0, dtype=numpy.float32)}
        with self._weights_of(snapshot), torch.inference_mode():
            return None, {"logprobs": self._logprobs(arrays, temperature).cpu().numpy()}

    def do_matches(self, arrays):
        """Whether each learned token is the most probable one [learned]."""
        batch = to_batch(arrays, model=self._model)
        rows, targets = learned_places(arrays, device=self._device)
        with torch.inference_mode():
            matches = token_matches(model=self._model, batch=batch, rows=rows, targets=targets)
        return None, {"matches": matches.to(torch.uint8).cpu().numpy()}

    def do_forward(self, arrays, *, temperature):
        """The same, and what is needed to come back is kept until `backward`."""
        began = time.perf_counter()
        self._model.train()
        try:
            self._pending = self._logprobs(arrays, temperature)
        finally:
            self._model.eval()
        given = self._pending.detach().cpu().numpy()
        return {"seconds": time.perf_counter() - began}, {"logprobs": given}

    def do_backward(self, arrays):
        """`slopes` [learned]: of the loss by each log-probability that `forward` gave. Gradients add up until `update`."""
        began = time.perf_counter()
        pending, self._pending = self._pending, None
        slopes = torch.from_numpy(arrays["slopes"]).to(pending.device, pending.dtype)
        if pending.requires_grad:
            # What is computed again on the way back is computed as it was on the way there.
            self._model.train()
            try:
                pending.backward(slopes)
            finally:
                self._model.eval()
        if self._device == "cuda":
            torch.cuda.synchronize()
        return {"seconds": time.perf_counter() - began}, {}

    def do_update(self, _arrays, *, learningRate, maxNorm):
        began = time.perf_counter()
        self.sampler.forget_prompts()
        norm = self._optimizer.update(learning_rate=learningRate, max_norm=maxNorm)
        return {"gradientNorm": norm, "seconds": time.perf_counter() - began}, {}

    def do_discard(self, _arrays):
        """A step that is not finished: forget what was kept for it."""
        self._pending = None
        if self._optimizer is not None:
            self._optimizer.discard()
        return None, {}

    @torch.no_grad()
    def do_snapshot(self, _arrays, *, name):
        """Keep the trained weights as they are now."""
        self._snapshots[name] = {key: p.detach().clone() for key, p in trained_parameters(self._model).items()}
        return None, {}

    def do_release(self, _arrays, *, name):
        self._snapshots.pop(name, None)
        return None, {}

    def do_save(self, _arrays, *, directory):
        checkpoint.save(directory=directory, model=self._model, optimizer=self._optimizer, settings=self._settings)
        return None, {}

    def do_publish(self, _arrays, *, directory):
        checkpoint.publish(directory=directory, model=self._model, lora=self._settings["lora"])
        return None, {}

    def do_load(self, _arrays, *, directory):
        self.sampler.forget_prompts()
        checkpoint.load(directory=directory, model=self._model, optimizer=self._optimizer, settings=self._settings)
        return None, {}

    def _logprobs(self, arrays, temperature):
        batch = to_batch(arrays, model=self._model)
        rows, targets = learned_places(arrays, device=self._device)
        return token_logprobs(model=self._model, batch=batch, rows=rows, targets=targets, temperature=temperature)

    def _weights_of(self, snapshot):
        held = {} if snapshot is None else self._snapshots[snapshot]
        return Exchanged(trained_parameters(self._model), held)


class Exchanged:
    """Other weights stand in the parameters' places while it is entered; nothing is copied."""

    def __init__(self, parameters, held):
        self._pairs = [(parameters[name], value) for name, value in held.items()]

    def __enter__(self):
        self._own = [parameter.data for parameter, _ in self._pairs]
        for parameter, value in self._pairs:
            parameter.data = value

    def __exit__(self, *_error):
        for (parameter, _), own in zip(self._pairs, self._own, strict=True):
            parameter.data = own
