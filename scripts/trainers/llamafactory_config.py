"""Whether LLaMA-Factory knows every key of a training YAML, and what it makes of it.

    python llamafactory_config.py FILE.yaml
"""

import json
import sys
from pathlib import Path

import yaml
from llamafactory.data.template import TEMPLATES
from llamafactory.hparams.parser import _TRAIN_ARGS
from transformers import HfArgumentParser


def main():
    values = yaml.safe_load(Path(sys.argv[1]).read_text())
    # Whether this machine has a GPU for it is another question.
    values = {**values, "bf16": False, "use_cpu": True}
    model, data, training, finetuning, _ = HfArgumentParser(_TRAIN_ARGS).parse_dict(values, allow_extra_keys=False)
    assert data.template in TEMPLATES, data.template
    print(
        json.dumps(
            {
                "template": data.template,
                "dataset": data.dataset,
                "cutoff_len": data.cutoff_len,
                "image_max_pixels": model.image_max_pixels,
                "learning_rate": training.learning_rate,
                "epochs": training.num_train_epochs,
                "frozen": [finetuning.freeze_vision_tower, finetuning.freeze_multi_modal_projector],
            }
        )
    )


if __name__ == "__main__":
    main()
