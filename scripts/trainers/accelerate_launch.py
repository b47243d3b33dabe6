"""What `accelerate launch` makes of its arguments and of the configuration that they name, up to where it would start processes.

    python accelerate_launch.py launch --config_file accelerate.yaml …

Takes the place of `accelerate` for a launch script. Configuration, arguments and environment are read, checked and put together by accelerate's own code; neither a GPU nor DeepSpeed is needed. Prints JSON.
"""

import json
import sys

from accelerate.commands.launch import _validate_launch_command, launch_command_parser
from accelerate.utils.launch import prepare_deepspeed_cmd_env


def main() -> None:
    args, defaults, is_precision_told = _validate_launch_command(launch_command_parser().parse_args(sys.argv[2:]))
    fields = [*defaults.deepspeed_config, *(["mixed_precision"] if is_precision_told else [])]
    args.deepspeed_fields_from_accelerate_config = ",".join(fields)
    command, environment = prepare_deepspeed_cmd_env(args)
    names = ["use_deepspeed", "nproc_per_node", "nnodes", "node_rank", "master_addr", "master_port", "module", "training_script", "training_script_args"]
    kept = {name: value for name, value in environment.items() if name.startswith("ACCELERATE_")}
    # A command: DeepSpeed's own launcher by ssh; none: torchrun with these arguments.
    print(json.dumps({"command": command, "environment": kept, **{name: getattr(args, name, None) for name in names}}))


if __name__ == "__main__":
    main()
