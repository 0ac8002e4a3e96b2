"""The deployment `listen`, without Slack."""

import pytest

from config.settings import settings
from flows.listen import listen


def test_where_slack_has_no_buttons_nobody_has_to_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEBEAT_SLACK__APP_TOKEN", raising=False)
    settings.cache_clear()
    state = listen.fn()
    assert (state.is_completed(), state.message) == (True, "Slack has no buttons: no listener is needed.")
