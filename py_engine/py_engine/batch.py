"""Sequences as the model takes them: padded on the right, so that each token keeps the place that it had."""

import torch


def to_batch(arrays, *, model):
    """`ids` [tokens], `lengths` [sequences], `positions` [3, tokens], and pictures as `images_of` has them -> what the model's forward takes."""
    device = model.device
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
    return {**batch, **images_of(arrays, model=model)}


def images_of(arrays, *, model):
    """`pixels` [patches, 3, side * side] as bytes, `levels` [3, 256]: what each byte becomes by channel, `grids` [images, 2] in patches."""
    grids = arrays.get("grids")
    if grids is None or len(grids) == 0:
        return {}
    still = torch.cat([torch.ones(len(grids), 1, dtype=torch.long), torch.from_numpy(grids).long()], dim=1)
    return {"pixel_values": _patches_of(arrays, model=model), "image_grid_thw": still.to(model.device)}


def _patches_of(arrays, *, model):
    """[patches, 3 * times * side * side]: bytes cross to the device and are looked up there; a still picture has the same pixels at all times."""
    levels = torch.from_numpy(arrays["levels"]).to(model.device, model.dtype)
    places = torch.from_numpy(arrays["pixels"]).to(model.device).int()
    channels, size = levels.shape
    places += size * torch.arange(channels, device=model.device, dtype=torch.int)[:, None]
    values = levels.flatten().index_select(0, places.flatten()).view(places.shape)
    times = model.config.vision_config.temporal_patch_size
    return values[:, :, None].expand(-1, -1, times, -1).flatten(1)


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
