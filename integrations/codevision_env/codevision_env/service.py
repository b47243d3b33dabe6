"""Requests to a service of CodeVision, sent again while that can help."""

import http.client
import ipaddress
import json
import logging
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from typing import Any

from .errors import ServiceError, ServiceUnreachable

logger = logging.getLogger(__name__)

DEFAULT_URL = "http://127.0.0.1:8000"
PATIENCE_S = 600.0
TIMEOUT_S = 300.0
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 10.0
# Full, ending, its judge does not answer, or behind a proxy that does not reach it: the same request may be taken later.
TRIED_AGAIN = {429, 502, 503, 504}
IS_THIS_IT = "Is this CodeVision's service?"

Json = dict[str, Any]


class Service:
    """`codevision serve env` at an address. Safe to use from several threads.

    A request that was cut off is sent again: whatever changes something there has an id, and is done once.
    Redirects are not followed, so that the token goes to no other host; of a service on this machine no proxy is asked.

    Args:
        url: of the service; default: CODEVISION_URL, else this machine's port 8000. `http://any:TOKEN@host` holds the token, too.
        token: default: that of the address, else CODEVISION_TOKEN, else none.
        patience: seconds for which a service that is full or away is asked again.
        timeout: seconds that one answer may take.

    Raises ValueError where the address is none.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        patience: float = PATIENCE_S,
        timeout: float = TIMEOUT_S,
    ) -> None:
        self.url, of_address = _address(url or os.environ.get("CODEVISION_URL") or DEFAULT_URL)
        self._token = token or of_address or os.environ.get("CODEVISION_TOKEN")
        self._patience = patience
        self._timeout = timeout
        direct = [urllib.request.ProxyHandler({})] if _is_loopback(self.url) else []
        self._opener = urllib.request.build_opener(_NoRedirects, *direct)

    def get(self, path: str) -> Json:
        """Raises ServiceError, ServiceUnreachable."""
        return self._asked("GET", path, None)

    def post(self, path: str, body: Json) -> Json:
        """Raises ServiceError, ServiceUnreachable."""
        return self._asked("POST", path, body)

    def delete(self, path: str) -> None:
        """What has gone already is no error. Raises ServiceError, ServiceUnreachable."""
        try:
            self._asked("DELETE", path, None)
        except ServiceError as error:
            if error.status != 404:
                raise

    def _asked(self, method: str, path: str, body: Json | None) -> Json:
        until = time.monotonic() + self._patience
        wait = FIRST_WAIT_S
        while True:
            try:
                return self._once(method, path, body)
            except _Later as later:
                left = until - time.monotonic()
                if left <= 0:
                    raise later.error from later.__cause__
                if wait == FIRST_WAIT_S and left > wait:
                    logger.warning("%s Asked again for %.0f s.", later.error, left)
                time.sleep(min(left, max(wait, later.after)))
                wait = min(2 * wait, LONGEST_WAIT_S)

    def _once(self, method: str, path: str, body: Json | None) -> Json:
        headers = {"accept": "application/json"}
        if body is not None:
            headers["content-type"] = "application/json"
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        try:
            status, text, headers = self._received(request)
        except (OSError, http.client.HTTPException) as error:
            message = f"{method} {self.url}{path}: expected an answer of `codevision serve env`, got {error!r}."
            raise _Later(ServiceUnreachable(message)) from error
        if 300 <= status < 400:
            message = f"expected an answer of `codevision serve env`, got a redirect to {headers.get('location')}."
            raise ServiceError(status=status, code="redirect", message=message, hint=IS_THIS_IT)
        if status >= 400:
            raise _failure(status, text, headers.get("retry-after"))
        return _object(status, text) if text else {}

    def _received(self, request: urllib.request.Request) -> tuple[int, bytes, Message]:
        try:
            answer = self._opener.open(request, timeout=self._timeout)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return answer.status, answer.read(), answer.headers


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer as it is."""

    def redirect_request(self, *_: Any) -> None:
        return None


class _Later(Exception):
    """The same request may be taken later; `error` is what it comes to otherwise."""

    def __init__(self, error: ServiceError | ServiceUnreachable, after: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


def _address(given: str) -> tuple[str, str | None]:
    """Where the service is, and the token that stands in front of it."""
    parts = urllib.parse.urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or not _has_port(parts):
        # What stands in front of an @ is nobody's business.
        raise ValueError(f"expected the address of the service, such as {DEFAULT_URL}, got {given.rpartition('@')[2]!r}")
    token = None if parts.password is None else urllib.parse.unquote(parts.password)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/"), token


def _has_port(parts: urllib.parse.SplitResult) -> bool:
    """Whether its port is one, or left out."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _is_loopback(url: str) -> bool:
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _object(status: int, text: bytes) -> Json:
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if isinstance(told, dict):
        return told
    message = f"expected an answer that is a JSON object, got {_beginning(text)!r}."
    raise ServiceError(status=status, code="unknown", message=message, hint=IS_THIS_IT)


def _failure(status: int, text: bytes, retry_after: str | None) -> Exception:
    try:
        told = json.loads(text)["error"]
        code, message, hint = str(told["code"]), str(told["message"]), str(told.get("hint", ""))
    except (ValueError, KeyError, TypeError):
        code, message, hint = "unknown", _beginning(text), IS_THIS_IT
    error = ServiceError(status=status, code=code, message=message, hint=hint)
    if status not in TRIED_AGAIN:
        return error
    return _Later(error, float(retry_after) if retry_after is not None and retry_after.isdigit() else 0.0)


def _beginning(text: bytes) -> str:
    return text[:200].decode(errors="replace")
