"""Listener for Slack's Socket Mode, which needs no open port. It stores and acknowledges a click, then does it."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date, datetime
from urllib.parse import urlsplit

from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from config.settings import Settings
from config.slack import Slack
from models.errors import Refuse
from models.queries.replies import slack_clicks as kept
from tasks.carriers.slack.api import SlackApi, refusal
from tasks.carriers.slack.client import SafeWebClient
from tasks.platform.configuration import Configuration
from tasks.platform.diagnosis import reason
from tasks.replies import slack_clicks
from tasks.replies.slack_clicks import ClickAnswer, Unbelievable
from tasks.servers.database import transaction

PING_SECONDS = 10.0
IDLE_SECONDS = 5.0  # between checks for clicks that another listener stored and did not finish
AGAIN_SECONDS = 30.0  # between attempts to connect
_BEAT_SECONDS = 60.0
_MUTE = logging.getLogger("casebeat.slack.mute")
_LOG = logging.getLogger("casebeat.listening")


class Listener:
    """One connection to Slack, and one worker that does what clicks ask. `now` and `today` are the caller's clock."""

    def __init__(
        self,
        configuration: Configuration,
        settings: Settings,
        now: Callable[[], datetime],
        today: Callable[[datetime], date],
    ) -> None:
        self._configuration = configuration
        slack = settings.slack
        if not slack.buttons or slack.app_token is None or slack.token is None:
            raise Refuse(
                "Slack's buttons are not set up: set CASEBEAT_SLACK__TOKEN, CASEBEAT_SLACK__APP_TOKEN, "
                "CASEBEAT_SLACK__TEAM and CASEBEAT_SLACK__APP. Nothing was done."
            )
        self._settings, self._now, self._today = settings, now, today
        self._woken, self._again = threading.Event(), list[ClickAnswer]()
        self._beaten_at = self._again_at = 0.0
        self._web = SafeWebClient(slack.token.get_secret_value(), slack.base_url, proxy=slack.proxy)
        self.socket = _Socket(slack.app_token.get_secret_value(), self._web, slack)
        self.socket.socket_mode_request_listeners.append(self._receive)

    def sign_in(self) -> bool:
        """Show both tokens to Slack, and return whether it answered.

        Raises Refuse, with everything closed, if Slack refuses one of them: trying again would not mend that.
        """
        calls: dict[str, Callable[[], object]] = {
            "CASEBEAT_SLACK__TOKEN": self._web.auth_test,
            "CASEBEAT_SLACK__APP_TOKEN": lambda: self._web.apps_connections_open(app_token=self.socket.app_token),
        }
        for setting, call in calls.items():
            try:
                call()
            except Exception as error:  # noqa: BLE001  slack_sdk's errors have no base class
                if code := refusal(error):
                    self.close()
                    raise Refuse(
                        f"Slack refuses {setting} ({code}): copy the app's token again from api.slack.com/apps. "
                        "Nothing was done."
                    ) from None
                return False
        return True

    def run(self, stop: threading.Event) -> None:
        """Listen until `stop` is set. Retry while Slack is unreachable; waiting clicks do not depend on it."""
        try:
            with closing(SlackApi(self._settings.slack, pace=0)) as carrier:
                while not stop.is_set():
                    self._connect()
                    self._work(carrier)
                    self._beat()
                    self._woken.wait(IDLE_SECONDS)
                    self._woken.clear()
        finally:
            self._rest()
            self.close()

    def close(self) -> None:
        """Close the connections."""
        self.socket.close()
        self._web.close()

    def wake(self) -> None:
        """Make `run` check for work at once."""
        self._woken.set()

    @property
    def last_ping_at(self) -> float | None:
        """The moment of Slack's last ping on this connection, in seconds since the epoch; None before the first."""
        session = self.socket.current_session
        at = session.last_ping_pong_time if session is not None and session.is_active() else None
        return float(at) if at is not None else None

    def _connect(self) -> None:
        """Make the first connection; after that slack_sdk keeps it open."""
        if self.socket.current_session is None and time.monotonic() >= self._again_at:
            try:
                self.socket.connect()
            except Exception:  # noqa: BLE001  slack_sdk's errors have no base class, and quote the response
                self._again_at = time.monotonic() + AGAIN_SECONDS

    def _receive(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        """Store a click, then acknowledge it, within Slack's 3 seconds. An unstored click is not acknowledged."""
        if request.type == "interactive":
            try:
                answer = slack_clicks.store(slack_clicks.read(request.payload, self._settings), self._now())
            except Unbelievable as why:
                slack_clicks.refuse(why)
            else:
                if answer is not None:
                    self._again.append(answer)
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        self._woken.set()

    def _work(self, carrier: SlackApi) -> None:
        """Do all waiting clicks, this listener's or a dead one's. A failed click remains and is tried again."""
        while self._again:
            slack_clicks.whisper(carrier, self._again.pop())
        try:
            at = self._now()
            while (answer := slack_clicks.act(self._configuration, self._today(at), at)) is not None:
                slack_clicks.whisper(carrier, answer)
        except Exception as error:  # noqa: BLE001  without a database, stored clicks wait
            _LOG.warning("a click waits: %s", reason(error))

    def _beat(self) -> None:
        last_ping = self.last_ping_at
        now = self._now()
        if last_ping is None or now.timestamp() - last_ping > slack_clicks.STALE.total_seconds():
            return
        if time.monotonic() - self._beaten_at < _BEAT_SECONDS:
            return
        with suppress(Exception), transaction() as connection:
            kept.record_listening(connection, now)
            self._beaten_at = time.monotonic()

    @staticmethod
    def _rest() -> None:
        with suppress(Exception), transaction() as connection:
            kept.stop_listening(connection)


class _Socket(SocketModeClient):
    """slack_sdk's client, restricted to Slack's hosts, by no proxy but the settings', and without log output."""

    def __init__(self, app_token: str, web: SafeWebClient, slack: Slack) -> None:
        super().__init__(app_token=app_token, web_client=web, logger=_MUTE, ping_interval=PING_SECONDS, concurrency=10)
        self.proxy = slack.proxy or None
        self._stand_in = slack.stand_in

    def issue_new_wss_url(self) -> str:
        """Ask Slack for the URL to listen at. Raises ValueError if it is not one of Slack's hosts."""
        url: str = super().issue_new_wss_url()
        where = urlsplit(url)
        host = where.hostname or ""
        ours = self._stand_in and (where.scheme, host) == ("ws", "127.0.0.1")
        if not ours and not (where.scheme == "wss" and host.endswith(".slack.com")):
            raise ValueError("not one of Slack's hosts")
        return url
