"""Log-probabilities of tokens and which of them are the most probable, without ever holding the scores of all."""

import torch
from torch.utils.checkpoint import checkpoint

# Of 152 thousand scores each, in float32: 600 MB.
CHUNK = 1024


def token_logprobs(*, model, batch, rows, targets, temperature):
    """Natural logarithms in float32 [rows]: of each target after the token at its row of the batch. Differentiable where gradients are on."""
    chosen = _hidden(model=model, batch=batch, rows=rows)

    def score(states, wanted):
        scores = model.lm_head(states).float() / temperature
        return scores.gather(1, wanted[:, None]).squeeze(1) - scores.logsumexp(dim=1)

    parts = []
    for start in range(0, len(rows), CHUNK):
        part = (chosen[start : start + CHUNK], targets[start : start + CHUNK])
        # Scores are computed again on the way back instead of being kept.
        parts.append(checkpoint(score, *part, use_reentrant=False) if torch.is_grad_enabled() else score(*part))
    return torch.cat(parts) if parts else chosen.new_zeros(0, dtype=torch.float32)


def token_matches(*, model, batch, rows, targets):
    """Whether each target is the most probable token after that at its row of the batch: bool [rows]."""
    chosen = _hidden(model=model, batch=batch, rows=rows)
    best = [model.lm_head(chosen[start : start + CHUNK]).argmax(dim=1) for start in range(0, len(rows), CHUNK)]
    return torch.cat(best) == targets if best else targets.new_zeros(0, dtype=torch.bool)


def _hidden(*, model, batch, rows):
    """What stands before the scores, of some rows of a batch whose sequences lie one below the other."""
    hidden = model.model(**batch, use_cache=False).last_hidden_state
    return hidden.reshape(-1, hidden.shape[-1])[rows]
