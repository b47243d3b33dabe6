"""What verl itself makes of a parquet file: its RLHFDataset, the images as its agent loops take them, and a batch.

    python verl_rows.py FILE.parquet

Prints a JSON line for each row, and last one for the batch. Neither a model nor a tokenizer is needed: prompts are not filtered by length.
"""

import json
import sys
import tempfile
from types import SimpleNamespace

from omegaconf import OmegaConf
from qwen_vl_utils import process_vision_info
from torch.utils.data import DataLoader
from verl.utils.dataset.rl_dataset import RLHFDataset, collate_fn


def main():
    config = OmegaConf.create(
        {"filter_overlong_prompts": False, "return_raw_chat": True, "need_tools_kwargs": True, "cache_dir": tempfile.gettempdir()}
    )
    dataset = RLHFDataset(sys.argv[1], tokenizer=None, config=config, processor=SimpleNamespace())
    for at in range(len(dataset)):
        row = dataset[at]
        images, _ = process_vision_info(row["raw_prompt"], image_patch_size=14, return_video_metadata=True)
        print(
            json.dumps(
                {
                    "row": at + 1,
                    "roles": [message["role"] for message in row["raw_prompt"]],
                    "parts": [part["type"] for part in row["raw_prompt"][-1]["content"]],
                    "text": "".join(part.get("text", "") for part in row["raw_prompt"][-1]["content"]),
                    "images": [list(image.size) for image in images],
                    "index": row["index"],
                    "tools_kwargs": row["tools_kwargs"],
                    "agent_name": row["agent_name"],
                    "ground_truth": row["reward_model"]["ground_truth"],
                    "extra_info": {key: value for key, value in row["extra_info"].items() if key != "tools_kwargs"},
                }
            )
        )
    batch = next(iter(DataLoader(dataset, batch_size=min(4, len(dataset)), collate_fn=collate_fn)))
    print(json.dumps({"batch": {key: list(value.shape) for key, value in batch.items()}}))


if __name__ == "__main__":
    main()
