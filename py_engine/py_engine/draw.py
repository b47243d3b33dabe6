"""The next token of each conversation, by its scores and a number that was drawn for it alone."""

import torch


def draw(scores, *, temperature, top_p, top_k, numbers, barred):
    """
    `scores` [rows, vocabulary]; the others one a row: `temperature` (0: the most probable), `top_p`, `top_k` (0: all), `numbers` in [0, 1); `barred`: ids that are never drawn.
    Returns ids [rows] and the natural logarithms of their probabilities at the temperature (greedy: at 1), over all tokens, whatever was left out.
    """
    scores = scores.double()
    heat = torch.where(temperature > 0, temperature, 1.0)[:, None]
    shifted = (scores - scores.amax(dim=1, keepdim=True)) / heat
    weights = shifted.exp()
    total = weights.sum(dim=1)
    weights[:, barred] = 0.0
    ids = weights.argmax(dim=1)
    is_open = (top_p >= 1) & (top_k <= 0)
    for rows, pick in (((temperature > 0) & is_open, _pick), ((temperature > 0) & ~is_open, _pick_among)):
        if rows.any():
            ids[rows] = pick(weights[rows], numbers[rows], top_p[rows], top_k[rows])
    return ids, shifted.gather(1, ids[:, None]).squeeze(1) - total.log()


def _pick(weights, numbers, _top_p=None, _top_k=None):
    """In the order of the columns: the first at which the weights have summed to more than that share."""
    sums = weights.cumsum(dim=1)
    at = torch.searchsorted(sums, (numbers * sums[:, -1])[:, None], right=True).squeeze(1)
    # Where rounding leads behind the end: the last that has any weight.
    last = weights.shape[1] - 1 - (weights > 0).flip(1).int().argmax(dim=1)
    return torch.minimum(at, last)


def _pick_among(weights, numbers, top_p, top_k):
    ordered, ids = weights.sort(dim=1, descending=True, stable=True)
    places = torch.arange(weights.shape[1], device=weights.device)
    most = torch.where(top_k > 0, top_k, weights.shape[1])
    ordered = torch.where(places < most[:, None], ordered, 0.0)
    # As others apply both: the share is of what `top_k` left.
    before = ordered.cumsum(dim=1) - ordered
    kept = torch.where(before < (top_p * ordered.sum(dim=1))[:, None], ordered, 0.0)
    return ids.gather(1, _pick(kept, numbers)[:, None]).squeeze(1)
