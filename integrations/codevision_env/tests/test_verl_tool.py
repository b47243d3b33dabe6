"""The tool as verl calls it, over stand-ins of the two modules of verl that it is built on; with verl itself it is tried by `codevision conformance verl`."""

import asyncio
import sys
from types import ModuleType, SimpleNamespace

import pytest
from codevision_env.errors import UnsupportedTrainer


class BaseTool:
    def __init__(self, config, tool_schema):
        self.config, self.tool_schema, self.name = config, tool_schema, "code_image_tool"


@pytest.fixture
def tool(monkeypatch, scripted):
    parts = {
        "verl": {},
        "verl.tools": {},
        "verl.tools.base_tool": {"BaseTool": BaseTool},
        "verl.tools.schemas": {"OpenAIFunctionToolSchema": object, "ToolResponse": SimpleNamespace},
    }
    for name, members in parts.items():
        module = ModuleType(name)
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delitem(sys.modules, "codevision_env.verl_tool", raising=False)
    from codevision_env.verl_tool import CodeImageTool

    yield CodeImageTool({"url": scripted.url, "patience": 1}, None)
    monkeypatch.delitem(sys.modules, "codevision_env.verl_tool")


async def called(tool, create_kwargs):
    """A call as the agent loop of verl 0.5 and 0.6 makes it."""
    instance, _ = await tool.create(create_kwargs=create_kwargs)
    try:
        response, _, _ = await tool.execute(instance, {"code": "result = image", "image_index": 0})
    except Exception as error:
        return f"Error when executing tool: {error}"
    finally:
        await tool.release(instance)
    return response.text


def test_a_verl_that_hands_over_no_rollout_ends_the_training_rather_than_telling_the_model(tool):
    with pytest.raises(UnsupportedTrainer, match="this verl hands over no agent_data: 0.7 or later is needed"):
        asyncio.run(called(tool, {"task_key": "a"}))
    assert not issubclass(UnsupportedTrainer, Exception)


def test_rows_without_a_task_and_images_are_told_how_rows_are_written(tool):
    assert "data export --format verl" in asyncio.run(called(tool, {}))
