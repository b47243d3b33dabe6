"""What `accelerate launch`, and the torchrun that it hands over to, make of arguments and of the configuration that they name, up to where processes would be started.

    python accelerate_launch.py launch --config_file accelerate.yaml …

Takes the place of `accelerate` for a launch script. Everything is read, checked and put together by accelerate's and torch's own code; neither a GPU nor DeepSpeed is needed. Prints JSON.
"""

import json
import sys

import torch.distributed.run as torchrun
from accelerate.commands.launch import _validate_launch_command, launch_command_parser
from accelerate.utils.launch import _filter_args, prepare_deepspeed_cmd_env


def main() -> None:
    args, defaults, is_precision_told = _validate_launch_command(launch_command_parser().parse_args(sys.argv[2:]))
    fields = [*defaults.deepspeed_config, *(["mixed_precision"] if is_precision_told else [])]
    args.deepspeed_fields_from_accelerate_config = ",".join(fields)
    by_ssh, environment = prepare_deepspeed_cmd_env(args)
    script = ["--training_script", args.training_script, "--training_script_args", args.training_script_args]
    launch, command, words = torchrun.config_from_args(_filter_args(args, torchrun.get_args_parser(), script))
    told = {
        "by_ssh": by_ssh,
        "environment": {name: value for name, value in environment.items() if name.startswith("ACCELERATE_")},
        "machines": launch.min_nodes,
        "processes": launch.nproc_per_node,
        "rank": launch.rdzv_configs.get("rank"),
        "first": f"{launch.rdzv_backend} {launch.rdzv_endpoint}",
        "words": words[words.index("-m") :],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
