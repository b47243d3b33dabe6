"""An evaluation in shards, each a task of a Ray cluster, put together at the end.

    python codevision_shards.py PLAN.json

The plan is a file that `codevision cluster submit --shards` sends along; every command line and every name stands in it, none is made here. `shards`: of each its `part` (such as 1/4), its commands
`begin` and `resume` as words, and the `manifest` that is there once its run has begun. `pauses`: seconds before each try of a shard. `cpus` and `resources`: what each shard takes of its node. `output`:
a folder that all nodes share. `merge`: the command at the end, as words, and `merged`, what it makes.

A shard is a run of its own beside the others. Where its node dies, Ray begins its task again on another one, which goes on with that run: nothing finished is done twice. The command of a shard ends
with the worker that began it, so that nobody goes on unseen and holds the run's lock. A shard that a node cannot even begin is told, and goes to another one; what no node can do is not merged, and the
other shards are done.
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
from collections import Counter

# Shared file systems show a new file late.
SHARED_WITHIN_SECONDS = 90
# Nodes that one shard is tried on: where it is the command or the folder that is wrong, all would say the same.
NODES_FOR_A_SHARD = 3
FAILED = 1
USAGE = 2


class NotDone(Exception):
    """What a node could not even begin, in a sentence for the reader of the log."""


def die_with_parent():
    """Linux: this process is killed when the one that began it ends, however it ends."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(command, tell):
    """Run a command to its end, each line of its output told. Returns its exit code.

    Raises NotDone where this node cannot start it.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=die_with_parent,
        )
    except OSError as error:
        raise NotDone(
            f"{command[0]} cannot be started on {socket.gethostname()} ({error.strerror}): "
            "expected this program to be installed on every node, under the same name or path."
        ) from error
    for line in process.stdout:
        tell(line.rstrip("\n"))
    return process.wait()


def expect_shared(marker, token):
    """Raise NotDone unless this node sees what the driver has written into the folder of the runs."""
    until = time.monotonic() + SHARED_WITHIN_SECONDS
    while True:
        try:
            with open(marker, encoding="utf-8") as file:
                if file.read() == token:
                    return
        except OSError:
            pass
        if time.monotonic() > until:
            raise NotDone(
                f"{os.path.dirname(marker)} on {socket.gethostname()} is not the folder that the driver writes to: "
                "expected --output to be a folder that all nodes share, such as one of NFS."
            )
        time.sleep(1)


def evaluate_shard(shard, pauses, marker, token):
    """Do one shard, or what is left of it. Returns where, its exit code, and why it was not done (None: it was)."""
    done = {"node": socket.gethostname(), "code": FAILED, "problem": None}
    try:
        expect_shared(marker, token)
        for pause in pauses:
            time.sleep(pause)
            command = shard["resume" if os.path.exists(shard["manifest"]) else "begin"]
            done["code"] = run(command, lambda line: print(f"[{shard['part']}] {line}", flush=True))
            if done["code"] in (0, USAGE):
                break
    except NotDone as problem:
        done["problem"] = str(problem)
    return done


def evaluate_here(*arguments):
    """The task of Ray: `evaluate_shard`, and the id of the node that did it."""
    import ray

    return {**evaluate_shard(*arguments), "id": ray.get_runtime_context().get_node_id()}


class Nodes:
    """Where shards are begun. A node that could not begin one gets no more: as one that fails at once, it would else draw all that wait."""

    def __init__(self, ray, cpus, resources):
        self.ray = ray
        self.needs = {"CPU": cpus, **resources}
        # A node that dies is nobody's mistake: as often as it takes.
        self.options = {"num_cpus": cpus, "resources": resources, "scheduling_strategy": "SPREAD", "max_retries": -1}
        self.task = ray.remote(evaluate_here)
        self.unfit = set()

    def begin(self, arguments):
        """Have a shard done. Raises ValueError where this Ray (before 2.49) cannot keep it from nodes that are unfit."""
        selector = {"label_selector": {"ray.io/node-id": f"!in({','.join(sorted(self.unfit))})"}} if self.unfit else {}
        return self.task.options(**self.options, **selector).remote(*arguments)

    def begin_elsewhere(self, arguments):
        """The same; None where no other node could do it."""
        try:
            return self.begin(arguments) if any(map(self.is_fit, self.ray.nodes())) else None
        except ValueError:
            return None

    def is_fit(self, node):
        has_room = all(node["Resources"].get(name, 0) >= amount for name, amount in self.needs.items())
        return node["Alive"] and node["NodeID"] not in self.unfit and has_room


def collect(nodes, shards):
    """Have the shards done, given as the arguments of each, and tell how each ended. Returns what each was, by its number."""
    ray = nodes.ray
    pending = {nodes.begin(arguments): number for number, arguments in enumerate(shards, start=1)}
    tries = Counter()
    ended = {}
    while pending:
        done, _ = ray.wait(list(pending), num_returns=1)
        for reference in done:
            number = pending.pop(reference)
            try:
                result = ray.get(reference)
            except ray.exceptions.RayError as error:
                # Its last line is what was raised; those before are Ray's own.
                result = {"node": "its node", "code": FAILED, "problem": str(error).strip().split("\n")[-1], "id": None}
            how = f"exit code {result['code']}" if result["problem"] is None else f"not done: {result['problem']}"
            again = None
            if result["problem"] is not None and result["id"] is not None:
                nodes.unfit.add(result["id"])
                tries[number] += 1
                again = nodes.begin_elsewhere(shards[number - 1]) if tries[number] < NODES_FOR_A_SHARD else None
            if again is None:
                ended[number] = result
            else:
                pending[again] = number
                how += " It goes to another node"
            print(f"Shard {number} on {result['node']}: {how}; {len(pending)} of {len(shards)} left", flush=True)
    return ended


def main(plan):
    import ray

    if os.path.exists(plan["merged"]):
        print(f"{plan['merged']}: expected nothing there, since the merged run goes there. Remove it, or take another --name.")
        return USAGE
    os.makedirs(plan["output"], exist_ok=True)
    token = uuid.uuid4().hex
    marker = os.path.join(plan["output"], f".{os.path.basename(plan['merged'])}-{token[:8]}.shared")
    with open(marker, "w", encoding="utf-8") as file:
        file.write(token)
    try:
        ray.init(log_to_driver=True)
        nodes = Nodes(ray, plan["cpus"], plan["resources"])
        ended = collect(nodes, [(shard, plan["pauses"], marker, token) for shard in plan["shards"]])
    finally:
        os.remove(marker)
    refused = [number for number, result in ended.items() if result["code"] == USAGE]
    if refused:
        print(f"Nothing is merged: shard {refused[0]} was refused; its lines above say why.")
        return USAGE
    undone = sorted(number for number, result in ended.items() if result["problem"] is not None)
    if undone:
        which = ", ".join(map(str, undone))
        print(
            f"Nothing is merged: not done, for what is said above: {which} of {len(plan['shards'])} shards. What the others have done is kept: "
            "submitted once more with another --id, this goes on with it."
        )
        return FAILED
    try:
        return run(plan["merge"], lambda line: print(line, flush=True))
    except NotDone as problem:
        print(f"Nothing is merged: {problem}")
        return FAILED


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as given:
        PLAN = json.load(given)
    sys.exit(main(PLAN))
