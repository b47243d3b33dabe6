"""A recipe's overrides composed with verl's own configuration, so that a key which is none, or a value of a wrong type, is found without a GPU.

    python verl_compose.py CONFIG_FOLDER OVERRIDES.txt

CONFIG_FOLDER is `verl/trainer/config` of some version of verl; neither verl nor torch is imported. Prints the composed values of the overrides as JSON.
"""

import json
import sys
from pathlib import Path

from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf


def main() -> None:
    folder, file = sys.argv[1:3]
    overrides = Path(file).read_text().splitlines()
    with initialize_config_dir(config_dir=str(Path(folder).resolve()), version_base=None):
        config = compose(config_name="ppo_trainer", overrides=overrides)
    keys = [override.split("=", 1)[0].lstrip("+") for override in overrides]
    print(json.dumps({key: OmegaConf.select(config, key) for key in keys}))


if __name__ == "__main__":
    main()
