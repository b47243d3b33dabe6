"""Keys and values of the conversations that are being written, one a row, padded on the left."""

import torch


class KeyValues:
    """`cache`: of transformers, each layer's keys and values [rows, heads, columns, size]; `mask` [rows, columns]: 0 where a row is padded."""

    def __init__(self, *, device):
        self._device = device
        self.cache = self.mask = None

    def clear(self):
        self.cache = self.mask = None

    def add_column(self):
        """For the token of each row that is computed next."""
        self.mask = torch.cat([self.mask, self.mask.new_ones(len(self.mask), 1)], dim=1)

    def starts(self):
        """The column of each row's first token."""
        return (self.mask.shape[1] - self.mask.sum(dim=1)).tolist()

    def join(self, cache, *, rows, starts, lengths):
        """Add rows: what stands in each of `rows` of a cache, which may be this one, from its column of `starts` on, that many tokens."""
        columns = max(lengths) if self.cache is None else max(*lengths, self.mask.shape[1])
        column = lambda values: torch.tensor(values, device=self._device)[:, None]  # noqa: E731
        places = torch.arange(columns, device=self._device)[None] - columns + column(lengths)
        mask = (places >= 0).long()
        rows, columns_of = column(rows), places.clamp(min=0) + column(starts)
        # [rows, columns, heads, size] -> as the cache has them
        taken = lambda tensor: tensor[rows, :, columns_of].transpose(1, 2)  # noqa: E731
        if self.cache is None:
            self.cache, self.mask = cache, mask
            for layer in cache.layers:
                layer.keys, layer.values = taken(layer.keys).contiguous(), taken(layer.values).contiguous()
            return
        self.mask = torch.cat([_pad(self.mask, columns, dim=1), mask])
        for ours, theirs in zip(self.cache.layers, cache.layers, strict=True):
            keys, values = taken(theirs.keys), taken(theirs.values)
            ours.keys = torch.cat([_pad(ours.keys, columns, dim=2), keys])
            ours.values = torch.cat([_pad(ours.values, columns, dim=2), values])

    def keep(self, rows):
        """Let the other rows go, and the columns that none of those that stay needs."""
        chosen = torch.tensor(rows, device=self._device)
        mask = self.mask[chosen]
        longest = int(mask.sum(dim=1).max())
        self.mask = mask[:, -longest:]
        for layer in self.cache.layers:
            layer.keys, layer.values = layer.keys[chosen][:, :, -longest:], layer.values[chosen][:, :, -longest:]


def _pad(tensor, length, *, dim):
    """Zeros before it along a dimension, until it is that long."""
    missing = length - tensor.shape[dim]
    if missing == 0:
        return tensor
    shape = list(tensor.shape)
    shape[dim] = missing
    return torch.cat([tensor.new_zeros(shape), tensor], dim=dim)
