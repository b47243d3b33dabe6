"""A copy of a checkpoint whose scores come from weights of their own instead of the embedding's: those are equal at first.

    python untied_checkpoint.py FROM TO
"""

import json
import shutil
import sys
from pathlib import Path

from safetensors.torch import load_file, save_file

source, target = map(Path, sys.argv[1:])
shutil.copytree(source, target)
weights = load_file(source / "model.safetensors")
weights["lm_head.weight"] = weights["model.language_model.embed_tokens.weight"].clone()
save_file(weights, target / "model.safetensors")
config = json.loads((source / "config.json").read_text())
config["tie_word_embeddings"] = config["text_config"]["tie_word_embeddings"] = False
(target / "config.json").write_text(json.dumps(config, indent=2))
