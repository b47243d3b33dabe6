"""The service itself, started for the tests: `npm run build` must have been run, and the sandbox's Python set up."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from codevision_env import Service
from PIL import Image
from scripted_server import ScriptedServer

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / "dist/cli/main.js"
WORDS = ["harbour", "lantern", "meadow"]
TOKEN = "known-to-the-tests-alone"


class Served:
    """`codevision serve env` in a process of its own, which can be killed and started again at the same port. It asks for a token."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.port = 0
        self.start()

    def start(self) -> None:
        command = ["node", str(PROGRAM), "serve", "env", "--data", str(self._data), "--port", str(self.port)]
        env = {**os.environ, "CODEVISION_SERVICE_TOKEN": TOKEN}
        self._process = subprocess.Popen([*command, "--log-level", "error"], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env)
        for line in self._process.stdout:
            found = re.search(r"on (http://[^ ]*?:(\d+))", line)
            if found:
                self.url, self.port = found[1], int(found[2])
                return
        raise RuntimeError(f"codevision serve env ended with {self._process.wait()}")

    def end(self, how: int = signal.SIGTERM) -> None:
        self._process.send_signal(how)
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Three tasks over pictures that were turned by 90 degrees, in the layout of MVToolBench."""
    folder = tmp_path_factory.mktemp("rows")
    rows = []
    for at, word in enumerate(WORDS):
        Image.linear_gradient("L").resize((80, 40)).convert("RGB").save(folder / f"{at}.png")
        question = f"What is word {at}?"
        rows.append(
            {
                "data_source": "words",
                "prompt": [{"role": "user", "content": f"<image>\n{question}"}],
                "images": [f"{at}.png"],
                "reward_model": {"ground_truth": word},
                "extra_info": {"answer": word, "bbox": None, "index": at, "question": question, "transform": ["rotate_90"]},
            }
        )
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.fixture(scope="session")
def served(data):
    if not PROGRAM.exists():
        pytest.fail(f"expected the built program {PROGRAM}, got none: npm run build")
    for name in ("CODEVISION_URL", "CODEVISION_TOKEN"):
        os.environ.pop(name, None)
    served = Served(data)
    yield served
    served.end()


@pytest.fixture
def service(served):
    return Service(served.url, token=TOKEN, patience=60)


@pytest.fixture
def scripted():
    """A server that answers as a test says: for statuses and codes that the service gives only when something is broken."""
    with ScriptedServer() as server:
        yield server
