"""Reads what `codevision export --format verifiers` wrote with verifiers' own types, strictly, and holds it against the run folder, line by line.

    python verifiers_traces.py RUN TRACES

Prints a line for each check, `ok` or `FAIL`; exit code 1 where one does not hold.
"""

import base64
import hashlib
import json
import sys
import tempfile
from pathlib import Path

from verifiers.v1.trace import WireTrace
from verifiers.v1.types import AssistantMessage, ImageUrlContentPart
from verifiers.v1.utils.trace_store import read_episodes, write_episode

run, traces = Path(sys.argv[1]), Path(sys.argv[2])
failed = False


def check(what: str, wrong: list[object]) -> None:
    global failed
    print(f"{'FAIL' if wrong else 'ok  '} {what}{f': {wrong[:3]}' if wrong else ''}")
    failed = failed or bool(wrong)


def pictures(messages: list[object]) -> list[str]:
    """Hashes of the image files in the order in which the model saw them."""
    parts = [part for one in messages if isinstance(getattr(one, "content", None), list) for part in one.content]
    urls = [part.image_url.url for part in parts if isinstance(part, ImageUrlContentPart)]
    return [hashlib.sha256(base64.b64decode(url.split(",", 1)[1], validate=True)).hexdigest() for url in urls]


def shown(sample: dict) -> list[str]:
    return [
        part["image"]["sha256"]
        for message in sample["trajectory"]["messages"]
        for part in message["content"]
        if part["type"] == "image"
    ]


samples = {line["key"]: line for line in map(json.loads, (run / "samples.jsonl").read_text().splitlines())}
episodes = read_episodes(traces, WireTrace)
found = {episode.id.split("/", 1)[1]: episode for episode in episodes}
check(f"every sample is one episode, {len(samples)} of them", [] if found.keys() == samples.keys() else [len(found)])
whole = {key: episode for key, episode in found.items() if samples[key]["trajectory"]}
pairs = [(key, samples[key], episode.traces[0]) for key, episode in whole.items()]
check("samples of the same question are one group", [k for k, e in found.items() if e.group.id != k.rsplit("#", 1)[0]])
check("ok is what the machine did not spoil", [k for k, e in found.items() if e.ok != (samples[k]["error"] is None)])
check("turns", [k for k, s, t in pairs if t.num_turns != s["trajectory"]["turns"]])
check("messages, in one branch", [k for k, s, t in pairs if len(t.messages) != len(s["trajectory"]["messages"])])
check(
    f"pictures, byte for byte ({sum(len(shown(s)) for _, s, _ in pairs)} of them)",
    [k for k, s, t in pairs if pictures(t.messages) != shown(s)],
)
check(
    "a tool's message answers a call that was made",
    [
        k
        for k, _, t in pairs
        if not {one.tool_call_id for one in t.tool_messages}
        <= {call.id for one in t.assistant_messages for call in one.tool_calls or []}
        and samples[k]["trajectory"]["malformedCalls"] == 0
    ],
)
check(
    "calls have the code that ran",
    [
        k
        for k, s, t in pairs
        for executed in s["trajectory"]["calls"]
        if executed["call"]["code"]
        not in [
            json.loads(call.arguments).get("code")
            for one in t.assistant_messages
            if isinstance(one, AssistantMessage)
            for call in one.tool_calls or []
        ]
    ],
)
check(
    "accuracy, from 0 to 1",
    [
        (k, t.metrics)
        for k, s, t in pairs
        for name, score in s["scores"].items()
        if t.metrics.get(name) != score.get("value", float(score["correct"]))
    ],
)
check(
    "the reward is the run's, or the accuracy",
    [
        (k, t.reward)
        for k, s, t in pairs
        if t.reward != (s["reward"]["total"] if s["reward"] else sum(float(one["correct"]) for one in s["scores"].values()))
    ],
)
check(
    "a rollout that was cut is truncated",
    [k for k, s, t in pairs if t.is_truncated != (s["trajectory"]["stop"] != "answer")],
)
with tempfile.TemporaryDirectory() as folder:
    for episode in episodes:
        write_episode(Path(folder), episode)
    again = read_episodes(Path(folder), WireTrace)
    check("written by verifiers and read again it is the same", [len(again)] if len(again) != len(episodes) else [a.id for a, b in zip(episodes, again) if a != b])
sys.exit(1 if failed else 0)
