"""An outgoing proxy: tokens, Teams and Slack go by it where the settings name one, and by none of the environment's."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.carriers.oauth import OAuth
from config.slack import BASE_URL, Slack
from tasks.carriers.carrier import Down
from tasks.carriers.slack.api import SlackApi
from tasks.network.oauth import access
from tasks.network.oauth.access import access_token
from tasks.network.oauth.refusals import NoToken
from tasks.network.one_request import NotReachedError, reach, request
from tasks.network.wire import Limits
from tests.support.post import certificate, free_port
from tests.support.slack_stand_in import SlackStandIn
from tests.support.teams_stand_in import teams_stand_in
from tests.support.tls_server import SmallProxy, small_proxy
from tests.support.token_endpoint import CLIENT, SECRET, token_endpoint
from tests.worlds.days import row

SOON = Limits(connect=0.5, exchange=0.5, session=2)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def proxy(tls: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallProxy]:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")  # nobody listens there
    access.forget()
    with small_proxy() as made:
        yield made
    access.forget()


def test_a_token_is_asked_for_by_the_proxy_and_the_certificate_is_the_hosts(proxy, tls, monkeypatch):
    with token_endpoint(*tls) as provider:
        given = {"authority": provider.authority, "client_id": CLIENT, "client_secret": SECRET, "scope": "mail"}
        assert access_token(OAuth.model_validate(given | {"proxy": proxy.url})) == provider.given[0]
        assert proxy.asked == [f"localhost:{provider.port}"] * 2
        access.forget()
        assert access_token(OAuth.model_validate(given)) == provider.given[1]
        assert len(proxy.asked) == 2
        monkeypatch.delenv("SSL_CERT_FILE")
        access.forget()
        with pytest.raises(NoToken, match="certificate is not trusted"):
            access_token(OAuth.model_validate(given | {"proxy": proxy.url}))


def test_a_card_reaches_a_flow_of_teams_by_the_proxy(proxy, tls):
    with teams_stand_in(*tls) as teams:
        answer = request("POST", teams.url("surrey"), {}, b"no card", proxy=proxy.url)
        assert (answer.status, proxy.asked) == (400, [f"localhost:{teams.port}"])


def test_slack_is_reached_by_the_proxy_and_its_refusal_is_that_of_a_carrier_that_is_away(proxy):
    with SlackStandIn() as slack:
        given = {"token": slack.token, "base_url": slack.base_url, "stand_in": True}
        chosen = Slack.model_validate(given | {"proxy": proxy.url})
        with closing(SlackApi(chosen)) as api:
            api.ready()
        assert len(proxy.asked) == 1
        proxy.does = "407"
        with closing(SlackApi(chosen)) as api, pytest.raises(Down, match="opens no way to it: 407, a sign-in"):
            api.ready()
    with closing(SlackApi(chosen.model_copy(update={"base_url": BASE_URL}))) as api, pytest.raises(Down, match="407"):
        api.ready()
    assert proxy.asked[2:] == ["slack.com:443"]


@pytest.mark.parametrize(("does", "why"), [
    row("a sign-in",     "407",     "the proxy opens no way to it: 407, a sign-in"),
    row("a block list",  "403",     "the proxy opens no way to it: 403"),
    row("silence",       "hang",    "TimeoutError"),
    row("single bytes",  "drip",    "TimeoutError"),
    row("no answer",     "hang up", "the proxy gives no whole answer"),
])  # fmt: skip
def test_what_a_proxy_does_instead_is_said_in_time_and_nothing_was_asked_of_the_host(proxy, does, why):
    proxy.does, began = does, time.monotonic()
    with pytest.raises(NotReachedError) as refused:
        reach("https://flow.example", SOON, proxy.url)
    assert refused.value.why == why
    assert time.monotonic() - began < 2
    assert proxy.asked == ["flow.example:443"]


def test_a_proxy_that_is_away_is_a_host_that_is_not_reached(proxy):
    with pytest.raises(NotReachedError, match="ConnectionRefusedError"):
        reach("https://flow.example", SOON, f"http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("address", [
    "proxy.example:8080", "https://proxy.example:8080", "http://proxy.example", "http://me:it@proxy.example:8080",
    "http://proxy.example:8080/path",
])  # fmt: skip
def test_an_address_that_is_none_of_a_proxy_is_refused(address):
    with pytest.raises(ValidationError, match="is not a proxy: write it as http://"):
        Slack.model_validate({"token": "xoxb-1", "proxy": address})
