"""An HTTP server with answers that are laid down beforehand."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: An answer whose connection ends before its body.
CUT_OFF = object()


class ScriptedServer:
    """Gives its `answers` in their order, (status, JSON or bytes or CUT_OFF) each, with headers as a third where there are any, the last one for good; keeps the `requests`, (method, path, JSON) each."""

    def __init__(self) -> None:
        self.answers: list[tuple[Any, ...]] = []
        self.requests: list[tuple[str, str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "ScriptedServer":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                scripted.requests.append((self.command, self.path, json.loads(body) if body else None))
                status, told, *headers = scripted.answers[0]
                if len(scripted.answers) > 1:
                    scripted.answers.pop(0)
                text = b"" if told is CUT_OFF else told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                for name, value in (headers[0] if headers else {}).items():
                    self.send_header(name, value)
                self.send_header("content-length", "9" if told is CUT_OFF else str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_DELETE = _answer

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def refusal(status: int, code: str) -> tuple[int, Any]:
    """An error as the service words it."""
    return status, {"error": {"code": code, "message": "Not now.", "hint": "Wait."}}
