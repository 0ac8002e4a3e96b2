"""Call Slack once a message, and decide for every way a call can end whether the message may have been posted."""

import json
import re
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from config.slack import Slack
from config.terms import State
from tasks.carriers.carrier import Answer, Down, seconds_asked
from tasks.carriers.slack.client import LIMITS, NotConnectedError, SafeWebClient
from tasks.network.wire import Limits

EVENT = "casebeat_notice"
PACE_SECONDS = 1.0  # between two posts to one Slack channel, which is what Slack allows
LONGEST_WAIT = 900  # seconds, whatever Retry-After says
SKEW_SECONDS = 600  # between Slack's clock and ours, at most: too much history costs a page, too little a second post
_ORDINARY_WAIT = 30
_PAGE = 200

# The meaning of Slack's codes (delivery of chat.postMessage). After a code in no set the message may have been posted.
NOT_POSTED = frozenset(
    {"ratelimited", "rate_limited", "request_timeout", "team_added_to_org", "message_limit_exceeded"}
)
RECIPIENT = frozenset({
    "channel_not_found", "not_in_channel", "is_archived", "user_not_found", "user_disabled", "users_not_found",
    "ekm_access_denied", "messages_tab_disabled", "cannot_dm_bot", "user_not_visible", "cannot_reply_to_message",
})  # fmt: skip
MESSAGE = frozenset({
    "invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text", "invalid_arguments",
    "metadata_too_large", "metadata_must_be_sent_from_app",
})  # fmt: skip
WHOLE_CHANNEL = frozenset({
    "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "missing_scope",
    "no_permission", "org_login_required", "access_denied", "two_factor_setup_required", "team_access_not_granted",
    "not_allowed_token_type",
})  # fmt: skip
_CODE = re.compile(r"[a-z0-9_]{1,60}")
_TS = re.compile(r"[0-9]+\.[0-9]+")


class Unreachable(Exception):
    """A person or Slack channel cannot be written to; the answer is that of each message to them."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class SlackApi:
    """The calls of Slack's Web API that Casebeat makes, over one connection."""

    def __init__(self, slack: Slack, *, pace: float | None = None, limits: Limits = LIMITS) -> None:
        """Post to one Slack channel at most every `pace` seconds, PACE_SECONDS unless it is given."""
        if slack.token is None:
            raise ValueError("Slack has no token")
        self._slack, self._pace = slack, PACE_SECONDS if pace is None else pace
        self._client = SafeWebClient(slack.token.get_secret_value(), slack.base_url, limits, slack.proxy)
        self._bot: str | None = None
        self._posted: dict[str, float] = {}

    def ready(self) -> None:
        """Ask Slack once which bot this is. Raises Down."""
        if self._bot is not None:
            return
        try:
            known = self._client.auth_test()
        except Exception as error:  # noqa: BLE001  slack_sdk's failures have no base class
            raise Down(_why(error)) from None
        bot, team = known.get("bot_id"), known.get("team_id")
        if not isinstance(bot, str) or (self._slack.team and team != self._slack.team):
            raise Down("Slack's token is not a bot's of the workspace that the settings name")
        self._bot = bot

    def direct(self, user_id: str) -> str:
        """Open the conversation with a person, or find the open one; its id. Raises Down and Unreachable."""
        try:
            opened = self._client.conversations_open(users=[user_id])
        except Exception as error:  # noqa: BLE001  as above
            answer = answer_to(error)
            again = Answer(State.RETRY, answer.reason, wait=answer.wait)
            raise Unreachable(again if answer.state is State.UNKNOWN else answer) from None
        found = (opened.get("channel") or {}).get("id")
        if not isinstance(found, str):
            raise Unreachable(Answer(State.RETRY, "Slack opened no conversation"))
        return found

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Post one message, once. Raises Down where nothing could be posted now."""
        self._pace_posts(to)
        try:
            response = self._client.chat_postMessage(
                channel=to, unfurl_links=False, unfurl_media=False, metadata=metadata(key), **json.loads(body)
            )
        except Exception as error:  # noqa: BLE001  as above
            return answer_to(error)
        ts = str(response.get("ts"))
        if not _TS.fullmatch(ts):
            return Answer(State.UNKNOWN, "a yes without the message's name")
        return Answer(State.SENT, "", f"{to}:{ts}")

    def update(self, remote_ref: str, body: bytes) -> Answer:
        """Replace a message's text and blocks; doing it twice changes nothing. Raises Down."""
        to, _, ts = remote_ref.partition(":")
        shown = {name: value for name, value in json.loads(body).items() if name in {"text", "blocks"}}
        try:
            self._client.chat_update(channel=to, ts=ts, **shown)
        except Exception as error:  # noqa: BLE001  as above
            return answer_to(error)
        return Answer(State.SENT, "", remote_ref)

    def whisper(self, to: str, user_id: str, text: str, blocks: list[dict[str, Any]] | None = None) -> Answer:
        """Show a message to this person alone; nothing depends on its arrival. Raises Down."""
        try:
            self._client.chat_postEphemeral(channel=to, user=user_id, text=text, blocks=blocks)
        except Exception as error:  # noqa: BLE001  as above
            return answer_to(error)
        return Answer(State.SENT, "")

    def look_for(self, to: str, body: bytes, key: str, sending_at: datetime) -> Answer:
        """Search for a message that may have been posted: sent if it is found, retry if it is absent, else unknown.

        Search only when a post has had time to show since `sending_at`. Absent means that every page was read and none
        has it. Raises Down.
        """
        self.ready()  # to know our own messages
        thread, wanted = json.loads(body).get("thread_ts"), metadata(key)
        oldest = f"{sending_at.timestamp() - SKEW_SECONDS:.6f}"
        try:
            for message in self._pages(to, thread, oldest):
                carried = message.get("metadata")
                if message.get("bot_id") != self._bot or not carried or carried.get("event_type") != EVENT:
                    continue
                if "event_payload" not in carried:
                    return Answer(State.UNKNOWN, "Slack did not show the keys of its messages")
                if carried["event_payload"] == wanted["event_payload"]:
                    return Answer(State.SENT, "found where it was posted", f"{to}:{message['ts']}")
        except Exception as error:  # noqa: BLE001  as above
            answer = answer_to(error)
            return Answer(State.UNKNOWN, f"could not be looked for: {answer.reason}", wait=answer.wait)
        return Answer(State.RETRY, "was not posted")

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _pages(self, to: str, thread: str | None, oldest: str) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while cursor != "":
            asked: dict[str, Any] = {
                "channel": to, "oldest": oldest, "inclusive": True, "limit": _PAGE, "include_all_metadata": True,
                "cursor": cursor,
            }  # fmt: skip
            if thread is None:
                page = self._client.conversations_history(**asked)
            else:
                page = self._client.conversations_replies(ts=thread, **asked)
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if page.get("has_more") and not cursor:
                raise ValueError("more messages, and no cursor to them")

    def _pace_posts(self, to: str) -> None:
        """Wait until Slack allows another post to this Slack channel."""
        last = self._posted.get(to)
        if last is not None and self._pace:
            time.sleep(max(0.0, last + self._pace - time.monotonic()))
        self._posted[to] = time.monotonic()


