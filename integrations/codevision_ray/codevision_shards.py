"""An evaluation in shards, each a task of a Ray cluster, put together at the end.

    python codevision_shards.py PLAN

PLAN is JSON, as `codevision cluster submit --shards` writes it: `program` (words that start codevision), `arguments` (of its eval, without --name and --output), `name`, `output` (a folder that all
nodes share), `shards`, and `cpus` and `resources` of each.

A shard is a run of its own beside the others. Where its node dies, Ray begins its task again on another one, which goes on with that run: nothing finished is done twice. The command of a shard ends
with the worker that began it, so that nobody goes on unseen and holds the run's lock.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid

# Repetitions of a shard that ended with failed samples, or found its run still held; and the pause before each.
REPETITIONS = 3
PAUSE_SECONDS = 20
# Shared file systems show a new file late.
SHARED_WITHIN_SECONDS = 90
USAGE = 2


def shard_name(plan, index):
    return f"{plan['name']}-shard-{index}-of-{plan['shards']}"


def shard_command(plan, index, resumes):
    """The command line of one shard, from 1."""
    place = ["--name", shard_name(plan, index), "--output", plan["output"]]
    shard = ["--shard", f"{index}/{plan['shards']}"]
    return [*plan["program"], "eval", *plan["arguments"], *shard, *place, *(["--resume"] if resumes else [])]


def merge_command(plan):
    folders = [os.path.join(plan["output"], shard_name(plan, index + 1)) for index in range(plan["shards"])]
    return [*plan["program"], "merge", *folders, "--output", os.path.join(plan["output"], plan["name"])]


def die_with_parent():
    """Linux: this process is killed when the one that began it ends, however it ends."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(command, tell):
    """Run a command to its end, each line of its output told. Returns its exit code."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        preexec_fn=die_with_parent,
    )
    for line in process.stdout:
        tell(line.rstrip("\n"))
    return process.wait()


def expect_shared(marker, token):
    """Raise unless this node sees what the driver has written into the folder of the runs."""
    until = time.monotonic() + SHARED_WITHIN_SECONDS
    while True:
        try:
            with open(marker, encoding="utf-8") as file:
                if file.read() == token:
                    return
        except FileNotFoundError:
            pass
        if time.monotonic() > until:
            raise RuntimeError(
                f"{os.path.dirname(marker)} on {socket.gethostname()} is not the folder that the driver writes to: "
                "expected --output to be a folder that all nodes share, such as one of NFS."
            )
        time.sleep(1)


def evaluate_shard(plan, index, marker, token):
    """Do one shard, or what is left of it. Returns its exit code, and where it ended."""
    expect_shared(marker, token)
    manifest = os.path.join(plan["output"], shard_name(plan, index), "manifest.json")
    code = None
    for repetition in range(REPETITIONS + 1):
        if repetition > 0:
            time.sleep(PAUSE_SECONDS)
        command = shard_command(plan, index, os.path.exists(manifest))
        code = run(command, lambda line: print(f"[{index}/{plan['shards']}] {line}", flush=True))
        if code in (0, USAGE):
            break
    return {"code": code, "node": socket.gethostname()}


def main(plan):
    import ray

    place = os.path.join(plan["output"], plan["name"])
    if os.path.exists(place):
        print(f"{place}: expected nothing there, since the merged run goes there. Remove it, or take another --name.")
        return USAGE
    os.makedirs(plan["output"], exist_ok=True)
    token = uuid.uuid4().hex
    marker = os.path.join(plan["output"], f".{plan['name']}-{token[:8]}.shared")
    with open(marker, "w", encoding="utf-8") as file:
        file.write(token)
    ray.init(log_to_driver=True)
    options = {"num_cpus": plan["cpus"], "resources": plan["resources"], "scheduling_strategy": "SPREAD"}
    # A node that dies is nobody's mistake: as often as it takes.
    task = ray.remote(evaluate_shard).options(max_retries=-1, **options)
    try:
        pending = {task.remote(plan, index + 1, marker, token): index + 1 for index in range(plan["shards"])}
        codes = {}
        while pending:
            done, _ = ray.wait(list(pending), num_returns=1)
            for reference in done:
                index = pending.pop(reference)
                result = ray.get(reference)
                codes[index] = result["code"]
                left = f"{len(pending)} of {plan['shards']} left"
                print(f"Shard {index} on {result['node']}: exit code {result['code']}; {left}", flush=True)
    finally:
        os.remove(marker)
    refused = [index for index, code in codes.items() if code == USAGE]
    if refused:
        print(f"Nothing is merged: shard {refused[0]} was refused; its lines above say why.")
        return USAGE
    return run(merge_command(plan), lambda line: print(line, flush=True))


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
