"""The reward `release` as a plain loop in one thread, for comparison: reads groups as JSON lines, scores them, prints the time and writes the components.

    python3 reward_loop.py GROUPS.jsonl OUT.jsonl ROUNDS
"""

import json
import sys
import time

ORIENTATION = {"rotate_90", "rotate_180", "rotate_270", "flip_horizontal", "flip_vertical"}
CORE = ORIENTATION | {"crop"}
WEIGHTS = {"alpha": 1.0, "beta": 0.0, "gamma": 0.5, "format": 0.1, "exact": 0.1, "emerge": 0.2}


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def score_group(group):
    expected = set(group["requiredTools"] or ())
    box = group["box"]
    size = len(expected)
    free = max(2, size)
    tallies = {True: [0, 0], False: [0, 0]}
    for rollout in group["rollouts"]:
        tally = tallies[bool(rollout["calls"])]
        tally[0] += 1
        tally[1] += rollout["correct"]
    (with_tool, correct_with), (without_tool, correct_without) = tallies[True], tallies[False]
    gain = 0.0
    if without_tool:
        gain = max(0.0, (correct_with / with_tool if with_tool else 0.0) - correct_without / without_tool)

    rewards = []
    for rollout in group["rollouts"]:
        calls = rollout["calls"]
        correct = rollout["correct"]
        used = set()
        best = 0.0
        for call in calls:
            used.update(call["transforms"])
            if box is not None:
                for crop in call["cropBoxes"]:
                    best = max(best, overlap(box, crop))
        mandatory = 0.0
        if size:
            mandatory = len((expected - {"crop"}) & used) / size
            if box is not None and "crop" in expected and "crop" in used:
                mandatory += best / size
            mandatory = min(mandatory, 1.0)
        accuracy = 1.0 if correct else 0.0
        necessity = gain if correct and calls and correct_without < 2 else 0.0
        if "crop" in expected and mandatory < 0.1:
            accuracy *= mandatory
            necessity = 0.0
        usage = float(len(calls) - free) if len(calls) >= free else 0.0
        spurious = 0.0 if expected & ORIENTATION else float(len(used & ORIENTATION))
        core = expected & CORE
        exact = WEIGHTS["exact"] if core and core == used & CORE else 0.0
        emerge = WEIGHTS["emerge"] if correct and used - CORE else 0.0
        form = 1.0 if rollout["formatOk"] else 0.0
        outcome = accuracy + WEIGHTS["format"] * form
        process = WEIGHTS["alpha"] * mandatory + WEIGHTS["beta"] * necessity + exact + emerge
        penalty = WEIGHTS["gamma"] * (usage + spurious)
        rewards.append(
            {
                "total": outcome + process - penalty,
                "R_acc": accuracy,
                "R_mandatory": mandatory,
                "R_necessity": necessity,
                "R_fmt": form,
                "C_usage": usage,
                "R_spurious": spurious,
                "R_exact": exact,
                "R_emerge": emerge,
                "outcome_reward": outcome,
                "process_reward": process,
                "penalty": penalty,
            }
        )
    return rewards


def main():
    source, out, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(source, encoding="utf-8") as lines:
        groups = [json.loads(line) for line in lines]
    seconds = []
    checksum = 0.0
    for _ in range(rounds):
        started = time.perf_counter()
        for group in groups:
            for reward in score_group(group):
                checksum += reward["total"]
        seconds.append(time.perf_counter() - started)
    with open(out, "w", encoding="utf-8") as target:
        for group in groups:
            target.write(json.dumps(score_group(group)) + "\n")
    print(json.dumps({"seconds": seconds, "checksum": checksum, "python": sys.version.split()[0]}))


main()
