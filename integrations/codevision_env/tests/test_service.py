import pytest
from codevision_env import Service, ServiceError, ServiceUnreachable
from conftest import TOKEN
from scripted_server import CUT_OFF, ScriptedServer, refusal


@pytest.mark.parametrize(
    "first",
    [
        refusal(503, "judge_failed"),
        refusal(429, "too_many_requests"),
        refusal(503, "ending"),
        *((status, b"<html>of a proxy</html>") for status in (502, 503, 504)),
    ],
)
def test_what_may_be_taken_later_is_sent_again_as_it_was(scripted, first):
    scripted.answers = [first, (200, {"reward": 1})]
    assert Service(scripted.url, patience=60).post("/v1/sessions/a/finish", {"text": "b"}) == {"reward": 1}
    assert scripted.requests == [("POST", "/v1/sessions/a/finish", {"text": "b"})] * 2


@pytest.mark.parametrize("refused", [refusal(500, "episode_lost"), refusal(422, "no_such_task"), refusal(409, "episode_over")])
def test_what_asking_again_does_not_help_is_an_error_at_once(scripted, refused):
    scripted.answers = [refused, (200, {})]
    with pytest.raises(ServiceError, match="Not now. Wait.") as told:
        Service(scripted.url, patience=60).get("/state")
    assert (told.value.status, told.value.code, len(scripted.requests)) == (refused[0], refused[1]["error"]["code"], 1)


def test_when_patience_is_over_the_last_answer_is_the_error(scripted):
    scripted.answers = [refusal(503, "judge_failed")]
    with pytest.raises(ServiceError) as told:
        Service(scripted.url, patience=0.3).get("/state")
    assert (told.value.status, told.value.code) == (503, "judge_failed")
    assert len(scripted.requests) > 1


@pytest.mark.parametrize("text", [b"<html>welcome</html>", b"[]", b"\xff", b"null"])
def test_an_answer_that_is_no_json_object_is_an_error_of_the_service(scripted, text):
    scripted.answers = [(200, text)]
    with pytest.raises(ServiceError, match="expected an answer that is a JSON object, got .* Is this CodeVision"):
        Service(scripted.url).get("/state")


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_breaks_off_is_asked_for_again(scripted, status):
    scripted.answers = [(status, CUT_OFF), (200, {"tasks": 3})]
    assert Service(scripted.url, patience=60).get("/state") == {"tasks": 3}


def test_the_token_that_is_given_or_of_the_environment_is_sent(served, monkeypatch):
    with pytest.raises(ServiceError) as told:
        Service(served.url, token="of-somebody-else").get("/state")
    assert told.value.status == 401
    with pytest.raises(ServiceError):
        Service(served.url).get("/state")
    assert Service(served.url, token=TOKEN).get("/state")["tasks"] == 3
    monkeypatch.setenv("CODEVISION_TOKEN", TOKEN)
    assert Service(served.url).get("/state")["tasks"] == 3


def test_what_is_gone_already_can_be_deleted(service):
    service.delete("/v1/sessions/never-opened")


def test_where_nothing_listens_that_is_said_when_patience_is_over():
    with pytest.raises(ServiceUnreachable, match="codevision serve env"):
        Service("http://127.0.0.1:9", patience=0.3).get("/healthz")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_error_and_nothing_of_the_request_goes_to_another_host(scripted, status):
    with ScriptedServer() as other:
        other.answers = [(200, {"tasks": 3})]
        scripted.answers = [(status, b"", {"location": f"{other.url}/state"})]
        with pytest.raises(ServiceError, match=f"got a redirect to {other.url}/state. Is this CodeVision's service"):
            Service(scripted.url, token=TOKEN, patience=60).get("/state")
        assert (len(scripted.requests), other.requests) == (1, [])


def test_a_proxy_is_asked_for_other_machines_and_not_for_this_one(scripted, monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ScriptedServer() as proxy:
        proxy.answers = scripted.answers = [(200, {"tasks": 3})]
        monkeypatch.setenv("http_proxy", proxy.url)
        Service(scripted.url).get("/state")
        Service(scripted.url.replace("127.0.0.1", "localhost")).get("/state")
        assert (len(scripted.requests), proxy.requests) == (2, [])
        Service("http://service.example").get("/state")
        assert [path for _, path, _ in proxy.requests] == ["http://service.example/state"]


@pytest.mark.parametrize("address", ["localhost:8000", "127.0.0.1:8000", "ftp://env", "http://", "http://env:port", "http://env:70000", "env"])
def test_an_address_that_is_none_is_told_at_once(address):
    with pytest.raises(ValueError, match="expected the address of the service, such as http://127.0.0.1:8000, got '"):
        Service(address)


def test_an_address_may_hold_the_token_which_no_message_shows(served):
    address = served.url.replace("http://", f"http://any:{TOKEN}@")
    assert Service(address + "/").get("/state")["tasks"] == 3
    assert TOKEN not in Service(address).url
    with pytest.raises(ValueError) as told:
        Service(f"any:{TOKEN}@env")
    assert TOKEN not in str(told.value)


def test_that_it_is_asked_again_is_told_once(scripted, caplog):
    scripted.answers = [refusal(503, "ending"), refusal(503, "ending"), (200, {"tasks": 3})]
    assert Service(scripted.url, patience=60).get("/state")["tasks"] == 3
    [told] = caplog.messages
    assert "Not now. Wait. (ending, 503) Asked again for" in told
