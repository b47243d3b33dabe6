"""NeMo-Gym's simple agent, whose model sees the pictures that `code_image_tool` returns, rather than their base64 as text."""

from typing import Any

from nemo_gym.server_utils import ServerClient
from pictures import shown
from pydantic import BaseModel
from responses_api_agents.simple_agent.app import SimpleAgent


class ShowingClient(ServerClient):
    """Asks other servers; what it sends to the model has the pictures of tools' answers as pictures."""

    model_server: str

    async def post(self, server_name: str, url_path: str, **kwargs: Any) -> Any:
        if server_name == self.model_server:
            body = kwargs["json"]
            sent = body.model_dump(exclude_unset=True) if isinstance(body, BaseModel) else dict(body)
            items = sent.get("input")
            kwargs["json"] = {**sent, "input": shown(items) if isinstance(items, list) else items}
        return await super().post(server_name=server_name, url_path=url_path, **kwargs)


class CodeVisionAgent(SimpleAgent):
    """The loop, what is recorded and what is sent to `/verify` are those of the simple agent."""

    def model_post_init(self, context: Any) -> None:
        super().model_post_init(context)
        self.server_client = ShowingClient(
            head_server_config=self.server_client.head_server_config,
            global_config_dict=self.server_client.global_config_dict,
            model_server=self.config.model_server.name,
        )


if __name__ == "__main__":
    CodeVisionAgent.run_webserver()
