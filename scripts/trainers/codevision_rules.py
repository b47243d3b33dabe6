"""A taskset of verifiers with one rule: what stands in `<answer>` is one of the accepted answers. `vf-replay` scores exported rollouts anew with it."""

import re

import verifiers.v1 as vf

__all__ = ["RulesTaskset"]


class RulesData(vf.TaskData):
    answers: list[str] = []


class RulesTask(vf.Task[RulesData]):
    @vf.reward
    async def exact(self, trace: vf.Trace) -> float:
        found = re.findall(r"<answer>(.*?)</answer>", trace.last_reply, re.DOTALL)
        return float(bool(found) and found[-1].strip() in self.data.answers)


class RulesTaskset(vf.Taskset[RulesTask, vf.TasksetConfig]):
    def load(self) -> list[RulesTask]:
        return []
