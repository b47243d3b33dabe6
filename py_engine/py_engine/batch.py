"""Sequences as the model takes them: padded on the right, so that each token keeps the place that it had."""

import torch


def to_batch(arrays, *, device, dtype):
    """`ids` [tokens], `lengths` [sequences], `positions` [3, tokens], `patches` [patches, values], `grids` [images, 2] in patches -> what the model's forward takes."""
    lengths = arrays["lengths"].tolist()
    longest = max(lengths)
    ids = torch.zeros(len(lengths), longest, dtype=torch.long)
    mask = torch.zeros(len(lengths), longest, dtype=torch.long)
    positions = torch.zeros(3, len(lengths), longest, dtype=torch.long)
    start = 0
    for row, length in enumerate(lengths):
        end = start + length
        ids[row, :length] = torch.from_numpy(arrays["ids"][start:end])
        positions[:, row, :length] = torch.from_numpy(arrays["positions"][:, start:end])
        mask[row, :length] = 1
        start = end
    batch = {"input_ids": ids.to(device), "position_ids": positions.to(device)}
    if len(set(lengths)) > 1:
        batch["attention_mask"] = mask.to(device)
    return {**batch, **images_of(arrays, device=device, dtype=dtype)}


def images_of(arrays, *, device, dtype):
    grids = arrays.get("grids")
    if grids is None or len(grids) == 0:
        return {}
    still = torch.cat([torch.ones(len(grids), 1, dtype=torch.long), torch.from_numpy(grids).long()], dim=1)
    return {"pixel_values": torch.from_numpy(arrays["patches"]).to(device, dtype), "image_grid_thw": still.to(device)}


def learned_places(arrays, *, device):
    """Rows of the padded batch, laid one below the other, whose next token is learned, and those tokens: both [learned]."""
    lengths = arrays["lengths"].tolist()
    longest, start = max(lengths), 0
    rows, targets = [], []
    for row, length in enumerate(lengths):
        places = torch.from_numpy(arrays["mask"][start : start + length]).nonzero().flatten()
        rows.append(row * longest + places - 1)
        targets.append(torch.from_numpy(arrays["ids"][start : start + length]).long()[places])
        start += length
    return torch.cat(rows).to(device), torch.cat(targets).to(device)
