"""Train with TRL's GRPOTrainer as a YAML file says: `model`, `url` of `codevision serve env`, and `grpo`, fields of GRPOConfig.

    accelerate launch -m codevision_env.train_trl grpo.yaml [--from-scratch]

It goes on from the newest checkpoint in `output_dir`, where one is.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml
from datasets import Dataset
from transformers.trainer_utils import get_last_checkpoint
from trl import GRPOConfig, GRPOTrainer

from .service import Service
from .trl_environment import environment_factory, rollout_reward, task_rows


def trainer_of(settings: dict[str, Any], **others: Any) -> GRPOTrainer:
    """The trainer of a recipe. `others` go to GRPOTrainer as they are. Raises CodeVisionError where the service does not answer."""
    service = Service(settings.get("url"))
    return GRPOTrainer(
        model=settings["model"],
        args=GRPOConfig(**settings["grpo"]),
        train_dataset=Dataset.from_list(task_rows(service)),
        environment_factory=environment_factory(service),
        reward_funcs=rollout_reward,
        **others,
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m codevision_env.train_trl", description="GRPO with TRL over `codevision serve env`.")
    parser.add_argument("settings", type=Path, help="YAML file with model, url and grpo (fields of GRPOConfig)")
    parser.add_argument("--from-scratch", action="store_true", help="do not go on from the newest checkpoint in output_dir")
    given = parser.parse_args(arguments)
    trainer = trainer_of(yaml.safe_load(given.settings.read_text()))
    folder = trainer.args.output_dir
    newest = get_last_checkpoint(folder) if Path(folder).is_dir() and not given.from_scratch else None
    trainer.train(resume_from_checkpoint=newest)
    trainer.save_model()


if __name__ == "__main__":
    main(sys.argv[1:])