def metadata(key: str) -> dict[str, Any]:
    """Make the metadata by which a message is found. Other apps may read it: `key` is opaque, a digest of the row's."""
    return {"event_type": EVENT, "event_payload": {"k": key}}


def answer_to(error: Exception) -> Answer:
    """Decide what became of a message whose call failed. Raises Down where no message can be posted now."""
    if isinstance(error, NotConnectedError):
        raise Down(_why(error)) from None
    if not isinstance(error, SlackApiError):
        return Answer(State.UNKNOWN, f"no whole answer from Slack ({type(error).__name__})")
    status, code = _status_and_code(error)
    if status == 429 or code in NOT_POSTED:
        return Answer(State.RETRY, f"Slack asks to wait ({code or status})", wait=_wait(error))
    if status != 200 or not code:
        return Answer(State.UNKNOWN, f"Slack answered {status} and no code")
    if code in WHOLE_CHANNEL:
        raise Down(_why(error)) from None
    if code in RECIPIENT or code.startswith("restricted_action"):
        return Answer(State.DEAD, f"Slack: {code}; put the contact or the Slack channel right")
    if code in MESSAGE or code.startswith("invalid_metadata"):
        return Answer(State.DEAD, f"Slack refused the message itself: {code}")
    return Answer(State.UNKNOWN, f"Slack: {code}; it may have been posted")


def refusal(error: Exception) -> str:
    """Return the code by which Slack refuses a token; empty for any other failure, which may pass."""
    code = _status_and_code(error)[1] if isinstance(error, SlackApiError) else ""
    return code if code in WHOLE_CHANNEL else ""


def _status_and_code(error: SlackApiError) -> tuple[int, str]:
    """The status and the code; no code where the answer was not Slack's, which slack_sdk then quotes as a whole."""
    response: Any = error.response
    code = response.data.get("error") if isinstance(response.data, dict) else None
    return int(response.status_code), code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _wait(error: SlackApiError) -> int:
    headers: Any = error.response.headers
    given = str(next((value for name, value in headers.items() if name.lower() == "retry-after"), ""))
    return seconds_asked(given, otherwise=_ORDINARY_WAIT, most=LONGEST_WAIT)


def _why(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        status, code = _status_and_code(error)
        return f"Slack refuses Casebeat: {code}" if code else f"Slack answered {status}"
    reason = str(error) if isinstance(error, NotConnectedError) else type(error).__name__
    return f"Slack cannot be reached ({reason})"
