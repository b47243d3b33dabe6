"""AdamW over float32 copies of the trained parameters, whatever the model computes in: at a learning rate of 1e-6 an update of a bfloat16 weight would be lost."""

import math

import torch


class Optimizer:
    """Gradients add up in float32, over as many backward passes as there are, until `update` applies them."""

    def __init__(self, parameters, *, beta1, beta2, epsilon, weightDecay):
        self.parameters = parameters
        self.masters = {name: p if p.dtype == torch.float32 else p.detach().float() for name, p in parameters.items()}
        for name, parameter in parameters.items():
            if self.masters[name] is not parameter:
                parameter.register_post_accumulate_grad_hook(self._gather(self.masters[name]))
        matrices = [m for m in self.masters.values() if m.ndim > 1]
        others = [m for m in self.masters.values() if m.ndim <= 1]
        groups = [{"params": group, "weight_decay": decay} for group, decay in ((matrices, weightDecay), (others, 0.0)) if group]
        self._adamw = torch.optim.AdamW(groups, lr=0.0, betas=(beta1, beta2), eps=epsilon)
        self.steps = 0

    @staticmethod
    def _gather(master):
        def gather(parameter):
            gradient = parameter.grad.float()
            master.grad = gradient if master.grad is None else master.grad.add_(gradient)
            parameter.grad = None

        return gather

    def update(self, *, learning_rate, max_norm):
        """Returns the norm of the gradient before it was clipped; where that is not finite, None, and no parameter changes."""
        norm = torch.nn.utils.clip_grad_norm_(list(self.masters.values()), float("inf") if max_norm is None else max_norm)
        norm = norm.item()
        if not math.isfinite(norm):
            self.discard()
            return None
        for group in self._adamw.param_groups:
            group["lr"] = learning_rate
        self._adamw.step()
        self.steps += 1
        self.discard()
        self.publish()
        return norm

    def discard(self):
        """Forget the gradients that added up."""
        self._adamw.zero_grad(set_to_none=True)

    @torch.no_grad()
    def publish(self):
        """Give the model the weights that were trained."""
        for name, parameter in self.parameters.items():
            if self.masters[name] is not parameter:
                parameter.copy_(self.masters[name])

    def moments(self):
        """`step`, `first` and `second` by parameter; none where it had no gradient yet."""
        found = {}
        for name, master in self.masters.items():
            state = self._adamw.state.get(master)
            if state:
                found[f"step.{name}"] = state["step"]
                found[f"first.{name}"], found[f"second.{name}"] = state["exp_avg"], state["exp_avg_sq"]
        return found

    def restore(self, *, steps, moments):
        self.discard()
        self.steps = steps
        self._adamw.state.clear()
        for name, master in self.masters.items():
            if f"first.{name}" in moments:
                self._adamw.state[master] = {
                    "step": moments[f"step.{name}"].clone(),
                    "exp_avg": moments[f"first.{name}"].to(master.device),
                    "exp_avg_sq": moments[f"second.{name}"].to(master.device),
                }
