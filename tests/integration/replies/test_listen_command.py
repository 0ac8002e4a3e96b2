"""`casebeat listen` shows Slack both tokens before it says that it listens."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from config.days.london import london_day
from flows.clock import moment
from flows.configured import configured
from tasks.replies.slack_listening import Listener
from tests.support.ran import Ran
from tests.support.slack_socket import SlackSocket
from tests.support.slack_stand_in import Fault, SlackStandIn
from tests.worlds.slack import put_slack


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        yield running


@pytest.mark.parametrize("name", ["TOKEN", "APP_TOKEN"])
def test_a_token_that_slack_refuses_is_named_before_anything_is_listened_to(
    database: Engine, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch, run_cli: Callable[..., Ran], name: str
) -> None:
    wrong = getattr(slack, name.lower())[:5] + "0-0-stale"
    put_slack(monkeypatch, slack, **{name: wrong})
    ran = run_cli("listen")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"casebeat: Slack refuses CASEBEAT_SLACK__{name} (invalid_auth): copy the app's token again from "
        "api.slack.com/apps. Nothing was done.\n"
    )


def test_both_tokens_are_believed_and_a_slack_in_trouble_is_no_refusal(
    database: Engine, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SlackSocket(slack):
        listener = Listener(configured(), put_slack(monkeypatch, slack), moment, london_day)
        assert listener.sign_in()
        slack.plan.append(Fault("http500", method="auth.test"))
        assert not listener.sign_in()
        listener.close()
