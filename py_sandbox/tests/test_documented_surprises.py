"""Each line of the tables of docs/reward-analysis.md is what the reader answers."""

import json
import pathlib
import re

import pytest

from py_sandbox.analysis import reader

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "reward-analysis.md"
ROW = re.compile(r"\| `(.+?)` \| (.+) \|$")


def rows():
    of_descriptions = False
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        of_descriptions = line.startswith("| description |") or (of_descriptions and line.startswith("|"))
        match = ROW.match(line)
        if match and match[1] != "static":
            text = match[1].replace("↵", "\n")
            yield ("result = image", text, match[2]) if of_descriptions else (text, "", match[2])


@pytest.mark.parametrize("code, described, expected", list(rows()))
def test_a_documented_surprise_is_one(code, described, expected):
    raised = re.fullmatch(r"an exception \((\w+)\)", expected)
    if raised:
        with pytest.raises(Exception) as caught:
            reader.read(code, described)
        assert caught.type.__name__ == raised[1]
        return
    parts = re.findall(r"`(.+?)`", expected)
    boxes = [json.loads(part) for part in parts if part.startswith("[")]
    assert reader.read(code, described) == ([part for part in parts if not part.startswith("[")], boxes[0] if boxes else [])


def test_the_tables_are_found():
    assert len(list(rows())) > 35
