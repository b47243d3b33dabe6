"""Logits of checkpoints by transformers and peft, against those of the process that trained them.

    python checkpoint_logits.py FOLDER...

Each folder holds case.json (ids, grid, text, and where the model lies that adapters are added to) and case.safetensors (pixel_values, logits) beside the checkpoint `saved`. Writes a line of JSON
for each way to load it: the largest difference of a logit, and the largest logit.
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file


def load(folder):
    model = transformers.AutoModelForImageTextToText.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
    )
    model, info = model
    strange = {kind: sorted(names) for kind, names in info.items() if names}
    return model.eval(), strange


def logits(model, case, tensors):
    ids = torch.tensor([case["ids"]])
    pad = model.config.image_token_id
    with torch.no_grad():
        return model(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            mm_token_type_ids=(ids == pad).int(),
            pixel_values=tensors["pixel_values"],
            image_grid_thw=torch.tensor([[1, case["grid"]["height"], case["grid"]["width"]]]),
        ).logits[0]


def report(folder, way, got, expected, strange):
    line = {
        "folder": folder.name,
        "way": way,
        "difference": (got - expected).abs().max().item(),
        "largest": expected.abs().max().item(),
        "strange": strange,
    }
    print(json.dumps(line), flush=True)


def main():
    for folder in map(Path, sys.argv[1:]):
        case = json.loads((folder / "case.json").read_text())
        tensors = load_file(folder / "case.safetensors")
        saved = folder / "saved"
        model, strange = load(saved)
        report(folder, "transformers", logits(model, case, tensors), tensors["logits"], strange)
        own = transformers.AutoTokenizer.from_pretrained(saved).encode(case["text"], add_special_tokens=False)
        same = {"folder": folder.name, "way": "tokenizer", "isSame": own == case["textIds"]}
        print(json.dumps(same), flush=True)
        if not (saved / "adapter").exists():
            continue
        import peft

        base, _ = load(case["base"])
        before = logits(base, case, tensors)
        report(folder, "base", before, tensors["logits"], {})
        adapted = peft.PeftModel.from_pretrained(base, saved / "adapter").eval()
        counts = sum("lora_A" in name for name, _ in adapted.named_parameters())
        strange = {} if counts == case["adapters"] else {"adapters": counts}
        report(folder, "peft", logits(adapted, case, tensors), tensors["logits"], strange)
        merged = adapted.merge_and_unload()
        report(folder, "peft, merged", logits(merged, case, tensors), tensors["logits"], {})
    versions = {"transformers": transformers.__version__, "torch": torch.__version__}
    print(json.dumps({"versions": versions}))


main()
