"""Train with TRL's GRPOTrainer as a YAML file says: `model`, `url` of `codevision serve env`, and `grpo`, fields of GRPOConfig.

    accelerate launch -m codevision_env.train_trl grpo.yaml
"""

import sys
from pathlib import Path
from typing import Any

import yaml
from datasets import Dataset
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


def main() -> None:
    trainer = trainer_of(yaml.safe_load(Path(sys.argv[1]).read_text()))
    trainer.train()
    trainer.save_model()


if __name__ == "__main__":
    main()
